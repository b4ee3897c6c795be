/* test_disparity.c - ratios and differences worked out with numpy from the formulas of the sources.
 */
#include "monitor/disparity.h"

#include "../expect.h"

static void a_ratio_has_its_interval(void **state)
{
    (void)state;
    struct rate_ratio r;
    rate_ratio(&r, (struct tally_rate){100, 40}, (struct tally_rate){200, 120});
    assert_true(r.is_known);
    assert_close(r.ratio, 0.6666666666666667, 1e-12);
    assert_close(r.low, 0.5112761181197182, 1e-9);
    assert_close(r.high, 0.8692845777325657, 1e-9);
}

static void nothing_has_no_ratio(void **state)
{
    (void)state;
    struct rate_ratio r;
    rate_ratio(&r, (struct tally_rate){100, 0}, (struct tally_rate){200, 120});
    assert_false(r.is_known);
    rate_ratio(&r, (struct tally_rate){100, 4}, (struct tally_rate){200, 0});
    assert_false(r.is_known);
    rate_ratio(&r, (struct tally_rate){0, 0}, (struct tally_rate){0, 0});
    assert_false(r.is_known);
    rate_ratio(&r, (struct tally_rate){10, 10}, (struct tally_rate){20, 20});
    assert_close(r.low, 1, 1e-15);
    assert_close(r.high, 1, 1e-15);
}

static void equal_risk_is_weighed_over_grades(void **state)
{
    (void)state;
    static const struct tally_rate group[] = {
        {40, 10},
        {0,  0 },
        {50, 20},
        {20, 3 },
        {7,  7 }
    };
    static const struct tally_rate other[] = {
        {60, 30},
        {9,  1 },
        {80, 50},
        {30, 2 },
        {0,  0 }
    };
    struct equal_risk d;
    equal_risk_difference(&d, group, other, 5);
    assert_true(d.is_known);
    assert_int_equal(d.strata, 3);
    assert_close(d.difference, -0.17857142857142858, 1e-12);
    assert_close(d.se, 0.05530273928272686, 1e-12);
    equal_risk_difference(&d, group + 4, other + 4, 1);
    assert_false(d.is_known);
}

static void a_rate_has_wilsons_interval(void **state)
{
    (void)state;
    struct rate_interval i = rate_interval((struct tally_rate){10, 1});
    assert_close(i.low, 0.017876213, 1e-8); /* Newcombe 1998 */
    assert_close(i.high, 0.404150027, 1e-8);
    i = rate_interval((struct tally_rate){0, 0});
    assert_close(i.low, 0, 0);
    assert_close(i.high, 1, 0);
    i = rate_interval((struct tally_rate){10, 0});
    assert_close(i.low, 0, 0);
    i = rate_interval((struct tally_rate){10, 10});
    assert_close(i.high, 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ratio_has_its_interval),
        cmocka_unit_test(nothing_has_no_ratio),
        cmocka_unit_test(equal_risk_is_weighed_over_grades),
        cmocka_unit_test(a_rate_has_wilsons_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
