/* distribution.c - series and continued fractions (Abramowitz and Stegun 6.1.41, 26.5.8, 6.5.29 and
 * 6.5.31; Lentz's method), quantiles by halving. */
#include "monitor/distribution.h"

#include "base/check.h"
#include "base/elementary.h"

enum { FRACTION_STEPS_MAX = 20000, HALVINGS = 100 };

static const double tiny = 1e-300, precision = 1e-15;

static double absolute(double x)
{
    return x < 0 ? -x : x;
}

double log_gamma(double x)
{
    static const double half_log_two_pi = 0.91893853320467274178;
    static const double enough = 16; /* where the series has settled to a double */
    double shift = 0;
    CHECK(x > 0);
    while (x < enough) {
        shift += elementary_log(x);
        x += 1;
    }
    double inverse = 1 / x;
    double square = inverse * inverse;
    double series =
        inverse *
        (1.0 / 12 -
         square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188))));
    return (x - 0.5) * elementary_log(x) - x + half_log_two_pi + series - shift;
}

/* Never nothing: Lentz's method divides by it. */
static double kept_off_zero(double x)
{
    return absolute(x) < tiny ? tiny : x;
}

/* The continued fraction of the incomplete beta function. */
static double beta_fraction(double a, double b, double x)
{
    double c = 1;
    double d = 1 / kept_off_zero(1 - (a + b) * x / (a + 1));
    double h = d;
    for (int m = 1; m <= FRACTION_STEPS_MAX; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / kept_off_zero(1 + even * d);
        c = kept_off_zero(1 + even / c);
        h *= d * c;
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / kept_off_zero(1 + odd * d);
        c = kept_off_zero(1 + odd / c);
        h *= d * c;
        if (absolute(d * c - 1) < precision) {
            break;
        }
    }
    return h;
}

double beta_cdf(double a, double b, double x)
{
    CHECK(a > 0);
    CHECK(b > 0);
    CHECK(x >= 0);
    CHECK(x <= 1);
    if (x == 0 || x == 1) {
        return x;
    }
    double front = elementary_exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) +
                                  a * elementary_log(x) + b * elementary_log(1 - x));
    if (x < (a + 1) / (a + b + 2)) {
        return front * beta_fraction(a, b, x) / a;
    }
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

/* Where a rising function reaches p, in [low, high]. */
static double halved(double (*rises)(const double *parameters, double x), const double *parameters,
                     double p, double low, double high)
{
    for (int i = 0; i < HALVINGS; i++) {
        double middle = low + (high - low) / 2;
        if (rises(parameters, middle) < p) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low + (high - low) / 2;
}

static double beta_rises(const double *ab, double x)
{
    return beta_cdf(ab[0], ab[1], x);
}

double beta_quantile(double a, double b, double p)
{
    CHECK(p >= 0);
    CHECK(p <= 1);
    return halved(beta_rises, (const double[]){a, b}, p, 0, 1);
}

double binomial_upper_tail(uint32_t n, uint32_t d, double p)
{
    if (d == 0) {
        return 1;
    }
    return d > n ? 0 : beta_cdf(d, (double)(n - d) + 1, p);
}

/* P(a, x) by its series, for x < a + 1. */
static double gamma_series(double a, double x)
{
    double term = 1 / a, sum = term;
    for (int n = 1; n <= FRACTION_STEPS_MAX && term > sum * precision; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum * elementary_exp(a * elementary_log(x) - x - log_gamma(a));
}

/* Q(a, x) by its continued fraction, for x >= a + 1. */
static double gamma_fraction(double a, double x)
{
    double b = x + 1 - a;
    double c = 1 / tiny;
    double d = 1 / kept_off_zero(b);
    double h = d;
    for (int n = 1; n <= FRACTION_STEPS_MAX; n++) {
        double an = -n * (n - a);
        b += 2;
        d = 1 / kept_off_zero(an * d + b);
        c = kept_off_zero(b + an / c);
        h *= d * c;
        if (absolute(d * c - 1) < precision) {
            break;
        }
    }
    return h * elementary_exp(a * elementary_log(x) - x - log_gamma(a));
}

double chi2_upper_tail(double x, double df)
{
    CHECK(x >= 0);
    CHECK(df > 0);
    double a = df / 2, half = x / 2;
    if (half == 0) {
        return 1;
    }
    return half < a + 1 ? 1 - gamma_series(a, half) : gamma_fraction(a, half);
}

static double chi2_rises(const double *df, double x)
{
    return 1 - chi2_upper_tail(x, *df);
}

double chi2_quantile(double p, double df)
{
    CHECK(p >= 0);
    CHECK(p < 1);
    double high = df + 10;
    while (chi2_rises(&df, high) < p && high < 1e9) {
        high *= 2;
    }
    return halved(chi2_rises, &df, p, 0, high);
}

static double normal_rises(const double *none, double x)
{
    (void)none;
    return elementary_normal_cdf(x);
}

double normal_quantile(double p)
{
    static const double far = 40;
    CHECK(p > 0);
    CHECK(p < 1);
    return halved(normal_rises, (const double[]){0}, p, -far, far);
}

double normal_two_sided_p(double z)
{
    return 2 * elementary_normal_cdf(-absolute(z));
}
