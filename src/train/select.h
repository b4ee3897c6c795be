/* select.h - which inputs become characteristics of the card.
 *
 * Forward: at each step the input that would improve the fit most joins it, by Rao's score test,
 * which needs no refit; unless it would join with the wrong sign (more evidence of good raising the
 * risk) or says what a member has said already (the correlation of their weights of evidence).  It
 * ends when nothing left would improve the fit by more than `gain_min`. */
#ifndef TRAIN_SELECT_H
#define TRAIN_SELECT_H

#include "train/logistic.h"

#include <stdbool.h>

struct selection_rules {
    double iv_min;          /* inputs that say less are not tried */
    double correlation_max; /* of absolute values */
    double gain_min;        /* twice the gain in log likelihood: 2 is Akaike's criterion */
    uint32_t count_max;     /* at most LOGISTIC_COLUMNS_MAX */
    double ridge;
};

struct candidate {
    bool may_join;
    double iv;
    const double *woe; /* one a row */
};

struct selection {
    const struct candidate *candidates;
    uint32_t candidate_count;
    uint32_t row_count;
    const uint8_t *is_bad;
    const double *weight;
    double *design;                          /* room for row_count x count_max */
    uint32_t selected[LOGISTIC_COLUMNS_MAX]; /* indexes of candidates, in the order they joined */
    uint32_t selected_count;
    struct logistic_fit fit; /* of the selected */
};

/* Weighted correlation of two columns; 0 when one of them is constant. */
double correlation_weighted(const double *a, const double *b, const double *weight, uint32_t count);

/* Select, then drop, one by one, members whose coefficient came out with the wrong sign.  Errors:
 * INVALID when nothing is left. */
enum status selection_compute(struct selection *s, const struct selection_rules *rules,
                              struct arena *scratch, struct error *err) MUST_USE;

/* The regression problem of the selected candidates; borrows s->design. */
struct logistic_problem selection_problem(const struct selection *s, double ridge);

#endif
