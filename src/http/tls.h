/* tls.h - what a server shows and asks for: TLS 1.3, or 1.2 with ECDHE and an AEAD cipher.
 *
 * No compression, no renegotiation, no early data, no protocol but ours by ALPN.  An identity is
 * read from its files as a whole or not at all, and replaced as a whole when the certificate is
 * renewed; connections that stand keep the one they began with.
 *
 * An identity has a context for each kind of listener.  A MUTUAL one lets in only clients whose
 * certificate a given authority has signed for client use, and gives them no session tickets: each
 * connection proves its key anew, so that a revoked certificate is refused from the moment on that
 * the new list is read. */
#ifndef HTTP_TLS_H
#define HTTP_TLS_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

struct ssl_st;
struct ssl_ctx_st;
struct ticket_keys;

enum tls_kind { TLS_ONE_SIDED, TLS_MUTUAL, TLS_KIND_COUNT };

enum { TLS_SHA256_HEX_LEN = 64, TLS_X5T_LEN = 43 };

struct tls_files {
    const char *cert;       /* PEM: the certificate, then its chain */
    const char *key;        /* PEM, without passphrase, closed to others */
    const char *client_ca;  /* PEM; NULL: no mutual listener */
    const char *client_crl; /* PEM: a list of each authority of the chain; NULL: none is asked */
};

struct tls_identity {
    struct ssl_ctx_st *contexts[TLS_KIND_COUNT]; /* NULL: not to be had */
    int64_t expires_ms;                          /* notAfter of the certificate */
    char sha256[TLS_SHA256_HEX_LEN + 1];         /* of the certificate, as openssl shows it */
};

/* Read the files and make contexts of them.  Refused: a pair that does not match, is out of its
 * time at now_ms, or whose key others may read; a revocation list that is out of date.  Never asks
 * for a passphrase.  `tickets` outlives every connection made with it. */
enum status tls_identity_read(struct tls_identity *out, const struct tls_files *files,
                              struct ticket_keys *tickets, int64_t now_ms,
                              struct error *err) MUST_USE;
void tls_identity_finish(struct tls_identity *identity); /* accepts a zeroed one */

/* The client's certificate of an established connection: its SHA-256 as base64url (x5t#S256 of RFC
 * 8705) and its subject (RFC 2253, cut to size).  Both "" if it showed none. */
void tls_client_read(struct ssl_st *ssl, char x5t[TLS_X5T_LEN + 1], char *subject, size_t size);

#endif
