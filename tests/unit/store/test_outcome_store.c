/* test_outcome_store.c - outcomes are there once, are corrected once, and are proved. */
#include "store/outcome_store.h"

#include "../expect.h"
#include "store_fixture.h"

#include <stdlib.h>

enum { ROWS_MAX = OUTCOMES_MAX + 1, PAYLOAD_MAX = 1024 * 1024 };

static const struct outcome_row usual = {
    .environment = 7,
    .company_key = {"FR:siren:732829320", 18},
    .type = {"default",            7 },
    .definition = {"dpd90",              5 },
    .observed_on = {"2025-06-01",         10},
    .amount = {"12.50 EUR",          9 },
    .source = {"ledger",             6 }
};

/* A unit of rows with what it borrows. */
struct report {
    struct unit unit;
    uint32_t count;
    struct outcome_row rows[ROWS_MAX];
    struct outcome_values values[ROWS_MAX];
    struct db_call calls[ROWS_MAX];
    struct buf payload;
};

struct shelf {
    struct fixture f;
    struct report report;
};

static int setup(void **state)
{
    struct shelf *s = calloc(1, sizeof *s);
    fixture_begin(&s->f);
    fixture_start(&s->f);
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    struct shelf *s = *state;
    buf_finish(&s->report.payload);
    fixture_end(&s->f);
    free(s);
    return 0;
}

static void report_begin(struct shelf *s)
{
    buf_finish(&s->report.payload);
    s->report.unit = (struct unit){0};
    s->report.count = 0;
    buf_init(&s->report.payload, PAYLOAD_MAX);
}

static struct outcome_row *report_add(struct shelf *s, const struct outcome_row *row)
{
    struct outcome_row *added = &s->report.rows[s->report.count++];
    *added = *row;
    added->id = id_make(&s->f.ids, s->f.now_ms);
    added->recorded_ms = s->f.now_ms;
    added->fingerprint = outcome_fingerprint(added);
    return added;
}

static enum unit_outcome report_run(struct shelf *s)
{
    struct error err;
    struct report *r = &s->report;
    outcomes_payload(&r->payload, r->rows, r->count);
    outcomes_insert(&r->unit, r->rows, r->count, r->values, r->calls, &r->payload);
    enum status status = committer_run(s->f.committer, &r->unit, &err);
    assert_int_equal(status == STATUS_OK, r->unit.outcome == UNIT_COMMITTED);
    return r->unit.outcome;
}

static struct id record(struct shelf *s, const struct outcome_row *row)
{
    report_begin(s);
    struct id id = report_add(s, row)->id;
    assert_int_equal(report_run(s), UNIT_COMMITTED);
    return id;
}

static bool is_valid(struct shelf *s)
{
    struct verify_report report;
    fixture_verify(&s->f, &report);
    return report.is_valid;
}

static void reads_back_what_was_written(void **state)
{
    struct shelf *s = *state;
    struct error err;
    struct outcome_row row, same;
    struct id id = record(s, &usual);
    struct digest fingerprint = outcome_fingerprint(&usual);
    struct db *db = fixture_reader(&s->f);
    assert_int_equal(outcome_find(db, 7, &id, &row, &s->f.arena, &err), STATUS_OK);
    assert_text(row.company_key, "FR:siren:732829320");
    assert_text(row.type, "default");
    assert_text(row.definition, "dpd90");
    assert_text(row.observed_on, "2025-06-01");
    assert_text(row.amount, "12.50 EUR");
    assert_text(row.source, "ledger");
    assert_text(row.client_reference, "");
    assert_false(row.has_decision);
    assert_false(row.is_superseded);
    assert_int_equal(row.seq, s->report.unit.seq);
    assert_int_equal(outcome_find_same(db, 7, &fingerprint, &same, &s->f.arena, &err), STATUS_OK);
    assert_memory_equal(same.id.bytes, id.bytes, ID_LEN);
    db_close(db);
    assert_true(is_valid(s));
}

static void does_not_find_another_environments(void **state)
{
    struct shelf *s = *state;
    struct error err;
    struct outcome_row row;
    struct id id = record(s, &usual);
    struct digest fingerprint = outcome_fingerprint(&usual);
    struct db *db = fixture_reader(&s->f);
    assert_int_equal(outcome_find(db, 8, &id, &row, &s->f.arena, &err), STATUS_NOT_FOUND);
    assert_int_equal(outcome_find_same(db, 8, &fingerprint, &row, &s->f.arena, &err),
                     STATUS_NOT_FOUND);
    db_close(db);
}

