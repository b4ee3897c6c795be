/* deadline.h - who must be cut off next.
 *
 * All deadlines of a kind wait equally long, so each kind is a queue in which the oldest is first:
 * setting, clearing and finding the next one cost the same for one connection and for ten thousand.
 */
#ifndef HTTP_DEADLINE_H
#define HTTP_DEADLINE_H

#include "base/check.h"

#include <stdbool.h>
#include <stdint.h>

enum deadline_kind {
    DEADLINE_HEAD,
    DEADLINE_BODY,
    DEADLINE_IDLE,
    DEADLINE_WRITE,
    DEADLINE_LINGER, /* an answered client that does not close */
    DEADLINE_SILENT, /* one that never asked anything, when the server stops */
    /* Of one request of HTTP/2, owned by its exchange. */
    DEADLINE_STREAM_BODY,
    DEADLINE_STREAM_WRITE,
    DEADLINE_STREAM_LINGER,
    DEADLINE_COUNT,
};

struct deadline {
    struct deadline *previous;
    struct deadline *next;
    uint64_t at_us;
    enum deadline_kind kind;
    bool is_set;
    void *owner;
};

struct deadlines {
    struct {
        struct deadline *first;
        struct deadline *last;
        uint64_t wait_us;
    } kinds[DEADLINE_COUNT];
};

/* Set, or set anew. */
void deadline_set(struct deadlines *all, struct deadline *d, enum deadline_kind kind,
                  uint64_t now_us);
void deadline_clear(struct deadlines *all, struct deadline *d);
uint64_t deadline_next_us(const struct deadlines *all); /* UINT64_MAX: none */
/* Take one that has passed out of its queue, or NULL. */
struct deadline *deadline_expired(struct deadlines *all, uint64_t now_us);

#endif
