/* formulas.c - sums of weighted ratios; an unknown part makes the sum unknown. */
#include "feature/formulas.h"

#include "base/check.h"
#include "base/elementary.h"

#include <stddef.h>

static const struct known UNKNOWN = {0.0, false};

static double size_of(double x)
{
    return x < 0.0 ? -x : x;
}

static struct known ratio(struct known numerator, struct known denominator)
{
    if (!numerator.is_known || !denominator.is_known || size_of(denominator.value) < 1e-9) {
        return UNKNOWN;
    }
    return (struct known){numerator.value / denominator.value, true};
}

static struct known minus(struct known a, struct known b)
{
    return (struct known){a.value - b.value, a.is_known && b.is_known};
}

struct term {
    double weight;
    struct known value;
};

static struct known weighted_sum(double constant, const struct term *terms, size_t count)
{
    double sum = constant;
    for (size_t i = 0; i < count; i++) {
        if (!terms[i].value.is_known) {
            return UNKNOWN;
        }
        sum += terms[i].weight * terms[i].value.value;
    }
    return (struct known){sum, true};
}

/* Version 14 of the formatter lays the arguments of calls out as columns of a table. */
/* clang-format off */
static struct known working_capital_share(const struct formula_inputs *in)
{
    return ratio(minus(in->current_assets, in->current_liabilities), in->total_assets);
}

struct known altman_z(const struct formula_inputs *in)
{
    const struct term terms[] = {
        {1.2, working_capital_share(in)},
        {1.4, ratio(in->retained_earnings, in->total_assets)},
        {3.3, ratio(in->ebit, in->total_assets)},
        {0.6, ratio(in->market_equity, in->total_liabilities)},
        {0.999, ratio(in->revenue, in->total_assets)},
    };
    return weighted_sum(0.0, terms, ARRAY_LEN(terms));
}

struct known altman_z_private(const struct formula_inputs *in)
{
    const struct term terms[] = {
        {0.717, working_capital_share(in)},
        {0.847, ratio(in->retained_earnings, in->total_assets)},
        {3.107, ratio(in->ebit, in->total_assets)},
        {0.420, ratio(in->equity, in->total_liabilities)},
        {0.998, ratio(in->revenue, in->total_assets)},
    };
    return weighted_sum(0.0, terms, ARRAY_LEN(terms));
}

static struct known altman_services_from(double constant, const struct formula_inputs *in)
{
    const struct term terms[] = {
        {6.56, working_capital_share(in)},
        {3.26, ratio(in->retained_earnings, in->total_assets)},
        {6.72, ratio(in->ebit, in->total_assets)},
        {1.05, ratio(in->equity, in->total_liabilities)},
    };
    return weighted_sum(constant, terms, ARRAY_LEN(terms));
}

struct known altman_z_services(const struct formula_inputs *in)
{
    return altman_services_from(0.0, in);
}

struct known altman_em_score(const struct formula_inputs *in)
{
    return altman_services_from(3.25, in);
}

