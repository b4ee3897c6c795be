/* model_desk.c - open, read the roles, act, close; and once more where another was quicker. */
#include "service/model_desk.h"

#include "service/desk.h"
#include "service/examine.h"
#include "service/models.h"
#include "service/shadow.h"
#include "service_assets.h"
#include "store/tenant_store.h"

#include <stdlib.h>

enum { READ_ARENA_MAX = 128 * 1024 * 1024, ATTEMPTS_MAX = 8 };

static enum status environment_of(int64_t *out, struct db *db, const struct model_scope *scope,
                                  struct arena *arena, struct error *err)
{
    struct tenant_row tenant;
    *out = INSTALLATION;
    if (scope->tenant.len == 0) {
        return STATUS_OK;
    }
    enum status found = tenant_find(db, scope->tenant, &tenant, arena, err);
    if (found == STATUS_NOT_FOUND) {
        return error_set(err, found, "tenant", "there is no tenant \"%.*s\"",
                         STR_ARGS(scope->tenant));
    }
    TRY(found);
    *out = scope->is_live ? tenant.live_environment : tenant.test_environment;
    return STATUS_OK;
}

struct str model_desk_own_bundle(void)
{
    return str_of(default_model, default_model_len);
}

/* ---- bringing one ---- */

static void import_write(struct buf *out, const struct model_row *row, bool is_new)
{
    struct json_writer w;
    struct model_standing standing = {.role = "candidate"};
    json_writer_init(&w, out);
    json_object_begin(&w);
    model_members_write(&w, row, &standing);
    json_name(&w, STR("is_new"));
    json_bool(&w, is_new);
    json_object_end(&w);
}

static enum status import_at(struct buf *out, struct desk *desk, const struct model_scope *scope,
                             struct str text, struct str by, struct error *err)
{
    struct id_source ids = id_source_system();
    struct model_import_wish wish = {.text = text, .by = by, .now_ms = desk->now_ms};
    struct model_import *import = arena_new(&desk->arena, struct model_import);
    if (import == NULL) {
        return error_set(err, STATUS_BUSY, "", "no memory for a model");
    }
    TRY(environment_of(&wish.environment, desk->db, scope, &desk->arena, err));
    wish.id = id_make(&ids, desk->now_ms);
    TRY(model_import_declare(import, desk->db, &wish, &desk->arena, err));
    if (!import->is_there) {
        enum status status = committer_run(desk->committer, &import->unit, err);
        if (import->unit.outcome == UNIT_REFUSED) {
            return error_set(err, STATUS_CONFLICT, "",
                             "there are %d models already: no more than that are kept",
                             MODELS_PER_ENVIRONMENT_MAX);
        }
        TRY(status);
    }
    import_write(out, &import->row, !import->is_there);
    return STATUS_OK;
}

enum status model_desk_import(struct buf *out, const char *db, const struct model_scope *scope,
                              struct str text, struct str by, struct error *err)
{
    struct desk desk;
    enum status status = desk_open(&desk, db, err);
    if (status == STATUS_OK) {
        status = import_at(out, &desk, scope, text, by, err);
    }
    desk_close(&desk);
    return status;
}

/* ---- roles ---- */

static void act_write(struct buf *out, const struct model_act *act, const struct model_row *row)
{
    struct json_writer w;
    char sha256[DIGEST_HEX_LEN + 1];
    json_writer_init(&w, out);
    json_object_begin(&w);
    json_text_member(&w, STR("object"), STR("model_change"));
    json_text_member(&w, STR("action"), str_from(model_action_wire(act->change.action)));
    if (row != NULL) {
        digest_hex(sha256, &row->sha256);
        json_text_member(&w, STR("name"), row->name);
        json_text_member(&w, STR("version"), row->version);
        json_text_member(&w, STR("sha256"), str_from(sha256));
    }
    json_text_member(&w, STR("by"), act->change.acted_by);
    json_text_member(&w, STR("approved_by"), act->change.approved_by);
    json_text_member(&w, STR("reason"), act->change.reason);
    json_name(&w, STR("is_new"));
    json_bool(&w, !act->is_so_already);
    json_object_end(&w);
}

