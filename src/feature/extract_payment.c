/* extract_payment.c - how the company pays its invoices.
 *
 * An invoice belongs to the window by the day it was due, which nobody can move by paying later;
 * one that is overdue today belongs to it however old it is.  Invoices not yet due say nothing of
 * lateness. Those in dispute are summed apart: whoever disputes does not pay late. */
#include "feature/extract.h"

static const struct known UNKNOWN = {0.0, false};

enum { YEAR = 12, QUARTER = 3, EARLY_DAYS_MOST = 30 };

/* Are there as many invoices as it takes? */
static bool is_thick(uint32_t count)
{
    return count >= PAYMENTS_LEAST;
}

static void add_open(struct payment_sums *sums, const struct payment *p, struct date as_of)
{
    sums->open += (double)p->amount.minor;
    sums->overdue += date_compare(p->due_on, as_of) < 0 ? (double)p->amount.minor : 0.0;
}

static void add_late(struct payment_sums *sums, const struct payment *p, const struct facts *facts)
{
    double amount = (double)p->amount.minor;
    int32_t days = payment_days_late(p, facts->as_of);
    double weighted = amount * (days < -EARLY_DAYS_MOST ? -EARLY_DAYS_MOST : days);
    bool is_recent = date_compare(p->due_on, date_add_months(facts->as_of, -QUARTER)) > 0;
    bool is_of_year = date_compare(p->due_on, date_add_months(facts->as_of, -YEAR)) > 0;
    sums->count++;
    sums->amount += amount;
    sums->late += weighted;
    sums->late30 += days > 30 ? amount : 0.0;
    sums->late90 += days > 90 ? amount : 0.0;
    if (is_recent) {
        sums->recent_count++;
        sums->recent_amount += amount;
        sums->recent_late += weighted;
    } else if (is_of_year) {
        sums->earlier_count++;
        sums->earlier_amount += amount;
        sums->earlier_late += weighted;
    }
}

void payment_sums_make(struct payment_sums *out, const struct facts *facts)
{
    struct date as_of = facts->as_of;
    struct date since = date_add_months(as_of, -YEAR);
    *out = (struct payment_sums){0};
    for (uint32_t i = 0; i < facts->payment_count; i++) {
        const struct payment *p = &facts->payments[i];
        bool is_open = payment_is_open(p, as_of);
        bool is_due = date_compare(p->due_on, as_of) <= 0;
        bool is_of_window = is_due && (is_open || date_compare(p->due_on, since) > 0);
        if (p->amount.currency != facts->payment_currency ||
            date_compare(p->issued_on, as_of) > 0) {
            continue;
        }
        if (p->is_disputed) {
            out->disputed += is_of_window ? (double)p->amount.minor : 0.0;
            continue;
        }
        if (is_open) {
            add_open(out, p, as_of);
        }
        if (is_of_window) {
            add_late(out, p, facts);
        }
    }
}

struct known feature_p_avg_late(const struct extract_input *in)
{
    const struct payment_sums *sums = &in->payments;
    return is_thick(sums->count) ? (struct known){sums->late / sums->amount, true} : UNKNOWN;
}

struct known feature_p_share30(const struct extract_input *in)
{
    const struct payment_sums *sums = &in->payments;
    return is_thick(sums->count) ? (struct known){sums->late30 / sums->amount, true} : UNKNOWN;
}

struct known feature_p_share90(const struct extract_input *in)
{
    const struct payment_sums *sums = &in->payments;
    return is_thick(sums->count) ? (struct known){sums->late90 / sums->amount, true} : UNKNOWN;
}

/* The last three months against the nine before. */
struct known feature_p_trend(const struct extract_input *in)
{
    const struct payment_sums *sums = &in->payments;
    if (!is_thick(sums->recent_count) || !is_thick(sums->earlier_count)) {
        return UNKNOWN;
    }
    double recent = sums->recent_late / sums->recent_amount;
    return (struct known){recent - sums->earlier_late / sums->earlier_amount, true};
}

/* Who has nothing open has nothing overdue. */
struct known feature_p_overdue_now(const struct extract_input *in)
{
    const struct payment_sums *sums = &in->payments;
    if (!is_thick(sums->count)) {
        return UNKNOWN;
    }
    return (struct known){sums->open > 0.0 ? sums->overdue / sums->open : 0.0, true};
}

struct known feature_p_n(const struct extract_input *in)
{
    return (struct known){in->payments.count, in->facts->payment_count > 0};
}

struct known feature_p_disputed(const struct extract_input *in)
{
    double whole = in->payments.disputed + in->payments.amount;
    return whole > 0.0 ? (struct known){in->payments.disputed / whole, true} : UNKNOWN;
}
