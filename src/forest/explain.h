/* explain.h - what each input added to a forest's answer, exactly.
 *
 * Shapley values of the game in which an input that is not told is averaged over by the cover of
 * the branches (path-dependent TreeSHAP: Lundberg, Erion, Lee, "Consistent individualized feature
 * attribution for tree ensembles", 2018).  base + sum of contributions = the margin.
 *
 * What is added below a node depends only on which way its few splits, and those above it, would
 * send the inputs: EXPLAIN_BLOCK_SPLITS splits have 2^8 cases, and all are worked out beforehand.
 * So a tree of depth 4 takes two lookups.  Leaves that lie deeper are worked out when asked. */
#ifndef FOREST_EXPLAIN_H
#define FOREST_EXPLAIN_H

#include "forest/forest.h"

enum {
    EXPLAIN_BLOCK_SPLITS = 8,
    EXPLAIN_TABLE_LEN_MAX =
        8 * 1024 * 1024, /* numbers; beyond it leaves are worked out when asked */
};

struct explain_split; /* one comparison */
struct explain_block; /* the leaves that some splits lead to */
struct explain_path;  /* one leaf that is worked out */

struct explainer {
    const struct forest *forest;
    const struct explain_block *blocks;
    uint32_t block_count;
    const struct explain_split *splits; /* of the blocks, one after the other */
    const uint16_t *inputs;             /* that a block speaks about, likewise */
    const double *tables;
    const struct explain_path *paths;
    uint32_t path_count;
    double base; /* the answer when nothing is told */
};

/* TOO_LARGE: no memory. */
enum status explainer_make(struct explainer *out, const struct forest *forest, struct arena *arena,
                           struct error *err) MUST_USE;
/* contributions[i] of input i, in log-odds. */
void explainer_run(double *contributions, const struct explainer *explainer, const uint16_t *ranks);

#endif