static void a_fingerprint_is_of_everything_said(void **state)
{
    (void)state;
    struct digest first = outcome_fingerprint(&usual);
    struct outcome_row rows[9];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        rows[i] = usual;
    }
    rows[0].company_key = STR("FR:siren:552100554");
    rows[1].type = STR("repaid");
    rows[2].definition = STR("dpd60");
    rows[3].observed_on = STR("2025-06-02");
    rows[4].amount = STR("12.51 EUR");
    rows[5].source = STR("bodacc");
    rows[6].client_reference = STR("x");
    rows[7].has_decision = true;
    rows[8].has_supersedes = true;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct digest other = outcome_fingerprint(&rows[i]);
        assert_false(digest_eq(&first, &other));
    }
    struct outcome_row later = usual;
    later.recorded_ms = 7;
    later.id.bytes[0] = 7;
    struct digest again = outcome_fingerprint(&later);
    assert_true(digest_eq(&first, &again));
}

static void the_same_twice_is_refused_whole(void **state)
{
    struct shelf *s = *state;
    struct error err;
    struct outcome_row row, other = usual;
    (void)record(s, &usual);
    other.source = STR("bodacc");
    report_begin(s);
    struct id id = report_add(s, &other)->id;
    (void)report_add(s, &usual);
    assert_int_equal(report_run(s), UNIT_POISONED);
    struct db *db = fixture_reader(&s->f);
    assert_int_equal(outcome_find(db, 7, &id, &row, &s->f.arena, &err), STATUS_NOT_FOUND);
    db_close(db);
    other.environment = 8; /* of another environment it is another */
    (void)record(s, &other);
    assert_true(is_valid(s));
}

static void one_correction_takes_the_place(void **state)
{
    struct shelf *s = *state;
    struct error err;
    struct outcome_row row, correction = usual;
    struct id old = record(s, &usual);
    correction.type = STR("repaid");
    correction.has_supersedes = true;
    correction.supersedes = old;
    struct id new = record(s, &correction);
    struct db *db = fixture_reader(&s->f);
    assert_int_equal(outcome_find(db, 7, &old, &row, &s->f.arena, &err), STATUS_OK);
    assert_true(row.is_superseded);
    assert_memory_equal(row.superseded_by.bytes, new.bytes, ID_LEN);
    db_close(db);
    correction.type = STR("partial");
    report_begin(s);
    (void)report_add(s, &correction);
    assert_int_equal(report_run(s), UNIT_POISONED);
}

/* What outcomes_of_decision tells, as "type type ". */
struct telling {
    char text[256];
};

static void tell(void *context, const struct outcome_report *report)
{
    struct telling *telling = context;
    (void)strncat(telling->text, report->type.ptr, report->type.len);
    (void)strncat(telling->text, " ", 2);
}

static void expect_of(struct shelf *s, int64_t environment, const char *company,
                      const struct id *decision, int64_t known_ms, const char *want)
{
    struct error err;
    struct telling telling = {""};
    struct db *db = fixture_reader(&s->f);
    assert_int_equal(outcomes_of_decision(db, environment, str_from(company), decision, known_ms,
                                          tell, &telling, &err),
                     STATUS_OK);
    assert_string_equal(telling.text, want);
    db_close(db);
}

static void tells_what_was_known_at_a_time(void **state)
{
    struct shelf *s = *state;
    static const char company[] = "FR:siren:732829320";
    struct outcome_row row = usual;
    struct id mine = id_make(&s->f.ids, s->f.now_ms), other = id_make(&s->f.ids, s->f.now_ms);
    int64_t begin = s->f.now_ms;
    struct id first = record(s, &usual);
    s->f.now_ms += 10;
    row.type = STR("retracted");
    row.has_supersedes = true;
    row.supersedes = first;
    (void)record(s, &row);
    s->f.now_ms += 10;
    row = usual;
    row.type = STR("repaid");
    row.has_decision = true;
    row.decision = mine;
    (void)record(s, &row);
    expect_of(s, 7, company, &mine, begin - 1, "");
    expect_of(s, 7, company, &mine, begin, "default ");
    expect_of(s, 7, company, &mine, begin + 9, "default ");
    expect_of(s, 7, company, &mine, begin + 10, "retracted ");
    expect_of(s, 7, company, &mine, begin + 20, "retracted repaid ");
    expect_of(s, 7, company, &other, begin + 20, "retracted ");
    expect_of(s, 7, "", &mine, begin + 20, "repaid ");
    expect_of(s, 7, "", &other, begin + 20, "");
    expect_of(s, 7, "FR:siren:552100554", &other, begin + 20, "");
    expect_of(s, 8, company, &mine, begin + 20, "");
}

