/* neighbourhood.h - what the links of a request say of the company that stands among others.
 *
 * The company is node 0 of a small network of all parties named in its links.  Whoever can bring it
 * down is weighted: the share of its equity that a default would take (1 where nobody said how much
 * is at stake, or the amounts cannot be compared: leaving it out never pays) times how directly the
 * relation passes a default on (graph/contagion.h).
 *
 *     a party that controls it                     whole, as a parent
 *     one that it owns or controls                 by exposure, as a subsidiary
 *     one that it supplies, lends to, guarantees,
 *     or that owes to it                           by exposure, as trade
 *     one with a director in common                whole, by director
 *
 * Equity is that of the statement, at least 3 % of its total assets.  Links to itself are none;
 * exposures to one party are summed; holdings that sum to more than all of a company are scaled to
 * it; a holding of unstated size counts as control.  Of several PDs of one party the highest
 * counts; one that nobody stated contributes nothing, and is counted.
 *
 * The network is as large as the links: twice LINKS_MAX parties at most, each step linear in them.
 * Directors of more than BOARD_SEATS_MAX companies tie nobody. */
#ifndef FEATURE_NEIGHBOURHOOD_H
#define FEATURE_NEIGHBOURHOOD_H

#include "credit/facts.h"
#include "feature/exposures.h"
#include "feature/group.h"
#include "feature/relation.h"
#include "graph/contagion.h"

/* Unsecured trade claims bring back a tenth in a liquidation. */
extern const double neighbourhood_recovery;

struct neighbourhood {
    uint32_t relation_count; /* parties that stand in a relation to the company */
    uint32_t unknown_count;  /* of them: nobody stated a PD */
    uint32_t board_count;    /* of them: they share a director with it */
    struct known parent_pd;  /* the highest of those that control it */
    struct known group_max_pd;
    struct known director_failures; /* expected, among companies that share its directors */
    struct known trade_pd;          /* by exposure, of those that owe to it */
    struct known nearness;          /* to the distressed */
    struct known top_customer_share;
    struct known inherited_pd; /* that the default of another brings it down */
    struct group group;
    struct exposures exposures;
    /* The party that most of it comes from, by its strongest tie; RELATION_NONE: nothing does. */
    enum relation strongest;
    uint32_t strongest_party;
    double strongest_pd;
};

/* Set facts->neighbourhood: NULL without links.  Requires: all else is in place.  False: no memory.
 * Memory: of the arena. */
bool neighbourhood_make(struct facts *facts, double recovery, struct arena *arena) MUST_USE;
/* What a company can lose, in minor units: its equity, at least 3 % of its total assets; 0 without
 * accounts. */
double neighbourhood_equity(const struct statement *statement);
/* The log-odds of a company when its neighbours are taken into account, as far as `cap` believes
 * it: never below `log_odds`, and rising with them.  NULL: no links, so no lift. */
double neighbourhood_lifted(const struct neighbourhood *neighbourhood, double log_odds,
                            struct contagion_cap cap);
/* The highest that any neighbours could make of them. */
double neighbourhood_lifted_most(double log_odds, struct contagion_cap cap);
/* Does every party that stands in a relation to the company have a PD?  NULL: there are none. */
bool neighbourhood_is_known(const struct neighbourhood *neighbourhood);
/* How many log-odds a PD rises by, under the usual cap.  Requires: 0 < pd < 1. */
struct known neighbourhood_uplift(const struct neighbourhood *neighbourhood, double pd);

#endif
