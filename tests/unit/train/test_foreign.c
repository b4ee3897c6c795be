/* test_foreign.c - what other libraries have saved answers the same as a bundle. */
#include "train/foreign.h"

#include "base/elementary.h"
#include "forest/file.h"
#include "score/trees.h"

#include "../expect.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* clang-format off */
#define XGBOOST_OF(base, tree) \
    "{\"learner\":{\"feature_names\":[\"eq\",\"cash\",\"idle\"],\"gradient_booster\":{\"model\":{\"trees\":[" tree "]}," \
    "\"name\":\"gbtree\"},\"learner_model_param\":{\"base_score\":\"" base "\",\"num_class\":\"0\",\"num_feature\":\"3\"}," \
    "\"objective\":{\"name\":\"binary:logistic\"}},\"version\":[1,7,4]}"
/* Its nodes stand depth first, not level by level. */
#define XGBOOST_TREE \
    "{\"default_left\":[1,0,0,0,1,0,0],\"left_children\":[1,2,-1,-1,5,-1,-1],\"right_children\":[4,3,-1,-1,6,-1,-1]," \
    "\"split_indices\":[1,0,0,0,0,0,0],\"split_conditions\":[1E-1,2.5E-1,6E-1,1E-1,-3E-1,7E-1,-5E-1]," \
    "\"sum_hessian\":[9E0,6E0,4E0,2E0,3E0,1E0,1E-20],\"split_type\":[0,0,0,0,0,0,0]}"
#define XGBOOST XGBOOST_OF("4.8E-2", XGBOOST_TREE)

#define LIGHTGBM_OF(decision) \
    "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx=1\n" \
    "objective=binary sigmoid:1\nfeature_names=eq cash\nfeature_infos=[0:1] [0:1]\ntree_sizes=10 20\n\n" \
    "Tree=0\nnum_leaves=3\nnum_cat=0\nsplit_feature=1 0\nsplit_gain=3 2\nthreshold=0.5 -0.12500000000000003\n" \
    "decision_type=" decision " " decision "\nleft_child=1 -1\nright_child=-2 -3\nleaf_value=-0.5 0.25 1\n" \
    "leaf_weight=1 2 3\nleaf_count=10 20 30\ninternal_value=0 0\ninternal_weight=0 0\n" \
    "internal_count=60 40\nis_linear=0\nshrinkage=0.1\n\n" \
    "Tree=1\nnum_leaves=1\nnum_cat=0\nleaf_value=0.125\nshrinkage=1\n\n" \
    "end of trees\n\nfeature_importances:\ncash=1\n\nparameters:\n[boosting: gbdt]\n"

#define REST \
    ",\"train_rate\":0.048,\"default_definition\":\"insolvency_12m\",\"central_tendency\":[{\"country\":\"*\"," \
    "\"section\":\"*\",\"rate\":0.02,\"source\":\"a test\",\"date\":\"2026-11-01\"}]}"
#define FRAME     "{\"id\":\"framed\",\"columns\":{\"eq\":\"equity_ratio\",\"cash\":\"quick_ratio\"}" REST
#define FREE      "{\"id\":\"framed\",\"columns\":{\"eq\":\"x1\",\"cash\":\"x2\"}" REST
/* clang-format on */

static struct model *convert(const char *trees, const char *frame, const char *id)
{
    struct model *model = NULL;
    struct error err = {.message = ""};
    struct buf bundle;
    buf_init(&bundle, MODEL_LEN_MAX);
    if (foreign_bundle(&bundle, str_from(trees), str_from(frame), str_from(id), &err) !=
            STATUS_OK ||
        model_read(&model, buf_str(&bundle), &err) != STATUS_OK) {
        fail_msg("%s: %s", err.field, err.message);
    }
    buf_finish(&bundle);
    return model;
}

/* One number of 24 bits between -1 and 1, now and then one that matters. */
static double draw(uint64_t *seed)
{
    static const double edges[] = {0.5, -0.125, (double)0.1F, 0.25, (double)-0.3F, 0.0, -1.25};
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    uint32_t chance = (uint32_t)(*seed >> 33);
    if (chance % 5 == 0) {
        return NAN;
    }
    return chance % 3 == 0 ? edges[(chance >> 8) % ARRAY_LEN(edges)]
                           : (double)((float)(chance >> 8 & 0xFFFF) / 32768.0F - 1.0F);
}

