/* yardstick.c - read from the bundle's own text, whatever block a card stands in. */
#include "monitor/yardstick.h"

#include "format/decimal.h"

#include <stdlib.h>

enum { SETS_MAX = 16 /* that a card tells of */ };

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
    input->has_reference = input->is_known;
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

/* ---- inputs that only trees read ---- */

static int number_compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Nine of the thresholds, evenly by rank, equal ones once. */
static void edges_choose(struct input_yardstick *out, double *thresholds, size_t count)
{
    uint32_t edge_count = 0;
    qsort(thresholds, count, sizeof *thresholds, number_compare);
    for (size_t i = 1; i < SCORE_BINS && count > 0; i++) {
        double edge = thresholds[(count - 1) * i / SCORE_BINS];
        if (edge_count == 0 || edge > out->edges[edge_count - 1]) {
            out->edges[edge_count++] = edge;
        }
    }
    out->is_known = edge_count > 0;
    out->is_raw = true;
    out->bin_count = edge_count + 2;
}

/* Where the trees split on input `wanted` of the forest.  Leaves have no input. */
static size_t thresholds_of(double *out, size_t max, const struct json *trees, uint32_t wanted)
{
    size_t count = 0;
    for (const struct json *tree = trees->first; tree != NULL; tree = tree->next) {
        const struct json *inputs = member(tree, STR("input"), JSON_ARRAY);
        const struct json *at = member(tree, STR("at"), JSON_ARRAY);
        const struct json *i = inputs == NULL ? NULL : inputs->first;
        const struct json *x = at == NULL ? NULL : at->first;
        for (; i != NULL && x != NULL && count < max; i = i->next, x = x->next) {
            double input;
            if (i->type == JSON_NUMBER && double_read(&input, i->text) && input == wanted &&
                x->type == JSON_NUMBER && double_read(&out[count], x->text)) {
                count++;
            }
        }
    }
    return count;
}

static enum status forest_read(struct yardstick *y, const struct json *holder, struct error *err)
{
    const struct json *forest = member(holder, STR("forest"), JSON_OBJECT);
    const struct json *names = member(forest, STR("inputs"), JSON_ARRAY);
    const struct json *trees = member(forest, STR("trees"), JSON_ARRAY);
    if (names == NULL || trees == NULL) {
        return STATUS_OK;
    }
    double *thresholds = malloc(MODEL_NODES_MAX * sizeof *thresholds);
    if (thresholds == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for the trees of a model");
    }
    for (const struct json *name = names->first; name != NULL; name = name->next) {
        struct input_yardstick *input =
            name->type == JSON_STRING ? input_named(y, name->text) : NULL;
        if (input != NULL && !input->is_known) {
            edges_choose(input, thresholds,
                         thresholds_of(thresholds, MODEL_NODES_MAX, trees, name->index));
        }
    }
    free(thresholds);
    return STATUS_OK;
}

/* ---- the score ---- */

/* The share below x of a population by its deciles, linear between them. */
static double share_below(const double deciles[SCORE_BINS + 1], double x)
{
    if (x <= deciles[0]) {
        return 0;
    }
    for (uint32_t i = 0; i < SCORE_BINS; i++) {
        double from = deciles[i], to = deciles[i + 1];
        if (x < to) {
            return (i + (x - from) / (to - from)) / SCORE_BINS;
        }
    }
    return 1;
}

static bool deciles_read(double out[SCORE_BINS + 1], const struct json *set)
{
    const struct json *array = member(set, STR("score_deciles"), JSON_ARRAY);
    if (numbers_read(out, SCORE_BINS + 1, array) != SCORE_BINS + 1) {
        return false;
    }
    for (uint32_t i = 1; i <= SCORE_BINS; i++) {
        if (out[i] < out[i - 1]) {
            return false;
        }
    }
    return true;
}

/* The sets it was made on count alike: edges are the means of their deciles, and the reference is
 * what they have between them on average. */
static void reference_read(struct yardstick *y, const struct json *reference)
{
    double deciles[SETS_MAX][SCORE_BINS + 1];
    uint32_t sets = 0;
    const struct json *date = member(reference, STR("date"), JSON_STRING);
    const struct json *object = member(reference, STR("sets"), JSON_OBJECT);
    for (const struct json *set = object == NULL ? NULL : object->first;
         set != NULL && sets < SETS_MAX; set = set->next) {
        sets += deciles_read(deciles[sets], set) ? 1 : 0;
    }
    if (sets == 0) {
        return;
    }
    uint32_t edge_count = 0;
    for (uint32_t i = 1; i < SCORE_BINS; i++) {
        double edge = 0;
        for (uint32_t s = 0; s < sets; s++) {
            edge += deciles[s][i] / sets;
        }
        if (edge_count == 0 || edge > y->score_edges[edge_count - 1]) {
            y->score_edges[edge_count++] = edge;
        }
    }
    double before = 0;
    for (uint32_t i = 0; i <= edge_count; i++) {
        double to = i == edge_count ? 1 : 0;
        for (uint32_t s = 0; s < sets && i < edge_count; s++) {
            to += share_below(deciles[s], y->score_edges[i]) / sets;
        }
        y->score_reference[i] = to - before;
        before = to;
    }
    y->score_bin_count = edge_count + 1;
    y->reference_date = date == NULL ? STR("") : date->text;
}

enum status yardstick_read(struct yardstick *out, const struct model *model, struct error *err)
{
    *out = (struct yardstick){.model = model, .reference_date = STR("")};
    for (uint32_t i = 0; i < model->input_count; i++) {
        out->inputs[i].name = model->inputs[i].name;
    }
    const struct json *blocks = member(model->root, STR("blocks"), JSON_OBJECT);
    for (const struct json *block = blocks == NULL ? NULL : blocks->first; block != NULL;
         block = block->next) {
        scorecard_read(out, block);
    }
    for (const struct json *block = blocks == NULL ? NULL : blocks->first; block != NULL;
         block = block->next) {
        TRY(forest_read(out, block, err));
    }
    const struct json *card = member(model->root, STR("card"), JSON_OBJECT);
    const struct json *reference = member(card, STR("reference"), JSON_OBJECT);
    if (reference != NULL) {
        reference_read(out, reference);
    }
    return STATUS_OK;
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
