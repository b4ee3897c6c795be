/* trees.h - a forest of a model, asked of one company.
 *
 * Inputs that are features are clipped, and raised to the lowest edge their ratio may have: below
 * it a ratio with a negative numerator would improve as debts grow.  Training does the same, so a
 * tree sees what it learned from.
 *
 * `ranks` has room for MODEL_INPUTS_MAX, one an input of the forest. */
#ifndef SCORE_TREES_H
#define SCORE_TREES_H

#include "score/model.h"

/* What a forest sees of `value`.  FEATURE_NONE: the value itself. */
double trees_value(enum feature feature, double value);

/* Returns whether an input is missing. */
bool trees_rank(uint16_t *ranks, const struct model *model, const struct model_trees *trees,
                const struct known *inputs);
/* Would the log-odds fall (rise, if not `by_better`) with this input at the end of its range that
 * its direction calls better (worse)?  An input without direction: at either end.  `log_odds` are
 * those of `ranks`, which comes back as it was. */
bool trees_is_beaten(const struct model *model, const struct model_trees *trees, uint16_t *ranks,
                     uint32_t input, double log_odds, bool by_better);

#endif
