/* decide.c - compute the decision, render the record that is proved, declare the unit. */
#include "service/decide.h"

#include "base/defect.h"
#include "score/score.h"
#include "store/payload.h"

#include <string.h>

/* What is frozen begins with as_of as it holds; the rest is the canonical request already.  With
 * as_of stated, so is the whole. */
struct digest request_fingerprint(const struct json *root, const struct assessment *assessment)
{
    enum { AS_OF_AT = sizeof "{\"as_of\":\"" - 1, AS_OF_LEN = 10 };
    enum { REST_AT = AS_OF_AT + AS_OF_LEN + sizeof "\"," - 1 };
    struct str frozen = buf_str(&assessment->frozen);
    const struct json *as_of = json_find(root, STR("as_of"));
    CHECK(frozen.len > REST_AT); /* a request has a company */
    if (as_of == NULL) {
        return digest_of_2(STR("{"), str_slice(frozen, REST_AT, frozen.len));
    }
    if (as_of->type == JSON_NULL) {
        return digest_of_2(STR("{\"as_of\":null,"), str_slice(frozen, REST_AT, frozen.len));
    }
    CHECK(str_eq(as_of->text, str_slice(frozen, AS_OF_AT, AS_OF_AT + AS_OF_LEN)));
    return assessment->input_sha256;
}

/* The members around body, words and input. */
enum { AROUND_USUAL = 512, GRAPH_ARENA_MAX = 4 * 1024 * 1024 };

/* The record that is proved: canonical, its members in order. */
static void payload_write(struct decide_unit *unit, const struct decide_request *rq)
{
    struct json_writer w;
    const struct assessment *assessment = &unit->assessment;
    buf_init_sized(&unit->payload, PAYLOAD_LEN_MAX,
                   assessment->body.len + assessment->words.len + assessment->frozen.len +
                       AROUND_USUAL);
    json_writer_init_canonical(&w, &unit->payload);
    json_object_begin(&w);
    json_name(&w, STR("body"));
    json_raw(&w, buf_str(&assessment->body));
    json_text_member(&w, STR("client_reference"), assessment->request.client_reference);
    json_text_member(&w, STR("company_key"), unit->row.company_key);
    json_name(&w, STR("created_at"));
    timestamp_write(json_quoted_begin(&w), rq->now_ms);
    json_quoted_end(&w);
    json_name(&w, STR("engine"));
    json_int(&w, SCORE_ENGINE);
    json_name(&w, STR("environment"));
    json_int(&w, rq->environment);
    json_text_member(&w, STR("id"), str_from(unit->id_text));
    json_name(&w, STR("input"));
    json_raw(&w, buf_str(&assessment->frozen));
    json_text_member(&w, STR("object"), STR("decision"));
    json_name(&w, STR("words"));
    json_raw(&w, buf_str(&assessment->words));
    json_object_end(&w);
}

/* Of the request as it came, whatever the store knew when it did. */
static struct digest fingerprint(const struct decide_request *rq,
                                 const struct assessment *assessment)
{
    if (rq->sent == NULL) {
        return request_fingerprint(rq->root, assessment);
    }
    struct assessment sent = {0};
    buf_init(&sent.frozen, 2 * DECISION_REQUEST_LEN_MAX);
    decision_request_freeze(&sent.frozen, rq->sent, assessment->request.facts.as_of);
    sent.input_sha256 = digest_of(buf_str(&sent.frozen));
    struct digest digest = request_fingerprint(rq->sent, &sent);
    assessment_finish(&sent);
    return digest;
}

static void declare(struct decide_unit *out, const struct service *service,
                    const struct decide_request *rq, struct arena *arena)
{
    const struct decision *decision = &out->assessment.decision;
    out->row = (struct decision_row){
        .environment = rq->environment,
        .id = rq->id,
        .created_ms = rq->now_ms,
        .company_key = company_key(&out->assessment.request.facts.company, arena),
        .client_reference = out->assessment.request.client_reference,
        .recommendation = str_from(recommendation_wire(decision->recommendation)),
    };
    memcpy(out->row.salt, rq->salt, sizeof out->row.salt);
    id_write(out->id_text, "dec", &rq->id);
    payload_write(out, rq);
    out->row.payload = buf_str(&out->payload);
    if (rq->idempotency_key.len > 0) {
        out->claim = (struct claim){.environment = rq->environment,
                                    .route = rq->route,
                                    .key = rq->idempotency_key,
                                    .fingerprint = fingerprint(rq, &out->assessment),
                                    .object = rq->id,
                                    .now_ms = rq->now_ms};
        if (!DEFECT(CLAIM_IN_MEMORY)) {
            idempotency_claim(&out->unit, &out->claim, &out->claim_values);
        }
    }
    decision_insert(&out->unit, &out->row, &out->row_values, arena);
    if (!rq->is_dry_run) {
        shadow_declare(&out->shadow, &out->unit,
                       &(struct shadow_subject){.line_up = out->line_up,
                                                .assessment = &out->assessment,
                                                .environment = rq->environment,
                                                .decision = rq->id,
                                                .created_ms = rq->now_ms},
                       arena);
        graph_filing_declare(&out->unit,
                             &(struct graph_filing_input){.environment = rq->environment,
                                                          .decision = rq->id,
                                                          .assessment = &out->assessment,
                                                          .has_graph = service->has_graph,
                                                          .searched_count = rq->searched.count,
                                                          .searched = rq->searched.rows},
                             &out->graph_arena);
    }
}

enum status decide(struct decide_unit *out, const struct service *service,
                   const struct decide_request *rq, struct arena *arena,
                   struct violations *violations, struct error *err)
{
    *out = (struct decide_unit){0};
    arena_init(&out->graph_arena, GRAPH_ARENA_MAX);
    out->line_up = line_up_take(service->line_ups, rq->environment);
    TRY(assess(&out->assessment, rq->root, date_of_ms(rq->now_ms), &out->line_up->in_force, arena,
               violations, err));
    declare(out, service, rq, arena);
    if (buf_failed(&out->payload)) {
        return error_set(err, STATUS_TOO_LARGE, "",
                         "the record needs more memory than one request may have");
    }
    return STATUS_OK;
}

void decide_finish(struct decide_unit *unit)
{
    assessment_finish(&unit->assessment);
    buf_finish(&unit->payload);
    arena_finish(&unit->graph_arena);
    line_up_release(unit->line_up);
    unit->line_up = NULL;
}
