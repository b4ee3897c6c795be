/* explanation_method.c - how a figure came about: the model, its calibration, its limits. */
#include "decide/explanation_maker.h"

#include <string.h>

void tell_identity(struct maker *m)
{
    const struct decision_input *in = m->of->in;
    section_open(m, SECTION_IDENTITY);
    SAY_WITH(m, SAY_IDENTITY_MODEL, {"value", str_from(in->model->sha256)});
    SAY_WITH(m, SAY_IDENTITY_POLICY, {"value", str_from(in->policy->sha256)});
    SAY_WITH(m, SAY_IDENTITY_ENGINE, {"value", value_number(m, SCORE_ENGINE, 0)},
             {"texts", STR(EXPLANATION_VERSION)});
}

/* ---- for the regulator ---- */

static struct str text_of(const struct json *object, struct str name)
{
    const struct json *member = json_find(object, name);
    return member != NULL && member->type == JSON_STRING ? member->text : STR("");
}

/* The row of the bundle that gave the central tendency, with its source and date. */
static void tell_tendency(struct maker *m)
{
    const struct model *model = m->of->in->model;
    const struct company *company = &m->of->in->facts->company;
    char section = activity_section(company->nomenclature, company->activity_code);
    uint32_t place = model_tendency_row(model, company->country, section);
    const struct json *row = json_find(model->root, STR("central_tendency"))->first;
    for (uint32_t i = 0; i < place; i++) {
        row = row->next;
    }
    uint32_t ppm = (uint32_t)(model->tendencies[place].rate * PD_PPM_ONE + 0.5);
    SAY_WITH(m, SAY_METHOD_TENDENCY, {"rate", value_probability(m, ppm)},
             {"source", text_of(row, STR("source"))}, {"date", text_of(row, STR("date"))});
}

static void tell_calibration(struct maker *m)
{
    const struct model *model = m->of->in->model;
    uint32_t rate_ppm = (uint32_t)(model->train_rate * PD_PPM_ONE + 0.5);
    SAY_WITH(m, SAY_METHOD_CALIBRATION, {"slope", value_number(m, model->slope, 4)},
             {"intercept", value_number(m, model->calibration_intercept, 4)},
             {"rate", value_probability(m, rate_ppm)});
}

/* One block: what speaks for it, where that comes from, and how much it counts. */
static void tell_block(struct maker *m, enum block block)
{
    const struct model_block *b = &m->of->in->model->blocks[block];
    bool has_card = b->characteristic_count > 0;
    if (!b->is_there) {
        return;
    }
    if (has_card) {
        list_add(m, TOLD_WITH(m, SAY_BLOCK_CARD,
                              {"count", value_number(m, b->characteristic_count, 0)}));
    }
    if (b->trees != NULL) {
        list_add(m, TOLD_WITH(m, SAY_BLOCK_TREES,
                              {"count", value_number(m, b->trees->forest.tree_count, 0)}));
    }
    if (has_card && b->trees != NULL) {
        uint32_t share = (uint32_t)(b->forest_weight * PD_PPM_ONE + 0.5);
        list_add(m, TOLD_WITH(m, SAY_BLOCK_SHARE, {"share", value_probability(m, share)}));
    }
    list_add(m, said(m, b->is_expert ? SAY_BLOCK_EXPERT : SAY_BLOCK_TRAINED));
    struct str list = list_take(m);
    SAY_WITH(m, SAY_BLOCK_MODEL, {"name", name_of_block(m, block)}, {"list", list},
             {"weight", value_number(m, b->weight, 2)});
}

static bool has_trees(const struct model *model)
{
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        if (model->blocks[i].trees != NULL) {
            return true;
        }
    }
    return false;
}

static void tell_model(struct maker *m)
{
    say_plain(m, SAY_METHOD_CARD);
    if (has_trees(m->of->in->model)) {
        say_plain(m, SAY_METHOD_FOREST);
    }
    say_plain(m, SAY_METHOD_STACK);
    for (unsigned i = 0; i < MODEL_BLOCKS; i++) {
        tell_block(m, (enum block)i);
    }
    tell_calibration(m);
}

static void tell_contagion(struct maker *m)
{
    const struct contagion_cap *cap = &m->of->in->model->uplift_cap;
    SAY_WITH(m, SAY_METHOD_GRAPH, {"ratio", value_number(m, cap->ratio, 1)},
             {"points", value_number(m, 100.0 * cap->points, 1)});
}

