/* test_reason.c - what is stated, in which order, and what never is. */
#include "decide/reason.h"
#include "score/scorecard.h"
#include "trial.h"

#include "../expect.h"

/* A score with one factor a characteristic of the card, all known and neutral. */
static void prepare(struct trial *t, struct decision *d)
{
    trial_begin(t);
    (void)trial_decide(t);
    *d = t->decision;
    d->status = DECISION_SCORED;
    d->rule_reason_count = d->adverse_count = d->favourable_count = 0;
    for (uint32_t i = 0; i < d->score.factor_count; i++) {
        d->score.factors[i].is_known = true;
        d->score.factors[i].deci_points = d->score.factors[i].shortfall_deci = 0;
    }
}

/* The place of a feature among the factors. */
static uint32_t place_of(const struct decision *d, enum feature feature)
{
    for (uint32_t i = 0; i < d->score.factor_count; i++) {
        if (d->score.factors[i].feature == feature) {
            return i;
        }
    }
    fail_msg("the small model has no such factor");
    return 0;
}

/* Put a feature in the middle of its bins, so that both sides have something better and worse. */
static uint32_t give(struct decision *d, enum feature feature, int32_t points, int32_t shortfall)
{
    uint32_t place = place_of(d, feature);
    d->score.factors[place].deci_points = points;
    d->score.factors[place].shortfall_deci = shortfall;
    return place;
}

static void state_of(struct trial *t, struct decision *d)
{
    struct decision_input in = trial_input(t);
    reasons_state(d, &in);
}

/* Features of the small model whose value for the sound wholesaler lies in a bin that others beat.
 */
static uint32_t find_beaten(const struct trial *t, const struct decision *d, enum feature found[],
                            bool by_better)
{
    uint32_t count = 0;
    int8_t bins[MODEL_INPUTS_MAX];
    struct known inputs[MODEL_INPUTS_MAX];
    for (uint32_t i = 0; i < t->model->input_count; i++) {
        inputs[i] = d->score.features.values[t->model->inputs[i].feature];
    }
    for (size_t b = BLOCK_FINANCIAL; b <= BLOCK_FIRMOGRAPHIC; b++) {
        const struct model_block *card = &t->model->blocks[b];
        (void)scorecard_log_odds(t->model, card, inputs, "FR", bins);
        for (uint32_t i = 0; i < card->characteristic_count; i++) {
            const struct characteristic *c = &card->characteristics[i];
            double extreme = by_better ? c->best_woe : c->worst_woe;
            if (bins[i] >= 0 && c->woe[bins[i]] != extreme) {
                found[count++] = t->model->inputs[c->input].feature;
            }
        }
    }
    return count;
}

static void rules_come_first_and_leave_the_rest_to_factors(void **state)
{
    struct trial t;
    struct decision d;
    enum feature beaten[FEATURE_COUNT];
    (void)state;
    prepare(&t, &d);
    uint32_t count = find_beaten(&t, &d, beaten, true);
    assert_true(count >= 4);
    for (uint32_t i = 0; i < count; i++) {
        (void)give(&d, beaten[i], -50 - (int32_t)i, 100 + (int32_t)i);
    }
    reason_note(&d, REASON_NEGATIVE_EQUITY);
    reason_note(&d, REASON_PD_ABOVE_THRESHOLD);
    reason_note(&d, REASON_NEGATIVE_EQUITY); /* once is enough */
    state_of(&t, &d);
    assert_int_equal(d.rule_reason_count, 2);
    assert_int_equal(d.adverse_count, 4);
    assert_true(d.adverse[0].is_rule);
    assert_int_equal(d.adverse[0].reason, REASON_NEGATIVE_EQUITY);
    assert_int_equal(d.adverse[1].reason, REASON_PD_ABOVE_THRESHOLD);
    assert_false(d.adverse[2].is_rule);
    assert_int_equal(d.adverse[2].factor, place_of(&d, beaten[count - 1])); /* lost most */
    assert_int_equal(d.adverse[3].factor, place_of(&d, beaten[count - 2]));
    assert_int_equal(d.adverse[2].deci_points, -50 - (int32_t)(count - 1));
    trial_end(&t);
}

