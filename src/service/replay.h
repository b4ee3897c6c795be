/* replay.h - make a past decision again, from what was frozen with it, and compare the bytes.
 *
 * The request, the model and the policy of then are read from the store by digest.  A replay that
 * differs says where first. */
#ifndef SERVICE_REPLAY_H
#define SERVICE_REPLAY_H

#include "service/assess.h"
#include "service/records.h"

struct replay_report {
    bool matches;
    int64_t engine_then;
    struct digest stored_sha256, replayed_sha256; /* of the two bodies */
    char divergence[160]; /* JSON Pointer of the first difference, "" if none */
    char stored_value[96], replayed_value[96]; /* what stands there, cut to fit */
    struct str replayed;                       /* the body as it comes out now */
};

/* Decide again with the model and policy of then.  `out` and `then` are finished by the caller
 * whatever comes. */
enum status replay_assess(struct assessment *out, struct in_force *then, struct db *db,
                          const struct decision_record *record, struct arena *arena,
                          struct error *err) MUST_USE;
/* Hold a body that came out now against the recorded one.  `replayed` is borrowed. */
void replay_compare(struct replay_report *out, const struct decision_record *record,
                    struct str replayed, struct arena *arena);

enum status replay(struct replay_report *out, struct db *db, const struct decision_record *record,
                   struct arena *arena, struct error *err) MUST_USE;
void replay_report_write(struct buf *out, const struct decision_record *record,
                         const struct replay_report *report);

#endif
