/* test_shock.c - DebtRank, cascades and clearing payments against values of a second program.
 *
 * The expected values were computed in Python by the definitions of the papers named in shock.h. */
#include "graph/shock.h"

#include "networks.h"

/* clang-format off */
static const struct {
    enum sample network;
    uint32_t seed;
    double h0;
    double battiston[SAMPLE_NODES_MAX];
    double battiston_rank;
    double linear[SAMPLE_NODES_MAX];
    double linear_rank;
} debtranks[] = {
    {CHAIN, 0, 1, {1, 0, 0}, 0, {1, 0, 0}, 0},
    {CHAIN, 0, 0.1, {0.1, 0, 0}, 0, {0.1, 0, 0}, 0},
    {CHAIN, 1, 1, {0.5, 1, 0}, 0.1666666667, {0.5, 1, 0}, 0.1666666667},
    {CHAIN, 1, 0.1, {0.05, 0.1, 0}, 0.0166666667, {0.05, 0.1, 0}, 0.0166666667},
    {CHAIN, 2, 1, {0.25, 0.5, 1}, 0.25, {0.25, 0.5, 1}, 0.25},
    {CHAIN, 2, 0.1, {0.025, 0.05, 0.1}, 0.025, {0.025, 0.05, 0.1}, 0.025},
    {TREE, 0, 1, {1, 0, 0}, 0, {1, 0, 0}, 0},
    {TREE, 0, 0.1, {0.1, 0, 0}, 0, {0.1, 0, 0}, 0},
    {TREE, 1, 1, {0.5, 1, 0}, 0.1666666667, {0.5, 1, 0}, 0.1666666667},
    {TREE, 1, 0.1, {0.05, 0.1, 0}, 0.0166666667, {0.05, 0.1, 0}, 0.0166666667},
    {TREE, 2, 1, {0.5, 0, 1}, 0.1666666667, {0.5, 0, 1}, 0.1666666667},
    {TREE, 2, 0.1, {0.05, 0, 0.1}, 0.0166666667, {0.05, 0, 0.1}, 0.0166666667},
    {CYCLE, 0, 1, {1, 0.25, 0.5}, 0.25, {1, 0.25, 0.5}, 0.25},
    {CYCLE, 0, 0.1, {0.1125, 0.025, 0.05}, 0.0291666667, {0.1142857143, 0.0285714286, 0.0571428571}, 0.0333333333},
    {CYCLE, 1, 1, {0.5, 1, 0.25}, 0.25, {0.5, 1, 0.25}, 0.25},
    {CYCLE, 1, 0.1, {0.05, 0.1125, 0.025}, 0.0291666667, {0.0571428571, 0.1142857143, 0.0285714286}, 0.0333333333},
    {CYCLE, 2, 1, {0.25, 0.5, 1}, 0.25, {0.25, 0.5, 1}, 0.25},
    {CYCLE, 2, 0.1, {0.025, 0.05, 0.1125}, 0.0291666667, {0.0285714286, 0.0571428571, 0.1142857143}, 0.0333333333},
    {TRADE5, 0, 1, {1, 0, 0, 0, 0.25}, 0.0166666667, {1, 0, 0, 0, 0.25}, 0.0166666667},
    {TRADE5, 0, 0.1, {0.1025, 0, 0, 0, 0.025}, 0.0025, {0.1025641026, 0, 0, 0, 0.0256410256}, 0.0025641026},
    {TRADE5, 1, 1, {0.41, 1, 0, 0, 0.1}, 0.1433333333, {0.4102564103, 1, 0, 0, 0.1025641026}, 0.1435897436},
    {TRADE5, 1, 0.1, {0.041, 0.1, 0, 0, 0.01}, 0.0143333333, {0.041025641, 0.1, 0, 0, 0.0102564103}, 0.0143589744},
    {TRADE5, 2, 1, {0.246, 0.6, 1, 0, 0.06}, 0.206, {0.2461538462, 0.6, 1, 0, 0.0615384615}, 0.2061538462},
    {TRADE5, 2, 0.1, {0.0246, 0.06, 0.1, 0, 0.006}, 0.0206, {0.0246153846, 0.06, 0.1, 0, 0.0061538462}, 0.0206153846},
    {TRADE5, 3, 1, {0.3, 0.95, 0.75, 1, 1}, 0.5441666667, {0.48, 0.95, 0.75, 1, 1}, 0.6041666667},
    {TRADE5, 3, 0.1, {0.03, 0.095, 0.075, 0.1, 0.1075}, 0.0549166667, {0.0492307692, 0.095, 0.075, 0.1, 0.1123076923}, 0.0616474359},
    {TRADE5, 4, 1, {0.1, 0, 0, 0, 1}, 0.0333333333, {0.1, 0, 0, 0, 1}, 0.0333333333},
    {TRADE5, 4, 0.1, {0.01, 0, 0, 0, 0.1025}, 0.0035, {0.0102564103, 0, 0, 0, 0.1025641026}, 0.0035897436},
};

