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
    yardstick_read(&y, model);
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
    yardstick_read(&y, &made);
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
        "{\"scorecard\":{\"characteristics\":[{\"input\":\"roa\",\"edges\":[0,0.1],\"goods\":[1,2],"
        "\"bads\":[1,2]}]}}",
        "{\"scorecard\":{\"characteristics\":[{\"input\":\"roa\",\"edges\":[0],\"goods\":[0,0,0],"
        "\"bads\":[0,0,0]}]}}",
        "{\"scorecard\":{\"characteristics\":[{\"input\":\"roa\",\"edges\":[0],\"goods\":[1,2,"
        "\"x\"],"
        "\"bads\":[0,0,0]}]}}",
        "{\"scorecard\":{\"characteristics\":[{\"input\":\"nothing\",\"edges\":[0],\"goods\":[1,2,"
        "3],"
        "\"bads\":[0,0,0]},7,{}]}}",
        "{\"scorecard\":[],\"blocks\":{\"financial\":7},\"card\":{\"reference\":{\"n\":\"many\"}}}",
        "{\"card\":{\"reference\":{\"n\":100,\"score\":[1,2,3]}}}",
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct yardstick *y = yardstick_of(rows[i]);
        assert_false(y->inputs[0].is_known);
        assert_false(y->inputs[1].is_known);
        assert_int_equal(y->score_bin_count, 0);
    }
}

static void quantiles_become_deciles(void **state)
{
    (void)state;
    struct buf json;
    buf_init(&json, 64 * 1024);
    buf_append_text(&json, "{\"card\":{\"reference\":{\"date\":\"2026-11-01\",\"n\":1000,"
                           "\"score\":[");
    for (int i = 0; i < MODEL_QUANTILES; i++) {
        buf_printf(&json, "%s%d", i > 0 ? "," : "", 400 + 4 * i);
    }
    buf_append_text(&json, "],\"inputs\":{\"roa\":{\"missing\":0.2,\"quantiles\":[");
    for (int i = 0; i < MODEL_QUANTILES; i++) {
        buf_printf(&json, "%s%d", i > 0 ? "," : "", i < 50 ? 0 : i - 50);
    }
    buf_append_text(&json, "]}}}}}");
    buf_append_byte(&json, '\0');
    struct yardstick *y = yardstick_of(json.ptr);
    assert_text(y->reference_date, "2026-11-01");
    assert_int_equal(y->score_bin_count, 10);
    assert_int_equal(yardstick_score_bin(y, 0), 0);
    assert_int_equal(yardstick_score_bin(y, 440), 1);
    assert_int_equal(yardstick_score_bin(y, 439), 0);
    assert_int_equal(yardstick_score_bin(y, 1000), 9);
    for (int i = 0; i < 10; i++) {
        assert_close(y->score_reference[i], 100, 10);
    }
    /* Half of them are 0: equal quantiles are one edge. */
    const struct input_yardstick *roa = &y->inputs[1];
    assert_true(roa->is_known && roa->is_raw);
    double total = 0;
    for (uint32_t i = 0; i < roa->bin_count; i++) {
        total += roa->reference[i];
        assert_true(i + 2 >= roa->bin_count || i == 0 || roa->edges[i] > roa->edges[i - 1]);
    }
    assert_close(total, 1000, 1e-9);
    assert_close(roa->reference[roa->bin_count - 1], 200, 1e-9);
    buf_finish(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cards_tell_their_bins),
        cmocka_unit_test(blocks_are_searched_too),
        cmocka_unit_test(what_does_not_fit_is_no_yardstick),
        cmocka_unit_test(quantiles_become_deciles),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
