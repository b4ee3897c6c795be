/* model_read_scorecard.c - references and characteristics, held to what monotone scoring needs. */
#include "score/model_member.h"

static const struct bounds ANY_SIZE = {-1e15, 1e15};
static const struct bounds WOE = {-20.0, 20.0};

enum order { MAY_REPEAT, MUST_RISE };

/* An array of numbers that never falls (or strictly rises), in the arena. */
static enum status numbers_ascending(const double **out, struct model_reader *r,
                                     const struct json *array, enum order order)
{
    double *values = arena_array(&r->model->arena, double, array->count);
    if (values == NULL) {
        return model_too_large(r);
    }
    uint32_t i = 0;
    for (const struct json *node = array->first; node != NULL; node = node->next, i++) {
        TRY(node_number(&values[i], r, node, ANY_SIZE));
        if (i > 0 && values[i] < values[i - 1]) {
            return model_refuse(r, node, "is below the one before it");
        }
        if (i > 0 && order == MUST_RISE && values[i] == values[i - 1]) {
            return model_refuse(r, node, "repeats the one before it");
        }
    }
    *out = values;
    return STATUS_OK;
}

/* ---- references ---- */

static bool is_country_taken(const struct model *model, struct str country)
{
    for (uint32_t k = 0; k < model->reference_count; k++) {
        for (uint32_t i = 0; i < model->references[k].country_count; i++) {
            if (str_eq(model->references[k].countries[i], country)) {
                return true;
            }
        }
    }
    return false;
}

/* Requires: `reference` is the last of the model's, counted already. */
static enum status read_countries(struct model_reader *r, struct model_reference *reference,
                                  const struct json *node)
{
    const struct json *array = NULL;
    TRY(member_get(&array, r, node, "countries", JSON_ARRAY));
    TRY(node_has_count(r, array, 1, 1000));
    struct str *countries = arena_array(&r->model->arena, struct str, array->count);
    if (countries == NULL) {
        return model_too_large(r);
    }
    reference->countries = countries;
    for (const struct json *c = array->first; c != NULL; c = c->next) {
        TRY(node_country(&countries[reference->country_count], r, c));
        if (is_country_taken(r->model, c->text)) {
            return model_refuse(r, c, "stands in a reference already");
        }
        reference->country_count++;
    }
    return STATUS_OK;
}

static enum status read_quantiles(struct model_reader *r, struct model_reference *reference,
                                  const struct json *node)
{
    const struct json *object = NULL;
    TRY(member_get(&object, r, node, "quantiles", JSON_OBJECT));
    const double **quantiles = arena_array(&r->model->arena, const double *, r->model->input_count);
    if (quantiles == NULL) {
        return model_too_large(r);
    }
    for (const struct json *q = object->first; q != NULL; q = q->next) {
        uint32_t input = model_input_find(r->model, q->name);
        if (input == r->model->input_count) {
            return model_refuse(r, q, "is not one of the inputs");
        }
        TRY(node_is(r, q, JSON_ARRAY));
        TRY(node_has_count(r, q, MODEL_QUANTILES, MODEL_QUANTILES));
        TRY(numbers_ascending(&quantiles[input], r, q, MAY_REPEAT));
    }
    reference->quantiles = quantiles;
    return STATUS_OK;
}

/* A rank and a raw value must never meet in one bin. */
static enum status ranks_what_the_first_ranks(struct model_reader *r, const struct json *node)
{
    const struct model *m = r->model;
    const struct model_reference *last = &m->references[m->reference_count - 1];
    for (uint32_t i = 0; i < m->input_count; i++) {
        if ((last->quantiles[i] == NULL) != (m->references[0].quantiles[i] == NULL)) {
            return model_refuse(r, node, "must rank the same inputs as the first reference: %.*s",
                                STR_ARGS(m->inputs[i].name));
        }
    }
    return STATUS_OK;
}

