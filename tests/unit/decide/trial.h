/* trial.h - one application to try policies on: a sound French wholesaler that asks for 10,000
 * euros.
 *
 * Tests change what they are about and call trial_decide.  The model is the small hand-made one of
 * the score suites, the policy the one we ship; both are read afresh for each trial, so a test may
 * change the policy in place. */
#ifndef TESTS_UNIT_DECIDE_TRIAL_H
#define TESTS_UNIT_DECIDE_TRIAL_H

#include "decide/decision.h"

#define EUROS(units) ((struct money){INT64_C(100) * (units), CURRENCY_EUR})

struct trial {
    struct model *model;
    struct policy *policy;
    struct statement statements[2]; /* newest first */
    struct legal_event events[4];
    struct facts facts;
    struct credit_request asked;
    struct decision decision;
};

struct buf trial_file(const char *path); /* the caller finishes it */
void trial_begin(struct trial *t);
void trial_end(struct trial *t);
/* State an item of the newest accounts, in whole euros; derived items are worked out anew by
 * trial_decide. */
void trial_state(struct trial *t, enum item item, int64_t euros);
void trial_forget(struct trial *t, enum item item);
void trial_event(struct trial *t, enum legal_event_type type, struct date date);
void trial_without_accounts(struct trial *t);
struct decision_input trial_input(const struct trial *t);
const struct decision *trial_decide(struct trial *t);
bool trial_has_reason(const struct trial *t, enum reason reason);

#endif
