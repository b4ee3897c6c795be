/* test_facts.c - which accounts speak for the company. */
#include "credit/facts.h"

#include "../expect.h"

static struct statement closing(int16_t year, uint8_t month, uint8_t day)
{
    return (struct statement){
        .period_end = {year, month, day},
          .months = 12, .currency = CURRENCY_EUR
    };
}

static struct facts facts_of(const struct statement *statements, uint32_t count)
{
    return (struct facts){
        .as_of = {2026, 6, 30},
          .statements = statements, .statement_count = count
    };
}

static void chooses_the_newest_and_the_one_before(void **state)
{
    (void)state;
    struct statement s[] = {closing(2025, 12, 31), closing(2024, 12, 31), closing(2023, 12, 31)};
    struct facts facts = facts_of(s, 3);
    const struct statement *before = NULL;
    assert_ptr_equal(facts_statement(&facts, &before), &s[0]);
    assert_ptr_equal(before, &s[1]);
    assert_ptr_equal(facts_statement(&facts, NULL), &s[0]);
}

static void finds_nothing_in_nothing(void **state)
{
    (void)state;
    struct facts facts = facts_of(NULL, 0);
    const struct statement *before = &(struct statement){0};
    assert_null(facts_statement(&facts, &before));
    assert_null(before);
}

static void passes_over_what_cannot_be_used(void **state)
{
    (void)state;
    static const struct {
        uint8_t months;
        bool is_used;
    } rows[] = {
        {1,  false},
        {5,  false},
        {6,  true },
        {12, true },
        {18, true },
        {19, false},
        {24, false}
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct statement s[] = {closing(2025, 12, 31), closing(2024, 12, 31)};
        s[0].months = rows[i].months;
        struct facts facts = facts_of(s, 2);
        assert_ptr_equal(facts_statement(&facts, NULL), rows[i].is_used ? &s[0] : &s[1]);
    }
    struct statement s[] = {closing(2026, 7, 1), closing(2026, 6, 30)};
    struct facts facts = facts_of(s, 2);
    assert_ptr_equal(facts_statement(&facts, NULL), &s[1]);
}

static void compares_with_a_like_year_only(void **state)
{
    (void)state;
    struct statement far = closing(2024, 8, 31), near = closing(2025, 4, 1),
                     other = closing(2024, 12, 31);
    struct statement foreign = other, group = other, brief = other;
    foreign.currency = CURRENCY_USD;
    group.basis = BASIS_CONSOLIDATED;
    brief.months = 3;
    const struct statement rows[] = {far, near, foreign, group, brief};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct statement s[] = {closing(2025, 12, 31), rows[i]};
        struct facts facts = facts_of(s, 2);
        const struct statement *before = &s[1];
        assert_ptr_equal(facts_statement(&facts, &before), &s[0]);
        assert_null(before);
    }
}

static void compares_with_nine_to_fifteen_months_before(void **state)
{
    (void)state;
    struct statement nine[] = {closing(2025, 12, 31), closing(2025, 3, 31)};
    struct statement fifteen[] = {closing(2025, 12, 31), closing(2024, 9, 30)};
    const struct statement *before = NULL;
    struct facts facts = facts_of(nine, 2);
    (void)facts_statement(&facts, &before);
    assert_ptr_equal(before, &nine[1]);
    facts = facts_of(fifteen, 2);
    (void)facts_statement(&facts, &before);
    assert_ptr_equal(before, &fifteen[1]);
}

static void names_each_block_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < BLOCK_COUNT; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(block_wire((enum block)i), block_wire((enum block)j));
        }
    }
    assert_string_equal(block_wire(BLOCK_FINANCIAL), "financial");
}

/* Accounts at banks are taken in the currency of the statement; without one, of the first. */
static void derives_what_follows_of_accounts_and_payments(void **state)
{
    (void)state;
    struct arena arena;
    const struct bank_balance stated[] = {
        {{2026, 1, 1},  100},
        {{2026, 6, 30}, 100}
    };
    const struct bank_account accounts[] = {
        {CURRENCY_USD, 2, 0, stated, NULL},
        {CURRENCY_EUR, 2, 0, stated, NULL},
    };
    const struct payment payments[] = {{.amount = {1, CURRENCY_GBP}}};
    const struct statement statement = {
        .period_end = {2025, 12, 31},
          .months = 12, .currency = CURRENCY_EUR
    };
    struct facts facts = {
        .as_of = {2026, 6, 30},
        .bank_account_count = 2,
        .bank_accounts = accounts,
        .payment_count = 1,
        .payments = payments,
    };
    arena_init(&arena, 65536);
    assert_true(facts_derive(&facts, &arena));
    assert_int_equal(facts.bank->currency, CURRENCY_USD);
    assert_int_equal(facts.payment_currency, CURRENCY_GBP);
    facts.statements = &statement;
    facts.statement_count = 1;
    assert_true(facts_derive(&facts, &arena));
    assert_int_equal(facts.bank->currency, CURRENCY_EUR);
    facts.bank_account_count = 1;
    assert_true(facts_derive(&facts, &arena));
    assert_null(facts.bank);
    arena_finish(&arena);
    arena_init(&arena, 16);
    facts.bank_account_count = 2;
    assert_false(facts_derive(&facts, &arena));
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derives_what_follows_of_accounts_and_payments),
        cmocka_unit_test(chooses_the_newest_and_the_one_before),
        cmocka_unit_test(finds_nothing_in_nothing),
        cmocka_unit_test(passes_over_what_cannot_be_used),
        cmocka_unit_test(compares_with_a_like_year_only),
        cmocka_unit_test(compares_with_nine_to_fifteen_months_before),
        cmocka_unit_test(names_each_block_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
