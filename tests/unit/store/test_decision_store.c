/* test_decision_store.c - finding and listing; one environment never sees another's. */
#include "../expect.h"
#include "store_fixture.h"

#include <stdlib.h>

enum { DECISIONS = 24, ROWS = 32 };

struct shelf {
    struct fixture f;
    struct db *db;
    struct decision_unit units[DECISIONS]; /* of environment 7, oldest first */
    struct decision_unit other;            /* of environment 9, looking the same */
};

static const char *const companies[] = {"FR:siren:732829320", "FR:siren:552100554", ""};
static const char *const words[] = {"accept", "decline", "refer", ""};

/* Two decisions a millisecond. */
static int setup(void **state)
{
    struct shelf *s = calloc(1, sizeof *s);
    fixture_begin(&s->f);
    fixture_start(&s->f);
    /* Three stretches of time to look words up in, and one of another environment. */
    assert_int_equal(fixture_tamper(&s->f, "INSERT INTO decision_bucket VALUES (7, 1763800000002), "
                                           "(7, 1763800000003), (7, 1763800000007), "
                                           "(9, 1763800000005)"),
                     4);
    for (size_t i = 0; i < DECISIONS; i++) {
        struct decision_want want = {.environment = 7,
                                     .company = companies[i % ARRAY_LEN(companies)],
                                     .reference = i % 6 == 0 ? "ERP-1" : "",
                                     .recommendation = words[i % ARRAY_LEN(words)]};
        fixture_decide(&s->f, &s->units[i], &want);
        s->f.now_ms += (int64_t)(i % 2);
    }
    fixture_decide(&s->f, &s->other,
                   &(struct decision_want){.environment = 9,
                                           .company = companies[0],
                                           .reference = "ERP-1",
                                           .recommendation = words[0]});
    s->db = fixture_reader(&s->f);
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    struct shelf *s = *state;
    db_close(s->db);
    fixture_end(&s->f);
    free(s);
    return 0;
}

static void finds_what_was_written(void **state)
{
    struct shelf *s = *state;
    struct error err;
    for (size_t i = 0; i < DECISIONS; i++) {
        struct decision_row row;
        const struct decision_row *want = &s->units[i].row;
        assert_int_equal(decision_find(s->db, 7, &want->id, &row, &s->f.arena, &err), STATUS_OK);
        assert_int_equal(row.environment, 7);
        assert_int_equal(row.created_ms, want->created_ms);
        assert_true(str_eq(row.company_key, want->company_key));
        assert_true(str_eq(row.client_reference, want->client_reference));
        assert_true(str_eq(row.recommendation, want->recommendation));
        assert_true(str_eq(row.payload, want->payload));
        assert_memory_equal(row.salt, want->salt, SALT_LEN);
        assert_int_equal(row.seq, s->units[i].unit.seq);
    }
}

static void does_not_find_another_environments(void **state)
{
    struct shelf *s = *state;
    struct error err;
    struct decision_row row;
    const struct id unknown = {{1}};
    assert_int_equal(decision_find(s->db, 7, &s->other.row.id, &row, &s->f.arena, &err),
                     STATUS_NOT_FOUND);
    assert_int_equal(decision_find(s->db, 9, &s->units[0].row.id, &row, &s->f.arena, &err),
                     STATUS_NOT_FOUND);
    assert_int_equal(decision_find(s->db, 7, &unknown, &row, &s->f.arena, &err), STATUS_NOT_FOUND);
    assert_int_equal(decision_find(s->db, 9, &s->other.row.id, &row, &s->f.arena, &err), STATUS_OK);
}

static void says_when_memory_is_out(void **state)
{
    struct shelf *s = *state;
    struct error err;
    struct decision_row row;
    struct arena small;
    arena_init(&small, 64);
    assert_int_equal(decision_find(s->db, 7, &s->units[0].row.id, &row, &small, &err),
                     STATUS_TOO_LARGE);
    arena_finish(&small);
}

/* Does row i pass the filter? */
static bool passes(const struct shelf *s, size_t i, const struct decision_filter *filter)
{
    const struct decision_row *row = &s->units[i].row;
    return (filter->company_key.len == 0 || str_eq(row->company_key, filter->company_key)) &&
           (filter->client_reference.len == 0 ||
            str_eq(row->client_reference, filter->client_reference)) &&
           (filter->recommendation.len == 0 ||
            str_eq(row->recommendation, filter->recommendation)) &&
           row->created_ms >= filter->created_from_ms &&
           (filter->created_before_ms == 0 || row->created_ms < filter->created_before_ms);
}

