/* test_db_sqlite.c - opening, migrating, refusing; batches and queries. */
#include "../expect.h"
#include "store_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { MIGRATIONS = 4 /* files in src/store/migrations */ };

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    fixture_begin(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture_end(*state);
    free(*state);
    return 0;
}

static enum status open_as(struct db **db, struct fixture *f, enum db_role role, struct error *err)
{
    *err = (struct error){.message = ""};
    return db_open(db, f->path, role, err);
}

static void migrates_a_fresh_file_and_finds_nothing_to_do_again(void **state)
{
    struct fixture *f = *state;
    struct error err;
    for (int i = 0; i < 3; i++) {
        struct db *db;
        assert_int_equal(open_as(&db, f, DB_WRITER, &err), STATUS_OK);
        db_close(db);
    }
    assert_int_equal(fixture_tamper(f, "UPDATE migration SET applied_ms = applied_ms"), MIGRATIONS);
}

static void keeps_the_file_to_its_owner(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct stat about;
    struct db *db;
    mode_t before = umask(0);
    assert_int_equal(open_as(&db, f, DB_WRITER, &err), STATUS_OK);
    (void)umask(before);
    assert_int_equal(stat(f->path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    db_close(db);
}

static void refuses_a_schema_that_is_newer_than_the_program(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct db *db;
    assert_int_equal(open_as(&db, f, DB_WRITER, &err), STATUS_OK);
    db_close(db);
    (void)fixture_tamper(f, "INSERT INTO migration VALUES (999, 0)");
    assert_int_equal(open_as(&db, f, DB_WRITER, &err), STATUS_CONFLICT);
    assert_non_null(strstr(err.message, "999"));
    assert_int_equal(open_as(&db, f, DB_READER, &err), STATUS_CONFLICT);
}

/* A migration that was cut off left nothing, since each is one transaction: what is missing is done
 * now. */
static void resumes_where_it_was_interrupted(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct db *db;
    (void)fixture_tamper(f, "CREATE TABLE migration (version INTEGER NOT NULL PRIMARY KEY, "
                            "applied_ms INTEGER NOT NULL) STRICT");
    assert_int_equal(open_as(&db, f, DB_READER, &err), STATUS_CONFLICT);
    assert_int_equal(open_as(&db, f, DB_WRITER, &err), STATUS_OK);
    db_close(db);
    assert_int_equal(open_as(&db, f, DB_READER, &err), STATUS_OK);
    db_close(db);
}

/* A table of ours that somebody else made: the migration fails as a whole. */
static void leaves_nothing_of_a_migration_that_fails(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct db *db;
    (void)fixture_tamper(f, "CREATE TABLE idempotency (x)");
    assert_int_not_equal(open_as(&db, f, DB_WRITER, &err), STATUS_OK);
    (void)fixture_tamper(f, "CREATE TABLE tenant (x)"); /* still free */
}

static void refuses_a_reader_where_nothing_is(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct db *db;
    assert_int_equal(open_as(&db, f, DB_READER, &err), STATUS_IO);
    assert_int_equal(access(f->path, F_OK), -1);
}

static void refuses_a_file_that_is_no_database(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct db *db;
    FILE *out = fopen(f->path, "w");
    for (int i = 0; i < 1000; i++) {
        (void)fputs("certainly not a database\n", out);
    }
    assert_int_equal(fclose(out), 0);
    assert_int_equal(open_as(&db, f, DB_WRITER, &err), STATUS_CORRUPT);
}

static void refuses_a_reader_of_a_journal_that_is_not_ahead(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct db *db;
    assert_int_equal(open_as(&db, f, DB_WRITER, &err), STATUS_OK);
    db_close(db);
    (void)fixture_tamper(f, "PRAGMA journal_mode = DELETE");
    assert_int_equal(open_as(&db, f, DB_READER, &err), STATUS_CONFLICT);
    assert_non_null(strstr(err.message, "journal_mode=delete"));
    assert_int_equal(open_as(&db, f, DB_WRITER, &err), STATUS_OK); /* a writer sets it right */
    db_close(db);
}

static void refuses_a_place_where_it_cannot_write_ahead(void **state)
{
    struct error err;
    struct db *db;
    (void)state;
    assert_int_equal(db_open(&db, "/nowhere/at/all", DB_WRITER, &err), STATUS_IO);
    assert_int_not_equal(db_open(&db, "/dev/null", DB_WRITER, &err), STATUS_OK);
}

static void does_not_let_a_reader_write(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct db *writer, *reader;
    struct db_call call = {.statement = STATEMENT_WRITER_PROBE};
    assert_int_equal(open_as(&writer, f, DB_WRITER, &err), STATUS_OK);
    assert_int_equal(open_as(&reader, f, DB_READER, &err), STATUS_OK);
    assert_int_not_equal(db_execute(reader, &call, 1, NULL, &err), STATUS_OK);
    assert_int_equal(db_execute(writer, &call, 1, NULL, &err), STATUS_OK);
    assert_int_equal(call.changes, 1);
    db_close(reader);
    db_close(writer);
}

/* What the call before changed is not its own. */
static void reading_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct db *db;
    struct db_call calls[] = {
        {.statement = STATEMENT_WRITER_PROBE},
        {.statement = STATEMENT_QUICK_CHECK},
    };
    assert_int_equal(open_as(&db, f, DB_WRITER, &err), STATUS_OK);
    assert_int_equal(db_execute(db, calls, ARRAY_LEN(calls), NULL, &err), STATUS_OK);
    assert_int_equal(calls[0].changes, 1);
    assert_int_equal(calls[1].changes, 0);
    db_close(db);
}

static void stops_a_batch_at_the_first_error_and_says_which(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct db *db;
    size_t failed = 99;
    uint8_t id[ID_LEN] = {1};
    const struct db_value good[] = {DB_BYTES(str_of(id, ID_LEN)), DB_STRING(STR("Acme")),
                                    DB_NUMBER(1)};
    const struct db_value bad[] = {DB_NUMBER(5), DB_STRING(STR("other")), DB_NUMBER(1)};
    struct db_call calls[] = {
        {.statement = STATEMENT_TENANT_CLAIM, .value_count = 3, .values = good},
        {.statement = STATEMENT_TENANT_CLAIM,                     .value_count = 3, .values = good},
        {.statement = STATEMENT_TENANT_CLAIM, .value_count = 3, .values = bad}, /* no blob */
        {.statement = STATEMENT_WRITER_PROBE                    },
    };
    assert_int_equal(open_as(&db, f, DB_WRITER, &err), STATUS_OK);
    assert_int_equal(db_begin(db, &err), STATUS_OK);
    assert_int_equal(db_execute(db, calls, ARRAY_LEN(calls), &failed, &err), STATUS_INVALID);
    assert_int_equal(failed, 2);
    assert_int_equal(calls[0].changes, 1);
    assert_int_equal(calls[1].changes, 0); /* refusal is an answer, not an error */
    assert_int_equal(calls[3].changes, 0);
    db_rollback(db);
    assert_int_equal(db_execute(db, calls, 1, NULL, &err), STATUS_OK);
    assert_int_equal(calls[0].changes, 1); /* what was rolled back is free again */
    db_close(db);
}

static bool count_to_one(void *context, const struct db_row *row)
{
    (void)row;
    ++*(int *)context;
    return false;
}

static void stops_a_query_when_it_is_told_to(void **state)
{
    struct fixture *f = *state;
    struct error err;
    int rows = 0;
    fixture_log(f);
    struct db *db = fixture_reader(f);
    assert_int_equal(db_query(db, STATEMENT_AUDIT_WALK, NULL, 0, count_to_one, &rows, &err),
                     STATUS_OK);
    assert_int_equal(rows, 1);
    assert_int_equal(db_query(db, STATEMENT_AUDIT_WALK, NULL, 0, count_to_one, &rows, &err),
                     STATUS_OK);
    assert_int_equal(rows, 2);
    db_close(db);
}

/* A reader's view stands still between begin and rollback. */
static void gives_a_reader_one_view(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct decision_unit d;
    struct decision_row found;
    const struct decision_want want = {
        .environment = 7, .company = "", .reference = "", .recommendation = "accept"};
    fixture_start(f);
    fixture_decide(f, &d, &want);
    struct db *db = fixture_reader(f);
    assert_int_equal(db_begin(db, &err), STATUS_OK);
    assert_int_equal(decision_find(db, 7, &d.row.id, &found, &f->arena, &err), STATUS_OK);
    fixture_decide(f, &d, &want);
    assert_int_equal(decision_find(db, 7, &d.row.id, &found, &f->arena, &err), STATUS_NOT_FOUND);
    db_rollback(db);
    assert_int_equal(decision_find(db, 7, &d.row.id, &found, &f->arena, &err), STATUS_OK);
    db_close(db);
}

static struct db *dying;

static void begin_twice(void)
{
    struct error err;
    (void)!db_begin(dying, &err);
    (void)!db_begin(dying, &err);
}

static void bind_too_few(void)
{
    struct error err;
    struct db_call call = {.statement = STATEMENT_TENANT_POSITION};
    (void)!db_execute(dying, &call, 1, NULL, &err);
}

static void bind_a_place_unfilled(void)
{
    struct error err;
    const struct db_value value = DB_PLACE(DB_SEQ);
    int ignored;
    (void)!db_query(dying, STATEMENT_TENANT_FIND, &value, 1, count_to_one, &ignored, &err);
}

static void stops_a_caller_with_a_bug(void **state)
{
    struct fixture *f = *state;
    struct error err;
    assert_int_equal(open_as(&dying, f, DB_WRITER, &err), STATUS_OK);
    assert_dies(begin_twice);
    assert_dies(bind_too_few);
    assert_dies(bind_a_place_unfilled);
    db_close(dying);
    db_close(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(migrates_a_fresh_file_and_finds_nothing_to_do_again),
        TEST(keeps_the_file_to_its_owner),
        TEST(refuses_a_schema_that_is_newer_than_the_program),
        TEST(resumes_where_it_was_interrupted),
        TEST(leaves_nothing_of_a_migration_that_fails),
        TEST(refuses_a_reader_where_nothing_is),
        TEST(refuses_a_file_that_is_no_database),
        TEST(refuses_a_reader_of_a_journal_that_is_not_ahead),
        TEST(refuses_a_place_where_it_cannot_write_ahead),
        TEST(does_not_let_a_reader_write),
        TEST(reading_changes_nothing),
        TEST(stops_a_batch_at_the_first_error_and_says_which),
        TEST(stops_a_query_when_it_is_told_to),
        TEST(gives_a_reader_one_view),
        TEST(stops_a_caller_with_a_bug),
    };
    return cmocka_run_group_tests_name("db_sqlite", tests, NULL, NULL);
}