/* One attempt.  *was_quicker: another change came in between. */
static enum status act_once(struct buf *out, struct desk *desk, struct role_book *book,
                            const struct role_wish *wish, bool *was_quicker, struct error *err)
{
    struct model_act *act = arena_new(&desk->arena, struct model_act);
    *was_quicker = false;
    if (act == NULL) {
        return error_set(err, STATUS_BUSY, "", "no memory for a change");
    }
    TRY(role_book_read(book, desk->db, err));
    TRY(model_act_declare(act, book, wish, err));
    if (!act->is_so_already) {
        enum status status = committer_run(desk->committer, &act->unit, err);
        *was_quicker = act->unit.outcome == UNIT_REFUSED;
        TRY(status);
    }
    act_write(out, act, wish->model);
    return STATUS_OK;
}

static enum status act_at(struct buf *out, struct desk *desk, struct role_book *book,
                          const struct model_desk_wish *wanted, struct error *err)
{
    struct id_source ids = id_source_system();
    struct model_row *rows, row;
    uint32_t count;
    struct role_wish wish = {.action = wanted->action,
                             .by = wanted->by,
                             .approved_by = wanted->approved_by,
                             .reason = wanted->reason,
                             .now_ms = desk->now_ms};
    TRY(environment_of(&wish.environment, desk->db, &wanted->scope, &desk->arena, err));
    wish.object = id_make(&ids, desk->now_ms);
    if (model_action_has_model(wanted->action)) {
        TRY(model_list(desk->db, wish.environment, &rows, &count, &desk->arena, err));
        TRY(model_named(&row, rows, count, wanted->model, err));
        wish.model = &row;
    }
    bool was_quicker = true;
    enum status status = STATUS_BUSY;
    for (int i = 0; i < ATTEMPTS_MAX && was_quicker; i++) {
        status = act_once(out, desk, book, &wish, &was_quicker, err);
    }
    return status;
}

enum status model_desk_act(struct buf *out, const char *db, const struct model_desk_wish *wish,
                           struct error *err)
{
    struct desk desk;
    struct role_book book = {0};
    enum status status = desk_open(&desk, db, err);
    if (status == STATUS_OK) {
        status = role_book_init(&book, err);
    }
    if (status == STATUS_OK) {
        status = act_at(out, &desk, &book, wish, err);
    }
    role_book_finish(&book);
    desk_close(&desk);
    return status;
}

/* ---- reading ---- */

/* What a look at models needs. */
struct look {
    struct db *db;
    struct arena arena;
    int64_t environment;
    struct role_book book;
    struct incumbent incumbent;
    struct model_row *rows;
    uint32_t count;
    struct former former;
};

static enum status look_fill(struct look *look, const char *db, const struct model_scope *scope,
                             struct error *err)
{
    struct digest own = digest_of(model_desk_own_bundle());
    TRY(examine_open(&look->db, db, err));
    TRY(environment_of(&look->environment, look->db, scope, &look->arena, err));
    TRY(role_book_init(&look->book, err));
    TRY(role_book_read(&look->book, look->db, err));
    TRY(model_list(look->db, look->environment, &look->rows, &look->count, &look->arena, err));
    TRY(models_former(&look->former, look->db, look->environment, err));
    look->incumbent = incumbent_of(&look->book, look->environment, &own);
    return STATUS_OK;
}

static enum status look_open(struct look **out, const char *db, const struct model_scope *scope,
                             struct error *err)
{
    struct look *look = calloc(1, sizeof *look);
    *out = look;
    if (look == NULL) {
        return error_set(err, STATUS_BUSY, "", "no memory to look at models with");
    }
    arena_init(&look->arena, READ_ARENA_MAX);
    return look_fill(look, db, scope, err);
}

static void look_close(struct look *look)
{
    if (look != NULL) {
        role_book_finish(&look->book);
        examine_close(look->db);
        arena_finish(&look->arena);
        free(look);
    }
}

static void row_write(struct json_writer *w, const struct look *look, const struct model_row *row)
{
    struct model_standing standing =
        model_standing_of(&look->book, look->environment, &look->incumbent, &row->sha256,
                          former_has(&look->former, &row->sha256));
    model_members_write(w, row, &standing);
}

static void list_write(struct buf *out, const struct look *look)
{
    struct json_writer w;
    const struct roles *own = role_book_find(&look->book, look->environment);
    const struct roles *installation = role_book_find(&look->book, INSTALLATION);
    json_writer_init(&w, out);
    json_object_begin(&w);
    json_text_member(&w, STR("object"), STR("list"));
    json_name(&w, STR("data"));
    json_array_begin(&w);
    for (uint32_t i = 0; i < look->count; i++) {
        json_object_begin(&w);
        row_write(&w, look, &look->rows[i]);
        json_object_end(&w);
    }
    json_array_end(&w);
    json_name(&w, STR("two_persons_required"));
    json_bool(&w, own->needs_two_persons || installation->needs_two_persons);
    json_object_end(&w);
}

