/* calibrate.h - log-odds to PD to points.  Doubles end here: a PD leaves as parts per million. */
#ifndef SCORE_CALIBRATE_H
#define SCORE_CALIBRATE_H

#include "score/model.h"

/* Requires: |x| < 2^53. */
int64_t round_half_even(double x);

/* What moving from the training sample's rate to `rate` adds to the log-odds. */
double central_tendency_shift(const struct model *model, double rate);
/* Calibrated and shifted (`central_tendency_shift`), neither bounded nor quantised. */
double calibrated_log_odds(const struct model *model, double log_odds, double shift);
/* The PD, floored and quantised. */
uint32_t quantised_pd(double log_odds);

/* Points before rounding and bounds, and what one unit of log-odds costs. */
double points_of_log_odds(double log_odds);
extern const double POINTS_PER_LOG_ODDS;

#endif
