/* test_committer.c - group commit: order, refusal, poison, limits, failures. */
#include "../expect.h"
#include "store_fixture.h"

#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

/* SQLite's own calls, which the linker finds here first: the disk that fails when it is told to. */
static atomic_int sync_error;
static atomic_int write_error;

int fdatasync(int fd)
{
    int error = atomic_load(&sync_error);
    if (error != 0) {
        errno = error;
        return -1;
    }
    return fsync(fd);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
    int error = atomic_load(&write_error);
    if (error != 0) {
        errno = error;
        return -1;
    }
    return lseek64(fd, at, SEEK_SET) == at ? write(fd, bytes, len) : -1;
}

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
    atomic_store(&sync_error, 0);
    atomic_store(&write_error, 0);
    fixture_end(*state);
    free(*state);
    return 0;
}

static const struct decision_want plain = {.environment = 7,
                                           .company = "FR:siren:732829320",
                                           .reference = "",
                                           .recommendation = "accept",
                                           .key = NULL};

static enum status run(struct fixture *f, struct decision_unit *d)
{
    struct error err = {.message = ""};
    return committer_run(f->committer, &d->unit, &err);
}

/* Hold the right to write, so that units pile up behind it. */
static sqlite3 *hold_writing(struct fixture *f)
{
    sqlite3 *engine = NULL;
    assert_int_equal(sqlite3_open(f->path, &engine), SQLITE_OK);
    assert_int_equal(sqlite3_busy_timeout(engine, 5000), SQLITE_OK);
    assert_int_equal(sqlite3_exec(engine, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    return engine;
}

static void let_write(sqlite3 *engine)
{
    assert_int_equal(sqlite3_exec(engine, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(engine), SQLITE_OK);
}

static atomic_int done_count;

static void count_done(struct unit *unit)
{
    (void)unit;
    atomic_fetch_add(&done_count, 1);
}

/* Units to be batched: submitted while nobody may write. */
static void submit(struct fixture *f, struct unit *unit)
{
    unit->done = count_done;
    assert_int_equal(committer_submit(f->committer, unit), STATUS_OK);
}

static void writes_rows_and_says_where_they_are_proved(void **state)
{
    struct fixture *f = *state;
    struct decision_unit d;
    struct decision_row found;
    struct error err;
    fixture_decide(f, &d, &plain);
    assert_int_equal(d.unit.outcome, UNIT_COMMITTED);
    assert_string_equal(d.unit.stream, "main");
    assert_int_equal(d.unit.epoch, 1);
    assert_int_equal(d.unit.seq, 2); /* behind epoch.opened */
    struct db *db = fixture_reader(f);
    assert_int_equal(decision_find(db, 7, &d.row.id, &found, &f->arena, &err), STATUS_OK);
    assert_true(str_eq(found.payload, d.row.payload));
    assert_string_equal(found.stream, "main");
    assert_int_equal(found.seq, 2);
    db_close(db);
}

static void refuses_the_second_unit_of_a_claim(void **state)
{
    struct fixture *f = *state;
    struct decision_unit first, second;
    struct decision_want want = plain;
    struct decision_row found;
    struct error err;
    want.key = "po-1";
    fixture_decide(f, &first, &want);
    decision_unit_make(&second, f, &want);
    assert_int_equal(run(f, &second), STATUS_CONFLICT);
    assert_int_equal(second.unit.outcome, UNIT_REFUSED);
    assert_int_equal(second.unit.refused, 0);
    struct db *db = fixture_reader(f);
    assert_int_equal(decision_find(db, 7, &second.row.id, &found, &f->arena, &err),
                     STATUS_NOT_FOUND);
    struct claim claim = second.claim;
    assert_int_equal(idempotency_find(db, &claim, &err), STATUS_OK);
    assert_memory_equal(claim.object.bytes, first.row.id.bytes, ID_LEN);
    db_close(db);
}

static void lets_the_first_of_two_units_in_a_batch_win(void **state)
{
    struct fixture *f = *state;
    static struct decision_unit units[40];
    struct decision_want want = plain;
    want.key = "po-2";
    atomic_store(&done_count, 0);
    sqlite3 *engine = hold_writing(f);
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        decision_unit_make(&units[i], f, &want);
        submit(f, &units[i].unit);
    }
    let_write(engine);
    fixture_stop(f);
    assert_int_equal(atomic_load(&done_count), ARRAY_LEN(units));
    assert_int_equal(units[0].unit.outcome, UNIT_COMMITTED);
    for (size_t i = 1; i < ARRAY_LEN(units); i++) {
        assert_int_equal(units[i].unit.outcome, UNIT_REFUSED);
    }
}

/* A unit that claims "fresh" and then "held". */
static void make_with_two_claims(struct decision_unit *d, struct fixture *f, struct claim *second,
                                 struct claim_values *values)
{
    struct decision_want want = plain;
    want.key = "fresh";
    decision_unit_make(d, f, &want);
    *second = d->claim;
    second->key = STR("held");
    idempotency_claim(&d->unit, second, values);
}

static void takes_back_a_claim_whose_unit_is_refused_later(void **state)
{
    struct fixture *f = *state;
    struct decision_unit d, next;
    struct decision_want want = plain;
    struct claim second;
    struct claim_values values;
    want.key = "held";
    fixture_decide(f, &d, &want);
    make_with_two_claims(&d, f, &second, &values);
    assert_int_equal(run(f, &d), STATUS_CONFLICT);
    assert_int_equal(d.unit.refused, 1);
    want.key = "fresh";
    decision_unit_make(&next, f, &want);
    assert_int_equal(run(f, &next), STATUS_OK);
}

static void takes_it_back_inside_a_batch_too(void **state)
{
    struct fixture *f = *state;
    static struct decision_unit units[20];
    struct decision_want want = plain;
    struct claim second;
    struct claim_values values;
    atomic_store(&done_count, 0);
    want.key = "held";
    fixture_decide(f, &units[0], &want);
    sqlite3 *engine = hold_writing(f);
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        want.key = i == 11 ? "fresh" : NULL;
        decision_unit_make(&units[i], f, &want);
        if (i == 10) {
            make_with_two_claims(&units[i], f, &second, &values);
        }
        submit(f, &units[i].unit);
    }
    let_write(engine);
    fixture_stop(f);
    assert_int_equal(atomic_load(&done_count), ARRAY_LEN(units));
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        assert_int_equal(units[i].unit.outcome, i == 10 ? UNIT_REFUSED : UNIT_COMMITTED);
    }
}

