/* reason.c - choosing what to state. */
#include "decide/reason.h"

#include "score/scorecard.h"
#include "score/trees.h"

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

/* What the models were asked, and what each block's trees answered. */
struct standing {
    const struct model *model;
    const char *country;
    struct known inputs[MODEL_INPUTS_MAX];
    bool is_ranked[MODEL_BLOCKS];
    uint16_t ranks[MODEL_BLOCKS][MODEL_INPUTS_MAX];
    double log_odds[MODEL_BLOCKS]; /* of the trees */
    uint32_t pd_ppm;               /* before others lift it */
};

static void find_standing(struct standing *out, const struct decision_input *in,
                          const struct score *score)
{
    out->model = in->model;
    out->country = in->facts->company.country;
    out->pd_ppm = score->pd_ppm_before;
    for (uint32_t i = 0; i < in->model->input_count; i++) {
        out->inputs[i] = score->features.values[in->model->inputs[i].feature];
    }
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        out->is_ranked[i] = false;
    }
}

static bool card_has_better(const struct standing *s, const struct model_block *block,
                            uint32_t input, bool by_better)
{
    const struct characteristic *c = scorecard_characteristic(block, input);
    int8_t bin = -1;
    if (c == NULL) {
        return false;
    }
    (void)scorecard_woe(s->model, c, s->inputs, model_reference_find(s->model, s->country), &bin);
    int direction = feature_info(s->model->inputs[input].feature)->direction;
    return bin >= 0 && is_beaten(c, bin, direction, by_better);
}

static bool trees_have_better(struct standing *s, enum block block, uint32_t input, bool by_better)
{
    const struct model_trees *trees = s->model->blocks[block].trees;
    uint32_t place = 0;
    if (trees == NULL) {
        return false;
    }
    while (place < trees->input_count && trees->inputs[place] != input) {
        place++;
    }
    if (place == trees->input_count) {
        return false;
    }
    if (!s->is_ranked[block]) {
        (void)trees_rank(s->ranks[block], s->model, trees, s->inputs);
        s->log_odds[block] = forest_margin(&trees->forest, s->ranks[block]);
        s->is_ranked[block] = true;
    }
    return trees_is_beaten(s->model, trees, s->ranks[block], place, s->log_odds[block], by_better);
}

/* Would a better (worse) value have given more (fewer) points?  A tie to another only ever lifts
 * the PD; it is held against the company where the other is the weaker of the two, and never speaks
 * for it. */
static bool has_better(struct standing *s, const struct factor *f, bool by_better)
{
    if (f->family == FAMILY_GRAPH) {
        return by_better && f->value_micro > (int64_t)s->pd_ppm;
    }
    enum block block = s->model->inputs[f->input].block;
    return card_has_better(s, &s->model->blocks[block], f->input, by_better) ||
           trees_have_better(s, block, f->input, by_better);
}

/* How strongly a factor speaks: against by what it lost on the best bin, for by its points. */
static int32_t weight_of(const struct factor *f, bool is_adverse)
{
    return is_adverse ? f->shortfall_deci : f->deci_points;
}

static bool is_material(const struct factor *f, bool is_adverse)
{
    /* Five points against, ten points for: less is noise, and nobody is praised for noise. */
    enum { ADVERSE_DECI = 50, FAVOURABLE_DECI = 100 };
    return f->is_known && (is_adverse ? f->deci_points <= -ADVERSE_DECI && f->shortfall_deci > 0
                                      : f->deci_points >= FAVOURABLE_DECI);
}

static bool may_be_stated(const struct factor *f, struct standing *standing, bool is_adverse)
{
    return is_material(f, is_adverse) && has_better(standing, f, is_adverse);
}

/* Add the strongest factors that may be stated, until `list` is full; of equals the first. */
static void state_factors(struct stated_reason *list, uint32_t *count, uint32_t count_max,
                          const struct decision *d, struct standing *standing, bool is_adverse)
{
    bool is_taken[FACTORS_MAX] = {false};
    while (*count < count_max) {
        const struct factor *strongest = NULL;
        for (uint32_t i = 0; i < d->score.factor_count; i++) {
            const struct factor *f = &d->score.factors[i];
            bool is_stronger =
                strongest == NULL || weight_of(f, is_adverse) > weight_of(strongest, is_adverse);
            if (!is_taken[i] && is_stronger && may_be_stated(f, standing, is_adverse)) {
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
    if (decision->score.factor_count == 0) {
        return;
    }
    struct standing standing;
    find_standing(&standing, in, &decision->score);
    state_factors(decision->adverse, &decision->adverse_count, ADVERSE_REASONS_MAX, decision,
                  &standing, true);
    state_factors(decision->favourable, &decision->favourable_count, FAVOURABLE_REASONS_MAX,
                  decision, &standing, false);
}

void reasons_against_meaning(bool *out, const struct decision *decision,
                             const struct decision_input *in)
{
    struct standing standing;
    find_standing(&standing, in, &decision->score);
    for (uint32_t i = 0; i < decision->score.factor_count; i++) {
        const struct factor *f = &decision->score.factors[i];
        bool is_adverse = f->deci_points < 0;
        out[i] = is_material(f, is_adverse) && !has_better(&standing, f, is_adverse);
    }
}
