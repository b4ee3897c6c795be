/* forest.c - sort thresholds, lay nodes out breadth first, walk. */
#include "forest/forest.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double nearly_zero = 1e-35; /* LightGBM's kZeroThreshold, a float of that value */

/* ---- checking what was read ---- */

static bool is_number(double x)
{
    return x >= -1e300 && x <= 1e300;
}

static enum status refuse(struct error *err, size_t tree, uint32_t node, const char *why)
{
    return error_set(err, STATUS_INVALID, "", "Tree %zu, node %u: %s.", tree, node, why);
}

static enum status split_check(const struct forest_raw *raw, size_t tree, uint32_t node,
                               struct error *err)
{
    const struct forest_raw_tree *t = &raw->trees[tree];
    const struct forest_raw_node *n = &t->nodes[node];
    if (n->input >= raw->input_count) {
        return refuse(err, tree, node, "splits an input that the forest does not have");
    }
    if (!is_number(n->threshold)) {
        return refuse(err, tree, node, "has a threshold that is no number");
    }
    /* Children behind their parent: no walk can turn in a circle. */
    if (n->left <= node || n->right <= node || n->left >= t->count || n->right >= t->count ||
        n->left == n->right) {
        return refuse(err, tree, node, "has children that do not follow it");
    }
    return STATUS_OK;
}

static enum status tree_check(const struct forest_raw *raw, size_t tree, uint8_t *depths,
                              struct error *err)
{
    const struct forest_raw_tree *t = &raw->trees[tree];
    memset(depths, 0, t->count);
    for (uint32_t i = 0; i < t->count; i++) {
        const struct forest_raw_node *n = &t->nodes[i];
        if (i > 0 && depths[i] == 0) {
            return refuse(err, tree, i, "hangs on no other node");
        }
        if (!(n->cover > 0) || !is_number(n->cover)) {
            return refuse(err, tree, i, "has no cover: how much of the data came by");
        }
        if (n->is_leaf) {
            if (!is_number(n->value)) {
                return refuse(err, tree, i, "has a value that is no number");
            }
            continue;
        }
        TRY(split_check(raw, tree, i, err));
        if (depths[i] >= FOREST_DEPTH_MAX) {
            return refuse(err, tree, i, "lies too deep");
        }
        if (depths[n->left] != 0 || depths[n->right] != 0) {
            return refuse(err, tree, i, "has a child that hangs on another node too");
        }
        depths[n->left] = depths[n->right] = (uint8_t)(depths[i] + 1);
    }
    return STATUS_OK;
}

struct totals {
    uint32_t nodes, leaves, splits, largest;
};

static enum status raw_check(struct totals *totals, const struct forest_raw *raw,
                             struct arena *arena, struct error *err)
{
    *totals = (struct totals){0};
    if (raw->input_count == 0 || raw->input_count > FOREST_INPUTS_MAX || raw->tree_count == 0 ||
        raw->tree_count > FOREST_TREES_MAX || !is_number(raw->base)) {
        return error_set(err, STATUS_INVALID, "",
                         "A forest has 1 to %d inputs, 1 to %d trees and a number as its base.",
                         FOREST_INPUTS_MAX, FOREST_TREES_MAX);
    }
    for (size_t i = 0; i < raw->tree_count; i++) {
        uint32_t count = raw->trees[i].count;
        if (count == 0 || count > FOREST_NODES_MAX - totals->nodes) {
            return error_set(err, STATUS_INVALID, "", "Tree %zu is empty or one too many.", i);
        }
        totals->nodes += count;
        totals->largest = count > totals->largest ? count : totals->largest;
    }
    uint8_t *depths = arena_array(arena, uint8_t, totals->largest);
    if (depths == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "No memory for the forest.");
    }
    for (size_t i = 0; i < raw->tree_count; i++) {
        TRY(tree_check(raw, i, depths, err));
    }
    /* Every tree in which each node hangs on one other has one leaf more than splits. */
    totals->splits = (totals->nodes - raw->tree_count) / 2;
    totals->leaves = totals->nodes - totals->splits;
    return STATUS_OK;
}

/* ---- thresholds ---- */

/* Left is "below": a split that includes its threshold is one below the next double. */
static double threshold_of(const struct forest_raw_node *n)
{
    double threshold = n->includes ? nextafter(n->threshold, INFINITY) : n->threshold;
    return threshold == 0 ? 0 : threshold; /* one zero, not two */
}

