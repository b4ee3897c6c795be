/* audit_check.h - the rules of the audit chain, one record at a time.
 *
 * Whoever reads a log, from rows or from lines, feeds its records in order; the first that breaks a
 * rule ends it.  A record that is refused changes nothing but the report.  The entry a fault names
 * is the first one that is not proved: everything before it is.
 *
 * Memory: fixed; the format bounds how much can be unsigned. */
#ifndef STORE_AUDIT_CHECK_H
#define STORE_AUDIT_CHECK_H

#include "store/audit_log.h"
#include "store/chain.h"

enum { AUDIT_UNSIGNED_MAX = 1024 };

/* Salt and payload of an entry, or that they were erased. */
struct audit_evidence {
    bool is_erased;
    uint8_t salt[SALT_LEN];
    struct str payload;
};

struct audit_check {
    struct verify_report report;
    bool is_key_pinned, is_checkpoint_pinned;
    struct digest pinned_key;        /* id of the only key to be trusted, if one is pinned */
    struct digest pinned_checkpoint; /* that must be in the log, if one is pinned */
    bool has_pinned_checkpoint;
    int64_t newest_checkpoint_ms;

    struct chain_place at;     /* the last entry; seq 0: an epoch was announced */
    struct chain_place before; /* the last entry of the epoch before, in the same stream */
    struct digest head;        /* hash of the last entry of the stream */
    struct digest checkpoint;  /* hash of the last checkpoint of the stream */
    struct chain_opening opening;
    struct digest key_id;
    bool is_opening_signed;
    struct chain_place unsigned_from; /* the first entry behind the last checkpoint */
    size_t unsigned_count;
    size_t leaf_count; /* entries in no commit yet */
    struct digest leaves[AUDIT_UNSIGNED_MAX];
    size_t root_count; /* commits in no checkpoint yet */
    struct digest roots[AUDIT_UNSIGNED_MAX];
};

void audit_check_init(struct audit_check *check);
/* What is known from outside, in hexadecimal digits; NULL if nothing is.  Before the first record.
 */
enum status audit_check_pin(struct audit_check *check, const char *public_key_hex,
                            const char *checkpoint_hex, struct error *err) MUST_USE;
/* The records.  false: the report says why. */
bool audit_check_epoch(struct audit_check *check, struct str stream, uint64_t epoch) MUST_USE;
bool audit_check_entry(struct audit_check *check, const struct chain_entry *entry,
                       const struct audit_evidence *evidence) MUST_USE;
bool audit_check_commit(struct audit_check *check, const struct chain_commit *commit) MUST_USE;
bool audit_check_checkpoint(struct audit_check *check,
                            const struct chain_checkpoint *checkpoint) MUST_USE;
bool audit_check_end(struct audit_check *check) MUST_USE; /* nothing may be left open */

/* The place that the next entry must have. */
struct chain_place audit_check_next(const struct audit_check *check);
/* Report a fault; returns false. */
bool audit_fault(struct audit_check *check, const struct chain_place *place, const char *format,
                 ...) PRINTF(3, 4);

#endif
