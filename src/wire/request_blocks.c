/* request_blocks.c - legal events, bank accounts and payment experiences of a request. */
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
static void read_dated_amount(struct date *date, int64_t *minor, struct reading *r,
                              const struct json *node, enum currency currency)
{
    const struct json *date_node = field_required(r, node, "date", "YYYY-MM-DD");
    const struct json *amount = field_required(r, node, "amount", "a decimal such as \"-1200.00\"");
    if (date_node != NULL) {
        (void)field_past_date(date, r, date_node);
    }
    if (amount != NULL && currency != CURRENCY_NONE) {
        (void)field_minor(minor, r, amount, currency, SIGN_ANY);
    }
}

static void read_balances(struct bank_account *out, struct reading *r, const struct json *node)
{
    static const char *const names[] = {"amount", "date"};
    if (!field_array(r, node, BALANCES_MAX)) {
        return;
    }
    struct bank_balance *balances =
        arena_array(r->arena, struct bank_balance, (size_t)node->count + 1);
    if (balances == NULL) {
        r->is_full = true;
        return;
    }
    for (const struct json *element = node->first; element != NULL; element = element->next) {
        struct bank_balance *b = &balances[element->index];
        if (field_object(r, element, names, ARRAY_LEN(names))) {
            read_dated_amount(&b->date, &b->minor, r, element, out->currency);
        }
    }
    out->balances = balances;
    out->balance_count = node->count;
}

static void read_transactions(struct bank_account *out, struct reading *r, const struct json *node,
                              uint32_t left)
{
    static const char *const names[] = {"amount", "counterparty", "date", "label"};
    if (!field_array(r, node, left)) {
        return;
    }
    struct bank_transaction *transactions =
        arena_array(r->arena, struct bank_transaction, (size_t)node->count + 1);
    if (transactions == NULL) {
        r->is_full = true;
        return;
    }
    for (const struct json *element = node->first; element != NULL; element = element->next) {
        struct bank_transaction *t = &transactions[element->index];
        if (field_object(r, element, names, ARRAY_LEN(names))) {
            read_dated_amount(&t->date, &t->minor, r, element, out->currency);
            read_optional_text(&t->label, r, element, "label", LABEL_MAX);
            read_optional_text(&t->counterparty, r, element, "counterparty", COUNTERPARTY_MAX);
        }
    }
    out->transactions = transactions;
    out->transaction_count = node->count;
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
static uint32_t read_bank_account(struct bank_account *out, struct reading *r,
                                  const struct json *node, uint32_t left)
{
    static const char *const names[] = {"balances", "currency", "iban", "transactions"};
    if (!field_object(r, node, names, ARRAY_LEN(names))) {
        return 0;
    }
    const struct json *code = field_required(r, node, "currency", "an ISO 4217 code");
    const struct json *iban = field_find(node, "iban");
    const struct json *balances = field_find(node, "balances");
    const struct json *transactions = field_find(node, "transactions");
    if (code != NULL) {
        (void)field_currency(&out->currency, r, code);
    }
    if (iban != NULL) {
        check_iban(r, iban);
    }
    if (balances != NULL) {
        read_balances(out, r, balances);
    }
    if (transactions == NULL) {
        return 0;
    }
    read_transactions(out, r, transactions, left);
    return transactions->type == JSON_ARRAY ? transactions->count : 0;
}

void request_bank_accounts_read(const struct bank_account **out, uint32_t *count, struct reading *r,
                                const struct json *node)
{
    if (!field_array(r, node, BANK_ACCOUNTS_MAX) || node->count == 0) {
        return;
    }
    struct bank_account *accounts = arena_array(r->arena, struct bank_account, node->count);
    if (accounts == NULL) {
        r->is_full = true;
        return;
    }
    uint32_t left = BANK_TRANSACTIONS_MAX;
    for (const struct json *element = node->first; element != NULL; element = element->next) {
        uint32_t came = read_bank_account(&accounts[element->index], r, element, left);
        left -= came < left ? came : left;
    }
    *out = accounts;
    *count = node->count;
}

/* ---- payment experiences ---- */

static void read_payment_dates(struct payment *out, struct reading *r, const struct json *node)
{
    const struct json *issued = field_required(r, node, "issued_on", "YYYY-MM-DD");
    const struct json *due = field_required(r, node, "due_on", "YYYY-MM-DD");
    const struct json *paid = field_find(node, "paid_on");
    bool has_issued = issued != NULL && field_past_date(&out->issued_on, r, issued);
    bool has_due = due != NULL && field_date(&out->due_on, r, due);
    if (paid != NULL) {
        (void)field_past_date(&out->paid_on, r, paid);
    }
    if (has_issued && has_due && date_compare(out->due_on, out->issued_on) < 0) {
        violation_at(r->v, due, "contradicts", "a day on or after issued_on",
                     "An invoice is not due before it is issued.");
    }
}

static void read_payment_amount(struct payment *out, struct reading *r, const struct json *node)
{
    const struct json *amount = field_required(r, node, "amount", "a decimal such as \"4300.00\"");
    const struct json *code = field_required(r, node, "currency", "an ISO 4217 code");
    bool has_currency = code != NULL && field_currency(&out->amount.currency, r, code);
    if (amount != NULL && has_currency) {
        (void)field_minor(&out->amount.minor, r, amount, out->amount.currency, SIGN_POSITIVE);
    }
}

static void read_payment(struct payment *out, struct reading *r, const struct json *node)
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
    if (disputed != NULL && field_bool(r, disputed)) {
        out->is_disputed = disputed->type == JSON_TRUE;
    }
    read_payment_dates(out, r, node);
    read_payment_amount(out, r, node);
}

void request_payments_read(const struct payment **out, uint32_t *count, struct reading *r,
                           const struct json *node)
{
    if (!field_array(r, node, PAYMENT_EXPERIENCES_MAX) || node->count == 0) {
        return;
    }
    struct payment *payments = arena_array(r->arena, struct payment, node->count);
    if (payments == NULL) {
        r->is_full = true;
        return;
    }
    for (const struct json *element = node->first; element != NULL; element = element->next) {
        read_payment(&payments[element->index], r, element);
    }
    *out = payments;
    *count = node->count;
}