static const struct {
    enum sample network;
    double recovery;
    uint32_t seed;
    int32_t rounds[SAMPLE_NODES_MAX];
} cascades[] = {
    {CHAIN, 0, 0, {0, -1, -1}},
    {CHAIN, 0, 1, {-1, 0, -1}},
    {CHAIN, 0, 2, {-1, -1, 0}},
    {CHAIN, 0.4, 0, {0, -1, -1}},
    {CHAIN, 0.4, 1, {-1, 0, -1}},
    {CHAIN, 0.4, 2, {-1, -1, 0}},
    {TREE, 0, 0, {0, -1, -1}},
    {TREE, 0, 1, {-1, 0, -1}},
    {TREE, 0, 2, {-1, -1, 0}},
    {TREE, 0.4, 0, {0, -1, -1}},
    {TREE, 0.4, 1, {-1, 0, -1}},
    {TREE, 0.4, 2, {-1, -1, 0}},
    {CYCLE, 0, 0, {0, -1, -1}},
    {CYCLE, 0, 1, {-1, 0, -1}},
    {CYCLE, 0, 2, {-1, -1, 0}},
    {CYCLE, 0.4, 0, {0, -1, -1}},
    {CYCLE, 0.4, 1, {-1, 0, -1}},
    {CYCLE, 0.4, 2, {-1, -1, 0}},
    {TRADE5, 0, 0, {0, -1, -1, -1, -1}},
    {TRADE5, 0, 1, {-1, 0, -1, -1, -1}},
    {TRADE5, 0, 2, {-1, -1, 0, -1, -1}},
    {TRADE5, 0, 3, {-1, -1, -1, 0, 1}},
    {TRADE5, 0, 4, {-1, -1, -1, -1, 0}},
    {TRADE5, 0.4, 0, {0, -1, -1, -1, -1}},
    {TRADE5, 0.4, 1, {-1, 0, -1, -1, -1}},
    {TRADE5, 0.4, 2, {-1, -1, 0, -1, -1}},
    {TRADE5, 0.4, 3, {-1, -1, -1, 0, -1}},
    {TRADE5, 0.4, 4, {-1, -1, -1, -1, 0}},
};

static const struct {
    size_t due_count;
    struct edge dues[6];
    double cash[3], paid[3];
} clearings[] = {
    {3, {{0, 1, 10}, {1, 2, 10}, {2, 0, 10}}, {0, 5, 2}, {10, 10, 10}},
    {6, {{0, 1, 8}, {0, 2, 4}, {1, 0, 2}, {1, 2, 6}, {2, 0, 1}, {2, 1, 1}}, {3, 4, 5}, {6, 8, 2}},
    /* nobody has anything: nothing is paid, though each could pay if all did */
    {2, {{0, 1, 4}, {1, 2, 4}}, {0, 0, 0}, {0, 0, 0}},
    /* cash below zero pays nothing and is nobody else's loss */
    {2, {{0, 1, 4}, {1, 2, 4}}, {-3, 1, 0}, {0, 1, 0}},
    {0, {{0, 0, 0}}, {1, 2, 3}, {0, 0, 0}},
};
/* clang-format on */

static void it_reaches_the_distress_of_battiston_and_of_bardoscia(void **state)
{
    for (size_t row = 0; row < ARRAY_LEN(debtranks); row++) {
        const struct sample_network *sample = &samples[debtranks[row].network];
        struct network losses;
        double h0[SAMPLE_NODES_MAX] = {0};
        double h[SAMPLE_NODES_MAX];
        sample_build(&losses, debtranks[row].network, *state);
        h0[debtranks[row].seed] = debtranks[row].h0;
        const struct shock shock = {&losses, sample->equity, 0};
        assert_true(shock_debtrank(h, &shock, h0, *state));
        for (uint32_t i = 0; i < sample->node_count; i++) {
            assert_near(h[i], debtranks[row].battiston[i]);
        }
        assert_near(shock_rank(h, h0, sample->weight, sample->node_count),
                    debtranks[row].battiston_rank);
        assert_true(shock_debtrank_linear(h, &shock, h0, *state));
        for (uint32_t i = 0; i < sample->node_count; i++) {
            assert_near(h[i], debtranks[row].linear[i]);
        }
        assert_near(shock_rank(h, h0, sample->weight, sample->node_count),
                    debtranks[row].linear_rank);
    }
}

