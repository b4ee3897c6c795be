/* test_ownership.c - chains, loops and majorities. */
#include "graph/ownership.h"

#include "networks.h"

/* clang-format off */
static const struct edge looped[] = {
    {0, 1, 0.6}, {0, 2, 0.2}, {1, 2, 0.5}, {2, 3, 0.8}, {3, 1, 0.1}};

static const double looped_integrated[4][4] = {
    {0, 0.6416666667, 0.5208333333, 0.4166666667},
    {0, 0.0416666667, 0.5208333333, 0.4166666667},
    {0, 0.0833333333, 0.0416666667, 0.8333333333},
    {0, 0.1041666667, 0.0520833333, 0.0416666667},
};

static const struct edge chained[] = {{0, 1, 0.6}, {1, 2, 0.6}};
/* clang-format on */

static void it_sums_all_chains_through_loops(void **state)
{
    struct network holdings;
    assert_true(network_build(&holdings, 4, looped, ARRAY_LEN(looped), *state));
    for (uint32_t company = 0; company < 4; company++) {
        double integrated[4];
        assert_int_equal(
            ownership_integrated(integrated, &holdings, company, OWNERSHIP_ROUNDS_MAX, *state),
            OWNERSHIP_OK);
        for (uint32_t i = 0; i < 4; i++) {
            assert_near(integrated[i], looped_integrated[i][company]);
        }
    }
}

static void it_tells_holding_from_deciding(void **state)
{
    struct network holdings;
    double integrated[3];
    bool is_controlled[3];
    struct ownership_scratch scratch;
    assert_true(ownership_scratch_make(&scratch, 3, *state));
    assert_true(network_build(&holdings, 3, chained, ARRAY_LEN(chained), *state));
    assert_int_equal(ownership_integrated(integrated, &holdings, 2, OWNERSHIP_ROUNDS_MAX, *state),
                     OWNERSHIP_OK);
    assert_near(integrated[0], 0.36);
    assert_near(integrated[1], 0.6);
    ownership_control(is_controlled, &scratch, &holdings, 0);
    assert_false(is_controlled[0]);
    assert_true(is_controlled[1]);
    assert_true(is_controlled[2]);
}

static void it_adds_the_votes_of_a_group(void **state)
{
    /* 0 holds 1 and 2, each of which holds a third of 3; 0 itself holds nothing of it */
    const struct edge edges[] = {
        {0, 1, 0.9 },
        {0, 2, 0.51},
        {1, 3, 0.3 },
        {2, 3, 0.3 },
        {4, 3, 0.4 }
    };
    struct network holdings;
    bool is_controlled[5];
    struct ownership_scratch scratch;
    assert_true(ownership_scratch_make(&scratch, 5, *state));
    assert_true(network_build(&holdings, 5, edges, ARRAY_LEN(edges), *state));
    ownership_control(is_controlled, &scratch, &holdings, 0);
    assert_true(is_controlled[3]);
    ownership_control(is_controlled, &scratch, &holdings, 1);
    assert_false(is_controlled[3]);
    ownership_control(is_controlled, &scratch, &holdings, 4);
    assert_false(is_controlled[3]);
}

static void it_gives_half_no_majority(void **state)
{
    const struct edge edges[] = {
        {0, 1, 0.5}
    };
    struct network holdings;
    bool is_controlled[2];
    struct ownership_scratch scratch;
    assert_true(ownership_scratch_make(&scratch, 2, *state));
    assert_true(network_build(&holdings, 2, edges, 1, *state));
    ownership_control(is_controlled, &scratch, &holdings, 0);
    assert_false(is_controlled[1]);
}

static void it_does_not_let_a_company_control_itself(void **state)
{
    const struct edge edges[] = {
        {0, 1, 0.9},
        {1, 0, 0.9}
    };
    struct network holdings;
    bool is_controlled[2];
    struct ownership_scratch scratch;
    assert_true(ownership_scratch_make(&scratch, 2, *state));
    assert_true(network_build(&holdings, 2, edges, 2, *state));
    ownership_control(is_controlled, &scratch, &holdings, 0);
    assert_false(is_controlled[0]);
    assert_true(is_controlled[1]);
}

static void it_refuses_companies_that_own_each_other_whole(void **state)
{
    const struct edge edges[] = {
        {0, 1, 1},
        {1, 0, 1}
    };
    struct network holdings;
    double integrated[2];
    assert_true(network_build(&holdings, 2, edges, 2, *state));
    assert_int_equal(ownership_integrated(integrated, &holdings, 1, OWNERSHIP_ROUNDS_MAX, *state),
                     OWNERSHIP_CIRCULAR);
}

/* A chain of three takes three rounds, and one to see that it is done. */
static void it_gives_up_after_so_many_rounds(void **state)
{
    const struct edge edges[] = {
        {0, 1, 0.5},
        {1, 2, 0.5},
        {2, 3, 0.5}
    };
    struct network holdings;
    double integrated[4];
    assert_true(network_build(&holdings, 4, edges, 3, *state));
    assert_int_equal(ownership_integrated(integrated, &holdings, 3, 2, *state), OWNERSHIP_CIRCULAR);
    assert_int_equal(ownership_integrated(integrated, &holdings, 3, 3, *state), OWNERSHIP_OK);
    assert_near(integrated[0], 0.125);
}

static void it_scales_down_what_is_held_more_than_whole(void **state)
{
    struct edge edges[] = {
        {0, 2, 0.8},
        {1, 2, 0.8},
        {0, 3, 0.7},
        {1, 3, 0.3},
        {0, 9, 5  }
    };
    assert_int_equal(ownership_normalise(edges, ARRAY_LEN(edges), 4, *state), 1);
    assert_near(edges[0].weight, 0.5);
    assert_near(edges[1].weight, 0.5);
    assert_near(edges[2].weight, 0.7);
    assert_near(edges[3].weight, 0.3);
    assert_near(edges[4].weight, 5); /* an end that does not exist is the builder's to drop */
    assert_int_equal(ownership_normalise(edges, ARRAY_LEN(edges), 4, *state), 0);
}

static void it_says_when_there_is_no_memory(void **state)
{
    struct arena empty;
    struct network holdings;
    double integrated[3];
    arena_init(&empty, 1);
    assert_true(network_build(&holdings, 3, chained, ARRAY_LEN(chained), *state));
    assert_int_equal(ownership_integrated(integrated, &holdings, 2, OWNERSHIP_ROUNDS_MAX, &empty),
                     OWNERSHIP_NO_MEMORY);
    arena_finish(&empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_sums_all_chains_through_loops),
        cmocka_unit_test(it_tells_holding_from_deciding),
        cmocka_unit_test(it_adds_the_votes_of_a_group),
        cmocka_unit_test(it_gives_half_no_majority),
        cmocka_unit_test(it_does_not_let_a_company_control_itself),
        cmocka_unit_test(it_refuses_companies_that_own_each_other_whole),
        cmocka_unit_test(it_gives_up_after_so_many_rounds),
        cmocka_unit_test(it_scales_down_what_is_held_more_than_whole),
        cmocka_unit_test(it_says_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
