/* certificate.h - a self-signed certificate for loopback, so that nobody starts without TLS. */
#ifndef HTTP_CERTIFICATE_H
#define HTTP_CERTIFICATE_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum { CERTIFICATE_DAYS = 365 };

/* Are the two there, do they belong together, and is now_ms in their time?  A certificate_make()
 * that was killed between its two files leaves a pair that is none. */
bool certificate_is_usable(const char *cert_file, const char *key_file, int64_t now_ms);
/* Write a P-256 key (mode 0600) and a certificate for localhost, 127.0.0.1 and ::1, valid from
 * now_ms for CERTIFICATE_DAYS.  Each file is replaced whole or not at all. */
enum status certificate_make(const char *cert_file, const char *key_file, int64_t now_ms,
                             struct error *err) MUST_USE;

#endif
