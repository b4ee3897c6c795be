/* decision.c - from facts to a recommendation, in the order a credit committee would take.
 *
 * Every comparison that could grant something looks at the bound of the PD, and every amount
 * at what is known. Both only get worse when something is left out; so does the decision. */
#include "decide/decision.h"

#include "decide/guarantee.h"
#include "decide/limit.h"
#include "decide/perimeter.h"
#include "decide/reason.h"
#include "decide/rules.h"

enum { LEGAL_TERMS_DAYS_MAX = 60, OVERSIZE = 3 };

__extension__ typedef __int128 wide;

static const char *const statuses[] = {
    [DECISION_SCORED] = "scored",
    [DECISION_DECIDED_BY_RULE] = "decided_by_rule",
    [DECISION_THIN] = "thin",
    [DECISION_NOT_SCORABLE] = "not_scorable",
};

static const char *const constraints[LIMIT_CONSTRAINT_COUNT] = {
    [LIMIT_EQUITY_CAPACITY] = "equity_capacity",
    [LIMIT_TURNOVER_CAPACITY] = "turnover_capacity",
    [LIMIT_WORKING_CAPITAL_CAPACITY] = "working_capital_capacity",
    [LIMIT_APPETITE] = "appetite",
    [LIMIT_EXPECTED_LOSS_BUDGET] = "expected_loss_budget",
    [LIMIT_REQUESTED_AMOUNT] = "requested_amount",
};

const char *decision_status_wire(enum decision_status status)
{
    CHECK((unsigned)status < ARRAY_LEN(statuses));
    return statuses[status];
}

const char *limit_constraint_wire(enum limit_constraint constraint)
{
    CHECK((unsigned)constraint < LIMIT_CONSTRAINT_COUNT);
    return constraints[constraint];
}

/* ---- recommendations from best to worst ---- */

static unsigned severity(enum recommendation recommendation)
{
    static const unsigned severities[RECOMMENDATION_COUNT] = {
        [RECOMMEND_ACCEPT] = 0,
        [RECOMMEND_ACCEPT_WITH_GUARANTEES] = 1,
        [RECOMMEND_REFER] = 2,
        [RECOMMEND_DECLINE] = 3,
    };
    CHECK((unsigned)recommendation < RECOMMENDATION_COUNT);
    return severities[recommendation];
}

static enum recommendation worse_of(enum recommendation a, enum recommendation b)
{
    return severity(a) >= severity(b) ? a : b;
}

static bool lends(enum recommendation recommendation)
{
    return severity(recommendation) <= severity(RECOMMEND_ACCEPT_WITH_GUARANTEES);
}

/* ---- rules ---- */

static struct rule_input rule_input(const struct decision_input *in, const struct score *score)
{
    return (struct rule_input){.facts = in->facts,
                               .policy = in->policy,
                               .statement = score == NULL ? NULL : score->features.statement,
                               .coverage_ppm = score == NULL ? 0 : score->coverage_ppm};
}

/* Note every knock-out that fires.  Returns whether one did. */
static bool knock_out(struct decision *d, const struct decision_input *in)
{
    struct rule_input facts = rule_input(in, NULL);
    for (uint32_t i = 0; i < in->policy->rule_count; i++) {
        const struct policy_rule *rule = &in->policy->rules[i];
        if (rule->decides && rule_fires(rule->rule, &facts)) {
            reason_note(d, rule_reason(rule->rule));
        }
    }
    return d->rule_reason_count > 0;
}

/* What the rules that fire still allow: of all, and of those that hold without accounts. */
struct allowance {
    enum recommendation at_best;
    enum recommendation at_best_without_accounts;
};

static struct allowance apply_rules(struct decision *d, const struct decision_input *in)
{
    struct allowance allowed = {RECOMMEND_ACCEPT, RECOMMEND_ACCEPT};
    struct rule_input facts = rule_input(in, &d->score);
    d->grade = d->score.grade;
    for (uint32_t i = 0; i < in->policy->rule_count; i++) {
        const struct policy_rule *rule = &in->policy->rules[i];
        if (!rule_fires(rule->rule, &facts)) {
            continue;
        }
        reason_note(d, rule_reason(rule->rule));
        allowed.at_best = worse_of(allowed.at_best, rule->at_best);
        if (!rule_reads_accounts(rule->rule)) {
            allowed.at_best_without_accounts =
                worse_of(allowed.at_best_without_accounts, rule->at_best);
        }
        d->grade = rule->grade_at_best > d->grade ? rule->grade_at_best : d->grade;
    }
    return allowed;
}

/* ---- what is asked ---- */

static int32_t terms_of(const struct decision_input *in)
{
    return in->asked->terms_days >= 0 ? in->asked->terms_days : (int32_t)in->policy->terms_days;
}

