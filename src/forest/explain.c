/* explain.c - a block of leaves, its cases in a table. */
#include "forest/explain.h"

#include <string.h>

enum { PATH_INPUTS_MAX = FOREST_DEPTH_MAX };

struct explain_split {
    uint16_t input;
    uint16_t rank; /* as in struct forest_node */
};

struct explain_block {
    uint32_t first_split, first_input;
    uint32_t table; /* a row a case, a number an input */
    uint8_t split_count, input_count;
};

/* All that the splits above a leaf ask of one input, and the share of the data, of those that came
 * to these splits, which fulfils it. */
struct condition {
    uint16_t input;
    uint16_t from, below; /* ranks that fulfil it: from <= rank < below */
    bool takes_missing;
    uint32_t mask, want; /* the same asked of a case of the block: its bits under mask */
    double share;
};

struct explain_path {
    const struct condition *conditions;
    uint32_t condition_count;
    double value;
};

/* ---- one leaf ---- */

static bool fulfils(const struct condition *c, const uint16_t *ranks)
{
    unsigned rank = ranks[c->input];
    return rank == FOREST_MISSING ? c->takes_missing : rank >= c->from && rank < c->below;
}

/* What input `which` adds at this leaf, when `is_one` tells who fulfils what is asked.
 *
 * The others join one by one in all orders.  A coalition of k others weighs k! (u-1-k)! / u!; the
 * sum over all coalitions of a size is a coefficient of the product of (share + one z). */
static double shapley(const struct explain_path *path, uint32_t is_one, uint32_t which)
{
    double by_size[PATH_INPUTS_MAX + 1] = {1};
    uint32_t others = 0;
    for (uint32_t j = 0; j < path->condition_count; j++) {
        if (j == which) {
            continue;
        }
        double one = (is_one >> j & 1) != 0 ? 1 : 0;
        others++;
        for (uint32_t k = others; k > 0; k--) {
            by_size[k] = by_size[k] * path->conditions[j].share + by_size[k - 1] * one;
        }
        by_size[0] *= path->conditions[j].share;
    }
    double sum = 0;
    double weight = 1 / (double)(others + 1); /* 0! others! / (others + 1)! */
    for (uint32_t k = 0; k <= others; k++) {
        sum += weight * by_size[k];
        weight *= (double)(k + 1) / (double)(others > k ? others - k : 1);
    }
    double one = (is_one >> which & 1) != 0 ? 1 : 0;
    return path->value * (one - path->conditions[which].share) * sum;
}

/* ---- walking down ---- */

/* A split above the node that is looked at, and the way taken there. */
struct step {
    uint32_t node;
    uint32_t bit; /* of the block's cases */
    bool is_left;
};

struct walk {
    const struct forest *forest;
    struct arena *arena;
    uint32_t *split_counts; /* at and below each node */
    struct step steps[FOREST_DEPTH_MAX + 1];
    struct explain_block *blocks;
    uint32_t block_count;
    struct explain_split *splits;
    uint16_t *inputs;
    uint32_t splits_used, inputs_used; /* counted first, then filled */
    double *tables;
    uint32_t table_len;
    struct explain_path *paths;
    uint32_t path_count;
    double *cases; /* of one leaf: EXPLAIN_BLOCK_SPLITS inputs at most */
    double base;
    bool is_full; /* the arena is */
};

static struct condition *condition_of(struct condition *conditions, uint32_t *count, uint16_t input)
{
    for (uint32_t i = 0; i < *count; i++) {
        if (conditions[i].input == input) {
            return &conditions[i];
        }
    }
    conditions[*count] = (struct condition){
        .input = input, .from = 0, .below = FOREST_MISSING, .takes_missing = true, .share = 1};
    return &conditions[(*count)++];
}

/* What one step asks, on top of what was asked before. */
static void condition_narrow(struct condition *c, const struct forest *forest,
                             const struct step *step)
{
    const struct forest_node *node = &forest->nodes[step->node];
    uint16_t rank = (uint16_t)(node->rank & ~(unsigned)FOREST_MISSING_LEFT);
    bool missing_left = (node->rank & FOREST_MISSING_LEFT) != 0;
    uint32_t child = node->next + (step->is_left ? 0 : 1);
    if (step->is_left && rank < c->below) {
        c->below = rank;
    }
    if (!step->is_left && rank > c->from) {
        c->from = rank;
    }
    c->takes_missing = c->takes_missing && missing_left == step->is_left;
    c->mask |= UINT32_C(1) << step->bit;
    c->want |= (uint32_t)step->is_left << step->bit;
    double siblings = forest->covers[node->next] + forest->covers[node->next + 1];
    c->share *= forest->covers[child] / siblings;
}

/* The leaf at the end of the walk's first `depth` steps. */
static struct explain_path path_of(struct walk *w, struct condition *conditions, uint32_t depth,
                                   uint32_t leaf)
{
    struct explain_path path = {.conditions = conditions,
                                .value = w->forest->values[w->forest->nodes[leaf].next]};
    double share = 1;
    for (uint32_t i = 0; i < depth; i++) {
        uint16_t input = w->forest->nodes[w->steps[i].node].input;
        condition_narrow(condition_of(conditions, &path.condition_count, input), w->forest,
                         &w->steps[i]);
    }
    for (uint32_t i = 0; i < path.condition_count; i++) {
        share *= conditions[i].share;
    }
    w->base += path.value * share;
    return path;
}

