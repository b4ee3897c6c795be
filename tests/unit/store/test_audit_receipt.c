/* test_audit_receipt.c - receipts, checked from their text alone. */
#include "../expect.h"
#include "format/base64.h"
#include "format/json.h"
#include "store/chain.h"
#include "store_fixture.h"

#include <stdio.h>
#include <stdlib.h>

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    fixture_begin(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture_end(*state);
    free(*state);
    return 0;
}

/* ---- a reader of receipts, as somebody outside would write it ---- */

static const struct json *member(const struct json *object, const char *name)
{
    const struct json *found = json_find(object, str_from(name));
    assert_non_null(found);
    return found;
}

static void hex_of(void *out, size_t len, const struct json *object, const char *name)
{
    assert_true(hex_read(out, len, member(object, name)->text));
}

static uint64_t number_of(const struct json *object, const char *name)
{
    uint64_t number = 0;
    struct str text = member(object, name)->text;
    for (size_t i = 0; i < text.len; i++) {
        number = number * 10 + (uint64_t)(text.ptr[i] - '0');
    }
    return number;
}

static struct chain_place place_of(const struct json *object, const char *seq)
{
    struct chain_place place;
    chain_place_set(&place, member(object, "stream")->text, number_of(object, "epoch"),
                    number_of(object, seq));
    return place;
}

static bool path_leads(const struct json *proof, const struct digest *hash, struct digest *root)
{
    struct digest path[MERKLE_PATH_MAX], leaf = chain_leaf(hash);
    size_t len = 0;
    for (const struct json *step = member(proof, "path")->first; step != NULL; step = step->next) {
        assert_true(len < MERKLE_PATH_MAX);
        assert_true(digest_read_hex(&path[len++], step->text));
    }
    hex_of(root->bytes, DIGEST_LEN, proof, "root");
    return merkle_verify(root, &leaf, number_of(proof, "index"), number_of(proof, "size"), path,
                         len);
}

static bool receipt_holds(struct str text, struct arena *arena)
{
    const struct json *receipt = json_read(text, arena, NULL);
    assert_non_null(receipt);
    const struct json *said = member(receipt, "entry"), *signed_by = member(receipt, "checkpoint");
    struct chain_entry entry = {.place = place_of(said, "seq"),
                                .time_ms = (int64_t)number_of(said, "time"),
                                .kind = member(said, "kind")->text,
                                .environment = (int64_t)number_of(said, "environment")};
    struct digest previous, commit_root, signed_root;
    uint8_t public_key[SIGN_PUBLIC_LEN];
    hex_of(entry.object, sizeof entry.object, said, "object");
    hex_of(entry.digest.bytes, DIGEST_LEN, said, "digest");
    hex_of(entry.hash.bytes, DIGEST_LEN, said, "hash");
    hex_of(previous.bytes, DIGEST_LEN, said, "previous");
    struct chain_checkpoint checkpoint = {.last = place_of(signed_by, "last"),
                                          .time_ms = (int64_t)number_of(signed_by, "time")};
    hex_of(checkpoint.head.bytes, DIGEST_LEN, signed_by, "head");
    hex_of(checkpoint.root.bytes, DIGEST_LEN, signed_by, "root");
    hex_of(checkpoint.previous.bytes, DIGEST_LEN, signed_by, "previous");
    hex_of(checkpoint.key_id.bytes, DIGEST_LEN, signed_by, "key");
    hex_of(checkpoint.signature, SIGNATURE_LEN, signed_by, "signature");
    hex_of(public_key, sizeof public_key, receipt, "public_key");
    struct digest hash = chain_entry_hash(&previous, &entry);
    return digest_eq(&hash, &entry.hash) &&
           path_leads(member(receipt, "commit"), &entry.hash, &commit_root) &&
           path_leads(member(receipt, "signed"), &commit_root, &signed_root) &&
           digest_eq(&signed_root, &checkpoint.root) &&
           chain_checkpoint_is_signed_by(&checkpoint, public_key);
}

static enum status receipt_of(struct fixture *f, const char *stream, uint64_t epoch, uint64_t seq,
                              struct buf *out)
{
    struct error err;
    struct db *db = fixture_reader(f);
    buf_init(out, 1024 * 1024);
    arena_reset(&f->arena);
    enum status status = audit_receipt(db, stream, epoch, seq, out, &f->arena, &err);
    db_close(db);
    return status;
}

static void proves_every_entry_of_a_log(void **state)
{
    static const struct {
        const char *stream;
        uint64_t epoch, last;
    } epochs[] = {
        {"main",     1, 11},
        {"main",     2, 5 },
        {"operator", 1, 6 }
    };
    struct fixture *f = *state;
    fixture_log(f);
    for (size_t i = 0; i < ARRAY_LEN(epochs); i++) {
        for (uint64_t seq = 1; seq <= epochs[i].last; seq++) {
            struct buf out;
            assert_int_equal(receipt_of(f, epochs[i].stream, epochs[i].epoch, seq, &out),
                             STATUS_OK);
            assert_true(receipt_holds(buf_str(&out), &f->arena));
            buf_finish(&out);
        }
    }
}

