/* cross_validate.h - the method's figures on rows it had not seen, from the training rows alone.
 *
 * Each fold is scored by a card fitted, from the binning on, to the other folds.  These out-of-fold
 * scores choose between variants of the method, calibrate the final card, and are the figures its
 * own card quotes.  A test set has no say in any of it. */
#ifndef TRAIN_CROSS_VALIDATE_H
#define TRAIN_CROSS_VALIDATE_H

#include "train/calibrate.h"
#include "train/metrics.h"
#include "train/scorecard_fit.h"

enum { FOLDS_DEFAULT = 5 };

struct cross_validation {
    double *log_odds; /* a row of the sample, out of fold */
    double *weight;   /* balanced over the sets */
    struct calibration calibration;
    struct metrics pooled;                  /* of the calibrated PDs, weighted */
    struct metrics by_set[SAMPLE_SETS_MAX]; /* ranking only: AUC, Gini, KS, average precision */
    double mean_auc;                        /* of the sets' AUCs, by their weights */
};

enum status cross_validate(struct cross_validation *out, const struct sample *sample,
                           const struct fit_rules *rules, uint64_t seed, struct arena *arena,
                           struct error *err) MUST_USE;

/* From out-of-fold log_odds and weight, which are there: calibration and figures. */
enum status cross_validation_judge(struct cross_validation *out, const struct sample *sample,
                                   struct arena *arena, struct error *err) MUST_USE;

#endif
