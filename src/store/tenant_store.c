/* tenant_store.c - a condition claims the row, a row notes where in the chain it is proved. */
#include "store/tenant_store.h"

#include "format/json.h"

#include <string.h>

static struct str id_bytes(const struct id *id)
{
    return str_of(id->bytes, ID_LEN);
}

/* ---- what is proved ---- */

static void text_of_id(struct json_writer *w, struct str name, const char *prefix,
                       const struct id *id)
{
    char text[ID_TEXT_MAX + 1];
    id_write(text, prefix, id);
    json_text_member(w, name, str_from(text));
}

void tenant_payload(struct buf *out, const struct tenant_row *row)
{
    struct json_writer w;
    json_writer_init_canonical(&w, out);
    json_object_begin(&w);
    json_name(&w, STR("created_ms"));
    json_int(&w, row->created_ms);
    text_of_id(&w, STR("id"), "ten", &row->id);
    json_name(&w, STR("live_environment"));
    json_int(&w, row->live_environment);
    json_text_member(&w, STR("name"), row->name);
    json_text_member(&w, STR("object"), STR("tenant"));
    json_name(&w, STR("test_environment"));
    json_int(&w, row->test_environment);
    json_object_end(&w);
}

void key_payload(struct buf *out, const struct key_row *row)
{
    struct json_writer w;
    char hash[DIGEST_HEX_LEN + 1];
    digest_hex(hash, &row->hash);
    json_writer_init_canonical(&w, out);
    json_object_begin(&w);
    json_name(&w, STR("created_ms"));
    json_int(&w, row->created_ms);
    json_name(&w, STR("environment"));
    json_int(&w, row->environment);
    json_name(&w, STR("expires_ms"));
    json_int(&w, row->expires_ms);
    text_of_id(&w, STR("id"), "key", &row->id);
    json_text_member(&w, STR("last4"), str_from(row->last4));
    json_text_member(&w, STR("object"), STR("api_key"));
    json_text_member(&w, STR("scopes"), row->scopes);
    json_text_member(&w, STR("sha256"), str_from(hash));
    json_object_end(&w);
}

void key_revoked_payload(struct buf *out, const struct id *id, int64_t revoked_ms)
{
    struct json_writer w;
    json_writer_init_canonical(&w, out);
    json_object_begin(&w);
    text_of_id(&w, STR("id"), "key", id);
    json_text_member(&w, STR("object"), STR("api_key"));
    json_name(&w, STR("revoked_ms"));
    json_int(&w, revoked_ms);
    json_object_end(&w);
}

/* ---- writing ---- */

/* 52 bits of the id's hash, so that JSON readers keep them exact; the last bit says live. */
static int64_t environment_of(const struct id *tenant, bool is_live)
{
    struct digest digest = digest_of_2(STR("aval.environment"), id_bytes(tenant));
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++) {
        number = number << 8 | digest.bytes[i];
    }
    number = (number >> 12 | 2) & ~UINT64_C(1);
    return (int64_t)number + (is_live ? 1 : 0);
}

void tenant_insert(struct unit *unit, const struct tenant_row *row, struct tenant_values *values)
{
    struct tenant_row full = *row;
    struct buf payload;
    CHECK(row->name.len > 0);
    CHECK(row->name.len <= TENANT_NAME_MAX);
    CHECK(unit->entry_count == 0);
    full.test_environment = environment_of(&row->id, false);
    full.live_environment = environment_of(&row->id, true);
    struct db_value id = DB_BYTES(id_bytes(&row->id));
    const struct db_value claim[] = {id, DB_STRING(row->name), DB_NUMBER(row->created_ms)};
    const struct db_value place[] = {id, DB_PLACE(DB_STREAM), DB_PLACE(DB_EPOCH), DB_PLACE(DB_SEQ)};
    const struct db_value environments[] = {id, DB_NUMBER(full.test_environment),
                                            DB_NUMBER(full.live_environment)};
    memcpy(values->values[0], claim, sizeof claim);
    memcpy(values->values[1], place, sizeof place);
    memcpy(values->values[2], environments, sizeof environments);
    unit_condition(unit, STATEMENT_TENANT_CLAIM, values->values[0], ARRAY_LEN(claim));
    unit_row(unit, STATEMENT_TENANT_POSITION, values->values[1], ARRAY_LEN(place));
    unit_row(unit, STATEMENT_TENANT_ENVIRONMENTS, values->values[2], ARRAY_LEN(environments));
    buf_init(&payload, sizeof values->payload);
    tenant_payload(&payload, &full);
    unit_entry_written(unit, values->payload, sizeof values->payload, &payload,
                       AUDIT_TENANT_CREATED, 0, &row->id);
    buf_finish(&payload);
}

void key_insert(struct unit *unit, const struct key_row *row, struct tenant_values *values)
{
    struct buf payload;
    CHECK(row->scopes.len <= KEY_SCOPES_MAX);
    CHECK(unit->entry_count == 0);
    const struct db_value claim[] = {
        DB_NUMBER(row->environment),      DB_BYTES(id_bytes(&row->id)),
        DB_BYTES(digest_str(&row->hash)), DB_STRING(str_from(row->last4)),
        DB_STRING(row->scopes),           DB_NUMBER(row->created_ms),
        DB_NUMBER(row->expires_ms),       DB_NUMBER(KEYS_PER_ENVIRONMENT_MAX),
    };
    const struct db_value place[] = {claim[0], claim[1], DB_PLACE(DB_STREAM), DB_PLACE(DB_EPOCH),
                                     DB_PLACE(DB_SEQ)};
    memcpy(values->values[0], claim, sizeof claim);
    memcpy(values->values[1], place, sizeof place);
    unit_condition(unit, STATEMENT_KEY_CLAIM, values->values[0], ARRAY_LEN(claim));
    unit_row(unit, STATEMENT_KEY_POSITION, values->values[1], ARRAY_LEN(place));
    buf_init(&payload, sizeof values->payload);
    key_payload(&payload, row);
    unit_entry_written(unit, values->payload, sizeof values->payload, &payload, AUDIT_KEY_CREATED,
                       row->environment, &row->id);
    buf_finish(&payload);
}

