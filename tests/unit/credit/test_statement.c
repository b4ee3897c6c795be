/* test_statement.c - what follows from accounts, and what does not add up. */
#include "credit/statement.h"

#include "../expect.h"

enum { EUROS = 100 };

struct line {
    enum item item;
    int64_t minor;
};

static struct statement statement_of(const struct line *lines, size_t count)
{
    struct statement s = {
        .period_end = {2025, 12, 31},
          .months = 12, .currency = CURRENCY_EUR
    };
    for (size_t i = 0; i < count; i++) {
        statement_state(&s, lines[i].item, lines[i].minor);
    }
    return s;
}

#define STATEMENT(...)                                                                             \
    statement_of((const struct line[]){__VA_ARGS__},                                               \
                 sizeof((const struct line[]){__VA_ARGS__}) / sizeof(struct line))

static void knows_each_item_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < ITEM_COUNT; i++) {
        enum item item = ITEM_COUNT;
        assert_true(item_read(&item, str_from(item_wire((enum item)i))));
        assert_int_equal(item, i);
    }
    enum item item = ITEM_CASH;
    static const char *const rows[] = {"",         "Cash",        "cash ", "total_asset",
                                       "ebitda\n", "TOTAL_ASSETS"};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_false(item_read(&item, str_from(rows[i])));
    }
    assert_int_equal(item, ITEM_CASH);
}

/* Where the search begins changes nothing but its length. */
static void finds_an_item_from_wherever_it_looks_first(void **state)
{
    (void)state;
    for (int likely = 0; likely <= ITEM_COUNT; likely++) {
        for (int i = 0; i < ITEM_COUNT; i++) {
            enum item item = ITEM_COUNT;
            assert_true(
                item_read_near(&item, str_from(item_wire((enum item)i)), (enum item)likely));
            assert_int_equal(item, i);
        }
        enum item item = ITEM_CASH;
        assert_false(item_read_near(&item, STR("total_asset"), (enum item)likely));
        assert_int_equal(item, ITEM_CASH);
    }
}

static void says_which_items_may_be_negative(void **state)
{
    (void)state;
    assert_true(item_may_be_negative(ITEM_EQUITY));
    assert_true(item_may_be_negative(ITEM_NET_INCOME));
    assert_false(item_may_be_negative(ITEM_TOTAL_ASSETS));
    assert_false(item_may_be_negative(ITEM_REVENUE));
}

static void keeps_missing_apart_from_zero(void **state)
{
    (void)state;
    struct statement s = STATEMENT({ITEM_CASH, 0});
    assert_true(statement_has(&s, ITEM_CASH));
    assert_int_equal(statement_minor(&s, ITEM_CASH), 0);
    assert_false(statement_has(&s, ITEM_SECURITIES));
}

static void derives_by_identity(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        struct line a, b;
        enum item target;
        int64_t want;
    } rows[] = {
        {{ITEM_TOTAL_ASSETS, 900}, {ITEM_EQUITY, 300}, ITEM_TOTAL_LIABILITIES, 600},
        {{ITEM_TOTAL_ASSETS, 900}, {ITEM_EQUITY, -100}, ITEM_TOTAL_LIABILITIES, 1000},
        {{ITEM_TOTAL_ASSETS, 900}, {ITEM_TOTAL_LIABILITIES, 1100}, ITEM_EQUITY, -200},
        {{ITEM_REVENUE, 500}, {ITEM_COST_OF_GOODS_SOLD, 320}, ITEM_GROSS_PROFIT, 180},
        {{ITEM_REVENUE, 500}, {ITEM_GROSS_PROFIT, 180}, ITEM_COST_OF_GOODS_SOLD, 320},
        {{ITEM_EBIT, -50}, {ITEM_DEPRECIATION_AND_AMORTIZATION, 20}, ITEM_EBITDA, -30},
        {{ITEM_EBITDA, 70}, {ITEM_DEPRECIATION_AND_AMORTIZATION, 20}, ITEM_EBIT, 50},
        {{ITEM_NET_INCOME, 75}, {ITEM_INCOME_TAX, 25}, ITEM_PROFIT_BEFORE_TAX, 100},
        {{ITEM_PROFIT_BEFORE_TAX, 100}, {ITEM_INCOME_TAX, 25}, ITEM_NET_INCOME, 75},
    };
    /* clang-format on */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct statement s = STATEMENT(rows[i].a, rows[i].b);
        statement_derive(&s);
        assert_true(statement_has(&s, rows[i].target));
        assert_int_equal(statement_minor(&s, rows[i].target), rows[i].want);
        assert_int_equal(s.derived, UINT64_C(1) << rows[i].target);
    }
}

