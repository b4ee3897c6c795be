/* connection_http2.c - bytes between the socket and the session, and the clock of both.
 *
 * Input is read into the loop's scratch and given to the session at once; output is rendered into
 * the loop's buffer and written.  Only what the socket refuses is kept with the connection, so that
 * one which waits holds no buffer. */
#include "http/connection.h"

#include "http/exchange.h"
#include "http/http2.h"
#include "http/loop.h"

#include <stdlib.h>

enum {
    OUT_LEN = 64 * 1024,       /* rendered at a time */
    FLUSH_MAX = 8,             /* times a turn */
    PROGRESS_LEN = 512 * 1024, /* this much written earns a new deadline */
};

bool connection_http2_open(struct connection *c)
{
    struct http2 *h = malloc(sizeof *h);
    if (h == NULL) {
        return false;
    }
    struct loop *loop = c->loop;
    if (!http2_init(h, &loop->shared->handler, &loop->pool, &loop->deadlines, loop->now_us)) {
        free(h);
        return false;
    }
    h->connection = c;
    c->http2 = h;
    buf_init(&c->rest, 2 * OUT_LEN + HTTP_HEAD_LEN_MAX);
    loop_flush_later(loop, c);
    return true;
}

/* ---- requests and answers ---- */

static void finished_give(struct connection *c, bool is_flushed)
{
    const struct http_handler *handler = &c->loop->shared->handler;
    for (struct exchange *e = http2_take_finished(c->http2, is_flushed); e != NULL;
         e = http2_take_finished(c->http2, is_flushed)) {
        if (e->x.peer[0] == '\0') { /* it ended before it was whole */
            connection_identify(c, e);
        }
        handler->done(handler->context, &e->x, e->stream.bytes_sent, !e->stream.is_cut);
        http2_give(c->http2, e);
    }
}

/* Hand over what is whole, refuse what must be refused. */
static void requests_take(struct connection *c)
{
    struct loop *loop = c->loop;
    for (struct exchange *e = http2_take(c->http2); e != NULL; e = http2_take(c->http2)) {
        connection_identify(c, e);
        if (e->stream.is_refused) {
            connection_render_refusal(c, e, e->stream.refusal);
            http2_answer(c->http2, e, loop->date, loop->now_us);
        } else if (loop_hand_over(loop, e)) {
            http2_answer(c->http2, e, loop->date, loop->now_us);
        }
    }
}

static void abuse_count(struct connection *c)
{
    if (c->http2->is_abusive) {
        loop_count(c->loop, HTTP_FIGURE_CONNECTIONS_ABUSIVE);
    }
}

static void resets_count(struct connection *c)
{
    for (; c->http2->reset_count > 0; c->http2->reset_count--) {
        loop_count(c->loop, HTTP_FIGURE_STREAMS_RESET);
    }
}

/* ---- the clock ---- */

/* What the connection as a whole waits for; its streams have clocks of their own. */
static void deadline_choose(struct connection *c)
{
    const struct http2 *h = c->http2;
    const struct deadline *d = &c->deadline;
    if (d->is_set && d->kind == DEADLINE_SILENT) {
        return;
    }
    if (c->rest.len > 0) {
        if (!d->is_set || d->kind != DEADLINE_WRITE || c->moved >= PROGRESS_LEN) {
            c->moved = 0;
            connection_deadline_start(c, DEADLINE_WRITE);
        }
    } else if (http2_is_in_head(h)) {
        if (!d->is_set || d->kind != DEADLINE_HEAD || c->block_serial != h->flood.block_count) {
            c->block_serial = h->flood.block_count;
            connection_deadline_start(c, DEADLINE_HEAD);
        }
    } else if (h->stream_count > 0) {
        connection_deadline_stop(c);
    } else if (!d->is_set || d->kind != DEADLINE_IDLE || c->idle_serial != h->stream_serial) {
        /* A PING is no request: it does not keep a connection. */
        c->idle_serial = h->stream_serial;
        connection_deadline_start(c, DEADLINE_IDLE);
    }
}

/* ---- output ---- */

/* False: the socket takes no more for now, or the connection is closed. */
static bool rest_write(struct connection *c)
{
    struct str rest = str_slice(buf_str(&c->rest), c->rest_written, c->rest.len);
    while (rest.len > 0) {
        size_t written = 0;
        switch (transport_write(&c->transport, rest.ptr, rest.len, &written)) {
        case TRANSPORT_OK: break;
        case TRANSPORT_AGAIN: return false;
        case TRANSPORT_END:
        case TRANSPORT_DEAD: connection_close(c); return false;
        }
        c->rest_written += written;
        c->moved += written;
        rest = str_slice(rest, written, rest.len);
    }
    size_t limit = c->rest.limit;
    buf_finish(&c->rest);
    buf_init(&c->rest, limit);
    c->rest_written = 0;
    return true;
}

