/* explain.c - replay first, then tell. */
#include "service/explain.h"

#include "wire/explanation_body.h"

/* What an explanation is made from, but for the record. */
struct telling_source {
    const struct assessment *assessment;
    const struct model *model;
    const struct decision_record *record; /* NULL: not recorded */
};

static struct explained explained_of(const struct telling_source *s, const char *body_sha256,
                                     const struct decision_input *in)
{
    const struct decision_request *request = &s->assessment->request;
    struct explained of = {.decision = &s->assessment->decision,
                           .in = in,
                           .purpose = request->purpose,
                           .legal_basis = request->legal_basis,
                           .consent = request->consent,
                           .reference = request->client_reference,
                           .body_sha256 = body_sha256};
    if (s->record != NULL) {
        of.id = str_from(s->record->id_text);
        of.created_on = date_of_ms(s->record->row.created_ms);
    }
    explanation_blocks_read(of.blocks, buf_str(&s->assessment->body));
    return of;
}

static enum status tell(struct buf *out, struct buf *text, const struct telling_source *s,
                        const struct telling *telling, struct arena *arena, struct error *err)
{
    const struct assessment *a = s->assessment;
    struct explanation *explanation = arena_new(arena, struct explanation);
    struct decision_input in = {.facts = &a->request.facts,
                                .asked = &a->request.asked,
                                .policy = a->policy,
                                .model = s->model};
    char sha256[DIGEST_HEX_LEN + 1];
    struct digest digest = digest_of(buf_str(&a->body));
    digest_hex(sha256, &digest);
    if (explanation == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "the explanation does not fit in memory");
    }
    struct explained of = explained_of(s, sha256, &in);
    TRY(explanation_make(
        explanation, &of, telling->has_language ? telling->language : a->request.language,
        telling->has_audience ? telling->audience : a->request.audience, arena, err));
    struct explanation_envelope envelope = {
        .id = of.id, .body = buf_str(&a->body), .request = &a->request, .decision = &a->decision};
    explanation_body_write(out, &envelope, explanation);
    if (text != NULL) {
        buf_append(text, explanation->text);
    }
    return STATUS_OK;
}

/* Only a decision that comes out as it was recorded can be explained from what made it. */
static enum status check_same(const struct decision_record *record,
                              const struct assessment *assessment, struct arena *arena,
                              struct error *err)
{
    struct replay_report report;
    replay_compare(&report, record, buf_str(&assessment->body), arena);
    if (report.matches) {
        return STATUS_OK;
    }
    return error_set(err, STATUS_CONFLICT, "",
                     "engine %lld recorded it, engine %d makes it differ at %s",
                     (long long)report.engine_then, SCORE_ENGINE, report.divergence);
}

enum status explain_record(struct buf *out, struct buf *text, struct db *db,
                           const struct decision_record *record, const struct telling *telling,
                           struct arena *arena, struct error *err)
{
    struct in_force then;
    struct assessment assessment;
    enum status status = replay_assess(&assessment, &then, db, record, arena, err);
    if (status == STATUS_OK) {
        status = check_same(record, &assessment, arena, err);
    }
    if (status == STATUS_OK) {
        struct telling_source s = {&assessment, then.model, record};
        status = tell(out, text, &s, telling, arena, err);
    }
    assessment_finish(&assessment);
    in_force_finish(&then);
    return status;
}

enum status explain_assessment(struct buf *out, struct buf *text,
                               const struct assessment *assessment, const struct model *model,
                               const struct telling *telling, struct arena *arena,
                               struct error *err)
{
    struct telling_source s = {assessment, model, NULL};
    return tell(out, text, &s, telling, arena, err);
}