static void never_overwrites_what_was_stated(void **state)
{
    (void)state;
    struct statement s =
        STATEMENT({ITEM_TOTAL_ASSETS, 900}, {ITEM_EQUITY, 300}, {ITEM_TOTAL_LIABILITIES, 555});
    statement_derive(&s);
    assert_int_equal(statement_minor(&s, ITEM_TOTAL_LIABILITIES), 555);
    assert_int_equal(s.derived, 0);
}

static void derives_nothing_from_half_an_identity(void **state)
{
    (void)state;
    static const enum item lone[] = {
        ITEM_TOTAL_ASSETS, ITEM_EQUITY,     ITEM_REVENUE,    ITEM_EBIT,
        ITEM_EBITDA,       ITEM_NET_INCOME, ITEM_INCOME_TAX, ITEM_DEPRECIATION_AND_AMORTIZATION};
    for (size_t i = 0; i < ARRAY_LEN(lone); i++) {
        struct statement s = STATEMENT({lone[i], 100});
        statement_derive(&s);
        assert_int_equal(s.derived, 0);
    }
    /* Not an identity in every chart of accounts. */
    struct statement s = STATEMENT({ITEM_TOTAL_ASSETS, 900}, {ITEM_FIXED_ASSETS, 300});
    statement_derive(&s);
    assert_false(statement_has(&s, ITEM_CURRENT_ASSETS));
    s = STATEMENT({ITEM_INTEREST_EXPENSE, 900});
    statement_derive(&s);
    assert_false(statement_has(&s, ITEM_FINANCIAL_CHARGES));
}

static void derives_nothing_impossible(void **state)
{
    (void)state;
    struct statement s = STATEMENT({ITEM_TOTAL_ASSETS, 900}, {ITEM_EQUITY, 1000});
    statement_derive(&s);
    assert_false(statement_has(&s, ITEM_TOTAL_LIABILITIES));
    s = STATEMENT({ITEM_TOTAL_ASSETS, MONEY_MINOR_MAX}, {ITEM_EQUITY, -1});
    statement_derive(&s);
    assert_false(statement_has(&s, ITEM_TOTAL_LIABILITIES));
    s = STATEMENT({ITEM_TOTAL_ASSETS, MONEY_MINOR_MAX}, {ITEM_EQUITY, 0});
    statement_derive(&s);
    assert_int_equal(statement_minor(&s, ITEM_TOTAL_LIABILITIES), MONEY_MINOR_MAX);
}

static void a_stated_item_is_no_longer_derived(void **state)
{
    (void)state;
    struct statement s = STATEMENT({ITEM_TOTAL_ASSETS, 900}, {ITEM_EQUITY, 300});
    statement_derive(&s);
    statement_state(&s, ITEM_TOTAL_LIABILITIES, 601);
    assert_int_equal(s.derived, 0);
    assert_int_equal(statement_minor(&s, ITEM_TOTAL_LIABILITIES), 601);
}

