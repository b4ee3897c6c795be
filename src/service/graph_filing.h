/* graph_filing.h - what a decision leaves in the tenant's graph: the links it was sent, and what it
 * says of its own company.
 *
 * Written with the decision's own unit.  A decision without links leaves one row, and only where
 * some link names its company; none at all while nobody has filed a link. */
#ifndef SERVICE_GRAPH_FILING_H
#define SERVICE_GRAPH_FILING_H

#include "service/assess.h"
#include "store/graph_store.h"

#include <stdatomic.h>

struct graph_filing_input {
    int64_t environment;
    struct id decision;
    const struct assessment *assessment;
    atomic_bool
        *has_graph; /* has anybody filed a link?  Set when this decision does; NULL: nobody */
    /* Parties that the store knew nothing of, and what was found of them. */
    uint32_t searched_count;
    const struct graph_party_row *searched;
};
/* Add to the unit.  Memory: of the arena, which lives as long as the unit; without any left the
 * unit has failed. */
void graph_filing_declare(struct unit *unit, const struct graph_filing_input *in,
                          struct arena *arena);

/* The key by which the graph knows a party, "FR:siren:732829320".  ptr NULL: no memory. */
struct str graph_key(const struct company_id *id, struct arena *arena);
/* The keys of a company, one for each of its identifiers that is not of the same party; *count of
 * them.  NULL: no memory. */
const struct str *graph_keys(uint32_t *count, const struct company *company, struct arena *arena);

#endif
