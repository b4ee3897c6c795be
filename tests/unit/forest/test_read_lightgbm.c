/* test_read_lightgbm.c - what LightGBM saves, and what it does not. */
#include "forest/file.h"

#include "boosted.h"

#define HEADER                                                                                     \
    "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\n"                     \
    "max_feature_idx=1\nobjective=binary sigmoid:1\nfeature_names=roa cash\n"                      \
    "feature_infos=[0:1] [0:1]\ntree_sizes=10 20\n\n"
#define TREE                                                                                       \
    "Tree=0\nnum_leaves=3\nnum_cat=0\nsplit_feature=1 0\nsplit_gain=3 2\nthreshold=0.5 -1.25\n"    \
    "decision_type=2 2\nleft_child=1 -1\nright_child=-2 -3\nleaf_value=-0.5 0.25 1\n"              \
    "leaf_weight=1 2 3\nleaf_count=10 20 30\ninternal_value=0 0\ninternal_weight=0 0\n"            \
    "internal_count=60 40\nis_linear=0\nshrinkage=0.1\n\n"
#define LONE "Tree=1\nnum_leaves=1\nnum_cat=0\nleaf_value=0.125\nshrinkage=1\n\n"
#define END  "end of trees\n\nfeature_importances:\ncash=1\n\nparameters:\n[boosting: gbdt]\n"

static void it_reads_what_lightgbm_saves(void **state)
{
    struct forest_file file;
    struct forest forest;
    struct error err = {{0}, {0}};
    static const struct {
        double inputs[2];
        double margin;
    } rows[] = {
        {{-1.25, 0.5},    -0.5 + 0.125}, /* at both thresholds: left of both */
        {{-1.2499, 0.5},  1 + 0.125   },
        {{-1.25, 0.5001}, 0.25 + 0.125},
        {{NAN, 0.5},      -0.5 + 0.125}, /* decision_type 2: as zero, which is above -1.25 */
    };
    assert_int_equal(forest_read_lightgbm(&file, STR(HEADER TREE LONE END), *state, &err),
                     STATUS_OK);
    assert_int_equal(file.raw.input_count, 2);
    assert_text(file.names[0], "roa");
    assert_int_equal(forest_make(&forest, &file.raw, *state, &err), STATUS_OK);
    for (size_t i = 0; i < 3; i++) {
        uint16_t ranks[2];
        forest_rank(ranks, &forest, rows[i].inputs);
        assert_within(forest_margin(&forest, ranks), rows[i].margin, 1e-15);
    }
    /* Nothing was missing in training: then missing is zero, and zero is above -1.25. */
    uint16_t ranks[2];
    forest_rank(ranks, &forest, rows[3].inputs);
    assert_within(forest_margin(&forest, ranks), 1 + 0.125, 1e-15);
}

/* clang-format off */
#define TREE_BUT(decision) \
    "Tree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature=0\nthreshold=-1\ndecision_type=" decision "\n" \
    "left_child=-1\nright_child=-2\nleaf_value=-1 2\nleaf_count=1 1\ninternal_count=2\n"

static const struct {
    const char *decision;
    double input, margin;
} missing[] = {
    {TREE_BUT("0"), NAN, 2},   /* as zero: above the threshold */
    {TREE_BUT("2"), NAN, 2},   /* still: the default side is for what may be missing */
    {TREE_BUT("2"), -1, -1},
    {TREE_BUT("4"), NAN, 2},   /* zero counts as missing, and goes right */
    {TREE_BUT("6"), NAN, -1},  /* ... left */
    {TREE_BUT("6"), 0, -1},
    {TREE_BUT("6"), 1, 2},
    {TREE_BUT("8"), NAN, 2},   /* missing is missing, and goes right */
    {TREE_BUT("10"), NAN, -1}, /* ... left */
    {TREE_BUT("10"), 0, 2},
};
/* clang-format on */

static void it_knows_three_ways_to_be_missing(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(missing); i++) {
        struct str text = arena_printf(*state, "%s%s%s", HEADER, missing[i].decision, END);
        const double inputs[2] = {missing[i].input, 0};
        struct forest_file file;
        struct forest forest;
        uint16_t ranks[2];
        assert_int_equal(forest_read_lightgbm(&file, text, *state, NULL), STATUS_OK);
        assert_int_equal(forest_make(&forest, &file.raw, *state, NULL), STATUS_OK);
        forest_rank(ranks, &forest, inputs);
        if (forest_margin(&forest, ranks) != missing[i].margin) {
            print_error("row %zu\n", i);
            fail();
        }
    }
}

