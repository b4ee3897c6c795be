/* rows.c - choose the rows, then compute column by column. */
#include "train/rows.h"

#include "feature/features.h"
#include "train/expression.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static enum status out_of_memory(struct error *err)
{
    return error_set(err, STATUS_TOO_LARGE, "", "the rows do not fit into memory");
}

/* The command line's column, else the mapping's; NULL when neither is named.  A name that was given
 * must be there: figures on another column would pass for those that were asked for.  Only where
 * several tables are pooled may it belong to another one of them. */
static enum status column_choose(const struct table_column **out, const struct rows_request *rq,
                                 struct str given, struct str mapped, const char *what,
                                 struct error *err)
{
    const struct table_column *column = given.len > 0 ? table_find(rq->table, given) : NULL;
    struct str name = given.len > 0 ? given : mapped;
    if (column == NULL && rq->is_pooled && mapped.len > 0) {
        name = mapped;
    }
    if (column == NULL && name.len > 0) {
        column = table_find(rq->table, name);
        if (column == NULL) {
            return error_set(err, STATUS_NOT_FOUND, "", "the table has no %s column \"%.*s\"", what,
                             STR_ARGS(name));
        }
    }
    *out = column;
    return STATUS_OK;
}

struct sorted_row {
    struct str group;
    double order;
    uint32_t row;
};

static int sorted_row_compare(const void *left, const void *right)
{
    const struct sorted_row *a = left;
    const struct sorted_row *b = right;
    int by_group = str_compare(a->group, b->group);
    if (by_group != 0) {
        return by_group;
    }
    if (a->order != b->order) {
        return a->order < b->order ? -1 : 1;
    }
    return a->row < b->row ? -1 : a->row > b->row;
}

/* All rows by group and, in it, by order; rows without an order come first. */
static struct sorted_row *rows_sort(const struct table *table, const struct table_column *group,
                                    const struct table_column *order, struct arena *arena)
{
    struct sorted_row *sorted = arena_array(arena, struct sorted_row, table->row_count);
    if (sorted == NULL) {
        return NULL;
    }
    for (uint32_t row = 0; row < table->row_count; row++) {
        double at = order == NULL ? 0 : order->numbers[row];
        sorted[row] = (struct sorted_row){group->texts[row], isnan(at) ? -HUGE_VAL : at, row};
    }
    qsort(sorted, table->row_count, sizeof *sorted, sorted_row_compare);
    return sorted;
}

/* For each row of the table, the row of its group with the order before; NULL in *out without an
 * order. */
static enum status previous_compute(uint32_t **out, const struct rows_request *rq,
                                    const struct table_column *group, struct arena *arena,
                                    struct error *err)
{
    *out = NULL;
    if (rq->mapping->order.len == 0 || group == NULL) {
        return STATUS_OK;
    }
    const struct table_column *order = table_find(rq->table, rq->mapping->order);
    if (order == NULL || order->numbers == NULL) {
        return error_set(err, STATUS_NOT_FOUND, "",
                         "the order column \"%.*s\" is not there, or not all numbers",
                         STR_ARGS(rq->mapping->order));
    }
    struct sorted_row *sorted = rows_sort(rq->table, group, order, arena);
    uint32_t *previous = arena_array(arena, uint32_t, rq->table->row_count);
    if (sorted == NULL || previous == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t i = 0; i < rq->table->row_count; i++) {
        bool follows = i > 0 && str_eq(sorted[i].group, sorted[i - 1].group) &&
                       isfinite(sorted[i - 1].order) && sorted[i - 1].order < sorted[i].order;
        previous[sorted[i].row] = follows ? sorted[i - 1].row : EXPRESSION_NO_ROW;
    }
    *out = previous;
    return STATUS_OK;
}

/* Fill out->table_row with the rows that satisfy `where`. */
static enum status rows_choose(struct rows *out, const struct rows_request *rq,
                               const uint32_t *previous, struct arena *arena, struct error *err)
{
    const struct expression *where = NULL;
    if (rq->where.len > 0) {
        TRY(expression_read(&where, rq->where, rq->table, arena, err));
    }
    out->table_row = arena_array(arena, uint32_t, rq->table->row_count);
    if (out->table_row == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t row = 0; row < rq->table->row_count; row++) {
        double kept = where == NULL ? 1 : expression_value(where, row, previous);
        if (!isnan(kept) && kept != 0) {
            out->table_row[out->row_count++] = row;
        }
    }
    if (out->row_count == 0) {
        return error_set(err, STATUS_INVALID, "",
                         where == NULL ? "the table has a header, but no rows"
                                       : "no row of the table satisfies the condition");
    }
    return STATUS_OK;
}

static enum status labels_take(struct rows *out, const struct table_column *label,
                               struct arena *arena, struct error *err)
{
    out->is_bad = arena_array(arena, uint8_t, out->row_count);
    if (out->is_bad == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t i = 0; i < out->row_count; i++) {
        double value = label->numbers == NULL ? NAN : label->numbers[out->table_row[i]];
        if (value != 0 && value != 1) {
            return error_set(err, STATUS_INVALID, "",
                             "the label \"%.*s\" must be 0 (good) or 1 (bad); row %u has \"%.*s\"",
                             STR_ARGS(label->name), out->table_row[i] + 1,
                             STR_ARGS(label->texts[out->table_row[i]]));
        }
        out->is_bad[i] = value == 1;
        out->bad_count += out->is_bad[i];
    }
    return STATUS_OK;
}

