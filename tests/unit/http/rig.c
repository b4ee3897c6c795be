/* rig.c - see rig.h. */
#include "rig.h"

#include "../expect.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

static bool rig_wants_body(void *context, struct http_exchange *x)
{
    (void)context;
    (void)x;
    return true;
}

static size_t rig_body_max(void *context, const struct http_exchange *x)
{
    (void)context;
    (void)x;
    return RIG_BODY_MAX;
}

static void answer_fill(struct http_exchange *x)
{
    x->status = 200;
    if (str_eq(x->path, STR("/large"))) {
        char *to = buf_reserve(&x->reply, RIG_LARGE_LEN);
        CHECK(to != NULL);
        memset(to, 'z', RIG_LARGE_LEN);
        x->reply.len += RIG_LARGE_LEN;
        return;
    }
    if (str_eq(x->path, STR("/empty")) || str_eq(x->path, STR("/same"))) {
        x->status = str_eq(x->path, STR("/empty")) ? 204 : 304;
    }
    x->close = str_eq(x->path, STR("/close"));
    x->reply.failed = str_eq(x->path, STR("/spoil"));
    http_reply_header(x, "Content-Type", STR("text/plain"));
    buf_append(&x->reply, x->method_text);
    buf_append_byte(&x->reply, ' ');
    buf_append(&x->reply, x->path);
    buf_append_byte(&x->reply, '?');
    buf_append(&x->reply, x->query);
    buf_append_byte(&x->reply, ' ');
    buf_append(&x->reply, x->body);
}

/* Requires: the lock. */
static void order_note(struct rig *r, char what)
{
    if (r->order_len < RIG_ORDER_MAX) {
        r->order[r->order_len++] = what;
    }
}

static void rig_run(struct http_exchange *x)
{
    struct rig *r = x->user;
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    order_note(r, 'r');
    r->began++;
    CHECK(pthread_cond_broadcast(&r->changed) == 0);
    while (str_eq(x->path, STR("/later-block")) && !r->is_released) {
        CHECK(pthread_cond_wait(&r->changed, &r->lock) == 0);
    }
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
    answer_fill(x);
    http_answer(x);
}

static void rig_handle(void *context, struct http_exchange *x)
{
    struct rig *r = context;
    bool is_later = str_starts_with(x->path, STR("/later"));
    bool is_parked = str_eq(x->path, STR("/park"));
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    r->handled++;
    order_note(r, 'h');
    CHECK(x->received_us >= x->started_us && x->started_us > 0);
    memcpy(r->peer, x->peer, sizeof r->peer);
    if (is_parked) {
        CHECK(r->parked_count < RIG_PARKED_MAX);
        r->parked[r->parked_count++] = x;
    }
    CHECK(pthread_cond_broadcast(&r->changed) == 0);
    while (str_eq(x->path, STR("/block")) && !r->is_released) {
        CHECK(pthread_cond_wait(&r->changed, &r->lock) == 0);
    }
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
    if (is_later) {
        x->user = r;
        http_run_later(x, rig_run);
    } else if (!is_parked) {
        answer_fill(x);
        http_answer(x);
    }
}

static void rig_refuse(void *context, struct http_exchange *x, enum http_refusal why)
{
    struct rig *r = context;
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    r->refused++;
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
    buf_printf(&x->reply, "refused %d", (int)why);
}

static void rig_done(void *context, const struct http_exchange *x, size_t bytes_sent, bool is_sent)
{
    struct rig *r = context;
    CHECK(x->status >= 200 || (x->status == 0 && !is_sent && x->user == NULL));
    CHECK(pthread_mutex_lock(&r->lock) == 0);
    r->done_count += x->status != 0 ? 1 : 0;
    if (x->status == 0) {
        r->cut++;
    } else if (is_sent) {
        r->sent++;
        r->bytes_sent += bytes_sent;
    } else {
        r->unsent++;
    }
    CHECK(pthread_cond_broadcast(&r->changed) == 0);
    CHECK(pthread_mutex_unlock(&r->lock) == 0);
}

