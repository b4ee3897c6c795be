/* read_xgboost.c - learner.gradient_booster.model.trees[], arrays of equal length a tree. */
#include "forest/file.h"

#include "format/decimal.h"
#include "format/json.h"

struct reader {
    struct arena *arena;
    struct error *err;
};

static enum status refuse(struct reader *r, const struct json *node, const char *why)
{
    struct buf pointer;
    buf_init(&pointer, JSON_POINTER_LEN_MAX);
    json_pointer(&pointer, node);
    struct str at = arena_copy(r->arena, buf_str(&pointer));
    buf_finish(&pointer);
    return error_set(r->err, STATUS_INVALID, at.ptr == NULL ? "" : at.ptr, "%s.", why);
}

static enum status no_memory(struct reader *r)
{
    return error_set(r->err, STATUS_TOO_LARGE, "", "The model file does not fit in memory.");
}

static enum status member(const struct json **out, struct reader *r, const struct json *object,
                          const char *name, enum json_type type)
{
    const struct json *found = json_find(object, str_from(name));
    if (found == NULL || found->type != type) {
        struct arena *arena = r->arena;
        struct str why = arena_printf(arena, "Here must stand \"%s\", as XGBoost writes it", name);
        return refuse(r, found == NULL ? object : found,
                      why.ptr == NULL ? "A member is missing" : why.ptr);
    }
    *out = found;
    return STATUS_OK;
}

/* XGBoost writes its parameters as strings. */
static enum status number_of(double *out, struct reader *r, const struct json *node)
{
    bool is_text = node->type == JSON_STRING || node->type == JSON_NUMBER;
    if (!is_text || !double_read(out, node->text)) {
        return refuse(r, node, "A number is expected");
    }
    return STATUS_OK;
}

static enum status parameter(double *out, struct reader *r, const struct json *object,
                             const char *name)
{
    const struct json *node = json_find(object, str_from(name));
    if (node == NULL) {
        return refuse(r, object, "A parameter that XGBoost writes is missing");
    }
    return number_of(out, r, node);
}

/* ---- a tree ---- */

enum column {
    COLUMN_LEFT,
    COLUMN_RIGHT,
    COLUMN_INPUT,
    COLUMN_CONDITION,
    COLUMN_MISSING_LEFT,
    COLUMN_COVER,
    COLUMN_TYPE,
    COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {
    [COLUMN_LEFT] = "left_children",        [COLUMN_RIGHT] = "right_children",
    [COLUMN_INPUT] = "split_indices",       [COLUMN_CONDITION] = "split_conditions",
    [COLUMN_MISSING_LEFT] = "default_left", [COLUMN_COVER] = "sum_hessian",
    [COLUMN_TYPE] = "split_type",
};

/* The next value of each column; true and false stand for 1 and 0. */
static enum status row_read(double row[COLUMN_COUNT], struct reader *r,
                            const struct json *cells[COLUMN_COUNT])
{
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        const struct json *cell = cells[i];
        if (cell->type == JSON_TRUE || cell->type == JSON_FALSE) {
            row[i] = cell->type == JSON_TRUE ? 1 : 0;
        } else {
            TRY(number_of(&row[i], r, cell));
        }
        cells[i] = cell->next;
    }
    return STATUS_OK;
}

static bool is_index(double value, uint32_t count)
{
    return value >= 0 && value < count && value == (double)(uint32_t)value;
}

static enum status node_make(struct forest_raw_node *out, struct reader *r, const struct json *tree,
                             const double row[COLUMN_COUNT], uint32_t count)
{
    double condition = (double)(float)row[COLUMN_CONDITION];
    if (row[COLUMN_TYPE] != 0) {
        return refuse(r, tree, "A split by category cannot be read: give the input as numbers");
    }
    *out = (struct forest_raw_node){.cover = row[COLUMN_COVER]};
    if (row[COLUMN_LEFT] == -1) {
        out->is_leaf = true;
        out->value = condition;
        return STATUS_OK;
    }
    if (!is_index(row[COLUMN_LEFT], count) || !is_index(row[COLUMN_RIGHT], count) ||
        !is_index(row[COLUMN_INPUT], FOREST_INPUTS_MAX)) {
        return refuse(r, tree, "A node of this tree has no children or no input");
    }
    out->input = (uint32_t)row[COLUMN_INPUT];
    out->threshold = condition;
    out->missing_left = row[COLUMN_MISSING_LEFT] != 0;
    out->left = (uint32_t)row[COLUMN_LEFT];
    out->right = (uint32_t)row[COLUMN_RIGHT];
    return STATUS_OK;
}

static enum status tree_read(struct forest_raw_tree *out, struct reader *r, const struct json *tree)
{
    const struct json *columns[COLUMN_COUNT];
    const struct json *cells[COLUMN_COUNT];
    if (tree->type != JSON_OBJECT) {
        return refuse(r, tree, "A tree is an object");
    }
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        TRY(member(&columns[i], r, tree, column_names[i], JSON_ARRAY));
        if (columns[i]->count != columns[0]->count) {
            return refuse(r, columns[i], "All arrays of a tree are equally long");
        }
        cells[i] = columns[i]->first;
    }
    uint32_t count = columns[0]->count;
    struct forest_raw_node *nodes =
        arena_array(r->arena, struct forest_raw_node, (size_t)count + 1);
    if (nodes == NULL) {
        return no_memory(r);
    }
    for (uint32_t i = 0; i < count; i++) {
        double row[COLUMN_COUNT];
        TRY(row_read(row, r, cells));
        TRY(node_make(&nodes[i], r, tree, row, count));
    }
    *out = (struct forest_raw_tree){nodes, count};
    return STATUS_OK;
}

