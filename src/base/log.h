/* log.h - one JSON line an event, on standard error.
 *
 * Layers that return an error do not log it; the boundary that answers does, once, with the request
 * id.  Values are escaped; secrets have no printer.
 *
 * Once log_never_wait() was called, a reader of standard error that falls behind costs nobody time:
 * what does not fit at once is kept, up to LOG_BACKLOG_MAX, and written by a thread when there is
 * room; beyond that lines are dropped and counted, and `log_lines_dropped` tells of them.  A line
 * has at most LOG_LINE_MAX bytes, which a pipe takes whole or not at all: lines of many threads
 * never mix and are never cut. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/str.h"

#include <stdint.h>

enum {
    LOG_LINE_MAX = 4096,
    LOG_TEXT_MAX = 512, /* a longer text is cut */
    LOG_BACKLOG_MAX = 8 * 1024 * 1024,
};

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
bool log_takes(enum log_level level); /* or are its lines left out? */
/* For whoever serves: from now on nobody waits for the reader.  Once, before any other thread. */
void log_never_wait(void);
/* Write what is kept, for at most patience_ms; from now on lines are written at once again. */
void log_finish(unsigned patience_ms);
uint64_t log_dropped(void); /* lines that were not written since the program began */
void log_write(enum log_level level, const char *event, const struct log_field *fields,
               size_t count);
#define LOG(level, event, ...)                                                                     \
    log_write((level), (event), (const struct log_field[]){__VA_ARGS__},                           \
              sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))

#endif
