/* rows.h - the rows of one data set, as a model sees them.
 *
 * A mapping over a table gives, row by row, the inputs (those of the catalogue cut to their range),
 * the outcome, the weight and the group.  Training and validation both come through here, so a
 * model is judged on exactly the numbers it would have learned from.
 *
 * Memory: the arena holds all. */
#ifndef TRAIN_ROWS_H
#define TRAIN_ROWS_H

#include "train/mapping.h"

/* Names that the command line gave win over the mapping's. */
struct rows_request {
    const struct table *table;
    const struct mapping *mapping;
    struct str label, group, weight; /* empty: not given */
    struct str where;                /* empty: all rows */
    bool is_pooled; /* one of several tables: a name that it lacks may be another one's */
};

struct rows {
    uint32_t row_count, bad_count;
    uint32_t *table_row; /* where each came from */
    double **values;     /* values[feature of the mapping][row], NaN: missing */
    uint8_t *is_bad;
    double *weight;
    uint32_t *group;
    uint32_t group_count;
    struct str label, group_column; /* the columns that were used; group_column may be empty */
};

/* Errors: INVALID or NOT_FOUND, naming the feature, column or row at fault. */
enum status rows_compute(struct rows *out, const struct rows_request *request, struct arena *arena,
                         struct error *err) MUST_USE;

/* True when every column that the mapping's features name is in the table. */
bool mapping_fits(const struct mapping *mapping, const struct table *table, struct arena *scratch);

#endif
