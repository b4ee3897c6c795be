/* csv.h - RFC 4180 tables: bytes in, rows out; and rows that no spreadsheet runs as a formula.
 *
 * The reader is total and works on memory: quotes, doubled quotes, CRLF or LF, a UTF-8 BOM skipped,
 * the separator named by the caller.  Fields borrow the text, or the arena where quotes had to
 * go. */
#ifndef FORMAT_CSV_H
#define FORMAT_CSV_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

#include <stdint.h>

enum { CSV_FIELDS_MAX = 512 };

struct csv_reader {
    struct str text;
    size_t at;
    char separator;
    uint32_t line;       /* of the row last read, from 1 */
    uint32_t lines_read; /* that row has, to be added before the next */
};

void csv_reader_init(struct csv_reader *r, struct str text, char separator);
/* Read the next row into `fields` (room for CSV_FIELDS_MAX).  *count is 0 at the end; an empty line
 * is a row of one empty field.  After an error the reader is of no more use.
 *
 * Errors: INVALID with the line (unclosed quote, text behind a quote, too many fields, NUL). */
enum status csv_read_row(struct csv_reader *r, struct str *fields, uint32_t *count,
                         struct arena *arena, struct error *err) MUST_USE;

/* Append one field, quoted where needed; a leading = + - @ TAB CR that is not part of a number gets
 * a quote mark (') before it. */
void csv_write_field(struct buf *out, struct str field, bool is_first);
void csv_write_end(struct buf *out); /* CRLF */

#endif