static int double_order(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static uint32_t unique(double *values, uint32_t count)
{
    uint32_t kept = 0;
    qsort(values, count, sizeof *values, double_order);
    for (uint32_t i = 0; i < count; i++) {
        if (kept == 0 || values[kept - 1] < values[i]) {
            values[kept++] = values[i];
        }
    }
    return kept;
}

/* All thresholds, by input, each once. */
static enum status thresholds_make(struct forest *out, const struct forest_raw *raw,
                                   uint32_t split_count, struct arena *arena, struct error *err)
{
    uint32_t *first = arena_array(arena, uint32_t, (size_t)raw->input_count + 1);
    double *thresholds = arena_array(arena, double, (size_t)split_count + 1);
    uint32_t used = 0;
    if (first == NULL || thresholds == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "No memory for the forest.");
    }
    for (uint32_t input = 0; input < raw->input_count; input++) {
        uint32_t count = 0;
        first[input] = used;
        for (size_t t = 0; t < raw->tree_count; t++) {
            for (uint32_t i = 0; i < raw->trees[t].count; i++) {
                const struct forest_raw_node *n = &raw->trees[t].nodes[i];
                if (!n->is_leaf && n->input == input) {
                    thresholds[used + count++] = threshold_of(n);
                }
            }
        }
        count = count == 0 ? 0 : unique(&thresholds[used], count);
        if (count > FOREST_RANKS_MAX) {
            return error_set(err, STATUS_INVALID, "", "Input %u has more than %d thresholds.",
                             input, FOREST_RANKS_MAX);
        }
        used += count;
    }
    first[raw->input_count] = used;
    out->first_threshold = first;
    out->thresholds = thresholds;
    return STATUS_OK;
}

/* How many thresholds of this input lie at or below x. */
static uint16_t rank_of(const struct forest *forest, uint32_t input, double x)
{
    uint32_t low = forest->first_threshold[input];
    uint32_t count = forest->first_threshold[input + 1] - low;
    const double *at = &forest->thresholds[low];
    /* Without branches that depend on data: they would be guessed wrong half the time. */
    while (count > 1) {
        uint32_t half = count / 2;
        at += at[half - 1] <= x ? half : 0;
        count -= half;
    }
    uint32_t rank = (uint32_t)(at - &forest->thresholds[low]);
    return (uint16_t)(rank + (count == 1 && *at <= x ? 1 : 0));
}

/* ---- nodes ---- */

struct layout {
    struct forest_node *nodes;
    double *values;
    double *covers;
    uint32_t node_count, leaf_count;
    uint32_t *queue; /* raw nodes of one tree in their order here */
};

static void node_lay(struct layout *l, const struct forest *forest, const struct forest_raw_node *n,
                     uint32_t place, uint32_t next)
{
    struct forest_node *node = &l->nodes[place];
    l->covers[place] = n->cover;
    if (n->is_leaf) {
        *node = (struct forest_node){FOREST_LEAF, 0, l->leaf_count};
        l->values[l->leaf_count++] = n->value;
        return;
    }
    /* Left is "below the threshold": a rank that does not count it. */
    unsigned rank = rank_of(forest, n->input, threshold_of(n));
    *node = (struct forest_node){
        (uint16_t)n->input, (uint16_t)(rank | (n->missing_left ? FOREST_MISSING_LEFT : 0)), next};
}

/* Breadth first, brothers side by side: the first levels of a tree share a line of the cache. */
static void tree_lay(struct layout *l, const struct forest *forest,
                     const struct forest_raw_tree *tree)
{
    uint32_t start = l->node_count;
    uint32_t count = 1;
    l->queue[0] = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct forest_raw_node *n = &tree->nodes[l->queue[i]];
        node_lay(l, forest, n, start + i, start + count);
        if (!n->is_leaf) {
            l->queue[count++] = n->left;
            l->queue[count++] = n->right;
        }
    }
    l->node_count += count;
}

enum status forest_make(struct forest *out, const struct forest_raw *raw, struct arena *arena,
                        struct error *err)
{
    struct totals totals;
    struct forest forest = {
        .input_count = raw->input_count, .tree_count = raw->tree_count, .base = raw->base};
    TRY(raw_check(&totals, raw, arena, err));
    TRY(thresholds_make(&forest, raw, totals.splits, arena, err));
    uint8_t *rules = arena_array(arena, uint8_t, raw->input_count);
    uint32_t *roots = arena_array(arena, uint32_t, raw->tree_count);
    struct layout l = {.nodes = arena_array(arena, struct forest_node, totals.nodes),
                       .values = arena_array(arena, double, totals.leaves),
                       .covers = arena_array(arena, double, totals.nodes),
                       .queue = arena_array(arena, uint32_t, totals.largest)};
    if (rules == NULL || roots == NULL || l.nodes == NULL || l.values == NULL || l.covers == NULL ||
        l.queue == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "No memory for the forest.");
    }
    memcpy(rules, raw->input_rules, raw->input_count);
    for (size_t t = 0; t < raw->tree_count; t++) {
        roots[t] = l.node_count;
        tree_lay(&l, &forest, &raw->trees[t]);
    }
    forest.input_rules = rules;
    forest.roots = roots;
    forest.nodes = l.nodes;
    forest.values = l.values;
    forest.covers = l.covers;
    forest.node_count = l.node_count;
    forest.leaf_count = l.leaf_count;
    *out = forest;
    return STATUS_OK;
}

/* ---- evaluating ---- */

/* Beyond what a float can hold there is no threshold to pass. */
float forest_float(double x)
{
    if (x > (double)FLT_MAX) {
        return FLT_MAX;
    }
    return x < -(double)FLT_MAX ? -FLT_MAX : (float)x;
}

