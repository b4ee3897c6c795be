/* test_book.c - who counts, once, and what is told of it. */
#include "monitor/book_write.h"

#include "monitor/distribution.h"
#include "train/metrics.h"

#include "../expect.h"

#include <stdio.h>

static struct book book;
static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    book_init(&book, NULL, true);
    arena_init(&arena, 16 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    book_finish(&book);
    arena_finish(&arena);
    return 0;
}

static void add(uint64_t company, uint32_t pd_ppm, enum outcome_verdict verdict)
{
    book_add(&book, &(struct observation){.company = company,
                                          .pd_ppm = pd_ppm,
                                          .score = 700,
                                          .grade = grade_of_pd(pd_ppm),
                                          .verdict = verdict,
                                          .country = ""});
}

static void a_company_counts_once(void **state)
{
    (void)state;
    add(1, 10000, VERDICT_IMMATURE);
    add(1, 20000, VERDICT_BAD);
    add(1, 30000, VERDICT_GOOD);
    add(2, 10000, VERDICT_UNREPORTED);
    assert_int_equal(book.scored, 4);
    assert_int_equal(book.population, 2);
    assert_int_equal(book.labelled, 2);
    assert_int_equal(book.bads, 1);
    assert_int_equal(book.assumed_good, 1);
    assert_close(book.pds[0], 0.02, 1e-12); /* its newest that is mature */
}

static void without_an_identifier_each_counts(void **state)
{
    (void)state;
    add(0, 10000, VERDICT_GOOD);
    add(0, 10000, VERDICT_GOOD);
    assert_int_equal(book.population, 2);
    assert_int_equal(book.labelled, 2);
}

static void what_does_not_count_is_counted(void **state)
{
    (void)state;
    book.unreported_is_good = false;
    add(1, 10000, VERDICT_UNREPORTED);
    add(2, 10000, VERDICT_IMMATURE_BAD);
    add(3, 10000, VERDICT_WAS_BAD);
    add(3, 10000, VERDICT_GOOD); /* before it was in default */
    assert_int_equal(book.labelled, 1);
    assert_int_equal(book.bads, 0);
    assert_int_equal(book.verdicts[VERDICT_IMMATURE_BAD], 1);
    assert_int_equal(book.verdicts[VERDICT_WAS_BAD], 1);
    assert_int_equal(book.verdicts[VERDICT_UNREPORTED], 1);
}

static void inputs_are_wanted_of_the_newest(void **state)
{
    (void)state;
    assert_true(book_wants_inputs(&book, 7));
    add(7, 10000, VERDICT_IMMATURE);
    assert_false(book_wants_inputs(&book, 7));
    assert_true(book_wants_inputs(&book, 0));
}

static void migration_is_from_the_oldest_to_the_newest(void **state)
{
    (void)state;
    struct migration m;
    add(1, 3000, VERDICT_IMMATURE);
    add(1, 90000, VERDICT_IMMATURE);
    add(1, 200000, VERDICT_IMMATURE);
    add(2, 3000, VERDICT_IMMATURE);
    add(3, 200000, VERDICT_IMMATURE);
    add(3, 200000, VERDICT_IMMATURE);
    book_migration(&m, &book);
    assert_int_equal(m.companies, 2);
    assert_int_equal(m.better, 1);
    assert_int_equal(m.same, 1);
    assert_int_equal(m.worse, 0);
    assert_int_equal(m.counts[grade_of_pd(200000)][grade_of_pd(3000)], 1);
}

/* 1000 companies at 10 % of which 100 default, 1000 at 2 % of which 20 do: as it should be. */
static void add_many(uint32_t n, uint32_t bads, uint32_t pd_ppm)
{
    for (uint32_t i = 0; i < n; i++) {
        add(0, pd_ppm, i < bads ? VERDICT_BAD : VERDICT_GOOD);
    }
}

static void the_right_level_is_found_right(void **state)
{
    (void)state;
    struct level level;
    add_many(1000, 100, 100000);
    add_many(1000, 20, 20000);
    book_level(&level, &book);
    assert_true(level.is_known);
    assert_close(level.mean_pd, 0.06, 1e-12);
    assert_close(level.default_rate, 0.06, 1e-12);
    assert_close(level.intercept, 0, 1e-9);
    assert_close(level.intercept_p, 1, 1e-6);
    assert_close(level.slope, 1, 1e-6);
}

