/* accounts.c - the exercises that are shown, the newest first. */
#include "economy/books.h"
#include "economy/request.h"

enum { YEAR_MONTHS = 12, SHORT_LEAST = 7, LONG_LEAST = 13 };

static int months_of(const struct firm *firm, const struct shown *shown)
{
    struct chance c = chance_of(firm->key, TOPIC_BOOKS, 1);
    int extra = (int)chance_below(&c, 5);
    if (shown_is(shown, DIRT_SHORT_EXERCISE)) {
        return SHORT_LEAST + extra;
    }
    return shown_is(shown, DIRT_LONG_EXERCISE) ? LONG_LEAST + extra : YEAR_MONTHS;
}

static void write_items(struct json_writer *w, const struct statement *s, const struct shown *shown)
{
    size_t end = shown_is(shown, DIRT_NO_INCOME_STATEMENT) ? ITEM_REVENUE : ITEM_COUNT;
    json_object_begin(w);
    for (size_t i = 0; i < end; i++) {
        if (statement_has(s, (enum item)i)) {
            euros_member(w, str_from(item_wire((enum item)i)), statement_minor(s, (enum item)i));
        }
    }
    json_object_end(w);
}

static void write_statement(struct json_writer *w, const struct statement *s,
                            const struct shown *shown)
{
    json_object_begin(w);
    date_member(w, STR("period_end"), s->period_end);
    json_name(w, STR("months"));
    json_int(w, s->months);
    json_text_member(w, STR("currency"), STR("EUR"));
    json_text_member(w, STR("basis"), STR("individual"));
    json_name(w, STR("items"));
    write_items(w, s, shown);
    json_object_end(w);
}

/* A slip of the pen that the identity of a balance sheet finds. */
static void unbalance(struct statement *s)
{
    int64_t slip = statement_minor(s, ITEM_TOTAL_ASSETS) / 1400 * 100 + 10000;
    statement_state(s, ITEM_EQUITY, statement_minor(s, ITEM_EQUITY) + slip);
}

void accounts_write(struct json_writer *w, const struct economy *economy, uint32_t place,
                    const struct shown *shown)
{
    const struct firm *firm = &economy->firms[place];
    struct date before = date_add_months(shown->closing, -YEAR_MONTHS);
    struct statement s;
    json_array_begin(w);
    books_make(&s, firm, shown->closing, months_since(shown->closing, economy->as_of),
               months_of(firm, shown));
    if (shown_is(shown, DIRT_UNBALANCED)) {
        unbalance(&s);
    }
    write_statement(w, &s, shown);
    if (shown_is(shown, DIRT_DUPLICATE_STATEMENT)) {
        write_statement(w, &s, shown);
    }
    if (firm_has_exercise(firm, before)) {
        books_make(&s, firm, before, months_since(before, economy->as_of), YEAR_MONTHS);
        write_statement(w, &s, shown);
    }
    json_array_end(w);
}
