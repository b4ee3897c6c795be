/* boards.h - companies that share directors.
 *
 * From who sits on which board to a network of companies, in both directions.  A person with many
 * seats ties any two of them less: Newman, "Scientific collaboration networks II", Physical Review
 * E 64 (2001) 016132. */
#ifndef GRAPH_BOARDS_H
#define GRAPH_BOARDS_H

#include "graph/network.h"

/* A person with more seats than this is an agent of formation, and ties nobody to anybody. */
enum { BOARD_SEATS_MAX = 200 };

struct seat {
    uint32_t person, company;
};

enum board_weight {
    BOARD_SHARED, /* how many directors two companies share */
    BOARD_NEWMAN, /* the sum over them of 1 / (seats - 1) */
};

/* A seat counts once, however often it is given.  False: no memory. */
bool boards_project(struct network *out, uint32_t company_count, const struct seat *seats,
                    size_t count, enum board_weight weight, struct arena *arena) MUST_USE;

/* ties[i]: what ties company i to `company`: a row of BOARD_NEWMAN, without the network of all the
 * others.  False: no memory. */
bool boards_ties(double *ties, uint32_t company_count, uint32_t company, const struct seat *seats,
                 size_t count, struct arena *arena) MUST_USE;

#endif
