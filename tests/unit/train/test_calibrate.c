/* test_calibrate.c - slope and level of probabilities. */
#include "train/calibrate.h"

#include "../expect.h"

#include <math.h>

/* Two scores, 100 rows each: 10 bads at log-odds 0 and 40 at 2. */
enum { ROWS = 200 };

static double log_odds[ROWS], weight[ROWS];
static uint8_t is_bad[ROWS];

static int set_up(void **state)
{
    (void)state;
    for (int i = 0; i < ROWS; i++) {
        log_odds[i] = i < 100 ? 0 : 2;
        is_bad[i] = i < 10 || (i >= 100 && i < 140);
        weight[i] = 1;
    }
    return 0;
}

static void it_passes_through_both_observed_rates(void **state)
{
    (void)state;
    struct calibration c;
    assert_int_equal(calibrate_platt(&c, log_odds, is_bad, weight, ROWS, NULL), STATUS_OK);
    assert_true(fabs(c.intercept - log(10.0 / 90)) < 1e-8);
    assert_true(fabs(c.slope - (log(40.0 / 60) - log(10.0 / 90)) / 2) < 1e-8);
    assert_true(fabs(c.train_rate - 0.25) < 1e-12);
    assert_true(fabs(calibrate_pd(&c, 0, 0.25) - 0.10) < 1e-8);
    assert_true(fabs(calibrate_pd(&c, 2, 0.25) - 0.40) < 1e-8);
}

/* King and Zeng: odds times (rate / (1 - rate)) / (train rate / (1 - train rate)). */
static void it_moves_the_level_to_another_rate(void **state)
{
    (void)state;
    struct calibration c;
    assert_int_equal(calibrate_platt(&c, log_odds, is_bad, weight, ROWS, NULL), STATUS_OK);
    double odds = 40.0 / 60 * (0.02 / 0.98) / (0.25 / 0.75);
    assert_true(fabs(calibrate_pd(&c, 2, 0.02) - odds / (1 + odds)) < 1e-8);
}

static void it_refuses_scores_that_rank_the_wrong_way_or_not_at_all(void **state)
{
    (void)state;
    struct calibration c;
    struct error err = {0};
    double upside_down[ROWS];
    double flat[ROWS];
    for (int i = 0; i < ROWS; i++) {
        upside_down[i] = -log_odds[i];
        flat[i] = 1;
    }
    assert_int_equal(calibrate_platt(&c, upside_down, is_bad, weight, ROWS, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "chance"));
    assert_int_equal(calibrate_platt(&c, flat, is_bad, weight, ROWS, NULL), STATUS_INVALID);
    assert_int_equal(calibrate_platt(&c, log_odds, is_bad, weight, 10, NULL),
                     STATUS_INVALID); /* all bad */
    assert_int_equal(calibrate_platt(&c, log_odds, is_bad, weight, 0, NULL), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_passes_through_both_observed_rates),
        cmocka_unit_test(it_moves_the_level_to_another_rate),
        cmocka_unit_test(it_refuses_scores_that_rank_the_wrong_way_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
