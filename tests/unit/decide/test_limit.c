/* test_limit.c - every cap by hand, the one that binds, and nothing from what is missing. */
#include "decide/limit.h"
#include "trial.h"

#include "../expect.h"

/* The limit of these accounts at this upper PD. */
static struct limit limit_at(struct trial *t, uint32_t pd_ppm_bound)
{
    struct limit limit;
    struct score score = {.pd_ppm_bound = pd_ppm_bound};
    struct decision_input in = trial_input(t);
    score.features.statement = t->facts.statement_count > 0 ? &t->statements[0] : NULL;
    limit_compute(&limit, &in, &score);
    return limit;
}

static void caps_follow_the_table_of_the_grade(void **state)
{
    /* Equity 600,000; revenue 2,400,000; working capital 500,000 at 20 %; appetite 500,000. */
    static const struct {
        uint32_t pd_ppm_bound;
        int64_t equity, turnover, working_capital, budget;
        enum limit_constraint binding;
        int64_t capacity;
    } rows[] = {
        {600,    18000000, 19200000, 10000000, 980392156, LIMIT_WORKING_CAPITAL_CAPACITY, 10000000},
        {4000,   12000000, 14400000, 10000000, 147058823, LIMIT_WORKING_CAPITAL_CAPACITY, 10000000},
        {12600,  6000000,  9600000,  10000000, 46685340,  LIMIT_EQUITY_CAPACITY,          6000000 },
        {50000,  4800000,  6000000,  10000000, 11764705,  LIMIT_EQUITY_CAPACITY,          4800000 },
        {100000, 1200000,  1200000,  10000000, 5882352,   LIMIT_EQUITY_CAPACITY,          600000  },
        {400000, 0,        0,        10000000, 1470588,   LIMIT_EQUITY_CAPACITY,          0       },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trial t;
        trial_begin(&t);
        t.asked.amount = (struct money){0, CURRENCY_NONE};
        struct limit limit = limit_at(&t, rows[i].pd_ppm_bound);
        assert_int_equal(limit.caps[LIMIT_EQUITY_CAPACITY].minor, rows[i].equity);
        assert_int_equal(limit.caps[LIMIT_TURNOVER_CAPACITY].minor, rows[i].turnover);
        assert_int_equal(limit.caps[LIMIT_WORKING_CAPITAL_CAPACITY].minor, rows[i].working_capital);
        assert_int_equal(limit.caps[LIMIT_APPETITE].minor, 50000000);
        assert_int_equal(limit.caps[LIMIT_EXPECTED_LOSS_BUDGET].minor, rows[i].budget);
        assert_int_equal(limit.binding, rows[i].binding);
        assert_int_equal(limit.capacity.minor, rows[i].capacity);
        assert_int_equal(limit.assumed, 0);
        assert_int_equal(limit.recommended.minor, 0);
        trial_end(&t);
    }
}

static void expected_loss_never_passes_the_budget(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    for (uint32_t pd = 300; pd < 1000000; pd += 997) {
        struct limit limit = limit_at(&t, pd);
        struct money loss =
            money_scale_ppm(money_scale_ppm(limit.caps[LIMIT_EXPECTED_LOSS_BUDGET], pd, ROUND_DOWN),
                            t.policy->lgd_ppm, ROUND_DOWN);
        assert_true(money_compare(loss, t.policy->expected_loss_budget) <= 0);
    }
    trial_end(&t);
}

static void missing_inputs_take_the_least_and_say_so(void **state)
{
    static const struct {
        enum item item;
        uint32_t assumed;
        int64_t capacity;
    } rows[] = {
        {ITEM_EQUITY,              1U << LIMIT_EQUITY_CAPACITY,          0       },
        {ITEM_REVENUE,             1U << LIMIT_TURNOVER_CAPACITY,        0       },
 /* half the equity capacity */
        {ITEM_CURRENT_ASSETS,      1U << LIMIT_WORKING_CAPITAL_CAPACITY, 9000000 },
        {ITEM_CURRENT_LIABILITIES, 1U << LIMIT_WORKING_CAPITAL_CAPACITY, 9000000 },
        {ITEM_CASH,                0,                                    10000000},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trial t;
        trial_begin(&t);
        trial_forget(&t, rows[i].item);
        struct limit limit = limit_at(&t, 600);
        assert_int_equal(limit.assumed, rows[i].assumed);
        assert_int_equal(limit.capacity.minor, rows[i].capacity);
        trial_end(&t);
    }
}

