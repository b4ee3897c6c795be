/* tls.c - what we offer, and the files it stands on. */
#include "http/tls.h"

#include "base/str.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

static int passphrase_none(char *out, int size, int is_writing, void *context)
{
    (void)out;
    (void)size;
    (void)is_writing;
    (void)context;
    return -1;
}

/* A client that speaks other protocols only is told so (RFC 7301, section 3.2). */
static int alpn_select(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                       const unsigned char *offered, unsigned int offered_len, void *context)
{
    (void)ssl;
    (void)context;
    struct str wanted = STR("http/1.1");
    for (unsigned int i = 0; i < offered_len;) {
        unsigned int len = offered[i];
        if (len > offered_len - i - 1) {
            break;
        }
        if (str_eq(str_of(offered + i + 1, len), wanted)) {
            *out = offered + i + 1;
            *out_len = (unsigned char)len;
            return SSL_TLSEXT_ERR_OK;
        }
        i += len + 1;
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static enum status tls_error(struct error *err, const char *file, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    (void)error_set(err, STATUS_INVALID, file, "%s %s: %s.", what, file,
                    reason == NULL ? "unknown error" : reason);
    ERR_clear_error();
    return STATUS_INVALID;
}

static enum status files_use(SSL_CTX *context, const char *cert_file, const char *key_file,
                             struct error *err)
{
    if (SSL_CTX_use_certificate_chain_file(context, cert_file) != 1) {
        return tls_error(err, cert_file, "Cannot read a certificate chain from");
    }
    if (SSL_CTX_use_PrivateKey_file(context, key_file, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
        return tls_error(err, key_file, "Cannot use the private key in");
    }
    return STATUS_OK;
}

static bool protocol_set(SSL_CTX *context)
{
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_RELEASE_BUFFERS |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_default_passwd_cb(context, passphrase_none);
    SSL_CTX_set_alpn_select_cb(context, alpn_select, NULL);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_num_tickets(context, 1) == 1 &&
           SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 &&
           SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1;
}

enum status tls_context_create(struct ssl_ctx_st **out, const char *cert_file, const char *key_file,
                               struct error *err)
{
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL || !protocol_set(context)) {
        SSL_CTX_free(context);
        return tls_error(err, cert_file, "Cannot set TLS up for");
    }
    enum status status = files_use(context, cert_file, key_file, err);
    if (status != STATUS_OK) {
        SSL_CTX_free(context);
        return status;
    }
    *out = context;
    return STATUS_OK;
}

void tls_context_destroy(struct ssl_ctx_st *context)
{
    SSL_CTX_free(context);
}
