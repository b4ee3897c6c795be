/* rig.h - a server with a small handler, and a client that knows no mercy.
 *
 * The handler answers "METHOD path?query body", except:
 *   /park    is kept until somebody calls rig_answer()
 *   /block   blocks the loop until rig_release()
 *   /later   is computed when its turn has come, /later-block blocks the loop then
 *   /large   answers RIG_LARGE_LEN bytes
 *   /close   asks to close the connection
 *   /empty   answers 204, /same 304
 *   /spoil   answers with a buffer that failed
 * Whatever waits, waits for an event and at most RIG_PATIENCE_S seconds; then the test fails. */
#ifndef TESTS_UNIT_HTTP_RIG_H
#define TESTS_UNIT_HTTP_RIG_H

#include "http/tuning.h"

#include <pthread.h>

enum {
    RIG_BODY_MAX = 100000,
    RIG_LARGE_LEN = 16 * 1024 * 1024,
    RIG_PARKED_MAX = 256,
    RIG_ORDER_MAX = 1024,
    RIG_PATIENCE_S = 20,
};

struct rig {
    struct http_server *server;
    uint16_t port;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* Under the lock. */
    struct http_exchange *parked[RIG_PARKED_MAX];
    unsigned parked_count;
    unsigned handled;
    unsigned began;            /* computing of those that came later */
    char order[RIG_ORDER_MAX]; /* 'h' for each that was handled, 'r' for each that ran later */
    size_t order_len;
    bool is_released;
    unsigned refused;
    unsigned sent;
    unsigned unsent;
    unsigned done_count; /* sent or not */
    unsigned cut;        /* before they were whole; counted nowhere else */
    size_t bytes_sent;
    char peer[64];
};

/* NULL: the waits of server.h; one loop, plain, unless `config` says otherwise. */
void rig_start(struct rig *r, const struct http_config *config, const struct http_tuning *tuning);
bool rig_stop(struct rig *r, unsigned grace_ms);
struct http_tuning rig_quick(void); /* no wait of which is ever over in a test */
/* Wait until *counter (of this rig) is at least `least`. */
void rig_wait(struct rig *r, const unsigned *counter, unsigned least);
unsigned rig_count(struct rig *r, const unsigned *counter);
/* Take the parked request that came first and answer it, from this thread. */
void rig_answer(struct rig *r);

void rig_release(struct rig *r);

struct ssl_st;

enum client_end { CLIENT_BYTES, CLIENT_EOF, CLIENT_RESET, CLIENT_TIMEOUT };

struct client {
    int fd;
    struct ssl_st *ssl;
    struct buf in; /* read and not yet taken */
    size_t taken;
    /* The last answer. */
    int status;
    struct str head; /* status line and headers; until the next read */
    struct str body;
};

void client_open(struct client *c, uint16_t port); /* both of: */
void client_prepare(struct client *c);
void client_connect(struct client *c, uint16_t port);
void client_finish(struct client *c);
void client_close(struct client *c);
void client_reset(struct client *c); /* close with RST */
void client_send(struct client *c, struct str bytes);
bool client_try_send(struct client *c, struct str bytes); /* false: the server has closed */
/* Read one answer; `has_body` false: to HEAD.  True if it came whole. */
bool client_read(struct client *c, bool has_body);
/* Read until there is no more; what came is in c->in behind c->taken. */
enum client_end client_read_end(struct client *c);
/* The value of a header of the last answer, or "". */
struct str client_header(const struct client *c, const char *name);
/* How many bytes the socket takes before it would block. */
size_t client_fill(struct client *c, size_t most);

#endif
