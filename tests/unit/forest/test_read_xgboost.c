/* test_read_xgboost.c - what XGBoost saves, and what it does not. */
#include "forest/file.h"

#include "boosted.h"

#include <stdio.h>

/* A model of one stump; each %s can be replaced by a test. */
#define MODEL                                                                                      \
    "{\"learner\":{\"feature_names\":%s,\"gradient_booster\":{\"model\":{\"trees\":[%s]},"         \
    "\"name\":\"%s\"},\"learner_model_param\":{\"base_score\":%s,\"num_class\":\"%s\","            \
    "\"num_feature\":\"%s\"},\"objective\":{\"name\":\"%s\"}},\"version\":[1,7,4]}"
#define STUMP                                                                                      \
    "{\"default_left\":[1,0,0],\"left_children\":[1,-1,-1],\"right_children\":[2,-1,-1],"          \
    "\"split_indices\":[1,0,0],\"split_conditions\":[1E-1,-2.5E-1,5E-1],"                          \
    "\"sum_hessian\":[9E0,6E0,3E0],\"split_type\":[0,0,0]}"

struct parts {
    const char *names, *trees, *booster, *base, *classes, *inputs, *objective;
};

static const struct parts good = {"[\"roa\",\"cash\"]", STUMP, "gbtree", "\"5E-1\"", "0", "2",
                                  "binary:logistic"};

static enum status parts_read(struct forest_file *out, const struct parts *p, struct arena *arena,
                              struct error *err)
{
    struct str text = arena_printf(
        arena, MODEL, p->names ? p->names : good.names, p->trees ? p->trees : good.trees,
        p->booster ? p->booster : good.booster, p->base ? p->base : good.base,
        p->classes ? p->classes : good.classes, p->inputs ? p->inputs : good.inputs,
        p->objective ? p->objective : good.objective);
    return forest_read_xgboost(out, text, arena, err);
}

static void it_reads_what_xgboost_saves(void **state)
{
    struct forest_file file;
    struct error err = {{0}, {0}};
    assert_int_equal(parts_read(&file, &good, *state, &err), STATUS_OK);
    assert_int_equal(file.raw.input_count, 2);
    assert_text(file.names[1], "cash");
    assert_int_equal(file.raw.tree_count, 1);
    const struct forest_raw_node *root = &file.raw.trees[0].nodes[0];
    assert_int_equal(root->input, 1);
    assert_true(root->missing_left);
    assert_false(root->includes);
    assert_true(root->threshold == (double)0.1F);
    assert_true(file.raw.trees[0].nodes[2].value == 0.5);
    assert_true(file.base_probability == 0.5);
    assert_int_equal(file.raw.input_rules[0], FOREST_AS_FLOAT);
}

static void it_takes_a_base_as_the_objective_counts_it(void **state)
{
    struct forest_file file;
    const struct parts raw = {.objective = "binary:logitraw", .base = "\"-1.5E0\""};
    const struct parts rate = {.objective = "reg:logistic", .base = "\"2.5E-1\""};
    assert_int_equal(parts_read(&file, &raw, *state, NULL), STATUS_OK);
    assert_true(file.raw.base == -1.5);
    assert_true(file.base_probability == 0.5);
    assert_int_equal(parts_read(&file, &rate, *state, NULL), STATUS_OK);
    assert_true(file.raw.base == 0);
    assert_true(file.base_probability == 0.25);
}

static void it_needs_no_names(void **state)
{
    struct forest_file file;
    const struct parts unnamed = {.names = "[]"};
    assert_int_equal(parts_read(&file, &unnamed, *state, NULL), STATUS_OK);
    assert_null(file.names);
}