static void holds_accounts_to_their_identities(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        enum statement_check check;
        struct line a, b, c;
        bool is_ok;
        int64_t gap;
    } rows[] = {
        /* one euro, then a thousandth of the larger side, is let pass */
        {CHECK_ASSETS_EQUAL_EQUITY_AND_LIABILITIES,
         {ITEM_TOTAL_ASSETS, 900 * EUROS},
         {ITEM_EQUITY, 300 * EUROS},
         {ITEM_TOTAL_LIABILITIES, 600 * EUROS},
         true, 0},
        {CHECK_ASSETS_EQUAL_EQUITY_AND_LIABILITIES,
         {ITEM_TOTAL_ASSETS, 901 * EUROS},
         {ITEM_EQUITY, 300 * EUROS},
         {ITEM_TOTAL_LIABILITIES, 600 * EUROS},
         true, 100},
        {CHECK_ASSETS_EQUAL_EQUITY_AND_LIABILITIES,
         {ITEM_TOTAL_ASSETS, 901 * EUROS + 1},
         {ITEM_EQUITY, 300 * EUROS},
         {ITEM_TOTAL_LIABILITIES, 600 * EUROS},
         false, 101},
        {CHECK_ASSETS_EQUAL_EQUITY_AND_LIABILITIES,
         {ITEM_TOTAL_ASSETS, 500 * EUROS},
         {ITEM_EQUITY, 300 * EUROS},
         {ITEM_TOTAL_LIABILITIES, 600 * EUROS},
         false, -400 * EUROS},
        {CHECK_ASSETS_EQUAL_EQUITY_AND_LIABILITIES,
         {ITEM_TOTAL_ASSETS, 1000000 * EUROS},
         {ITEM_EQUITY, 400000 * EUROS},
         {ITEM_TOTAL_LIABILITIES, 599000 * EUROS},
         true, 1000 * EUROS},
        {CHECK_ASSETS_EQUAL_EQUITY_AND_LIABILITIES,
         {ITEM_TOTAL_ASSETS, 1000000 * EUROS},
         {ITEM_EQUITY, 400000 * EUROS},
         {ITEM_TOTAL_LIABILITIES, 598999 * EUROS + 50},
         false, 1000 * EUROS + 50},
        {CHECK_CURRENT_ASSETS_COVER_THEIR_PARTS,
         {ITEM_CURRENT_ASSETS, 1000},
         {ITEM_CASH, 600},
         {ITEM_INVENTORIES, 300},
         true, 0},
        {CHECK_CURRENT_ASSETS_WITHIN_TOTAL,
         {ITEM_TOTAL_ASSETS, 900},
         {ITEM_CURRENT_ASSETS, 900},
         {ITEM_CASH, 0},
         true, 0},
        {CHECK_CURRENT_ASSETS_WITHIN_TOTAL,
         {ITEM_TOTAL_ASSETS, 900},
         {ITEM_CURRENT_ASSETS, 1001},
         {ITEM_CASH, 0},
         false, 101},
        {CHECK_CURRENT_ASSETS_COVER_THEIR_PARTS,
         {ITEM_CURRENT_ASSETS, 1000},
         {ITEM_CASH, 600},
         {ITEM_INVENTORIES, 400},
         true, 0},
        {CHECK_CURRENT_ASSETS_COVER_THEIR_PARTS,
         {ITEM_CURRENT_ASSETS, 1000},
         {ITEM_CASH, 600},
         {ITEM_TRADE_RECEIVABLES, 501},
         false, 101},
        {CHECK_CURRENT_LIABILITIES_WITHIN_TOTAL,
         {ITEM_TOTAL_LIABILITIES, 1000},
         {ITEM_CURRENT_LIABILITIES, 1200},
         {ITEM_CASH, 0},
         false, 200},
        {CHECK_CURRENT_LIABILITIES_COVER_THEIR_PARTS,
         {ITEM_CURRENT_LIABILITIES, 1000},
         {ITEM_TRADE_PAYABLES, 900},
         {ITEM_TAX_AND_SOCIAL_PAYABLES, 300},
         false, 200},
        {CHECK_GROSS_PROFIT_IS_REVENUE_MINUS_COST,
         {ITEM_GROSS_PROFIT, 300},
         {ITEM_REVENUE, 1000},
         {ITEM_COST_OF_GOODS_SOLD, 700},
         true, 0},
        {CHECK_GROSS_PROFIT_IS_REVENUE_MINUS_COST,
         {ITEM_GROSS_PROFIT, 1700},
         {ITEM_REVENUE, 1000},
         {ITEM_COST_OF_GOODS_SOLD, 700},
         false, 1400},
        {CHECK_NET_INCOME_IS_PROFIT_MINUS_TAX,
         {ITEM_NET_INCOME, 750},
         {ITEM_PROFIT_BEFORE_TAX, 1000},
         {ITEM_INCOME_TAX, 250},
         true, 0},
        {CHECK_NET_INCOME_IS_PROFIT_MINUS_TAX,
         {ITEM_NET_INCOME, 1250},
         {ITEM_PROFIT_BEFORE_TAX, 1000},
         {ITEM_INCOME_TAX, 250},
         false, 500},
    };
    /* clang-format on */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct statement s = STATEMENT(rows[i].a, rows[i].b, rows[i].c);
        struct check_result result = statement_check(&s, rows[i].check);
        assert_true(result.is_checkable);
        assert_int_equal(result.is_ok, rows[i].is_ok);
        assert_int_equal(result.gap_minor, rows[i].gap);
    }
}

