/* test_elementary.c - exp, log, log10, pow and sqrt against the nearest double to the true value.
 *
 * The expected bits were computed to 400 bits (mpmath) and rounded once.  They are the same under
 * every compiler, optimisation and processor: that is the point of having functions of our own. */
#include "base/elementary.h"

#include "../expect.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double exp_of(double x, double ignored)
{
    (void)ignored;
    return elementary_exp(x);
}

static double log_of(double x, double ignored)
{
    (void)ignored;
    return elementary_log(x);
}

static double log10_of(double x, double ignored)
{
    (void)ignored;
    return elementary_log10(x);
}

static double pow_of(double x, double y)
{
    return elementary_pow(x, y);
}

static double sqrt_of(double x, double ignored)
{
    (void)ignored;
    return elementary_sqrt(x);
}

/* clang-format off */
static const struct {
    const char *name;
    double (*function)(double x, double y);
    double x, y;
    uint64_t bits;
} vectors[] = {
    {"exp", exp_of, 0x0.0p+0, 0x0.0p+0, UINT64_C(0x3ff0000000000000)},
    {"exp", exp_of, -0x0.0p+0, 0x0.0p+0, UINT64_C(0x3ff0000000000000)},
    {"exp", exp_of, 0x1.0000000000000p+0, 0x0.0p+0, UINT64_C(0x4005bf0a8b145769)},
    {"exp", exp_of, -0x1.0000000000000p+0, 0x0.0p+0, UINT64_C(0x3fd78b56362cef38)},
    {"exp", exp_of, 0x1.0000000000000p-1, 0x0.0p+0, UINT64_C(0x3ffa61298e1e069c)},
    {"exp", exp_of, 0x1.0000000000000p+1, 0x0.0p+0, UINT64_C(0x401d8e64b8d4ddae)},
    {"exp", exp_of, 0x1.4000000000000p+3, 0x0.0p+0, UINT64_C(0x40d5829dcf950560)},
    {"exp", exp_of, -0x1.4000000000000p+3, 0x0.0p+0, UINT64_C(0x3f07cd79b5647c9b)},
    {"exp", exp_of, 0x1.b7cdfd9d7bdbbp-34, 0x0.0p+0, UINT64_C(0x3ff000000006df38)},
    {"exp", exp_of, -0x1.70ef54646d497p-57, 0x0.0p+0, UINT64_C(0x3ff0000000000000)},
    {"exp", exp_of, 0x1.62e42fefa39efp-1, 0x0.0p+0, UINT64_C(0x4000000000000000)},
    {"exp", exp_of, 0x1.62e42fefa39efp+9, 0x0.0p+0, UINT64_C(0x7fefffffffffff2a)},
    {"exp", exp_of, -0x1.6232bdd7abcd2p+9, 0x0.0p+0, UINT64_C(0x001000000000007c)},
    {"exp", exp_of, -0x1.748cccccccccdp+9, 0x0.0p+0, UINT64_C(0x0000000000000001)},
    {"exp", exp_of, -0x1.6840000000000p+9, 0x0.0p+0, UINT64_C(0x00000005cf08fff0)},
    {"exp", exp_of, 0x1.f4bd2b7ac1bafp+1, 0x0.0p+0, UINT64_C(0x4048ffffffffffff)},
    {"exp", exp_of, -0x1.f7460ff5100ffp+1, 0x0.0p+0, UINT64_C(0x3f94141414141414)},
    {"exp", exp_of, 0x1.62e42fefa39efp-2, 0x0.0p+0, UINT64_C(0x3ff6a09e667f3bcc)},
    {"exp", exp_of, 0x1.9200000000000p+6, 0x0.0p+0, UINT64_C(0x48ffcc37a76f9e76)},
    {"exp", exp_of, -0x1.2a00000000000p+5, 0x0.0p+0, UINT64_C(0x3c93278bcd70e981)},
    {"exp", exp_of, 0x1.4000000000000p+4, 0x0.0p+0, UINT64_C(0x41bceb088b68e804)},
    {"exp", exp_of, -0x1.4000000000000p+4, 0x0.0p+0, UINT64_C(0x3e21b48655f37267)},
    {"exp", exp_of, 0x1.0390d5a5b9629p+3, 0x0.0p+0, UINT64_C(0x40aa08ae037d97c5)},
    {"exp", exp_of, -0x1.e7a224abd9920p+0, 0x0.0p+0, UINT64_C(0x3fc30d8237cbde3e)},
    {"exp", exp_of, 0x1.3208dca4646f0p+1, 0x0.0p+0, UINT64_C(0x4025d8b6f10e4458)},
    {"exp", exp_of, 0x1.0f7ea97e7f588p+4, 0x0.0p+0, UINT64_C(0x417651e69083e40c)},
    {"exp", exp_of, -0x1.5fbe47bda7970p+0, 0x0.0p+0, UINT64_C(0x3fd032ae1f0487a5)},
    {"exp", exp_of, 0x1.412db519d5680p-2, 0x0.0p+0, UINT64_C(0x3ff5e503f3847926)},
    {"exp", exp_of, 0x1.bf690af9898c0p+1, 0x0.0p+0, UINT64_C(0x40407b4b9d069181)},
    {"log", log_of, 0x0.012688b70e62bp-1022, 0x0.0p+0, UINT64_C(0xc0864e69394d9508)},
    {"log", log_of, 0x1.0000000000000p+0, 0x0.0p+0, UINT64_C(0x0000000000000000)},
    {"log", log_of, 0x1.0000000000000p+1, 0x0.0p+0, UINT64_C(0x3fe62e42fefa39ef)},
    {"log", log_of, 0x1.0000000000000p-1, 0x0.0p+0, UINT64_C(0xbfe62e42fefa39ef)},
    {"log", log_of, 0x1.4000000000000p+3, 0x0.0p+0, UINT64_C(0x40026bb1bbb55516)},
    {"log", log_of, 0x1.f400000000000p+9, 0x0.0p+0, UINT64_C(0x401ba18a998fffa0)},
    {"log", log_of, 0x1.fffffffffffffp-1, 0x0.0p+0, UINT64_C(0xbca0000000000000)},
    {"log", log_of, 0x1.0000000000001p+0, 0x0.0p+0, UINT64_C(0x3cafffffffffffff)},
    {"log", log_of, 0x1.9000000000000p+5, 0x0.0p+0, UINT64_C(0x400f4bd2b7ac1baf)},
    {"log", log_of, 0x1.47ae147ae147bp-6, 0x0.0p+0, UINT64_C(0xc00f4bd2b7ac1baf)},
    {"log", log_of, 0x1.3a92a30553261p-12, 0x0.0p+0, UINT64_C(0xc02039346c5fb4b4)},
    {"log", log_of, 0x1.a0aaaaaaaaaabp+11, 0x0.0p+0, UINT64_C(0x402039346c5fb4b4)},
    {"log", log_of, 0x1.56e1fc2f8f359p-997, 0x0.0p+0, UINT64_C(0xc085963447f87fb5)},
    {"log", log_of, 0x1.7e43c8800759cp+996, 0x0.0p+0, UINT64_C(0x4085963447f87fb5)},
    {"log", log_of, 0x0.0000000000001p-1022, 0x0.0p+0, UINT64_C(0xc0874385446d71c3)},
    {"log", log_of, 0x1.0000000000000p-1022, 0x0.0p+0, UINT64_C(0xc086232bdd7abcd2)},
    {"log", log_of, 0x1.fffffffffffffp+1023, 0x0.0p+0, UINT64_C(0x40862e42fefa39ef)},
    {"log", log_of, 0x1.6a09e667f3bccp-1, 0x0.0p+0, UINT64_C(0xbfd62e42fefa39f1)},
    {"log", log_of, 0x1.6a09e667f3bcdp-1, 0x0.0p+0, UINT64_C(0xbfd62e42fefa39ee)},
    {"log", log_of, 0x1.6a09e667f3bcdp+0, 0x0.0p+0, UINT64_C(0x3fd62e42fefa39f0)},
    {"log", log_of, 0x1.92a737110e454p-19, 0x0.0p+0, UINT64_C(0xc0296f0d4a3a5f3f)},
    {"log", log_of, 0x1.ffffde7210be9p-1, 0x0.0p+0, UINT64_C(0xbeb0c6f82d74d230)},
    {"log", log_of, 0x1.d8bb00c13f834p-1, 0x0.0p+0, UINT64_C(0xbfb46db88d121d53)},
    {"log", log_of, 0x1.479f1c860fa18p+1, 0x0.0p+0, UINT64_C(0x3fee1313dab25902)},
    {"log", log_of, 0x1.931ffc211de07p+1, 0x0.0p+0, UINT64_C(0x3ff25aff747ad697)},
    {"log", log_of, 0x1.fb8154aee4d64p+1, 0x0.0p+0, UINT64_C(0x3ff60a24ff7133f0)},
    {"log", log_of, 0x1.e1e97f1dd1d26p-2, 0x0.0p+0, UINT64_C(0xbfe81e649b062a9a)},
    {"log", log_of, 0x1.845a8696afedbp+0, 0x0.0p+0, UINT64_C(0x3fdaabd979c0b6e7)},
    {"log10", log10_of, 0x1.0000000000000p+0, 0x0.0p+0, UINT64_C(0x0000000000000000)},
    {"log10", log10_of, 0x1.4000000000000p+3, 0x0.0p+0, UINT64_C(0x3ff0000000000000)},
    {"log10", log10_of, 0x1.9000000000000p+6, 0x0.0p+0, UINT64_C(0x4000000000000000)},
    {"log10", log10_of, 0x1.c6bf526340000p+49, 0x0.0p+0, UINT64_C(0x402e000000000000)},
    {"log10", log10_of, 0x1.0624dd2f1a9fcp-10, 0x0.0p+0, UINT64_C(0xc008000000000000)},
    {"log10", log10_of, 0x1.0000000000000p+1, 0x0.0p+0, UINT64_C(0x3fd34413509f79ff)},
    {"log10", log10_of, 0x1.e240c9fbe76c9p+16, 0x0.0p+0, UINT64_C(0x40145db61a282512)},
    {"log10", log10_of, 0x0.0000000000001p-1022, 0x0.0p+0, UINT64_C(0xc07434e6420f4374)},
    {"log10", log10_of, 0x1.7e43c8800759cp+996, 0x0.0p+0, UINT64_C(0x4072c00000000000)},
    {"log10", log10_of, 0x1.7ae147ae147aep-2, 0x0.0p+0, UINT64_C(0xbfdba2953c667e00)},
    {"pow", pow_of, 0x1.0000000000000p+1, 0x1.0000000000000p-1, UINT64_C(0x3ff6a09e667f3bcd)},
    {"pow", pow_of, 0x1.f5c28f5c28f5cp-1, 0x1.0000000000000p-2, UINT64_C(0x3fefd6baaa9ef5c9)},
    {"pow", pow_of, 0x1.f5c28f5c28f5cp-1, 0x1.8000000000000p+1, UINT64_C(0x3fee1e3eaf6837f7)},
    {"pow", pow_of, 0x1.ffd8adab9f55ap-1, 0x1.4000000000000p+2, UINT64_C(0x3feff3b828abbf48)},
    {"pow", pow_of, 0x1.4000000000000p+3, -0x1.8000000000000p+1, UINT64_C(0x3f50624dd2f1a9fc)},
    {"pow", pow_of, 0x1.0000000000000p-1, 0x1.0c80000000000p+10, UINT64_C(0x0000000000000001)},
    {"pow", pow_of, 0x1.0000000000000p+1, 0x1.ffc0000000000p+9, UINT64_C(0x7fe6a09e667f3bcd)},
    {"pow", pow_of, 0x1.8000000000000p+0, 0x1.9000000000000p+6, UINT64_C(0x43969194f299cdda)},
    {"pow", pow_of, 0x1.999999999999ap-5, 0x1.4000000000000p+1, UINT64_C(0x3f42515fdab8464e)},
    {"pow", pow_of, 0x1.c000000000000p+2, 0x0.0p+0, UINT64_C(0x3ff0000000000000)},
    {"pow", pow_of, 0x1.ffffde7210be9p-1, 0x1.e848000000000p+19, UINT64_C(0x3fd78b5570a90a47)},
    {"pow", pow_of, 0x1.8000000000000p+1, 0x1.0000000000000p+0, UINT64_C(0x4008000000000000)},
    {"pow", pow_of, 0x1.7e43c8800759cp+996, -0x1.0000000000000p+0, UINT64_C(0x01a56e1fc2f8f359)},
    {"sqrt", sqrt_of, 0x0.0p+0, 0x0.0p+0, UINT64_C(0x0000000000000000)},
    {"sqrt", sqrt_of, 0x1.0000000000000p+1, 0x0.0p+0, UINT64_C(0x3ff6a09e667f3bcd)},
    {"sqrt", sqrt_of, 0x1.3333333333333p-3, 0x0.0p+0, UINT64_C(0x3fd8c97ef43f7248)},
    {"sqrt", sqrt_of, 0x1.56e1fc2f8f359p-997, 0x0.0p+0, UINT64_C(0x20ca2fe76a3f9475)},
    {"sqrt", sqrt_of, 0x1.7e43c8800759cp+996, 0x0.0p+0, UINT64_C(0x5f138d352e5096af)},
    {"sqrt", sqrt_of, 0x1.0000000000000p-1, 0x0.0p+0, UINT64_C(0x3fe6a09e667f3bcd)},
    {"sqrt", sqrt_of, 0x1.2000000000000p+7, 0x0.0p+0, UINT64_C(0x4028000000000000)},
};
/* clang-format on */

