/* models.c - what models there are, and what they said: on a worker, with its connection. */
#include "api/models.h"

#include "api/query.h"
#include "format/iso8601.h"
#include "service/records.h"
#include "service/shadow.h"

#include <stdio.h>

/* A bundle outgrows the arena of a request. */
enum { BUNDLE_ARENA_MAX = 128 * 1024 * 1024 };

/* ---- the view ---- */

/* Two views with the same tag say the same of who decides and who scores beside. */
static void etag_make(char out[MODEL_ETAG_LEN + 1], const struct models_view *view)
{
    const struct roles *own = role_book_find(&view->book, view->environment);
    const struct roles *installation = role_book_find(&view->book, INSTALLATION);
    char text[128], hex[DIGEST_HEX_LEN + 1];
    int len = snprintf(text, sizeof text, "%lld %lld %lld %s ", (long long)view->environment,
                       (long long)own->revision, (long long)installation->revision,
                       champion_source_wire(view->incumbent.source));
    CHECK(len > 0);
    struct digest digest =
        digest_of_2(str_of(text, (size_t)len), digest_str(&view->incumbent.sha256));
    digest_hex(hex, &digest);
    (void)snprintf(out, MODEL_ETAG_LEN + 1, "\"%.*s\"", MODEL_ETAG_LEN - 2, hex);
}

enum status models_view_fill(struct models_view *view, struct call *call, struct error *err)
{
    struct line_ups *line_ups = call->service->line_ups;
    *view = (struct models_view){.environment = call->key.environment};
    TRY(line_ups_refresh(line_ups, call->db, err));
    TRY(line_ups_roles(&view->book, line_ups, err));
    TRY(model_list(call->db, view->environment, &view->rows, &view->count, call->x->arena, err));
    TRY(models_former(&view->former, call->db, view->environment, err));
    const struct line_up *line_up = line_up_take(line_ups, view->environment);
    view->incumbent = (struct incumbent){line_up->champion, line_up->source};
    line_up_release(line_up);
    etag_make(view->etag, view);
    return STATUS_OK;
}

void models_view_finish(struct models_view *view)
{
    role_book_finish(&view->book);
}

enum status models_view_find(struct model_row *out, const struct models_view *view,
                             struct call *call, struct error *err)
{
    struct str text = call->parameter;
    struct id id;
    /* In a path only what names exactly one model for ever. */
    bool is_exact = id_read(&id, "mdl", text) || text.len == DIGEST_HEX_LEN;
    return is_exact ? model_named(out, view->rows, view->count, text, err)
                    : error_set(err, STATUS_NOT_FOUND, "", "no id of a model");
}

void models_view_write(struct json_writer *w, const struct models_view *view,
                       const struct model_row *row)
{
    struct model_standing standing =
        model_standing_of(&view->book, view->environment, &view->incumbent, &row->sha256,
                          former_has(&view->former, &row->sha256));
    model_members_write(w, row, &standing);
}

/* ---- reading ---- */

static void reply(struct call *call, enum status status, const struct error *err)
{
    if (status == STATUS_OK) {
        call_reply_json(call, 200);
    } else {
        problem_reply_status(call->x, status, err, call->request_id);
    }
}

static void list_write(struct buf *out, const struct models_view *view)
{
    struct json_writer w;
    const struct roles *own = role_book_find(&view->book, view->environment);
    const struct roles *installation = role_book_find(&view->book, INSTALLATION);
    json_writer_init(&w, out);
    json_object_begin(&w);
    json_text_member(&w, STR("object"), STR("list"));
    json_name(&w, STR("data"));
    json_array_begin(&w);
    for (uint32_t i = 0; i < view->count; i++) {
        json_object_begin(&w);
        models_view_write(&w, view, &view->rows[i]);
        json_object_end(&w);
    }
    json_array_end(&w);
    json_name(&w, STR("has_more"));
    json_bool(&w, false);
    json_name(&w, STR("next_cursor"));
    json_null(&w);
    json_name(&w, STR("two_persons_required"));
    json_bool(&w, own->needs_two_persons || installation->needs_two_persons);
    json_object_end(&w);
}

