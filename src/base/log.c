/* log.c - one write a line, so that lines of many threads never mix.
 *
 * O_NONBLOCK belongs to the open file, which we share with whoever started us and perhaps with a
 * terminal: setting it there would trip the others.  So a pipe or a terminal is opened once more,
 * through /proc, with a flag of its own.  A regular file never makes a writer wait for a reader.
 * What cannot be opened anew, a socket, is asked for room first; only another writer to the same
 * socket could take that room in between. */
#include "base/log.h"

#include "base/buf.h"
#include "base/wallclock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_STEP_MS = 50 };

_Static_assert(LOG_LINE_MAX <= 4096, "PIPE_BUF: a pipe takes a line whole or not at all");

static atomic_int level_least = LOG_INFO;
static atomic_int log_fd = STDERR_FILENO;
static atomic_bool asks_for_room;
static atomic_uint_fast64_t dropped; /* ever */
static atomic_uint_fast64_t untold;  /* of them, those no line has told of yet */

/* What the reader has not taken yet: whole lines. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t has_lines;
    struct buf lines;
    atomic_size_t len; /* of lines, and of what the thread has taken from them and not written */
    pthread_t thread;
    atomic_bool is_running;
    uint64_t until_us; /* 0: for ever; then it gives up */
} backlog = {.lock = PTHREAD_MUTEX_INITIALIZER, .has_lines = PTHREAD_COND_INITIALIZER};

void log_set_level(enum log_level level)
{
    atomic_store(&level_least, (int)level);
}

bool log_takes(enum log_level level)
{
    return (int)level >= atomic_load_explicit(&level_least, memory_order_relaxed);
}

static void drop(uint64_t lines)
{
    (void)atomic_fetch_add_explicit(&dropped, lines, memory_order_relaxed);
    (void)atomic_fetch_add_explicit(&untold, lines, memory_order_relaxed);
}

static bool has_room(int fd, int wait_ms)
{
    struct pollfd ask = {.fd = fd, .events = POLLOUT};
    return poll(&ask, 1, wait_ms) == 1 && ask.revents != 0;
}

/* Write as many whole lines as fit into one write; returns how many bytes are dealt with. */
static size_t lines_write(struct str lines)
{
    size_t len = lines.len < LOG_LINE_MAX ? lines.len : LOG_LINE_MAX;
    while (lines.ptr[len - 1] != '\n') {
        len--;
    }
    int fd = atomic_load_explicit(&log_fd, memory_order_relaxed);
    ssize_t written = has_room(fd, PATIENCE_STEP_MS) ? write(fd, lines.ptr, len) : 0;
    if (written == (ssize_t)len) {
        return len;
    }
    if (written == 0 || errno == EAGAIN || errno == EINTR) {
        return 0;
    }
    for (size_t at = 0; at < len; at++) {
        drop(lines.ptr[at] == '\n' ? 1 : 0);
    }
    return len;
}

/* Write all of `lines`; false if its time is over first. */
static bool backlog_write(struct str lines)
{
    while (lines.len > 0) {
        size_t done = lines_write(lines);
        lines = str_slice(lines, done, lines.len);
        (void)atomic_fetch_sub(&backlog.len, done);
        (void)pthread_mutex_lock(&backlog.lock);
        bool is_over = backlog.until_us != 0 && steady_now_us() >= backlog.until_us;
        (void)pthread_mutex_unlock(&backlog.lock);
        if (is_over && lines.len > 0) {
            return false;
        }
    }
    return true;
}

static void *backlog_run(void *ignored)
{
    bool goes_on = true;
    (void)ignored;
    while (goes_on) {
        struct buf taken;
        (void)pthread_mutex_lock(&backlog.lock);
        while (backlog.lines.len == 0 && backlog.until_us == 0) {
            (void)pthread_cond_wait(&backlog.has_lines, &backlog.lock);
        }
        taken = backlog.lines;
        buf_init(&backlog.lines, LOG_BACKLOG_MAX);
        (void)pthread_mutex_unlock(&backlog.lock);
        goes_on = taken.len > 0 && backlog_write(buf_str(&taken));
        buf_finish(&taken);
    }
    return NULL;
}