/* Twice the odds everywhere is a shift of ln 2; the slope stays. */
static void a_shifted_level_is_found_shifted(void **state)
{
    (void)state;
    struct level level;
    add_many(1100, 200, 100000); /* odds 1/9 become 2/9 */
    add_many(5100, 200, 20000);  /* odds 1/49 become 2/49 */
    book_level(&level, &book);
    assert_close(level.intercept, 0.6931471805599453, 1e-9);
    assert_close(level.slope, 1, 1e-6);
    assert_true(level.intercept_p < 1e-9);
}

static void nobody_defaulted_says_no_slope(void **state)
{
    (void)state;
    struct level level;
    book_level(&level, &book);
    assert_false(level.is_known);
    add_many(10, 0, 20000);
    book_level(&level, &book);
    assert_false(level.is_known);
    assert_false(level.has_slope);
}

static void reasons_end_at_their_limit(void **state)
{
    (void)state;
    char code[BOOK_REASON_LEN + 1];
    for (int i = 0; i < BOOK_REASONS_MAX + 1; i++) {
        (void)snprintf(code, sizeof code, "R%04d", i);
        book_add_reason(&book, str_from(code), i % 2 == 0);
    }
    book_add_reason(&book, STR("R0000"), false);
    book_add_reason(&book, STR("R00000000000000"), true);
    book_add_reason(&book, STR("R000000000000000"), true);
    assert_int_equal(book.reason_count, BOOK_REASONS_MAX);
    assert_int_equal(book.reasons_beyond, 3);
    assert_int_equal(book.reasons[0].adverse, 1);
    assert_int_equal(book.reasons[0].favourable, 1);
}

/* The standard error of DeLong, worked out with numpy from its definition. */
static void delong_agrees(void **state)
{
    (void)state;
    static const double pd[] = {0.1, 0.2, 0.2, 0.3, 0.4, 0.4, 0.6, 0.7};
    static const uint8_t is_bad[] = {0, 0, 1, 0, 1, 0, 0, 1};
    double auc, se;
    struct error err;
    assert_int_equal(auc_delong(&auc, &se, pd, is_bad, 8, &arena, &err), STATUS_OK);
    assert_close(auc, 0.6666666666666666, 1e-12);
    assert_close(se, 0.2345207879911715, 1e-9);
    static const uint8_t none[8] = {0};
    assert_int_equal(auc_delong(&auc, &se, pd, none, 8, &arena, &err), STATUS_INVALID);
}

static struct str written(void)
{
    static struct buf out;
    struct json_writer w;
    struct error err;
    buf_finish(&out);
    buf_init(&out, 1024 * 1024);
    json_writer_init(&w, &out);
    json_object_begin(&w);
    assert_int_equal(book_write(&w, &book, NULL, &arena, &err), STATUS_OK);
    json_object_end(&w);
    assert_non_null(json_read(buf_str(&out), &arena, NULL));
    return buf_str(&out);
}

static void what_there_is_too_little_for_is_null_and_says_why(void **state)
{
    (void)state;
    struct str text = written();
    assert_text(json_slice(text, STR("discrimination")),
                "{\"why\":\"no decision is mature and has an outcome that counts\"}");
    add_many(3, 0, 20000);
    text = written();
    assert_text(json_slice(text, STR("discrimination")), "{\"why\":\"nobody defaulted\"}");
    assert_text(json_slice(json_slice(text, STR("calibration")), STR("slope")), "null");
}

static void one_class_above_the_other_has_no_interval(void **state)
{
    (void)state;
    add_many(2, 2, 200000);
    add_many(2, 0, 20000);
    struct str ranking = json_slice(written(), STR("discrimination"));
    assert_text(json_slice(ranking, STR("auc")), "1");
    assert_text(json_slice(ranking, STR("interval")), "null");
}

static void a_full_book_tells_nothing(void **state)
{
    (void)state;
    struct buf out;
    struct json_writer w;
    struct error err;
    buf_init(&out, 1024);
    json_writer_init(&w, &out);
    book.is_full = true;
    assert_int_equal(book_write(&w, &book, NULL, &arena, &err), STATUS_BUSY);
    buf_finish(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_company_counts_once),
        TEST(without_an_identifier_each_counts),
        TEST(what_does_not_count_is_counted),
        TEST(inputs_are_wanted_of_the_newest),
        TEST(migration_is_from_the_oldest_to_the_newest),
        TEST(the_right_level_is_found_right),
        TEST(a_shifted_level_is_found_shifted),
        TEST(nobody_defaulted_says_no_slope),
        TEST(reasons_end_at_their_limit),
        TEST(delong_agrees),
        TEST(what_there_is_too_little_for_is_null_and_says_why),
        TEST(one_class_above_the_other_has_no_interval),
        TEST(a_full_book_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
