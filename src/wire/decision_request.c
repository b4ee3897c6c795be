/* decision_request.c - the top level of a request: who, what, why, and the blocks of facts. */
#include "wire/decision_request.h"

#include "feature/neighbourhood.h"
#include "wire/request_parts.h"

/* All members, in the order of RFC 8785: also the order of the frozen text. */
static const char *const member_names[] = {
    "as_of",         "audience",
    "bank_accounts", "client_reference",
    "company",       "consent",
    "file",          "financial_statements",
    "language",      "legal_basis",
    "legal_events",  "links",
    "links_from",    "payment_experiences",
    "policy",        "purpose",
    "request",       "stored_links",
};

static const struct date as_of_least = {1990, 1, 1};

static struct date read_as_of(struct reading *r, const struct json *root, struct date today)
{
    struct date as_of;
    const struct json *node = field_find(root, "as_of");
    if (node == NULL || !field_date(&as_of, r, node)) {
        return today;
    }
    /* One day of grace: somewhere on earth it is tomorrow. */
    if (date_compare(as_of, as_of_least) < 0 || date_compare(as_of, date_add_days(today, 1)) > 0) {
        violation_at(r->v, node, "out_of_range", "a day from 1990-01-01 to tomorrow",
                     "A decision is made as of a day from 1990-01-01 to tomorrow.");
        return today;
    }
    return as_of;
}

static void read_asked(struct credit_request *out, struct reading *r, const struct json *root)
{
    static const char *const names[] = {"amount", "product", "terms_days"};
    enum { PRODUCT_MAX = 64 };
    *out = (struct credit_request){.product = STR("trade_credit"), .terms_days = -1};
    const struct json *node = field_find(root, "request");
    if (node == NULL || !field_object(r, node, names, ARRAY_LEN(names))) {
        return;
    }
    const struct json *product = field_find(node, "product");
    const struct json *amount = field_find(node, "amount");
    const struct json *terms_days = field_find(node, "terms_days");
    if (product != NULL) {
        (void)field_name(&out->product, r, product, '_', PRODUCT_MAX);
    }
    if (amount != NULL) {
        (void)field_money(&out->amount, r, amount, SIGN_POSITIVE);
    }
    if (terms_days != NULL) {
        (void)field_int(&out->terms_days, r, terms_days, 0, TERMS_DAYS_MAX);
    }
}

/* ---- language, audience, purpose, legal basis ---- */

static void read_language(struct decision_request *out, struct reading *r, const struct json *root)
{
    struct str wire;
    const struct json *node = field_find(root, "language");
    if (node != NULL && field_word(&wire, r, node) && !language_read(&out->language, wire)) {
        field_not_one_of(r, node, "en, es or fr");
    }
}

static void read_audience(struct decision_request *out, struct reading *r, const struct json *root)
{
    struct str wire;
    const struct json *node = field_find(root, "audience");
    if (node != NULL && field_word(&wire, r, node) && !audience_read(&out->audience, wire)) {
        field_not_one_of(r, node, "analyst, applicant or regulator");
    }
}

static const char purposes_known[] =
    "credit_granting, credit_review, portfolio_monitoring or debt_collection";
static const char bases_known[] = "consent, contract, legal_obligation or legitimate_interest";

static void read_purpose(struct decision_request *out, struct reading *r, const struct json *root)
{
    struct str wire;
    const struct json *node = field_find(root, "purpose");
    if (node != NULL && field_word(&wire, r, node) && !purpose_read(&out->purpose, wire)) {
        field_not_one_of(r, node, purposes_known);
    }
}

static void read_legal_basis(struct decision_request *out, struct reading *r,
                             const struct json *root)
{
    struct str wire;
    const struct json *node = field_find(root, "legal_basis");
    if (node != NULL && field_word(&wire, r, node) && !legal_basis_read(&out->legal_basis, wire)) {
        field_not_one_of(r, node, bases_known);
    }
}

/* A member that is required for a reason: the code says which. */
static void require(struct reading *r, const struct json *root, const char *name,
                    const char *expected, const char *code)
{
    uint32_t before = r->v->count;
    if (field_required(r, root, name, expected) == NULL && r->v->count > before) {
        r->v->items[before].code = code;
    }
}

/* GDPR articles 5 and 6: a person is scored for a purpose and on a ground, and a consent can be
 * shown. */
static void require_grounds(const struct decision_request *out, struct reading *r,
                            const struct json *root)
{
    const struct company *company = &out->facts.company;
    /* By the form that was stated: a person told only by a DNI keeps the right to human review, but
     * a sender who knows no form is not held up. */
    if (legal_nature_of(company->legal_form, str_from(company->country)) ==
        LEGAL_NATURE_NATURAL_PERSON) {
        require(r, root, "purpose", purposes_known, "required_for_natural_person");
        require(r, root, "legal_basis", bases_known, "required_for_natural_person");
    }
    if (out->legal_basis == LEGAL_BASIS_CONSENT) {
        require(r, root, "consent", "the reference of the consent", "required_for_consent");
    }
}

