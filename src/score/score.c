/* score.c - facts and model in, one explained PD out. */
#include "score/score.h"

#include "score/calibrate.h"
#include "score/elementary.h"
#include "score/explain.h"
#include "score/scorecard.h"
#include "score/trees.h"

/* Of whom we speak, as the central tendencies name it. */
struct place {
    const char *country; /* "" if unstated */
    char section;        /* '\0' if unstated */
};

static struct place place_of(const struct company *company)
{
    return (struct place){company->country,
                          activity_section(company->nomenclature, company->activity_code)};
}

/* Unknown unless both are stated: an unstated country must not lend a better sector. */
static struct known sector_log_odds(const struct model *model, struct place place)
{
    if (place.country[0] == '\0' || place.section == '\0') {
        return (struct known){0.0, false};
    }
    double sector_rate = model_central_tendency(model, place.country, place.section);
    double country_rate = model_central_tendency(model, place.country, '\0');
    return (struct known){elementary_log(sector_rate / country_rate), true};
}

static void set_pd(struct score *out, double low, double point, double high)
{
    out->pd_ppm = quantised_pd(point);
    out->pd_ppm_low = quantised_pd(low);
    out->pd_ppm_high = quantised_pd(high);
    CHECK(out->pd_ppm_low <= out->pd_ppm);
    CHECK(out->pd_ppm <= out->pd_ppm_high);
    out->statistical_pd_ppm = out->pd_ppm;
    out->points = score_of_pd(out->pd_ppm);
    out->grade = grade_of_pd(out->pd_ppm);
}

/* What the family that gives the PD says: the point, and the highest that unknowns leave open. */
struct answer {
    double log_odds, worst_log_odds;
};

static struct answer ask_card(double *woe, const struct model *model, const struct known *inputs,
                              struct place place)
{
    const struct model_reference *reference = model_reference_find(model, place.country);
    double log_odds = model->intercept;
    for (uint32_t i = 0; i < model->characteristic_count; i++) {
        woe[i] = scorecard_woe(model, i, inputs, reference, NULL);
        log_odds += model->characteristics[i].coefficient * woe[i];
    }
    return (struct answer){log_odds, scorecard_worst_log_odds(model, inputs, place.country)};
}

static struct answer ask_forest(double *contributions, const struct model *model,
                                const struct known *inputs)
{
    uint16_t ranks[MODEL_INPUTS_MAX];
    trees_rank(ranks, model, inputs);
    explainer_run(contributions, &model->trees->explainer, ranks);
    return (struct answer){forest_margin(&model->trees->forest, ranks),
                           forest_margin_highest(&model->trees->forest, ranks)};
}

/* With accounts: card or forest.  The upper end takes every unknown at its worst. */
static void score_by_model(struct score *out, const struct model *model, const struct facts *facts,
                           struct place place)
{
    struct known inputs[MODEL_INPUTS_MAX];
    double parts[MODEL_INPUTS_MAX]; /* weights of evidence, or contributions */
    bool is_card = model->primary == FAMILY_SCORECARD;
    for (uint32_t i = 0; i < model->input_count; i++) {
        inputs[i] = out->features.values[model->inputs[i].feature];
    }
    struct answer answer =
        is_card ? ask_card(parts, model, inputs, place) : ask_forest(parts, model, inputs);

    int age_months = date_months_between(out->features.statement->period_end, facts->as_of);
    double half_width = model->interval_z * interval_sigma(model, age_months);
    double rate = model_central_tendency(model, place.country, place.section);
    double worst_rate = model_worst_tendency(model, place.country, place.section);
    double point = calibrated_log_odds(model, answer.log_odds, rate);
    double worst = calibrated_log_odds(model, answer.worst_log_odds, worst_rate);

    set_pd(out, point - half_width, point, worst + half_width);
    out->statement_age_months = age_months;
    out->context = formulas_of(&out->features);
    (is_card ? explain_card : explain_forest)(out, model, parts, rate, point);
}

static double log_odds_of_rate(double rate, double multiplier)
{
    static const double most = (double)(PD_PPM_ONE - 1) / PD_PPM_ONE;
    double pd = rate * multiplier;
    return logit(pd < most ? pd : most);
}

/* Without accounts: what is usual in the sector at this age, and a wide interval. */
static void score_by_sector_and_age(struct score *out, const struct model *model,
                                    struct place place)
{
    double multiplier = model_age_multiplier(model, out->features.values[FEATURE_AGE_YEARS]);
    double rate = model_central_tendency(model, place.country, place.section);
    double worst_rate = model_worst_tendency(model, place.country, place.section);
    double half_width = model->interval_z * interval_sigma_thin(model);
    double point = log_odds_of_rate(rate, multiplier);
    double worst = log_odds_of_rate(worst_rate, multiplier);

    set_pd(out, point - half_width, point, worst + half_width);
    out->is_thin = true;
    out->statement_age_months = -1;
    explain_thin(out, model, point);
}

void score_compute(struct score *out, const struct model *model, const struct facts *facts)
{
    CHECK(model->can_decide);
    *out = (struct score){0};
    struct place place = place_of(&facts->company);
    double rate = model_central_tendency(model, place.country, place.section);
    features_extract(&out->features, facts,
                     (struct tendency){
                         sector_log_odds(model, place), {rate, true}
    });
    if (out->features.statement == NULL) {
        score_by_sector_and_age(out, model, place);
    } else {
        score_by_model(out, model, facts, place);
    }
}
