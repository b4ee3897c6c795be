/* replay.c - the same function, the same inputs; then a walk to the first difference. */
#include "service/replay.h"

#include "store/artifact_store.h"

#include <stdio.h>

/* The digest that `body.model` or `body.policy` names. */
static enum status artifact_text(struct str *out, struct db *db,
                                 const struct decision_record *record, struct str member,
                                 struct arena *arena, struct error *err)
{
    struct str sha256 = json_slice(json_slice(record->body, member), STR("sha256"));
    struct digest digest;
    if (sha256.len < 2 || !digest_read_hex(&digest, str_slice(sha256, 1, sha256.len - 1))) {
        return error_set(err, STATUS_CORRUPT, "", "the stored record does not name its %.*s",
                         STR_ARGS(member));
    }
    enum status status = artifact_find(db, &digest, out, arena, err);
    if (status == STATUS_NOT_FOUND) {
        return error_set(err, STATUS_CORRUPT, "",
                         "the store does not hold the %.*s it was decided with", STR_ARGS(member));
    }
    return status;
}

static void excerpt(char *out, size_t size, const struct json *node)
{
    struct buf text;
    buf_init(&text, 1024 * 1024);
    if (node == NULL) {
        buf_append(&text, STR("(absent)"));
    } else {
        json_write_canonical(&text, node);
    }
    struct str cut = str_slice(buf_str(&text), 0, text.len < size ? text.len : size - 1);
    while (!str_is_utf8(cut)) {
        cut = str_slice(cut, 0, cut.len - 1);
    }
    (void)snprintf(out, size, "%.*s", STR_ARGS(cut));
    buf_finish(&text);
}

static void note(struct replay_report *out, const struct json *where, const struct json *a,
                 const struct json *b)
{
    struct buf pointer;
    buf_init(&pointer, JSON_POINTER_LEN_MAX * 4);
    json_pointer(&pointer, where);
    (void)snprintf(out->divergence, sizeof out->divergence, "%.*s", STR_ARGS(buf_str(&pointer)));
    buf_finish(&pointer);
    excerpt(out->stored_value, sizeof out->stored_value, a);
    excerpt(out->replayed_value, sizeof out->replayed_value, b);
}

/* Walk both trees to the first difference.  Depth is bounded by the reader's. */
static bool first_difference(struct replay_report *out, const struct json *a, const struct json *b)
{
    if (a->type != b->type || !str_eq(a->text, b->text)) {
        note(out, a, a, b);
        return true;
    }
    const struct json *x = a->first, *y = b->first;
    for (; x != NULL && y != NULL; x = x->next, y = y->next) {
        if (!str_eq(x->name, y->name)) {
            note(out, x, x, json_find(b, x->name));
            return true;
        }
        if (first_difference(out, x, y)) {
            return true;
        }
    }
    if (x != NULL || y != NULL) {
        note(out, x != NULL ? x : y, x, y);
        return true;
    }
    return false;
}

static void compare(struct replay_report *out, const struct decision_record *record,
                    struct arena *arena)
{
    out->stored_sha256 = digest_of(record->body);
    out->replayed_sha256 = digest_of(out->replayed);
    out->matches = str_eq(record->body, out->replayed);
    if (!out->matches) {
        const struct json *a = json_read(record->body, arena, NULL);
        const struct json *b = json_read(out->replayed, arena, NULL);
        if (a != NULL && b != NULL) {
            (void)first_difference(out, a, b);
        }
    }
}

static enum status then_load(struct in_force *then, struct db *db,
                             const struct decision_record *record, struct arena *arena,
                             struct error *err)
{
    struct str model_text, policy_text;
    TRY(artifact_text(&model_text, db, record, STR("model"), arena, err));
    TRY(artifact_text(&policy_text, db, record, STR("policy"), arena, err));
    TRY(model_of_text(&then->model, model_text, err));
    TRY(policy_of_text(&then->policies[0], policy_text, err));
    then->policy_count = 1;
    return STATUS_OK;
}

enum status replay_assess(struct assessment *out, struct in_force *then, struct db *db,
                          const struct decision_record *record, struct arena *arena,
                          struct error *err)
{
    struct json_error json_err;
    const struct json *root;
    struct violations *violations = arena_new(arena, struct violations);
    *out = (struct assessment){0};
    *then = (struct in_force){0};
    if (violations == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "the record does not fit in memory");
    }
    violations_init(violations, arena);
    TRY(then_load(then, db, record, arena, err));
    TRY(request_parse(&root, record->input, arena, &json_err, err));
    /* The frozen request names its as_of: the day of recording is only what the reader checks it
     * against. */
    return assess(out, root, date_of_ms(record->row.created_ms), then, arena, violations, err);
}

void replay_compare(struct replay_report *out, const struct decision_record *record,
                    struct str replayed, struct arena *arena)
{
    *out = (struct replay_report){.engine_then = record->engine, .replayed = replayed};
    compare(out, record, arena);
}

enum status replay(struct replay_report *out, struct db *db, const struct decision_record *record,
                   struct arena *arena, struct error *err)
{
    struct in_force then;
    struct assessment assessment;
    enum status status = replay_assess(&assessment, &then, db, record, arena, err);
    if (status == STATUS_OK) {
        struct str replayed = arena_copy(arena, buf_str(&assessment.body));
        if (replayed.ptr == NULL) {
            status = error_set(err, STATUS_TOO_LARGE, "", "the record does not fit in memory");
        } else {
            replay_compare(out, record, replayed, arena);
        }
    }
    assessment_finish(&assessment);
    in_force_finish(&then);
    return status;
}

void replay_report_write(struct buf *out, const struct decision_record *record,
                         const struct replay_report *report)
{
    struct json_writer w;
    char stored[DIGEST_HEX_LEN + 1], replayed[DIGEST_HEX_LEN + 1];
    digest_hex(stored, &report->stored_sha256);
    digest_hex(replayed, &report->replayed_sha256);
    json_writer_init(&w, out);
    json_object_begin(&w);
    json_text_member(&w, STR("object"), STR("replay"));
    json_text_member(&w, STR("decision"), str_from(record->id_text));
    json_name(&w, STR("matches"));
    json_bool(&w, report->matches);
    json_name(&w, STR("engine"));
    json_object_begin(&w);
    json_name(&w, STR("then"));
    json_int(&w, report->engine_then);
    json_name(&w, STR("now"));
    json_int(&w, SCORE_ENGINE);
    json_object_end(&w);
    json_text_member(&w, STR("stored_sha256"), str_from(stored));
    json_text_member(&w, STR("replayed_sha256"), str_from(replayed));
    json_name(&w, STR("divergence"));
    if (report->matches) {
        json_null(&w);
    } else {
        json_object_begin(&w);
        json_text_member(&w, STR("pointer"), str_from(report->divergence));
        json_text_member(&w, STR("stored"), str_from(report->stored_value));
        json_text_member(&w, STR("replayed"), str_from(report->replayed_value));
        json_object_end(&w);
    }
    json_name(&w, STR("body"));
    json_raw(&w, report->replayed);
    json_object_end(&w);
}