enum status model_desk_list(struct buf *out, const char *db, const struct model_scope *scope,
                            struct error *err)
{
    struct look *look;
    enum status status = look_open(&look, db, scope, err);
    if (status == STATUS_OK) {
        list_write(out, look);
    }
    look_close(look);
    return status;
}

static enum status show_at(struct buf *out, struct look *look, struct str model, struct error *err)
{
    struct json_writer w;
    struct model_row row;
    const struct json *root;
    char champion[DIGEST_HEX_LEN + 1];
    digest_hex(champion, &look->incumbent.sha256);
    enum status found =
        model_named(&row, look->rows, look->count, model.len > 0 ? model : str_from(champion), err);
    if (found == STATUS_NOT_FOUND && model.len == 0 &&
        look->incumbent.source == CHAMPION_OF_PROGRAM) {
        return model_desk_show_bundle(out, model_desk_own_bundle(), err); /* never served yet */
    }
    TRY(found);
    TRY(model_bundle_find(&root, look->db, &row.sha256, &look->arena, err));
    json_writer_init(&w, out);
    json_object_begin(&w);
    row_write(&w, look, &row);
    model_bundle_write(&w, root);
    TRY(model_history_write(&w, look->db, look->environment, &row.sha256, err));
    json_object_end(&w);
    return STATUS_OK;
}

enum status model_desk_show(struct buf *out, const char *db, const struct model_scope *scope,
                            struct str model, struct error *err)
{
    struct look *look;
    enum status status = look_open(&look, db, scope, err);
    if (status == STATUS_OK) {
        status = show_at(out, look, model, err);
    }
    look_close(look);
    return status;
}

enum status model_desk_show_bundle(struct buf *out, struct str text, struct error *err)
{
    struct json_writer w;
    struct model *model = NULL;
    TRY(model_of_text(&model, text, err));
    json_writer_init(&w, out);
    json_object_begin(&w);
    json_text_member(&w, STR("object"), STR("model"));
    json_text_member(&w, STR("name"), model->id);
    json_text_member(&w, STR("version"), model->version);
    json_text_member(&w, STR("sha256"), str_from(model->sha256));
    json_name(&w, STR("can_decide"));
    json_bool(&w, model->can_decide);
    json_name(&w, STR("can_challenge"));
    json_bool(&w, model_can_challenge(model));
    model_bundle_write(&w, model->root);
    json_object_end(&w);
    model_destroy(model);
    return STATUS_OK;
}

static enum status compare_at(struct buf *out, struct look *look, struct str model, int64_t from_ms,
                              int64_t before_ms, struct error *err)
{
    struct json_writer w;
    struct model_row row;
    struct shadow_report report;
    char sha256[DIGEST_HEX_LEN + 1];
    TRY(model_named(&row, look->rows, look->count, model, err));
    TRY(shadow_compare(&report, look->db, look->environment, &row.sha256, from_ms, before_ms, err));
    digest_hex(sha256, &row.sha256);
    json_writer_init(&w, out);
    json_object_begin(&w);
    json_text_member(&w, STR("object"), STR("model_comparison"));
    json_text_member(&w, STR("name"), row.name);
    json_text_member(&w, STR("version"), row.version);
    json_text_member(&w, STR("sha256"), str_from(sha256));
    json_name(&w, STR("report"));
    shadow_report_write(&w, &report);
    json_object_end(&w);
    return STATUS_OK;
}

enum status model_desk_compare(struct buf *out, const char *db, const struct model_scope *scope,
                               struct str model, int64_t from_ms, int64_t before_ms,
                               struct error *err)
{
    struct look *look;
    enum status status = look_open(&look, db, scope, err);
    if (status == STATUS_OK && look->environment == INSTALLATION) {
        status = error_set(err, STATUS_INVALID, "tenant",
                           "decisions are of an environment: name the tenant and the mode");
    }
    if (status == STATUS_OK) {
        status = compare_at(out, look, model, from_ms, before_ms, err);
    }
    look_close(look);
    return status;
}
