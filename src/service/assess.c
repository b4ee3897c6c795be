/* assess.c - decode, score, decide, render. */
#include "service/assess.h"

enum { RENDERED_LEN_MAX = 1024 * 1024 };

/* What nearly every text of its kind fits in; longer ones grow. */
enum { FROZEN_USUAL = 4 * 1024, BODY_USUAL = 6 * 1024, WORDS_USUAL = 2 * 1024 };

enum status request_parse(const struct json **root, struct str text, struct arena *arena,
                          struct json_error *json_err, struct error *err)
{
    const struct json *top = json_read(text, arena, json_err);
    if (top == NULL) {
        return error_set(err, STATUS_INVALID, "",
                         "not valid JSON at line %u, column %u (byte %zu): %s", json_err->line,
                         json_err->column, json_err->offset, json_err->message);
    }
    *root = top;
    return STATUS_OK;
}

static const struct policy *policy_named(const struct json *root, struct str id,
                                         const struct in_force *in_force,
                                         struct violations *violations)
{
    const struct policy *policy = in_force_policy(in_force, id);
    if (policy == NULL) {
        const struct json *member = json_find(root, STR("policy"));
        violation_at(violations, member == NULL ? root : member, "unknown_policy",
                     "the id of a policy in force", "No policy \"%.*s\" is in force.",
                     STR_ARGS(id));
    }
    return policy;
}

/* What is stored is added by whoever has a store; without one there is no such network. */
static void check_stored_links(const struct decision_request *request, const struct json *root,
                               struct violations *violations)
{
    if (request->links_from == LINKS_FROM_STORED && !request->facts.stored.is_there) {
        violation_at(violations, json_find(root, STR("links_from")), "not_available", "request",
                     "Only a server knows the stored links.");
    }
}

enum status assess_decision(struct assessment *out, const struct json *root, struct date today,
                            const struct in_force *in_force, struct arena *arena,
                            struct violations *violations, struct error *err)
{
    *out = (struct assessment){0};
    if (in_force->model == NULL) {
        return error_set(err, STATUS_CORRUPT, "model", "the model in force is not available");
    }
    enum status status = decision_request_read(&out->request, root, today, arena, violations);
    if (status == STATUS_OK) {
        out->policy = policy_named(root, out->request.policy, in_force, violations);
        check_stored_links(&out->request, root, violations);
    }
    if (violations->total > 0) {
        return error_set(err, STATUS_INVALID, "", "the request has %u violation(s)",
                         violations->total);
    }
    if (status != STATUS_OK) {
        return error_set(err, status, "",
                         "the request needs more memory than one request may have");
    }
    decision_make(&out->decision, &(struct decision_input){.facts = &out->request.facts,
                                                           .asked = &out->request.asked,
                                                           .policy = out->policy,
                                                           .model = in_force->model});
    return STATUS_OK;
}

enum status assess(struct assessment *out, const struct json *root, struct date today,
                   const struct in_force *in_force, struct arena *arena,
                   struct violations *violations, struct error *err)
{
    TRY(assess_decision(out, root, today, in_force, arena, violations, err));
    buf_init_sized(&out->frozen, 2 * DECISION_REQUEST_LEN_MAX, FROZEN_USUAL);
    buf_init_sized(&out->body, RENDERED_LEN_MAX, BODY_USUAL);
    buf_init_sized(&out->words, RENDERED_LEN_MAX, WORDS_USUAL);
    decision_request_freeze(&out->frozen, root, out->request.facts.as_of);
    out->input_sha256 = digest_of(buf_str(&out->frozen));
    char hex[DIGEST_HEX_LEN + 1];
    digest_hex(hex, &out->input_sha256);
    decision_body_write(&out->body, &out->request, &out->decision, in_force->model, out->policy,
                        hex);
    decision_words_write(&out->words, &out->request, &out->decision, in_force->model, out->policy);
    if (buf_failed(&out->frozen) || buf_failed(&out->body) || buf_failed(&out->words)) {
        return error_set(err, STATUS_TOO_LARGE, "",
                         "the answer needs more memory than one request may have");
    }
    return STATUS_OK;
}

void assessment_finish(struct assessment *assessment)
{
    buf_finish(&assessment->frozen);
    buf_finish(&assessment->body);
    buf_finish(&assessment->words);
}

struct str company_id_key(const struct company_id *id, struct arena *arena)
{
    struct str country = str_from(id->country), scheme = str_from(id_scheme_wire(id->scheme));
    struct str value = str_from(id->value);
    size_t len = country.len + scheme.len + value.len + 2;
    char *key = arena_take(arena, len);
    if (key == NULL) {
        return (struct str){NULL, 0};
    }
    char *to = bytes_put(key, country);
    *to++ = ':';
    to = bytes_put(to, scheme);
    *to++ = ':';
    (void)bytes_put(to, value);
    return str_of(key, len);
}

struct str company_key(const struct company *company, struct arena *arena)
{
    if (company->identifier_count == 0) {
        return STR("");
    }
    struct str key = company_id_key(&company->identifiers[0], arena);
    return key.ptr == NULL ? STR("") : key;
}
