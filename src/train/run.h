/* run.h - one training run: what is the same whichever family is trained.
 *
 * Load the sets, let the family fit and calibrate, judge the finished model on the test sets
 * (once), write the bundle and read it back before it leaves.
 *
 * Memory: everything a run holds is in its arena. */
#ifndef TRAIN_RUN_H
#define TRAIN_RUN_H

#include "train/bundle_write.h"
#include "train/evaluate.h"
#include "train/train.h"

struct run {
    const struct train_options *options;
    struct arena *arena;
    struct sample sample;
    struct model model;
    struct mapping *mappings; /* a set each, cut to the model's inputs */
    struct test_figures *tests;
    const struct json *rates, *about;
    bool excluded_is_known[TRAIN_EXCLUDED_MAX]; /* a column or an input of some set */
};

/* Files to sample. */
enum status run_load(struct run *run, struct error *err) MUST_USE;
/* The model is there: cut the mappings to it and score the test sets. */
enum status run_judge(struct run *run, struct error *err) MUST_USE;
/* What the options ask of the scores of rows held out: hand them on, compare them. */
enum status run_pair(struct train_summary *summary, const struct run *run, const double *log_odds,
                     struct error *err) MUST_USE;
/* Append the bundle, if it would be taken; fill what all summaries have. */
enum status run_ship(struct buf *out, struct train_summary *summary, const struct run *run,
                     const struct bundle *bundle, struct error *err) MUST_USE;

#endif
