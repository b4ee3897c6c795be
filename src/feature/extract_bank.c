/* extract_bank.c - what the accounts at banks say of the company that uses them.
 *
 * A month is one of the calendar, counted back from as_of.  Months are not adjusted for the season:
 * a year has one of each. */
#include "base/elementary.h"
#include "feature/extract.h"

static const struct known UNKNOWN = {0.0, false};

/* Beyond the clips of every feature here, on the bad side. */
static const struct known FAR_TOO_HIGH = {1e6, true};
static const struct known FAR_TOO_LOW = {-1e6, true};

enum { BALANCE_DAYS = 90, QUARTER = 3, HALF_YEAR = 6, YEAR = 12, RUNWAY_MONTHS_MOST = 24 };

/* ---- windows ---- */

/* The age in days of the first day of the last `months` months. */
static int32_t age_of_months(const struct facts *facts, int months)
{
    return date_days_between(date_add_months(facts->as_of, -months), facts->as_of) - 1;
}

/* The ledger, if its records reach today, or nearly. */
static const struct bank_ledger *ledger_of(const struct extract_input *in)
{
    const struct bank_ledger *ledger = in->facts->bank;
    return ledger != NULL && ledger->newest <= BANK_DAYS_SILENT_MOST ? ledger : NULL;
}

static bool is_covered(const struct extract_input *in, int months)
{
    const struct bank_ledger *ledger = ledger_of(in);
    return ledger != NULL && ledger->oldest + BANK_DAYS_GRACE >= age_of_months(in->facts, months);
}

/* Whole months that the records cover, a year at most. */
static int months_covered(const struct extract_input *in)
{
    int months = 0;
    while (months < YEAR && is_covered(in, months + 1)) {
        months++;
    }
    return months;
}

struct flows {
    double income, outgo;
    double debits, returned, rejected;
};

/* Of the months from `from` to `to` ago: 0 to 3 are the last three. */
static struct flows flows_between(const struct extract_input *in, int from, int to)
{
    const struct bank_ledger *ledger = in->facts->bank;
    struct flows sums = {0};
    int32_t last = age_of_months(in->facts, to);
    last = last < (int32_t)ledger->day_count ? last : (int32_t)ledger->day_count - 1;
    for (int32_t age = age_of_months(in->facts, from) + 1; age <= last; age++) {
        const struct bank_day *day = &ledger->days[age];
        sums.income += (double)day->income_minor;
        sums.outgo += (double)day->outgo_minor;
        sums.debits += day->debit_count;
        sums.returned += day->returned_count;
        sums.rejected += day->rejected_count;
    }
    return sums;
}

/* Unknown without income: a month of nothing is no measure. */
static struct known mean_monthly_income(const struct extract_input *in)
{
    int months = months_covered(in);
    if (months < BANK_MONTHS_LEAST) {
        return UNKNOWN;
    }
    double income = flows_between(in, 0, months).income / months;
    return (struct known){income, income > 0.0};
}

/* ---- balances ---- */

struct balances {
    double days, days_below_zero, least;
};

static struct balances balances_of(const struct extract_input *in)
{
    const struct bank_ledger *ledger = ledger_of(in);
    struct balances sums = {0};
    if (ledger == NULL || !ledger->has_balance) {
        return sums;
    }
    for (int32_t age = ledger->newest; age < BALANCE_DAYS && age < (int32_t)ledger->day_count;
         age++) {
        double balance = (double)ledger->days[age].balance_minor;
        sums.least = sums.days > 0.0 && sums.least < balance ? sums.least : balance;
        sums.days_below_zero += balance < 0.0 ? 1.0 : 0.0;
        sums.days += 1.0;
    }
    return sums;
}

struct known feature_b_od_share(const struct extract_input *in)
{
    struct balances sums = balances_of(in);
    if (sums.days < BANK_DAYS_LEAST) {
        return UNKNOWN;
    }
    return (struct known){sums.days_below_zero / sums.days, true};
}

