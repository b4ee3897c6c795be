/* test_money.c - amounts: exact in, exact out, rounding by name. */
#include "credit/money.h"

#include "../expect.h"

static struct money eur(int64_t minor)
{
    return (struct money){minor, CURRENCY_EUR};
}

static void knows_each_currency_by_its_code(void **state)
{
    (void)state;
    const char *last = "";
    for (size_t i = CURRENCY_NONE + 1; i < CURRENCY_COUNT; i++) {
        enum currency currency = CURRENCY_NONE;
        const char *code = currency_code((enum currency)i);
        assert_true(currency_read(&currency, str_from(code)));
        assert_int_equal(currency, i);
        assert_int_equal(strlen(code), 3);
        assert_true(strcmp(last, code) < 0); /* alphabetical, hence unique */
        assert_in_range(currency_exponent((enum currency)i), 0, 4);
        last = code;
    }
}

static void refuses_what_is_no_currency(void **state)
{
    (void)state;
    static const char *const rows[] = {"",     "eur", "EU",   "EURO",        " EUR",
                                       "EUR ", "XXX", "NONE", "\xE2\x82\xAC"};
    enum currency currency = CURRENCY_USD;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_false(currency_read(&currency, str_from(rows[i])));
    }
    assert_int_equal(currency, CURRENCY_USD);
}

static void takes_exact_decimals_only(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *text;
        enum currency currency;
        bool is_taken;
        int64_t minor;
    } rows[] = {
        {"12500.00", CURRENCY_EUR, true, 1250000},
        {"0", CURRENCY_EUR, true, 0},
        {"-0.01", CURRENCY_EUR, true, -1},
        {"1e3", CURRENCY_EUR, true, 100000},
        {"12.345", CURRENCY_EUR, false, 0},
        {"12.345", CURRENCY_KWD, true, 12345},
        {"12.3450", CURRENCY_KWD, true, 12345},
        {"12.3455", CURRENCY_KWD, false, 0},
        {"500", CURRENCY_JPY, true, 500},
        {"500.5", CURRENCY_JPY, false, 0},
        {"10000000000000", CURRENCY_EUR, true, MONEY_MINOR_MAX},
        {"10000000000000.01", CURRENCY_EUR, false, 0},
        {"-10000000000000", CURRENCY_EUR, true, -MONEY_MINOR_MAX},
        {"-10000000000000.01", CURRENCY_EUR, false, 0},
        {"100000000000000000", CURRENCY_EUR, false, 0},
    };
    /* clang-format on */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct decimal value;
        struct money money = {77, CURRENCY_CHF};
        assert_true(decimal_read(&value, str_from(rows[i].text)));
        assert_int_equal(money_from_decimal(&money, value, rows[i].currency), rows[i].is_taken);
        assert_int_equal(money.minor, rows[i].is_taken ? rows[i].minor : 77);
    }
}

static void writes_all_decimals_of_the_currency(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        struct money money;
        const char *want;
    } rows[] = {
        {{1250000, CURRENCY_EUR}, "12500.00"},
        {{-1, CURRENCY_EUR}, "-0.01"},
        {{0, CURRENCY_EUR}, "0.00"},
        {{500, CURRENCY_JPY}, "500"},
        {{-12345, CURRENCY_KWD}, "-12.345"},
    };
    /* clang-format on */
    struct buf out;
    buf_init(&out, 64);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        buf_clear(&out);
        money_write(&out, rows[i].money);
        assert_text(buf_str(&out), rows[i].want);
    }
    buf_finish(&out);
}