static bool has_amount(const struct decision_input *in)
{
    return in->asked->amount.currency != CURRENCY_NONE;
}

/* The amount asked, or else all that could be lent. */
static struct money wanted(const struct decision *d, const struct decision_input *in)
{
    return has_amount(in) ? in->asked->amount : d->limit.capacity;
}

static bool is_small_ticket(const struct decision_input *in)
{
    return has_amount(in) && money_compare(in->asked->amount, in->policy->small_ticket) <= 0;
}

/* The debtor's place decides: C. com. L441-10 is public order. */
static bool is_french(const struct company *company)
{
    bool is = str_eq(str_from(company->country), STR("FR"));
    for (uint32_t i = 0; i < company->identifier_count; i++) {
        is = is || str_eq(str_from(company->identifiers[i].country), STR("FR"));
    }
    return is;
}

/* ---- guarantees ---- */

static void ask_guarantee(struct decision *d, const struct policy_guarantee *step,
                          struct money amount, struct money limit_if_met)
{
    CHECK(d->guarantee_count < POLICY_GUARANTEES_MAX);
    d->guarantees[d->guarantee_count++] = (struct guarantee){.type = step->type,
                                                             .amount = amount,
                                                             .tenor_months = step->tenor_months,
                                                             .if_met = RECOMMEND_ACCEPT,
                                                             .limit_if_met = limit_if_met};
}

/* Secure what goes beyond `unsecured`.  Returns whether the ladder has a step for it. */
static bool secure(struct decision *d, const struct decision_input *in, struct money unsecured)
{
    struct money whole = wanted(d, in);
    struct money amount = {whole.minor - unsecured.minor, whole.currency};
    struct guarantee_need need = {.pd_ppm_bound = d->score.pd_ppm_bound,
                                  .terms_days = terms_of(in),
                                  .amount = amount,
                                  .must_be_paid_by_others =
                                      whole.minor / OVERSIZE > d->limit.capacity.minor ||
                                      d->limit.capacity.minor == 0};
    const struct policy_guarantee *step =
        amount.minor > 0 ? guarantee_find(in->policy, &need) : NULL;
    if (step != NULL) {
        ask_guarantee(d, step, amount, whole);
    }
    return step != NULL;
}

/* A full deposit leaves nothing to lose: small tickets need no accounts, and none are held against
 * them.  That a file without accounts gets no more than one with bad accounts is why this comes
 * last. */
static void offer_deposit(struct decision *d, const struct decision_input *in,
                          const struct allowance *allowed)
{
    const struct policy_guarantee *deposit = guarantee_find_deposit(in->policy);
    if (lends(d->recommendation) || !is_small_ticket(in) || deposit == NULL ||
        !lends(allowed->at_best_without_accounts)) {
        return;
    }
    if (d->status == DECISION_THIN &&
        d->score.pd_ppm_bound > policy_threshold_ppm(in->policy, deposit->lgd_ppm, terms_of(in))) {
        return;
    }
    d->recommendation = RECOMMEND_ACCEPT_WITH_GUARANTEES;
    ask_guarantee(d, deposit, in->asked->amount, in->asked->amount);
}

/* ---- risk and limit ---- */

/* Is the risk within the threshold even at its bound?  If not, say why. */
static bool risk_is_taken(struct decision *d)
{
    if (d->score.pd_ppm_bound <= d->threshold_ppm) {
        return true;
    }
    reason_note(d, d->score.pd_ppm > d->threshold_ppm ? REASON_PD_ABOVE_THRESHOLD
                                                      : REASON_PD_UNCERTAIN);
    return false;
}

/* Nobody may lend unsecured: ask for a security of the whole, or else look or refuse. */
static enum recommendation decide_secured(struct decision *d, const struct decision_input *in)
{
    if (secure(d, in, (struct money){0, in->policy->currency})) {
        return RECOMMEND_ACCEPT_WITH_GUARANTEES;
    }
    if (d->limit.capacity.minor == 0 && d->score.pd_ppm_bound <= d->threshold_ppm) {
        reason_note(d, REASON_LIMIT_EXHAUSTED);
    }
    return d->score.pd_ppm > d->threshold_ppm ? RECOMMEND_DECLINE : RECOMMEND_REFER;
}

/* The risk is taken: lend what the capacity covers, and ask for a security of the rest. */
static enum recommendation decide_by_limit(struct decision *d, const struct decision_input *in)
{
    struct money capacity = d->limit.capacity;
    if (capacity.minor > 0 && money_compare(wanted(d, in), capacity) <= 0) {
        return RECOMMEND_ACCEPT;
    }
    reason_note(d, capacity.minor == 0 ? REASON_LIMIT_EXHAUSTED : REASON_LIMIT_BELOW_REQUEST);
    return secure(d, in, capacity) ? RECOMMEND_ACCEPT_WITH_GUARANTEES : RECOMMEND_REFER;
}

