/* probe.c - a socket under OpenSSL's BIO, closed by the server when it has answered. */
#include "http/probe.h"

#include <netdb.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { PROBE_REPLY_MAX = 16 * 1024 * 1024, PROBE_CHUNK = 16 * 1024 };

struct line {
    SSL_CTX *context;
    BIO *bio;
};

static void line_close(struct line *line)
{
    BIO_free_all(line->bio);
    SSL_CTX_free(line->context);
}

/* A connected socket that waits for nothing longer than the time-out; -1: none. */
static int socket_connect(const struct probe *probe)
{
    const struct timeval timeout = {.tv_sec = PROBE_TIMEOUT_S};
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char port[8];
    int fd = -1;
    (void)snprintf(port, sizeof port, "%u", probe->port);
    if (getaddrinfo(probe->address, port, &hints, &found) != 0) {
        return -1;
    }
    for (const struct addrinfo *a = found; a != NULL && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
        if (fd >= 0 && (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) != 0 ||
                        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) != 0 ||
                        connect(fd, a->ai_addr, a->ai_addrlen) != 0)) {
            (void)close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    return fd;
}

/* The certificate must be for the address, or for the name. */
static bool peer_set(SSL *ssl, const char *address)
{
    X509_VERIFY_PARAM *parameters = SSL_get0_param(ssl);
    if (X509_VERIFY_PARAM_set1_ip_asc(parameters, address) == 1) {
        return true;
    }
    ERR_clear_error();
    return SSL_set1_host(ssl, address) == 1 && SSL_set_tlsext_host_name(ssl, address) == 1;
}

static enum status handshake(struct line *line, const struct probe *probe, struct error *err)
{
    SSL *ssl = NULL;
    line->context = SSL_CTX_new(TLS_client_method());
    if (line->context == NULL) {
        return error_set(err, STATUS_IO, probe->address, "TLS cannot be set up");
    }
    bool has_roots = probe->ca_file[0] == '\0'
                         ? SSL_CTX_set_default_verify_paths(line->context) == 1
                         : SSL_CTX_load_verify_file(line->context, probe->ca_file) == 1;
    BIO *tls = BIO_new_ssl(line->context, 1);
    if (!has_roots || tls == NULL || BIO_get_ssl(tls, &ssl) != 1 || ssl == NULL) {
        BIO_free(tls);
        return error_set(err, STATUS_INVALID, probe->ca_file, "there are no certificates to trust");
    }
    line->bio = BIO_push(tls, line->bio);
    /* Trust may begin at any certificate of the file, not only at a root. */
    (void)X509_VERIFY_PARAM_set_flags(SSL_get0_param(ssl), X509_V_FLAG_PARTIAL_CHAIN);
    SSL_set_verify(ssl, SSL_VERIFY_PEER, NULL);
    if (!peer_set(ssl, probe->address) || BIO_do_handshake(line->bio) != 1) {
        long why = SSL_get_verify_result(ssl);
        ERR_clear_error();
        return error_set(err, STATUS_DENIED, probe->address, "the TLS handshake failed%s%s",
                         why == X509_V_OK ? "" : ": ",
                         why == X509_V_OK ? "" : X509_verify_cert_error_string(why));
    }
    return STATUS_OK;
}

static enum status line_open(struct line *line, const struct probe *probe, struct error *err)
{
    int fd = socket_connect(probe);
    if (fd < 0) {
        return error_set(err, STATUS_IO, probe->address, "no connection to port %u", probe->port);
    }
    line->bio = BIO_new_socket(fd, BIO_CLOSE);
    if (line->bio == NULL) {
        (void)close(fd);
        return error_set(err, STATUS_IO, probe->address, "no memory for a connection");
    }
    return probe->ca_file == NULL ? STATUS_OK : handshake(line, probe, err);
}

static bool line_write(struct line *line, struct str bytes)
{
    while (bytes.len > 0) {
        int put =
            BIO_write(line->bio, bytes.ptr, bytes.len > PROBE_CHUNK ? PROBE_CHUNK : (int)bytes.len);
        if (put <= 0) {
            return false;
        }
        bytes = str_slice(bytes, (size_t)put, bytes.len);
    }
    return true;
}

