/* metrics.h - how good a set of probabilities was, once the outcomes are known.
 *
 * Ranking (AUC, Gini, KS, average precision) and level (Brier, log loss, calibration error) are
 * different virtues: a model may have one without the other, so all are told, and the AUC never
 * without its standard error.  Tied probabilities count one half.  Weights count in everything but
 * the standard error, which is about rows.
 *
 * Memory: scratch comes from the arena; the results own nothing. */
#ifndef TRAIN_METRICS_H
#define TRAIN_METRICS_H

#include "base/arena.h"
#include "base/status.h"

#include <stdint.h>

struct scored {
    uint32_t count;
    const double *pd; /* any score that rises with risk ranks alike; levels want probabilities */
    const uint8_t *is_bad; /* 1: defaulted */
    const double *weight;  /* NULL: every row counts once */
};

struct metrics {
    uint32_t n, bads;
    double auc, auc_se; /* standard error of Hanley and McNeil 1982 */
    double gini;        /* 2 AUC - 1 */
    double ks;          /* largest distance between the distributions of bads and goods */
    double average_precision;
    double brier, log_loss;
    double ece; /* expected calibration error over ten bins of equal mass */
};

/* Errors: INVALID when there is no bad, or no good. */
enum status metrics_compute(struct metrics *out, const struct scored *in, struct arena *scratch,
                            struct error *err) MUST_USE;

/* The AUC alone, with the standard error of DeLong, DeLong and Clarke-Pearson 1988: 0 when one
 * class lies wholly above the other.  Errors: INVALID as above. */
enum status auc_delong(double *auc, double *se, const double *pd, const uint8_t *is_bad,
                       uint32_t count, struct arena *scratch, struct error *err) MUST_USE;

struct auc_difference {
    double auc_a, auc_b;
    double difference; /* a - b */
    double se;         /* DeLong, DeLong and Clarke-Pearson 1988, on the same rows */
    double low, high;  /* of the difference: what 95 % of such intervals hold */
};

/* Compare two scores of the same rows; weights are not used.  Errors: INVALID as above. */
enum status auc_compare(struct auc_difference *out, const double *a, const double *b,
                        const uint8_t *is_bad, uint32_t count, struct arena *scratch,
                        struct error *err) MUST_USE;

#endif