/* The margin of the file itself against that of the bundle, over all kinds of inputs. */
static void assert_same(const char *trees, bool is_xgboost, const char *frame)
{
    struct arena arena;
    struct forest_file file;
    struct forest forest;
    struct error err = {.message = ""};
    struct model *model = convert(trees, frame, "");
    const struct model_trees *ours = model->blocks[BLOCK_FINANCIAL].trees;
    uint64_t seed = 7;
    arena_init(&arena, 16 * 1024 * 1024);
    assert_int_equal((is_xgboost ? forest_read_xgboost
                                 : forest_read_lightgbm)(&file, str_from(trees), &arena, &err),
                     STATUS_OK);
    assert_int_equal(forest_make(&forest, &file.raw, &arena, &err), STATUS_OK);
    for (int i = 0; i < 2000; i++) {
        double eq = draw(&seed), cash = draw(&seed);
        const double theirs[3] = {eq, cash, 0.0};
        uint16_t ranks[MODEL_INPUTS_MAX];
        struct known inputs[MODEL_INPUTS_MAX] = {0};
        forest_rank(ranks, &forest, theirs);
        double want = forest_margin(&forest, ranks) + logit(file.base_probability);
        /* In the order in which the trees ask for them. */
        inputs[ours->inputs[0]] = (struct known){isnan(cash) ? 0.0 : cash, !isnan(cash)};
        inputs[ours->inputs[1]] = (struct known){isnan(eq) ? 0.0 : eq, !isnan(eq)};
        trees_rank(ranks, model, ours, inputs);
        double got = forest_margin(&ours->forest, ranks);
        if (fabs(got - want) > 1e-12) {
            fail_msg("eq %.17g, cash %.17g: %.17g, not %.17g", eq, cash, got, want);
        }
    }
    arena_finish(&arena);
    model_destroy(model);
}

static void answers_as_xgboost_does(void **state)
{
    (void)state;
    assert_same(XGBOOST, true, FREE);
    assert_same(XGBOOST_OF("5E-1", XGBOOST_TREE), true, FREE);
}

static void answers_as_lightgbm_does(void **state)
{
    (void)state;
    assert_same(LIGHTGBM_OF("2"), false, FREE);  /* what is missing is zero */
    assert_same(LIGHTGBM_OF("8"), false, FREE);  /* ... goes right */
    assert_same(LIGHTGBM_OF("10"), false, FREE); /* ... goes left */
}

static void scores_companies_where_all_inputs_are_features(void **state)
{
    (void)state;
    struct model *model = convert(XGBOOST, FRAME, "");
    assert_text(model->id, "framed");
    assert_text(model->version, "1");
    assert_true(model->can_score);
    assert_int_equal(model->input_count, 2); /* what no tree asks for is left out */
    assert_text(model->inputs[0].name, "quick_ratio");
    /* More equity and then more risk: it may be measured and challenge, not decide. */
    assert_false(model->can_decide);
    model_destroy(model);
    model = convert(XGBOOST, FREE, "renamed");
    assert_text(model->id, "renamed");
    assert_false(model->can_score);
    assert_false(model->can_decide);
    model_destroy(model);
}

static void decides_where_the_trees_follow_the_directions(void **state)
{
    static const char falling[] = XGBOOST_OF(
        "4.8E-2",
        "{\"default_left\":[1,0,0],\"left_children\":[1,-1,-1],\"right_children\":[2,-1,-1],"
        "\"split_indices\":[1,0,0],\"split_conditions\":[1E-1,6E-1,-5E-1],"
        "\"sum_hessian\":[9E0,6E0,3E0],\"split_type\":[0,0,0]}");
    static const char rising[] = XGBOOST_OF(
        "4.8E-2",
        "{\"default_left\":[1,0,0],\"left_children\":[1,-1,-1],\"right_children\":[2,-1,-1],"
        "\"split_indices\":[1,0,0],\"split_conditions\":[1E-1,-6E-1,5E-1],"
        "\"sum_hessian\":[9E0,6E0,3E0],\"split_type\":[0,0,0]}");
    (void)state;
    struct model *model = convert(falling, FRAME, "");
    assert_true(model->can_decide);
    model_destroy(model);
    model = convert(rising, FRAME, "");
    assert_false(model->can_decide);
    assert_true(model->can_score);
    model_destroy(model);
}

