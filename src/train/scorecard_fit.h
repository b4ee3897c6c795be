/* scorecard_fit.h - one scorecard from the rows that were chosen to learn from.
 *
 * Everything that looks at an outcome happens in here: binning, selection, regression.  So a
 * cross-validation that calls this once a fold, with the other folds' rows, has asked the whole
 * method, not only its last step.
 *
 * With ranks, inputs (but flags) are first replaced by their rank among the rows of the same
 * country, so that one card serves countries whose levels differ.
 *
 * Memory: the fit borrows the sample's names and the arena's reference tables. */
#ifndef TRAIN_SCORECARD_FIT_H
#define TRAIN_SCORECARD_FIT_H

#include "score/model.h"
#include "train/binning.h"
#include "train/sample.h"
#include "train/select.h"

struct fit_rules {
    bool is_ranked;
    struct binning_rules binning;
    struct selection_rules selection;
};

/* What experience with grouped cross-validation on the training sets settled. */
struct fit_rules fit_rules_default(bool is_ranked);

struct fit_characteristic {
    uint32_t input; /* of the sample */
    struct bins bins;
    double coefficient; /* below zero: more evidence of good, less log-odds of bad */
};

struct scorecard_fit {
    double intercept;
    double bad_rate; /* by the weights of the fit */
    uint32_t count;
    struct fit_characteristic items[LOGISTIC_COLUMNS_MAX];
    double covariance[LOGISTIC_TERMS_MAX][LOGISTIC_TERMS_MAX]; /* intercept, then as items */
    struct model ranks; /* reference tables by input of the sample; none when not ranked */
};

/* Learn from the `count` rows listed in `chosen`.  Errors: INVALID when nothing in the data tells
 * good from bad; TOO_LARGE. */
enum status scorecard_fit_compute(struct scorecard_fit *out, const struct sample *sample,
                                  const uint32_t *chosen, uint32_t count,
                                  const struct fit_rules *rules, struct arena *arena,
                                  struct error *err) MUST_USE;

/* Log-odds of bad of a row of the sample. */
double scorecard_fit_log_odds(const struct scorecard_fit *fit, const struct sample *sample,
                              uint32_t row);
/* Variance of those log-odds, by the covariance of the coefficients. */
double scorecard_fit_variance(const struct scorecard_fit *fit, const struct sample *sample,
                              uint32_t row);

#endif
