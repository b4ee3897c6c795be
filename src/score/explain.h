/* explain.h - points told apart: base, themes, calibration, central tendency, contagion, bounds,
 * rounding.
 *
 * Every part is rounded to a tenth of a point, and the last, "rounding", is what then lacks to the
 * integer score: the sum is exact by construction. */
#ifndef SCORE_EXPLAIN_H
#define SCORE_EXPLAIN_H

#include "score/score.h"
#include "score/stack.h"

/* What the models said, and what became of it. */
struct explanation {
    const struct block_answer *answers; /* MODEL_BLOCKS */
    const struct block_parts *parts;
    double shift;                              /* to the central tendency; without accounts 0 */
    double before;                             /* final log-odds but for the lift */
    double lifted;                             /* final log-odds */
    const struct neighbourhood *neighbourhood; /* or NULL */
};

/* Fill base, contributions, factors and points of blocks of a company with accounts.  Requires:
 * out->points and features are set. */
void explain_stack(struct score *out, const struct model *model, const struct explanation *said);
/* The same without accounts: `sector_and_age` is what these two make of the log-odds. */
void explain_thin(struct score *out, const struct model *model, const struct explanation *said,
                  double sector_and_age);

#endif
