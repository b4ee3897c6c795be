/* loop.c - the turn of an event loop, its pool, and its end. */
#include "http/loop.h"

#include "base/log.h"
#include "base/wallclock.h"
#include "http/connection.h"
#include "http/exchange.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    EVENTS_MAX = 256,
    ACCEPT_MAX = 64,        /* a turn, so that new clients do not starve old ones */
    ANSWER_ROUNDS_MAX = 16, /* pipelined requests of one connection a turn */
    OUT_LIMIT = 256 * 1024, /* far beyond what is rendered at a time */
    ACCEPT_PAUSE_US = 100000,
    COMPLAIN_US = 10000000,
    SPOT_MAX = 32, /* answered on the spot, before they are written */
};

/* The loop this thread runs, to tell an answer given on the spot from one that comes from afar. */
static _Thread_local struct loop *loop_current;

static void list_push(struct answer_list *list, struct exchange *e)
{
    e->next = NULL;
    if (list->last == NULL) {
        list->first = e;
    } else {
        list->last->next = e;
    }
    list->last = e;
}

static void list_move(struct answer_list *to, struct answer_list *from)
{
    if (from->first == NULL) {
        return;
    }
    if (to->last == NULL) {
        to->first = from->first;
    } else {
        to->last->next = from->first;
    }
    to->last = from->last;
    *from = (struct answer_list){0};
}

static void wake(const struct loop *loop)
{
    /* It fails only when the counter is full, and then the loop wakes anyway. */
    (void)eventfd_write(loop->event_fd, 1);
}

static void loop_free(struct loop *loop)
{
    (void)close(loop->event_fd);
    CHECK(pthread_mutex_destroy(&loop->lock) == 0);
    free(loop);
}

/* The server has stopped without this exchange: nobody waits for it, and the last one takes the
 * loop along.  Requires: the lock; gives it back. */
static void orphan_end(struct loop *loop, struct exchange *e)
{
    CHECK(loop->orphan_count > 0);
    bool is_last = --loop->orphan_count == 0 && loop->is_joined;
    CHECK(pthread_mutex_unlock(&loop->lock) == 0);
    e->is_with_handler = false;
    exchange_destroy(e);
    if (is_last) {
        loop_free(loop);
    }
}

void http_answer(struct http_exchange *x)
{
    struct exchange *e = (struct exchange *)x;
    struct loop *loop = e->loop;
    CHECK(e->is_with_handler);
    if (loop == loop_current && e == loop->at_hand) {
        loop->at_hand = NULL;
        e->is_with_handler = false;
        return;
    }
    if (loop == loop_current) {
        list_push(&loop->answers, e);
        return;
    }
    CHECK(pthread_mutex_lock(&loop->lock) == 0);
    if (loop->has_ended) {
        orphan_end(loop, e);
        return;
    }
    bool was_empty = loop->mail.first == NULL;
    list_push(&loop->mail, e);
    if (was_empty) {
        wake(loop); /* under the lock: once it is free the loop may be, too */
    }
    CHECK(pthread_mutex_unlock(&loop->lock) == 0);
}

static void figure_add(struct loop *loop, enum http_figure which, uint64_t number)
{
    /* No other thread writes it: a load and a store are enough. */
    uint64_t now = atomic_load_explicit(&loop->figures[which], memory_order_relaxed);
    atomic_store_explicit(&loop->figures[which], now + number, memory_order_relaxed);
}

void http_run_later(struct http_exchange *x, void (*run)(struct http_exchange *x))
{
    struct exchange *e = (struct exchange *)x;
    struct loop *loop = e->loop;
    CHECK(loop == loop_current);
    CHECK(loop->at_hand == e);
    e->run = run;
    run_list_add(&loop->runs, &e->connection->runs, e);
    figure_add(loop, HTTP_FIGURE_REQUESTS_WAITING, 1);
}

/* Compute what waits, for about so long. */
static void runs_run(struct loop *loop, uint64_t most_us)
{
    uint64_t from_us = loop->runs.count == 0 ? 0 : steady_now_us();
    for (struct exchange *e = run_list_take(&loop->runs); e != NULL;
         e = steady_now_us() - from_us < most_us ? run_list_take(&loop->runs) : NULL) {
        figure_add(loop, HTTP_FIGURE_REQUESTS_WAITING, UINT64_MAX);
        e->run(&e->x);
    }
}

