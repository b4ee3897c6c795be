/* books.c - from drivers to a balance sheet and an income statement. */
#include "economy/books.h"

#include "base/elementary.h"

static const double vat = 1.2;
static const double days_of_year = 365.0;
static const double tax_rate = 0.25;

enum { CENTS = 100 };

static double bounded(double x, double least, double most)
{
    return x < least ? least : x > most ? most : x;
}

/* Whole euros, away from what half a cent could tip. */
static int64_t euros(double amount)
{
    return (int64_t)(amount >= 0.0 ? amount + 0.5 : amount - 0.5);
}

/* All that the accounts are made of, before anything is rounded. */
struct plan {
    const struct firm *firm;
    const struct sector *sector;
    double quality;
    int year, months;
    double assets, sales; /* sales of twelve months */
};

static double seen(const struct plan *p, enum driver driver)
{
    return firm_driver(p->firm, driver, p->quality, p->year);
}

static double chance_of_year(const struct plan *p, unsigned what)
{
    enum { NUMBERS_A_YEAR = 16 };
    struct chance c =
        chance_of(p->firm->key, TOPIC_BOOKS, (uint64_t)p->year * NUMBERS_A_YEAR + what);
    return chance_normal(&c);
}

static void state(struct statement *s, enum item item, int64_t amount)
{
    statement_state(s, item, amount * CENTS);
}

static int64_t stated(const struct statement *s, enum item item)
{
    return statement_minor(s, item) / CENTS;
}

/* ---- income ---- */

/* Cost of goods may not leave less than what the margin and the staff take. */
static void state_operations(struct statement *s, const struct plan *p)
{
    double part = (double)p->months / 12.0;
    double gross = bounded(p->sector->gross + 0.05 * seen(p, DRIVER_GROSS), 0.06, 0.95);
    double margin = bounded(p->sector->ebitda + 0.075 * seen(p, DRIVER_MARGIN), -0.6, gross - 0.01);
    double staff = p->sector->personnel * elementary_exp(-0.18 * seen(p, DRIVER_STAFF));
    staff = bounded(staff, 0.02, bounded(gross - margin, 0.02, 0.95));
    int64_t revenue = euros(p->sales * part);
    int64_t cost = euros(p->sales * part * (1.0 - gross));
    int64_t personnel = euros(p->sales * part * staff);
    int64_t ebitda = euros(p->sales * part * margin);
    state(s, ITEM_REVENUE, revenue);
    state(s, ITEM_PURCHASES, cost);
    state(s, ITEM_COST_OF_GOODS_SOLD, cost);
    state(s, ITEM_GROSS_PROFIT, revenue - cost);
    state(s, ITEM_VALUE_ADDED, personnel + ebitda);
    state(s, ITEM_PERSONNEL_EXPENSES, personnel);
    state(s, ITEM_EBITDA, ebitda);
}

/* Requires: the balance sheet but for equity's parts. */
static void state_result(struct statement *s, const struct plan *p)
{
    double part = (double)p->months / 12.0;
    double wear = 0.10 * elementary_exp(0.3 * seen(p, DRIVER_WEAR));
    double interest_rate = bounded(0.042 - 0.012 * seen(p, DRIVER_CREDIT), 0.005, 0.14);
    int64_t wear_off = euros((double)stated(s, ITEM_FIXED_ASSETS) * wear * part);
    int64_t interest = euros((double)stated(s, ITEM_FINANCIAL_DEBT) * interest_rate * part);
    int64_t exceptional = euros(p->sales * part * 0.004 * chance_of_year(p, 0));
    int64_t ebit = stated(s, ITEM_EBITDA) - wear_off;
    int64_t profit = ebit - interest + exceptional;
    int64_t tax = profit > 0 ? euros((double)profit * tax_rate) : 0;
    state(s, ITEM_DEPRECIATION_AND_AMORTIZATION, wear_off);
    state(s, ITEM_EBIT, ebit);
    state(s, ITEM_INTEREST_EXPENSE, interest);
    state(s, ITEM_FINANCIAL_CHARGES, interest);
    state(s, ITEM_EXCEPTIONAL_RESULT, exceptional);
    state(s, ITEM_PROFIT_BEFORE_TAX, profit);
    state(s, ITEM_INCOME_TAX, tax);
    state(s, ITEM_NET_INCOME, profit - tax);
}

/* ---- balance sheet ---- */

