/* yardstick.c - read from the bundle's own text, whatever block a card stands in. */
#include "monitor/yardstick.h"

#include "format/decimal.h"

static const struct json *member(const struct json *node, struct str name, enum json_type type)
{
    const struct json *found =
        node != NULL && node->type == JSON_OBJECT ? json_find(node, name) : NULL;
    return found != NULL && found->type == type ? found : NULL;
}

/* The numbers of an array, at most `max`; 0 unless all are. */
static uint32_t numbers_read(double *out, uint32_t max, const struct json *array)
{
    uint32_t count = 0;
    if (array == NULL || array->count > max) {
        return 0;
    }
    for (const struct json *node = array->first; node != NULL; node = node->next) {
        if (node->type != JSON_NUMBER || !double_read(&out[count], node->text)) {
            return 0;
        }
        count++;
    }
    return count;
}

static struct input_yardstick *input_named(struct yardstick *y, struct str name)
{
    for (uint32_t i = 0; i < y->model->input_count; i++) {
        if (str_eq(y->inputs[i].name, name)) {
            return &y->inputs[i];
        }
    }
    return NULL;
}

/* Edges and the counts of goods and bads, the last of them of the missing. */
static void characteristic_read(struct yardstick *y, const struct json *node)
{
    double bads[YARDSTICK_BINS_MAX];
    const struct json *name = member(node, STR("input"), JSON_STRING);
    struct input_yardstick *input = name == NULL ? NULL : input_named(y, name->text);
    const struct json *edges = member(node, STR("edges"), JSON_ARRAY);
    if (input == NULL || input->is_known || edges == NULL) {
        return;
    }
    uint32_t edge_count = numbers_read(input->edges, MODEL_BINS_MAX - 1, edges);
    uint32_t goods =
        numbers_read(input->reference, YARDSTICK_BINS_MAX, member(node, STR("goods"), JSON_ARRAY));
    uint32_t bad_count =
        numbers_read(bads, YARDSTICK_BINS_MAX, member(node, STR("bads"), JSON_ARRAY));
    double total = 0;
    if (edge_count != edges->count || goods != edge_count + 2 || bad_count != goods) {
        return;
    }
    for (uint32_t i = 0; i < goods; i++) {
        input->reference[i] += bads[i];
        total += input->reference[i];
    }
    input->bin_count = goods;
    input->is_known = total > 0;
}

static void scorecard_read(struct yardstick *y, const struct json *holder)
{
    const struct json *card = member(holder, STR("scorecard"), JSON_OBJECT);
    const struct json *list = member(card, STR("characteristics"), JSON_ARRAY);
    for (const struct json *node = list == NULL ? NULL : list->first; node != NULL;
         node = node->next) {
        characteristic_read(y, node);
    }
}

/* Deciles of a list of 101 quantiles, equal ones once. */
static uint32_t deciles_of(double *edges, const double *quantiles)
{
    uint32_t count = 0;
    for (uint32_t i = 1; i < SCORE_BINS; i++) {
        double q = quantiles[(MODEL_QUANTILES - 1) / SCORE_BINS * i];
        if (count == 0 || q > edges[count - 1]) {
            edges[count++] = q;
        }
    }
    return count;
}

/* How much of the reference lies below x, by its quantiles. */
static double share_below(const double *quantiles, double x)
{
    uint32_t below = 0;
    while (below < MODEL_QUANTILES && quantiles[below] < x) {
        below++;
    }
    return (double)below / MODEL_QUANTILES;
}

/* Counts of the bins that edges cut. */
static void counts_between(double *counts, const double *edges, uint32_t edge_count,
                           const double *quantiles, double total)
{
    double before = 0;
    for (uint32_t i = 0; i <= edge_count; i++) {
        double to = i == edge_count ? 1 : share_below(quantiles, edges[i]);
        counts[i] = (to - before) * total;
        before = to;
    }
}

