/* boost_train.c - load, choose, grow, turn into our own forest, calibrate, test, write, read back.
 */
#include "train/train.h"

#include "base/elementary.h"
#include "forest/file.h"
#include "format/decimal.h"
#include "train/boost_fit.h"
#include "train/run.h"

#include <stdlib.h>

static const size_t TRAIN_ARENA_MAX = (size_t)8 << 30;

enum { TREES_JSON_MAX = 256 * 1024 * 1024 };

/* A run, and what only a forest has. */
struct boost_run {
    struct run run;
    struct boost_rules rules;
    struct boost_fit fit;
    struct cross_validation validation;
    struct model_trees trees;
    uint32_t
        columns[MODEL_INPUTS_MAX]; /* of each input that the trees use: its place in the sample */
    uint32_t place[FOREST_INPUTS_MAX]; /* the other way round; not_used */
};

static const uint32_t not_used = UINT32_MAX;

static enum status out_of_memory(struct error *err)
{
    return error_set(err, STATUS_TOO_LARGE, "", "the trees do not fit into memory");
}

/* ---- from the library's trees to ours ---- */

/* The trees of all bags, one forest behind the other, as the library saved them. */
struct bags {
    struct forest_file files[BOOST_BAGS_MAX];
    uint32_t count, tree_count;
};

static enum status bags_read(struct bags *out, const struct boost_run *b, const struct buf *json,
                             struct error *err)
{
    *out = (struct bags){.count = b->rules.bag_count};
    for (uint32_t bag = 0; bag < out->count; bag++) {
        TRY(forest_read_xgboost(&out->files[bag], buf_str(&json[bag]), b->run.arena, err));
        out->tree_count += out->files[bag].raw.tree_count;
    }
    return STATUS_OK;
}

static void inputs_mark(bool *is_used, const struct forest_raw *raw)
{
    for (uint32_t t = 0; t < raw->tree_count; t++) {
        for (uint32_t i = 0; i < raw->trees[t].count; i++) {
            const struct forest_raw_node *node = &raw->trees[t].nodes[i];
            if (!node->is_leaf) {
                is_used[node->input] = true;
            }
        }
    }
}

/* Inputs that no split asks about are no inputs of the model. */
static enum status inputs_choose(struct boost_run *b, const struct bags *bags, struct error *err)
{
    const struct sample *s = &b->run.sample;
    struct model *m = &b->run.model;
    bool is_used[FOREST_INPUTS_MAX] = {false};
    for (uint32_t bag = 0; bag < bags->count; bag++) {
        inputs_mark(is_used, &bags->files[bag].raw);
    }
    m->inputs = arena_array(b->run.arena, struct model_input, s->input_count);
    if (m->inputs == NULL) {
        return out_of_memory(err);
    }
    for (uint32_t i = 0; i < s->input_count; i++) {
        b->place[i] = is_used[i] ? m->input_count : not_used;
        if (is_used[i]) {
            b->columns[m->input_count] = i;
            b->trees.inputs[m->input_count] = m->input_count;
            m->inputs[m->input_count++] =
                (struct model_input){.name = s->inputs[i].name, .feature = s->inputs[i].feature};
        }
    }
    b->trees.input_count = m->input_count;
    if (m->input_count == 0) {
        return error_set(err, STATUS_INVALID, "", "no input tells good from bad: no tree grew");
    }
    return STATUS_OK;
}

/* A threshold below all values, which only tells what is missing, goes up to the lowest one that a
 * bundle may have: nothing the trees are shown lies between.  A leaf counts its bag's share. */
static struct forest_raw_node node_of(const struct boost_run *b, const struct forest_raw_node *from)
{
    struct forest_raw_node node = *from;
    node.cover = double_round_digits(node.cover, BUNDLE_FLOAT_DIGITS);
    if (node.is_leaf) {
        node.value = double_round_digits(node.value / b->rules.bag_count, BUNDLE_FLOAT_DIGITS);
        return node;
    }
    double edge_min = b->run.sample.inputs[from->input].edge_min;
    node.input = b->place[from->input];
    node.threshold = node.threshold < edge_min ? edge_min : node.threshold;
    return node;
}

static enum status trees_copy(struct forest_raw_tree *out, const struct boost_run *b,
                              const struct forest_raw *raw, struct error *err)
{
    for (uint32_t t = 0; t < raw->tree_count; t++) {
        uint32_t count = raw->trees[t].count;
        struct forest_raw_node *nodes = arena_array(b->run.arena, struct forest_raw_node, count);
        if (nodes == NULL) {
            return out_of_memory(err);
        }
        for (uint32_t i = 0; i < count; i++) {
            nodes[i] = node_of(b, &raw->trees[t].nodes[i]);
        }
        out[t] = (struct forest_raw_tree){nodes, count};
    }
    return STATUS_OK;
}

static enum status forest_of(struct boost_run *b, const struct buf *json, struct error *err)
{
    struct arena *arena = b->run.arena;
    struct bags bags;
    TRY(bags_read(&bags, b, json, err));
    TRY(inputs_choose(b, &bags, err));
    struct forest_raw_tree *trees = arena_array(arena, struct forest_raw_tree, bags.tree_count);
    if (trees == NULL) {
        return out_of_memory(err);
    }
    uint32_t tree_count = 0;
    for (uint32_t bag = 0; bag < bags.count; bag++) {
        TRY(trees_copy(trees + tree_count, b, &bags.files[bag].raw, err));
        tree_count += bags.files[bag].raw.tree_count;
    }
    uint8_t rules[MODEL_INPUTS_MAX];
    for (uint32_t i = 0; i < b->trees.input_count; i++) {
        rules[i] = FOREST_AS_FLOAT;
    }
    /* All bags start from the same share of bads. */
    const struct forest_raw raw = {
        .input_count = b->trees.input_count,
        .input_rules = rules,
        .trees = trees,
        .tree_count = tree_count,
        .base = double_round_digits(logit(bags.files[0].base_probability), BUNDLE_DIGITS),
    };
    TRY(forest_make(&b->trees.forest, &raw, arena, err));
    return explainer_make(&b->trees.explainer, &b->trees.forest, arena, err);
}