void tell_method(struct maker *m)
{
    section_open(m, SECTION_METHOD);
    switch (m->of->decision->status) {
    case DECISION_DECIDED_BY_RULE: say_plain(m, SAY_METHOD_RULE); return;
    case DECISION_NOT_SCORABLE: say_plain(m, SAY_METHOD_OUTSIDE); return;
    case DECISION_THIN: say_plain(m, SAY_METHOD_THIN); break;
    case DECISION_SCORED: tell_model(m); break;
    }
    tell_tendency(m);
    tell_contagion(m);
    SAY_WITH(m, SAY_METHOD_BOUND,
             {"value", value_probability(m, m->of->decision->score.pd_ppm_bound)});
}

static const struct json *array_of(const struct json *object, struct str name)
{
    const struct json *member =
        object == NULL || object->type != JSON_OBJECT ? NULL : json_find(object, name);
    return member != NULL && member->type == JSON_ARRAY && member->count > 0 ? member : NULL;
}

/* The card is for people and free in its shape: where it lists limits of use, itself or under
 * `about`, they are told. */
static const struct json *limits_of_card(const struct json *card)
{
    const struct json *own = array_of(card, STR("limits_of_use"));
    bool has_about = card != NULL && card->type == JSON_OBJECT;
    const struct json *about = has_about ? json_find(card, STR("about")) : NULL;
    return own != NULL ? own : array_of(about, STR("limits_of_use"));
}

void tell_limits_of_use(struct maker *m)
{
    const struct json *limits = limits_of_card(json_find(m->of->in->model->root, STR("card")));
    section_open(m, SECTION_LIMITS_OF_USE);
    say_plain(m, limits != NULL ? SAY_LIMITS_OF_CARD : SAY_LIMITS_NONE);
    for (const struct json *limit = limits == NULL ? NULL : limits->first; limit != NULL;
         limit = limit->next) {
        if (limit->type == JSON_STRING && limit->index < EXPLANATION_LIMITS_MAX) {
            buf_append(&m->scratch, limit->text);
            say_scratch(m, NULL);
        }
    }
}

/* ---- for the applicant ---- */

static int32_t size_of(const struct contribution *c)
{
    return c->deci_points < 0 ? -c->deci_points : c->deci_points;
}

static bool is_theme(const struct contribution *c)
{
    for (unsigned i = 0; i < THEME_COUNT; i++) {
        if (strcmp(theme_wire((enum theme)i), c->name) == 0) {
            return true;
        }
    }
    return false;
}

/* The themes by how much they moved, without saying how much. */
static void tell_weights(struct maker *m)
{
    enum { TOLD_MAX = 5, TENTH = 1 };
    const struct score *score = &m->of->decision->score;
    bool is_taken[CONTRIBUTIONS_MAX] = {false};
    for (unsigned told = 0; told < TOLD_MAX; told++) {
        int best = -1;
        for (uint32_t i = 0; i < score->contribution_count; i++) {
            const struct contribution *c = &score->contributions[i];
            if (!is_taken[i] && is_theme(c) && size_of(c) >= TENTH &&
                (best < 0 || size_of(c) > size_of(&score->contributions[best]))) {
                best = (int)i;
            }
        }
        if (best < 0) {
            break;
        }
        is_taken[best] = true;
        list_add(m, name_of_part(m, score->contributions[best].name));
    }
    if (m->list.len > 0) {
        SAY_WITH(m, SAY_METHOD_APPLICANT_WEIGHTS, {"list", list_take(m)});
    }
}

void tell_method_to_applicant(struct maker *m)
{
    section_open(m, SECTION_METHOD);
    switch (m->of->decision->status) {
    case DECISION_DECIDED_BY_RULE: say_plain(m, SAY_METHOD_APPLICANT_RULE); break;
    case DECISION_NOT_SCORABLE: say_plain(m, SAY_METHOD_OUTSIDE); break;
    case DECISION_THIN:
        say_plain(m, SAY_METHOD_APPLICANT_THIN);
        say_plain(m, SAY_METHOD_APPLICANT_POLICY);
        break;
    case DECISION_SCORED:
        say_plain(m, SAY_METHOD_APPLICANT);
        tell_weights(m);
        say_plain(m, SAY_METHOD_APPLICANT_POLICY);
        break;
    }
    if (is_natural_person(m)) {
        say_plain(m, SAY_METHOD_AUTOMATED);
    }
}
