/* test_artifact_store.c - bytes by their digest. */
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

static enum status insert(struct fixture *f, struct str bytes, struct digest *digest)
{
    struct unit unit = {0};
    struct artifact_values values;
    struct error err;
    *digest = digest_of(bytes);
    artifact_insert(&unit, STR("model"), digest, bytes, f->now_ms, &values);
    return committer_run(f->committer, &unit, &err);
}

static enum status find(struct fixture *f, const struct digest *digest, struct str *bytes)
{
    struct error err;
    struct db *db = fixture_reader(f);
    enum status status = artifact_find(db, digest, bytes, &f->arena, &err);
    db_close(db);
    return status;
}

static void finds_the_bytes_of_a_digest(void **state)
{
    struct fixture *f = *state;
    struct digest digest;
    struct str bytes;
    assert_int_equal(insert(f, str_of("a\0b", 3), &digest), STATUS_OK);
    assert_int_equal(find(f, &digest, &bytes), STATUS_OK);
    assert_true(str_eq(bytes, str_of("a\0b", 3)));
}

static void keeps_one_copy(void **state)
{
    struct fixture *f = *state;
    struct digest digest;
    assert_int_equal(insert(f, STR("same"), &digest), STATUS_OK);
    assert_int_equal(insert(f, STR("same"), &digest), STATUS_OK);
    assert_int_equal(fixture_tamper(f, "UPDATE artifact SET kind = kind"), 1);
}

static void does_not_find_what_is_not_there(void **state)
{
    const struct digest unknown = {{1}};
    struct str bytes;
    assert_int_equal(find(*state, &unknown, &bytes), STATUS_NOT_FOUND);
}

static void does_not_hand_out_bytes_that_were_changed(void **state)
{
    struct fixture *f = *state;
    struct digest digest;
    struct str bytes;
    assert_int_equal(insert(f, STR("model"), &digest), STATUS_OK);
    (void)fixture_tamper(f, "UPDATE artifact SET bytes = x'00'");
    assert_int_equal(find(f, &digest, &bytes), STATUS_CORRUPT);
}

static void says_when_memory_is_out(void **state)
{
    struct fixture *f = *state;
    struct digest digest;
    struct str bytes;
    struct error err;
    struct arena small;
    arena_init(&small, 8);
    assert_int_equal(insert(f, STR("more than eight bytes, and its end"), &digest), STATUS_OK);
    struct db *db = fixture_reader(f);
    assert_int_equal(artifact_find(db, &digest, &bytes, &small, &err), STATUS_TOO_LARGE);
    db_close(db);
    arena_finish(&small);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(finds_the_bytes_of_a_digest),     TEST(keeps_one_copy),
        TEST(does_not_find_what_is_not_there), TEST(does_not_hand_out_bytes_that_were_changed),
        TEST(says_when_memory_is_out),
    };
    return cmocka_run_group_tests_name("artifact_store", tests, NULL, NULL);
}
