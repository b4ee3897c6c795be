/* features.c - the catalogue as a table, and the loop over it. */
#include "score/features.h"

#include "score/extract.h"

static const struct feature_info catalogue[FEATURE_COUNT] = {
#define FEATURE(name, wire, code, theme, unit, low, high, direction, core, edge_min)               \
    [FEATURE_##                                                                                    \
        name] = {wire, code, THEME_##theme, UNIT_##unit, low, high, direction, core, edge_min},
#include "score/features.def"
#undef FEATURE
};

static struct known (*const functions[FEATURE_COUNT])(const struct extract_input *in) = {
    [FEATURE_EQUITY_RATIO] = feature_equity_ratio,
    [FEATURE_EQUITY_TL] = feature_equity_tl,
    [FEATURE_WC_TA] = feature_wc_ta,
    [FEATURE_CURRENT_RATIO] = feature_current_ratio,
    [FEATURE_QUICK_RATIO] = feature_quick_ratio,
    [FEATURE_CASH_CL] = feature_cash_cl,
    [FEATURE_EBIT_TA] = feature_ebit_ta,
    [FEATURE_EBITDA_TA] = feature_ebitda_ta,
    [FEATURE_ROA] = feature_roa,
    [FEATURE_OP_MARGIN] = feature_op_margin,
    [FEATURE_NET_MARGIN] = feature_net_margin,
    [FEATURE_CF_TL] = feature_cf_tl,
    [FEATURE_INT_COVER] = feature_int_cover,
    [FEATURE_FIN_CHARGE_SALES] = feature_fin_charge_sales,
    [FEATURE_DEBT_EBITDA] = feature_debt_ebitda,
    [FEATURE_STL_TA] = feature_stl_ta,
    [FEATURE_STL_DAYS] = feature_stl_days,
    [FEATURE_DPO] = feature_dpo,
    [FEATURE_DSO] = feature_dso,
    [FEATURE_DIO] = feature_dio,
    [FEATURE_TAX_SOCIAL_VA] = feature_tax_social_va,
    [FEATURE_PERSONNEL_VA] = feature_personnel_va,
    [FEATURE_NEG_EQUITY] = feature_neg_equity,
    [FEATURE_LOSS] = feature_loss,
    [FEATURE_D_ROA] = feature_d_roa,
    [FEATURE_D_LEVERAGE] = feature_d_leverage,
    [FEATURE_SALES_GROWTH] = feature_sales_growth,
    [FEATURE_STATEMENT_AGE] = feature_statement_age,
    [FEATURE_AGE_YEARS] = feature_age_years,
    [FEATURE_LOG_TA] = feature_log_ta,
    [FEATURE_HEADCOUNT] = feature_headcount,
    [FEATURE_SECTOR_LO] = feature_sector_lo,
};

static const char *const themes[THEME_COUNT] = {
    [THEME_SOLVENCY] = "solvency",           [THEME_LIQUIDITY] = "liquidity",
    [THEME_PROFITABILITY] = "profitability", [THEME_DEBT_SERVICE] = "debt_service",
    [THEME_ACTIVITY] = "activity",           [THEME_TREND] = "trend",
    [THEME_FRESHNESS] = "freshness",         [THEME_PROFILE] = "profile",
};

const struct feature_info *feature_info(enum feature feature)
{
    CHECK((unsigned)feature < FEATURE_COUNT);
    return &catalogue[feature];
}

enum feature feature_find(struct str wire)
{
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        if (str_eq(wire, str_from(catalogue[i].wire))) {
            return (enum feature)i;
        }
    }
    return FEATURE_NONE;
}

const char *theme_wire(enum theme theme)
{
    CHECK((unsigned)theme < THEME_COUNT);
    return themes[theme];
}

double feature_clip(enum feature feature, double value)
{
    const struct feature_info *info = feature_info(feature);
    if (value < info->clip_low) {
        return info->clip_low;
    }
    return value > info->clip_high ? info->clip_high : value;
}

void features_extract(struct features *out, const struct facts *facts, struct known sector_lo)
{
    struct extract_input in = {.facts = facts, .sector_lo = sector_lo};
    in.now = facts_statement(facts, &in.before);
    *out = (struct features){.statement = in.now, .previous = in.before};
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        CHECK(functions[i] != NULL);
        struct known value = functions[i](&in);
        if (value.is_known) {
            out->values[i] = (struct known){feature_clip((enum feature)i, value.value), true};
        }
    }
}

static struct known minus(struct known a, struct known b)
{
    return (struct known){a.value - b.value, a.is_known && b.is_known};
}

struct formula_context formulas_of(const struct features *features)
{
    const struct statement *s = features->statement;
    struct formula_inputs in = {
        .current_assets = balance_item(s, ITEM_CURRENT_ASSETS),
        .current_liabilities = balance_item(s, ITEM_CURRENT_LIABILITIES),
        .total_assets = balance_item(s, ITEM_TOTAL_ASSETS),
        .retained_earnings = balance_item(s, ITEM_RETAINED_EARNINGS),
        .ebit = flow_item(s, ITEM_EBIT),
        .profit_before_tax = flow_item(s, ITEM_PROFIT_BEFORE_TAX),
        .net_income = flow_item(s, ITEM_NET_INCOME),
        .total_liabilities = balance_item(s, ITEM_TOTAL_LIABILITIES),
        .equity = balance_item(s, ITEM_EQUITY),
        .revenue = flow_item(s, ITEM_REVENUE),
    };
    struct known debts = in.total_liabilities; /* provisions are no debts, where they are known */
    debts.value -= balance_item(s, ITEM_PROVISIONS).value;
    struct conan_holder_inputs conan_holder_in = {
        .ebitda = flow_item(s, ITEM_EBITDA),
        .debts = debts,
        .permanent_capital = minus(in.total_assets, in.current_liabilities),
        .total_assets = in.total_assets,
        .receivables_and_cash = minus(in.current_assets, balance_item(s, ITEM_INVENTORIES)),
        .financial_charges = flow_item(s, ITEM_FINANCIAL_CHARGES),
        .revenue = in.revenue,
        .personnel = flow_item(s, ITEM_PERSONNEL_EXPENSES),
        .value_added = flow_item(s, ITEM_VALUE_ADDED),
    };
    return (struct formula_context){
        .altman_z_services = altman_z_services(&in),
        .zmijewski = zmijewski(&in),
        .conan_holder = conan_holder(&conan_holder_in),
    };
}
