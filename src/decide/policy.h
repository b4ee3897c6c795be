/* policy.h - the credit policy as a readable file: read, checked, versioned by its digest.
 *
 * A policy never computes: it is the table of numbers and rules that decision.c walks.
 * docs/POLICY.md tells each member; policies/trade-credit.json is the default.  Ratios are read as
 * decimals and kept in parts per million; amounts in the policy's currency.
 *
 * Memory: a struct policy owns one arena; immutable after reading, shared by threads. */
#ifndef DECIDE_POLICY_H
#define DECIDE_POLICY_H

#include "credit/facts.h"
#include "credit/grade.h"
#include "credit/purpose.h"
#include "format/violation.h"

enum {
    POLICY_LEN_MAX = 256 * 1024,
    POLICY_GUARANTEES_MAX = 8,
    POLICY_RULES_MAX = 32,
    GRADE_LETTER_COUNT = 7
};

enum recommendation {
    RECOMMEND_REFER, /* zero: a person must look */
    RECOMMEND_ACCEPT,
    RECOMMEND_ACCEPT_WITH_GUARANTEES,
    RECOMMEND_DECLINE,
    RECOMMENDATION_COUNT
};

enum reason {
#define REASON(name, code, theme) REASON_##name,
#include "decide/reasons.def"
#undef REASON
    REASON_COUNT
};

/* What a rule of a policy can look at; each is a pure predicate in rules.c. */
enum rule {
    RULE_STRUCK_OFF,
    RULE_LIQUIDATION_OPEN,
    RULE_REORGANISATION_OPEN,
    RULE_SAFEGUARD_OPEN,
    RULE_PLAN_RUNNING,
    RULE_CONTROLLER_INSOLVENT,  /* whoever controls it has failed: a PD of 1 */
    RULE_CONTROLLER_DISTRESSED, /* or has a PD of at least distressed_pd */
    RULE_NEGATIVE_EQUITY,
    RULE_EQUITY_BELOW_HALF_CAPITAL,
    RULE_ACCOUNTS_STALE,         /* older than stale_months */
    RULE_ACCOUNTS_OUTDATED,      /* older than outdated_months */
    RULE_TOO_LITTLE_DATA,        /* coverage of the model's inputs below minimum_coverage */
    RULE_ACCOUNTS_DO_NOT_ADD_UP, /* an identity is off by more than its tolerance */
    RULE_COUNT
};

struct policy_rule {
    enum rule rule;
    bool decides;                /* a knock-out: decides alone, before the score */
    enum recommendation at_best; /* what the rule still allows */
    enum grade grade_at_best;    /* cap of the grade; GRADE_A1: none */
};

enum guarantee_type {
    GUARANTEE_CASH_DEPOSIT,
    GUARANTEE_BANK_GUARANTEE,
    GUARANTEE_CREDIT_INSURANCE,
    GUARANTEE_PARENT_GUARANTEE,
    GUARANTEE_PERSONAL_GUARANTEE,
    GUARANTEE_RETENTION_OF_TITLE,
    GUARANTEE_TYPE_COUNT
};

/* One step of the ladder, softest first: with it the loss given default falls to lgd_ppm; offered
 * while the upper PD is at most pd_ppm_max. */
struct policy_guarantee {
    enum guarantee_type type;
    uint32_t lgd_ppm;
    uint32_t pd_ppm_max;
    uint32_t tenor_months;
};

struct policy {
    struct arena arena;
    struct str id, version;
    char sha256[65]; /* of the file's bytes; filled by whoever read the file */
    enum currency currency;
    /* perimeter */
    uint32_t excluded_division_count;
    uint8_t excluded_divisions[100];
    bool excludes_public_bodies, excludes_associations, excludes_idle_holdings;
    /* rules, in the order they are told; the worst outcome wins */
    uint32_t rule_count;
    struct policy_rule rules[POLICY_RULES_MAX];
    /* risk-adjusted threshold: PD* = (k * margin - cost) / (k * margin + LGD), k = 365 / (terms +
     * ageing) */
    uint32_t margin_ppm, cost_ppm, lgd_ppm, ageing_days, terms_days;
    uint32_t decline_pd_ppm; /* a point PD above this is declined whatever the margin */
    /* guarantees */
    uint32_t guarantee_count;
    struct policy_guarantee guarantees[POLICY_GUARANTEES_MAX];
    /* limit: shares by grade letter A..F and P, ppm */
    uint32_t equity_share_ppm[GRADE_LETTER_COUNT], turnover_share_ppm[GRADE_LETTER_COUNT],
        multiplier_ppm[GRADE_LETTER_COUNT];
    uint32_t working_capital_share_ppm;
    uint32_t working_capital_floor_ppm; /* of the equity capacity: the least the working-capital cap
                                           can be */
    struct money appetite, expected_loss_budget, round_down_to, smallest_limit;
    uint32_t per_order_ppm, stale_multiplier_ppm;
    uint32_t stale_months, outdated_months;
    uint32_t minimum_coverage_ppm;
    uint32_t valid_days, review_days;
    /* thin files */
    struct money small_ticket;
};

/* PD*: the PD up to which a sale on credit earns its expected loss, at these terms and with this
 * loss given default. Rounded down; zero when the margin does not even earn the cost. */
uint32_t policy_threshold_ppm(const struct policy *policy, uint32_t lgd_ppm, int32_t terms_days);

/* Read and check a policy.  Every fault is noted in `v` (pointers into the file).  INVALID then.
 * Requires: v is empty. */
enum status policy_read(struct policy **out, struct str text, struct violations *v,
                        struct error *err) MUST_USE;
void policy_destroy(struct policy *policy); /* accepts NULL */

const char *recommendation_wire(enum recommendation recommendation); /* "accept_with_guarantees" */
bool recommendation_read(enum recommendation *out, struct str wire) MUST_USE;
const char *reason_code(enum reason reason);
const char *reason_theme(enum reason reason);
const char *guarantee_wire(enum guarantee_type type);
bool guarantee_read(enum guarantee_type *out, struct str wire) MUST_USE;
unsigned
grade_letter(enum grade grade); /* place in the tables of a policy: A is 0, F is 5, P is 6 */

#endif
