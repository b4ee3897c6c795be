/* test_reference.c - quantiles by country, and a pooled table in which each set weighs alike. */
#include "train/reference.h"

#include "../expect.h"

#include <math.h>

enum { HOME = 100, AWAY = 300, ROWS = HOME + AWAY };

static struct arena arena;
static double ratio[ROWS], at_home_only[ROWS], flag[ROWS];
static double *values[] = {ratio, at_home_only, flag};
static uint8_t set[ROWS];
static uint32_t chosen[ROWS];
static struct sample_set sets[2];
static struct sample_input inputs[3];
static struct sample sample;
static struct model ranks;

/* At home the ratio runs from 0 to 0.99; abroad it is 1 all over. */
static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1024 * 1024);
    for (uint32_t i = 0; i < ROWS; i++) {
        bool is_home = i < HOME;
        ratio[i] = is_home ? i / 100.0 : 1;
        at_home_only[i] = is_home ? i / 10.0 : NAN;
        flag[i] = i % 2;
        set[i] = is_home ? 0 : 1;
        chosen[i] = i;
    }
    sets[0].mapping.country = STR("FR");
    sets[1].mapping.country = STR("PL");
    inputs[0] = (struct sample_input){STR("roa"), FEATURE_ROA, -1, NO_EDGE_MIN};
    inputs[1] = (struct sample_input){STR("equity_tl"), FEATURE_EQUITY_TL, -1, 5};
    inputs[2] = (struct sample_input){STR("loss"), FEATURE_LOSS, 1, NO_EDGE_MIN};
    sample = (struct sample){.row_count = ROWS,
                             .input_count = 3,
                             .set_count = 2,
                             .sets = sets,
                             .inputs = inputs,
                             .values = values,
                             .set = set};
    return reference_compute(&ranks, &sample, chosen, ROWS, &arena, NULL) != STATUS_OK;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static void it_ranks_within_the_country(void **state)
{
    (void)state;
    assert_int_equal(ranks.reference_count, 3);
    assert_true(fabs(model_rank(&ranks, 0, "FR", 0.5) - 0.5) < 0.02);
    assert_true(model_rank(&ranks, 0, "FR", -1) == 0);
    assert_true(model_rank(&ranks, 0, "FR", 2) == 1);
    assert_true(model_rank(&ranks, 0, "PL", 0.5) == 0);
}

static void it_never_ranks_more_lower(void **state)
{
    (void)state;
    static const char *const countries[] = {"FR", "PL", "DE"};
    for (size_t c = 0; c < ARRAY_LEN(countries); c++) {
        double before = 0;
        for (double x = -0.5; x < 1.5; x += 0.001) {
            double rank = model_rank(&ranks, 0, countries[c], x);
            assert_true(rank >= before);
            before = rank;
        }
    }
}

static void each_set_weighs_alike_in_the_pooled_table(void **state)
{
    (void)state;
    /* Half the weight is at home, below 1, though three rows of four are abroad. */
    assert_true(fabs(model_rank(&ranks, 0, "DE", 0.99) - 0.5) < 0.02);
    assert_true(fabs(model_rank(&ranks, 0, "DE", 0.5) - 0.25) < 0.02);
}

static void a_country_that_never_states_an_input_has_the_pooled_table(void **state)
{
    (void)state;
    assert_true(model_rank(&ranks, 1, "PL", 3) == model_rank(&ranks, 1, "DE", 3));
    assert_true(fabs(model_rank(&ranks, 1, "PL", 3) - 0.3) < 0.02);
}

static void a_flag_is_not_ranked(void **state)
{
    (void)state;
    assert_true(model_rank(&ranks, 2, "FR", 1) == 1);
    assert_null(ranks.references[0].quantiles[2]);
}

static void the_lowest_edge_is_the_highest_rank_of_any_table(void **state)
{
    (void)state;
    assert_true(reference_edge_min(&ranks, &sample, 0) == NO_EDGE_MIN);
    assert_true(fabs(reference_edge_min(&ranks, &sample, 1) - 0.5) < 0.02);
    struct model none = {0};
    assert_true(reference_edge_min(&none, &sample, 1) == 5);
}

static void it_says_when_memory_is_short(void **state)
{
    (void)state;
    struct arena small;
    struct model out;
    arena_init(&small, 4096);
    assert_int_equal(reference_compute(&out, &sample, chosen, ROWS, &small, NULL),
                     STATUS_TOO_LARGE);
    arena_finish(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_ranks_within_the_country),
        cmocka_unit_test(it_never_ranks_more_lower),
        cmocka_unit_test(each_set_weighs_alike_in_the_pooled_table),
        cmocka_unit_test(a_country_that_never_states_an_input_has_the_pooled_table),
        cmocka_unit_test(a_flag_is_not_ranked),
        cmocka_unit_test(the_lowest_edge_is_the_highest_rank_of_any_table),
        cmocka_unit_test(it_says_when_memory_is_short),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
