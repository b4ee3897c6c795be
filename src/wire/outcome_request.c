/* outcome_request.c - member by member; what a type asks for is looked at last. */
#include "wire/outcome_request.h"

#include "wire/request_parts.h"

#define TYPES_EXPECTED "default, bankruptcy, write_off, repaid, partial or retracted"

/* "siren:732829320", or the identifier as decisions have it. */
static void read_company(struct company_id *out, struct reading *r, const struct json *node)
{
    enum id_scheme scheme;
    if (node->type == JSON_OBJECT) {
        (void)request_identifier_read(out, r, node);
        return;
    }
    if (node->type != JSON_STRING) {
        violation_at(r->v, node, "wrong_type", "scheme:value, such as siren:732829320",
                     "A company is named by one of its identifiers.");
        return;
    }
    enum company_id_fault fault = company_id_read_key(out, &scheme, node->text);
    if (fault == COMPANY_ID_BAD_CHECKSUM) {
        violation_at(r->v, node, "bad_checksum", id_scheme_expected(scheme),
                     "The check digits of this %s do not fit: a digit is wrong or swapped.",
                     id_scheme_wire(scheme));
    } else if (fault != COMPANY_ID_OK) {
        violation_at(r->v, node, "bad_form",
                     scheme == SCHEME_NONE ? "scheme:value, such as siren:732829320"
                                           : id_scheme_expected(scheme),
                     "This is not the identifier of a company.");
    }
}

static bool read_type(enum outcome_type *out, struct reading *r, const struct json *node)
{
    struct str wire;
    const struct json *member = field_required(r, node, "type", TYPES_EXPECTED);
    if (member == NULL || !field_word(&wire, r, member)) {
        return false;
    }
    if (!outcome_type_read(out, wire)) {
        field_not_one_of(r, member, TYPES_EXPECTED);
        return false;
    }
    return true;
}

static const struct json *read_id_node(struct reading *r, const struct json *node, const char *name)
{
    struct str word;
    const struct json *member = field_find(node, name);
    return member != NULL && field_word(&word, r, member) ? member : NULL;
}

/* What one type asks for and another does not. */
static void check_type(const struct outcome_request *out, struct reading *r)
{
    const struct json *node = out->node;
    if (out->outcome.type == OUTCOME_DEFAULT && field_find(node, "definition") == NULL) {
        violation_missing(r->v, node, "definition",
                          "the definition of default it fulfils, such as insolvency_12m or dpd90");
    }
    if (out->outcome.type == OUTCOME_RETRACTED && field_find(node, "supersedes") == NULL) {
        violation_missing(r->v, node, "supersedes", "the id of the outcome that did not happen");
    }
}

/* One of company and decision; a correction may leave it to what it corrects. */
static void check_subject(struct reading *r, const struct json *node)
{
    bool has_company = field_find(node, "company") != NULL;
    bool has_decision = field_find(node, "decision") != NULL;
    if (has_company && has_decision) {
        violation_at(r->v, field_find(node, "decision"), "contradicts",
                     "either company or decision",
                     "An outcome is about a company, or about one decision.");
    } else if (!has_company && !has_decision && field_find(node, "supersedes") == NULL) {
        violation_missing(r->v, node, "company", "a company, or a decision");
    }
}

static void read_one(struct outcome_request *out, struct reading *r, const struct json *node)
{
    static const char *const names[] = {"amount",   "client_reference", "company",
                                        "decision", "definition",       "observed_on",
                                        "source",   "supersedes",       "type"};
    *out = (struct outcome_request){.node = node};
    if (!field_object(r, node, names, ARRAY_LEN(names))) {
        return;
    }
    bool has_type = read_type(&out->outcome.type, r, node);
    const struct json *company = field_find(node, "company");
    const struct json *definition = field_find(node, "definition");
    const struct json *amount = field_find(node, "amount");
    const struct json *reference = field_find(node, "client_reference");
    const struct json *observed = field_required(r, node, "observed_on", "a date");
    const struct json *source = field_required(r, node, "source", "who observed it, or where");
    if (company != NULL) {
        read_company(&out->outcome.company, r, company);
    }
    if (definition != NULL) {
        (void)field_name(&out->outcome.definition, r, definition, '_', OUTCOME_DEFINITION_MAX);
    }
    if (amount != NULL) {
        (void)field_money(&out->outcome.amount, r, amount, SIGN_POSITIVE);
    }
    if (reference != NULL) {
        (void)field_text(&out->outcome.client_reference, r, reference, 1, OUTCOME_REFERENCE_MAX);
    }
    if (observed != NULL && field_date(&out->outcome.observed_on, r, observed) &&
        date_compare(out->outcome.observed_on, r->as_of) > 0) {
        violation_at(r->v, observed, "in_future", "a date not after today",
                     "What lies in the future was not observed.");
    }
    if (source != NULL) {
        (void)field_text(&out->outcome.source, r, source, 1, OUTCOME_SOURCE_MAX);
    }
    out->decision = read_id_node(r, node, "decision");
    out->supersedes = read_id_node(r, node, "supersedes");
    check_subject(r, node);
    if (has_type) {
        check_type(out, r);
    }
}

enum status outcome_request_read(struct outcome_request **out, uint32_t *count,
                                 const struct json *root, uint32_t count_max, struct date today,
                                 struct arena *arena, struct violations *v)
{
    static const char *const names[] = {"outcomes"};
    struct reading r = {.v = v, .arena = arena, .as_of = today};
    const struct json *list = root->type == JSON_OBJECT ? json_find(root, STR("outcomes")) : NULL;
    uint32_t listed = 1;
    if (list != NULL) {
        (void)field_object(&r, root, names, ARRAY_LEN(names));
        if (!field_array(&r, list, count_max)) {
            return STATUS_INVALID;
        }
        listed = list->count;
        if (listed == 0) {
            violation_at(v, list, "empty", "at least one outcome", "There is none in the list.");
            return STATUS_INVALID;
        }
    }
    struct outcome_request *requests = arena_array(arena, struct outcome_request, listed);
    if (requests == NULL) {
        return STATUS_TOO_LARGE;
    }
    uint32_t i = 0;
    for (const struct json *node = list == NULL ? root : list->first; i < listed;
         node = node->next) {
        read_one(&requests[i++], &r, node);
    }
    if (v->total > 0) {
        return STATUS_INVALID;
    }
    *out = requests;
    *count = listed;
    return r.is_full ? STATUS_TOO_LARGE : STATUS_OK;
}
