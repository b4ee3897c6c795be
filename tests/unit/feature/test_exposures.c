/* test_exposures.c - what goes when others fail; the sound company has 350,000 euros of equity. */
#include "feature/exposures.h"

#include "links.h"

#include <math.h>

#define UNSTATED LINK_UNSTATED

static void expect_share(struct known value, double want)
{
    assert_true(value.is_known);
    assert_true(fabs(value.value - want) < 1e-12);
}

/* Whoever owes, was lent to, vouched for or owned takes its part; who supplies it takes none. */
static void sums_what_is_lost_by_each_relation(void **state)
{
    (void)state;
    link_add(LINK_SUPPLIES, 0, 1, UNSTATED, 500000, 70000);
    link_add(LINK_OWES, 2, 0, UNSTATED, 200000, 70000);
    link_add(LINK_LENDS_TO, 0, 3, UNSTATED, 100000, 35000);
    link_add(LINK_GUARANTEES, 0, 4, UNSTATED, 100000, 35000);
    link_add(LINK_OWNS, 0, 5, 300000, 100000, 35000);
    link_add(LINK_SUPPLIES, 6, 0, UNSTATED, 1000000, 350000);
    link_add(LINK_OWES, 0, 7, UNSTATED, 1000000, 350000);
    const struct exposures *e = &made_of(8, 0.0)->exposures;
    expect_share(e->debt_rank, 0.1 + 0.04 + 0.01 + 0.01 + 0.01);
    expect_share(e->debt_rank_linear, 0.17);
    assert_int_equal(e->fatal_count, 0);
    assert_true(e->has_cascade);
    assert_false(e->fails_with_distressed);
    e = &made_of(8, 0.5)->exposures; /* half of it comes back */
    expect_share(e->debt_rank, 0.085);
}

static void is_unknown_without_equity_or_amounts(void **state)
{
    (void)state;
    link_add(LINK_SUPPLIES, 0, 1, UNSTATED, 500000, -1);
    assert_false(made_of(2, 0.0)->exposures.debt_rank.is_known);
    links[0].exposure = (struct money){100, CURRENCY_GBP};
    assert_false(made_of(2, 0.0)->exposures.debt_rank.is_known);
    links[0].exposure = (struct money){0, CURRENCY_EUR};
    assert_false(made_of(2, 0.0)->exposures.debt_rank.is_known);
    links[0].exposure = (struct money){100, CURRENCY_EUR};
    assert_true(made_of(2, 0.0)->exposures.debt_rank.is_known);
    statement.stated &= ~(UINT64_C(1) << ITEM_EQUITY);
    assert_false(made_of(2, 0.0)->exposures.debt_rank.is_known);
}

static void is_fatal_from_all_of_the_equity(void **state)
{
    static const struct {
        int64_t euros;
        bool is_fatal;
    } rows[] = {
        {349999, false},
        {350000, true },
        {900000, true },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        link_count = 0;
        link_add(LINK_SUPPLIES, 0, 1, UNSTATED, 10000, 100);
        link_add(LINK_SUPPLIES, 0, 2, UNSTATED, 10000, rows[i].euros);
        const struct exposures *e = &made_of(3, 0.0)->exposures;
        assert_int_equal(e->fatal_count, rows[i].is_fatal);
        assert_false(e->has_cascade); /* nobody is distressed */
        assert_true(!rows[i].is_fatal || e->fatal[0] == 2);
    }
}

/* None of three is fatal alone; together they are. */
static void falls_with_all_the_distressed(void **state)
{
    (void)state;
    for (uint32_t i = 1; i <= 3; i++) {
        link_add(LINK_OWES, i, 0, UNSTATED, 200000, 120000);
    }
    const struct exposures *e = &made_of(4, 0.0)->exposures;
    assert_int_equal(e->fatal_count, 0);
    assert_true(e->fails_with_distressed);
    links[2].pd_ppm = 199999;
    assert_false(made_of(4, 0.0)->exposures.fails_with_distressed);
}

/* The customer of a customer: known to be thin, its failure takes the one, and that one us. */
static void travels_through_a_party_of_known_equity(void **state)
{
    (void)state;
    link_add(LINK_SUPPLIES, 0, 1, UNSTATED, 0, 350000);
    link_add(LINK_SUPPLIES, 1, 2, UNSTATED, 400000, 100000);
    links[1].pd_ppm = UNSTATED;
    parties[2].pd_ppm = 400000;
    const struct exposures *e = &made_of(3, 0.0)->exposures;
    expect_share(e->debt_rank, 0.0);
    assert_int_equal(e->fatal_count, 1);
    parties[1].equity = (struct money){20000000, CURRENCY_EUR};
    e = &made_of(3, 0.0)->exposures;
    expect_share(e->debt_rank, 0.4 * 0.5);
    expect_share(e->debt_rank_linear, 0.4 * 0.5);
    assert_false(e->fails_with_distressed); /* it loses half, and stands */
    parties[1].equity.minor = 10000000;
    e = &made_of(3, 0.0)->exposures;
    assert_true(e->fails_with_distressed);
    assert_int_equal(e->fatal_count, 2);
    assert_int_equal(e->fatal[0], 1);
    assert_int_equal(e->fatal[1], 2);
    parties[1].equity.currency = CURRENCY_GBP; /* not to be compared */
    assert_int_equal(made_of(3, 0.0)->exposures.fatal_count, 1);
}

static void tells_the_largest_stakes_first_and_so_many(void **state)
{
    (void)state;
    for (uint32_t i = 1; i <= EXPOSURES_FATAL_MAX + 1; i++) {
        link_add(LINK_OWES, i, 0, UNSTATED, UNSTATED, 350000 + (i == 5 ? 1 : 0));
    }
    const struct exposures *e = &made_of(EXPOSURES_FATAL_MAX + 2, 0.0)->exposures;
    assert_int_equal(e->fatal_count, EXPOSURES_FATAL_MAX);
    assert_int_equal(e->fatal[0], 5);
    assert_int_equal(e->fatal[1], 1);
    link_count--;
    e = &made_of(EXPOSURES_FATAL_MAX + 2, 0.0)->exposures;
    assert_int_equal(e->fatal_count, EXPOSURES_FATAL_MAX);
}

/* Whoever is looked at last is the one whose stake is the 32nd. */
static void looks_at_so_many_where_losses_travel(void **state)
{
    (void)state;
    for (unsigned extra = 0; extra <= 1; extra++) {
        link_count = 0;
        for (uint32_t i = 1; i < EXPOSURES_TRIED_MAX + extra; i++) {
            link_add(LINK_OWES, i, 0, UNSTATED, UNSTATED, 2);
        }
        uint32_t last = EXPOSURES_TRIED_MAX + extra;
        link_add(LINK_OWES, last, 0, UNSTATED, UNSTATED, 1);
        link_add(LINK_OWES, last, 1, UNSTATED, UNSTATED, 1);
        statement.minor[ITEM_EQUITY] = 300;
        statement.minor[ITEM_TOTAL_ASSETS] = 300;
        parties[1].equity = (struct money){100, CURRENCY_EUR};
        const struct exposures *e = &made_of(last + 1, 0.0)->exposures;
        assert_int_equal(e->fatal_count, extra == 0 ? 1 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sums_what_is_lost_by_each_relation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_unknown_without_equity_or_amounts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_fatal_from_all_of_the_equity, set_up, tear_down),
        cmocka_unit_test_setup_teardown(falls_with_all_the_distressed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(travels_through_a_party_of_known_equity, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_the_largest_stakes_first_and_so_many, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(looks_at_so_many_where_losses_travel, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
