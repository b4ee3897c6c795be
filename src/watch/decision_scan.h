/* decision_scan.h - all decisions of a while, page by page, newest first.
 *
 * A report over a large book takes seconds, and a worker is needed by others meanwhile: so the walk
 * goes in steps, and between two of them the worker may be anyone's.  The view is still one: what
 * was recorded after known_ms does not count, and what was before does not change, but for what is
 * erased.
 *
 * Days are those of `as_of`, the day a decision speaks of. */
#ifndef WATCH_DECISION_SCAN_H
#define WATCH_DECISION_SCAN_H

#include "service/records.h"

enum { SCAN_PAGE = 100, SCAN_DECISIONS_MAX = 200000 };

struct decision_scan {
    int64_t environment;
    struct date from, to; /* both count; unset: open */
    int64_t known_ms;
    /* Filled as it goes. */
    struct id after;
    uint32_t seen;
    bool is_done;
    bool is_cut; /* there are more than SCAN_DECISIONS_MAX */
};

struct scanned_decision {
    const struct decision_record *record;
    struct date as_of;
};

bool date_is_within(struct date date, struct date from, struct date to);
/* Read one page and tell each of its decisions.  `arena` is reset first. */
enum status decision_scan_step(struct decision_scan *scan, struct db *db, struct arena *arena,
                               enum status (*each)(void *context,
                                                   const struct scanned_decision *decision,
                                                   struct error *err),
                               void *context, struct error *err) MUST_USE;

#endif
