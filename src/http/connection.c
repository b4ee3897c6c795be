/* connection.c - what both protocols share: handshake, choice, closing. */
#include "http/connection.h"

#include "base/wallclock.h"
#include "http/exchange.h"
#include "http/http1.h"
#include "http/http2.h"
#include "http/loop.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    RUN_MAX = 16,                /* steps of one connection before others have their turn */
    RUN_STREAMING_MAX = 16,      /* a step reads one record of TLS, often half a request */
    DISCARD_LEN_MAX = 64 * 1024, /* of what a refused client goes on sending */
    DISCARD_STEP_LEN = 16 * 1024,
};

void connection_deadline_start(struct connection *c, enum deadline_kind kind)
{
    deadline_set(&c->loop->deadlines, &c->deadline, kind, c->loop->now_us);
}

void connection_deadline_stop(struct connection *c)
{
    deadline_clear(&c->loop->deadlines, &c->deadline);
}

void connection_identify(const struct connection *c, struct exchange *e)
{
    memcpy(e->x.peer, c->peer, sizeof e->x.peer);
    e->x.is_tls = c->transport.ssl != NULL;
    e->x.client_x5t[0] = '\0';
    e->x.client_subject[0] = '\0';
    if (e->x.is_tls) {
        tls_client_read(c->transport.ssl, e->x.client_x5t, e->x.client_subject,
                        sizeof e->x.client_subject);
    }
}

void connection_render_refusal(struct connection *c, struct exchange *e, int why)
{
    const struct http_handler *handler = &c->loop->shared->handler;
    enum http_refusal refusal = (enum http_refusal)why;
    loop_count(c->loop, HTTP_FIGURE_REQUESTS_REFUSED);
    e->x.received_us = steady_now_us();
    e->x.status = http1_refusal_status(refusal);
    handler->refuse(handler->context, &e->x, refusal);
}

void connection_close(struct connection *c)
{
    if (c->state == CONNECTION_CLOSED) {
        return;
    }
    connection_deadline_stop(c);
    /* First: whoever is told of a request that is cut may ask for the client's certificate. */
    bool is_free = c->http2 != NULL ? connection_http2_close(c) : connection_http1_close(c);
    transport_close(&c->transport);
    if (!is_free) {
        c->state = CONNECTION_GONE;
        return;
    }
    c->state = CONNECTION_CLOSED;
    loop_bury(c->loop, c);
}

/* Closing at once would reset the connection under the last answer if bytes of the client were
 * still on their way. */
