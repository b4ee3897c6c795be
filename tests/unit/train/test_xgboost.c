/* test_xgboost.c - the library through its C interface: what it grows, and its refusals in its
 * words.
 */
#include "train/xgboost.h"

#include "../expect.h"

#include <math.h>
#include <string.h>

enum { ROWS = 8, INPUTS = 2 };

static const float values[ROWS * INPUTS] = {0, 5, 1, NAN, 2, 5, 3, 1, 4, 2, 5, 9, 6, NAN, 7, 0};
static const float labels[ROWS] = {0, 0, 0, 0, 1, 1, 1, 1};
static const float weights[ROWS] = {1, 1, 1, 1, 1, 1, 1, 1};
static const struct xgboost_rows rows = {ROWS, INPUTS, values, labels, weights};

static const struct xgboost_parameter parameters[] = {
    {"objective",        "binary:logistic"},
    {"max_depth",        "1"              },
    {"eta",              "1"              },
    {"min_child_weight", "0"              },
    {"nthread",          "1"              },
    {"verbosity",        "0"              },
    {"base_score",       "0.5"            },
};

static void it_grows_a_tree_that_tells_the_rows_apart(void **state)
{
    (void)state;
    const struct xgboost *x = NULL;
    struct xgboost_matrix matrix = {0};
    struct xgboost_booster booster = {0};
    double margins[ROWS];
    const char *names[INPUTS] = {"first", "second"};
    char version[32];
    assert_int_equal(xgboost_open(&x, NULL), STATUS_OK);
    xgboost_version(version, x);
    assert_true(version[0] >= '1' && version[0] <= '9');
    assert_int_equal(xgboost_matrix_make(&matrix, x, &rows, NULL), STATUS_OK);
    assert_int_equal(
        xgboost_booster_make(&booster, x, &matrix, 1, parameters, ARRAY_LEN(parameters), NULL),
        STATUS_OK);
    assert_int_equal(xgboost_grow(&booster, &matrix, 0, NULL), STATUS_OK);
    assert_int_equal(xgboost_margins(margins, &booster, &matrix, NULL), STATUS_OK);
    for (int i = 0; i < ROWS; i++) {
        assert_true((margins[i] > 0) == (labels[i] > 0));
    }
    double parts[ROWS * (INPUTS + 1)];
    assert_int_equal(xgboost_contributions(parts, &booster, &matrix, INPUTS, NULL), STATUS_OK);
    for (size_t i = 0; i < ROWS; i++) {
        double sum = parts[3 * i] + parts[3 * i + 1] + parts[3 * i + 2];
        assert_true(fabs(sum - margins[i]) < 1e-5);
        assert_true(parts[3 * i + 1] == 0); /* no split asks the second */
    }
    CLEANUP(buf_finish) struct buf json;
    buf_init(&json, 1 << 20);
    assert_int_equal(xgboost_save(&json, &booster, names, INPUTS, NULL), STATUS_OK);
    assert_true(str_starts_with(buf_str(&json), STR("{\"learner\"")));
    buf_append_byte(&json, '\0');
    assert_non_null(strstr(json.ptr, "\"feature_names\":[\"first\",\"second\"]"));
    xgboost_booster_free(&booster);
    xgboost_booster_free(&booster); /* twice is once */
    xgboost_matrix_free(&matrix);
    xgboost_matrix_free(&matrix);
}

static void it_passes_on_what_the_library_refuses_without_its_trace(void **state)
{
    (void)state;
    static const struct xgboost_parameter wrong[] = {
        {"objective",   "binary:guess"},
        {"max_depth",   "many"        },
        {"tree_method", "by_hand"     },
        {"eta",         "fast"        },
    };
    const struct xgboost *x = NULL;
    struct xgboost_matrix matrix = {0};
    assert_int_equal(xgboost_open(&x, NULL), STATUS_OK);
    assert_int_equal(xgboost_matrix_make(&matrix, x, &rows, NULL), STATUS_OK);
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct xgboost_booster booster = {0};
        struct error err = {0};
        enum status status = xgboost_booster_make(&booster, x, &matrix, 1, &wrong[i], 1, &err);
        if (status == STATUS_OK) {
            status = xgboost_grow(&booster, &matrix, 0, &err);
        }
        assert_int_equal(status, STATUS_INVALID);
        assert_non_null(strstr(err.message, "XGBoost: "));
        assert_null(strchr(err.message, '\n'));
        xgboost_booster_free(&booster);
    }
    xgboost_matrix_free(&matrix);
}

static void it_refuses_labels_that_are_no_outcomes(void **state)
{
    (void)state;
    static const float no_outcomes[ROWS] = {0, 0, 0, 0, 1, 1, 1, 7};
    struct xgboost_rows of_seven = rows;
    of_seven.labels = no_outcomes;
    const struct xgboost *x = NULL;
    struct xgboost_matrix matrix = {0};
    struct xgboost_booster booster = {0};
    struct error err = {0};
    assert_int_equal(xgboost_open(&x, NULL), STATUS_OK);
    assert_int_equal(xgboost_matrix_make(&matrix, x, &of_seven, NULL), STATUS_OK);
    assert_int_equal(
        xgboost_booster_make(&booster, x, &matrix, 1, parameters, ARRAY_LEN(parameters), NULL),
        STATUS_OK);
    assert_int_equal(xgboost_grow(&booster, &matrix, 0, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "XGBoost: "));
    xgboost_booster_free(&booster);
    xgboost_matrix_free(&matrix);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_grows_a_tree_that_tells_the_rows_apart),
        cmocka_unit_test(it_passes_on_what_the_library_refuses_without_its_trace),
        cmocka_unit_test(it_refuses_labels_that_are_no_outcomes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
