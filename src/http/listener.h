/* listener.h - the address we listen at, and accepting when descriptors run out. */
#ifndef HTTP_LISTENER_H
#define HTTP_LISTENER_H

#include "base/status.h"
#include "http/pace.h"

#include <stdbool.h>

struct listen_address {
    struct sockaddr_storage address;
    socklen_t len;
};

/* A listening socket, and a descriptor kept in reserve: when none is left it is given up for a
 * moment, so that the waiting client is accepted and closed instead of keeping the loop spinning.
 */
struct listener {
    int fd;
    int reserve_fd;
    bool is_mutual; /* asks for a client certificate */
};

/* Who came in. */
struct listener_peer {
    char text[64]; /* the address, without the port */
    struct pace_address address;
};

enum accept_result {
    ACCEPT_OK,
    ACCEPT_NONE,   /* nobody is waiting */
    ACCEPT_GONE,   /* one went away by itself */
    ACCEPT_CLOSED, /* one was turned away: descriptors run out */
    ACCEPT_FAILED, /* try again later */
};

/* "127.0.0.1:8443", "[::1]:0", "localhost:8443". */
enum status listen_address_read(struct listen_address *out, const char *text,
                                struct error *err) MUST_USE;
/* Fails if anybody listens there already.  SO_REUSEPORT alone would let a second server in. */
enum status listen_address_probe(const struct listen_address *address, const char *text,
                                 struct error *err) MUST_USE;
/* Each loop opens one of its own; *port is the one taken. */
enum status listener_open(struct listener *l, const struct listen_address *address,
                          const char *text, uint16_t *port, struct error *err) MUST_USE;
void listen_address_set_port(struct listen_address *address, uint16_t port);
void listener_close(struct listener *l);
/* *fd is non-blocking and less than fd_end: the numbers from there on are for files, so that the
 * database can work when clients have taken all the rest. */
enum accept_result listener_accept(struct listener *l, int fd_end, int *fd,
                                   struct listener_peer *peer) MUST_USE;

#endif
