/* audit_rows.h - rows of the audit tables as the chain's structs.
 *
 * What is on disk may have been tampered with: each function says whether the row has the right
 * shape, and the caller judges what it holds. */
#ifndef STORE_AUDIT_ROWS_H
#define STORE_AUDIT_ROWS_H

#include "store/audit_check.h"

bool chain_digest_of(struct digest *out, const struct db_value *column) MUST_USE;
bool chain_id_of(uint8_t out[ID_LEN], const struct db_value *column) MUST_USE;
/* A number of 0 to 2^53 - 1. */
bool chain_number_of(uint64_t *out, const struct db_value *column) MUST_USE;
bool chain_place_of(struct chain_place *out, const struct db_value columns[3]) MUST_USE;
/* Columns: epoch, last_seq, time_ms, head, root, previous, key_id, signature. */
bool chain_checkpoint_of_row(struct chain_checkpoint *out, struct str stream,
                             const struct db_value columns[8]) MUST_USE;

/* Rows of AUDIT_WALK: which record it is, and what it says. */
enum audit_record { RECORD_ENTRY, RECORD_COMMIT, RECORD_CHECKPOINT };

enum {
    WALK_KIND = 5,
    WALK_DECISION_PLACE = 12,
    WALK_DECISION_CREATED = 17,
    WALK_DECISION_COMPANY = 18,
    WALK_DECISION_REFERENCE = 19,
    WALK_DECISION_RECOMMENDATION = 20,
};

enum audit_record audit_record_of(const struct db_row *row);
/* NULL, or what is wrong with the row in a few words.  The evidence borrows from the row, or from
 * `unpacked`, where the payload of a decision goes. */
const char *audit_entry_of_row(struct chain_entry *entry, struct audit_evidence *evidence,
                               const struct db_row *row, struct buf *unpacked) MUST_USE;
bool audit_commit_of_row(struct chain_commit *out, const struct db_row *row) MUST_USE;
bool audit_checkpoint_of_row(struct chain_checkpoint *out, const struct db_row *row) MUST_USE;

#endif
