/* loop.h - one thread, one epoll, its connections; nothing in it is shared but one list.
 *
 * A turn: take events, take the answers that came from other threads, write answers (those of an
 * HTTP/2 connection together), cut off who is late, compute for a while what waits for it, write
 * that too, bury who was closed.  So whoever is refused waits for reading alone, never for the
 * computing of others.  Whatever is freed is freed at the end of the turn, never under a caller.
 *
 * Other threads reach a loop in two ways only: http_answer() puts an exchange on its list, and
 * loop_stop() says until when it may go on; both wake it by its eventfd. */
#ifndef HTTP_LOOP_H
#define HTTP_LOOP_H

#include "http/answer.h"
#include "http/deadline.h"
#include "http/listener.h"
#include "http/pool.h"
#include "http/run_list.h"
#include "http/tls.h"
#include "http/tuning.h"
#include "http/turn_time.h"
#include "http/waiting.h"

#include <pthread.h>
#include <stdatomic.h>

struct connection;
struct exchange;

/* What all loops of a server read. */
struct loop_shared {
    struct http_handler handler;
    struct http_tuning tuning;
    unsigned connections_max;
    atomic_uint connection_count;
    int fd_end;        /* the first number that no socket of a client gets */
    struct pace *pace; /* NULL: plain, and nothing to limit */
    unsigned wait_max; /* connections that may wait for their handshake, over all loops */
    atomic_uint wait_count;
    pthread_mutex_t tls_lock;
    struct tls_identity identity; /* under tls_lock; without contexts: plain */
};

enum { LOOP_SCRATCH_SIZE = 32 * 1024 };

struct answer_list {
    struct exchange *first;
    struct exchange *last;
};

struct loop {
    struct loop_shared *shared;
    int epoll_fd;
    int event_fd;
    struct listener listeners[HTTP_LISTENS_MAX];
    unsigned listener_count;
    pthread_t thread;

    /* The loop's own. */
    uint64_t now_us;
    int64_t date_second;
    char date[ANSWER_DATE_LEN + 1];
    struct deadlines deadlines;
    struct connection *connections; /* all of them */
    struct connection *ready;       /* to go on with in the next turn */
    struct connection *closed;      /* to be buried at the end of this one */
    struct connection *to_flush;    /* with something to write at the end of this one */
    struct pool pool;
    struct buf out;              /* what is being written to one connection of HTTP/2 */
    struct exchange *at_hand;    /* with the handler while it is being called */
    struct answer_list answers;  /* given on this thread, not yet written */
    unsigned spot_count;         /* answered on the spot since the last flush for that */
    struct run_list runs;        /* whole requests that wait to be computed */
    struct waiting_room waiting; /* accepted, and not let in yet */
    uint64_t accept_at_us;       /* accepting pauses until then */
    uint64_t complain_at_us;     /* say no more about descriptors until then */
    bool is_accept_paused;
    bool is_stopping;
    bool has_cut;
    /* Written by the loop alone, read by any thread. */
    atomic_uint_fast64_t figures[HTTP_FIGURE_COUNT];
    struct turn_time turn_time;

    /* Under `lock`. */
    pthread_mutex_t lock;
    struct answer_list mail; /* given on other threads */
    bool has_ended;          /* the thread is gone; the last answer frees the loop */
    bool is_joined;
    unsigned orphan_count; /* exchanges still with a handler when it went */

    char scratch[LOOP_SCRATCH_SIZE]; /* what was just read from one connection of HTTP/2 */

    atomic_bool must_stop;
    uint64_t stop_at_us; /* written before must_stop, read after */
};

struct loop *loop_create(struct loop_shared *shared); /* NULL: no memory or descriptors */
/* Run `loop` on a thread of its own. */
bool loop_start(struct loop *loop) MUST_USE;
/* Stop by `at_us` at the latest. */
void loop_stop(struct loop *loop, uint64_t at_us);
/* Join the thread; true if no request had to be cut. */
bool loop_join(struct loop *loop);
/* Free a loop that was joined; one whose exchanges are still with a handler goes with the last of
 * them.  Requires: all loops of the server were joined, since each may read what others count. */
void loop_leave(struct loop *loop);
void loop_destroy(struct loop *loop); /* one that never started */

/* For connections, on the loop's thread. */
void loop_count(struct loop *loop, enum http_figure which); /* one more of it */
/* Hand a request over to the handler: from here on the exchange is not ours, unless this returns
 * true: it was answered on the spot. */
bool loop_hand_over(struct loop *loop, struct exchange *e) MUST_USE;
/* Its answer is written in a later step of this turn, so that a pipeline does not recurse. */
void loop_answer_later(struct loop *loop, struct exchange *e);
void loop_go_on(struct loop *loop, struct connection *c);       /* run it again next turn */
void loop_flush_later(struct loop *loop, struct connection *c); /* once, at the end of this turn */
void loop_bury(struct loop *loop, struct connection *c); /* free it at the end of this turn */

#endif
