/* test_policy.c - the words of a policy, and the threshold they lead to. */
#include "trial.h"

#include "../expect.h"

static void threshold_follows_the_formula(void **state)
{
    /* PD* = (k * margin - cost) / (k * margin + LGD), k = 365 / (terms + ageing), rounded down. */
    static const struct {
        uint32_t margin, cost, lgd, ageing;
        int32_t terms;
        uint32_t want;
    } rows[] = {
        {30000,   5000,    850000,  90,   60,   73672  },
        {30000,   5000,    850000,  90,   30,   91633  },
        {30000,   5000,    850000,  90,   0,    120068 },
        {30000,   5000,    850000,  90,   120,  52256  },
        {30000,   5000,    850000,  90,   3650, 0      },
        {30000,   5000,    0,       90,   60,   931506 },
        {30000,   0,       0,       90,   60,   1000000},
        {200000,  0,       900000,  1,    364,  181818 }, /* one turn a year: (m - c) / (m + LGD) */
        {50000,   5000,    600000,  1,    364,  69230  },
        {1,       1000000, 850000,  90,   60,   0      },
        {1000000, 0,       1000000, 3650, 3650, 47619  },
        {1000000, 1000000, 1000000, 1,    0,    994535 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct policy policy = {
            .margin_ppm = rows[i].margin, .cost_ppm = rows[i].cost, .ageing_days = rows[i].ageing};
        assert_int_equal(policy_threshold_ppm(&policy, rows[i].lgd, rows[i].terms), rows[i].want);
    }
}

static void longer_terms_never_raise_the_threshold(void **state)
{
    struct policy policy = {.margin_ppm = 30000, .cost_ppm = 5000, .ageing_days = 90};
    (void)state;
    for (int32_t days = 0; days < TERMS_DAYS_MAX; days++) {
        assert_true(policy_threshold_ppm(&policy, 850000, days) >=
                    policy_threshold_ppm(&policy, 850000, days + 1));
    }
}

static void recommendations_are_read_as_written(void **state)
{
    (void)state;
    for (unsigned i = 0; i < RECOMMENDATION_COUNT; i++) {
        enum recommendation read;
        assert_true(
            recommendation_read(&read, str_from(recommendation_wire((enum recommendation)i))));
        assert_int_equal(read, i);
    }
}

static void guarantees_are_read_as_written(void **state)
{
    (void)state;
    for (unsigned i = 0; i < GUARANTEE_TYPE_COUNT; i++) {
        enum guarantee_type read;
        assert_true(guarantee_read(&read, str_from(guarantee_wire((enum guarantee_type)i))));
        assert_int_equal(read, i);
    }
}

static void other_words_are_not_read(void **state)
{
    static const char *const words[] = {
        "", "Accept", "accept ", "approve", "accept_with_guarantee", "bank", "cash"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        enum recommendation recommendation = RECOMMEND_REFER;
        enum guarantee_type guarantee = GUARANTEE_CASH_DEPOSIT;
        assert_false(recommendation_read(&recommendation, str_from(words[i])));
        assert_false(guarantee_read(&guarantee, str_from(words[i])));
    }
}

static void no_two_reasons_share_a_code(void **state)
{
    (void)state;
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        assert_true(reason_theme((enum reason)i)[0] != '\0');
        for (unsigned k = 0; k < i; k++) {
            assert_string_not_equal(reason_code((enum reason)i), reason_code((enum reason)k));
        }
        for (unsigned k = 0; k < FEATURE_COUNT; k++) {
            assert_string_not_equal(reason_code((enum reason)i),
                                    feature_info((enum feature)k)->code);
        }
    }
}

static void letters_are_places_in_the_tables(void **state)
{
    static const struct {
        enum grade grade;
        unsigned want;
    } rows[] = {
        {GRADE_A1, 0},
        {GRADE_A3, 0},
        {GRADE_B2, 1},
        {GRADE_C3, 2},
        {GRADE_D1, 3},
        {GRADE_E3, 4},
        {GRADE_F1, 5},
        {GRADE_F2, 5},
        {GRADE_P,  6}
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(grade_letter(rows[i].grade), rows[i].want);
    }
}

static void ask_for_a_recommendation_that_is_none(void)
{
    (void)recommendation_wire(RECOMMENDATION_COUNT);
}

static void ask_for_the_past(void)
{
    struct policy policy = {.margin_ppm = 1, .ageing_days = 1};
    (void)policy_threshold_ppm(&policy, 0, -1);
}

static void our_own_bugs_are_stopped(void **state)
{
    (void)state;
    assert_dies(ask_for_a_recommendation_that_is_none);
    assert_dies(ask_for_the_past);
}

static void nothing_may_be_destroyed(void **state)
{
    (void)state;
    policy_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threshold_follows_the_formula),
        cmocka_unit_test(longer_terms_never_raise_the_threshold),
        cmocka_unit_test(recommendations_are_read_as_written),
        cmocka_unit_test(guarantees_are_read_as_written),
        cmocka_unit_test(other_words_are_not_read),
        cmocka_unit_test(no_two_reasons_share_a_code),
        cmocka_unit_test(letters_are_places_in_the_tables),
        cmocka_unit_test(our_own_bugs_are_stopped),
        cmocka_unit_test(nothing_may_be_destroyed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
