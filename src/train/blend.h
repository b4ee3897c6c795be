/* blend.h - how much trees should count beside a scorecard.
 *
 * Log-odds of both, each of rows that it had not seen, are mixed by weights from 0 (the card alone)
 * to 1 (the trees alone) in tenths; each mixture is calibrated as a model would be, and the one
 * with the lowest log loss is chosen.  Ranking alone would not tell: a blend is there to lower the
 * risk of one family being wrong, and that shows in the level too. */
#ifndef TRAIN_BLEND_H
#define TRAIN_BLEND_H

#include "train/calibrate.h"
#include "train/metrics.h"
#include "train/sample.h"

enum { BLEND_POINTS = 11 };

struct blend {
    struct {
        double weight;   /* of the trees */
        double auc;      /* mean of the sets', by their weights */
        double log_loss; /* calibrated, by the balanced weights */
    } points[BLEND_POINTS];
    uint32_t chosen;
    struct calibration calibration; /* of the chosen mixture */
    double covariance[2][2];        /* of its (slope, intercept), clustered by group */
    /* The chosen mixture less the trees alone, and less the card alone, a set each. */
    struct auc_difference less_trees[SAMPLE_SETS_MAX], less_card[SAMPLE_SETS_MAX];
};

/* `trees` are log-odds of the sample's rows held out, `weight` balanced over the sets; the card's
 * stand in the file at `card_path`, as train/paired.h keeps them.  Errors: INVALID, NOT_FOUND, IO.
 */
enum status blend_choose(struct blend *out, const struct sample *sample, const double *trees,
                         const double *weight, const char *card_path, struct arena *arena,
                         struct error *err) MUST_USE;

#endif
