/* validate.c - bundle and table in, figures and predictions out. */
#include "train/validate.h"

#include "format/decimal.h"
#include "score/trees.h"
#include "train/evaluate.h"
#include "train/paired.h"

static const size_t VALIDATE_ARENA_MAX = (size_t)8 << 30;

enum { PD_DIGITS = 12 };

/* The model's own input names as columns, for a bundle that brings no mapping. */
static enum status mapping_of_inputs(struct mapping *out, const struct model *model,
                                     struct arena *arena, struct error *err)
{
    struct mapping_feature *features =
        arena_array(arena, struct mapping_feature, model->input_count);
    if (features == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "the mapping does not fit into memory");
    }
    for (uint32_t i = 0; i < model->input_count; i++) {
        features[i] = (struct mapping_feature){model->inputs[i].name, model->inputs[i].name};
    }
    *out = (struct mapping){.name = STR("inputs"),
                            .country = STR("*"),
                            .weight = 1,
                            .feature_count = model->input_count,
                            .features = features};
    return STATUS_OK;
}

static enum status mapping_choose(struct mapping *out, const struct model *model,
                                  const struct table *table, struct arena *arena, struct error *err)
{
    const struct json *list = json_find(model->root, STR("mapping"));
    if (list == NULL || list->count == 0) {
        return mapping_of_inputs(out, model, arena, err);
    }
    for (const struct json *node = list->first; node != NULL; node = node->next) {
        TRY(mapping_read(out, node, arena, err));
        if (mapping_fits(out, table, arena)) {
            return STATUS_OK;
        }
    }
    return error_set(err, STATUS_INVALID, "",
                     "the data lack columns that each of the bundle's %u mappings needs",
                     list->count);
}

static void predictions_write(struct buf *out, const struct rows *rows,
                              const struct evaluation *evaluation)
{
    buf_append(out, STR("row,pd,score\n"));
    for (uint32_t i = 0; i < rows->row_count; i++) {
        buf_append_int(out, (int64_t)rows->table_row[i] + 1);
        buf_append_byte(out, ',');
        double_write(out, double_round_digits(evaluation->pd[i], PD_DIGITS));
        buf_append_byte(out, ',');
        buf_append_int(out, evaluation->points[i]);
        buf_append_byte(out, '\n');
    }
}

static const struct model_trees *trees_of(const struct model *model)
{
    return model->blocks[BLOCK_FINANCIAL].trees;
}

static void explanations_head_write(struct buf *out, const struct model *model)
{
    const struct model_trees *trees = trees_of(model);
    static const char *const behind[] = {"", "_contribution"};
    buf_append(out, STR("row,margin,base"));
    for (size_t k = 0; k < ARRAY_LEN(behind); k++) {
        for (uint32_t i = 0; i < trees->input_count; i++) {
            buf_printf(out, ",%.*s%s", STR_ARGS(model->inputs[trees->inputs[i]].name), behind[k]);
        }
    }
    buf_append_byte(out, '\n');
}

static void explanation_write(struct buf *out, const struct model *model,
                              const struct known *inputs)
{
    const struct model_trees *trees = trees_of(model);
    uint16_t ranks[MODEL_INPUTS_MAX];
    double contributions[MODEL_INPUTS_MAX];
    (void)trees_rank(ranks, model, trees, inputs);
    explainer_run(contributions, &trees->explainer, ranks);
    double_write(out, double_round_digits(forest_margin(&trees->forest, ranks), PD_DIGITS));
    buf_append_byte(out, ',');
    double_write(out, double_round_digits(trees->explainer.base, PD_DIGITS));
    for (uint32_t i = 0; i < trees->input_count; i++) {
        struct known input = inputs[trees->inputs[i]];
        buf_append_byte(out, ',');
        if (input.is_known) {
            double_write(out, trees_value(model->inputs[trees->inputs[i]].feature, input.value));
        }
    }
    for (uint32_t i = 0; i < trees->input_count; i++) {
        buf_append_byte(out, ',');
        double_write(out, double_round_digits(contributions[i], PD_DIGITS));
    }
    buf_append_byte(out, '\n');
}