/* clang-format off */
static const struct {
    struct parts parts;
    const char *field, *why;
} refused[] = {
    {{.booster = "dart"}, "/learner/gradient_booster/name", "gbtree"},
    {{.booster = "gblinear"}, "/learner/gradient_booster/name", "gbtree"},
    {{.objective = "multi:softprob"}, "/learner/objective/name", "binary:logistic"},
    {{.objective = "rank:pairwise"}, "/learner/objective/name", "binary:logistic"},
    {{.classes = "3"}, "/learner/learner_model_param", "several classes"},
    {{.inputs = "0"}, "/learner/learner_model_param", "1 to 256 inputs"},
    {{.inputs = "257"}, "/learner/learner_model_param", "1 to 256 inputs"},
    {{.inputs = "-1"}, "/learner/learner_model_param", "1 to 256 inputs"},
    {{.inputs = "two"}, "/learner/learner_model_param/num_feature", "number"},
    {{.base = "\"0\""}, "/learner/learner_model_param", "between 0 and 1"},
    {{.base = "\"1\""}, "/learner/learner_model_param", "between 0 and 1"},
    {{.base = "\"5.8E-92\""}, "/learner/learner_model_param", "between 0 and 1"}, /* in 24 bits */
    {{.base = "\"9.99999999999E-1\""}, "/learner/learner_model_param", "between 0 and 1"},
    {{.base = "\"NaN\""}, "/learner/learner_model_param/base_score", "number"},
    {{.base = "[5E-1]"}, "/learner/learner_model_param/base_score", "number"},
    {{.names = "[\"roa\"]"}, "/learner/feature_names", "As many names"},
    {{.names = "[\"roa\",2]"}, "/learner/feature_names/1", "name"},
    {{.trees = "7"}, "/learner/gradient_booster/model/trees/0", "object"},
    {{.trees = "{}"}, "/learner/gradient_booster/model/trees/0", "left_children"},
    {{.trees = "{\"left_children\":[-1],\"right_children\":[-1],\"split_indices\":[0],\"split_conditions\":[0.1],"
               "\"default_left\":[0],\"sum_hessian\":[1,1],\"split_type\":[0]}"},
     "/learner/gradient_booster/model/trees/0/sum_hessian", "equally long"},
    {{.trees = "{\"left_children\":[-1],\"right_children\":[-1],\"split_indices\":[0],\"split_conditions\":[\"x\"],"
               "\"default_left\":[0],\"sum_hessian\":[1],\"split_type\":[0]}"},
     "/learner/gradient_booster/model/trees/0/split_conditions/0", "number"},
    {{.trees = "{\"left_children\":[1.5],\"right_children\":[-1],\"split_indices\":[0],\"split_conditions\":[0.1],"
               "\"default_left\":[0],\"sum_hessian\":[1],\"split_type\":[0]}"},
     "/learner/gradient_booster/model/trees/0", "no children"},
    {{.trees = "{\"left_children\":[-1],\"right_children\":[-1],\"split_indices\":[0],\"split_conditions\":[0.1],"
               "\"default_left\":[0],\"sum_hessian\":[1],\"split_type\":[1]}"},
     "/learner/gradient_booster/model/trees/0", "category"},
};
/* clang-format on */

static void it_points_at_what_it_cannot_read(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct forest_file file;
        struct error err = {{0}, {0}};
        assert_int_equal(parts_read(&file, &refused[i].parts, *state, &err), STATUS_INVALID);
        if (strcmp(err.field, refused[i].field) != 0 ||
            strstr(err.message, refused[i].why) == NULL) {
            print_error("row %zu: %s: %s\n", i, err.field, err.message);
            fail();
        }
    }
}

static void it_says_where_the_text_is_not_json(void **state)
{
    static const char *const texts[] = {
        "", "{", "[]", "tree\n", "{\"learner\":1}", "{\"learner\":{}}"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct forest_file file;
        struct error err = {{0}, {0}};
        assert_int_equal(forest_read_xgboost(&file, str_from(texts[i]), *state, &err),
                         STATUS_INVALID);
        assert_true(strlen(err.message) > 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_reads_what_xgboost_saves),
        cmocka_unit_test(it_takes_a_base_as_the_objective_counts_it),
        cmocka_unit_test(it_needs_no_names),
        cmocka_unit_test(it_points_at_what_it_cannot_read),
        cmocka_unit_test(it_says_where_the_text_is_not_json),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
