/* exchange.c - one allocation a concurrent request, kept. */
#include "http/exchange.h"

#include "http/http1.h"

#include <stdlib.h>
#include <string.h>

struct exchange *exchange_create(struct loop *loop, enum pool_kind kind)
{
    struct exchange *e = calloc(1, sizeof *e);
    struct http1 *http1 = kind == POOL_HTTP1 ? http1_create() : NULL;
    if (e == NULL || (kind == POOL_HTTP1 && http1 == NULL)) {
        free(e);
        http1_destroy(http1);
        return NULL;
    }
    e->loop = loop;
    e->kind = kind;
    e->http1 = http1;
    e->x.protocol = kind == POOL_HTTP1 ? "HTTP/1.1" : "HTTP/2";
    arena_init(&e->arena, HTTP_EXCHANGE_ARENA_MAX);
    e->x.arena = &e->arena;
    buf_init(&e->x.head, HTTP_HEAD_LEN_MAX);
    buf_init(&e->x.reply, HTTP_REPLY_LEN_MAX);
    buf_init(&e->body, 0);
    buf_init(&e->wire, 4 * HTTP_HEAD_LEN_MAX);
    return e;
}

void exchange_destroy(struct exchange *e)
{
    if (e != NULL) {
        arena_finish(&e->arena);
        buf_finish(&e->x.head);
        buf_finish(&e->x.reply);
        buf_finish(&e->body);
        buf_finish(&e->wire);
        http1_destroy(e->http1);
        free(e);
    }
}

size_t exchange_size(const struct exchange *e)
{
    enum { ARENA_KEPT_SIZE = 16 * 1024 };
    size_t input_size = e->http1 == NULL ? 0 : sizeof *e->http1;
    return sizeof *e + input_size + ARENA_KEPT_SIZE + e->x.head.size + e->x.reply.size +
           e->body.size + e->wire.size;
}

static void buf_recycle(struct buf *b)
{
    size_t limit = b->limit;
    if (b->size > EXCHANGE_KEEP_SIZE) {
        buf_finish(b);
        buf_init(b, limit);
    }
    buf_clear(b);
}

void exchange_shed(struct exchange *e)
{
    arena_reset(&e->arena);
    buf_recycle(&e->x.head);
    buf_recycle(&e->x.reply);
    buf_recycle(&e->body);
    buf_recycle(&e->wire);
}

void exchange_reset(struct exchange *e)
{
    CHECK(!e->is_with_handler);
    exchange_shed(e);
    e->stream = (struct stream){0};
    e->x.status = 0;
    e->x.close = false;
    e->x.user = NULL;
    e->x.started_us = 0;
    e->x.received_us = 0;
}

struct str http_header_find(const struct http_exchange *x, struct str name, unsigned *count)
{
    struct str value = STR("");
    unsigned found = 0;
    for (uint32_t i = 0; i < x->header_count; i++) {
        if (str_eq_ignore_case(x->headers[i].name, name)) {
            value = x->headers[i].value;
            found++;
        }
    }
    if (count != NULL) {
        *count = found;
    }
    return found == 1 ? value : STR("");
}

static bool ends_line(char c)
{
    return c == '\r' || c == '\n' || c == 0;
}

void http_reply_header(struct http_exchange *x, const char *name, struct str value)
{
    buf_append_text(&x->head, name);
    buf_append(&x->head, STR(": "));
    for (size_t from = 0; from < value.len;) {
        size_t end = from;
        while (end < value.len && !ends_line(value.ptr[end])) {
            end++;
        }
        buf_append(&x->head, str_slice(value, from, end));
        from = end + 1;
    }
    buf_append(&x->head, STR("\r\n"));
}