struct http_tuning rig_quick(void)
{
    return (struct http_tuning){.head_ms = 60000,
                                .body_ms = 60000,
                                .idle_ms = 60000,
                                .write_ms = 60000,
                                .linger_ms = 60000,
                                .silent_ms = 20};
}

void rig_start(struct rig *r, const struct http_config *config, const struct http_tuning *tuning)
{
    *r = (struct rig){0};
    assert_int_equal(pthread_mutex_init(&r->lock, NULL), 0);
    assert_int_equal(pthread_cond_init(&r->changed, NULL), 0);
    const struct http_config plain = {.listens = {{"127.0.0.1:0", false}}, .loops = 1};
    const struct http_handler handler = {r,          rig_body_max, rig_wants_body,
                                         rig_handle, rig_refuse,   rig_done};
    struct http_tuning quick = rig_quick();
    struct error err = {0};
    enum status status = http_server_start_tuned(&r->server, config == NULL ? &plain : config,
                                                 &handler, tuning == NULL ? &quick : tuning, &err);
    if (status != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    r->port = http_server_port(r->server);
    assert_true(r->port > 0);
}

bool rig_stop(struct rig *r, unsigned grace_ms)
{
    bool is_clean = http_server_stop(r->server, grace_ms);
    r->server = NULL;
    return is_clean;
}

void rig_wait(struct rig *r, const unsigned *counter, unsigned least)
{
    struct timespec until;
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &until), 0);
    until.tv_sec += RIG_PATIENCE_S;
    assert_int_equal(pthread_mutex_lock(&r->lock), 0);
    int code = 0;
    while (*counter < least && code == 0) {
        code = pthread_cond_timedwait(&r->changed, &r->lock, &until);
    }
    unsigned count = *counter;
    assert_int_equal(pthread_mutex_unlock(&r->lock), 0);
    assert_true(count >= least);
}

unsigned rig_count(struct rig *r, const unsigned *counter)
{
    assert_int_equal(pthread_mutex_lock(&r->lock), 0);
    unsigned count = *counter;
    assert_int_equal(pthread_mutex_unlock(&r->lock), 0);
    return count;
}

void rig_answer(struct rig *r)
{
    rig_wait(r, &r->parked_count, 1);
    assert_int_equal(pthread_mutex_lock(&r->lock), 0);
    struct http_exchange *x = r->parked[0];
    r->parked_count--;
    memmove(r->parked, r->parked + 1, r->parked_count * sizeof r->parked[0]);
    assert_int_equal(pthread_mutex_unlock(&r->lock), 0);
    answer_fill(x);
    http_answer(x);
}

void rig_release(struct rig *r)
{
    assert_int_equal(pthread_mutex_lock(&r->lock), 0);
    r->is_released = true;
    assert_int_equal(pthread_cond_broadcast(&r->changed), 0);
    assert_int_equal(pthread_mutex_unlock(&r->lock), 0);
}

void client_prepare(struct client *c)
{
    *c = (struct client){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    assert_true(c->fd >= 0);
    const struct timeval patience = {.tv_sec = RIG_PATIENCE_S};
    assert_int_equal(setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    /* Each send is a segment of its own, at once. */
    const int on = 1;
    assert_int_equal(setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0);
    buf_init(&c->in, 64 * 1024 * 1024);
}

void client_connect(struct client *c, uint16_t port)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(c->fd, (const struct sockaddr *)&address, sizeof address), 0);
}

void client_open(struct client *c, uint16_t port)
{
    client_prepare(c);
    client_connect(c, port);
}

void client_finish(struct client *c)
{
    SSL_free(c->ssl);
    c->ssl = NULL;
    buf_finish(&c->in);
}

void client_close(struct client *c)
{
    client_finish(c);
    if (c->fd >= 0) {
        (void)close(c->fd);
    }
    c->fd = -1;
}