static void line_read(struct line *line, struct buf *out)
{
    for (;;) {
        char *room = buf_reserve(out, PROBE_CHUNK);
        int got = room == NULL ? 0 : BIO_read(line->bio, room, PROBE_CHUNK);
        if (got <= 0) {
            return;
        }
        out->len += (size_t)got;
    }
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" in milliseconds, 0 if that is not there. */
static int64_t date_read(struct str head)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char *line = memmem(head.ptr, head.len, "\r\nDate: ", 8);
    struct tm utc = {0};
    if (line == NULL || (size_t)(head.ptr + head.len - line) < 8 + 29) {
        return 0;
    }
    const char *d = line + 8;
    const int at[] = {5, 6, 12, 13, 14, 15, 17, 18, 20, 21, 23, 24};
    int n[ARRAY_LEN(at)];
    for (size_t i = 0; i < ARRAY_LEN(at); i++) {
        if (d[at[i]] < '0' || d[at[i]] > '9') {
            return 0;
        }
        n[i] = d[at[i]] - '0';
    }
    const char *month = memmem(months, sizeof months - 1, d + 8, 3);
    utc.tm_mday = n[0] * 10 + n[1];
    utc.tm_mon = month == NULL ? 0 : (int)(month - months) / 3;
    utc.tm_year = n[2] * 1000 + n[3] * 100 + n[4] * 10 + n[5] - 1900;
    utc.tm_hour = n[6] * 10 + n[7];
    utc.tm_min = n[8] * 10 + n[9];
    utc.tm_sec = n[10] * 10 + n[11];
    return (int64_t)timegm(&utc) * 1000;
}

/* Cut status and body out of "HTTP/1.1 201 Created CRLF ... CRLFCRLF body". */
static bool answer_split(struct probe_answer *answer, struct buf *reply)
{
    struct str text = buf_str(reply);
    const char *end = text.len < 16 ? NULL : memmem(text.ptr, text.len, "\r\n\r\n", 4);
    if (end == NULL || !str_starts_with(text, STR("HTTP/1.1 "))) {
        return false;
    }
    size_t head_len = (size_t)(end - text.ptr) + 4;
    answer->status = (text.ptr[9] - '0') * 100 + (text.ptr[10] - '0') * 10 + (text.ptr[11] - '0');
    answer->date_ms = date_read(str_slice(text, 0, head_len));
    memmove(reply->ptr, reply->ptr + head_len, reply->len - head_len);
    reply->len -= head_len;
    return true;
}

enum status probe_ask(const struct probe *probe, struct probe_answer *answer, struct buf *reply,
                      struct error *err)
{
    CLEANUP(line_close) struct line line = {NULL, NULL};
    struct buf request;
    TRY(line_open(&line, probe, err));
    buf_init(&request, PROBE_REPLY_MAX);
    buf_printf(&request,
               "%s %s HTTP/1.1\r\nHost: %s:%u\r\nConnection: close\r\nContent-Length: %zu\r\n",
               probe->method, probe->path, probe->address, probe->port, probe->body.len);
    buf_append(&request, probe->head);
    buf_append(&request, STR("\r\n"));
    buf_append(&request, probe->body);
    bool is_sent = !buf_failed(&request) && line_write(&line, buf_str(&request));
    buf_finish(&request);
    buf_init(reply, PROBE_REPLY_MAX);
    if (is_sent) {
        line_read(&line, reply);
    }
    if (!answer_split(answer, reply)) {
        buf_finish(reply);
        return error_set(err, STATUS_IO, probe->address, "no answer to %s %s", probe->method,
                         probe->path);
    }
    return STATUS_OK;
}

enum status probe_send(const struct probe *probe, int *http_status, struct buf *reply,
                       struct error *err)
{
    struct probe_answer answer;
    TRY(probe_ask(probe, &answer, reply, err));
    *http_status = answer.status;
    return STATUS_OK;
}
