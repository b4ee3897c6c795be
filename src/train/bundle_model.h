/* bundle_model.h - a fit as the scoring engine will hold it, every number rounded as it will be
 * written.
 *
 * Rounding comes first and the golden vectors are computed from what was rounded, with the engine's
 * own code: so a bundle reproduces its vectors bit for bit wherever it is read. */
#ifndef TRAIN_BUNDLE_MODEL_H
#define TRAIN_BUNDLE_MODEL_H

#include "train/calibrate.h"
#include "train/scorecard_fit.h"

enum {
    BUNDLE_DIGITS = 12,
    BUNDLE_FLOAT_DIGITS = 9, /* tell any two numbers of 24 bits apart: what trees are made of */
};

/* Fill the parts of `out` that decide a score: inputs, references, card, calibration, interval.
 * Only the inputs of the card are kept.  Borrows the sample's names; the rest is in the arena. */
enum status bundle_model_make(struct model *out, const struct sample *sample,
                              const struct scorecard_fit *fit,
                              const struct calibration *calibration, struct arena *arena,
                              struct error *err) MUST_USE;

/* The one block of a model that was trained on one table, whatever its columns are: the stack is
 * the identity.  Its inputs must be there. */
struct model_block *bundle_model_block(struct model *out);
/* Calibration, and the interval of a model whose log-odds, before calibration, vary by `variance`.
 */
void bundle_model_calibrate(struct model *out, const struct calibration *calibration,
                            double variance);
/* The variance that 95 % of these rows stay below.  Sorts them.  Requires: count > 0. */
double variance_usual(double *variances, uint32_t count);

/* Read the rates of `root`, {"central_tendency":[{"country","section","rate",...}]}, into the
 * model; NULL: one for all, the training rate. */
enum status bundle_model_rates(struct model *out, const struct json *root, struct arena *arena,
                               struct error *err) MUST_USE;

#endif
