/* store_fixture.c - a database in a directory of its own, and units made by hand. */
#include "store_fixture.h"

#include "../expect.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

void fixture_begin(struct fixture *f)
{
    const char *place = getenv("TMPDIR");
    *f = (struct fixture){.now_ms = FIXTURE_NOW_MS, .chance = 42};
    (void)snprintf(f->dir, sizeof f->dir, "%s/aval-test-XXXXXX", place == NULL ? "/tmp" : place);
    assert_non_null(mkdtemp(f->dir));
    (void)snprintf(f->path, sizeof f->path, "%s/aval.db", f->dir);
    f->ids = id_source_seeded(&f->chance);
    arena_init(&f->arena, 16 * 1024 * 1024);
}

void fixture_end(struct fixture *f)
{
    fixture_stop(f);
    DIR *dir = opendir(f->dir);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        char path[2 * FIXTURE_PATH_SIZE];
        (void)snprintf(path, sizeof path, "%s/%s", f->dir, entry->d_name);
        if (entry->d_name[0] != '.') {
            assert_int_equal(unlink(path), 0);
        }
    }
    (void)closedir(dir);
    assert_int_equal(rmdir(f->dir), 0);
    arena_finish(&f->arena);
}

static void start(struct fixture *f, const char *stream)
{
    struct error err = {.message = ""};
    struct committer_config config = {
        .where = f->path, .stream = stream, .clock = wallclock_fixed(&f->now_ms)};
    enum status status = committer_start(&f->committer, &config, &err);
    if (status != STATUS_OK) {
        fail_msg("committer_start: %s", err.message);
    }
}

void fixture_start(struct fixture *f)
{
    start(f, "main");
}

void fixture_stop(struct fixture *f)
{
    if (f->committer != NULL) {
        committer_stop(f->committer);
        f->committer = NULL;
    }
}

struct db *fixture_reader(struct fixture *f)
{
    struct error err = {.message = ""};
    struct db *db = NULL;
    if (db_open(&db, f->path, DB_READER, &err) != STATUS_OK) {
        fail_msg("db_open: %s", err.message);
    }
    return db;
}

void decision_unit_make(struct decision_unit *d, struct fixture *f,
                        const struct decision_want *want)
{
    char id_text[ID_TEXT_MAX + 1];
    *d = (struct decision_unit){.row = {.environment = want->environment}};
    d->row.id = id_make(&f->ids, f->now_ms);
    d->row.created_ms = f->now_ms;
    (void)snprintf(d->company, sizeof d->company, "%s", want->company);
    (void)snprintf(d->reference, sizeof d->reference, "%s", want->reference);
    d->row.company_key = str_from(d->company);
    d->row.client_reference = str_from(d->reference);
    d->row.recommendation = str_from(want->recommendation);
    f->ids.random(f->ids.context, d->row.salt, SALT_LEN);
    id_write(id_text, "dec", &d->row.id);
    struct buf created;
    buf_init(&created, 64);
    timestamp_write(&created, f->now_ms);
    int len = snprintf(d->payload, sizeof d->payload,
                       "{\"body\":{\"recommendation\":%s%s%s},\"client_reference\":\"%s\","
                       "\"company_key\":\"%s\",\"created_at\":\"%.*s\",\"engine\":1,"
                       "\"environment\":%lld,\"id\":\"%s\",\"input\":{\"name\":\"Bru\xc3\xa7\\n\"},"
                       "\"object\":\"decision\",\"words\":{}}",
                       want->recommendation[0] == '\0' ? "null" : "\"", want->recommendation,
                       want->recommendation[0] == '\0' ? "" : "\"", want->reference, want->company,
                       STR_ARGS(buf_str(&created)), (long long)want->environment, id_text);
    buf_finish(&created);
    d->row.payload = str_of(d->payload, (size_t)len);
    decision_insert(&d->unit, &d->row, &d->values, &f->arena);
    if (want->key != NULL) {
        d->claim = (struct claim){.environment = want->environment,
                                  .route = STR("POST /v1/decisions"),
                                  .key = str_from(want->key),
                                  .fingerprint = digest_of(d->row.payload),
                                  .object = d->row.id,
                                  .now_ms = f->now_ms};
        idempotency_claim(&d->unit, &d->claim, &d->claim_values);
    }
}

void fixture_decide(struct fixture *f, struct decision_unit *d, const struct decision_want *want)
{
    struct error err = {.message = ""};
    decision_unit_make(d, f, want);
    if (committer_run(f->committer, &d->unit, &err) != STATUS_OK) {
        fail_msg("committer_run: %s", err.message);
    }
}

struct tenant_row fixture_tenant(struct fixture *f, const char *name)
{
    struct unit unit = {0};
    struct tenant_values values;
    struct error err = {.message = ""};
    struct tenant_row row = {
        .id = id_make(&f->ids, f->now_ms), .name = str_from(name), .created_ms = f->now_ms};
    tenant_insert(&unit, &row, &values);
    assert_int_equal(committer_run(f->committer, &unit, &err), STATUS_OK);
    struct db *db = fixture_reader(f);
    struct tenant_row found;
    assert_int_equal(tenant_find(db, str_from(name), &found, &f->arena, &err), STATUS_OK);
    db_close(db);
    return found;
}

