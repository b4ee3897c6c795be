/* explanation_points.c - the score taken apart: contributions, families, figures, horizons. */
#include "decide/explanation_maker.h"

void tell_contributions(struct maker *m)
{
    const struct decision *d = m->of->decision;
    section_open(m, SECTION_CONTRIBUTIONS);
    if (!has_score(m)) {
        bool is_by_rule = d->status == DECISION_DECIDED_BY_RULE;
        SAY_WITH(m, SAY_NO_SCORE, {"why", said(m, is_by_rule ? SAY_WHY_BY_RULE : SAY_WHY_OUTSIDE)});
        return;
    }
    SAY_WITH(m, SAY_BASE, {"value", value_points(m, d->score.base_deci, false)});
    for (uint32_t i = 0; i < d->score.contribution_count; i++) {
        const struct contribution *c = &d->score.contributions[i];
        if (c->deci_points == 0) {
            continue;
        }
        SAY_WITH(m, SAY_PART, {"name", name_of_part(m, c->name)},
                 {"value", value_points(m, c->deci_points, true)});
    }
    SAY_WITH(m, SAY_TOTAL, {"value", value_number(m, d->score.points, 0)});
}

static void add_formula(struct maker *m, const char *name, struct known value)
{
    if (value.is_known) {
        struct str number = value_number(m, value.value, 2);
        buf_append_text(&m->scratch, name);
        buf_append_byte(&m->scratch, ' ');
        buf_append(&m->scratch, number);
        list_add(m, scratch_take(m));
    }
}

void tell_families(struct maker *m)
{
    const struct decision *d = m->of->decision;
    const struct formula_context *context = &d->score.context;
    if (d->status != DECISION_SCORED) {
        return;
    }
    section_open(m, SECTION_FAMILIES);
    if (d->score.statistical_pd_ppm > 0) {
        SAY_WITH(m, SAY_STATISTICAL, {"value", value_probability(m, d->score.statistical_pd_ppm)});
    }
    if (d->score.machine_learned_pd_ppm > 0) {
        SAY_WITH(m, SAY_MACHINE_LEARNED,
                 {"value", value_probability(m, d->score.machine_learned_pd_ppm)});
    }
    if (d->score.has_graph) {
        SAY_WITH(m, SAY_GRAPH, {"before", value_probability(m, d->score.pd_ppm_before)},
                 {"after", value_probability(m, d->score.pd_ppm)});
    }
    add_formula(m, "Altman Z''", context->altman_z_services);
    add_formula(m, "Conan-Holder", context->conan_holder);
    add_formula(m, "Zmijewski", context->zmijewski);
    if (m->list.len > 0) {
        SAY_WITH(m, SAY_CONTEXT, {"value", list_take(m)});
    }
}

/* ---- figures ---- */

static struct str hint_of(struct maker *m, enum feature feature, const struct next_bin *next)
{
    struct str points = value_points(m, next->gain_deci, false);
    struct str value = value_of_factor(m, feature, next->threshold_micro, next->is_above ? 1 : -1);
    if (feature_info(feature)->unit == UNIT_FLAG) {
        return TOLD_WITH(m, SAY_NEXT_OTHERWISE, {"points", points});
    }
    return TOLD_WITH(m, next->is_above ? SAY_NEXT_ABOVE : SAY_NEXT_BELOW, {"value", value},
                     {"points", points});
}

/* By family where more than one speaks. */
static struct str points_told(struct maker *m, const struct factor *f)
{
    struct str points = value_points(m, f->deci_points, true);
    int32_t card = f->family_deci[FAMILY_STATISTICAL],
            trees = f->family_deci[FAMILY_MACHINE_LEARNED];
    if (card == 0 || trees == 0) {
        return points;
    }
    struct str card_points = value_points(m, card, true),
               trees_points = value_points(m, trees, true);
    return TOLD_WITH(m, SAY_BY_FAMILY, {"points", points}, {"card", card_points},
                     {"trees", trees_points});
}

static struct str factor_told(struct maker *m, const struct factor *f)
{
    struct str points = points_told(m, f);
    if (f->family == FAMILY_GRAPH) {
        return TOLD_WITH(m, SAY_FACTOR_TIE, {"relation", name_of_tie(m)}, {"points", points},
                         {"value", value_probability(m, (uint32_t)f->value_micro)});
    }
    struct str name = name_of_factor(m, f->feature);
    if (!f->is_known) {
        return TOLD_WITH(m, SAY_FACTOR_UNKNOWN, {"name", name}, {"points", points});
    }
    struct str value = value_of_factor(m, f->feature, f->value_micro, 0);
    if (value.len == 0) {
        return TOLD_WITH(m, SAY_FACTOR_BARE, {"name", name}, {"points", points});
    }
    return TOLD_WITH(m, SAY_FACTOR, {"name", name}, {"value", value}, {"points", points});
}

void tell_factors(struct maker *m, bool has_hints)
{
    const struct score *score = &m->of->decision->score;
    if (m->out->factor_count == 0) {
        return;
    }
    section_open(m, SECTION_FACTORS);
    for (uint32_t i = 0; i < m->out->factor_count; i++) {
        const struct explained_factor *e = &m->out->factors[i];
        const struct factor *f = &score->factors[e->place];
        struct str fact = factor_told(m, f), hint = STR(""), note = STR("");
        if (has_hints && e->next.is_there && f->feature != FEATURE_LEGAL_NATURE) {
            hint = hint_of(m, f->feature, &e->next);
        }
        if (e->is_against_meaning) {
            note = told_plain(m, f->family == FAMILY_GRAPH ? SAY_TIE_TO_STRONGER : SAY_NOT_STATED);
        }
        buf_append(&m->scratch, fact);
        buf_append_text(&m->scratch, hint.len > 0 ? " " : "");
        buf_append(&m->scratch, hint);
        if (note.len > 0) {
            buf_append_byte(&m->scratch, ' ');
            buf_append(&m->scratch, note);
        }
        say_scratch(m, NULL);
    }
}

/* ---- horizons ---- */

void tell_horizons(struct maker *m)
{
    if (!has_score(m)) {
        return;
    }
    section_open(m, SECTION_HORIZONS);
    for (size_t i = 0; i < PD_HORIZON_COUNT; i++) {
        uint32_t pd = pd_over_months(m->of->decision->score.pd_ppm, pd_horizons[i]);
        SAY_WITH(m, SAY_HORIZON, {"months", value_months(m, pd_horizons[i])},
                 {"value", value_probability(m, pd)});
    }
    say_plain(m, SAY_HORIZON_HOW);
}
