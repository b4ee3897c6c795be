/* models.c - use cases over rows, roles and bundles. */
#include "service/models.h"

#include "format/iso8601.h"

#include <stdio.h>

/* ---- bringing one ---- */

static const struct model_row *row_of_digest(const struct model_row *rows, uint32_t count,
                                             const struct digest *sha256)
{
    for (uint32_t i = 0; i < count; i++) {
        if (digest_eq(&rows[i].sha256, sha256)) {
            return &rows[i];
        }
    }
    return NULL;
}

static enum status row_of_bundle(struct model_row *out, const struct model_import_wish *wish,
                                 struct arena *arena, struct error *err)
{
    struct model *model = NULL;
    TRY(model_of_text(&model, wish->text, err));
    *out = (struct model_row){.environment = wish->environment,
                              .id = wish->id,
                              .sha256 = digest_of(wish->text),
                              .name = arena_copy(arena, model->id),
                              .version = arena_copy(arena, model->version),
                              .can_decide = model->can_decide,
                              .can_score = model_can_challenge(model),
                              .acted_by = wish->by,
                              .created_ms = wish->now_ms};
    model_destroy(model);
    return out->name.ptr == NULL || out->version.ptr == NULL
               ? error_set(err, STATUS_BUSY, "", "no memory for a model")
               : STATUS_OK;
}

enum status model_import_declare(struct model_import *out, struct db *db,
                                 const struct model_import_wish *wish, struct arena *arena,
                                 struct error *err)
{
    struct model_row *rows;
    uint32_t count;
    struct digest sha256 = digest_of(wish->text);
    *out = (struct model_import){.is_there = false};
    if (wish->by.len < 1 || wish->by.len > MODEL_ACTOR_MAX || !str_is_utf8(wish->by)) {
        return error_set(err, STATUS_INVALID, "by", "who acts has 1 to %d bytes", MODEL_ACTOR_MAX);
    }
    TRY(model_list(db, wish->environment, &rows, &count, arena, err));
    const struct model_row *known = row_of_digest(rows, count, &sha256);
    if (known != NULL) {
        out->is_there = true;
        out->row = *known;
        return STATUS_OK;
    }
    TRY(row_of_bundle(&out->row, wish, arena, err));
    model_insert(&out->unit, &out->row, wish->text,
                 MODELS_PER_ENVIRONMENT_MAX + (wish->is_of_program ? MODELS_OF_PROGRAM_MAX : 0),
                 &out->values);
    return STATUS_OK;
}

/* ---- roles ---- */

/* What the judge said may borrow from roles that are gone when the unit is written. */
static struct str kept(char *out, size_t size, struct str text)
{
    (void)snprintf(out, size, "%.*s", STR_ARGS(text));
    return str_from(out);
}

enum status model_act_declare(struct model_act *out, const struct role_book *book,
                              const struct role_wish *wish, struct error *err)
{
    struct model_change change;
    bool is_so_already;
    *out = (struct model_act){.is_so_already = false};
    TRY(role_judge(&change, &is_so_already, book, wish, err));
    change.acted_by = kept(out->acted_by, sizeof out->acted_by, change.acted_by);
    change.approved_by = kept(out->approved_by, sizeof out->approved_by, change.approved_by);
    out->change = change;
    out->is_so_already = is_so_already;
    if (!is_so_already) {
        model_change_insert(&out->unit, &out->change, &out->values);
    }
    return STATUS_OK;
}

/* ---- finding ---- */

enum fit { FIT_NOT, FIT_ONE_OF_MANY, FIT_NEWEST, FIT_EXACT };

static enum fit fit_of(const struct model_row *row, struct str text)
{
    char hex[DIGEST_HEX_LEN + 1];
    struct id id;
    size_t at = str_find(text, 0, '@');
    digest_hex(hex, &row->sha256);
    if (id_read(&id, "mdl", text)) {
        return memcmp(id.bytes, row->id.bytes, ID_LEN) == 0 ? FIT_EXACT : FIT_NOT;
    }
    if (text.len >= MODEL_DIGEST_LEN_MIN && str_starts_with(str_from(hex), text)) {
        return text.len == DIGEST_HEX_LEN ? FIT_EXACT : FIT_ONE_OF_MANY;
    }
    if (at < text.len) {
        return str_eq(row->name, str_slice(text, 0, at)) &&
                       str_eq(row->version, str_slice(text, at + 1, text.len))
                   ? FIT_ONE_OF_MANY
                   : FIT_NOT;
    }
    if (str_eq(row->name, text)) {
        return FIT_NEWEST;
    }
    return str_eq(row->version, text) ? FIT_ONE_OF_MANY : FIT_NOT;
}

