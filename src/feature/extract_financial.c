/* extract_financial.c - ratios of the accounts.
 *
 * Amounts are minor units of one currency, so ratios need no conversion, and integers up to 10^15
 * are exact as doubles. */
#include "base/elementary.h"
#include "feature/extract.h"

static const struct known UNKNOWN = {0.0, false};

/* Above the upper clip of every feature: the worst bin of one whose risk rises with its value. */
static const struct known FAR_TOO_HIGH = {1e6, true};

enum { DAYS_PER_YEAR = 365, THOUSAND = 1000 };

/* Purchases are booked without value added tax, payables with it: the usual rate of 20 %. */
static const double WITH_TAX = 1.2;

struct known balance_item(const struct statement *s, enum item item)
{
    if (s == NULL || !statement_has(s, item)) {
        return UNKNOWN;
    }
    return (struct known){(double)statement_minor(s, item), true};
}

struct known flow_item(const struct statement *s, enum item item)
{
    struct known flow = balance_item(s, item);
    if (flow.is_known) {
        CHECK(s->months > 0);
        flow.value = flow.value * 12.0 / s->months;
    }
    return flow;
}

static struct known ratio(struct known numerator, struct known denominator)
{
    bool is_zero = denominator.value > -1e-9 && denominator.value < 1e-9;
    if (!numerator.is_known || !denominator.is_known || is_zero) {
        return UNKNOWN;
    }
    return (struct known){numerator.value / denominator.value, true};
}

static struct known times(struct known a, double factor)
{
    return (struct known){a.value * factor, a.is_known};
}

static struct known plus(struct known a, struct known b)
{
    return (struct known){a.value + b.value, a.is_known && b.is_known};
}

static struct known minus(struct known a, struct known b)
{
    return (struct known){a.value - b.value, a.is_known && b.is_known};
}

static struct known is_below_zero(struct known a)
{
    return (struct known){a.value < 0.0 ? 1.0 : 0.0, a.is_known};
}

/* A ratio whose risk rises with it, over something that ought to be positive.  Nothing to divide by
 * is as bad as can be, not missing: whoever earns nothing must not be better off than who earns
 * little. */
static struct known burden(struct known numerator, struct known denominator)
{
    if (numerator.is_known && denominator.is_known && denominator.value <= 0.0) {
        return FAR_TOO_HIGH;
    }
    return ratio(numerator, denominator);
}

struct known feature_equity_ratio(const struct extract_input *in)
{
    return ratio(balance_item(in->now, ITEM_EQUITY), balance_item(in->now, ITEM_TOTAL_ASSETS));
}

struct known feature_equity_tl(const struct extract_input *in)
{
    return ratio(balance_item(in->now, ITEM_EQUITY), balance_item(in->now, ITEM_TOTAL_LIABILITIES));
}

struct known feature_wc_ta(const struct extract_input *in)
{
    struct known working_capital = minus(balance_item(in->now, ITEM_CURRENT_ASSETS),
                                         balance_item(in->now, ITEM_CURRENT_LIABILITIES));
    return ratio(working_capital, balance_item(in->now, ITEM_TOTAL_ASSETS));
}

struct known feature_current_ratio(const struct extract_input *in)
{
    return ratio(balance_item(in->now, ITEM_CURRENT_ASSETS),
                 balance_item(in->now, ITEM_CURRENT_LIABILITIES));
}

struct known feature_quick_ratio(const struct extract_input *in)
{
    /* Inventories nobody stated are unknown, not zero: zero would be the best they could be. */
    struct known quick_assets =
        minus(balance_item(in->now, ITEM_CURRENT_ASSETS), balance_item(in->now, ITEM_INVENTORIES));
    return ratio(quick_assets, balance_item(in->now, ITEM_CURRENT_LIABILITIES));
}

struct known feature_cash_cl(const struct extract_input *in)
{
    /* Securities nobody stated count as none: the worst they could be. */
    struct known cash = balance_item(in->now, ITEM_CASH);
    cash.value += balance_item(in->now, ITEM_SECURITIES).value;
    return ratio(cash, balance_item(in->now, ITEM_CURRENT_LIABILITIES));
}

struct known feature_ebit_ta(const struct extract_input *in)
{
    return ratio(flow_item(in->now, ITEM_EBIT), balance_item(in->now, ITEM_TOTAL_ASSETS));
}

struct known feature_ebitda_ta(const struct extract_input *in)
{
    return ratio(flow_item(in->now, ITEM_EBITDA), balance_item(in->now, ITEM_TOTAL_ASSETS));
}

static struct known roa_of(const struct statement *s)
{
    return ratio(flow_item(s, ITEM_NET_INCOME), balance_item(s, ITEM_TOTAL_ASSETS));
}

struct known feature_roa(const struct extract_input *in)
{
    return roa_of(in->now);
}

struct known feature_op_margin(const struct extract_input *in)
{
    return ratio(flow_item(in->now, ITEM_EBIT), flow_item(in->now, ITEM_REVENUE));
}

struct known feature_net_margin(const struct extract_input *in)
{
    return ratio(flow_item(in->now, ITEM_NET_INCOME), flow_item(in->now, ITEM_REVENUE));
}

struct known feature_cf_tl(const struct extract_input *in)
{
    struct known cash_flow = plus(flow_item(in->now, ITEM_NET_INCOME),
                                  flow_item(in->now, ITEM_DEPRECIATION_AND_AMORTIZATION));
    return ratio(cash_flow, balance_item(in->now, ITEM_TOTAL_LIABILITIES));
}