/* ---- the model ---- */

static enum status names_read(struct forest_file *out, struct reader *r, const struct json *learner)
{
    const struct json *names = json_find(learner, STR("feature_names"));
    if (names == NULL || names->type != JSON_ARRAY || names->count == 0) {
        return STATUS_OK;
    }
    if (names->count != out->raw.input_count) {
        return refuse(r, names, "As many names are expected as there are inputs");
    }
    struct str *kept = arena_array(r->arena, struct str, names->count);
    if (kept == NULL) {
        return no_memory(r);
    }
    size_t i = 0;
    for (const struct json *name = names->first; name != NULL; name = name->next) {
        if (name->type != JSON_STRING) {
            return refuse(r, name, "A name is expected");
        }
        kept[i++] = name->text;
    }
    out->names = kept;
    return STATUS_OK;
}

static enum status objective_check(bool *is_probability, struct reader *r,
                                   const struct json *learner)
{
    const struct json *objective;
    const struct json *name;
    TRY(member(&objective, r, learner, "objective", JSON_OBJECT));
    TRY(member(&name, r, objective, "name", JSON_STRING));
    *is_probability =
        str_eq(name->text, STR("binary:logistic")) || str_eq(name->text, STR("reg:logistic"));
    if (!*is_probability && !str_eq(name->text, STR("binary:logitraw"))) {
        return refuse(r, name,
                      "The objective must be binary:logistic, reg:logistic or binary:logitraw");
    }
    return STATUS_OK;
}

static enum status parameters_read(struct forest_file *out, struct reader *r,
                                   const struct json *learner)
{
    const struct json *parameters;
    bool is_probability;
    double base;
    double inputs;
    double classes = 0;
    TRY(objective_check(&is_probability, r, learner));
    TRY(member(&parameters, r, learner, "learner_model_param", JSON_OBJECT));
    TRY(parameter(&base, r, parameters, "base_score"));
    TRY(parameter(&inputs, r, parameters, "num_feature"));
    if (json_find(parameters, STR("num_class")) != NULL) {
        TRY(parameter(&classes, r, parameters, "num_class"));
    }
    if (classes > 1) {
        return refuse(r, parameters, "A model of several classes cannot be read");
    }
    if (!is_index(inputs, FOREST_INPUTS_MAX + 1) || inputs == 0) {
        return refuse(r, parameters, "A model has 1 to 256 inputs");
    }
    base = (double)forest_float(base);
    if (is_probability && !(base > 0 && base < 1)) {
        return refuse(r, parameters, "base_score is a probability between 0 and 1");
    }
    out->raw.input_count = (uint32_t)inputs;
    out->raw.base = is_probability ? 0 : base;
    out->base_probability = is_probability ? base : 0.5;
    return STATUS_OK;
}

static enum status rules_make(struct forest_file *out, struct reader *r)
{
    uint8_t *rules = arena_array(r->arena, uint8_t, out->raw.input_count);
    if (rules == NULL) {
        return no_memory(r);
    }
    for (uint32_t i = 0; i < out->raw.input_count; i++) {
        rules[i] = FOREST_AS_FLOAT;
    }
    out->raw.input_rules = rules;
    return STATUS_OK;
}

static enum status trees_read(struct forest_file *out, struct reader *r, const struct json *learner)
{
    const struct json *booster;
    const struct json *model;
    const struct json *trees;
    TRY(member(&booster, r, learner, "gradient_booster", JSON_OBJECT));
    const struct json *name = json_find(booster, STR("name"));
    if (name != NULL && !(name->type == JSON_STRING && str_eq(name->text, STR("gbtree")))) {
        return refuse(r, name, "The booster must be gbtree");
    }
    TRY(member(&model, r, booster, "model", JSON_OBJECT));
    TRY(member(&trees, r, model, "trees", JSON_ARRAY));
    struct forest_raw_tree *kept =
        arena_array(r->arena, struct forest_raw_tree, (size_t)trees->count + 1);
    if (kept == NULL) {
        return no_memory(r);
    }
    uint32_t count = 0;
    for (const struct json *tree = trees->first; tree != NULL; tree = tree->next) {
        TRY(tree_read(&kept[count++], r, tree));
    }
    out->raw.trees = kept;
    out->raw.tree_count = count;
    return STATUS_OK;
}

enum status forest_read_xgboost(struct forest_file *out, struct str text, struct arena *arena,
                                struct error *err)
{
    struct reader r = {arena, err};
    struct forest_file file = {.base_probability = 0.5};
    struct json_error at;
    const struct json *learner;
    const struct json *top = json_read(text, arena, &at);
    if (top == NULL) {
        return error_set(err, STATUS_INVALID, at.pointer, "Line %u, column %u: %s", at.line,
                         at.column, at.message);
    }
    if (top->type != JSON_OBJECT) {
        return refuse(&r, top, "A model of XGBoost is an object");
    }
    TRY(member(&learner, &r, top, "learner", JSON_OBJECT));
    TRY(parameters_read(&file, &r, learner));
    TRY(names_read(&file, &r, learner));
    TRY(rules_make(&file, &r));
    TRY(trees_read(&file, &r, learner));
    *out = file;
    return STATUS_OK;
}
