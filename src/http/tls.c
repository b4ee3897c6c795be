/* tls.c - what we offer, and the files it stands on. */
#include "http/tls.h"

#include "base/buf.h"
#include "base/defect.h"
#include "crypto/digest.h"
#include "format/base64.h"
#include "format/iso8601.h"
#include "http/ticket.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static int passphrase_none(char *out, int size, int is_writing, void *context)
{
    (void)out;
    (void)size;
    (void)is_writing;
    (void)context;
    return -1;
}

/* Our choice, best first; a client that speaks other protocols only is told so (RFC 7301, section
 * 3.2). */
static int alpn_select(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                       const unsigned char *offered, unsigned int offered_len, void *context)
{
    static const unsigned char ours[] = "\x02h2\x08http/1.1";
    unsigned char *chosen = NULL;
    (void)ssl;
    (void)context;
    if (SSL_select_next_proto(&chosen, out_len, ours, sizeof ours - 1, offered, offered_len) !=
        OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static int ticket_use(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
                      EVP_MAC_CTX *mac, int is_sealing)
{
    struct ticket_keys *keys = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    return is_sealing != 0 ? (int)ticket_seal(keys, name, iv, cipher, mac)
                           : (int)ticket_open(keys, name, iv, cipher, mac);
}

/* The first error is the cause; those behind it only name the layers it went through. */
static const char *tls_reason(void)
{
    unsigned long code = ERR_peek_error();
    if (ERR_SYSTEM_ERROR(code)) {
        return strerror(ERR_GET_REASON(code));
    }
    if (ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE) {
        return "nothing of that kind is in it";
    }
    const char *reason = ERR_reason_error_string(code);
    return reason == NULL ? "unknown error" : reason;
}

static enum status tls_error(struct error *err, const char *file, const char *what)
{
    (void)error_set(err, STATUS_INVALID, file, "%s %s: %s.", what, file, tls_reason());
    ERR_clear_error();
    return STATUS_INVALID;
}

static void file_close(FILE **file)
{
    if (*file != NULL) {
        (void)fclose(*file);
    }
}

static void key_free(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

/* The group may read it, as Debian's ssl-cert and secrets of containers have it. */
static enum status key_read(EVP_PKEY **out, const char *path, struct error *err)
{
    struct stat about;
    CLEANUP(file_close) FILE *file = fopen(path, "re");
    if (file == NULL || fstat(fileno(file), &about) != 0) {
        return error_set(err, STATUS_INVALID, path, "Cannot read the private key in %s: %s.", path,
                         strerror(errno));
    }
    if ((about.st_mode & (S_IRWXO | S_IWGRP)) != 0) {
        return error_set(err, STATUS_INVALID, path,
                         "Others can get at the private key in %s; run: chmod 600 %s.", path, path);
    }
    *out = PEM_read_PrivateKey(file, NULL, passphrase_none, NULL);
    return *out == NULL ? tls_error(err, path, "Cannot use the private key in") : STATUS_OK;
}

static enum status pair_use(SSL_CTX *context, const struct tls_files *files, struct error *err)
{
    CLEANUP(key_free) EVP_PKEY *key = NULL;
    if (SSL_CTX_use_certificate_chain_file(context, files->cert) != 1) {
        return tls_error(err, files->cert, "Cannot read a certificate chain from");
    }
    TRY(key_read(&key, files->key, err));
    if (X509_check_private_key(SSL_CTX_get0_certificate(context), key) != 1) {
        ERR_clear_error();
        return error_set(err, STATUS_INVALID, files->key,
                         "The private key in %s is not that of the certificate in %s; give the two "
                         "that belong together.",
                         files->key, files->cert);
    }
    if (SSL_CTX_use_PrivateKey(context, key) != 1) {
        return tls_error(err, files->key, "Cannot use the private key in");
    }
    return STATUS_OK;
}

static int64_t time_ms(const ASN1_TIME *time)
{
    struct tm parts;
    return ASN1_TIME_to_tm(time, &parts) == 1 ? (int64_t)timegm(&parts) * 1000 : 0;
}

static enum status time_error(struct error *err, const char *file, const char *what,
                              int64_t limit_ms, const char *remedy)
{
    struct buf limit;
    buf_init(&limit, 64);
    timestamp_write(&limit, limit_ms);
    (void)error_set(err, STATUS_INVALID, file, "%s %s %.*s; %s.", file, what,
                    STR_ARGS(buf_str(&limit)), remedy);
    buf_finish(&limit);
    return STATUS_INVALID;
}

static enum status times_check(const X509 *cert, const char *file, int64_t now_ms,
                               struct error *err)
{
    int64_t from_ms = time_ms(X509_get0_notBefore(cert));
    int64_t until_ms = time_ms(X509_get0_notAfter(cert));
    if (until_ms <= now_ms) {
        return time_error(err, file, "holds a certificate that expired at", until_ms,
                          "put a renewed one there");
    }
    if (from_ms > now_ms) {
        return time_error(err, file, "holds a certificate that is not valid before", from_ms,
                          "look at the clock of this machine");
    }
    return STATUS_OK;
}

static void identity_describe(struct tls_identity *out, const X509 *cert)
{
    struct digest digest = {{0}};
    unsigned len = 0;
    CHECK(X509_digest(cert, EVP_sha256(), digest.bytes, &len) == 1);
    digest_hex(out->sha256, &digest);
    out->expires_ms = time_ms(X509_get0_notAfter(cert));
}

/* Both kinds of context. */
static bool protocol_set(SSL_CTX *context)
{
    const char *ciphers = DEFECT(WEAK_TLS) ? "ECDHE" : "ECDHE+AESGCM:ECDHE+CHACHA20";
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_RELEASE_BUFFERS |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_security_level(context, 2); /* 112 bits; whatever the machine's openssl.cnf says */
    SSL_CTX_set_default_passwd_cb(context, passphrase_none);
    SSL_CTX_set_alpn_select_cb(context, alpn_select, NULL);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, ciphers) == 1 &&
           SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1;
}

static bool tickets_set(SSL_CTX *context, struct ticket_keys *tickets)
{
    SSL_CTX_set_app_data(context, tickets);
    (void)SSL_CTX_set_timeout(context, TICKET_LIFE_S);
    return SSL_CTX_set_num_tickets(context, 1) == 1 &&
           SSL_CTX_set_tlsext_ticket_key_evp_cb(context, ticket_use) == 1;
}

static enum status crl_times_check(X509_STORE *store, const char *file, int64_t now_ms,
                                   struct error *err)
{
    const STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(store);
    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++) {
        const X509_CRL *crl = X509_OBJECT_get0_X509_CRL(sk_X509_OBJECT_value(objects, i));
        const ASN1_TIME *next = crl == NULL ? NULL : X509_CRL_get0_nextUpdate(crl);
        if (next != NULL && time_ms(next) <= now_ms) {
            return time_error(err, file, "holds a revocation list that was due to be replaced at",
                              time_ms(next), "fetch the authority's newest one");
        }
    }
    return STATUS_OK;
}

static enum status crl_use(X509_STORE *store, const char *file, int64_t now_ms, struct error *err)
{
    X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
    if (lookup == NULL || X509_load_crl_file(lookup, file, X509_FILETYPE_PEM) < 1 ||
        X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL) != 1) {
        return tls_error(err, file, "Cannot read a revocation list from");
    }
    return crl_times_check(store, file, now_ms, err);
}