const char *altman_em_rating(double em_score)
{
    /* A rating holds the scores above its bound. */
    static const struct {
        double above;
        const char *rating;
    } rows[] = {
        {8.15, "AAA"}, {7.60, "AA+"},  {7.30, "AA"},   {7.00, "AA-"},  {6.85, "A+"},
        {6.65, "A"},   {6.40, "A-"},   {6.25, "BBB+"}, {5.85, "BBB"},  {5.65, "BBB-"},
        {5.25, "BB+"}, {4.95, "BB"},   {4.75, "BB-"},  {4.50, "B+"},   {4.15, "B"},
        {3.75, "B-"},  {3.20, "CCC+"}, {2.50, "CCC"},  {1.75, "CCC-"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (em_score > rows[i].above) {
            return rows[i].rating;
        }
    }
    return "D";
}

struct known springate(const struct formula_inputs *in)
{
    const struct term terms[] = {
        {1.03, working_capital_share(in)},
        {3.07, ratio(in->ebit, in->total_assets)},
        {0.66, ratio(in->profit_before_tax, in->current_liabilities)},
        {0.4, ratio(in->revenue, in->total_assets)},
    };
    return weighted_sum(0.0, terms, ARRAY_LEN(terms));
}

struct known zmijewski(const struct formula_inputs *in)
{
    const struct term terms[] = {
        {-4.513, ratio(in->net_income, in->total_assets)},
        {5.679, ratio(in->total_liabilities, in->total_assets)},
        {0.004, ratio(in->current_assets, in->current_liabilities)},
    };
    return weighted_sum(-4.336, terms, ARRAY_LEN(terms));
}

double zmijewski_pd(double score)
{
    return elementary_normal_cdf(score);
}

static struct known flag(bool is_set, bool is_known)
{
    return (struct known){is_set ? 1.0 : 0.0, is_known};
}

/* The logarithm of assets in constant prices; unknown unless both are above zero. */
static struct known log_of_ratio(struct known numerator, struct known denominator)
{
    struct known x = ratio(numerator, denominator);
    if (!x.is_known || x.value <= 0.0) {
        return UNKNOWN;
    }
    return (struct known){elementary_log(x.value), true};
}

struct known ohlson(const struct ohlson_inputs *in)
{
    struct known now = in->net_income;
    struct known before = in->net_income_before;
    struct known sizes = {size_of(now.value) + size_of(before.value),
                          now.is_known && before.is_known};
    bool has_both_balances = in->total_liabilities.is_known && in->total_assets.is_known;
    struct known is_overindebted =
        flag(in->total_liabilities.value > in->total_assets.value, has_both_balances);
    struct known lost_twice = flag(now.value < 0.0 && before.value < 0.0, sizes.is_known);
    struct known growth = ratio(minus(now, before), sizes);
    struct known working_capital =
        ratio(minus(in->current_assets, in->current_liabilities), in->total_assets);
    const struct term terms[] = {
        {-0.407, log_of_ratio(in->total_assets, in->price_index)},
        {6.03, ratio(in->total_liabilities, in->total_assets)},
        {-1.43, working_capital},
        {0.0757, ratio(in->current_liabilities, in->current_assets)},
        {-1.72, is_overindebted},
        {-2.37, ratio(now, in->total_assets)},
        {-1.83, ratio(in->funds_from_operations, in->total_liabilities)},
        {0.285, lost_twice},
        {-0.521, growth},
    };
    return weighted_sum(-1.32, terms, ARRAY_LEN(terms));
}

struct known conan_holder(const struct conan_holder_inputs *in)
{
    const struct term terms[] = {
        {0.24, ratio(in->ebitda, in->debts)},
        {0.22, ratio(in->permanent_capital, in->total_assets)},
        {0.16, ratio(in->receivables_and_cash, in->total_assets)},
        {-0.87, ratio(in->financial_charges, in->revenue)},
        {-0.10, ratio(in->personnel, in->value_added)},
    };
    return weighted_sum(0.0, terms, ARRAY_LEN(terms));
}

struct known banque_de_france_z(const double percent[8])
{
    static const double weights[8] = {-1.255, 2.003, -0.824, 5.221, -0.689, -1.164, 0.706, 1.408};
    double sum = -85.544;
    for (size_t i = 0; i < 8; i++) {
        sum += weights[i] * percent[i];
    }
    return (struct known){sum / 100.0, true};
}

static struct known given(double value)
{
    return (struct known){value, true};
}

/* How a ratio of one year moved: this year's over last year's. */
static struct known change(double now, double now_over, double before, double before_over)
{
    return ratio(ratio(given(now), given(now_over)), ratio(given(before), given(before_over)));
}

static struct known asset_quality(const struct beneish_year *y)
{
    double hard_assets = y->current_assets + y->fixed_assets;
    return ratio(given(y->total_assets - hard_assets), given(y->total_assets));
}

struct known beneish_m(const struct beneish_year *now, const struct beneish_year *before)
{
    const struct beneish_year *a = now;
    const struct beneish_year *b = before;
    struct known receivables = change(a->receivables, a->sales, b->receivables, b->sales);
    struct known margin = change(b->sales - b->cost_of_goods_sold, b->sales,
                                 a->sales - a->cost_of_goods_sold, a->sales);
    struct known depreciation = change(b->depreciation, b->depreciation + b->fixed_assets,
                                       a->depreciation, a->depreciation + a->fixed_assets);
    struct known overheads = change(a->overheads, a->sales, b->overheads, b->sales);
    struct known accruals =
        ratio(given(a->net_income - a->operating_cash_flow), given(a->total_assets));
    struct known leverage = change(a->current_liabilities + a->long_term_debt, a->total_assets,
                                   b->current_liabilities + b->long_term_debt, b->total_assets);
    const struct term terms[] = {
        {0.92, receivables},
        {0.528, margin},
        {0.404, ratio(asset_quality(a), asset_quality(b))},
        {0.892, ratio(given(a->sales), given(b->sales))},
        {0.115, depreciation},
        {-0.172, overheads},
        {4.679, accruals},
        {-0.327, leverage},
    };
    return weighted_sum(-4.84, terms, ARRAY_LEN(terms));
}
/* clang-format on */
