/* features.c - the catalogue as a table, and the loop over it. */
#include "feature/features.h"

#include "feature/extract.h"

static const struct feature_info catalogue[FEATURE_COUNT] = {
#define FEATURE(name, wire, code, theme, unit, low, high, direction, core, edge_min)               \
    [FEATURE_##                                                                                    \
        name] = {wire, code, THEME_##theme, UNIT_##unit, low, high, direction, core, edge_min},
#include "feature/features.def"
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
    [FEATURE_LEGAL_NATURE] = feature_legal_nature,
    [FEATURE_EBITDA_NEG] = feature_ebitda_neg,
    [FEATURE_HALF_CAPITAL] = feature_half_capital,
    [FEATURE_LOSS2Y] = feature_loss2y,
    [FEATURE_B_OD_SHARE] = feature_b_od_share,
    [FEATURE_B_MIN_BAL] = feature_b_min_bal,
    [FEATURE_B_REJECTS] = feature_b_rejects,
    [FEATURE_B_INFLOW_TREND] = feature_b_inflow_trend,
    [FEATURE_B_INFLOW_CV] = feature_b_inflow_cv,
    [FEATURE_B_NET_BURN] = feature_b_net_burn,
    [FEATURE_B_RUNWAY] = feature_b_runway,
    [FEATURE_B_TOP1_INFLOW] = feature_b_top1_inflow,
    [FEATURE_P_AVG_LATE] = feature_p_avg_late,
    [FEATURE_P_SHARE30] = feature_p_share30,
    [FEATURE_P_SHARE90] = feature_p_share90,
    [FEATURE_P_TREND] = feature_p_trend,
    [FEATURE_P_OVERDUE_NOW] = feature_p_overdue_now,
    [FEATURE_P_N] = feature_p_n,
    [FEATURE_P_DISPUTED] = feature_p_disputed,
    [FEATURE_L_PRIV] = feature_l_priv,
    [FEATURE_L_PRIV_COUNT] = feature_l_priv_count,
    [FEATURE_L_SUITS] = feature_l_suits,
    [FEATURE_L_LATE_ACCOUNTS] = feature_l_late_accounts,
    [FEATURE_L_DIR_CHANGE] = feature_l_dir_change,
    [FEATURE_G_IN_GROUP] = feature_g_in_group,
    [FEATURE_G_PARENT_PD] = feature_g_parent_pd,
    [FEATURE_G_GROUP_MAX_PD] = feature_g_group_max_pd,
    [FEATURE_G_DIR_FAIL] = feature_g_dir_fail,
    [FEATURE_G_TRADE_PD] = feature_g_trade_pd,
    [FEATURE_G_PPR] = feature_g_ppr,
    [FEATURE_G_TOP_CUSTOMER_SHARE] = feature_g_top_customer_share,
    [FEATURE_G_UPLIFT] = feature_g_uplift,
    [FEATURE_G_UNKNOWN_SHARE] = feature_g_unknown_share,
};

static const char *const themes[THEME_COUNT] = {
    [THEME_SOLVENCY] = "solvency",
    [THEME_LIQUIDITY] = "liquidity",
    [THEME_PROFITABILITY] = "profitability",
    [THEME_DEBT_SERVICE] = "debt_service",
    [THEME_ACTIVITY] = "activity",
    [THEME_TREND] = "trend",
    [THEME_FRESHNESS] = "freshness",
    [THEME_PROFILE] = "profile",
    [THEME_BANK_BEHAVIOUR] = "bank_behaviour",
    [THEME_PAYMENT_BEHAVIOUR] = "payment_behaviour",
    [THEME_LEGAL_EVENTS] = "legal_events",
    [THEME_GROUP] = "group",
};

static const enum block theme_blocks[THEME_COUNT] = {
    [THEME_SOLVENCY] = BLOCK_FINANCIAL,      [THEME_LIQUIDITY] = BLOCK_FINANCIAL,
    [THEME_PROFITABILITY] = BLOCK_FINANCIAL, [THEME_DEBT_SERVICE] = BLOCK_FINANCIAL,
    [THEME_ACTIVITY] = BLOCK_FINANCIAL,      [THEME_TREND] = BLOCK_FINANCIAL,
    [THEME_FRESHNESS] = BLOCK_FINANCIAL,     [THEME_PROFILE] = BLOCK_FIRMOGRAPHIC,
    [THEME_BANK_BEHAVIOUR] = BLOCK_BANK,     [THEME_PAYMENT_BEHAVIOUR] = BLOCK_PAYMENT,
    [THEME_LEGAL_EVENTS] = BLOCK_LEGAL,      [THEME_GROUP] = BLOCK_GRAPH,
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

enum block feature_block(enum feature feature)
{
    return theme_blocks[feature_info(feature)->theme];
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

void features_extract(struct features *out, const struct facts *facts, struct tendency tendency)
{
    struct extract_input in = {.facts = facts, .tendency = tendency};
    in.now = facts_statement(facts, &in.before);
    payment_sums_make(&in.payments, facts);
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