static void scales_with_named_rounding(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        int64_t minor;
        uint32_t ppm;
        int64_t down, up, half_even;
    } rows[] = {
        {100, 500000, 50, 50, 50},
        {1, 500000, 0, 1, 0},
        {3, 500000, 1, 2, 2},
        {-1, 500000, 0, -1, 0},
        {-3, 500000, -1, -2, -2},
        {1, 500001, 0, 1, 1},
        {1, 1, 0, 1, 0},
        {1, 499999, 0, 1, 0},
        {1, 0, 0, 0, 0},
        {7, 1000000, 7, 7, 7},
        {7, 2500000, 17, 18, 18},
        {5, 2500000, 12, 13, 12},
        {MONEY_MINOR_MAX, 1000000, MONEY_MINOR_MAX, MONEY_MINOR_MAX, MONEY_MINOR_MAX},
        {MONEY_MINOR_MAX, 1000000000, MONEY_MINOR_MAX * 1000, MONEY_MINOR_MAX * 1000,
         MONEY_MINOR_MAX * 1000},
        {-MONEY_MINOR_MAX + 1, 333333, -333332999999999, -333333000000000, -333333000000000},
        {123456789012345, 21300, 2629629605962, 2629629605963, 2629629605963},
    };
    /* clang-format on */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct money amount = eur(rows[i].minor);
        assert_int_equal(money_scale_ppm(amount, rows[i].ppm, ROUND_DOWN).minor, rows[i].down);
        assert_int_equal(money_scale_ppm(amount, rows[i].ppm, ROUND_UP).minor, rows[i].up);
        assert_int_equal(money_scale_ppm(amount, rows[i].ppm, ROUND_HALF_EVEN).minor,
                         rows[i].half_even);
    }
}

static void rounds_down_to_a_step_toward_zero(void **state)
{
    (void)state;
    assert_int_equal(money_round_down_to(eur(1999), eur(500)).minor, 1500);
    assert_int_equal(money_round_down_to(eur(2000), eur(500)).minor, 2000);
    assert_int_equal(money_round_down_to(eur(499), eur(500)).minor, 0);
    assert_int_equal(money_round_down_to(eur(-1999), eur(500)).minor, -1500);
}

static void adds_and_compares_in_one_currency(void **state)
{
    (void)state;
    assert_int_equal(money_add(eur(150), eur(-50)).minor, 100);
    assert_int_equal(money_add(eur(MONEY_MINOR_MAX), eur(MONEY_MINOR_MAX)).minor,
                     2 * MONEY_MINOR_MAX);
    assert_true(money_compare(eur(1), eur(2)) < 0);
    assert_true(money_compare(eur(2), eur(1)) > 0);
    assert_int_equal(money_compare(eur(2), eur(2)), 0);
    assert_int_equal(money_min(eur(2), eur(1)).minor, 1);
    assert_int_equal(money_min(eur(-2), eur(1)).minor, -2);
}

static void add_two_currencies(void)
{
    (void)money_add(eur(1), (struct money){1, CURRENCY_USD});
}

static void add_beyond_bounds(void)
{
    (void)money_add(eur(2 * MONEY_MINOR_MAX), eur(1));
}

static void compare_two_currencies(void)
{
    (void)money_compare(eur(1), (struct money){1, CURRENCY_USD});
}

static void scale_too_much(void)
{
    (void)money_scale_ppm(eur(1), 1000000001, ROUND_DOWN);
}

static void scale_too_large(void)
{
    (void)money_scale_ppm(eur(MONEY_MINOR_MAX + 1), 1, ROUND_DOWN);
}

static void round_to_nothing(void)
{
    (void)money_round_down_to(eur(1), eur(0));
}

static void write_without_currency(void)
{
    (void)currency_code(CURRENCY_NONE);
}

static void stops_at_our_own_mistakes(void **state)
{
    (void)state;
    assert_dies(add_two_currencies);
    assert_dies(add_beyond_bounds);
    assert_dies(compare_two_currencies);
    assert_dies(scale_too_much);
    assert_dies(scale_too_large);
    assert_dies(round_to_nothing);
    assert_dies(write_without_currency);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_each_currency_by_its_code),
        cmocka_unit_test(refuses_what_is_no_currency),
        cmocka_unit_test(takes_exact_decimals_only),
        cmocka_unit_test(writes_all_decimals_of_the_currency),
        cmocka_unit_test(scales_with_named_rounding),
        cmocka_unit_test(rounds_down_to_a_step_toward_zero),
        cmocka_unit_test(adds_and_compares_in_one_currency),
        cmocka_unit_test(stops_at_our_own_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
