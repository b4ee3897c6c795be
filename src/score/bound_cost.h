/* bound_cost.h - the way from the score down to the bound that policy decides on, told apart: what
 * is unknown of each block, an unstated country or section, links that may be as bad as they can
 * be, and the uncertainty that stays when all is known. */
#ifndef SCORE_BOUND_COST_H
#define SCORE_BOUND_COST_H

#include "score/score.h"

/* In tenths of a point; the parts sum to the total. */
struct bound_cost {
    int32_t blocks[BLOCK_COUNT];
    int32_t place;       /* country or section not stated */
    int32_t uncertainty; /* of the model, and the age of the accounts */
    int32_t total;
};

/* Requires: `score` is what score_compute made of the model and the facts. */
struct bound_cost bound_cost_of(const struct model *model, const struct score *score,
                                const struct facts *facts);

#endif
