/* logistic.h - weighted logistic regression by Newton's method, with its covariance.
 *
 * Our own rather than a numerical library's: those pick a kernel by processor, and the same data
 * and seed must give the same bundle, byte for byte, on any machine.  Sums run in row order, exp
 * and log are base/elementary.h's.
 *
 * A small ridge on the coefficients (never on the intercept) keeps collinear columns solvable. */
#ifndef TRAIN_LOGISTIC_H
#define TRAIN_LOGISTIC_H

#include "base/arena.h"
#include "base/status.h"

#include <stdint.h>

enum { LOGISTIC_COLUMNS_MAX = 40, LOGISTIC_TERMS_MAX = LOGISTIC_COLUMNS_MAX + 1 };

struct logistic_problem {
    uint32_t row_count, column_count;
    const double *x;       /* row_count x column_count, row after row; no column of ones */
    const uint8_t *is_bad; /* the outcome, 0 or 1 */
    const double *weight;  /* NULL: every row counts once */
    double ridge; /* >= 0: half of it times the sum of squared coefficients is added to the loss */
};

struct logistic_fit {
    uint32_t term_count; /* column_count + 1; term 0 is the intercept */
    double coefficients[LOGISTIC_TERMS_MAX];
    double covariance[LOGISTIC_TERMS_MAX][LOGISTIC_TERMS_MAX]; /* inverse of the Hessian */
    double log_loss; /* mean weighted loss, without the ridge */
    uint32_t iterations;
};

/* Errors: INVALID when a class is missing, or when the fit does not converge (separated classes and
 * no ridge). */
enum status logistic_compute(struct logistic_fit *out, const struct logistic_problem *problem,
                             struct error *err) MUST_USE;

/* Replace the covariance by the one that allows for rows of one group (a company's years) saying
 * the same thing, and for weights: the sandwich estimator of Huber and White, clustered by group.
 */
enum status logistic_cluster_covariance(struct logistic_fit *fit,
                                        const struct logistic_problem *problem,
                                        const uint32_t *group, uint32_t group_count,
                                        struct arena *scratch, struct error *err) MUST_USE;

#endif
