/* elementary.c - exp and log in pairs of doubles, rounded once.
 *
 * A value is carried as hi + lo, about 100 bits, so that the one rounding at the end decides and
 * the result is the nearest double in all but a few cases in a million.  Products and sums are
 * split exactly after Dekker (1971) and Knuth; that holds because nothing here may be fused or
 * reordered. */
#include "base/elementary.h"

#include "base/check.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* ln 2 in two parts: the first has 42 bits, so that k * LN2_HIGH is exact for every exponent k. */
static const double LN2_HIGH = 0x1.62e42fefa3800p-1;
static const double LN2_LOW = 0x1.ef35793c76730p-45;
static const double LOG2_E = 0x1.71547652b82fep+0;
static const double SQRT_HALF = 0x1.6a09e667f3bcdp-1;
static const double ONE_OVER_SQRT_2PI = 0x1.9884533d43651p-2;

struct pair {
    double hi, lo; /* hi is the nearest double to the sum */
};

static const struct pair ONE_THIRD = {0x1.5555555555555p-2, 0x1.5555555555555p-56};
static const struct pair LOG10_E = {0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57};

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* 2^k.  Requires: a normal number. */
static double power_of_two(int k)
{
    CHECK(k >= -1022 && k <= 1023);
    return double_of((uint64_t)(k + 1023) << 52);
}

static struct pair sum_exact(double a, double b)
{
    double sum = a + b;
    double part = sum - a;
    return (struct pair){sum, (a - (sum - part)) + (b - part)};
}

/* Requires: |a| >= |b|, or a is zero. */
static struct pair sum_ordered(double a, double b)
{
    double sum = a + b;
    return (struct pair){sum, b - (sum - a)};
}

/* The upper 26 bits of x. */
static double upper_half(double x)
{
    double scaled = 134217729.0 * x; /* 2^27 + 1 */
    return scaled - (scaled - x);
}

static struct pair product_exact(double a, double b)
{
    double product = a * b;
    double a1 = upper_half(a);
    double a2 = a - a1;
    double b1 = upper_half(b);
    double b2 = b - b1;
    return (struct pair){product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2};
}

static struct pair pair_add(struct pair a, struct pair b)
{
    struct pair sum = sum_exact(a.hi, b.hi);
    return sum_ordered(sum.hi, sum.lo + (a.lo + b.lo));
}

static struct pair pair_mul(struct pair a, struct pair b)
{
    struct pair product = product_exact(a.hi, b.hi);
    return sum_ordered(product.hi, product.lo + (a.hi * b.lo + a.lo * b.hi));
}

/* Requires: factor is a power of two. */
static struct pair pair_scale(struct pair a, double factor)
{
    return (struct pair){a.hi * factor, a.lo * factor};
}

/* a / b */
static struct pair pair_quotient(double a, struct pair b)
{
    double first = a / b.hi;
    struct pair back = product_exact(first, b.hi);
    double rest = ((a - back.hi) - back.lo) - first * b.lo;
    return sum_ordered(first, rest / b.hi);
}

/* ln m = 2 artanh(s) = 2 (s + s^3 / 3 + s^5 / 5 + ...) with s = (m - 1) / (m + 1), |s| < 0.172. */
static struct pair log_of_mantissa(double m)
{
    struct pair s = pair_quotient(m - 1.0, sum_exact(m, 1.0));
    struct pair z = pair_mul(s, s);
    double tail = 0.0; /* 1/5 + z/7 + ... + z^10/25 */
    for (int odd = 25; odd >= 5; odd -= 2) {
        tail = tail * z.hi + 1.0 / odd;
    }
    struct pair higher = pair_add(pair_mul(z, ONE_THIRD), (struct pair){z.hi * z.hi * tail, 0.0});
    return pair_scale(pair_add(s, pair_mul(s, higher)), 2.0);
}

static struct pair log_pair(double x)
{
    CHECK(x > 0.0);
    CHECK(x <= 0x1.fffffffffffffp+1023);
    int exponent = 0;
    if (x < 0x1p-1022) { /* subnormal */
        x *= 0x1p54;
        exponent = -54;
    }
    uint64_t bits = bits_of(x);
    exponent += (int)(bits >> 52) - 1023;
    double m = double_of((bits & UINT64_C(0xfffffffffffff)) | UINT64_C(0x3ff0000000000000));
    if (m > 2.0 * SQRT_HALF) {
        m *= 0.5;
        exponent += 1;
    }
    struct pair mantissa = log_of_mantissa(m);
    double k = exponent;
    return pair_add((struct pair){k * LN2_HIGH, k * LN2_LOW}, mantissa);
}

