/* limit.c - caps, the one that binds, and what is left. */
#include "decide/limit.h"

enum { PPM = 1000000, YEAR_MONTHS = 12 };

/* An amount of the accounts; the currency of the policy is the only one that can be lent. */
static bool amount_of(struct money *out, const struct decision_input *in,
                      const struct statement *statement, enum item item)
{
    if (statement == NULL || statement->currency != in->policy->currency ||
        !statement_has(statement, item)) {
        return false;
    }
    *out = (struct money){statement_minor(statement, item), statement->currency};
    return true;
}

static int64_t within(int64_t minor, int64_t least, int64_t most)
{
    return minor < least ? least : minor > most ? most : minor;
}

static void set_cap(struct limit *limit, enum limit_constraint constraint, struct money cap,
                    bool is_assumed)
{
    CHECK(cap.minor >= 0);
    limit->present |= 1U << constraint;
    limit->assumed |= is_assumed ? 1U << constraint : 0;
    limit->caps[constraint] = cap;
}

static void cap_by_equity(struct limit *limit, const struct decision_input *in,
                          const struct statement *statement, unsigned letter)
{
    struct money equity = {0, limit->currency};
    bool is_known = amount_of(&equity, in, statement, ITEM_EQUITY);
    equity.minor = within(equity.minor, 0, MONEY_MINOR_MAX);
    set_cap(limit, LIMIT_EQUITY_CAPACITY,
            money_scale_ppm(equity, in->policy->equity_share_ppm[letter], ROUND_DOWN), !is_known);
}

/* Of a year's revenue: other exercises are brought to twelve months. */
static void cap_by_turnover(struct limit *limit, const struct decision_input *in,
                            const struct statement *statement, unsigned letter)
{
    struct money revenue = {0, limit->currency};
    bool is_known = amount_of(&revenue, in, statement, ITEM_REVENUE);
    if (is_known) {
        CHECK(statement->months > 0);
        revenue.minor = within(revenue.minor * YEAR_MONTHS / statement->months, 0, MONEY_MINOR_MAX);
    }
    set_cap(limit, LIMIT_TURNOVER_CAPACITY,
            money_scale_ppm(revenue, in->policy->turnover_share_ppm[letter], ROUND_DOWN),
            !is_known);
}

/* Never below its floor, a part of the equity capacity: sound shops live on negative working
 * capital. */
static void cap_by_working_capital(struct limit *limit, const struct decision_input *in,
                                   const struct statement *statement)
{
    const struct policy *policy = in->policy;
    struct money assets, debts, share = {0, limit->currency};
    struct money floor = money_scale_ppm(limit->caps[LIMIT_EQUITY_CAPACITY],
                                         policy->working_capital_floor_ppm, ROUND_DOWN);
    bool is_known = amount_of(&assets, in, statement, ITEM_CURRENT_ASSETS) &&
                    amount_of(&debts, in, statement, ITEM_CURRENT_LIABILITIES);
    if (is_known) {
        share.minor = within(assets.minor - debts.minor, 0, MONEY_MINOR_MAX);
        share = money_scale_ppm(share, policy->working_capital_share_ppm, ROUND_DOWN);
    }
    set_cap(limit, LIMIT_WORKING_CAPITAL_CAPACITY, money_compare(share, floor) > 0 ? share : floor,
            !is_known);
}

static struct money budget_cap(const struct policy *policy, uint32_t pd_ppm, uint32_t lgd_ppm)
{
    /* Expected loss of one unit, in parts per million, never below the truth. */
    int64_t rate = ((int64_t)pd_ppm * lgd_ppm + PPM - 1) / PPM;
    if (rate == 0) {
        return (struct money){MONEY_MINOR_MAX, policy->currency};
    }
    int64_t cap = policy->expected_loss_budget.minor * PPM / rate;
    return (struct money){within(cap, 0, MONEY_MINOR_MAX), policy->currency};
}

struct money limit_secured_ceiling(const struct policy *policy, uint32_t pd_ppm, uint32_t lgd_ppm)
{
    return money_round_down_to(money_min(policy->appetite, budget_cap(policy, pd_ppm, lgd_ppm)),
                               policy->round_down_to);
}

