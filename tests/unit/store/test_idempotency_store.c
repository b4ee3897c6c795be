/* test_idempotency_store.c - claims: unique, scoped, and over after seven days. */
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

static struct claim claim_of(struct fixture *f, const char *key)
{
    struct claim claim = {.environment = 7,
                          .route = STR("POST /v1/decisions"),
                          .key = str_from(key),
                          .object = id_make(&f->ids, f->now_ms),
                          .now_ms = f->now_ms};
    claim.fingerprint = digest_of(str_of(claim.object.bytes, ID_LEN));
    return claim;
}

static enum status run(struct fixture *f, const struct claim *claim)
{
    struct unit unit = {0};
    struct claim_values values;
    struct error err;
    idempotency_claim(&unit, claim, &values);
    return committer_run(f->committer, &unit, &err);
}

static enum status find(struct fixture *f, struct claim *claim)
{
    struct error err;
    struct db *db = fixture_reader(f);
    enum status status = idempotency_find(db, claim, &err);
    db_close(db);
    return status;
}

static void keeps_the_fingerprint_and_the_object_of_the_first(void **state)
{
    struct fixture *f = *state;
    struct claim first = claim_of(f, "k"), second = claim_of(f, "k"), found = second;
    assert_int_equal(find(f, &found), STATUS_NOT_FOUND);
    assert_int_equal(run(f, &first), STATUS_OK);
    assert_int_equal(run(f, &second), STATUS_CONFLICT);
    assert_int_equal(find(f, &found), STATUS_OK);
    assert_true(digest_eq(&found.fingerprint, &first.fingerprint));
    assert_memory_equal(found.object.bytes, first.object.bytes, ID_LEN);
}

static void is_scoped_by_environment_and_route(void **state)
{
    struct fixture *f = *state;
    struct claim claim = claim_of(f, "k");
    assert_int_equal(run(f, &claim), STATUS_OK);
    claim.environment = 8;
    assert_int_equal(find(f, &claim), STATUS_NOT_FOUND);
    assert_int_equal(run(f, &claim), STATUS_OK);
    claim.route = STR("POST /v1/monitors");
    assert_int_equal(find(f, &claim), STATUS_NOT_FOUND);
    assert_int_equal(run(f, &claim), STATUS_OK);
    claim.key = STR("K");
    assert_int_equal(run(f, &claim), STATUS_OK);
}

static void counts_for_seven_days_to_the_millisecond(void **state)
{
    struct fixture *f = *state;
    struct claim first = claim_of(f, "k");
    assert_int_equal(run(f, &first), STATUS_OK);
    f->now_ms += IDEMPOTENCY_MS - 1;
    struct claim late = claim_of(f, "k"), found = late;
    assert_int_equal(find(f, &found), STATUS_OK);
    assert_int_equal(run(f, &late), STATUS_CONFLICT);
    f->now_ms += 1;
    late = claim_of(f, "k");
    found = late;
    assert_int_equal(find(f, &found), STATUS_NOT_FOUND);
    assert_int_equal(run(f, &late), STATUS_OK);
    assert_int_equal(find(f, &found), STATUS_OK);
    assert_memory_equal(found.object.bytes, late.object.bytes, ID_LEN);
}

static void holds_when_the_clock_steps_back(void **state)
{
    struct fixture *f = *state;
    struct claim first = claim_of(f, "k");
    assert_int_equal(run(f, &first), STATUS_OK);
    f->now_ms -= INT64_C(400) * 24 * 3600 * 1000;
    struct claim second = claim_of(f, "k");
    assert_int_equal(run(f, &second), STATUS_CONFLICT);
}

static void sweeps_what_no_longer_counts_and_nothing_else(void **state)
{
    struct fixture *f = *state;
    struct unit unit = {0};
    struct claim_values values;
    struct error err;
    struct claim old = claim_of(f, "old");
    assert_int_equal(run(f, &old), STATUS_OK);
    f->now_ms += IDEMPOTENCY_MS;
    struct claim young = claim_of(f, "young");
    assert_int_equal(run(f, &young), STATUS_OK);
    idempotency_sweep(&unit, f->now_ms, &values);
    assert_int_equal(committer_run(f->committer, &unit, &err), STATUS_OK);
    assert_int_equal(find(f, &young), STATUS_OK);
    assert_int_equal(fixture_tamper(f, "UPDATE idempotency SET route = route"), 1);
}

static void survives_a_restart(void **state)
{
    struct fixture *f = *state;
    struct claim claim = claim_of(f, "k");
    assert_int_equal(run(f, &claim), STATUS_OK);
    fixture_stop(f);
    fixture_start(f);
    assert_int_equal(run(f, &claim), STATUS_CONFLICT);
}

static void says_that_a_claim_does_not_read_back(void **state)
{
    struct fixture *f = *state;
    struct claim claim = claim_of(f, "k");
    assert_int_equal(run(f, &claim), STATUS_OK);
    (void)fixture_tamper(f, "UPDATE idempotency SET fingerprint = x'00'");
    assert_int_equal(find(f, &claim), STATUS_CORRUPT);
}

static void claim_without_a_key(void)
{
    struct unit unit = {0};
    struct claim claim = {.environment = 7};
    struct claim_values values;
    idempotency_claim(&unit, &claim, &values);
}

static void stops_a_caller_without_a_key(void **state)
{
    (void)state;
    assert_dies(claim_without_a_key);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(keeps_the_fingerprint_and_the_object_of_the_first),
        TEST(is_scoped_by_environment_and_route),
        TEST(counts_for_seven_days_to_the_millisecond),
        TEST(holds_when_the_clock_steps_back),
        TEST(sweeps_what_no_longer_counts_and_nothing_else),
        TEST(survives_a_restart),
        TEST(says_that_a_claim_does_not_read_back),
        TEST(stops_a_caller_without_a_key),
    };
    return cmocka_run_group_tests_name("idempotency_store", tests, NULL, NULL);
}
