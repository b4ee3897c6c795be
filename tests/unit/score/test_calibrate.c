/* test_calibrate.c - the public map from PD to score, terms, and the rounding of both. */
#include "score/calibrate.h"

#include "score/score.h"

#include "../expect.h"

#include <math.h>

static void maps_a_pd_to_the_published_score(void **state)
{
    (void)state;
    static const struct {
        uint32_t pd_ppm;
        int32_t score;
    } rows[] = {
        {300,     964 },
        {600,     903 },
        {1000,    859 },
        {10000,   659 },
        {19608,   600 },
        {21300,   593 },
        {50000,   516 },
        {100000,  452 },
        {500000,  261 },
        {900000,  71  },
        {950000,  6   },
        {970000,  0   },
        {999999,  0   },
        {1000000, 0   },
        {1,       1000},
        {0,       1000},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(score_of_pd(rows[i].pd_ppm), rows[i].score);
    }
}

static void never_gives_a_higher_pd_a_higher_score(void **state)
{
    (void)state;
    int32_t before = score_of_pd(0);
    for (uint32_t pd_ppm = 1; pd_ppm <= PD_PPM_ONE; pd_ppm++) {
        int32_t score = score_of_pd(pd_ppm);
        assert_true(score <= before);
        before = score;
    }
    assert_int_equal(before, 0);
}

static void rounds_half_to_even(void **state)
{
    (void)state;
    static const struct {
        double x;
        int64_t want;
    } rows[] = {
        {0.0,                 0                },
        {0.5,                 0                },
        {1.5,                 2                },
        {2.5,                 2                },
        {2.5000001,           3                },
        {2.4999999,           2                },
        {0.49999999999999994, 0                },
        {-0.5,                0                },
        {-1.5,                -2               },
        {-2.5,                -2               },
        {-2.50001,            -3               },
        {-0.4,                0                },
        {4503599627370495.5,  4503599627370496 },
        {-4503599627370494.5, -4503599627370494},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_true(round_half_even(rows[i].x) == rows[i].want);
    }
}

static void bounds_and_quantises_a_pd(void **state)
{
    (void)state;
    assert_int_equal(quantised_pd(-1000.0), 300);
    assert_int_equal(quantised_pd(-8.2), 300);
    assert_int_equal(quantised_pd(0.0), 500000);
    assert_int_equal(quantised_pd(-3.8918202981106266), 20000);
    assert_int_equal(quantised_pd(20.0), 999999);
    assert_int_equal(quantised_pd(1000.0), 999999);
}

static void says_log_odds_in_billionths(void **state)
{
    (void)state;
    assert_true(log_odds_nano(-3.123456789) == -3123456789);
    assert_true(log_odds_nano(-3.1234567894) == -3123456789);
    assert_true(log_odds_nano(-3.1234567896) == -3123456790);
    assert_true(log_odds_nano(0.0) == 0);
}

/* odds' = odds * [CT / (1 - CT)] / [r / (1 - r)], after King and Zeng (2001). */
static void shifts_to_the_central_tendency(void **state)
{
    (void)state;
    static const struct {
        double pd, train_rate, rate, want;
    } rows[] = {
        {0.5,  0.5,    0.02,    0.02        },
        {0.2,  0.0267, 0.00774, 0.0663691336},
        {0.01, 0.07,   0.02,    0.0027312775},
        {0.9,  0.34,   0.1756,  0.7881936888},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct model model = {.slope = 1.0, .train_rate = rows[i].train_rate};
        double log_odds = log(rows[i].pd / (1.0 - rows[i].pd));
        double shifted =
            calibrated_log_odds(&model, log_odds, central_tendency_shift(&model, rows[i].rate));
        assert_true(fabs(1.0 / (1.0 + exp(-shifted)) - rows[i].want) < 1e-9);
    }
}

static void takes_slope_and_intercept_before_the_shift(void **state)
{
    (void)state;
    struct model model = {.slope = 0.5, .calibration_intercept = 0.25, .train_rate = 0.1};
    assert_true(fabs(calibrated_log_odds(&model, -3.0, central_tendency_shift(&model, 0.1)) -
                     -1.25) < 1e-15);
}

/* 1 - (1 - PD)^(months / 12): a constant hazard. */
static void spreads_a_pd_over_months(void **state)
{
    (void)state;
    static const struct {
        uint32_t pd_ppm, months, want;
    } rows[] = {
        {20000,   12,  20000  },
        {20000,   1,   1682   },
        {20000,   3,   5038   },
        {20000,   36,  58808  },
        {20000,   0,   0      },
        {0,       12,  0      },
        {300,     12,  300    },
        {300,     1,   25     },
        {999999,  12,  999999 },
        {999999,  600, 1000000},
        {1000000, 1,   1000000},
        {1000000, 0,   0      },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(pd_over_months(rows[i].pd_ppm, rows[i].months), rows[i].want);
    }
    for (uint32_t pd_ppm = 1; pd_ppm < PD_PPM_ONE; pd_ppm += 997) {
        assert_int_equal(pd_over_months(pd_ppm, 12), pd_ppm);
        assert_true(pd_over_months(pd_ppm, 13) >= pd_ppm);
    }
}

static void score_of_more_than_certainty(void)
{
    (void)score_of_pd(PD_PPM_ONE + 1);
}

static void term_of_more_than_certainty(void)
{
    (void)pd_over_months(PD_PPM_ONE + 1, 12);
}

static void rounding_of_no_number(void)
{
    (void)round_half_even((double)NAN);
}

static void stops_at_what_is_no_probability(void **state)
{
    (void)state;
    assert_dies(score_of_more_than_certainty);
    assert_dies(term_of_more_than_certainty);
    assert_dies(rounding_of_no_number);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_a_pd_to_the_published_score),
        cmocka_unit_test(never_gives_a_higher_pd_a_higher_score),
        cmocka_unit_test(rounds_half_to_even),
        cmocka_unit_test(bounds_and_quantises_a_pd),
        cmocka_unit_test(says_log_odds_in_billionths),
        cmocka_unit_test(shifts_to_the_central_tendency),
        cmocka_unit_test(takes_slope_and_intercept_before_the_shift),
        cmocka_unit_test(spreads_a_pd_over_months),
        cmocka_unit_test(stops_at_what_is_no_probability),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