/* clang-format off */
static const struct {
    const char *trees, *frame, *why;
} refused[] = {
    {"", FRAME, "neither a model of XGBoost"},
    {"pickle", FRAME, "neither a model of XGBoost"},
    {"{}", FRAME, "learner"},
    {"tree\n", FRAME, "first tree"},
    {LIGHTGBM_OF("6"), FRAME, "takes zero for missing"},
    {XGBOOST, "", "line 1"},
    {XGBOOST, "[]", "is an object"},
    {XGBOOST, "{}", "columns"},
    {XGBOOST, "{\"columns\":[]" REST, "columns"},
    {XGBOOST, "{\"columns\":{\"eq\":\"equity_ratio\"}" REST, "ask for \"cash\""},
    {XGBOOST, "{\"columns\":{\"eq\":\"equity_ratio\",\"cash\":7}" REST, "ask for \"cash\""},
    {XGBOOST, "{\"columns\":{\"eq\":\"equity_ratio\",\"cash\":\"equity_ratio\"}" REST, "the same input"},
    {XGBOOST, "{\"id\":\"x\",\"columns\":{\"eq\":\"Equity\",\"cash\":\"quick_ratio\"}" REST, "would be refused"},
    {XGBOOST, "{\"columns\":{\"eq\":\"equity_ratio\",\"cash\":\"quick_ratio\"}" REST, "would be refused"}, /* no id */
    {XGBOOST, "{\"id\":\"x\",\"columns\":{},\"backdoor\":1" REST, "no such member"},
    {XGBOOST, "{\"id\":\"x\",\"columns\":{},\"train_rate\":\"0.1\",\"default_definition\":\"d\",\"central_tendency\":[]}", "share of bads"},
    {XGBOOST, "{\"id\":\"x\",\"columns\":{},\"train_rate\":0.1,\"central_tendency\":[]}", "default_definition"},
    {XGBOOST, "{\"id\":\"x\",\"columns\":{},\"train_rate\":0.1,\"default_definition\":\"d\"}", "central_tendency"},
    {XGBOOST, "{\"id\":\"x\",\"columns\":{\"eq\":\"a\",\"cash\":\"b\"},\"train_rate\":1,\"default_definition\":\"d\",\"central_tendency\":[]}",
     "would be refused"},
};
/* clang-format on */

static void refuses_what_it_cannot_frame(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct error err = {.message = ""};
        struct buf bundle;
        buf_init(&bundle, MODEL_LEN_MAX);
        enum status status = foreign_bundle(&bundle, str_from(refused[i].trees),
                                            str_from(refused[i].frame), STR(""), &err);
        if (status != STATUS_INVALID || bundle.len != 0 ||
            strstr(err.message, refused[i].why) == NULL) {
            fail_msg("%zu: %d %s: %s, not: %s", i, (int)status, err.field, err.message,
                     refused[i].why);
        }
        buf_finish(&bundle);
    }
}

static void refuses_trees_that_are_too_deep(void **state)
{
    struct buf trees, bundle;
    struct error err = {.message = ""};
    (void)state;
    for (unsigned splits = MODEL_TREE_DEPTH_MAX; splits <= MODEL_TREE_DEPTH_MAX + 1; splits++) {
        static const char *const names[] = {"default_left",  "left_children",    "right_children",
                                            "split_indices", "split_conditions", "sum_hessian",
                                            "split_type"};
        buf_init(&trees, 65536);
        buf_init(&bundle, MODEL_LEN_MAX);
        buf_append_text(&trees, "{\"learner\":{\"feature_names\":[\"eq\"],\"gradient_booster\":"
                                "{\"model\":{\"trees\":[{");
        for (size_t k = 0; k < ARRAY_LEN(names); k++) {
            buf_printf(&trees, "%s\"%s\":[", k > 0 ? "," : "", names[k]);
            for (unsigned i = 0; i < 2 * splits + 1; i++) { /* a chain to the right */
                bool is_split = i % 2 == 0 && i < 2 * splits;
                int value = k == 1   ? (is_split ? (int)i + 1 : -1)
                            : k == 2 ? (is_split ? (int)i + 2 : -1)
                            : k == 4 ? (is_split ? (int)i : 0)
                            : k == 5 ? 1
                                     : 0;
                buf_printf(&trees, "%s%d", i > 0 ? "," : "", value);
            }
            buf_append_text(&trees, "]");
        }
        buf_append_text(&trees, "}]},\"name\":\"gbtree\"},\"learner_model_param\":{\"base_score\":"
                                "\"5E-1\",\"num_class\":\"0\",\"num_feature\":\"1\"},\"objective\":"
                                "{\"name\":\"binary:logistic\"}},\"version\":[1,7,4]}");
        enum status status =
            foreign_bundle(&bundle, buf_str(&trees),
                           STR("{\"id\":\"x\",\"columns\":{\"eq\":\"x1\"}" REST), STR(""), &err);
        bool is_at_limit = splits == MODEL_TREE_DEPTH_MAX;
        if (status != (is_at_limit ? STATUS_OK : STATUS_INVALID)) {
            fail_msg("%u splits: %s: %s", splits, err.field, err.message);
        }
        buf_finish(&trees);
        buf_finish(&bundle);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_as_xgboost_does),
        cmocka_unit_test(answers_as_lightgbm_does),
        cmocka_unit_test(scores_companies_where_all_inputs_are_features),
        cmocka_unit_test(decides_where_the_trees_follow_the_directions),
        cmocka_unit_test(refuses_what_it_cannot_frame),
        cmocka_unit_test(refuses_trees_that_are_too_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
