/* pool.c - two stacks of exchanges, and a sum. */
#include "http/pool.h"

#include "http/exchange.h"

void pool_init(struct pool *pool, struct loop *loop)
{
    *pool = (struct pool){.loop = loop, .held_max = POOL_HELD_MAX};
}

struct exchange *pool_take(struct pool *pool, enum pool_kind kind)
{
    struct exchange *e = pool->spare[kind];
    if (e == NULL) {
        return exchange_create(pool->loop, kind);
    }
    pool->spare[kind] = e->next;
    pool->spare_size -= exchange_size(e);
    e->next = NULL;
    return e;
}

void pool_give(struct pool *pool, struct exchange *e)
{
    e->connection = NULL;
    e->x.peer[0] = '\0'; /* nothing of this client shall be taken for the next one's */
    e->x.client_x5t[0] = '\0';
    e->x.client_subject[0] = '\0';
    pool->held -= e->held;
    e->held = 0;
    exchange_reset(e);
    size_t size = exchange_size(e);
    if (pool->spare_size + size > POOL_SPARE_MAX) {
        exchange_destroy(e);
        return;
    }
    e->next = pool->spare[e->kind];
    pool->spare[e->kind] = e;
    pool->spare_size += size;
}

bool pool_count(struct pool *pool, struct exchange *e)
{
    size_t held = e->body.size + e->x.reply.size;
    if (e->kind == POOL_HTTP2) {
        held += POOL_STREAM_COST + e->stream.head_len;
    }
    pool->held = pool->held - e->held + held;
    e->held = held;
    return pool->held <= pool->held_max;
}

bool pool_has_room(const struct pool *pool)
{
    return pool->held + POOL_STREAM_COST <= pool->held_max;
}

void pool_finish(struct pool *pool)
{
    for (size_t kind = 0; kind < POOL_KIND_COUNT; kind++) {
        while (pool->spare[kind] != NULL) {
            exchange_destroy(pool_take(pool, (enum pool_kind)kind));
        }
    }
}
