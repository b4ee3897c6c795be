/* calibrate.c - the one place where a probability is rounded. */
#include "score/calibrate.h"

#include "base/elementary.h"
#include "score/score.h"

/* 600 points at 50 good to 1 bad, 60 points double the odds: factor 60 / ln 2, offset 600 - factor
 * ln 50. */
const double POINTS_PER_LOG_ODDS = 0x1.5a3f2eed8cacep+6;
static const double POINTS_AT_EVEN_ODDS = 0x1.055e5e71df6c6p+8;

enum { POINTS_MAX = 1000, PD_PPM_MAX = PD_PPM_ONE - 1 };

int64_t round_half_even(double x)
{
    CHECK(x > -0x1p53);
    CHECK(x < 0x1p53);
    int64_t whole = (int64_t)x;
    double rest = x - (double)whole;
    bool is_odd = whole % 2 != 0;
    if (rest > 0.5 || (rest == 0.5 && is_odd)) {
        return whole + 1;
    }
    if (rest < -0.5 || (rest == -0.5 && is_odd)) {
        return whole - 1;
    }
    return whole;
}

int64_t log_odds_nano(double log_odds)
{
    return round_half_even(log_odds * 1e9);
}

double central_tendency_shift(const struct model *model, double rate)
{
    return logit(rate) - logit(model->train_rate);
}

double calibrated_log_odds(const struct model *model, double log_odds, double shift)
{
    double calibrated = model->slope * log_odds + model->calibration_intercept;
    return calibrated + shift;
}

uint32_t quantised_pd(double log_odds)
{
    int64_t ppm = round_half_even(logistic(log_odds) * PD_PPM_ONE);
    if (ppm < PD_PPM_FLOOR) {
        return PD_PPM_FLOOR;
    }
    return ppm > PD_PPM_MAX ? PD_PPM_MAX : (uint32_t)ppm;
}

uint32_t model_pd_ppm(const struct model *model, double log_odds, const char *country, char section)
{
    double rate = model_central_tendency(model, country, section);
    double shift = central_tendency_shift(model, rate);
    return quantised_pd(calibrated_log_odds(model, log_odds, shift));
}

double points_of_log_odds(double log_odds)
{
    return POINTS_AT_EVEN_ODDS - POINTS_PER_LOG_ODDS * log_odds;
}

int32_t score_of_pd(uint32_t pd_ppm)
{
    CHECK(pd_ppm <= PD_PPM_ONE);
    if (pd_ppm == 0 || pd_ppm == PD_PPM_ONE) {
        return pd_ppm == 0 ? POINTS_MAX : 0;
    }
    double bad = pd_ppm;
    double good = PD_PPM_ONE - bad;
    int64_t points = round_half_even(points_of_log_odds(elementary_log(bad / good)));
    if (points < 0) {
        return 0;
    }
    return points > POINTS_MAX ? POINTS_MAX : (int32_t)points;
}

const uint32_t pd_horizons[PD_HORIZON_COUNT] = {3, 12, 24, 36};

uint32_t pd_over_months(uint32_t pd_ppm, uint32_t months)
{
    CHECK(pd_ppm <= PD_PPM_ONE);
    if (pd_ppm == PD_PPM_ONE) {
        return months == 0 ? 0 : PD_PPM_ONE;
    }
    double survival = (double)(PD_PPM_ONE - pd_ppm) / PD_PPM_ONE;
    double over = 1.0 - elementary_pow(survival, months / 12.0);
    return (uint32_t)round_half_even(over * PD_PPM_ONE);
}
