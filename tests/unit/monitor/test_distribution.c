/* test_distribution.c - against scipy 1.10.1 (stats.beta, binom, chi2, norm; special.gammaln). */
#include "monitor/distribution.h"

#include "../expect.h"

static void log_gamma_agrees(void **state)
{
    (void)state;
    static const double rows[][2] = {
        {0.5,     0.5723649429247   },
        {1,       0                 },
        {3.7,     1.428072326665388 },
        {16,      27.899271383840894},
        {100.25,  360.28455963776423},
        {12345.5, 103958.24296512322}
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_close(log_gamma(rows[i][0]) / (1 + rows[i][1]), rows[i][1] / (1 + rows[i][1]),
                     1e-13);
    }
}

static void beta_agrees(void **state)
{
    (void)state;
    static const double rows[][4] = {
        {0.5,    0.5,     0.3,    0.36901011956554536},
        {2,      3,       0.5,    0.6875             },
        {0.5,    100.5,   0.01,   0.8442592798356938 },
        {3.5,    997.5,   0.004,  0.6679362515290832 },
        {50.5,   9950.5,  0.006,  0.9051312766648935 },
        {1000.5, 99000.5, 0.0101, 0.6223293977972368 },
        {5,      1,       0.999,  0.995009990004999  }
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_close(beta_cdf(rows[i][0], rows[i][1], rows[i][2]), rows[i][3], 1e-9);
    }
    assert_close(beta_cdf(2, 3, 0), 0, 0);
    assert_close(beta_cdf(2, 3, 1), 1, 0);
    assert_close(beta_quantile(0.5, 100.5, 0.975), 0.02474527001526989, 1e-10);
    assert_close(beta_quantile(3.5, 97.5, 0.025), 0.00852028310740358, 1e-10);
    assert_close(beta_quantile(12.5, 988.5, 0.975), 0.020233601017093275, 1e-10);
}

static void binomial_tails_agree(void **state)
{
    (void)state;
    static const struct {
        uint32_t n, d;
        double p, tail;
    } rows[] = {
        {100,   0,   0.02,  1                   },
        {100,   3,   0.01,  0.07937320225218046 },
        {1000,  20,  0.012, 0.020603576863298886},
        {50,    50,  0.9,   0.005153775207320118},
        {50000, 700, 0.013, 0.026379197942160527},
        {10,    11,  0.5,   0                   }
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_close(binomial_upper_tail(rows[i].n, rows[i].d, rows[i].p), rows[i].tail, 1e-9);
    }
}

static void chi2_agrees(void **state)
{
    (void)state;
    static const double tails[][3] = {
        {3.841458820694124, 1,   0.05                },
        {5,                 3,   0.1717971442967335  },
        {30,                10,  0.000856641210775301},
        {2,                 17,  0.9999965577037006  },
        {250,               200, 0.009379131668826098},
        {0,                 4,   1                   }
    };
    static const double quantiles[][3] = {
        {0.95, 1,  3.841458820694124 },
        {0.95, 9,  16.918977604620448},
        {0.95, 17, 27.58711163827534 },
        {0.99, 4,  13.276704135987622}
    };
    for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
        assert_close(chi2_upper_tail(tails[i][0], tails[i][1]), tails[i][2], 1e-10);
    }
    for (size_t i = 0; i < ARRAY_LEN(quantiles); i++) {
        assert_close(chi2_quantile(quantiles[i][0], quantiles[i][1]), quantiles[i][2], 1e-8);
    }
}

static void normal_agrees(void **state)
{
    (void)state;
    assert_close(normal_quantile(0.975), 1.959963984540054, 1e-8);
    assert_close(normal_quantile(0.5), 0, 1e-8);
    assert_close(normal_quantile(0.001), -3.090232306167813, 1e-7);
    assert_close(normal_two_sided_p(-1.959963984540054), 0.05, 1e-9);
    assert_close(normal_two_sided_p(1.959963984540054), 0.05, 1e-9);
}

static void no_probability(void)
{
    (void)beta_cdf(1, 1, 1.5);
}
static void no_shape(void)
{
    (void)beta_cdf(0, 1, 0.5);
}
static void certain(void)
{
    (void)normal_quantile(1);
}

static void refuses_what_is_none(void **state)
{
    (void)state;
    assert_dies(no_probability);
    assert_dies(no_shape);
    assert_dies(certain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(log_gamma_agrees),     cmocka_unit_test(beta_agrees),
        cmocka_unit_test(binomial_tails_agree), cmocka_unit_test(chi2_agrees),
        cmocka_unit_test(normal_agrees),        cmocka_unit_test(refuses_what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
