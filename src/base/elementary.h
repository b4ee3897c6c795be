/* elementary.h - exp, log and pow of our own, the same bits everywhere.
 *
 * The C library picks a kernel by processor, and its kernels differ in the last bit with and
 * without FMA.  A decision must replay on any machine, so the scoring path uses these: only + - * /
 * and bit operations on IEEE doubles, compiled with -ffp-contract=off.  Error below 1 ulp for exp
 * and log, 4 ulp for pow in the range we use (tests/unit/base/test_elementary.c holds vectors). */
#ifndef BASE_ELEMENTARY_H
#define BASE_ELEMENTARY_H

double elementary_exp(double x);           /* 0 below -745.2, infinity above 709.8 */
double elementary_log(double x);           /* Requires: x > 0 and finite */
double elementary_log10(double x);         /* Requires: x > 0 and finite */
double elementary_pow(double x, double y); /* Requires: x > 0, both finite */
double elementary_sqrt(double x);          /* correctly rounded; Requires: x >= 0 */
double elementary_normal_cdf(double x);    /* standard normal distribution, error below 1e-10 */
double logit(double p);                    /* ln(p / (1 - p)); Requires: 0 < p < 1 */
double logistic(double log_odds);          /* 1 / (1 + e^-x) */

#endif
