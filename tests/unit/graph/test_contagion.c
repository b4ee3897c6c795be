/* test_contagion.c - the PD of a company among others, against values of a second program. */
#include "graph/contagion.h"

#include "networks.h"

/* clang-format off */
static const struct {
    enum sample network;
    double pd[SAMPLE_NODES_MAX], once[SAMPLE_NODES_MAX];
    double twice[SAMPLE_NODES_MAX], settled[SAMPLE_NODES_MAX];
} contagions[] = {
    {CHAIN, {0.01, 0.02, 0.05}, {0.01594, 0.0347, 0.05}, {0.0203059, 0.0347, 0.05}, {0.0203059, 0.0347, 0.05}},
    {TREE, {0.01, 0.02, 0.05}, {0.0307009, 0.02, 0.05}, {0.0307009, 0.02, 0.05}, {0.0307009, 0.02, 0.05}},
    {CYCLE, {0.01, 0.02, 0.05}, {0.01594, 0.0347, 0.05285}, {0.0203059, 0.0355379, 0.0545429}, {0.0208241214, 0.0364448531, 0.0559348746}},
    {TRADE5, {0.01, 0.02, 0.05, 0.1, 0.03}, {0.0165254464, 0.0665108, 0.09275, 0.1, 0.0895677}, {0.0310383613, 0.081140534, 0.09275, 0.1, 0.0904601853}, {0.0346924037, 0.081140534, 0.09275, 0.1, 0.0929448801}},
};

static const struct {
    double loss, equity, recovery, directness, weight;
} weights[] = {
    {40, 100, 0.4, 1, 0.24},
    {40, 100, 0.4, 0.5, 0.12},
    {500, 100, 0.4, 0.5, 0.5},  /* no more than all of the equity */
    {100, 60, 0.4, 1, 1},       /* just all of it */
    {40, 0, 0.4, 0.8, 0.8},     /* none to lose */
    {40, -10, 0.4, 0.8, 0.8},
    {0, 100, 0.4, 1, 0},
    {0, 0, 0.4, 1, 0},          /* no exposure, no way in */
    {40, 100, 1, 1, 0},         /* all comes back */
    {-40, 100, 0.4, 1, 0},
};

static const struct {
    double pd, with_contagion, capped;
} caps[] = {
    {0.01, 0.015, 0.015},
    {0.01, 0.03, 0.03},
    {0.01, 0.0301, 0.03},  /* three times its own */
    {0.05, 0.15, 0.15},
    {0.05, 0.1501, 0.15},  /* both bounds meet here */
    {0.2, 0.31, 0.3},      /* ten points more */
    {0.95, 1, 1},
    {0, 0.5, 0},           /* three times nothing */
};
/* clang-format on */

/* The exposures of a sample as weights of contagion, all relations as direct as can be. */
static void contagion_build(struct network *out, enum sample which, struct arena *arena)
{
    const struct sample_network *sample = &samples[which];
    struct edge edges[8];
    for (size_t i = 0; i < sample->edge_count; i++) {
        edges[i] = sample->edges[i];
        edges[i].weight = contagion_weight(edges[i].weight, sample->equity[edges[i].from], 0.4, 1);
    }
    assert_true(network_build(out, sample->node_count, edges, sample->edge_count, arena));
}

static void it_agrees_after_one_round_two_and_all(void **state)
{
    for (size_t row = 0; row < ARRAY_LEN(contagions); row++) {
        struct network network;
        double once[SAMPLE_NODES_MAX];
        double twice[SAMPLE_NODES_MAX];
        double all[SAMPLE_NODES_MAX];
        contagion_build(&network, contagions[row].network, *state);
        assert_true(contagion_pd(once, &network, contagions[row].pd, 1, *state));
        assert_true(contagion_pd(twice, &network, contagions[row].pd, 2, *state));
        assert_true(contagion_pd(all, &network, contagions[row].pd, CONTAGION_ROUNDS_MAX, *state));
        for (uint32_t i = 0; i < network.node_count; i++) {
            assert_near(once[i], contagions[row].once[i]);
            assert_near(twice[i], contagions[row].twice[i]);
            assert_near(all[i], contagions[row].settled[i]);
        }
    }
}

static void it_weighs_an_exposure_against_equity(void **state)
{
    (void)state;
    for (size_t row = 0; row < ARRAY_LEN(weights); row++) {
        assert_near(contagion_weight(weights[row].loss, weights[row].equity, weights[row].recovery,
                                     weights[row].directness),
                    weights[row].weight);
    }
}

static void it_believes_no_more_than_its_caps(void **state)
{
    (void)state;
    for (size_t row = 0; row < ARRAY_LEN(caps); row++) {
        assert_near(contagion_capped(caps[row].pd, caps[row].with_contagion, contagion_cap_usual),
                    caps[row].capped);
    }
}

static void it_leaves_a_company_without_relations_alone(void **state)
{
    const double pd[2] = {0.02, 0.5};
    double out[2];
    struct network network;
    assert_true(network_build(&network, 2, NULL, 0, *state));
    assert_true(contagion_pd(out, &network, pd, CONTAGION_ROUNDS_MAX, *state));
    assert_memory_equal(out, pd, sizeof pd);
}

static void it_never_lowers_a_pd_and_never_passes_one(void **state)
{
    const struct edge edges[] = {
        {0, 1, 1},
        {1, 2, 1},
        {2, 0, 1}
    };
    const double pd[3] = {0, 0.999, 1};
    double before[3] = {0, 0.999, 1};
    struct network network;
    assert_true(network_build(&network, 3, edges, 3, *state));
    for (unsigned rounds = 1; rounds < 20; rounds++) {
        double out[3];
        assert_true(contagion_pd(out, &network, pd, rounds, *state));
        for (size_t i = 0; i < 3; i++) {
            assert_true(out[i] >= before[i]);
            assert_true(out[i] <= 1);
            before[i] = out[i];
        }
    }
}

static void it_says_when_there_is_no_memory(void **state)
{
    struct arena empty;
    struct network network;
    double out[3];
    arena_init(&empty, 1);
    contagion_build(&network, CHAIN, *state);
    assert_false(contagion_pd(out, &network, contagions[0].pd, 1, &empty));
    arena_finish(&empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_after_one_round_two_and_all),
        cmocka_unit_test(it_weighs_an_exposure_against_equity),
        cmocka_unit_test(it_believes_no_more_than_its_caps),
        cmocka_unit_test(it_leaves_a_company_without_relations_alone),
        cmocka_unit_test(it_never_lowers_a_pd_and_never_passes_one),
        cmocka_unit_test(it_says_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