static void pages_run_from_the_newest(void **state)
{
    struct shelf *s = *state;
    struct error err;
    struct outcome_row rows[8];
    struct outcome_filter filter = {.limit = 2};
    uint32_t count;
    bool has_more;
    char reference[8];
    struct id ids[5];
    for (int i = 0; i < 5; i++) {
        struct outcome_row row = usual;
        (void)snprintf(reference, sizeof reference, "r%d", i);
        row.client_reference = str_from(reference);
        row.company_key = i % 2 == 0 ? usual.company_key : STR("FR:siren:552100554");
        row.type = i < 3 ? STR("repaid") : STR("default");
        ids[i] = record(s, &row);
    }
    struct db *db = fixture_reader(&s->f);
    for (int from = 4; from >= 0; from -= 2) {
        assert_int_equal(outcome_list(db, 7, &filter, rows, &count, &has_more, &s->f.arena, &err),
                         STATUS_OK);
        assert_int_equal(count, from == 0 ? 1 : 2);
        assert_int_equal(has_more, from > 0);
        assert_memory_equal(rows[0].id.bytes, ids[from].bytes, ID_LEN);
        filter.has_after = true;
        filter.after = rows[count - 1].id;
    }
    filter = (struct outcome_filter){.limit = 7, .company_key = STR("FR:siren:552100554")};
    assert_int_equal(outcome_list(db, 7, &filter, rows, &count, &has_more, &s->f.arena, &err),
                     STATUS_OK);
    assert_int_equal(count, 2);
    filter = (struct outcome_filter){.limit = 7, .type = STR("default")};
    assert_int_equal(outcome_list(db, 7, &filter, rows, &count, &has_more, &s->f.arena, &err),
                     STATUS_OK);
    assert_int_equal(count, 2);
    assert_int_equal(outcome_list(db, 8, &filter, rows, &count, &has_more, &s->f.arena, &err),
                     STATUS_OK);
    assert_int_equal(count, 0);
    db_close(db);
}

static void takes_as_many_as_it_says(void **state)
{
    struct shelf *s = *state;
    static char references[OUTCOMES_MAX][8];
    report_begin(s);
    for (int i = 0; i < OUTCOMES_MAX; i++) {
        struct outcome_row row = usual;
        (void)snprintf(references[i], sizeof references[i], "r%d", i);
        row.client_reference = str_from(references[i]);
        (void)report_add(s, &row);
    }
    assert_int_equal(report_run(s), UNIT_COMMITTED);
    assert_true(is_valid(s));
}

static void one_too_many(void)
{
    static struct shelf s;
    s.report.count = OUTCOMES_MAX + 1;
    outcomes_insert(&s.report.unit, s.report.rows, s.report.count, s.report.values, s.report.calls,
                    &s.report.payload);
}

static void takes_no_more(void **state)
{
    (void)state;
    assert_dies(one_too_many);
}

static void tampering_is_found(void **state)
{
    struct shelf *s = *state;
    static const char *const edits[] = {
        "UPDATE outcome SET type = 'repaid'",
        "UPDATE outcome SET observed_on = '2025-06-02'",
        "UPDATE outcome SET company_key = 'FR:siren:552100554'",
        "UPDATE outcome SET amount = ''",
        "UPDATE outcome SET definition = ''",
        "UPDATE outcome SET environment = 8",
        "UPDATE outcome SET recorded_ms = recorded_ms + 1",
        "UPDATE outcome SET seq = seq - 1",
        "UPDATE outcome SET supersedes = zeroblob(16)",
        "UPDATE outcome SET stream = 'operator'",
        "DELETE FROM outcome",
        "INSERT INTO outcome SELECT environment, zeroblob(16), recorded_ms, company_key, decision, "
        "type, definition, observed_on, amount, source, client_reference, supersedes, "
        "zeroblob(32), stream, epoch, seq FROM outcome",
    };
    (void)record(s, &usual);
    fixture_stop(&s->f);
    assert_true(is_valid(s));
    assert_int_equal(fixture_tamper(&s->f, "CREATE TABLE kept AS SELECT * FROM outcome"), 0);
    for (size_t i = 0; i < ARRAY_LEN(edits); i++) {
        assert_true(fixture_tamper(&s->f, edits[i]) > 0);
        if (is_valid(s)) {
            fail_msg("not found: %s", edits[i]);
        }
        (void)fixture_tamper(&s->f, "DELETE FROM outcome");
        (void)fixture_tamper(&s->f, "INSERT INTO outcome SELECT * FROM kept");
        assert_true(is_valid(s));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_back_what_was_written),
        TEST(does_not_find_another_environments),
        TEST(a_fingerprint_is_of_everything_said),
        TEST(the_same_twice_is_refused_whole),
        TEST(one_correction_takes_the_place),
        TEST(tells_what_was_known_at_a_time),
        TEST(pages_run_from_the_newest),
        TEST(takes_as_many_as_it_says),
        TEST(takes_no_more),
        TEST(tampering_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
