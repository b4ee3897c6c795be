/* outcome_store.h - outcomes on disk: append-only, a report once, and the reports that one entry
 * proves.
 *
 * The store keeps words and dates as they were checked above; what they mean it does not know. */
#ifndef STORE_OUTCOME_STORE_H
#define STORE_OUTCOME_STORE_H

#include "base/buf.h"
#include "format/json.h"
#include "store/unit.h"

enum { OUTCOMES_MAX = 500 /* of one report */ };

struct outcome_row {
    int64_t environment;
    struct id id;
    int64_t recorded_ms;
    struct str company_key; /* "FR:siren:732829320"; "" only if the decision it is about has none */
    bool has_decision;      /* it is about this decision alone */
    struct id decision;
    struct str type, definition; /* definition "" for none */
    struct str observed_on;      /* "2026-11-22" */
    struct str amount;           /* "12500.00 EUR", "" for none */
    struct str source, client_reference;
    bool has_supersedes;
    struct id supersedes;
    struct digest fingerprint; /* outcome_fingerprint() */
    /* Filled when read: where it stands in the chain, and what has taken its place. */
    char stream[40];
    uint64_t epoch, seq;
    bool is_superseded;
    struct id superseded_by;
};

/* An outcome as a caller sees it, its members in canonical order. */
void outcome_write(struct json_writer *w, const struct outcome_row *row);
/* SHA-256 of all that was said, without id and time: the same report is the same outcome. */
struct digest outcome_fingerprint(const struct outcome_row *row);
/* What the audit entry says of the rows it proves, canonical JSON. */
void outcomes_payload(struct buf *out, const struct outcome_row *rows, uint32_t count);
/* The same, for rows that come one by one. */
void outcomes_payload_begin(struct buf *out, int64_t environment);
void outcomes_payload_add(struct buf *out, const struct outcome_row *row, bool is_first);
void outcomes_payload_end(struct buf *out);

struct outcome_values {
    struct db_value values[DB_PARAMETERS_MAX];
};
/* Add all rows and one audit entry, whose object is the first row's id.  All rows are of one
 * environment and time, their ids ascend.  rows, values, calls (one a row each) and payload live as
 * long as the unit.  A row that is there already, or supersedes what is superseded, poisons the
 * unit.  Requires: 1 <= count <= OUTCOMES_MAX, and the unit has no entry yet. */
void outcomes_insert(struct unit *unit, const struct outcome_row *rows, uint32_t count,
                     struct outcome_values *values, struct db_call *calls,
                     const struct buf *payload);

/* NOT_FOUND for an unknown id and for another environment's alike. */
enum status outcome_find(struct db *db, int64_t environment, const struct id *id,
                         struct outcome_row *out, struct arena *arena, struct error *err) MUST_USE;
/* The row that said exactly this. */
enum status outcome_find_same(struct db *db, int64_t environment, const struct digest *fingerprint,
                              struct outcome_row *out, struct arena *arena,
                              struct error *err) MUST_USE;

struct outcome_filter {
    struct str company_key; /* "" any */
    bool has_decision;
    struct id decision;
    struct str type; /* "" any */
    bool is_current; /* leave out what was superseded */
    bool has_after;
    struct id after; /* the last of the page before */
    uint32_t limit;  /* rows wanted */
};
/* Newest first.  Reads up to limit + 1 rows to say whether there are more. */
enum status outcome_list(struct db *db, int64_t environment, const struct outcome_filter *filter,
                         struct outcome_row *rows, uint32_t *count, bool *has_more,
                         struct arena *arena, struct error *err) MUST_USE;

/* A report that bears on a decision, as `each` gets it; its texts borrow until the next. */
struct outcome_report {
    struct str type, definition, observed_on;
};
/* All reports known at known_ms about this decision, or about its company, but for those that were
 * superseded by then. */
enum status outcomes_of_decision(struct db *db, int64_t environment, struct str company_key,
                                 const struct id *decision, int64_t known_ms,
                                 void (*each)(void *context, const struct outcome_report *report),
                                 void *context, struct error *err) MUST_USE;

/* Columns in the order of OUTCOME_FIND as a row; texts borrow from them.  False: not what was
 * written. */
bool outcome_of_columns(struct outcome_row *out, const struct db_value *columns) MUST_USE;

#endif
