/* probe.h - one request to a server of ours, from outside: what the demonstration and the doctor
 * need.
 *
 * Blocking, TLS with the certificate verified against one file, one answer, no redirects.  It is
 * not the client for the world: that one is guarded and does not dial loopback. */
#ifndef HTTP_PROBE_H
#define HTTP_PROBE_H

#include "base/buf.h"
#include "base/status.h"

#include <stdint.h>

struct probe {
    const char *address; /* "127.0.0.1" */
    uint16_t port;
    const char *ca_file; /* PEM; NULL: plain HTTP */
    const char *method;
    const char *path;
    struct str head; /* further header lines, each ending in CRLF */
    struct str body;
};

/* Send, and read the answer's status and body.  The caller finishes `reply`. */
enum status probe_send(const struct probe *probe, int *http_status, struct buf *reply,
                       struct error *err) MUST_USE;

#endif
