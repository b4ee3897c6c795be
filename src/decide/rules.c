/* rules.c - the rules as a table; a risk officer can read it top to bottom. */
#include "decide/rules.h"

#include "feature/neighbourhood.h"

static enum proceedings proceedings(const struct rule_input *in)
{
    return legal_proceedings(in->facts->legal_events, in->facts->legal_event_count,
                             in->facts->as_of);
}

static bool is_struck_off(const struct rule_input *in)
{
    return legal_is_struck_off(in->facts->legal_events, in->facts->legal_event_count,
                               in->facts->as_of);
}

static bool is_in_liquidation(const struct rule_input *in)
{
    return proceedings(in) == PROCEEDINGS_LIQUIDATION;
}

static bool is_in_reorganisation(const struct rule_input *in)
{
    return proceedings(in) == PROCEEDINGS_REORGANISATION;
}

static bool is_in_safeguard(const struct rule_input *in)
{
    return proceedings(in) == PROCEEDINGS_SAFEGUARD;
}

static bool has_running_plan(const struct rule_input *in)
{
    return proceedings(in) == PROCEEDINGS_PLAN;
}

static enum connection connection(const struct rule_input *in)
{
    const struct neighbourhood *neighbourhood = in->facts->neighbourhood;
    return neighbourhood == NULL ? CONNECTION_NONE : neighbourhood->group.connection;
}

static bool has_insolvent_controller(const struct rule_input *in)
{
    return connection(in) == CONNECTION_INSOLVENT;
}

static bool has_distressed_controller(const struct rule_input *in)
{
    return connection(in) == CONNECTION_DISTRESSED;
}

static bool has(const struct rule_input *in, enum item item)
{
    return in->statement != NULL && statement_has(in->statement, item);
}

static bool has_negative_equity(const struct rule_input *in)
{
    return has(in, ITEM_EQUITY) && statement_minor(in->statement, ITEM_EQUITY) < 0;
}

/* French companies must then decide in public whether to go on (C. com. L225-248, L223-42); Spanish
 * ones must dissolve or restore it (LSC art. 363). */
static bool has_lost_half_capital(const struct rule_input *in)
{
    if (!has(in, ITEM_EQUITY) || !has(in, ITEM_SHARE_CAPITAL)) {
        return false;
    }
    int64_t equity = statement_minor(in->statement, ITEM_EQUITY);
    return equity >= 0 && 2 * equity < statement_minor(in->statement, ITEM_SHARE_CAPITAL);
}

static bool accounts_older_than(const struct rule_input *in, uint32_t months)
{
    return in->statement != NULL &&
           date_compare(date_add_months(in->statement->period_end, (int)months), in->facts->as_of) <
               0;
}

static bool has_outdated_accounts(const struct rule_input *in)
{
    return accounts_older_than(in, in->policy->outdated_months);
}

static bool has_stale_accounts(const struct rule_input *in)
{
    return accounts_older_than(in, in->policy->stale_months) && !has_outdated_accounts(in);
}

static bool has_too_little_data(const struct rule_input *in)
{
    return in->statement != NULL && in->coverage_ppm < in->policy->minimum_coverage_ppm;
}

static bool has_contradictory_accounts(const struct rule_input *in)
{
    for (unsigned i = 0; i < STATEMENT_CHECK_COUNT && in->statement != NULL; i++) {
        struct check_result result = statement_check(in->statement, (enum statement_check)i);
        if (result.is_checkable && !result.is_ok) {
            return true;
        }
    }
    return false;
}

static const struct {
    const char *wire;
    enum reason reason;
    bool reads_accounts; /* these cap a decision; the others may make one */
    bool (*fires)(const struct rule_input *in);
} rules[RULE_COUNT] = {
  /* clang-format off */
    [RULE_STRUCK_OFF] = {
        "struck_off", REASON_STRUCK_OFF, false, is_struck_off},
    [RULE_LIQUIDATION_OPEN] = {
        "liquidation_open", REASON_LIQUIDATION_OPEN, false, is_in_liquidation},
    [RULE_REORGANISATION_OPEN] = {
        "reorganisation_open", REASON_REORGANISATION_OPEN, false, is_in_reorganisation},
    [RULE_SAFEGUARD_OPEN] = {
        "safeguard_open", REASON_SAFEGUARD_OPEN, false, is_in_safeguard},
    [RULE_PLAN_RUNNING] = {
        "plan_running", REASON_PLAN_RUNNING, false, has_running_plan},
    [RULE_CONTROLLER_INSOLVENT] = {
        "controller_insolvent", REASON_CONTROLLER_INSOLVENT, false, has_insolvent_controller},
    [RULE_CONTROLLER_DISTRESSED] = {
        "controller_distressed", REASON_CONTROLLER_DISTRESSED, false, has_distressed_controller},
    [RULE_NEGATIVE_EQUITY] = {
        "negative_equity", REASON_NEGATIVE_EQUITY, true, has_negative_equity},
    [RULE_EQUITY_BELOW_HALF_CAPITAL] = {
        "equity_below_half_capital", REASON_EQUITY_BELOW_HALF_CAPITAL, true, has_lost_half_capital},
    [RULE_ACCOUNTS_STALE] = {
        "accounts_stale", REASON_ACCOUNTS_STALE, true, has_stale_accounts},
    [RULE_ACCOUNTS_OUTDATED] = {
        "accounts_outdated", REASON_ACCOUNTS_OUTDATED, true, has_outdated_accounts},
    [RULE_TOO_LITTLE_DATA] = {
        "too_little_data", REASON_TOO_LITTLE_DATA, true, has_too_little_data},
    [RULE_ACCOUNTS_DO_NOT_ADD_UP] = {
        "accounts_do_not_add_up", REASON_ACCOUNTS_DO_NOT_ADD_UP, true, has_contradictory_accounts},
  /* clang-format on */
};

bool rule_read(enum rule *out, struct str wire)
{
    for (size_t i = 0; i < RULE_COUNT; i++) {
        if (str_eq(wire, str_from(rules[i].wire))) {
            *out = (enum rule)i;
            return true;
        }
    }
    return false;
}

const char *rule_wire(enum rule rule)
{
    CHECK((unsigned)rule < RULE_COUNT);
    return rules[rule].wire;
}

enum reason rule_reason(enum rule rule)
{
    CHECK((unsigned)rule < RULE_COUNT);
    return rules[rule].reason;
}

bool rule_reads_accounts(enum rule rule)
{
    CHECK((unsigned)rule < RULE_COUNT);
    return rules[rule].reads_accounts;
}

bool rule_may_decide(enum rule rule)
{
    CHECK((unsigned)rule < RULE_COUNT);
    return !rules[rule].reads_accounts;
}

bool rule_fires(enum rule rule, const struct rule_input *in)
{
    CHECK((unsigned)rule < RULE_COUNT);
    return rules[rule].fires(in);
}
