/* test_str.c - borrowed bytes: comparing, finding, UTF-8, and how far a typing error is. */
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void compares_whole_strings_not_prefixes(void **state)
{
    (void)state;
    assert_true(str_eq(STR("ab"), STR("ab")));
    assert_false(str_eq(STR("ab"), STR("abc")));
    assert_false(str_eq(STR(""), STR("a")));
    assert_true(str_compare(STR("a"), STR("ab")) < 0);
    assert_true(str_compare(STR("b"), STR("ab")) > 0);
    assert_int_equal(str_compare(STR("ab"), STR("ab")), 0);
    assert_true(str_eq_ignore_case(STR("Content-Type"), STR("content-type")));
    assert_false(str_eq_ignore_case(STR("[a"), STR("{a")));
}

static void finds_and_trims_within_its_bounds(void **state)
{
    (void)state;
    assert_int_equal(str_find(STR("a:b"), 0, ':'), 1);
    assert_int_equal(str_find(STR("a:b"), 2, ':'), 3);
    assert_int_equal(str_find(STR(""), 0, ':'), 0);
    assert_true(str_eq(str_trim(STR(" \tx y\t ")), STR("x y")));
    assert_int_equal(str_trim(STR(" \t ")).len, 0);
    assert_true(str_starts_with(STR("abc"), STR("ab")));
    assert_false(str_starts_with(STR("a"), STR("ab")));
    assert_true(str_ends_with(STR("abc"), STR("bc")));
    assert_false(str_ends_with(STR("c"), STR("bc")));
}

static void knows_utf8_from_what_looks_like_it(void **state)
{
    const struct {
        struct str bytes;
        bool valid;
    } rows[] = {
        {STR(""),                 true },
        {STR("caf\xc3\xa9"),      true },
        {STR("\xe2\x82\xac"),     true },
        {STR("\xf0\x9f\x92\xb6"), true },
        {STR("\xf4\x8f\xbf\xbf"), true },
        {STR("\xc3"),             false}, /* cut */
        {STR("\xc3("),            false},
        {STR("\x80"),             false}, /* continuation alone */
        {STR("\xc0\xaf"),         false}, /* overlong */
        {STR("\xe0\x80\xaf"),     false},
        {STR("\xf0\x80\x80\xaf"), false},
        {STR("\xed\xa0\x80"),     false}, /* surrogate */
        {STR("\xf4\x90\x80\x80"), false}, /* above U+10FFFF */
        {STR("\xff"),             false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(str_is_utf8(rows[i].bytes), rows[i].valid);
    }
}

static void measures_typing_errors(void **state)
{
    const struct {
        struct str a, b;
        unsigned distance;
    } rows[] = {
        {STR("equity"),   STR("equity"),   0},
        {STR("equty"),    STR("equity"),   1}, /* left out */
        {STR("eqiuty"),   STR("equity"),   1}, /* swapped */
        {STR("languge"),  STR("language"), 1},
        {STR("revenues"), STR("revenue"),  1},
        {STR("cash"),     STR("stock"),    4}, /* past the most */
        {STR(""),         STR("abc"),      3},
        {STR(""),         STR("abcd"),     4},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(str_distance(rows[i].a, rows[i].b, 3), rows[i].distance);
        assert_int_equal(str_distance(rows[i].b, rows[i].a, 3), rows[i].distance);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_whole_strings_not_prefixes),
        cmocka_unit_test(finds_and_trims_within_its_bounds),
        cmocka_unit_test(knows_utf8_from_what_looks_like_it),
        cmocka_unit_test(measures_typing_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
