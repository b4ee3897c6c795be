/* ownership.h - who holds how much of whom through others, and who decides there.
 *
 * An edge i -> j of weight s says that i holds the share s of j.  Holding and deciding differ: with
 * A holding 60 % of B, and B 60 % of C, A holds 36 % of C and decides in it alone. */
#ifndef GRAPH_OWNERSHIP_H
#define GRAPH_OWNERSHIP_H

#include "graph/network.h"

enum { OWNERSHIP_ROUNDS_MAX = 10000 };

extern const double ownership_beneficial; /* 0.25: from here on a beneficial owner */
extern const double ownership_majority;   /* 0.5: above it a vote is decided */

enum ownership_result {
    OWNERSHIP_OK,
    OWNERSHIP_CIRCULAR, /* companies that own each other whole: no share is defined; or nearly so,
                           or a chain so long, that the rounds did not suffice */
    OWNERSHIP_NO_MEMORY,
};

/* Scale down the holdings in every company of which more than all is held.  Returns how many those
 * are: sources contradict each other there. */
uint32_t ownership_normalise(struct edge *holdings, size_t count, uint32_t node_count,
                             struct arena *arena);
/* integrated[i]: what i holds of `company`, directly and through all chains: the column of
 * O (I - O)^-1 = O + O^2 + ..., a term a round, `rounds` of them at most.  Brioschi, Buzzacchi,
 * Colombo, "Risk capital financing and the separation of ownership and control in business groups",
 * Journal of Banking & Finance 13 (1989) 747. */
enum ownership_result ownership_integrated(double *integrated, const struct network *holdings,
                                           uint32_t company, unsigned rounds,
                                           struct arena *arena) MUST_USE;

/* Room to work in, for as many companies as the network has: one serves many calls. */
struct ownership_scratch {
    double *held;
    uint32_t *queue;
};

/* False: no memory. */
bool ownership_scratch_make(struct ownership_scratch *out, uint32_t node_count,
                            struct arena *arena) MUST_USE;
/* is_controlled[j]: `holder`, with all whom it controls, holds more than half of j.  Each holding
 * is looked at once. */
void ownership_control(bool *is_controlled, struct ownership_scratch *scratch,
                       const struct network *holdings, uint32_t holder);

#endif
