/* networks.h - four small networks of exposures, whose results are known from a second program.
 *
 * chain: A exposed to B, B to C.  tree: A to B and to C.  cycle: A to B to C to A.  trade5: five
 * companies that supply each other, one of which (3) is exposed to nobody. */
#ifndef TESTS_UNIT_GRAPH_NETWORKS_H
#define TESTS_UNIT_GRAPH_NETWORKS_H

#include "graph/network.h"

#include "../expect.h"

enum sample { CHAIN, TREE, CYCLE, TRADE5, SAMPLE_COUNT };

enum { SAMPLE_NODES_MAX = 5 };

struct sample_network {
    uint32_t node_count;
    size_t edge_count;
    struct edge edges[8];
    double equity[SAMPLE_NODES_MAX];
    double weight[SAMPLE_NODES_MAX]; /* economic, for the rank */
};

/* clang-format off */
static const struct sample_network samples[SAMPLE_COUNT] = {
    [CHAIN] = {3, 2, {{0, 1, 0.5}, {1, 2, 0.5}}, {1, 1, 1}, {1, 1, 1}},
    [TREE] = {3, 2, {{0, 1, 0.5}, {0, 2, 0.5}}, {1, 1, 1}, {1, 1, 1}},
    [CYCLE] = {3, 3, {{0, 1, 0.5}, {1, 2, 0.5}, {2, 0, 0.5}}, {1, 1, 1}, {1, 1, 1}},
    [TRADE5] = {5, 7,
                {{0, 1, 40}, {0, 4, 10}, {1, 2, 30}, {1, 3, 25}, {2, 3, 60}, {4, 0, 5}, {4, 3, 20}},
                {100, 50, 80, 30, 20}, {200, 120, 150, 90, 40}},
};
/* clang-format on */

/* A value that was printed with ten digits. */
static inline void assert_near(double got, double want)
{
    double gap = got > want ? got - want : want - got;
    if (!(gap <= 1e-9)) {
        print_error("got %.12f, want %.12f\n", got, want);
        fail();
    }
}

static inline void sample_build(struct network *out, enum sample which, struct arena *arena)
{
    const struct sample_network *sample = &samples[which];
    assert_true(network_build(out, sample->node_count, sample->edges, sample->edge_count, arena));
}

static inline int arena_setup(void **state)
{
    static struct arena arena;
    arena_init(&arena, 1024 * 1024);
    *state = &arena;
    return 0;
}

static inline int arena_teardown(void **state)
{
    arena_finish(*state);
    return 0;
}

#endif
