/* ties.h - who owns whom, who directs what, who buys from whom.
 *
 * Drawn once, when an economy is founded.  A group stands side by side among the firms, its head
 * first.  Who replaces a firm that failed takes over its trade, and stands alone. */
#ifndef ECONOMY_TIES_H
#define ECONOMY_TIES_H

#include "base/arena.h"
#include "economy/firm.h"

struct group {
    uint32_t first, end; /* places of its members */
    double quality;      /* the part that they share */
};

/* What a firm sells to one customer, as a share of all its sales. */
struct sale {
    uint32_t customer;
    double share;
};

struct ties {
    uint32_t group_count;
    struct group *groups;
    const uint32_t *first_sale; /* firm_count + 1 */
    const struct sale *sales;
    uint32_t *first_seat; /* by person, firm_count + 1 */
    uint32_t *seats;      /* firms, by the person who directs them */
};

/* Set group, parent, share and director of each firm, and who sells to whom.  Requires: key, sector
 * and ln_assets.  False: no memory. */
bool ties_make(struct ties *out, struct firm *firms, uint32_t count, uint64_t seed,
               struct arena *arena) MUST_USE;
/* Find the seats anew, after directors changed. */
void ties_seat(struct ties *ties, const struct firm *firms, uint32_t count);
/* A firm failed and another took its place. */
void ties_leave(const struct ties *ties, struct firm *firms, uint32_t place);

#endif