enum status model_named(struct model_row *out, const struct model_row *rows, uint32_t count,
                        struct str text, struct error *err)
{
    const struct model_row *found = NULL;
    enum fit best = FIT_NOT;
    for (uint32_t i = 0; i < count; i++) {
        enum fit fit = fit_of(&rows[i], text);
        if (fit == FIT_ONE_OF_MANY && best == FIT_ONE_OF_MANY) {
            return error_set(err, STATUS_INVALID, "model",
                             "several models are called \"%.*s\": name one by its digest",
                             STR_ARGS(text));
        }
        if (fit > best) {
            best = fit;
            found = &rows[i];
        }
    }
    if (found == NULL) {
        return error_set(err, STATUS_NOT_FOUND, "model", "there is no model \"%.*s\" here",
                         (int)(text.len > MODEL_NAME_MAX ? MODEL_NAME_MAX : text.len), text.ptr);
    }
    *out = *found;
    return STATUS_OK;
}

/* ---- what a model is ---- */

struct incumbent incumbent_of(const struct role_book *book, int64_t environment,
                              const struct digest *start)
{
    const struct roles *own = role_book_find(book, environment);
    const struct roles *installation = role_book_find(book, INSTALLATION);
    if (environment != INSTALLATION && own->has_champion) {
        return (struct incumbent){own->champion, CHAMPION_OF_ENVIRONMENT};
    }
    if (installation->has_champion) {
        return (struct incumbent){installation->champion, CHAMPION_OF_INSTALLATION};
    }
    return (struct incumbent){*start, CHAMPION_OF_PROGRAM};
}

struct model_standing model_standing_of(const struct role_book *book, int64_t environment,
                                        const struct incumbent *incumbent,
                                        const struct digest *sha256, bool had_role)
{
    const struct roles *own = role_book_find(book, environment);
    const struct roles *installation = role_book_find(book, INSTALLATION);
    struct model_standing out = {.role = had_role ? "retired" : "candidate"};
    out.is_proposed = own->has_proposal && digest_eq(&own->proposed, sha256);
    if (digest_eq(&incumbent->sha256, sha256)) {
        out.role = "champion";
        out.from = champion_source_wire(incumbent->source);
    } else if (environment != INSTALLATION && roles_have_challenger(own, sha256)) {
        out.role = "challenger";
        out.from = champion_source_wire(CHAMPION_OF_ENVIRONMENT);
    } else if (roles_have_challenger(installation, sha256)) {
        out.role = "challenger";
        out.from = champion_source_wire(CHAMPION_OF_INSTALLATION);
    }
    return out;
}

struct gathering {
    struct former *former;
    int64_t environment;
};

static bool each_former(void *context, const struct model_change *change)
{
    struct gathering *g = context;
    bool is_seen = change->environment == g->environment || change->environment == INSTALLATION;
    bool gave_role = change->action == MODEL_PROMOTED || change->action == MODEL_CHALLENGED;
    if (is_seen && gave_role && g->former->count < ARRAY_LEN(g->former->sha256) &&
        !former_has(g->former, &change->sha256)) {
        g->former->sha256[g->former->count++] = change->sha256;
    }
    return true;
}

enum status models_former(struct former *out, struct db *db, int64_t environment, struct error *err)
{
    struct gathering gathering = {out, environment};
    *out = (struct former){.count = 0};
    return model_changes_read(db, 0, each_former, &gathering, err);
}

bool former_has(const struct former *former, const struct digest *sha256)
{
    for (uint32_t i = 0; i < former->count; i++) {
        if (digest_eq(&former->sha256[i], sha256)) {
            return true;
        }
    }
    return false;
}

/* ---- showing ---- */

static void time_member(struct json_writer *w, struct str name, int64_t ms)
{
    json_name(w, name);
    timestamp_write(json_quoted_begin(w), ms);
    json_quoted_end(w);
}

static void bool_member(struct json_writer *w, struct str name, bool value)
{
    json_name(w, name);
    json_bool(w, value);
}

static void text_or_null(struct json_writer *w, struct str name, struct str text)
{
    json_name(w, name);
    if (text.len > 0) {
        json_string(w, text);
    } else {
        json_null(w);
    }
}

void model_members_write(struct json_writer *w, const struct model_row *row,
                         const struct model_standing *standing)
{
    char id[ID_TEXT_MAX + 1], sha256[DIGEST_HEX_LEN + 1];
    id_write(id, "mdl", &row->id);
    digest_hex(sha256, &row->sha256);
    json_text_member(w, STR("object"), STR("model"));
    json_text_member(w, STR("id"), str_from(id));
    time_member(w, STR("created_at"), row->created_ms);
    json_text_member(w, STR("name"), row->name);
    json_text_member(w, STR("version"), row->version);
    json_text_member(w, STR("sha256"), str_from(sha256));
    json_text_member(w, STR("owner"),
                     row->environment == INSTALLATION ? STR("installation") : STR("environment"));
    json_text_member(w, STR("role"), str_from(standing->role));
    text_or_null(w, STR("role_from"), str_from(standing->from));
    bool_member(w, STR("is_proposed"), standing->is_proposed);
    bool_member(w, STR("can_decide"), row->can_decide);
    bool_member(w, STR("can_challenge"), row->can_score);
}

