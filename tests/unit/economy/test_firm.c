/* test_firm.c - drivers show quality as their table says; closings keep their delay. */
#include "founded.h"

#include "base/elementary.h"

static void it_shows_quality_by_the_loading(void **state)
{
    (void)state;
    struct economy e = economy_founded(1, 4000, 1);
    double with = 0.0, squares = 0.0, quality = 0.0;
    for (uint32_t i = 0; i < e.firm_count; i++) {
        double q = e.firms[i].quality[0];
        double seen = firm_driver(&e.firms[i], DRIVER_MARGIN, q, 2026);
        with += q * seen;
        squares += seen * seen;
        quality += q * q;
    }
    double correlation = with / elementary_sqrt(squares * quality);
    assert_true(correlation > 0.70 && correlation < 0.78);
    assert_true(squares / e.firm_count > 0.9 && squares / e.firm_count < 1.1);
}

static void it_tells_more_of_quality_by_all_drivers_than_by_one(void **state)
{
    (void)state;
    assert_true(block_reliability(BLOCK_FINANCIAL) > 0.74 * 0.74);
    assert_true(block_reliability(BLOCK_BANK) > 0.74 * 0.74);
    assert_true(block_reliability(BLOCK_FINANCIAL) < 0.85);
    assert_true(block_reliability(BLOCK_LEGAL) == 0.0);
}

static void it_looks_back_between_the_years(void **state)
{
    (void)state;
    struct firm firm = {
        .quality = {1.0, 0.0, -1.0, 0.5, 0.5, 0.5}
    };
    assert_true(firm_quality(&firm, 0) == 1.0);
    assert_true(firm_quality(&firm, 6) == 0.5);
    assert_true(firm_quality(&firm, 12) == 0.0);
    assert_true(firm_quality(&firm, 18) == -0.5);
}

static struct date day(int year, int month, int of_month)
{
    return (struct date){(int16_t)year, (uint8_t)month, (uint8_t)of_month};
}

static void it_has_accounts_five_months_after_they_closed(void **state)
{
    (void)state;
    struct firm firm = {.closing_month = 12, .born = date_to_days(day(2010, 1, 1))};
    assert_int_equal(date_compare(firm_closing(&firm, day(2026, 6, 30)), day(2025, 12, 31)), 0);
    assert_int_equal(date_compare(firm_closing(&firm, day(2026, 5, 31)), day(2025, 12, 31)), 0);
    assert_int_equal(date_compare(firm_closing(&firm, day(2026, 5, 29)), day(2024, 12, 31)), 0);
}

static void it_has_no_accounts_before_a_whole_year(void **state)
{
    (void)state;
    struct firm firm = {.closing_month = 12, .born = date_to_days(day(2024, 12, 31))};
    assert_true(date_is_set(firm_closing(&firm, day(2026, 6, 30))));
    firm.born++;
    assert_false(date_is_set(firm_closing(&firm, day(2026, 6, 30))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_shows_quality_by_the_loading),
        cmocka_unit_test(it_tells_more_of_quality_by_all_drivers_than_by_one),
        cmocka_unit_test(it_looks_back_between_the_years),
        cmocka_unit_test(it_has_accounts_five_months_after_they_closed),
        cmocka_unit_test(it_has_no_accounts_before_a_whole_year),
    };
    return cmocka_run_group_tests(tests, NULL, economy_tear_down);
}
