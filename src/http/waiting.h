/* waiting.h - connections that were accepted and may not begin yet, by the time of their turn.
 *
 * Each costs a descriptor and a hundred bytes: no TLS object, no deadline, no event.  Its clock
 * starts when it is let in. */
#ifndef HTTP_WAITING_H
#define HTTP_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct waiting {
    uint64_t at_us;
    int fd;
    bool is_mutual; /* came in at a listener that asks for a client certificate */
    char peer[64];
};

struct waiting_room {
    struct waiting *heap; /* the next one first */
    size_t count;
    size_t size;
};

/* False: no memory; the caller keeps the socket. */
bool waiting_add(struct waiting_room *room, const struct waiting *one);
/* Take the one whose turn came first, if it has come. */
bool waiting_take(struct waiting_room *room, uint64_t now_us, struct waiting *out);
uint64_t waiting_next_us(const struct waiting_room *room); /* UINT64_MAX: nobody waits */
void waiting_finish(struct waiting_room *room);            /* Requires: nobody waits */

#endif
