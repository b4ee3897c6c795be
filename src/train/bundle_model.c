/* bundle_model.c - copy, cut to the inputs used, round. */
#include "train/bundle_model.h"

#include "format/decimal.h"

#include <stdlib.h>

/* Constants of the interval.  What a missing block or a month of age adds to the variance of the
 * log-odds is a modest convention, told in the card, until outcomes with those blocks can be
 * measured. */
#define INTERVAL_LEVEL         0.9
#define INTERVAL_Z             1.645
#define AGE_VARIANCE_PER_MONTH 0.005
#define FIRMOGRAPHIC_VARIANCE  0.01
#define BANK_VARIANCE          0.02
#define PAYMENT_VARIANCE       0.03
#define LEGAL_VARIANCE         0.01
#define GRAPH_VARIANCE         0.01
#define THIN_VARIANCE          1.0

static enum status out_of_memory(struct error *err)
{
    return error_set(err, STATUS_TOO_LARGE, "", "the model does not fit into memory");
}

static double rounded(double value)
{
    return double_round_digits(value, BUNDLE_DIGITS);
}

static enum status characteristic_make(struct characteristic *out, uint32_t input,
                                       const struct fit_characteristic *item, struct arena *arena,
                                       struct error *err)
{
    const struct bins *bins = &item->bins;
    double *edges = arena_array(arena, double, bins->edge_count);
    double *woe = arena_array(arena, double, bins->edge_count + 1);
    if (edges == NULL || woe == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t i = 0; i < bins->edge_count; i++) {
        edges[i] = bins->edges[i];
    }
    *out = (struct characteristic){.input = input,
                                   .coefficient = rounded(item->coefficient),
                                   .edge_count = bins->edge_count,
                                   .edges = edges,
                                   .woe = woe,
                                   .missing_woe = bins->missing_woe,
                                   .worst_woe = bins->missing_woe,
                                   .best_woe = bins->missing_woe};
    for (uint32_t i = 0; i <= bins->edge_count; i++) {
        woe[i] = bins->woe[i];
        out->worst_woe = woe[i] < out->worst_woe ? woe[i] : out->worst_woe;
        out->best_woe = woe[i] > out->best_woe ? woe[i] : out->best_woe;
    }
    return STATUS_OK;
}

/* The reference tables, with the inputs of the card only. */
static enum status references_make(struct model *out, const struct scorecard_fit *fit,
                                   struct arena *arena, struct error *err)
{
    out->reference_count = fit->ranks.reference_count;
    out->references = arena_array(arena, struct model_reference, out->reference_count);
    if (out->references == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t r = 0; r < out->reference_count; r++) {
        const double **tables = arena_array(arena, const double *, fit->count);
        if (tables == NULL) {
            return out_of_memory(err);
        }
        out->references[r] = fit->ranks.references[r];
        for (uint32_t k = 0; k < fit->count; k++) {
            tables[k] = fit->ranks.references[r].quantiles[fit->items[k].input];
        }
        out->references[r].quantiles = tables;
    }
    return STATUS_OK;
}

static int double_compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return a < b ? -1 : a > b;
}

double variance_usual(double *variances, uint32_t count)
{
    qsort(variances, count, sizeof *variances, double_compare);
    uint32_t at = (uint32_t)(0.95 * count);
    return variances[at < count ? at : count - 1];
}

static enum status variance_measure(double *out, const struct sample *sample,
                                    const struct scorecard_fit *fit, struct arena *arena,
                                    struct error *err)
{
    double *variances = arena_array(arena, double, sample->row_count);
    if (variances == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t row = 0; row < sample->row_count; row++) {
        variances[row] = scorecard_fit_variance(fit, sample, row);
    }
    *out = variance_usual(variances, sample->row_count);
    return STATUS_OK;
}

struct model_block *bundle_model_block(struct model *out)
{
    struct model_block *block = &out->blocks[BLOCK_FINANCIAL];
    *block = (struct model_block){
        .is_there = true, .low = -MODEL_LOG_ODDS_MAX, .high = MODEL_LOG_ODDS_MAX, .weight = 1.0};
    for (uint32_t i = 0; i < out->input_count; i++) {
        out->inputs[i].block = BLOCK_FINANCIAL;
    }
    return block;
}

