/* test_yardstick.c - what a bundle tells of what it was made on. */
#include "monitor/yardstick.h"

#include "base/file.h"

#include "../expect.h"

static struct model *model;
static struct buf text;
static struct arena arena;

static int load(void **state)
{
    struct error err;
    (void)state;
    arena_init(&arena, 4 * 1024 * 1024);
    assert_int_equal(file_read(&text, DEFAULT_MODEL, MODEL_LEN_MAX, &err), STATUS_OK);
    assert_int_equal(model_read(&model, buf_str(&text), &err), STATUS_OK);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    model_destroy(model);
    buf_finish(&text);
    arena_finish(&arena);
    return 0;
}

static void cards_tell_their_bins(void **state)
{
    (void)state;
    static struct yardstick y;
    uint32_t told = 0;
    assert_int_equal(yardstick_read(&y, model, NULL), STATUS_OK);
    for (uint32_t i = 0; i < model->input_count; i++) {
        const struct input_yardstick *input = &y.inputs[i];
        if (!input->is_known) {
            continue;
        }
        told++;
        assert_int_equal(yardstick_bin(&y, i, "FR", (struct known){0, false}),
                         input->bin_count - 1);
        assert_int_equal(yardstick_bin(&y, i, "FR", (struct known){-1e9, true}), 0);
        assert_int_equal(yardstick_bin(&y, i, "FR", (struct known){1e9, true}),
                         input->bin_count - 2);
        /* An edge belongs to the bin above it. */
        assert_int_equal(yardstick_bin(&y, i, "FR", (struct known){input->edges[0], true}), 1);
    }
    assert_true(told > 0);
}

/* A model of two inputs with a card of one and a reference, as a bundle would have it. */
static struct yardstick *yardstick_of(const char *json)
{
    static struct yardstick y;
    static struct model_input inputs[2];
    static struct model made;
    inputs[0] = (struct model_input){.name = STR("quick_ratio"), .feature = FEATURE_QUICK_RATIO};
    inputs[1] = (struct model_input){.name = STR("roa"), .feature = FEATURE_ROA};
    made = (struct model){.input_count = 2, .inputs = inputs};
    made.root = json_read(str_from(json), &arena, NULL);
    assert_non_null(made.root);
    assert_int_equal(yardstick_read(&y, &made, NULL), STATUS_OK);
    return &y;
}

static void blocks_are_searched_too(void **state)
{
    (void)state;
    struct yardstick *y = yardstick_of(
        "{\"blocks\":{\"financial\":{\"scorecard\":{\"characteristics\":[{\"input\":\"roa\","
        "\"edges\":[0,0.1],\"goods\":[10,20,30,4],\"bads\":[3,2,1,0]}]}}}}");
    assert_false(y->inputs[0].is_known);
    assert_true(y->inputs[1].is_known);
    assert_int_equal(y->inputs[1].bin_count, 4);
    assert_close(y->inputs[1].reference[0], 13, 0);
    assert_close(y->inputs[1].reference[3], 4, 0);
    assert_int_equal(y->score_bin_count, 0);
}

static void what_does_not_fit_is_no_yardstick(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "{}",
        "{\"blocks\":{\"bank\":{\"scorecard\":{\"characteristics\":[{\"input\":\"roa\","
        "\"edges\":[0,0.1],\"goods\":[1,2],\"bads\":[1,2]}]}}}}",
        "{\"blocks\":{\"bank\":{\"scorecard\":{\"characteristics\":[{\"input\":\"roa\","
        "\"edges\":[0],\"goods\":[0,0,0],\"bads\":[0,0,0]}]}}}}",
        "{\"blocks\":{\"bank\":{\"scorecard\":{\"characteristics\":[{\"input\":\"roa\","
        "\"edges\":[0],\"goods\":[1,2,\"x\"],\"bads\":[0,0,0]}]}}}}",
        "{\"blocks\":{\"bank\":{\"scorecard\":{\"characteristics\":[{\"input\":\"nothing\","
        "\"edges\":[0],\"goods\":[1,2,3],\"bads\":[0,0,0]},7,{}]}}}}",
        "{\"blocks\":{\"financial\":7,\"bank\":{\"scorecard\":[],\"forest\":{\"inputs\":[7],"
        "\"trees\":7}}},\"card\":{\"reference\":{\"sets\":\"many\"}}}",
        "{\"card\":{\"reference\":{\"sets\":{\"a\":7,\"b\":{\"score_deciles\":[1,2,3]}}}}}",
        "{\"card\":{\"reference\":{\"sets\":{\"b\":{\"score_deciles\":[9,8,7,6,5,4,3,2,1,0,0]}}}}}",
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct yardstick *y = yardstick_of(rows[i]);
        assert_false(y->inputs[0].is_known);
        assert_false(y->inputs[1].is_known);
        assert_int_equal(y->score_bin_count, 0);
    }
}

