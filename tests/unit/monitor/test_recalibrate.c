/* test_recalibrate.c - each method by what it must find, and the bundle that comes of it. */
#include "monitor/bundle_revise.h"

#include "base/elementary.h"
#include "base/file.h"
#include "monitor/low_default.h"

#include "../expect.h"

static struct book book;
static struct model *base;
static struct buf base_text;

static int load(void **state)
{
    struct error err;
    (void)state;
    assert_int_equal(file_read(&base_text, DEFAULT_MODEL, MODEL_LEN_MAX, &err), STATUS_OK);
    assert_int_equal(model_read(&base, buf_str(&base_text), &err), STATUS_OK);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    model_destroy(base);
    buf_finish(&base_text);
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    book_init(&book, NULL, true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    book_finish(&book);
    return 0;
}

static void add_many(uint32_t n, uint32_t bads, uint32_t pd_ppm)
{
    for (uint32_t i = 0; i < n; i++) {
        book_add(&book, &(struct observation){.pd_ppm = pd_ppm,
                                              .grade = grade_of_pd(pd_ppm),
                                              .verdict = i < bads ? VERDICT_BAD : VERDICT_GOOD,
                                              .country = ""});
    }
}

static struct recalibration found(enum recalibration_method method)
{
    struct recalibration r;
    struct error err = {.message = ""};
    struct recalibration_setting setting = recalibration_usual();
    setting.method = method;
    if (recalibrate(&r, &book, &setting, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    return r;
}

static void expect_refused(enum recalibration_method method, double kappa, double confidence,
                           double correlation)
{
    struct recalibration r;
    struct error err;
    const struct recalibration_setting setting = {method, kappa, confidence, correlation};
    assert_int_equal(recalibrate(&r, &book, &setting, &err), STATUS_INVALID);
}

static void platt_finds_slope_and_level(void **state)
{
    (void)state;
    add_many(1100, 200, 100000); /* odds 1/9 become 2/9, */
    add_many(5100, 200, 20000);  /* and 1/49 2/49: slope 1, ln 2 */
    struct recalibration r = found(RECALIBRATE_AUTO);
    assert_int_equal(r.method, RECALIBRATE_PLATT);
    assert_close(r.slope, 1, 1e-6);
    assert_close(r.intercept, 0.6931471805599453, 1e-6);
    assert_close(r.mean_pd_after, r.default_rate, 1e-9);
    assert_close(recalibrated_pd(&r, 0.1), 2.0 / 11, 1e-6);
    assert_true(r.covariance[0][0] > 0 && r.covariance[1][1] > 0);
}

static void few_defaults_move_the_level_a_little(void **state)
{
    (void)state;
    add_many(300, 19, 20000);
    struct recalibration r = found(RECALIBRATE_AUTO);
    assert_int_equal(r.method, RECALIBRATE_BAYES);
    assert_close(r.slope, 1, 0);
    assert_close(r.mean_pd_after, (19 + 100 * 0.02) / 400, 1e-9);
    assert_close(r.grade_targets[grade_of_pd(20000)], (19 + 100 * 0.02) / 400, 1e-9);
}

static void no_defaults_leave_a_bound(void **state)
{
    (void)state;
    add_many(300, 0, 3000);
    add_many(100, 0, 50000);
    struct recalibration r = found(RECALIBRATE_AUTO);
    assert_int_equal(r.method, RECALIBRATE_PLUTO_TASCHE);
    double best = pluto_tasche(400, 0, 0.75, 0), worst = pluto_tasche(100, 0, 0.75, 0);
    assert_close(r.grade_targets[grade_of_pd(3000)], best, 1e-12);
    assert_close(r.grade_targets[grade_of_pd(50000)], worst, 1e-12);
    assert_close(r.mean_pd_after, (300 * best + 100 * worst) / 400, 1e-9);
    assert_true(r.slope > 0 && r.slope <= 1);
}

static void one_more_default_is_enough_for_platt(void **state)
{
    (void)state;
    add_many(100, 5, 10000);
    add_many(100, 14, 100000);
    assert_int_equal(found(RECALIBRATE_AUTO).method, RECALIBRATE_BAYES);
    expect_refused(RECALIBRATE_PLATT, 100, 0.75, 0);
    add_many(1, 1, 100000);
    assert_int_equal(found(RECALIBRATE_AUTO).method, RECALIBRATE_PLATT);
}

static void what_cannot_be_calibrated_is_refused(void **state)
{
    (void)state;
    expect_refused(RECALIBRATE_AUTO, 100, 0.75, 0); /* nobody is labelled */
    add_many(100, 30, 10000);
    add_many(100, 25, 100000); /* the worse grade defaults less */
    expect_refused(RECALIBRATE_PLATT, 100, 0.75, 0);
    expect_refused(RECALIBRATE_BAYES, 0, 0.75, 0);
    expect_refused(RECALIBRATE_BAYES, -1, 0.75, 0);
    expect_refused(RECALIBRATE_BAYES, 1e6 + 1, 0.75, 0);
    expect_refused(RECALIBRATE_PLUTO_TASCHE, 100, 0, 0);
    expect_refused(RECALIBRATE_PLUTO_TASCHE, 100, 1, 0);
    expect_refused(RECALIBRATE_PLUTO_TASCHE, 100, 0.75, -0.1);
    expect_refused(RECALIBRATE_PLUTO_TASCHE, 100, 0.75, 0.91);
}

static void words_are_read_as_written(void **state)
{
    (void)state;
    enum recalibration_method method;
    for (int i = 0; i < RECALIBRATION_METHOD_COUNT; i++) {
        const char *word = recalibration_method_wire((enum recalibration_method)i);
        assert_true(recalibration_method_read(&method, str_from(word)));
        assert_int_equal(method, i);
    }
    assert_false(recalibration_method_read(&method, STR("Platt")));
    assert_false(recalibration_method_read(&method, STR("")));
}

/* ---- the bundle ---- */

static const struct revision usual = {
    .version = {"2027.1", 6},
    .definition = {    "dpd90",       5 },
    .made_on = { 2026,      11,       22},
    .from = { 2024,       1,        1}
};

static struct model *revised(const struct recalibration *r, struct buf *text)
{
    struct model *model;
    struct error err = {.message = ""};
    buf_init(text, MODEL_LEN_MAX);
    if (bundle_revise(text, base, r, &usual, &err) != STATUS_OK) {
        fail_msg("%s: %s", err.field, err.message);
    }
    assert_int_equal(model_read(&model, buf_str(text), &err), STATUS_OK);
    return model;
}

static void the_new_bundle_moves_every_pd_along_the_line(void **state)
{
    (void)state;
    struct buf text;
    add_many(1000, 60, 10000);
    add_many(1000, 150, 100000);
    struct recalibration r = found(RECALIBRATE_PLATT);
    struct model *model = revised(&r, &text);
    assert_text(model->version, "2027.1");
    assert_text(model->default_definition, "dpd90");
    assert_true(str_eq(model->id, base->id));
    static const char *const countries[] = {"FR", "ES", "US", ""};
    for (size_t i = 0; i < ARRAY_LEN(countries); i++) {
        for (double log_odds = -5; log_odds < 1; log_odds += 0.37) {
            uint32_t before = model_pd_ppm(base, log_odds, countries[i], 'G');
            uint32_t after = model_pd_ppm(model, log_odds, countries[i], 'G');
            if (before > 10 * PD_PPM_FLOOR) { /* not where the floor or a millionth decides */
                assert_close(after, 1e6 * recalibrated_pd(&r, before / 1e6), 0.002 * after + 2);
            }
        }
    }
    model_destroy(model);
    buf_finish(&text);
}

static void the_card_says_what_was_done(void **state)
{
    (void)state;
    struct buf text;
    add_many(200, 3, 20000);
    struct recalibration r = found(RECALIBRATE_AUTO);
    struct model *model = revised(&r, &text);
    struct str card = json_slice(buf_str(&text), STR("card"));
    struct str note = json_slice(card, STR("recalibration"));
    assert_text(json_slice(note, STR("method")), "\"bayes\"");
    assert_text(json_slice(note, STR("companies")), "200");
    assert_text(json_slice(note, STR("defaults")), "3");
    assert_text(json_slice(note, STR("date")), "\"2026-11-22\"");
    assert_text(json_slice(note, STR("decisions_from")), "\"2024-01-01\"");
    assert_text(json_slice(note, STR("decisions_to")), "null");
    model_destroy(model);
    buf_finish(&text);
}

static void a_bundle_can_be_recalibrated_again(void **state)
{
    (void)state;
    struct buf once, twice;
    struct error err;
    add_many(200, 3, 20000);
    struct recalibration r = found(RECALIBRATE_AUTO);
    struct model *first = revised(&r, &once), *second;
    struct revision again = usual;
    again.version = STR("2027.2");
    buf_init(&twice, MODEL_LEN_MAX);
    assert_int_equal(bundle_revise(&twice, first, &r, &again, &err), STATUS_OK);
    assert_int_equal(model_read(&second, buf_str(&twice), &err), STATUS_OK);
    struct str note = json_slice(json_slice(buf_str(&twice), STR("card")), STR("recalibration"));
    assert_text(json_slice(json_slice(note, STR("base")), STR("version")), "\"2027.1\"");
    model_destroy(second);
    model_destroy(first);
    buf_finish(&once);
    buf_finish(&twice);
}

static void never_in_place(void **state)
{
    (void)state;
    struct buf text;
    struct error err;
    add_many(200, 3, 20000);
    struct recalibration r = found(RECALIBRATE_AUTO);
    struct revision same = usual;
    same.version = base->version;
    buf_init(&text, MODEL_LEN_MAX);
    assert_int_equal(bundle_revise(&text, base, &r, &same, &err), STATUS_INVALID);
    same.version = STR("Not A Version");
    assert_int_equal(bundle_revise(&text, base, &r, &same, &err), STATUS_INVALID);
    buf_finish(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(platt_finds_slope_and_level),
        TEST(few_defaults_move_the_level_a_little),
        TEST(no_defaults_leave_a_bound),
        TEST(one_more_default_is_enough_for_platt),
        TEST(what_cannot_be_calibrated_is_refused),
        TEST(words_are_read_as_written),
        TEST(the_new_bundle_moves_every_pd_along_the_line),
        TEST(the_card_says_what_was_done),
        TEST(a_bundle_can_be_recalibrated_again),
        TEST(never_in_place),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
