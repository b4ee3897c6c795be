/* test_graph_store.c - what is kept of a tenant's graph, and in which order it is read. */
#include "store/graph_store.h"

#include "store_fixture.h"

#include "../expect.h"

#include <stdio.h>

static struct fixture f;

static int set_up(void **state)
{
    (void)state;
    fixture_begin(&f);
    fixture_start(&f);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fixture_end(&f);
    return 0;
}

static struct graph_link_row owns(const char *from, const char *to, int32_t share_ppm, int32_t day)
{
    return (struct graph_link_row){.from = str_from(from),
                                   .to = str_from(to),
                                   .type = STR("owns"),
                                   .kind = GRAPH_HOLDING,
                                   .strength = share_ppm,
                                   .share_ppm = share_ppm,
                                   .currency = STR(""),
                                   .pd_ppm = GRAPH_UNSTATED,
                                   .learned_on = day};
}

static struct graph_party_row decided(const char *party, int32_t pd_ppm, int32_t day)
{
    return (struct graph_party_row){.party = str_from(party),
                                    .pd_ppm = pd_ppm,
                                    .equity_minor = 100,
                                    .currency = STR("EUR"),
                                    .decided_on = day,
                                    .decision = id_make(&f.ids, f.now_ms)};
}

static void file(int64_t environment, const struct graph_link_row *links, uint32_t link_count,
                 const struct graph_party_row *parties, uint32_t party_count)
{
    struct unit unit = {0};
    struct error err = {.message = ""};
    const struct graph_filing filing = {.environment = environment,
                                        .decision = id_make(&f.ids, f.now_ms),
                                        .link_count = link_count,
                                        .links = links,
                                        .party_count = party_count,
                                        .parties = parties};
    graph_file(&unit, &filing, &f.arena);
    if (committer_run(f.committer, &unit, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
}

struct listing {
    char text[512]; /* "a>b 5@10 " a link */
};

static bool each(void *context, const struct graph_link_row *row)
{
    struct listing *listing = context;
    size_t len = strlen(listing->text);
    (void)snprintf(listing->text + len, sizeof listing->text - len, "%.*s>%.*s %d@%d ",
                   STR_ARGS(row->from), STR_ARGS(row->to), row->share_ppm, row->learned_on);
    return true;
}

static void expect_links(int64_t environment, const char *party, bool is_up, int32_t from,
                         int32_t to, uint32_t limit, const char *want)
{
    struct db *db = fixture_reader(&f);
    struct listing listing = {""};
    struct error err = {.message = ""};
    const struct graph_query query = {environment, str_from(party), GRAPH_HOLDING, is_up, from, to,
                                      limit};
    assert_int_equal(graph_links(db, &query, each, &listing, &err), STATUS_OK);
    assert_string_equal(listing.text, want);
    db_close(db);
}

/* ">" leads down from a party, "<" up to it; the strongest first, then by key. */
static void reads_links_from_either_end(void **state)
{
    (void)state;
    const struct graph_link_row links[] = {owns("a", "b", 5, 10), owns("a", "d", 7, 11),
                                           owns("a", "c", 5, 12), owns("b", "c", 9, 10)};
    file(7, links, ARRAY_LEN(links), NULL, 0);
    expect_links(7, "a", false, 0, 99, 99, "a>d 7@11 a>b 5@10 a>c 5@12 ");
    expect_links(7, "a", false, 0, 99, 2, "a>d 7@11 a>b 5@10 ");
    expect_links(7, "a", false, 11, 11, 99, "a>d 7@11 ");
    expect_links(7, "a", false, 12, 12, 99, "a>c 5@12 ");
    expect_links(7, "a", false, 13, 99, 99, "");
    expect_links(7, "c", true, 0, 99, 99, "b>c 9@10 a>c 5@12 ");
    expect_links(7, "a", true, 0, 99, 99, "");
    expect_links(8, "a", false, 0, 99, 99, "");
}

static void keeps_the_newest_of_a_tie(void **state)
{
    (void)state;
    struct graph_link_row link = owns("a", "b", 5, 10);
    file(7, &link, 1, NULL, 0);
    link = owns("a", "b", 9, 9); /* older */
    file(7, &link, 1, NULL, 0);
    expect_links(7, "a", false, 0, 99, 99, "a>b 5@10 ");
    link = owns("a", "b", 6, 10); /* of the same day */
    file(7, &link, 1, NULL, 0);
    expect_links(7, "a", false, 0, 99, 99, "a>b 6@10 ");
    link.type = STR("controls"); /* another tie */
    file(7, &link, 1, NULL, 0);
    expect_links(7, "a", false, 0, 99, 99, "a>b 6@10 a>b 6@10 ");
}

static void takes_out_what_has_ended(void **state)
{
    (void)state;
    struct graph_link_row link = owns("a", "b", 5, 10);
    file(7, &link, 1, NULL, 0);
    file(8, &link, 1, NULL, 0);
    link = owns("a", "b", 0, 9);
    link.has_ended = true;
    file(7, &link, 1, NULL, 0); /* it was said again later */
    expect_links(7, "a", false, 0, 99, 99, "a>b 5@10 ");
    link.learned_on = 10;
    file(7, &link, 1, NULL, 0);
    expect_links(7, "a", false, 0, 99, 99, "");
    expect_links(8, "a", false, 0, 99, 99, "a>b 5@10 ");
}

static int32_t pd_of(int64_t environment, const char *party)
{
    struct db *db = fixture_reader(&f);
    struct graph_party_row row = {.pd_ppm = -9};
    struct error err = {.message = ""};
    enum status status = graph_party_find(db, environment, str_from(party), &row, &f.arena, &err);
    assert_true(status == STATUS_OK || status == STATUS_NOT_FOUND);
    db_close(db);
    return row.pd_ppm;
}

/* Only whom a link names, at either end; that of the same unit counts. */
static void keeps_parties_that_links_name(void **state)
{
    (void)state;
    const struct graph_link_row link = owns("a", "b", 5, 10);
    const struct graph_party_row all[] = {decided("a", 100, 10), decided("b", 200, 10),
                                          decided("c", 300, 10)};
    file(7, NULL, 0, all, ARRAY_LEN(all));
    assert_int_equal(pd_of(7, "a"), -9);
    file(7, &link, 1, all, ARRAY_LEN(all));
    assert_int_equal(pd_of(7, "a"), 100);
    assert_int_equal(pd_of(7, "b"), 200);
    assert_int_equal(pd_of(7, "c"), -9);
    file(8, NULL, 0, all, ARRAY_LEN(all));
    assert_int_equal(pd_of(8, "a"), -9);
}

static void keeps_what_the_latest_decision_says(void **state)
{
    (void)state;
    static const struct {
        int32_t pd_ppm, day, want;
    } rows[] = {
        {GRAPH_UNSTATED, GRAPH_UNSTATED, GRAPH_UNSTATED}, /* looked for in vain */
        {100,            10,             100           },
        {200,            9,              100           },
        {300,            10,             300           },
        {GRAPH_UNSTATED, GRAPH_UNSTATED, 300           },
        {GRAPH_UNSTATED, 11,             GRAPH_UNSTATED},
    };
    const struct graph_link_row link = owns("a", "b", 5, 10);
    file(7, &link, 1, NULL, 0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct graph_party_row row = decided("a", rows[i].pd_ppm, rows[i].day);
        file(7, NULL, 0, &row, 1);
        assert_int_equal(pd_of(7, "a"), rows[i].want);
    }
}

static void says_whether_there_is_any(void **state)
{
    (void)state;
    const struct graph_link_row link = owns("a", "b", 5, 10);
    struct error err = {.message = ""};
    struct db *db = fixture_reader(&f);
    bool has_any = true;
    assert_int_equal(graph_any(&has_any, db, &err), STATUS_OK);
    assert_false(has_any);
    file(7, &link, 1, NULL, 0);
    assert_int_equal(graph_any(&has_any, db, &err), STATUS_OK);
    assert_true(has_any);
    db_close(db);
}

static void fails_the_unit_without_memory(void **state)
{
    (void)state;
    struct unit unit = {0};
    struct arena none;
    const struct graph_link_row link = owns("a", "b", 5, 10);
    arena_init(&none, 0);
    graph_file(&unit, &(struct graph_filing){.environment = 7, .link_count = 1, .links = &link},
               &none);
    assert_true(unit.has_failed);
    arena_finish(&none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_links_from_either_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_the_newest_of_a_tie, set_up, tear_down),
        cmocka_unit_test_setup_teardown(takes_out_what_has_ended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_parties_that_links_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_what_the_latest_decision_says, set_up, tear_down),
        cmocka_unit_test_setup_teardown(says_whether_there_is_any, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fails_the_unit_without_memory, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