static enum status weights_take(struct rows *out, const struct table_column *weight,
                                struct arena *arena, struct error *err)
{
    out->weight = arena_array(arena, double, out->row_count);
    if (out->weight == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t i = 0; i < out->row_count; i++) {
        double value = 1;
        if (weight != NULL) {
            value = weight->numbers == NULL ? NAN : weight->numbers[out->table_row[i]];
        }
        if (!(value > 0)) {
            return error_set(err, STATUS_INVALID, "", "row %u has no weight above zero",
                             out->table_row[i] + 1);
        }
        out->weight[i] = value;
    }
    return STATUS_OK;
}

/* Number the groups in the order of their names; without a group column every row is its own. */
static enum status groups_take(struct rows *out, const struct rows_request *rq,
                               const struct table_column *group, struct arena *arena,
                               struct error *err)
{
    out->group = arena_array(arena, uint32_t, out->row_count);
    uint32_t *number = arena_array(arena, uint32_t, rq->table->row_count);
    if (out->group == NULL || number == NULL) {
        return out_of_memory(err);
    }
    out->group_count = rq->table->row_count;
    for (uint32_t row = 0; row < rq->table->row_count; row++) {
        number[row] = row;
    }
    if (group != NULL) {
        struct sorted_row *sorted = rows_sort(rq->table, group, NULL, arena);
        if (sorted == NULL) {
            return out_of_memory(err);
        }
        out->group_count = 0;
        for (uint32_t i = 0; i < rq->table->row_count; i++) {
            bool is_new = i == 0 || !str_eq(sorted[i].group, sorted[i - 1].group);
            out->group_count += is_new;
            number[sorted[i].row] = out->group_count - 1;
        }
    }
    for (uint32_t i = 0; i < out->row_count; i++) {
        out->group[i] = number[out->table_row[i]];
    }
    return STATUS_OK;
}

/* Features of the catalogue are cut to their range, as they are when a company is scored. */
static double value_clip(double value, enum feature feature)
{
    return feature == FEATURE_NONE || isnan(value) ? value : feature_clip(feature, value);
}

static enum status values_compute(struct rows *out, const struct rows_request *rq,
                                  const uint32_t *previous, struct arena *arena, struct error *err)
{
    const struct mapping *m = rq->mapping;
    out->values = arena_array(arena, double *, m->feature_count);
    if (out->values == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t f = 0; f < m->feature_count; f++) {
        const struct expression *expression = NULL;
        struct error wrong = {0};
        enum status status =
            expression_read(&expression, m->features[f].expression, rq->table, arena, &wrong);
        if (status != STATUS_OK) {
            return error_set(err, status, wrong.field, "%.*s: %.240s",
                             STR_ARGS(m->features[f].name), wrong.message);
        }
        out->values[f] = arena_array(arena, double, out->row_count);
        if (out->values[f] == NULL) {
            return out_of_memory(err);
        }
        enum feature feature = feature_find(m->features[f].name);
        for (uint32_t i = 0; i < out->row_count; i++) {
            double value = expression_value(expression, out->table_row[i], previous);
            out->values[f][i] = value_clip(value, feature);
        }
    }
    return STATUS_OK;
}

enum status rows_compute(struct rows *out, const struct rows_request *rq, struct arena *arena,
                         struct error *err)
{
    const struct table_column *label = NULL;
    const struct table_column *group = NULL;
    const struct table_column *weight = NULL;
    TRY(column_choose(&label, rq, rq->label, rq->mapping->label, "label", err));
    TRY(column_choose(&group, rq, rq->group, rq->mapping->group, "group", err));
    TRY(column_choose(&weight, rq, rq->weight, STR(""), "weight", err));
    if (label == NULL) {
        return error_set(err, STATUS_INVALID, "", "no label column is named: say --label COLUMN");
    }
    struct rows rows = {.label = label->name};
    rows.group_column = group == NULL ? STR("") : group->name;
    uint32_t *previous = NULL;
    TRY(previous_compute(&previous, rq, group, arena, err));
    TRY(rows_choose(&rows, rq, previous, arena, err));
    TRY(labels_take(&rows, label, arena, err));
    TRY(weights_take(&rows, weight, arena, err));
    TRY(groups_take(&rows, rq, group, arena, err));
    TRY(values_compute(&rows, rq, previous, arena, err));
    *out = rows;
    return STATUS_OK;
}

bool mapping_fits(const struct mapping *m, const struct table *table, struct arena *scratch)
{
    for (uint32_t f = 0; f < m->feature_count; f++) {
        const struct expression *ignored = NULL;
        if (expression_read(&ignored, m->features[f].expression, table, scratch, NULL) !=
            STATUS_OK) {
            return false;
        }
    }
    return true;
}
