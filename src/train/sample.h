/* sample.h - several data sets as one table to learn from.
 *
 * Inputs are the union of the sets' features; where a set lacks one it is missing.  Groups never
 * span sets. Pooled sets count by the weight of their mapping and, within each, goods and bads are
 * weighed so that every set has the same share of bads: otherwise a ratio that merely tells the
 * countries apart would look like a ratio that tells good from bad. */
#ifndef TRAIN_SAMPLE_H
#define TRAIN_SAMPLE_H

#include "feature/features.h"
#include "train/rows.h"

enum { SAMPLE_SETS_MAX = 16 };

struct sample_input {
    struct str name;
    enum feature feature;
    int direction;
    double edge_min;
};

struct sample_set {
    struct mapping mapping;
    uint32_t file_count;
    struct table_file files[TABLE_FILES_MAX];
    uint32_t file_rows[TABLE_FILES_MAX], file_bads[TABLE_FILES_MAX]; /* rows used of each file */
    uint32_t row_begin, row_end;                                     /* in the sample */
    uint32_t bad_count;
};

struct sample {
    uint32_t row_count, input_count, set_count, group_count;
    struct sample_set *sets;
    struct sample_input *inputs;
    double **values; /* values[input][row] */
    uint8_t *is_bad;
    double *weight; /* as the data said; see sample_weigh */
    uint32_t *group;
    uint8_t *set;
};

/* Pool `set_count` sets: rows[i] was computed by sets[i].mapping. */
enum status sample_pool(struct sample *out, struct sample_set *sets, const struct rows *rows,
                        uint32_t set_count, struct arena *arena, struct error *err) MUST_USE;

/* Weights of the `count` rows listed in `chosen`, balanced over the sets, of mean 1; and the share
 * of bads by these weights.  Errors: INVALID when a set has rows of one class only. */
enum status sample_weigh(double *weight, double *bad_rate, const struct sample *sample,
                         const uint32_t *chosen, uint32_t count, struct error *err) MUST_USE;

#endif
