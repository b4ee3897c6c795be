/* test_group.c - owners, control and its paths, and who fails above the company. */
#include "feature/group.h"

#include "links.h"

#define UNSTATED LINK_UNSTATED

static void expect_path(const struct group_path *path, uint32_t count, const uint32_t *want)
{
    assert_int_equal(path->count, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(path->parties[i], want[i]);
    }
}

/* A holds 60 % of B, and B 60 % of the company: 36 % of it, and all of the votes. */
static void tells_what_is_held_through_others(void **state)
{
    (void)state;
    link_add(LINK_OWNS, 1, 0, 600000, UNSTATED, -1);
    link_add(LINK_OWNS, 2, 1, 600000, UNSTATED, -1);
    const struct group *g = &made_of(3, 0.0)->group;
    assert_true(g->is_in_group);
    assert_int_equal(g->owner_count, 1);
    assert_int_equal(g->owners[0].party, 2);
    assert_int_equal(g->owners[0].share_ppm, 360000);
    assert_true(g->owners[0].is_share_known && g->owners[0].is_controller);
    expect_path(&g->control, 3, (const uint32_t[]){2, 1, 0});
    assert_int_equal(g->connection, CONNECTION_NONE);
    assert_int_equal(g->connected.count, 0);
}

/* A quarter is enough, and a hair below it is not; who is held is no ultimate owner. */
static void has_beneficial_owners_from_a_quarter(void **state)
{
    static const struct {
        int32_t share_ppm;
        uint32_t want;
    } rows[] = {
        {250000, 2},
        {249999, 1},
        {0,      1},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        link_count = 0;
        link_add(LINK_OWNS, 1, 0, rows[i].share_ppm, UNSTATED, -1);
        link_add(LINK_OWNS, 2, 0, 500000, UNSTATED, -1);
        const struct group *g = &made_of(3, 0.0)->group;
        assert_int_equal(g->owner_count, rows[i].want);
        assert_int_equal(g->owners[0].party, 2);
        assert_int_equal(g->owners[0].share_ppm, 500000);
        assert_false(g->owners[0].is_controller);
        assert_false(g->is_in_group);
        assert_int_equal(g->control.count, 0);
    }
}

/* Held in a small part by a stranger, it still decides; and he is told only if he has a quarter. */
static void names_whoever_decides_in_the_end(void **state)
{
    (void)state;
    link_add(LINK_OWNS, 1, 0, 510000, UNSTATED, -1);
    link_add(LINK_OWNS, 2, 1, 100000, UNSTATED, -1);
    const struct group *g = &made_of(3, 0.0)->group;
    assert_int_equal(g->owner_count, 1);
    assert_int_equal(g->owners[0].party, 1);
    assert_true(g->owners[0].is_controller);
    expect_path(&g->control, 2, (const uint32_t[]){1, 0});
}

/* Neither half decides alone; together in one hand they do, and the shortest way is told. */
static void finds_control_by_parts(void **state)
{
    (void)state;
    link_add(LINK_OWNS, 1, 0, 300000, UNSTATED, -1);
    link_add(LINK_OWNS, 2, 0, 300000, UNSTATED, -1);
    link_add(LINK_OWNS, 3, 1, 900000, UNSTATED, -1);
    link_add(LINK_OWNS, 3, 2, 900000, UNSTATED, -1);
    const struct group *g = &made_of(4, 0.0)->group;
    expect_path(&g->control, 3, (const uint32_t[]){3, 1, 0});
    assert_int_equal(g->owners[0].party, 3);
    assert_int_equal(g->owners[0].share_ppm, 540000);
    link_add(LINK_OWNS, 3, 0, 10000, UNSTATED, -1);
    expect_path(&made_of(4, 0.0)->group.control, 2, (const uint32_t[]){3, 0});
}

static void leaves_the_middle_out_of_a_long_path(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < GROUP_PATH_MAX; i++) {
        link_add(LINK_CONTROLS, i + 1, i, UNSTATED, UNSTATED, -1);
    }
    const struct group *g = &made_of(GROUP_PATH_MAX + 1, 0.0)->group;
    assert_int_equal(g->control.count, GROUP_PATH_MAX);
    assert_int_equal(g->control.parties[0], GROUP_PATH_MAX);
    assert_int_equal(g->control.parties[1], GROUP_PATH_MAX - 2);
    assert_int_equal(g->control.parties[GROUP_PATH_MAX - 1], 0);
    link_count--;
    const struct group *whole = &made_of(GROUP_PATH_MAX + 1, 0.0)->group;
    assert_int_equal(whole->control.count, GROUP_PATH_MAX);
    assert_int_equal(whole->control.parties[1], GROUP_PATH_MAX - 2);
    assert_false(whole->owners[0].is_share_known); /* nobody said how much */
}