static enum recommendation decide_scored(struct decision *d, const struct decision_input *in,
                                         const struct allowance *allowed)
{
    enum recommendation outcome;
    bool is_taken = risk_is_taken(d);
    if (!is_taken || allowed->at_best == RECOMMEND_ACCEPT_WITH_GUARANTEES) {
        outcome = decide_secured(d, in);
    } else if (allowed->at_best == RECOMMEND_ACCEPT) {
        outcome = decide_by_limit(d, in);
    } else {
        outcome = RECOMMEND_ACCEPT;
    }
    return worse_of(outcome, allowed->at_best);
}

static enum recommendation decide_thin(struct decision *d, const struct decision_input *in,
                                       const struct allowance *allowed)
{
    reason_note(d, REASON_NO_ACCOUNTS);
    enum recommendation outcome = RECOMMEND_REFER;
    if (d->score.pd_ppm > in->policy->decline_pd_ppm) {
        reason_note(d, REASON_PD_ABOVE_THRESHOLD);
        outcome = RECOMMEND_DECLINE;
    }
    return worse_of(outcome, allowed->at_best);
}

/* Lend what the recommendation lends unsecured, and expect to lose accordingly. */
static void set_amounts(struct decision *d, const struct decision_input *in)
{
    bool is_partly_secured =
        d->guarantee_count > 0 && money_compare(d->guarantees[0].amount, wanted(d, in)) < 0;
    if (d->recommendation == RECOMMEND_ACCEPT || is_partly_secured) {
        limit_grant(&d->limit, in->policy);
    }
    struct money exposed = d->limit.recommended.minor > 0 ? d->limit.recommended : wanted(d, in);
    const wide one = (wide)PD_PPM_ONE * PD_PPM_ONE;
    wide product = (wide)exposed.minor * d->score.pd_ppm * in->policy->lgd_ppm;
    wide whole = product / one, rest = product % one;
    bool is_up = 2 * rest > one || (2 * rest == one && whole % 2 != 0);
    d->lgd_ppm = in->policy->lgd_ppm;
    d->expected_loss = (struct money){(int64_t)whole + (is_up ? 1 : 0), in->policy->currency};
}

static void decide_with_score(struct decision *d, const struct decision_input *in)
{
    score_compute(&d->score, in->model, in->facts);
    d->status = d->score.is_thin ? DECISION_THIN : DECISION_SCORED;
    uint32_t threshold = policy_threshold_ppm(in->policy, in->policy->lgd_ppm, terms_of(in));
    d->threshold_ppm =
        threshold < in->policy->decline_pd_ppm ? threshold : in->policy->decline_pd_ppm;
    limit_compute(&d->limit, in, &d->score);
    struct allowance allowed = apply_rules(d, in);
    if (d->status == DECISION_THIN) {
        d->limit.capacity.minor = 0;
        d->recommendation = decide_thin(d, in, &allowed);
    } else {
        d->recommendation = decide_scored(d, in, &allowed);
    }
    if (!lends(d->recommendation)) {
        d->guarantee_count = 0; /* the ladder had a step, but a rule does not let it be taken */
    }
    offer_deposit(d, in, &allowed);
    set_amounts(d, in);
}

void decision_make(struct decision *out, const struct decision_input *in)
{
    enum reason exclusion;
    const struct company *company = &in->facts->company;
    *out = (struct decision){.grade = GRADE_P};
    if (perimeter_excludes(&exclusion, in)) {
        out->status = DECISION_NOT_SCORABLE;
        out->recommendation = RECOMMEND_REFER;
        reason_note(out, exclusion);
        limit_compute(&out->limit, in, NULL);
    } else if (knock_out(out, in)) {
        out->status = DECISION_DECIDED_BY_RULE;
        out->recommendation = RECOMMEND_DECLINE;
        limit_compute(&out->limit, in, NULL);
    } else {
        decide_with_score(out, in);
    }
    out->terms_above_legal = is_french(company) && in->asked->terms_days > LEGAL_TERMS_DAYS_MAX;
    out->offers_human_review =
        company->nature == LEGAL_NATURE_NATURAL_PERSON && out->recommendation == RECOMMEND_DECLINE;
    reasons_state(out, in);
    CHECK(out->recommendation == RECOMMEND_ACCEPT || out->adverse_count > 0);
    CHECK(lends(out->recommendation) || out->limit.recommended.minor == 0);
}