static void proves_entries_among_many(void **state)
{
    struct fixture *f = *state;
    fixture_long_log(f, 400);
    for (uint64_t seq = 1; seq <= 199; seq += 11) {
        struct buf out;
        assert_int_equal(receipt_of(f, "main", 1, seq, &out), STATUS_OK);
        assert_true(receipt_holds(buf_str(&out), &f->arena));
        buf_finish(&out);
    }
}

static void proves_nothing_when_a_digit_was_changed(void **state)
{
    struct fixture *f = *state;
    struct buf out;
    size_t changed = 0;
    fixture_log(f);
    assert_int_equal(receipt_of(f, "main", 1, 11, &out), STATUS_OK);
    size_t salt = (size_t)(strstr(out.ptr, "\"salt\":\"") - out.ptr);
    for (size_t at = 0; at < out.len; at++) {
        char kept = out.ptr[at];
        bool is_in_salt =
            at >= salt && at < salt + 2 * SALT_LEN + 10; /* it proves the payload only */
        bool is_hex = strchr("0123456789abcdef", kept) != NULL && at > 1 && !is_in_salt;
        /* Digits of digests, numbers and signatures; letters of names are left alone. */
        if (is_hex && kept >= '0' && kept <= '8' && strchr("-_", out.ptr[at - 1]) == NULL) {
            out.ptr[at] = (char)(kept + 1);
            arena_reset(&f->arena);
            assert_false(receipt_holds(buf_str(&out), &f->arena));
            out.ptr[at] = kept;
            changed++;
        }
    }
    assert_true(changed > 200);
    arena_reset(&f->arena);
    assert_true(receipt_holds(buf_str(&out), &f->arena));
    buf_finish(&out);
}

static void has_none_until_a_checkpoint_covers_the_entry(void **state)
{
    struct fixture *f = *state;
    struct decision_unit d;
    struct buf out;
    const struct decision_want want = {
        .environment = 7, .company = "", .reference = "", .recommendation = "accept"};
    fixture_start(f);
    fixture_decide(f, &d, &want);
    assert_int_equal(receipt_of(f, "main", 1, 2, &out), STATUS_NOT_FOUND);
    buf_finish(&out);
    fixture_stop(f); /* signs */
    assert_int_equal(receipt_of(f, "main", 1, 2, &out), STATUS_OK);
    assert_true(receipt_holds(buf_str(&out), &f->arena));
    buf_finish(&out);
}

static void has_none_for_an_entry_that_is_not_there(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *stream;
        uint64_t epoch, seq;
    } rows[] = {
        {"main",      1,          0         },
        {"main",      1,          12        },
        {"main",      3,          1         },
        {"main",      0,          0         },
        {"none",      1,          1         },
        {"not valid", 1,          1         },
        {"",          1,          1         },
        {"main",      UINT64_MAX, 1         },
        {"main",      1,          UINT64_MAX}
    };
    fixture_log(f);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf out;
        assert_int_equal(receipt_of(f, rows[i].stream, rows[i].epoch, rows[i].seq, &out),
                         STATUS_NOT_FOUND);
        assert_int_equal(out.len, 0);
        buf_finish(&out);
    }
}

static void hands_out_none_that_would_not_hold(void **state)
{
    static const char *const tamperings[] = {
        "UPDATE audit_entry SET time_ms = 1 WHERE stream = 'main' AND epoch = 1 AND seq = 10",
        "UPDATE audit_entry SET hash = zeroblob(32) WHERE stream = 'main' AND epoch = 1 AND seq = "
        "11",
        "DELETE FROM audit_entry WHERE stream = 'main' AND epoch = 1 AND seq = 9",
        "UPDATE audit_commit SET root = zeroblob(32) WHERE stream = 'main' AND epoch = 1 AND "
        "last_seq = 11",
        "UPDATE audit_commit SET root = zeroblob(32) WHERE stream = 'main' AND epoch = 1 AND "
        "last_seq = 7",
        "DELETE FROM audit_commit WHERE stream = 'main' AND epoch = 1 AND last_seq = 7",
        "UPDATE audit_checkpoint SET time_ms = 1 WHERE stream = 'main' AND epoch = 1 AND last_seq "
        "= 11",
        "UPDATE audit_entry SET payload = '{}' WHERE stream = 'main' AND epoch = 1 AND seq = 1",
    };
    for (size_t i = 0; i < ARRAY_LEN(tamperings); i++) {
        struct fixture *f = *state;
        struct buf out;
        fixture_end(f);
        fixture_begin(f);
        fixture_log(f);
        assert_true(fixture_tamper(f, tamperings[i]) > 0);
        assert_int_equal(receipt_of(f, "main", 1, 10, &out), STATUS_CORRUPT);
        assert_int_equal(out.len, 0);
        buf_finish(&out);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(proves_every_entry_of_a_log),
        TEST(proves_entries_among_many),
        TEST(proves_nothing_when_a_digit_was_changed),
        TEST(has_none_until_a_checkpoint_covers_the_entry),
        TEST(has_none_for_an_entry_that_is_not_there),
        TEST(hands_out_none_that_would_not_hold),
    };
    return cmocka_run_group_tests_name("audit_receipt", tests, NULL, NULL);
}
