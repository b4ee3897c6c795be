/* test_next_bin.c - the hint keeps its promise: at the threshold the card gives the points, short
 * of it it does not. */
#include "score/next_bin.h"

#include "score/scorecard.h"
#include "tiny.h"

enum { MICRO = 1000000 };

/* A card of one characteristic on one feature, and a score that has one factor of it. */
struct card {
    double edges[3], woe[4];
    struct characteristic characteristic;
    struct model_input input;
    struct model model; /* one financial block, of weight 1 */
    struct score score;
};

static void card_init(struct card *card, enum feature feature, double value)
{
    *card = (struct card){
        .edges = {0.5,   1.0, 2.0},
          .woe = { -0.9, -0.9, 0.1, 0.7}
    };
    card->characteristic = (struct characteristic){.coefficient = -1.0,
                                                   .edge_count = 3,
                                                   .edges = card->edges,
                                                   .woe = card->woe,
                                                   .worst_woe = -0.9,
                                                   .best_woe = 0.7};
    card->input = (struct model_input){.feature = feature, .block = BLOCK_FINANCIAL};
    card->model = (struct model){.input_count = 1, .inputs = &card->input, .slope = 1.0};
    card->model.blocks[BLOCK_FINANCIAL] =
        (struct model_block){.is_there = true,
                             .characteristic_count = 1,
                             .characteristics = &card->characteristic,
                             .low = -50.0,
                             .high = 50.0,
                             .weight = 1.0};
    card->score.factor_count = 1;
    card->score.factors[0] = (struct factor){.feature = feature, .is_known = true};
    card->score.blocks[BLOCK_FINANCIAL].is_used = true;
    card->score.features.values[feature] = (struct known){value, true};
}

static struct next_bin find(struct card *card, enum feature feature, double value)
{
    card_init(card, feature, value);
    return next_bin_find(&card->model, &card->score, 0, "FR");
}

static void passes_over_a_bin_that_gives_no_more(void **state)
{
    (void)state;
    struct card card;
    /* From -0.9 to 0.1: 60 / ln 2 points a unit of log-odds. */
    struct next_bin next = find(&card, FEATURE_QUICK_RATIO, 0.2);
    assert_true(next.is_there);
    assert_true(next.is_above);
    assert_int_equal(next.threshold_micro, 1 * MICRO);
    assert_int_equal(next.gain_deci, 866);
}

static void an_edge_belongs_to_the_better_bin(void **state)
{
    (void)state;
    struct card card;
    struct next_bin next = find(&card, FEATURE_QUICK_RATIO, 1.0);
    assert_int_equal(next.threshold_micro, 2 * MICRO);
    assert_int_equal(next.gain_deci, 519);
}

static void there_is_nothing_beyond_the_best_bin(void **state)
{
    (void)state;
    struct card card;
    assert_false(find(&card, FEATURE_QUICK_RATIO, 2.0).is_there);
    assert_false(find(&card, FEATURE_QUICK_RATIO, 9.0).is_there);
}

static void a_threshold_out_of_the_range_is_none(void **state)
{
    (void)state;
    struct card card;
    card_init(&card, FEATURE_QUICK_RATIO, 1.5);
    card.edges[2] = 10.5; /* the feature ends at 10 */
    assert_false(next_bin_find(&card.model, &card.score, 0, "FR").is_there);
    card.edges[2] = 10.0;
    assert_true(next_bin_find(&card.model, &card.score, 0, "FR").is_there);
}

static void the_better_side_is_that_of_the_direction(void **state)
{
    (void)state;
    struct card card;
    /* For short-term debts less is better, and here only more would give points. */
    assert_false(find(&card, FEATURE_STL_TA, 0.2).is_there);
    for (size_t i = 0; i < 2; i++) {
        double woe = card.woe[i];
        card.woe[i] = card.woe[3 - i];
        card.woe[3 - i] = woe;
    }
    card.score.features.values[FEATURE_STL_TA].value = 1.2;
    struct next_bin next = next_bin_find(&card.model, &card.score, 0, "FR");
    assert_true(next.is_there);
    assert_false(next.is_above);
    assert_int_equal(next.threshold_micro, 1 * MICRO);
}

static void without_direction_the_nearer_side_counts(void **state)
{
    (void)state;
    struct card card;
    card_init(&card, FEATURE_DSO, 1.1);
    card.woe[0] = card.woe[1] = 0.6;
    struct next_bin next = next_bin_find(&card.model, &card.score, 0, "FR");
    assert_false(next.is_above);
    assert_int_equal(next.threshold_micro, 1 * MICRO);
    card.score.features.values[FEATURE_DSO].value = 1.9;
    assert_true(next_bin_find(&card.model, &card.score, 0, "FR").is_above);
}

