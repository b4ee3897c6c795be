/* test_neighbourhood.c - the company among others: what its case files cannot say of it. */
#include "feature/neighbourhood.h"

#include "../score/tiny.h"

#include "base/elementary.h"
#include "graph/boards.h"

#include <math.h>

enum { ARENA_LIMIT = 4 * 1024 * 1024, LINKS_MOST = 2000 };

static struct arena arena;
static struct statement statement;
static struct link links[LINKS_MOST];

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_LIMIT);
    statement = sound_statement(2025);
    memset(links, 0, sizeof links);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static struct link tie(enum link_type type, uint32_t from, uint32_t to, int32_t share_ppm,
                       int32_t pd_ppm)
{
    return (struct link){
        type, from, to, share_ppm, pd_ppm, {0, CURRENCY_NONE}
    };
}

static const struct neighbourhood *make(uint32_t link_count, uint32_t party_count)
{
    struct facts facts = sound_facts(&statement, 1);
    facts.links = links;
    facts.link_count = link_count;
    facts.party_count = party_count;
    assert_true(neighbourhood_make(&facts, 0.0, &arena));
    return facts.neighbourhood;
}

static void has_none_without_links(void **state)
{
    (void)state;
    assert_null(make(0, 1));
}

static void ignores_links_to_itself(void **state)
{
    (void)state;
    for (size_t i = 0; i < LINK_TYPE_COUNT; i++) {
        links[i] = tie((enum link_type)i, 0, 0, 1000000, 900000);
    }
    const struct neighbourhood *n = make(LINK_TYPE_COUNT, 1);
    assert_int_equal(n->relation_count, 0);
    assert_false(n->group.is_in_group);
    assert_false(n->inherited_pd.is_known);
    assert_false(n->nearness.is_known);
    assert_false(n->top_customer_share.is_known);
}

static void counts_each_party_once(void **state)
{
    (void)state;
    links[0] = tie(LINK_SUPPLIES, 0, 1, LINK_UNSTATED, LINK_UNSTATED);
    links[1] = tie(LINK_OWES, 1, 0, LINK_UNSTATED, LINK_UNSTATED);
    links[2] = tie(LINK_SUPPLIES, 2, 0, LINK_UNSTATED, 10000);
    links[3] = tie(LINK_SUPPLIES, 2, 1, LINK_UNSTATED, LINK_UNSTATED);
    const struct neighbourhood *n = make(4, 3);
    assert_int_equal(n->relation_count, 2);
    assert_int_equal(n->unknown_count, 1);
}

/* Whose PD a link between two others states: of the one that it comes from. */
static void takes_a_pd_between_others_for_the_first(void **state)
{
    (void)state;
    links[0] = tie(LINK_OWNS, 1, 0, 900000, LINK_UNSTATED);
    links[1] = tie(LINK_OWNS, 2, 1, 900000, 70000);
    const struct neighbourhood *n = make(2, 3);
    assert_true(fabs(n->parent_pd.value - 0.07) < 1e-12);
    assert_int_equal(n->unknown_count, 1);
}

static void is_capped_at_certainty_by_one_party(void **state)
{
    (void)state;
    links[0] = tie(LINK_CONTROLS, 1, 0, LINK_UNSTATED, 1000000);
    links[1] = tie(LINK_SUPPLIES, 0, 1, LINK_UNSTATED, 1000000);
    links[2] = tie(LINK_OWNS, 0, 1, LINK_UNSTATED, 1000000);
    const struct neighbourhood *n = make(3, 2);
    assert_true(n->inherited_pd.value == 1.0);
    struct known uplift = neighbourhood_uplift(n, 0.02);
    assert_true(fabs(uplift.value - (logit(0.06) - logit(0.02))) < 1e-12);
    uplift = neighbourhood_uplift(n, 0.95); /* certainty is no log-odds */
    assert_true(uplift.is_known && isfinite(uplift.value) && uplift.value > 0.0);
    uplift = neighbourhood_uplift(n, 0.9999995);
    assert_true(uplift.value == 0.0);
}

