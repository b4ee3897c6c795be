/* transport.c - recv and send, and a BIO of ours so that TLS reads through the same recv. */
#include "http/transport.h"

#include <errno.h>
#include <limits.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static enum transport_result socket_read(struct transport *t, void *to, size_t size, size_t *len)
{
    if (!t->may_read) {
        return TRANSPORT_AGAIN;
    }
    ssize_t got = 0;
    do {
        got = recv(t->fd, to, size, 0);
    } while (got < 0 && errno == EINTR);
    if (got > 0) {
        *len = (size_t)got;
        /* A short read has emptied the socket: what comes later is a new edge.  Only the end of the
         * stream may hide behind it. */
        t->may_read = *len == size || t->has_ended;
        return TRANSPORT_OK;
    }
    if (got == 0) {
        return TRANSPORT_END;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
        t->may_read = false;
        return TRANSPORT_AGAIN;
    }
    return TRANSPORT_DEAD;
}

static enum transport_result socket_write(struct transport *t, const void *bytes, size_t len,
                                          size_t *written)
{
    ssize_t put = 0;
    do {
        put = send(t->fd, bytes, len, MSG_NOSIGNAL);
    } while (put < 0 && errno == EINTR);
    if (put >= 0) {
        *written = (size_t)put;
        return TRANSPORT_OK;
    }
    return errno == EAGAIN || errno == EWOULDBLOCK ? TRANSPORT_AGAIN : TRANSPORT_DEAD;
}

static int bio_read(BIO *bio, char *to, int size)
{
    struct transport *t = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    size_t len = 0;
    switch (socket_read(t, to, (size_t)size, &len)) {
    case TRANSPORT_OK: return (int)len;
    case TRANSPORT_AGAIN: BIO_set_retry_read(bio); return -1;
    case TRANSPORT_END: return 0;
    case TRANSPORT_DEAD: return -1;
    }
    return -1;
}

static int bio_write(BIO *bio, const char *bytes, int len)
{
    struct transport *t = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    size_t written = 0;
    enum transport_result result = socket_write(t, bytes, (size_t)len, &written);
    if (result == TRANSPORT_AGAIN) {
        BIO_set_retry_write(bio);
    }
    return result == TRANSPORT_OK ? (int)written : -1;
}

static long bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH; /* nothing is kept back here */
}

static BIO_METHOD *method;
static pthread_once_t method_once = PTHREAD_ONCE_INIT;

/* For the process; OpenSSL has no static initializer for it. */
static void method_create(void)
{
    method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "aval socket");
    CHECK(method != NULL);
    CHECK(BIO_meth_set_read(method, bio_read) == 1);
    CHECK(BIO_meth_set_write(method, bio_write) == 1);
    CHECK(BIO_meth_set_ctrl(method, bio_ctrl) == 1);
}

static bool ssl_attach(struct transport *t, SSL_CTX *context)
{
    CHECK(pthread_once(&method_once, method_create) == 0);
    SSL *ssl = SSL_new(context);
    BIO *bio = BIO_new(method);
    if (ssl == NULL || bio == NULL) {
        SSL_free(ssl);
        BIO_free(bio);
        return false;
    }
    BIO_set_data(bio, t);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);
    SSL_set_accept_state(ssl);
    t->ssl = ssl;
    return true;
}

bool transport_init(struct transport *t, int fd, struct ssl_ctx_st *context)
{
    *t = (struct transport){.fd = fd, .may_read = true, .is_ready = context == NULL};
    if (context != NULL && !ssl_attach(t, context)) {
        transport_close(t);
        return false;
    }
    return true;
}

static enum transport_result ssl_result(struct transport *t, int returned)
{
    switch (SSL_get_error(t->ssl, returned)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return TRANSPORT_AGAIN;
    case SSL_ERROR_ZERO_RETURN: return TRANSPORT_END;
    default: t->is_broken = true; return TRANSPORT_DEAD;
    }
}

enum transport_result transport_handshake(struct transport *t)
{
    if (t->is_ready) {
        return TRANSPORT_OK;
    }
    ERR_clear_error();
    int returned = SSL_do_handshake(t->ssl);
    if (returned != 1) {
        return ssl_result(t, returned) == TRANSPORT_AGAIN ? TRANSPORT_AGAIN : TRANSPORT_DEAD;
    }
    t->is_ready = true;
    return TRANSPORT_OK;
}

enum transport_result transport_read(struct transport *t, void *to, size_t size, size_t *len)
{
    if (t->ssl == NULL) {
        return socket_read(t, to, size, len);
    }
    if (t->is_broken) {
        return TRANSPORT_DEAD;
    }
    ERR_clear_error();
    int got = SSL_read(t->ssl, to, size > INT_MAX ? INT_MAX : (int)size);
    if (got <= 0) {
        return ssl_result(t, got);
    }
    *len = (size_t)got;
    return TRANSPORT_OK;
}

enum transport_result transport_write(struct transport *t, const void *bytes, size_t len,
                                      size_t *written)
{
    if (t->ssl == NULL) {
        return socket_write(t, bytes, len, written);
    }
    if (t->is_broken) {
        return TRANSPORT_DEAD;
    }
    ERR_clear_error();
    int put = SSL_write(t->ssl, bytes, len > INT_MAX ? INT_MAX : (int)len);
    if (put <= 0) {
        enum transport_result result = ssl_result(t, put);
        return result == TRANSPORT_END ? TRANSPORT_DEAD : result;
    }
    *written = (size_t)put;
    return TRANSPORT_OK;
}

enum transport_result transport_peek(struct transport *t, void *to, size_t size, size_t *len)
{
    CHECK(t->ssl == NULL);
    ssize_t got = 0;
    do {
        got = recv(t->fd, to, size, MSG_PEEK);
    } while (got < 0 && errno == EINTR);
    if (got > 0) {
        *len = (size_t)got;
        return TRANSPORT_OK;
    }
    if (got == 0) {
        return TRANSPORT_END;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
        t->may_read = false;
        return TRANSPORT_AGAIN;
    }
    return TRANSPORT_DEAD;
}

bool transport_is_http2(const struct transport *t)
{
    const unsigned char *name = NULL;
    unsigned len = 0;
    if (t->ssl != NULL) {
        SSL_get0_alpn_selected(t->ssl, &name, &len);
    }
    return len == 2 && name[0] == 'h' && name[1] == '2';
}

enum transport_result transport_discard(struct transport *t, void *scratch, size_t size,
                                        size_t *len)
{
    return socket_read(t, scratch, size, len);
}

void transport_shutdown(struct transport *t)
{
    if (t->fd < 0) {
        return;
    }
    if (t->ssl != NULL && t->is_ready && !t->is_broken) {
        ERR_clear_error();
        (void)SSL_shutdown(t->ssl);
        t->is_broken = true;
    }
    (void)shutdown(t->fd, SHUT_WR);
}

void transport_close(struct transport *t)
{
    if (t->ssl != NULL) {
        SSL_free(t->ssl);
        t->ssl = NULL;
    }
    if (t->fd >= 0) {
        (void)close(t->fd);
        t->fd = -1;
    }
}
