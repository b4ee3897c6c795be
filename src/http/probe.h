/* probe.h - one request to a server of ours, from outside: what the demonstration and the doctor
 * need.
 *
 * Blocking, each step for at most PROBE_TIMEOUT_S; TLS with the certificate verified, one answer,
 * no redirects.  It is not the client for the world: that one is guarded and does not dial
 * loopback. */
#ifndef HTTP_PROBE_H
#define HTTP_PROBE_H

#include "base/buf.h"
#include "base/status.h"

#include <stdint.h>

enum { PROBE_TIMEOUT_S = 10 };

struct probe {
    const char *address; /* "127.0.0.1", or a name, which the certificate must be for */
    uint16_t port;
    const char *ca_file; /* PEM; "": those that the system trusts; NULL: plain HTTP */
    const char *method;
    const char *path;
    struct str head; /* further header lines, each ending in CRLF */
    struct str body;
};

struct probe_answer {
    int status;
    int64_t date_ms; /* of its header Date; 0: it has none */
};

/* Send, and read the answer's body.  The caller finishes `reply`. */
enum status probe_ask(const struct probe *probe, struct probe_answer *answer, struct buf *reply,
                      struct error *err) MUST_USE;
/* The same, for whoever wants the status alone. */
enum status probe_send(const struct probe *probe, int *http_status, struct buf *reply,
                       struct error *err) MUST_USE;

#endif
