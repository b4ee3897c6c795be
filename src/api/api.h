/* api.h - JSON over HTTP: routes, credentials, handlers, problems; it never computes and never
 * meets a table. */
#ifndef API_API_H
#define API_API_H

#include "format/address.h"
#include "http/server.h"
#include "service/service.h"

#include <stdatomic.h>

struct api_config {
    struct service *service;
    const char *version;                        /* of the program */
    const struct address_range *metrics_ranges; /* besides loopback, who may read /metrics */
    uint32_t metrics_range_count;
};

struct tally;

/* What is borrowed here outlives it. */
struct api {
    struct service *service;
    const char *version;
    const struct address_range *metrics_ranges;
    uint32_t metrics_range_count;
    int64_t started_ms;
    struct tally *tally;
    struct http_server *_Atomic server; /* for its figures; NULL until it runs */
    atomic_bool is_draining;
};

enum status api_start(struct api *api, const struct api_config *config, struct error *err) MUST_USE;
void api_finish(struct api *api); /* behind the server; accepts a zeroed one */
/* What the server calls.  `api` outlives it. */
struct http_handler api_handler(struct api *api);
/* The server that calls runs: its figures are told with the others. */
void api_watch(struct api *api, struct http_server *server);
/* The server is about to stop: from now on it is not ready.  Any thread. */
void api_drain(struct api *api);
/* The path of a route as routes.def has it, for labels; "unknown" for TALLY_NO_ROUTE, and "" for
 * places without a route. */
const char *api_route_path(size_t route);

/* The routes, one a line: method, path, scope, summary.  For `aval routes` and for the check
 * against the contract. */
void api_routes_write(struct buf *out);

#endif
