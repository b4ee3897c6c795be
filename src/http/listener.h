/* listener.h - the address we listen at, and accepting when descriptors run out. */
#ifndef HTTP_LISTENER_H
#define HTTP_LISTENER_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

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
};

enum accept_result {
    ACCEPT_OK,
    ACCEPT_NONE,   /* nobody is waiting */
    ACCEPT_CLOSED, /* one was turned away */
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
/* *fd is non-blocking; `peer` takes the address as text, without the port. */
enum accept_result listener_accept(struct listener *l, int *fd, char peer[64]) MUST_USE;

#endif