static void it_fails_companies_round_by_round(void **state)
{
    for (size_t row = 0; row < ARRAY_LEN(cascades); row++) {
        const struct sample_network *sample = &samples[cascades[row].network];
        struct network losses;
        bool is_seed[SAMPLE_NODES_MAX] = {false};
        int32_t rounds[SAMPLE_NODES_MAX];
        sample_build(&losses, cascades[row].network, *state);
        is_seed[cascades[row].seed] = true;
        const struct shock shock = {&losses, sample->equity, cascades[row].recovery};
        shock_cascade(rounds, &shock, is_seed);
        for (uint32_t i = 0; i < sample->node_count; i++) {
            assert_int_equal(rounds[i], cascades[row].rounds[i]);
        }
    }
}

static void it_clears_what_companies_owe_each_other(void **state)
{
    for (size_t row = 0; row < ARRAY_LEN(clearings); row++) {
        struct network dues;
        double paid[3];
        assert_true(network_build(&dues, 3, clearings[row].dues, clearings[row].due_count, *state));
        assert_true(shock_clearing(paid, &dues, clearings[row].cash, *state));
        for (size_t i = 0; i < 3; i++) {
            assert_near(paid[i], clearings[row].paid[i]);
        }
    }
}

static void it_spreads_nothing_without_a_seed(void **state)
{
    const double none[SAMPLE_NODES_MAX] = {0};
    const bool no_seed[SAMPLE_NODES_MAX] = {false};
    double h[SAMPLE_NODES_MAX];
    int32_t rounds[SAMPLE_NODES_MAX];
    struct network losses;
    sample_build(&losses, TRADE5, *state);
    const struct shock shock = {&losses, samples[TRADE5].equity, 0};
    assert_true(shock_debtrank(h, &shock, none, *state));
    assert_memory_equal(h, none, sizeof h);
    assert_true(shock_debtrank_linear(h, &shock, none, *state));
    assert_memory_equal(h, none, sizeof h);
    shock_cascade(rounds, &shock, no_seed);
    for (size_t i = 0; i < SAMPLE_NODES_MAX; i++) {
        assert_int_equal(rounds[i], -1);
    }
}

static void it_lets_any_loss_be_fatal_where_there_is_no_equity(void **state)
{
    const double equity[3] = {0, -5, 1};
    const double h0[3] = {0, 0, 0.5};
    double h[3];
    struct network losses;
    sample_build(&losses, CHAIN, *state);
    const struct shock shock = {&losses, equity, 0};
    assert_true(shock_debtrank(h, &shock, h0, *state));
    assert_near(h[1], 0.5); /* all of the debtor's distress, and no more */
    assert_near(h[0], 0.5);
}

static void it_ends_in_a_cycle_that_amplifies(void **state)
{
    const struct edge edges[] = {
        {0, 1, 5},
        {1, 0, 5}
    };
    const double equity[2] = {1, 1};
    const double h0[2] = {0.001, 0};
    double h[2];
    struct network losses;
    assert_true(network_build(&losses, 2, edges, 2, *state));
    const struct shock shock = {&losses, equity, 0};
    assert_true(shock_debtrank_linear(h, &shock, h0, *state));
    assert_near(h[0], 1);
    assert_near(h[1], 1);
}

static void it_has_no_rank_without_weight(void **state)
{
    const double h0[2] = {1, 0};
    const double h[2] = {1, 1};
    const double weight[2] = {0, 0};
    (void)state;
    assert_true(shock_rank(h, h0, weight, 2) == 0);
}

static void it_says_when_there_is_no_memory(void **state)
{
    struct arena empty;
    struct network losses;
    double h[3];
    const double h0[3] = {0, 0, 1};
    arena_init(&empty, 1);
    sample_build(&losses, CHAIN, *state);
    const struct shock shock = {&losses, samples[CHAIN].equity, 0};
    assert_false(shock_debtrank(h, &shock, h0, &empty));
    assert_false(shock_debtrank_linear(h, &shock, h0, &empty));
    assert_false(shock_clearing(h, &losses, h0, &empty));
    arena_finish(&empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_reaches_the_distress_of_battiston_and_of_bardoscia),
        cmocka_unit_test(it_fails_companies_round_by_round),
        cmocka_unit_test(it_clears_what_companies_owe_each_other),
        cmocka_unit_test(it_spreads_nothing_without_a_seed),
        cmocka_unit_test(it_lets_any_loss_be_fatal_where_there_is_no_equity),
        cmocka_unit_test(it_ends_in_a_cycle_that_amplifies),
        cmocka_unit_test(it_has_no_rank_without_weight),
        cmocka_unit_test(it_says_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