static void takes_all_of_the_equity_without_accounts(void **state)
{
    (void)state;
    struct facts facts = sound_facts(NULL, 0);
    links[0] = tie(LINK_SUPPLIES, 0, 1, LINK_UNSTATED, 100000);
    links[0].exposure = (struct money){1, CURRENCY_EUR};
    facts.links = links;
    facts.link_count = 1;
    facts.party_count = 2;
    assert_true(neighbourhood_make(&facts, 0.5, &arena));
    assert_true(fabs(facts.neighbourhood->inherited_pd.value - 0.05) < 1e-12);
}

static void ties_nobody_by_a_person_of_too_many_seats(void **state)
{
    (void)state;
    for (unsigned extra = 0; extra <= 1; extra++) {
        uint32_t seats = BOARD_SEATS_MAX + extra;
        for (uint32_t i = 0; i < seats; i++) {
            links[i] = tie(LINK_DIRECTOR_OF, 1, i == 0 ? 0 : i + 1, LINK_UNSTATED, 500000);
        }
        const struct neighbourhood *n = make(seats, seats + 1);
        assert_true(n->director_failures.is_known == (extra == 0));
        assert_true(extra == 1 || fabs(n->director_failures.value - 0.5) < 1e-9);
    }
}

/* Companies that own each other in a ring: everybody controls everybody, and it ends. */
static void ends_in_a_ring_of_owners(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < LINKS_MOST; i++) {
        links[i] = tie(LINK_OWNS, i, (i + 1) % LINKS_MOST, 1000000, i == 7 ? 300000 : 1000);
    }
    const struct neighbourhood *n = make(LINKS_MOST, LINKS_MOST);
    assert_true(n->group.is_in_group);
    assert_true(fabs(n->parent_pd.value - 0.3) < 1e-12);
    assert_true(fabs(n->group_max_pd.value - 0.3) < 1e-12);
}

/* The most that a request can name, in the arena of one request. */
static void fits_the_largest_request(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < LINKS_MOST; i++) {
        links[i] = tie((enum link_type)(i % LINK_TYPE_COUNT), i % 3 == 0 ? 0 : 2 * i + 1, 2 * i + 2,
                       600000, 250000);
    }
    const struct neighbourhood *n = make(LINKS_MOST, 2 * LINKS_MOST + 1);
    assert_true(n->relation_count > LINKS_MOST / 4);
    assert_true(arena.used < ARENA_LIMIT / 3);
}

static void says_when_the_arena_is_full(void **state)
{
    (void)state;
    unsigned refused = 0;
    links[0] = tie(LINK_OWNS, 1, 0, 900000, 300000);
    links[1] = tie(LINK_DIRECTOR_OF, 2, 0, LINK_UNSTATED, LINK_UNSTATED);
    struct facts facts = sound_facts(&statement, 1);
    facts.links = links;
    facts.link_count = 2;
    facts.party_count = 3;
    for (size_t limit = 0; limit < 8192; limit += 16) {
        struct arena small;
        arena_init(&small, limit);
        bool is_made = neighbourhood_make(&facts, 0.0, &small);
        assert_true(is_made == (facts.neighbourhood != NULL));
        refused += is_made ? 0 : 1;
        arena_finish(&small);
    }
    assert_in_range(refused, 20, 500);
}

/* ---- what holds for every network, tried on many that nobody chose ---- */

enum { PARTIES = 12, DRAWN_LINKS = 24, DRAWS = 400 };

static uint32_t draw(uint64_t *chance, uint32_t below)
{
    *chance = *chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*chance >> 33) % below;
}

static void draw_links(uint64_t *chance)
{
    for (uint32_t i = 0; i < DRAWN_LINKS; i++) {
        uint32_t from = draw(chance, 3) == 0 ? 0 : draw(chance, PARTIES);
        int32_t share_ppm = draw(chance, 4) == 0 ? LINK_UNSTATED : (int32_t)draw(chance, 700001);
        int32_t pd_ppm = draw(chance, 3) == 0 ? LINK_UNSTATED : (int32_t)draw(chance, 600000);
        links[i] = tie((enum link_type)draw(chance, LINK_TYPE_COUNT), from,
                       draw(chance, 3) == 0 ? 0 : draw(chance, PARTIES), share_ppm, pd_ppm);
        if (draw(chance, 3) > 0) {
            links[i].exposure = (struct money){draw(chance, 40000000), CURRENCY_EUR};
        }
    }
}

static void expect_same(struct known a, struct known b)
{
    assert_true(a.is_known == b.is_known);
    assert_true(!a.is_known || a.value == b.value); /* to the bit */
}

