/* transport.h - one socket, with or without TLS on it, that never waits.
 *
 * Readiness comes by edges: whoever was told AGAIN hears of it once more when it changes.  The
 * transport remembers that a read came back short, so that a connection which has all there is does
 * not ask the kernel again. */
#ifndef HTTP_TRANSPORT_H
#define HTTP_TRANSPORT_H

#include "base/check.h"

#include <stdbool.h>
#include <stddef.h>

struct ssl_st;
struct ssl_ctx_st;

enum transport_result {
    TRANSPORT_OK,
    TRANSPORT_AGAIN, /* nothing to be had before the next event */
    TRANSPORT_END,   /* the peer sends no more; it may still read */
    TRANSPORT_DEAD,
};

struct transport {
    int fd; /* -1: closed */
    struct ssl_st *ssl;
    bool may_read;  /* the socket may have bytes for us */
    bool has_ended; /* it said that its last byte is there */
    bool is_ready;  /* TLS is established, or none is needed */
    bool is_broken; /* TLS failed: not another byte through it */
};

/* Take the socket over.  context NULL: plain.  False: no memory; the socket is closed. */
bool transport_init(struct transport *t, int fd, struct ssl_ctx_st *context) MUST_USE;
enum transport_result transport_handshake(struct transport *t) MUST_USE;
enum transport_result transport_read(struct transport *t, void *to, size_t size,
                                     size_t *len) MUST_USE;
enum transport_result transport_write(struct transport *t, const void *bytes, size_t len,
                                      size_t *written) MUST_USE;
/* Look at the first bytes without taking them.  Requires: plain. */
enum transport_result transport_peek(struct transport *t, void *to, size_t size,
                                     size_t *len) MUST_USE;
/* Did TLS settle on HTTP/2? */
bool transport_is_http2(const struct transport *t);
/* Throw away what arrives, at most `size` bytes of it; END when the peer has closed. */
enum transport_result transport_discard(struct transport *t, void *scratch, size_t size,
                                        size_t *len) MUST_USE;
/* Say that we send no more; reading goes on. */
void transport_shutdown(struct transport *t);
void transport_close(struct transport *t); /* accepts a closed one */

#endif
