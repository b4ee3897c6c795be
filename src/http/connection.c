/* connection.c - the states of a connection, and when its clock runs. */
#include "http/connection.h"

#include "base/wallclock.h"
#include "http/answer.h"
#include "http/exchange.h"
#include "http/http1.h"
#include "http/loop.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    RUN_MAX = 16,                /* steps of one connection before others have their turn */
    PROGRESS_LEN = 512 * 1024,   /* this much moved earns a new deadline */
    DISCARD_LEN_MAX = 64 * 1024, /* of what a refused client goes on sending */
    DISCARD_STEP_LEN = 16 * 1024,
};

static void deadline_start(struct connection *c, enum deadline_kind kind)
{
    deadline_set(&c->loop->deadlines, &c->deadline, kind, c->loop->now_us);
}

static void deadline_stop(struct connection *c)
{
    deadline_clear(&c->loop->deadlines, &c->deadline);
}

/* The answer is out, or nobody is there to take it. */
static void exchange_finish(struct connection *c, bool is_sent)
{
    const struct http_handler *handler = &c->loop->shared->handler;
    handler->done(handler->context, &c->exchange->x, c->written, is_sent);
    exchange_reset(c->exchange);
}

static void exchange_release(struct connection *c)
{
    if (c->exchange != NULL) {
        loop_give_exchange(c->loop, c->exchange);
        c->exchange = NULL;
    }
}

static void connection_close(struct connection *c)
{
    if (c->state == CONNECTION_CLOSED) {
        return;
    }
    deadline_stop(c);
    transport_close(&c->transport);
    if (c->state == CONNECTION_PARKED || c->state == CONNECTION_GONE) {
        c->state = CONNECTION_GONE;
        return;
    }
    if (c->state == CONNECTION_WRITING) {
        exchange_finish(c, false);
    }
    exchange_release(c);
    c->state = CONNECTION_CLOSED;
    loop_bury(c->loop, c);
}

/* Send no more, and give the client time to read what we sent: closing at once would reset the
 * connection under the answer if bytes of the client were still on their way. */
static void linger_begin(struct connection *c)
{
    exchange_release(c);
    transport_shutdown(&c->transport);
    c->state = CONNECTION_LINGERING;
    c->discarded = 0;
    deadline_start(c, DEADLINE_LINGER);
}

static bool linger_step(struct connection *c)
{
    char scratch[DISCARD_STEP_LEN];
    size_t len = 0;
    enum transport_result result = transport_discard(&c->transport, scratch, sizeof scratch, &len);
    if (result == TRANSPORT_AGAIN) {
        return false;
    }
    c->discarded += len;
    if (result != TRANSPORT_OK || c->discarded >= DISCARD_LEN_MAX) {
        connection_close(c);
    }
    return true;
}

static bool handshake_step(struct connection *c)
{
    switch (transport_handshake(&c->transport)) {
    case TRANSPORT_OK:
        loop_count(c->loop, HTTP_FIGURE_HANDSHAKES);
        c->state = CONNECTION_READING;
        return true;
    case TRANSPORT_AGAIN: return false;
    case TRANSPORT_END:
    case TRANSPORT_DEAD:
        loop_count(c->loop, HTTP_FIGURE_HANDSHAKES_FAILED);
        linger_begin(c);
        return true; /* the alert says why */
    }
    return false;
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
    const struct http_handler *handler = &c->loop->shared->handler;
    struct http_exchange *x = &c->exchange->x;
    deadline_stop(c);
    loop_count(c->loop, HTTP_FIGURE_REQUESTS_REFUSED);
    x->received_us = steady_now_us();
    x->status = http1_refusal_status(why);
    x->close = true;
    handler->refuse(handler->context, x, why);
    x->close = true;
    c->exchange->http1->keep_alive = false;
    answer_begin(c);
}

static void hand_over(struct connection *c)
{
    const struct http_handler *handler = &c->loop->shared->handler;
    struct exchange *e = c->exchange;
    deadline_stop(c);
    c->state = CONNECTION_PARKED;
    e->x.received_us = steady_now_us();
    e->is_with_handler = true;
    handler->handle(handler->context, &e->x);
}

/* A new exchange at the first byte, or the next request on the same one. */
static bool request_begin(struct connection *c)
{
    struct exchange *e = c->exchange;
    if (e == NULL) {
        e = loop_take_exchange(c->loop);
        if (e == NULL) {
            return false;
        }
        e->connection = c;
        memcpy(e->x.peer, c->peer, sizeof e->x.peer);
        e->x.is_tls = c->transport.ssl != NULL;
        if (e->x.is_tls) {
            tls_client_read(c->transport.ssl, e->x.client_x5t, e->x.client_subject,
                            sizeof e->x.client_subject);
        }
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
            deadline_start(c, DEADLINE_HEAD);
        }
        return;
    }
    if (!c->is_in_body || http1->body_read - c->progress >= PROGRESS_LEN) {
        c->is_in_body = true;
        c->progress = http1->body_read;
        deadline_start(c, DEADLINE_BODY);
    }
}

static bool continue_send(struct connection *c)
{
    struct str line = STR("HTTP/1.1 100 Continue\r\n\r\n");
    size_t written = 0;
    return transport_write(&c->transport, line.ptr, line.len, &written) == TRANSPORT_OK &&
           written == line.len;
}

