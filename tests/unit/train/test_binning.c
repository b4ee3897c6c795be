/* test_binning.c - what every cutting must keep: order, size, one direction, nothing gained by
 * leaving out. */
#include "train/binning.h"

#include "train/fold.h"

#include "../expect.h"

#include <math.h>

enum { ROWS = 2000 };

static const struct binning_rules rules = {.prebin_count = 20, .share_min = 0.05, .bads_min = 5};
static struct arena arena;
static double x[ROWS], weight[ROWS];
static uint8_t is_bad[ROWS];

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 16 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static double chance(uint64_t *state)
{
    return (double)(splitmix64(state) >> 11) * 0x1p-53;
}

/* Rows whose risk is `low` at x = 0 and `high` at x = 1, one in ten of them missing. */
static struct binning_input rows_make(uint64_t seed, double low, double high)
{
    for (int i = 0; i < ROWS; i++) {
        x[i] = chance(&seed);
        weight[i] = 1;
        is_bad[i] = chance(&seed) < low + (high - low) * x[i];
        if (i % 10 == 0) {
            x[i] = NAN;
        }
    }
    return (struct binning_input){
        .count = ROWS, .x = x, .is_bad = is_bad, .weight = weight, .edge_min = -1e300};
}

static struct bins cut(const struct binning_input *in)
{
    struct bins bins;
    assert_int_equal(binning_compute(&bins, in, &rules, &arena, NULL), STATUS_OK);
    return bins;
}

static void check_cutting(const struct bins *b, const struct binning_input *in)
{
    uint32_t rows = b->missing_goods + b->missing_bads;
    for (uint32_t i = 0; i <= b->edge_count; i++) {
        rows += b->goods[i] + b->bads[i];
        if (i > 0) {
            assert_true(i < 2 || b->edges[i - 1] > b->edges[i - 2]);
            assert_true(b->edges[i - 1] >= in->edge_min);
            assert_true((b->woe[i] - b->woe[i - 1]) * b->direction < 0);
        }
        if (b->edge_count > 0) {
            assert_true(b->goods[i] + b->bads[i] > 0.05 * 0.9 * in->count - 0.5);
            assert_true(b->bads[i] >= 5);
        }
    }
    assert_int_equal(rows, in->count);
    assert_true(b->missing_woe <= 0);
    assert_true(in->direction == 0 || b->direction == in->direction);
}

static void it_keeps_its_promises_on_many_samples(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        for (int direction = -1; direction <= 1; direction++) {
            struct binning_input in = rows_make(seed, 0.02, seed % 3 == 0 ? 0.02 : 0.3);
            in.direction = direction;
            in.edge_min = seed % 2 == 0 ? 0.4 : -1e300;
            struct bins b = cut(&in);
            check_cutting(&b, &in);
            arena_reset(&arena);
        }
    }
}

static void it_follows_the_data_when_no_direction_is_given(void **state)
{
    (void)state;
    struct binning_input in = rows_make(7, 0.02, 0.4);
    assert_int_equal(cut(&in).direction, 1);
    in = rows_make(7, 0.4, 0.02);
    assert_int_equal(cut(&in).direction, -1);
}

static void it_makes_one_bin_of_data_that_contradict_the_direction(void **state)
{
    (void)state;
    struct binning_input in = rows_make(7, 0.02, 0.4);
    in.direction = -1;
    struct bins b = cut(&in);
    assert_true(b.edge_count <= 1); /* noise may leave one step, never the slope */
    assert_true(b.iv < 0.02);
}

/* 80 goods and 4 + 6 bads behind a flag: the formula, by hand. */
static void it_weighs_evidence_as_the_formula_says(void **state)
{
    (void)state;
    struct binning_input in = {.count = 100,
                               .x = x,
                               .is_bad = is_bad,
                               .weight = weight,
                               .edge_min = -1e300,
                               .direction = 1};
    for (int i = 0; i < 100; i++) {
        x[i] = i < 70 ? 0 : 1;
        is_bad[i] = i < 6 || (i >= 70 && i < 84); /* 6 of 70, 14 of 30 */
        weight[i] = 1;
    }
    struct bins b = cut(&in);
    assert_int_equal(b.edge_count, 1);
    assert_true(b.edges[0] > 0 && b.edges[0] <= 1);
    assert_true(fabs(b.woe[0] - log(64.5 / 80 / (6.5 / 20))) < 1e-11);
    assert_true(fabs(b.woe[1] - log(16.5 / 80 / (14.5 / 20))) < 1e-11);
    double iv = (64.0 / 80 - 6.0 / 20) * b.woe[0] + (16.0 / 80 - 14.0 / 20) * b.woe[1];
    assert_true(fabs(b.iv - iv) < 1e-9);
    assert_int_equal(b.goods[0], 64);
    assert_int_equal(b.bads[1], 14);
}

static void it_holds_missing_against_a_row_only_if_it_is_bad_news(void **state)
{
    (void)state;
    struct binning_input in = rows_make(3, 0.05, 0.3);
    for (int i = 0; i < ROWS; i += 10) {
        is_bad[i] = 0; /* whoever is missing is good */
    }
    struct bins good_news = cut(&in);
    assert_true(good_news.missing_woe == 0);
    for (int i = 0; i < ROWS; i += 10) {
        is_bad[i] = 1;
    }
    struct bins bad_news = cut(&in);
    assert_true(bad_news.missing_woe < -2);
    assert_true(bad_news.iv > good_news.iv);
}

static void it_says_nothing_of_an_input_that_is_never_known(void **state)
{
    (void)state;
    struct binning_input in = rows_make(3, 0.1, 0.3);
    for (int i = 0; i < ROWS; i++) {
        x[i] = NAN;
    }
    struct bins b = cut(&in);
    assert_int_equal(b.edge_count, 0);
    assert_true(fabs(b.iv) < 1e-9);
    assert_int_equal(bins_find(&b, NAN), BIN_MISSING);
}

static void it_finds_the_bin_by_edges_not_above(void **state)
{
    (void)state;
    struct bins b = {
        .edge_count = 2, .edges = {1,    2},
             .woe = { -1, 0.5, 2},
             .missing_woe = -0.25
    };
    static const struct {
        double x;
        int bin;
    } rows[] = {
        {-5,    0},
        {0.999, 0},
        {1,     1},
        {1.5,   1},
        {2,     2},
        {1e9,   2}
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(bins_find(&b, rows[i].x), rows[i].bin);
        assert_true(bins_woe(&b, rows[i].x) == b.woe[rows[i].bin]);
    }
    assert_true(bins_woe(&b, NAN) == -0.25);
}

static void it_says_when_memory_is_short(void **state)
{
    (void)state;
    struct arena small;
    struct bins bins;
    struct binning_input in = rows_make(3, 0.1, 0.3);
    arena_init(&small, 1024);
    assert_int_equal(binning_compute(&bins, &in, &rules, &small, NULL), STATUS_TOO_LARGE);
    arena_finish(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_keeps_its_promises_on_many_samples),
        cmocka_unit_test(it_follows_the_data_when_no_direction_is_given),
        cmocka_unit_test(it_makes_one_bin_of_data_that_contradict_the_direction),
        cmocka_unit_test(it_weighs_evidence_as_the_formula_says),
        cmocka_unit_test(it_holds_missing_against_a_row_only_if_it_is_bad_news),
        cmocka_unit_test(it_says_nothing_of_an_input_that_is_never_known),
        cmocka_unit_test(it_finds_the_bin_by_edges_not_above),
        cmocka_unit_test(it_says_when_memory_is_short),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