static double input_prepare(double x, enum forest_input_rule rule)
{
    switch (rule) {
    case FOREST_AS_DOUBLE: return x;
    case FOREST_AS_FLOAT: return (double)forest_float(x);
    case FOREST_ZERO_IS_MISSING: return x >= -nearly_zero && x <= nearly_zero ? (double)NAN : x;
    case FOREST_MISSING_IS_ZERO: return isnan(x) ? 0 : x;
    }
    return x;
}

void forest_rank(uint16_t *ranks, const struct forest *forest, const double *inputs)
{
    for (uint32_t i = 0; i < forest->input_count; i++) {
        double x = input_prepare(inputs[i], (enum forest_input_rule)forest->input_rules[i]);
        ranks[i] = isnan(x) ? FOREST_MISSING : rank_of(forest, i, x);
    }
}

static uint32_t child_of(const struct forest_node *node, const uint16_t *ranks)
{
    unsigned rank = ranks[node->input];
    bool is_left = rank == FOREST_MISSING ? (node->rank & FOREST_MISSING_LEFT) != 0
                                          : rank < (node->rank & ~(unsigned)FOREST_MISSING_LEFT);
    return node->next + (is_left ? 0 : 1);
}

enum { TREES_AT_ONCE = 4 };

double forest_margin(const struct forest *forest, const uint16_t *ranks)
{
    double sum = 0;
    for (uint32_t t = 0; t < forest->tree_count; t += TREES_AT_ONCE) {
        /* Side by side: while one waits for memory, the others go on. */
        const struct forest_node *at[TREES_AT_ONCE];
        uint32_t left = forest->tree_count - t;
        uint32_t count = left < TREES_AT_ONCE ? left : TREES_AT_ONCE;
        for (uint32_t k = 0; k < count; k++) {
            at[k] = &forest->nodes[forest->roots[t + k]];
        }
        for (bool is_on_the_way = true; is_on_the_way;) {
            is_on_the_way = false;
            for (uint32_t k = 0; k < count; k++) {
                if (at[k]->input != FOREST_LEAF) {
                    at[k] = &forest->nodes[child_of(at[k], ranks)];
                    is_on_the_way = true;
                }
            }
        }
        for (uint32_t k = 0; k < count; k++) {
            sum += forest->values[at[k]->next];
        }
    }
    return forest->base + sum;
}

/* ---- bounds ---- */

/* The highest leaf of one tree that the known inputs leave open. */
static double tree_highest(const struct forest *forest, uint32_t root, const uint16_t *ranks)
{
    uint32_t open[FOREST_DEPTH_MAX + 2] = {root};
    uint32_t open_count = 1;
    double highest = -INFINITY;
    while (open_count > 0) {
        const struct forest_node *node = &forest->nodes[open[--open_count]];
        while (node->input != FOREST_LEAF) {
            uint32_t next = child_of(node, ranks);
            if (ranks[node->input] == FOREST_MISSING) {
                open[open_count++] = node->next + 1;
                next = node->next;
            }
            node = &forest->nodes[next];
        }
        double value = forest->values[node->next];
        highest = value > highest ? value : highest;
    }
    return highest;
}

double forest_margin_highest(const struct forest *forest, const uint16_t *ranks)
{
    double sum = 0;
    for (uint32_t t = 0; t < forest->tree_count; t++) {
        sum += tree_highest(forest, forest->roots[t], ranks);
    }
    return forest->base + sum;
}

void forest_margin_range(double *least, double *most, const struct forest *forest)
{
    double low = 0;
    double high = 0;
    for (uint32_t t = 0; t < forest->tree_count; t++) {
        uint32_t end = t + 1 == forest->tree_count ? forest->node_count : forest->roots[t + 1];
        double lowest = INFINITY;
        double highest = -INFINITY;
        for (uint32_t i = forest->roots[t]; i < end; i++) {
            if (forest->nodes[i].input == FOREST_LEAF) {
                double value = forest->values[forest->nodes[i].next];
                lowest = value < lowest ? value : lowest;
                highest = value > highest ? value : highest;
            }
        }
        low += lowest;
        high += highest;
    }
    *least = forest->base + low;
    *most = forest->base + high;
}

/* The leaves below a node. */
struct range {
    double low, high;
};

enum status forest_follows(bool *out, const struct forest *forest, const int8_t *directions,
                           struct arena *scratch, struct error *err)
{
    struct range *ranges = arena_array(scratch, struct range, forest->node_count);
    if (ranges == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "No memory to check the forest.");
    }
    *out = true;
    /* Children stand behind their parent, so backwards they are known first. */
    for (uint32_t i = forest->node_count; i-- > 0;) {
        const struct forest_node *node = &forest->nodes[i];
        if (node->input == FOREST_LEAF) {
            ranges[i] = (struct range){forest->values[node->next], forest->values[node->next]};
            continue;
        }
        struct range left = ranges[node->next];
        struct range right = ranges[node->next + 1];
        int direction = directions[node->input];
        if ((direction > 0 && left.high > right.low) || (direction < 0 && left.low < right.high)) {
            *out = false;
        }
        ranges[i] = (struct range){left.low < right.low ? left.low : right.low,
                                   left.high > right.high ? left.high : right.high};
    }
    return STATUS_OK;
}
