/* network.c - sort, sum what is parallel, index. */
#include "graph/network.h"

#include <stdlib.h>

static int edge_order(const void *a, const void *b)
{
    const struct edge *x = a;
    const struct edge *y = b;
    if (x->from != y->from) {
        return x->from < y->from ? -1 : 1;
    }
    if (x->to != y->to) {
        return x->to < y->to ? -1 : 1;
    }
    /* Parallel edges are summed in the order of their weights: not in that of the caller. */
    return (x->weight > y->weight) - (x->weight < y->weight);
}

static bool is_relation(const struct edge *edge, uint32_t node_count)
{
    return edge->from < node_count && edge->to < node_count && edge->from != edge->to &&
           edge->weight > 0 && edge->weight <= 1e300;
}

static uint32_t parallel_sum(struct edge *edges, size_t count)
{
    uint32_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_parallel =
            kept > 0 && edges[kept - 1].from == edges[i].from && edges[kept - 1].to == edges[i].to;
        if (is_parallel) {
            edges[kept - 1].weight += edges[i].weight;
        } else {
            edges[kept++] = edges[i];
        }
    }
    return kept;
}

/* Takes `edges` over. */
static bool rows_make(struct network *out, uint32_t node_count, struct edge *edges, size_t count,
                      struct arena *arena)
{
    uint32_t *first = arena_array(arena, uint32_t, (size_t)node_count + 1);
    if (first == NULL) {
        return false;
    }
    if (count > 1) {
        qsort(edges, count, sizeof *edges, edge_order);
    }
    uint32_t kept = parallel_sum(edges, count);
    for (uint32_t i = 0; i < kept; i++) {
        first[edges[i].from + 1]++;
    }
    for (uint32_t i = 0; i < node_count; i++) {
        first[i + 1] += first[i];
    }
    *out = (struct network){node_count, kept, first, edges};
    return true;
}

bool network_build(struct network *out, uint32_t node_count, const struct edge *edges, size_t count,
                   struct arena *arena)
{
    struct edge *kept = arena_array(arena, struct edge, count + 1);
    size_t kept_count = 0;
    if (kept == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (is_relation(&edges[i], node_count)) {
            kept[kept_count++] = edges[i];
        }
    }
    return rows_make(out, node_count, kept, kept_count, arena);
}

static struct edge edge_reversed(const struct edge *edge)
{
    return (struct edge){edge->to, edge->from, edge->weight};
}

bool network_reverse(struct network *out, const struct network *network, struct arena *arena)
{
    struct edge *edges = arena_array(arena, struct edge, (size_t)network->edge_count + 1);
    if (edges == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < network->edge_count; i++) {
        edges[i] = edge_reversed(&network->edges[i]);
    }
    return rows_make(out, network->node_count, edges, network->edge_count, arena);
}

bool network_undirected(struct network *out, const struct network *network, struct arena *arena)
{
    size_t count = (size_t)network->edge_count * 2;
    struct edge *edges = arena_array(arena, struct edge, count + 1);
    if (edges == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < network->edge_count; i++) {
        edges[2 * i] = network->edges[i];
        edges[2 * i + 1] = edge_reversed(&network->edges[i]);
    }
    return rows_make(out, network->node_count, edges, count, arena);
}
