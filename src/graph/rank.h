/* rank.h - how near a node is to a set of seeds, by random walks that keep going back to them.
 *
 * Personalised PageRank: with probability `damping` the walk follows an edge by its weight, else,
 * or where no edge leads on, it returns to a seed.  Page, Brin, Motwani, Winograd (1999);
 * Haveliwala (2002). */
#ifndef GRAPH_RANK_H
#define GRAPH_RANK_H

#include "graph/network.h"

enum { RANK_ROUNDS_MAX = 1000 };

/* `seeds` need not sum to 1, but must sum to more than 0; `out` does.  False: no memory, or no
 * seed. */
bool rank_personalised(double *out, const struct network *network, const double *seeds,
                       double damping, struct arena *arena) MUST_USE;
/* rank[i] against what i would have by its degree alone: 1 is no nearer than anybody.  Of an
 * undirected network; 0 for a node without edges. */
double rank_relative(const struct network *network, const double *rank, uint32_t node);

#endif