void key_revoke(struct unit *unit, const struct id *id, int64_t now_ms,
                struct tenant_values *values)
{
    struct buf payload;
    CHECK(now_ms > 0);
    CHECK(unit->entry_count == 0);
    const struct db_value claim[] = {DB_BYTES(id_bytes(id)), DB_NUMBER(now_ms)};
    const struct db_value place[] = {claim[0], DB_PLACE(DB_STREAM), DB_PLACE(DB_EPOCH),
                                     DB_PLACE(DB_SEQ)};
    memcpy(values->values[0], claim, sizeof claim);
    memcpy(values->values[1], place, sizeof place);
    unit_condition(unit, STATEMENT_KEY_REVOKE, values->values[0], ARRAY_LEN(claim));
    unit_row(unit, STATEMENT_KEY_REVOKED_POSITION, values->values[1], ARRAY_LEN(place));
    buf_init(&payload, sizeof values->payload);
    key_revoked_payload(&payload, id, now_ms);
    unit_entry_written(unit, values->payload, sizeof values->payload, &payload, AUDIT_KEY_REVOKED,
                       0, id);
    buf_finish(&payload);
}

/* ---- reading ---- */

struct finding {
    struct tenant_row *tenant;
    struct key_row *key;
    struct arena *arena;
    enum status status; /* NOT_FOUND until a row came */
};

static enum status tenant_read(struct tenant_row *out, const struct db_value *c,
                               struct arena *arena)
{
    struct tenant_row row = {.created_ms = c[2].number,
                             .test_environment = c[3].number,
                             .live_environment = c[4].number,
                             .name = arena_copy(arena, c[1].bytes)};
    if (c[0].bytes.len != ID_LEN) {
        return STATUS_CORRUPT;
    }
    memcpy(row.id.bytes, c[0].bytes.ptr, ID_LEN);
    *out = row;
    return row.name.ptr == NULL ? STATUS_TOO_LARGE : STATUS_OK;
}

static enum status key_read(struct key_row *out, const struct db_value *c, struct arena *arena)
{
    struct key_row row = {.environment = c[1].number,
                          .is_live = c[2].number != 0,
                          .created_ms = c[6].number,
                          .expires_ms = c[7].number,
                          .revoked_ms = c[8].number,
                          .scopes = arena_copy(arena, c[5].bytes),
                          .tenant_name = arena_copy(arena, c[10].bytes)};
    if (c[0].bytes.len != ID_LEN || c[3].bytes.len != DIGEST_LEN || c[9].bytes.len != ID_LEN ||
        c[4].bytes.len >= sizeof row.last4) {
        return STATUS_CORRUPT;
    }
    memcpy(row.id.bytes, c[0].bytes.ptr, ID_LEN);
    memcpy(row.hash.bytes, c[3].bytes.ptr, DIGEST_LEN);
    memcpy(row.last4, c[4].bytes.ptr, c[4].bytes.len);
    memcpy(row.tenant.bytes, c[9].bytes.ptr, ID_LEN);
    *out = row;
    return row.scopes.ptr == NULL || row.tenant_name.ptr == NULL ? STATUS_TOO_LARGE : STATUS_OK;
}

static bool each_row(void *context, const struct db_row *row)
{
    struct finding *finding = context;
    finding->status = finding->tenant != NULL
                          ? tenant_read(finding->tenant, row->columns, finding->arena)
                          : key_read(finding->key, row->columns, finding->arena);
    return false;
}

static enum status find(struct finding *finding, struct db *db, enum db_statement statement,
                        struct db_value value, const char *what, struct error *err)
{
    finding->status = STATUS_NOT_FOUND;
    TRY(db_query(db, statement, &value, 1, each_row, finding, err));
    return finding->status == STATUS_OK
               ? STATUS_OK
               : error_set(err, finding->status, "", "%s: %s", what, status_text(finding->status));
}

enum status tenant_find(struct db *db, struct str name, struct tenant_row *out, struct arena *arena,
                        struct error *err)
{
    struct finding finding = {.tenant = out, .arena = arena};
    return find(&finding, db, STATEMENT_TENANT_FIND, DB_STRING(name), "tenant", err);
}

enum status key_find(struct db *db, const struct digest *hash, struct key_row *out,
                     struct arena *arena, struct error *err)
{
    struct finding finding = {.key = out, .arena = arena};
    return find(&finding, db, STATEMENT_KEY_FIND, DB_BYTES(digest_str(hash)), "key", err);
}

enum status key_find_by_id(struct db *db, const struct id *id, struct key_row *out,
                           struct arena *arena, struct error *err)
{
    struct finding finding = {.key = out, .arena = arena};
    return find(&finding, db, STATEMENT_KEY_FIND_BY_ID, DB_BYTES(id_bytes(id)), "key", err);
}
