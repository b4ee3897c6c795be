/* test_grade_test.c - against scipy 1.10.1. */
#include "monitor/grade_test.h"

#include "../expect.h"

static struct grade_test tested(uint32_t n, uint32_t bads, double pd)
{
    struct grade_test t;
    grade_test(&t, &(struct grade_count){n, bads, n * pd});
    return t;
}

static void agrees(void **state)
{
    (void)state;
    static const struct {
        uint32_t n, bads;
        double pd, low, high, p, binomial;
        enum light light;
    } rows[] = {
        {100,  0,  0.02,  0,          0.02474527, 0.95584625, 1,          LIGHT_GREEN},
        {200,  5,  0.01,  0.00960190, 0.05392013, 0.02935006, 0.05174626, LIGHT_AMBER},
        {1000, 20, 0.012, 0.01265104, 0.03011691, 0.01522868, 0.02060358, LIGHT_AMBER},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct grade_test t = tested(rows[i].n, rows[i].bads, rows[i].pd);
        assert_close(t.jeffreys_low, rows[i].low, 1e-8);
        assert_close(t.jeffreys_high, rows[i].high, 1e-8);
        assert_close(t.jeffreys_p, rows[i].p, 1e-8);
        assert_close(t.binomial_p, rows[i].binomial, 1e-8);
        assert_int_equal(t.light, rows[i].light);
    }
}

static void lights_change_at_their_limits(void **state)
{
    (void)state;
    assert_int_equal(tested(1000, 10, 0.01).light, LIGHT_GREEN);
    assert_int_equal(tested(1000, 0, 0.5).light, LIGHT_GREEN); /* too prudent is not a fault here */
    assert_int_equal(tested(1000, 30, 0.01).light, LIGHT_RED);
    assert_int_equal(tested(0, 0, 0).light, LIGHT_NONE);
    struct grade_test all = tested(10, 10, 0.5);
    assert_close(all.jeffreys_high, 1, 0);
}

static void hosmer_lemeshow_agrees(void **state)
{
    (void)state;
    static const struct grade_count counts[] = {
        {100, 1, 0.8},
        {0,   0, 0  },
        {200, 6, 5  },
        {50,  9, 6  },
        {3,   3, 3  }  /* a PD of 1 says nothing */
    };
    struct hosmer_lemeshow hl;
    hosmer_lemeshow(&hl, counts, ARRAY_LEN(counts));
    assert_close(hl.statistic, 1.960076885480111, 1e-9);
    assert_int_equal(hl.degrees, 3);
    assert_close(hl.p, 0.5807341057840456, 1e-9);
    hosmer_lemeshow(&hl, counts + 1, 1);
    assert_int_equal(hl.degrees, 0);
    assert_close(hl.p, 1, 0);
}

static void concentration_is_a_sum_of_squares(void **state)
{
    (void)state;
    static const uint32_t even[] = {5, 5}, one[] = {0, 9, 0}, none[] = {0, 0};
    assert_close(herfindahl(even, 2), 0.5, 1e-15);
    assert_close(herfindahl(one, 3), 1, 1e-15);
    assert_close(herfindahl(none, 2), 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees),
        cmocka_unit_test(lights_change_at_their_limits),
        cmocka_unit_test(hosmer_lemeshow_agrees),
        cmocka_unit_test(concentration_is_a_sum_of_squares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
