/* server.h - bytes on the wire become whole requests, answers become bytes; nothing of credit.
 *
 * Event loops, one a thread, each with its own epoll and SO_REUSEPORT listeners, share nothing.  A
 * loop accepts, does TLS, parses, and hands every *whole* request to the handler as one `struct
 * http_exchange`.  The handler fills the answer and calls http_answer(), at once or later from any
 * thread; until then the exchange is parked and its connection reads nothing more.
 *
 * Memory: an exchange, its arena and its buffers belong to the server.  They are the handler's from
 * the call of `handle` until it calls http_answer(), and not one instruction longer.  A client that
 * goes away meanwhile changes nothing for the handler: the loop frees when the answer comes. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/histogram.h"
#include "base/status.h"
#include "http/header.h"

#include <stdint.h>

enum http_method {
    HTTP_OTHER,
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS
};

/* Every limit is refused one past it, with the status beside it. */
enum {
    HTTP_HEADERS_MAX = 64,          /* 431 */
    HTTP_HEAD_LEN_MAX = 16 * 1024,  /* 431: request line and headers together */
    HTTP_TARGET_LEN_MAX = 4 * 1024, /* 414 */
    HTTP_HEAD_TIMEOUT_MS = 10000,   /* closed: a head that drips; TLS handshake included */
    HTTP_BODY_TIMEOUT_MS = 30000,   /* 408 and closed */
    HTTP_IDLE_TIMEOUT_MS = 60000,   /* closed: keep-alive without a request */
    HTTP_WRITE_TIMEOUT_MS = 30000,  /* closed: a client that does not read */
    HTTP_EXCHANGE_ARENA_MAX = 4 * 1024 * 1024,
};

struct http_exchange {
    /* The request.  All str borrow from the exchange. */
    enum http_method method;
    struct str method_text;
    struct str path;  /* as sent, before '?'; percent-encoding untouched */
    struct str query; /* behind '?', or empty */
    struct http_header headers[HTTP_HEADERS_MAX];
    uint32_t header_count;
    struct str body;
    bool is_unread;       /* wants_body() said no: the body was passed over */
    const char *protocol; /* "HTTP/1.1" or "HTTP/2"; for the log, never to answer by */
    char peer[64];        /* the client's address, without port */
    bool is_tls;
    /* The certificate that its client proved at the handshake, on a listener that is mutual:
     * SHA-256 as base64url (x5t#S256, RFC 8705) and subject (RFC 2253, cut); otherwise "". */
    char client_x5t[44];
    char client_subject[256];
    uint64_t started_us;  /* steady time when its first byte was there */
    uint64_t received_us; /* steady time when it was whole */
    struct arena *arena;  /* for whoever handles it */

    /* The answer. */
    int status;
    struct buf head;  /* further header lines, each ending in CRLF; Content-Length, Date,
                         Connection, HSTS and nosniff are the server's */
    struct buf reply; /* the body; not sent for HEAD, 204, 304 */
    bool close;       /* close the connection behind this answer */

    void *user; /* the handler's, from `handle` to http_answer() */
};

/* Why the server itself refuses; the handler renders the body. */
enum http_refusal {
    HTTP_REFUSED_MALFORMED,       /* 400 */
    HTTP_REFUSED_TIMEOUT,         /* 408 */
    HTTP_REFUSED_BODY_TOO_LARGE,  /* 413 */
    HTTP_REFUSED_TARGET_TOO_LONG, /* 414 */
    HTTP_REFUSED_EXPECTATION,     /* 417 */
    HTTP_REFUSED_HEAD_TOO_LARGE,  /* 431 */
    HTTP_REFUSED_NOT_IMPLEMENTED, /* 501: a transfer coding that is not chunked, or a method that
                                     is none: CONNECT, or a word nobody knows */
    HTTP_REFUSED_BUSY,            /* 503: requests hold too much memory; Retry-After */
    HTTP_REFUSED_VERSION,         /* 505 */
};

