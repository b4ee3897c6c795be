/* shadow.h - what the challengers say beside a decision.
 *
 * Each scores the same facts under the same policy; what it would have recommended is a row in the
 * unit of the decision.  It decides nothing, and neither body nor receipt knows of it. */
#ifndef SERVICE_SHADOW_H
#define SERVICE_SHADOW_H

#include "service/assess.h"
#include "service/line_up.h"
#include "store/shadow_store.h"

struct shadow {
    struct shadow_row rows[LINE_UP_CHALLENGERS_MAX];
    struct shadow_values values[LINE_UP_CHALLENGERS_MAX];
};

struct shadow_subject {
    const struct line_up *line_up;
    const struct assessment *assessment; /* what the champion made of it */
    int64_t environment;
    struct id decision;
    int64_t created_ms;
};

/* Let every challenger score, and add its row.  For want of memory the unit fails, like the
 * decision would.  `out` and `arena` live as long as the unit. */
void shadow_declare(struct shadow *out, struct unit *unit, const struct shadow_subject *subject,
                    struct arena *arena);

/* The opinions on one decision as a JSON list. */
enum status shadow_list_write(struct buf *out, struct db *db, int64_t environment,
                              const struct id *decision, struct error *err) MUST_USE;

/* How a challenger compares with those that decided while it was one. */
enum { SHADOW_SCORE_GAP = 50 };

struct shadow_report {
    uint64_t decisions, scored; /* beside which it stood; of these, both have a PD */
    uint64_t unavailable, without_pd;
    uint64_t agreements; /* same recommendation, of those where both have one */
    uint64_t recommended;
    uint64_t matrix[RECOMMENDATION_COUNT][RECOMMENDATION_COUNT]; /* decided, said */
    uint64_t better, same, worse; /* grade than the one of the decision */
    int64_t pd_ppm_sum, decided_pd_ppm_sum;
    int64_t score_gap_sum, score_gap_absolute_sum; /* said - decided */
    uint64_t far;                                  /* apart by more than SHADOW_SCORE_GAP points */
    int64_t first_ms, last_ms;
};

enum status shadow_compare(struct shadow_report *out, struct db *db, int64_t environment,
                           const struct digest *challenger, int64_t from_ms, int64_t before_ms,
                           struct error *err) MUST_USE;
void shadow_report_write(struct json_writer *w, const struct shadow_report *report);

#endif
