/* model_store.c - a condition claims the row, a row notes where in the chain it is proved. */
#include "store/model_store.h"

#include "format/json.h"
#include "store/chain.h"

#include <string.h>

static const struct {
    const char *wire;
    enum audit_kind kind;
} actions[] = {
#define MODEL_ACTION(name, wire) [MODEL_##name] = {wire, AUDIT_MODEL_##name},
#include "store/model_actions.def"
#undef MODEL_ACTION
};

const char *model_action_wire(enum model_action action)
{
    CHECK(action < MODEL_ACTION_COUNT);
    return actions[action].wire;
}

enum audit_kind model_action_kind(enum model_action action)
{
    CHECK(action < MODEL_ACTION_COUNT);
    return actions[action].kind;
}

static bool action_read(enum model_action *out, struct str wire)
{
    for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
        if (str_eq(wire, str_from(actions[i].wire))) {
            *out = (enum model_action)i;
            return true;
        }
    }
    return false;
}

bool model_action_has_model(enum model_action action)
{
    return action != MODEL_TWO_PERSONS_REQUIRED && action != MODEL_TWO_PERSONS_WAIVED;
}

static struct str id_bytes(const struct id *id)
{
    return str_of(id->bytes, ID_LEN);
}

/* ---- what is proved ---- */

static void id_member(struct json_writer *w, const struct id *id)
{
    char text[ID_TEXT_MAX + 1];
    id_write(text, "mdl", id);
    json_text_member(w, STR("id"), str_from(text));
}

static void number_member(struct json_writer *w, struct str name, int64_t value)
{
    json_name(w, name);
    json_int(w, value);
}

void model_payload(struct buf *out, const struct model_row *row)
{
    struct json_writer w;
    char sha256[DIGEST_HEX_LEN + 1];
    digest_hex(sha256, &row->sha256);
    json_writer_init_canonical(&w, out);
    json_object_begin(&w);
    json_text_member(&w, STR("by"), row->acted_by);
    json_name(&w, STR("can_decide"));
    json_bool(&w, row->can_decide);
    json_name(&w, STR("can_score"));
    json_bool(&w, row->can_score);
    number_member(&w, STR("created_ms"), row->created_ms);
    number_member(&w, STR("environment"), row->environment);
    id_member(&w, &row->id);
    json_text_member(&w, STR("name"), row->name);
    json_text_member(&w, STR("object"), STR("model"));
    json_text_member(&w, STR("sha256"), str_from(sha256));
    json_text_member(&w, STR("version"), row->version);
    json_object_end(&w);
}

void model_change_payload(struct buf *out, const struct model_change *change)
{
    struct json_writer w;
    char sha256[DIGEST_HEX_LEN + 1];
    digest_hex(sha256, &change->sha256);
    json_writer_init_canonical(&w, out);
    json_object_begin(&w);
    json_text_member(&w, STR("action"), str_from(model_action_wire(change->action)));
    json_text_member(&w, STR("approved_by"), change->approved_by);
    json_text_member(&w, STR("by"), change->acted_by);
    number_member(&w, STR("created_ms"), change->created_ms);
    number_member(&w, STR("environment"), change->environment);
    id_member(&w, &change->object);
    json_text_member(&w, STR("object"), STR("model_change"));
    json_text_member(&w, STR("reason"), change->reason);
    number_member(&w, STR("revision"), change->revision);
    json_text_member(&w, STR("sha256"),
                     model_action_has_model(change->action) ? str_from(sha256) : STR(""));
    json_object_end(&w);
}

/* ---- writing ---- */

