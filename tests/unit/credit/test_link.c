/* test_link.c - who stands at the ends of links. */
#include "credit/link.h"

#include "../expect.h"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 65536);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static struct company_id id(enum id_scheme scheme, const char *value)
{
    struct company_id read;
    assert_int_equal(company_id_read(&read, scheme, STR(""), str_from(value)), COMPANY_ID_OK);
    return read;
}

static void knows_each_type_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < LINK_TYPE_COUNT; i++) {
        enum link_type type = LINK_TYPE_COUNT;
        assert_true(link_type_read(&type, str_from(link_type_wire((enum link_type)i))));
        assert_int_equal(type, i);
    }
    enum link_type type = LINK_OWES;
    static const char *const rows[] = {"", "own", "owns ", "Owns", "director", "loves"};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_false(link_type_read(&type, str_from(rows[i])));
    }
    assert_int_equal(type, LINK_OWES);
}

static void name_of_no_type(void)
{
    (void)link_type_wire(LINK_TYPE_COUNT);
}

static void stops_at_what_is_no_type(void **state)
{
    (void)state;
    assert_dies(name_of_no_type);
}

/* The SIREN makes them one, whichever identifier has it inside. */
static void numbers_each_party_once(void **state)
{
    (void)state;
    const struct company self = {
        .identifier_count = 2,
        .identifiers = {id(SCHEME_SIREN, "732829320"), id(SCHEME_EXT, "C-1")}
    };
    const struct link_ends ends[] = {
        {id(SCHEME_SIREN, "356000000"),      id(SCHEME_SIRET, "73282932000074")},
        {id(SCHEME_EXT,   "b"),              id(SCHEME_VAT,   "FR44732829320") },
        {id(SCHEME_EXT,   "a"),              id(SCHEME_EXT,   "C-1")           },
        {id(SCHEME_SIRET, "35600000000048"), id(SCHEME_EXT,   "b")             },
        {id(SCHEME_EXT,   "B"),              id(SCHEME_EXT,   "732829320")     }, /* another number, and no SIREN */
    };
    struct link links[5] = {0};
    uint32_t count = 0;
    assert_true(links_number(links, &count, ends, 5, &self, &arena));
    assert_int_equal(links[0].to, 0);
    assert_int_equal(links[1].to, 0);
    assert_int_equal(links[2].to, 0);
    assert_int_equal(links[0].from, links[3].from);
    assert_int_equal(links[1].from, links[3].to);
    assert_int_not_equal(links[4].from, links[1].from);
    assert_int_not_equal(links[4].to, 0);
    assert_int_equal(count, 6); /* with La Poste, a, b, B and the number that is no SIREN */
    for (size_t i = 0; i < 5; i++) {
        assert_in_range(links[i].from, 1, 5);
    }
}

static void finds_a_party_by_any_of_its_identifiers(void **state)
{
    (void)state;
    const struct company self = {.identifier_count = 1, .identifiers = {id(SCHEME_EXT, "self")}};
    const struct link_ends ends[] = {
        {id(SCHEME_SIREN, "356000000"), id(SCHEME_EXT, "self")},
        {id(SCHEME_EXT,   "b"),         id(SCHEME_EXT, "a")   },
    };
    struct link links[2] = {0};
    uint32_t count = 0;
    const struct link_party *parties = links_number(links, &count, ends, 2, &self, &arena);
    assert_non_null(parties);
    assert_int_equal(count, 4);
    const struct company_id siret = id(SCHEME_SIRET, "35600000000048");
    const struct company_id wanted[] = {siret, id(SCHEME_EXT, "b"), id(SCHEME_EXT, "a")};
    const uint32_t want[] = {links[0].from, links[1].from, links[1].to};
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
        assert_int_equal(link_party_find(parties, count, &wanted[i]), want[i]);
        assert_int_equal(company_id_order(parties[want[i]].id, &wanted[i]), 0);
        assert_int_equal(parties[want[i]].pd_ppm, LINK_UNSTATED);
    }
    const struct company_id strangers[] = {id(SCHEME_EXT, "0"), id(SCHEME_EXT, "ab"),
                                           id(SCHEME_EXT, "c"), id(SCHEME_SIREN, "732829320")};
    for (size_t i = 0; i < ARRAY_LEN(strangers); i++) {
        assert_int_equal(link_party_find(parties, count, &strangers[i]), count);
    }
    assert_int_equal(link_party_find(parties, 1, &wanted[0]), 1);
}

