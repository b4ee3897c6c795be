/* validate.h - how good a model is on a table with known outcomes.
 *
 * The bundle says how columns become inputs: the first of its mappings whose columns are all there
 * is used, and the PDs are those at the central tendency of that mapping's country.  A bundle
 * without a mapping reads columns that bear the names of its inputs. */
#ifndef TRAIN_VALIDATE_H
#define TRAIN_VALIDATE_H

#include "base/buf.h"
#include "train/metrics.h"
#include "train/rows.h"

struct validate_options {
    const char *bundle; /* path */
    const char *data[TABLE_FILES_MAX];
    uint32_t data_count;
    struct str label, group, weight; /* empty: the mapping's */
    struct str where;                /* empty: all rows */
    const char *against; /* predictions of another model for the same rows; NULL: none */
};

/* What is wanted row by row, as CSV; NULL: not wanted. */
struct validate_tables {
    struct buf *predictions; /* row (of the data, from 1), pd, score */
    /* Of the financial block's forest: row, margin, base, then each input as the trees saw it
     * (empty: missing), then what each added to the margin. */
    struct buf *explanations;
};

/* `against` is filled if the options name predictions to compare with: ours less theirs.  Errors:
 * INVALID, NOT_FOUND, IO, TOO_LARGE. */
enum status validate_model(struct metrics *out, struct auc_difference *against,
                           const struct validate_tables *tables,
                           const struct validate_options *options, struct error *err) MUST_USE;

#endif