struct http_handler {
    void *context;
    /* Most body bytes this request may have; asked once its head is whole. */
    size_t (*body_max)(void *context, const struct http_exchange *x);
    /* Is there any use in reading the body that comes?  Asked over HTTP/2 once the head is whole;
     * if not, `handle` gets the request at once, is_unread, and can only refuse it.  It may set
     * `user`. */
    bool (*wants_body)(void *context, struct http_exchange *x);
    /* A whole request.  Runs on the loop: must not wait. */
    void (*handle)(void *context, struct http_exchange *x);
    /* Fill head and reply of a refusal (x->status is set already); it is sent on return, without
     * http_answer().  Only what was parsed so far is in x. */
    void (*refuse)(void *context, struct http_exchange *x, enum http_refusal why);
    /* The answer or refusal is on the wire, or its client is gone (is_sent false): time to log.
     * Each request gets here once, also one that was cut before it was whole: its status is 0, its
     * `user` what wants_body() has left there, else NULL, and of the request only what was parsed
     * is there.
     * On the loop. */
    void (*done)(void *context, const struct http_exchange *x, size_t bytes_sent, bool is_sent);
};

enum { HTTP_LISTENS_MAX = 8 };

struct http_listen {
    const char *address; /* "127.0.0.1:8443", "[::1]:0"; port 0 takes a free one */
    bool is_mutual;      /* a client must show a certificate of tls_client_ca_file */
};

struct http_config {
    struct http_listen listens[HTTP_LISTENS_MAX]; /* up to the first without an address */
    const char *tls_cert_file;                    /* PEM chain and key; both NULL: plain HTTP */
    const char *tls_key_file;
    const char *tls_client_ca_file;  /* PEM; NULL: no listener may be mutual */
    const char *tls_client_crl_file; /* PEM, or NULL: revocation is not looked at */
    unsigned handshakes;      /* TLS handshakes a second and address; 0: 1,000.  Others wait. */
    unsigned loops;           /* threads; 0: one a processor */
    unsigned connections_max; /* over all loops; 0: 10,000.  One past it is closed at accept. */
};

struct http_server;

/* What a server counts about itself: figures.def says what each one is. */
enum http_figure {
#define FIGURE(name, text, kind, help) HTTP_FIGURE_##name,
#include "http/figures.def"
#undef FIGURE
    HTTP_FIGURE_COUNT
};

/* Bind, read the certificate, start the loops.  Errors say which file or address and why. */
enum status http_server_start(struct http_server **out, const struct http_config *config,
                              const struct http_handler *handler, struct error *err) MUST_USE;
uint16_t http_server_port(const struct http_server *server); /* of the first listener */
uint16_t http_server_port_of(const struct http_server *server, unsigned listener);
/* One figure over all loops.  Any thread. */
uint64_t http_server_figure(const struct http_server *server, enum http_figure which);
/* How long the turns of all loops took so far, in microseconds.  Fills `out`. */
void http_server_turns(const struct http_server *server, struct histogram *out);
/* Read the certificate, key, authorities and revocation list that `config` names and use them from
 * now on; connections that stand keep theirs.  On an error all stays as it was.  One thread. */
enum status http_server_renew(struct http_server *server, const struct http_config *config,
                              struct error *err) MUST_USE;
/* When the certificate in use ends, as UTC milliseconds; 0 without TLS.  Any thread. */
int64_t http_server_certificate_expires_ms(struct http_server *server);
/* Its SHA-256, 64 hex digits; "" without TLS.  Any thread. */
void http_server_certificate_sha256(struct http_server *server, char hex[65]);
/* What is due by the clock: once a minute will do.  Any thread. */
void http_server_tend(struct http_server *server);
/* Stop accepting, let requests in flight be answered (at most grace_ms), close, join the loops,
 * free. True if nothing had to be cut. */
bool http_server_stop(struct http_server *server, unsigned grace_ms);

/* Have `run` called for this request when its turn comes: the loop reads and refuses what others
 * ask first, computes for a few milliseconds, and looks at its sockets again.  From within `handle`
 * only, and then once; the exchange stays the handler's. */
void http_run_later(struct http_exchange *x, void (*run)(struct http_exchange *x));
/* Hand the filled exchange back to its loop.  Any thread; x is gone for the caller. */
void http_answer(struct http_exchange *x);

/* The value of the only header `name` (any case); empty if none.  *count, if not NULL: how many
 * there are. */
struct str http_header_find(const struct http_exchange *x, struct str name, unsigned *count);
void http_reply_header(struct http_exchange *x, const char *name,
                       struct str value); /* drops CR, LF, NUL */

#endif
