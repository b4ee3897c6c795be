/* test_chain.c - the bytes of docs/AUDIT.md, fixed for good. */
#include "../expect.h"
#include "store/chain.h"

#include <stdlib.h>

static void is_hex(const struct digest *digest, const char *want)
{
    char hex[DIGEST_HEX_LEN + 1];
    digest_hex(hex, digest);
    assert_string_equal(hex, want);
}

static struct chain_entry an_entry(void)
{
    struct chain_entry entry = {.time_ms = 1763800000000,
                                .kind = STR("decision.created"),
                                .environment = 7,
                                .digest = digest_of(STR("payload"))};
    chain_place_set(&entry.place, STR("main"), 2, 3);
    memset(entry.object, 0xAB, sizeof entry.object);
    return entry;
}

static struct chain_checkpoint a_checkpoint(void)
{
    struct chain_checkpoint checkpoint = {.time_ms = 1763800000000,
                                          .head = digest_of(STR("head")),
                                          .root = digest_of(STR("root")),
                                          .previous = digest_of(STR("previous")),
                                          .key_id = digest_of(STR("key"))};
    chain_place_set(&checkpoint.last, STR("main"), 2, 3);
    return checkpoint;
}

/* The expected values were computed with node's crypto from the document. */
static void hashes_what_the_document_says(void **state)
{
    const uint8_t salt[SALT_LEN] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const struct digest zeros = {{0}};
    struct chain_entry entry = an_entry();
    struct chain_checkpoint checkpoint = a_checkpoint();
    (void)state;
    struct digest digest = chain_payload_digest(salt, STR("{}"));
    is_hex(&digest, "b5c1f9361eb9fbedd3e628a72d1c8fef46544361fd79fa6781baf6d932b1c3f6");
    digest = chain_entry_hash(&zeros, &entry);
    is_hex(&digest, "d51d34d83e0a11428282749dccf2e6f5f849d8823b81acc11ea44702cad27ee9");
    digest = chain_checkpoint_hash(&checkpoint);
    is_hex(&digest, "cc9a71bca1f21146022b9b2e6f85b11eed30208cca1633f0d06d5f5a2336b504");
}

static void hashes_every_part_of_an_entry(void **state)
{
    struct digest previous = {{0}};
    struct chain_entry entry = an_entry();
    const struct digest before = chain_entry_hash(&previous, &entry);
    (void)state;
    for (size_t i = 0; i < 9; i++) {
        struct chain_entry other = an_entry();
        struct digest other_previous = {{0}};
        switch (i) {
        case 0: other_previous.bytes[31] = 1; break;
        case 1: chain_place_set(&other.place, STR("mai"), 2, 3); break;
        case 2: other.place.epoch++; break;
        case 3: other.place.seq++; break;
        case 4: other.time_ms++; break;
        case 5: other.kind = STR("decision.create"); break;
        case 6: other.environment++; break;
        case 7: other.object[15] ^= 1; break;
        default: other.digest.bytes[0] ^= 1; break;
        }
        struct digest after = chain_entry_hash(&other_previous, &other);
        assert_false(digest_eq(&before, &after));
    }
}

static void signs_every_part_of_a_checkpoint(void **state)
{
    struct signing_key key;
    const uint8_t seed[SIGN_SEED_LEN] = {1};
    struct chain_checkpoint checkpoint = a_checkpoint();
    (void)state;
    assert_int_equal(signing_key_from_seed(&key, seed), STATUS_OK);
    assert_int_equal(chain_checkpoint_sign(&checkpoint, &key), STATUS_OK);
    assert_true(chain_checkpoint_is_signed_by(&checkpoint, key.public_key));
    for (size_t i = 0; i < 9; i++) {
        struct chain_checkpoint other = checkpoint;
        switch (i) {
        case 0: other.last.stream[0] = 'M'; break;
        case 1: other.last.epoch++; break;
        case 2: other.last.seq++; break;
        case 3: other.time_ms++; break;
        case 4: other.head.bytes[0] ^= 1; break;
        case 5: other.root.bytes[0] ^= 1; break;
        case 6: other.previous.bytes[0] ^= 1; break;
        case 7: other.key_id.bytes[0] ^= 1; break;
        default: other.signature[63] ^= 1; break;
        }
        assert_false(chain_checkpoint_is_signed_by(&other, key.public_key));
    }
    key.public_key[0] ^= 1;
    assert_false(chain_checkpoint_is_signed_by(&checkpoint, key.public_key));
}