/* Page through and compare with what the filter means. */
static void check_pages(struct shelf *s, struct decision_filter filter)
{
    struct error err;
    struct decision_row rows[ROWS];
    uint32_t count = 0;
    bool has_more = true;
    size_t next = DECISIONS;
    while (has_more) {
        assert_int_equal(
            decision_list(s->db, 7, &filter, rows, &count, &has_more, &s->f.arena, &err),
            STATUS_OK);
        assert_true(count <= filter.limit);
        assert_true(!has_more || count == filter.limit);
        for (uint32_t i = 0; i < count; i++) {
            do {
                assert_true(next > 0);
                next--;
            } while (!passes(s, next, &filter));
            assert_memory_equal(rows[i].id.bytes, s->units[next].row.id.bytes, ID_LEN);
            assert_true(str_eq(rows[i].payload, s->units[next].row.payload));
        }
        if (count > 0) {
            filter.after = rows[count - 1].id;
        }
    }
    while (next > 0) {
        assert_false(passes(s, --next, &filter));
    }
}

static void lists_newest_first_page_by_page_under_every_filter(void **state)
{
    struct shelf *s = *state;
    static const char *const references[] = {"", "ERP-1", "ERP-2"};
    const int64_t times[][2] = {
        {0,                  0                 },
        {FIXTURE_NOW_MS + 4, 0                 },
        {0,                  FIXTURE_NOW_MS + 9},
        {FIXTURE_NOW_MS + 3, FIXTURE_NOW_MS + 6},
        {FIXTURE_NOW_MS + 6, FIXTURE_NOW_MS + 3}
    };
    for (size_t c = 0; c < ARRAY_LEN(companies); c++) {
        for (size_t w = 0; w < ARRAY_LEN(words); w++) {
            for (size_t r = 0; r < ARRAY_LEN(references); r++) {
                for (size_t t = 0; t < ARRAY_LEN(times); t++) {
                    check_pages(
                        s, (struct decision_filter){.company_key = str_from(companies[c]),
                                                    .client_reference = str_from(references[r]),
                                                    .recommendation = str_from(words[w]),
                                                    .created_from_ms = times[t][0],
                                                    .created_before_ms = times[t][1],
                                                    .limit = 1 + (uint32_t)(c + w + r + t) % 7});
                }
            }
        }
    }
    check_pages(s, (struct decision_filter){.limit = DECISIONS - 1});
    check_pages(s, (struct decision_filter){.limit = DECISIONS});
    check_pages(s, (struct decision_filter){.limit = DECISIONS + 1});
}

static void takes_another_environments_id_for_no_more_than_its_time(void **state)
{
    struct shelf *s = *state;
    struct error err;
    struct decision_row rows[ROWS];
    uint32_t count;
    bool has_more;
    struct decision_filter filter = {.limit = DECISIONS, .after = s->other.row.id};
    assert_int_equal(decision_list(s->db, 7, &filter, rows, &count, &has_more, &s->f.arena, &err),
                     STATUS_OK);
    assert_int_equal(count, DECISIONS);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(rows[i].environment, 7);
    }
    assert_int_equal(decision_list(s->db, 8, &filter, rows, &count, &has_more, &s->f.arena, &err),
                     STATUS_OK);
    assert_int_equal(count, 0);
    assert_false(has_more);
}

static void begins_at_the_bound_if_the_cursor_is_younger(void **state)
{
    struct shelf *s = *state;
    struct error err;
    struct decision_row rows[ROWS];
    uint32_t count;
    bool has_more;
    struct decision_filter filter = {.limit = DECISIONS,
                                     .after = s->units[DECISIONS - 1].row.id,
                                     .created_before_ms = s->units[4].row.created_ms};
    assert_int_equal(decision_list(s->db, 7, &filter, rows, &count, &has_more, &s->f.arena, &err),
                     STATUS_OK);
    assert_int_equal(count, 4);
    assert_memory_equal(rows[0].id.bytes, s->units[3].row.id.bytes, ID_LEN);
}

static void does_not_show_what_was_erased(void **state)
{
    struct shelf *s = *state;
    struct error err;
    struct decision_row rows[ROWS];
    uint32_t count;
    bool has_more;
    struct decision_filter filter = {.limit = DECISIONS - 1};
    assert_int_equal(fixture_tamper(&s->f, "UPDATE decision SET salt = NULL, payload = NULL "
                                           "WHERE environment = 7 AND seq = 2"),
                     1);
    assert_int_equal(decision_find(s->db, 7, &s->units[0].row.id, &rows[0], &s->f.arena, &err),
                     STATUS_NOT_FOUND);
    assert_int_equal(decision_list(s->db, 7, &filter, rows, &count, &has_more, &s->f.arena, &err),
                     STATUS_OK);
    assert_int_equal(count, DECISIONS - 1);
    assert_false(has_more);
}

/* The words of two may be the same by chance: the row tells. */
static void takes_no_other_company_for_the_same_word(void **state)
{
    struct shelf *s = *state;
    struct error err;
    struct decision_row rows[ROWS];
    uint32_t count;
    bool has_more;
    struct decision_filter filter = {.limit = DECISIONS, .company_key = str_from(companies[0])};
    assert_int_equal(fixture_tamper(&s->f, "UPDATE decision SET company_key = 'FR:siren:000000000' "
                                           "WHERE environment = 7 AND seq < 8"),
                     6);
    assert_int_equal(decision_list(s->db, 7, &filter, rows, &count, &has_more, &s->f.arena, &err),
                     STATUS_OK);
    assert_int_equal(count, DECISIONS / 3 - 2);
}

