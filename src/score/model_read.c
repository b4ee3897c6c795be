/* model_read.c - a bundle from text: read everything, check everything, then prove it on its
 * vectors.
 */
#include "score/model_member.h"
#include "score/stack.h"

#include <stdlib.h>

/* A tree costs many times its text; this is for 2 million numbers. */
enum { MODEL_ARENA_MAX = 256 * 1024 * 1024 };

static enum status check_format(struct model_reader *r, const struct json *root)
{
    const struct json *format = NULL;
    int64_t version = 0;
    TRY(member_get(&format, r, root, "format", JSON_STRING));
    if (!str_eq(format->text, STR("aval-model"))) {
        return model_refuse(r, format, "must be \"aval-model\"");
    }
    return member_integer(&version, r, root, "format_version", MODEL_FORMAT, MODEL_FORMAT);
}

static enum status read_philosophy(struct model_reader *r, const struct json *root)
{
    static const char *const known[] = {"point_in_time", "through_the_cycle", "hybrid"};
    const struct json *node = NULL;
    TRY(member_get(&node, r, root, "philosophy", JSON_STRING));
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (str_eq(node->text, str_from(known[i]))) {
            r->model->philosophy = node->text;
            return STATUS_OK;
        }
    }
    return model_refuse(r, node, "must be point_in_time, through_the_cycle or hybrid");
}

static enum status read_identity(struct model_reader *r, const struct json *root)
{
    struct model *m = r->model;
    const struct json *ignored = NULL;
    int64_t months = 0;
    TRY(check_format(r, root));
    TRY(member_word(&m->id, r, root, "id", 64, "-."));
    TRY(member_word(&m->version, r, root, "version", 32, "-."));
    TRY(member_word(&m->default_definition, r, root, "default_definition", 64, ""));
    TRY(member_integer(&months, r, root, "horizon_months", 1, 60));
    m->horizon_months = (uint32_t)months;
    TRY(read_philosophy(r, root));
    TRY(member_get(&ignored, r, root, "card", JSON_OBJECT));
    return member_find(&ignored, r, root, "mapping", JSON_ARRAY);
}

static enum status read_inputs(struct model_reader *r, const struct json *root)
{
    struct model *m = r->model;
    const struct json *array = NULL;
    TRY(member_get(&array, r, root, "inputs", JSON_ARRAY));
    TRY(node_has_count(r, array, 1, MODEL_INPUTS_MAX));
    m->inputs = arena_array(&m->arena, struct model_input, array->count);
    if (m->inputs == NULL) {
        return model_too_large(r);
    }
    m->can_score = m->horizon_months == 12;
    for (const struct json *node = array->first; node != NULL; node = node->next) {
        struct model_input input = {.block = BLOCK_COUNT};
        TRY(node_word(&input.name, r, node, 64, ""));
        if (model_input_find(m, input.name) != m->input_count) {
            return model_refuse(r, node, "is an input already");
        }
        input.feature = feature_find(input.name);
        m->can_score = m->can_score && input.feature != FEATURE_NONE;
        m->inputs[m->input_count++] = input;
    }
    return STATUS_OK;
}

static bool is_tendency_taken(const struct model *m, const struct central_tendency *row)
{
    for (uint32_t i = 0; i < m->tendency_count; i++) {
        if (m->tendencies[i].section == row->section &&
            str_eq(str_from(m->tendencies[i].country), str_from(row->country))) {
            return true;
        }
    }
    return false;
}

