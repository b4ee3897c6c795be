/* test_secret.c - chance, comparison, wiping and API keys. */
#include "crypto/secret.h"

#include "../expect.h"

#include <stdlib.h>

static void chance_fills_all_it_is_asked_for(void **state)
{
    (void)state;
    uint8_t bytes[1000] = {0}, seen[1000] = {0};
    for (int i = 0; i < 10; i++) {
        secret_random(bytes, 999);
        for (size_t j = 0; j < sizeof bytes; j++) {
            seen[j] |= bytes[j];
        }
    }
    for (size_t j = 0; j < 999; j++) {
        assert_int_not_equal(seen[j], 0);
    }
    assert_int_equal(seen[999], 0);
    secret_random(bytes, 0);
}

static int piece_compare(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

/* Small pieces come out of a stock: none comes twice, whatever was taken between. */
static void no_small_piece_comes_twice(void **state)
{
    enum { PIECES = 4000 };
    static uint8_t pieces[PIECES][16];
    uint8_t other[40];
    (void)state;
    for (size_t i = 0; i < PIECES; i++) {
        secret_random(pieces[i], sizeof pieces[i]);
        secret_random(other, i % sizeof other);
    }
    qsort(pieces, PIECES, sizeof pieces[0], piece_compare);
    for (size_t i = 1; i < PIECES; i++) {
        assert_memory_not_equal(pieces[i - 1], pieces[i], sizeof pieces[i]);
    }
}

static void compares_bytes_and_lengths(void **state)
{
    (void)state;
    assert_true(secret_eq(STR(""), STR("")));
    assert_true(secret_eq(STR("a\0b"), STR("a\0b")));
    assert_false(secret_eq(STR("a\0b"), STR("a\0c")));
    assert_false(secret_eq(STR("a"), STR("ab")));
    assert_false(secret_eq(STR("ab"), STR("a")));
    assert_false(secret_eq(STR(""), STR("a")));
    assert_false(secret_eq(STR("secret"), STR("Secret")));
    assert_false(secret_eq(STR("secret"), STR("secreT")));
}

static void wipes(void **state)
{
    (void)state;
    char bytes[] = "secret";
    secret_wipe(bytes, 3);
    assert_memory_equal(bytes, "\0\0\0ret", 7);
}

static void keys_are_base62_of_their_random_bytes(void **state)
{
    (void)state;
    static const struct {
        uint8_t first;
        uint8_t rest;
        uint8_t last;
        const char *want;
    } rows[] = {
        {0,   0,   0,   "sk_test_0000000000000000000000000000000000000000000"},
        {0,   0,   61,  "sk_test_000000000000000000000000000000000000000000z"},
        {0,   0,   62,  "sk_test_0000000000000000000000000000000000000000010"},
        {0,   0,   255, "sk_test_0000000000000000000000000000000000000000047"},
        {255, 255, 255, "sk_test_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char text[API_KEY_LEN_MAX];
        uint8_t random[32];
        bool is_live = true;
        memset(random, rows[i].rest, sizeof random);
        random[0] = rows[i].first;
        random[31] = rows[i].last;
        api_key_make(text, false, random);
        assert_string_equal(text, rows[i].want);
        assert_true(api_key_read_mode(&is_live, str_from(text)));
        assert_false(is_live);
        api_key_make(text, true, random);
        assert_memory_equal(text, "sk_live_", 8);
        assert_true(api_key_read_mode(&is_live, str_from(text)));
        assert_true(is_live);
    }
}

static void different_bytes_make_different_keys(void **state)
{
    (void)state;
    char one[API_KEY_LEN_MAX], two[API_KEY_LEN_MAX];
    for (size_t bit = 0; bit < 256; bit++) {
        uint8_t random[32] = {0};
        api_key_make(one, true, random);
        random[bit / 8] = (uint8_t)(1u << bit % 8);
        api_key_make(two, true, random);
        assert_string_not_equal(one, two);
    }
}

static void refuses_what_has_not_the_form_of_a_key(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "sk_test_",
        "sk_test_000000000000000000000000000000000000000000",
        "sk_test_00000000000000000000000000000000000000000000",
        "sk_prod_0000000000000000000000000000000000000000000",
        "SK_TEST_0000000000000000000000000000000000000000000",
        "pk_test_0000000000000000000000000000000000000000000",
        "sk_test-0000000000000000000000000000000000000000000",
        "sk_test_000000000000000000000000000000000000000000_",
        "sk_test_000000000000000000000000000000000000000000 ",
        " sk_test_000000000000000000000000000000000000000000",
        "sk_test_00000000000000000000000000000000000000000\xC3\xA9",
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bool is_live = true;
        assert_false(api_key_read_mode(&is_live, str_from(rows[i])));
        assert_true(is_live);
    }
    bool is_live;
    assert_false(
        api_key_read_mode(&is_live, STR("sk_test_000000000000000000000000000000000000000000\0")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chance_fills_all_it_is_asked_for),
        cmocka_unit_test(no_small_piece_comes_twice),
        cmocka_unit_test(compares_bytes_and_lengths),
        cmocka_unit_test(wipes),
        cmocka_unit_test(keys_are_base62_of_their_random_bytes),
        cmocka_unit_test(different_bytes_make_different_keys),
        cmocka_unit_test(refuses_what_has_not_the_form_of_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
