/* audit_log.h - reading the chain: verification, export, receipts.
 *
 * Format and proofs are written byte for byte in docs/AUDIT.md; anyone can verify an export with a
 * program of their own. */
#ifndef STORE_AUDIT_LOG_H
#define STORE_AUDIT_LOG_H

#include "base/buf.h"
#include "store/unit.h"

#include <stdio.h>

struct verify_report {
    bool is_valid;
    uint64_t entries, commits, checkpoints, erased; /* counted up to the first fault */
    char stream[40];                                /* the first bad entry, when not valid: */
    uint64_t epoch, seq;
    char fault[200];          /* what is wrong with it, in one sentence */
    uint64_t unsigned_tail;   /* entries behind the last signed checkpoint: a cut there needs an
                                 outside checkpoint to show */
    char last_checkpoint[65]; /* hash of the newest checkpoint: keep it elsewhere */
};

/* Verify everything in the database: chain, payload digests, derived columns, commit roots,
 * checkpoints.  `public_key_hex` pins the signing key, `checkpoint_hex` a checkpoint known outside
 * (a log that does not contain it was cut or rewritten); both may be NULL. */
enum status audit_verify_db(struct db *db, const char *public_key_hex, const char *checkpoint_hex,
                            struct verify_report *report, struct error *err) MUST_USE;
/* Write the export (JSON lines) of the whole log. */
enum status audit_export(struct db *db, FILE *out, struct error *err) MUST_USE;
/* Verify an export read from `in`, with the same two pins. */
enum status audit_verify_export(FILE *in, const char *public_key_hex, const char *checkpoint_hex,
                                struct verify_report *report, struct error *err) MUST_USE;
/* The receipt of one entry as JSON: inclusion proof to a signed checkpoint.  NOT_FOUND until one
 * covers it. */
enum status audit_receipt(struct db *db, const char *stream, uint64_t epoch, uint64_t seq,
                          struct buf *out, struct arena *arena, struct error *err) MUST_USE;

#endif
