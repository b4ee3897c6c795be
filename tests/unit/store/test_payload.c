/* test_payload.c - what is packed comes back; what is damaged is told, and never believed. */
#include "store/payload.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

enum { HEAD = 9, TEXT_MAX = 70000, ARENA_MAX = 16 * 1024 * 1024 };

static const char record[] =
    "{\"body\":{\"recommendation\":\"accept\",\"reasons\":[{\"code\":\"short-history\"}]},"
    "\"client_reference\":\"ERP-7781\",\"company_key\":\"FR:siren:732829320\",\"engine\":1}";

static bool comes_back_as(struct str packed, struct str text)
{
    size_t len;
    if (!payload_len(&len, packed)) {
        return false;
    }
    char *back = malloc(len + 1); /* exactly as long: a sanitizer sees one byte more */
    assert_non_null(back);
    bool is_same = payload_unpack(back, len, packed) && str_eq(str_of(back, len), text);
    free(back);
    return is_same;
}

static void it_gives_back_what_was_packed(void **state)
{
    static char text[TEXT_MAX];
    static const size_t lengths[] = {0,   1,   4,    5,     12,    13,      19,
                                     255, 256, 4096, 65535, 65536, TEXT_MAX};
    (void)state;
    for (unsigned kind = 0; kind < 3; kind++) {
        uint32_t chance = 7;
        for (size_t i = 0; i < TEXT_MAX; i++) {
            chance = chance * 1664525 + 1013904223;
            text[i] = (char)(kind == 0   ? 'x'
                             : kind == 1 ? (int)(chance >> 24)
                                         : record[(i * 3 / 2) % (sizeof record - 1)]);
        }
        for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
            struct arena arena;
            arena_init(&arena, ARENA_MAX);
            struct str packed = payload_pack(str_of(text, lengths[i]), &arena);
            assert_non_null(packed.ptr);
            assert_true(comes_back_as(packed, str_of(text, lengths[i])));
            arena_finish(&arena);
        }
    }
}

static void it_makes_what_it_knows_short(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_MAX);
    assert_true(payload_pack(str_from(record), &arena).len < sizeof record * 2 / 3);
    arena_finish(&arena);
}

static void it_says_when_memory_is_out(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, 64);
    assert_null(payload_pack(str_from(record), &arena).ptr);
    arena_finish(&arena);
}

/* As if the check had been made anew: what a forger would do. */
static void check_renew(char *packed, size_t len)
{
    uLong sum =
        crc32(crc32(0, (const Bytef *)packed, 5), (const Bytef *)packed + HEAD, (uInt)(len - HEAD));
    for (int i = 0; i < 4; i++) {
        packed[5 + i] = (char)(sum >> (24 - 8 * i) & 0xFF);
    }
}

/* Rows of the first engine lie in databases: they read for ever. */
static void it_reads_a_row_of_old(void **state)
{
    static const char row[] = "\x01\x00\x00\x00\x05\x04\x8d\x18\xe7\x50hello";
    (void)state;
    assert_true(comes_back_as(str_of(row, sizeof row - 1), STR("hello")));
}

/* One match that reaches back over the whole dictionary and takes all of it: no byte of it may
 * change, or rows that name it read wrong. */
static void it_keeps_the_dictionary(void **state)
{
    enum { DICTIONARY_LEN = 14408, LAST = 5, SHORTEST_MATCH = 4, NIBBLE = 15 };
    static char out[DICTIONARY_LEN + LAST];
    char row[128] = "\x01\x00\x00\x38\x4d\x00\x00\x00\x00\x0f\x48\x38";
    size_t at = HEAD + 3, len, rest = DICTIONARY_LEN - SHORTEST_MATCH - NIBBLE;
    (void)state;
    for (; rest >= 255; rest -= 255) {
        row[at++] = '\xff';
    }
    row[at++] = (char)rest;
    memcpy(row + at, "\x50hello", 1 + LAST);
    at += 1 + LAST;
    check_renew(row, at);
    assert_true(payload_len(&len, str_of(row, at)));
    assert_int_equal(len, sizeof out);
    assert_true(payload_unpack(out, sizeof out, str_of(row, at)));
    assert_int_equal(crc32(0, (const Bytef *)out, DICTIONARY_LEN), 0xAC69FC0C);
}

static void it_finds_every_flipped_byte_and_survives_a_forged_check(void **state)
{
    struct arena arena;
    size_t refused = 0, len;
    (void)state;
    arena_init(&arena, ARENA_MAX);
    struct str packed = payload_pack(str_from(record), &arena);
    for (size_t i = 0; i < packed.len; i++) {
        for (unsigned flip = 1; flip < 256; flip++) {
            char *bad = malloc(packed.len);
            assert_non_null(bad);
            memcpy(bad, packed.ptr, packed.len);
            bad[i] = (char)((unsigned char)bad[i] ^ flip);
            assert_false(payload_len(&len, str_of(bad, packed.len)));
            check_renew(bad, packed.len);
            refused += comes_back_as(str_of(bad, packed.len), str_from(record)) ? 0 : 1;
            free(bad);
        }
    }
    /* A place that is named by another distance may hold the same bytes. */
    assert_true(refused > packed.len * 200);
    arena_finish(&arena);
}

static void it_refuses_every_beginning(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, ARENA_MAX);
    struct str packed = payload_pack(str_from(record), &arena);
    for (size_t len = 0; len < packed.len; len++) {
        char *cut = malloc(len + 1);
        assert_non_null(cut);
        memcpy(cut, packed.ptr, len);
        assert_false(comes_back_as(str_of(cut, len), str_from(record)));
        if (len > HEAD) {
            check_renew(cut, len);
            assert_false(comes_back_as(str_of(cut, len), str_from(record)));
        }
        free(cut);
    }
    arena_finish(&arena);
}

static void it_needs_no_memory_for_a_length_that_lies(void **state)
{
    static const char *const heads[] = {"\x01\xff\xff\xff\xff", "\x01\x00\x40\x00\x01",
                                        "\x01\x00\x10\x00\x00", "\x02\x00\x00\x00\x05",
                                        "\x00\x00\x00\x00\x05"};
    size_t len;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        char row[] = "\x01\x00\x00\x00\x05\x00\x00\x00\x00\x50hello";
        memcpy(row, heads[i], 5);
        check_renew(row, sizeof row - 1);
        assert_false(payload_len(&len, str_of(row, sizeof row - 1)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_gives_back_what_was_packed),
        cmocka_unit_test(it_makes_what_it_knows_short),
        cmocka_unit_test(it_says_when_memory_is_out),
        cmocka_unit_test(it_reads_a_row_of_old),
        cmocka_unit_test(it_keeps_the_dictionary),
        cmocka_unit_test(it_finds_every_flipped_byte_and_survives_a_forged_check),
        cmocka_unit_test(it_refuses_every_beginning),
        cmocka_unit_test(it_needs_no_memory_for_a_length_that_lies),
    };
    return cmocka_run_group_tests_name("payload", tests, NULL, NULL);
}
