/* distribution.h - tails and quantiles of the distributions that tests of a model need.
 *
 * Of our own, on base/elementary.h, so that a report has the same figures on any machine. Absolute
 * error below 1e-9 for the arguments that counts up to a few millions give
 * (tests/unit/monitor/test_distribution.c holds values from elsewhere). */
#ifndef MONITOR_DISTRIBUTION_H
#define MONITOR_DISTRIBUTION_H

#include <stdint.h>

double log_gamma(double x); /* Requires: x > 0 */
/* P(X <= x) of a beta distribution.  Requires: a, b > 0, 0 <= x <= 1. */
double beta_cdf(double a, double b, double x);
double beta_quantile(double a, double b, double p); /* Requires: 0 <= p <= 1 */
/* P(X >= d) of n trials with probability p: 1 for d = 0. */
double binomial_upper_tail(uint32_t n, uint32_t d, double p);
/* P(X > x) of a chi-squared distribution.  Requires: x >= 0, df > 0. */
double chi2_upper_tail(double x, double df);
double chi2_quantile(double p, double df); /* Requires: 0 <= p < 1 */
double normal_quantile(double p);          /* Requires: 0 < p < 1 */
double normal_two_sided_p(double z);

#endif