/* Nothing ties one to itself; and a holding or a seat can end, a delivery cannot. */
static void ties_unless_it_has_ended(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LINK_TYPE_COUNT; i++) {
        bool can_end = i == LINK_OWNS || i == LINK_CONTROLS || i == LINK_DIRECTOR_OF;
        struct link link = {.type = (enum link_type)i, .from = 1, .to = 2, .share_ppm = 0};
        assert_int_equal(link_ties(&link), !can_end);
        link.share_ppm = 1;
        assert_true(link_ties(&link));
        link.share_ppm = LINK_UNSTATED;
        assert_true(link_ties(&link));
        link.to = 1;
        assert_false(link_ties(&link));
    }
}

static void numbers_alike_in_any_order(void **state)
{
    (void)state;
    const struct company self = {.identifier_count = 1, .identifiers = {id(SCHEME_EXT, "self")}};
    const struct link_ends one[] = {
        {id(SCHEME_EXT, "b"), id(SCHEME_EXT, "self")},
        {id(SCHEME_EXT, "a"), id(SCHEME_EXT, "b")   },
    };
    const struct link_ends other[] = {one[1], one[0]};
    struct link x[2] = {0}, y[2] = {0};
    uint32_t count_x, count_y;
    assert_true(links_number(x, &count_x, one, 2, &self, &arena));
    assert_true(links_number(y, &count_y, other, 2, &self, &arena));
    assert_int_equal(count_x, 3);
    assert_int_equal(count_y, 3);
    assert_int_equal(x[0].from, y[1].from);
    assert_int_equal(x[1].from, y[0].from);
    assert_int_equal(x[1].to, y[0].to);
}

static void numbers_nobody_where_there_are_no_links(void **state)
{
    (void)state;
    const struct company nobody = {0};
    uint32_t count = 99;
    assert_true(links_number(NULL, &count, NULL, 0, &nobody, &arena));
    assert_int_equal(count, 1);
}

/* A company without identifiers is at no end. */
static void finds_nobody_without_identifiers(void **state)
{
    (void)state;
    const struct company nobody = {0};
    const struct link_ends ends[] = {
        {id(SCHEME_EXT, "a"), id(SCHEME_EXT, "b")}
    };
    struct link links[1] = {0};
    uint32_t count;
    assert_true(links_number(links, &count, ends, 1, &nobody, &arena));
    assert_int_equal(links[0].from, 1);
    assert_int_equal(links[0].to, 2);
}

static void says_when_the_arena_is_full(void **state)
{
    (void)state;
    struct arena small;
    const struct company nobody = {0};
    const struct link_ends ends[] = {
        {id(SCHEME_EXT, "a"), id(SCHEME_EXT, "b")}
    };
    struct link links[1] = {0};
    uint32_t count;
    arena_init(&small, 8);
    assert_false(links_number(links, &count, ends, 1, &nobody, &small));
    arena_finish(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_each_type_by_its_name),
        cmocka_unit_test(stops_at_what_is_no_type),
        cmocka_unit_test_setup_teardown(numbers_each_party_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(finds_a_party_by_any_of_its_identifiers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ties_unless_it_has_ended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_alike_in_any_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_nobody_where_there_are_no_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(finds_nobody_without_identifiers, set_up, tear_down),
        cmocka_unit_test(says_when_the_arena_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
