/* test_stack.c - blocks blended, clipped and added up, and the two ends of what is not certain;
 * figures worked out by hand from tiny_blocks.json. */
#include "score/scorecard.h"
#include "score/stack.h"

#include "tiny.h"

#include <math.h>

static void assert_near(double got, double want)
{
    if (!(fabs(got - want) < 1e-9)) {
        fail_msg("%.12f is not %.12f", got, want);
    }
}

static uint32_t input_of(const struct model *model, const char *name)
{
    for (uint32_t i = 0; i < model->input_count; i++) {
        if (str_eq(model->inputs[i].name, str_from(name))) {
            return i;
        }
    }
    fail_msg("no input %s", name);
    return 0;
}

static void set(struct known *inputs, const struct model *model, const char *name, double value)
{
    inputs[input_of(model, name)] = (struct known){value, true};
}

/* Overdrafts for 10 % of the days, rejects of 2 in a hundred, a lowest balance of 0.2 months:
 * 0.1 + 0.5 * 0.3 + 0.4 * 0.4 - 0.3 * 0.1. */
static void asks_a_block_and_tells_its_parts(void **state)
{
    (void)state;
    struct model *m = model_of(TINY_BLOCKS);
    struct known inputs[MODEL_INPUTS_MAX] = {0};
    struct block_answer answer;
    struct block_parts parts;
    assert_false(block_has_data(m, BLOCK_BANK, inputs));
    set(inputs, m, "b_od_share", 0.1);
    assert_true(block_has_data(m, BLOCK_BANK, inputs));
    set(inputs, m, "b_rejects", 2.0);
    set(inputs, m, "b_min_bal", 0.2);
    block_ask(&answer, &parts, m, BLOCK_BANK, inputs, "FR");
    assert_true(answer.is_used);
    assert_near(answer.base, 0.1);
    assert_near(answer.card, 0.38);
    assert_near(answer.unclipped, 0.38);
    assert_near(answer.log_odds, 0.38);
    assert_near(answer.worst, 0.38);
    assert_near(parts.card[input_of(m, "b_od_share")], 0.15);
    assert_near(parts.card[input_of(m, "b_min_bal")], -0.03);
    assert_near(block_log_odds(m, BLOCK_BANK, inputs, "FR"), 0.38);
    inputs[input_of(m, "b_min_bal")].is_known = false;
    block_ask(&answer, &parts, m, BLOCK_BANK, inputs, "FR");
    assert_near(answer.log_odds, 0.47); /* 0.2 against, as missing */
    assert_near(answer.worst, 0.65);    /* 0.8 against */
    assert_near(block_worst(m, BLOCK_BANK, inputs, "FR"), 0.65);
    model_destroy(m);
}

/* 0.1 + 0.5 * 1.2 + 0.4 * 1.5 + 0.3 * 0.8 = 1.54, and at best 0.1 - 0.2 - 0.12 - 0.15. */
static void clips_a_block_to_its_bounds(void **state)
{
    (void)state;
    struct model *m = model_of(TINY_BLOCKS);
    struct known inputs[MODEL_INPUTS_MAX] = {0};
    struct block_answer answer;
    struct block_parts parts;
    set(inputs, m, "b_od_share", 0.9);
    set(inputs, m, "b_rejects", 20.0);
    set(inputs, m, "b_min_bal", -1.0);
    block_ask(&answer, &parts, m, BLOCK_BANK, inputs, "FR");
    assert_near(answer.unclipped, 1.54);
    assert_near(answer.log_odds, 0.9);
    assert_near(m->blocks[BLOCK_BANK].most, 0.9);
    assert_near(m->blocks[BLOCK_BANK].least, -0.37);
    m->blocks[BLOCK_BANK].low = 1.0;
    m->blocks[BLOCK_BANK].high = 2.0;
    assert_near(block_log_odds(m, BLOCK_BANK, inputs, "FR"), 1.54);
    set(inputs, m, "b_od_share", 0.0);
    set(inputs, m, "b_rejects", 0.0);
    assert_near(block_log_odds(m, BLOCK_BANK, inputs, "FR"), 1.0);
    model_destroy(m);
}

