/* reason.c - choosing what to state. */
#include "decide/reason.h"

void reason_note(struct decision *decision, enum reason reason)
{
    for (uint32_t i = 0; i < decision->rule_reason_count; i++) {
        if (decision->rule_reasons[i] == reason) {
            return;
        }
    }
    CHECK(decision->rule_reason_count < RULE_REASONS_MAX);
    decision->rule_reasons[decision->rule_reason_count++] = reason;
}

/* Bins lie in the order of the value.  With direction -1 (risk falls as the value rises) the better
 * side is the higher bins.  Is there, on that side, a bin that beats this one? */
static bool is_beaten(const struct characteristic *c, int bin, int direction, bool by_better)
{
    bool looks_up = (direction < 0) == by_better;
    for (int i = 0; i <= (int)c->edge_count; i++) {
        bool is_on_side = direction == 0 || (looks_up ? i > bin : i < bin);
        bool is_beyond = by_better ? c->woe[i] > c->woe[bin] : c->woe[i] < c->woe[bin];
        if (is_on_side && is_beyond) {
            return true;
        }
    }
    return false;
}

/* The bin of each characteristic, as the score took it. */
static void find_bins(int8_t bins[MODEL_INPUTS_MAX], const struct decision_input *in,
                      const struct score *score)
{
    struct known inputs[MODEL_INPUTS_MAX];
    for (uint32_t i = 0; i < in->model->input_count; i++) {
        inputs[i] = score->features.values[in->model->inputs[i].feature];
    }
    (void)scorecard_log_odds(in->model, inputs, in->facts->company.country, bins);
}

/* How strongly a factor speaks: against by what it lost on the best bin, for by its points. */
static int32_t weight_of(const struct factor *f, bool is_adverse)
{
    return is_adverse ? f->shortfall_deci : f->deci_points;
}

static bool may_be_stated(const struct factor *f, const struct characteristic *c, int bin,
                          bool is_adverse)
{
    /* Five points against, ten points for: less is noise, and nobody is praised for noise. */
    enum { ADVERSE_DECI = 50, FAVOURABLE_DECI = 100 };
    bool is_material = is_adverse ? f->deci_points <= -ADVERSE_DECI && f->shortfall_deci > 0
                                  : f->deci_points >= FAVOURABLE_DECI;
    return f->is_known && bin >= 0 && is_material &&
           is_beaten(c, bin, feature_info(f->feature)->direction, is_adverse);
}

/* Add the strongest factors that may be stated, until `list` is full; of equals the first. */
static void state_factors(struct stated_reason *list, uint32_t *count, uint32_t count_max,
                          const struct decision *d, const struct decision_input *in,
                          const int8_t *bins, bool is_adverse)
{
    bool is_taken[MODEL_INPUTS_MAX] = {false};
    while (*count < count_max) {
        const struct factor *strongest = NULL;
        for (uint32_t i = 0; i < d->score.factor_count; i++) {
            const struct factor *f = &d->score.factors[i];
            if (!is_taken[i] &&
                may_be_stated(f, &in->model->characteristics[i], bins[i], is_adverse) &&
                (strongest == NULL ||
                 weight_of(f, is_adverse) > weight_of(strongest, is_adverse))) {
                strongest = f;
            }
        }
        if (strongest == NULL) {
            return;
        }
        uint32_t place = (uint32_t)(strongest - d->score.factors);
        is_taken[place] = true;
        list[(*count)++] =
            (struct stated_reason){.factor = place, .deci_points = strongest->deci_points};
    }
}

void reasons_state(struct decision *decision, const struct decision_input *in)
{
    for (uint32_t i = 0; i < decision->rule_reason_count && i < ADVERSE_REASONS_MAX; i++) {
        decision->adverse[decision->adverse_count++] =
            (struct stated_reason){.is_rule = true, .reason = decision->rule_reasons[i]};
    }
    if (decision->status != DECISION_SCORED) {
        return;
    }
    int8_t bins[MODEL_INPUTS_MAX];
    CHECK(decision->score.factor_count == in->model->characteristic_count);
    find_bins(bins, in, &decision->score);
    state_factors(decision->adverse, &decision->adverse_count, ADVERSE_REASONS_MAX, decision, in,
                  bins, true);
    state_factors(decision->favourable, &decision->favourable_count, FAVOURABLE_REASONS_MAX,
                  decision, in, bins, false);
}