/* e^r - 1 for |r| < 0.35: the series at r / 16, then (1 + e)^2 - 1 = 2e + e^2 four times. */
static struct pair exp_minus_one(struct pair r)
{
    struct pair t = pair_scale(r, 0.0625);
    double tail = 0.0; /* t^3/3! + ... + t^10/10! = t^3/6 (1 + t/4 (1 + t/5 (... (1 + t/10)))) */
    for (int n = 10; n >= 3; n--) {
        tail = (1.0 + tail) * t.hi / n;
    }
    tail = tail * t.hi * t.hi * 0.5;
    struct pair e = pair_add(t, pair_scale(pair_mul(t, t), 0.5));
    e = pair_add(e, (struct pair){tail, 0.0});
    for (int i = 0; i < 4; i++) {
        e = pair_add(pair_scale(e, 2.0), pair_mul(e, e));
    }
    return e;
}

/* Requires: x is a number (infinities are taken). */
static double exp_of_pair(struct pair x)
{
    CHECK(x.hi == x.hi);
    if (x.hi > 709.8) {
        return (double)INFINITY;
    }
    if (x.hi < -745.2) {
        return 0.0;
    }
    int k = (int)(x.hi * LOG2_E + (x.hi < 0.0 ? -0.5 : 0.5));
    struct pair r = sum_exact(x.hi, -k * LN2_HIGH);
    r = pair_add(r, (struct pair){x.lo, 0.0});
    r = pair_add(r, (struct pair){-k * LN2_LOW, 0.0});
    struct pair e = exp_minus_one(r);
    struct pair result = pair_add((struct pair){1.0, 0.0}, e);
    /* In two exact steps and one that may round: 2^k itself may be no double. */
    int half = k / 2;
    return (result.hi + result.lo) * power_of_two(half) * power_of_two(k - half);
}

double elementary_exp(double x)
{
    return exp_of_pair((struct pair){x, 0.0});
}

double elementary_log(double x)
{
    struct pair result = log_pair(x);
    return result.hi + result.lo;
}

double elementary_log10(double x)
{
    struct pair result = pair_mul(log_pair(x), LOG10_E);
    return result.hi + result.lo;
}

double elementary_pow(double x, double y)
{
    CHECK(y - y == 0.0); /* finite */
    struct pair logarithm = log_pair(x);
    double rough = logarithm.hi * y;
    if (rough > 1000.0 || rough < -1000.0) {
        return exp_of_pair((struct pair){rough, 0.0});
    }
    return exp_of_pair(pair_mul(logarithm, (struct pair){y, 0.0}));
}

/* IEEE 754 defines the square root to the last bit; the build turns this into one instruction. */
double elementary_sqrt(double x)
{
    CHECK(x >= 0.0);
    return __builtin_sqrt(x);
}

/* The upper tail for x >= 4: Laplace's continued fraction, from the bottom up. */
static double normal_tail(double x, double density)
{
    double rest = x;
    for (int n = 60; n >= 1; n--) {
        rest = x + n / rest;
    }
    return density / rest;
}

/* Phi(x) = 1/2 + phi(x) (x + x^3/3 + x^5/(3*5) + ...): all terms have one sign. */
double elementary_normal_cdf(double x)
{
    CHECK(x == x);
    double size = x < 0.0 ? -x : x;
    if (size > 40.0) {
        return x < 0.0 ? 0.0 : 1.0;
    }
    double density = ONE_OVER_SQRT_2PI * elementary_exp(-0.5 * size * size);
    if (size >= 4.0) {
        double tail = normal_tail(size, density);
        return x < 0.0 ? tail : 1.0 - tail;
    }
    double term = size;
    double sum = size;
    for (int n = 3; term > 1e-20 * sum; n += 2) {
        term *= size * size / n;
        sum += term;
    }
    return x < 0.0 ? 0.5 - density * sum : 0.5 + density * sum;
}

double logit(double p)
{
    CHECK(p > 0.0);
    CHECK(p < 1.0);
    return elementary_log(p / (1.0 - p));
}

double logistic(double log_odds)
{
    return 1.0 / (1.0 + elementary_exp(-log_odds));
}
