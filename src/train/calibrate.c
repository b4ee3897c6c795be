/* calibrate.c - a logistic regression on one column. */
#include "train/calibrate.h"

#include "base/elementary.h"
#include "train/logistic.h"

enum status calibrate_platt(struct calibration *out, const double *log_odds, const uint8_t *is_bad,
                            const double *weight, uint32_t count, struct error *err)
{
    struct logistic_fit fit;
    const struct logistic_problem problem = {
        .row_count = count, .column_count = 1, .x = log_odds, .is_bad = is_bad, .weight = weight};
    TRY(logistic_compute(&fit, &problem, err));
    if (!(fit.coefficients[1] > 0)) {
        return error_set(err, STATUS_INVALID, "",
                         "on rows it had not seen the card ranks no better than chance");
    }
    double bad = 0;
    double total = 0;
    for (uint32_t i = 0; i < count; i++) {
        bad += weight[i] * is_bad[i];
        total += weight[i];
    }
    *out = (struct calibration){fit.coefficients[1], fit.coefficients[0], bad / total};
    return STATUS_OK;
}

double calibrate_pd(const struct calibration *c, double log_odds, double rate)
{
    return logistic(c->slope * log_odds + c->intercept + logit(rate) - logit(c->train_rate));
}