void model_insert(struct unit *unit, const struct model_row *row, struct str bytes, uint32_t most,
                  struct model_values *values)
{
    struct buf payload;
    CHECK(unit->entry_count == 0);
    CHECK(row->name.len <= MODEL_NAME_MAX);
    CHECK(row->version.len <= MODEL_VERSION_MAX);
    CHECK(row->acted_by.len <= MODEL_ACTOR_MAX);
    const struct db_value claim[] = {
        DB_NUMBER(row->environment),
        DB_BYTES(id_bytes(&row->id)),
        DB_BYTES(digest_str(&row->sha256)),
        DB_STRING(row->name),
        DB_STRING(row->version),
        DB_NUMBER(row->can_decide),
        DB_NUMBER(row->can_score),
        DB_STRING(row->acted_by),
        DB_NUMBER(row->created_ms),
        DB_NUMBER(most),
    };
    const struct db_value place[] = {claim[0], claim[2], DB_PLACE(DB_STREAM), DB_PLACE(DB_EPOCH),
                                     DB_PLACE(DB_SEQ)};
    memcpy(values->values[0], claim, sizeof claim);
    memcpy(values->values[1], place, sizeof place);
    unit_condition(unit, STATEMENT_MODEL_CLAIM, values->values[0], ARRAY_LEN(claim));
    unit_row(unit, STATEMENT_MODEL_POSITION, values->values[1], ARRAY_LEN(place));
    artifact_insert(unit, STR("model"), &row->sha256, bytes, row->created_ms, &values->artifact);
    buf_init(&payload, sizeof values->payload);
    model_payload(&payload, row);
    unit_entry_written(unit, values->payload, sizeof values->payload, &payload,
                       AUDIT_MODEL_IMPORTED, row->environment, &row->id);
    buf_finish(&payload);
}

void model_change_insert(struct unit *unit, const struct model_change *change,
                         struct model_values *values)
{
    struct buf payload;
    CHECK(unit->entry_count == 0);
    CHECK(change->acted_by.len <= MODEL_ACTOR_MAX);
    CHECK(change->approved_by.len <= MODEL_ACTOR_MAX);
    CHECK(change->reason.len <= MODEL_REASON_MAX);
    struct str sha256 =
        model_action_has_model(change->action) ? digest_str(&change->sha256) : STR("");
    const struct db_value claim[] = {
        DB_NUMBER(change->environment),
        DB_NUMBER(change->revision),
        DB_STRING(str_from(model_action_wire(change->action))),
        DB_BYTES(id_bytes(&change->object)),
        DB_BYTES(sha256),
        DB_STRING(change->acted_by),
        DB_STRING(change->approved_by),
        DB_STRING(change->reason),
        DB_NUMBER(change->created_ms),
    };
    const struct db_value place[] = {claim[0], claim[1], DB_PLACE(DB_STREAM), DB_PLACE(DB_EPOCH),
                                     DB_PLACE(DB_SEQ)};
    memcpy(values->values[0], claim, sizeof claim);
    memcpy(values->values[1], place, sizeof place);
    unit_condition(unit, STATEMENT_MODEL_CHANGE_CLAIM, values->values[0], ARRAY_LEN(claim));
    unit_row(unit, STATEMENT_MODEL_CHANGE_POSITION, values->values[1], ARRAY_LEN(place));
    buf_init(&payload, sizeof values->payload);
    model_change_payload(&payload, change);
    unit_entry_written(unit, values->payload, sizeof values->payload, &payload,
                       model_action_kind(change->action), change->environment, &change->object);
    buf_finish(&payload);
}

/* ---- reading ---- */

static bool bytes_of(void *out, size_t len, const struct db_value *column)
{
    if (column->type != DB_BLOB || column->bytes.len != len) {
        return false;
    }
    memcpy(out, column->bytes.ptr, len);
    return true;
}

struct listing {
    struct model_row *rows;
    uint32_t count;
    struct arena *arena;
    enum status status;
};

static bool text_of(struct str *out, const struct db_value *column, struct arena *arena)
{
    *out = arena_copy(arena, column->bytes);
    return out->ptr != NULL;
}

static bool each_model(void *context, const struct db_row *row)
{
    struct listing *listing = context;
    const struct db_value *c = row->columns;
    struct model_row model = {.environment = c[0].number,
                              .can_decide = c[5].number != 0,
                              .can_score = c[6].number != 0,
                              .created_ms = c[8].number};
    if (listing->count == MODELS_SEEN_MAX || !bytes_of(model.id.bytes, ID_LEN, &c[1]) ||
        !bytes_of(model.sha256.bytes, DIGEST_LEN, &c[2])) {
        listing->status = STATUS_CORRUPT;
        return false;
    }
    if (!text_of(&model.name, &c[3], listing->arena) ||
        !text_of(&model.version, &c[4], listing->arena) ||
        !text_of(&model.acted_by, &c[7], listing->arena)) {
        listing->status = STATUS_TOO_LARGE;
        return false;
    }
    listing->rows[listing->count++] = model;
    return true;
}