static void what_is_not_known_has_no_hint(void **state)
{
    (void)state;
    struct card card;
    card_init(&card, FEATURE_QUICK_RATIO, 0.2);
    card.score.factors[0].is_known = false;
    assert_false(next_bin_find(&card.model, &card.score, 0, "FR").is_there);
}

static void what_trees_alone_read_has_no_hint(void **state)
{
    (void)state;
    struct card card;
    card_init(&card, FEATURE_QUICK_RATIO, 0.2);
    card.model.blocks[BLOCK_FINANCIAL].characteristic_count = 0;
    assert_false(next_bin_find(&card.model, &card.score, 0, "FR").is_there);
}

static void a_tie_to_another_company_has_no_hint(void **state)
{
    (void)state;
    struct card card;
    card_init(&card, FEATURE_QUICK_RATIO, 0.2);
    card.score.factors[0].family = FAMILY_GRAPH;
    assert_false(next_bin_find(&card.model, &card.score, 0, "FR").is_there);
}

/* At its bound a block may not move when one figure does: nothing is promised. */
static void a_clipped_block_has_no_hint(void **state)
{
    (void)state;
    struct card card;
    card_init(&card, FEATURE_QUICK_RATIO, 0.2);
    card.score.blocks[BLOCK_FINANCIAL].log_odds = 50.0;
    assert_false(next_bin_find(&card.model, &card.score, 0, "FR").is_there);
    card.score.blocks[BLOCK_FINANCIAL].log_odds = -50.0;
    assert_false(next_bin_find(&card.model, &card.score, 0, "FR").is_there);
}

/* Half of the card, and a block that counts for 0.4: a fifth of the points. */
static void the_gain_counts_as_the_block_counts(void **state)
{
    (void)state;
    struct card card;
    card_init(&card, FEATURE_QUICK_RATIO, 0.2);
    card.model.blocks[BLOCK_FINANCIAL].forest_weight = 0.5;
    card.model.blocks[BLOCK_FINANCIAL].weight = 0.4;
    assert_int_equal(next_bin_find(&card.model, &card.score, 0, "FR").gain_deci, 173);
}

/* Where the card reads ranks, the threshold is a value all the same. */
static void a_rank_becomes_a_value(void **state)
{
    (void)state;
    struct card card;
    double quantiles[MODEL_QUANTILES];
    const double *of_input = quantiles;
    const struct str countries[] = {STR("*")};
    struct model_reference reference = {
        .country_count = 1, .countries = countries, .quantiles = &of_input};
    card_init(&card, FEATURE_QUICK_RATIO, 0.2);
    for (int i = 0; i < MODEL_QUANTILES; i++) {
        quantiles[i] = i * 0.03; /* 0 to 3 */
    }
    card.model.reference_count = 1;
    card.model.references = &reference;
    card.edges[0] = 0.25;
    card.edges[1] = 1.0 / 3.0;
    card.edges[2] = 0.9;
    struct next_bin next = next_bin_find(&card.model, &card.score, 0, "FR");
    assert_true(next.is_there);
    assert_in_range(next.threshold_micro, MICRO - 1, MICRO + 1);
    int8_t bin = 0;
    struct known there = {(double)next.threshold_micro / MICRO, true};
    struct known short_of_it = {(double)(next.threshold_micro - 2) / MICRO, true};
    (void)scorecard_woe(&card.model, &card.characteristic, &there, &reference, &bin);
    assert_int_equal(bin, 2);
    (void)scorecard_woe(&card.model, &card.characteristic, &short_of_it, &reference, &bin);
    assert_int_equal(bin, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_over_a_bin_that_gives_no_more),
        cmocka_unit_test(an_edge_belongs_to_the_better_bin),
        cmocka_unit_test(there_is_nothing_beyond_the_best_bin),
        cmocka_unit_test(a_threshold_out_of_the_range_is_none),
        cmocka_unit_test(the_better_side_is_that_of_the_direction),
        cmocka_unit_test(without_direction_the_nearer_side_counts),
        cmocka_unit_test(what_is_not_known_has_no_hint),
        cmocka_unit_test(what_trees_alone_read_has_no_hint),
        cmocka_unit_test(a_tie_to_another_company_has_no_hint),
        cmocka_unit_test(a_clipped_block_has_no_hint),
        cmocka_unit_test(the_gain_counts_as_the_block_counts),
        cmocka_unit_test(a_rank_becomes_a_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