void connection_linger(struct connection *c)
{
    transport_shutdown(&c->transport);
    c->state = CONNECTION_LINGERING;
    c->discarded = 0;
    connection_deadline_start(c, DEADLINE_LINGER);
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

static void http2_begin(struct connection *c)
{
    c->state = CONNECTION_STREAMING;
    if (!connection_http2_open(c)) {
        connection_close(c);
    }
}

static bool handshake_step(struct connection *c)
{
    switch (transport_handshake(&c->transport)) {
    case TRANSPORT_OK:
        loop_count(c->loop, HTTP_FIGURE_HANDSHAKES);
        if (transport_is_http2(&c->transport)) {
            http2_begin(c);
        } else {
            c->state = CONNECTION_READING;
        }
        return true;
    case TRANSPORT_AGAIN: return false;
    case TRANSPORT_END:
    case TRANSPORT_DEAD:
        loop_count(c->loop, HTTP_FIGURE_HANDSHAKES_FAILED);
        connection_linger(c);
        return true; /* the alert says why */
    }
    return false;
}

/* No request of HTTP/1.1 is the preface of HTTP/2 (RFC 9113, section 3.4).  "Upgrade: h2c" is
 * passed over, as RFC 9113 has it. */
static bool choosing_step(struct connection *c)
{
    struct str preface = STR("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    char first[24];
    size_t len = 0;
    switch (transport_peek(&c->transport, first, sizeof first, &len)) {
    case TRANSPORT_AGAIN: return false;
    case TRANSPORT_OK:
    case TRANSPORT_END:
    case TRANSPORT_DEAD: break;
    }
    bool may_be_http2 = len > 0 && str_starts_with(preface, str_of(first, len));
    if (may_be_http2 && len == preface.len) {
        http2_begin(c);
        return true;
    }
    if (may_be_http2 && !c->transport.has_ended) {
        c->transport.may_read = false; /* the next byte is a new edge */
        return false;
    }
    c->state = CONNECTION_READING;
    return true;
}

/* One step; false when there is nothing to do before the next event. */
static bool connection_step(struct connection *c)
{
    switch (c->state) {
    case CONNECTION_HANDSHAKE: return handshake_step(c);
    case CONNECTION_CHOOSING: return choosing_step(c);
    case CONNECTION_READING:
    case CONNECTION_WRITING: return connection_http1_step(c);
    case CONNECTION_STREAMING: return connection_http2_step(c);
    case CONNECTION_LINGERING: return linger_step(c);
    case CONNECTION_PARKED:
    case CONNECTION_GONE:
    case CONNECTION_CLOSED: return false;
    }
    return false;
}

void connection_run(struct connection *c)
{
    unsigned most = c->state == CONNECTION_STREAMING ? RUN_STREAMING_MAX : RUN_MAX;
    for (unsigned i = 0; i < most; i++) {
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
    c->state = tls == NULL ? CONNECTION_CHOOSING : CONNECTION_HANDSHAKE;
    c->deadline.owner = c;
    memcpy(c->peer, peer, sizeof c->peer);
    c->next = loop->connections;
    if (c->next != NULL) {
        c->next->previous = c;
    }
    loop->connections = c;
    connection_deadline_start(c, loop->is_stopping ? DEADLINE_SILENT : DEADLINE_HEAD);
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
    if ((events & EPOLLOUT) != 0 && c->http2 != NULL) {
        loop_flush_later(c->loop, c);
    }
    connection_run(c);
}

void connection_on_deadline(struct connection *c, enum deadline_kind kind)
{
    if (kind == DEADLINE_HEAD || kind == DEADLINE_BODY || kind == DEADLINE_WRITE) {
        loop_count(c->loop, HTTP_FIGURE_CONNECTIONS_CUT);
    }
    if (c->state == CONNECTION_STREAMING) {
        connection_http2_on_deadline(c, kind);
        return;
    }
    if (kind == DEADLINE_BODY) {
        connection_http1_on_timeout(c);
        return;
    }
    if (kind == DEADLINE_IDLE || kind == DEADLINE_SILENT) {
        transport_shutdown(&c->transport);
    }
    connection_close(c);
}

void connection_on_answer(struct exchange *e)
{
    e->is_with_handler = false;
    if (e->kind == POOL_HTTP2) {
        connection_http2_on_answer(e->connection, e);
    } else {
        connection_http1_on_answer(e->connection);
    }
}

void connection_on_stop(struct connection *c)
{
    connection_run(c); /* what is in the socket counts as asked */
    if (c->state == CONNECTION_STREAMING) {
        connection_http2_on_stop(c);
        return;
    }
    if (c->exchange != NULL || (c->state != CONNECTION_READING && c->state != CONNECTION_CHOOSING &&
                                c->state != CONNECTION_HANDSHAKE)) {
        return;
    }
    /* Its next request may be on the way already: it is answered, and told that it was the last,
     * rather than cut by a close that crosses it. */
    connection_deadline_start(c, DEADLINE_SILENT);
}

bool connection_cut(struct connection *c)
{
    bool is_cut = c->exchange != NULL || (c->http2 != NULL && c->http2->stream_count > 0);
    connection_close(c);
    return is_cut;
}

unsigned connection_orphan(struct connection *c)
{
    CHECK(c->state == CONNECTION_GONE);
    unsigned count = 0;
    if (c->exchange != NULL) {
        c->exchange->connection = NULL;
        c->exchange = NULL;
        count++;
    }
    while (c->http2 != NULL && c->http2->streams != NULL) {
        http2_orphan(c->http2, c->http2->streams);
        count++;
    }
    c->state = CONNECTION_CLOSED;
    return count;
}

void connection_destroy(struct connection *c)
{
    CHECK(c->transport.fd < 0);
    CHECK(!c->deadline.is_set);
    CHECK(c->exchange == NULL);
    if (c->http2 != NULL) {
        http2_finish(c->http2);
        free(c->http2);
    }
    buf_finish(&c->rest);
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
