/* request.c - who asks for what, then the blocks. */
#include "economy/request.h"

#include "base/elementary.h"
#include "economy/books.h"

enum { FIRM_DIGITS = 9, CENTS = 100 };

static const double euros_an_employee = 108000.0; /* of assets: exp(11.6) */

void date_member(struct json_writer *w, struct str name, struct date date)
{
    json_name(w, name);
    date_write(json_quoted_begin(w), date);
    json_quoted_end(w);
}

void euros_member(struct json_writer *w, struct str name, int64_t cents)
{
    json_name(w, name);
    money_write(json_quoted_begin(w), (struct money){cents, CURRENCY_EUR});
    json_quoted_end(w);
}

void firm_id_write(struct json_writer *w, const struct firm *firm)
{
    json_object_begin(w);
    json_text_member(w, STR("scheme"), STR("sandbox"));
    json_name(w, STR("value"));
    buf_printf(json_quoted_begin(w), "%0*u", FIRM_DIGITS, firm->number);
    json_quoted_end(w);
    json_object_end(w);
}

double sales_now(const struct economy *economy, const struct firm *firm)
{
    double turnover = firm_driver(firm, DRIVER_TURNOVER, firm->quality[0], economy->as_of.year);
    return elementary_exp(firm->ln_assets[0] + 0.30 * turnover) * sector_at(firm->sector)->turnover;
}

static void write_firmographics(struct json_writer *w, const struct firm *firm, struct str form)
{
    double heads = elementary_exp(firm->ln_assets[0]) / euros_an_employee;
    json_text_member(w, STR("legal_form"), form);
    json_name(w, STR("activity"));
    json_object_begin(w);
    json_text_member(w, STR("nomenclature"), STR("naf_rev2"));
    json_text_member(w, STR("code"), str_from(sector_at(firm->sector)->code));
    json_object_end(w);
    date_member(w, STR("incorporated_on"), date_from_days(firm->born));
    json_name(w, STR("employees"));
    json_int(w, (int64_t)heads);
}

/* Sole traders are few and small: privacy law applies to them, and the request says so. */
static struct str form_of(const struct firm *firm)
{
    struct chance c = chance_of(firm->key, TOPIC_ASKED, UINT32_MAX);
    double x = chance_uniform(&c);
    bool is_small = firm->ln_assets[FIRM_YEARS - 1] < 12.0;
    if (is_small && x < 0.12) {
        return STR("EI");
    }
    return x < 0.50 ? STR("SARL") : x < 0.95 ? STR("SAS") : STR("SA");
}

static void write_company(struct json_writer *w, const struct firm *firm, struct str form,
                          bool has_firmographics)
{
    json_name(w, STR("company"));
    json_object_begin(w);
    json_name(w, STR("identifiers"));
    json_array_begin(w);
    firm_id_write(w, firm);
    json_array_end(w);
    json_name(w, STR("name"));
    buf_printf(json_quoted_begin(w), "%s fictif %0*u", sector_at(firm->sector)->trade, FIRM_DIGITS,
               firm->number);
    json_quoted_end(w);
    json_text_member(w, STR("country"), STR("FR"));
    if (has_firmographics) {
        write_firmographics(w, firm, form);
    }
    json_object_end(w);
}

/* Some weeks of what a customer of that size buys from one supplier. */
static void write_asked(struct json_writer *w, const struct economy *economy,
                        const struct firm *firm)
{
    static const uint32_t terms[] = {30, 45, 60};
    struct chance c = chance_of(firm->key, TOPIC_ASKED, (uint64_t)economy->as_of.year);
    double amount = sales_now(economy, firm) * 0.01 * elementary_exp(0.8 * chance_normal(&c));
    int64_t hundreds = (int64_t)(amount / 100.0) + 1;
    json_name(w, STR("request"));
    json_object_begin(w);
    json_text_member(w, STR("product"), STR("trade_credit"));
    json_name(w, STR("amount"));
    json_object_begin(w);
    euros_member(w, STR("amount"), hundreds * 100 * CENTS);
    json_text_member(w, STR("currency"), STR("EUR"));
    json_object_end(w);
    json_name(w, STR("terms_days"));
    json_int(w, terms[chance_below(&c, ARRAY_LEN(terms))]);
    json_object_end(w);
}

static void write_blocks(struct json_writer *w, const struct economy *economy, uint32_t place,
                         const struct shown *shown)
{
    if (shown_has(shown, BLOCK_FINANCIAL)) {
        json_name(w, STR("financial_statements"));
        accounts_write(w, economy, place, shown);
    }
    if (shown_has(shown, BLOCK_BANK)) {
        json_name(w, STR("bank_accounts"));
        bank_write(w, economy, place, shown);
    }
    if (shown_has(shown, BLOCK_PAYMENT)) {
        json_name(w, STR("payment_experiences"));
        invoices_write(w, economy, place, shown);
    }
    if (shown_has(shown, BLOCK_LEGAL)) {
        json_name(w, STR("legal_events"));
        register_write(w, economy, place, shown);
    }
    if (shown_has(shown, BLOCK_GRAPH)) {
        json_name(w, STR("links"));
        links_write(w, economy, place);
    }
}

void request_write(struct buf *out, const struct economy *economy, uint32_t place,
                   const struct shown *shown, uint64_t row)
{
    const struct firm *firm = &economy->firms[place];
    struct str form = form_of(firm);
    struct json_writer w;
    json_writer_init(&w, out);
    json_object_begin(&w);
    date_member(&w, STR("as_of"), economy->as_of);
    json_name(&w, STR("client_reference"));
    buf_printf(json_quoted_begin(&w), "row-%llu", (unsigned long long)row);
    json_quoted_end(&w);
    if (str_eq(form, STR("EI"))) {
        json_text_member(&w, STR("purpose"), STR("credit_granting"));
        json_text_member(&w, STR("legal_basis"), STR("contract"));
    }
    write_company(&w, firm, form, shown_has(shown, BLOCK_FIRMOGRAPHIC));
    write_asked(&w, economy, firm);
    write_blocks(&w, economy, place, shown);
    json_object_end(&w);
}
