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

static void contribute_themes(struct score *out, const struct model *model, const double *woe)
{
    double sums[THEME_COUNT] = {0};
    bool has_any[THEME_COUNT] = {0};
    for (uint32_t i = 0; i < model->characteristic_count; i++) {
        const struct characteristic *c = &model->characteristics[i];
        enum theme theme = feature_info(model->inputs[c->input].feature)->theme;
        sums[theme] += c->coefficient * woe[i];
        has_any[theme] = true;
    }
    for (size_t i = 0; i < THEME_COUNT; i++) {
        if (has_any[i]) {
            contribute(out, theme_wire((enum theme)i),
                       deci(-POINTS_PER_LOG_ODDS * model->slope * sums[i]));
        }
    }
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

static void explain_factors(struct score *out, const struct model *model, const double *woe)
{
    uint32_t known_count = 0;
    for (uint32_t i = 0; i < model->characteristic_count; i++) {
        out->factors[i] = factor_of(out, model, &model->characteristics[i], woe[i]);
        known_count += out->factors[i].is_known ? 1 : 0;
    }
    out->factor_count = model->characteristic_count;
    out->coverage_ppm = (uint32_t)((uint64_t)known_count * MICRO / model->characteristic_count);
}

void explain_card(struct score *out, const struct model *model, const double *woe, double rate,
                  double log_odds)
{
    CHECK(model->can_decide);
    CHECK(model->characteristic_count > 0);
    double calibration = (model->slope - 1.0) * model->intercept + model->calibration_intercept;
    out->base_deci = deci(points_of_log_odds(model->intercept));
    contribute_themes(out, model, woe);
    contribute(out, "calibration", deci(-POINTS_PER_LOG_ODDS * calibration));
    contribute(out, "central_tendency",
               deci(-POINTS_PER_LOG_ODDS * central_tendency_shift(model, rate)));
    close_sum(out, log_odds);
    explain_factors(out, model, woe);
}

void explain_thin(struct score *out, const struct model *model, double log_odds)
{
    double anybody = logit(model_central_tendency(model, "", '\0'));
    out->base_deci = deci(points_of_log_odds(anybody));
    contribute(out, "sector_and_age", deci(-POINTS_PER_LOG_ODDS * (log_odds - anybody)));
    close_sum(out, log_odds);
}
