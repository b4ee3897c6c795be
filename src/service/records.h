/* records.h - decisions that were made: one by its id, many by what they have in common, and their
 * proof.
 *
 * Runs on a worker, with its connection.  Another environment's decision is NOT_FOUND, exactly like
 * an unknown one. */
#ifndef SERVICE_RECORDS_H
#define SERVICE_RECORDS_H

#include "credit/outcome.h"
#include "format/json.h"
#include "store/decision_store.h"

enum { RECORDS_LIMIT_MAX = 200, RECORDS_LIMIT_DEFAULT = 50 };

/* What a stored decision says, parsed back from its payload. */
struct decision_record {
    struct decision_row row;
    char id_text[ID_TEXT_MAX + 1];
    struct str body, words, input; /* canonical JSON; parts of row.payload */
    int64_t engine;
};
/* NOT_FOUND as decision_find; CORRUPT when the stored payload is not what was written. */
enum status decision_record_find(struct decision_record *out, struct db *db, int64_t environment,
                                 const struct id *id, struct arena *arena,
                                 struct error *err) MUST_USE;
enum status decision_record_of_row(struct decision_record *out, const struct decision_row *row,
                                   struct error *err) MUST_USE;

/* A text member of what we wrote ourselves, without escapes in it; "" if it is not there. */
struct str record_text(struct str object, struct str name);
/* The days in which an outcome counts for this decision, and the default it predicted.  False: it
 * has no PD, and so nothing to be right about. */
bool decision_record_window(struct outcome_window *out, struct str *definition,
                            const struct decision_record *record, struct date known_on) MUST_USE;

/* The stored key of a company named in a query: the country may be left out where the scheme has
 * one.  INVALID: err->field is "company". */
enum status company_key_read(struct str *out, struct str text, struct arena *arena,
                             struct error *err) MUST_USE;

/* What a caller may ask of a list; "" and 0 leave a filter out. */
struct records_query {
    struct str company; /* "siren:732829320" or "FR:siren:732829320" */
    struct str client_reference;
    struct str recommendation;
    int64_t created_from_ms, created_before_ms;
    struct str cursor; /* next_cursor of the page before */
    uint32_t limit;    /* 1 to RECORDS_LIMIT_MAX */
};
/* Newest first.  INVALID: err->field names the parameter. */
enum status decision_records_list(struct decision_record *out, uint32_t *count, bool *has_more,
                                  struct db *db, int64_t environment,
                                  const struct records_query *query, struct arena *arena,
                                  struct error *err) MUST_USE;

/* The receipt of a decision as JSON: NOT_FOUND until a signed checkpoint covers it. */
enum status decision_record_receipt(struct buf *out, struct db *db,
                                    const struct decision_record *record, struct arena *arena,
                                    struct error *err) MUST_USE;

#endif