static void it_takes_lines_that_end_as_on_windows(void **state)
{
    struct forest_file file;
    struct str text = STR("tree\r\nobjective=binary sigmoid:1\r\nfeature_names=a\r\n\r\n"
                          "Tree=0\r\nnum_leaves=1\r\nleaf_value=1\r\n\r\nend of trees\r\n");
    assert_int_equal(forest_read_lightgbm(&file, text, *state, NULL), STATUS_OK);
    assert_text(file.names[0], "a");
}

/* clang-format off */
#define OBJECTIVE "objective=binary sigmoid:1\n"
#define NAMES "feature_names=a b\n"
#define STUMP(input, decision, left, right) \
    "Tree=0\nnum_leaves=2\nsplit_feature=" input "\nthreshold=0\ndecision_type=" decision "\nleft_child=" left \
    "\nright_child=" right "\nleaf_value=1 2\nleaf_count=1 1\ninternal_count=2\n"

static const struct {
    const char *text, *why;
} refused[] = {
    {"", "Line 0"},
    {"trees\n", "begins with"},
    {"tree\n", "before the first tree"},
    {"tree\n" OBJECTIVE, "before the first tree"},
    {"tree\n" NAMES, "before the first tree"},
    {"tree\nnum_class=3\n" OBJECTIVE NAMES, "several classes"},
    {"tree\nnum_class=x\n" OBJECTIVE NAMES, "a count"},
    {"tree\nobjective=regression\n" NAMES, "binary"},
    {"tree\nobjective=binary sigmoid:2\n" NAMES, "sigmoid:1"},
    {"tree\naverage_output\n" OBJECTIVE NAMES, "averaged"},
    {"tree\n" OBJECTIVE NAMES STUMP("0", "2", "-1", "-2"), "end of trees"},
    {"tree\n" OBJECTIVE NAMES STUMP("2", "2", "-1", "-2") END, "no such input"},
    {"tree\n" OBJECTIVE NAMES STUMP("0.5", "2", "-1", "-2") END, "no such input"},
    {"tree\n" OBJECTIVE NAMES STUMP("0", "1", "-1", "-2") END, "category"},
    {"tree\n" OBJECTIVE NAMES STUMP("0", "12", "-1", "-2") END, "decision_type"},
    {"tree\n" OBJECTIVE NAMES STUMP("0", "256", "-1", "-2") END, "decision_type"},
    {"tree\n" OBJECTIVE NAMES STUMP("0", "2", "-3", "-2") END, "no such child"},
    {"tree\n" OBJECTIVE NAMES STUMP("0", "2", "1", "-2") END, "no such child"},
    {"tree\n" OBJECTIVE NAMES STUMP("0 0", "2", "-1", "-2") END, "more numbers"},
    {"tree\n" OBJECTIVE NAMES STUMP("", "2", "-1", "-2") END, "a number for each"},
    {"tree\n" OBJECTIVE NAMES STUMP("0", "two", "-1", "-2") END, "a number for each"},
    {"tree\n" OBJECTIVE NAMES "Tree=0\nsplit_feature=0\n" END, "num_leaves must come first"},
    {"tree\n" OBJECTIVE NAMES "Tree=0\nnum_leaves=0\n" END, "has a leaf"},
    {"tree\n" OBJECTIVE NAMES "Tree=0\nnum_leaves=2\nnum_cat=1\n" END, "category"},
    {"tree\n" OBJECTIVE NAMES "Tree=0\nnum_leaves=2\nis_linear=1\n" END, "linear"},
    {"tree\n" OBJECTIVE NAMES "Tree=0\nnum_leaves=2\nthreshold=0\n" END, "lacks a line"},
    {"tree\n" OBJECTIVE NAMES "Tree=0\n" END, "lacks a line"},
    {"tree\n" OBJECTIVE NAMES "Tree=0\nnum_leaves=99999999\n" END, "within what can be read"},
    {"tree\n" OBJECTIVE NAMES STUMP("0", "2", "-1", "-2") "Tree=1\nnum_leaves=2\nsplit_feature=0\nthreshold=0\n"
     "decision_type=10\nleft_child=-1\nright_child=-2\nleaf_value=1 2\nleaf_count=1 1\ninternal_count=2\n" END,
     "missing in two ways"},
};
/* clang-format on */

static void it_names_the_line_it_cannot_read(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct forest_file file;
        struct error err = {{0}, {0}};
        assert_int_equal(forest_read_lightgbm(&file, str_from(refused[i].text), *state, &err),
                         STATUS_INVALID);
        if (strstr(err.message, refused[i].why) == NULL || strncmp(err.message, "Line ", 5) != 0) {
            print_error("row %zu: %s\n", i, err.message);
            fail();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_reads_what_lightgbm_saves),
        cmocka_unit_test(it_knows_three_ways_to_be_missing),
        cmocka_unit_test(it_takes_lines_that_end_as_on_windows),
        cmocka_unit_test(it_names_the_line_it_cannot_read),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
