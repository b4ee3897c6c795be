/* test_forest.c - answers as XGBoost gives them, thresholds to the last bit, and what is no forest.
 */
#include "boosted.h"

/* clang-format off */
static const struct forest_raw_node stump[] = {
    SPLIT(0, 0.5, false, 1, 2, 10), LEAF(-1, 6), LEAF(2, 4)};
static const struct forest_raw_node lone_leaf[] = {LEAF(0.25, 1)};

#define NODES(...) {(const struct forest_raw_node[]){__VA_ARGS__}, \
    sizeof((const struct forest_raw_node[]){__VA_ARGS__}) / sizeof(struct forest_raw_node)}

static const struct {
    struct forest_raw_tree tree;
    const char *why;
} broken[] = {
    {NODES(SPLIT(1, 0.5, false, 1, 2, 10), LEAF(-1, 6), LEAF(2, 4)), "an input that the forest does not have"},
    {NODES(SPLIT(0, 0.5, false, 0, 1, 10), LEAF(-1, 6)), "children that do not follow it"},
    {NODES(SPLIT(0, 0.5, false, 1, 1, 10), LEAF(-1, 6)), "children that do not follow it"},
    {NODES(SPLIT(0, 0.5, false, 1, 3, 10), LEAF(-1, 6), LEAF(2, 4)), "children that do not follow it"},
    {NODES(SPLIT(0, 0.5, false, 1, 2, 10), LEAF(-1, 6), LEAF(2, 4), LEAF(1, 1)), "hangs on no other node"},
    {NODES(SPLIT(0, 0.5, false, 1, 2, 10), SPLIT(0, 0.1, false, 2, 3, 6), LEAF(2, 4), LEAF(1, 1)),
     "hangs on another node too"},
    {NODES(SPLIT(0, 0.5, false, 1, 2, 0), LEAF(-1, 6), LEAF(2, 4)), "has no cover"},
    {NODES(SPLIT(0, 0.5, false, 1, 2, 10), LEAF(-1, -6), LEAF(2, 4)), "has no cover"},
    {NODES({.input = 0, .threshold = NAN, .left = 1, .right = 2, .cover = 1}, LEAF(-1, 6), LEAF(2, 4)),
     "a threshold that is no number"},
    {NODES({.is_leaf = true, .value = INFINITY, .cover = 1}), "a value that is no number"},
};
/* clang-format on */

static struct forest_raw raw_of(const struct forest_raw_tree *tree, const uint8_t *rules)
{
    return (struct forest_raw){1, rules, tree, 1, 0};
}

static double answer(const struct forest *forest, const double *inputs)
{
    uint16_t ranks[FOREST_INPUTS_MAX];
    forest_rank(ranks, forest, inputs);
    return forest_margin(forest, ranks);
}

static void it_answers_as_xgboost_does(void **state)
{
    struct forest forest;
    struct error err;
    assert_int_equal(forest_make(&forest, &boosted, *state, &err), STATUS_OK);
    for (size_t i = 0; i < ARRAY_LEN(boosted_rows); i++) {
        assert_within(answer(&forest, boosted_rows[i].inputs), boosted_rows[i].margin, 1e-6);
    }
}

static void it_compares_to_the_last_bit(void **state)
{
    static const struct {
        uint8_t rule;
        bool includes;
        double threshold, input;
        double want; /* -1 left, 2 right */
    } rows[] = {
        {FOREST_AS_DOUBLE,       false, 0.5,   0.5,                  2 },
        {FOREST_AS_DOUBLE,       false, 0.5,   0x1.fffffffffffffp-2, -1},
        {FOREST_AS_FLOAT,        false, 0.5,   0x1.fffffffffffffp-2, 2 }, /* rounds up to the threshold */
        {FOREST_AS_FLOAT,        false, 0.5,   0x1.fffffep-2,        -1},
        {FOREST_AS_DOUBLE,       true,  0.5,   0.5,                  -1},
        {FOREST_AS_DOUBLE,       true,  0.5,   0x1.0000000000001p-1, 2 },
        {FOREST_AS_DOUBLE,       false, 0.0,   -0.0,                 2 },
        {FOREST_AS_DOUBLE,       true,  -0.0,  0.0,                  -1},
        {FOREST_AS_DOUBLE,       true,  1e-40, 0.0,                  -1},
        {FOREST_AS_DOUBLE,       false, 0.5,   INFINITY,             2 },
        {FOREST_AS_DOUBLE,       false, 0.5,   -INFINITY,            -1},
        {FOREST_AS_DOUBLE,       false, 0.5,   NAN,                  2 }, /* the default side of this split */
        {FOREST_MISSING_IS_ZERO, true,  0.5,   NAN,                  -1},
        {FOREST_MISSING_IS_ZERO, true,  -0.5,  NAN,                  2 },
        {FOREST_ZERO_IS_MISSING, true,  0.5,   0.0,                  2 },
        {FOREST_ZERO_IS_MISSING, true,  0.5,   1e-36,                2 },
        {FOREST_ZERO_IS_MISSING, true,  0.5,   1e-34,                -1},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct forest_raw_node nodes[] = {stump[0], stump[1], stump[2]};
        const struct forest_raw_tree tree = {nodes, 3};
        const struct forest_raw raw = raw_of(&tree, &rows[i].rule);
        struct forest forest;
        nodes[0].threshold = rows[i].threshold;
        nodes[0].includes = rows[i].includes;
        assert_int_equal(forest_make(&forest, &raw, *state, NULL), STATUS_OK);
        if (answer(&forest, &rows[i].input) != rows[i].want) {
            print_error("row %zu\n", i);
            fail();
        }
    }
}

