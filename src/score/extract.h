/* extract.h - one pure function a feature, before clipping.
 *
 * Flows (the income statement) are taken to twelve months; balance items never are.  What nobody
 * stated and nothing implies stays unknown, and so does a division by nothing. */
#ifndef SCORE_EXTRACT_H
#define SCORE_EXTRACT_H

#include "score/features.h"

/* All a feature may look at. */
struct extract_input {
    const struct facts *facts;
    const struct statement *now;    /* NULL: no usable accounts */
    const struct statement *before; /* NULL: no accounts of the year before */
    struct known sector_lo;
};

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

struct known feature_age_years(const struct extract_input *in);
struct known feature_headcount(const struct extract_input *in);
struct known feature_sector_lo(const struct extract_input *in);

#endif
