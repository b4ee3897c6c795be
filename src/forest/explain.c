/* explain.c - a path a leaf, its cases in a table. */
#include "forest/explain.h"

#include <string.h>

enum { PATH_INPUTS_MAX = FOREST_DEPTH_MAX };

/* All that the splits above a leaf ask of one input, and the share of the data, of those that came
 * to these splits, which fulfils it. */
struct condition {
    uint16_t input;
    uint16_t from, below; /* ranks that fulfil it: from <= rank < below */
    bool takes_missing;
    double share;
};

struct explain_path {
    const struct condition *conditions;
    uint32_t condition_count;
    uint32_t table; /* where its cases begin, or no_table */
    double value;
};

static const uint32_t no_table = UINT32_MAX;

/* ---- one path ---- */

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

/* ---- making ---- */

struct walk {
    const struct forest *forest;
    struct arena *arena;
    struct explain_path *paths;
    uint32_t path_count;
    uint32_t table_len;
    double base;
    bool is_full; /* the arena is */
};

static struct condition *condition_of(struct condition *path, uint32_t *count, uint16_t input)
{
    for (uint32_t i = 0; i < *count; i++) {
        if (path[i].input == input) {
            return &path[i];
        }
    }
    path[*count] = (struct condition){
        .input = input, .from = 0, .below = FOREST_MISSING, .takes_missing = true, .share = 1};
    return &path[(*count)++];
}

static void path_add(struct walk *w, const struct condition *conditions, uint32_t count,
                     double value)
{
    struct condition *kept = arena_array(w->arena, struct condition, (size_t)count + 1);
    if (kept == NULL) {
        w->is_full = true;
        return;
    }
    memcpy(kept, conditions, count * sizeof *kept);
    double share = 1;
    for (uint32_t i = 0; i < count; i++) {
        share *= kept[i].share;
    }
    w->base += value * share;
    struct explain_path *path = &w->paths[w->path_count++];
    *path = (struct explain_path){kept, count, no_table, value};
    uint32_t len = count << count;
    if (count <= EXPLAIN_TABLE_INPUTS && w->table_len + len <= EXPLAIN_TABLE_LEN_MAX) {
        path->table = w->table_len;
        w->table_len += len;
    }
}

/* One way down from a split: what it asks, on top of what was asked before. */
static void condition_narrow(struct condition *c, const struct forest *forest, uint32_t at,
                             bool is_left)
{
    const struct forest_node *node = &forest->nodes[at];
    uint16_t rank = (uint16_t)(node->rank & ~(unsigned)FOREST_MISSING_LEFT);
    bool missing_left = (node->rank & FOREST_MISSING_LEFT) != 0;
    uint32_t child = node->next + (is_left ? 0 : 1);
    if (is_left && rank < c->below) {
        c->below = rank;
    }
    if (!is_left && rank > c->from) {
        c->from = rank;
    }
    c->takes_missing = c->takes_missing && missing_left == is_left;
    double siblings = forest->covers[node->next] + forest->covers[node->next + 1];
    c->share *= forest->covers[child] / siblings;
}

/* The paths of a tree without recursion: each open branch carries its conditions. */
struct branch {
    uint32_t node;
    uint32_t count;
    struct condition conditions[PATH_INPUTS_MAX];
};

static void tree_walk(struct walk *w, uint32_t root, struct branch *open)
{
    uint32_t open_count = 1;
    open[0].node = root;
    open[0].count = 0;
    while (open_count > 0 && !w->is_full) {
        struct branch *branch = &open[open_count - 1];
        const struct forest_node *node = &w->forest->nodes[branch->node];
        uint32_t at = branch->node;
        if (node->input == FOREST_LEAF) {
            open_count--;
            path_add(w, branch->conditions, branch->count, w->forest->values[node->next]);
            continue;
        }
        struct branch *other = &open[open_count++];
        *other = *branch;
        condition_narrow(condition_of(branch->conditions, &branch->count, node->input), w->forest,
                         at, false);
        branch->node = node->next + 1;
        condition_narrow(condition_of(other->conditions, &other->count, node->input), w->forest, at,
                         true);
        other->node = node->next;
    }
}

static void table_fill(double *table, const struct explain_path *path)
{
    for (uint32_t is_one = 0; is_one < 1U << path->condition_count; is_one++) {
        for (uint32_t i = 0; i < path->condition_count; i++) {
            table[is_one * path->condition_count + i] = shapley(path, is_one, i);
        }
    }
}

enum status explainer_make(struct explainer *out, const struct forest *forest, struct arena *arena,
                           struct error *err)
{
    struct walk w = {.forest = forest,
                     .arena = arena,
                     .paths = arena_array(arena, struct explain_path, forest->leaf_count),
                     .base = forest->base};
    struct branch *open = arena_array(arena, struct branch, FOREST_DEPTH_MAX + 2);
    w.is_full = w.paths == NULL || open == NULL;
    for (uint32_t t = 0; t < forest->tree_count && !w.is_full; t++) {
        tree_walk(&w, forest->roots[t], open);
    }
    double *tables = w.is_full ? NULL : arena_array(arena, double, (size_t)w.table_len + 1);
    if (tables == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "No memory to explain the forest.");
    }
    for (uint32_t i = 0; i < w.path_count; i++) {
        if (w.paths[i].table != no_table) {
            table_fill(&tables[w.paths[i].table], &w.paths[i]);
        }
    }
    *out = (struct explainer){forest, w.paths, w.path_count, tables, w.base};
    return STATUS_OK;
}

/* ---- running ---- */

static void path_add_worked_out(double *contributions, const struct explain_path *path,
                                uint32_t is_one)
{
    for (uint32_t i = 0; i < path->condition_count; i++) {
        contributions[path->conditions[i].input] += shapley(path, is_one, i);
    }
}

void explainer_run(double *contributions, const struct explainer *explainer, const uint16_t *ranks)
{
    memset(contributions, 0, explainer->forest->input_count * sizeof *contributions);
    for (uint32_t p = 0; p < explainer->path_count; p++) {
        const struct explain_path *path = &explainer->paths[p];
        uint32_t is_one = 0;
        for (uint32_t i = 0; i < path->condition_count; i++) {
            is_one |= (uint32_t)fulfils(&path->conditions[i], ranks) << i;
        }
        if (path->table == no_table) {
            path_add_worked_out(contributions, path, is_one);
            continue;
        }
        const double *row = &explainer->tables[path->table + is_one * path->condition_count];
        for (uint32_t i = 0; i < path->condition_count; i++) {
            contributions[path->conditions[i].input] += row[i];
        }
    }
}
