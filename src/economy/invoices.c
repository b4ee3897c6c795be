/* invoices.c - how a firm paid what its suppliers invoiced over a year. */
#include "base/elementary.h"
#include "economy/request.h"

enum { WINDOW_DAYS = 385, NOT_YET_DUE_DAYS = 20, RECENT_DAYS = 91, EARLY_DAYS = 4 };

struct habit {
    double late_mean, long_share, worsening, disputes;
};

static struct habit habit_of(const struct economy *economy, const struct firm *firm)
{
    int year = economy->as_of.year;
    double quality = firm->quality[0];
    double late = firm_driver(firm, DRIVER_LATENESS, quality, year);
    double culture = firm_driver(firm, DRIVER_CULTURE, quality, year);
    double arrears = firm_driver(firm, DRIVER_ARREARS30, quality, year);
    double worsening = firm_driver(firm, DRIVER_WORSENING, quality, year);
    double disputes = firm_driver(firm, DRIVER_DISPUTES, quality, year);
    return (struct habit){
        .late_mean = elementary_exp(1.9 - 0.60 * late + 0.45 * culture),
        .long_share = logistic(-3.6 - 1.35 * arrears),
        .worsening = -5.0 * worsening,
        .disputes = 0.02 * elementary_exp(-0.5 * disputes),
    };
}

struct invoice {
    int32_t due, paid; /* days since 1970-01-01 */
    int32_t terms;
    int64_t cents;
    bool is_disputed;
};

static struct invoice draw(struct chance *c, const struct habit *habit, int32_t today,
                           double amount_mean)
{
    static const int32_t terms[] = {30, 30, 45, 60};
    int32_t age = (int32_t)chance_below(c, WINDOW_DAYS) - NOT_YET_DUE_DAYS;
    bool is_long = chance_happens(c, habit->long_share);
    double mean = habit->late_mean + (age < RECENT_DAYS ? habit->worsening : 0.0);
    double late = (mean > 0.5 ? mean : 0.5) * chance_gamma(c, 1.5) / 1.5 - EARLY_DAYS;
    late += is_long ? 30.0 + 35.0 * chance_exponential(c) : 0.0;
    return (struct invoice){
        .due = today - age,
        .paid = today - age + (int32_t)late,
        .terms = terms[chance_below(c, ARRAY_LEN(terms))],
        .cents = (int64_t)(amount_mean * 100.0 * elementary_exp(0.7 * chance_normal(c))) + 1000,
        .is_disputed = chance_happens(c, habit->disputes)};
}

static void write_invoice(struct json_writer *w, const struct invoice *invoice, uint32_t number,
                          int32_t today, struct str currency)
{
    json_object_begin(w);
    json_name(w, STR("invoice"));
    buf_printf(json_quoted_begin(w), "F-%04u", number + 1);
    json_quoted_end(w);
    date_member(w, STR("issued_on"), date_from_days(invoice->due - invoice->terms));
    date_member(w, STR("due_on"), date_from_days(invoice->due));
    if (invoice->paid <= today) {
        date_member(w, STR("paid_on"), date_from_days(invoice->paid));
    }
    euros_member(w, STR("amount"), invoice->cents);
    json_text_member(w, STR("currency"), currency);
    if (invoice->is_disputed) {
        json_name(w, STR("disputed"));
        json_bool(w, true);
    }
    json_object_end(w);
}

/* What is wrong with single invoices, behind those that are right. */
static void write_dirt(struct json_writer *w, const struct invoice *last, uint32_t count,
                       int32_t today, const struct shown *shown)
{
    struct invoice odd = *last;
    if (shown_is(shown, DIRT_DUPLICATE_INVOICE)) {
        write_invoice(w, last, count - 1, today, STR("EUR"));
    }
    if (shown_is(shown, DIRT_OTHER_CURRENCY)) {
        write_invoice(w, last, count, today, STR("USD"));
    }
    if (shown_is(shown, DIRT_CREDIT_NOTE)) {
        odd.cents = -odd.cents;
        write_invoice(w, &odd, count + 1, today, STR("EUR"));
    }
    if (shown_is(shown, DIRT_FUTURE_PAYMENT)) {
        odd = *last;
        odd.paid = today + 30;
        write_invoice(w, &odd, count + 2, odd.paid, STR("EUR"));
    }
}

void invoices_write(struct json_writer *w, const struct economy *economy, uint32_t place,
                    const struct shown *shown)
{
    const struct firm *firm = &economy->firms[place];
    struct chance c = chance_of(firm->key, TOPIC_INVOICES, (uint64_t)economy->as_of.year);
    struct habit habit = habit_of(economy, firm);
    int32_t today = date_to_days(economy->as_of);
    uint32_t count = 6 + chance_poisson(&c, 14.0);
    double amount_mean = sales_now(economy, firm) * 0.15 / count;
    struct invoice invoice = {0};
    json_array_begin(w);
    for (uint32_t i = 0; i < count; i++) {
        invoice = draw(&c, &habit, today, amount_mean);
        write_invoice(w, &invoice, i, today, STR("EUR"));
    }
    write_dirt(w, &invoice, count, today, shown);
    json_array_end(w);
}