void models_list(struct call *call)
{
    struct models_view view;
    struct error err = {{0}, {0}};
    if (!query_read(call, NULL, 0)) {
        return;
    }
    enum status status = models_view_fill(&view, call, &err);
    if (status == STATUS_OK) {
        list_write(&call->x->reply, &view);
        http_reply_header(call->x, "ETag", str_from(view.etag));
    }
    models_view_finish(&view);
    reply(call, status, &err);
}

static enum status read_one(struct call *call, const struct models_view *view, struct arena *arena,
                            struct error *err)
{
    struct json_writer w;
    struct model_row row;
    const struct json *root;
    TRY(models_view_find(&row, view, call, err));
    TRY(model_bundle_find(&root, call->db, &row.sha256, arena, err));
    json_writer_init(&w, &call->x->reply);
    json_object_begin(&w);
    models_view_write(&w, view, &row);
    model_bundle_write(&w, root);
    TRY(model_history_write(&w, call->db, view->environment, &row.sha256, err));
    json_object_end(&w);
    http_reply_header(call->x, "ETag", str_from(view->etag));
    return STATUS_OK;
}

void models_read(struct call *call)
{
    struct models_view view;
    struct arena arena;
    struct error err = {{0}, {0}};
    if (!query_read(call, NULL, 0)) {
        return;
    }
    arena_init(&arena, BUNDLE_ARENA_MAX);
    enum status status = models_view_fill(&view, call, &err);
    if (status == STATUS_OK) {
        status = read_one(call, &view, &arena, &err);
    }
    models_view_finish(&view);
    arena_finish(&arena);
    reply(call, status, &err);
}

/* ---- what challengers said ---- */

static enum status compare_one(struct call *call, const struct models_view *view, int64_t from_ms,
                               int64_t before_ms, struct error *err)
{
    struct json_writer w;
    struct model_row row;
    struct shadow_report report;
    TRY(models_view_find(&row, view, call, err));
    TRY(shadow_compare(&report, call->db, view->environment, &row.sha256, from_ms, before_ms, err));
    json_writer_init(&w, &call->x->reply);
    json_object_begin(&w);
    json_text_member(&w, STR("object"), STR("model_comparison"));
    json_name(&w, STR("model"));
    json_object_begin(&w);
    models_view_write(&w, view, &row);
    json_object_end(&w);
    json_name(&w, STR("report"));
    shadow_report_write(&w, &report);
    json_object_end(&w);
    return STATUS_OK;
}

void models_comparison(struct call *call)
{
    struct query_parameter p[] = {{.name = "from"}, {.name = "before"}};
    struct models_view view;
    struct error err = {{0}, {0}};
    int64_t from_ms, before_ms;
    if (!query_read(call, p, ARRAY_LEN(p)) || !query_time(call, &p[0], &from_ms) ||
        !query_time(call, &p[1], &before_ms)) {
        return;
    }
    enum status status = models_view_fill(&view, call, &err);
    if (status == STATUS_OK) {
        status = compare_one(call, &view, from_ms, before_ms, &err);
    }
    models_view_finish(&view);
    reply(call, status, &err);
}

void decisions_shadow(struct call *call)
{
    struct id id;
    struct decision_record record;
    struct error err = {{0}, {0}};
    if (!query_read(call, NULL, 0)) {
        return;
    }
    enum status status = id_read(&id, "dec", call->parameter)
                             ? decision_record_find(&record, call->db, call->key.environment, &id,
                                                    call->x->arena, &err)
                             : STATUS_NOT_FOUND;
    if (status == STATUS_OK) {
        status = shadow_list_write(&call->x->reply, call->db, call->key.environment, &id, &err);
    }
    reply(call, status, &err);
}
