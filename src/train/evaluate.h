/* evaluate.h - a finished model over the rows of a table. */
#ifndef TRAIN_EVALUATE_H
#define TRAIN_EVALUATE_H

#include "score/model.h"
#include "train/metrics.h"
#include "train/rows.h"

struct evaluation {
    double *pd; /* a row: calibrated, at the central tendency of the mapping's country; no floor */
    int32_t *points; /* a row: the score, from the floored and quantised PD */
    struct metrics metrics;
    const double
        *columns[MODEL_INPUTS_MAX]; /* of each input of the model, NaN: missing; NULL: all are */
};

/* The inputs of one row, as the model is asked. */
void evaluation_inputs(struct known *inputs, const struct evaluation *evaluation,
                       const struct model *model, uint32_t row);

/* `rows` were computed by `mapping`.  Errors: INVALID when the mapping lacks an input of the model,
 * or the rows a class. */
enum status evaluate_rows(struct evaluation *out, const struct model *model,
                          const struct mapping *mapping, const struct rows *rows,
                          struct arena *arena, struct error *err) MUST_USE;

#endif
