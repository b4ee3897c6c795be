/* audit_log.c - the export: rows to lines, lines to a verdict. */
#include "store/audit_log.h"

#include "store/audit_line.h"
#include "store/audit_rows.h"

#include <stdlib.h>
#include <string.h>

/* ---- rows to lines ---- */

struct exporting {
    FILE *out;
    struct buf line;
    struct buf unpacked; /* payload of the entry being written */
    struct chain_place at;
    struct verify_report counts;
    const char *fault; /* NULL, or why a row cannot be exported */
};

static bool write_line(struct exporting *ex)
{
    bool is_written =
        !buf_failed(&ex->line) && fwrite(ex->line.ptr, 1, ex->line.len, ex->out) == ex->line.len;
    if (!is_written) {
        ex->fault = "it could not be written";
    }
    buf_clear(&ex->line);
    return is_written;
}

static bool export_entry(struct exporting *ex, const struct db_row *row)
{
    struct chain_entry entry;
    struct audit_evidence evidence;
    ex->fault = audit_entry_of_row(&entry, &evidence, row, &ex->unpacked);
    if (ex->fault == NULL && !str_is_utf8(evidence.payload)) {
        ex->fault = "its payload is not UTF-8";
    }
    if (ex->fault != NULL) {
        return false;
    }
    if (strcmp(ex->at.stream, entry.place.stream) != 0 || ex->at.epoch != entry.place.epoch) {
        audit_line_epoch(&ex->line, &entry.place);
    }
    ex->at = entry.place;
    ex->counts.entries++;
    audit_line_entry(&ex->line, &entry, &evidence);
    return write_line(ex);
}

static bool export_commit(struct exporting *ex, const struct db_row *row)
{
    struct chain_commit commit;
    if (!audit_commit_of_row(&commit, row)) {
        ex->fault = "its commit has not the right form";
        return false;
    }
    ex->counts.commits++;
    audit_line_commit(&ex->line, &commit);
    return write_line(ex);
}

static bool export_checkpoint(struct exporting *ex, const struct db_row *row)
{
    struct chain_checkpoint checkpoint;
    if (!audit_checkpoint_of_row(&checkpoint, row)) {
        ex->fault = "its checkpoint has not the right form";
        return false;
    }
    ex->counts.checkpoints++;
    audit_line_checkpoint(&ex->line, &checkpoint);
    return write_line(ex);
}

static bool each_record(void *context, const struct db_row *row)
{
    switch (audit_record_of(row)) {
    case RECORD_ENTRY: return export_entry(context, row);
    case RECORD_COMMIT: return export_commit(context, row);
    case RECORD_CHECKPOINT: return export_checkpoint(context, row);
    }
    return false;
}

static enum status export_all(struct exporting *ex, struct db *db, struct error *err)
{
    audit_line_log(&ex->line);
    if (write_line(ex)) {
        TRY(db_query(db, STATEMENT_AUDIT_WALK, NULL, 0, each_record, ex, err));
    }
    if (ex->fault == NULL) {
        audit_line_end(&ex->line, &ex->counts);
        (void)write_line(ex);
    }
    if (ferror(ex->out) != 0 || fflush(ex->out) != 0) {
        return error_set(err, STATUS_IO, "", "the export could not be written");
    }
    if (ex->fault != NULL) {
        return error_set(err, STATUS_CORRUPT, "", "behind entry %s %llu/%llu: %s", ex->at.stream,
                         (unsigned long long)ex->at.epoch, (unsigned long long)ex->at.seq,
                         ex->fault);
    }
    return STATUS_OK;
}

enum status audit_export(struct db *db, FILE *out, struct error *err)
{
    struct exporting ex = {.out = out};
    buf_init(&ex.line, AUDIT_LINE_MAX);
    buf_init(&ex.unpacked, AUDIT_LINE_MAX);
    enum status status = export_all(&ex, db, err);
    buf_finish(&ex.line);
    buf_finish(&ex.unpacked);
    return status;
}

/* ---- lines to a verdict ---- */

enum { READ_SIZE = 64 * 1024 };

_Static_assert((int)SIGN_PUBLIC_LEN == (int)DIGEST_LEN, "a public key reads as a digest does");

/* Feed all whole lines of `text`; returns how many bytes they were.  *is_valid is false after a
 * fault. */
static size_t lines_take(struct audit_reader *reader, struct str text, bool *is_valid)
{
    size_t from = 0, to = str_find(text, 0, '\n');
    while (*is_valid && to < text.len) {
        *is_valid = audit_reader_line(reader, str_slice(text, from, to));
        from = to + 1;
        to = str_find(text, from, '\n');
    }
    return from;
}

/* Read to the end or to the first fault.  What stands behind the last newline is no line. */
static enum status lines_read(struct audit_reader *reader, FILE *in, struct buf *text,
                              struct error *err)
{
    bool is_valid = true;
    size_t got = 1;
    while (is_valid && got > 0) {
        char *to = buf_reserve(text, READ_SIZE);
        if (to == NULL) {
            struct chain_place next = audit_check_next(&reader->check);
            (void)audit_fault(&reader->check, &next, "a line is longer than this format allows");
            return STATUS_OK;
        }
        got = fread(to, 1, READ_SIZE, in);
        text->len += got;
        size_t taken = lines_take(reader, buf_str(text), &is_valid);
        memmove(text->ptr, text->ptr + taken, text->len - taken);
        text->len -= taken;
    }
    if (ferror(in) != 0) {
        return error_set(err, STATUS_IO, "", "the export could not be read");
    }
    if (is_valid && text->len > 0) {
        struct chain_place next = audit_check_next(&reader->check);
        (void)audit_fault(&reader->check, &next, "the last line has no end");
    } else if (is_valid) {
        audit_reader_end(reader);
    }
    return STATUS_OK;
}

static enum status verify(struct audit_reader *reader, FILE *in, struct verify_report *report,
                          struct error *err)
{
    struct buf text;
    buf_init(&text, (size_t)2 * AUDIT_LINE_MAX);
    enum status status = lines_read(reader, in, &text, err);
    buf_finish(&text);
    if (status == STATUS_OK) {
        *report = reader->check.report;
    }
    return status;
}

enum status audit_verify_export(FILE *in, const char *public_key_hex, const char *checkpoint_hex,
                                struct verify_report *report, struct error *err)
{
    struct audit_reader *reader = malloc(sizeof *reader);
    if (reader == NULL) {
        return error_set(err, STATUS_IO, "", "no memory to verify with");
    }
    audit_reader_init(reader);
    enum status status = audit_check_pin(&reader->check, public_key_hex, checkpoint_hex, err);
    if (status == STATUS_OK) {
        status = verify(reader, in, report, err);
    }
    audit_reader_finish(reader);
    free(reader);
    return status;
}
