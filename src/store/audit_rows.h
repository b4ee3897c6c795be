/* audit_rows.h - rows of the audit tables as the chain's structs.
 *
 * What is on disk may have been tampered with: each function says whether the row has the right shape, and the caller
 * judges what it holds. */
#ifndef STORE_AUDIT_ROWS_H
#define STORE_AUDIT_ROWS_H

#include "store/chain.h"

bool chain_digest_of(struct digest *out, const struct db_value *column) MUST_USE;
bool chain_id_of(uint8_t out[ID_LEN], const struct db_value *column) MUST_USE;
/* A number of 0 to 2^53 - 1. */
bool chain_number_of(uint64_t *out, const struct db_value *column) MUST_USE;
bool chain_place_of(struct chain_place *out, const struct db_value columns[3]) MUST_USE;
/* Columns: epoch, last_seq, time_ms, head, root, previous, key_id, signature. */
bool chain_checkpoint_of_row(struct chain_checkpoint *out, struct str stream,
                             const struct db_value columns[8]) MUST_USE;

#endif