/* A server asks for certificates made for clients: OpenSSL checks the purpose by itself. */
static enum status clients_require(SSL_CTX *context, const struct tls_files *files, int64_t now_ms,
                                   struct error *err)
{
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(files->client_ca);
    SSL_CTX_set_client_CA_list(context, names); /* takes them; what a client is told to choose by */
    if (names == NULL || SSL_CTX_load_verify_file(context, files->client_ca) != 1) {
        return tls_error(err, files->client_ca, "Cannot read client authorities from");
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    if (SSL_CTX_set_num_tickets(context, 0) != 1) {
        return tls_error(err, files->client_ca, "Cannot set TLS up for");
    }
    return files->client_crl == NULL
               ? STATUS_OK
               : crl_use(SSL_CTX_get_cert_store(context), files->client_crl, now_ms, err);
}

static enum status context_read(SSL_CTX **out, enum tls_kind kind, const struct tls_files *files,
                                struct ticket_keys *tickets, int64_t now_ms, struct error *err)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    *out = context;
    if (context == NULL || !protocol_set(context)) {
        return tls_error(err, files->cert, "Cannot set TLS up for");
    }
    TRY(pair_use(context, files, err));
    TRY(times_check(SSL_CTX_get0_certificate(context), files->cert, now_ms, err));
    if (kind == TLS_MUTUAL) {
        return clients_require(context, files, now_ms, err);
    }
    return tickets_set(context, tickets) ? STATUS_OK
                                         : tls_error(err, files->cert, "Cannot set TLS up for");
}

