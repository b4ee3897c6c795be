/* pace.h - how fast one address may begin TLS handshakes.
 *
 * A handshake costs us a signature and the client next to nothing.  Each address has a token
 * bucket: `burst` at once, then `per_second`.  Whoever asks for more is not refused but told when
 * its turn comes; its connection waits until then, and the processor is free for the others.
 *
 * The table is of fixed size and shared by all loops.  When it is full, the address that has been
 * quiet the longest is forgotten, which gives it back its burst and nothing more.  Limits go by
 * what one subscriber holds: an IPv4 address, or the /64 of an IPv6 one. */
#ifndef HTTP_PACE_H
#define HTTP_PACE_H

#include "base/check.h"

#include <stdint.h>
#include <sys/socket.h>

enum {
    PACE_PER_SECOND_DEFAULT = 1000, /* at 0.2 ms each: a fifth of a processor */
    PACE_WAIT_MAX_S = 10,           /* one that would have to wait longer is turned away */
    PACE_ADDRESSES_MAX = 8192,
    PACE_ADDRESS_LEN = 16,
};

#define PACE_NEVER UINT64_MAX

struct pace_address {
    uint8_t bytes[PACE_ADDRESS_LEN];
};

struct pace;

struct pace_address pace_address_of(const struct sockaddr_storage *peer);
/* Both at least 1.  NULL: no memory. */
struct pace *pace_create(unsigned per_second, unsigned burst);
void pace_destroy(struct pace *pace);
/* When the next handshake of that address may begin: now_us, later, or PACE_NEVER.  What is told is
 * taken: ask once a connection.  Any thread. */
uint64_t pace_take(struct pace *pace, const struct pace_address *address, uint64_t now_us);

#endif