static enum status read_reference(struct model_reader *r, const struct json *node)
{
    static const char *const names[] = {"name", "countries", "quantiles"};
    struct model *m = r->model;
    struct model_reference *reference = &m->references[m->reference_count];
    const struct json *name = NULL;
    TRY(node_is(r, node, JSON_OBJECT));
    TRY(object_has_only(r, node, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_get(&name, r, node, "name", JSON_STRING));
    reference->name = name->text;
    m->reference_count++;
    TRY(read_countries(r, reference, node));
    TRY(read_quantiles(r, reference, node));
    return ranks_what_the_first_ranks(r, node);
}

enum status model_read_references(struct model_reader *r, const struct json *root)
{
    const struct json *array = NULL;
    TRY(member_find(&array, r, root, "reference", JSON_ARRAY));
    if (array == NULL) {
        return STATUS_OK;
    }
    TRY(node_has_count(r, array, 1, MODEL_REFERENCES_MAX));
    r->model->references = arena_array(&r->model->arena, struct model_reference, array->count);
    if (r->model->references == NULL) {
        return model_too_large(r);
    }
    for (const struct json *node = array->first; node != NULL; node = node->next) {
        TRY(read_reference(r, node));
    }
    if (!is_country_taken(r->model, STR("*"))) {
        return model_refuse(r, array, "must have a reference for \"*\", all other countries");
    }
    return STATUS_OK;
}

/* ---- characteristics ---- */

/* The lowest value whose rank passes `edge`, over all references. */
static double lowest_value_at(const struct model *model, uint32_t input, double edge)
{
    double lowest = 1e300;
    for (uint32_t k = 0; k < model->reference_count; k++) {
        const double *q = model->references[k].quantiles[input];
        double place = edge * (MODEL_QUANTILES - 1);
        uint32_t i = (uint32_t)place;
        double value = i >= MODEL_QUANTILES - 1 ? q[MODEL_QUANTILES - 1]
                                                : q[i] + (q[i + 1] - q[i]) * (place - i);
        lowest = value < lowest ? value : lowest;
    }
    return lowest;
}

static bool is_ranked(const struct model *model, uint32_t input)
{
    return model->reference_count > 0 && model->references[0].quantiles[input] != NULL;
}

static enum status check_edge(struct model_reader *r, const struct characteristic *c, double edge,
                              const struct json *node)
{
    enum feature feature = r->model->inputs[c->input].feature;
    double value = edge;
    if (is_ranked(r->model, c->input)) {
        if (edge < 0.0 || edge > 1.0) {
            return model_refuse(r, node, "must be a rank, 0 to 1: this input is ranked");
        }
        value = lowest_value_at(r->model, c->input, edge);
    }
    if (feature == FEATURE_NONE) {
        return STATUS_OK;
    }
    const struct feature_info *info = feature_info(feature);
    if (value < info->edge_min) {
        return model_refuse(r, node, "is below %g, the lowest edge %s may have", info->edge_min,
                            info->wire);
    }
    bool is_in_range = value >= info->clip_low && value <= info->clip_high;
    if (!is_ranked(r->model, c->input) && !is_in_range) {
        return model_refuse(r, node, "lies outside %g to %g, the range of %s", info->clip_low,
                            info->clip_high, info->wire);
    }
    return STATUS_OK;
}

static enum status read_edges(struct model_reader *r, struct characteristic *c,
                              const struct json *node)
{
    const struct json *array = NULL;
    TRY(member_get(&array, r, node, "edges", JSON_ARRAY));
    TRY(node_has_count(r, array, 1, MODEL_BINS_MAX - 1));
    TRY(numbers_ascending(&c->edges, r, array, MUST_RISE));
    c->edge_count = array->count;
    uint32_t i = 0;
    for (const struct json *edge = array->first; edge != NULL; edge = edge->next, i++) {
        TRY(check_edge(r, c, c->edges[i], edge));
    }
    return STATUS_OK;
}

/* Worse data must never score better: evidence follows the direction of the feature. */
static enum status check_direction(struct model_reader *r, const struct characteristic *c,
                                   double before, double after, const struct json *node)
{
    enum feature feature = r->model->inputs[c->input].feature;
    int direction = feature == FEATURE_NONE ? 0 : feature_info(feature)->direction;
    if ((direction < 0 && after < before) || (direction > 0 && after > before)) {
        return model_refuse(r, node, "%s although the risk %s with %s",
                            after < before ? "falls" : "rises", direction < 0 ? "falls" : "rises",
                            feature_info(feature)->wire);
    }
    return STATUS_OK;
}

static enum status read_woe(struct model_reader *r, struct characteristic *c,
                            const struct json *node)
{
    const struct json *array = NULL;
    TRY(member_get(&array, r, node, "woe", JSON_ARRAY));
    TRY(node_has_count(r, array, c->edge_count + 1, c->edge_count + 1));
    double *woe = arena_array(&r->model->arena, double, array->count);
    if (woe == NULL) {
        return model_too_large(r);
    }
    TRY(member_number(&c->missing_woe, r, node, "missing_woe", (struct bounds){WOE.low, 0.0}));
    c->worst_woe = c->best_woe = c->missing_woe;
    uint32_t i = 0;
    for (const struct json *w = array->first; w != NULL; w = w->next, i++) {
        TRY(node_number(&woe[i], r, w, WOE));
        TRY(check_direction(r, c, woe[i > 0 ? i - 1 : 0], woe[i], w));
        c->worst_woe = woe[i] < c->worst_woe ? woe[i] : c->worst_woe;
        c->best_woe = woe[i] > c->best_woe ? woe[i] : c->best_woe;
    }
    c->woe = woe;
    return STATUS_OK;
}

/* One count a bin, then one for missing: drift is measured against them. */
static enum status check_counts(struct model_reader *r, const struct json *node, const char *name,
                                uint32_t count)
{
    const struct json *array = NULL;
    TRY(member_get(&array, r, node, name, JSON_ARRAY));
    TRY(node_has_count(r, array, count, count));
    for (const struct json *n = array->first; n != NULL; n = n->next) {
        int64_t ignored = 0;
        TRY(node_integer(&ignored, r, n, 0, INT64_C(1000000000000)));
    }
    return STATUS_OK;
}

static enum status read_input(struct model_reader *r, const struct model_block *block,
                              struct characteristic *c, const struct json *node)
{
    const struct json *input = NULL;
    const struct model *m = r->model;
    TRY(member_get(&input, r, node, "input", JSON_STRING));
    c->input = model_input_find(m, input->text);
    if (c->input == m->input_count) {
        return model_refuse(r, input, "is not one of the inputs");
    }
    for (uint32_t i = 0; i < block->characteristic_count; i++) {
        if (block->characteristics[i].input == c->input) {
            return model_refuse(r, input, "has a characteristic already");
        }
    }
    return STATUS_OK;
}

static enum status read_characteristic(struct model_reader *r, struct model_block *block,
                                       const struct json *node)
{
    static const char *const names[] = {"input",       "coefficient", "edges", "woe",
                                        "missing_woe", "goods",       "bads"};
    struct characteristic c = {0};
    const struct json *coefficient = NULL;
    TRY(node_is(r, node, JSON_OBJECT));
    TRY(object_has_only(r, node, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(read_input(r, block, &c, node));
    TRY(member_get(&coefficient, r, node, "coefficient", JSON_NUMBER));
    TRY(node_number(&c.coefficient, r, coefficient, (struct bounds){-10.0, 10.0}));
    if (c.coefficient >= 0.0) {
        return model_refuse(r, coefficient, "must be negative: good evidence lowers the log-odds");
    }
    TRY(read_edges(r, &c, node));
    TRY(read_woe(r, &c, node));
    if (json_find(node, STR("goods")) != NULL || json_find(node, STR("bads")) != NULL) {
        TRY(check_counts(r, node, "goods", c.edge_count + 2));
        TRY(check_counts(r, node, "bads", c.edge_count + 2));
    }
    block->characteristics[block->characteristic_count++] = c;
    return STATUS_OK;
}

enum status model_read_scorecard(struct model_reader *r, const struct json *object,
                                 struct model_block *block)
{
    static const char *const names[] = {"intercept", "characteristics"};
    const struct json *card = NULL;
    const struct json *array = NULL;
    TRY(member_find(&card, r, object, "scorecard", JSON_OBJECT));
    if (card == NULL) {
        return STATUS_OK;
    }
    TRY(object_has_only(r, card, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(member_number(&block->intercept, r, card, "intercept", (struct bounds){-50.0, 50.0}));
    TRY(member_get(&array, r, card, "characteristics", JSON_ARRAY));
    TRY(node_has_count(r, array, 1, MODEL_INPUTS_MAX));
    block->characteristics = arena_array(&r->model->arena, struct characteristic, array->count);
    if (block->characteristics == NULL) {
        return model_too_large(r);
    }
    for (const struct json *node = array->first; node != NULL; node = node->next) {
        TRY(read_characteristic(r, block, node));
    }
    return STATUS_OK;
}