struct known feature_b_min_bal(const struct extract_input *in)
{
    struct balances sums = balances_of(in);
    struct known income = mean_monthly_income(in);
    if (sums.days < BANK_DAYS_LEAST || !income.is_known) {
        return UNKNOWN;
    }
    return (struct known){sums.least / income.value, true};
}

/* ---- flows ---- */

/* A rejection shows as money that comes back, as a fee, or as both: counted is the more frequent.
 * Over all debits that were tried: those that stood, and the rejected. */
struct known feature_b_rejects(const struct extract_input *in)
{
    if (!is_covered(in, HALF_YEAR)) {
        return UNKNOWN;
    }
    struct flows sums = flows_between(in, 0, HALF_YEAR);
    double rejected = sums.returned > sums.rejected ? sums.returned : sums.rejected;
    double stood = sums.debits > sums.returned ? sums.debits - sums.returned : 0.0;
    if (stood + rejected < BANK_DEBITS_LEAST) {
        return UNKNOWN;
    }
    return (struct known){100.0 * rejected / (stood + rejected), true};
}

/* Against the same three months a year before, or the three before these. */
struct known feature_b_inflow_trend(const struct extract_input *in)
{
    bool has_year = is_covered(in, YEAR + QUARTER);
    if (!has_year && !is_covered(in, 2 * QUARTER)) {
        return UNKNOWN;
    }
    int from = has_year ? YEAR : QUARTER;
    double before = flows_between(in, from, from + QUARTER).income;
    double now = flows_between(in, 0, QUARTER).income;
    if (before <= 0.0) {
        return UNKNOWN;
    }
    return now <= 0.0 ? FAR_TOO_LOW : (struct known){elementary_log(now / before), true};
}

struct known feature_b_inflow_cv(const struct extract_input *in)
{
    int months = months_covered(in);
    double sum = 0.0, squares = 0.0;
    if (months < BANK_MONTHS_LEAST_OF_CV) {
        return UNKNOWN;
    }
    for (int i = 0; i < months; i++) {
        sum += flows_between(in, i, i + 1).income;
    }
    double mean = sum / months;
    if (mean <= 0.0) {
        return UNKNOWN;
    }
    for (int i = 0; i < months; i++) {
        double gap = flows_between(in, i, i + 1).income - mean;
        squares += gap * gap;
    }
    return (struct known){elementary_sqrt(squares / months) / mean, true};
}

struct known feature_b_net_burn(const struct extract_input *in)
{
    if (!is_covered(in, QUARTER)) {
        return UNKNOWN;
    }
    struct flows sums = flows_between(in, 0, QUARTER);
    if (sums.income <= 0.0) {
        return sums.outgo > 0.0 ? FAR_TOO_HIGH : UNKNOWN;
    }
    return (struct known){(sums.outgo - sums.income) / sums.income, true};
}

/* How long the last known balance lasts at the pace of three months; who spends no more than comes
 * in has as long as there is. */
struct known feature_b_runway(const struct extract_input *in)
{
    if (!is_covered(in, QUARTER) || !in->facts->bank->has_balance) {
        return UNKNOWN;
    }
    const struct bank_ledger *ledger = in->facts->bank;
    struct flows sums = flows_between(in, 0, QUARTER);
    double burn = (sums.outgo - sums.income) / QUARTER;
    double balance = (double)ledger->days[ledger->newest].balance_minor;
    if (sums.outgo <= 0.0 && sums.income <= 0.0) {
        return UNKNOWN;
    }
    if (burn <= 0.0) {
        return (struct known){RUNWAY_MONTHS_MOST, true};
    }
    return (struct known){balance > 0.0 ? balance / burn : 0.0, true};
}

/* Income from nobody named counts with the largest payer: leaving a name out never pays. */
struct known feature_b_top1_inflow(const struct extract_input *in)
{
    if (months_covered(in) < BANK_MONTHS_LEAST_OF_CV) {
        return UNKNOWN;
    }
    const struct bank_ledger *ledger = in->facts->bank;
    double top = (double)ledger->top_payer_minor + (double)ledger->unnamed_minor;
    bool is_known = ledger->top_payer_minor > 0;
    return (struct known){is_known ? top / (double)ledger->income_minor : 0.0, is_known};
}
