/* test_boards.c - companies tied by directors, against the definition of Newman worked by hand. */
#include "graph/boards.h"

#include "networks.h"

/* clang-format off */
static const struct seat seats[] = {
    {0, 0}, {0, 1}, {1, 1}, {1, 2}, {1, 3}, {2, 3}, {3, 0}, {3, 1},
};

static const double shared[4][4] = {
    {0, 2, 0, 0},
    {2, 0, 1, 1},
    {0, 1, 0, 1},
    {0, 1, 1, 0},
};

static const double newman[4][4] = {
    {0, 2, 0, 0},
    {2, 0, 0.5, 0.5},
    {0, 0.5, 0, 0.5},
    {0, 0.5, 0.5, 0},
};
/* clang-format on */

static double tie(const struct network *network, uint32_t from, uint32_t to)
{
    for (uint32_t e = network->first[from]; e < network->first[from + 1]; e++) {
        if (network->edges[e].to == to) {
            return network->edges[e].weight;
        }
    }
    return 0;
}

static void expect_ties(const struct network *network, const double want[4][4])
{
    for (uint32_t i = 0; i < 4; i++) {
        for (uint32_t j = 0; j < 4; j++) {
            assert_near(tie(network, i, j), want[i][j]);
        }
    }
}

static void it_counts_shared_directors_and_weighs_them(void **state)
{
    struct network network;
    assert_true(boards_project(&network, 4, seats, ARRAY_LEN(seats), BOARD_SHARED, *state));
    expect_ties(&network, shared);
    assert_true(boards_project(&network, 4, seats, ARRAY_LEN(seats), BOARD_NEWMAN, *state));
    expect_ties(&network, newman);
}

static void it_counts_a_seat_once(void **state)
{
    const struct seat twice[] = {
        {7, 0},
        {7, 1},
        {7, 0},
        {7, 1}
    };
    struct network network;
    assert_true(boards_project(&network, 2, twice, ARRAY_LEN(twice), BOARD_SHARED, *state));
    assert_near(tie(&network, 0, 1), 1);
    assert_near(tie(&network, 1, 0), 1);
}

static void it_ties_nobody_by_one_seat(void **state)
{
    const struct seat lone[] = {
        {1, 0},
        {2, 1}
    };
    struct network network;
    assert_true(boards_project(&network, 2, lone, ARRAY_LEN(lone), BOARD_NEWMAN, *state));
    assert_int_equal(network.edge_count, 0);
}

static void it_ignores_who_sits_everywhere(void **state)
{
    static struct seat many[BOARD_SEATS_MAX + 1];
    struct network network;
    for (uint32_t i = 0; i <= BOARD_SEATS_MAX; i++) {
        many[i] = (struct seat){1, i};
    }
    assert_true(boards_project(&network, BOARD_SEATS_MAX + 1, many, BOARD_SEATS_MAX + 1,
                               BOARD_SHARED, *state));
    assert_int_equal(network.edge_count, 0);
    assert_true(
        boards_project(&network, BOARD_SEATS_MAX + 1, many, BOARD_SEATS_MAX, BOARD_SHARED, *state));
    assert_int_equal(network.edge_count, BOARD_SEATS_MAX * (BOARD_SEATS_MAX - 1));
}

/* The ties of each company are its row of the network of all. */
static void it_knows_the_ties_of_one(void **state)
{
    double ties[4];
    for (uint32_t i = 0; i < 4; i++) {
        assert_true(boards_ties(ties, 4, i, seats, ARRAY_LEN(seats), *state));
        for (uint32_t j = 0; j < 4; j++) {
            assert_near(ties[j], newman[i][j]);
        }
    }
    static struct seat many[BOARD_SEATS_MAX + 1];
    static double far[BOARD_SEATS_MAX + 1];
    for (uint32_t i = 0; i <= BOARD_SEATS_MAX; i++) {
        many[i] = (struct seat){1, i};
    }
    assert_true(boards_ties(far, BOARD_SEATS_MAX + 1, 0, many, BOARD_SEATS_MAX + 1, *state));
    assert_near(far[1], 0);
    assert_true(boards_ties(far, BOARD_SEATS_MAX + 1, 0, many, BOARD_SEATS_MAX, *state));
    assert_near(far[1], 1.0 / (BOARD_SEATS_MAX - 1));
    struct arena empty;
    arena_init(&empty, 0);
    assert_false(boards_ties(ties, 4, 0, seats, ARRAY_LEN(seats), &empty));
    arena_finish(&empty);
}

static void it_takes_no_seats(void **state)
{
    struct network network;
    double ties[2];
    assert_true(boards_ties(ties, 2, 0, NULL, 0, *state));
    assert_near(ties[1], 0);
    assert_true(boards_project(&network, 2, NULL, 0, BOARD_SHARED, *state));
    assert_int_equal(network.edge_count, 0);
}

static int big_arena_setup(void **state)
{
    static struct arena arena;
    arena_init(&arena, 16 * 1024 * 1024);
    *state = &arena;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_counts_shared_directors_and_weighs_them),
        cmocka_unit_test(it_counts_a_seat_once),
        cmocka_unit_test(it_ties_nobody_by_one_seat),
        cmocka_unit_test(it_ignores_who_sits_everywhere),
        cmocka_unit_test(it_knows_the_ties_of_one),
        cmocka_unit_test(it_takes_no_seats),
    };
    return cmocka_run_group_tests(tests, big_arena_setup, arena_teardown);
}
