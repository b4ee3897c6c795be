/* block.c - card and trees of one block, blended. */
#include "score/block.h"

#include "score/scorecard.h"
#include "score/trees.h"

bool block_has_data(const struct model *model, enum block block, const struct known *inputs)
{
    for (uint32_t i = 0; i < model->input_count; i++) {
        if (model->inputs[i].block == block && inputs[i].is_known) {
            return true;
        }
    }
    return false;
}

/* Weights of 0 and 1 are exact, so one family alone says what it says. */
static double blend(const struct model_block *b, double card, double forest)
{
    return b->forest_weight * forest + (1.0 - b->forest_weight) * card;
}

static double clip(const struct model_block *b, double log_odds)
{
    double raised = log_odds < b->low ? b->low : log_odds;
    return raised > b->high ? b->high : raised;
}

double block_blend(const struct model_block *block, double card, double forest)
{
    return clip(block, blend(block, card, forest));
}

double block_log_odds(const struct model *model, enum block block, const struct known *inputs,
                      const char *country)
{
    const struct model_block *b = &model->blocks[block];
    double card = 0.0;
    double forest = 0.0;
    if (b->characteristic_count > 0) {
        card = scorecard_log_odds(model, b, inputs, country, NULL);
    }
    if (b->trees != NULL) {
        uint16_t ranks[MODEL_INPUTS_MAX];
        (void)trees_rank(ranks, model, b->trees, inputs);
        forest = forest_margin(&b->trees->forest, ranks);
    }
    return block_blend(b, card, forest);
}

static double ask_card(double *parts, const struct model *model, const struct model_block *b,
                       const struct known *inputs, const char *country)
{
    const struct model_reference *reference = model_reference_find(model, country);
    double log_odds = b->intercept;
    for (uint32_t i = 0; i < b->characteristic_count; i++) {
        const struct characteristic *c = &b->characteristics[i];
        parts[c->input] = c->coefficient * scorecard_woe(model, c, inputs, reference, NULL);
        log_odds += parts[c->input];
    }
    return log_odds;
}

static double ask_forest(double *parts, double *worst, const struct model *model,
                         const struct model_trees *trees, const struct known *inputs)
{
    uint16_t ranks[MODEL_INPUTS_MAX];
    double contributions[MODEL_INPUTS_MAX];
    bool is_open = trees_rank(ranks, model, trees, inputs);
    explainer_run(contributions, &trees->explainer, ranks);
    for (uint32_t i = 0; i < trees->input_count; i++) {
        parts[trees->inputs[i]] = contributions[i];
    }
    double margin = forest_margin(&trees->forest, ranks);
    *worst = is_open ? forest_margin_highest(&trees->forest, ranks) : margin;
    return margin;
}

void block_ask(struct block_answer *out, struct block_parts *parts, const struct model *model,
               enum block block, const struct known *inputs, const char *country)
{
    const struct model_block *b = &model->blocks[block];
    CHECK(b->is_there);
    double card = 0.0;
    double forest = 0.0;
    double forest_base = 0.0;
    double worst_card = 0.0;
    double worst_forest = 0.0;
    for (uint32_t i = 0; i < model->input_count; i++) {
        if (model->inputs[i].block == block) {
            parts->card[i] = parts->forest[i] = 0.0;
        }
    }
    if (b->characteristic_count > 0) {
        card = ask_card(parts->card, model, b, inputs, country);
        worst_card = scorecard_worst_log_odds(model, b, inputs, country);
    }
    if (b->trees != NULL) {
        forest = ask_forest(parts->forest, &worst_forest, model, b->trees, inputs);
        forest_base = b->trees->explainer.base;
    }
    *out = (struct block_answer){
        .is_used = true,
        .card = b->characteristic_count > 0 ? card : forest,
        .forest = b->trees != NULL ? forest : card,
        .base = blend(b, b->intercept, forest_base),
        .unclipped = blend(b, card, forest),
        .log_odds = block_blend(b, card, forest),
        .worst = block_blend(b, worst_card, worst_forest),
    };
}

double block_worst(const struct model *model, enum block block, const struct known *inputs,
                   const char *country)
{
    const struct model_block *b = &model->blocks[block];
    double card = 0.0;
    double forest = 0.0;
    if (b->characteristic_count > 0) {
        card = scorecard_worst_log_odds(model, b, inputs, country);
    }
    if (b->trees != NULL) {
        uint16_t ranks[MODEL_INPUTS_MAX];
        bool is_open = trees_rank(ranks, model, b->trees, inputs);
        forest = is_open ? forest_margin_highest(&b->trees->forest, ranks)
                         : forest_margin(&b->trees->forest, ranks);
    }
    return block_blend(b, card, forest);
}

void block_range(struct model_block *block)
{
    double forest_least = 0.0;
    double forest_most = 0.0;
    if (block->trees != NULL) {
        forest_margin_range(&forest_least, &forest_most, &block->trees->forest);
    }
    block->least = block_blend(block, scorecard_least(block), forest_least);
    block->most = block_blend(block, scorecard_most(block), forest_most);
}
