/* calibrate.h - from log-odds that rank well to probabilities that can be believed.
 *
 * Platt 1999: log-odds of the calibrated PD = slope * s + intercept, learned on scores of rows that
 * the card had not seen.  What the sample's share of bads was is told apart (train_rate), so that
 * the level can be moved to a country's long-run rate afterwards. */
#ifndef TRAIN_CALIBRATE_H
#define TRAIN_CALIBRATE_H

#include "base/status.h"

#include <stdint.h>

struct calibration {
    double slope, intercept; /* slope > 0 */
    double train_rate;
};

/* Errors: INVALID when the scores do not rank at all (a slope of zero or below). */
enum status calibrate_platt(struct calibration *out, const double *log_odds, const uint8_t *is_bad,
                            const double *weight, uint32_t count, struct error *err) MUST_USE;

/* The PD behind log-odds, at the share of bads `rate` (King and Zeng 2001: a shift of the
 * log-odds). */
double calibrate_pd(const struct calibration *calibration, double log_odds, double rate);

#endif
