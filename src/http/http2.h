/* http2.h - HTTP/2 as a state machine over bytes; it has no socket and no clock.
 *
 * The caller pushes in what it read (http2_receive), takes the requests that became whole or must
 * be refused (http2_take), answers them in any order (http2_answer), fetches what is to be written
 * (http2_render), and once that is on the wire learns which answers were sent
 * (http2_take_finished). Frames, HPACK and flow control are libnghttp2's; what a request may say is
 * request.h's, as for HTTP/1.1; what a client may flood us with is flood.h's.
 *
 * The session ends when http2_is_over() says so and its output is written: after a GOAWAY of either
 * side and the last answer, or at once when the client broke the protocol or floods us.
 *
 * Memory: exchanges come from the pool and go back to it.  One that was taken belongs to the caller
 * until http2_answer(), even if its stream closes meanwhile, and even if http2_abandon() ends the
 * session; the struct must outlive it. */
#ifndef HTTP_HTTP2_H
#define HTTP_HTTP2_H

#include "http/answer.h"
#include "http/deadline.h"
#include "http/exchange.h"
#include "http/flood.h"
#include "http/pool.h"

struct nghttp2_session;

enum {
    HTTP2_STREAMS_MAX = 100, /* at once; one more is refused */
    /* Of one connection, together with those whose stream was reset under their handler. */
    HTTP2_EXCHANGES_MAX = 2 * HTTP2_STREAMS_MAX,
    /* A head that unpacks to this is no mistake but an attack (an "HPACK bomb"). */
    HTTP2_HEAD_ABUSE_LEN = 16 * HTTP_HEAD_LEN_MAX,
    /* While replies of more bytes than this wait for the client, its next requests wait, too. */
    HTTP2_UNSENT_MAX = 256 * 1024,
    HTTP2_CONNECTION_WINDOW = 1024 * 1024,
    HTTP2_ENCODER_TABLE_SIZE = 1024, /* HPACK, for our answers */
    HTTP2_PROGRESS_LEN = 512 * 1024, /* this much moved earns a stream a new deadline */
};

struct exchange_queue {
    struct exchange *first;
    struct exchange *last;
};

struct http2 {
    const struct http_handler *handler;
    struct pool *pool;
    struct deadlines *deadlines;     /* of the streams: DEADLINE_STREAM_BODY and _WRITE */
    struct connection *connection;   /* that of its exchanges; NULL in a test */
    struct nghttp2_session *session; /* NULL once abandoned */
    uint64_t now_us;
    struct exchange *streams;
    unsigned stream_count;
    uint64_t stream_serial;         /* streams that ever began */
    struct exchange_queue ready;    /* to be taken */
    struct exchange_queue finished; /* answered; not yet on the wire for certain */
    struct exchange_queue cut;      /* never answered, or not whole */
    struct flood flood;
    struct buf *out; /* while rendering */
    size_t out_most;
    size_t data_sent;     /* bytes of replies, ever */
    size_t unsent;        /* bytes of replies that are not in frames yet */
    unsigned reset_count; /* streams either side reset; whoever counts them sets it to 0 */
    char named_at[ANSWER_DATE_LEN]; /* the date of the last answer whose fields were all kept */
    int32_t last_id;                /* of a stream the client began */
    int32_t reset_id;               /* the highest we have reset */
    bool has_begun;                 /* the client's preface and SETTINGS were here */
    bool is_draining;               /* the last GOAWAY is on its way */
    bool is_abusive;                /* floods us */
    bool is_stalled;                /* takes none of its answers */
    bool is_broken;                 /* the library will have no more of it */
    bool is_told;                   /* our own GOAWAY is among the output */
};

/* False: no memory. */
bool http2_init(struct http2 *h, const struct http_handler *handler, struct pool *pool,
                struct deadlines *deadlines, uint64_t now_us) MUST_USE;
/* The client is gone: forget everything but the exchanges that are with their handler. */
void http2_abandon(struct http2 *h);
/* Leave one of those to its handler alone. */
void http2_orphan(struct http2 *h, struct exchange *e);
/* Requires: abandoned, and no exchange left. */
void http2_finish(struct http2 *h);

/* The next bytes from the client. */
void http2_receive(struct http2 *h, struct str bytes, uint64_t now_us);
/* The next request to hand over, or, if stream.is_refused, to be answered with a refusal; or NULL:
 * there is none, or it must wait until answers are out. */
bool http2_has_ready(const struct http2 *h);
struct exchange *http2_take(struct http2 *h);
/* The filled exchange goes out, as far as its stream still stands. */
void http2_answer(struct http2 *h, struct exchange *e, const char *date, uint64_t now_us);
/* Append what is to be written, until `out` holds about `most` bytes or there is no more. */
void http2_render(struct http2 *h, struct buf *out, size_t most);
/* The next exchange of which nothing more becomes, to be given back with http2_give(): one that is
 * cut, or, if all that was rendered is written, one that is sent. */
struct exchange *http2_take_finished(struct http2 *h, bool is_flushed);
void http2_give(struct http2 *h, struct exchange *e);

/* The deadline of a stream has passed.  True if a client was cut off. */
bool http2_on_deadline(struct http2 *h, struct exchange *e, enum deadline_kind kind,
                       uint64_t now_us);
/* "No new streams soon", and "no new streams now". */
void http2_warn(struct http2 *h);
void http2_drain(struct http2 *h);
/* Nothing more is to be read or rendered. */
bool http2_is_over(const struct http2 *h);
/* Is there a block of header fields, or the preface, of which the end is still to come? */
bool http2_is_in_head(const struct http2 *h);

#endif
