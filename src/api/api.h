/* api.h - JSON over HTTP: routes, credentials, handlers, problems; it never computes and never
 * meets a table. */
#ifndef API_API_H
#define API_API_H

#include "http/server.h"
#include "service/service.h"

struct api {
    struct service *service;
};

/* What the server calls.  `api` outlives it. */
struct http_handler api_handler(struct api *api);

/* The routes, one a line: method, path, scope, summary.  For `aval routes` and for the check
 * against the contract. */
void api_routes_write(struct buf *out);

#endif
