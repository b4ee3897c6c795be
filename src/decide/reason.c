/* reason.c - choosing what to state. */
#include "decide/reason.h"

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

/* Where each factor stands: its bin on the card, -1 for missing, or its rank in the forest. */
struct standing {
    const struct model *model;
    int8_t bins[MODEL_INPUTS_MAX];
    uint16_t ranks[MODEL_INPUTS_MAX];
    double log_odds; /* of the forest */
};

static void find_standing(struct standing *out, const struct decision_input *in,
                          const struct score *score)
{
    struct known inputs[MODEL_INPUTS_MAX];
    out->model = in->model;
    for (uint32_t i = 0; i < in->model->input_count; i++) {
        inputs[i] = score->features.values[in->model->inputs[i].feature];
    }
    if (in->model->primary == FAMILY_SCORECARD) {
        CHECK(score->factor_count == in->model->characteristic_count);
        (void)scorecard_log_odds(in->model, inputs, in->facts->company.country, out->bins);
    } else {
        CHECK(score->factor_count == in->model->trees->input_count);
        trees_rank(out->ranks, in->model, inputs);
        out->log_odds = forest_margin(&in->model->trees->forest, out->ranks);
    }
}

/* Would a better (worse) value have given more (fewer) points? */
static bool has_better(struct standing *s, uint32_t place, bool by_better)
{
    if (s->model->primary == FAMILY_FOREST) {
        return trees_is_beaten(s->model, s->ranks, place, s->log_odds, by_better);
    }
    const struct characteristic *c = &s->model->characteristics[place];
    int direction = feature_info(s->model->inputs[c->input].feature)->direction;
    return s->bins[place] >= 0 && is_beaten(c, s->bins[place], direction, by_better);
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

static bool may_be_stated(const struct factor *f, struct standing *standing, uint32_t place,
                          bool is_adverse)
{
    return is_material(f, is_adverse) && has_better(standing, place, is_adverse);
}

/* Add the strongest factors that may be stated, until `list` is full; of equals the first. */
static void state_factors(struct stated_reason *list, uint32_t *count, uint32_t count_max,
                          const struct decision *d, struct standing *standing, bool is_adverse)
{
    bool is_taken[MODEL_INPUTS_MAX] = {false};
    while (*count < count_max) {
        const struct factor *strongest = NULL;
        for (uint32_t i = 0; i < d->score.factor_count; i++) {
            const struct factor *f = &d->score.factors[i];
            if (!is_taken[i] && may_be_stated(f, standing, i, is_adverse) &&
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
    CHECK(decision->status == DECISION_SCORED);
    find_standing(&standing, in, &decision->score);
    for (uint32_t i = 0; i < decision->score.factor_count; i++) {
        const struct factor *f = &decision->score.factors[i];
        bool is_adverse = f->deci_points < 0;
        out[i] = is_material(f, is_adverse) && !has_better(&standing, i, is_adverse);
    }
}
