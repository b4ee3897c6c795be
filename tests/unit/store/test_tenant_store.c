/* test_tenant_store.c - tenants, their environments, keys. */
#include "../expect.h"
#include "store_fixture.h"

#include <stdlib.h>

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    fixture_begin(f);
    fixture_start(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture_end(*state);
    free(*state);
    return 0;
}

static enum status run(struct fixture *f, struct unit *unit)
{
    struct error err;
    return committer_run(f->committer, unit, &err);
}

static enum status find_key(struct fixture *f, const struct id *id, struct key_row *row)
{
    struct error err;
    struct db *db = fixture_reader(f);
    enum status status = key_find_by_id(db, id, row, &f->arena, &err);
    db_close(db);
    return status;
}

static void gives_a_tenant_two_environments_of_its_own(void **state)
{
    struct fixture *f = *state;
    struct tenant_row acme = fixture_tenant(f, "Acme"), globex = fixture_tenant(f, "Globex");
    assert_text(acme.name, "Acme");
    assert_int_equal(acme.created_ms, f->now_ms);
    assert_true(acme.test_environment > 0);
    assert_int_equal(acme.live_environment, acme.test_environment + 1);
    assert_true(acme.live_environment < INT64_C(1) << 53); /* exact in any JSON reader */
    assert_int_not_equal(acme.test_environment, globex.test_environment);
}

static void refuses_a_name_that_is_taken(void **state)
{
    struct fixture *f = *state;
    struct unit unit = {0};
    struct tenant_values values;
    struct tenant_row first = fixture_tenant(f, "Acme");
    struct tenant_row again = {
        .id = id_make(&f->ids, f->now_ms), .name = STR("Acme"), .created_ms = f->now_ms};
    tenant_insert(&unit, &again, &values);
    assert_int_equal(run(f, &unit), STATUS_CONFLICT);
    assert_int_equal(unit.outcome, UNIT_REFUSED);
    struct error err;
    struct tenant_row found;
    struct db *db = fixture_reader(f);
    assert_int_equal(tenant_find(db, STR("Acme"), &found, &f->arena, &err), STATUS_OK);
    assert_memory_equal(found.id.bytes, first.id.bytes, ID_LEN);
    assert_int_equal(tenant_find(db, STR("acme"), &found, &f->arena, &err), STATUS_NOT_FOUND);
    assert_int_equal(tenant_find(db, STR(""), &found, &f->arena, &err), STATUS_NOT_FOUND);
    db_close(db);
}

static void finds_a_key_by_its_hash_and_by_its_id(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct key_row found;
    struct tenant_row tenant = fixture_tenant(f, "Acme");
    struct key_row key = fixture_key(f, tenant.live_environment, "decisions:read audit:read");
    struct db *db = fixture_reader(f);
    assert_int_equal(key_find(db, &key.hash, &found, &f->arena, &err), STATUS_OK);
    assert_memory_equal(found.id.bytes, key.id.bytes, ID_LEN);
    assert_int_equal(found.environment, tenant.live_environment);
    assert_true(found.is_live);
    assert_string_equal(found.last4, "wxyz");
    assert_text(found.scopes, "decisions:read audit:read");
    assert_text(found.tenant_name, "Acme");
    assert_memory_equal(found.tenant.bytes, tenant.id.bytes, ID_LEN);
    assert_int_equal(found.revoked_ms, 0);
    assert_int_equal(key_find_by_id(db, &key.id, &found, &f->arena, &err), STATUS_OK);
    assert_true(digest_eq(&found.hash, &key.hash));
    const struct digest unknown = {{1}};
    assert_int_equal(key_find(db, &unknown, &found, &f->arena, &err), STATUS_NOT_FOUND);
    const struct id nobody = {{1}};
    assert_int_equal(key_find_by_id(db, &nobody, &found, &f->arena, &err), STATUS_NOT_FOUND);
    db_close(db);
}

static void revokes_a_key_once(void **state)
{
    struct fixture *f = *state;
    struct tenant_row tenant = fixture_tenant(f, "Acme");
    struct key_row key = fixture_key(f, tenant.test_environment, "admin"), found;
    for (int i = 0; i < 2; i++) {
        struct unit unit = {0};
        struct tenant_values values;
        key_revoke(&unit, &key.id, f->now_ms + i, &values);
        assert_int_equal(run(f, &unit), i == 0 ? STATUS_OK : STATUS_CONFLICT);
    }
    assert_int_equal(find_key(f, &key.id, &found), STATUS_OK);
    assert_int_equal(found.revoked_ms, f->now_ms);
    struct unit unit = {0};
    struct tenant_values values;
    const struct id nobody = {{1}};
    key_revoke(&unit, &nobody, f->now_ms, &values);
    assert_int_equal(run(f, &unit), STATUS_CONFLICT);
}

