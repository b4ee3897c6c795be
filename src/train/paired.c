/* paired.c - write, read back, check that the rows are the same, compare. */
#include "train/paired.h"

#include "format/decimal.h"
#include "train/table.h"

#include <math.h>

enum { LOG_ODDS_DIGITS = 12 };

void paired_write(struct buf *out, const struct sample *sample, const double *log_odds)
{
    buf_append(out, STR("set,row,bad,log_odds\n"));
    for (uint32_t row = 0; row < sample->row_count; row++) {
        const struct sample_set *set = &sample->sets[sample->set[row]];
        buf_append_int(out, sample->set[row] + 1);
        buf_append_byte(out, ',');
        buf_append_int(out, (int64_t)(row - set->row_begin) + 1);
        buf_append_byte(out, ',');
        buf_append_int(out, sample->is_bad[row]);
        buf_append_byte(out, ',');
        double_write(out, double_round_digits(log_odds[row], LOG_ODDS_DIGITS));
        buf_append_byte(out, '\n');
    }
}

/* A column of `count` numbers, none of them missing. */
static enum status column_take(const double **out, const struct table *table, struct str name,
                               uint32_t count, const char *path, struct error *err)
{
    const struct table_column *column = table_find(table, name);
    if (column == NULL || column->numbers == NULL) {
        return error_set(err, STATUS_INVALID, "", "%.100s: no column \"%.*s\" of numbers", path,
                         STR_ARGS(name));
    }
    if (table->row_count != count) {
        return error_set(err, STATUS_INVALID, "",
                         "%.100s has %u rows, this run has %u: only the same rows can be compared",
                         path, table->row_count, count);
    }
    for (uint32_t row = 0; row < count; row++) {
        if (isnan(column->numbers[row])) {
            return error_set(err, STATUS_INVALID, "", "%.100s: row %u has no \"%.*s\"", path,
                             row + 1, STR_ARGS(name));
        }
    }
    *out = column->numbers;
    return STATUS_OK;
}

static enum status other_rows(const char *path, uint32_t row, struct error *err)
{
    return error_set(err, STATUS_INVALID, "",
                     "%.100s: its row %u is of other data; only the same rows can be compared",
                     path, row + 1);
}

enum status paired_read(const double **log_odds, const struct sample *sample, const char *path,
                        struct arena *arena, struct error *err)
{
    struct table table;
    struct table_file file;
    const double *set = NULL;
    const double *number = NULL;
    const double *bad = NULL;
    TRY(table_load(&table, &file, &path, 1, arena, err));
    TRY(column_take(&set, &table, STR("set"), sample->row_count, path, err));
    TRY(column_take(&number, &table, STR("row"), sample->row_count, path, err));
    TRY(column_take(&bad, &table, STR("bad"), sample->row_count, path, err));
    TRY(column_take(log_odds, &table, STR("log_odds"), sample->row_count, path, err));
    for (uint32_t row = 0; row < sample->row_count; row++) {
        uint32_t begin = sample->sets[sample->set[row]].row_begin;
        if (set[row] != sample->set[row] + 1 || number[row] != row - begin + 1 ||
            bad[row] != sample->is_bad[row]) {
            return other_rows(path, row, err);
        }
    }
    return STATUS_OK;
}

enum status paired_compare(struct auc_difference *by_set, const struct sample *sample,
                           const double *log_odds, const char *path, struct arena *arena,
                           struct error *err)
{
    const double *theirs = NULL;
    TRY(paired_read(&theirs, sample, path, arena, err));
    for (uint32_t i = 0; i < sample->set_count; i++) {
        uint32_t begin = sample->sets[i].row_begin;
        TRY(auc_compare(&by_set[i], log_odds + begin, theirs + begin, sample->is_bad + begin,
                        sample->sets[i].row_end - begin, arena, err));
    }
    return STATUS_OK;
}

enum status paired_compare_rows(struct auc_difference *out, const struct paired_rows *rows,
                                const char *path, struct arena *arena, struct error *err)
{
    struct table table;
    struct table_file file;
    const double *number = NULL;
    const double *theirs = NULL;
    TRY(table_load(&table, &file, &path, 1, arena, err));
    TRY(column_take(&number, &table, STR("row"), rows->count, path, err));
    TRY(column_take(&theirs, &table, STR("pd"), rows->count, path, err));
    for (uint32_t row = 0; row < rows->count; row++) {
        if (number[row] != rows->table_row[row] + 1.0) {
            return other_rows(path, row, err);
        }
    }
    return auc_compare(out, rows->pd, theirs, rows->is_bad, rows->count, arena, err);
}
