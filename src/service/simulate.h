/* simulate.h - what if: a recorded decision with some of its facts changed, decided by what is in
 * force now.
 *
 * Nothing is recorded, nothing is charged, and there is no receipt. */
#ifndef SERVICE_SIMULATE_H
#define SERVICE_SIMULATE_H

#include "service/assess.h"
#include "service/records.h"

/* Append `target` with the JSON merge patch `patch` applied (RFC 7396).  patch NULL: the target as
 * it is. */
void json_merge_patch(struct buf *out, const struct json *target, const struct json *patch);

/* Assess a recorded request with changes.  The as_of of then is kept unless `changes` says
 * otherwise, and so are the links that the store has added, unless they were not asked for then:
 * now they are read from `db`, which may be NULL where nobody asks. */
enum status simulate(struct assessment *out, const struct decision_record *record,
                     const struct json *changes, struct date today, const struct in_force *in_force,
                     struct db *db, struct arena *arena, struct violations *violations,
                     struct error *err) MUST_USE;

#endif
