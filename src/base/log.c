/* log.c - one write a line, so that lines of many threads never mix.
 *
 * O_NONBLOCK belongs to the open file, which we share with whoever started us and perhaps with a
 * terminal: setting it there would trip the others.  So a pipe or a terminal is opened once more,
 * through /proc, with a flag of its own.  A regular file never makes a writer wait for a reader.
 * What cannot be opened anew, a socket, is asked for room first; only another writer to the same
 * socket could take that room in between. */
#include "base/log.h"

#include "base/buf.h"

#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LOG_PIPE_SIZE = 1024 * 1024 }; /* what a reader may fall behind before lines are dropped */

_Static_assert(LOG_LINE_MAX <= 4096, "PIPE_BUF: a pipe takes a line whole or not at all");

static atomic_int level_least = LOG_INFO;
static atomic_int log_fd = STDERR_FILENO;
static atomic_bool asks_for_room;
static atomic_uint_fast64_t dropped; /* ever */
static atomic_uint_fast64_t untold;  /* of them, those no line has told of yet */

void log_set_level(enum log_level level)
{
    atomic_store(&level_least, (int)level);
}

void log_never_wait(void)
{
    struct stat what;
    if (fstat(STDERR_FILENO, &what) != 0 || S_ISREG(what.st_mode)) {
        return;
    }
    int fd = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        atomic_store(&asks_for_room, true);
        return;
    }
    if (S_ISFIFO(what.st_mode)) {
        /* A wish: a user may be over his share of pipes. */
        (void)fcntl(fd, F_SETPIPE_SZ, LOG_PIPE_SIZE);
    }
    atomic_store(&log_fd, fd);
}

uint64_t log_dropped(void)
{
    return atomic_load_explicit(&dropped, memory_order_relaxed);
}

/* Anything that is not plain ASCII is escaped byte by byte: a log line is always valid JSON, even
 * when what it quotes is not valid UTF-8. */
static void append_escaped(struct buf *line, struct str text)
{
    size_t end = line->len + LOG_TEXT_MAX;
    for (size_t i = 0; i < text.len && line->len < end; i++) {
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

static bool has_room(int fd)
{
    struct pollfd ask = {.fd = fd, .events = POLLOUT};
    return !atomic_load_explicit(&asks_for_room, memory_order_relaxed) ||
           (poll(&ask, 1, 0) == 1 && (ask.revents & POLLOUT) != 0);
}

/* A log that cannot be written is not worth dying for. */
static bool line_write(struct str line)
{
    int fd = atomic_load_explicit(&log_fd, memory_order_relaxed);
    return has_room(fd) && write(fd, line.ptr, line.len) == (ssize_t)line.len;
}

static void event_begin(struct buf *line, enum log_level level, const char *event)
{
    static const char *const names[] = {
        [LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error"};
    buf_append_byte(line, '{');
    append_time(line);
    buf_printf(line, ",\"level\":\"%s\",\"event\":\"%s\"", names[level], event);
}

/* Lines were lost: say how many, in front of the next one that gets through. */
static void tell_dropped(void)
{
    uint64_t lines = atomic_exchange(&untold, 0);
    if (lines == 0) {
        return;
    }
    struct buf line;
    buf_init(&line, LOG_LINE_MAX);
    event_begin(&line, LOG_WARN, "log_lines_dropped");
    buf_append_text(&line, ",\"lines\":");
    buf_append_int(&line, (int64_t)lines);
    buf_append_text(&line, "}\n");
    if (buf_failed(&line) || !line_write(buf_str(&line))) {
        (void)atomic_fetch_add(&untold, lines);
    }
    buf_finish(&line);
}

static void field_append(struct buf *line, const struct log_field *field)
{
    buf_printf(line, ",\"%s\":", field->name);
    if (field->text.ptr == NULL) {
        buf_append_int(line, field->number);
        return;
    }
    buf_append_byte(line, '"');
    append_escaped(line, field->text);
    buf_append_byte(line, '"');
}

void log_write(enum log_level level, const char *event, const struct log_field *fields,
               size_t count)
{
    if ((int)level < atomic_load_explicit(&level_least, memory_order_relaxed)) {
        return;
    }
    if (atomic_load_explicit(&untold, memory_order_relaxed) > 0) {
        tell_dropped();
    }
    struct buf line;
    buf_init(&line, LOG_LINE_MAX);
    event_begin(&line, level, event);
    for (size_t i = 0; i < count; i++) {
        field_append(&line, &fields[i]);
    }
    buf_append_text(&line, "}\n");
    if (buf_failed(&line) || !line_write(buf_str(&line))) {
        (void)atomic_fetch_add_explicit(&dropped, 1, memory_order_relaxed);
        (void)atomic_fetch_add_explicit(&untold, 1, memory_order_relaxed);
    }
    buf_finish(&line);
}
