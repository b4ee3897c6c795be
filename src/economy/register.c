/* register.c - what registers and courts say of a firm, short of proceedings. */
#include "base/elementary.h"
#include "economy/request.h"

enum { TWO_YEARS_DAYS = 730, FILING_MONTHS_ALLOWED = 7, YEAR_MONTHS = 12 };

static void write_event(struct json_writer *w, struct str type, int32_t day, int64_t cents)
{
    json_object_begin(w);
    json_text_member(w, STR("type"), type);
    date_member(w, STR("date"), date_from_days(day));
    if (cents > 0) {
        json_name(w, STR("amount"));
        json_object_begin(w);
        euros_member(w, STR("amount"), cents);
        json_text_member(w, STR("currency"), STR("EUR"));
        json_object_end(w);
    }
    json_object_end(w);
}

/* `count` events of the last two years, but none from before the firm was there. */
static void write_events(struct json_writer *w, struct chance *c, struct str type, uint32_t count,
                         int32_t today, const struct firm *firm, double amount_mean)
{
    for (uint32_t i = 0; i < count; i++) {
        int32_t day = today - (int32_t)chance_below(c, TWO_YEARS_DAYS);
        double size = elementary_exp(0.8 * chance_normal(c));
        if (day > firm->born) {
            write_event(w, type, day, (int64_t)(amount_mean * size * 100.0));
        }
    }
}

void register_write(struct json_writer *w, const struct economy *economy, uint32_t place,
                    const struct shown *shown)
{
    const struct firm *firm = &economy->firms[place];
    struct chance c = chance_of(firm->key, TOPIC_REGISTER, 2 * (uint64_t)economy->as_of.year + 1);
    double quality = firm->quality[0];
    double sales = sales_now(economy, firm);
    int32_t today = date_to_days(economy->as_of);
    uint32_t liens = chance_poisson(&c, 2.0 * elementary_exp(-3.8 - 1.15 * quality));
    uint32_t judgments = chance_poisson(&c, 2.0 * elementary_exp(-4.0 - 0.80 * quality));
    uint32_t changes = chance_poisson(&c, 2.0 * elementary_exp(-2.7 - 0.30 * quality));
    json_array_begin(w);
    write_events(w, &c, STR("lien.registered"), liens, today, firm, 0.02 * sales);
    write_events(w, &c, STR("judgment.against"), judgments, today, firm, 0.01 * sales);
    write_events(w, &c, STR("director.changed"), changes, today, firm, 0.0);
    struct date closing = firm_closing(firm, economy->as_of);
    if (shown->is_late && date_is_set(closing)) {
        int32_t allowed = date_to_days(date_add_months(closing, FILING_MONTHS_ALLOWED));
        write_event(w, STR("accounts.late"), allowed < today ? allowed : today, 0);
    }
    if (shown_is(shown, DIRT_FUTURE_EVENT)) {
        write_event(w, STR("lien.registered"), today + 45, 100000);
    }
    json_array_end(w);
}