void client_reset(struct client *c)
{
    const struct linger at_once = {.l_onoff = 1};
    assert_int_equal(setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
    client_close(c);
}

bool client_try_send(struct client *c, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t put = c->ssl != NULL ? SSL_write(c->ssl, bytes.ptr, (int)bytes.len)
                                     : send(c->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (put <= 0) {
            return false;
        }
        bytes = str_slice(bytes, (size_t)put, bytes.len);
    }
    return true;
}

void client_send(struct client *c, struct str bytes)
{
    assert_true(client_try_send(c, bytes));
}

static enum client_end client_read_more(struct client *c)
{
    enum { PART = 64 * 1024 };
    char *to = buf_reserve(&c->in, PART);
    assert_non_null(to);
    ssize_t got = 0;
    errno = 0;
    if (c->ssl != NULL) {
        got = SSL_read(c->ssl, to, PART);
        if (got <= 0 && SSL_get_error(c->ssl, (int)got) == SSL_ERROR_ZERO_RETURN) {
            return CLIENT_EOF;
        }
    } else {
        got = recv(c->fd, to, PART, 0);
    }
    if (got > 0) {
        c->in.len += (size_t)got;
        return CLIENT_BYTES;
    }
    if (got == 0) {
        return CLIENT_EOF;
    }
    return errno == EAGAIN ? CLIENT_TIMEOUT : CLIENT_RESET;
}

enum client_end client_read_end(struct client *c)
{
    enum client_end end = CLIENT_BYTES;
    while (end == CLIENT_BYTES) {
        end = client_read_more(c);
    }
    return end;
}

/* The next `len` bytes at least are in c->in. */
static bool client_need(struct client *c, size_t len)
{
    while (c->in.len - c->taken < len) {
        if (client_read_more(c) != CLIENT_BYTES) {
            return false;
        }
    }
    return true;
}

static size_t head_len(const struct client *c)
{
    if (c->in.len == c->taken) {
        return 0;
    }
    const char *from = c->in.ptr + c->taken;
    const char *end = memmem(from, c->in.len - c->taken, "\r\n\r\n", 4);
    return end == NULL ? 0 : (size_t)(end - from) + 4;
}

static size_t number_of(struct str digits)
{
    size_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        assert_true(digits.ptr[i] >= '0' && digits.ptr[i] <= '9');
        value = value * 10 + (size_t)(digits.ptr[i] - '0');
    }
    return value;
}

struct str client_header(const struct client *c, const char *name)
{
    struct str label = str_from(name);
    for (size_t at = 0; at < c->head.len;) {
        size_t end = str_find(c->head, at, '\n');
        struct str line = str_slice(c->head, at, end);
        if (line.len > label.len + 2 && line.ptr[label.len] == ':' &&
            str_eq(str_slice(line, 0, label.len), label)) {
            return str_slice(line, label.len + 2, line.len - 1);
        }
        at = end == c->head.len ? end : end + 1;
    }
    return STR("");
}

bool client_read(struct client *c, bool has_body)
{
    size_t len = 0;
    for (len = head_len(c); len == 0; len = head_len(c)) {
        if (!client_need(c, c->in.len - c->taken + 1)) {
            return false;
        }
    }
    c->head = str_of(c->in.ptr + c->taken, len);
    assert_true(str_starts_with(c->head, STR("HTTP/1.1 ")));
    c->status = (int)number_of(str_slice(c->head, 9, 12));
    size_t body_len = has_body ? number_of(client_header(c, "Content-Length")) : 0;
    if (!client_need(c, len + body_len)) {
        return false;
    }
    c->head = str_of(c->in.ptr + c->taken, len);
    c->body = str_of(c->in.ptr + c->taken + len, body_len);
    c->taken += len + body_len;
    return true;
}

size_t client_fill(struct client *c, size_t most)
{
    static const char junk[64 * 1024];
    size_t total = 0;
    /* A socket that takes nothing for this long is full: nobody reads at the other end. */
    const struct timeval patience = {.tv_usec = 200000};
    assert_int_equal(setsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience), 0);
    while (total < most) {
        ssize_t put = send(c->fd, junk, sizeof junk, MSG_NOSIGNAL);
        if (put <= 0) {
            break;
        }
        total += (size_t)put;
    }
    return total;
}
