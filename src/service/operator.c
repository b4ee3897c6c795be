/* operator.c - one unit each, on the operator's stream. */
#include "service/operator.h"

#include "base/buf.h"
#include "service/desk.h"
#include "service/key_ring.h"
#include "store/tenant_store.h"

#include <stdio.h>
#include <string.h>

static const char *const scope_names[] = {
#define SCOPE(name, wire) wire,
#include "service/scopes.def"
#undef SCOPE
};

static bool tenant_name_is_valid(struct str name)
{
    if (name.len < 1 || name.len > TENANT_NAME_MAX) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_word && (i == 0 || strchr("-_. ", c) == NULL)) {
            return false;
        }
    }
    return true;
}

static enum status tenant_write(struct tenant_created *out, struct desk *desk, struct str name,
                                struct error *err)
{
    struct id_source ids = id_source_system();
    struct unit unit = {0};
    struct tenant_values values;
    struct tenant_row row = {
        .id = id_make(&ids, desk->now_ms), .name = name, .created_ms = desk->now_ms};
    id_write(out->id, "ten", &row.id);
    tenant_insert(&unit, &row, &values);
    enum status status = committer_run(desk->committer, &unit, err);
    if (unit.outcome == UNIT_REFUSED) {
        return error_set(err, STATUS_CONFLICT, "name", "there is a tenant \"%.*s\" already",
                         STR_ARGS(name));
    }
    return status;
}

enum status tenant_create(struct tenant_created *out, const char *db, struct str name,
                          struct error *err)
{
    struct desk desk;
    if (!tenant_name_is_valid(name)) {
        return error_set(
            err, STATUS_INVALID, "name",
            "a tenant's name has 1 to %d letters, digits, blanks, dots, hyphens and underscores, "
            "and begins with a letter or digit",
            TENANT_NAME_MAX);
    }
    enum status status = desk_open(&desk, db, err);
    if (status == STATUS_OK) {
        status = tenant_write(out, &desk, name, err);
    }
    desk_close(&desk);
    return status;
}

static bool scope_is_known(struct str scope)
{
    if (str_eq(scope, STR("admin"))) {
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(scope_names); i++) {
        struct str name = str_from(scope_names[i]);
        struct str noun = str_slice(name, 0, str_find(name, 0, ':'));
        bool is_whole_noun =
            str_ends_with(scope, STR(":*")) && str_eq(str_slice(scope, 0, scope.len - 2), noun);
        if (str_eq(scope, name) || is_whole_noun) {
            return true;
        }
    }
    return false;
}

/* "a, b" or "a b" to "a b", every name known. */
static enum status scopes_read(struct str *out, struct str text, struct arena *arena,
                               struct error *err)
{
    struct buf list;
    buf_init(&list, KEY_SCOPES_MAX);
    for (size_t i = 0; text.len == 0 && i < ARRAY_LEN(scope_names); i++) {
        buf_printf(&list, "%s%s", i > 0 ? " " : "", scope_names[i]);
    }
    enum status status = STATUS_OK;
    for (size_t at = 0; at < text.len && status == STATUS_OK;) {
        size_t end = at;
        while (end < text.len && text.ptr[end] != ',' && text.ptr[end] != ' ') {
            end++;
        }
        struct str scope = str_slice(text, at, end);
        if (scope.len > 0 && !scope_is_known(scope)) {
            status = error_set(err, STATUS_INVALID, "scopes", "there is no scope \"%.*s\"",
                               STR_ARGS(scope));
        } else if (scope.len > 0) {
            buf_printf(&list, "%s%.*s", list.len > 0 ? " " : "", STR_ARGS(scope));
        }
        at = end + 1;
    }
    if (status == STATUS_OK && (buf_failed(&list) || list.len == 0)) {
        status = error_set(err, STATUS_INVALID, "scopes",
                           "name one scope at least, in %d bytes at most", KEY_SCOPES_MAX);
    }
    if (status == STATUS_OK) {
        *out = arena_copy(arena, buf_str(&list));
        CHECK(out->ptr != NULL);
    }
    buf_finish(&list);
    return status;
}

static enum status key_write(struct key_created *out, struct desk *desk,
                             const struct key_request *request, struct error *err)
{
    struct tenant_row tenant;
    struct str scopes;
    TRY(scopes_read(&scopes, request->scopes, &desk->arena, err));
    enum status found = tenant_find(desk->db, request->tenant, &tenant, &desk->arena, err);
    if (found == STATUS_NOT_FOUND) {
        return error_set(err, found, "tenant",
                         "there is no tenant \"%.*s\": create it first with `aval tenant create`",
                         STR_ARGS(request->tenant));
    }
    TRY(found);
    struct id_source ids = id_source_system();
    struct unit unit = {0};
    struct tenant_values values;
    uint8_t random[32];
    secret_random(random, sizeof random);
    api_key_make(out->key, request->is_live, random);
    secret_wipe(random, sizeof random);
    struct key_row row = {
        .id = id_make(&ids, desk->now_ms),
        .environment = request->is_live ? tenant.live_environment : tenant.test_environment,
        .is_live = request->is_live,
        .hash = digest_of(str_from(out->key)),
        .scopes = scopes,
        .created_ms = desk->now_ms,
        .expires_ms = request->expires_ms,
    };
    size_t len = strlen(out->key);
    memcpy(row.last4, out->key + len - API_KEY_LAST_LEN, API_KEY_LAST_LEN);
    id_write(out->id, "key", &row.id);
    key_insert(&unit, &row, &values);
    return committer_run(desk->committer, &unit, err);
}

enum status key_create(struct key_created *out, const char *db, const struct key_request *request,
                       struct error *err)
{
    struct desk desk;
    enum status status = desk_open(&desk, db, err);
    if (status == STATUS_OK) {
        status = key_write(out, &desk, request, err);
    }
    desk_close(&desk);
    return status;
}

static enum status key_strike(struct desk *desk, const struct id *id, struct error *err)
{
    struct key_row row;
    struct unit unit = {0};
    struct tenant_values values;
    TRY(key_find_by_id(desk->db, id, &row, &desk->arena, err));
    key_revoke(&unit, id, desk->now_ms, &values);
    return committer_run(desk->committer, &unit, err);
}

enum status key_revoke_by_id(const char *db, struct str text, struct error *err)
{
    struct desk desk;
    struct id id;
    if (!id_read(&id, "key", text)) {
        return error_set(err, STATUS_INVALID, "id",
                         "expected the id of a key: key_ and 26 characters");
    }
    enum status status = desk_open(&desk, db, err);
    if (status == STATUS_OK) {
        status = key_strike(&desk, &id, err);
    }
    desk_close(&desk);
    return status == STATUS_NOT_FOUND ? error_set(err, status, "id", "there is no key of this id")
                                      : status;
}
