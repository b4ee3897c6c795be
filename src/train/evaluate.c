/* evaluate.c - by the scoring engine's own code, row by row. */
#include "train/evaluate.h"

#include "base/elementary.h"
#include "score/calibrate.h"

#include <math.h>

/* columns[input of the model] = values of the mapping's feature of that name.  A table may lack
 * whole blocks, as a company may; accounts it must have. */
static enum status columns_find(const double **columns, const struct model *model,
                                const struct mapping *mapping, const struct rows *rows,
                                struct error *err)
{
    for (uint32_t input = 0; input < model->input_count; input++) {
        columns[input] = NULL;
        for (uint32_t f = 0; f < mapping->feature_count; f++) {
            if (str_eq(mapping->features[f].name, model->inputs[input].name)) {
                columns[input] = rows->values[f];
            }
        }
        if (columns[input] == NULL && model->inputs[input].block == BLOCK_FINANCIAL) {
            return error_set(err, STATUS_INVALID, "",
                             "the mapping \"%.*s\" lacks the input \"%.*s\"",
                             STR_ARGS(mapping->name), STR_ARGS(model->inputs[input].name));
        }
    }
    return STATUS_OK;
}

void evaluation_inputs(struct known *inputs, const struct evaluation *evaluation,
                       const struct model *model, uint32_t row)
{
    for (uint32_t input = 0; input < model->input_count; input++) {
        const double *column = evaluation->columns[input];
        double value = column == NULL ? (double)NAN : column[row];
        inputs[input] = (struct known){isnan(value) ? 0 : value, !isnan(value)};
    }
}

enum status evaluate_rows(struct evaluation *out, const struct model *model,
                          const struct mapping *mapping, const struct rows *rows,
                          struct arena *arena, struct error *err)
{
    TRY(columns_find(out->columns, model, mapping, rows, err));
    out->pd = arena_array(arena, double, rows->row_count);
    out->points = arena_array(arena, int32_t, rows->row_count);
    if (out->pd == NULL || out->points == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for %u rows", rows->row_count);
    }
    char country[3] = {mapping->country.ptr[0],
                       mapping->country.len == 2 ? mapping->country.ptr[1] : '\0', '\0'};
    double shift = central_tendency_shift(model, model_central_tendency(model, country, '*'));
    for (uint32_t row = 0; row < rows->row_count; row++) {
        struct known inputs[MODEL_INPUTS_MAX];
        evaluation_inputs(inputs, out, model, row);
        double log_odds = model_log_odds(model, inputs, country);
        out->pd[row] = logistic(calibrated_log_odds(model, log_odds, shift));
        out->points[row] = score_of_pd(model_pd_ppm(model, log_odds, country, '*'));
    }
    const struct scored scored = {rows->row_count, out->pd, rows->is_bad, rows->weight};
    return metrics_compute(&out->metrics, &scored, arena, err);
}
