/* test_scorecard.c - bins, ranks and the worst case. */
#include "score/scorecard.h"

#include "tiny.h"

#include <math.h>

/* A card of one characteristic with two edges, on one input outside the catalogue. */
struct small_card {
    double edges[2], woe[3];
    struct characteristic characteristic;
    struct model_input input;
    struct model model;
    struct model_block block;
};

static void small_card_init(struct small_card *card)
{
    *card = (struct small_card){
        .edges = {1.0,  2.0},
          .woe = { -0.9, 0.1, 0.7}
    };
    card->characteristic = (struct characteristic){.coefficient = -1.0,
                                                   .edge_count = 2,
                                                   .edges = card->edges,
                                                   .woe = card->woe,
                                                   .missing_woe = -0.25,
                                                   .worst_woe = -0.9,
                                                   .best_woe = 0.7};
    card->input.feature = FEATURE_NONE;
    card->model = (struct model){.input_count = 1, .inputs = &card->input};
    card->block = (struct model_block){
        .intercept = -3.0, .characteristic_count = 1, .characteristics = &card->characteristic};
}

static void puts_an_edge_into_the_bin_on_its_right(void **state)
{
    (void)state;
    struct small_card card;
    small_card_init(&card);
    static const struct {
        struct known input;
        int8_t bin;
        double log_odds;
    } rows[] = {
        {{-1e15, true},              0,  -2.1 },
        {{0.9999999999999999, true}, 0,  -2.1 },
        {{1.0, true},                1,  -3.1 },
        {{1.5, true},                1,  -3.1 },
        {{2.0, true},                2,  -3.7 },
        {{1e15, true},               2,  -3.7 },
        {{2.0, false},               -1, -2.75},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int8_t bin = 99;
        double log_odds = scorecard_log_odds(&card.model, &card.block, &rows[i].input, "FR", &bin);
        assert_int_equal(bin, rows[i].bin);
        assert_true(fabs(log_odds - rows[i].log_odds) < 1e-15);
        assert_true(scorecard_log_odds(&card.model, &card.block, &rows[i].input, "FR", NULL) ==
                    log_odds);
    }
}

static void takes_what_is_unknown_at_its_worst(void **state)
{
    (void)state;
    struct small_card card;
    small_card_init(&card);
    const struct known unknown = {0};
    const struct known best = {3.0, true};
    assert_true(scorecard_worst_log_odds(&card.model, &card.block, &unknown, "FR") == -3.0 + 0.9);
    assert_true(scorecard_worst_log_odds(&card.model, &card.block, &best, "FR") == -3.0 - 0.7);
}

static void clips_features_like_a_decision_does(void **state)
{
    (void)state;
    struct small_card card;
    small_card_init(&card);
    card.input.feature = FEATURE_DPO; /* 0 to 365 days */
    card.edges[0] = 0.0;
    card.edges[1] = 365.0;
    const struct known far_below = {-50.0, true};
    const struct known far_above = {5000.0, true};
    int8_t bin = 99;
    (void)scorecard_log_odds(&card.model, &card.block, &far_below, "FR", &bin);
    assert_int_equal(bin, 1);
    (void)scorecard_log_odds(&card.model, &card.block, &far_above, "FR", &bin);
    assert_int_equal(bin, 2);
}

static void ranks_between_quantiles(void **state)
{
    (void)state;
    double q[MODEL_QUANTILES];
    for (int i = 0; i < MODEL_QUANTILES; i++) {
        q[i] = i < 50 ? 10.0 * i : 1000.0 + i; /* a jump from 490 to 1050 */
    }
    q[10] = q[11] = q[12] = 115.0; /* and a plateau */
    const double *quantiles[] = {q};
    const struct model_reference reference = {.quantiles = quantiles};
    static const struct {
        double value, rank;
    } rows[] = {
        {-1.0,   0.0  },
        {0.0,    0.0  },
        {5.0,    0.005},
        {10.0,   0.01 },
        {90.0,   0.09 },
        {102.5,  0.095},
        {115.0,  0.12 },
        {122.5,  0.125},
        {490.0,  0.49 },
        {770.0,  0.495},
        {1050.0, 0.5  },
        {1099.5, 0.995},
        {1100.0, 1.0  },
        {9999.0, 1.0  },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_true(fabs(reference_rank(&reference, 0, rows[i].value) - rows[i].rank) < 1e-15);
    }
    double before = 0.0;
    for (double x = -5.0; x < 1110.0; x += 0.37) {
        double rank = reference_rank(&reference, 0, x);
        assert_true(rank >= before && rank <= 1.0);
        before = rank;
    }
}

/* Where all companies have one value, that value is the top. */
static void ranks_on_a_plateau_without_dividing_by_nothing(void **state)
{
    (void)state;
    double q[MODEL_QUANTILES];
    for (int i = 0; i < MODEL_QUANTILES; i++) {
        q[i] = 7.0;
    }
    const double *quantiles[] = {q};
    const struct model_reference reference = {.quantiles = quantiles};
    assert_true(reference_rank(&reference, 0, 6.9) == 0.0);
    assert_true(reference_rank(&reference, 0, 7.0) == 1.0);
    assert_true(reference_rank(&reference, 0, 7.1) == 1.0);
}

static void ranks_by_country_and_leaves_the_rest_alone(void **state)
{
    (void)state;
    struct model *model = tiny_model();
    assert_true(fabs(model_rank(model, 1, "FR", 1.0) - 0.5) < 1e-12);
    assert_true(fabs(model_rank(model, 1, "DE", 1.5) - 0.5) < 1e-12);
    assert_true(model_rank(model, 1, "", 1.5) == model_rank(model, 1, "DE", 1.5));
    assert_true(model_rank(model, 0, "FR", 0.37) == 0.37); /* equity_ratio is not ranked */
    model->reference_count = 0;
    assert_true(model_rank(model, 1, "FR", 1.0) == 1.0);
    model_destroy(model);
}

/* Leaving out the country must not lend the kinder reference. */
static void takes_the_worst_reference_for_an_unstated_country(void **state)
{
    (void)state;
    struct model *model = tiny_model();
    const struct model_block *card = &model->blocks[BLOCK_FINANCIAL];
    struct known inputs[MODEL_INPUTS_MAX] = {0};
    for (double quick = 0.0; quick < 4.0; quick += 0.05) {
        inputs[1] = (struct known){quick, true};
        inputs[3] = (struct known){quick / 10.0 - 0.2, true};
        double open = scorecard_worst_log_odds(model, card, inputs, "");
        assert_true(open >= scorecard_worst_log_odds(model, card, inputs, "FR"));
        assert_true(open >= scorecard_worst_log_odds(model, card, inputs, "DE"));
    }
    model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_an_edge_into_the_bin_on_its_right),
        cmocka_unit_test(takes_what_is_unknown_at_its_worst),
        cmocka_unit_test(clips_features_like_a_decision_does),
        cmocka_unit_test(ranks_between_quantiles),
        cmocka_unit_test(ranks_on_a_plateau_without_dividing_by_nothing),
        cmocka_unit_test(ranks_by_country_and_leaves_the_rest_alone),
        cmocka_unit_test(takes_the_worst_reference_for_an_unstated_country),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
