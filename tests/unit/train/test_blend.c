/* test_blend.c - the mixture that tells most, and what it is worth. */
#include "train/blend.h"

#include "train/fold.h"
#include "train/paired.h"

#include "../expect.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ROWS = 6000 };

static char path[] = "/tmp/test_blend_XXXXXX";
static struct arena arena;
static uint8_t is_bad[ROWS], set_of[ROWS];
static uint32_t group[ROWS];
static double weight[ROWS], left[ROWS], right[ROWS], noise[ROWS];
static struct sample_set sets[2];
static struct sample sample;

static double chance(uint64_t *state)
{
    return (double)(splitmix64(state) >> 11) * 0x1p-53;
}

static double bell(uint64_t *state)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        sum += chance(state);
    }
    return sum;
}

/* Bads by the sum of two things of which each score knows one; two sets, two rows a group. */
static int set_up(void **state)
{
    (void)state;
    uint64_t seed = 17;
    int file = mkstemp(path);
    arena_init(&arena, 64 * 1024 * 1024);
    sets[0] = (struct sample_set){.mapping = {.weight = 1}, .row_end = ROWS / 2};
    sets[1] = (struct sample_set){.mapping = {.weight = 1}, .row_begin = ROWS / 2, .row_end = ROWS};
    for (uint32_t row = 0; row < ROWS; row++) {
        left[row] = bell(&seed);
        right[row] = bell(&seed);
        noise[row] = bell(&seed);
        double risk = 1 / (1 + exp(2 - left[row] - right[row]));
        is_bad[row] = chance(&seed) < risk;
        set_of[row] = row >= ROWS / 2;
        group[row] = row / 2;
        weight[row] = 1;
    }
    sample = (struct sample){.row_count = ROWS,
                             .set_count = 2,
                             .group_count = ROWS / 2,
                             .sets = sets,
                             .is_bad = is_bad,
                             .weight = weight,
                             .group = group,
                             .set = set_of};
    return file < 0 || close(file) != 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return unlink(path);
}

static void card_put(const double *log_odds)
{
    CLEANUP(buf_finish) struct buf text;
    buf_init(&text, 1 << 24);
    paired_write(&text, &sample, log_odds);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(buf_str(&text).ptr, 1, buf_str(&text).len, file), buf_str(&text).len);
    assert_int_equal(fclose(file), 0);
}

static struct blend blend_of(const double *trees, const double *card)
{
    struct blend b;
    struct error err = {0};
    card_put(card);
    if (blend_choose(&b, &sample, trees, weight, path, &arena, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    return b;
}

static void it_weighs_two_that_know_as_much_alike(void **state)
{
    (void)state;
    struct blend b = blend_of(left, right);
    assert_true(b.chosen >= 4 && b.chosen <= 6);
    /* Half of each is half of what decides. */
    assert_true(fabs(b.calibration.slope - 2) < 0.25);
    assert_true(fabs(b.calibration.intercept + 2) < 0.2);
    for (uint32_t i = 0; i < 2; i++) {
        assert_true(b.less_trees[i].low > 0.02);
        assert_true(b.less_card[i].low > 0.02);
    }
    for (uint32_t at = 0; at < BLEND_POINTS; at++) {
        assert_true(b.points[at].log_loss >= b.points[b.chosen].log_loss);
        assert_true(fabs(b.points[at].weight - at / 10.0) < 1e-12);
    }
    assert_true(b.covariance[0][1] == b.covariance[1][0]);
    assert_true(b.covariance[0][0] > 1e-4 && b.covariance[0][0] < 0.02);
    assert_true(b.covariance[1][1] > 1e-4 && b.covariance[1][1] < 0.02);
}

static void it_leaves_out_what_knows_nothing(void **state)
{
    (void)state;
    struct blend trees = blend_of(left, noise);
    struct blend card = blend_of(noise, left);
    assert_true(trees.chosen >= 9);
    assert_true(card.chosen <= 1);
    assert_true(trees.points[BLEND_POINTS - 1].auc > trees.points[0].auc + 0.1);
    assert_true(trees.less_card[0].low > 0.1);
    struct blend same = blend_of(left, left);
    assert_true(same.less_trees[0].difference == 0 || fabs(same.less_trees[0].difference) < 1e-6);
}

static void it_refuses_a_card_of_other_rows_and_scores_that_rank_nothing(void **state)
{
    (void)state;
    struct blend b;
    struct error err = {0};
    double upside_down[ROWS];
    for (uint32_t row = 0; row < ROWS; row++) {
        upside_down[row] = -left[row];
    }
    card_put(upside_down);
    assert_int_equal(blend_choose(&b, &sample, left, weight, path, &arena, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "no better than chance"));
    card_put(right);
    is_bad[7] ^= 1;
    assert_int_equal(blend_choose(&b, &sample, left, weight, path, &arena, &err), STATUS_INVALID);
    is_bad[7] ^= 1;
    assert_non_null(strstr(err.message, "row 8 is of other data"));
    assert_int_not_equal(blend_choose(&b, &sample, left, weight, "/nowhere/card.csv", &arena, &err),
                         STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_weighs_two_that_know_as_much_alike),
        cmocka_unit_test(it_leaves_out_what_knows_nothing),
        cmocka_unit_test(it_refuses_a_card_of_other_rows_and_scores_that_rank_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
