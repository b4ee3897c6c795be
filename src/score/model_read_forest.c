/* model_read_forest.c - trees as arrays, level by level, held to the limits of a bundle.
 *
 * Nodes stand in the order of their level, brothers side by side, so the children of the k-th split
 * are the nodes 2k + 1 and 2k + 2: a tree needs no links, and no link can lead astray. */
#include "score/model_member.h"

/* The trees as they are read, before the forest is laid out. */
enum { RAW_ARENA_MAX = 64 * 1024 * 1024 };

static const struct bounds AT = {-1e15, 1e15};
static const struct bounds LEAF = {-50.0, 50.0};
static const struct bounds COVER = {1e-12, 1e12};

struct forest_reader {
    struct model_reader *r;
    struct model_trees *trees;
    struct arena scratch;
    uint32_t node_count;
};

static enum status read_forest_inputs(struct forest_reader *f, const struct json *forest)
{
    const struct model *m = f->r->model;
    const struct json *array = NULL;
    TRY(member_get(&array, f->r, forest, "inputs", JSON_ARRAY));
    TRY(node_has_count(f->r, array, 1, MODEL_INPUTS_MAX));
    for (const struct json *node = array->first; node != NULL; node = node->next) {
        TRY(node_is(f->r, node, JSON_STRING));
        uint32_t input = model_input_find(m, node->text);
        if (input == m->input_count) {
            return model_refuse(f->r, node, "is not one of the inputs");
        }
        for (uint32_t i = 0; i < f->trees->input_count; i++) {
            if (f->trees->inputs[i] == input) {
                return model_refuse(f->r, node, "is an input of the forest already");
            }
        }
        f->trees->inputs[f->trees->input_count++] = input;
    }
    return STATUS_OK;
}

/* The four arrays of a tree, walked together. */
struct row {
    const struct json *input, *at, *missing_left, *cover;
};

static enum status row_begin(struct row *out, struct forest_reader *f, const struct json *tree,
                             uint32_t *count)
{
    static const char *const names[] = {"input", "at", "missing_left", "cover"};
    const struct json *arrays[ARRAY_LEN(names)];
    TRY(node_is(f->r, tree, JSON_OBJECT));
    TRY(object_has_only(f->r, tree, (struct member_names){names, ARRAY_LEN(names)}));
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        TRY(member_get(&arrays[i], f->r, tree, names[i], JSON_ARRAY));
        TRY(node_has_count(f->r, arrays[i], 1, MODEL_TREE_NODES_MAX));
        if (arrays[i]->count != arrays[0]->count) {
            return model_refuse(f->r, arrays[i], "must be as long as \"input\"");
        }
    }
    if (arrays[0]->count % 2 == 0) {
        return model_refuse(f->r, arrays[0], "must have one leaf more than splits");
    }
    *count = arrays[0]->count;
    *out = (struct row){arrays[0]->first, arrays[1]->first, arrays[2]->first, arrays[3]->first};
    return STATUS_OK;
}

/* Splits by a feature keep out of where worse data would look better. */
static enum status check_threshold(struct forest_reader *f, uint32_t input, double threshold,
                                   const struct json *node)
{
    enum feature feature = f->r->model->inputs[f->trees->inputs[input]].feature;
    if (feature != FEATURE_NONE && threshold < feature_info(feature)->edge_min) {
        return model_refuse(f->r, node, "is below %g, the lowest edge %s may have",
                            feature_info(feature)->edge_min, feature_info(feature)->wire);
    }
    return STATUS_OK;
}

static enum status read_tree_node(struct forest_raw_node *out, struct forest_reader *f,
                                  struct row *row, uint32_t split)
{
    int64_t input = 0;
    int64_t missing_left = 0;
    TRY(node_integer(&input, f->r, row->input, -1, (int64_t)f->trees->input_count - 1));
    TRY(node_integer(&missing_left, f->r, row->missing_left, 0, 1));
    TRY(node_number(&out->cover, f->r, row->cover, COVER));
    out->is_leaf = input < 0;
    if (out->is_leaf) {
        TRY(node_number(&out->value, f->r, row->at, LEAF));
    } else {
        double at = 0;
        TRY(node_number(&at, f->r, row->at, AT));
        out->input = (uint32_t)input;
        out->threshold = (double)(float)at;
        out->missing_left = missing_left != 0;
        out->left = 2 * split + 1;
        out->right = 2 * split + 2;
        TRY(check_threshold(f, out->input, out->threshold, row->at));
    }
    *row = (struct row){row->input->next, row->at->next, row->missing_left->next, row->cover->next};
    return STATUS_OK;
}

