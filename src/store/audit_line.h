/* audit_line.h - the export of the audit log: one record a line, one spelling of each.
 *
 * docs/AUDIT.md describes the lines.  The reader takes exactly what the writer writes; it keeps no
 * line, so a log of any length verifies in constant memory. */
#ifndef STORE_AUDIT_LINE_H
#define STORE_AUDIT_LINE_H

#include "store/audit_check.h"

enum { AUDIT_LINE_MAX = 16 * 1024 * 1024 };

void audit_line_log(struct buf *out);
void audit_line_epoch(struct buf *out, const struct chain_place *place);
void audit_line_entry(struct buf *out, const struct chain_entry *entry,
                      const struct audit_evidence *evidence);
void audit_line_commit(struct buf *out, const struct chain_commit *commit);
void audit_line_checkpoint(struct buf *out, const struct chain_checkpoint *checkpoint);
void audit_line_end(struct buf *out, const struct verify_report *counts);

/* Reads lines, without their newline, into an audit_check. */
struct audit_reader {
    struct audit_check check;
    uint64_t line; /* of the one being read, from 1 */
    bool has_begun, has_ended;
    struct buf payload;
};

void audit_reader_init(struct audit_reader *reader);
void audit_reader_finish(struct audit_reader *reader);
/* false: the report says what is wrong, and nothing else has changed. */
bool audit_reader_line(struct audit_reader *reader, struct str line) MUST_USE;
void audit_reader_end(struct audit_reader *reader); /* there are no more lines */

#endif
