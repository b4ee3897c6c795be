/* connection_http1.c - one request at a time: read, park, write, and again. */
#include "http/connection.h"

#include "http/answer.h"
#include "http/exchange.h"
#include "http/http1.h"
#include "http/loop.h"

enum { PROGRESS_LEN = 512 * 1024 }; /* this much moved earns a new deadline */

/* The answer is out, or nobody is there to take it. */
static void exchange_finish(struct connection *c, bool is_sent)
{
    const struct http_handler *handler = &c->loop->shared->handler;
    handler->done(handler->context, &c->exchange->x, c->written, is_sent);
    exchange_reset(c->exchange);
    (void)pool_count(&c->loop->pool, c->exchange);
}

static void exchange_release(struct connection *c)
{
    if (c->exchange != NULL) {
        pool_give(&c->loop->pool, c->exchange);
        c->exchange = NULL;
    }
}

bool connection_http1_close(struct connection *c)
{
    if (c->state == CONNECTION_PARKED || c->state == CONNECTION_GONE) {
        return false;
    }
    bool is_part_read =
        c->state == CONNECTION_READING && c->exchange != NULL && !http1_is_idle(c->exchange->http1);
    if (is_part_read) {
        c->written = 0;
    }
    if (is_part_read || c->state == CONNECTION_WRITING) {
        exchange_finish(c, false);
    }
    exchange_release(c);
    return true;
}

static void answer_begin(struct connection *c)
{
    struct exchange *e = c->exchange;
    struct loop *loop = c->loop;
    c->is_closing = !e->http1->keep_alive || e->x.close || loop->is_stopping;
    const struct answer_options options = {
        .date = loop->date, .is_http_1_0 = e->http1->is_http_1_0, .close = c->is_closing};
    c->reply_in_wire = answer_render(&e->wire, &e->x, &options);
    c->written = 0;
    c->progress = 0;
    c->state = CONNECTION_WRITING;
    if (buf_failed(&e->wire)) {
        connection_close(c); /* no memory, not even for a head */
    }
}

static void refuse(struct connection *c, enum http_refusal why)
{
    struct exchange *e = c->exchange;
    connection_deadline_stop(c);
    e->x.close = true;
    connection_render_refusal(c, e, (int)why);
    e->x.close = true;
    e->http1->keep_alive = false;
    answer_begin(c);
}

static void hand_over(struct connection *c)
{
    connection_deadline_stop(c);
    c->state = CONNECTION_PARKED;
    if (loop_hand_over(c->loop, c->exchange)) {
        loop_answer_later(c->loop, c->exchange);
    }
}

/* A new exchange at the first byte, or the next request on the same one. */
static bool request_begin(struct connection *c)
{
    struct exchange *e = c->exchange;
    if (e == NULL) {
        e = pool_take(&c->loop->pool, POOL_HTTP1);
        if (e == NULL) {
            return false;
        }
        e->connection = c;
        connection_identify(c, e);
        http1_begin(e->http1, &c->loop->shared->handler, &e->x, &e->body);
        c->exchange = e;
    }
    c->is_in_body = false;
    return true;
}

/* The clock of a request that is not whole yet.  The first one of a connection has been running
 * since it was accepted. */
static void reading_deadline(struct connection *c)
{
    struct http1 *http1 = c->exchange->http1;
    if (!http1_is_in_body(http1)) {
        if (!c->deadline.is_set || c->deadline.kind != DEADLINE_HEAD) {
            connection_deadline_start(c, DEADLINE_HEAD);
        }
        return;
    }
    if (!c->is_in_body || http1->body_read - c->progress >= PROGRESS_LEN) {
        c->is_in_body = true;
        c->progress = http1->body_read;
        connection_deadline_start(c, DEADLINE_BODY);
    }
}

static bool continue_send(struct connection *c)
{
    struct str line = STR("HTTP/1.1 100 Continue\r\n\r\n");
    size_t written = 0;
    return transport_write(&c->transport, line.ptr, line.len, &written) == TRANSPORT_OK &&
           written == line.len;
}

