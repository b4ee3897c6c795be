/* test_shadow_store.c - opinions beside decisions, by decision and by challenger. */
#include "store/shadow_store.h"

#include "../expect.h"
#include "store_fixture.h"

#include <stdio.h>
#include <stdlib.h>

enum { OURS = 7, THEIRS = 9 };

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

static const struct shadow_opinion none = {
    -1, -1, {"", 0},
      {"", 0}
};

static struct shadow_row row_of(const struct decision_unit *d, const char *challenger,
                                struct shadow_opinion said)
{
    return (struct shadow_row){
        .environment = d->row.environment,
        .decision = d->row.id,
        .challenger = digest_of(str_from(challenger)),
        .champion = digest_of(STR("champion")),
        .created_ms = d->row.created_ms,
        .outcome = said.pd_ppm < 0 ? STR("unavailable") : STR("scored"),
        .said = said,
        .decided = {21300, 593, STR("D1"), STR("refer")}
    };
}

/* A decision with two challengers beside it, in one unit. */
static struct id decide(struct fixture *f, int64_t environment)
{
    struct decision_unit d;
    struct shadow_values values[2];
    struct error err = {.message = ""};
    const struct decision_want want = {
        .environment = environment, .company = "", .reference = "", .recommendation = "refer"};
    decision_unit_make(&d, f, &want);
    struct shadow_row rows[] = {
        row_of(&d, "one", (struct shadow_opinion){0, 0, STR("A1"), STR("accept")}),
        row_of(&d, "two", none)};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        shadow_insert(&d.unit, &rows[i], &values[i]);
    }
    assert_int_equal(committer_run(f->committer, &d.unit, &err), STATUS_OK);
    return d.row.id;
}

struct seen {
    unsigned count, silent;
    struct id first;
};

static bool each_row(void *context, const struct shadow_row *row)
{
    struct seen *seen = context;
    if (seen->count++ == 0) {
        seen->first = row->decision;
    }
    assert_text(row->decided.grade, "D1");
    assert_int_equal(row->decided.pd_ppm, 21300);
    if (row->said.pd_ppm < 0) {
        seen->silent++;
        assert_text(row->outcome, "unavailable");
        assert_int_equal(row->said.score, -1);
        assert_int_equal(row->said.grade.len, 0);
    } else {
        assert_int_equal(row->said.pd_ppm, 0); /* none is not nothing */
        assert_text(row->said.recommendation, "accept");
    }
    return true;
}

static void tells_what_was_said_of_one_decision(void **state)
{
    struct fixture *f = *state;
    struct error err;
    struct id ours = decide(f, OURS);
    (void)decide(f, OURS);
    struct db *db = fixture_reader(f);
    struct seen seen = {0};
    assert_int_equal(shadow_of_decision(db, OURS, &ours, each_row, &seen, &err), STATUS_OK);
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.silent, 1);
    /* Nobody else's. */
    seen = (struct seen){0};
    assert_int_equal(shadow_of_decision(db, THEIRS, &ours, each_row, &seen, &err), STATUS_OK);
    assert_int_equal(seen.count, 0);
    db_close(db);
}

static void scans_one_challenger_over_a_span_of_time(void **state)
{
    struct fixture *f = *state;
    struct error err;
    const int64_t start_ms = f->now_ms;
    struct id ids[5];
    for (size_t i = 0; i < ARRAY_LEN(ids); i++, f->now_ms += 1000) {
        ids[i] = decide(f, OURS);
        (void)decide(f, THEIRS);
    }
    const struct {
        int64_t from_ms, before_ms;
        unsigned count;
        size_t first;
    } spans[] = {
        {0,               0,               5, 0},
        {start_ms + 1000, 0,               4, 1},
        {start_ms + 1001, 0,               3, 2},
        {0,               start_ms + 4000, 4, 0},
        {0,               start_ms + 4001, 5, 0},
        {start_ms + 2000, start_ms + 3000, 1, 2},
        {start_ms + 2000, start_ms + 2000, 0, 0},
        {start_ms + 5000, 0,               0, 0},
    };
    struct digest one = digest_of(STR("one")), nobody = digest_of(STR("nobody"));
    struct db *db = fixture_reader(f);
    for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
        struct seen seen = {0};
        assert_int_equal(shadow_scan(db, OURS, &one, spans[i].from_ms, spans[i].before_ms, each_row,
                                     &seen, &err),
                         STATUS_OK);
        assert_int_equal(seen.count, spans[i].count);
        if (seen.count > 0) {
            assert_memory_equal(seen.first.bytes, ids[spans[i].first].bytes, ID_LEN);
        }
    }
    struct seen seen = {0};
    assert_int_equal(shadow_scan(db, OURS, &nobody, 0, 0, each_row, &seen, &err), STATUS_OK);
    assert_int_equal(seen.count, 0);
    db_close(db);
}

static void is_written_with_the_decision_or_not_at_all(void **state)
{
    struct fixture *f = *state;
    struct decision_unit d;
    struct shadow_values values[2];
    struct error err;
    const struct decision_want want = {
        .environment = OURS, .company = "", .reference = "", .recommendation = "refer"};
    decision_unit_make(&d, f, &want);
    struct shadow_row row = row_of(&d, "one", none);
    shadow_insert(&d.unit, &row, &values[0]);
    shadow_insert(&d.unit, &row, &values[1]); /* the same row twice: the engine takes neither */
    assert_int_not_equal(committer_run(f->committer, &d.unit, &err), STATUS_OK);
    assert_int_equal(d.unit.outcome, UNIT_POISONED);
    struct db *db = fixture_reader(f);
    struct seen seen = {0};
    struct decision_row found;
    assert_int_equal(shadow_of_decision(db, OURS, &d.row.id, each_row, &seen, &err), STATUS_OK);
    assert_int_equal(seen.count, 0);
    assert_int_equal(decision_find(db, OURS, &d.row.id, &found, &f->arena, &err), STATUS_NOT_FOUND);
    db_close(db);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(tells_what_was_said_of_one_decision),
        TEST(scans_one_challenger_over_a_span_of_time),
        TEST(is_written_with_the_decision_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
