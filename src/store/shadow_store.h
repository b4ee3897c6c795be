/* shadow_store.h - what challengers said beside decisions.
 *
 * Rows of measurement, written in the unit of the decision and so as durable as it; the audit chain
 * proves what was decided, not these. */
#ifndef STORE_SHADOW_STORE_H
#define STORE_SHADOW_STORE_H

#include "store/unit.h"

/* What one model made of an application.  pd_ppm and score -1, texts empty: there is none. */
struct shadow_opinion {
    int64_t pd_ppm, score;
    struct str grade, recommendation;
};

struct shadow_row {
    int64_t environment; /* not filled when read: the reader has named it */
    struct id decision;
    struct digest challenger, champion; /* of the bundles */
    int64_t created_ms;
    struct str outcome; /* the status of a decision, or "unavailable": it could not be read */
    struct shadow_opinion said, decided;
};

struct shadow_values {
    struct db_value values[DB_PARAMETERS_MAX];
};

/* Add a row; row and values live as long as the unit. */
void shadow_insert(struct unit *unit, const struct shadow_row *row, struct shadow_values *values);

/* The rows of one decision, or of one challenger and a span of time (0: open), in order, until
 * `each` returns false.  A row borrows until then. */
enum status shadow_of_decision(struct db *db, int64_t environment, const struct id *decision,
                               bool (*each)(void *context, const struct shadow_row *row),
                               void *context, struct error *err) MUST_USE;
enum status shadow_scan(struct db *db, int64_t environment, const struct digest *challenger,
                        int64_t from_ms, int64_t before_ms,
                        bool (*each)(void *context, const struct shadow_row *row), void *context,
                        struct error *err) MUST_USE;

#endif