static void blends_what_card_and_trees_could_say(void **state)
{
    (void)state;
    struct model *m = model_of(TINY_BLOCKS);
    const struct model_block *b = &m->blocks[BLOCK_FINANCIAL];
    double least = 0.0, most = 0.0;
    forest_margin_range(&least, &most, &b->trees->forest);
    assert_near(b->most, 0.6 * most + 0.4 * scorecard_most(b));
    assert_near(b->least, 0.6 * least + 0.4 * scorecard_least(b));
    const struct known nothing[MODEL_INPUTS_MAX] = {0};
    assert_near(block_worst(m, BLOCK_FINANCIAL, nothing, ""), b->most);
    assert_near(block_worst(m, BLOCK_BANK, nothing, ""), m->blocks[BLOCK_BANK].most);
    assert_near(block_blend(b, -3.0, -2.0), -2.4);
    model_destroy(m);
}

static void adds_what_is_used_and_nothing_else(void **state)
{
    (void)state;
    struct model *m = model_of(TINY_BLOCKS);
    struct block_answer answers[MODEL_BLOCKS] = {
        [BLOCK_FINANCIAL] = {.is_used = true,  .log_odds = -3.5},
        [BLOCK_BANK] = {.is_used = false, .log_odds = 0.7 },
        [BLOCK_PAYMENT] = {.is_used = true,  .log_odds = 0.45},
    };
    assert_near(stack_log_odds(m, answers), -3.1 + 0.9 * -0.5 + 0.6 * 0.5);
    struct known inputs[MODEL_INPUTS_MAX] = {0};
    assert_true(stack_uses(m, BLOCK_FINANCIAL, inputs));
    assert_false(stack_uses(m, BLOCK_PAYMENT, inputs));
    set(inputs, m, "p_overdue_now", 0.0);
    assert_true(stack_uses(m, BLOCK_PAYMENT, inputs));
    assert_false(stack_uses(m, BLOCK_LEGAL, inputs));
    m->blocks[BLOCK_PAYMENT].is_there = false;
    assert_false(stack_uses(m, BLOCK_PAYMENT, inputs));
    model_destroy(m);
}

/* v = (1, -0.5, 0, 0, 0.5, 0), the stack at -3.25. */
static void tells_how_uncertain_the_weights_leave_it(void **state)
{
    (void)state;
    struct model *m = model_of(TINY_BLOCKS);
    const struct block_answer answers[MODEL_BLOCKS] = {
        [BLOCK_FINANCIAL] = {.is_used = true, .log_odds = -3.5},
        [BLOCK_PAYMENT] = {.is_used = true, .log_odds = 0.45},
    };
    double of_stack = 0.0004 - 2 * 0.5 * 0.0002 + 0.25 * 0.0009 + 2 * 0.25 * 0.0001 + 0.25 * 0.004;
    double stack = -3.1 - 0.45 + 0.3;
    double of_calibration = stack * stack * 0.001 + 2 * stack * 0.0025 + 0.008;
    double want = 0.95 * 0.95 * of_stack + of_calibration;
    assert_near(stack_delta_variance(m, answers), want);
    assert_true(m->delta_variance_most > want);
    /* Nobody is less certain than the corner of the box. */
    for (unsigned corner = 0; corner < 3 * 3 * 3 * 3 * 3; corner++) {
        struct block_answer any[MODEL_BLOCKS] = {0};
        unsigned rest = corner;
        for (size_t i = 0; i < MODEL_BLOCKS; i++, rest /= 3) {
            const struct model_block *b = &m->blocks[i];
            double at[] = {b->least, (b->least + b->most) / 3.0, b->most};
            any[i] = (struct block_answer){.is_used = corner % 7 != i, .log_odds = at[rest % 3]};
        }
        assert_true(stack_delta_variance(m, any) <= m->delta_variance_most + 1e-12);
    }
    model_destroy(m);
}

