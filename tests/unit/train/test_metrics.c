/* test_metrics.c - figures against values computed by hand. */
#include "train/metrics.h"

#include "../expect.h"

#include <math.h>

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

/* Two bads at 0.8 and 0.5, three goods at 0.5 (a tie), 0.3 and 0.1. */
static const double pd[] = {0.5, 0.8, 0.1, 0.5, 0.3};
static const uint8_t is_bad[] = {1, 1, 0, 0, 0};

static void it_computes_every_figure_by_hand(void **state)
{
    (void)state;
    struct metrics m;
    assert_int_equal(metrics_compute(&m, &(struct scored){5, pd, is_bad, NULL}, &arena, NULL),
                     STATUS_OK);
    assert_int_equal(m.n, 5);
    assert_int_equal(m.bads, 2);
    assert_true(fabs(m.auc - 5.5 / 6) < 1e-12); /* 3 pairs + 2 pairs + half a tie, of 6 */
    assert_true(fabs(m.gini - (2 * 5.5 / 6 - 1)) < 1e-12);
    assert_true(fabs(m.ks - 2.0 / 3) < 1e-12); /* at 0.3: two goods of three, no bad */
    assert_true(fabs(m.average_precision - 5.0 / 6) < 1e-12); /* 1/2 * 1 + 1/2 * 2/3 */
    assert_true(fabs(m.brier - 0.128) < 1e-12);
    assert_true(fabs(m.log_loss - 0.4142949) < 1e-6);
    assert_true(fabs(m.ece - 0.32) < 1e-12); /* five rows, each alone in its bin */
    assert_true(fabs(m.auc_se - 0.160900) < 1e-5);
}

static void it_takes_a_weight_of_two_for_two_rows(void **state)
{
    (void)state;
    static const double weight[] = {2, 1, 1, 2, 1};
    static const double pd_twice[] = {0.5, 0.5, 0.8, 0.1, 0.5, 0.5, 0.3};
    static const uint8_t bad_twice[] = {1, 1, 1, 0, 0, 0, 0};
    struct metrics weighted;
    struct metrics twice;
    assert_int_equal(
        metrics_compute(&weighted, &(struct scored){5, pd, is_bad, weight}, &arena, NULL), 0);
    assert_int_equal(
        metrics_compute(&twice, &(struct scored){7, pd_twice, bad_twice, NULL}, &arena, NULL), 0);
    assert_true(fabs(weighted.auc - twice.auc) < 1e-12);
    assert_true(fabs(weighted.ks - twice.ks) < 1e-12);
    assert_true(fabs(weighted.average_precision - twice.average_precision) < 1e-12);
    assert_true(fabs(weighted.brier - twice.brier) < 1e-12);
    assert_true(fabs(weighted.log_loss - twice.log_loss) < 1e-12);
}

static void it_gives_one_half_when_all_scores_are_the_same(void **state)
{
    (void)state;
    static const double same[] = {0.4, 0.4, 0.4, 0.4, 0.4};
    struct metrics m;
    assert_int_equal(metrics_compute(&m, &(struct scored){5, same, is_bad, NULL}, &arena, NULL), 0);
    assert_true(m.auc == 0.5);
    assert_true(m.ks < 1e-12);
    assert_true(fabs(m.average_precision - 0.4) < 1e-12); /* the share of bads */
}

static void it_bounds_the_loss_of_a_certain_mistake(void **state)
{
    (void)state;
    static const double certain[] = {0, 1, 1, 0, 0};
    struct metrics m;
    assert_int_equal(metrics_compute(&m, &(struct scored){5, certain, is_bad, NULL}, &arena, NULL),
                     0);
    assert_true(isfinite(m.log_loss));
    assert_true(m.log_loss > 10);
}

static void it_refuses_rows_of_one_class(void **state)
{
    (void)state;
    static const uint8_t none[] = {0, 0, 0, 0, 0};
    static const uint8_t all[] = {1, 1, 1, 1, 1};
    static const double weightless[] = {0, 0, 1, 1, 1};
    struct metrics m;
    struct auc_difference d;
    assert_int_equal(metrics_compute(&m, &(struct scored){5, pd, none, NULL}, &arena, NULL),
                     STATUS_INVALID);
    assert_int_equal(metrics_compute(&m, &(struct scored){5, pd, all, NULL}, &arena, NULL),
                     STATUS_INVALID);
    assert_int_equal(metrics_compute(&m, &(struct scored){0, pd, none, NULL}, &arena, NULL),
                     STATUS_INVALID);
    assert_int_equal(metrics_compute(&m, &(struct scored){5, pd, is_bad, weightless}, &arena, NULL),
                     STATUS_INVALID);
    assert_int_equal(auc_compare(&d, pd, pd, all, 5, &arena, NULL), STATUS_INVALID);
}

static void it_says_when_memory_is_short(void **state)
{
    (void)state;
    struct arena small;
    struct metrics m;
    struct auc_difference d;
    arena_init(&small, 64);
    assert_int_equal(metrics_compute(&m, &(struct scored){5, pd, is_bad, NULL}, &small, NULL),
                     STATUS_TOO_LARGE);
    assert_int_equal(auc_compare(&d, pd, pd, is_bad, 5, &small, NULL), STATUS_TOO_LARGE);
    arena_finish(&small);
}

static void it_compares_two_scores_on_the_same_rows(void **state)
{
    (void)state;
    /* Bads 3 and 4, goods 1 and 2: a orders all four pairs, b three of them. */
    static const double a[] = {3, 4, 1, 2};
    static const double b[] = {3, 1.5, 1, 2};
    static const uint8_t bad[] = {1, 1, 0, 0};
    struct auc_difference d;
    assert_int_equal(auc_compare(&d, a, b, bad, 4, &arena, NULL), STATUS_OK);
    assert_true(d.auc_a == 1.0);
    assert_true(fabs(d.auc_b - 0.75) < 1e-12);
    assert_true(fabs(d.difference - 0.25) < 1e-12);
    assert_true(fabs(d.se - 0.3535533905932738) < 1e-12); /* sqrt(1/16 + 1/16) */
    assert_int_equal(auc_compare(&d, a, a, bad, 4, &arena, NULL), STATUS_OK);
    assert_true(d.difference == 0 && d.se == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_computes_every_figure_by_hand),
        cmocka_unit_test(it_takes_a_weight_of_two_for_two_rows),
        cmocka_unit_test(it_gives_one_half_when_all_scores_are_the_same),
        cmocka_unit_test(it_bounds_the_loss_of_a_certain_mistake),
        cmocka_unit_test(it_refuses_rows_of_one_class),
        cmocka_unit_test(it_says_when_memory_is_short),
        cmocka_unit_test(it_compares_two_scores_on_the_same_rows),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