static void input_advance(struct connection *c, size_t len)
{
    struct exchange *e = c->exchange;
    if (e->x.started_us == 0) {
        e->x.started_us = c->loop->now_us;
    }
    switch (http1_advance(e->http1, len)) {
    case HTTP1_MORE: reading_deadline(c); return;
    case HTTP1_CONTINUE:
        reading_deadline(c);
        if (!continue_send(c)) {
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
    if (http1_is_idle(c->exchange->http1)) {
        exchange_release(c);
        if (!c->deadline.is_set) {
            deadline_start(c, c->loop->is_stopping ? DEADLINE_SILENT : DEADLINE_IDLE);
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
    deadline_stop(c);
    exchange_finish(c, true);
    c->state = CONNECTION_READING; /* from here on closing is not cutting */
    if (c->is_closing) {
        linger_begin(c);
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
            deadline_start(c, DEADLINE_WRITE);
        }
        return false;
    case TRANSPORT_END:
    case TRANSPORT_DEAD: connection_close(c); return true;
    }
    c->written += written;
    return true;
}

/* One step; false when there is nothing to do before the next event. */
static bool connection_step(struct connection *c)
{
    switch (c->state) {
    case CONNECTION_HANDSHAKE: return handshake_step(c);
    case CONNECTION_READING: return reading_step(c);
    case CONNECTION_WRITING: return writing_step(c);
    case CONNECTION_LINGERING: return linger_step(c);
    case CONNECTION_PARKED:
    case CONNECTION_GONE:
    case CONNECTION_CLOSED: return false;
    }
    return false;
}

void connection_run(struct connection *c)
{
    for (unsigned i = 0; i < RUN_MAX; i++) {
        if (!connection_step(c)) {
            return;
        }
    }
    if (c->state != CONNECTION_CLOSED) {
        loop_go_on(c->loop, c);
    }
}

bool connection_open(struct loop *loop, int fd, struct ssl_ctx_st *tls, const char peer[64])
{
    struct connection *c = calloc(1, sizeof *c);
    if (c == NULL) {
        (void)close(fd);
        return false;
    }
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
    if (!transport_init(&c->transport, fd, tls) ||
        epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
        transport_close(&c->transport);
        free(c);
        return false;
    }
    c->loop = loop;
    c->state = tls == NULL ? CONNECTION_READING : CONNECTION_HANDSHAKE;
    c->deadline.owner = c;
    memcpy(c->peer, peer, sizeof c->peer);
    c->next = loop->connections;
    if (c->next != NULL) {
        c->next->previous = c;
    }
    loop->connections = c;
    deadline_start(c, loop->is_stopping ? DEADLINE_SILENT : DEADLINE_HEAD);
    connection_run(c);
    return true;
}

void connection_on_event(struct connection *c, uint32_t events)
{
    if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
        c->transport.may_read = true;
    }
    if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
        c->transport.has_ended = true;
    }
    bool is_gone = (events & (EPOLLHUP | EPOLLERR)) != 0;
    if (is_gone && (c->state == CONNECTION_PARKED || c->state == CONNECTION_LINGERING)) {
        connection_close(c);
        return;
    }
    connection_run(c);
}

void connection_on_deadline(struct connection *c, enum deadline_kind kind)
{
    if (kind == DEADLINE_HEAD || kind == DEADLINE_BODY || kind == DEADLINE_WRITE) {
        loop_count(c->loop, HTTP_FIGURE_CONNECTIONS_CUT);
    }
    if (kind == DEADLINE_BODY) {
        refuse(c, HTTP_REFUSED_TIMEOUT);
        connection_run(c);
        return;
    }
    if (kind == DEADLINE_IDLE || kind == DEADLINE_SILENT) {
        transport_shutdown(&c->transport);
    }
    connection_close(c);
}

void connection_on_answer(struct connection *c)
{
    c->exchange->is_with_handler = false;
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

void connection_on_stop(struct connection *c)
{
    connection_run(c); /* what is in the socket counts as asked */
    if (c->exchange != NULL ||
        (c->state != CONNECTION_READING && c->state != CONNECTION_HANDSHAKE)) {
        return;
    }
    /* Its next request may be on the way already: it is answered, and told that it was the last,
     * rather than cut by a close that crosses it. */
    deadline_start(c, DEADLINE_SILENT);
}

bool connection_cut(struct connection *c)
{
    bool is_cut = c->exchange != NULL;
    connection_close(c);
    return is_cut;
}

void connection_orphan(struct connection *c)
{
    CHECK(c->state == CONNECTION_GONE);
    c->exchange->connection = NULL;
    c->exchange = NULL;
    c->state = CONNECTION_CLOSED;
}

void connection_destroy(struct connection *c)
{
    CHECK(c->transport.fd < 0);
    CHECK(!c->deadline.is_set);
    CHECK(c->exchange == NULL);
    if (c->previous == NULL) {
        c->loop->connections = c->next;
    } else {
        c->previous->next = c->next;
    }
    if (c->next != NULL) {
        c->next->previous = c->previous;
    }
    free(c);
}
