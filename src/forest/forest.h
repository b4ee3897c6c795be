/* forest.h - a sum of decision trees, in the form that is walked.
 *
 * All thresholds of an input are sorted once, when the forest is made.  To evaluate, each input is
 * turned once into its rank among them, and every split compares two small integers: that is exact
 * for any rule of comparison, and quicker than comparing numbers at every node.
 *
 * A missing input (NaN) takes the split's default side.  Memory: of the arena it was made in. */
#ifndef FOREST_FOREST_H
#define FOREST_FOREST_H

#include "base/arena.h"
#include "base/status.h"

#include <stdint.h>

enum {
    FOREST_INPUTS_MAX = 256,
    FOREST_TREES_MAX = 5000,
    FOREST_NODES_MAX = 1 << 20, /* over all trees */
    FOREST_DEPTH_MAX = 32,      /* splits between the root and a leaf */
    FOREST_RANKS_MAX = 32767,   /* different thresholds of an input */
};

/* One node as it is read.  Children stand behind their parent. */
struct forest_raw_node {
    bool is_leaf;
    double value;     /* of a leaf: log-odds */
    double cover;     /* how much of the training data came by; above 0 */
    uint32_t input;   /* of a split, and all below */
    double threshold; /* to the left below it */
    bool includes;    /* ... and at it (LightGBM) */
    bool missing_left;
    uint32_t left, right; /* indices within the tree */
};

struct forest_raw_tree {
    const struct forest_raw_node *nodes; /* the root is the first */
    uint32_t count;
};

/* What happens to an input before it is compared. */
enum forest_input_rule {
    FOREST_AS_DOUBLE,
    FOREST_AS_FLOAT,        /* rounded to 24 bits first: XGBoost */
    FOREST_ZERO_IS_MISSING, /* |x| <= 1e-35 counts as missing: LightGBM's zero_as_missing */
    FOREST_MISSING_IS_ZERO, /* LightGBM without missing values in training */
};

struct forest_raw {
    uint32_t input_count;
    const uint8_t *input_rules; /* enum forest_input_rule of each */
    const struct forest_raw_tree *trees;
    uint32_t tree_count;
    double base; /* log-odds added to the sum */
};

struct forest_node {
    uint16_t input; /* FOREST_LEAF: a leaf */
    uint16_t rank;  /* left if the input's rank is below it; top bit: missing goes left */
    uint32_t next;  /* the left child; the right one stands beside it.  A leaf: its value's index */
};

enum { FOREST_LEAF = 0xFFFF, FOREST_MISSING_LEFT = 0x8000, FOREST_MISSING = 0xFFFF };

struct forest {
    uint32_t input_count;
    uint32_t tree_count;
    uint32_t node_count;
    uint32_t leaf_count;
    const uint8_t *input_rules;
    const uint32_t *first_threshold; /* input_count + 1: the thresholds of input i, rising */
    const double *thresholds;
    const uint32_t *roots; /* of each tree, among the nodes */
    const struct forest_node *nodes;
    const double *values; /* of the leaves */
    const double *covers; /* of the nodes */
    double base;
};

/* INVALID: *err says which tree and node is none, or which limit was passed.  The raw trees are not
 * needed afterwards. */
enum status forest_make(struct forest *out, const struct forest_raw *raw, struct arena *arena,
                        struct error *err) MUST_USE;

/* As FOREST_AS_FLOAT sees x: the nearest number of 24 bits, the largest there is beyond them. */
float forest_float(double x);
/* ranks[i] of inputs[i]: how many thresholds lie at or below it, or FOREST_MISSING. */
void forest_rank(uint16_t *ranks, const struct forest *forest, const double *inputs);
/* The log-odds of an input that was ranked. */
double forest_margin(const struct forest *forest, const uint16_t *ranks);
/* No less than the highest log-odds that any values of the missing inputs could give: tree by tree,
 * a split on a missing input takes the worse of its sides. */
double forest_margin_highest(const struct forest *forest, const uint16_t *ranks);
/* The lowest and the highest that any inputs could give, or a little beyond: tree by tree. */
void forest_margin_range(double *least, double *most, const struct forest *forest);

/* Does no split run against these directions: +1, the answer never falls as the input rises; -1, it
 * never rises; 0, either?  Asked of whole subtrees, so true means that the sum is monotone too.
 * TOO_LARGE: no memory. */
enum status forest_follows(bool *out, const struct forest *forest, const int8_t *directions,
                           struct arena *scratch, struct error *err) MUST_USE;

#endif