static enum status read_tree(struct forest_raw_tree *out, struct forest_reader *f,
                             const struct json *tree)
{
    struct row row;
    uint32_t count = 0;
    uint8_t depths[MODEL_TREE_NODES_MAX] = {0};
    TRY(row_begin(&row, f, tree, &count));
    f->node_count += count;
    if (f->node_count > MODEL_NODES_MAX) {
        return model_refuse(f->r, tree, "has nodes beyond the %d of a forest", MODEL_NODES_MAX);
    }
    struct forest_raw_node *nodes = arena_array(&f->scratch, struct forest_raw_node, count);
    if (nodes == NULL) {
        return model_too_large(f->r);
    }
    uint32_t split = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct json *at = row.input;
        TRY(read_tree_node(&nodes[i], f, &row, split));
        if (nodes[i].is_leaf) {
            continue;
        }
        split++;
        if (nodes[i].right >= count) {
            return model_refuse(f->r, at, "is one split too many for %u nodes", count);
        }
        if (depths[i] == MODEL_TREE_DEPTH_MAX) {
            return model_refuse(f->r, at, "is a split below %d others", MODEL_TREE_DEPTH_MAX);
        }
        depths[nodes[i].left] = depths[nodes[i].right] = (uint8_t)(depths[i] + 1);
    }
    *out = (struct forest_raw_tree){nodes, count};
    return STATUS_OK;
}

/* True of every forest whose PD may decide: it is asked of the catalogue's features alone. */
static enum status check_directions(struct forest_reader *f)
{
    int8_t directions[MODEL_INPUTS_MAX] = {0};
    for (uint32_t i = 0; i < f->trees->input_count; i++) {
        enum feature feature = f->r->model->inputs[f->trees->inputs[i]].feature;
        directions[i] = (int8_t)(feature == FEATURE_NONE ? 0 : feature_info(feature)->direction);
    }
    return forest_follows(&f->trees->follows_directions, &f->trees->forest, directions, &f->scratch,
                          f->r->err);
}

static enum status make_forest(struct forest_reader *f, const struct forest_raw *raw,
                               const struct json *trees)
{
    struct error why = {0};
    enum status status = forest_make(&f->trees->forest, raw, &f->r->model->arena, &why);
    if (status != STATUS_OK) {
        return status == STATUS_INVALID ? model_refuse(f->r, trees, "%s", why.message)
                                        : model_too_large(f->r);
    }
    TRY(explainer_make(&f->trees->explainer, &f->trees->forest, &f->r->model->arena, f->r->err));
    return check_directions(f);
}

static enum status read_trees(struct forest_reader *f, const struct json *forest)
{
    uint8_t rules[MODEL_INPUTS_MAX];
    struct forest_raw raw = {.input_count = f->trees->input_count, .input_rules = rules};
    const struct json *array = NULL;
    TRY(member_number(&raw.base, f->r, forest, "base", LEAF));
    TRY(member_get(&array, f->r, forest, "trees", JSON_ARRAY));
    TRY(node_has_count(f->r, array, 1, MODEL_TREES_MAX));
    struct forest_raw_tree *trees = arena_array(&f->scratch, struct forest_raw_tree, array->count);
    if (trees == NULL) {
        return model_too_large(f->r);
    }
    for (const struct json *tree = array->first; tree != NULL; tree = tree->next) {
        TRY(read_tree(&trees[raw.tree_count++], f, tree));
    }
    for (uint32_t i = 0; i < raw.input_count; i++) {
        rules[i] = FOREST_AS_FLOAT;
    }
    raw.trees = trees;
    return make_forest(f, &raw, array);
}

enum status model_read_forest(struct model_reader *r, const struct json *object,
                              struct model_block *block)
{
    static const char *const names[] = {"inputs", "base", "trees"};
    const struct json *forest = NULL;
    TRY(member_find(&forest, r, object, "forest", JSON_OBJECT));
    if (forest == NULL) {
        return STATUS_OK;
    }
    struct forest_reader f = {.r = r, .trees = arena_new(&r->model->arena, struct model_trees)};
    if (f.trees == NULL) {
        return model_too_large(r);
    }
    TRY(object_has_only(r, forest, (struct member_names){names, ARRAY_LEN(names)}));
    TRY(read_forest_inputs(&f, forest));
    arena_init(&f.scratch, RAW_ARENA_MAX);
    enum status status = read_trees(&f, forest);
    arena_finish(&f.scratch);
    block->trees = f.trees;
    return status;
}