static void four_rules_leave_no_room(void **state)
{
    struct trial t;
    struct decision d;
    (void)state;
    prepare(&t, &d);
    for (unsigned i = 0; i < 5; i++) {
        reason_note(&d, (enum reason)i);
    }
    state_of(&t, &d);
    assert_int_equal(d.rule_reason_count, 5);
    assert_int_equal(d.adverse_count, 4);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(d.adverse[i].reason, i);
    }
    trial_end(&t);
}

static void what_is_unknown_is_never_stated(void **state)
{
    struct trial t;
    struct decision d;
    (void)state;
    prepare(&t, &d);
    for (uint32_t i = 0; i < d.score.factor_count; i++) {
        d.score.factors[i] = (struct factor){.feature = d.score.factors[i].feature,
                                             .is_known = false,
                                             .deci_points = i % 2 == 0 ? -500 : 500,
                                             .shortfall_deci = 900};
    }
    state_of(&t, &d);
    assert_int_equal(d.adverse_count, 0);
    assert_int_equal(d.favourable_count, 0);
    trial_end(&t);
}

/* By trees: equity 0.5 and days of credit 61 are as good as the trees of tiny_forest.json tell, a
 * cash flow of 0.23 of the debts too; a quick ratio of 1.75 as well, and receivables of 53 days lie
 * in the middle, which is best.  So whatever the points say, nothing can be held against them. */
static void trees_state_nothing_that_could_not_be_better(void **state)
{
    struct trial t;
    struct decision d;
    (void)state;
    trial_begin(&t);
    CLEANUP(buf_finish) struct buf forest = trial_file(TINY_FOREST);
    model_destroy(t.model);
    t.model = NULL;
    assert_int_equal(model_read(&t.model, buf_str(&forest), NULL), STATUS_OK);
    for (int is_poor = 0; is_poor < 2; is_poor++) {
        if (is_poor == 1) { /* equity 0.08: thin, not negative */
            trial_state(&t, ITEM_EQUITY, 100000);
            trial_state(&t, ITEM_TOTAL_LIABILITIES, 1100000);
        }
        d = *trial_decide(&t);
        d.status = DECISION_SCORED;
        d.rule_reason_count = d.adverse_count = d.favourable_count = 0;
        assert_int_equal(d.score.factor_count, 6);
        for (uint32_t i = 0; i < d.score.factor_count; i++) {
            assert_true(d.score.factors[i].is_known);
            d.score.factors[i].deci_points = -100 - (int32_t)i;
            d.score.factors[i].shortfall_deci = 100 + (int32_t)i;
        }
        state_of(&t, &d);
        bool has_equity = false;
        for (uint32_t i = 0; i < d.adverse_count; i++) {
            const struct factor *f = &d.score.factors[d.adverse[i].factor];
            has_equity = has_equity || f->feature == FEATURE_EQUITY_RATIO;
        }
        assert_int_equal(has_equity, is_poor);
        assert_int_equal(d.favourable_count, 0);
        assert_true(is_poor == 1 || d.adverse_count == 0);
    }
    trial_end(&t);
}

static void trifles_are_not_stated(void **state)
{
    static const struct {
        int32_t points;
        uint32_t adverse, favourable;
    } rows[] = {
        {0,   0, 0},
        {-49, 0, 0},
        {99,  0, 0},
        {-50, 1, 0},
        {100, 0, 1}
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trial t;
        struct decision d;
        enum feature beaten[FEATURE_COUNT];
        prepare(&t, &d);
        assert_true(find_beaten(&t, &d, beaten, rows[i].points < 0) > 0);
        (void)give(&d, beaten[0], rows[i].points, 100);
        state_of(&t, &d);
        assert_int_equal(d.adverse_count, rows[i].adverse);
        assert_int_equal(d.favourable_count, rows[i].favourable);
        trial_end(&t);
    }
}

/* A characteristic with two edges and these weights, read by a feature whose risk falls as it
 * rises. */
