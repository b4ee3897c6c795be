/* explain.c - contributions and factors. */
#include "score/explain.h"

#include "score/calibrate.h"
#include "score/elementary.h"

enum { MICRO = 1000000 };

static int32_t deci(double points)
{
    return (int32_t)round_half_even(points * 10.0);
}

static void contribute(struct score *out, const char *name, int32_t deci_points)
{
    CHECK(out->contribution_count < CONTRIBUTIONS_MAX);
    out->contributions[out->contribution_count++] = (struct contribution){name, deci_points};
}

/* What the floor and cap of the PD and the bounds of the score change. */
static double bounded_difference(double log_odds)
{
    static const double floor_pd = (double)PD_PPM_FLOOR / PD_PPM_ONE;
    static const double cap_pd = (double)(PD_PPM_ONE - 1) / PD_PPM_ONE;
    double low = logit(floor_pd);
    double high = logit(cap_pd);
    double bounded = log_odds < low ? low : log_odds;
    bounded = bounded > high ? high : bounded;
    double points = points_of_log_odds(bounded);
    points = points < 0.0 ? 0.0 : points;
    points = points > 1000.0 ? 1000.0 : points;
    return points - points_of_log_odds(log_odds);
}

/* Bounds, then whatever still lacks to the integer score. */
static void close_sum(struct score *out, double log_odds)
{
    contribute(out, "bounds", deci(bounded_difference(log_odds)));
    int64_t sum = out->base_deci;
    for (uint32_t i = 0; i < out->contribution_count; i++) {
        sum += out->contributions[i].deci_points;
    }
    int64_t rest = (int64_t)out->points * 10 - sum;
    CHECK(rest > INT32_MIN);
    CHECK(rest < INT32_MAX);
    contribute(out, "rounding", (int32_t)rest);
}

/* Log-odds by theme. */
struct theme_sums {
    double sums[THEME_COUNT];
    bool has_any[THEME_COUNT];
};

static void theme_add(struct theme_sums *themes, enum feature feature, double log_odds)
{
    enum theme theme = feature_info(feature)->theme;
    themes->sums[theme] += log_odds;
    themes->has_any[theme] = true;
}

/* Base, themes and what calibration and central tendency move, up to the final log-odds. */
static void contribute_all(struct score *out, const struct model *model, double base,
                           const struct theme_sums *themes, double rate, double log_odds)
{
    double calibration = (model->slope - 1.0) * base + model->calibration_intercept;
    out->base_deci = deci(points_of_log_odds(base));
    for (size_t i = 0; i < THEME_COUNT; i++) {
        if (themes->has_any[i]) {
            contribute(out, theme_wire((enum theme)i),
                       deci(-POINTS_PER_LOG_ODDS * model->slope * themes->sums[i]));
        }
    }
    contribute(out, "calibration", deci(-POINTS_PER_LOG_ODDS * calibration));
    contribute(out, "central_tendency",
               deci(-POINTS_PER_LOG_ODDS * central_tendency_shift(model, rate)));
    close_sum(out, log_odds);
}

static struct factor factor_of(const struct score *score, const struct model *model,
                               const struct characteristic *c, double woe)
{
    enum feature feature = model->inputs[c->input].feature;
    struct known value = score->features.values[feature];
    double points_per_woe = -POINTS_PER_LOG_ODDS * model->slope * c->coefficient;
    CHECK(woe <= c->best_woe);
    return (struct factor){
        .feature = feature,
        .is_known = value.is_known,
        .value_micro = value.is_known ? round_half_even(value.value * MICRO) : 0,
        .deci_points = deci(points_per_woe * woe),
        .shortfall_deci = deci(points_per_woe * (c->best_woe - woe)),
    };
}

/* The factors are there: how many of them are known? */
static void factors_count(struct score *out, uint32_t count)
{
    uint32_t known_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        known_count += out->factors[i].is_known ? 1 : 0;
    }
    out->factor_count = count;
    out->coverage_ppm = (uint32_t)((uint64_t)known_count * MICRO / count);
}

void explain_card(struct score *out, const struct model *model, const double *woe, double rate,
                  double log_odds)
{
    CHECK(model->can_decide);
    CHECK(model->characteristic_count > 0);
    struct theme_sums themes = {0};
    for (uint32_t i = 0; i < model->characteristic_count; i++) {
        const struct characteristic *c = &model->characteristics[i];
        theme_add(&themes, model->inputs[c->input].feature, c->coefficient * woe[i]);
        out->factors[i] = factor_of(out, model, c, woe[i]);
    }
    contribute_all(out, model, model->intercept, &themes, rate, log_odds);
    factors_count(out, model->characteristic_count);
}

void explain_forest(struct score *out, const struct model *model, const double *contributions,
                    double rate, double log_odds)
{
    CHECK(model->can_decide);
    const struct model_trees *trees = model->trees;
    struct theme_sums themes = {0};
    for (uint32_t i = 0; i < trees->input_count; i++) {
        enum feature feature = model->inputs[trees->inputs[i]].feature;
        struct known value = out->features.values[feature];
        int32_t points = deci(-POINTS_PER_LOG_ODDS * model->slope * contributions[i]);
        theme_add(&themes, feature, contributions[i]);
        out->factors[i] = (struct factor){
            .feature = feature,
            .is_known = value.is_known,
            .value_micro = value.is_known ? round_half_even(value.value * MICRO) : 0,
            .deci_points = points,
            .shortfall_deci = points < 0 ? -points : 0,
        };
    }
    contribute_all(out, model, trees->explainer.base, &themes, rate, log_odds);
    factors_count(out, trees->input_count);
}

void explain_thin(struct score *out, const struct model *model, double log_odds)
{
    double anybody = logit(model_central_tendency(model, "", '\0'));
    out->base_deci = deci(points_of_log_odds(anybody));
    contribute(out, "sector_and_age", deci(-POINTS_PER_LOG_ODDS * (log_odds - anybody)));
    close_sum(out, log_odds);
}