_Static_assert(ARRAY_LEN(vectors) >= 60, "enough vectors to meet every branch");

static void gives_the_nearest_double(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
        uint64_t got = bits_of(vectors[i].function(vectors[i].x, vectors[i].y));
        if (got != vectors[i].bits) {
            print_error("%s(%a, %a): got %016" PRIx64 ", want %016" PRIx64 "\n", vectors[i].name,
                        vectors[i].x, vectors[i].y, got, vectors[i].bits);
        }
        assert_true(got == vectors[i].bits);
    }
}

static void overflows_to_infinity_and_underflows_to_zero(void **state)
{
    (void)state;
    assert_true(elementary_exp(709.9) == (double)INFINITY);
    assert_true(elementary_exp(1e308) == (double)INFINITY);
    assert_true(elementary_exp((double)INFINITY) == (double)INFINITY);
    assert_true(elementary_exp(-745.3) == 0.0);
    assert_true(elementary_exp(-(double)INFINITY) == 0.0);
    assert_true(elementary_pow(10.0, 400.0) == (double)INFINITY);
    assert_true(elementary_pow(10.0, -400.0) == 0.0);
    assert_true(elementary_pow(10.0, 1e300) == (double)INFINITY);
}

/* A step of one double may not turn a worse PD into a better one. */
static void never_steps_back(void **state)
{
    (void)state;
    static const double starts[] = {-20.0, -8.1114, -3.9318, -0.6931, 0.34657, 1.0, 3.912, 15.9};
    for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
        double x = starts[i];
        for (int step = 0; step < 2000; step++) {
            double next = nextafter(x, 100.0);
            assert_true(elementary_exp(next) >= elementary_exp(x));
            assert_true(logistic(next) >= logistic(x));
            if (x > 0.0) {
                assert_true(elementary_log(next) >= elementary_log(x));
            }
            x = next;
        }
    }
}

