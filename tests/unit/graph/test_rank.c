/* test_rank.c - personalised PageRank against networkx 2.8.8. */
#include "graph/rank.h"

#include "networks.h"

/* clang-format off */
static const struct edge walked[] = {{0, 1, 1}, {1, 2, 2}, {1, 3, 1}, {2, 0, 1}, {4, 2, 1}};

static const struct {
    double seeds[5], directed[5], undirected[5];
} ranks[] = {
    {{0, 0, 0, 1, 0}, {0, 0, 0, 1, 0}, {0.126754386, 0.3494761515, 0.2470150766, 0.2242636822, 0.0524907038}},
    {{1, 0, 0, 0, 0}, {0.3887269193, 0.3304178814, 0.1872367995, 0.0936183997, 0}, {0.276754386, 0.298245614, 0.298245614, 0.063377193, 0.063377193}},
    {{1, 1, 1, 1, 1}, {0.2721305128, 0.2839327351, 0.2582455453, 0.1330694076, 0.0526217993}, {0.1657017544, 0.3192982456, 0.3192982456, 0.0978508772, 0.0978508772}},
    {{0, 0, 0.5, 0.5, 0}, {0.252390909, 0.2145322726, 0.2969304812, 0.2361463372, 0}, {0.1379385965, 0.320041062, 0.329081745, 0.1430087257, 0.0699298708}},
};
/* clang-format on */

static void it_agrees_along_edges_and_both_ways(void **state)
{
    struct network directed;
    struct network undirected;
    assert_true(network_build(&directed, 5, walked, ARRAY_LEN(walked), *state));
    assert_true(network_undirected(&undirected, &directed, *state));
    for (size_t row = 0; row < ARRAY_LEN(ranks); row++) {
        double rank[5];
        double sum = 0;
        assert_true(rank_personalised(rank, &directed, ranks[row].seeds, 0.85, *state));
        for (size_t i = 0; i < 5; i++) {
            assert_near(rank[i], ranks[row].directed[i]);
            sum += rank[i];
        }
        assert_near(sum, 1);
        assert_true(rank_personalised(rank, &undirected, ranks[row].seeds, 0.85, *state));
        for (size_t i = 0; i < 5; i++) {
            assert_near(rank[i], ranks[row].undirected[i]);
        }
    }
}

static void it_reaches_nobody_who_is_not_connected(void **state)
{
    const struct edge edges[] = {
        {0, 1, 1},
        {1, 0, 1},
        {2, 3, 1},
        {3, 2, 1}
    };
    const double seeds[4] = {1, 0, 0, 0};
    struct network network;
    double rank[4];
    assert_true(network_build(&network, 4, edges, ARRAY_LEN(edges), *state));
    assert_true(rank_personalised(rank, &network, seeds, 0.85, *state));
    assert_true(rank[2] == 0);
    assert_true(rank[3] == 0);
    assert_true(rank[0] > rank[1]);
}

static void it_needs_a_seed(void **state)
{
    const double none[5] = {0};
    struct network network;
    double rank[5];
    assert_true(network_build(&network, 5, walked, ARRAY_LEN(walked), *state));
    assert_false(rank_personalised(rank, &network, none, 0.85, *state));
}

static void it_compares_with_the_share_of_all_edges(void **state)
{
    const struct edge edges[] = {
        {0, 1, 1},
        {1, 2, 1}
    };
    const double by_degree[3] = {0.25, 0.5, 0.25};
    struct network network;
    struct network both;
    assert_true(network_build(&network, 4, edges, ARRAY_LEN(edges), *state));
    assert_true(network_undirected(&both, &network, *state));
    for (uint32_t i = 0; i < 3; i++) {
        assert_near(rank_relative(&both, by_degree, i), 1);
    }
    const double near_the_end[4] = {0, 0.2, 0.8, 0};
    assert_near(rank_relative(&both, near_the_end, 2), 3.2);
    assert_true(rank_relative(&both, near_the_end, 3) == 0); /* no edge */
}

static void it_says_when_there_is_no_memory(void **state)
{
    const double seeds[5] = {1, 0, 0, 0, 0};
    struct arena empty;
    struct network network;
    double rank[5];
    arena_init(&empty, 1);
    assert_true(network_build(&network, 5, walked, ARRAY_LEN(walked), *state));
    assert_false(rank_personalised(rank, &network, seeds, 0.85, &empty));
    arena_finish(&empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_along_edges_and_both_ways),
        cmocka_unit_test(it_reaches_nobody_who_is_not_connected),
        cmocka_unit_test(it_needs_a_seed),
        cmocka_unit_test(it_compares_with_the_share_of_all_edges),
        cmocka_unit_test(it_says_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
