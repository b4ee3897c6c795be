/* connection.h - one client: handshake, then HTTP/1.1 or HTTP/2, then the end.
 *
 * A connection is a state machine that connection_run() drives as far as the socket lets it.  What
 * both protocols share is in connection.c; connection_http1.c reads one request at a time and reads
 * nothing more while one is parked; connection_http2.c goes on with the other streams.
 *
 * Which protocol it is, TLS says by ALPN; without TLS the client's first bytes do.
 *
 * A client that goes while requests are with their handler closes the socket and nothing else: the
 * connection stays, GONE, until the last answer comes. */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include "base/buf.h"
#include "http/deadline.h"
#include "http/run_list.h"
#include "http/transport.h"

#include <stdint.h>

struct exchange;
struct http2;
struct loop;
struct ssl_ctx_st;

enum connection_state {
    CONNECTION_HANDSHAKE,
    CONNECTION_CHOOSING,  /* plain: the first bytes tell the protocol */
    CONNECTION_READING,   /* HTTP/1.1 */
    CONNECTION_PARKED,    /* HTTP/1.1: the exchange is the handler's */
    CONNECTION_WRITING,   /* HTTP/1.1 */
    CONNECTION_STREAMING, /* HTTP/2, all of it */
    CONNECTION_LINGERING, /* answered for the last time; waits for the client to close */
    CONNECTION_GONE,      /* the client is gone, but a handler has a request of it */
    CONNECTION_CLOSED,    /* buried at the end of the turn */
};

struct connection {
    struct loop *loop;
    struct transport transport;
    enum connection_state state;
    struct deadline deadline;
    bool is_ready;    /* on the loop's list to go on with */
    bool is_to_flush; /* on its list of those with something to write */
    size_t discarded;
    struct connection *previous; /* among all of the loop */
    struct connection *next;
    struct connection *ready_next;
    struct connection *flush_next;
    struct run_queue runs; /* its requests on the loop's run list */

    /* HTTP/1.1 */
    struct exchange *exchange; /* NULL while idle */
    bool has_input;            /* the input holds bytes not yet looked at */
    bool is_in_body;           /* the deadline is that of a body */
    bool is_closing;           /* behind the answer that is being written */
    uint64_t progress;         /* body or reply bytes at which the deadline was last set */
    size_t written;            /* of wire and reply together */
    size_t reply_in_wire;      /* bytes of the reply that are in `wire` */

    /* HTTP/2 */
    struct http2 *http2;
    struct buf rest;       /* rendered, but the socket would not take it */
    size_t rest_written;   /* bytes of it that are out */
    size_t moved;          /* bytes written since its write deadline was set */
    uint64_t idle_serial;  /* streams that had begun when it fell idle */
    uint64_t block_serial; /* heads that had ended when this one was being waited for */

    char peer[64];
};

/* Take the socket over and begin.  False: no memory; the socket is closed. */
bool connection_open(struct loop *loop, int fd, struct ssl_ctx_st *tls, const char peer[64]);
void connection_on_event(struct connection *c, uint32_t events);
void connection_run(struct connection *c);
void connection_on_deadline(struct connection *c, enum deadline_kind kind);
/* That of one stream of HTTP/2 has passed. */
void connection_on_stream_deadline(struct exchange *e, enum deadline_kind kind);
/* The handler has answered. */
void connection_on_answer(struct exchange *e);
/* Write what an HTTP/2 connection has to say: once a turn. */
void connection_flush(struct connection *c);
/* The server stops: go if there is nothing to answer. */
void connection_on_stop(struct connection *c);
/* At the end of grace: close whatever it does.  True if that cuts a request. */
bool connection_cut(struct connection *c);
/* Leave its parked exchanges to their handler alone; returns how many.  Requires: it was cut. */
unsigned connection_orphan(struct connection *c);
void connection_destroy(struct connection *c);

/* ---- for the two protocols ---- */

void connection_deadline_start(struct connection *c, enum deadline_kind kind);
void connection_deadline_stop(struct connection *c);
/* Who asks, for a request that begins. */
void connection_identify(const struct connection *c, struct exchange *e);
/* Let the handler render the refusal. */
void connection_render_refusal(struct connection *c, struct exchange *e, int why);
void connection_close(struct connection *c);
/* Send no more, and give the client time to read what we sent. */
void connection_linger(struct connection *c);

bool connection_http1_step(struct connection *c);
void connection_http1_on_timeout(struct connection *c);
void connection_http1_on_answer(struct connection *c);
/* The socket is closed.  False: a handler still has the request. */
bool connection_http1_close(struct connection *c);

/* False: no memory. */
bool connection_http2_open(struct connection *c);
bool connection_http2_step(struct connection *c);
void connection_http2_on_deadline(struct connection *c, enum deadline_kind kind);
void connection_http2_on_answer(struct connection *c, struct exchange *e);
void connection_http2_on_stop(struct connection *c);
bool connection_http2_close(struct connection *c);

#endif
