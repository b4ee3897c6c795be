/* tls.h - the one TLS context of a server: TLS 1.3, or 1.2 with ECDHE and an AEAD cipher.
 *
 * No compression, no renegotiation, no protocol but http/1.1 by ALPN.  The context is replaced as a
 * whole when the certificate is renewed; connections that stand keep the one they began with. */
#ifndef HTTP_TLS_H
#define HTTP_TLS_H

#include "base/status.h"

struct ssl_ctx_st;

/* Read the chain and the key and make a context of them.  Never asks for a passphrase. */
enum status tls_context_create(struct ssl_ctx_st **out, const char *cert_file, const char *key_file,
                               struct error *err) MUST_USE;
void tls_context_destroy(struct ssl_ctx_st *context);

#endif
