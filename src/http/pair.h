/* pair.h - what a certificate and its key are, in figures: for whoever looks after them.
 *
 * The server itself reads them by tls.h and says no; this says what is there. */
#ifndef HTTP_PAIR_H
#define HTTP_PAIR_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct pair_report {
    char subject[128];
    int64_t starts_ms, expires_ms;
    unsigned chain_count;  /* certificates behind the first */
    unsigned out_of_order; /* place in the file, from 2, of the first that did not issue the one
                              before it; 0: all did */
    bool is_self_signed;
    bool is_matching;  /* the key is this certificate's */
    unsigned key_mode; /* as in stat(2) */
};

/* NOT_FOUND, IO: a file cannot be read; INVALID: it is no certificate or no key. */
enum status pair_examine(struct pair_report *out, const char *cert_file, const char *key_file,
                         struct error *err) MUST_USE;

#endif
