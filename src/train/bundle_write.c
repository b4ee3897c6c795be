/* bundle_write.c - member by member, in the order of score/model.h. */
#include "train/bundle_write.h"

#include "format/decimal.h"
#include "train/vector_write.h"

#include <math.h>

enum { VECTOR_COUNT = 48 };

static void numbers_write(struct json_writer *w, const double *values, uint32_t count)
{
    json_array_begin(w);
    for (uint32_t i = 0; i < count; i++) {
        number_write(w, values[i], BUNDLE_DIGITS);
    }
    json_array_end(w);
}

static void member_number_write(struct json_writer *w, struct str name, double value)
{
    json_name(w, name);
    number_write(w, value, BUNDLE_DIGITS);
}

static void identity_write(struct json_writer *w, const struct bundle *b)
{
    json_text_member(w, STR("format"), STR("aval-model"));
    json_name(w, STR("format_version"));
    json_int(w, MODEL_FORMAT);
    json_text_member(w, STR("id"), b->id);
    json_text_member(w, STR("version"), b->version);
    json_text_member(w, STR("default_definition"), b->definition);
    json_name(w, STR("horizon_months"));
    json_int(w, 12);
    json_text_member(w, STR("philosophy"), STR("point_in_time"));
    json_name(w, STR("card"));
    card_write(w, b->card);
}

static void inputs_write(struct json_writer *w, const struct bundle *b)
{
    json_name(w, STR("mapping"));
    json_array_begin(w);
    for (uint32_t i = 0; i < b->card->sample->set_count; i++) {
        mapping_write(w, &b->mappings[i]);
    }
    json_array_end(w);
    json_name(w, STR("inputs"));
    json_array_begin(w);
    for (uint32_t i = 0; i < b->model->input_count; i++) {
        json_string(w, b->model->inputs[i].name);
    }
    json_array_end(w);
}

static void reference_write(struct json_writer *w, const struct model *m,
                            const struct model_reference *reference)
{
    json_object_begin(w);
    json_text_member(w, STR("name"), reference->name);
    json_name(w, STR("countries"));
    json_array_begin(w);
    json_string(w, reference->countries[0]);
    json_array_end(w);
    json_name(w, STR("quantiles"));
    json_object_begin(w);
    for (uint32_t i = 0; i < m->input_count; i++) {
        if (reference->quantiles[i] != NULL) {
            json_name(w, m->inputs[i].name);
            numbers_write(w, reference->quantiles[i], MODEL_QUANTILES);
        }
    }
    json_object_end(w);
    json_object_end(w);
}

static void references_write(struct json_writer *w, const struct model *m)
{
    if (m->reference_count == 0) {
        return;
    }
    json_name(w, STR("reference"));
    json_array_begin(w);
    for (uint32_t i = 0; i < m->reference_count; i++) {
        reference_write(w, m, &m->references[i]);
    }
    json_array_end(w);
}

static void counts_write(struct json_writer *w, const uint32_t *counts, uint32_t count,
                         uint32_t missing)
{
    json_array_begin(w);
    for (uint32_t i = 0; i < count; i++) {
        json_int(w, counts[i]);
    }
    json_int(w, missing);
    json_array_end(w);
}

static void characteristic_write(struct json_writer *w, const struct model *m,
                                 const struct characteristic *c, const struct bins *bins)
{
    json_object_begin(w);
    json_text_member(w, STR("input"), m->inputs[c->input].name);
    member_number_write(w, STR("coefficient"), c->coefficient);
    json_name(w, STR("edges"));
    numbers_write(w, c->edges, c->edge_count);
    json_name(w, STR("woe"));
    numbers_write(w, c->woe, c->edge_count + 1);
    member_number_write(w, STR("missing_woe"), c->missing_woe);
    json_name(w, STR("goods"));
    counts_write(w, bins->goods, c->edge_count + 1, bins->missing_goods);
    json_name(w, STR("bads"));
    counts_write(w, bins->bads, c->edge_count + 1, bins->missing_bads);
    json_object_end(w);
}

static void scorecard_write(struct json_writer *w, const struct bundle *b)
{
    const struct model_block *block = &b->model->blocks[BLOCK_FINANCIAL];
    json_name(w, STR("scorecard"));
    json_object_begin(w);
    member_number_write(w, STR("intercept"), block->intercept);
    json_name(w, STR("characteristics"));
    json_array_begin(w);
    for (uint32_t i = 0; i < block->characteristic_count; i++) {
        characteristic_write(w, b->model, &block->characteristics[i], &b->fit->items[i].bins);
    }
    json_array_end(w);
    json_object_end(w);
}

/* ---- forest ---- */

/* The nodes of a tree stand in the forest as they stand in a bundle: level by level. */
struct tree_nodes {
    const struct forest *forest;
    uint32_t begin, end;
};

static struct tree_nodes tree_nodes_of(const struct forest *forest, uint32_t tree)
{
    bool is_last = tree + 1 == forest->tree_count;
    return (struct tree_nodes){forest, forest->roots[tree],
                               is_last ? forest->node_count : forest->roots[tree + 1]};
}

