/* test_model_read_forest.c - trees in a bundle: code from outside, refused at the first fault.
 *
 * tiny_forest.json is a forest alone, tiny_blocks.json has a scorecard beside it.  Their vectors
 * were worked out apart from this code: walks by hand, contributions as Shapley values over all
 * subsets of the inputs. */
#include "score/block.h"
#include "score/trees.h"
#include "tiny.h"

#include <math.h>
#include <string.h>

struct mutation {
    const char *was, *is; /* the first `was` in the file becomes `is` */
    const char *pointer;
    const char *message; /* a part of it */
};

#define TREE_0 "\"input\": [0, 1, 2, -1, -1, -1, -1]"
#define TREE_1 "\"input\": [2, -1, 5, -1, -1]"
#define TREE_3 "\"at\": [0.05, 0.4, -0.2]"

/* clang-format off */
static const struct mutation of_a_forest[] = {
    /* which family */
    {"\"forest\": {", "\"trees\": {", "/blocks/financial/trees", "not a member"},
    {"\"forest\": {", "\"forest_weight\": 1, \"forest\": {", "/blocks/financial/forest_weight", "a scorecard and a forest"},
    {"\"forest\": {", "\"scorecard\": {\"intercept\": 0, \"characteristics\": []}, \"forest\": {", "/blocks/financial/scorecard/characteristics", "1 to 128"},
    /* the forest */
    {"\"base\": -3.2", "\"base\": -3.2, \"rate\": 1", "/blocks/financial/forest/rate", "not a member"},
    {"\"base\": -3.2,", "", "/blocks/financial/forest/base", "required"},
    {"\"base\": -3.2", "\"base\": -51", "/blocks/financial/forest/base", "from -50 to 50"},
    {"\"base\": -3.2", "\"base\": 1e999", "/blocks/financial/forest/base", "finite"},
    {"\"base\": -3.2", "\"base\": -3.200000000000001", "/blocks/financial/forest/base", "15 significant"},
    {"\"trees\": [", "\"trees\": [7,", "/blocks/financial/forest/trees/0", "type object"},
    {"\"trees\": [", "\"trees\": [], \"tree\": [", "/blocks/financial/forest/tree", "not a member"},
    /* its inputs */
    {"{\n        \"inputs\": [\"equity_ratio\"", "{\n        \"inputs\": [\"equity_share\"", "/blocks/financial/forest/inputs/0", "not one of the inputs"},
    {"{\n        \"inputs\": [\"equity_ratio\"", "{\n        \"inputs\": [\"quick_ratio\"", "/blocks/financial/forest/inputs/1", "already"},
    {"{\n        \"inputs\": [\"equity_ratio\"", "{\n        \"inputs\": [null", "/blocks/financial/forest/inputs/0", "type string"},
    {"{\n        \"inputs\": [\"equity_ratio\", \"quick_ratio\", \"roa\", \"cf_tl\", \"dso\", \"stl_days\"]", "{\n        \"inputs\": []", "/blocks/financial/forest/inputs", "1 to 128"},
    {", \"dso\", \"stl_days\"],\n        \"base\"", ", \"dso\"],\n        \"base\"", "/blocks/financial/forest/trees/1/input/2", "from -1 to 4"},
    /* the arrays of a tree */
    {TREE_0, "\"inputs\": [0, 1, 2, -1, -1, -1, -1]", "/blocks/financial/forest/trees/0/inputs", "not a member"},
    {TREE_0, "\"input\": [0, 1, 2, -1, -1, -1]", "/blocks/financial/forest/trees/0/at", "as long as"},
    {TREE_0, "\"input\": [0, 1, 2, -1, -1, -1, -1, -1]", "/blocks/financial/forest/trees/0/at", "as long as"},
    {TREE_0, "\"input\": []", "/blocks/financial/forest/trees/0/input", "1 to 511"},
    {TREE_0, "\"input\": 0", "/blocks/financial/forest/trees/0/input", "type array"},
    {TREE_0, "\"input\": [6, 1, 2, -1, -1, -1, -1]", "/blocks/financial/forest/trees/0/input/0", "from -1 to 5"},
    {TREE_0, "\"input\": [-2, 1, 2, -1, -1, -1, -1]", "/blocks/financial/forest/trees/0/input/0", "from -1 to 5"},
    {TREE_0, "\"input\": [0.5, 1, 2, -1, -1, -1, -1]", "/blocks/financial/forest/trees/0/input/0", "integer"},
    {TREE_0, "\"input\": [0, 1, 2, 1, -1, -1, -1]", "/blocks/financial/forest/trees/0/input/3", "one split too many"},
    {TREE_0, "\"input\": [0, 1, -1, -1, -1, -1, -1]", "/blocks/financial/forest/trees", "node 5"},
    {TREE_0, "\"input\": [-1, 1, 2, -1, -1, -1, -1]", "/blocks/financial/forest/trees", "node 1"},
    {TREE_0, "\"input\": [-1, -1, -1, -1, -1, -1, 0]", "/blocks/financial/forest/trees", "node 1"},
    {"\"missing_left\": [1, 0, 1,", "\"missing_left\": [2, 0, 1,", "/blocks/financial/forest/trees/0/missing_left/0", "from 0 to 1"},
    {"\"missing_left\": [1, 0, 1,", "\"missing_left\": [true, 0, 1,", "/blocks/financial/forest/trees/0/missing_left/0", "type number"},
    {"\"cover\": [100, 30,", "\"cover\": [100, 0,", "/blocks/financial/forest/trees/0/cover/1", "from 1e-12"},
    {"\"cover\": [100, 30,", "\"cover\": [100, -30,", "/blocks/financial/forest/trees/0/cover/1", "from 1e-12"},
    {"\"cover\": [100, 30,", "\"cover\": [100, 1e13,", "/blocks/financial/forest/trees/0/cover/1", "to 1e+12"},
    {"\"cover\": [100, 30, 70", "\"cover\": [100, 30, 70.0000000000000001", "/blocks/financial/forest/trees/0/cover/2", "15 significant"},
    {"\"cover\": [100, 30,", "\"covers\": [100, 30,", "/blocks/financial/forest/trees/0/covers", "not a member"},
    /* thresholds and leaves */
    {TREE_3, "\"at\": [0.05, 50.5, -0.2]", "/blocks/financial/forest/trees/3/at/1", "from -50 to 50"},
    {TREE_3, "\"at\": [1e16, 0.4, -0.2]", "/blocks/financial/forest/trees/3/at/0", "from -1e+15"},
    {TREE_3, "\"at\": [-0.05, 0.4, -0.2]", "/blocks/financial/forest/trees/3/at/0", "lowest edge cf_tl"},
    {TREE_3, "\"at\": [null, 0.4, -0.2]", "/blocks/financial/forest/trees/3/at/0", "type number"},
    {TREE_3, "\"at\": [0.05, 0.4, 1e400]", "/blocks/financial/forest/trees/3/at/2", "finite"},
    /* vectors */
    {"{\"forest\": -4.4", "{\"margin\": -4.4", "/vectors/0/blocks/financial/forest", "required"},
    {"{\"forest\": -4.4", "{\"forest\": 4.4", "/vectors/0/blocks/financial/forest", "does not come out"},
    {"\"contributions\": [", "\"contributions\": [0, ", "/vectors/0/blocks/financial/contributions", "6 to 6"},
    {"\"contributions\": [-0.", "\"contributions\": [-1.", "/vectors/0/blocks/financial/contributions/0", "does not come out"},
    {"\"contributions\": [-0.", "\"contributions\": [-0.0000000001, -0.", "/vectors/0/blocks/financial/contributions", "6 to 6"},
    {"\"contributions\": [", "\"contributions\": [\"0\", ", "/vectors/0/blocks/financial/contributions", "6 to 6"},
    {"{\"forest\": -4.4", "{\"card\": 0, \"forest\": -4.4", "/vectors/0/blocks/financial/card", "not a member"},
    /* what is fine, and proves wrong by the vectors */
    {"\"base\": -3.2", "\"base\": -3.1", "/vectors/0/blocks/financial/log_odds", "does not come out"},
    {TREE_3, "\"at\": [0.05, 0.41, -0.21]", "/vectors/0/blocks/financial/log_odds", "does not come out"},
    {"\"cover\": [100, 30, 70", "\"cover\": [100, 31, 70", "/vectors/0/blocks/financial/contributions/0", "does not come out"},
};