static void a_factor_against_its_meaning_is_never_stated(void **state)
{
    static const double edges[] = {1.0, 2.0};
    static const struct {
        double woe[3];
        double value;
        int32_t points;
        bool is_stated;
    } rows[] = {
        {{-1, 0, 1},  0.5, -100, true }, /* low, and a higher value is better */
        {{-1, 0, 1},  2.5, 100,  true },
        {{1, 0, -1},  2.5, -100, false}, /* "too much liquidity" is no reason */
        {{1, 0, -1},  0.5, 100,  false}, /* "little liquidity" is no strength */
        {{1, -1, -1}, 1.5, -100, false}, /* only the lower bin is better */
        {{-1, 1, 0},  2.5, -100, false},
        {{0, -1, 1},  1.5, -100, true },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trial t;
        struct decision d;
        prepare(&t, &d);
        uint32_t input = d.score.factors[place_of(&d, FEATURE_QUICK_RATIO)].input;
        struct characteristic *c = NULL;
        struct model_block *card = &t.model->blocks[BLOCK_FINANCIAL];
        for (uint32_t k = 0; k < card->characteristic_count; k++) {
            c = card->characteristics[k].input == input ? &card->characteristics[k] : c;
        }
        assert_non_null(c);
        *c = (struct characteristic){.input = c->input,
                                     .coefficient = -1,
                                     .edge_count = 2,
                                     .edges = edges,
                                     .woe = rows[i].woe,
                                     .worst_woe = -1,
                                     .best_woe = 1};
        t.model->reference_count = 0;
        d.score.features.values[FEATURE_QUICK_RATIO] = (struct known){rows[i].value, true};
        (void)give(&d, FEATURE_QUICK_RATIO, rows[i].points, 50);
        state_of(&t, &d);
        assert_int_equal(d.adverse_count + d.favourable_count, rows[i].is_stated ? 1 : 0);
        trial_end(&t);
    }
}

/* Without accounts, what the bank or the courts say is stated all the same. */
static void a_thin_file_states_what_factors_it_has(void **state)
{
    (void)state;
    for (uint32_t factors = 0; factors <= 1; factors++) {
        struct trial t;
        struct decision d;
        prepare(&t, &d);
        enum feature beaten[FEATURE_COUNT];
        assert_true(find_beaten(&t, &d, beaten, true) > 0);
        (void)give(&d, beaten[0], -300, 300);
        d.status = DECISION_THIN;
        d.score.factor_count = factors * d.score.factor_count;
        reason_note(&d, REASON_NO_ACCOUNTS);
        state_of(&t, &d);
        assert_int_equal(d.adverse_count, 1 + factors);
        trial_end(&t);
    }
}

/* A tie to another only ever costs: it is stated against where the other is the weaker, never for.
 */
static void a_tie_is_stated_against_where_the_other_is_weaker(void **state)
{
    static const struct {
        int32_t points;
        int more_ppm; /* than the company's own PD */
        bool is_stated;
    } rows[] = {
        {-100, 1,  true },
        {-100, 0,  false},
        {-100, -1, false},
        {100,  1,  false},
        {100,  -1, false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trial t;
        struct decision d;
        prepare(&t, &d);
        d.score.factors[d.score.factor_count++] =
            (struct factor){.feature = FEATURE_G_PARENT_PD,
                            .family = FAMILY_GRAPH,
                            .is_known = true,
                            .value_micro = (int64_t)d.score.pd_ppm_before + rows[i].more_ppm,
                            .deci_points = rows[i].points,
                            .shortfall_deci = rows[i].points < 0 ? -rows[i].points : 0};
        state_of(&t, &d);
        assert_int_equal(d.adverse_count, rows[i].is_stated ? 1 : 0);
        assert_int_equal(d.favourable_count, 0);
        trial_end(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_come_first_and_leave_the_rest_to_factors),
        cmocka_unit_test(four_rules_leave_no_room),
        cmocka_unit_test(what_is_unknown_is_never_stated),
        cmocka_unit_test(trees_state_nothing_that_could_not_be_better),
        cmocka_unit_test(trifles_are_not_stated),
        cmocka_unit_test(a_factor_against_its_meaning_is_never_stated),
        cmocka_unit_test(a_thin_file_states_what_factors_it_has),
        cmocka_unit_test(a_tie_is_stated_against_where_the_other_is_weaker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