static void keeps_the_largest_owners(void **state)
{
    (void)state;
    for (uint32_t i = 0; i <= GROUP_OWNERS_MAX; i++) {
        link_add(LINK_CONTROLS, i + 1, 0, UNSTATED, UNSTATED, -1);
    }
    link_add(LINK_OWNS, GROUP_OWNERS_MAX + 1, 0, 300000, UNSTATED, -1);
    const struct group *g = &made_of(GROUP_OWNERS_MAX + 2, 0.0)->group;
    assert_int_equal(g->owner_count, GROUP_OWNERS_MAX);
    assert_int_equal(g->owners[0].party, GROUP_OWNERS_MAX + 1);
    assert_int_equal(g->owners[1].party, 1);
    assert_int_equal(g->owners[GROUP_OWNERS_MAX - 1].party, GROUP_OWNERS_MAX - 1);
}

/* Nobody is at the top of a ring: the first of it stands for all, and no share is told. */
static void ends_in_a_ring(void **state)
{
    (void)state;
    link_add(LINK_OWNS, 1, 0, 1000000, UNSTATED, -1);
    link_add(LINK_OWNS, 2, 1, 1000000, UNSTATED, -1);
    link_add(LINK_OWNS, 1, 2, 1000000, 300000, -1);
    const struct group *g = &made_of(3, 0.0)->group;
    assert_int_equal(g->owner_count, 0);
    expect_path(&g->control, 2, (const uint32_t[]){1, 0});
    assert_int_equal(g->connection, CONNECTION_DISTRESSED);
}

static void tells_the_worst_of_those_that_decide(void **state)
{
    static const struct {
        int32_t parent_ppm, ultimate_ppm, daughter_ppm, minority_ppm;
        enum connection want;
        uint32_t holder;
    } rows[] = {
        {UNSTATED, UNSTATED, UNSTATED, UNSTATED, CONNECTION_NONE,       0},
        {199999,   199999,   1000000,  1000000,  CONNECTION_NONE,       0},
        {200000,   10000,    10000,    10000,    CONNECTION_DISTRESSED, 1},
        {10000,    200000,   10000,    10000,    CONNECTION_DISTRESSED, 2},
        {999999,   300000,   10000,    10000,    CONNECTION_DISTRESSED, 1},
        {300000,   1000000,  10000,    10000,    CONNECTION_INSOLVENT,  2},
        {1000000,  1000000,  10000,    10000,    CONNECTION_INSOLVENT,  1},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        link_count = 0;
        link_add(LINK_OWNS, 1, 0, 600000, rows[i].parent_ppm, -1);
        link_add(LINK_OWNS, 2, 1, 600000, rows[i].ultimate_ppm, -1);
        link_add(LINK_OWNS, 0, 3, 900000, rows[i].daughter_ppm, -1);
        link_add(LINK_OWNS, 4, 0, 400000, rows[i].minority_ppm, -1);
        const struct group *g = &made_of(5, 0.0)->group;
        assert_int_equal(g->connection, rows[i].want);
        assert_true((g->connected.count > 0) == (rows[i].want != CONNECTION_NONE));
        if (g->connected.count > 0) {
            assert_int_equal(g->connected.parties[0], rows[i].holder);
            assert_int_equal(g->connected.parties[g->connected.count - 1], 0);
        }
    }
}

/* A holding of 0 has ended, whatever else is said of it; so has a seat, and no control. */
static void forgets_what_has_ended(void **state)
{
    (void)state;
    link_add(LINK_OWNS, 1, 0, 0, 1000000, 5000);
    link_add(LINK_CONTROLS, 2, 0, 0, 1000000, -1);
    link_add(LINK_OWNS, 0, 3, 0, 1000000, 5000);
    link_add(LINK_DIRECTOR_OF, 4, 0, UNSTATED, UNSTATED, -1);
    link_add(LINK_DIRECTOR_OF, 4, 5, 0, 1000000, -1);
    const struct neighbourhood *n = made_of(6, 0.0);
    assert_false(n->group.is_in_group);
    assert_int_equal(n->group.owner_count, 0);
    assert_int_equal(n->group.connection, CONNECTION_NONE);
    assert_int_equal(n->board_count, 0);
    assert_int_equal(n->relation_count, 0);
    assert_false(n->inherited_pd.is_known);
    assert_false(n->nearness.is_known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tells_what_is_held_through_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(has_beneficial_owners_from_a_quarter, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_whoever_decides_in_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(finds_control_by_parts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(leaves_the_middle_out_of_a_long_path, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_the_largest_owners, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ends_in_a_ring, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_the_worst_of_those_that_decide, set_up, tear_down),
        cmocka_unit_test_setup_teardown(forgets_what_has_ended, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