/* Part of a request is here.  False: it cannot be kept, and is refused. */
static bool reading_more(struct connection *c)
{
    if (!pool_count(&c->loop->pool, c->exchange)) {
        refuse(c, HTTP_REFUSED_BUSY);
        return false;
    }
    reading_deadline(c);
    return true;
}

static void input_advance(struct connection *c, size_t len)
{
    struct exchange *e = c->exchange;
    if (http1_is_idle(e->http1) || e->x.started_us == 0) {
        e->x.started_us = c->loop->now_us;
    }
    switch (http1_advance(e->http1, len)) {
    case HTTP1_MORE: (void)reading_more(c); return;
    case HTTP1_CONTINUE:
        if (reading_more(c) && !continue_send(c)) {
            connection_close(c);
        }
        return;
    case HTTP1_WHOLE: hand_over(c); return;
    case HTTP1_REFUSED: refuse(c, e->http1->refusal); return;
    }
}

/* Nothing to read: a connection without a single byte of a request needs no buffers. */
static bool reading_wait(struct connection *c)
{
    const struct http1 *http1 = c->exchange->http1;
    if (http1_is_idle(http1) && !http1->has_empty_line) { /* which must not be forgotten */
        exchange_release(c);
        if (!c->deadline.is_set) {
            connection_deadline_start(c, c->loop->is_stopping ? DEADLINE_SILENT : DEADLINE_IDLE);
        }
    }
    return false;
}

static bool reading_step(struct connection *c)
{
    if (c->exchange == NULL && !request_begin(c)) {
        connection_close(c);
        return true;
    }
    if (c->has_input) {
        c->has_input = false;
        input_advance(c, 0);
        return true;
    }
    char *to = NULL;
    size_t size = 0;
    size_t len = 0;
    http1_space(c->exchange->http1, &to, &size);
    switch (transport_read(&c->transport, to, size, &len)) {
    case TRANSPORT_OK: input_advance(c, len); return true;
    case TRANSPORT_AGAIN: return reading_wait(c);
    case TRANSPORT_END:
    case TRANSPORT_DEAD: connection_close(c); return true;
    }
    return false;
}

static struct str answer_rest(const struct connection *c)
{
    const struct exchange *e = c->exchange;
    struct str wire = buf_str(&e->wire);
    if (c->written < wire.len) {
        return str_slice(wire, c->written, wire.len);
    }
    if (!answer_has_body(&e->x)) {
        return STR("");
    }
    struct str reply = buf_str(&e->x.reply);
    return str_slice(reply, c->reply_in_wire + (c->written - wire.len), reply.len);
}

static void answer_end(struct connection *c)
{
    connection_deadline_stop(c);
    exchange_finish(c, true);
    c->state = CONNECTION_READING; /* from here on closing is not cutting */
    if (c->is_closing) {
        exchange_release(c);
        connection_linger(c);
        return;
    }
    c->has_input = http1_next(c->exchange->http1);
    (void)request_begin(c);
}

static bool writing_step(struct connection *c)
{
    struct str rest = answer_rest(c);
    if (rest.len == 0) {
        answer_end(c);
        return true;
    }
    size_t written = 0;
    switch (transport_write(&c->transport, rest.ptr, rest.len, &written)) {
    case TRANSPORT_OK: break;
    case TRANSPORT_AGAIN:
        if (!c->deadline.is_set || c->written - c->progress >= PROGRESS_LEN) {
            c->progress = c->written;
            connection_deadline_start(c, DEADLINE_WRITE);
        }
        return false;
    case TRANSPORT_END:
    case TRANSPORT_DEAD: connection_close(c); return true;
    }
    c->written += written;
    return true;
}

bool connection_http1_step(struct connection *c)
{
    return c->state == CONNECTION_READING ? reading_step(c) : writing_step(c);
}

void connection_http1_on_timeout(struct connection *c)
{
    refuse(c, HTTP_REFUSED_TIMEOUT);
    connection_run(c);
}

void connection_http1_on_answer(struct connection *c)
{
    if (c->state == CONNECTION_GONE) {
        c->written = 0;
        c->state = CONNECTION_WRITING;
        connection_close(c);
        return;
    }
    CHECK(c->state == CONNECTION_PARKED);
    answer_begin(c);
    connection_run(c);
}
