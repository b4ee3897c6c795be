/* decision_reply.c - bodies in, decisions and refusals out. */
#include "api/decision_reply.h"

#include "wire/decision_answer.h"

bool call_body_is_json(struct call *call)
{
    struct str type = http_header_find(call->x, STR("Content-Type"), NULL);
    struct str media = str_trim(str_slice(type, 0, str_find(type, 0, ';')));
    unsigned codings;
    if (!str_eq_ignore_case(media, STR("application/json"))) {
        problem_reply(call->x, PROBLEM_UNSUPPORTED_MEDIA_TYPE, call->request_id, NULL, "%s",
                      problem_info(PROBLEM_UNSUPPORTED_MEDIA_TYPE)->remedy);
        return false;
    }
    struct str coding = http_header_find(call->x, STR("Content-Encoding"), &codings);
    if (codings > 0 && !str_eq_ignore_case(coding, STR("identity"))) {
        problem_reply(call->x, PROBLEM_UNSUPPORTED_MEDIA_TYPE, call->request_id, NULL,
                      "Send the body as it is, without Content-Encoding.");
        return false;
    }
    return true;
}

const struct json *call_read_json(struct call *call)
{
    const struct json *root;
    struct json_error json_err;
    struct error err;
    if (!call_body_is_json(call)) {
        return NULL;
    }
    if (request_parse(&root, call->x->body, call->x->arena, &json_err, &err) != STATUS_OK) {
        problem_reply(call->x, PROBLEM_MALFORMED_JSON, call->request_id, NULL, "%s", err.message);
        return NULL;
    }
    return root;
}

void decision_reply(struct call *call, const struct decision_record *record)
{
    decision_answer_begin(&call->x->reply, &(struct decision_envelope){
                                               .id = str_from(record->id_text),
                                               .created_ms = record->row.created_ms,
                                               .is_live = call->key.is_live,
                                               .client_reference = record->row.client_reference,
                                               .body = record->body,
                                               .words = record->words});
    decision_answer_end(&call->x->reply, str_from(record->id_text), record->row.stream,
                        record->row.epoch, record->row.seq);
}

void assessment_reply(struct call *call, const char *object, const struct assessment *assessment)
{
    struct json_writer w;
    json_writer_init(&w, &call->x->reply);
    json_object_begin(&w);
    json_text_member(&w, STR("object"), str_from(object));
    json_name(&w, STR("livemode"));
    json_bool(&w, call->key.is_live);
    json_name(&w, STR("body"));
    json_raw(&w, buf_str(&assessment->body));
    json_name(&w, STR("words"));
    json_raw(&w, buf_str(&assessment->words));
    json_object_end(&w);
}

void assessment_refuse(struct call *call, enum status status, const struct error *err,
                       const struct violations *violations)
{
    if (status == STATUS_INVALID && violations->total > 0) {
        problem_reply(call->x, PROBLEM_VALIDATION_FAILED, call->request_id, violations,
                      "The request has %u fault(s)%s.", violations->total,
                      violations->total > violations->count ? "; the first are told" : "");
    } else if (status == STATUS_CORRUPT) {
        problem_reply(call->x, PROBLEM_MODEL_UNAVAILABLE, call->request_id, NULL, "%s",
                      problem_info(PROBLEM_MODEL_UNAVAILABLE)->remedy);
    } else {
        problem_reply_status(call->x, status, err, call->request_id);
    }
}
