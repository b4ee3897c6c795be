/* pool.h - the exchanges a loop keeps for the next request, and how much memory requests may hold.
 *
 * Everything a client can make a loop remember before it answers is counted here: heads and bodies
 * that are not whole, requests with their handler, replies nobody reads.  When that is more than
 * the pool may hold, new requests are refused until some of it is given back; a thousand
 * connections of a hundred streams each find a wall instead of the end of the memory. */
#ifndef HTTP_POOL_H
#define HTTP_POOL_H

#include <stdbool.h>
#include <stddef.h>

struct exchange;
struct loop;

enum {
    POOL_HELD_MAX = 96 * 1024 * 1024, /* one byte more: 503, or the stream is refused */
    POOL_SPARE_MAX = 8 * 1024 * 1024, /* memory of exchanges that wait for a request */
    /* What a stream costs beside its head and body: the exchange, and the pages of its buffers. */
    POOL_STREAM_COST = 8 * 1024,
};

enum pool_kind { POOL_HTTP1, POOL_HTTP2, POOL_KIND_COUNT };

struct pool {
    struct loop *loop; /* of its exchanges; NULL in a test */
    struct exchange *spare[POOL_KIND_COUNT];
    size_t spare_size;
    size_t held;
    size_t held_max;
};

void pool_init(struct pool *pool, struct loop *loop);
void pool_finish(struct pool *pool);
struct exchange *pool_take(struct pool *pool, enum pool_kind kind); /* NULL: no memory */
void pool_give(struct pool *pool, struct exchange *e);
/* Count anew what `e` holds.  False: together the requests hold too much. */
bool pool_count(struct pool *pool, struct exchange *e);
/* May a stream begin? */
bool pool_has_room(const struct pool *pool);

#endif
