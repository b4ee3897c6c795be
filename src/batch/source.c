/* source.c - find where a row ends in a window that slides over the file. */
#include "batch/source.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Room for the longest row and its line end, and as much again to read into. */
enum { WINDOW_LEN = 2 * (BATCH_ROW_LEN_MAX + 2) };

enum status source_open(struct source *out, const char *path, enum batch_format format,
                        struct error *err)
{
    bool is_standard = strcmp(path, "-") == 0;
    *out = (struct source){.fd = STDIN_FILENO, .path = path, .format = format, .separator = ','};
    out->fd = is_standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (out->fd < 0) {
        return error_set(err, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO, path,
                         "cannot be read: %s", strerror(errno));
    }
    out->bytes = malloc(WINDOW_LEN);
    if (out->bytes == NULL) {
        memory_refused();
        return error_set(err, STATUS_TOO_LARGE, "", "no memory to read into");
    }
    out->line = 1;
    return STATUS_OK;
}

void source_close(struct source *source)
{
    if (source->bytes != NULL && source->fd > STDERR_FILENO) {
        (void)close(source->fd);
    }
    free(source->bytes);
    *source = (struct source){0};
}

/* Read more behind what is there; is_eof when there is no more. */
static enum status fill(struct source *s, struct error *err)
{
    memmove(s->bytes, s->bytes + s->start, s->end - s->start);
    s->end -= s->start;
    s->start = 0;
    for (;;) {
        ssize_t got = read(s->fd, s->bytes + s->end, WINDOW_LEN - s->end);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return error_set(err, STATUS_IO, s->path, "reading failed: %s", strerror(errno));
        }
        s->end += (size_t)got;
        s->is_eof = got == 0;
        return STATUS_OK;
    }
}

/* Where in a record the reader is. */
struct scan {
    size_t at; /* from source->start */
    bool is_quoted, is_field_start, has_ended;
};

/* Go on until the line end that ends the record, or the end of what is there. */
static void scan_record(struct scan *scan, const struct source *s)
{
    const char *bytes = s->bytes + s->start;
    size_t len = s->end - s->start;
    bool is_table = s->format == BATCH_CSV;
    if (!is_table) {
        const char *end = memchr(bytes + scan->at, '\n', len - scan->at);
        scan->has_ended = end != NULL;
        scan->at = end == NULL ? len : (size_t)(end - bytes);
        return;
    }
    for (; scan->at < len && !scan->has_ended; scan->at++) {
        char c = bytes[scan->at];
        if (scan->is_quoted) {
            /* A doubled quote closes and opens: the second one finds a field's start. */
            scan->is_quoted = c != '"';
            scan->is_field_start = c == '"';
        } else if (c == '"' && scan->is_field_start) {
            scan->is_quoted = true;
        } else if (c == '\n') {
            scan->has_ended = true;
            return;
        } else {
            scan->is_field_start = c == s->separator;
        }
    }
}

/* Give `len` bytes, and pass over them and `skipped` more. */
static void give(struct row *out, struct source *s, size_t len, size_t skipped,
                 enum row_fault fault)
{
    *out = (struct row){.text = str_of(s->bytes + s->start, len), .line = s->line, .fault = fault};
    const char *at = s->bytes + s->start, *end = at + len + skipped;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        s->line++;
        at++;
    }
    s->start += len + skipped;
    s->consumed += len + skipped;
    if (out->text.len > 0 && out->text.ptr[out->text.len - 1] == '\r') {
        out->text.len--;
    }
}

/* Pass over the rest of a line that is too long. */
static enum status pass_line(struct source *s, struct error *err)
{
    for (;;) {
        const char *end = memchr(s->bytes + s->start, '\n', s->end - s->start);
        size_t len = end == NULL ? s->end - s->start : (size_t)(end - s->bytes) - s->start + 1;
        s->start += len;
        s->consumed += len;
        s->line += end == NULL ? 0 : 1;
        if (end != NULL || s->is_eof) {
            return STATUS_OK;
        }
        TRY(fill(s, err));
    }
}

/* A quote that is not closed within a row's length, or by the end: the row is its first line. */
static enum status give_unclosed(struct row *out, struct source *s, struct error *err)
{
    const char *bytes = s->bytes + s->start;
    size_t len = s->end - s->start;
    const char *end = memchr(bytes, '\n', len);
    if (end == NULL && !s->is_eof) {
        give(out, s, 0, 0, ROW_TOO_LONG);
        return pass_line(s, err);
    }
    size_t line_len = end == NULL ? len : (size_t)(end - bytes);
    give(out, s, line_len, end == NULL ? 0 : 1, ROW_UNCLOSED);
    return STATUS_OK;
}

static enum status read_record(struct row *out, struct source *s, struct error *err)
{
    struct scan scan = {.is_field_start = true};
    for (;;) {
        scan_record(&scan, s);
        bool is_long = scan.at > BATCH_ROW_LEN_MAX + (scan.has_ended ? 1U : 0U);
        /* The carriage return of a line end is no part of the row. */
        if (scan.has_ended && scan.at == BATCH_ROW_LEN_MAX + 1) {
            is_long = s->bytes[s->start + scan.at - 1] != '\r';
        }
        if (is_long && scan.is_quoted) {
            return give_unclosed(out, s, err);
        }
        if (is_long) {
            give(out, s, 0, 0, ROW_TOO_LONG);
            return pass_line(s, err);
        }
        if (scan.has_ended) {
            give(out, s, scan.at, 1, ROW_SOUND);
            return STATUS_OK;
        }
        if (s->is_eof && scan.is_quoted) {
            return give_unclosed(out, s, err);
        }
        if (s->is_eof) {
            give(out, s, scan.at, 0, ROW_SOUND);
            return STATUS_OK;
        }
        TRY(fill(s, err));
    }
}

static bool is_blank(const struct row *row)
{
    for (size_t i = 0; i < row->text.len; i++) {
        if (strchr(" \t\r", row->text.ptr[i]) == NULL) {
            return false;
        }
    }
    return row->fault == ROW_SOUND;
}

enum status source_next(struct row *out, bool *has_row, struct source *source, struct error *err)
{
    *has_row = false;
    for (;;) {
        if (source->start == source->end && !source->is_eof) {
            TRY(fill(source, err));
        }
        if (source->start == source->end && source->is_eof) {
            return STATUS_OK;
        }
        TRY(read_record(out, source, err));
        if (!is_blank(out)) {
            break;
        }
    }
    *has_row = true;
    out->number = ++source->rows;
    return STATUS_OK;
}
