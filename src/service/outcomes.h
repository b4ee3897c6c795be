/* outcomes.h - what became of debtors: recorded once, corrected by what supersedes, listed.
 *
 * Reading and checking run on a worker, with its connection; writing is a unit for the committer.
 * A report that is there already is answered, not written again: whoever is not sure whether an
 * outcome arrived sends it again.  Another environment's decision or outcome is as unknown as one
 * that never was. */
#ifndef SERVICE_OUTCOMES_H
#define SERVICE_OUTCOMES_H

#include "service/records.h"
#include "store/outcome_store.h"
#include "wire/outcome_request.h"

struct outcomes_report {
    struct unit unit;
    uint32_t count;
    struct outcome_row *rows; /* in the order of the report; the known ones as they stand */
    bool *is_new;             /* one a row */
    uint32_t new_count;       /* 0: there is nothing to write */
    struct outcome_row *fresh;
    struct buf payload;
};

struct outcomes_order {
    int64_t environment;
    int64_t now_ms;
    const struct json *root;
    struct id_source *ids;
};
/* Check all and fill the unit.  INVALID: `violations` says all that is wrong.  `out` is finished by
 * the caller whatever comes, behind the unit. */
enum status outcomes_report_make(struct outcomes_report *out, struct db *db,
                                 const struct outcomes_order *order, struct arena *arena,
                                 struct violations *violations, struct error *err) MUST_USE;
/* The unit is committed: the new rows stand where it does. */
void outcomes_report_place(struct outcomes_report *report);
void outcomes_report_finish(struct outcomes_report *report); /* accepts a zeroed one */

/* What a caller may ask of a list; "" leaves a filter out. */
struct outcomes_query {
    struct str company, decision, type, cursor;
    bool is_current;
    uint32_t limit; /* 1 to RECORDS_LIMIT_MAX */
};
/* Newest first.  INVALID: err->field names the parameter. */
enum status outcomes_list(struct outcome_row *out, uint32_t *count, bool *has_more, struct db *db,
                          int64_t environment, const struct outcomes_query *query,
                          struct arena *arena, struct error *err) MUST_USE;

enum { OUTCOME_LABELS_MAX = 200 };
/* The decisions that an outcome bears on, newest first, as JSON: {object, data: [{decision, as_of,
 * default_definition, label}], has_more}.  Under each decision's own definition and horizon, and by
 * this outcome alone.  Looks at the newest OUTCOME_LABELS_MAX decisions of the company. */
enum status outcome_labels_write(struct buf *out, struct db *db, const struct outcome_row *outcome,
                                 struct arena *arena, struct error *err) MUST_USE;

#endif