static const struct mutation of_both[] = {
    {"\"forest_weight\": 0.6", "\"forest_weight\": 0", "/blocks/financial/forest_weight", "neither included"},
    {"\"forest_weight\": 0.6", "\"forest_weight\": 1", "/blocks/financial/forest_weight", "neither included"},
    {",\n      \"forest_weight\": 0.6", "", "/blocks/financial/forest_weight", "required"},
    {"\"forest_weight\": 0.6", "\"forest_weight\": 0.7", "/vectors/0/blocks/financial/log_odds", "does not come out"},
    {"{\"card\": -6.285", "{\"card\": -6.286", "/vectors/0/blocks/financial/card", "does not come out"},
    {"{\"card\": -6.285, ", "{", "/vectors/0/blocks/financial/card", "required"},
    {"\"kind\": \"expert\",\n      \"low\": -0.6,\n", "\"kind\": \"expert\",\n", "/blocks/bank/low", "required"},
    {"\"low\": -0.6", "\"low\": 0.9", "/blocks/bank/high", "above"},
    {"\"high\": 0.9", "\"high\": 0.5", "/vectors/1/blocks/bank/log_odds", "does not come out"},
};
/* clang-format on */

/* The text with the first `was` replaced; the caller frees. */
static char *replaced(const char *text, const char *was, const char *is)
{
    const char *at = strstr(text, was);
    if (at == NULL) {
        print_error("not in the bundle: %s\n", was);
    }
    assert_non_null(at);
    size_t before = (size_t)(at - text);
    size_t size = strlen(text) + strlen(is) + 1;
    char *out = malloc(size);
    assert_non_null(out);
    memcpy(out, text, before);
    (void)snprintf(out + before, size - before, "%s%s", is, at + strlen(was));
    return out;
}

