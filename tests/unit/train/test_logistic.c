/* test_logistic.c - the regression against published coefficients, and what it must refuse. */
#include "train/logistic.h"

#include "../expect.h"

#include <math.h>

/* Twenty students, hours of study and whether they passed: the worked example of the encyclopaedia
 * article on logistic regression; intercept -4.0777 (1.7610), hours 1.5046 (0.6287). */
static const double hours[] = {0.50, 0.75, 1.00, 1.25, 1.50, 1.75, 1.75, 2.00, 2.25, 2.50,
                               2.75, 3.00, 3.25, 3.50, 4.00, 4.25, 4.50, 4.75, 5.00, 5.50};
static const uint8_t passed[] = {0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1};

enum { STUDENTS = 20 };

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static struct logistic_problem students(void)
{
    return (struct logistic_problem){
        .row_count = STUDENTS, .column_count = 1, .x = hours, .is_bad = passed};
}

static void it_finds_the_published_coefficients(void **state)
{
    (void)state;
    struct logistic_fit fit;
    struct logistic_problem p = students();
    assert_int_equal(logistic_compute(&fit, &p, NULL), STATUS_OK);
    assert_true(fabs(fit.coefficients[0] + 4.0777) < 5e-5);
    assert_true(fabs(fit.coefficients[1] - 1.5046) < 5e-5);
    assert_true(fabs(sqrt(fit.covariance[0][0]) - 1.7610) < 5e-5);
    assert_true(fabs(sqrt(fit.covariance[1][1]) - 0.6287) < 5e-5);
    assert_true(fabs(fit.log_loss * STUDENTS - 8.02988) < 1e-4);
}

static void it_takes_a_weight_of_two_for_two_rows(void **state)
{
    (void)state;
    double x[2 * STUDENTS];
    uint8_t y[2 * STUDENTS];
    double weight[STUDENTS];
    for (int i = 0; i < STUDENTS; i++) {
        x[2 * i] = x[2 * i + 1] = hours[i];
        y[2 * i] = y[2 * i + 1] = passed[i];
        weight[i] = 2;
    }
    struct logistic_fit weighted;
    struct logistic_fit twice;
    struct logistic_problem p = students();
    p.weight = weight;
    struct logistic_problem q = {.row_count = 2 * STUDENTS, .column_count = 1, .x = x, .is_bad = y};
    assert_int_equal(logistic_compute(&weighted, &p, NULL), STATUS_OK);
    assert_int_equal(logistic_compute(&twice, &q, NULL), STATUS_OK);
    assert_true(fabs(weighted.coefficients[1] - twice.coefficients[1]) < 1e-9);
    assert_true(fabs(weighted.covariance[1][1] - twice.covariance[1][1]) < 1e-9);
}

/* A row said twice by the same group is no second opinion: the clustered covariance stays, the
 * plain one halves. */
static void it_does_not_count_a_group_twice(void **state)
{
    (void)state;
    double x[2 * STUDENTS];
    uint8_t y[2 * STUDENTS];
    uint32_t group[2 * STUDENTS];
    uint32_t own[STUDENTS];
    for (uint32_t i = 0; i < STUDENTS; i++) {
        x[2 * i] = x[2 * i + 1] = hours[i];
        y[2 * i] = y[2 * i + 1] = passed[i];
        group[2 * i] = group[2 * i + 1] = own[i] = i;
    }
    struct logistic_fit once;
    struct logistic_fit twice;
    struct logistic_problem p = students();
    struct logistic_problem q = {.row_count = 2 * STUDENTS, .column_count = 1, .x = x, .is_bad = y};
    assert_int_equal(logistic_compute(&once, &p, NULL), STATUS_OK);
    assert_int_equal(logistic_compute(&twice, &q, NULL), STATUS_OK);
    assert_true(fabs(twice.covariance[1][1] - once.covariance[1][1] / 2) < 1e-9);
    assert_int_equal(logistic_cluster_covariance(&once, &p, own, STUDENTS, &arena, NULL),
                     STATUS_OK);
    assert_int_equal(logistic_cluster_covariance(&twice, &q, group, STUDENTS, &arena, NULL),
                     STATUS_OK);
    assert_true(fabs(twice.covariance[1][1] - once.covariance[1][1]) < 1e-9);
    assert_true(once.covariance[1][1] > 0);
}

static void it_gives_the_log_odds_of_the_rate_without_columns(void **state)
{
    (void)state;
    struct logistic_fit fit;
    struct logistic_problem p = students();
    p.column_count = 0;
    assert_int_equal(logistic_compute(&fit, &p, NULL), STATUS_OK);
    assert_true(fabs(fit.coefficients[0]) < 1e-9); /* ten of twenty */
}

static void it_refuses_what_has_no_answer(void **state)
{
    (void)state;
    static const double apart[] = {1, 2, 3, 4};
    static const double same[] = {1, 1, 2, 2, 3, 3, 1.5, 1.5};
    static const uint8_t split[] = {0, 0, 1, 1};
    static const uint8_t mixed[] = {0, 1, 1, 0};
    static const uint8_t good[] = {0, 0, 0, 0};
    static const uint8_t bad[] = {1, 1, 1, 1};
    const struct {
        struct logistic_problem problem;
        const char *why;
    } rows[] = {
        {{4, 1, apart, good, NULL, 1},  "no bad row"                 },
        {{4, 1, apart, bad, NULL, 1},   "no good row"                },
        {{0, 1, apart, bad, NULL, 1},   "no row"                     },
        {{4, 1, apart, split, NULL, 0}, "separated classes, no ridge"},
        {{4, 2, same, mixed, NULL, 0},  "two equal columns, no ridge"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct logistic_fit fit;
        struct error err = {0};
        assert_int_equal(logistic_compute(&fit, &rows[i].problem, &err), STATUS_INVALID);
        assert_true(err.message[0] != '\0');
    }
}

static void it_shares_the_effect_of_equal_columns_under_a_ridge(void **state)
{
    (void)state;
    static const double same[] = {1, 1, 2, 2, 3, 3, 1.5, 1.5};
    static const uint8_t mixed[] = {0, 1, 1, 0};
    struct logistic_fit fit;
    struct logistic_problem p = {4, 2, same, mixed, NULL, 0.1};
    assert_int_equal(logistic_compute(&fit, &p, NULL), STATUS_OK);
    assert_true(fabs(fit.coefficients[1] - fit.coefficients[2]) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_finds_the_published_coefficients),
        cmocka_unit_test(it_takes_a_weight_of_two_for_two_rows),
        cmocka_unit_test(it_does_not_count_a_group_twice),
        cmocka_unit_test(it_gives_the_log_odds_of_the_rate_without_columns),
        cmocka_unit_test(it_refuses_what_has_no_answer),
        cmocka_unit_test(it_shares_the_effect_of_equal_columns_under_a_ridge),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