static void path_keep(struct walk *w, uint32_t depth, uint32_t leaf)
{
    struct condition *conditions = arena_array(w->arena, struct condition, (size_t)depth + 1);
    if (conditions == NULL) {
        w->is_full = true;
        return;
    }
    w->paths[w->path_count++] = path_of(w, conditions, depth, leaf);
}

/* ---- blocks ---- */

static void input_note(struct walk *w, struct explain_block *block, uint16_t input)
{
    for (uint32_t i = 0; i < block->input_count; i++) {
        if (w->inputs[block->first_input + i] == input) {
            return;
        }
    }
    w->inputs[block->first_input + block->input_count++] = input;
    w->inputs_used++;
}

static uint32_t split_note(struct walk *w, struct explain_block *block, uint32_t node)
{
    const struct forest_node *n = &w->forest->nodes[node];
    w->splits[w->splits_used++] = (struct explain_split){n->input, n->rank};
    input_note(w, block, n->input);
    return block->split_count++;
}

/* The splits at and below `node`, in the order in which block_fill comes by. */
static void block_note(struct walk *w, struct explain_block *block, uint32_t node)
{
    const struct forest_node *n = &w->forest->nodes[node];
    if (n->input != FOREST_LEAF) {
        (void)split_note(w, block, node);
        block_note(w, block, n->next);
        block_note(w, block, n->next + 1);
    }
}

/* Add one leaf to every case of its block. */
static void leaf_fill(struct walk *w, const struct explain_block *block, uint32_t depth,
                      uint32_t leaf)
{
    struct condition conditions[EXPLAIN_BLOCK_SPLITS];
    uint32_t slots[EXPLAIN_BLOCK_SPLITS];
    struct explain_path path = path_of(w, conditions, depth, leaf);
    uint32_t count = path.condition_count;
    for (uint32_t i = 0; i < count; i++) {
        slots[i] = 0;
        while (w->inputs[block->first_input + slots[i]] != conditions[i].input) {
            slots[i]++;
        }
    }
    for (uint32_t is_one = 0; is_one < 1U << count; is_one++) {
        for (uint32_t i = 0; i < count; i++) {
            w->cases[is_one * count + i] = shapley(&path, is_one, i);
        }
    }
    for (uint32_t row = 0; row < 1U << block->split_count; row++) {
        double *table = &w->tables[block->table + row * block->input_count];
        uint32_t is_one = 0;
        for (uint32_t i = 0; i < count; i++) {
            is_one |= (uint32_t)((row & conditions[i].mask) == conditions[i].want) << i;
        }
        for (uint32_t i = 0; i < count; i++) {
            table[slots[i]] += w->cases[is_one * count + i];
        }
    }
}

static void block_fill(struct walk *w, const struct explain_block *block, uint32_t node,
                       uint32_t depth, uint32_t *bit)
{
    const struct forest_node *n = &w->forest->nodes[node];
    if (n->input == FOREST_LEAF) {
        leaf_fill(w, block, depth, node);
        return;
    }
    uint32_t own = (*bit)++;
    w->steps[depth] = (struct step){node, own, true};
    block_fill(w, block, n->next, depth + 1, bit);
    w->steps[depth] = (struct step){node, own, false};
    block_fill(w, block, n->next + 1, depth + 1, bit);
}

/* `node` and all below it, with the `depth` splits above it, as one block.  False: no table is left
 * for it. */
static bool block_make(struct walk *w, uint32_t node, uint32_t depth)
{
    struct explain_block *block = &w->blocks[w->block_count];
    uint32_t splits_before = w->splits_used;
    uint32_t inputs_before = w->inputs_used;
    *block = (struct explain_block){
        .first_split = splits_before, .first_input = inputs_before, .table = w->table_len};
    for (uint32_t i = 0; i < depth; i++) {
        w->steps[i].bit = split_note(w, block, w->steps[i].node);
    }
    block_note(w, block, node);
    uint32_t len = (uint32_t)block->input_count << block->split_count;
    if (len > EXPLAIN_TABLE_LEN_MAX - w->table_len) {
        w->splits_used = splits_before;
        w->inputs_used = inputs_before;
        return false;
    }
    w->block_count++;
    w->table_len += len;
    return true;
}

/* Where blocks begin: as high as EXPLAIN_BLOCK_SPLITS allows.  Once to see what is needed (tables
 * is NULL), once to fill.  As deep as the forest, so FOREST_DEPTH_MAX calls at most. */
