/* yardstick.h - what a model was made on, as its bundle tells it: the bins that drift is measured
 * in.
 *
 * A scorecard's characteristics carry the goods and bads of each bin, missing included: bins and
 * reference of their inputs.  Where only trees read an input, its bins are cut at their thresholds,
 * and the reference must come from an earlier window of the same book.  `card.reference`
 * (docs/MODEL.md) tells the deciles of the score.  What a bundle does not tell has no yardstick. */
#ifndef MONITOR_YARDSTICK_H
#define MONITOR_YARDSTICK_H

#include "score/model.h"

enum { YARDSTICK_BINS_MAX = MODEL_BINS_MAX + 1, SCORE_BINS = 10 };

struct input_yardstick {
    struct str name;
    bool is_known;      /* it has bins */
    bool has_reference; /* and counts of what the model was made on */
    bool is_raw;        /* its edges are values; else what the card makes of them, ranks maybe */
    uint32_t bin_count; /* with the missing bin, the last */
    double edges[MODEL_BINS_MAX];
    double reference[YARDSTICK_BINS_MAX]; /* counts */
};

struct yardstick {
    const struct model *model;
    struct input_yardstick inputs[MODEL_INPUTS_MAX]; /* one an input of the model */
    uint32_t score_bin_count;                        /* 0: the bundle does not tell */
    double score_edges[SCORE_BINS - 1]; /* ascending; a bin is the number of edges <= score */
    double score_reference[SCORE_BINS]; /* shares of a population of untold size */
    struct str reference_date;          /* "" if not told */
};

/* Borrows from the model.  Errors: TOO_LARGE, no memory to sort the thresholds of its trees. */
enum status yardstick_read(struct yardstick *out, const struct model *model,
                           struct error *err) MUST_USE;
/* The bin of a value, as the card would take it. */
uint32_t yardstick_bin(const struct yardstick *yardstick, uint32_t input, const char *country,
                       struct known value);
uint32_t yardstick_score_bin(const struct yardstick *yardstick, int32_t score);

#endif