/* Late by 10 days, nothing overdue: 0.15 - 0.09 = 0.06, and no more than 0.8 at worst. */
static void draws_thin_payments_towards_their_worst(void **state)
{
    (void)state;
    struct model *m = model_of(TINY_BLOCKS);
    static const struct {
        struct known invoices;
        double believed;
    } rows[] = {
        {{0.0, true},   0.0 },
        {{0.0, false},  0.0 },
        {{5.0, true},   0.5 },
        {{20.0, true},  0.8 },
        {{495.0, true}, 0.99},
    };
    struct known inputs[MODEL_INPUTS_MAX] = {0};
    set(inputs, m, "p_avg_late", 10.0);
    set(inputs, m, "p_overdue_now", 0.0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        double said = 0.8 - rows[i].believed * (0.8 - 0.06);
        assert_near(stack_bound_term(m, BLOCK_PAYMENT, true, inputs, "FR", rows[i].invoices),
                    0.6 * (said + 0.05));
    }
    /* Other blocks are not drawn anywhere: they have no number of entries. */
    set(inputs, m, "l_priv_count", 0.0);
    set(inputs, m, "l_suits", 0.0);
    assert_near(stack_bound_term(m, BLOCK_LEGAL, true, inputs, "FR", (struct known){0}),
                0.3 * (0.05 - 0.08 - 0.05));
    model_destroy(m);
}

static void counts_a_missing_block_at_its_worst_or_by_its_variance(void **state)
{
    (void)state;
    struct model *m = model_of(TINY_BLOCKS);
    const struct known nothing[MODEL_INPUTS_MAX] = {0};
    double worst = 0.4 * (0.9 - 0.05);
    assert_near(stack_bound_term(m, BLOCK_BANK, false, nothing, "", (struct known){0}), worst);
    m->missing_block_variance[BLOCK_BANK] = 0.6;
    stack_prepare(m);
    double rise = 1.645 * (sqrt(0.04 + 0.6) - sqrt(0.04));
    assert_near(stack_missing_rise(m, BLOCK_BANK), rise);
    assert_near(stack_bound_term(m, BLOCK_BANK, false, nothing, "", (struct known){0}),
                rise / 0.95);
    assert_true(rise / 0.95 > worst);
    model_destroy(m);
}

static void widens_with_age_and_with_what_is_missing(void **state)
{
    (void)state;
    struct model m = {.model_variance = 0.04,
                      .age_variance_per_month = 0.005,
                      .thin_variance = 0.95,
                      .delta_variance_most = 0.05,
                      .absent_variance = 0.05};
    assert_near(interval_sigma(&m, 0.0, 0, 0.05), 0.3);
    assert_near(interval_sigma(&m, 0.0, 54, 0.05), 0.6);
    assert_near(interval_sigma(&m, 0.07, 40, 0.05), 0.6);
    assert_near(interval_sigma_thin(&m, 0.05), 1.0);
    assert_near(bound_sigma(&m, 4), 0.4);
    assert_near(bound_sigma_thin(&m), 1.0);
}

static void sigma_of_accounts_from_the_future(void)
{
    const struct model m = {0};
    (void)bound_sigma(&m, -1);
}

static void stops_at_accounts_from_the_future(void **state)
{
    (void)state;
    assert_dies(sigma_of_accounts_from_the_future);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_a_block_and_tells_its_parts),
        cmocka_unit_test(clips_a_block_to_its_bounds),
        cmocka_unit_test(blends_what_card_and_trees_could_say),
        cmocka_unit_test(adds_what_is_used_and_nothing_else),
        cmocka_unit_test(tells_how_uncertain_the_weights_leave_it),
        cmocka_unit_test(draws_thin_payments_towards_their_worst),
        cmocka_unit_test(counts_a_missing_block_at_its_worst_or_by_its_variance),
        cmocka_unit_test(widens_with_age_and_with_what_is_missing),
        cmocka_unit_test(stops_at_accounts_from_the_future),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
