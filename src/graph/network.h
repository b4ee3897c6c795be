/* network.h - a directed, weighted network in rows, ready to be walked.
 *
 * What is not a relation is dropped while it is built: loops, weights that are not finite or not
 * above zero, ends that do not exist.  Parallel edges are summed.  Rows and the edges in them are
 * in rising order, so that every sum over them has one order and one result. */
#ifndef GRAPH_NETWORK_H
#define GRAPH_NETWORK_H

#include "base/arena.h"

#include <stdint.h>

struct edge {
    uint32_t from, to;
    double weight;
};

struct network {
    uint32_t node_count;
    uint32_t edge_count;
    const uint32_t *first;    /* node_count + 1: the edges of node i are first[i] .. first[i+1]-1 */
    const struct edge *edges; /* by (from, to) */
};

/* False: no memory. */
bool network_build(struct network *out, uint32_t node_count, const struct edge *edges, size_t count,
                   struct arena *arena) MUST_USE;
/* Every edge turned round. */
bool network_reverse(struct network *out, const struct network *network,
                     struct arena *arena) MUST_USE;
/* Each edge in both directions; two edges between a pair are summed. */
bool network_undirected(struct network *out, const struct network *network,
                        struct arena *arena) MUST_USE;

#endif
