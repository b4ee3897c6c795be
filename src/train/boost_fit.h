/* boost_fit.h - how many trees, how deep, how fast: settled by cross-validation with whole
 * companies held out.
 *
 * A small grid.  For each point all folds grow side by side, and every few trees each is asked
 * about the rows it has not seen; growing ends when the mean AUC of the folds has not risen for a
 * while. The best point, with its best number of trees, is then grown once more on each fold (for
 * the out-of-fold scores and for how much the trees vary with the data) and on all rows.
 *
 * Bags are forests that differ by the seed alone, each on other draws of rows and inputs.  Their
 * mean is one larger forest whose leaves count a share each, so reasons stay exact; it varies less
 * with chance.
 *
 * The champion is monotone: an input of the catalogue with a direction can only ever push that way.
 * The challenger is free of that, and may be deeper. */
#ifndef TRAIN_BOOST_FIT_H
#define TRAIN_BOOST_FIT_H

#include "train/sample.h"
#include "train/xgboost.h"

enum {
    BOOST_FOLDS_MIN = 2,
    BOOST_FOLDS_MAX = 20,
    BOOST_DEPTH_MAX = 8,
    BOOST_CHAMPION_DEPTH = 4,
    BOOST_CHALLENGER_DEPTH = 6,
    BOOST_BAGS_MAX = 16,
};

struct boost_rules {
    bool is_free;        /* no direction is imposed */
    uint32_t depth_max;  /* 1 .. BOOST_DEPTH_MAX */
    uint32_t fold_count; /* BOOST_FOLDS_MIN .. BOOST_FOLDS_MAX */
    uint32_t bag_count;  /* 1 .. BOOST_BAGS_MAX */
    uint64_t seed;
};

/* One point of the grid, and how it did. */
struct boost_trial {
    uint32_t depth;
    double eta, child_weight_min, row_share, input_share, lambda;
    uint32_t bag_count;
    uint32_t tree_count;              /* of each bag, after early stopping */
    double fold_auc[BOOST_FOLDS_MAX]; /* of rows held out; several sets: the mean by their shares */
    double auc, auc_se;               /* mean of the folds, and the standard error of that mean */
};

enum { BOOST_TRIALS_MAX = 32 };

struct boost_fit {
    const struct boost_rules *rules;
    char library[32]; /* version */
    struct boost_trial trials[BOOST_TRIALS_MAX];
    uint32_t trial_count, chosen;
    double *log_odds; /* a row of the sample, out of fold */
    double *variance; /* a row: delete-a-group jackknife over the folds */
    double *weight;   /* balanced over the sets */
};

/* `json` (each initialised) gets the final model, one text a bag.  Errors: NOT_FOUND without the
 * library; INVALID when a fold has rows of one class only, or the library refuses; TOO_LARGE. */
enum status boost_fit_compute(struct boost_fit *out, struct buf *json, const struct sample *sample,
                              const struct boost_rules *rules, struct arena *arena,
                              struct error *err) MUST_USE;

#endif