bool loop_hand_over(struct loop *loop, struct exchange *e)
{
    const struct http_handler *handler = &loop->shared->handler;
    e->x.received_us = steady_now_us();
    e->is_with_handler = true;
    loop->at_hand = e;
    handler->handle(handler->context, &e->x);
    bool is_answered = loop->at_hand == NULL;
    loop->spot_count += is_answered ? 1 : 0;
    loop->at_hand = NULL;
    return is_answered;
}

void loop_answer_later(struct loop *loop, struct exchange *e)
{
    list_push(&loop->answers, e);
}

void loop_count(struct loop *loop, enum http_figure which)
{
    figure_add(loop, which, 1);
}

void loop_go_on(struct loop *loop, struct connection *c)
{
    if (!c->is_ready) {
        c->is_ready = true;
        c->ready_next = loop->ready;
        loop->ready = c;
    }
}

void loop_flush_later(struct loop *loop, struct connection *c)
{
    if (!c->is_to_flush) {
        c->is_to_flush = true;
        c->flush_next = loop->to_flush;
        loop->to_flush = c;
    }
}

static void flush_remove(struct loop *loop, struct connection *c)
{
    struct connection **at = &loop->to_flush;
    while (*at != NULL && *at != c) {
        at = &(*at)->flush_next;
    }
    CHECK(*at == c);
    *at = c->flush_next;
    c->is_to_flush = false;
}

static void ready_remove(struct loop *loop, struct connection *c)
{
    struct connection **at = &loop->ready;
    while (*at != NULL && *at != c) {
        at = &(*at)->ready_next;
    }
    CHECK(*at == c);
    *at = c->ready_next;
    c->is_ready = false;
}

void loop_bury(struct loop *loop, struct connection *c)
{
    if (c->is_ready) {
        ready_remove(loop, c);
    }
    if (c->is_to_flush) {
        flush_remove(loop, c);
    }
    c->ready_next = loop->closed;
    loop->closed = c;
}

static void connections_bury(struct loop *loop)
{
    while (loop->closed != NULL) {
        struct connection *c = loop->closed;
        loop->closed = c->ready_next;
        connection_destroy(c);
        (void)atomic_fetch_sub(&loop->shared->connection_count, 1);
        figure_add(loop, HTTP_FIGURE_CONNECTIONS_OPEN, UINT64_MAX);
    }
}

static void date_update(struct loop *loop)
{
    struct wallclock clock = wallclock_system();
    int64_t now_ms = wallclock_now_ms(&clock);
    if (now_ms / 1000 != loop->date_second) {
        loop->date_second = now_ms / 1000;
        answer_date(loop->date, now_ms);
    }
}

/* Let a socket in. */
static void connection_begin(struct loop *loop, int fd, bool is_mutual, const char peer[64])
{
    struct loop_shared *shared = loop->shared;
    if (atomic_fetch_add(&shared->connection_count, 1) >= shared->connections_max) {
        (void)atomic_fetch_sub(&shared->connection_count, 1);
        (void)close(fd);
        loop_count(loop, HTTP_FIGURE_CONNECTIONS_TURNED_AWAY);
        return;
    }
    CHECK(pthread_mutex_lock(&shared->tls_lock) == 0);
    SSL_CTX *tls = shared->identity.contexts[is_mutual ? TLS_MUTUAL : TLS_ONE_SIDED];
    if (tls != NULL) {
        CHECK(SSL_CTX_up_ref(tls) == 1);
    }
    CHECK(pthread_mutex_unlock(&shared->tls_lock) == 0);
    CHECK((tls == NULL) == (shared->pace == NULL)); /* never plain where TLS was asked for */
    if (!connection_open(loop, fd, tls, peer)) {
        (void)atomic_fetch_sub(&shared->connection_count, 1);
    } else {
        loop_count(loop, HTTP_FIGURE_CONNECTIONS_ACCEPTED);
        loop_count(loop, HTTP_FIGURE_CONNECTIONS_OPEN);
    }
    SSL_CTX_free(tls);
}

/* Its address has had its share: it waits for its turn, or goes. */
static void connection_wait(struct loop *loop, const struct waiting *one)
{
    struct loop_shared *shared = loop->shared;
    bool has_room = atomic_fetch_add(&shared->wait_count, 1) < shared->wait_max;
    if (has_room && one->at_us != PACE_NEVER && !loop->is_stopping &&
        waiting_add(&loop->waiting, one)) {
        loop_count(loop, HTTP_FIGURE_HANDSHAKES_PACED);
        return;
    }
    (void)atomic_fetch_sub(&shared->wait_count, 1);
    (void)close(one->fd);
    loop_count(loop, HTTP_FIGURE_HANDSHAKES_LIMITED);
}

