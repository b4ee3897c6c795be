/* test_select.c - what joins, what may not, and when it ends. */
#include "train/select.h"

#include "train/fold.h"

#include "../expect.h"

#include <math.h>

enum { ROWS = 3000, INPUTS = 5 };

static struct arena arena;
static double strong[ROWS], second[ROWS], copy[ROWS], noise[ROWS], wrong[ROWS], weight[ROWS];
static uint8_t is_bad[ROWS];
static double design[ROWS * 15];
static struct candidate candidates[INPUTS] = {
    {true, 0.01, noise },
    {true, 0.6,  copy  },
    {true, 0.9,  strong},
    {true, 0.4,  second},
    {true, 0.5,  wrong }
};

static double chance(uint64_t *state)
{
    return (double)(splitmix64(state) >> 11) * 0x1p-53;
}

static int set_up(void **state)
{
    (void)state;
    uint64_t seed = 42;
    arena_init(&arena, 16 * 1024 * 1024);
    for (int i = 0; i < ROWS; i++) {
        strong[i] = chance(&seed) * 4 - 2;
        second[i] = chance(&seed) * 2 - 1;
        noise[i] = chance(&seed) * 2 - 1;
        copy[i] = strong[i] + 0.8 * noise[i];
        weight[i] = 1;
        double log_odds = -2 - strong[i] - second[i];
        is_bad[i] = chance(&seed) < 1 / (1 + exp(-log_odds));
        wrong[i] =
            is_bad[i] + chance(&seed); /* rises with the risk: evidence the wrong way round */
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static struct selection selection_of(void)
{
    return (struct selection){.candidates = candidates,
                              .candidate_count = INPUTS,
                              .row_count = ROWS,
                              .is_bad = is_bad,
                              .weight = weight,
                              .design = design};
}

static const struct selection_rules rules = {
    .iv_min = 0.02, .correlation_max = 0.75, .gain_min = 2, .count_max = 15, .ridge = 0};

static void it_takes_the_strong_and_leaves_copies_noise_and_wrong_signs(void **state)
{
    (void)state;
    struct selection s = selection_of();
    assert_int_equal(selection_compute(&s, &rules, &arena, NULL), STATUS_OK);
    assert_int_equal(s.selected_count, 2);
    assert_int_equal(s.selected[0], 2);
    assert_int_equal(s.selected[1], 3);
    assert_true(fabs(s.fit.coefficients[1] + 1) < 0.15);
    assert_true(fabs(s.fit.coefficients[2] + 1) < 0.25);
}

static void it_ends_at_the_limit(void **state)
{
    (void)state;
    struct selection s = selection_of();
    struct selection_rules one = rules;
    one.count_max = 1;
    assert_int_equal(selection_compute(&s, &one, &arena, NULL), STATUS_OK);
    assert_int_equal(s.selected_count, 1);
}

static void it_does_not_take_what_may_not_join(void **state)
{
    (void)state;
    struct selection s = selection_of();
    candidates[2].may_join = false;
    assert_int_equal(selection_compute(&s, &rules, &arena, NULL), STATUS_OK);
    candidates[2].may_join = true;
    assert_int_equal(s.selected[0], 1); /* the copy, then */
}

static void it_refuses_when_nothing_is_left(void **state)
{
    (void)state;
    struct error err = {0};
    struct selection s = selection_of();
    struct selection_rules strict = rules;
    strict.iv_min = 5;
    assert_int_equal(selection_compute(&s, &strict, &arena, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "no input"));
    s.candidate_count = 0;
    assert_int_equal(selection_compute(&s, &rules, &arena, &err), STATUS_INVALID);
}

static void it_measures_correlation(void **state)
{
    (void)state;
    static const double a[] = {1, 2, 3, 4};
    static const double falling[] = {8, 6, 4, 2};
    static const double flat[] = {5, 5, 5, 5};
    static const double w[] = {1, 1, 1, 1};
    static const double first_two[] = {1, 1, 0, 0};
    static const double bent[] = {1, 2, 2, 1};
    assert_true(fabs(correlation_weighted(a, falling, w, 4) + 1) < 1e-12);
    assert_true(fabs(correlation_weighted(a, bent, w, 4)) < 1e-12);
    assert_true(fabs(correlation_weighted(a, bent, first_two, 4) - 1) < 1e-12);
    assert_true(correlation_weighted(a, flat, w, 4) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_takes_the_strong_and_leaves_copies_noise_and_wrong_signs),
        cmocka_unit_test(it_ends_at_the_limit),
        cmocka_unit_test(it_does_not_take_what_may_not_join),
        cmocka_unit_test(it_refuses_when_nothing_is_left),
        cmocka_unit_test(it_measures_correlation),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