void bundle_model_calibrate(struct model *out, const struct calibration *calibration,
                            double variance)
{
    out->slope = rounded(calibration->slope);
    out->calibration_intercept = rounded(calibration->intercept);
    out->train_rate = rounded(calibration->train_rate);
    out->uplift_cap = contagion_cap_usual;
    variance *= out->slope * out->slope;
    out->interval_level = INTERVAL_LEVEL;
    out->interval_z = INTERVAL_Z;
    out->model_variance = double_round_digits(variance, 6);
    out->age_variance_per_month = AGE_VARIANCE_PER_MONTH;
    out->thin_variance = variance > THIN_VARIANCE ? out->model_variance : THIN_VARIANCE;
    out->missing_block_variance[BLOCK_FIRMOGRAPHIC] = FIRMOGRAPHIC_VARIANCE;
    out->missing_block_variance[BLOCK_BANK] = BANK_VARIANCE;
    out->missing_block_variance[BLOCK_PAYMENT] = PAYMENT_VARIANCE;
    out->missing_block_variance[BLOCK_LEGAL] = LEGAL_VARIANCE;
    out->missing_block_variance[BLOCK_GRAPH] = GRAPH_VARIANCE;
}

enum status bundle_model_make(struct model *out, const struct sample *sample,
                              const struct scorecard_fit *fit,
                              const struct calibration *calibration, struct arena *arena,
                              struct error *err)
{
    *out = (struct model){.input_count = fit->count};
    out->inputs = arena_array(arena, struct model_input, fit->count);
    struct characteristic *characteristics = arena_array(arena, struct characteristic, fit->count);
    if (out->inputs == NULL || characteristics == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t k = 0; k < fit->count; k++) {
        const struct sample_input *input = &sample->inputs[fit->items[k].input];
        out->inputs[k] = (struct model_input){.name = input->name, .feature = input->feature};
        TRY(characteristic_make(&characteristics[k], k, &fit->items[k], arena, err));
    }
    struct model_block *block = bundle_model_block(out);
    block->intercept = rounded(fit->intercept);
    block->characteristics = characteristics;
    block->characteristic_count = fit->count;
    TRY(references_make(out, fit, arena, err));
    double variance = 0;
    TRY(variance_measure(&variance, sample, fit, arena, err));
    bundle_model_calibrate(out, calibration, variance);
    return STATUS_OK;
}

/* One row of the file; its other members are checked when the finished bundle is read. */
static enum status rate_read(struct central_tendency *out, const struct json *row,
                             struct error *err)
{
    const struct json *country = row->type == JSON_OBJECT ? json_find(row, STR("country")) : NULL;
    const struct json *section = row->type == JSON_OBJECT ? json_find(row, STR("section")) : NULL;
    const struct json *rate = row->type == JSON_OBJECT ? json_find(row, STR("rate")) : NULL;
    if (country == NULL || section == NULL || rate == NULL || country->type != JSON_STRING ||
        country->text.len < 1 || country->text.len > 2 || section->type != JSON_STRING ||
        section->text.len != 1 || rate->type != JSON_NUMBER ||
        !double_read(&out->rate, rate->text) || !(out->rate > 0) || !(out->rate < 1)) {
        return error_set(err, STATUS_INVALID, "/central_tendency",
                         "entry %u must have country (two capitals or \"*\"), section (A to U or "
                         "\"*\"), rate (between 0 and 1), source and date",
                         row->index);
    }
    out->country[0] = country->text.ptr[0];
    out->country[1] = country->text.len == 2 ? country->text.ptr[1] : '\0';
    out->section = section->text.ptr[0];
    return STATUS_OK;
}

static bool rates_cover_all(const struct model *model)
{
    for (uint32_t i = 0; i < model->tendency_count; i++) {
        if (model->tendencies[i].country[0] == '*' && model->tendencies[i].section == '*') {
            return true;
        }
    }
    return false;
}

enum status bundle_model_rates(struct model *out, const struct json *root, struct arena *arena,
                               struct error *err)
{
    const struct json *array = NULL;
    if (root != NULL && root->type == JSON_OBJECT) {
        array = json_find(root, STR("central_tendency"));
    }
    if (root != NULL && (array == NULL || array->type != JSON_ARRAY)) {
        return error_set(err, STATUS_INVALID, "",
                         "the file of rates must be an object with an array \"central_tendency\"");
    }
    uint32_t count = array == NULL ? 1 : array->count;
    out->tendencies = arena_array(arena, struct central_tendency, count);
    if (out->tendencies == NULL) {
        return out_of_memory(err);
    }
    if (array == NULL) {
        out->tendencies[out->tendency_count++] =
            (struct central_tendency){.country = "*", .section = '*', .rate = out->train_rate};
        return STATUS_OK;
    }
    for (const struct json *row = array->first; row != NULL; row = row->next) {
        TRY(rate_read(&out->tendencies[out->tendency_count++], row, err));
    }
    if (!rates_cover_all(out)) {
        return error_set(err, STATUS_INVALID, "/central_tendency",
                         "an entry for country \"*\" and section \"*\" is needed");
    }
    return STATUS_OK;
}