static void state_assets(struct statement *s, const struct plan *p)
{
    const struct sector *sector = p->sector;
    double claims =
        p->sales / days_of_year * sector->dso * elementary_exp(0.30 * seen(p, DRIVER_CLAIMS));
    double stock =
        p->sales / days_of_year * sector->dio * elementary_exp(-0.35 * seen(p, DRIVER_STOCK));
    double cash =
        p->assets * bounded(0.11 * elementary_exp(0.85 * seen(p, DRIVER_CASH)), 0.001, 0.6);
    double other = 0.03 * p->assets;
    double fit = bounded(0.95 * p->assets / (claims + stock + cash + other), 0.0, 1.0);
    int64_t total = euros(p->assets);
    int64_t current = euros(claims * fit) + euros(stock * fit) + euros(cash * fit);
    current += euros(other * fit);
    state(s, ITEM_TOTAL_ASSETS, total);
    state(s, ITEM_FIXED_ASSETS, total - current);
    state(s, ITEM_CURRENT_ASSETS, current);
    state(s, ITEM_INVENTORIES, euros(stock * fit));
    state(s, ITEM_TRADE_RECEIVABLES, euros(claims * fit));
    state(s, ITEM_CASH, euros(cash * fit));
}

static void state_debts(struct statement *s, const struct plan *p, int64_t liabilities)
{
    double whole = (double)liabilities;
    double payables = (double)stated(s, ITEM_PURCHASES) * 12.0 / p->months * vat / days_of_year *
                      p->sector->dpo * elementary_exp(-0.35 * seen(p, DRIVER_SUPPLIERS));
    double taxes = (double)stated(s, ITEM_PERSONNEL_EXPENSES) * 12.0 / p->months * 0.13;
    taxes = (taxes + p->sales * 0.015) * elementary_exp(-0.5 * seen(p, DRIVER_ARREARS));
    double fit = bounded(0.85 * whole / (payables + taxes), 0.0, 1.0);
    double rest = whole - (payables + taxes) * fit;
    double debt = rest * bounded(0.66 - 0.10 * seen(p, DRIVER_DEBT), 0.05, 0.93);
    double due = debt * bounded(0.30 - 0.15 * seen(p, DRIVER_MATURITY), 0.05, 0.95);
    double overdraft = due * bounded(0.20 - 0.25 * seen(p, DRIVER_MATURITY), 0.0, 0.8);
    int64_t provisions = euros(0.04 * rest);
    int64_t long_term = euros(debt) - euros(due);
    state(s, ITEM_PROVISIONS, provisions);
    state(s, ITEM_TOTAL_LIABILITIES, liabilities);
    state(s, ITEM_CURRENT_LIABILITIES, liabilities - long_term - provisions);
    state(s, ITEM_LONG_TERM_DEBT, long_term);
    state(s, ITEM_FINANCIAL_DEBT, euros(debt));
    state(s, ITEM_OVERDRAFTS, euros(overdraft));
    state(s, ITEM_TRADE_PAYABLES, euros(payables * fit));
    state(s, ITEM_TAX_AND_SOCIAL_PAYABLES, euros(taxes * fit));
}

/* Requires: net income. */
static void state_equity(struct statement *s, const struct plan *p, int64_t equity)
{
    struct chance c = chance_of(p->firm->key, TOPIC_BOOKS, 0);
    double usual = elementary_exp(9.2 + 1.1 * chance_normal(&c));
    int64_t capital = euros(bounded(usual, 1000.0, 1e9)) / 1000 * 1000;
    state(s, ITEM_EQUITY, equity);
    state(s, ITEM_SHARE_CAPITAL, capital);
    state(s, ITEM_RETAINED_EARNINGS, equity - capital - stated(s, ITEM_NET_INCOME));
}

void books_make(struct statement *out, const struct firm *firm, struct date period_end,
                int months_ago, int months)
{
    struct plan p = {.firm = firm,
                     .sector = sector_at(firm->sector),
                     .quality = firm_quality(firm, months_ago),
                     .year = period_end.year,
                     .months = months};
    p.assets = elementary_exp(firm_ln_assets(firm, months_ago));
    p.sales = p.assets * p.sector->turnover * elementary_exp(0.30 * seen(&p, DRIVER_TURNOVER));
    double share = bounded(0.33 + 0.21 * seen(&p, DRIVER_CAPITAL), -0.9, 0.92);
    *out = (struct statement){.period_end = period_end,
                              .months = (uint8_t)months,
                              .currency = CURRENCY_EUR,
                              .basis = BASIS_INDIVIDUAL};
    int64_t equity = euros(p.assets * share);
    state_operations(out, &p);
    state_assets(out, &p);
    state_debts(out, &p, stated(out, ITEM_TOTAL_ASSETS) - equity);
    state_result(out, &p);
    state_equity(out, &p, equity);
}
