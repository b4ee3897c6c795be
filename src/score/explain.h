/* explain.h - points told apart: base, themes, calibration, central tendency, bounds, rounding.
 *
 * Every part is rounded to a tenth of a point, and the last, "rounding", is what then lacks to the
 * integer score: the sum is exact by construction. */
#ifndef SCORE_EXPLAIN_H
#define SCORE_EXPLAIN_H

#include "score/score.h"

/* Fill base, contributions and factors of a company with accounts.  `woe` has one weight a
 * characteristic, `rate` is the central tendency, `log_odds` the final ones.  Requires: out->points
 * and features are set. */
void explain_card(struct score *out, const struct model *model, const double *woe, double rate,
                  double log_odds);
/* The same of a forest: `contributions` has one an input of it, in log-odds. */
void explain_forest(struct score *out, const struct model *model, const double *contributions,
                    double rate, double log_odds);
/* The same without accounts. */
void explain_thin(struct score *out, const struct model *model, double log_odds);

#endif
