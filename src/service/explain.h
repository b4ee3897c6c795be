/* explain.h - why a decision came out as it did: made again from what was frozen with it, held
 * against what was recorded, then told.
 *
 * An explanation speaks of the decision that is recorded, or not at all: when this program no
 * longer gives the same bytes, CONFLICT says where it first differs. */
#ifndef SERVICE_EXPLAIN_H
#define SERVICE_EXPLAIN_H

#include "service/replay.h"

/* Whom it is told to, and how.  What is not set is as the request of the decision had it. */
struct telling {
    bool has_language, has_audience;
    enum language language;
    enum audience audience;
};

enum { EXPLANATION_LEN_MAX = 4 * 1024 * 1024 };

/* Append the explanation of a recorded decision, as JSON; `text` (may be NULL) gets its sentences
 * alone. */
enum status explain_record(struct buf *out, struct buf *text, struct db *db,
                           const struct decision_record *record, const struct telling *telling,
                           struct arena *arena, struct error *err) MUST_USE;
/* The same of one that was just made, and is recorded nowhere. */
enum status explain_assessment(struct buf *out, struct buf *text,
                               const struct assessment *assessment, const struct model *model,
                               const struct telling *telling, struct arena *arena,
                               struct error *err) MUST_USE;

#endif
