/* next_bin.h - how much better a figure would have to be to gain points on the card.
 *
 * The nearest bin that scores more, on the side that the feature's direction calls better; for a
 * feature without direction the nearer side, and of equals the upper.  It is a hint on one figure
 * with all others as they are, in the points of the card alone: trees that read the same figure may
 * add to them. */
#ifndef SCORE_NEXT_BIN_H
#define SCORE_NEXT_BIN_H

#include "score/score.h"

struct next_bin {
    bool is_there;
    bool is_above;           /* reached from the threshold on; else by falling below it */
    int64_t threshold_micro; /* rounded so that it is surely far enough */
    int32_t gain_deci;       /* tenths of a point, above zero */
};

/* Of factors[place] as it stands.  Not there: unknown, in the best bin already, read by trees
 * alone, out of the feature's range, or of a block that is clipped. */
struct next_bin next_bin_find(const struct model *model, const struct score *score, uint32_t place,
                              const char *country);

#endif
