/* scorecard.h - the card, one characteristic at a time: what score and explanation share. */
#ifndef SCORE_SCORECARD_H
#define SCORE_SCORECARD_H

#include "score/model.h"

/* The reference of `country`, the one for all others, or NULL where the model has none. */
const struct model_reference *model_reference_find(const struct model *model, const char *country);
/* Requires: reference ranks `input`. */
double reference_rank(const struct model_reference *reference, uint32_t input, double value);

/* Weight of evidence of characteristic `i`; *bin (may be NULL) gets its bin, -1 for missing. */
double scorecard_woe(const struct model *model, uint32_t i, const struct known *inputs,
                     const struct model_reference *reference, int8_t *bin);
/* The highest log-odds that what we do not know leaves open: a missing input is in its worst bin,
 * an unstated country ("") has the reference that is worst for each characteristic. */
double scorecard_worst_log_odds(const struct model *model, const struct known *inputs,
                                const char *country);

#endif
