/* link.h - ties between the company and others, and among those.
 *
 * Whoever stands at the end of a link is a party, with a number: the company itself is 0.  A SIREN,
 * a SIRET and a French VAT number with the same nine digits are one party. */
#ifndef CREDIT_LINK_H
#define CREDIT_LINK_H

#include "base/arena.h"
#include "credit/company.h"
#include "credit/money.h"

enum link_type {
#define LINK_TYPE(name, wire) LINK_##name,
#include "credit/link_types.def"
#undef LINK_TYPE
    LINK_TYPE_COUNT
};

enum { LINK_UNSTATED = -1 };

struct link {
    enum link_type type;
    uint32_t from, to;     /* numbers of parties */
    int32_t share_ppm;     /* of what `from` has in `to`; LINK_UNSTATED if nobody said */
    int32_t pd_ppm;        /* of the party that is not the company; LINK_UNSTATED */
    struct money exposure; /* currency NONE if none was given */
};

/* The two ends of a link, as they were sent. */
struct link_ends {
    struct company_id from, to;
};

/* Whoever stands at the end of a link, and what is known of it beside the links. */
struct link_party {
    const struct company_id *id; /* by which a link names it first; NULL: the company, unnamed */
    int32_t pd_ppm;              /* by its own latest decision; LINK_UNSTATED */
    struct money equity;         /* what it can lose; currency NONE if nobody said */
};

bool link_type_read(enum link_type *out, struct str wire) MUST_USE; /* "owns", ... */
const char *link_type_wire(enum link_type type);
/* Does it tie two parties?  None ties one to itself, and a holding or a seat of share 0 has ended.
 */
bool link_ties(const struct link *link);
/* Set `from` and `to` of links[i] from ends[i].  Returns all parties in the order of their numbers,
 * *party_count of them, the company included; nothing but their ids is known.  Numbers follow the
 * order of the identifiers, not of the list.  NULL: no memory.  Memory: borrows from `ends`. */
struct link_party *links_number(struct link *links, uint32_t *party_count,
                                const struct link_ends *ends, uint32_t count,
                                const struct company *company, struct arena *arena) MUST_USE;
/* The number of the party with this id, or *party_count if no link names it.  Requires: `parties`
 * is as links_number made it. */
uint32_t link_party_find(const struct link_party *parties, uint32_t party_count,
                         const struct company_id *id);

#endif
