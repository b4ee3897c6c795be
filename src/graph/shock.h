/* shock.h - what one company's distress does to those who are exposed to it.
 *
 * `losses` is the network of exposures: an edge i -> j of weight L says that i loses L if j
 * defaults (i supplies, owns, guarantees or lends to j).  `equity` is what i can lose before it
 * fails; where it is not above zero any loss is fatal.  `recovery` is the share of an exposure that
 * comes back.
 *
 * h is distress from 0 (none) to 1 (default), a value a node.  False everywhere: no memory. */
#ifndef GRAPH_SHOCK_H
#define GRAPH_SHOCK_H

#include "graph/network.h"

enum { SHOCK_ROUNDS_MAX = 10000 };

struct shock {
    const struct network *losses;
    const double *equity;
    double recovery;
};

/* DebtRank: a node passes its distress on once, in the round after it was hit.  Battiston, Puliga,
 * Kaushik, Tasca, Caldarelli, "DebtRank: too central to fail?", Scientific Reports 2 (2012) 541. */
bool shock_debtrank(double *h, const struct shock *shock, const double *h0,
                    struct arena *arena) MUST_USE;
/* Linear DebtRank: every increase is passed on until none is left.  Bardoscia, Battiston, Caccioli,
 * Caldarelli, "DebtRank: a microscopic foundation for shock propagation", PLoS ONE 10 (2015)
 * e0130406. */
bool shock_debtrank_linear(double *h, const struct shock *shock, const double *h0,
                           struct arena *arena) MUST_USE;
/* The share of all weight that is newly distressed: sum of v_i (h_i - h0_i), v normalised. */
double shock_rank(const double *h, const double *h0, const double *weight, uint32_t node_count);

/* Threshold cascade: a node fails when its losses on those that have failed reach its equity.
 * round[i]: 0 for a seed, the round in which i failed, or -1.  Furfine, "Interbank exposures:
 * quantifying the risk of contagion", Journal of Money, Credit and Banking 35 (2003) 111. */
void shock_cascade(int32_t *round, const struct shock *shock, const bool *is_seed);

/* Clearing payments: what each node pays of what it owes, when all pay in proportion.  An edge
 * i -> j of `dues` says that i owes j.  The greatest solution.  Eisenberg, Noe, "Systemic risk in
 * financial systems", Management Science 47 (2001) 236. */
bool shock_clearing(double *paid, const struct network *dues, const double *cash,
                    struct arena *arena) MUST_USE;

#endif
