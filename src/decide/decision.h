/* decision.h - turn a score into a credit decision, with its limit, its guarantees and its reasons.
 *
 * A decision is a pure function of what we know of the company, its score and the policy in force:
 * no clock, no chance, no I/O.  That is why any decision can be replayed.  Decisions rest on the
 * bound of the PD (score/score.h): uncertainty, and so whatever was left out, never pays.
 *
 * Order: perimeter (not scorable), knock-outs (decided by rule), thin file, then PD against the
 * threshold, caps, limit, guarantees; the worst outcome wins.  The recommended limit is what may be
 * lent unsecured: all that was asked when accepted, what the capacity covers when the rest needs a
 * guarantee, nothing when a person must look or the answer is no.
 *
 * Memory: a struct decision owns nothing and may be copied with `=`. */
#ifndef DECIDE_DECISION_H
#define DECIDE_DECISION_H

#include "decide/policy.h"
#include "score/score.h"

enum decision_status {
    DECISION_SCORED,
    DECISION_DECIDED_BY_RULE,
    DECISION_THIN,
    DECISION_NOT_SCORABLE
};

enum { ADVERSE_REASONS_MAX = 4, FAVOURABLE_REASONS_MAX = 4, RULE_REASONS_MAX = POLICY_RULES_MAX };

/* Everything a decision may depend on.  If it is not in here, the policy cannot see it. */
struct decision_input {
    const struct facts *facts;
    const struct credit_request *asked;
    const struct policy *policy;
    const struct model *model;
};

/* The caps of a limit, in the order they are told. */
enum limit_constraint {
    LIMIT_EQUITY_CAPACITY,
    LIMIT_TURNOVER_CAPACITY,
    LIMIT_WORKING_CAPITAL_CAPACITY,
    LIMIT_APPETITE,
    LIMIT_EXPECTED_LOSS_BUDGET,
    LIMIT_REQUESTED_AMOUNT, /* only when an amount was asked */
    LIMIT_CONSTRAINT_COUNT
};

struct limit {
    enum currency currency;
    struct money requested; /* currency NONE: nothing was asked */
    struct money
        capacity; /* what policy would lend unsecured on these accounts, before the request */
    struct money recommended; /* zero unless accepted */
    struct money exposure, available, per_order;
    uint32_t present; /* bit per constraint */
    struct money caps[LIMIT_CONSTRAINT_COUNT];
    uint32_t assumed; /* bit per constraint: the input was missing, the least is taken */
    enum limit_constraint binding;
    uint32_t multiplier_ppm; /* grade's times staleness' */
    struct date valid_until, review_at;
};

struct guarantee {
    enum guarantee_type type;
    struct money amount;
    uint32_t tenor_months;
    enum recommendation if_met;
    struct money limit_if_met;
};

/* A principal reason that comes from the score: a factor, or one that comes from a rule. */
struct stated_reason {
    bool is_rule;
    enum reason reason;  /* when is_rule */
    uint32_t factor;     /* else: index into score.factors */
    int32_t deci_points; /* 0 for rules */
};

struct decision {
    enum decision_status status;
    enum recommendation recommendation;
    struct score score;     /* SCORED and THIN only */
    enum grade grade;       /* after caps; P when a proceeding is open */
    uint32_t threshold_ppm; /* PD* at the terms asked */
    uint32_t rule_reason_count;
    enum reason rule_reasons[RULE_REASONS_MAX]; /* all that fired, in the policy's order; then those
                                                   of limit and threshold */
    uint32_t adverse_count;
    struct stated_reason adverse[ADVERSE_REASONS_MAX]; /* strongest first; rules before factors */
    uint32_t favourable_count;
    struct stated_reason favourable[FAVOURABLE_REASONS_MAX];
    struct limit limit;
    uint32_t guarantee_count;
    struct guarantee guarantees[POLICY_GUARANTEES_MAX];
    struct money expected_loss; /* PD * LGD * EAD, EAD = limit if accepted, else the amount asked */
    uint32_t lgd_ppm;
    bool offers_human_review; /* a natural person was declined */
    bool terms_above_legal;   /* over 60 days, with a French debtor: C. com. L441-10 */
};

const char *decision_status_wire(enum decision_status status);
const char *limit_constraint_wire(enum limit_constraint constraint);

/* Decide one application.  Cannot fail: what could be wrong was refused on the way in.
 *
 * Requires: the asked amount, if any, is in the currency of the policy or the decision is
 * `not_scorable`. Ensures:  a recommendation other than ACCEPT states at least one reason; REFER
 * and DECLINE lend nothing. */
void decision_make(struct decision *out, const struct decision_input *in);

#endif
