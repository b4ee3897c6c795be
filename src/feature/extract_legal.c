/* extract_legal.c - what registers and courts say, short of proceedings: those are rules.
 *
 * Known once legal events were supplied, even none: a list without liens says that there are none.
 */
#include "base/elementary.h"
#include "feature/extract.h"

static const struct known UNKNOWN = {0.0, false};

enum { TWO_YEARS = 24, YEAR = 12 };

static bool is_supplied(const struct extract_input *in)
{
    return (in->facts->blocks_sent & 1U << BLOCK_LEGAL) != 0;
}

static bool is_seen(const struct extract_input *in, const struct legal_event *event,
                    enum legal_event_type type)
{
    return event->type == type && date_compare(event->date, in->facts->as_of) <= 0;
}

static bool is_within(const struct extract_input *in, const struct legal_event *event,
                      enum legal_event_type type, int months)
{
    return is_seen(in, event, type) &&
           date_compare(event->date, date_add_months(in->facts->as_of, -months)) > 0;
}

static struct known count_of(const struct extract_input *in, enum legal_event_type type)
{
    double count = 0.0;
    for (uint32_t i = 0; i < in->facts->legal_event_count; i++) {
        count += is_within(in, &in->facts->legal_events[i], type, TWO_YEARS) ? 1.0 : 0.0;
    }
    return (struct known){count, is_supplied(in)};
}

/* No liens are none of any sales.  Unknown once an amount is missing or of another currency: a part
 * would look better than the whole. */
struct known feature_l_priv(const struct extract_input *in)
{
    struct known liens = count_of(in, LEGAL_LIEN_REGISTERED);
    struct known sales = flow_item(in->now, ITEM_REVENUE);
    double amount = 0.0;
    if (!liens.is_known || liens.value == 0.0) {
        return liens;
    }
    if (!sales.is_known || sales.value < 1e-9) {
        return UNKNOWN;
    }
    for (uint32_t i = 0; i < in->facts->legal_event_count; i++) {
        const struct legal_event *event = &in->facts->legal_events[i];
        if (!is_within(in, event, LEGAL_LIEN_REGISTERED, TWO_YEARS)) {
            continue;
        }
        if (event->amount.currency != in->now->currency) {
            return UNKNOWN;
        }
        amount += (double)event->amount.minor;
    }
    return (struct known){amount / sales.value, true};
}

struct known feature_l_priv_count(const struct extract_input *in)
{
    return count_of(in, LEGAL_LIEN_REGISTERED);
}

/* Judgments fade: one of a year ago counts for 0.37. */
struct known feature_l_suits(const struct extract_input *in)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < in->facts->legal_event_count; i++) {
        const struct legal_event *event = &in->facts->legal_events[i];
        if (is_seen(in, event, LEGAL_JUDGMENT_AGAINST)) {
            int months = date_months_between(event->date, in->facts->as_of);
            sum += elementary_exp(-months / 12.0);
        }
    }
    return (struct known){sum, is_supplied(in)};
}

/* Accounts are late in the year after they closed; accounts that closed in that year, or later, and
 * are at hand, have come. */
static bool has_come(const struct extract_input *in, const struct legal_event *late)
{
    return in->now != NULL && date_months_between(in->now->period_end, late->date) < YEAR;
}

struct known feature_l_late_accounts(const struct extract_input *in)
{
    int most = 0;
    for (uint32_t i = 0; i < in->facts->legal_event_count; i++) {
        const struct legal_event *event = &in->facts->legal_events[i];
        if (is_seen(in, event, LEGAL_ACCOUNTS_LATE) && !has_come(in, event)) {
            int months = date_months_between(event->date, in->facts->as_of);
            most = months > most ? months : most;
        }
    }
    return (struct known){most, is_supplied(in)};
}

struct known feature_l_dir_change(const struct extract_input *in)
{
    return count_of(in, LEGAL_DIRECTOR_CHANGED);
}
