/* xgboost.h - the library that grows trees, opened when first needed.
 *
 * `aval` neither links nor needs it to run, score or validate: it is looked for when a forest is to
 * be trained, and its absence is an error that names the package.  What it grows is read from the
 * JSON it saves, by forest/file.h, and scored by our own code from then on.
 *
 * One thread, a fixed seed: the same data give the same trees on the same machine.  Not on all: the
 * library takes exp and log from the C library, whose last bit differs between processors. */
#ifndef TRAIN_XGBOOST_H
#define TRAIN_XGBOOST_H

#include "base/buf.h"
#include "base/status.h"

#include <stdint.h>

struct xgboost; /* the opened library; lives until the process ends */

/* NOT_FOUND: it is not installed, or lacks a function. */
enum status xgboost_open(const struct xgboost **out, struct error *err) MUST_USE;
/* As "1.7.4". */
void xgboost_version(char out[32], const struct xgboost *xgboost);

/* Rows to learn from or to be asked about. */
struct xgboost_rows {
    uint32_t row_count, input_count;
    const float *values; /* values[row * input_count + input], NaN: missing */
    const float *labels, *weights;
};

struct xgboost_matrix {
    const struct xgboost *xgboost;
    void *handle;
    uint32_t row_count;
};

struct xgboost_booster {
    const struct xgboost *xgboost;
    void *handle;
};

struct xgboost_parameter {
    const char *name, *value;
};

/* All return INVALID with the library's own words when it refuses. */
enum status xgboost_matrix_make(struct xgboost_matrix *out, const struct xgboost *xgboost,
                                const struct xgboost_rows *rows, struct error *err) MUST_USE;
void xgboost_matrix_free(struct xgboost_matrix *matrix); /* accepts a zeroed one */

/* `matrices` are those it will be asked about again and again: answers to them are kept. */
enum status xgboost_booster_make(struct xgboost_booster *out, const struct xgboost *xgboost,
                                 const struct xgboost_matrix *matrices, uint32_t matrix_count,
                                 const struct xgboost_parameter *parameters,
                                 uint32_t parameter_count, struct error *err) MUST_USE;
void xgboost_booster_free(struct xgboost_booster *booster); /* accepts a zeroed one */
/* One tree more. */
enum status xgboost_grow(struct xgboost_booster *booster, const struct xgboost_matrix *matrix,
                         uint32_t round, struct error *err) MUST_USE;
/* margins[row], in log-odds. */
enum status xgboost_margins(double *margins, const struct xgboost_booster *booster,
                            const struct xgboost_matrix *matrix, struct error *err) MUST_USE;
/* What each input adds, by the library's own reckoning: for each row input_count of them, then what
 * no input says. */
enum status xgboost_contributions(double *out, const struct xgboost_booster *booster,
                                  const struct xgboost_matrix *matrix, uint32_t input_count,
                                  struct error *err) MUST_USE;
/* Append the model, in the library's JSON, its inputs under these names. */
enum status xgboost_save(struct buf *out, const struct xgboost_booster *booster, const char **names,
                         uint32_t name_count, struct error *err) MUST_USE;

#endif
