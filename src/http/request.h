/* request.h - what a well-formed head may still not say.
 *
 * A pure function from a parsed head to an exchange, or to a refusal: one valid Host, one framing
 * of the body, a target that names a resource of this server, an expectation we know. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "http/server.h"

struct parser_head;

/* The headers are in x already.  Fills method, path and query from the request line of
 * `head_bytes`; false: *why it is refused, and x may hold a part. */
bool request_check(struct http_exchange *x, const struct parser_head *head, struct str head_bytes,
                   bool *expects_continue, enum http_refusal *why) MUST_USE;
/* "name", "name:port", "1.2.3.4", "[::1]:port"; no user, no path, no blank. */
bool request_host_is_valid(struct str host);

#endif