static void amounts_in_another_currency_are_not_used(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    t.statements[0].currency = CURRENCY_USD;
    struct limit limit = limit_at(&t, 600);
    assert_int_equal(limit.assumed, 1U << LIMIT_EQUITY_CAPACITY | 1U << LIMIT_TURNOVER_CAPACITY |
                                        1U << LIMIT_WORKING_CAPITAL_CAPACITY);
    assert_int_equal(limit.capacity.minor, 0);
    trial_end(&t);
}

static void exercises_are_brought_to_a_year(void **state)
{
    static const struct {
        uint8_t months;
        int64_t turnover_cap;
    } rows[] = {
        {12, 19200000},
        {6,  38400000},
        {18, 12800000},
        {7,  32914285}
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trial t;
        trial_begin(&t);
        t.statements[0].months = rows[i].months;
        assert_in_range(limit_at(&t, 600).caps[LIMIT_TURNOVER_CAPACITY].minor,
                        rows[i].turnover_cap - 1, rows[i].turnover_cap + 1);
        trial_end(&t);
    }
}

static void negative_amounts_give_nothing(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    trial_state(&t, ITEM_EQUITY, -1);
    assert_int_equal(limit_at(&t, 600).caps[LIMIT_EQUITY_CAPACITY].minor, 0);
    trial_state(&t, ITEM_EQUITY, 600000);
    trial_state(&t, ITEM_CURRENT_LIABILITIES, 2000000);
    assert_int_equal(limit_at(&t, 600).caps[LIMIT_WORKING_CAPITAL_CAPACITY].minor, 9000000);
    trial_end(&t);
}

static void the_largest_amounts_do_not_overflow(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    t.statements[0].months = 6;
    t.asked.amount = (struct money){0, CURRENCY_NONE};
    for (unsigned i = 0; i < ITEM_COUNT; i++) {
        statement_state(&t.statements[0], (enum item)i, MONEY_MINOR_MAX);
    }
    statement_state(&t.statements[0], ITEM_CURRENT_LIABILITIES, -MONEY_MINOR_MAX);
    struct limit limit = limit_at(&t, 300);
    assert_int_equal(limit.binding, LIMIT_APPETITE);
    assert_int_equal(limit.capacity.minor, 50000000);
    trial_end(&t);
}

static void stale_accounts_halve_the_capacity(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    t.facts.as_of = (struct date){2027, 6, 30};
    assert_int_equal(limit_at(&t, 600).capacity.minor, 10000000);
    t.facts.as_of = (struct date){2027, 7, 1};
    assert_int_equal(limit_at(&t, 600).multiplier_ppm, 500000);
    assert_int_equal(limit_at(&t, 600).capacity.minor, 5000000);
    trial_end(&t);
}

static void capacity_is_rounded_down_and_may_be_too_small(void **state)
{
    static const struct {
        int64_t equity, capacity;
    } rows[] = {
        {4999, 0    },
        {5000, 50000},
        {5990, 50000},
        {6000, 60000},
        {0,    0    }
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trial t;
        trial_begin(&t);
        trial_state(&t, ITEM_EQUITY, rows[i].equity);
        assert_int_equal(limit_at(&t, 12600).capacity.minor, rows[i].capacity);
        trial_end(&t);
    }
}

