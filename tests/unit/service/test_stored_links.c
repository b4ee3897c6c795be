/* test_stored_links.c - how much of a graph is taken, at each limit and one past it. */
#include "service/stored_links.h"

#include "../expect.h"
#include "../store/store_fixture.h"

#include <stdio.h>

enum { ENVIRONMENT = 7, LINKS_MOST = 5100, TODAY = 20423 /* 2025-12-01 */ };

static struct fixture f;
static struct graph_link_row links[LINKS_MOST];
static char keys[2 * LINKS_MOST][24];
static uint32_t link_count, key_count;

static int set_up(void **state)
{
    (void)state;
    fixture_begin(&f);
    fixture_start(&f);
    link_count = key_count = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fixture_end(&f);
    return 0;
}

static struct str key(const char *kind, unsigned number)
{
    char *text = keys[key_count++];
    (void)snprintf(text, sizeof keys[0], ":ext:%s%u", kind, number);
    return str_from(text);
}

static void add(struct str from, struct str to, const char *type, enum graph_kind kind,
                int64_t cents)
{
    links[link_count++] = (struct graph_link_row){.from = from,
                                                  .to = to,
                                                  .type = str_from(type),
                                                  .kind = kind,
                                                  .strength = 10 * cents,
                                                  .share_ppm = GRAPH_UNSTATED,
                                                  .exposure_minor = cents,
                                                  .currency = STR("EUR"),
                                                  .pd_ppm = GRAPH_UNSTATED,
                                                  .learned_on = TODAY};
}

static void file(void)
{
    for (uint32_t from = 0; from < link_count;) {
        struct unit unit = {0};
        struct error err = {.message = ""};
        uint32_t count = link_count - from < 1000 ? link_count - from : 1000;
        const struct graph_filing filing = {.environment = ENVIRONMENT,
                                            .decision = id_make(&f.ids, f.now_ms),
                                            .link_count = count,
                                            .links = &links[from]};
        graph_file(&unit, &filing, &f.arena);
        assert_int_equal(committer_run(f.committer, &unit, &err), STATUS_OK);
        from += count;
    }
}

