/* log.h - one JSON line an event, on standard error.
 *
 * Layers that return an error do not log it; the boundary that answers does, once, with the request
 * id.  Values are escaped; secrets have no printer. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/str.h"

#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_field {
    const char *name;
    struct str text; /* used when ptr is not NULL */
    int64_t number;
};

/* clang-format off */
#define LOG_TEXT(name, value)   ((struct log_field){(name), (value), 0})
#define LOG_NUMBER(name, value) ((struct log_field){(name), {NULL, 0}, (value)})
/* clang-format on */

void log_set_level(enum log_level level);
void log_write(enum log_level level, const char *event, const struct log_field *fields,
               size_t count);
#define LOG(level, event, ...)                                                                     \
    log_write((level), (event), (const struct log_field[]){__VA_ARGS__},                           \
              sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))

#endif
