/* request.h - what a well-formed head may still not say.
 *
 * Pure functions from a parsed head to an exchange, or to a refusal: one valid Host, one framing
 * of the body, a target that names a resource of this server, an expectation we know.  One for each
 * protocol, and the same rules for both. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "http/server.h"

struct parser_head;

/* The headers are in x already.  Fills method, path and query from the request line of
 * `head_bytes`; false: *why it is refused, and x may hold a part. */
bool request_check(struct http_exchange *x, const struct parser_head *head, struct str head_bytes,
                   bool *expects_continue, enum http_refusal *why) MUST_USE;

/* What a head of HTTP/2 says beside its header fields. */
struct request_head {
    struct str scheme;
    struct str authority; /* empty: only Host says it */
    struct str target;
    /* Filled: */
    uint64_t length; /* Content-Length, or 0 */
    bool expects_continue;
};

/* method_text and the headers are in x already.  Fills method, path and query, joins the crumbs of
 * a cookie and sees that there is a header "host", as a handler knows it.  False: as above. */
bool request_check_fields(struct http_exchange *x, struct request_head *head,
                          enum http_refusal *why) MUST_USE;
/* "name", "name:port", "1.2.3.4", "[::1]:port"; no user, no path, no blank. */
bool request_host_is_valid(struct str host);

#endif
