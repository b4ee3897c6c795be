/* relations.c - the links of a firm: owners and owned, directors, customers, each with its PD.
 *
 * The PD of a neighbour is what a scorer without eyes for ties would have said of it. */
#include "economy/books.h"
#include "economy/request.h"

enum { MANDATES_MOST = 8, MICRO = 6, YEAR_MONTHS = 12 };

static void begin(struct json_writer *w, struct str type)
{
    json_object_begin(w);
    json_text_member(w, STR("type"), type);
}

static void end(struct json_writer *w, const struct firm *from, const struct firm *to,
                const struct firm *rated)
{
    json_name(w, STR("from"));
    firm_id_write(w, from);
    json_name(w, STR("to"));
    firm_id_write(w, to);
    json_name(w, STR("pd"));
    json_decimal(w, rated->rated_pd_ppm, MICRO);
    json_object_end(w);
}

static void write_exposure(struct json_writer *w, int64_t cents)
{
    json_name(w, STR("exposure"));
    json_object_begin(w);
    euros_member(w, STR("amount"), cents);
    json_text_member(w, STR("currency"), STR("EUR"));
    json_object_end(w);
}

static void write_share(struct json_writer *w, const struct firm *owned)
{
    json_name(w, STR("share_ratio"));
    json_decimal(w, owned->share_ppm, MICRO);
}

static void write_group(struct json_writer *w, const struct economy *e, uint32_t place)
{
    const struct firm *firm = &e->firms[place];
    if (firm->group == FIRM_NONE) {
        return;
    }
    const struct group *group = &e->ties.groups[firm->group];
    if (firm->parent != FIRM_NONE) {
        begin(w, STR("owns"));
        write_share(w, firm);
        end(w, &e->firms[firm->parent], firm, &e->firms[firm->parent]);
    }
    for (uint32_t i = group->first; i < group->end; i++) {
        const struct firm *other = &e->firms[i];
        if (other->parent == place) {
            begin(w, STR("owns"));
            write_share(w, other);
            /* A stake worth what its share of the equity is, a tenth of the assets or so. */
            write_exposure(w, (int64_t)(sales_now(e, other) * 5.0) + 1);
            end(w, firm, other, other);
        }
    }
}

static void write_mandate(struct json_writer *w, uint32_t person, const struct firm *firm,
                          bool is_rated)
{
    begin(w, STR("director_of"));
    json_name(w, STR("from"));
    json_object_begin(w);
    json_text_member(w, STR("scheme"), STR("ext"));
    json_name(w, STR("value"));
    buf_printf(json_quoted_begin(w), "person-%u", person);
    json_quoted_end(w);
    json_object_end(w);
    json_name(w, STR("to"));
    firm_id_write(w, firm);
    if (is_rated) {
        json_name(w, STR("pd"));
        json_decimal(w, firm->rated_pd_ppm, MICRO);
    }
    json_object_end(w);
}

static void write_mandates(struct json_writer *w, const struct economy *e, uint32_t place)
{
    uint32_t person = e->firms[place].director;
    uint32_t first = e->ties.first_seat[person], end_of = e->ties.first_seat[person + 1];
    write_mandate(w, person, &e->firms[place], false);
    for (uint32_t i = first; i < end_of && i < first + MANDATES_MOST; i++) {
        if (e->ties.seats[i] != place) {
            write_mandate(w, person, &e->firms[e->ties.seats[i]], true);
        }
    }
}

static void write_customers(struct json_writer *w, const struct economy *e, uint32_t place)
{
    const struct firm *firm = &e->firms[place];
    struct date closing = {(int16_t)(e->as_of.year - 1), 12, 31};
    struct statement books;
    books_make(&books, firm, closing, months_since(closing, e->as_of), YEAR_MONTHS);
    double claims = (double)statement_minor(&books, ITEM_TRADE_RECEIVABLES);
    for (uint32_t k = e->ties.first_sale[place]; k < e->ties.first_sale[place + 1]; k++) {
        const struct sale *sale = &e->ties.sales[k];
        begin(w, STR("supplies"));
        write_exposure(w, (int64_t)(claims * sale->share) + 1);
        end(w, firm, &e->firms[sale->customer], &e->firms[sale->customer]);
    }
}

void links_write(struct json_writer *w, const struct economy *economy, uint32_t place)
{
    json_array_begin(w);
    write_group(w, economy, place);
    write_mandates(w, economy, place);
    write_customers(w, economy, place);
    json_array_end(w);
}