static void reads_the_openings_it_writes(void **state)
{
    struct chain_opening opening = {.follows = false}, read;
    struct buf text;
    (void)state;
    memset(opening.public_key, 0x5A, sizeof opening.public_key);
    buf_init(&text, 1024);
    for (int i = 0; i < 2; i++) {
        buf_clear(&text);
        chain_opening_write(&text, &opening);
        assert_true(chain_opening_read(&read, buf_str(&text)));
        assert_int_equal(read.follows, opening.follows);
        assert_int_equal(chain_place_compare(&read.head, &opening.head), 0);
        assert_true(digest_eq(&read.hash, &opening.hash));
        assert_memory_equal(read.public_key, opening.public_key, sizeof read.public_key);
        opening.follows = true;
        opening.hash = digest_of(STR("head"));
        chain_place_set(&opening.head, STR("operator"), 9007199254740991, 1);
    }
    buf_finish(&text);
}

static void reads_no_opening_that_is_spelled_otherwise(void **state)
{
#define KEY "\"5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a\""
#define END ",\"format\":\"aval-audit-1\",\"public_key\":" KEY "}"
    static const char *const texts[] = {
        "",
        "{}",
        "{\"follows\":null}",
        "{\"follows\":null" END " ",
        " {\"follows\":null" END,
        "{\"follows\":null ,\"format\":\"aval-audit-1\",\"public_key\":" KEY "}",
        "{\"follows\":null,\"format\":\"aval-audit-2\",\"public_key\":" KEY "}",
        "{\"follows\":null,\"format\":\"aval-audit-1\",\"public_key\":\"5a\"}",
        "{\"follows\":{}" END,
        "{\"follows\":{\"epoch\":1,\"hash\":" KEY ",\"seq\":01,\"stream\":\"main\"}" END,
        "{\"follows\":{\"epoch\":1,\"hash\":" KEY
        ",\"seq\":9007199254740992,\"stream\":\"main\"}" END,
        "{\"follows\":{\"epoch\":1,\"hash\":" KEY ",\"seq\":1,\"stream\":\"Main\"}" END,
        "{\"follows\":{\"epoch\":1,\"hash\":" KEY ",\"seq\":1,\"stream\":\"ma.in\"}" END,
        "{\"follows\":{\"epoch\":1,\"hash\":" KEY ",\"seq\":1,\"stream\":\"\"}" END,
        "{\"follows\":{\"epoch\":1,\"seq\":1,\"hash\":" KEY ",\"stream\":\"main\"}" END,
        "{\"follows\":{\"epoch\":1,\"hash\":" KEY ",\"seq\":1,\"stream\":\"main\",\"x\":1}" END,
    };
    struct chain_opening read;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_false(chain_opening_read(&read, str_from(texts[i])));
    }
    assert_true(chain_opening_read(&read, STR("{\"follows\":null" END)));
}

static void knows_the_names_a_stream_may_have(void **state)
{
    static const struct {
        const char *name;
        bool is_valid;
    } rows[] = {
        {"main",                                     true },
        {"a",                                        true },
        {"node-7",                                   true },
        {"",                                         false},
        {"A",                                        false},
        {"a.b",                                      false},
        {"a b",                                      false},
        {"a/b",                                      false},
        {"\xc3\xa9",                                 false},
        {"012345678901234567890123456789012345678",  true },
        {"0123456789012345678901234567890123456789", false}
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(chain_stream_is_valid(str_from(rows[i].name)), rows[i].is_valid);
    }
}

static void orders_places_by_stream_epoch_and_seq(void **state)
{
    static const struct {
        const char *stream;
        uint64_t epoch, seq;
    } rows[] = {
        {"",   0, 0},
        {"",   0, 1},
        {"a",  1, 1},
        {"a",  1, 2},
        {"a",  2, 1},
        {"ab", 1, 1},
        {"b",  1, 1}
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (size_t j = 0; j < ARRAY_LEN(rows); j++) {
            struct chain_place a, b;
            chain_place_set(&a, str_from(rows[i].stream), rows[i].epoch, rows[i].seq);
            chain_place_set(&b, str_from(rows[j].stream), rows[j].epoch, rows[j].seq);
            int order = chain_place_compare(&a, &b);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
}

static void has_a_word_for_every_kind_and_no_word_twice(void **state)
{
    (void)state;
    for (int i = 0; i < AUDIT_KIND_COUNT; i++) {
        const char *wire = audit_kind_wire((enum audit_kind)i);
        assert_in_range(strlen(wire), 3, CHAIN_KIND_MAX);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(wire, audit_kind_wire((enum audit_kind)j));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_what_the_document_says),
        cmocka_unit_test(hashes_every_part_of_an_entry),
        cmocka_unit_test(signs_every_part_of_a_checkpoint),
        cmocka_unit_test(reads_the_openings_it_writes),
        cmocka_unit_test(reads_no_opening_that_is_spelled_otherwise),
        cmocka_unit_test(knows_the_names_a_stream_may_have),
        cmocka_unit_test(orders_places_by_stream_epoch_and_seq),
        cmocka_unit_test(has_a_word_for_every_kind_and_no_word_twice),
    };
    return cmocka_run_group_tests_name("chain", tests, NULL, NULL);
}
