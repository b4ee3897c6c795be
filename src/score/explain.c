/* explain.c - contributions and factors. */
#include "score/explain.h"

#include "base/elementary.h"
#include "feature/neighbourhood.h"
#include "score/calibrate.h"
#include "score/scorecard.h"

enum { MICRO = 1000000 };

static int32_t deci(double points)
{
    return (int32_t)round_half_even(points * 10.0);
}

static void contribute(struct score *out, const char *name, int32_t deci_points)
{
    CHECK(out->contribution_count < CONTRIBUTIONS_MAX);
    out->contributions[out->contribution_count++] = (struct contribution){name, deci_points};
}

/* What the floor and cap of the PD and the bounds of the score change. */
static double bounded_difference(double log_odds)
{
    static const double floor_pd = (double)PD_PPM_FLOOR / PD_PPM_ONE;
    static const double cap_pd = (double)(PD_PPM_ONE - 1) / PD_PPM_ONE;
    double low = logit(floor_pd);
    double high = logit(cap_pd);
    double bounded = log_odds < low ? low : log_odds;
    bounded = bounded > high ? high : bounded;
    double points = points_of_log_odds(bounded);
    points = points < 0.0 ? 0.0 : points;
    points = points > 1000.0 ? 1000.0 : points;
    return points - points_of_log_odds(log_odds);
}

/* Bounds, then whatever still lacks to the integer score. */
static void close_sum(struct score *out, double log_odds)
{
    contribute(out, "bounds", deci(bounded_difference(log_odds)));
    int64_t sum = out->base_deci;
    for (uint32_t i = 0; i < out->contribution_count; i++) {
        sum += out->contributions[i].deci_points;
    }
    int64_t rest = (int64_t)out->points * 10 - sum;
    CHECK(rest > INT32_MIN);
    CHECK(rest < INT32_MAX);
    contribute(out, "rounding", (int32_t)rest);
}

/* Log-odds by theme. */
struct theme_sums {
    double sums[THEME_COUNT];
    bool has_any[THEME_COUNT];
};

static void theme_add(struct theme_sums *themes, enum feature feature, double log_odds)
{
    enum theme theme = feature_info(feature)->theme;
    themes->sums[theme] += log_odds;
    themes->has_any[theme] = true;
}

/* How much one unit of a block's log-odds moves the final ones. */
static double reach_of(const struct model *model, enum block block)
{
    return model->slope * model->blocks[block].weight;
}

/* What one input of a used block adds, by family, in final log-odds. */
struct reach {
    double card, forest;
};

static struct reach input_reach(const struct model *model, const struct block_parts *parts,
                                uint32_t input)
{
    enum block block = model->inputs[input].block;
    double reach = reach_of(model, block);
    double w = model->blocks[block].forest_weight;
    return (struct reach){reach * (1.0 - w) * parts->card[input], reach * w * parts->forest[input]};
}

/* Points lost on the card's best bin. */
static double card_shortfall(const struct model *model, uint32_t input, double log_odds)
{
    enum block block = model->inputs[input].block;
    const struct model_block *b = &model->blocks[block];
    const struct characteristic *c = scorecard_characteristic(b, input);
    if (c == NULL) {
        return 0.0;
    }
    double best =
        reach_of(model, block) * (1.0 - b->forest_weight) * (c->coefficient * c->best_woe);
    CHECK(best <= log_odds);
    return POINTS_PER_LOG_ODDS * (log_odds - best);
}

static struct factor factor_of(const struct score *score, const struct model *model,
                               const struct block_parts *parts, uint32_t input)
{
    enum feature feature = model->inputs[input].feature;
    struct known value = score->features.values[feature];
    struct reach reach = input_reach(model, parts, input);
    int32_t card = deci(-POINTS_PER_LOG_ODDS * reach.card);
    int32_t forest = deci(-POINTS_PER_LOG_ODDS * reach.forest);
    int32_t card_size = card < 0 ? -card : card;
    int32_t forest_size = forest < 0 ? -forest : forest;
    return (struct factor){
        .feature = feature,
        .family = forest_size > card_size ? FAMILY_MACHINE_LEARNED : FAMILY_STATISTICAL,
        .input = input,
        .is_known = value.is_known,
        .value_micro = value.is_known ? round_half_even(value.value * MICRO) : 0,
        .deci_points = card + forest,
        .shortfall_deci =
            deci(card_shortfall(model, input, reach.card)) + (forest < 0 ? forest_size : 0),
        .family_deci = {[FAMILY_STATISTICAL] = card, [FAMILY_MACHINE_LEARNED] = forest},
    };
}

/* Coverage is asked of the inputs of the accounts' card, or of the trees where there is no card:
 * trees may ask for many ratios of the same few items. */
static bool counts_for_coverage(const struct model *model, uint32_t input)
{
    const struct model_block *b = &model->blocks[BLOCK_FINANCIAL];
    return model->inputs[input].block == BLOCK_FINANCIAL &&
           (b->characteristic_count == 0 || scorecard_characteristic(b, input) != NULL);
}

