/* scorecard.h - the card of a block, one characteristic at a time: what score and explanation
 * share. */
#ifndef SCORE_SCORECARD_H
#define SCORE_SCORECARD_H

#include "score/model.h"

/* The reference of `country`, the one for all others, or NULL where the model has none. */
const struct model_reference *model_reference_find(const struct model *model, const char *country);
/* Requires: reference ranks `input`. */
double reference_rank(const struct model_reference *reference, uint32_t input, double value);

/* The characteristic that reads `input`, or NULL. */
const struct characteristic *scorecard_characteristic(const struct model_block *block,
                                                      uint32_t input);
/* Weight of evidence of one characteristic; *bin (may be NULL) gets its bin, -1 for missing. */
double scorecard_woe(const struct model *model, const struct characteristic *characteristic,
                     const struct known *inputs, const struct model_reference *reference,
                     int8_t *bin);
/* Log-odds of default by a block's card alone.  bins[i] (may be NULL) gets the bin of
 * characteristic i, -1 for missing. */
double scorecard_log_odds(const struct model *model, const struct model_block *block,
                          const struct known *inputs, const char *country, int8_t *bins);
/* The highest log-odds that what we do not know leaves open: a missing input is in its worst bin,
 * an unstated country ("") has the reference that is worst for each characteristic. */
double scorecard_worst_log_odds(const struct model *model, const struct model_block *block,
                                const struct known *inputs, const char *country);
/* The lowest and the highest it can say of anybody. */
double scorecard_least(const struct model_block *block);
double scorecard_most(const struct model_block *block);

#endif
