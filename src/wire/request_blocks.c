/* request_blocks.c - legal events, bank accounts, payment experiences and links of a request. */
#include "wire/decision_request.h"
#include "wire/request_parts.h"

enum {
    SOURCE_MAX = 64,
    REFERENCE_MAX = 128,
    INVOICE_MAX = 128,
    LABEL_MAX = 512,
    COUNTERPARTY_MAX = 256,
    BALANCES_MAX = 4000, /* a day each, for ten years */
};

/* A text that may be absent or empty. */
static void read_optional_text(struct str *out, struct reading *r, const struct json *object,
                               const char *name, size_t chars_max)
{
    const struct json *node = field_find(object, name);
    *out = STR("");
    if (node != NULL) {
        (void)field_text(out, r, node, 0, chars_max);
    }
}

static void check_optional_text(struct reading *r, const struct json *object, const char *name,
                                size_t chars_max)
{
    struct str ignored;
    read_optional_text(&ignored, r, object, name, chars_max);
}

/* ---- legal events ---- */

static void read_legal_event(struct legal_event *out, struct reading *r, const struct json *node)
{
    static const char *const names[] = {"amount", "date", "reference", "source", "type"};
    static const char known[] =
        "insolvency.safeguard_opened, insolvency.reorganisation_opened, "
        "insolvency.liquidation_opened, insolvency.plan_adopted, insolvency.closed, "
        "lien.registered, judgment.against, payment_incident, accounts.late, director.changed or "
        "struck_off";
    *out = (struct legal_event){.source = STR(""), .reference = STR("")};
    if (!field_object(r, node, names, ARRAY_LEN(names))) {
        return;
    }
    struct str wire;
    const struct json *type = field_required(r, node, "type", known);
    if (type != NULL && field_word(&wire, r, type) && !legal_event_type_read(&out->type, wire)) {
        field_not_one_of(r, type, known);
    }
    const struct json *date = field_required(r, node, "date", "YYYY-MM-DD");
    if (date != NULL) {
        (void)field_date(&out->date, r, date);
    }
    read_optional_text(&out->source, r, node, "source", SOURCE_MAX);
    read_optional_text(&out->reference, r, node, "reference", REFERENCE_MAX);
    const struct json *amount = field_find(node, "amount");
    if (amount != NULL) {
        (void)field_money(&out->amount, r, amount, SIGN_NOT_NEGATIVE);
    }
}

void request_legal_events_read(const struct legal_event **out, uint32_t *count, struct reading *r,
                               const struct json *node)
{
    if (!field_array(r, node, LEGAL_EVENTS_MAX) || node->count == 0) {
        return;
    }
    struct legal_event *events = arena_array(r->arena, struct legal_event, node->count);
    if (events == NULL) {
        r->is_full = true;
        return;
    }
    for (const struct json *element = node->first; element != NULL; element = element->next) {
        read_legal_event(&events[element->index], r, element);
    }
    *out = events;
    *count = node->count;
}

/* ---- bank accounts ---- */

/* What balances and transactions have in common: a day, and an amount of either sign. */
static void check_dated_amount(struct reading *r, const struct json *node, enum currency currency)
{
    struct date date;
    int64_t minor;
    const struct json *date_node = field_required(r, node, "date", "YYYY-MM-DD");
    const struct json *amount = field_required(r, node, "amount", "a decimal such as \"-1200.00\"");
    if (date_node != NULL) {
        (void)field_past_date(&date, r, date_node);
    }
    if (amount != NULL && currency != CURRENCY_NONE) {
        (void)field_minor(&minor, r, amount, currency, SIGN_ANY);
    }
}

static void check_balances(struct reading *r, const struct json *node, enum currency currency)
{
    static const char *const names[] = {"amount", "date"};
    if (!field_array(r, node, BALANCES_MAX)) {
        return;
    }
    for (const struct json *element = node->first; element != NULL; element = element->next) {
        if (field_object(r, element, names, ARRAY_LEN(names))) {
            check_dated_amount(r, element, currency);
        }
    }
}

static void check_transactions(struct reading *r, const struct json *node, enum currency currency,
                               uint32_t left)
{
    static const char *const names[] = {"amount", "counterparty", "date", "label"};
    if (!field_array(r, node, left)) {
        return;
    }
    for (const struct json *element = node->first; element != NULL; element = element->next) {
        if (field_object(r, element, names, ARRAY_LEN(names))) {
            check_dated_amount(r, element, currency);
            check_optional_text(r, element, "label", LABEL_MAX);
            check_optional_text(r, element, "counterparty", COUNTERPARTY_MAX);
        }
    }
}

static void check_iban(struct reading *r, const struct json *node)
{
    struct str iban;
    if (field_word(&iban, r, node) && !iban_is_valid(iban)) {
        violation_at(r->v, node, "not_an_iban", "an IBAN without blanks (ISO 13616)",
                     "The length or the check digits of this IBAN are wrong.");
    }
}