/* False: it is full. */
static bool backlog_append(struct str line)
{
    (void)pthread_mutex_lock(&backlog.lock);
    bool is_kept = atomic_load(&backlog.len) + line.len <= LOG_BACKLOG_MAX;
    if (is_kept) {
        buf_append(&backlog.lines, line);
        is_kept = !buf_failed(&backlog.lines);
        backlog.lines.failed = false;
    }
    if (is_kept) {
        (void)atomic_fetch_add(&backlog.len, line.len);
        (void)pthread_cond_signal(&backlog.has_lines);
    }
    (void)pthread_mutex_unlock(&backlog.lock);
    return is_kept;
}

/* Signals belong to the thread that waits for them. */
static bool backlog_start(void)
{
    sigset_t all;
    sigset_t before;
    buf_init(&backlog.lines, LOG_BACKLOG_MAX);
    backlog.until_us = 0;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int code = pthread_create(&backlog.thread, NULL, backlog_run, NULL);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code == 0;
}

void log_never_wait(void)
{
    struct stat what;
    if (fstat(STDERR_FILENO, &what) != 0 || S_ISREG(what.st_mode)) {
        return;
    }
    int fd = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    atomic_store(&asks_for_room, fd < 0);
    if (fd >= 0) {
        atomic_store(&log_fd, fd);
    }
    atomic_store(&backlog.is_running, backlog_start());
}

void log_finish(unsigned patience_ms)
{
    if (!atomic_exchange(&backlog.is_running, false)) {
        return;
    }
    (void)pthread_mutex_lock(&backlog.lock);
    backlog.until_us = steady_now_us() + (uint64_t)patience_ms * 1000;
    (void)pthread_cond_signal(&backlog.has_lines);
    (void)pthread_mutex_unlock(&backlog.lock);
    (void)pthread_join(backlog.thread, NULL);
    (void)pthread_mutex_lock(&backlog.lock);
    buf_finish(&backlog.lines);
    atomic_store(&backlog.len, 0);
    (void)pthread_mutex_unlock(&backlog.lock);
    int fd = atomic_exchange(&log_fd, STDERR_FILENO);
    if (fd != STDERR_FILENO) {
        (void)close(fd);
    }
}

uint64_t log_dropped(void)
{
    return atomic_load_explicit(&dropped, memory_order_relaxed);
}

static bool is_plain(char c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/* Anything that is not plain ASCII is escaped byte by byte: a log line is always valid JSON, even
 * when what it quotes is not valid UTF-8. */
static void append_escaped(struct buf *line, struct str text)
{
    size_t end = line->len + LOG_TEXT_MAX;
    for (size_t i = 0; i < text.len && line->len < end;) {
        size_t from = i;
        size_t room = end - line->len;
        while (i < text.len && i - from < room && is_plain(text.ptr[i])) {
            i++;
        }
        buf_append(line, str_slice(text, from, i));
        if (i < text.len && line->len < end) {
            unsigned char c = (unsigned char)text.ptr[i++];
            if (c == '"' || c == '\\') {
                buf_append_byte(line, '\\');
                buf_append_byte(line, (char)c);
            } else {
                buf_printf(line, "\\u%04x", c);
            }
        }
        if (line->failed) {
            return;
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

/* A log that cannot be written is not worth dying for. */
static bool line_write(struct str line)
{
    int fd = atomic_load_explicit(&log_fd, memory_order_relaxed);
    if (!atomic_load_explicit(&backlog.is_running, memory_order_relaxed)) {
        return write(fd, line.ptr, line.len) == (ssize_t)line.len;
    }
    bool is_free = atomic_load(&backlog.len) == 0 &&
                   (!atomic_load_explicit(&asks_for_room, memory_order_relaxed) || has_room(fd, 0));
    if (!is_free) {
        return backlog_append(line);
    }
    ssize_t written = write(fd, line.ptr, line.len);
    return written == (ssize_t)line.len || (written < 0 && errno == EAGAIN && backlog_append(line));
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
    buf_append(line, STR(",\""));
    buf_append_text(line, field->name);
    buf_append(line, STR("\":"));
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
    if (!log_takes(level)) {
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
        drop(1);
    }
    buf_finish(&line);
}