enum status tls_identity_read(struct tls_identity *out, const struct tls_files *files,
                              struct ticket_keys *tickets, int64_t now_ms, struct error *err)
{
    struct tls_identity fresh = {{NULL}, 0, ""};
    ERR_clear_error();
    enum status status =
        context_read(&fresh.contexts[TLS_ONE_SIDED], TLS_ONE_SIDED, files, tickets, now_ms, err);
    if (status == STATUS_OK && files->client_ca != NULL) {
        status = context_read(&fresh.contexts[TLS_MUTUAL], TLS_MUTUAL, files, tickets, now_ms, err);
    }
    if (status != STATUS_OK) {
        tls_identity_finish(&fresh);
        return status;
    }
    identity_describe(&fresh, SSL_CTX_get0_certificate(fresh.contexts[TLS_ONE_SIDED]));
    *out = fresh;
    return STATUS_OK;
}

void tls_identity_finish(struct tls_identity *identity)
{
    for (size_t kind = 0; kind < TLS_KIND_COUNT; kind++) {
        SSL_CTX_free(identity->contexts[kind]);
    }
    *identity = (struct tls_identity){{NULL}, 0, ""};
}

static void x5t_write(char x5t[TLS_X5T_LEN + 1], const X509 *cert)
{
    struct digest digest = {{0}};
    struct buf text;
    unsigned len = 0;
    buf_init(&text, 64);
    if (X509_digest(cert, EVP_sha256(), digest.bytes, &len) == 1) {
        base64url_write(&text, digest_str(&digest));
    }
    if (text.len == TLS_X5T_LEN) {
        memcpy(x5t, text.ptr, TLS_X5T_LEN);
        x5t[TLS_X5T_LEN] = '\0';
    }
    buf_finish(&text);
}

static void subject_write(char *subject, size_t size, const X509 *cert)
{
    BIO *text = BIO_new(BIO_s_mem());
    if (text != NULL &&
        X509_NAME_print_ex(text, X509_get_subject_name(cert), 0, XN_FLAG_RFC2253) > 0) {
        int len = BIO_read(text, subject, (int)size - 1);
        subject[len < 0 ? 0 : len] = '\0';
    }
    BIO_free(text);
}

void tls_client_read(SSL *ssl, char x5t[TLS_X5T_LEN + 1], char *subject, size_t size)
{
    const X509 *cert = SSL_get0_peer_certificate(ssl);
    x5t[0] = '\0';
    subject[0] = '\0';
    if (cert != NULL) {
        x5t_write(x5t, cert);
        subject_write(subject, size, cert);
    }
}
