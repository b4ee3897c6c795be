/* outcome.h - what became of a debtor: the labels of backtests and recalibration.
 *
 * A model predicts a default under one definition within one horizon.  An outcome is a report of
 * what was seen, on a day; whether a decision turned out bad follows from both, here and nowhere
 * else. */
#ifndef CREDIT_OUTCOME_H
#define CREDIT_OUTCOME_H

#include "credit/company_id.h"
#include "credit/money.h"
#include "format/iso8601.h"

enum { OUTCOME_DEFINITION_MAX = 64, OUTCOME_SOURCE_MAX = 128 };

enum outcome_type {
#define OUTCOME(name, wire, label) OUTCOME_##name,
#include "credit/outcomes.def"
#undef OUTCOME
    OUTCOME_COUNT
};

struct outcome {
    struct company_id company; /* scheme NONE: it is about one decision alone */
    enum outcome_type type;
    struct str definition; /* "insolvency_12m", "dpd90"; "" for none */
    struct date observed_on;
    struct money amount; /* currency NONE: not said */
    struct str source;
    struct str client_reference; /* "" for none */
};

bool outcome_type_read(enum outcome_type *out, struct str wire) MUST_USE;
const char *outcome_type_wire(enum outcome_type type);

/* What a report makes of a decision, worst last. */
enum outcome_label { OUTCOME_LABEL_NONE, OUTCOME_LABEL_GOOD, OUTCOME_LABEL_BAD };

/* Under `definition`, whenever it was observed. */
enum outcome_label outcome_label(enum outcome_type type, struct str own_definition,
                                 struct str definition);

/* How one decision turned out, as far as is known on a day. */
enum outcome_verdict {
    VERDICT_IMMATURE,     /* the horizon has not passed: neither good nor bad yet */
    VERDICT_WAS_BAD,      /* in default when it was decided: there was nothing to predict */
    VERDICT_UNREPORTED,   /* mature, and nobody said anything */
    VERDICT_GOOD,         /* mature, and reported good */
    VERDICT_BAD,          /* a default in the horizon, which has passed */
    VERDICT_IMMATURE_BAD, /* a default before the horizon has passed: counting only these would
                             make the young look bad */
};

struct outcome_window {
    struct date as_of;       /* of the decision */
    uint32_t horizon_months; /* of the model */
    struct date known_on;    /* today, or the day the report speaks of */
};

/* The last day that counts: horizon months after the decision. */
struct date outcome_window_end(const struct outcome_window *window);
/* The first day whose default excludes the decision: as long before it as the horizon after. */
struct date outcome_window_start(const struct outcome_window *window);

/* Reports are taken in one by one, in any order. */
struct outcome_tally {
    bool has_bad, has_good, was_bad;
};
void outcome_tally_add(struct outcome_tally *tally, const struct outcome_window *window,
                       enum outcome_label label, struct date observed_on);
enum outcome_verdict outcome_verdict(const struct outcome_tally *tally,
                                     const struct outcome_window *window);

#endif
