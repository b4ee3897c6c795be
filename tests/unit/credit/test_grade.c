/* test_grade.c - the master scale. */
#include "credit/grade.h"

#include "../expect.h"

static void grades_up_to_and_with_each_edge(void **state)
{
    (void)state;
    static const struct {
        uint32_t pd_ppm;
        const char *want;
    } rows[] = {
        {0,       "A1"},
        {300,     "A1"},
        {301,     "A2"},
        {600,     "A2"},
        {601,     "A3"},
        {1100,    "A3"},
        {1101,    "B1"},
        {5000,    "B3"},
        {12600,   "C2"},
        {12601,   "C3"},
        {20000,   "C3"},
        {20001,   "D1"},
        {21300,   "D1"},
        {320000,  "E3"},
        {320001,  "F1"},
        {500000,  "F1"},
        {500001,  "F2"},
        {999999,  "F2"},
        {1000000, "P" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_string_equal(grade_wire(grade_of_pd(rows[i].pd_ppm)), rows[i].want);
    }
}

static void gets_worse_with_pd(void **state)
{
    (void)state;
    assert_int_equal(GRADE_COUNT, 18);
    for (size_t i = 0; i < GRADE_COUNT; i++) {
        enum grade grade = GRADE_COUNT;
        assert_int_equal(grade_of_pd(grade_pd_ppm_max((enum grade)i)), i);
        assert_true(i == 0 ||
                    grade_pd_ppm_max((enum grade)i) > grade_pd_ppm_max((enum grade)(i - 1)));
        assert_true(grade_read(&grade, str_from(grade_wire((enum grade)i))));
        assert_int_equal(grade, i);
    }
}

static void refuses_what_is_no_grade(void **state)
{
    (void)state;
    static const char *const rows[] = {"", "A", "a1", "A4", "G1", "P1", "A1 "};
    enum grade grade = GRADE_C1;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_false(grade_read(&grade, str_from(rows[i])));
    }
    assert_int_equal(grade, GRADE_C1);
}

static void grade_more_than_certain(void)
{
    (void)grade_of_pd(PD_PPM_ONE + 1);
}

static void stops_at_a_pd_above_one(void **state)
{
    (void)state;
    assert_dies(grade_more_than_certain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grades_up_to_and_with_each_edge),
        cmocka_unit_test(gets_worse_with_pd),
        cmocka_unit_test(refuses_what_is_no_grade),
        cmocka_unit_test(stops_at_a_pd_above_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
