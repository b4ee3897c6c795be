/* stored_links.h - the network that the tenant's graph knows around the company of a request.
 *
 * Only where the request asks for it ("links_from": "stored"), and only on a thread that may wait
 * for the store.  What is read becomes a member of the request, `stored_links`, and is frozen with
 * it: a replay reads nothing.  Bounded by the STORED_ limits of wire/decision_request.h: two steps
 * from the company, strongest first within each kind of link (holdings, exposures, seats), then by
 * key; what is left out is counted.  Nothing that was learned after the request's as_of is seen. */
#ifndef SERVICE_STORED_LINKS_H
#define SERVICE_STORED_LINKS_H

#include "service/graph_filing.h"

struct stored_links_input {
    struct db *db;
    int64_t environment;
    struct date today; /* as assess() takes it */
};

/* Parties for which the graph had no row, and what their decisions say. */
struct searched_parties {
    uint32_t count;
    struct graph_party_row *rows;
};

/* Does the request ask for stored links that it does not bring with it? */
bool stored_links_are_wanted(const struct json *root);
/* Note a violation if a caller sends what only the store may add. */
void stored_links_refuse(const struct json *root, struct violations *violations);
/* *root becomes the request with what is stored.  A request that does not read is left as it is: to
 * say why is assess()'s.  *searched (may be NULL) gets what the graph had to look for.  Memory: of
 * the arena. */
enum status stored_links_add(const struct json **root, struct searched_parties *searched,
                             const struct stored_links_input *in, struct arena *arena,
                             struct error *err) MUST_USE;

/* The same network around one company, as canonical JSON {"cut","links","parties"}. */
enum status stored_links_show(struct buf *out, const struct company_id *id,
                              const struct stored_links_input *in, struct arena *arena,
                              struct error *err) MUST_USE;

#endif
