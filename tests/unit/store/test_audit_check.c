/* test_audit_check.c - what a forger with the signing key still cannot do. */
#include "../expect.h"
#include "store/audit_line.h"
#include "store_fixture.h"

#include <stdio.h>
#include <stdlib.h>

/* A log read up to, and without, its second checkpoint: the one that covers entries 2 to 11. */
struct half {
    struct fixture f;
    struct str text;
    struct audit_reader reader;
    struct signing_key key;
    struct chain_checkpoint checkpoint; /* as it must be, unsigned */
};

static void key_read(struct half *h)
{
    char path[FIXTURE_PATH_SIZE + 64], text[2 * SIGN_SEED_LEN];
    uint8_t seed[SIGN_SEED_LEN];
    (void)snprintf(path, sizeof path, "%s.audit-key", h->f.path);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    assert_int_equal(fread(text, 1, sizeof text, in), sizeof text);
    assert_int_equal(fclose(in), 0);
    struct digest digest;
    assert_true(digest_read_hex(&digest, str_of(text, sizeof text)));
    memcpy(seed, digest.bytes, sizeof seed);
    assert_int_equal(signing_key_from_seed(&h->key, seed), STATUS_OK);
}

static int setup(void **state)
{
    struct half *h = calloc(1, sizeof *h);
    fixture_begin(&h->f);
    fixture_log(&h->f);
    h->text = fixture_export(&h->f);
    key_read(h);
    audit_reader_init(&h->reader);
    size_t from = 0, to = str_find(h->text, 0, '\n');
    struct audit_check *check = &h->reader.check;
    while (check->at.seq < 11 || check->leaf_count > 0) {
        assert_true(audit_reader_line(&h->reader, str_slice(h->text, from, to)));
        from = to + 1;
        to = str_find(h->text, from, '\n');
    }
    h->checkpoint = (struct chain_checkpoint){.last = check->at,
                                              .time_ms = FIXTURE_NOW_MS,
                                              .head = check->head,
                                              .root = merkle_root(check->roots, check->root_count),
                                              .previous = check->checkpoint,
                                              .key_id = check->key_id};
    *state = h;
    return 0;
}

static int teardown(void **state)
{
    struct half *h = *state;
    audit_reader_finish(&h->reader);
    free((void *)(uintptr_t)h->text.ptr);
    fixture_end(&h->f);
    free(h);
    return 0;
}

static bool takes(struct half *h, struct chain_checkpoint checkpoint)
{
    assert_int_equal(chain_checkpoint_sign(&checkpoint, &h->key), STATUS_OK);
    return audit_check_checkpoint(&h->reader.check, &checkpoint);
}

static void takes_a_checkpoint_that_is_right_at_any_time(void **state)
{
    struct half *h = *state;
    h->checkpoint.time_ms = 1;
    assert_true(takes(h, h->checkpoint));
}

static void refuses_a_signed_checkpoint_that_says_something_else(void **state)
{
    struct half *h = *state;
    for (size_t i = 0; i < 7; i++) {
        struct chain_checkpoint forged = h->checkpoint;
        switch (i) {
        case 0: forged.head.bytes[0] ^= 1; break;
        case 1: forged.root.bytes[0] ^= 1; break;
        case 2: forged.previous.bytes[0] ^= 1; break;
        case 3: forged.key_id.bytes[0] ^= 1; break;
        case 4: forged.last.seq--; break;
        case 5: forged.last.epoch++; break;
        default: forged.last.stream[0] = 'n'; break;
        }
        assert_false(takes(h, forged));
        assert_int_equal(h->reader.check.report.epoch, 1 + (i == 5 ? 1 : 0));
        assert_int_equal(h->reader.check.report.seq, i == 5 ? 1 : 2);
    }
    h->reader.check.report.is_valid = true;
    assert_true(takes(h, h->checkpoint));
}

static void refuses_a_second_checkpoint_of_the_same(void **state)
{
    struct half *h = *state;
    assert_true(takes(h, h->checkpoint));
    h->checkpoint.previous = h->reader.check.checkpoint;
    h->checkpoint.root = merkle_root(NULL, 0);
    assert_false(takes(h, h->checkpoint));
    assert_non_null(strstr(h->reader.check.report.fault, "nothing new"));
}

/* ---- a log made by hand, an entry at a time ---- */

struct hand {
    struct audit_check check;
    struct chain_entry entry;
    struct audit_evidence evidence;
    struct buf opening;
};

static void hand_init(struct hand *hand)
{
    const struct chain_opening opening = {.follows = false};
    audit_check_init(&hand->check);
    buf_init(&hand->opening, 1024);
    chain_opening_write(&hand->opening, &opening);
    assert_true(audit_check_epoch(&hand->check, STR("main"), 1));
}

static bool add_entry(struct hand *hand, enum audit_kind kind)
{
    hand->evidence = (struct audit_evidence){
        .payload = kind == AUDIT_EPOCH_OPENED ? buf_str(&hand->opening) : STR("{}")};
    hand->entry = (struct chain_entry){.place = audit_check_next(&hand->check),
                                       .kind = str_from(audit_kind_wire(kind))};
    hand->entry.digest = chain_payload_digest(hand->evidence.salt, hand->evidence.payload);
    hand->entry.hash = chain_entry_hash(&hand->check.head, &hand->entry);
    return audit_check_entry(&hand->check, &hand->entry, &hand->evidence);
}