struct key_row fixture_key(struct fixture *f, int64_t environment, const char *scopes)
{
    struct unit unit = {0};
    struct tenant_values values;
    struct error err = {.message = ""};
    struct key_row row = {.id = id_make(&f->ids, f->now_ms),
                          .environment = environment,
                          .last4 = "wxyz",
                          .scopes = str_from(scopes),
                          .created_ms = f->now_ms,
                          .expires_ms = 0};
    row.hash = digest_of(str_of(row.id.bytes, ID_LEN));
    key_insert(&unit, &row, &values);
    assert_int_equal(committer_run(f->committer, &unit, &err), STATUS_OK);
    return row;
}

/* ---- logs ---- */

static void load_artifact(struct fixture *f, enum audit_kind kind, const char *bytes)
{
    struct unit unit = {0};
    struct artifact_values values;
    struct error err = {.message = ""};
    char payload[128], hex[DIGEST_HEX_LEN + 1];
    struct digest digest = digest_of(str_from(bytes));
    digest_hex(hex, &digest);
    (void)snprintf(payload, sizeof payload, "{\"sha256\":\"%s\"}", hex);
    artifact_insert(&unit, kind == AUDIT_MODEL_LOADED ? STR("model") : STR("policy"), &digest,
                    str_from(bytes), f->now_ms, &values);
    unit_entry(&unit, &(struct audit_draft){.kind = kind, .payload = str_from(payload)});
    assert_int_equal(committer_run(f->committer, &unit, &err), STATUS_OK);
}

static void read_twice(struct fixture *f)
{
    struct error err = {.message = ""};
    struct unit unit = {0};
    struct audit_draft draft = {
        .kind = AUDIT_DECISION_READ, .environment = 7, .payload = STR("{\"by\":\"key_1\"}")};
    f->ids.random(f->ids.context, draft.salt, sizeof draft.salt);
    unit_entry(&unit, &draft);
    unit_entry(&unit, &draft);
    assert_int_equal(committer_run(f->committer, &unit, &err), STATUS_OK);
}

static void strike(struct fixture *f, const struct id *key)
{
    struct unit unit = {0};
    struct tenant_values values;
    struct error err = {.message = ""};
    key_revoke(&unit, key, f->now_ms, &values);
    assert_int_equal(committer_run(f->committer, &unit, &err), STATUS_OK);
}

void fixture_log(struct fixture *f)
{
    static const char *const words[] = {"accept", "decline", ""};
    struct decision_unit d;
    struct decision_want want = {.environment = 7, .company = "FR:siren:732829320"};
    fixture_stop(f);
    start(f, "main");
    load_artifact(f, AUDIT_MODEL_LOADED, "a model");
    load_artifact(f, AUDIT_POLICY_LOADED, "a policy");
    for (size_t i = 0; i < 6; i++, f->now_ms++) {
        want.recommendation = words[i % ARRAY_LEN(words)];
        want.reference = i % 2 == 0 ? "ERP-1" : "";
        fixture_decide(f, &d, &want);
    }
    read_twice(f);
    fixture_stop(f);
    start(f, "main");
    want.environment = 9;
    for (size_t i = 0; i < 4; i++, f->now_ms++) {
        fixture_decide(f, &d, &want);
    }
    fixture_stop(f);
    start(f, "operator");
    struct tenant_row tenant = fixture_tenant(f, "Acme");
    struct key_row key = fixture_key(f, tenant.test_environment, "decisions:read");
    strike(f, &key.id);
    tenant = fixture_tenant(f, "Globex");
    (void)fixture_key(f, tenant.live_environment, "admin");
    fixture_stop(f);
}

void fixture_long_log(struct fixture *f, uint32_t count)
{
    struct decision_unit d;
    const struct decision_want want = {
        .environment = 7, .company = "", .reference = "", .recommendation = "accept"};
    fixture_stop(f);
    start(f, "main");
    for (uint32_t written = 1; written < count; f->now_ms += 100) {
        if (written == count / 2) {
            fixture_stop(f);
            start(f, "main");
            written++;
        } else if (written % 5 == 0 && written + 1 < count) {
            read_twice(f);
            written += 2;
        } else {
            fixture_decide(f, &d, &want);
            written++;
        }
    }
    fixture_stop(f);
}

int fixture_tamper(struct fixture *f, const char *sql)
{
    sqlite3 *engine = NULL;
    char *message = NULL;
    assert_int_equal(sqlite3_open(f->path, &engine), SQLITE_OK);
    assert_int_equal(sqlite3_busy_timeout(engine, 5000), SQLITE_OK);
    if (sqlite3_exec(engine, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
    int changes = sqlite3_changes(engine);
    assert_int_equal(sqlite3_close(engine), SQLITE_OK);
    return changes;
}

struct str fixture_export(struct fixture *f)
{
    char *text = NULL;
    size_t len = 0;
    struct error err = {.message = ""};
    FILE *out = open_memstream(&text, &len);
    struct db *db = fixture_reader(f);
    if (audit_export(db, out, &err) != STATUS_OK) {
        fail_msg("audit_export: %s", err.message);
    }
    assert_int_equal(fclose(out), 0);
    db_close(db);
    return str_of(text, len);
}

void fixture_verify(struct fixture *f, struct verify_report *report)
{
    struct error err = {.message = ""};
    struct db *db = fixture_reader(f);
    if (audit_verify_db(db, NULL, NULL, report, &err) != STATUS_OK) {
        fail_msg("audit_verify_db: %s", err.message);
    }
    db_close(db);
}