static void takes_keys_to_the_limit_and_not_one_more(void **state)
{
    struct fixture *f = *state;
    struct tenant_row tenant = fixture_tenant(f, "Acme");
    for (int i = 0; i < KEYS_PER_ENVIRONMENT_MAX; i++) {
        (void)fixture_key(f, tenant.test_environment, "admin");
    }
    struct unit unit = {0};
    struct tenant_values values;
    struct key_row row = {.id = id_make(&f->ids, f->now_ms),
                          .environment = tenant.test_environment,
                          .scopes = STR("admin"),
                          .created_ms = f->now_ms};
    key_insert(&unit, &row, &values);
    assert_int_equal(run(f, &unit), STATUS_CONFLICT);
    (void)fixture_key(f, tenant.live_environment, "admin"); /* the other one has room */
}

static void poisons_a_key_of_no_environment(void **state)
{
    struct fixture *f = *state;
    struct unit unit = {0};
    struct tenant_values values;
    struct key_row row = {
        .id = id_make(&f->ids, f->now_ms), .environment = 12345, .scopes = STR("admin")};
    key_insert(&unit, &row, &values);
    assert_int_equal(run(f, &unit), STATUS_INTERNAL);
    assert_int_equal(unit.outcome, UNIT_POISONED);
}

static void poisons_a_second_key_of_the_same_hash(void **state)
{
    struct fixture *f = *state;
    struct unit unit = {0};
    struct tenant_values values;
    struct tenant_row tenant = fixture_tenant(f, "Acme");
    struct key_row key = fixture_key(f, tenant.test_environment, "admin");
    key.id = id_make(&f->ids, f->now_ms);
    key_insert(&unit, &key, &values);
    assert_int_equal(run(f, &unit), STATUS_INTERNAL);
}

static void says_that_a_row_does_not_read_back(void **state)
{
    struct fixture *f = *state;
    struct tenant_row tenant = fixture_tenant(f, "Acme");
    struct key_row key = fixture_key(f, tenant.test_environment, "admin"), found;
    (void)fixture_tamper(f, "UPDATE api_key SET last4 = 'longer'");
    assert_int_equal(find_key(f, &key.id, &found), STATUS_CORRUPT);
    (void)fixture_tamper(f, "UPDATE api_key SET last4 = 'abcd', hash = x'00'");
    assert_int_equal(find_key(f, &key.id, &found), STATUS_CORRUPT);
}

static void writes_payloads_that_are_canonical(void **state)
{
    struct buf out;
    const struct tenant_row tenant = {
        .name = STR("A \"B\""), .created_ms = 5, .test_environment = 10, .live_environment = 11};
    const struct key_row key = {
        .environment = 10, .last4 = "abcd", .scopes = STR("a b"), .created_ms = 6, .expires_ms = 7};
    const struct id id = {{0}};
    (void)state;
    buf_init(&out, 4096);
    tenant_payload(&out, &tenant);
    assert_text(
        buf_str(&out),
        "{\"created_ms\":5,\"id\":\"ten_00000000000000000000000000\",\"live_environment\":11,"
        "\"name\":\"A \\\"B\\\"\",\"object\":\"tenant\",\"test_environment\":10}");
    buf_clear(&out);
    key_payload(&out, &key);
    assert_text(
        buf_str(&out),
        "{\"created_ms\":6,\"environment\":10,\"expires_ms\":7,"
        "\"id\":\"key_00000000000000000000000000\",\"last4\":\"abcd\",\"object\":\"api_key\","
        "\"scopes\":\"a b\",\"sha256\":"
        "\"0000000000000000000000000000000000000000000000000000000000000000\"}");
    buf_clear(&out);
    key_revoked_payload(&out, &id, 8);
    assert_text(buf_str(&out), "{\"id\":\"key_00000000000000000000000000\",\"object\":\"api_key\","
                               "\"revoked_ms\":8}");
    buf_finish(&out);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(gives_a_tenant_two_environments_of_its_own), TEST(refuses_a_name_that_is_taken),
        TEST(finds_a_key_by_its_hash_and_by_its_id),      TEST(revokes_a_key_once),
        TEST(takes_keys_to_the_limit_and_not_one_more),   TEST(poisons_a_key_of_no_environment),
        TEST(poisons_a_second_key_of_the_same_hash),      TEST(says_that_a_row_does_not_read_back),
        TEST(writes_payloads_that_are_canonical),
    };
    return cmocka_run_group_tests_name("tenant_store", tests, NULL, NULL);
}