static double at_of(const struct forest *forest, const struct forest_node *node)
{
    if (node->input == FOREST_LEAF) {
        return forest->values[node->next];
    }
    unsigned rank = node->rank & ~(unsigned)FOREST_MISSING_LEFT;
    return forest->thresholds[forest->first_threshold[node->input] + rank - 1];
}

static void forest_tree_write(struct json_writer *w, struct tree_nodes t)
{
    const struct forest_node *nodes = t.forest->nodes;
    json_object_begin(w);
    json_name(w, STR("input"));
    json_array_begin(w);
    for (uint32_t i = t.begin; i < t.end; i++) {
        json_int(w, nodes[i].input == FOREST_LEAF ? -1 : nodes[i].input);
    }
    json_array_end(w);
    json_name(w, STR("at"));
    json_array_begin(w);
    for (uint32_t i = t.begin; i < t.end; i++) {
        number_write(w, at_of(t.forest, &nodes[i]), BUNDLE_FLOAT_DIGITS);
    }
    json_array_end(w);
    json_name(w, STR("missing_left"));
    json_array_begin(w);
    for (uint32_t i = t.begin; i < t.end; i++) {
        json_int(w, nodes[i].input != FOREST_LEAF && (nodes[i].rank & FOREST_MISSING_LEFT) != 0);
    }
    json_array_end(w);
    json_name(w, STR("cover"));
    numbers_write(w, &t.forest->covers[t.begin], t.end - t.begin);
    json_object_end(w);
}

static void forest_write(struct json_writer *w, const struct model *m)
{
    const struct model_trees *trees = m->blocks[BLOCK_FINANCIAL].trees;
    json_name(w, STR("forest"));
    json_object_begin(w);
    json_name(w, STR("inputs"));
    json_array_begin(w);
    for (uint32_t i = 0; i < trees->input_count; i++) {
        json_string(w, m->inputs[trees->inputs[i]].name);
    }
    json_array_end(w);
    member_number_write(w, STR("base"), trees->forest.base);
    json_name(w, STR("trees"));
    json_array_begin(w);
    for (uint32_t t = 0; t < trees->forest.tree_count; t++) {
        forest_tree_write(w, tree_nodes_of(&trees->forest, t));
    }
    json_array_end(w);
    json_object_end(w);
}

static void blocks_write(struct json_writer *w, const struct bundle *b)
{
    json_name(w, STR("blocks"));
    json_object_begin(w);
    json_name(w, str_from(block_wire(BLOCK_FINANCIAL)));
    json_object_begin(w);
    json_text_member(w, STR("kind"), STR("trained"));
    if (b->fit != NULL) {
        scorecard_write(w, b);
    }
    if (b->model->blocks[BLOCK_FINANCIAL].trees != NULL) {
        forest_write(w, b->model);
    }
    json_object_end(w);
    json_object_end(w);
}

/* The covariance of two numbers that are taken for certain. */
static void no_covariance_write(struct json_writer *w)
{
    json_name(w, STR("covariance"));
    json_array_begin(w);
    for (int i = 0; i < 2; i++) {
        json_array_begin(w);
        json_int(w, 0);
        json_int(w, 0);
        json_array_end(w);
    }
    json_array_end(w);
}

/* Of one block there is nothing to put together. */
static void stack_write(struct json_writer *w)
{
    json_name(w, STR("stack"));
    json_object_begin(w);
    member_number_write(w, STR("intercept"), 0);
    json_name(w, STR("blocks"));
    json_object_begin(w);
    json_name(w, str_from(block_wire(BLOCK_FINANCIAL)));
    json_object_begin(w);
    member_number_write(w, STR("weight"), 1);
    member_number_write(w, STR("mean"), 0);
    json_object_end(w);
    json_object_end(w);
    no_covariance_write(w);
    json_object_end(w);
}

static void calibration_write(struct json_writer *w, const struct bundle *b)
{
    json_name(w, STR("calibration"));
    json_object_begin(w);
    member_number_write(w, STR("slope"), b->model->slope);
    member_number_write(w, STR("intercept"), b->model->calibration_intercept);
    member_number_write(w, STR("train_rate"), b->model->train_rate);
    no_covariance_write(w);
    json_object_end(w);
}

static void graph_write(struct json_writer *w, const struct model *m)
{
    json_name(w, STR("graph"));
    json_object_begin(w);
    member_number_write(w, STR("uplift_ratio"), m->uplift_cap.ratio);
    member_number_write(w, STR("uplift_points"), m->uplift_cap.points);
    json_object_end(w);
}

