/* request_company.c - who the applicant is, as a request says it. */
#include "wire/request_parts.h"

#include <string.h>

enum { EMPLOYEES_MAX = 10000000, LEGAL_FORM_MAX = 64 };

static void note_identifier(struct reading *r, const struct json *node, enum id_scheme scheme,
                            enum company_id_fault fault)
{
    const char *expected = id_scheme_expected(scheme);
    const struct json *value = field_find(node, "value");
    switch (fault) {
    case COMPANY_ID_OK: break;
    case COMPANY_ID_BAD_FORM:
        violation_at(r->v, value, "bad_form", expected, "This is not a %s: expected %s.",
                     id_scheme_wire(scheme), expected);
        break;
    case COMPANY_ID_BAD_CHECKSUM:
        violation_at(r->v, value, "bad_checksum", expected,
                     "The check digits of this %s do not fit: a digit is wrong or swapped.",
                     id_scheme_wire(scheme));
        break;
    case COMPANY_ID_BAD_COUNTRY:
        violation_at(r->v, field_find(node, "country"), "wrong_country",
                     "the country of the identifier (ISO 3166-1), or none",
                     "This country is unknown, or not the one this %s belongs to.",
                     id_scheme_wire(scheme));
        break;
    }
}

bool request_identifier_read(struct company_id *out, struct reading *r, const struct json *node)
{
    static const char *const names[] = {"country", "scheme", "value"};
    if (!field_object(r, node, names, ARRAY_LEN(names))) {
        return false;
    }
    const char *known = "siren, siret, vat, lei, nif, crn, duns, euid, sandbox or ext";
    const struct json *scheme_node = field_required(r, node, "scheme", known);
    const struct json *value_node = field_required(r, node, "value", "the identifier as a string");
    const struct json *country_node = field_find(node, "country");
    struct str wire, value, country = STR("");
    bool is_sound = scheme_node != NULL && field_word(&wire, r, scheme_node);
    is_sound &= value_node != NULL && field_word(&value, r, value_node);
    is_sound &= country_node == NULL || field_word(&country, r, country_node);
    if (!is_sound) {
        return false;
    }
    enum id_scheme scheme;
    if (!id_scheme_read(&scheme, wire)) {
        field_not_one_of(r, scheme_node, known);
        return false;
    }
    if (country_node != NULL && country.len == 0) {
        note_identifier(r, node, scheme, COMPANY_ID_BAD_COUNTRY);
        return false;
    }
    enum company_id_fault fault = company_id_read(out, scheme, country, value);
    note_identifier(r, node, scheme, fault);
    return fault == COMPANY_ID_OK;
}

/* Does this identifier fit the ones before it? */
static void compare_identifiers(const struct company *company, struct reading *r,
                                const struct json *node, const struct company_id *id)
{
    struct str siren = company_id_siren(id);
    for (uint32_t i = 0; i < company->identifier_count; i++) {
        const struct company_id *other = &company->identifiers[i];
        struct str other_siren = company_id_siren(other);
        if (other->scheme == id->scheme && strcmp(other->value, id->value) == 0) {
            violation_at(r->v, node, "duplicate", "each identifier once",
                         "This identifier is there twice.");
            return;
        }
        if (siren.len > 0 && other_siren.len > 0 && !str_eq(siren, other_siren)) {
            violation_at(r->v, field_find(node, "value"), "contradicts", "one company",
                         "This is of another company (SIREN) than the %s before it.",
                         id_scheme_wire(other->scheme));
            return;
        }
    }
}

static void read_identifiers(struct company *out, struct reading *r, const struct json *array)
{
    if (!field_array(r, array, COMPANY_IDENTIFIERS_MAX)) {
        return;
    }
    struct company_id id;
    for (const struct json *node = array->first; node != NULL; node = node->next) {
        if (request_identifier_read(&id, r, node)) {
            compare_identifiers(out, r, node, &id);
            out->identifiers[out->identifier_count++] = id;
        }
    }
}