static void leaves_the_poisonous_unit_out_and_keeps_the_others(void **state)
{
    struct fixture *f = *state;
    static struct decision_unit units[5];
    struct verify_report report;
    atomic_store(&done_count, 0);
    sqlite3 *engine = hold_writing(f);
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        decision_unit_make(&units[i], f, &plain);
        if (i == 2) { /* the id of another: the unique index will not have it */
            units[i].values.values[1] = units[1].values.values[1];
        }
        submit(f, &units[i].unit);
    }
    let_write(engine);
    fixture_stop(f);
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        assert_int_equal(units[i].unit.outcome, i == 2 ? UNIT_POISONED : UNIT_COMMITTED);
    }
    assert_true(strlen(units[2].unit.error.message) > 0);
    fixture_verify(f, &report);
    assert_true(report.is_valid);
    assert_int_equal(report.entries, 5); /* epoch.opened and four */
}

static void counts_what_waits_to_its_limit_and_not_one_more(void **state)
{
    struct fixture *f = *state;
    struct unit *units = calloc(COMMIT_QUEUE_MAX + 1, sizeof *units);
    atomic_store(&done_count, 0);
    sqlite3 *engine = hold_writing(f);
    for (size_t i = 0; i < COMMIT_QUEUE_MAX; i++) {
        submit(f, &units[i]);
    }
    units[COMMIT_QUEUE_MAX].done = count_done;
    assert_int_equal(committer_submit(f->committer, &units[COMMIT_QUEUE_MAX]), STATUS_BUSY);
    assert_int_equal(committer_figures(f->committer).queued, COMMIT_QUEUE_MAX);
    let_write(engine);
    fixture_stop(f);
    assert_int_equal(atomic_load(&done_count), COMMIT_QUEUE_MAX);
    free(units);
}

static void stops_writing_when_a_commit_ends_unknown(void **state)
{
    struct fixture *f = *state;
    struct decision_unit d;
    struct error err;
    fixture_decide(f, &d, &plain);
    atomic_store(&sync_error, EIO);
    decision_unit_make(&d, f, &plain);
    assert_int_equal(run(f, &d), STATUS_BUSY);
    assert_int_equal(d.unit.outcome, UNIT_UNKNOWN);
    assert_false(committer_is_healthy(f->committer));
    atomic_store(&sync_error, 0); /* the disk says it is well again: it is not to be believed */
    decision_unit_make(&d, f, &plain);
    assert_int_equal(run(f, &d), STATUS_BUSY);
    assert_false(committer_is_healthy(f->committer));
    fixture_stop(f);
    fixture_start(f); /* a restart reads the truth from the disk */
    assert_int_equal(run(f, &d), STATUS_OK);
    struct db *db = fixture_reader(f);
    struct verify_report report;
    assert_int_equal(audit_verify_db(db, NULL, NULL, &report, &err), STATUS_OK);
    assert_true(report.is_valid);
    db_close(db);
}

