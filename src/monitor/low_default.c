/* low_default.c - the bound is where a falling function crosses a level: by halving. */
#include "monitor/low_default.h"

#include "base/check.h"
#include "base/elementary.h"
#include "monitor/distribution.h"

enum { HALVINGS = 60, STEPS = 400 /* of Simpson's rule over the factor; even */ };

static const double factor_far = 8;

/* P(X <= d), X binomial. */
static double at_most(uint32_t n, uint32_t d, double p)
{
    return d >= n ? 1 : 1 - binomial_upper_tail(n, d + 1, p);
}

static double normal_density(double x)
{
    static const double inverse_root_two_pi = 0.39894228040143267794;
    return inverse_root_two_pi * elementary_exp(-x * x / 2);
}

/* The same over the years that the common factor may bring. */
static double at_most_correlated(uint32_t n, uint32_t d, double p, double correlation)
{
    if (correlation == 0) {
        return at_most(n, d, p);
    }
    double threshold = normal_quantile(p);
    double loading = elementary_sqrt(correlation), own = elementary_sqrt(1 - correlation);
    double sum = 0;
    for (int i = 0; i <= STEPS; i++) {
        double factor = -factor_far + 2 * factor_far * i / STEPS;
        double p_of_year = elementary_normal_cdf((threshold - loading * factor) / own);
        double weight = i == 0 || i == STEPS ? 1 : i % 2 == 1 ? 4 : 2;
        sum += weight * normal_density(factor) * at_most(n, d, p_of_year);
    }
    return sum * (2 * factor_far / STEPS) / 3;
}

double pluto_tasche(uint32_t n, uint32_t d, double confidence, double correlation)
{
    CHECK(n > 0);
    CHECK(d <= n);
    CHECK(confidence > 0);
    CHECK(confidence < 1);
    CHECK(correlation >= 0);
    CHECK(correlation < 1);
    double low = 0, high = 1;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = low + (high - low) / 2;
        if (at_most_correlated(n, d, middle, correlation) > 1 - confidence) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return d == n ? 1 : low + (high - low) / 2;
}

double bayes_shrunk(uint32_t n, uint32_t d, double prior, double kappa)
{
    CHECK(n + kappa > 0);
    return (d + kappa * prior) / (n + kappa);
}