struct known feature_int_cover(const struct extract_input *in)
{
    struct known ebitda = flow_item(in->now, ITEM_EBITDA);
    struct known interest = flow_item(in->now, ITEM_INTEREST_EXPENSE);
    if (ebitda.is_known && interest.is_known && interest.value <= 0.0) {
        return (struct known){50.0, true}; /* nothing to cover */
    }
    return ratio(ebitda, interest);
}

struct known feature_fin_charge_sales(const struct extract_input *in)
{
    return ratio(flow_item(in->now, ITEM_FINANCIAL_CHARGES), flow_item(in->now, ITEM_REVENUE));
}

struct known feature_debt_ebitda(const struct extract_input *in)
{
    struct known net_debt =
        minus(balance_item(in->now, ITEM_FINANCIAL_DEBT), balance_item(in->now, ITEM_CASH));
    return burden(net_debt, flow_item(in->now, ITEM_EBITDA));
}

struct known feature_stl_ta(const struct extract_input *in)
{
    return ratio(balance_item(in->now, ITEM_CURRENT_LIABILITIES),
                 balance_item(in->now, ITEM_TOTAL_ASSETS));
}

static struct known days_of(const struct extract_input *in, enum item stock, struct known flow)
{
    return ratio(times(balance_item(in->now, stock), DAYS_PER_YEAR), flow);
}

struct known feature_stl_days(const struct extract_input *in)
{
    return days_of(in, ITEM_CURRENT_LIABILITIES, flow_item(in->now, ITEM_REVENUE));
}

struct known feature_dpo(const struct extract_input *in)
{
    struct known purchases = times(flow_item(in->now, ITEM_PURCHASES), WITH_TAX);
    if (purchases.is_known && purchases.value < 0.0) {
        return burden(balance_item(in->now, ITEM_TRADE_PAYABLES), purchases);
    }
    return days_of(in, ITEM_TRADE_PAYABLES, purchases);
}

struct known feature_dso(const struct extract_input *in)
{
    return days_of(in, ITEM_TRADE_RECEIVABLES, flow_item(in->now, ITEM_REVENUE));
}

struct known feature_dio(const struct extract_input *in)
{
    return days_of(in, ITEM_INVENTORIES, flow_item(in->now, ITEM_REVENUE));
}

struct known feature_tax_social_va(const struct extract_input *in)
{
    return burden(balance_item(in->now, ITEM_TAX_AND_SOCIAL_PAYABLES),
                  flow_item(in->now, ITEM_VALUE_ADDED));
}

struct known feature_personnel_va(const struct extract_input *in)
{
    return burden(flow_item(in->now, ITEM_PERSONNEL_EXPENSES),
                  flow_item(in->now, ITEM_VALUE_ADDED));
}

struct known feature_neg_equity(const struct extract_input *in)
{
    return is_below_zero(balance_item(in->now, ITEM_EQUITY));
}

struct known feature_loss(const struct extract_input *in)
{
    return is_below_zero(flow_item(in->now, ITEM_NET_INCOME));
}

struct known feature_ebitda_neg(const struct extract_input *in)
{
    struct known ebitda = flow_item(in->now, ITEM_EBITDA);
    return (struct known){ebitda.value <= 0.0 ? 1.0 : 0.0, ebitda.is_known};
}

/* Below half of the share capital the members must vote on going on: code de commerce, articles
 * L223-42 and L225-248. */
struct known feature_half_capital(const struct extract_input *in)
{
    struct known equity = balance_item(in->now, ITEM_EQUITY);
    return is_below_zero(minus(equity, times(balance_item(in->now, ITEM_SHARE_CAPITAL), 0.5)));
}

/* One year without a loss is enough for no; yes takes both. */
struct known feature_loss2y(const struct extract_input *in)
{
    struct known now = is_below_zero(flow_item(in->now, ITEM_NET_INCOME));
    struct known before = is_below_zero(flow_item(in->before, ITEM_NET_INCOME));
    if (now.is_known && now.value == 0.0) {
        return now;
    }
    return (struct known){now.value * before.value, now.is_known && before.is_known};
}

struct known feature_d_roa(const struct extract_input *in)
{
    return minus(roa_of(in->now), roa_of(in->before));
}

static struct known leverage_of(const struct statement *s)
{
    return ratio(balance_item(s, ITEM_TOTAL_LIABILITIES), balance_item(s, ITEM_TOTAL_ASSETS));
}

struct known feature_d_leverage(const struct extract_input *in)
{
    return minus(leverage_of(in->now), leverage_of(in->before));
}

struct known feature_sales_growth(const struct extract_input *in)
{
    struct known growth =
        ratio(flow_item(in->now, ITEM_REVENUE), flow_item(in->before, ITEM_REVENUE));
    return minus(growth, (struct known){1.0, true});
}

struct known feature_statement_age(const struct extract_input *in)
{
    if (in->now == NULL) {
        return UNKNOWN;
    }
    int months = date_months_between(in->now->period_end, in->facts->as_of);
    return (struct known){months, true};
}

/* In the currency of the accounts: a size, as coarse as its logarithm. */
struct known feature_log_ta(const struct extract_input *in)
{
    struct known assets = balance_item(in->now, ITEM_TOTAL_ASSETS);
    if (!assets.is_known || assets.value <= 0.0) {
        return UNKNOWN;
    }
    for (unsigned i = 0; i < currency_exponent(in->now->currency); i++) {
        assets.value /= 10.0;
    }
    return (struct known){elementary_log10(assets.value / THOUSAND), true};
}