static void knows_the_normal_distribution(void **state)
{
    (void)state;
    static const struct {
        double x, want;
    } rows[] = {
        {-38.0,  2.8854283600687843e-316},
        {-10.0,  7.6198530241605261e-24 },
        {-5.0,   2.8665157187919391e-7  },
        {-4.0,   3.1671241833119921e-5  },
        {-3.999, 3.1805340054202033e-5  },
        {-1.645, 0.049984905539121363   },
        {-1.0,   0.15865525393145705    },
        {-0.1,   0.46017216272297102    },
        {0.0,    0.5                    },
        {0.1,    0.53982783727702898    },
        {1.0,    0.84134474606854295    },
        {1.645,  0.95001509446087864    },
        {2.5,    0.99379033467422386    },
        {4.0,    0.99996832875816688    },
        {6.0,    0.99999999901341235    },
        {9.0,    1.0                    },
        {50.0,   1.0                    },
        {-50.0,  0.0                    },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        double gap = elementary_normal_cdf(rows[i].x) - rows[i].want;
        assert_true(fabs(gap) <= 1e-10);
        assert_true(fabs(gap) <= 1e-9 * rows[i].want); /* far tails too */
    }
}

static void turns_probabilities_into_log_odds_and_back(void **state)
{
    (void)state;
    static const struct {
        double p, log_odds;
    } rows[] = {
        {1e-6,     -13.815509557963774    },
        {0.0003,   -8.1114280382990711    },
        {0.02,     -3.8918202981106266    },
        {0.4999,   -0.00040000000533328941},
        {0.5,      0.0                    },
        {0.9,      2.1972245773362196     },
        {0.999999, 13.815509557935018     },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_true(fabs(logit(rows[i].p) - rows[i].log_odds) <= 1e-10);
        assert_true(fabs(logistic(rows[i].log_odds) - rows[i].p) <= 1e-14);
    }
    assert_true(logistic(1e6) == 1.0);
    assert_true(logistic(-1e6) == 0.0);
}

