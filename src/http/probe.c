/* probe.c - a connection by OpenSSL's BIO, closed by the server when it has answered. */
#include "http/probe.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static bool line_open(struct line *line, const struct probe *probe)
{
    char address[96];
    (void)snprintf(address, sizeof address, "%s:%u", probe->address, probe->port);
    if (probe->ca_file == NULL) {
        line->bio = BIO_new_connect(address);
        return line->bio != NULL && BIO_do_connect(line->bio) == 1;
    }
    line->context = SSL_CTX_new(TLS_client_method());
    if (line->context == NULL || SSL_CTX_load_verify_file(line->context, probe->ca_file) != 1) {
        return false;
    }
    SSL_CTX_set_verify(line->context, SSL_VERIFY_PEER, NULL);
    line->bio = BIO_new_ssl_connect(line->context);
    SSL *ssl = NULL;
    if (line->bio == NULL || BIO_get_ssl(line->bio, &ssl) != 1 || ssl == NULL) {
        return false;
    }
    X509_VERIFY_PARAM *parameters = SSL_get0_param(ssl);
    return X509_VERIFY_PARAM_set1_ip_asc(parameters, probe->address) == 1 &&
           BIO_set_conn_hostname(line->bio, address) == 1 && BIO_do_connect(line->bio) == 1 &&
           BIO_do_handshake(line->bio) == 1;
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

/* Cut status and body out of "HTTP/1.1 201 Created CRLF ... CRLFCRLF body". */
static bool answer_split(int *http_status, struct buf *reply)
{
    struct str text = buf_str(reply);
    const char *end = text.len < 16 ? NULL : memmem(text.ptr, text.len, "\r\n\r\n", 4);
    if (end == NULL || !str_starts_with(text, STR("HTTP/1.1 "))) {
        return false;
    }
    *http_status = (text.ptr[9] - '0') * 100 + (text.ptr[10] - '0') * 10 + (text.ptr[11] - '0');
    size_t head_len = (size_t)(end - text.ptr) + 4;
    memmove(reply->ptr, reply->ptr + head_len, reply->len - head_len);
    reply->len -= head_len;
    return true;
}

enum status probe_send(const struct probe *probe, int *http_status, struct buf *reply,
                       struct error *err)
{
    CLEANUP(line_close) struct line line = {NULL, NULL};
    struct buf request;
    if (!line_open(&line, probe)) {
        return error_set(err, STATUS_IO, probe->address, "no connection to port %u", probe->port);
    }
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
    if (!answer_split(http_status, reply)) {
        buf_finish(reply);
        return error_set(err, STATUS_IO, probe->address, "no answer to %s %s", probe->method,
                         probe->path);
    }
    return STATUS_OK;
}