static void checks_only_what_was_stated(void **state)
{
    (void)state;
    struct statement s =
        STATEMENT({ITEM_TOTAL_ASSETS, 900}, {ITEM_EQUITY, 300}, {ITEM_REVENUE, 100});
    statement_derive(&s);
    for (size_t i = 0; i < STATEMENT_CHECK_COUNT; i++) {
        assert_false(statement_check(&s, (enum statement_check)i).is_checkable);
    }
    /* A bound needs its whole and one of its parts. */
    s = STATEMENT({ITEM_CASH, 900});
    assert_false(statement_check(&s, CHECK_CURRENT_ASSETS_COVER_THEIR_PARTS).is_checkable);
    s = STATEMENT({ITEM_CURRENT_ASSETS, 900});
    assert_false(statement_check(&s, CHECK_CURRENT_ASSETS_COVER_THEIR_PARTS).is_checkable);
}

static void tolerates_one_unit_whatever_the_currency(void **state)
{
    (void)state;
    struct statement s =
        STATEMENT({ITEM_TOTAL_ASSETS, 901}, {ITEM_EQUITY, 300}, {ITEM_TOTAL_LIABILITIES, 600});
    s.currency = CURRENCY_JPY;
    assert_true(statement_check(&s, CHECK_ASSETS_EQUAL_EQUITY_AND_LIABILITIES).is_ok);
    statement_state(&s, ITEM_TOTAL_ASSETS, 902);
    assert_false(statement_check(&s, CHECK_ASSETS_EQUAL_EQUITY_AND_LIABILITIES).is_ok);
}

static void names_each_check_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < STATEMENT_CHECK_COUNT; i++) {
        assert_true(strlen(statement_check_code((enum statement_check)i)) > 0);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(statement_check_code((enum statement_check)i),
                                    statement_check_code((enum statement_check)j));
        }
    }
    assert_string_equal(statement_check_code(CHECK_ASSETS_EQUAL_EQUITY_AND_LIABILITIES),
                        "assets_equal_liabilities");
}

static void read_a_missing_item(void)
{
    struct statement s = STATEMENT({ITEM_CASH, 1});
    (void)statement_minor(&s, ITEM_EQUITY);
}

static void state_too_much(void)
{
    struct statement s = STATEMENT({ITEM_CASH, 1});
    statement_state(&s, ITEM_CASH, MONEY_MINOR_MAX + 1);
}

static void stops_at_our_own_mistakes(void **state)
{
    (void)state;
    assert_dies(read_a_missing_item);
    assert_dies(state_too_much);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_each_item_by_its_name),
        cmocka_unit_test(finds_an_item_from_wherever_it_looks_first),
        cmocka_unit_test(says_which_items_may_be_negative),
        cmocka_unit_test(keeps_missing_apart_from_zero),
        cmocka_unit_test(derives_by_identity),
        cmocka_unit_test(never_overwrites_what_was_stated),
        cmocka_unit_test(derives_nothing_from_half_an_identity),
        cmocka_unit_test(derives_nothing_impossible),
        cmocka_unit_test(a_stated_item_is_no_longer_derived),
        cmocka_unit_test(holds_accounts_to_their_identities),
        cmocka_unit_test(checks_only_what_was_stated),
        cmocka_unit_test(tolerates_one_unit_whatever_the_currency),
        cmocka_unit_test(names_each_check_once),
        cmocka_unit_test(stops_at_our_own_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
