/* graph_store.h - the tenant's graph on disk: links by their ends, and the parties they name.
 *
 * Keys, types and currencies are texts: the store does not know what a link means.  Days are
 * counted from 1970-01-01. */
#ifndef STORE_GRAPH_STORE_H
#define STORE_GRAPH_STORE_H

#include "store/unit.h"

enum graph_kind { GRAPH_HOLDING, GRAPH_EXPOSURE, GRAPH_SEAT, GRAPH_KIND_COUNT };

enum { GRAPH_UNSTATED = -1 };

struct graph_link_row {
    struct str from, to, type;
    enum graph_kind kind;   /* when written */
    int64_t strength;       /* when written */
    int32_t share_ppm;      /* or GRAPH_UNSTATED */
    int64_t exposure_minor; /* of `currency`, "" if none was stated */
    struct str currency;
    int32_t pd_ppm; /* or GRAPH_UNSTATED */
    int32_t learned_on;
    bool has_ended; /* when written: it is taken out */
};

struct graph_party_row {
    struct str party;
    int32_t pd_ppm; /* or GRAPH_UNSTATED */
    int64_t equity_minor;
    struct str currency; /* "": no equity is known */
    int32_t decided_on;  /* or GRAPH_UNSTATED: no decision was found */
    struct id decision;  /* when written, and one was */
};

/* What one decision files.  All of it lives as long as the unit. */
struct graph_filing {
    int64_t environment;
    struct id decision; /* the source of the links */
    uint32_t link_count;
    const struct graph_link_row *links; /* no two with the same ends and type */
    uint32_t party_count;
    const struct graph_party_row
        *parties; /* written where a link names them, those above included */
};
/* Add its rows to the unit; older ones never replace newer.  Memory: of the arena; without any left
 * the unit has failed. */
void graph_file(struct unit *unit, const struct graph_filing *filing, struct arena *arena);

struct graph_query {
    int64_t environment;
    struct str party;
    enum graph_kind kind;
    bool is_up;                       /* links to the party, not from it */
    int32_t learned_from, learned_to; /* days, both included */
    uint32_t limit;
};
/* Has anybody filed a link? */
enum status graph_any(bool *out, struct db *db, struct error *err) MUST_USE;
/* The links at one party, the strongest first.  Texts borrow until `each` returns. */
enum status graph_links(struct db *db, const struct graph_query *query,
                        bool (*each)(void *context, const struct graph_link_row *row),
                        void *context, struct error *err) MUST_USE;
/* NOT_FOUND: nobody knows it. */
enum status graph_party_find(struct db *db, int64_t environment, struct str party,
                             struct graph_party_row *out, struct arena *arena,
                             struct error *err) MUST_USE;

#endif
