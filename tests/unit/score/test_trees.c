/* test_trees.c - what a better or worse value would change, by the trees of tiny_forest.json. */
#include "score/trees.h"
#include "tiny.h"

#include <math.h>
#include <string.h>

/* Inputs: equity_ratio, quick_ratio, roa, cf_tl, dso (no direction), stl_days (worse as it rises).
 */
enum { EQUITY, QUICK, ROA, CASH_FLOW, DSO, CREDIT, INPUTS };

static const struct row {
    const char *what;
    double values[INPUTS];
    uint32_t input;
    bool by_better, is_beaten;
} rows[] = {
    {"sound equity cannot be bettered",      {0.35, 0.98, 0.04, 0.11, 65, 112}, EQUITY,    true,  false},
    {"... but worsened",                     {0.35, 0.98, 0.04, 0.11, 65, 112}, EQUITY,    false, true },
    {"thin equity can be bettered",          {0.05, 0.98, 0.04, 0.11, 65, 112}, EQUITY,    true,  true },
    {"the worst equity is not worse",        {-0.1, 0.98, 0.04, 0.11, 65, 112}, EQUITY,    false, false},
    {"little cash flow can be bettered",     {0.35, 0.98, 0.04, 0.01, 65, 112}, CASH_FLOW, true,  true },
    {"... not worsened",                     {0.35, 0.98, 0.04, 0.01, 65, 112}, CASH_FLOW, false, false},
    {"long credit can be bettered",          {0.35, 0.98, 0.04, 0.11, 65, 112}, CREDIT,    true,  true },
    {"... not worsened",                     {0.35, 0.98, 0.04, 0.11, 65, 112}, CREDIT,    false, false},
    {"short credit can be worsened",         {0.35, 0.98, 0.04, 0.11, 65, 30},  CREDIT,    false, true },
    {"... not bettered",                     {0.35, 0.98, 0.04, 0.11, 65, 30},  CREDIT,    true,  false},
    {"credit says nothing beside a loss",    {0.35, 0.98, -0.1, 0.11, 65, 112}, CREDIT,    true,  false},
    {"slow payers can be bettered",          {0.35, 0.98, 0.04, 0.11, 150, 30}, DSO,       true,  true },
    {"... not worsened",                     {0.35, 0.98, 0.04, 0.11, 150, 30}, DSO,       false, false},
    {"the best payers are in the middle",    {0.35, 0.98, 0.04, 0.11, 65, 30},  DSO,       true,  false},
    {"... and are worse at either end",      {0.35, 0.98, 0.04, 0.11, 65, 30},  DSO,       false, true },
    {"quick counts where equity is thin",    {0.05, 0.20, 0.04, 0.11, 65, 112}, QUICK,     true,  true },
    {"what is best already is not bettered", {0.35, 2.00, 0.04, 0.11, 65, 112}, QUICK,     true,  false},
};

static void it_knows_whether_a_value_could_be_better_or_worse(void **state)
{
    (void)state;
    struct model *model = model_of(TINY_FOREST);
    const struct model_trees *trees = model->blocks[BLOCK_FINANCIAL].trees;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct known inputs[MODEL_INPUTS_MAX] = {0};
        uint16_t ranks[MODEL_INPUTS_MAX];
        uint16_t before[MODEL_INPUTS_MAX];
        for (size_t k = 0; k < INPUTS; k++) {
            inputs[k] = (struct known){rows[i].values[k], true};
        }
        (void)trees_rank(ranks, model, trees, inputs);
        memcpy(before, ranks, sizeof before);
        double log_odds = forest_margin(&trees->forest, ranks);
        bool is_beaten =
            trees_is_beaten(model, trees, ranks, rows[i].input, log_odds, rows[i].by_better);
        if (is_beaten != rows[i].is_beaten) {
            fail_msg("%s", rows[i].what);
        }
        assert_memory_equal(ranks, before, INPUTS * sizeof *ranks);
    }
    model_destroy(model);
}

/* The bound holds whatever the missing values are, and is met where one split alone asks. */
static void it_bounds_what_missing_inputs_could_say(void **state)
{
    (void)state;
    struct model *model = model_of(TINY_FOREST);
    const struct model_trees *trees = model->blocks[BLOCK_FINANCIAL].trees;
    const struct forest *forest = &trees->forest;
    for (unsigned known = 0; known < 1u << INPUTS; known++) {
        struct known inputs[MODEL_INPUTS_MAX] = {0};
        uint16_t some[MODEL_INPUTS_MAX];
        uint16_t all[MODEL_INPUTS_MAX];
        for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
            for (size_t k = 0; k < INPUTS; k++) {
                inputs[k] = (struct known){rows[i].values[k], (known >> k & 1) != 0};
            }
            (void)trees_rank(some, model, trees, inputs);
            for (size_t k = 0; k < INPUTS; k++) {
                inputs[k].is_known = true;
            }
            (void)trees_rank(all, model, trees, inputs);
            double bound = forest_margin_highest(forest, some);
            assert_true(bound >= forest_margin(forest, all));
            assert_true(bound >= forest_margin(forest, some));
        }
    }
    uint16_t nothing[MODEL_INPUTS_MAX];
    const struct known inputs[MODEL_INPUTS_MAX] = {0};
    (void)trees_rank(nothing, model, trees, inputs);
    double highest = -3.2 + 0.6 + 0.5 + 0.2 + 0.4 + 0.35;
    assert_true(fabs(forest_margin_highest(forest, nothing) - highest) < 1e-12);
    double least = 0.0, most = 0.0;
    forest_margin_range(&least, &most, forest);
    assert_true(fabs(most - highest) < 1e-12);
    assert_true(fabs(least - (-3.2 - 0.4 - 0.3 - 0.05 - 0.2 - 0.25)) < 1e-12);
    model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_knows_whether_a_value_could_be_better_or_worse),
        cmocka_unit_test(it_bounds_what_missing_inputs_could_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
