/* test_explain.c - exact contributions, against XGBoost's own and against all orders worked by
 * brute force. */
#include "forest/explain.h"

#include "boosted.h"

/* clang-format off */
/* Root: input 0 below 0 is worth 1 (60 of 100); else input 1 below 0 is worth 2 (30), else 5 (10).
 */
static const struct forest_raw_node by_hand[] = {
    SPLIT(0, 0.0, true, 1, 2, 100), LEAF(1, 60),
    SPLIT(1, 0.0, true, 3, 4, 40), LEAF(2, 30), LEAF(5, 10)};

static const struct {
    double inputs[2], contributions[2];
} hand_rows[] = {
    {{1, 1}, {1.725, 1.575}},
    {{1, -1}, {0.825, -0.525}},
    {{-1, 1}, {-1.15, 0.45}},
    {{-1, -1}, {-0.55, -0.15}},
    {{NAN, 1}, {-1.15, 0.45}},
};
/* clang-format on */

static const uint8_t rules[8] = {0};

static void it_adds_up_to_what_was_worked_by_hand(void **state)
{
    const struct forest_raw_tree tree = {by_hand, ARRAY_LEN(by_hand)};
    const struct forest_raw raw = {2, rules, &tree, 1, 0};
    struct forest forest;
    struct explainer explainer;
    assert_int_equal(forest_make(&forest, &raw, *state, NULL), STATUS_OK);
    assert_int_equal(explainer_make(&explainer, &forest, *state, NULL), STATUS_OK);
    assert_within(explainer.base, 1.7, 1e-12);
    for (size_t i = 0; i < ARRAY_LEN(hand_rows); i++) {
        uint16_t ranks[2];
        double contributions[2];
        forest_rank(ranks, &forest, hand_rows[i].inputs);
        explainer_run(contributions, &explainer, ranks);
        assert_within(contributions[0], hand_rows[i].contributions[0], 1e-12);
        assert_within(contributions[1], hand_rows[i].contributions[1], 1e-12);
    }
}

static void it_agrees_with_xgboost(void **state)
{
    struct forest forest;
    struct explainer explainer;
    assert_int_equal(forest_make(&forest, &boosted, *state, NULL), STATUS_OK);
    assert_int_equal(explainer_make(&explainer, &forest, *state, NULL), STATUS_OK);
    for (size_t i = 0; i < ARRAY_LEN(boosted_rows); i++) {
        uint16_t ranks[4];
        double contributions[4];
        double sum = explainer.base;
        forest_rank(ranks, &forest, boosted_rows[i].inputs);
        explainer_run(contributions, &explainer, ranks);
        assert_within(explainer.base, boosted_rows[i].contributions[4], 1e-5);
        for (size_t input = 0; input < 4; input++) {
            assert_within(contributions[input], boosted_rows[i].contributions[input], 1e-5);
            sum += contributions[input];
        }
        assert_within(sum, forest_margin(&forest, ranks), 1e-12);
    }
}

/* ---- brute force: what the forest answers on average when only some inputs are told ---- */

static double expected(const struct forest *forest, uint32_t at, const uint16_t *ranks,
                       unsigned told)
{
    const struct forest_node *node = &forest->nodes[at];
    if (node->input == FOREST_LEAF) {
        return forest->values[node->next];
    }
    uint32_t left = node->next;
    if ((told >> node->input & 1) != 0) {
        unsigned rank = ranks[node->input];
        bool is_left = rank == FOREST_MISSING ? (node->rank & FOREST_MISSING_LEFT) != 0
                                              : rank < (node->rank & 0x7FFFU);
        return expected(forest, left + (is_left ? 0 : 1), ranks, told);
    }
    double whole = forest->covers[left] + forest->covers[left + 1];
    return (forest->covers[left] * expected(forest, left, ranks, told) +
            forest->covers[left + 1] * expected(forest, left + 1, ranks, told)) /
           whole;
}

static double value_of(const struct forest *forest, const uint16_t *ranks, unsigned told)
{
    double sum = 0;
    for (uint32_t t = 0; t < forest->tree_count; t++) {
        sum += expected(forest, forest->roots[t], ranks, told);
    }
    return sum;
}

static unsigned bits_in(unsigned set)
{
    unsigned count = 0;
    for (; set != 0; set &= set - 1) {
        count++;
    }
    return count;
}

static double factorial(unsigned n)
{
    return n < 2 ? 1 : n * factorial(n - 1);
}

