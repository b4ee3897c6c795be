/* http1.h - HTTP/1.1 as a state machine over bytes; it has no socket.
 *
 * The caller reads bytes to where http1_space() says, calls http1_advance() and does what the step
 * says: read more, hand the whole request over, or refuse.  One request at a time: bytes of the
 * next one wait in the input until http1_next().
 *
 * Memory: a `struct http1` holds the input, 32 KiB.  The strings of the exchange are slices of it,
 * and of `body` if the body came in pieces; they hold until http1_next(). */
#ifndef HTTP_HTTP1_H
#define HTTP_HTTP1_H

#include "http/chunks.h"
#include "http/parser.h"
#include "http/scan.h"
#include "http/server.h"

enum {
    HTTP1_INPUT_SIZE = 2 * HTTP_HEAD_LEN_MAX,
    /* Chunk sizes, extensions and trailers may be this much longer than the data they frame; one
     * byte more is refused with 413. */
    HTTP1_FRAMING_LEN_MAX = 16 * 1024,
};

enum http1_step {
    HTTP1_MORE,
    HTTP1_CONTINUE, /* more, and whoever sends it waits for "100 Continue" */
    HTTP1_WHOLE,
    HTTP1_REFUSED, /* `refusal` says why; the connection is of no further use */
};

enum http1_phase {
    HTTP1_HEAD,
    HTTP1_LENGTH, /* a body of known length */
    HTTP1_CHUNKS,
    HTTP1_TRAILER,
    HTTP1_DONE,
};

struct http1 {
    const struct http_handler *handler;
    struct http_exchange *x;
    struct buf *body;
    struct parser *parser;
    enum http1_phase phase;
    enum http_refusal refusal;
    bool keep_alive; /* what the client wants */
    bool is_http_1_0;
    bool has_empty_line; /* one was passed over before this request */
    struct scan scan;
    struct chunks chunks;
    size_t start; /* input[start..end) is not consumed */
    size_t end;
    size_t held_from; /* input[held_from..held_to) is the head, until http1_next() */
    size_t held_to;
    size_t body_max;
    uint64_t body_left; /* of a body of known length */
    uint64_t body_read; /* bytes off the wire, framing included */
    struct http1 *next; /* in its loop's pool */
    char input[HTTP1_INPUT_SIZE];
};

struct http1 *http1_create(void); /* NULL: no memory */
void http1_destroy(struct http1 *p);

/* Forget all input and begin with the first request of a connection. */
void http1_begin(struct http1 *p, const struct http_handler *handler, struct http_exchange *x,
                 struct buf *body);
/* The request was answered: begin with the next one.  True if bytes of it are here already; then
 * call http1_advance() with 0. */
bool http1_next(struct http1 *p);
/* Not a byte of a request is here; an empty line before it is not of it. */
bool http1_is_idle(const struct http1 *p);
bool http1_is_in_body(const struct http1 *p);

/* Where the next bytes go.  Requires: the last step was HTTP1_MORE or HTTP1_CONTINUE, or none was.
 * Ensures: *len > 0. */
void http1_space(struct http1 *p, char **to, size_t *len);
enum http1_step http1_advance(struct http1 *p, size_t len) MUST_USE;

int http1_refusal_status(enum http_refusal why);

#endif