/* The connection itself, without the thread that would stop for it. */
static void does_not_believe_a_disk_that_failed_once(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct db *db;
    struct db_call call = {.statement = STATEMENT_WRITER_PROBE};
    fixture_stop(f);
    assert_int_equal(db_open(&db, f->path, DB_WRITER, &err), STATUS_OK);
    assert_int_equal(db_begin(db, &err), STATUS_OK);
    assert_int_equal(db_execute(db, &call, 1, NULL, &err), STATUS_OK);
    atomic_store(&sync_error, EIO);
    assert_int_equal(db_commit(db, &err), STATUS_IO);
    db_rollback(db);
    atomic_store(&sync_error, 0);
    assert_int_equal(db_begin(db, &err), STATUS_IO);
    assert_int_equal(db_execute(db, &call, 1, NULL, &err), STATUS_IO);
    db_close(db);
}

static void goes_on_when_a_full_disk_has_room_again(void **state)
{
    static const int errors[] = {ENOSPC, EDQUOT, EIO};
    struct fixture *f = *state;
    struct decision_unit d;
    for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
        atomic_store(&write_error, errors[i]);
        decision_unit_make(&d, f, &plain);
        assert_int_equal(run(f, &d), STATUS_BUSY);
        assert_int_equal(d.unit.outcome, UNIT_UNKNOWN);
        assert_false(committer_is_healthy(f->committer));
        atomic_store(&write_error, 0);
        decision_unit_make(&d, f, &plain);
        assert_int_equal(run(f, &d), STATUS_OK);
        assert_true(committer_is_healthy(f->committer));
    }
}

static void finds_out_alone_that_a_full_disk_has_room_again(void **state)
{
    struct fixture *f = *state;
    struct decision_unit d;
    const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
    atomic_store(&write_error, ENOSPC);
    decision_unit_make(&d, f, &plain);
    assert_int_equal(run(f, &d), STATUS_BUSY);
    atomic_store(&write_error, 0);
    uint64_t until_us = steady_now_us() + 5 * 1000 * 1000;
    while (!committer_is_healthy(f->committer) && steady_now_us() < until_us) {
        (void)nanosleep(&pause, NULL);
    }
    assert_true(committer_is_healthy(f->committer));
}

static void opens_an_epoch_at_each_start(void **state)
{
    struct fixture *f = *state;
    struct decision_unit d;
    struct verify_report report;
    for (uint64_t epoch = 1; epoch <= 3; epoch++) {
        fixture_decide(f, &d, &plain);
        assert_int_equal(d.unit.epoch, epoch);
        assert_int_equal(d.unit.seq, 2);
        fixture_stop(f);
        fixture_start(f);
    }
    fixture_verify(f, &report);
    assert_true(report.is_valid);
    assert_int_equal(report.entries, 7);
    assert_int_equal(report.unsigned_tail, 0);
}

static void does_not_let_two_write_one_stream(void **state)
{
    struct fixture *f = *state;
    struct committer *second = NULL;
    struct error err;
    struct committer_config config = {
        .where = f->path, .stream = "main", .clock = wallclock_fixed(&f->now_ms)};
    assert_int_equal(committer_start(&second, &config, &err), STATUS_CONFLICT);
    config.stream = "operator"; /* another stream beside it is welcome */
    assert_int_equal(committer_start(&second, &config, &err), STATUS_OK);
    struct decision_unit d, e;
    decision_unit_make(&d, f, &plain);
    assert_int_equal(committer_run(second, &d.unit, &err), STATUS_OK);
    assert_string_equal(d.unit.stream, "operator");
    fixture_decide(f, &e, &plain);
    committer_stop(second);
    struct verify_report report;
    fixture_verify(f, &report);
    assert_true(report.is_valid);
    assert_int_equal(report.entries, 4);
}