static enum status read_tendency(struct model_reader *r, const struct json *node)
{
    static const char *const names[] = {"country", "section", "rate", "source", "date"};
    struct central_tendency row = {0};
    struct date day;
    const struct json *source = NULL;
    const struct json *date = NULL;
    TRY(node_is(r, node, JSON_OBJECT));
    TRY(object_has_only(r, node, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_place(row.country, &row.section, r, node));
    TRY(member_rate(&row.rate, r, node, "rate"));
    TRY(member_get(&source, r, node, "source", JSON_STRING));
    if (source->text.len < 1 || source->text.len > 500) {
        return model_refuse(r, source, "must name where the rate is from, in 1 to 500 bytes");
    }
    TRY(member_get(&date, r, node, "date", JSON_STRING));
    if (!date_read(&day, date->text)) {
        return model_refuse(r, date, "must be a date as 2026-11-01");
    }
    if (is_tendency_taken(r->model, &row)) {
        return model_refuse(r, node, "repeats a country and section");
    }
    r->model->tendencies[r->model->tendency_count++] = row;
    return STATUS_OK;
}

static enum status read_tendencies(struct model_reader *r, const struct json *root)
{
    static const struct central_tendency anybody = {.country = "*", .section = '*'};
    struct model *m = r->model;
    const struct json *array = NULL;
    TRY(member_get(&array, r, root, "central_tendency", JSON_ARRAY));
    TRY(node_has_count(r, array, 1, MODEL_TENDENCIES_MAX));
    m->tendencies = arena_array(&m->arena, struct central_tendency, array->count);
    if (m->tendencies == NULL) {
        return model_too_large(r);
    }
    for (const struct json *node = array->first; node != NULL; node = node->next) {
        TRY(read_tendency(r, node));
    }
    if (!is_tendency_taken(m, &anybody)) {
        return model_refuse(r, array, "must have a rate for country \"*\" and section \"*\"");
    }
    return STATUS_OK;
}

static enum status read_age_multiplier(struct model_reader *r, const struct json *node)
{
    static const char *const names[] = {"below_years", "multiplier"};
    struct model *m = r->model;
    uint32_t i = m->age_multiplier_count;
    double below = 0.0;
    double multiplier = 0.0;
    TRY(node_is(r, node, JSON_OBJECT));
    TRY(object_has_only(r, node, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_number(&below, r, node, "below_years", (struct bounds){0.0, 60.0}));
    TRY(member_number(&multiplier, r, node, "multiplier", (struct bounds){1.0, 20.0}));
    if (below <= (i > 0 ? m->age_multipliers[i - 1].below_years : 0.0)) {
        return model_refuse(r, json_find(node, STR("below_years")), "must rise from row to row");
    }
    if (i > 0 && multiplier > m->age_multipliers[i - 1].multiplier) {
        return model_refuse(r, json_find(node, STR("multiplier")),
                            "must not rise: an older company is not riskier");
    }
    m->age_multipliers[i].below_years = below;
    m->age_multipliers[i].multiplier = multiplier;
    m->age_multiplier_count++;
    return STATUS_OK;
}

static enum status read_thin(struct model_reader *r, const struct json *root)
{
    static const char *const names[] = {"age_multipliers"};
    const struct json *thin = NULL;
    const struct json *array = NULL;
    TRY(member_get(&thin, r, root, "thin", JSON_OBJECT));
    TRY(object_has_only(r, thin, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_get(&array, r, thin, "age_multipliers", JSON_ARRAY));
    TRY(node_has_count(r, array, 0, MODEL_AGE_MULTIPLIERS_MAX));
    for (const struct json *node = array->first; node != NULL; node = node->next) {
        TRY(read_age_multiplier(r, node));
    }
    return STATUS_OK;
}

static enum status read_root(struct model_reader *r, const struct json *root, bool is_draft)
{
    static const char *const names[] = {
        "format",
        "format_version",
        "id",
        "version",
        "card",
        "mapping",
        "inputs",
        "blocks",
        "default_definition",
        "reference",
        "stack",
        "calibration",
        "graph",
        "horizon_months",
        "interval",
        "thin",
        "vectors",
        "philosophy",
        "central_tendency",
    };
    TRY(node_is(r, root, JSON_OBJECT));
    TRY(object_has_only(r, root, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(read_identity(r, root));
    TRY(read_inputs(r, root));
    TRY(model_read_references(r, root));
    TRY(model_read_blocks(r, root));
    TRY(model_read_stack(r, root));
    TRY(read_tendencies(r, root));
    TRY(read_thin(r, root));
    stack_prepare(r->model);
    return is_draft ? STATUS_OK : model_check_vectors(r, root);
}

static enum status read_into(struct model *model, struct str text, bool is_draft, struct error *err)
{
    struct model_reader r = {.model = model, .err = err};
    struct json_error fault;
    struct str copy = arena_copy(&model->arena, text);
    if (copy.ptr == NULL) {
        return model_too_large(&r);
    }
    model->root = json_read(copy, &model->arena, &fault);
    if (model->root == NULL) {
        return error_set(err, STATUS_INVALID, fault.pointer, "line %u, column %u: %s", fault.line,
                         fault.column, fault.message);
    }
    return read_root(&r, model->root, is_draft);
}

static enum status read_text(struct model **out, struct str text, bool is_draft, struct error *err)
{
    if (text.len > MODEL_LEN_MAX) {
        return error_set(err, STATUS_INVALID, "", "a bundle has at most %d bytes", MODEL_LEN_MAX);
    }
    struct model *model = calloc(1, sizeof *model);
    if (model == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for a bundle");
    }
    arena_init(&model->arena, MODEL_ARENA_MAX);
    enum status status = read_into(model, text, is_draft, err);
    if (status != STATUS_OK) {
        model_destroy(model);
        return status;
    }
    *out = model;
    return STATUS_OK;
}

enum status model_read(struct model **out, struct str text, struct error *err)
{
    return read_text(out, text, false, err);
}

enum status model_read_draft(struct model **out, struct str text, struct error *err)
{
    return read_text(out, text, true, err);
}
