/* graph_show.h - the tenant's graph around one company, for an operator to look at. */
#ifndef SERVICE_GRAPH_SHOW_H
#define SERVICE_GRAPH_SHOW_H

#include "base/buf.h"
#include "base/status.h"
#include "format/iso8601.h"

struct graph_show_request {
    const char *db;
    struct str tenant; /* its name */
    bool is_live;
    struct str company; /* "siren:732829320" */
    struct date today;  /* what was learned later is not shown */
    bool is_json;       /* else a line a link, then a line a party */
};
/* What a decision that asks for the stored links would be given.  INVALID: the company; NOT_FOUND:
 * the database or the tenant. */
enum status graph_show(struct buf *out, const struct graph_show_request *request,
                       struct error *err) MUST_USE;

#endif