/* A factor and a theme of each input of the used blocks. */
static void explain_inputs(struct score *out, struct theme_sums *themes, const struct model *model,
                           const struct explanation *said)
{
    uint32_t asked = 0;
    uint32_t known = 0;
    for (uint32_t i = 0; i < model->input_count; i++) {
        enum block block = model->inputs[i].block;
        if (block == BLOCK_COUNT || !said->answers[block].is_used) {
            continue;
        }
        struct reach reach = input_reach(model, said->parts, i);
        theme_add(themes, model->inputs[i].feature, reach.card + reach.forest);
        struct factor *factor = &out->factors[out->factor_count++];
        *factor = factor_of(out, model, said->parts, i);
        if (counts_for_coverage(model, i)) {
            asked++;
            known += factor->is_known ? 1 : 0;
        }
    }
    if (asked > 0) {
        out->coverage_ppm = (uint32_t)((uint64_t)known * MICRO / asked);
    }
}

/* What blocks say when nothing is told, and what clipping them changes: in log-odds of the stack.
 */
struct block_sums {
    double base, clipped;
};

static struct block_sums explain_blocks(struct score *out, const struct model *model,
                                        const struct explanation *said)
{
    struct block_sums sums = {0};
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        const struct block_answer *answer = &said->answers[i];
        const struct model_block *b = &model->blocks[i];
        if (!answer->is_used) {
            continue;
        }
        double term = stack_term(b, answer->log_odds);
        sums.base += stack_term(b, answer->base);
        sums.clipped += b->weight * (answer->log_odds - answer->unclipped);
        out->blocks[i] = (struct score_block){true, answer->log_odds,
                                              deci(-POINTS_PER_LOG_ODDS * model->slope * term)};
    }
    return sums;
}

static void contribute_themes(struct score *out, const struct theme_sums *themes)
{
    for (size_t i = 0; i < THEME_COUNT; i++) {
        if (themes->has_any[i]) {
            contribute(out, theme_wire((enum theme)i),
                       deci(-POINTS_PER_LOG_ODDS * themes->sums[i]));
        }
    }
}

static void contribute_clipping(struct score *out, const struct model *model, double clipped)
{
    if (clipped != 0.0) {
        contribute(out, "block_bounds", deci(-POINTS_PER_LOG_ODDS * model->slope * clipped));
    }
}

/* The tie that lifts most, told as the feature that it is. */
static enum feature feature_of_relation(enum relation relation)
{
    switch (relation) {
    case RELATION_PARENT: return FEATURE_G_PARENT_PD;
    case RELATION_SUBSIDIARY: return FEATURE_G_GROUP_MAX_PD;
    case RELATION_DIRECTOR: return FEATURE_G_DIR_FAIL;
    case RELATION_TRADE:
    case RELATION_NONE: break;
    }
    return FEATURE_G_TRADE_PD;
}

static void explain_graph(struct score *out, const struct explanation *said)
{
    const struct neighbourhood *n = said->neighbourhood;
    int32_t points = deci(-POINTS_PER_LOG_ODDS * (said->lifted - said->before));
    if (!out->has_graph) {
        return;
    }
    contribute(out, "contagion", points);
    out->blocks[BLOCK_GRAPH] = (struct score_block){true, said->lifted - said->before, points};
    if (n == NULL || n->strongest == RELATION_NONE) {
        return;
    }
    CHECK(out->factor_count < FACTORS_MAX);
    out->strongest = n->strongest;
    out->factors[out->factor_count++] = (struct factor){
        .feature = feature_of_relation(n->strongest),
        .family = FAMILY_GRAPH,
        .input = n->strongest_party,
        .is_known = true,
        .value_micro = round_half_even(n->strongest_pd * MICRO),
        .deci_points = points,
        .shortfall_deci = -points,
        .family_deci = {[FAMILY_GRAPH] = points},
    };
}

void explain_stack(struct score *out, const struct model *model, const struct explanation *said)
{
    struct theme_sums themes = {0};
    struct block_sums sums = explain_blocks(out, model, said);
    double base = model->stack_intercept + sums.base;
    double calibration = (model->slope - 1.0) * base + model->calibration_intercept;
    explain_inputs(out, &themes, model, said);
    out->base_deci = deci(points_of_log_odds(base));
    contribute_themes(out, &themes);
    contribute_clipping(out, model, sums.clipped);
    contribute(out, "calibration", deci(-POINTS_PER_LOG_ODDS * calibration));
    contribute(out, "central_tendency", deci(-POINTS_PER_LOG_ODDS * said->shift));
    explain_graph(out, said);
    close_sum(out, said->lifted);
}

void explain_thin(struct score *out, const struct model *model, const struct explanation *said,
                  double sector_and_age)
{
    double anybody = logit(model_central_tendency(model, "", '\0'));
    struct theme_sums themes = {0};
    struct block_sums sums = explain_blocks(out, model, said);
    double moved = sector_and_age - anybody + model->slope * sums.base;
    explain_inputs(out, &themes, model, said);
    out->base_deci = deci(points_of_log_odds(anybody));
    contribute(out, "sector_and_age", deci(-POINTS_PER_LOG_ODDS * moved));
    contribute_themes(out, &themes);
    contribute_clipping(out, model, sums.clipped);
    explain_graph(out, said);
    close_sum(out, said->lifted);
}
