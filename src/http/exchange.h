/* exchange.h - a request and its answer with all the memory they need, used again and again.
 *
 * A connection takes one from its loop's pool when the first byte of a request arrives and gives it
 * back when it falls idle: a thousand silent connections cost a thousand sockets, not a thousand
 * buffers.
 *
 * While `is_with_handler`, the exchange is the handler's: only http_answer() may touch it. */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "http/pool.h"
#include "http/server.h"
#include "http/stream.h"

struct connection;
struct http1;
struct loop;

enum {
    HTTP_REPLY_LEN_MAX = 64 * 1024 * 1024, /* one past it: 500 */
    /* A buffer that grew beyond this is not kept for the next request. */
    EXCHANGE_KEEP_SIZE = 16 * 1024,
};

struct exchange {
    struct http_exchange x; /* first: http_answer() finds the rest behind it */
    struct loop *loop;
    struct connection *connection; /* NULL once its server has stopped without it */
    enum pool_kind kind;
    struct http1 *http1;   /* of HTTP/1.1: holds the bytes of the request */
    struct stream stream;  /* of HTTP/2 */
    struct exchange *next; /* in the pool, in a run list, or among the answers on their way */
    void (*run)(struct http_exchange *x); /* while it is in a run list */
    size_t held;                          /* what its pool counts for it */
    bool is_with_handler;
    struct arena arena;
    struct buf body; /* a body that came in pieces */
    struct buf wire; /* the answer's head, and the reply if it is short */
};

struct exchange *exchange_create(struct loop *loop, enum pool_kind kind); /* NULL: no memory */
void exchange_destroy(struct exchange *e);                                /* and its http1 */
size_t exchange_size(const struct exchange *e); /* memory it takes when it is idle, about */
/* Forget what the request and its answer hold. */
void exchange_shed(struct exchange *e);
/* Ready for the next request; the input in http1 stays. */
void exchange_reset(struct exchange *e);

#endif