/* One set from 400 to 500, one from 500 to 600: edges lie between, and the tails hold their part.
 */
static void sets_count_alike(void **state)
{
    (void)state;
    struct yardstick *y =
        yardstick_of("{\"card\":{\"reference\":{\"date\":\"2026-12-01\",\"sets\":{"
                     "\"a\":{\"score_deciles\":[400,410,420,430,440,450,460,470,480,490,500]},"
                     "\"b\":{\"score_deciles\":[500,510,520,530,540,550,560,570,580,590,600]}}}}}");
    assert_text(y->reference_date, "2026-12-01");
    assert_int_equal(y->score_bin_count, 10);
    assert_close(y->score_edges[0], 460, 1e-9);
    assert_close(y->score_edges[8], 540, 1e-9);
    assert_close(y->score_reference[0], 0.3, 1e-9); /* six tenths of a, nothing of b */
    assert_close(y->score_reference[9], 0.3, 1e-9);
    double total = 0;
    for (int i = 0; i < 10; i++) {
        total += y->score_reference[i];
    }
    assert_close(total, 1, 1e-12);
    assert_int_equal(yardstick_score_bin(y, 459), 0);
    assert_int_equal(yardstick_score_bin(y, 460), 1);
    assert_int_equal(yardstick_score_bin(y, 1000), 9);
}

static void one_value_for_all_is_one_edge(void **state)
{
    (void)state;
    struct yardstick *y = yardstick_of("{\"card\":{\"reference\":{\"sets\":{\"a\":{"
                                       "\"score_deciles\":[5,5,5,5,5,5,5,5,5,5,5]}}}}}");
    assert_int_equal(y->score_bin_count, 2);
    assert_close(y->score_reference[0], 0, 1e-12);
    assert_close(y->score_reference[1], 1, 1e-12);
}

/* Leaves have the input -1, and their `at` is no threshold. */
static void trees_tell_where_they_cut(void **state)
{
    (void)state;
    struct yardstick *y = yardstick_of(
        "{\"blocks\":{\"financial\":{\"forest\":{\"inputs\":[\"roa\",\"quick_ratio\"],\"trees\":["
        "{\"input\":[0,-1,1,-1,-1],\"at\":[0.1,9,2.5,9,9]},"
        "{\"input\":[0,-1,-1],\"at\":[-0.2,9,9]}]}}}}");
    const struct input_yardstick *roa = &y->inputs[1], *quick = &y->inputs[0];
    assert_true(roa->is_known && roa->is_raw && !roa->has_reference);
    assert_int_equal(quick->bin_count, 3);
    assert_close(quick->edges[0], 2.5, 0);
    assert_close(roa->edges[0], -0.2, 0);
    assert_int_equal(yardstick_bin(y, 1, "FR", (struct known){-0.3, true}), 0);
    assert_int_equal(yardstick_bin(y, 1, "FR", (struct known){0, false}), roa->bin_count - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cards_tell_their_bins),
        cmocka_unit_test(blocks_are_searched_too),
        cmocka_unit_test(what_does_not_fit_is_no_yardstick),
        cmocka_unit_test(sets_count_alike),
        cmocka_unit_test(one_value_for_all_is_one_edge),
        cmocka_unit_test(trees_tell_where_they_cut),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
