/* unit.h - one unit of work as data: conditions first, rows after, audit entries always.
 *
 * A service computes, then says what must hold (claim this key) and what shall be written, and
 * hands the unit to the committer.  A condition is a conditional statement that changes a row when
 * it holds: refusal is an answer, never an SQL error.  Everything in the unit commits together or
 * not at all.
 *
 * Memory: the unit and all it points to belong to the caller and must live until `done` was called.
 */
#ifndef STORE_UNIT_H
#define STORE_UNIT_H

#include "base/buf.h"
#include "crypto/digest.h"
#include "crypto/id.h"
#include "store/db.h"

enum {
    UNIT_CONDITIONS_MAX = 4,
    UNIT_ROWS_MAX = 8,
    UNIT_MORE_MAX = 2048,
    UNIT_ENTRIES_MAX = 2,
    SALT_LEN = 16
};

/* What happened, for the record.  kinds are the words of audit_kinds.def. */
enum audit_kind {
#define AUDIT_KIND(name, wire) AUDIT_##name,
#include "store/audit_kinds.def"
#undef AUDIT_KIND
    AUDIT_KIND_COUNT
};

struct audit_draft {
    enum audit_kind kind;
    int64_t environment; /* 0: of the installation itself */
    struct id object;
    uint8_t salt[SALT_LEN];
    struct str payload; /* what is proved, UTF-8: the digest of salt and payload enters the chain */
    struct digest digest; /* filled by committer_submit, on the thread of the caller */
};

enum unit_outcome {
    UNIT_PENDING,
    UNIT_COMMITTED,
    UNIT_REFUSED,  /* condition `refused` did not hold; nothing was written */
    UNIT_POISONED, /* the engine would not take its rows; nothing was written */
    UNIT_UNKNOWN, /* the commit failed or the disk is full: it may or may not be there.  Look up its
                     claim before any retry. */
};

struct unit {
    uint32_t condition_count;
    struct db_call conditions[UNIT_CONDITIONS_MAX];
    uint32_t row_count;
    struct db_call rows[UNIT_ROWS_MAX];
    uint32_t more_count;        /* rows beyond those, */
    const struct db_call *more; /* in memory of the caller's */
    uint32_t entry_count;
    struct audit_draft entries[UNIT_ENTRIES_MAX];

    bool has_failed; /* memory was out while it was made: committer_submit answers BUSY */

    /* Filled by the committer before `done`. */
    enum unit_outcome outcome;
    uint32_t refused;
    char stream[40];
    uint64_t epoch, seq; /* of the first entry */
    struct error error;  /* POISONED and UNKNOWN */

    /* Called once, on the committer's thread, after the commit that covers the unit.  Must not
     * wait. */
    void (*done)(struct unit *unit);
    void *user;
    struct unit *next;  /* the committer's */
    uint64_t queued_us; /* the committer's: steady time of its submission */
};

/* Add a part to the unit; its values live as long as the unit.  Requires: there is room. */
void unit_condition(struct unit *unit, enum db_statement statement, const struct db_value *values,
                    uint32_t value_count);
void unit_row(struct unit *unit, enum db_statement statement, const struct db_value *values,
              uint32_t value_count);
/* Rows in numbers, behind all others.  Requires: none were given so before, and at most
 * UNIT_MORE_MAX. */
void unit_more(struct unit *unit, const struct db_call *rows, uint32_t count);
void unit_entry(struct unit *unit, const struct audit_draft *draft);
/* An entry that proves `payload`, with a salt by chance; `kept`, of `size` bytes, holds a copy as
 * long as the unit lives.  A payload for which memory was out fails the unit.  Requires: it fits.
 */
void unit_entry_written(struct unit *unit, char *kept, size_t size, const struct buf *payload,
                        enum audit_kind kind, int64_t environment, const struct id *object);

#endif
