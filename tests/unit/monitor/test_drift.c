/* test_drift.c - two indices worked out elsewhere, and the limits with and without small samples.
 */
#include "monitor/drift.h"

#include "../expect.h"

static void agrees_with_what_was_worked_out(void **state)
{
    (void)state;
    static const double even[] = {100, 100, 100, 100, 100, 100, 100, 100, 100, 100};
    static const double moved[] = {80, 85, 90, 95, 100, 105, 110, 115, 110, 110};
    static const double e3[] = {50, 50, 0}, a3[] = {40, 40, 20};
    struct drift d;
    drift_compute(&d, even, moved, 10);
    assert_close(d.psi, 0.0134104119, 1e-10);
    assert_close(d.critical, 0.0338379552092409, 1e-9); /* 16.919 (1/1000 + 1/1000) */
    assert_int_equal(d.light, LIGHT_GREEN);
    drift_compute(&d, e3, a3, 3); /* the empty bin counts as a share of 1e-4 */
    assert_close(d.psi, 1.5640491119, 1e-9);
    assert_int_equal(d.light, LIGHT_RED);
}

static void small_samples_say_little(void **state)
{
    (void)state;
    static const double large[] = {5000, 5000}, tiny[] = {7, 3}, more[] = {7000, 3000};
    struct drift d;
    drift_compute(&d, large, more, 2);
    assert_true(d.psi > DRIFT_AMBER && d.psi < DRIFT_RED);
    assert_int_equal(d.light, LIGHT_AMBER);
    double psi = d.psi;
    drift_compute(&d, large, tiny, 2);
    assert_close(d.psi, psi, 1e-12);
    assert_true(d.critical > psi);
    assert_int_equal(d.light, LIGHT_GREEN);
}

/* Shares stand for a population of untold, and so of any, size. */
static void an_untold_size_adds_no_chance(void **state)
{
    (void)state;
    static const double shares[] = {0.5, 0.5}, today[] = {60, 40};
    struct drift d;
    drift_compute(&d, shares, today, 2);
    assert_close(d.critical, 3.841458820694124 / 100, 1e-9);
}

static void says_nothing_of_nothing(void **state)
{
    (void)state;
    static const double none[] = {0, 0}, some[] = {1, 2}, one[] = {5};
    struct drift d;
    drift_compute(&d, none, some, 2);
    assert_int_equal(d.light, LIGHT_NONE);
    drift_compute(&d, some, none, 2);
    assert_int_equal(d.light, LIGHT_NONE);
    drift_compute(&d, some, some, 2);
    assert_close(d.psi, 0, 0);
    assert_int_equal(d.light, LIGHT_GREEN);
    drift_compute(&d, one, one, 1);
    assert_close(d.critical, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_what_was_worked_out),
        cmocka_unit_test(small_samples_say_little),
        cmocka_unit_test(an_untold_size_adds_no_chance),
        cmocka_unit_test(says_nothing_of_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
