/* train.h - from labelled tables to a model bundle.
 *
 * The same files, options and seed give the same bytes of a scorecard on any machine and compiler:
 * no clock, no chance but the seed, no arithmetic of a library.  Trees are grown by a library
 * (train/xgboost.h), so theirs are the same on the same machine only.  Choices are made by
 * cross-validation on the training rows; a test set, if given, is scored once at the end and only
 * reported. */
#ifndef TRAIN_TRAIN_H
#define TRAIN_TRAIN_H

#include "base/buf.h"
#include "train/blend.h"

enum { TRAIN_EXCLUDED_MAX = 256 };

enum train_rank {
    TRAIN_RANK_AUTO, /* ranks only if they are better by more than one standard error */
    TRAIN_RANK_ON,
    TRAIN_RANK_OFF,
};

/* One data set: files with the same columns, and how to read them. */
struct train_set {
    const char *data[TABLE_FILES_MAX];
    uint32_t data_count;
    const char *test[TABLE_FILES_MAX];
    uint32_t test_count;
    const char *mapping; /* NULL: every column of numbers is an input */
};

struct train_options {
    struct train_set sets[SAMPLE_SETS_MAX];
    uint32_t set_count;
    struct str label, group, weight;         /* empty: the mapping's */
    struct str excluded[TRAIN_EXCLUDED_MAX]; /* columns, and inputs, not to learn from */
    uint32_t excluded_count;
    bool core_only;   /* only the catalogue's core ratios */
    struct str where; /* empty: the mapping's, else besides it */
    enum train_rank rank;
    const char *central_tendency; /* a file of rates; NULL: the training rate for all */
    const char *card;             /* a JSON object put into the card as "about"; NULL: none */
    struct str id, version, definition, date;
    uint64_t seed;
    /* Of boosted trees; 0: as usual. */
    bool is_free; /* no directions, and deeper: a challenger */
    uint32_t depth_max, fold_count, bag_count;
    /* The scores of the rows held out in cross-validation, see train/paired.h. */
    struct buf *held_out; /* gets them; NULL: not wanted */
    const char *against;  /* a file of them, to compare with; NULL: none */
    const char *blend;    /* of trees: a file of a card's, to blend with; NULL: none */
};

/* Defaults for all but the sets. */
struct train_options train_options_default(void);

struct train_summary {
    uint32_t row_count, bad_count, characteristic_count;
    bool is_ranked;
    uint32_t tree_count;           /* of all bags; 0: a scorecard */
    double cross_validated_auc;    /* of a scorecard: mean of the sets'; of trees: of the folds' */
    double cross_validated_auc_se; /* by fold; of trees */
    char sha256[65];
    /* Exclusions that no set has: perhaps a spelling mistake, and a leak learned from.  The
     * options' strings. */
    struct str unknown_excluded[TRAIN_EXCLUDED_MAX];
    uint32_t unknown_excluded_count;
    /* With `against`: ours less theirs, a set each. */
    uint32_t against_count;
    struct auc_difference against[SAMPLE_SETS_MAX];
    bool has_blend;
    struct blend blend;
};

/* Append the bundle to `out`.  Errors: INVALID, NOT_FOUND, IO, TOO_LARGE, saying what to do about
 * it. */
enum status train_scorecard(struct buf *out, struct train_summary *summary,
                            const struct train_options *options, struct error *err) MUST_USE;
/* The same for a forest; XGBoost is needed.  `library_json` (may be NULL) gets the trees as the
 * library saves them, a line each bag, for whoever wants to check ours against it. */
enum status train_boost(struct buf *out, struct buf *library_json, struct train_summary *summary,
                        const struct train_options *options, struct error *err) MUST_USE;

#endif
