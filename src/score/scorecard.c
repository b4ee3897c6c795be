/* scorecard.c - value to rank to bin to weight of evidence to log-odds. */
#include "score/scorecard.h"

static bool serves(const struct model_reference *reference, struct str country)
{
    for (uint32_t i = 0; i < reference->country_count; i++) {
        if (str_eq(reference->countries[i], country)) {
            return true;
        }
    }
    return false;
}

const struct model_reference *model_reference_find(const struct model *model, const char *country)
{
    const struct model_reference *others = NULL;
    for (uint32_t i = 0; i < model->reference_count; i++) {
        if (serves(&model->references[i], str_from(country))) {
            return &model->references[i];
        }
        if (serves(&model->references[i], STR("*"))) {
            others = &model->references[i];
        }
    }
    return others;
}

double reference_rank(const struct model_reference *reference, uint32_t input, double value)
{
    const double *q = reference->quantiles[input];
    CHECK(q != NULL);
    if (value < q[0]) {
        return 0.0;
    }
    if (value >= q[MODEL_QUANTILES - 1]) {
        return 1.0;
    }
    uint32_t at = 0; /* q[at] <= value < q[above] */
    uint32_t above = MODEL_QUANTILES - 1;
    while (above - at > 1) {
        uint32_t middle = (at + above) / 2;
        if (q[middle] <= value) {
            at = middle;
        } else {
            above = middle;
        }
    }
    return (at + (value - q[at]) / (q[above] - q[at])) / (MODEL_QUANTILES - 1);
}

double model_rank(const struct model *model, uint32_t input, const char *country, double value)
{
    CHECK(input < model->input_count);
    const struct model_reference *reference = model_reference_find(model, country);
    if (reference == NULL || reference->quantiles[input] == NULL) {
        return value;
    }
    return reference_rank(reference, input, value);
}

const struct characteristic *scorecard_characteristic(const struct model_block *block,
                                                      uint32_t input)
{
    for (uint32_t i = 0; i < block->characteristic_count; i++) {
        if (block->characteristics[i].input == input) {
            return &block->characteristics[i];
        }
    }
    return NULL;
}

double scorecard_woe(const struct model *model, const struct characteristic *c,
                     const struct known *inputs, const struct model_reference *reference,
                     int8_t *bin)
{
    struct known input = inputs[c->input];
    if (!input.is_known) {
        if (bin != NULL) {
            *bin = -1;
        }
        return c->missing_woe;
    }
    double value = input.value;
    if (model->inputs[c->input].feature != FEATURE_NONE) {
        value = feature_clip(model->inputs[c->input].feature, value);
    }
    if (reference != NULL && reference->quantiles[c->input] != NULL) {
        value = reference_rank(reference, c->input, value);
    }
    uint32_t passed = 0;
    while (passed < c->edge_count && c->edges[passed] <= value) {
        passed++;
    }
    if (bin != NULL) {
        *bin = (int8_t)passed;
    }
    return c->woe[passed];
}

double scorecard_log_odds(const struct model *model, const struct model_block *block,
                          const struct known *inputs, const char *country, int8_t *bins)
{
    const struct model_reference *reference = model_reference_find(model, country);
    double log_odds = block->intercept;
    for (uint32_t i = 0; i < block->characteristic_count; i++) {
        const struct characteristic *c = &block->characteristics[i];
        log_odds += c->coefficient *
                    scorecard_woe(model, c, inputs, reference, bins == NULL ? NULL : &bins[i]);
    }
    return log_odds;
}

static double worst_woe_of_any_country(const struct model *model, const struct characteristic *c,
                                       const struct known *inputs)
{
    double worst = scorecard_woe(model, c, inputs, &model->references[0], NULL);
    for (uint32_t k = 1; k < model->reference_count; k++) {
        double woe = scorecard_woe(model, c, inputs, &model->references[k], NULL);
        worst = woe < worst ? woe : worst;
    }
    return worst;
}

double scorecard_worst_log_odds(const struct model *model, const struct model_block *block,
                                const struct known *inputs, const char *country)
{
    const struct model_reference *reference = model_reference_find(model, country);
    bool is_country_open = country[0] == '\0' && model->reference_count > 0;
    double log_odds = block->intercept;
    for (uint32_t i = 0; i < block->characteristic_count; i++) {
        const struct characteristic *c = &block->characteristics[i];
        double woe = c->worst_woe;
        if (inputs[c->input].is_known) {
            woe = is_country_open ? worst_woe_of_any_country(model, c, inputs)
                                  : scorecard_woe(model, c, inputs, reference, NULL);
        }
        log_odds += c->coefficient * woe;
    }
    return log_odds;
}

double scorecard_least(const struct model_block *block)
{
    double log_odds = block->intercept;
    for (uint32_t i = 0; i < block->characteristic_count; i++) {
        log_odds += block->characteristics[i].coefficient * block->characteristics[i].best_woe;
    }
    return log_odds;
}

double scorecard_most(const struct model_block *block)
{
    double log_odds = block->intercept;
    for (uint32_t i = 0; i < block->characteristic_count; i++) {
        log_odds += block->characteristics[i].coefficient * block->characteristics[i].worst_woe;
    }
    return log_odds;
}