static void read_activity(struct company *out, struct reading *r, const struct json *node)
{
    static const char *const names[] = {"code", "nomenclature"};
    static const char known[] = "naf_rev2, naf_2025, nace_rev2 or nace_rev21";
    if (!field_object(r, node, names, ARRAY_LEN(names))) {
        return;
    }
    const struct json *nomenclature = field_required(r, node, "nomenclature", known);
    const struct json *code_node = field_required(r, node, "code", "a code such as 4669B");
    struct str wire, code;
    bool is_sound = nomenclature != NULL && field_word(&wire, r, nomenclature);
    is_sound &= code_node != NULL && field_word(&code, r, code_node);
    if (!is_sound) {
        return;
    }
    if (!nomenclature_read(&out->nomenclature, wire)) {
        field_not_one_of(r, nomenclature, known);
        return;
    }
    if (!activity_code_is_valid(out->nomenclature, code)) {
        violation_at(r->v, code_node, "bad_code",
                     "4 digits and a letter (NAF), or 2 to 4 digits (NACE)",
                     "This is not a code of %s.", nomenclature_wire(out->nomenclature));
        return;
    }
    CHECK(code.len < sizeof(out->activity_code));
    memcpy(out->activity_code, code.ptr, code.len);
}

static void read_country(struct company *out, struct reading *r, const struct json *node)
{
    struct str country;
    if (!field_word(&country, r, node)) {
        return;
    }
    if (!country_is_known(country)) {
        field_not_one_of(r, node, "an ISO 3166-1 code of two capitals, such as FR");
        return;
    }
    memcpy(out->country, country.ptr, COUNTRY_LEN);
}

/* What the applicant is called and where it is; an identifier may say where. */
static void read_names(struct company *out, struct reading *r, const struct json *node)
{
    const struct json *name = field_find(node, "name");
    const struct json *country = field_find(node, "country");
    if (name != NULL) {
        (void)field_text(&out->name, r, name, 1, COMPANY_NAME_MAX);
    }
    if (country != NULL) {
        read_country(out, r, country);
    }
    const struct json *identifiers = field_find(node, "identifiers");
    if (identifiers != NULL) {
        read_identifiers(out, r, identifiers);
    }
    bool is_named = name != NULL && country != NULL;
    bool is_identified =
        identifiers != NULL && (identifiers->type != JSON_ARRAY || identifiers->count > 0);
    if (!is_named && !is_identified) {
        violation_missing(r->v, node, "identifiers", "one identifier, or a name and a country");
    }
    for (uint32_t i = 0; i < out->identifier_count && out->country[0] == '\0'; i++) {
        memcpy(out->country, out->identifiers[i].country, sizeof(out->country));
    }
}

void request_company_read(struct company *out, struct reading *r, const struct json *node)
{
    static const char *const names[] = {"activity",        "country",    "employees", "identifiers",
                                        "incorporated_on", "legal_form", "name"};
    *out = (struct company){.employees = -1, .name = STR(""), .legal_form = STR("")};
    if (!field_object(r, node, names, ARRAY_LEN(names))) {
        return;
    }
    read_names(out, r, node);
    const struct json *activity = field_find(node, "activity");
    if (activity != NULL) {
        read_activity(out, r, activity);
    }
    const struct json *incorporated_on = field_find(node, "incorporated_on");
    if (incorporated_on != NULL) {
        (void)field_past_date(&out->incorporated_on, r, incorporated_on);
    }
    const struct json *employees = field_find(node, "employees");
    if (employees != NULL) {
        (void)field_int(&out->employees, r, employees, 0, EMPLOYEES_MAX);
    }
    const struct json *legal_form = field_find(node, "legal_form");
    if (legal_form != NULL && field_text(&out->legal_form, r, legal_form, 1, LEGAL_FORM_MAX)) {
        out->nature = legal_nature_of(out->legal_form, str_from(out->country));
    }
    for (uint32_t i = 0; i < out->identifier_count; i++) {
        if (company_id_is_of_person(&out->identifiers[i])) {
            out->nature = LEGAL_NATURE_NATURAL_PERSON;
        }
    }
}
