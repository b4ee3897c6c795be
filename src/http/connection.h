/* connection.h - one client: handshake, read, park, write, and again.
 *
 * A connection is a state machine that connection_run() drives as far as the socket lets it.  It
 * handles one request at a time and reads nothing while one is parked: what a client sends in
 * advance waits in the kernel, and then in the client.
 *
 * A client that goes while its request is parked closes the socket and nothing else: the connection
 * stays, GONE, until the answer comes. */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include "http/deadline.h"
#include "http/transport.h"

#include <stdint.h>

struct exchange;
struct loop;
struct ssl_ctx_st;

enum connection_state {
    CONNECTION_HANDSHAKE,
    CONNECTION_READING,
    CONNECTION_PARKED, /* the exchange is the handler's */
    CONNECTION_WRITING,
    CONNECTION_LINGERING, /* answered for the last time; waits for the client to close */
    CONNECTION_GONE,      /* parked, and its client is gone */
    CONNECTION_CLOSED,    /* buried at the end of the turn */
};

struct connection {
    struct loop *loop;
    struct transport transport;
    enum connection_state state;
    struct deadline deadline;
    struct exchange *exchange; /* NULL while idle */
    bool has_input;            /* the input holds bytes not yet looked at */
    bool is_in_body;           /* the deadline is that of a body */
    bool is_ready;             /* on the loop's list to go on with */
    bool is_closing;           /* behind the answer that is being written */
    uint64_t progress;         /* body or reply bytes at which the deadline was last set */
    size_t written;            /* of wire and reply together */
    size_t reply_in_wire;      /* bytes of the reply that are in `wire` */
    size_t discarded;
    struct connection *previous; /* among all of the loop */
    struct connection *next;
    struct connection *ready_next;
    char peer[64];
};

/* Take the socket over and begin.  False: no memory; the socket is closed. */
bool connection_open(struct loop *loop, int fd, struct ssl_ctx_st *tls, const char peer[64]);
void connection_on_event(struct connection *c, uint32_t events);
void connection_run(struct connection *c);
void connection_on_deadline(struct connection *c, enum deadline_kind kind);
/* The handler has answered c->exchange. */
void connection_on_answer(struct connection *c);
/* The server stops: go if there is nothing to answer. */
void connection_on_stop(struct connection *c);
/* At the end of grace: close whatever it does.  True if that cuts a request. */
bool connection_cut(struct connection *c);
/* Leave a parked exchange to its handler alone.  Requires: it was cut. */
void connection_orphan(struct connection *c);
void connection_destroy(struct connection *c);

#endif