static void it_sums_trees_upon_a_base(void **state)
{
    const struct forest_raw_tree trees[] = {
        {stump,     3},
        {lone_leaf, 1},
        {stump,     3}
    };
    const uint8_t rule = FOREST_AS_DOUBLE;
    const struct forest_raw raw = {1, &rule, trees, 3, 0.5};
    const double inputs[] = {0, 1};
    struct forest forest;
    assert_int_equal(forest_make(&forest, &raw, *state, NULL), STATUS_OK);
    assert_true(answer(&forest, &inputs[0]) == 0.5 - 1 + 0.25 - 1);
    assert_true(answer(&forest, &inputs[1]) == 0.5 + 2 + 0.25 + 2);
}

static void it_refuses_what_is_no_tree_and_says_why(void **state)
{
    const uint8_t rule = FOREST_AS_DOUBLE;
    for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
        const struct forest_raw raw = raw_of(&broken[i].tree, &rule);
        struct forest forest;
        struct error err = {{0}, {0}};
        assert_int_equal(forest_make(&forest, &raw, *state, &err), STATUS_INVALID);
        if (strstr(err.message, broken[i].why) == NULL) {
            print_error("row %zu: %s\n", i, err.message);
            fail();
        }
    }
}

static enum status forest_of(uint32_t inputs, const struct forest_raw_tree *trees, uint32_t count,
                             struct arena *arena)
{
    static const uint8_t rules[FOREST_INPUTS_MAX + 1];
    const struct forest_raw raw = {inputs, rules, trees, count, 0};
    struct forest forest;
    return forest_make(&forest, &raw, arena, NULL);
}

static void it_has_limits(void **state)
{
    static struct forest_raw_tree many[FOREST_TREES_MAX + 1];
    static const struct forest_raw_tree none = {lone_leaf, 0};
    for (size_t i = 0; i < ARRAY_LEN(many); i++) {
        many[i] = (struct forest_raw_tree){lone_leaf, 1};
    }
    assert_int_equal(forest_of(1, many, FOREST_TREES_MAX, *state), STATUS_OK);
    assert_int_equal(forest_of(1, many, FOREST_TREES_MAX + 1, *state), STATUS_INVALID);
    assert_int_equal(forest_of(FOREST_INPUTS_MAX, many, 1, *state), STATUS_OK);
    assert_int_equal(forest_of(FOREST_INPUTS_MAX + 1, many, 1, *state), STATUS_INVALID);
    assert_int_equal(forest_of(0, many, 1, *state), STATUS_INVALID);
    assert_int_equal(forest_of(1, many, 0, *state), STATUS_INVALID);
    assert_int_equal(forest_of(1, &none, 1, *state), STATUS_INVALID);
}

/* A chain: each split has a leaf to its left and the next split to its right. */
static enum status chain_of(uint32_t depth, struct arena *arena)
{
    static struct forest_raw_node nodes[2 * (FOREST_DEPTH_MAX + 2) + 1];
    const struct forest_raw_tree tree = {nodes, 2 * depth + 1};
    for (uint32_t i = 0; i < depth; i++) {
        nodes[2 * i] = (struct forest_raw_node){
            .threshold = i, .left = 2 * i + 1, .right = 2 * i + 2, .cover = 1};
        nodes[2 * i + 1] = lone_leaf[0];
    }
    nodes[2 * depth] = lone_leaf[0];
    return forest_of(1, &tree, 1, arena);
}

static void it_is_no_deeper_than_it_may(void **state)
{
    assert_int_equal(chain_of(FOREST_DEPTH_MAX, *state), STATUS_OK);
    assert_int_equal(chain_of(FOREST_DEPTH_MAX + 1, *state), STATUS_INVALID);
}

static void it_has_no_more_thresholds_than_ranks(void **state)
{
    static struct forest_raw_node wide[2 * (FOREST_RANKS_MAX + 2)];
    for (uint32_t splits = FOREST_RANKS_MAX; splits <= FOREST_RANKS_MAX + 1; splits++) {
        /* a complete binary tree in heap order */
        for (uint32_t i = 0; i < 2 * splits + 1; i++) {
            wide[i] = i < splits ? (struct forest_raw_node){.threshold = i,
                                                            .left = 2 * i + 1,
                                                            .right = 2 * i + 2,
                                                            .cover = 1}
                                 : lone_leaf[0];
        }
        const struct forest_raw_tree tree = {wide, 2 * splits + 1};
        assert_int_equal(forest_of(1, &tree, 1, *state),
                         splits == FOREST_RANKS_MAX ? STATUS_OK : STATUS_INVALID);
    }
}

static void it_says_when_there_is_no_memory(void **state)
{
    (void)state;
    for (size_t limit = 1; limit < 20000; limit += 700) {
        struct arena small;
        struct forest forest;
        arena_init(&small, limit);
        enum status status = forest_make(&forest, &boosted, &small, NULL);
        assert_true(status == STATUS_OK || status == STATUS_TOO_LARGE);
        assert_true(limit > 700 || status == STATUS_TOO_LARGE);
        arena_finish(&small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_answers_as_xgboost_does),
        cmocka_unit_test(it_compares_to_the_last_bit),
        cmocka_unit_test(it_sums_trees_upon_a_base),
        cmocka_unit_test(it_refuses_what_is_no_tree_and_says_why),
        cmocka_unit_test(it_has_limits),
        cmocka_unit_test(it_is_no_deeper_than_it_may),
        cmocka_unit_test(it_has_no_more_thresholds_than_ranks),
        cmocka_unit_test(it_says_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
