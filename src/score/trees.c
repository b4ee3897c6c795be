/* trees.c - from known values to ranks, and what a better value would change. */
#include "score/trees.h"

#include <math.h>

double trees_value(enum feature feature, double value)
{
    if (feature == FEATURE_NONE) {
        return value;
    }
    double edge_min = feature_info(feature)->edge_min;
    double clipped = feature_clip(feature, value);
    return clipped < edge_min ? edge_min : clipped;
}

bool trees_rank(uint16_t *ranks, const struct model *model, const struct model_trees *trees,
                const struct known *inputs)
{
    double values[MODEL_INPUTS_MAX];
    bool is_any_missing = false;
    for (uint32_t i = 0; i < trees->input_count; i++) {
        struct known input = inputs[trees->inputs[i]];
        enum feature feature = model->inputs[trees->inputs[i]].feature;
        values[i] = input.is_known ? trees_value(feature, input.value) : (double)NAN;
        is_any_missing = is_any_missing || !input.is_known;
    }
    forest_rank(ranks, &trees->forest, values);
    return is_any_missing;
}

/* The highest rank an input can have. */
static uint16_t rank_last(const struct forest *forest, uint32_t input)
{
    return (uint16_t)(forest->first_threshold[input + 1] - forest->first_threshold[input]);
}

bool trees_is_beaten(const struct model *model, const struct model_trees *trees, uint16_t *ranks,
                     uint32_t input, double log_odds, bool by_better)
{
    enum feature feature = model->inputs[trees->inputs[input]].feature;
    int direction = feature == FEATURE_NONE ? 0 : feature_info(feature)->direction;
    uint16_t own = ranks[input];
    bool is_beaten = false;
    for (int end = 0; end < 2 && !is_beaten; end++) {
        bool is_better_end = (direction < 0) == (end == 1);
        if (direction != 0 && is_better_end != by_better) {
            continue;
        }
        ranks[input] = end == 0 ? 0 : rank_last(&trees->forest, input);
        double there = forest_margin(&trees->forest, ranks);
        is_beaten = by_better ? there < log_odds : there > log_odds;
    }
    ranks[input] = own;
    return is_beaten;
}