/* Write from the loop's buffer, and keep what the socket does not take. */
static bool out_write(struct connection *c, struct str out)
{
    while (out.len > 0) {
        size_t written = 0;
        switch (transport_write(&c->transport, out.ptr, out.len, &written)) {
        case TRANSPORT_OK: break;
        case TRANSPORT_AGAIN:
            buf_append(&c->rest, out);
            if (buf_failed(&c->rest)) {
                connection_close(c);
            }
            return false;
        case TRANSPORT_END:
        case TRANSPORT_DEAD: connection_close(c); return false;
        }
        c->moved += written;
        out = str_slice(out, written, out.len);
    }
    return true;
}

/* All that was rendered is on the wire. */
static void flush_end(struct connection *c)
{
    finished_give(c, true);
    if (!http2_is_over(c->http2)) {
        return;
    }
    abuse_count(c);
    http2_abandon(c->http2);
    finished_give(c, true);
    connection_linger(c);
}

void connection_flush(struct connection *c)
{
    struct buf *out = &c->loop->out;
    if (c->state != CONNECTION_STREAMING) {
        return;
    }
    bool has_room = rest_write(c);
    if (!has_room && c->state == CONNECTION_STREAMING && http2_is_over(c->http2)) {
        abuse_count(c);
        connection_close(c); /* it does not even read why */
        return;
    }
    for (unsigned i = 0; has_room && i < FLUSH_MAX; i++) {
        buf_clear(out);
        http2_render(c->http2, out, OUT_LEN);
        if (buf_failed(out)) {
            connection_close(c);
            return;
        }
        if (out->len == 0) {
            flush_end(c);
            break;
        }
        has_room = out_write(c, buf_str(out));
        if (has_room && i + 1 == FLUSH_MAX) {
            loop_flush_later(c->loop, c);
        }
    }
    if (c->state != CONNECTION_STREAMING) {
        return;
    }
    finished_give(c, false);
    if (http2_has_ready(c->http2)) {
        requests_take(c);
        loop_flush_later(c->loop, c);
    }
    resets_count(c);
    deadline_choose(c);
}

void connection_http2_on_answer(struct connection *c, struct exchange *e)
{
    http2_answer(c->http2, e, c->loop->date, c->loop->now_us);
    if (c->state == CONNECTION_STREAMING) {
        loop_flush_later(c->loop, c);
        return;
    }
    finished_give(c, true);
    if (c->state == CONNECTION_GONE && c->http2->stream_count == 0) {
        connection_close(c);
    }
}

/* ---- input ---- */

bool connection_http2_step(struct connection *c)
{
    size_t len = 0;
    struct loop *loop = c->loop;
    switch (transport_read(&c->transport, loop->scratch, sizeof loop->scratch, &len)) {
    case TRANSPORT_OK: break;
    case TRANSPORT_AGAIN: return false;
    case TRANSPORT_END:
    case TRANSPORT_DEAD: connection_close(c); return true;
    }
    http2_receive(c->http2, str_of(loop->scratch, len), loop->now_us);
    requests_take(c);
    finished_give(c, false);
    loop_flush_later(loop, c);
    return !http2_is_over(c->http2);
}

/* ---- the end ---- */

void connection_http2_on_deadline(struct connection *c, enum deadline_kind kind)
{
    if (kind == DEADLINE_SILENT || kind == DEADLINE_IDLE) {
        http2_drain(c->http2);
        loop_flush_later(c->loop, c);
        return;
    }
    connection_close(c);
}

void connection_on_stream_deadline(struct exchange *e, enum deadline_kind kind)
{
    struct connection *c = e->connection;
    if (http2_on_deadline(c->http2, e, kind, c->loop->now_us)) {
        loop_count(c->loop, HTTP_FIGURE_CONNECTIONS_CUT);
    }
    if (c->state == CONNECTION_STREAMING) {
        requests_take(c);
        loop_flush_later(c->loop, c);
    }
}

void connection_http2_on_stop(struct connection *c)
{
    http2_warn(c->http2);
    loop_flush_later(c->loop, c);
    connection_deadline_start(c, DEADLINE_SILENT);
}

bool connection_http2_close(struct connection *c)
{
    http2_abandon(c->http2);
    finished_give(c, true);
    return c->http2->stream_count == 0;
}
