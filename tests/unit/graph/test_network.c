/* test_network.c - what is an edge, and in which order. */
#include "graph/network.h"

#include "networks.h"

#include <math.h>

static void expect_edges(const struct network *network, const struct edge *want, uint32_t count)
{
    assert_int_equal(network->edge_count, count);
    assert_int_equal(network->first[network->node_count], count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(network->edges[i].from, want[i].from);
        assert_int_equal(network->edges[i].to, want[i].to);
        assert_near(network->edges[i].weight, want[i].weight);
        assert_true(i >= network->first[want[i].from]);
        assert_true(i < network->first[want[i].from + 1]);
    }
}

static void it_sorts_and_sums_what_is_parallel(void **state)
{
    const struct edge edges[] = {
        {2, 0, 1},
        {0, 2, 3},
        {0, 1, 2},
        {2, 0, 4}
    };
    const struct edge want[] = {
        {0, 1, 2},
        {0, 2, 3},
        {2, 0, 5}
    };
    struct network network;
    assert_true(network_build(&network, 3, edges, ARRAY_LEN(edges), *state));
    expect_edges(&network, want, ARRAY_LEN(want));
}

static void it_drops_what_is_no_relation(void **state)
{
    const struct edge edges[] = {
        {0, 0,          1        },
        {0, 1,          0        },
        {0, 1,          -1       },
        {0, 1,          NAN      },
        {0, 1,          INFINITY },
        {0, 1,          -INFINITY},
        {3, 0,          1        },
        {0, 3,          1        },
        {0, UINT32_MAX, 1        },
        {1, 2,          1        }
    };
    const struct edge want[] = {
        {1, 2, 1}
    };
    struct network network;
    assert_true(network_build(&network, 3, edges, ARRAY_LEN(edges), *state));
    expect_edges(&network, want, ARRAY_LEN(want));
}

static void it_sums_alike_in_whatever_order_edges_come(void **state)
{
    const struct edge one[] = {
        {0, 1, 0.1},
        {0, 1, 0.2},
        {0, 1, 0.3}
    };
    const struct edge other[] = {
        {0, 1, 0.3},
        {0, 1, 0.1},
        {0, 1, 0.2}
    };
    struct network a;
    struct network b;
    assert_true(network_build(&a, 2, one, 3, *state));
    assert_true(network_build(&b, 2, other, 3, *state));
    assert_memory_equal(&a.edges[0].weight, &b.edges[0].weight, sizeof a.edges[0].weight);
}

static void it_turns_every_edge_round(void **state)
{
    const struct edge want[] = {
        {1, 0, 0.5},
        {2, 1, 0.5}
    };
    struct network network;
    struct network reversed;
    sample_build(&network, CHAIN, *state);
    assert_true(network_reverse(&reversed, &network, *state));
    expect_edges(&reversed, want, ARRAY_LEN(want));
}

static void it_joins_both_directions(void **state)
{
    const struct edge edges[] = {
        {0, 1, 1},
        {1, 0, 2},
        {1, 2, 4}
    };
    const struct edge want[] = {
        {0, 1, 3},
        {1, 0, 3},
        {1, 2, 4},
        {2, 1, 4}
    };
    struct network network;
    struct network both;
    assert_true(network_build(&network, 3, edges, ARRAY_LEN(edges), *state));
    assert_true(network_undirected(&both, &network, *state));
    expect_edges(&both, want, ARRAY_LEN(want));
}

static void it_may_be_empty(void **state)
{
    struct network network;
    assert_true(network_build(&network, 0, NULL, 0, *state));
    assert_int_equal(network.edge_count, 0);
    assert_true(network_build(&network, 4, NULL, 0, *state));
    expect_edges(&network, NULL, 0);
}

static void it_says_when_there_is_no_memory(void **state)
{
    struct arena empty;
    struct network network;
    struct network other;
    arena_init(&empty, 1);
    sample_build(&network, CHAIN, *state);
    assert_false(network_build(&other, 3, samples[CHAIN].edges, 2, &empty));
    assert_false(network_reverse(&other, &network, &empty));
    assert_false(network_undirected(&other, &network, &empty));
    arena_finish(&empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_sorts_and_sums_what_is_parallel),
        cmocka_unit_test(it_drops_what_is_no_relation),
        cmocka_unit_test(it_sums_alike_in_whatever_order_edges_come),
        cmocka_unit_test(it_turns_every_edge_round),
        cmocka_unit_test(it_joins_both_directions),
        cmocka_unit_test(it_may_be_empty),
        cmocka_unit_test(it_says_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