static void is_the_same_in_any_order_of_links(void **state)
{
    (void)state;
    uint64_t chance = 20261201;
    for (unsigned n = 0; n < DRAWS; n++) {
        draw_links(&chance);
        const struct neighbourhood *a = make(DRAWN_LINKS, PARTIES);
        for (uint32_t i = DRAWN_LINKS - 1; i > 0; i--) {
            uint32_t k = draw(&chance, i + 1);
            struct link moved = links[i];
            links[i] = links[k];
            links[k] = moved;
        }
        const struct neighbourhood *b = make(DRAWN_LINKS, PARTIES);
        expect_same(a->inherited_pd, b->inherited_pd);
        expect_same(a->parent_pd, b->parent_pd);
        expect_same(a->group_max_pd, b->group_max_pd);
        expect_same(a->director_failures, b->director_failures);
        expect_same(a->nearness, b->nearness);
        expect_same(a->exposures.debt_rank, b->exposures.debt_rank);
        expect_same(a->exposures.debt_rank_linear, b->exposures.debt_rank_linear);
        assert_int_equal(a->exposures.fails_with_distressed, b->exposures.fails_with_distressed);
        assert_int_equal(a->exposures.fatal_count, b->exposures.fatal_count);
        assert_memory_equal(a->exposures.fatal, b->exposures.fatal, sizeof a->exposures.fatal);
        assert_int_equal(a->group.connection, b->group.connection);
        assert_memory_equal(&a->group.control, &b->group.control, sizeof a->group.control);
        assert_memory_equal(&a->group.connected, &b->group.connected, sizeof a->group.connected);
        assert_int_equal(a->group.owner_count, b->group.owner_count);
        for (uint32_t i = 0; i < a->group.owner_count; i++) {
            assert_int_equal(a->group.owners[i].party, b->group.owners[i].party);
            assert_int_equal(a->group.owners[i].share_ppm, b->group.owners[i].share_ppm);
        }
        arena_reset(&arena);
    }
}

static double or_nothing(struct known value)
{
    return value.is_known ? value.value : 0.0;
}

static void is_never_helped_by_the_distress_of_others(void **state)
{
    (void)state;
    uint64_t chance = 7;
    unsigned worse = 0;
    for (unsigned n = 0; n < DRAWS; n++) {
        draw_links(&chance);
        const struct neighbourhood *before = make(DRAWN_LINKS, PARTIES);
        struct link *link = &links[draw(&chance, DRAWN_LINKS)];
        int32_t was_ppm = link->pd_ppm == LINK_UNSTATED ? 0 : link->pd_ppm;
        link->pd_ppm = was_ppm + (int32_t)draw(&chance, (uint32_t)(1000001 - was_ppm));
        const struct neighbourhood *after = make(DRAWN_LINKS, PARTIES);
        const double least = 1e-12;
        assert_true(or_nothing(after->inherited_pd) >= or_nothing(before->inherited_pd) - least);
        assert_true(or_nothing(after->parent_pd) >= or_nothing(before->parent_pd));
        assert_true(or_nothing(after->director_failures) >=
                    or_nothing(before->director_failures) - least);
        assert_true(or_nothing(after->exposures.debt_rank_linear) >=
                    or_nothing(before->exposures.debt_rank_linear) - least);
        assert_true(after->exposures.fails_with_distressed ||
                    !before->exposures.fails_with_distressed);
        assert_true(after->group.connection >= before->group.connection);
        worse += or_nothing(after->inherited_pd) > or_nothing(before->inherited_pd) ? 1 : 0;
        arena_reset(&arena);
    }
    assert_true(worse > DRAWS / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(has_none_without_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ignores_links_to_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_each_party_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(takes_a_pd_between_others_for_the_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_capped_at_certainty_by_one_party, set_up, tear_down),
        cmocka_unit_test_setup_teardown(takes_all_of_the_equity_without_accounts, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(ties_nobody_by_a_person_of_too_many_seats, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(ends_in_a_ring_of_owners, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fits_the_largest_request, set_up, tear_down),
        cmocka_unit_test_setup_teardown(says_when_the_arena_is_full, set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_the_same_in_any_order_of_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_never_helped_by_the_distress_of_others, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
