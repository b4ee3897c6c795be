/* test_books.c - every identity holds to the cent, whatever the firm and the exercise. */
#include "founded.h"

#include "economy/books.h"

static int64_t item(const struct statement *s, enum item name)
{
    assert_true(statement_has(s, name));
    return statement_minor(s, name);
}

static void assert_balances(const struct statement *s)
{
    assert_int_equal(item(s, ITEM_TOTAL_ASSETS),
                     item(s, ITEM_EQUITY) + item(s, ITEM_TOTAL_LIABILITIES));
    assert_int_equal(item(s, ITEM_TOTAL_ASSETS),
                     item(s, ITEM_FIXED_ASSETS) + item(s, ITEM_CURRENT_ASSETS));
    assert_int_equal(item(s, ITEM_TOTAL_LIABILITIES), item(s, ITEM_CURRENT_LIABILITIES) +
                                                          item(s, ITEM_LONG_TERM_DEBT) +
                                                          item(s, ITEM_PROVISIONS));
    assert_int_equal(item(s, ITEM_EQUITY), item(s, ITEM_SHARE_CAPITAL) +
                                               item(s, ITEM_RETAINED_EARNINGS) +
                                               item(s, ITEM_NET_INCOME));
}

static void assert_earns(const struct statement *s)
{
    assert_int_equal(item(s, ITEM_EBIT),
                     item(s, ITEM_EBITDA) - item(s, ITEM_DEPRECIATION_AND_AMORTIZATION));
    assert_int_equal(item(s, ITEM_PROFIT_BEFORE_TAX), item(s, ITEM_EBIT) -
                                                          item(s, ITEM_FINANCIAL_CHARGES) +
                                                          item(s, ITEM_EXCEPTIONAL_RESULT));
    assert_int_equal(item(s, ITEM_NET_INCOME),
                     item(s, ITEM_PROFIT_BEFORE_TAX) - item(s, ITEM_INCOME_TAX));
    assert_int_equal(item(s, ITEM_GROSS_PROFIT),
                     item(s, ITEM_REVENUE) - item(s, ITEM_COST_OF_GOODS_SOLD));
    assert_true(item(s, ITEM_GROSS_PROFIT) >= item(s, ITEM_VALUE_ADDED) - 200);
}

static void assert_sound(const struct statement *s)
{
    assert_balances(s);
    assert_earns(s);
    for (size_t i = 0; i < ITEM_COUNT; i++) {
        bool may = item_may_be_negative((enum item)i) || !statement_has(s, (enum item)i);
        if (!may && statement_minor(s, (enum item)i) < 0) {
            fail_msg("%s is negative", item_wire((enum item)i));
        }
    }
    for (size_t i = 0; i < STATEMENT_CHECK_COUNT; i++) {
        struct check_result check = statement_check(s, (enum statement_check)i);
        assert_true(check.is_checkable);
        assert_true(check.is_ok);
    }
}

static void it_adds_up_for_every_firm_and_length(void **state)
{
    (void)state;
    static const int lengths[] = {7, 11, 12, 13, 18};
    struct economy e = economy_founded(5, 2000, 1);
    struct statement s;
    for (uint32_t i = 0; i < e.firm_count; i++) {
        struct date end = {2025, 12, 31};
        books_make(&s, &e.firms[i], end, 6, lengths[i % ARRAY_LEN(lengths)]);
        assert_sound(&s);
    }
}

static void it_is_the_same_exercise_a_year_later(void **state)
{
    (void)state;
    struct economy e = economy_founded(5, 50, 2);
    struct statement before[50], after;
    struct date end = {2024, 12, 31};
    for (uint32_t i = 0; i < e.firm_count; i++) {
        books_make(&before[i], &e.firms[i], end, months_since(end, e.as_of), 12);
    }
    uint64_t keys[50];
    for (uint32_t i = 0; i < e.firm_count; i++) {
        keys[i] = e.firms[i].key;
    }
    economy_advance(&e);
    for (uint32_t i = 0; i < e.firm_count; i++) {
        books_make(&after, &e.firms[i], end, months_since(end, e.as_of), 12);
        if (e.firms[i].key == keys[i]) {
            assert_memory_equal(before[i].minor, after.minor, sizeof(after.minor));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_adds_up_for_every_firm_and_length),
        cmocka_unit_test(it_is_the_same_exercise_a_year_later),
    };
    return cmocka_run_group_tests(tests, NULL, economy_tear_down);
}
