/* formulas.h - the classic insolvency formulas, as context beside the score.
 *
 * Sources: Altman 1968 (Z), 1983 (Z'), 1995 (Z'' and EM score), Ohlson 1980 (model 1), Zmijewski
 * 1984, Springate 1978, Conan and Holder 1979, Banque de France 1983, Beneish 1999.  A missing
 * input makes the formula unknown, never zero.  Amounts in any one unit. */
#ifndef FEATURE_FORMULAS_H
#define FEATURE_FORMULAS_H

#include <stdbool.h>

struct known {
    double value;
    bool is_known;
};

struct formula_inputs {
    struct known current_assets, current_liabilities, total_assets, retained_earnings, ebit,
        profit_before_tax, net_income, total_liabilities, equity, market_equity, revenue;
};

struct known altman_z(const struct formula_inputs *in);
struct known altman_z_private(const struct formula_inputs *in);  /* Z' */
struct known altman_z_services(const struct formula_inputs *in); /* Z'' */
struct known altman_em_score(const struct formula_inputs *in);   /* 3.25 + Z'' */
const char *altman_em_rating(double em_score);                   /* "BB+", ...; "D" at the end */
struct known springate(const struct formula_inputs *in);
struct known zmijewski(const struct formula_inputs *in);
double zmijewski_pd(double score);

struct ohlson_inputs {
    struct known total_assets, price_index, total_liabilities, current_assets, current_liabilities,
        net_income, net_income_before, funds_from_operations;
};
struct known ohlson(const struct ohlson_inputs *in); /* log-odds */

struct conan_holder_inputs {
    struct known ebitda, debts, permanent_capital, total_assets, receivables_and_cash,
        financial_charges, revenue, personnel, value_added;
};
struct known conan_holder(const struct conan_holder_inputs *in);

struct known banque_de_france_z(const double percent[8]); /* X1..X8, in percent */

struct beneish_year {
    double receivables, sales, cost_of_goods_sold, current_assets, fixed_assets, total_assets,
        depreciation, overheads, current_liabilities, long_term_debt, net_income,
        operating_cash_flow;
};
struct known beneish_m(const struct beneish_year *now, const struct beneish_year *before);

#endif