/* Returns how many transactions came. */
static uint32_t check_bank_account(struct reading *r, const struct json *node, uint32_t left)
{
    static const char *const names[] = {"balances", "currency", "iban", "transactions"};
    enum currency currency = CURRENCY_NONE;
    if (!field_object(r, node, names, ARRAY_LEN(names))) {
        return 0;
    }
    const struct json *code = field_required(r, node, "currency", "an ISO 4217 code");
    const struct json *iban = field_find(node, "iban");
    const struct json *balances = field_find(node, "balances");
    const struct json *transactions = field_find(node, "transactions");
    if (code != NULL) {
        (void)field_currency(&currency, r, code);
    }
    if (iban != NULL) {
        check_iban(r, iban);
    }
    if (balances != NULL) {
        check_balances(r, balances, currency);
    }
    if (transactions == NULL) {
        return 0;
    }
    check_transactions(r, transactions, currency, left);
    return transactions->type == JSON_ARRAY ? transactions->count : 0;
}

void request_bank_accounts_check(struct reading *r, const struct json *node)
{
    if (!field_array(r, node, BANK_ACCOUNTS_MAX)) {
        return;
    }
    uint32_t left = BANK_TRANSACTIONS_MAX;
    for (const struct json *element = node->first; element != NULL; element = element->next) {
        uint32_t came = check_bank_account(r, element, left);
        left -= came < left ? came : left;
    }
}

/* ---- payment experiences ---- */

static void check_payment_dates(struct reading *r, const struct json *node)
{
    struct date issued_on, due_on, paid_on;
    const struct json *issued = field_required(r, node, "issued_on", "YYYY-MM-DD");
    const struct json *due = field_required(r, node, "due_on", "YYYY-MM-DD");
    const struct json *paid = field_find(node, "paid_on");
    bool has_issued = issued != NULL && field_past_date(&issued_on, r, issued);
    bool has_due = due != NULL && field_date(&due_on, r, due);
    if (paid != NULL) {
        (void)field_past_date(&paid_on, r, paid);
    }
    if (has_issued && has_due && date_compare(due_on, issued_on) < 0) {
        violation_at(r->v, due, "contradicts", "a day on or after issued_on",
                     "An invoice is not due before it is issued.");
    }
}

static void check_payment_amount(struct reading *r, const struct json *node)
{
    enum currency currency;
    int64_t minor;
    const struct json *amount = field_required(r, node, "amount", "a decimal such as \"4300.00\"");
    const struct json *code = field_required(r, node, "currency", "an ISO 4217 code");
    bool has_currency = code != NULL && field_currency(&currency, r, code);
    if (amount != NULL && has_currency) {
        (void)field_minor(&minor, r, amount, currency, SIGN_POSITIVE);
    }
}

static void check_payment_experience(struct reading *r, const struct json *node)
{
    static const char *const names[] = {"amount",  "currency",  "disputed", "due_on",
                                        "invoice", "issued_on", "paid_on"};
    struct str number;
    if (!field_object(r, node, names, ARRAY_LEN(names))) {
        return;
    }
    const struct json *invoice = field_required(r, node, "invoice", "the number of the invoice");
    const struct json *disputed = field_find(node, "disputed");
    if (invoice != NULL) {
        (void)field_text(&number, r, invoice, 1, INVOICE_MAX);
    }
    if (disputed != NULL) {
        (void)field_bool(r, disputed);
    }
    check_payment_dates(r, node);
    check_payment_amount(r, node);
}

void request_payment_experiences_check(struct reading *r, const struct json *node)
{
    if (!field_array(r, node, PAYMENT_EXPERIENCES_MAX)) {
        return;
    }
    for (const struct json *element = node->first; element != NULL; element = element->next) {
        check_payment_experience(r, element);
    }
}

/* ---- links ---- */

static bool is_link_type(struct str wire)
{
    static const char *const types[] = {"owns",     "controls", "director_of", "guarantees",
                                        "supplies", "owes",     "lends_to"};
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (str_eq(wire, str_from(types[i]))) {
            return true;
        }
    }
    return false;
}

static void check_link_ends(struct reading *r, const struct json *node)
{
    struct company_id id;
    const struct json *from = field_required(r, node, "from", "{\"scheme\",\"value\"}");
    const struct json *to = field_required(r, node, "to", "{\"scheme\",\"value\"}");
    if (from != NULL) {
        (void)request_identifier_read(&id, r, from);
    }
    if (to != NULL) {
        (void)request_identifier_read(&id, r, to);
    }
}

static void check_link(struct reading *r, const struct json *node)
{
    static const char *const names[] = {"exposure", "from", "pd", "share_ratio", "to", "type"};
    static const char known[] =
        "owns, controls, director_of, guarantees, supplies, owes or lends_to";
    struct str wire;
    struct money exposure;
    if (!field_object(r, node, names, ARRAY_LEN(names))) {
        return;
    }
    const struct json *type = field_required(r, node, "type", known);
    const struct json *share_ratio = field_find(node, "share_ratio");
    const struct json *amount = field_find(node, "exposure");
    const struct json *pd = field_find(node, "pd");
    if (type != NULL && field_word(&wire, r, type) && !is_link_type(wire)) {
        field_not_one_of(r, type, known);
    }
    check_link_ends(r, node);
    if (share_ratio != NULL) {
        (void)field_ratio(r, share_ratio);
    }
    if (amount != NULL) {
        (void)field_money(&exposure, r, amount, SIGN_NOT_NEGATIVE);
    }
    if (pd != NULL) {
        (void)field_ratio(r, pd);
    }
}

void request_links_check(struct reading *r, const struct json *node)
{
    if (!field_array(r, node, LINKS_MAX)) {
        return;
    }
    for (const struct json *element = node->first; element != NULL; element = element->next) {
        check_link(r, element);
    }
}
