/* source.h - rows of a file of any length, one at a time, in constant memory.
 *
 * A row is a line, or a record of a CSV table, whose quoted fields may hold line ends.  Rows of
 * nothing but blanks are passed over.  A row that is too long, or a quoted field that is never
 * closed, is one bad row: what follows it is read as if nothing had been.
 *
 * Memory: owns its buffer; a row borrows from it until the next one is read. */
#ifndef BATCH_SOURCE_H
#define BATCH_SOURCE_H

#include "base/status.h"
#include "wire/decision_request.h"

enum batch_format { BATCH_NDJSON, BATCH_CSV };

/* A row, its line end not counted. */
enum { BATCH_ROW_LEN_MAX = DECISION_REQUEST_LEN_MAX };

enum row_fault { ROW_SOUND, ROW_TOO_LONG, ROW_UNCLOSED };

struct row {
    struct str text;
    uint64_t number; /* from 1, rows alone */
    uint64_t line;   /* of its first byte, from 1 */
    enum row_fault fault;
};

struct source {
    int fd;
    const char *path;
    enum batch_format format;
    char separator; /* of a table: a quote opens a field only behind it */
    char *bytes;
    size_t start, end; /* what is read and not yet given */
    bool is_eof;
    uint64_t line, rows;
    uint64_t consumed; /* bytes given or passed over */
};

/* `path` "-" is standard input. */
enum status source_open(struct source *out, const char *path, enum batch_format format,
                        struct error *err) MUST_USE;
/* *has_row is false at the end. */
enum status source_next(struct row *out, bool *has_row, struct source *source,
                        struct error *err) MUST_USE;
void source_close(struct source *source); /* accepts a zeroed one */

#endif