static void the_request_binds_when_it_is_smaller(void **state)
{
    static const struct {
        int64_t asked;
        enum limit_constraint binding;
        int64_t recommended, per_order;
    } rows[] = {
        {1,      LIMIT_REQUESTED_AMOUNT,         100,      100    },
        {30000,  LIMIT_REQUESTED_AMOUNT,         3000000,  3000000},
        {100000, LIMIT_REQUESTED_AMOUNT,         10000000, 5000000},
        {100001, LIMIT_WORKING_CAPITAL_CAPACITY, 10000000, 5000000},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trial t;
        trial_begin(&t);
        t.asked.amount = EUROS(rows[i].asked);
        struct limit limit = limit_at(&t, 600);
        assert_int_equal(limit.binding, rows[i].binding);
        limit_grant(&limit, t.policy);
        assert_int_equal(limit.recommended.minor, rows[i].recommended);
        assert_int_equal(limit.available.minor, rows[i].recommended);
        assert_int_equal(limit.per_order.minor, rows[i].per_order);
        trial_end(&t);
    }
}

static void an_order_may_take_all_when_its_share_rounds_to_nothing(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    t.policy->round_down_to = EUROS(60000);
    struct limit limit = limit_at(&t, 600);
    assert_int_equal(limit.capacity.minor, 6000000);
    limit_grant(&limit, t.policy);
    assert_int_equal(limit.per_order.minor, 1000000);
    trial_end(&t);
}

static void dates_count_from_the_day_of_the_decision(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    struct limit limit = limit_at(&t, 600);
    assert_int_equal(date_compare(limit.valid_until, (struct date){2026, 9, 28}), 0);
    assert_int_equal(date_compare(limit.review_at, (struct date){2026, 8, 29}), 0);
    trial_end(&t);
}

static void nothing_is_lent_without_a_score(void **state)
{
    struct trial t;
    struct limit limit;
    (void)state;
    trial_begin(&t);
    struct decision_input in = trial_input(&t);
    limit_compute(&limit, &in, NULL);
    assert_int_equal(limit.present, 0);
    assert_int_equal(limit.capacity.minor, 0);
    assert_int_equal(limit.currency, CURRENCY_EUR);
    trial_end(&t);
}

static void secured_ceiling_is_appetite_or_budget(void **state)
{
    static const struct {
        uint32_t pd, lgd;
        int64_t want;
    } rows[] = {
        {50000,  0,      50000000},
        {50000,  100000, 50000000},
        {90000,  650000, 8540000 },
        {120000, 250000, 16660000}
    };
    struct trial t;
    (void)state;
    trial_begin(&t);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(limit_secured_ceiling(t.policy, rows[i].pd, rows[i].lgd).minor,
                         rows[i].want);
    }
    trial_end(&t);
}

static void grant_what_is_not_there(void)
{
    struct policy policy = {
        .per_order_ppm = 500000, .round_down_to = {100, CURRENCY_EUR}
    };
    struct limit limit = {
        .capacity = {0, CURRENCY_EUR},
          .recommended = {0, CURRENCY_EUR}
    };
    limit_grant(&limit, &policy);
}

static void nothing_cannot_be_granted(void **state)
{
    (void)state;
    assert_dies(grant_what_is_not_there);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(caps_follow_the_table_of_the_grade),
        cmocka_unit_test(expected_loss_never_passes_the_budget),
        cmocka_unit_test(missing_inputs_take_the_least_and_say_so),
        cmocka_unit_test(amounts_in_another_currency_are_not_used),
        cmocka_unit_test(exercises_are_brought_to_a_year),
        cmocka_unit_test(negative_amounts_give_nothing),
        cmocka_unit_test(the_largest_amounts_do_not_overflow),
        cmocka_unit_test(stale_accounts_halve_the_capacity),
        cmocka_unit_test(capacity_is_rounded_down_and_may_be_too_small),
        cmocka_unit_test(the_request_binds_when_it_is_smaller),
        cmocka_unit_test(an_order_may_take_all_when_its_share_rounds_to_nothing),
        cmocka_unit_test(dates_count_from_the_day_of_the_decision),
        cmocka_unit_test(nothing_is_lent_without_a_score),
        cmocka_unit_test(secured_ceiling_is_appetite_or_budget),
        cmocka_unit_test(nothing_cannot_be_granted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
