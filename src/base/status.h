/* status.h - one error type for the whole program.
 *
 * `enum status` says how a call ended, `struct error` what to tell whoever asked.  Both are filled
 * where the failure is found and travel up untouched.  Outputs are written only on success.  A
 * layer that returns an error does not log it. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include "base/check.h"

enum status {
#define STATUS(name, text) STATUS_##name,
#include "base/status.def"
#undef STATUS
    STATUS_COUNT
};

struct error {
    char field[128];   /* JSON pointer, file:line or "" */
    char message[320]; /* one sentence, no secrets, no newline */
};

/* The words of status.def. */
const char *status_text(enum status status);

/* Record the detail and hand the status back: `return error_set(err, STATUS_INVALID, ...)`.
 * `err` may be NULL when nobody wants the detail. */
enum status error_set(struct error *err, enum status status, const char *field, const char *format,
                      ...) PRINTF(4, 5);

/* The only control-flow macro in the tree. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum status try_status_ = (call);                                                          \
        if (try_status_ != STATUS_OK) {                                                            \
            return try_status_;                                                                    \
        }                                                                                          \
    } while (0)

#endif
