/* log.c - one write a line, so that lines of many threads never mix. */
#include "base/log.h"

#include "base/buf.h"

#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

enum { LOG_LINE_MAX = 8 * 1024 };

static atomic_int level_least = LOG_INFO;

void log_set_level(enum log_level level)
{
    atomic_store(&level_least, (int)level);
}

/* Anything that is not plain ASCII is escaped byte by byte: a log line is always valid JSON, even
 * when what it quotes is not valid UTF-8. */
static void append_escaped(struct buf *line, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\') {
            buf_append_byte(line, '\\');
            buf_append_byte(line, (char)c);
        } else if (c < 0x20 || c >= 0x7F) {
            buf_printf(line, "\\u%04x", c);
        } else {
            buf_append_byte(line, (char)c);
        }
    }
}

static void append_time(struct buf *line)
{
    struct timespec now;
    struct tm parts;
    if (clock_gettime(CLOCK_REALTIME, &now) == 0 && gmtime_r(&now.tv_sec, &parts) != NULL) {
        buf_printf(line, "\"time\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ\"", parts.tm_year + 1900,
                   parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                   now.tv_nsec / 1000000);
    }
}

void log_write(enum log_level level, const char *event, const struct log_field *fields,
               size_t count)
{
    static const char *const names[] = {
        [LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error"};
    if ((int)level < atomic_load_explicit(&level_least, memory_order_relaxed)) {
        return;
    }
    struct buf line;
    buf_init(&line, LOG_LINE_MAX);
    buf_append_byte(&line, '{');
    append_time(&line);
    buf_printf(&line, ",\"level\":\"%s\",\"event\":\"%s\"", names[level], event);
    for (size_t i = 0; i < count; i++) {
        buf_printf(&line, ",\"%s\":", fields[i].name);
        if (fields[i].text.ptr == NULL) {
            buf_append_int(&line, fields[i].number);
            continue;
        }
        struct str text = fields[i].text;
        buf_append_byte(&line, '"');
        append_escaped(&line, str_slice(text, 0, text.len > 512 ? 512 : text.len));
        buf_append_byte(&line, '"');
    }
    buf_append_text(&line, "}\n");
    if (!buf_failed(&line)) {
        /* A log that cannot be written is not worth dying for. */
        ssize_t written = write(STDERR_FILENO, line.ptr, line.len);
        (void)written;
    }
    buf_finish(&line);
}