static unsigned failures_of(const char *sound, const struct mutation *mutations, size_t count)
{
    unsigned failures = 0;
    for (size_t i = 0; i < count; i++) {
        const struct mutation *m = &mutations[i];
        char *broken = replaced(sound, m->was, m->is);
        struct model *model = NULL;
        struct error err = {0};
        enum status status = model_read(&model, str_from(broken), &err);
        bool is_named =
            strcmp(err.field, m->pointer) == 0 && strstr(err.message, m->message) != NULL;
        if (status != STATUS_INVALID || model != NULL || !is_named) {
            failures++;
            print_error("%s -> %s\n  got  %s: %s\n  want %s: %s\n", m->was, m->is, err.field,
                        err.message, m->pointer, m->message);
        }
        model_destroy(model);
        free(broken);
    }
    return failures;
}

static void it_refuses_a_broken_forest_and_says_where(void **state)
{
    (void)state;
    char *forest = text_of(TINY_FOREST);
    char *both = text_of(TINY_BLOCKS);
    assert_int_equal(failures_of(forest, of_a_forest, ARRAY_LEN(of_a_forest)), 0);
    assert_int_equal(failures_of(both, of_both, ARRAY_LEN(of_both)), 0);
    free(both);
    free(forest);
}

static void it_refuses_a_truncated_bundle(void **state)
{
    (void)state;
    char *sound = text_of(TINY_FOREST);
    for (size_t cut = 0; cut < strlen(sound) - 2; cut += 53) {
        struct model *model = NULL;
        assert_int_equal(model_read(&model, str_of(sound, cut), NULL), STATUS_INVALID);
    }
    free(sound);
}

static void it_takes_a_forest_alone(void **state)
{
    (void)state;
    struct model *m = model_of(TINY_FOREST);
    const struct model_block *block = &m->blocks[BLOCK_FINANCIAL];
    assert_int_equal(block->characteristic_count, 0);
    assert_non_null(block->trees);
    assert_true(block->forest_weight == 1.0);
    assert_int_equal(block->trees->forest.tree_count, 5);
    assert_int_equal(block->trees->input_count, 6);
    assert_true(block->trees->follows_directions);
    assert_true(m->can_decide);
    model_destroy(m);
}

static void it_blends_both_families(void **state)
{
    (void)state;
    struct model *both = model_of(TINY_BLOCKS);
    struct model *card = tiny_model();
    struct model *forest = model_of(TINY_FOREST);
    struct known inputs[MODEL_INPUTS_MAX] = {
        {0.05, true},
        {0.9,  true}
    };
    double of_card = block_log_odds(card, BLOCK_FINANCIAL, inputs, "FR");
    double of_forest = block_log_odds(forest, BLOCK_FINANCIAL, inputs, "FR");
    double blended = block_log_odds(both, BLOCK_FINANCIAL, inputs, "FR");
    assert_true(fabs(blended - (0.6 * of_forest + 0.4 * of_card)) < 1e-12);
    assert_true(model_log_odds(card, inputs, "FR") == of_card);
    assert_true(model_log_odds(forest, inputs, "FR") == of_forest);
    model_destroy(forest);
    model_destroy(card);
    model_destroy(both);
}