static void connection_accept(struct loop *loop, int fd, bool is_mutual,
                              const struct listener_peer *peer)
{
    struct pace *pace = loop->shared->pace;
    uint64_t at_us = pace == NULL ? 0 : pace_take(pace, &peer->address, loop->now_us);
    if (at_us <= loop->now_us) {
        connection_begin(loop, fd, is_mutual, peer->text);
        return;
    }
    struct waiting one = {.at_us = at_us, .fd = fd, .is_mutual = is_mutual};
    memcpy(one.peer, peer->text, sizeof one.peer);
    connection_wait(loop, &one);
}

/* Those whose turn has come. */
static void waiting_run(struct loop *loop)
{
    struct waiting one;
    for (unsigned i = 0; i < ACCEPT_MAX && waiting_take(&loop->waiting, loop->now_us, &one); i++) {
        (void)atomic_fetch_sub(&loop->shared->wait_count, 1);
        connection_begin(loop, one.fd, one.is_mutual, one.peer);
    }
}

/* Nothing was begun with them, so nothing is cut. */
static void waiting_close(struct loop *loop)
{
    struct waiting one;
    while (waiting_take(&loop->waiting, UINT64_MAX, &one)) {
        (void)atomic_fetch_sub(&loop->shared->wait_count, 1);
        (void)close(one.fd);
    }
    waiting_finish(&loop->waiting);
}

static void accept_watch(struct loop *loop, bool is_on)
{
    for (unsigned i = 0; i < loop->listener_count; i++) {
        struct listener *l = &loop->listeners[i];
        struct epoll_event event = {.events = is_on ? EPOLLIN : 0, .data.ptr = l};
        CHECK(epoll_ctl(loop->epoll_fd, EPOLL_CTL_MOD, l->fd, &event) == 0);
    }
    loop->is_accept_paused = !is_on;
}

/* Now and then: whoever has taken all descriptors shall not fill the log, too. */
static void accept_complain(struct loop *loop)
{
    if (loop->now_us >= loop->complain_at_us) {
        loop->complain_at_us = loop->now_us + COMPLAIN_US;
        LOG(LOG_WARN, "http_accept_failed", LOG_TEXT("reason", str_from(strerror(errno))));
    }
}

/* Without descriptors or memory there is no use in being told again at once. */
static void accept_pause(struct loop *loop)
{
    loop->accept_at_us = loop->now_us + ACCEPT_PAUSE_US;
    accept_watch(loop, false);
    accept_complain(loop);
}

/* False when nobody is left waiting. */
static bool accept_some(struct loop *loop, struct listener *l)
{
    for (unsigned i = 0; i < ACCEPT_MAX; i++) {
        int fd = -1;
        struct listener_peer peer;
        switch (listener_accept(l, loop->shared->fd_end, &fd, &peer)) {
        case ACCEPT_OK: connection_accept(loop, fd, l->is_mutual, &peer); break;
        case ACCEPT_GONE: break;
        case ACCEPT_CLOSED:
            loop_count(loop, HTTP_FIGURE_CONNECTIONS_TURNED_AWAY);
            accept_complain(loop);
            break;
        case ACCEPT_NONE: return false;
        case ACCEPT_FAILED: accept_pause(loop); return false;
        }
    }
    return true;
}

static void mail_take(struct loop *loop)
{
    CHECK(pthread_mutex_lock(&loop->lock) == 0);
    list_move(&loop->answers, &loop->mail);
    CHECK(pthread_mutex_unlock(&loop->lock) == 0);
}

/* Everything that was answered so far.  Writing an answer may read, hand over and answer the next
 * request of its connection: that one is a round of its own. */
static void answers_write(struct loop *loop)
{
    for (unsigned i = 0; i < ANSWER_ROUNDS_MAX && loop->answers.first != NULL; i++) {
        struct exchange *e = loop->answers.first;
        loop->answers = (struct answer_list){0};
        while (e != NULL) {
            struct exchange *next = e->next;
            e->next = NULL;
            connection_on_answer(e);
            e = next;
        }
    }
}

static void ready_run(struct loop *loop)
{
    struct connection *c = loop->ready;
    loop->ready = NULL;
    while (c != NULL) {
        struct connection *next = c->ready_next;
        c->is_ready = false; /* it may be put on again, or be buried */
        connection_run(c);
        c = next;
    }
}

/* A connection with much to write is put on again for the next turn. */
static void flush_run(struct loop *loop)
{
    struct connection *c = loop->to_flush;
    loop->to_flush = NULL;
    while (c != NULL) {
        struct connection *next = c->flush_next;
        c->is_to_flush = false;
        connection_flush(c);
        c = next;
    }
}

