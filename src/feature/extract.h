/* extract.h - one pure function a feature, before clipping.
 *
 * Flows (the income statement) are taken to twelve months; balance items never are.  What nobody
 * stated and nothing implies stays unknown, and so does a division by nothing. */
#ifndef FEATURE_EXTRACT_H
#define FEATURE_EXTRACT_H

#include "feature/features.h"

/* Fewer than these say too little: missing. */
enum {
    BANK_DAYS_LEAST = 30,        /* days of a known balance within the ninety */
    BANK_DAYS_SILENT_MOST = 31,  /* since the last record of every account */
    BANK_DAYS_GRACE = 7,         /* a window may start that much before the first record */
    BANK_MONTHS_LEAST = 3,       /* for a mean month of income */
    BANK_MONTHS_LEAST_OF_CV = 6, /* for how much months differ, and for the largest payer */
    BANK_DEBITS_LEAST = 10,      /* for a share of rejected ones */
    PAYMENTS_LEAST = 3,          /* invoices, in each of the windows compared */
};

/* Invoices of one currency, those in dispute apart, summed by lateness. */
struct payment_sums {
    uint32_t count;        /* due in the last twelve months, or overdue today */
    double amount, late;   /* of them: the sum of amounts, and of amounts times days */
    double late30, late90; /* amounts more than so many days late */
    uint32_t recent_count; /* due in the last three months */
    double recent_amount, recent_late;
    uint32_t earlier_count; /* due in the nine before */
    double earlier_amount, earlier_late;
    double open, overdue; /* today */
    double disputed;      /* as `amount`, of those in dispute */
};

/* All a feature may look at. */
struct extract_input {
    const struct facts *facts;
    const struct statement *now;    /* NULL: no usable accounts */
    const struct statement *before; /* NULL: no accounts of the year before */
    struct tendency tendency;
    struct payment_sums payments;
};

void payment_sums_make(struct payment_sums *out, const struct facts *facts);

/* An item of a statement (which may be NULL) in minor units; flow: taken to twelve months. */
struct known balance_item(const struct statement *s, enum item item);
struct known flow_item(const struct statement *s, enum item item);

struct known feature_equity_ratio(const struct extract_input *in);
struct known feature_equity_tl(const struct extract_input *in);
struct known feature_wc_ta(const struct extract_input *in);
struct known feature_current_ratio(const struct extract_input *in);
struct known feature_quick_ratio(const struct extract_input *in);
struct known feature_cash_cl(const struct extract_input *in);
struct known feature_ebit_ta(const struct extract_input *in);
struct known feature_ebitda_ta(const struct extract_input *in);
struct known feature_roa(const struct extract_input *in);
struct known feature_op_margin(const struct extract_input *in);
struct known feature_net_margin(const struct extract_input *in);
struct known feature_cf_tl(const struct extract_input *in);
struct known feature_int_cover(const struct extract_input *in);
struct known feature_fin_charge_sales(const struct extract_input *in);
struct known feature_debt_ebitda(const struct extract_input *in);
struct known feature_stl_ta(const struct extract_input *in);
struct known feature_stl_days(const struct extract_input *in);
struct known feature_dpo(const struct extract_input *in);
struct known feature_dso(const struct extract_input *in);
struct known feature_dio(const struct extract_input *in);
struct known feature_tax_social_va(const struct extract_input *in);
struct known feature_personnel_va(const struct extract_input *in);
struct known feature_neg_equity(const struct extract_input *in);
struct known feature_loss(const struct extract_input *in);
struct known feature_d_roa(const struct extract_input *in);
struct known feature_d_leverage(const struct extract_input *in);
struct known feature_sales_growth(const struct extract_input *in);
struct known feature_statement_age(const struct extract_input *in);
struct known feature_log_ta(const struct extract_input *in);
struct known feature_ebitda_neg(const struct extract_input *in);
struct known feature_half_capital(const struct extract_input *in);
struct known feature_loss2y(const struct extract_input *in);

struct known feature_age_years(const struct extract_input *in);
struct known feature_headcount(const struct extract_input *in);
struct known feature_sector_lo(const struct extract_input *in);
struct known feature_legal_nature(const struct extract_input *in);

struct known feature_b_od_share(const struct extract_input *in);
struct known feature_b_min_bal(const struct extract_input *in);
struct known feature_b_rejects(const struct extract_input *in);
struct known feature_b_inflow_trend(const struct extract_input *in);
struct known feature_b_inflow_cv(const struct extract_input *in);
struct known feature_b_net_burn(const struct extract_input *in);
struct known feature_b_runway(const struct extract_input *in);
struct known feature_b_top1_inflow(const struct extract_input *in);

struct known feature_p_avg_late(const struct extract_input *in);
struct known feature_p_share30(const struct extract_input *in);
struct known feature_p_share90(const struct extract_input *in);
struct known feature_p_trend(const struct extract_input *in);
struct known feature_p_overdue_now(const struct extract_input *in);
struct known feature_p_n(const struct extract_input *in);
struct known feature_p_disputed(const struct extract_input *in);

struct known feature_l_priv(const struct extract_input *in);
struct known feature_l_priv_count(const struct extract_input *in);
struct known feature_l_suits(const struct extract_input *in);
struct known feature_l_late_accounts(const struct extract_input *in);
struct known feature_l_dir_change(const struct extract_input *in);

struct known feature_g_in_group(const struct extract_input *in);
struct known feature_g_parent_pd(const struct extract_input *in);
struct known feature_g_group_max_pd(const struct extract_input *in);
struct known feature_g_dir_fail(const struct extract_input *in);
struct known feature_g_trade_pd(const struct extract_input *in);
struct known feature_g_ppr(const struct extract_input *in);
struct known feature_g_top_customer_share(const struct extract_input *in);
struct known feature_g_uplift(const struct extract_input *in);
struct known feature_g_unknown_share(const struct extract_input *in);

#endif