/* Leaves swapped, so that more equity is worse: it may be measured, but must not decide. */
static void it_lets_a_forest_against_the_directions_score_tables_but_not_decide(void **state)
{
    (void)state;
    char *sound = text_of(TINY_FOREST);
    /* Two leaves of the last tree that no vector reaches with these values would do as well; here
     * the split on dso, which has no direction, is made one on days of credit, which has. */
    char *text = replaced(sound, "\"at\": [0.05, 0.4, -0.2]", "\"at\": [0.05, -0.2, 0.4]");
    struct model *model = NULL;
    struct error err = {0};
    assert_int_equal(model_read(&model, str_from(text), &err), STATUS_INVALID);
    assert_string_equal(err.field, "/vectors/0/blocks/financial/log_odds");
    free(text);
    free(sound);

    struct model *m = model_of(TINY_FOREST);
    static const struct {
        const char *why;
        uint32_t input;
        int8_t direction;
        bool follows;
    } rows[] = {
        {"equity against",  0, 1,  false},
        {"quick against",   1, 1,  false},
        {"roa against",     2, 1,  false},
        {"cash against",    3, 1,  false},
        {"dso falls",       4, -1, false},
        {"dso rises",       4, 1,  false},
        {"dso either way",  4, 0,  true },
        {"credit against",  5, -1, false},
        {"equity as it is", 0, -1, true },
        {"credit as it is", 5, 1,  true },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int8_t directions[MODEL_INPUTS_MAX] = {0};
        struct arena scratch;
        bool follows = !rows[i].follows;
        arena_init(&scratch, 1 << 20);
        directions[rows[i].input] = rows[i].direction;
        assert_int_equal(forest_follows(&follows, &m->blocks[BLOCK_FINANCIAL].trees->forest,
                                        directions, &scratch, NULL),
                         STATUS_OK);
        if (follows != rows[i].follows) {
            fail_msg("%s", rows[i].why);
        }
        arena_finish(&scratch);
    }
    model_destroy(m);
}

static void it_clips_what_the_trees_see(void **state)
{
    (void)state;
    assert_true(trees_value(FEATURE_EQUITY_RATIO, -7) == -1);
    assert_true(trees_value(FEATURE_EQUITY_RATIO, 7) == 1);
    assert_true(trees_value(FEATURE_CF_TL, -1.5) == 0); /* clips at -2, but has no edge below 0 */
    assert_true(trees_value(FEATURE_CF_TL, 0.5) == 0.5);
    assert_true(trees_value(FEATURE_NONE, -1e9) == -1e9);
}

/* A vector holds at most so many: each one also costs its contributions. */
static void it_takes_no_more_vectors_than_it_may(void **state)
{
    (void)state;
    char *sound = text_of(TINY_FOREST);
    const char *vectors = strstr(sound, "\"vectors\": [");
    const char *first = strchr(vectors, '{');
    const char *end = strstr(first, "},\n    {"); /* of a vector */
    size_t row_len = (size_t)(end - first) + 2;
    for (size_t count = MODEL_FOREST_VECTORS_MAX; count <= MODEL_FOREST_VECTORS_MAX + 1; count++) {
        CLEANUP(buf_finish) struct buf text;
        buf_init(&text, 1 << 20);
        buf_append(&text, str_of(sound, (size_t)(first - sound)));
        for (size_t i = 0; i < count; i++) {
            buf_append(&text, str_of(first, row_len - (i + 1 == count ? 1 : 0)));
        }
        const char *rest = strstr(first, "\n  ]");
        buf_append(&text, str_from(rest));
        struct model *model = NULL;
        struct error err = {0};
        enum status status = model_read(&model, buf_str(&text), &err);
        if (count <= MODEL_FOREST_VECTORS_MAX) {
            assert_string_equal(err.message, "");
            assert_int_equal(status, STATUS_OK);
        } else {
            assert_int_equal(status, STATUS_INVALID);
            assert_string_equal(err.field, "/vectors");
        }
        model_destroy(model);
    }
    free(sound);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_refuses_a_broken_forest_and_says_where),
        cmocka_unit_test(it_refuses_a_truncated_bundle),
        cmocka_unit_test(it_takes_a_forest_alone),
        cmocka_unit_test(it_blends_both_families),
        cmocka_unit_test(it_lets_a_forest_against_the_directions_score_tables_but_not_decide),
        cmocka_unit_test(it_clips_what_the_trees_see),
        cmocka_unit_test(it_takes_no_more_vectors_than_it_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