static void log_of_zero(void)
{
    (void)elementary_log(0.0);
}

static void log_of_less_than_zero(void)
{
    (void)elementary_log(-1.0);
}

static void log_of_infinity(void)
{
    (void)elementary_log((double)INFINITY);
}

static void exp_of_no_number(void)
{
    (void)elementary_exp((double)NAN);
}

static void root_of_less_than_zero(void)
{
    (void)elementary_sqrt(-1.0);
}

static void logit_of_zero(void)
{
    (void)logit(0.0);
}

static void logit_of_one(void)
{
    (void)logit(1.0);
}

static void power_without_end(void)
{
    (void)elementary_pow(2.0, (double)INFINITY);
}

static void stops_where_there_is_no_answer(void **state)
{
    (void)state;
    assert_dies(log_of_zero);
    assert_dies(log_of_less_than_zero);
    assert_dies(log_of_infinity);
    assert_dies(exp_of_no_number);
    assert_dies(root_of_less_than_zero);
    assert_dies(logit_of_zero);
    assert_dies(logit_of_one);
    assert_dies(power_without_end);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_nearest_double),
        cmocka_unit_test(overflows_to_infinity_and_underflows_to_zero),
        cmocka_unit_test(never_steps_back),
        cmocka_unit_test(knows_the_normal_distribution),
        cmocka_unit_test(turns_probabilities_into_log_odds_and_back),
        cmocka_unit_test(stops_where_there_is_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
