/* contagion.h - the PD of a company that stands among others.
 *
 * Noisy-or: a company defaults by itself, or because one of those it depends on does and the loss
 * reaches it.  An edge i -> j of weight w says that the default of j brings i down with probability
 * w at most: the share of i's equity that it loses (at most 1) times how directly that relation
 * passes a default on.
 *
 *     PD_i^(k) = 1 - (1 - PD_i) prod_j (1 - w_ij PD_j^(k-1)) */
#ifndef GRAPH_CONTAGION_H
#define GRAPH_CONTAGION_H

#include "graph/network.h"

enum { CONTAGION_ROUNDS_MAX = 10000 };

/* How directly a relation passes a default on. */
extern const double contagion_trade;      /* a customer or supplier */
extern const double contagion_parent;     /* from a parent with more than half to its subsidiary */
extern const double contagion_subsidiary; /* the other way */
extern const double contagion_director;   /* a person on both boards */

/* The weight of an edge: min(1, (1 - recovery) loss / equity) times `directness`.  Without equity
 * any loss takes all of it. */
double contagion_weight(double loss, double equity, double recovery, double directness);

/* `rounds` of it, from `pd` to `out`; 1 is what enters a score, for more of them count a cycle
 * again and again.  CONTAGION_ROUNDS_MAX is the fixed point.  False: no memory. */
bool contagion_pd(double *out, const struct network *network, const double *pd, unsigned rounds,
                  struct arena *arena) MUST_USE;

/* How much of it is believed. */
struct contagion_cap {
    double ratio;  /* times the company's own PD, at most */
    double points; /* more than it, at most: 0.1 is ten points */
};

extern const struct contagion_cap contagion_cap_usual; /* three times, and ten points more */

/* Never below pd.  Requires: ratio >= 1, points >= 0. */
double contagion_capped(double pd, double with_contagion, struct contagion_cap cap);

#endif