static void deadlines_run(struct loop *loop)
{
    struct deadline *d = deadline_expired(&loop->deadlines, loop->now_us);
    while (d != NULL) {
        if (d->kind >= DEADLINE_STREAM_BODY) {
            connection_on_stream_deadline(d->owner, d->kind);
        } else {
            connection_on_deadline(d->owner, d->kind);
        }
        d = deadline_expired(&loop->deadlines, loop->now_us);
    }
}

static void stop_begin(struct loop *loop)
{
    loop->is_stopping = true;
    /* Whoever the kernel has let in is ours: closing the listener would reset him. */
    for (unsigned i = 0; i < loop->listener_count; i++) {
        while (accept_some(loop, &loop->listeners[i])) {
        }
        listener_close(&loop->listeners[i]);
    }
    waiting_close(loop);
    for (struct connection *c = loop->connections; c != NULL; c = c->next) {
        connection_on_stop(c);
    }
}

static int wait_ms(const struct loop *loop)
{
    if (loop->ready != NULL || loop->to_flush != NULL || loop->answers.first != NULL ||
        loop->runs.count > 0) {
        return 0;
    }
    uint64_t until_us = deadline_next_us(&loop->deadlines);
    if (waiting_next_us(&loop->waiting) < until_us) {
        until_us = waiting_next_us(&loop->waiting);
    }
    if (loop->is_accept_paused && loop->accept_at_us < until_us) {
        until_us = loop->accept_at_us;
    }
    if (loop->is_stopping && loop->stop_at_us < until_us) {
        until_us = loop->stop_at_us;
    }
    if (until_us == UINT64_MAX) {
        return -1;
    }
    uint64_t now_us = steady_now_us();
    uint64_t ms = until_us <= now_us ? 0 : (until_us - now_us + 999) / 1000;
    return ms > 60000 ? 60000 : (int)ms;
}

/* The listener that an event is about, or NULL. */
static struct listener *listener_of(struct loop *loop, const void *ptr)
{
    for (unsigned i = 0; i < loop->listener_count; i++) {
        if (ptr == &loop->listeners[i]) {
            return &loop->listeners[i];
        }
    }
    return NULL;
}

static void events_run(struct loop *loop, const struct epoll_event *events, int count)
{
    for (int i = 0; i < count; i++) {
        struct listener *l = listener_of(loop, events[i].data.ptr);
        if (events[i].data.ptr == NULL) {
            eventfd_t ignored;
            (void)eventfd_read(loop->event_fd, &ignored);
            mail_take(loop);
        } else if (l != NULL) {
            (void)accept_some(loop, l);
        } else {
            connection_on_event(events[i].data.ptr, events[i].events);
        }
        /* Refusals of many connections at once would hold their memory until all were read. */
        if (loop->spot_count >= SPOT_MAX) {
            loop->spot_count = 0;
            flush_run(loop);
        }
    }
}

/* Refusing shall not starve computing: as long as was read and written, and at least a little. */
static uint64_t slice_us(const struct loop *loop)
{
    uint64_t least_us = loop->shared->tuning.run_us;
    uint64_t read_us = loop->runs.count == 0 || least_us == 0 ? 0 : steady_now_us() - loop->now_us;
    return read_us > least_us ? read_us : least_us;
}

static void turn(struct loop *loop)
{
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(loop->epoll_fd, events, EVENTS_MAX, wait_ms(loop));
    CHECK(count >= 0 || errno == EINTR);
    loop->now_us = steady_now_us();
    date_update(loop);
    ready_run(loop);
    events_run(loop, events, count);
    answers_write(loop);
    deadlines_run(loop);
    waiting_run(loop);
    if (loop->is_accept_paused && loop->now_us >= loop->accept_at_us && !loop->is_stopping) {
        accept_watch(loop, true);
    }
    if (!loop->is_stopping && atomic_load(&loop->must_stop)) {
        stop_begin(loop);
    }
    flush_run(loop);
    runs_run(loop, slice_us(loop));
    answers_write(loop);
    flush_run(loop);
    connections_bury(loop);
    turn_time_note(&loop->turn_time, loop->now_us, steady_now_us());
}

