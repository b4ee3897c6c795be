/* bundle_revise.h - a bundle at another level: the same models, recalibrated, under a new version.
 *
 * Calibration and central tendency carry the line: with slope a and intercept b,
 *   slope' = a slope, intercept' = a intercept, logit(train_rate') = a logit(train_rate),
 *   logit(rate') = a logit(rate) + b for every rate of the central tendency,
 * and so logit(PD') = a logit(PD) + b for every company, thin ones included.  The vectors are
 * scored anew.  The card gets a member `recalibration` that says from what, when, and how;
 * everything else stays as it was, figures on public data included: they are the base's.
 *
 * The bundle it was made from is not touched: this is another. */
#ifndef MONITOR_BUNDLE_REVISE_H
#define MONITOR_BUNDLE_REVISE_H

#include "monitor/recalibrate.h"

struct revision {
    struct str version;    /* of the new bundle; differs from the base's */
    struct str definition; /* of default: what the outcomes fulfil */
    struct date made_on;
    struct date from, to; /* of the decisions; unset: open */
};

/* Append the new bundle and check that it reads.  Errors: INVALID, err->field says where;
 * TOO_LARGE. */
enum status bundle_revise(struct buf *out, const struct model *base,
                          const struct recalibration *recalibration,
                          const struct revision *revision, struct error *err) MUST_USE;

#endif