static bool quantiles_read(double quantiles[MODEL_QUANTILES], const struct json *array)
{
    if (numbers_read(quantiles, MODEL_QUANTILES, array) != MODEL_QUANTILES) {
        return false;
    }
    for (uint32_t i = 1; i < MODEL_QUANTILES; i++) {
        if (quantiles[i] < quantiles[i - 1]) {
            return false;
        }
    }
    return true;
}

static void input_quantiles_read(struct yardstick *y, const struct json *node, double total)
{
    double quantiles[MODEL_QUANTILES], missing = 0;
    struct input_yardstick *input = input_named(y, node->name);
    const struct json *share = member(node, STR("missing"), JSON_NUMBER);
    if (input == NULL || input->is_known || share == NULL || !double_read(&missing, share->text) ||
        !(missing >= 0 && missing <= 1) ||
        !quantiles_read(quantiles, member(node, STR("quantiles"), JSON_ARRAY))) {
        return;
    }
    uint32_t edge_count = deciles_of(input->edges, quantiles);
    counts_between(input->reference, input->edges, edge_count, quantiles, total * (1 - missing));
    input->reference[edge_count + 1] = total * missing;
    input->bin_count = edge_count + 2;
    input->is_raw = true;
    input->is_known = true;
}

static void reference_read(struct yardstick *y, const struct json *reference)
{
    double quantiles[MODEL_QUANTILES], total = 0;
    const struct json *n = member(reference, STR("n"), JSON_NUMBER);
    const struct json *date = member(reference, STR("date"), JSON_STRING);
    const struct json *inputs = member(reference, STR("inputs"), JSON_OBJECT);
    if (n == NULL || !double_read(&total, n->text) || !(total >= 1)) {
        return;
    }
    y->reference_date = date == NULL ? STR("") : date->text;
    if (quantiles_read(quantiles, member(reference, STR("score"), JSON_ARRAY))) {
        uint32_t edge_count = deciles_of(y->score_edges, quantiles);
        y->score_bin_count = edge_count + 1;
        counts_between(y->score_reference, y->score_edges, edge_count, quantiles, total);
    }
    for (const struct json *node = inputs == NULL ? NULL : inputs->first; node != NULL;
         node = node->next) {
        input_quantiles_read(y, node, total);
    }
}

void yardstick_read(struct yardstick *out, const struct model *model)
{
    *out = (struct yardstick){.model = model, .reference_date = STR("")};
    for (uint32_t i = 0; i < model->input_count; i++) {
        out->inputs[i].name = model->inputs[i].name;
    }
    const struct json *blocks = member(model->root, STR("blocks"), JSON_OBJECT);
    scorecard_read(out, model->root);
    for (const struct json *block = blocks == NULL ? NULL : blocks->first; block != NULL;
         block = block->next) {
        scorecard_read(out, block);
    }
    const struct json *card = member(model->root, STR("card"), JSON_OBJECT);
    const struct json *reference = member(card, STR("reference"), JSON_OBJECT);
    if (reference != NULL) {
        reference_read(out, reference);
    }
}

static uint32_t edges_below(const double *edges, uint32_t count, double x)
{
    uint32_t bin = 0;
    while (bin < count && edges[bin] <= x) {
        bin++;
    }
    return bin;
}

uint32_t yardstick_bin(const struct yardstick *y, uint32_t input, const char *country,
                       struct known value)
{
    const struct input_yardstick *yard = &y->inputs[input];
    CHECK(input < y->model->input_count);
    CHECK(yard->is_known);
    if (!value.is_known) {
        return yard->bin_count - 1;
    }
    double x = yard->is_raw ? value.value : model_rank(y->model, input, country, value.value);
    return edges_below(yard->edges, yard->bin_count - 2, x);
}

uint32_t yardstick_score_bin(const struct yardstick *y, int32_t score)
{
    CHECK(y->score_bin_count > 0);
    return edges_below(y->score_edges, y->score_bin_count - 1, score);
}