static void node_visit(struct walk *w, uint32_t node, uint32_t depth)
{
    const struct forest_node *n = &w->forest->nodes[node];
    if (w->is_full) {
        return;
    }
    if (depth + w->split_counts[node] <= EXPLAIN_BLOCK_SPLITS && block_make(w, node, depth)) {
        if (w->tables != NULL) {
            uint32_t bit = depth;
            block_fill(w, &w->blocks[w->block_count - 1], node, depth, &bit);
        }
        return;
    }
    if (n->input == FOREST_LEAF) {
        if (w->tables != NULL) {
            path_keep(w, depth, node);
        }
        return;
    }
    w->steps[depth] = (struct step){node, 0, true};
    node_visit(w, n->next, depth + 1);
    w->steps[depth] = (struct step){node, 0, false};
    node_visit(w, n->next + 1, depth + 1);
}

static void trees_visit(struct walk *w)
{
    w->block_count = w->splits_used = w->inputs_used = w->table_len = w->path_count = 0;
    w->base = w->forest->base;
    for (uint32_t t = 0; t < w->forest->tree_count; t++) {
        node_visit(w, w->forest->roots[t], 0);
    }
}

/* Children stand behind their parent, so backwards they are known first. */
static void splits_count(struct walk *w)
{
    for (uint32_t i = w->forest->node_count; i-- > 0;) {
        const struct forest_node *n = &w->forest->nodes[i];
        w->split_counts[i] = n->input == FOREST_LEAF
                                 ? 0
                                 : 1 + w->split_counts[n->next] + w->split_counts[n->next + 1];
    }
}

enum status explainer_make(struct explainer *out, const struct forest *forest, struct arena *arena,
                           struct error *err)
{
    /* A block has a leaf of its own, and EXPLAIN_BLOCK_SPLITS splits and inputs at most. */
    size_t splits_max = (size_t)forest->leaf_count * EXPLAIN_BLOCK_SPLITS;
    struct walk w = {
        .forest = forest,
        .arena = arena,
        .split_counts = arena_array(arena, uint32_t, forest->node_count),
        .blocks = arena_array(arena, struct explain_block, forest->leaf_count + 1),
        .splits = arena_array(arena, struct explain_split, splits_max + 1),
        .inputs = arena_array(arena, uint16_t, splits_max + 1),
        .paths = arena_array(arena, struct explain_path, forest->leaf_count),
        .cases = arena_array(arena, double, (size_t)EXPLAIN_BLOCK_SPLITS << EXPLAIN_BLOCK_SPLITS)};
    w.is_full = w.split_counts == NULL || w.blocks == NULL || w.splits == NULL ||
                w.inputs == NULL || w.paths == NULL || w.cases == NULL;
    if (!w.is_full) {
        splits_count(&w);
        trees_visit(&w);
        w.tables = arena_array(arena, double, (size_t)w.table_len + 1);
        w.is_full = w.tables == NULL;
    }
    if (!w.is_full) {
        trees_visit(&w);
    }
    if (w.is_full) {
        return error_set(err, STATUS_TOO_LARGE, "", "No memory to explain the forest.");
    }
    *out = (struct explainer){.forest = forest,
                              .blocks = w.blocks,
                              .block_count = w.block_count,
                              .splits = w.splits,
                              .inputs = w.inputs,
                              .tables = w.tables,
                              .paths = w.paths,
                              .path_count = w.path_count,
                              .base = w.base};
    return STATUS_OK;
}

/* ---- running ---- */

static void path_add(double *contributions, const struct explain_path *path, const uint16_t *ranks)
{
    uint32_t is_one = 0;
    for (uint32_t i = 0; i < path->condition_count; i++) {
        is_one |= (uint32_t)fulfils(&path->conditions[i], ranks) << i;
    }
    for (uint32_t i = 0; i < path->condition_count; i++) {
        contributions[path->conditions[i].input] += shapley(path, is_one, i);
    }
}

/* Without branches that depend on data: they would be guessed wrong half the time. */
static uint32_t case_of(const struct explain_split *splits, uint32_t count, const uint16_t *ranks)
{
    uint32_t row = 0;
    for (uint32_t j = 0; j < count; j++) {
        unsigned rank = ranks[splits[j].input];
        unsigned limit = splits[j].rank & ~(unsigned)FOREST_MISSING_LEFT;
        unsigned missing_left = (unsigned)splits[j].rank >> 15;
        row |= ((unsigned)(rank < limit) | ((unsigned)(rank == FOREST_MISSING) & missing_left))
               << j;
    }
    return row;
}

void explainer_run(double *contributions, const struct explainer *explainer, const uint16_t *ranks)
{
    memset(contributions, 0, explainer->forest->input_count * sizeof *contributions);
    for (uint32_t b = 0; b < explainer->block_count; b++) {
        const struct explain_block *block = &explainer->blocks[b];
        const uint16_t *inputs = &explainer->inputs[block->first_input];
        uint32_t row = case_of(&explainer->splits[block->first_split], block->split_count, ranks);
        const double *added = &explainer->tables[block->table + row * block->input_count];
        for (uint32_t i = 0; i < block->input_count; i++) {
            contributions[inputs[i]] += added[i];
        }
    }
    for (uint32_t p = 0; p < explainer->path_count; p++) {
        path_add(contributions, &explainer->paths[p], ranks);
    }
}
