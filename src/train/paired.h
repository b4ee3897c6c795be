/* paired.h - two scores of the same rows, and whether one ranks them better.
 *
 * What one run says of the rows it held out is kept as a table, and the next run is compared with
 * it row by row: most of the noise of an AUC comes from which rows happened to be there, and that
 * is the same for both.  The standard error is DeLong's; it takes rows for independent, which years
 * of one company are not quite (failures, which decide most of it, are one a company). */
#ifndef TRAIN_PAIRED_H
#define TRAIN_PAIRED_H

#include "base/buf.h"
#include "train/metrics.h"
#include "train/sample.h"

/* Append "set,row,bad,log_odds", a line a row of the sample; sets and the rows of each from 1. */
void paired_write(struct buf *out, const struct sample *sample, const double *log_odds);

/* The log-odds that the file at `path` has, which `paired_write` made of the same rows; a row of
 * the sample each.  Errors: NOT_FOUND, INVALID, IO. */
enum status paired_read(const double **log_odds, const struct sample *sample, const char *path,
                        struct arena *arena, struct error *err) MUST_USE;

/* by_set[i]: `log_odds` less what that file has. */
enum status paired_compare(struct auc_difference *by_set, const struct sample *sample,
                           const double *log_odds, const char *path, struct arena *arena,
                           struct error *err) MUST_USE;

/* One table: scores of `count` rows whose numbers in the data, from 0, are `table_row`, less the
 * column "pd" of the file at `path`, of the same rows ("row", from 1). */
struct paired_rows {
    uint32_t count;
    const uint32_t *table_row;
    const double *pd;
    const uint8_t *is_bad;
};
enum status paired_compare_rows(struct auc_difference *out, const struct paired_rows *rows,
                                const char *path, struct arena *arena, struct error *err) MUST_USE;

#endif
