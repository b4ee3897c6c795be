/* explain.h - what each input added to a forest's answer, exactly.
 *
 * Shapley values of the game in which an input that is not told is averaged over by the cover of
 * the branches (path-dependent TreeSHAP: Lundberg, Erion, Lee, "Consistent individualized feature
 * attribution for tree ensembles", 2018).  base + sum of contributions = the margin.
 *
 * Along the path to a leaf an input either fulfils all that is asked of it or not, so a path of u
 * different inputs has 2^u cases.  For paths of at most EXPLAIN_TABLE_INPUTS all cases are worked
 * out beforehand; longer ones are worked out when asked. */
#ifndef FOREST_EXPLAIN_H
#define FOREST_EXPLAIN_H

#include "forest/forest.h"

enum {
    EXPLAIN_TABLE_INPUTS = 5,
    EXPLAIN_TABLE_LEN_MAX =
        8 * 1024 * 1024, /* numbers; beyond it paths are worked out when asked */
};

struct explain_path; /* one leaf */

struct explainer {
    const struct forest *forest;
    const struct explain_path *paths;
    uint32_t path_count;
    const double *tables;
    double base; /* the answer when nothing is told */
};

/* TOO_LARGE: no memory. */
enum status explainer_make(struct explainer *out, const struct forest *forest, struct arena *arena,
                           struct error *err) MUST_USE;
/* contributions[i] of input i, in log-odds. */
void explainer_run(double *contributions, const struct explainer *explainer, const uint16_t *ranks);

#endif