/* The network around the company "self0", as text; of the arena. */
static struct str shown(void)
{
    struct buf out;
    struct arena arena;
    struct company_id id;
    struct error err = {.message = ""};
    struct db *db = fixture_reader(&f);
    const struct stored_links_input in = {db, ENVIRONMENT, date_from_days(TODAY)};
    arena_init(&arena, 32 * 1024 * 1024);
    buf_init(&out, 1024 * 1024);
    assert_int_equal(company_id_read(&id, SCHEME_EXT, STR(""), STR("self0")), COMPANY_ID_OK);
    if (stored_links_show(&out, &id, &in, &arena, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    struct str kept = arena_copy(&f.arena, buf_str(&out));
    assert_non_null(kept.ptr);
    buf_finish(&out);
    arena_finish(&arena);
    db_close(db);
    return kept;
}

static bool has(struct str network, const char *text)
{
    return memmem(network.ptr, network.len, text, strlen(text)) != NULL;
}

static uint32_t count_of(struct str network, const char *name)
{
    const struct json *root = json_read(network, &f.arena, NULL);
    assert_non_null(root);
    return json_find(root, str_from(name))->count;
}

static void expect_network(uint32_t want_links, uint32_t want_parties, const char *cut)
{
    struct str network = shown();
    assert_int_equal(count_of(network, "links"), want_links);
    assert_int_equal(count_of(network, "parties"), want_parties);
    struct str got = json_slice(network, STR("cut"));
    if (!str_eq(got, str_from(cut))) {
        fail_msg("%.*s, not %s", STR_ARGS(got), cut);
    }
}

static const char nothing_cut[] = "{\"edges\":0,\"more\":false,\"parties\":0}";

static void has_nothing_of_a_stranger(void **state)
{
    (void)state;
    add(key("a", 0), key("b", 0), "owes", GRAPH_EXPOSURE, 100);
    file();
    expect_network(0, 0, nothing_cut);
}

/* Each kind and direction has room of its own. */
static void takes_so_many_of_a_party_by_kind_and_direction(void **state)
{
    static const struct {
        const char *type;
        enum graph_kind kind;
    } rows[] = {
        {"owns",        GRAPH_HOLDING },
        {"owes",        GRAPH_EXPOSURE},
        {"director_of", GRAPH_SEAT    },
    };
    (void)state;
    struct str self = key("self", 0);
    for (unsigned i = 0; i < STORED_FAN_MAX / 2; i++) {
        for (size_t k = 0; k < ARRAY_LEN(rows); k++) {
            add(self, key(rows[k].type, i), rows[k].type, rows[k].kind, i);
        }
    }
    add(key("owes", 0), self, "owes", GRAPH_EXPOSURE, 1);
    for (unsigned i = STORED_FAN_MAX / 2; i < STORED_FAN_MAX; i++) {
        add(self, key("owes", i), "owes", GRAPH_EXPOSURE, i);
    }
    file();
    expect_network(101, 100, nothing_cut);
    link_count = 0;
    add(self, key("weakest", 0), "owes", GRAPH_EXPOSURE, 0);
    file();
    expect_network(101, 100, "{\"edges\":1,\"more\":false,\"parties\":1}");
    link_count = 0;
    add(self, key("strongest", 0), "owes", GRAPH_EXPOSURE, 99);
    file();
    struct str network = shown();
    assert_true(has(network, "strongest0"));
    assert_true(!has(network, "weakest0"));
}

/* `fans` parties of the first step lead to `each` of the second. */
static void make_fans(unsigned fans, unsigned each)
{
    struct str self = key("self", 0);
    for (unsigned i = 0; i < fans; i++) {
        struct str middle = key("m", i);
        add(self, middle, "owes", GRAPH_EXPOSURE, 1000 - i);
        for (unsigned k = 0; k < each; k++) {
            add(middle, key("f", i * each + k), "owes", GRAPH_EXPOSURE, 1000 - k);
        }
    }
}

/* Itself is one of the 200. */
static void takes_so_many_parties(void **state)
{
    (void)state;
    make_fans(STORED_PARTIES_MAX - 151, 3); /* 49 and 147: with itself 197 */
    for (unsigned i = 0; i < 3; i++) {
        add(links[0].from, key("more", i), "owes", GRAPH_EXPOSURE, 5);
        links[link_count - 1].type = STR("lends_to");
        links[link_count - 1].kind = GRAPH_SEAT;
    }
    file();
    expect_network(199, 199, nothing_cut);
    link_count = 0;
    add(str_from(keys[1]), key("past", 0), "owes", GRAPH_EXPOSURE, 1);
    file();
    expect_network(199, 199, "{\"edges\":1,\"more\":false,\"parties\":1}");
}

/* Twenty-one parties that all owe to each other, and have to do with the company in four ways. */
static void takes_so_many_links(void **state)
{
    enum { CLIQUE = 21 };
    (void)state;
    struct str self = key("self", 0), clique[CLIQUE];
    for (unsigned i = 0; i < CLIQUE; i++) {
        clique[i] = key("c", i);
        add(self, clique[i], "owes", GRAPH_EXPOSURE, 100);
        add(self, clique[i], "supplies", GRAPH_EXPOSURE, 100);
        add(clique[i], self, "lends_to", GRAPH_EXPOSURE, 100);
        for (unsigned k = 0; k < i; k++) {
            add(clique[i], clique[k], "owes", GRAPH_EXPOSURE, 10);
            add(clique[k], clique[i], "owes", GRAPH_EXPOSURE, 10);
        }
    }
    for (unsigned i = 0; link_count < STORED_LINKS_MAX; i++) {
        add(clique[i], self, "guarantees", GRAPH_EXPOSURE, 100);
    }
    file();
    expect_network(STORED_LINKS_MAX, CLIQUE, nothing_cut);
    struct str one = clique[0], other = clique[1];
    link_count = 0;
    add(one, other, "supplies", GRAPH_EXPOSURE, 1);
    file();
    /* It is met at either end, and counted once. */
    expect_network(STORED_LINKS_MAX, CLIQUE, "{\"edges\":1,\"more\":false,\"parties\":0}");
}

static void looks_at_so_many_rows(void **state)
{
    (void)state;
    struct str self = key("self", 0);
    for (unsigned i = 0; i < STORED_LOOKED_AT_MAX - STORED_FAN_MAX - 1; i++) {
        add(self, key("d", i), "owes", GRAPH_EXPOSURE, 10 + i);
    }
    file();
    /* The 50 are asked in turn, and each names the company again: one row is left. */
    expect_network(STORED_FAN_MAX, STORED_FAN_MAX,
                   "{\"edges\":4899,\"more\":false,\"parties\":4899}");
    link_count = 0;
    add(self, key("d", STORED_LOOKED_AT_MAX), "owes", GRAPH_EXPOSURE, 1);
    file();
    expect_network(STORED_FAN_MAX, STORED_FAN_MAX,
                   "{\"edges\":4900,\"more\":true,\"parties\":4900}");
}

/* Whatever is filed, in whatever order: the same bytes, and the largest stake is there. */
static void is_the_same_in_any_order_and_has_the_strongest(void **state)
{
    (void)state;
    uint64_t chance = 5;
    struct str first = {NULL, 0};
    for (unsigned round = 0; round < 2; round++) {
        fixture_end(&f);
        fixture_begin(&f);
        fixture_start(&f);
        if (round == 0) {
            struct str self = key("self", 0);
            for (unsigned i = 0; i < 120; i++) {
                add(self, key("s", i), "supplies", GRAPH_EXPOSURE, i == 77 ? 5000 : (i * 37) % 90);
            }
        }
        for (uint32_t i = link_count - 1; i > 0 && round == 1; i--) {
            chance = chance * UINT64_C(6364136223846793005) + 1;
            uint32_t k = (uint32_t)(chance >> 33) % (i + 1);
            struct graph_link_row moved = links[i];
            links[i] = links[k];
            links[k] = moved;
        }
        file();
        struct str network = shown();
        assert_true(has(network, "\"s77\""));
        static char kept[256 * 1024];
        if (round == 0) {
            assert_true(network.len < sizeof kept);
            memcpy(kept, network.ptr, network.len);
            first = str_of(kept, network.len);
        } else {
            assert_true(str_eq(first, network));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(has_nothing_of_a_stranger, set_up, tear_down),
        cmocka_unit_test_setup_teardown(takes_so_many_of_a_party_by_kind_and_direction, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(takes_so_many_parties, set_up, tear_down),
        cmocka_unit_test_setup_teardown(takes_so_many_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(looks_at_so_many_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_the_same_in_any_order_and_has_the_strongest, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