/* Grace is over: close what is left.  Exchanges still with a handler stay behind, ownerless. */
static void loop_end(struct loop *loop)
{
    runs_run(loop, UINT64_MAX);
    mail_take(loop);
    answers_write(loop);
    flush_run(loop);
    for (struct connection *c = loop->connections; c != NULL; c = c->next) {
        loop->has_cut = connection_cut(c) || loop->has_cut;
    }
    for (;;) {
        answers_write(loop);
        runs_run(loop, UINT64_MAX);
        connections_bury(loop);
        CHECK(pthread_mutex_lock(&loop->lock) == 0);
        list_move(&loop->answers, &loop->mail);
        if (loop->answers.first == NULL) {
            break;
        }
        CHECK(pthread_mutex_unlock(&loop->lock) == 0);
    }
    while (loop->connections != NULL) {
        loop->orphan_count += connection_orphan(loop->connections);
        connection_destroy(loop->connections);
        (void)atomic_fetch_sub(&loop->shared->connection_count, 1);
    }
    loop->has_ended = true;
    CHECK(pthread_mutex_unlock(&loop->lock) == 0);
}

static void *loop_main(void *context)
{
    struct loop *loop = context;
    loop_current = loop;
    while (!loop->is_stopping ||
           (loop->connections != NULL && steady_now_us() < loop->stop_at_us)) {
        turn(loop);
    }
    loop_end(loop);
    loop_current = NULL;
    return NULL;
}

static void waits_set(struct loop *loop, const struct http_tuning *tuning)
{
    const unsigned waits_ms[DEADLINE_COUNT] = {
        [DEADLINE_HEAD] = tuning->head_ms,
        [DEADLINE_BODY] = tuning->body_ms,
        [DEADLINE_IDLE] = tuning->idle_ms,
        [DEADLINE_WRITE] = tuning->write_ms,
        [DEADLINE_LINGER] = tuning->linger_ms,
        [DEADLINE_SILENT] = tuning->silent_ms,
        [DEADLINE_STREAM_BODY] = tuning->body_ms,
        [DEADLINE_STREAM_WRITE] = tuning->write_ms,
        [DEADLINE_STREAM_LINGER] = tuning->linger_ms,
    };
    for (size_t kind = 0; kind < DEADLINE_COUNT; kind++) {
        loop->deadlines.kinds[kind].wait_us = (uint64_t)waits_ms[kind] * 1000;
    }
}

struct loop *loop_create(struct loop_shared *shared)
{
    struct loop *loop = calloc(1, sizeof *loop);
    if (loop == NULL) {
        return NULL;
    }
    loop->shared = shared;
    pool_init(&loop->pool, loop);
    buf_init(&loop->out, OUT_LIMIT);
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    CHECK(pthread_mutex_init(&loop->lock, NULL) == 0);
    turn_time_init(&loop->turn_time);
    waits_set(loop, &shared->tuning);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (loop->epoll_fd < 0 || loop->event_fd < 0 ||
        epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, loop->event_fd, &event) != 0) {
        loop_destroy(loop);
        return NULL;
    }
    return loop;
}

bool loop_start(struct loop *loop)
{
    for (unsigned i = 0; i < loop->listener_count; i++) {
        struct listener *l = &loop->listeners[i];
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = l};
        if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, l->fd, &event) != 0) {
            return false;
        }
    }
    loop->now_us = steady_now_us();
    /* Signals belong to the thread that waits for them. */
    sigset_t all;
    sigset_t before;
    CHECK(sigfillset(&all) == 0);
    CHECK(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
    int code = pthread_create(&loop->thread, NULL, loop_main, loop);
    CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
    return code == 0;
}

void loop_stop(struct loop *loop, uint64_t at_us)
{
    loop->stop_at_us = at_us;
    atomic_store(&loop->must_stop, true);
    wake(loop);
}

/* What only the thread used. */
static void loop_finish(struct loop *loop)
{
    pool_finish(&loop->pool);
    buf_finish(&loop->out);
    for (unsigned i = 0; i < loop->listener_count; i++) {
        listener_close(&loop->listeners[i]);
    }
    if (loop->epoll_fd >= 0) {
        (void)close(loop->epoll_fd);
    }
}

bool loop_join(struct loop *loop)
{
    CHECK(pthread_join(loop->thread, NULL) == 0);
    return !loop->has_cut;
}

void loop_leave(struct loop *loop)
{
    loop_finish(loop);
    CHECK(pthread_mutex_lock(&loop->lock) == 0);
    bool has_orphans = loop->orphan_count > 0;
    loop->is_joined = true;
    loop->shared = NULL;
    CHECK(pthread_mutex_unlock(&loop->lock) == 0);
    if (!has_orphans) {
        loop_free(loop);
    }
}

void loop_destroy(struct loop *loop)
{
    loop_finish(loop);
    loop_free(loop);
}