static void tree_member(struct json_writer *w, struct str name, const struct json *node)
{
    struct buf text;
    json_name(w, name);
    if (node == NULL) {
        json_null(w);
        return;
    }
    buf_init(&text, MODEL_LEN_MAX);
    json_write_canonical(&text, node);
    json_raw(w, buf_str(&text));
    if (buf_failed(&text)) {
        w->out->failed = true;
    }
    buf_finish(&text);
}

static void feature_write(struct json_writer *w, struct str name)
{
    static const char *const directions[] = {"risk_falls", "either", "risk_rises"};
    enum feature feature = feature_find(name);
    json_object_begin(w);
    json_text_member(w, STR("name"), name);
    bool_member(w, STR("in_catalogue"), feature != FEATURE_NONE);
    if (feature != FEATURE_NONE) {
        const struct feature_info *info = feature_info(feature);
        json_text_member(w, STR("block"), str_from(block_wire(feature_block(feature))));
        json_text_member(w, STR("theme"), str_from(theme_wire(info->theme)));
        json_text_member(w, STR("code"), str_from(info->code));
        json_text_member(w, STR("as_it_rises"), str_from(directions[info->direction + 1]));
    }
    json_object_end(w);
}

static void block_write(struct json_writer *w, const struct json *block)
{
    json_object_begin(w);
    json_text_member(w, STR("name"), block->name);
    tree_member(w, STR("kind"), json_find(block, STR("kind")));
    bool_member(w, STR("has_scorecard"), json_find(block, STR("scorecard")) != NULL);
    bool_member(w, STR("has_forest"), json_find(block, STR("forest")) != NULL);
    json_object_end(w);
}

static void blocks_write(struct json_writer *w, const struct json *root)
{
    const struct json *blocks = json_find(root, STR("blocks"));
    json_name(w, STR("blocks"));
    json_array_begin(w);
    for (const struct json *block = blocks == NULL ? NULL : blocks->first; block != NULL;
         block = block->next) {
        block_write(w, block);
    }
    json_array_end(w);
}

void model_bundle_write(struct json_writer *w, const struct json *root)
{
    static const char *const told[] = {"default_definition", "horizon_months", "philosophy",
                                       "format_version", "calibration"};
    for (size_t i = 0; i < ARRAY_LEN(told); i++) {
        tree_member(w, str_from(told[i]), json_find(root, str_from(told[i])));
    }
    blocks_write(w, root);
    const struct json *inputs = json_find(root, STR("inputs"));
    json_name(w, STR("features"));
    json_array_begin(w);
    for (const struct json *input = inputs == NULL ? NULL : inputs->first; input != NULL;
         input = input->next) {
        feature_write(w, input->text);
    }
    json_array_end(w);
    tree_member(w, STR("card"), json_find(root, STR("card")));
}

struct telling {
    struct json_writer *w;
    int64_t environment;
    const struct digest *sha256;
};

static bool each_told(void *context, const struct model_change *change)
{
    struct telling *t = context;
    bool is_own = change->environment == t->environment;
    if ((!is_own && change->environment != INSTALLATION) ||
        !digest_eq(&change->sha256, t->sha256)) {
        return true;
    }
    json_object_begin(t->w);
    json_text_member(t->w, STR("action"), str_from(model_action_wire(change->action)));
    time_member(t->w, STR("at"), change->created_ms);
    json_text_member(t->w, STR("in"),
                     change->environment == INSTALLATION ? STR("installation")
                                                         : STR("environment"));
    text_or_null(t->w, STR("by"), is_own ? change->acted_by : STR(""));
    text_or_null(t->w, STR("approved_by"), is_own ? change->approved_by : STR(""));
    text_or_null(t->w, STR("reason"), is_own ? change->reason : STR(""));
    json_object_end(t->w);
    return true;
}

enum status model_history_write(struct json_writer *w, struct db *db, int64_t environment,
                                const struct digest *sha256, struct error *err)
{
    struct telling telling = {w, environment, sha256};
    json_name(w, STR("changes"));
    json_array_begin(w);
    TRY(model_changes_read(db, 0, each_told, &telling, err));
    json_array_end(w);
    return STATUS_OK;
}

enum status model_bundle_find(const struct json **root, struct db *db, const struct digest *sha256,
                              struct arena *arena, struct error *err)
{
    struct str text;
    struct json_error at;
    TRY(artifact_find(db, sha256, &text, arena, err));
    *root = json_read(text, arena, &at);
    if (*root == NULL || (*root)->type != JSON_OBJECT) {
        *root = NULL;
        return error_set(err, STATUS_CORRUPT, "", "a stored model does not read back: %s",
                         at.message);
    }
    return STATUS_OK;
}