static enum status explanations_write(struct buf *out, const struct model *model,
                                      const struct rows *rows, const struct evaluation *evaluation,
                                      struct error *err)
{
    if (trees_of(model) == NULL) {
        return error_set(err, STATUS_INVALID, "",
                         "the bundle has no forest in its financial block to explain");
    }
    explanations_head_write(out, model);
    for (uint32_t row = 0; row < rows->row_count; row++) {
        struct known inputs[MODEL_INPUTS_MAX];
        evaluation_inputs(inputs, evaluation, model, row);
        buf_append_int(out, (int64_t)rows->table_row[row] + 1);
        buf_append_byte(out, ',');
        explanation_write(out, model, inputs);
    }
    return STATUS_OK;
}

static enum status tables_write(const struct validate_tables *tables, const struct model *model,
                                const struct rows *rows, const struct evaluation *evaluation,
                                struct error *err)
{
    if (tables->predictions != NULL) {
        predictions_write(tables->predictions, rows, evaluation);
    }
    if (tables->explanations != NULL) {
        TRY(explanations_write(tables->explanations, model, rows, evaluation, err));
    }
    if ((tables->predictions != NULL && buf_failed(tables->predictions)) ||
        (tables->explanations != NULL && buf_failed(tables->explanations))) {
        return error_set(err, STATUS_TOO_LARGE, "", "the answers do not fit into memory");
    }
    return STATUS_OK;
}

static enum status against_compute(struct auc_difference *out, const struct rows *rows,
                                   const struct evaluation *evaluation, const char *path,
                                   struct arena *arena, struct error *err)
{
    const struct paired_rows paired = {rows->row_count, rows->table_row, evaluation->pd,
                                       rows->is_bad};
    return path == NULL ? STATUS_OK : paired_compare_rows(out, &paired, path, arena, err);
}

static enum status table_evaluate(struct metrics *out, struct auc_difference *against,
                                  const struct validate_tables *tables, const struct model *model,
                                  const struct validate_options *options, struct arena *arena,
                                  struct error *err)
{
    struct table table;
    struct table_file files[TABLE_FILES_MAX];
    struct mapping mapping;
    struct rows rows;
    struct evaluation evaluation;
    TRY(table_load(&table, files, options->data, options->data_count, arena, err));
    TRY(mapping_choose(&mapping, model, &table, arena, err));
    const struct rows_request request = {.table = &table,
                                         .mapping = &mapping,
                                         .label = options->label,
                                         .group = options->group,
                                         .weight = options->weight,
                                         .where = options->where};
    TRY(rows_compute(&rows, &request, arena, err));
    TRY(evaluate_rows(&evaluation, model, &mapping, &rows, arena, err));
    TRY(tables_write(tables, model, &rows, &evaluation, err));
    TRY(against_compute(against, &rows, &evaluation, options->against, arena, err));
    *out = evaluation.metrics;
    return STATUS_OK;
}

static enum status bundle_load(struct model **out, const char *path, struct arena *arena,
                               struct error *err)
{
    struct str text;
    struct error wrong = {0};
    TRY(file_load(&text, path, arena, err));
    enum status status = model_read(out, text, &wrong);
    if (status != STATUS_OK) {
        return error_set(err, status, wrong.field, "%.100s: %.200s", path, wrong.message);
    }
    return STATUS_OK;
}

enum status validate_model(struct metrics *out, struct auc_difference *against,
                           const struct validate_tables *tables,
                           const struct validate_options *options, struct error *err)
{
    CHECK(options->data_count > 0 && options->data_count <= TABLE_FILES_MAX);
    struct arena arena;
    arena_init(&arena, VALIDATE_ARENA_MAX);
    struct model *model = NULL;
    enum status status = bundle_load(&model, options->bundle, &arena, err);
    if (status == STATUS_OK) {
        status = table_evaluate(out, against, tables, model, options, &arena, err);
    }
    model_destroy(model);
    arena_finish(&arena);
    return status;
}
