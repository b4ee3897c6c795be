/* next_bin.c - from a bin to the next better one, and back from its edge to a value.
 *
 * Where the card bins ranks, an edge is a rank, and its value lies between two quantiles.  Whatever
 * comes out is tried on the card itself: it must land in the bin it promises. */
#include "score/next_bin.h"

#include "score/calibrate.h"
#include "score/scorecard.h"

enum { MICRO = 1000000, NUDGES_MAX = 4 };

struct card {
    const struct model *model;
    const struct characteristic *c;
    const struct model_reference *reference; /* or NULL */
    double points_per_woe;
};

static int bin_of(const struct card *card, double value)
{
    struct known inputs[MODEL_INPUTS_MAX];
    int8_t bin = -1;
    inputs[card->c->input] = (struct known){value, true};
    (void)scorecard_woe(card->model, card->c, inputs, card->reference, &bin);
    return bin;
}

/* The value at which `edge` is reached. */
static double value_of_edge(const struct card *card, double edge)
{
    const double *q = card->reference == NULL ? NULL : card->reference->quantiles[card->c->input];
    if (q == NULL) {
        return edge;
    }
    double place = edge * (MODEL_QUANTILES - 1);
    int at = (int)place;
    if (at >= MODEL_QUANTILES - 1) {
        return q[MODEL_QUANTILES - 1];
    }
    return q[at] + (place - at) * (q[at + 1] - q[at]);
}

/* The first bin on one side that scores more, or -1. */
static int better_bin(const struct characteristic *c, int bin, bool is_above)
{
    int step = is_above ? 1 : -1;
    for (int i = bin + step; i >= 0 && i <= (int)c->edge_count; i += step) {
        if (c->woe[i] > c->woe[bin]) {
            return i;
        }
    }
    return -1;
}

/* Round the edge to millionths so that passing it surely lands in `bin` or beyond. */
static bool set_threshold(struct next_bin *out, const struct card *card, int bin, double edge)
{
    double scaled = value_of_edge(card, edge) * MICRO;
    if (!(scaled > -9e15 && scaled < 9e15)) {
        return false;
    }
    int64_t micro = (int64_t)scaled;
    for (int i = 0; i < 2 * NUDGES_MAX; i++) {
        int64_t tried = out->is_above ? micro - NUDGES_MAX + i : micro + NUDGES_MAX - i;
        int got = bin_of(card, (double)(out->is_above ? tried : tried - 1) / MICRO);
        if (out->is_above ? got >= bin : got <= bin) {
            out->threshold_micro = tried;
            return true;
        }
    }
    return false;
}

static struct next_bin next_on_side(const struct card *card, int bin, bool is_above)
{
    struct next_bin out = {.is_above = is_above};
    const struct characteristic *c = card->c;
    int better = better_bin(c, bin, is_above);
    if (better < 0) {
        return out;
    }
    double gain = card->points_per_woe * (c->woe[better] - c->woe[bin]);
    out.gain_deci = (int32_t)round_half_even(gain * 10.0);
    out.is_there = out.gain_deci > 0 &&
                   set_threshold(&out, card, better, c->edges[is_above ? better - 1 : better]);
    return out;
}

/* A block that is clipped may not move when one figure does. */
static bool is_clipped(const struct model_block *block, const struct score_block *said)
{
    return said->log_odds <= block->low || said->log_odds >= block->high;
}

static bool find_card(struct card *out, const struct model *model, const struct score *score,
                      const struct factor *factor, const char *country)
{
    if (factor->family == FAMILY_GRAPH || !factor->is_known) {
        return false;
    }
    enum block block = model->inputs[factor->input].block;
    const struct model_block *b = &model->blocks[block];
    double reach = model->slope * b->weight * (1.0 - b->forest_weight);
    out->model = model;
    out->c = scorecard_characteristic(b, factor->input);
    out->reference = model_reference_find(model, country);
    if (out->c == NULL || is_clipped(b, &score->blocks[block])) {
        return false;
    }
    out->points_per_woe = -POINTS_PER_LOG_ODDS * reach * out->c->coefficient;
    return true;
}

struct next_bin next_bin_find(const struct model *model, const struct score *score, uint32_t place,
                              const char *country)
{
    struct card card;
    CHECK(place < score->factor_count);
    const struct factor *factor = &score->factors[place];
    if (!find_card(&card, model, score, factor, country)) {
        return (struct next_bin){0};
    }
    double value = score->features.values[factor->feature].value;
    int bin = bin_of(&card, value);
    int direction = feature_info(factor->feature)->direction;
    struct next_bin above = {0}, below = {0};
    if (direction <= 0) {
        above = next_on_side(&card, bin, true);
    }
    if (direction >= 0) {
        below = next_on_side(&card, bin, false);
    }
    if (!above.is_there || !below.is_there) {
        return above.is_there ? above : below;
    }
    double up = (double)above.threshold_micro / MICRO - value;
    double down = value - (double)below.threshold_micro / MICRO;
    return up <= down ? above : below;
}