static double shapley_by_definition(const struct forest *forest, const uint16_t *ranks,
                                    unsigned input)
{
    unsigned count = forest->input_count;
    double sum = 0;
    for (unsigned told = 0; told < 1U << count; told++) {
        if ((told >> input & 1) == 0) {
            unsigned size = bits_in(told);
            double weight = factorial(size) * factorial(count - size - 1) / factorial(count);
            sum += weight *
                   (value_of(forest, ranks, told | 1U << input) - value_of(forest, ranks, told));
        }
    }
    return sum;
}

static uint32_t chance(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

enum { RANDOM_INPUTS = 7, RANDOM_NODES_MAX = 1023 };

/* A tree of the given depth whose splits take any input, the same one twice on a path included. */
static uint32_t tree_grow(struct forest_raw_node *nodes, unsigned depth, uint32_t *seed)
{
    uint32_t splits = (1U << depth) - 1;
    for (uint32_t i = 0; i < 2 * splits + 1; i++) {
        nodes[i] = (struct forest_raw_node){.is_leaf = i >= splits,
                                            .value = (double)(chance(seed) % 200) / 100 - 1,
                                            .cover = 1 + chance(seed) % 50,
                                            .input = chance(seed) % RANDOM_INPUTS,
                                            .threshold = chance(seed) % 8,
                                            .includes = chance(seed) % 2 == 0,
                                            .missing_left = chance(seed) % 2 == 0,
                                            .left = 2 * i + 1,
                                            .right = 2 * i + 2};
    }
    return 2 * splits + 1;
}

static void expect_by_definition(unsigned depth, uint32_t seed, struct arena *arena)
{
    struct forest_raw_node nodes[3][RANDOM_NODES_MAX];
    struct forest_raw_tree trees[3];
    const struct forest_raw raw = {RANDOM_INPUTS, rules, trees, 3, 0.125};
    struct forest forest;
    struct explainer explainer;
    for (size_t t = 0; t < 3; t++) {
        trees[t] = (struct forest_raw_tree){nodes[t], tree_grow(nodes[t], depth, &seed)};
    }
    assert_int_equal(forest_make(&forest, &raw, arena, NULL), STATUS_OK);
    assert_int_equal(explainer_make(&explainer, &forest, arena, NULL), STATUS_OK);
    assert_int_equal(explainer.path_count > 0, depth > EXPLAIN_BLOCK_SPLITS);
    for (unsigned row = 0; row < 4; row++) {
        double inputs[RANDOM_INPUTS];
        uint16_t ranks[RANDOM_INPUTS];
        double contributions[RANDOM_INPUTS];
        for (size_t i = 0; i < RANDOM_INPUTS; i++) {
            uint32_t x = chance(&seed) % 9;
            inputs[i] = x == 8 ? (double)NAN : x;
        }
        forest_rank(ranks, &forest, inputs);
        explainer_run(contributions, &explainer, ranks);
        for (unsigned i = 0; i < RANDOM_INPUTS; i++) {
            assert_within(contributions[i], shapley_by_definition(&forest, ranks, i), 1e-12);
        }
    }
}

static void it_is_the_definition_for_paths_in_tables(void **state)
{
    for (uint32_t seed = 1; seed <= 10; seed++) {
        expect_by_definition(1 + seed % EXPLAIN_BLOCK_SPLITS, seed, *state);
    }
}

static void it_is_the_definition_for_paths_without_tables(void **state)
{
    for (uint32_t seed = 1; seed <= 3; seed++) {
        expect_by_definition(EXPLAIN_BLOCK_SPLITS + 1, seed, *state);
    }
}

static void it_says_when_there_is_no_memory(void **state)
{
    struct forest forest;
    assert_int_equal(forest_make(&forest, &boosted, *state, NULL), STATUS_OK);
    for (size_t limit = 1; limit < 40000; limit += 1500) {
        struct arena small;
        struct explainer explainer;
        arena_init(&small, limit);
        enum status status = explainer_make(&explainer, &forest, &small, NULL);
        assert_true(status == STATUS_OK || status == STATUS_TOO_LARGE);
        assert_true(limit > 10000 || status == STATUS_TOO_LARGE);
        arena_finish(&small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_adds_up_to_what_was_worked_by_hand),
        cmocka_unit_test(it_agrees_with_xgboost),
        cmocka_unit_test(it_is_the_definition_for_paths_in_tables),
        cmocka_unit_test(it_is_the_definition_for_paths_without_tables),
        cmocka_unit_test(it_says_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