enum status model_list(struct db *db, int64_t environment, struct model_row **rows, uint32_t *count,
                       struct arena *arena, struct error *err)
{
    struct listing listing = {.rows = arena_array(arena, struct model_row, MODELS_SEEN_MAX),
                              .arena = arena};
    const struct db_value values[] = {DB_NUMBER(environment)};
    if (listing.rows == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "the models do not fit in memory");
    }
    TRY(db_query(db, STATEMENT_MODEL_LIST, values, ARRAY_LEN(values), each_model, &listing, err));
    if (listing.status != STATUS_OK) {
        return error_set(err, listing.status, "", "the list of models does not read back");
    }
    *rows = listing.rows;
    *count = listing.count;
    return STATUS_OK;
}

bool model_change_of_row(struct model_change *out, const struct db_value columns[9])
{
    struct model_change change = {.environment = columns[0].number,
                                  .revision = columns[1].number,
                                  .acted_by = columns[5].bytes,
                                  .approved_by = columns[6].bytes,
                                  .reason = columns[7].bytes,
                                  .created_ms = columns[8].number};
    if (!action_read(&change.action, columns[2].bytes) ||
        !bytes_of(change.object.bytes, ID_LEN, &columns[3])) {
        return false;
    }
    bool has_model = model_action_has_model(change.action);
    if (has_model ? !bytes_of(change.sha256.bytes, DIGEST_LEN, &columns[4])
                  : columns[4].bytes.len != 0) {
        return false;
    }
    *out = change;
    return true;
}

struct walk {
    bool (*each)(void *context, const struct model_change *change);
    void *context;
    bool is_corrupt;
};

/* Does the entry at the place the row names say what the row says?  Whoever edits the row alone
 * cannot make it so. */
static bool is_proved(const struct model_change *change, const struct db_value entry[6])
{
    struct buf payload;
    struct digest digest;
    bool is_same =
        entry[0].type == DB_TEXT && entry[3].type == DB_TEXT &&
        str_eq(entry[0].bytes, str_from(audit_kind_wire(model_action_kind(change->action)))) &&
        entry[1].number == change->environment &&
        str_eq(entry[2].bytes, id_bytes(&change->object)) && entry[4].bytes.len == SALT_LEN;
    if (!is_same) {
        return false;
    }
    buf_init(&payload, MODEL_PAYLOAD_MAX);
    model_change_payload(&payload, change);
    is_same = !buf_failed(&payload) && str_eq(entry[3].bytes, buf_str(&payload));
    digest = chain_payload_digest((const uint8_t *)entry[4].bytes.ptr, buf_str(&payload));
    buf_finish(&payload);
    return is_same && str_eq(entry[5].bytes, digest_str(&digest));
}

static bool each_change(void *context, const struct db_row *row)
{
    enum { OF_ENTRY = 9 };
    struct walk *walk = context;
    struct model_change change;
    if (!model_change_of_row(&change, row->columns)) {
        walk->is_corrupt = true;
        return false;
    }
    change.is_proved = is_proved(&change, &row->columns[OF_ENTRY]);
    return walk->each(walk->context, &change);
}

enum status model_changes_read(struct db *db, int64_t behind,
                               bool (*each)(void *context, const struct model_change *change),
                               void *context, struct error *err)
{
    struct walk walk = {.each = each, .context = context};
    const struct db_value values[] = {DB_NUMBER(behind)};
    TRY(db_query(db, STATEMENT_MODEL_CHANGES, values, ARRAY_LEN(values), each_change, &walk, err));
    return walk.is_corrupt
               ? error_set(err, STATUS_CORRUPT, "", "a change of models has not the form of one")
               : STATUS_OK;
}