static void refuses_a_stream_without_a_name_it_can_write(void **state)
{
    static const char *const names[] = {"", "Main", "a b", "../x",
                                        "0123456789012345678901234567890123456789"};
    struct fixture *f = *state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct committer *second = NULL;
        struct error err;
        struct committer_config config = {
            .where = f->path, .stream = names[i], .clock = wallclock_fixed(&f->now_ms)};
        assert_int_equal(committer_start(&second, &config, &err), STATUS_INVALID);
    }
}

static void signs_when_asked_and_at_the_latest_after_a_minute(void **state)
{
    struct fixture *f = *state;
    struct decision_unit d;
    struct verify_report report;
    fixture_decide(f, &d, &plain);
    fixture_verify(f, &report);
    assert_int_equal(report.unsigned_tail, 1);
    f->now_ms += CHECKPOINT_MS;
    fixture_decide(f, &d, &plain);
    fixture_verify(f, &report);
    assert_int_equal(report.unsigned_tail, 0);
    fixture_decide(f, &d, &plain);
    committer_checkpoint(f->committer);
    fixture_stop(f);
    fixture_verify(f, &report);
    assert_int_equal(report.unsigned_tail, 0);
    assert_true(report.is_valid);
}

static void signs_a_thousand_entries_at_most_at_once(void **state)
{
    struct fixture *f = *state;
    struct unit *units = calloc(3000, sizeof *units);
    struct verify_report report;
    atomic_store(&done_count, 0);
    sqlite3 *engine = hold_writing(f);
    for (size_t i = 0; i < 3000; i++) {
        units[i].entry_count = 1 + i % 2;
        units[i].entries[0] = (struct audit_draft){
            .kind = AUDIT_DECISION_READ, .environment = 7, .payload = STR("{}")};
        units[i].entries[1] = units[i].entries[0];
        submit(f, &units[i]);
    }
    let_write(engine);
    fixture_stop(f);
    assert_int_equal(atomic_load(&done_count), 3000);
    fixture_verify(f, &report);
    assert_true(report.is_valid);
    assert_int_equal(report.entries, 4501);
    assert_in_range(report.checkpoints, 5, 8);
    assert_int_equal(report.unsigned_tail, 0);
    free(units);
}

static void wants_the_key_back_that_signed_before(void **state)
{
    struct fixture *f = *state;
    char path[FIXTURE_PATH_SIZE + 64];
    struct error err = {.message = ""};
    struct committer *second = NULL;
    struct committer_config config = {
        .where = f->path, .stream = "main", .clock = wallclock_fixed(&f->now_ms)};
    fixture_stop(f);
    (void)snprintf(path, sizeof path, "%s.audit-key", f->path);
    FILE *key = fopen(path, "r+");
    assert_non_null(key);
    assert_int_equal(fchmod(fileno(key), 0640), 0);
    assert_int_equal(committer_start(&second, &config, &err), STATUS_CONFLICT);
    assert_non_null(strstr(err.message, "chmod 600"));
    assert_int_equal(fchmod(fileno(key), 0600), 0);
    assert_int_equal(fputc('X', key), 'X');
    assert_int_equal(fclose(key), 0);
    assert_int_equal(committer_start(&second, &config, &err), STATUS_CONFLICT);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(committer_start(&second, &config, &err), STATUS_CONFLICT);
    assert_non_null(strstr(err.message, "restore it"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(writes_rows_and_says_where_they_are_proved),
        TEST(refuses_the_second_unit_of_a_claim),
        TEST(lets_the_first_of_two_units_in_a_batch_win),
        TEST(takes_back_a_claim_whose_unit_is_refused_later),
        TEST(takes_it_back_inside_a_batch_too),
        TEST(leaves_the_poisonous_unit_out_and_keeps_the_others),
        TEST(counts_what_waits_to_its_limit_and_not_one_more),
        TEST(stops_writing_when_a_commit_ends_unknown),
        TEST(does_not_believe_a_disk_that_failed_once),
        TEST(goes_on_when_a_full_disk_has_room_again),
        TEST(finds_out_alone_that_a_full_disk_has_room_again),
        TEST(opens_an_epoch_at_each_start),
        TEST(does_not_let_two_write_one_stream),
        TEST(refuses_a_stream_without_a_name_it_can_write),
        TEST(signs_when_asked_and_at_the_latest_after_a_minute),
        TEST(signs_a_thousand_entries_at_most_at_once),
        TEST(wants_the_key_back_that_signed_before),
    };
    return cmocka_run_group_tests_name("committer", tests, NULL, NULL);
}