/* The smallest of the caps; of equals the first. */
static enum limit_constraint smallest_cap(const struct limit *limit, uint32_t among)
{
    enum limit_constraint smallest = LIMIT_CONSTRAINT_COUNT;
    for (unsigned i = 0; i < LIMIT_CONSTRAINT_COUNT; i++) {
        bool is_smaller =
            (among & 1U << i) != 0 && (smallest == LIMIT_CONSTRAINT_COUNT ||
                                       money_compare(limit->caps[i], limit->caps[smallest]) < 0);
        smallest = is_smaller ? (enum limit_constraint)i : smallest;
    }
    CHECK(smallest != LIMIT_CONSTRAINT_COUNT);
    return smallest;
}

static bool is_stale(const struct decision_input *in, const struct statement *statement)
{
    return statement != NULL &&
           date_compare(date_add_months(statement->period_end, (int)in->policy->stale_months),
                        in->facts->as_of) < 0;
}

static void set_capacity(struct limit *limit, const struct decision_input *in,
                         const struct statement *statement, unsigned letter)
{
    const struct policy *policy = in->policy;
    uint64_t multiplier = policy->multiplier_ppm[letter];
    if (is_stale(in, statement)) {
        multiplier = multiplier * policy->stale_multiplier_ppm / PPM;
    }
    limit->multiplier_ppm = (uint32_t)multiplier;
    limit->binding = smallest_cap(limit, limit->present);
    limit->capacity = money_round_down_to(
        money_scale_ppm(limit->caps[limit->binding], limit->multiplier_ppm, ROUND_DOWN),
        policy->round_down_to);
    if (money_compare(limit->capacity, policy->smallest_limit) < 0) {
        limit->capacity.minor = 0;
    }
}

void limit_compute(struct limit *out, const struct decision_input *in, const struct score *score)
{
    const struct policy *policy = in->policy;
    struct money nothing = {0, policy->currency};
    *out =
        (struct limit){.currency = policy->currency,
                       .requested = in->asked->amount,
                       .capacity = nothing,
                       .recommended = nothing,
                       .exposure = nothing,
                       .available = nothing,
                       .per_order = nothing,
                       .binding = LIMIT_CONSTRAINT_COUNT,
                       .valid_until = date_add_days(in->facts->as_of, (int32_t)policy->valid_days),
                       .review_at = date_add_days(in->facts->as_of, (int32_t)policy->review_days)};
    if (score == NULL) {
        return;
    }
    unsigned letter = grade_letter(grade_of_pd(score->pd_ppm_bound));
    const struct statement *statement = score->features.statement;
    cap_by_equity(out, in, statement, letter);
    cap_by_turnover(out, in, statement, letter);
    cap_by_working_capital(out, in, statement);
    set_cap(out, LIMIT_APPETITE, policy->appetite, false);
    set_cap(out, LIMIT_EXPECTED_LOSS_BUDGET,
            budget_cap(policy, score->pd_ppm_bound, policy->lgd_ppm), false);
    set_capacity(out, in, statement, letter);
    if (in->asked->amount.currency != CURRENCY_NONE) {
        set_cap(out, LIMIT_REQUESTED_AMOUNT, in->asked->amount, false);
        if (money_compare(in->asked->amount, out->capacity) <= 0) {
            out->binding = LIMIT_REQUESTED_AMOUNT;
        }
    }
}

void limit_grant(struct limit *limit, const struct policy *policy)
{
    CHECK(limit->recommended.minor == 0);
    CHECK(limit->capacity.minor > 0);
    struct money per_order = money_round_down_to(
        money_scale_ppm(limit->capacity, policy->per_order_ppm, ROUND_DOWN), policy->round_down_to);
    if (per_order.minor == 0) {
        per_order = limit->capacity;
    }
    limit->recommended = limit->requested.currency == CURRENCY_NONE
                             ? limit->capacity
                             : money_min(limit->requested, limit->capacity);
    limit->available = limit->recommended;
    limit->per_order = money_min(per_order, limit->recommended);
}