static bool add_commit(struct hand *hand)
{
    struct chain_commit commit = {.last = hand->check.at,
                                  .first_seq = hand->check.at.seq - hand->check.leaf_count + 1,
                                  .root = merkle_root(hand->check.leaves, hand->check.leaf_count)};
    return audit_check_commit(&hand->check, &commit);
}

static void names(const struct hand *hand, uint64_t epoch, uint64_t seq)
{
    assert_false(hand->check.report.is_valid);
    assert_int_equal(hand->check.report.epoch, epoch);
    assert_int_equal(hand->check.report.seq, seq);
}

static void wants_the_opening_signed_before_anything_follows(void **state)
{
    struct hand hand;
    (void)state;
    hand_init(&hand);
    assert_true(add_entry(&hand, AUDIT_EPOCH_OPENED));
    assert_false(add_entry(&hand, AUDIT_DECISION_READ));
    names(&hand, 1, 1);
    assert_true(add_commit(&hand));
    assert_false(add_entry(&hand, AUDIT_DECISION_READ));
    names(&hand, 1, 1);
    assert_false(audit_check_epoch(&hand.check, STR("main"), 2));
    names(&hand, 1, 1);
    assert_false(audit_check_end(&hand.check));
    names(&hand, 1, 1);
    buf_finish(&hand.opening);
}

static void wants_every_entry_in_a_commit(void **state)
{
    struct hand hand;
    (void)state;
    hand_init(&hand);
    assert_false(audit_check_end(&hand.check)); /* an epoch without an entry */
    names(&hand, 1, 1);
    assert_true(add_entry(&hand, AUDIT_EPOCH_OPENED));
    hand.check.is_opening_signed = true;
    assert_true(add_commit(&hand));
    assert_true(add_entry(&hand, AUDIT_DECISION_READ));
    assert_true(add_entry(&hand, AUDIT_DECISION_READ));
    assert_false(audit_check_epoch(&hand.check, STR("main"), 2));
    names(&hand, 1, 2);
    assert_false(audit_check_epoch(&hand.check, STR("next"), 1));
    names(&hand, 1, 2);
    assert_false(audit_check_end(&hand.check));
    names(&hand, 1, 2);
    assert_true(add_commit(&hand));
    assert_false(add_commit(&hand)); /* of nothing */
    names(&hand, 1, 4);
    buf_finish(&hand.opening);
}

static void wants_an_opening_first_and_nowhere_else(void **state)
{
    struct hand hand;
    (void)state;
    hand_init(&hand);
    assert_false(add_entry(&hand, AUDIT_DECISION_READ));
    names(&hand, 1, 1);
    assert_true(add_entry(&hand, AUDIT_EPOCH_OPENED));
    assert_true(add_commit(&hand));
    hand.check.is_opening_signed = true;
    assert_false(add_entry(&hand, AUDIT_EPOCH_OPENED));
    names(&hand, 1, 2);
    assert_true(audit_check_epoch(&hand.check, STR("main"), 2));
    assert_false(
        add_entry(&hand, AUDIT_EPOCH_OPENED)); /* follows nothing, but there is something */
    names(&hand, 2, 1);
    buf_finish(&hand.opening);
}

static void bounds_what_may_be_unsigned(void **state)
{
    struct hand hand;
    (void)state;
    hand_init(&hand);
    assert_true(add_entry(&hand, AUDIT_EPOCH_OPENED));
    assert_true(add_commit(&hand));
    hand.check.is_opening_signed = true;
    for (int i = 1; i < AUDIT_UNSIGNED_MAX; i++) {
        assert_true(add_entry(&hand, AUDIT_DECISION_READ));
        assert_true(i % 2 == 0 || add_commit(&hand));
    }
    assert_false(add_entry(&hand, AUDIT_DECISION_READ));
    names(&hand, 1, 1);
    buf_finish(&hand.opening);
}

static void wants_streams_in_order_and_epochs_without_gaps(void **state)
{
    static const struct {
        const char *stream;
        uint64_t epoch;
        bool is_taken;
    } rows[] = {
        {"main", 1, false},
        {"main", 3, false},
        {"main", 0, false},
        {"maim", 1, false},
        {"",     1, false},
        {"Next", 1, false},
        {"next", 2, false},
        {"next", 0, false},
        {"main", 2, true },
        {"next", 1, true }
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct hand hand;
        hand_init(&hand);
        assert_true(add_entry(&hand, AUDIT_EPOCH_OPENED));
        assert_true(add_commit(&hand));
        hand.check.is_opening_signed = true;
        assert_int_equal(audit_check_epoch(&hand.check, str_from(rows[i].stream), rows[i].epoch),
                         rows[i].is_taken);
        buf_finish(&hand.opening);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(takes_a_checkpoint_that_is_right_at_any_time),
        TEST(refuses_a_signed_checkpoint_that_says_something_else),
        TEST(refuses_a_second_checkpoint_of_the_same),
        cmocka_unit_test(wants_the_opening_signed_before_anything_follows),
        cmocka_unit_test(wants_every_entry_in_a_commit),
        cmocka_unit_test(wants_an_opening_first_and_nowhere_else),
        cmocka_unit_test(bounds_what_may_be_unsigned),
        cmocka_unit_test(wants_streams_in_order_and_epochs_without_gaps),
    };
    return cmocka_run_group_tests_name("audit_check", tests, NULL, NULL);
}
