/* test_boost_fit.c - what the folds say is what the chosen trees said when they were chosen.
 *
 * Needs XGBoost's library, as training does. */
#include "train/boost_fit.h"

#include "train/fold.h"
#include "train/metrics.h"

#include "../expect.h"

#include <math.h>

enum { ROWS = 900, INPUTS = 3, FOLDS = 4 };

static double chance(uint64_t *state)
{
    return (double)(splitmix64(state) >> 11) * 0x1p-53;
}

/* Bads where x is high or y is low, three rows a group. */
static void sample_make(struct sample *s, struct arena *arena)
{
    static struct sample_set set;
    uint64_t seed = 11;
    set = (struct sample_set){
        .mapping = {.name = STR("made"), .weight = 1},
          .row_end = ROWS
    };
    *s = (struct sample){.row_count = ROWS,
                         .input_count = INPUTS,
                         .set_count = 1,
                         .group_count = ROWS / 3,
                         .sets = &set,
                         .inputs = arena_array(arena, struct sample_input, INPUTS),
                         .values = arena_array(arena, double *, INPUTS),
                         .is_bad = arena_array(arena, uint8_t, ROWS),
                         .weight = arena_array(arena, double, ROWS),
                         .group = arena_array(arena, uint32_t, ROWS),
                         .set = arena_array(arena, uint8_t, ROWS)};
    for (uint32_t i = 0; i < INPUTS; i++) {
        s->inputs[i] = (struct sample_input){.name = STR("x"), .feature = FEATURE_NONE};
        s->values[i] = arena_array(arena, double, ROWS);
    }
    for (uint32_t row = 0; row < ROWS; row++) {
        for (uint32_t i = 0; i < INPUTS; i++) {
            s->values[i][row] = chance(&seed) < 0.05 ? (double)NAN : chance(&seed);
        }
        double risk =
            0.05 + (s->values[0][row] > 0.7 ? 0.5 : 0) + (s->values[1][row] < 0.2 ? 0.3 : 0);
        s->is_bad[row] = chance(&seed) < risk;
        s->weight[row] = 1 + (double)(row % 2);
        s->group[row] = row / 3;
        set.bad_count += s->is_bad[row];
    }
}

static void it_answers_out_of_fold_as_it_did_when_it_was_chosen(void **state)
{
    (void)state;
    struct arena arena;
    struct sample sample;
    struct boost_fit *fit;
    const struct boost_rules rules = {
        .is_free = true, .depth_max = 3, .fold_count = FOLDS, .bag_count = 1, .seed = 5};
    struct error err = {0};
    CLEANUP(buf_finish) struct buf json;
    arena_init(&arena, 256 * 1024 * 1024);
    buf_init(&json, 1 << 24);
    sample_make(&sample, &arena);
    fit = arena_new(&arena, struct boost_fit);
    assert_non_null(fit);
    if (boost_fit_compute(fit, &json, &sample, &rules, &arena, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    uint8_t *fold = arena_array(&arena, uint8_t, ROWS);
    const struct fold_request request = {.row_count = ROWS,
                                         .group = sample.group,
                                         .group_count = sample.group_count,
                                         .is_bad = sample.is_bad,
                                         .set = sample.set,
                                         .fold_count = FOLDS,
                                         .seed = rules.seed};
    assert_int_equal(fold_assign(fold, &request, &arena, NULL), STATUS_OK);
    const struct boost_trial *chosen = &fit->trials[fit->chosen];
    double sum = 0;
    for (uint32_t k = 0; k < FOLDS; k++) {
        double pd[ROWS];
        uint8_t is_bad[ROWS];
        double weight[ROWS];
        uint32_t count = 0;
        for (uint32_t row = 0; row < ROWS; row++) {
            if (fold[row] == k) {
                pd[count] = fit->log_odds[row];
                weight[count] = sample.weight[row];
                is_bad[count++] = sample.is_bad[row];
            }
        }
        struct metrics metrics;
        const struct scored rows = {count, pd, is_bad, weight};
        assert_int_equal(metrics_compute(&metrics, &rows, &arena, NULL), STATUS_OK);
        /* The same trees; their sums may differ in the last bit, and so an order here or there. */
        assert_true(fabs(metrics.auc - chosen->fold_auc[k]) < 1e-4);
        sum += chosen->fold_auc[k];
    }
    assert_true(fabs(sum / FOLDS - chosen->auc) < 1e-12);
    assert_true(chosen->auc > 0.7 && chosen->auc < 0.95);
    assert_true(chosen->tree_count % 5 == 0 && chosen->tree_count > 0);
    for (uint32_t i = 0; i < fit->trial_count; i++) {
        assert_true(fit->trials[i].auc <= chosen->auc);
        assert_true(fit->trials[i].depth <= rules.depth_max);
    }
    for (uint32_t row = 0; row < ROWS; row++) {
        assert_true(fit->variance[row] >= 0 && fit->variance[row] < 100);
    }
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_answers_out_of_fold_as_it_did_when_it_was_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
