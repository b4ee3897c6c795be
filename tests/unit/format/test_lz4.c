/* test_lz4.c - what is packed comes back; what was not packed does not crash. */
#include "format/lz4.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { TEXT_MAX = 70000 };

static const char known[] = "{\"recommendation\":\"accept\",\"reasons\":[],\"company_key\":\"";

/* Pack, unpack, compare; returns the packed length. */
static size_t round_trip(struct str text, struct str dictionary)
{
    static struct lz4_dictionary d;
    char *packed = malloc(lz4_bound(text.len)), *back = malloc(text.len + 1);
    assert_non_null(packed);
    assert_non_null(back);
    lz4_dictionary_init(&d, dictionary);
    size_t len = lz4_pack(packed, text, &d);
    assert_true(len <= lz4_bound(text.len));
    assert_true(lz4_unpack(back, text.len, str_of(packed, len), dictionary));
    assert_true(str_eq(str_of(back, text.len), text));
    free(packed);
    free(back);
    return len;
}

static void it_gives_back_what_was_packed(void **state)
{
    static char text[TEXT_MAX];
    static const size_t lengths[] = {0,    1,    4,     5,     11,    12,    13,      14,
                                     15,   16,   17,    18,    19,    20,    31,      254,
                                     255,  256,  269,   270,   271,   284,   525,     526,
                                     1000, 4096, 65534, 65535, 65536, 65550, TEXT_MAX};
    (void)state;
    for (unsigned kind = 0; kind < 4; kind++) {
        uint32_t chance = 7;
        for (size_t i = 0; i < TEXT_MAX; i++) {
            chance = chance * 1664525 + 1013904223;
            text[i] = (char)(kind == 0   ? 'x'
                             : kind == 1 ? (int)(chance >> 24)
                             : kind == 2 ? (int)(chance >> 30)
                                         : known[(i * 3 / 2) % (sizeof known - 1)]);
        }
        for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
            (void)round_trip(str_of(text, lengths[i]), STR(""));
            (void)round_trip(str_of(text, lengths[i]), str_from(known));
        }
    }
}

static void it_makes_known_text_short(void **state)
{
    (void)state;
    struct str text = STR("{\"recommendation\":\"accept\",\"reasons\":[],\"company_key\":\"FR\"}");
    size_t alone = round_trip(text, STR(""));
    size_t helped = round_trip(text, str_from(known));
    assert_true(helped < 20);
    assert_true(alone > 2 * helped);
    assert_true(
        round_trip(STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), STR("")) < 16);
}

/* Blocks written by hand after the description of the format. */
static void it_reads_blocks_as_described(void **state)
{
    static const struct {
        const char *packed;
        size_t packed_len;
        const char *text;
    } rows[] = {
        {"\x00",                      1,  ""                },
        {"\x30"
         "abc",              4,  "abc"             },
        {"\x14"
         "a\x01\x00\x50"
         "bcdef",            10, "aaaaaaaaabcdef"  },
        {"\x31"
         "abc\x03\x00\x50"
         "bcdef",            12, "abcabcabbcdef"   },
        {"\x02\x04\x00\x50"
         "bcdef",            9,  "KNOWNKbcdef"     },
        {"\xF0\x01"
         "abcdefghijklmnop", 18, "abcdefghijklmnop"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char out[64];
        size_t len = strlen(rows[i].text);
        struct str packed = str_of(rows[i].packed, rows[i].packed_len);
        if (i ==
            4) { /* four bytes back from the beginning is in the dictionary, and on into itself */
            assert_true(lz4_unpack(out, 11, packed, STR("xxNOWN")));
            assert_memory_equal(out, "NOWNNObcdef", 11);
            continue;
        }
        assert_true(lz4_unpack(out, len, packed, STR("")));
        assert_memory_equal(out, rows[i].text, len);
        assert_false(lz4_unpack(out, len + 1, packed, STR("")));
        assert_false(len > 0 && lz4_unpack(out, len - 1, packed, STR("")));
    }
}

static void it_refuses_what_is_no_block(void **state)
{
    static const struct {
        const char *packed;
        size_t len;
        const char *why;
    } rows[] = {
        {"",                                   0, "nothing"                              },
        {"\x50"
         "abc",                       4, "literals missing"                     },
        {"\xF0",                               1, "length missing"                       },
        {"\xF0\xFF\xFF\xFF\xFF",               5, "length without end"                   },
        {"\x10"
         "a\x01",                     3, "half a distance"                      },
        {"\x10"
         "a\x00\x00\x10"
         "b",                         6, "distance zero"                        },
        {"\x10"
         "a\x02\x00\x10"
         "b",                         6, "distance before the beginning"        },
        {"\x10"
         "a\xFF\xFF\x10"
         "b",                         6, "distance far before the beginning"    },
        {"\x1F"
         "a\x01\x00\xFF\xFF\xFF\x00", 8, "match longer than the text"           },
        {"\x11"
         "a",                         2, "ends behind a match that is not there"},
        {"\x10"
         "a\x01\x00",                 4, "ends behind a match"                  },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char out[32];
        for (size_t len = 0; len <= sizeof out; len++) {
            if (lz4_unpack(out, len, str_of(rows[i].packed, rows[i].len), STR(""))) {
                fail_msg("taken as %zu bytes: %s", len, rows[i].why);
            }
        }
    }
}

static void it_survives_any_damage(void **state)
{
    static struct lz4_dictionary d;
    char text[600], packed[700], back[600];
    (void)state;
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = known[i * 7 / 5 % (sizeof known - 1)];
    }
    lz4_dictionary_init(&d, str_from(known));
    size_t len = lz4_pack(packed, str_of(text, sizeof text), &d), taken = 0;
    for (size_t at = 0; at < len; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            packed[at] = (char)(packed[at] ^ 1 << bit);
            bool is_taken = lz4_unpack(back, sizeof back, str_of(packed, len), str_from(known));
            taken += is_taken ? 1 : 0;

            packed[at] = (char)(packed[at] ^ 1 << bit);
        }
        assert_false(lz4_unpack(back, sizeof back, str_of(packed, at), str_from(known)));
    }
    /* Damaged literals and distances can make another text: the digest tells, not the format. */
    assert_true(taken < len * 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_gives_back_what_was_packed),
        cmocka_unit_test(it_makes_known_text_short),
        cmocka_unit_test(it_reads_blocks_as_described),
        cmocka_unit_test(it_refuses_what_is_no_block),
        cmocka_unit_test(it_survives_any_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