/* Number 5 is of the same millisecond as 4, in which a bucket starts. */
static void goes_on_within_the_cursors_millisecond(void **state)
{
    struct shelf *s = *state;
    struct error err;
    struct decision_row rows[ROWS];
    uint32_t count;
    bool has_more;
    struct decision_filter filter = {
        .limit = 1, .company_key = str_from(companies[1]), .after = s->units[5].row.id};
    assert_int_equal(decision_list(s->db, 7, &filter, rows, &count, &has_more, &s->f.arena, &err),
                     STATUS_OK);
    assert_int_equal(count, 1);
    assert_memory_equal(rows[0].id.bytes, s->units[4].row.id.bytes, ID_LEN);
    assert_true(has_more);
}

/* Insert one of a company again under an id that ends in `ending`, without committing it. */
static void insert_with_ending(struct shelf *s, struct decision_unit *d, unsigned ending)
{
    d->unit = (struct unit){0};
    d->row.id = id_make(&s->f.ids, s->f.now_ms);
    d->row.id.bytes[ID_LEN - 2] = (uint8_t)(ending >> 8 & 0xFF);
    d->row.id.bytes[ID_LEN - 1] = (uint8_t)(ending & 0xFF);
    d->row.created_ms = s->f.now_ms;
    decision_insert(&d->unit, &d->row, &d->values, &s->f.arena);
}

static void starts_a_bucket_with_one_decision_in_1024(void **state)
{
    struct shelf *s = *state;
    struct decision_unit *d = &s->other;
    unsigned starting = 0;
    for (unsigned ending = 0; ending < 4096; ending++) {
        arena_reset(&s->f.arena);
        insert_with_ending(s, d, ending);
        for (uint32_t i = 0; i < d->unit.row_count; i++) {
            starting += d->unit.rows[i].statement == STATEMENT_DECISION_BUCKET_START ? 1 : 0;
        }
    }
    assert_int_equal(starting, 4);
}

static void decide_with_ending(struct shelf *s, unsigned ending)
{
    struct error err;
    insert_with_ending(s, &s->other, ending);
    assert_int_equal(committer_run(s->f.committer, &s->other.unit, &err), STATUS_OK);
}

/* The clock is set back before the bucket starts: it starts behind the latest all the same. */
static void starts_a_bucket_behind_the_latest_decision_of_its_environment(void **state)
{
    struct shelf *s = *state;
    s->f.now_ms = FIXTURE_NOW_MS + 100;
    decide_with_ending(s, 1);
    s->f.now_ms -= 40;
    decide_with_ending(s, 1024);
    decide_with_ending(s, 2048); /* finds it started */
    s->f.now_ms += 41;
    decide_with_ending(s, 1);
    assert_int_equal(fixture_tamper(&s->f, "UPDATE decision_bucket SET start_ms = start_ms WHERE "
                                           "environment = 9 AND start_ms = 1763800000101"),
                     1);
    assert_int_equal(fixture_tamper(&s->f, "UPDATE decision_bucket SET start_ms = start_ms WHERE "
                                           "start_ms > 1763800000007"),
                     1);
    /* Words of a company and a reference: only of the last. */
    assert_int_equal(fixture_tamper(&s->f, "UPDATE decision_word SET bucket = bucket WHERE "
                                           "bucket = 1763800000101"),
                     2);
}

static void says_that_a_row_does_not_read_back(void **state)
{
    struct shelf *s = *state;
    struct error err;
    struct decision_row row;
    assert_int_equal(fixture_tamper(&s->f, "UPDATE decision SET salt = x'01' WHERE environment = 7 "
                                           "AND seq = 2"),
                     1);
    assert_int_equal(decision_find(s->db, 7, &s->units[0].row.id, &row, &s->f.arena, &err),
                     STATUS_CORRUPT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(finds_what_was_written),
        TEST(does_not_find_another_environments),
        TEST(says_when_memory_is_out),
        TEST(lists_newest_first_page_by_page_under_every_filter),
        TEST(takes_another_environments_id_for_no_more_than_its_time),
        TEST(begins_at_the_bound_if_the_cursor_is_younger),
        TEST(does_not_show_what_was_erased),
        TEST(takes_no_other_company_for_the_same_word),
        TEST(goes_on_within_the_cursors_millisecond),
        TEST(starts_a_bucket_with_one_decision_in_1024),
        TEST(starts_a_bucket_behind_the_latest_decision_of_its_environment),
        TEST(says_that_a_row_does_not_read_back),
    };
    return cmocka_run_group_tests_name("decision_store", tests, NULL, NULL);
}