static enum status model_make(struct boost_run *b, const struct buf *json, struct error *err)
{
    struct model *m = &b->run.model;
    TRY(forest_of(b, json, err));
    struct model_block *block = bundle_model_block(m);
    block->trees = &b->trees;
    block->forest_weight = 1.0;
    double variance = variance_usual(b->fit.variance, b->run.sample.row_count);
    bundle_model_calibrate(m, &b->validation.calibration, variance);
    return bundle_model_rates(m, b->run.rates, b->run.arena, err);
}

/* ---- the run ---- */

static enum status rules_make(struct boost_run *b, struct error *err)
{
    const struct train_options *o = b->run.options;
    if (b->run.sample.input_count > MODEL_INPUTS_MAX) {
        return error_set(err, STATUS_INVALID, "",
                         "the data have %u inputs, a model has at most %d: see --exclude",
                         b->run.sample.input_count, MODEL_INPUTS_MAX);
    }
    uint32_t usual = o->is_free ? BOOST_CHALLENGER_DEPTH : BOOST_CHAMPION_DEPTH;
    b->rules =
        (struct boost_rules){.is_free = o->is_free,
                             .depth_max = o->depth_max == 0 ? usual : o->depth_max,
                             .fold_count = o->fold_count == 0 ? FOLDS_DEFAULT : o->fold_count,
                             .bag_count = o->bag_count == 0 ? 1 : o->bag_count,
                             .seed = o->seed};
    return STATUS_OK;
}

static enum status run_blend(struct train_summary *summary, struct boost_run *b, struct error *err)
{
    const char *card = b->run.options->blend;
    if (card == NULL) {
        return STATUS_OK;
    }
    summary->has_blend = true;
    return blend_choose(&summary->blend, &b->run.sample, b->fit.log_odds, b->fit.weight, card,
                        b->run.arena, err);
}

static enum status run_write(struct buf *out, struct train_summary *summary, struct boost_run *b,
                             struct error *err)
{
    const struct train_options *o = b->run.options;
    const struct card card = {.about = b->run.about,
                              .seed = o->seed,
                              .core_only = o->core_only,
                              .excluded = o->excluded,
                              .excluded_count = o->excluded_count,
                              .sample = &b->run.sample,
                              .boost = &b->fit,
                              .validation = &b->validation,
                              .tests = b->run.tests};
    const struct bundle bundle = {.id = o->id,
                                  .version = o->version,
                                  .definition = o->definition,
                                  .date = o->date,
                                  .model = &b->run.model,
                                  .columns = b->columns,
                                  .card = &card,
                                  .mappings = b->run.mappings,
                                  .rates = b->run.rates};
    const struct boost_trial *chosen = &b->fit.trials[b->fit.chosen];
    *summary = (struct train_summary){.tree_count = chosen->tree_count * chosen->bag_count,
                                      .cross_validated_auc = chosen->auc,
                                      .cross_validated_auc_se = chosen->auc_se};
    TRY(run_pair(summary, &b->run, b->fit.log_odds, err));
    TRY(run_blend(summary, b, err));
    return run_ship(out, summary, &b->run, &bundle, err);
}

static enum status run_all(struct buf *out, struct buf *json, struct train_summary *summary,
                           struct boost_run *b, struct error *err)
{
    TRY(run_load(&b->run, err));
    TRY(rules_make(b, err));
    TRY(boost_fit_compute(&b->fit, json, &b->run.sample, &b->rules, b->run.arena, err));
    b->validation.log_odds = b->fit.log_odds;
    b->validation.weight = b->fit.weight;
    TRY(cross_validation_judge(&b->validation, &b->run.sample, b->run.arena, err));
    TRY(model_make(b, json, err));
    TRY(run_judge(&b->run, err));
    return run_write(out, summary, b, err);
}

static void library_json_join(struct buf *out, const struct buf *json, uint32_t count)
{
    for (uint32_t bag = 0; bag < count; bag++) {
        if (bag > 0) {
            buf_append_byte(out, '\n');
        }
        buf_append(out, buf_str(&json[bag]));
    }
}

enum status train_boost(struct buf *out, struct buf *library_json, struct train_summary *summary,
                        const struct train_options *options, struct error *err)
{
    CHECK(options->set_count > 0 && options->set_count <= SAMPLE_SETS_MAX);
    CHECK(options->bag_count <= BOOST_BAGS_MAX);
    struct arena arena;
    arena_init(&arena, TRAIN_ARENA_MAX);
    struct boost_run *b = arena_new(&arena, struct boost_run);
    struct buf json[BOOST_BAGS_MAX];
    for (uint32_t bag = 0; bag < BOOST_BAGS_MAX; bag++) {
        buf_init(&json[bag], TREES_JSON_MAX);
    }
    enum status status = STATUS_TOO_LARGE;
    if (b != NULL) {
        *b = (struct boost_run){
            .run = {.options = options, .arena = &arena}
        };
        status = run_all(out, json, summary, b, err);
    }
    if (status == STATUS_OK && library_json != NULL) {
        library_json_join(library_json, json, b->rules.bag_count);
    }
    for (uint32_t bag = 0; bag < BOOST_BAGS_MAX; bag++) {
        buf_finish(&json[bag]);
    }
    arena_finish(&arena);
    return status;
}