static void interval_write(struct json_writer *w, const struct model *m)
{
    json_name(w, STR("interval"));
    json_object_begin(w);
    member_number_write(w, STR("level"), m->interval_level);
    member_number_write(w, STR("z"), m->interval_z);
    member_number_write(w, STR("model_variance"), m->model_variance);
    member_number_write(w, STR("age_variance_per_month"), m->age_variance_per_month);
    json_name(w, STR("missing_block_variance"));
    json_object_begin(w);
    for (size_t i = BLOCK_FIRMOGRAPHIC; i < BLOCK_COUNT; i++) {
        member_number_write(w, str_from(block_wire((enum block)i)), m->missing_block_variance[i]);
    }
    json_object_end(w);
    member_number_write(w, STR("thin_variance"), m->thin_variance);
    json_object_end(w);
}

static void tree_write(struct json_writer *w, const struct json *node)
{
    CLEANUP(buf_finish) struct buf text;
    buf_init(&text, MODEL_LEN_MAX);
    json_write_canonical(&text, node);
    json_raw(w, buf_str(&text));
}

static void training_rate_write(struct json_writer *w, const struct bundle *b)
{
    json_array_begin(w);
    json_object_begin(w);
    json_text_member(w, STR("country"), STR("*"));
    json_text_member(w, STR("section"), STR("*"));
    member_number_write(w, STR("rate"), b->model->train_rate);
    json_text_member(w, STR("source"),
                     STR("share of bads in the training data; replace it by a long-run rate"));
    json_text_member(w, STR("date"), b->date);
    json_object_end(w);
    json_array_end(w);
}

/* A young company fails more often: order of magnitude, where no accounts say more. */
static void age_multipliers_write(struct json_writer *w)
{
    static const struct {
        double below_years, multiplier;
    } rows[] = {
        {2,  1.6},
        {5,  1.3},
        {10, 1.1}
    };
    json_object_begin(w);
    json_name(w, STR("age_multipliers"));
    json_array_begin(w);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        json_object_begin(w);
        member_number_write(w, STR("below_years"), rows[i].below_years);
        member_number_write(w, STR("multiplier"), rows[i].multiplier);
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
}

static void rates_write(struct json_writer *w, const struct bundle *b)
{
    json_name(w, STR("central_tendency"));
    if (b->rates == NULL) {
        training_rate_write(w, b);
    } else {
        tree_write(w, json_find(b->rates, STR("central_tendency")));
    }
    const struct json *thin = b->rates == NULL ? NULL : json_find(b->rates, STR("thin"));
    json_name(w, STR("thin"));
    if (thin == NULL) {
        age_multipliers_write(w);
    } else {
        tree_write(w, thin);
    }
}

/* Vector `index`: a training row, in its own or another country and sector; of every four one lacks
 * an input, and the last has none. */
static void vector_choose(struct vector *v, const struct bundle *b, uint32_t index)
{
    static const char *const countries[] = {NULL, "FR", "*", NULL, "DE"};
    static const char sections[] = {'*', 'C', 'F', 'G', 'I', 'J', 'H'};
    const struct sample *s = b->card->sample;
    uint32_t row = (uint32_t)((uint64_t)s->row_count * index / VECTOR_COUNT);
    const struct mapping *mapping = &s->sets[s->set[row]].mapping;
    const char *other = countries[index % ARRAY_LEN(countries)];
    struct str country = other == NULL ? mapping->country : str_from(other);
    v->country[0] = country.ptr[0];
    v->country[1] = country.len == 2 ? country.ptr[1] : '\0';
    v->country[2] = '\0';
    v->section = sections[index % ARRAY_LEN(sections)];
    for (uint32_t i = 0; i < b->model->input_count; i++) {
        double value = s->values[b->columns[i]][row];
        bool is_left_out = index + 1 == VECTOR_COUNT ||
                           (index % 4 == 3 && i == (index / 4) % b->model->input_count);
        bool is_known = !isnan(value) && !is_left_out;
        v->inputs[i] =
            (struct known){is_known ? double_round_digits(value, BUNDLE_DIGITS) : 0, is_known};
    }
}

static void vectors_write(struct json_writer *w, const struct bundle *b)
{
    json_name(w, STR("vectors"));
    json_array_begin(w);
    for (uint32_t i = 0; i < VECTOR_COUNT; i++) {
        struct vector v;
        vector_choose(&v, b, i);
        vector_write(w, b->model, &v);
    }
    json_array_end(w);
}

enum status bundle_write(struct buf *out, const struct bundle *b, struct error *err)
{
    struct json_writer w;
    json_writer_init(&w, out);
    json_object_begin(&w);
    identity_write(&w, b);
    inputs_write(&w, b);
    references_write(&w, b->model);
    blocks_write(&w, b);
    stack_write(&w);
    calibration_write(&w, b);
    graph_write(&w, b->model);
    interval_write(&w, b->model);
    rates_write(&w, b);
    vectors_write(&w, b);
    json_object_end(&w);
    buf_append_byte(out, '\n');
    if (buf_failed(out)) {
        return error_set(err, STATUS_TOO_LARGE, "", "the bundle is larger than %d bytes",
                         MODEL_LEN_MAX);
    }
    return STATUS_OK;
}