static void read_texts(struct decision_request *out, struct reading *r, const struct json *root)
{
    enum { CONSENT_MAX = 128 };
    out->policy = STR("trade-credit");
    out->consent = STR("");
    out->client_reference = STR("");
    const struct json *policy = field_find(root, "policy");
    const struct json *consent = field_find(root, "consent");
    const struct json *client_reference = field_find(root, "client_reference");
    const struct json *file = field_find(root, "file");
    if (policy != NULL) {
        (void)field_name(&out->policy, r, policy, '-', POLICY_NAME_MAX);
    }
    if (consent != NULL) {
        (void)field_text(&out->consent, r, consent, 1, CONSENT_MAX);
    }
    if (client_reference != NULL) {
        (void)field_text(&out->client_reference, r, client_reference, 1, CLIENT_REFERENCE_MAX);
    }
    if (file != NULL && field_bool(r, file)) {
        out->is_not_filed = file->type == JSON_FALSE;
    }
}

/* ---- blocks ---- */

static void read_company(struct facts *facts, struct reading *r, const struct json *root)
{
    static const char *const firmographic[] = {"activity", "employees", "incorporated_on",
                                               "legal_form"};
    const struct json *node = field_required(r, root, "company", "the applicant");
    if (node == NULL) {
        return;
    }
    request_company_read(&facts->company, r, node);
    for (size_t i = 0; i < ARRAY_LEN(firmographic) && node->type == JSON_OBJECT; i++) {
        if (field_find(node, firmographic[i]) != NULL) {
            facts->blocks_sent |= 1U << BLOCK_FIRMOGRAPHIC;
        }
    }
}

/* The node of a block, noting that it came. */
static const struct json *block_find(struct facts *facts, enum block block, const struct json *root,
                                     const char *name)
{
    const struct json *node = field_find(root, name);
    facts->blocks_sent |= node == NULL ? 0 : 1U << block;
    return node;
}

static void read_blocks(struct facts *facts, struct reading *r, const struct json *root,
                        const struct json *stored)
{
    const struct json *node = block_find(facts, BLOCK_FINANCIAL, root, "financial_statements");
    if (node != NULL) {
        request_statements_read(&facts->statements, &facts->statement_count, r, node);
    }
    node = block_find(facts, BLOCK_BANK, root, "bank_accounts");
    if (node != NULL) {
        request_bank_accounts_read(&facts->bank_accounts, &facts->bank_account_count, r, node);
    }
    node = block_find(facts, BLOCK_PAYMENT, root, "payment_experiences");
    if (node != NULL) {
        request_payments_read(&facts->payments, &facts->payment_count, r, node);
    }
    node = block_find(facts, BLOCK_LEGAL, root, "legal_events");
    if (node != NULL) {
        request_legal_events_read(&facts->legal_events, &facts->legal_event_count, r, node);
    }
    node = block_find(facts, BLOCK_GRAPH, root, "links");
    request_links_read(facts, r, node, stored);
    facts->blocks_sent |= facts->stored.links == 0 ? 0 : 1U << BLOCK_GRAPH;
}

bool links_from_read(enum links_from *out, struct str wire)
{
    bool is_stored = str_eq(wire, STR("stored"));
    *out = is_stored ? LINKS_FROM_STORED : LINKS_FROM_REQUEST;
    return is_stored || str_eq(wire, STR("request"));
}

/* What the store has added, where it was asked for. */
static const struct json *read_links_from(struct decision_request *out, struct reading *r,
                                          const struct json *root)
{
    struct str wire;
    const struct json *node = field_find(root, "links_from");
    if (node != NULL && field_word(&wire, r, node) && !links_from_read(&out->links_from, wire)) {
        field_not_one_of(r, node, "request or stored");
    }
    return out->links_from == LINKS_FROM_STORED ? field_find(root, "stored_links") : NULL;
}

enum status decision_request_read(struct decision_request *out, const struct json *root,
                                  struct date today, struct arena *arena, struct violations *v)
{
    CHECK(date_is_set(today));
    struct reading r = {.v = v, .arena = arena, .as_of = today};
    struct decision_request request = {0};
    uint32_t before = v->total;
    if (field_object(&r, root, member_names, ARRAY_LEN(member_names))) {
        r.as_of = read_as_of(&r, root, today);
        request.facts.as_of = r.as_of;
        read_company(&request.facts, &r, root);
        read_asked(&request.asked, &r, root);
        read_blocks(&request.facts, &r, root, read_links_from(&request, &r, root));
        read_texts(&request, &r, root);
        read_language(&request, &r, root);
        read_audience(&request, &r, root);
        read_purpose(&request, &r, root);
        read_legal_basis(&request, &r, root);
        require_grounds(&request, &r, root);
    }
    if (r.is_full) {
        return STATUS_TOO_LARGE;
    }
    if (v->total > before) {
        return STATUS_INVALID;
    }
    if (!facts_derive(&request.facts, arena) ||
        !neighbourhood_make(&request.facts, neighbourhood_recovery, arena)) {
        return STATUS_TOO_LARGE;
    }
    *out = request;
    return STATUS_OK;
}

/* The members are written from our own sorted list; what stands inside them is sorted as it is
 * written. */
void decision_request_freeze(struct buf *out, const struct json *root, struct date as_of)
{
    CHECK(root->type == JSON_OBJECT);
    CHECK(date_is_set(as_of));
    buf_append_text(out, "{\"as_of\":\"");
    date_write(out, as_of);
    buf_append_byte(out, '"');
    for (size_t i = 1; i < ARRAY_LEN(member_names); i++) {
        const struct json *node = json_find(root, str_from(member_names[i]));
        if (node != NULL) {
            buf_append_byte(out, ',');
            json_append_string(out, node->name);
            buf_append_byte(out, ':');
            json_write_canonical(out, node);
        }
    }
    buf_append_byte(out, '}');
}
