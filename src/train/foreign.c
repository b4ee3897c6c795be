/* foreign.c - read, lay out level by level, frame, and prove by vectors between the thresholds. */
#include "train/foreign.h"

#include "base/elementary.h"
#include "crypto/digest.h"
#include "forest/file.h"
#include "format/decimal.h"
#include "train/card_write.h"
#include "train/vector_write.h"

#include <math.h>
#include <stdio.h>

enum {
    FOREIGN_ARENA_MAX = 512 * 1024 * 1024,
    FOREIGN_VECTORS = 24,
    FOREIGN_DIGITS = 15, /* what a bundle may have */
};

struct conversion {
    struct arena *arena;
    struct error *err;
    const struct json *frame;
    struct forest_file file;
    const char *library;
    uint32_t places[FOREST_INPUTS_MAX]; /* of the file's inputs among ours; UNUSED */
    uint32_t used;
    struct str names[FOREST_INPUTS_MAX]; /* ours, in their order */
    struct str columns[FOREST_INPUTS_MAX];
};

static const uint32_t UNUSED = UINT32_MAX;

/* What a frame may leave out.  `otherwise` NULL: it may not. */
static const struct {
    const char *name, *otherwise;
} members[] = {
    {"version",            "\"1\""                                   },
    {"default_definition", NULL                                      },
    {"horizon_months",     "12"                                      },
    {"philosophy",         "\"point_in_time\""                       },
    {"graph",              "{\"uplift_ratio\":1,\"uplift_points\":0}"},
    {"interval",
     "{\"level\":0.9,\"z\":1.645,\"model_variance\":0.25,\"age_variance_per_month\":0.005,"
     "\"missing_block_variance\":{\"firmographic\":0.01,\"bank\":0.02,\"payment\":0.03,"
     "\"legal\":0.01,\"graph\":0.01},\"thin_variance\":1}"           },
    {"central_tendency",   NULL                                      },
    {"thin",               "{\"age_multipliers\":[]}"                },
};

static enum status fail_at(struct conversion *c, const struct json *node, const char *what)
{
    struct buf pointer;
    char text[JSON_POINTER_LEN_MAX];
    buf_init(&pointer, sizeof text);
    json_pointer(&pointer, node);
    (void)snprintf(text, sizeof text, "%.*s", STR_ARGS(buf_str(&pointer)));
    buf_finish(&pointer);
    return error_set(c->err, STATUS_INVALID, text, "%s", what);
}

/* ---- the frame ---- */

static bool member_is_known(struct str name)
{
    static const char *const others[] = {"columns", "train_rate", "id", "card", "mapping"};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        if (str_eq(name, str_from(others[i]))) {
            return true;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        if (str_eq(name, str_from(members[i].name))) {
            return true;
        }
    }
    return false;
}

static enum status frame_read(struct conversion *c, struct str text)
{
    struct json_error at;
    c->frame = json_read(text, c->arena, &at);
    if (c->frame == NULL) {
        return error_set(c->err, STATUS_INVALID, at.pointer, "the mapping: line %u, column %u: %s",
                         at.line, at.column, at.message);
    }
    if (c->frame->type != JSON_OBJECT) {
        return fail_at(c, c->frame, "the mapping of a foreign model is an object");
    }
    for (const struct json *m = c->frame->first; m != NULL; m = m->next) {
        if (!member_is_known(m->name)) {
            return fail_at(c, m, "the mapping of a foreign model has no such member");
        }
    }
    const struct json *columns = json_find(c->frame, STR("columns"));
    const struct json *rate = json_find(c->frame, STR("train_rate"));
    if (columns == NULL || columns->type != JSON_OBJECT) {
        return fail_at(c, columns == NULL ? c->frame : columns,
                       "\"columns\" is an object: the file's inputs, and what they are here");
    }
    if (rate == NULL || rate->type != JSON_NUMBER) {
        return fail_at(c, rate == NULL ? c->frame : rate,
                       "\"train_rate\" is the share of bads that it was trained on");
    }
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        if (members[i].otherwise == NULL &&
            json_find(c->frame, str_from(members[i].name)) == NULL) {
            return error_set(c->err, STATUS_INVALID, "", "\"%s\" is missing in the mapping",
                             members[i].name);
        }
    }
    return STATUS_OK;
}

/* ---- the trees ---- */

static enum status trees_read(struct conversion *c, struct str text)
{
    struct str start = str_slice(text, 0, text.len < 5 ? text.len : 5);
    size_t blanks = 0;
    while (blanks < text.len && strchr(" \t\r\n", text.ptr[blanks]) != NULL) {
        blanks++;
    }
    if (blanks < text.len && text.ptr[blanks] == '{') {
        c->library = "XGBoost";
        return forest_read_xgboost(&c->file, text, c->arena, c->err);
    }
    if (str_starts_with(start, STR("tree\n")) || str_starts_with(start, STR("tree\r"))) {
        c->library = "LightGBM";
        return forest_read_lightgbm(&c->file, text, c->arena, c->err);
    }
    return error_set(c->err, STATUS_INVALID, "",
                     "neither a model of XGBoost (JSON) nor one of LightGBM (text)");
}

/* The name the file has for an input; "f0", "f1" where it names none. */
static struct str column_of(const struct conversion *c, uint32_t input)
{
    return c->file.names != NULL ? c->file.names[input] : arena_printf(c->arena, "f%u", input);
}

static enum status input_use(struct conversion *c, uint32_t input)
{
    const struct json *columns = json_find(c->frame, STR("columns"));
    struct str column = column_of(c, input);
    const struct json *name = column.ptr == NULL ? NULL : json_find(columns, column);
    if (c->places[input] != UNUSED) {
        return STATUS_OK;
    }
    if (name == NULL || name->type != JSON_STRING) {
        return error_set(c->err, STATUS_INVALID, "/columns",
                         "the trees ask for \"%.*s\", and the mapping does not say what that is",
                         STR_ARGS(column));
    }
    for (uint32_t i = 0; i < c->used; i++) {
        if (str_eq(c->names[i], name->text)) {
            return fail_at(c, name, "two columns cannot be the same input");
        }
    }
    c->names[c->used] = name->text;
    c->columns[c->used] = column;
    c->places[input] = c->used++;
    return STATUS_OK;
}

static enum status inputs_use(struct conversion *c)
{
    const struct forest_raw *raw = &c->file.raw;
    for (uint32_t i = 0; i < FOREST_INPUTS_MAX; i++) {
        c->places[i] = UNUSED;
    }
    for (uint32_t t = 0; t < raw->tree_count; t++) {
        for (uint32_t i = 0; i < raw->trees[t].count; i++) {
            const struct forest_raw_node *node = &raw->trees[t].nodes[i];
            if (!node->is_leaf) {
                if (raw->input_rules[node->input] == FOREST_ZERO_IS_MISSING) {
                    return error_set(c->err, STATUS_INVALID, "",
                                     "\"%.*s\" takes zero for missing, which a bundle cannot say",
                                     STR_ARGS(column_of(c, node->input)));
                }
                TRY(input_use(c, node->input));
            }
        }
    }
    return c->used > 0 ? STATUS_OK
                       : error_set(c->err, STATUS_INVALID, "", "the trees ask for nothing");
}

/* As a bundle compares: left is below it, in 24 bits, and not below the lowest edge of a feature,
 * where nothing is once it is clipped. */
static double threshold_of(const struct conversion *c, const struct forest_raw_node *node)
{
    enum feature feature = feature_find(c->names[c->places[node->input]]);
    float at = forest_float(node->threshold);
    if (node->includes && (double)at <= node->threshold) {
        at = nextafterf(at, INFINITY);
    }
    double edge_min = feature == FEATURE_NONE ? NO_EDGE_MIN : feature_info(feature)->edge_min;
    return (double)at < edge_min ? edge_min : (double)at;
}

static bool missing_goes_left(const struct conversion *c, const struct forest_raw_node *node)
{
    if (c->file.raw.input_rules[node->input] == FOREST_MISSING_IS_ZERO) {
        return node->includes ? 0.0 <= node->threshold : 0.0 < node->threshold;
    }
    return node->missing_left;
}

/* The places of a tree's nodes level by level, brothers side by side. */
static const uint32_t *levels_of(const struct conversion *c, const struct forest_raw_tree *tree)
{
    uint32_t *order = arena_array(c->arena, uint32_t, tree->count);
    uint32_t count = 1;
    for (uint32_t i = 0; order != NULL && i < count; i++) {
        const struct forest_raw_node *node = &tree->nodes[order[i]];
        if (!node->is_leaf && count + 2 <= tree->count) {
            order[count++] = node->left;
            order[count++] = node->right;
        }
    }
    return order;
}

enum column { OF_INPUT, OF_AT, OF_MISSING, OF_COVER, COLUMN_COUNT };

static void node_write(struct json_writer *w, const struct conversion *c,
                       const struct forest_raw_node *node, enum column column)
{
    static const double least = 1e-12, most = 1e12;
    double cover = node->cover < least ? least : node->cover > most ? most : node->cover;
    switch (column) {
    case OF_INPUT: json_int(w, node->is_leaf ? -1 : (int64_t)c->places[node->input]); break;
    case OF_AT:
        number_write(w, node->is_leaf ? node->value : threshold_of(c, node), FOREIGN_DIGITS);
        break;
    case OF_MISSING: json_int(w, !node->is_leaf && missing_goes_left(c, node) ? 1 : 0); break;
    case OF_COVER: number_write(w, cover, FOREIGN_DIGITS); break;
    case COLUMN_COUNT: break;
    }
}

static enum status tree_write(struct json_writer *w, const struct conversion *c,
                              const struct forest_raw_tree *tree)
{
    static const char *const names[COLUMN_COUNT] = {"input", "at", "missing_left", "cover"};
    const uint32_t *order = levels_of(c, tree);
    if (order == NULL) {
        return error_set(c->err, STATUS_TOO_LARGE, "", "the trees do not fit in memory");
    }
    json_object_begin(w);
    for (int column = 0; column < COLUMN_COUNT; column++) {
        json_name(w, str_from(names[column]));
        json_array_begin(w);
        for (uint32_t i = 0; i < tree->count; i++) {
            node_write(w, c, &tree->nodes[order[i]], (enum column)column);
        }
        json_array_end(w);
    }
    json_object_end(w);
    return STATUS_OK;
}

/* ---- the bundle ---- */

static void node_copy(struct json_writer *w, const struct json *node)
{
    CLEANUP(buf_finish) struct buf text;
    buf_init(&text, MODEL_LEN_MAX);
    json_write_canonical(&text, node);
    json_raw(w, buf_str(&text));
}

static void names_write(struct json_writer *w, const struct conversion *c)
{
    json_array_begin(w);
    for (uint32_t i = 0; i < c->used; i++) {
        json_string(w, c->names[i]);
    }
    json_array_end(w);
}

static void card_of(struct json_writer *w, const struct conversion *c, struct str trees)
{
    char sha256[DIGEST_HEX_LEN + 1];
    struct digest digest = digest_of(trees);
    const struct json *card = json_find(c->frame, STR("card"));
    digest_hex(sha256, &digest);
    json_name(w, STR("card"));
    json_object_begin(w);
    json_name(w, STR("about"));
    if (card == NULL) {
        json_null(w);
    } else {
        node_copy(w, card);
    }
    json_name(w, STR("imported_from"));
    json_object_begin(w);
    json_text_member(w, STR("library"), str_from(c->library));
    json_text_member(w, STR("sha256"), str_from(sha256));
    json_name(w, STR("columns"));
    node_copy(w, json_find(c->frame, STR("columns")));
    json_object_end(w);
    json_object_end(w);
}

/* So that `aval validate` finds its way in a table with the columns of the file's own names. */
static void mapping_of(struct json_writer *w, const struct conversion *c)
{
    const struct json *given = json_find(c->frame, STR("mapping"));
    json_name(w, STR("mapping"));
    if (given != NULL) {
        node_copy(w, given);
        return;
    }
    json_array_begin(w);
    json_object_begin(w);
    json_text_member(w, STR("name"), STR("columns"));
    json_name(w, STR("features"));
    json_object_begin(w);
    for (uint32_t i = 0; i < c->used; i++) {
        struct str expression = arena_printf(c->arena, "`%.*s`", STR_ARGS(c->columns[i]));
        json_text_member(w, c->names[i], expression);
    }
    json_object_end(w);
    json_object_end(w);
    json_array_end(w);
}

static enum status blocks_of(struct json_writer *w, const struct conversion *c)
{
    const struct forest_raw *raw = &c->file.raw;
    double base = raw->base + logit(c->file.base_probability);
    json_name(w, STR("blocks"));
    json_object_begin(w);
    json_name(w, str_from(block_wire(BLOCK_FINANCIAL)));
    json_object_begin(w);
    json_text_member(w, STR("kind"), STR("trained"));
    json_name(w, STR("forest"));
    json_object_begin(w);
    json_name(w, STR("inputs"));
    names_write(w, c);
    json_name(w, STR("base"));
    number_write(w, base, FOREIGN_DIGITS);
    json_name(w, STR("trees"));
    json_array_begin(w);
    for (uint32_t t = 0; t < raw->tree_count; t++) {
        TRY(tree_write(w, c, &raw->trees[t]));
    }
    json_array_end(w);
    json_object_end(w);
    json_object_end(w);
    json_object_end(w);
    json_name(w, STR("stack"));
    json_raw(w, STR("{\"intercept\":0,\"blocks\":{\"financial\":{\"weight\":1,\"mean\":0}},"
                    "\"covariance\":[[0,0],[0,0]]}"));
    json_name(w, STR("calibration"));
    json_object_begin(w);
    json_name(w, STR("slope"));
    json_int(w, 1);
    json_name(w, STR("intercept"));
    json_int(w, 0);
    json_name(w, STR("train_rate"));
    node_copy(w, json_find(c->frame, STR("train_rate")));
    json_name(w, STR("covariance"));
    json_raw(w, STR("[[0,0],[0,0]]"));
    json_object_end(w);
    return STATUS_OK;
}

static enum status draft_write(struct json_writer *w, const struct conversion *c, struct str trees,
                               struct str id)
{
    const struct json *own = json_find(c->frame, STR("id"));
    json_object_begin(w);
    json_text_member(w, STR("format"), STR("aval-model"));
    json_name(w, STR("format_version"));
    json_int(w, MODEL_FORMAT);
    json_text_member(w, STR("id"),
                     id.len > 0                                ? id
                     : own != NULL && own->type == JSON_STRING ? own->text
                                                               : STR(""));
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        const struct json *given = json_find(c->frame, str_from(members[i].name));
        json_name(w, str_from(members[i].name));
        if (given != NULL) {
            node_copy(w, given);
        } else {
            json_raw(w, str_from(members[i].otherwise));
        }
    }
    card_of(w, c, trees);
    json_name(w, STR("inputs"));
    names_write(w, c);
    mapping_of(w, c);
    return blocks_of(w, c);
}

/* ---- vectors ---- */

/* Between two thresholds of an input, below the first, or above the last. */
static double value_between(const struct forest *forest, uint32_t input, uint32_t index)
{
    uint32_t first = forest->first_threshold[input];
    uint32_t count = forest->first_threshold[input + 1] - first;
    const double *at = &forest->thresholds[first];
    if (count == 0) {
        return 0.0;
    }
    uint32_t place = index % (count + 1);
    double low = place == 0 ? at[0] - 1.0 : at[place - 1];
    double high = place == count ? at[count - 1] + 1.0 : at[place];
    return double_round_digits((low + high) / 2.0, FOREIGN_DIGITS - 3);
}

static void vectors_write(struct json_writer *w, const struct model *model)
{
    enum { PACE = 7, STEP = 13, WITHOUT_EVERY = 6 };
    const struct model_trees *trees = model->blocks[BLOCK_FINANCIAL].trees;
    json_name(w, STR("vectors"));
    json_array_begin(w);
    for (uint32_t i = 0; i < FOREIGN_VECTORS; i++) {
        struct vector v = {.country = "*", .section = '*'};
        for (uint32_t k = 0; k < trees->input_count; k++) {
            if ((i + k) % WITHOUT_EVERY != 0 || i == 0) {
                double value = value_between(&trees->forest, k, PACE * i + STEP * k);
                v.inputs[trees->inputs[k]] = (struct known){value, true};
            }
        }
        vector_write(w, model, &v);
    }
    json_array_end(w);
}

static enum status model_check(struct model **out, struct str text, bool is_draft,
                               struct error *err)
{
    struct error wrong = {0};
    enum status status =
        is_draft ? model_read_draft(out, text, &wrong) : model_read(out, text, &wrong);
    return status == STATUS_OK ? STATUS_OK
                               : error_set(err, status, wrong.field,
                                           "the bundle would be refused: %.240s", wrong.message);
}

static enum status convert(struct buf *out, struct conversion *c, struct str trees,
                           struct str frame, struct str id)
{
    struct json_writer w;
    struct model *model = NULL;
    CLEANUP(buf_finish) struct buf text;
    buf_init(&text, MODEL_LEN_MAX);
    TRY(frame_read(c, frame));
    TRY(trees_read(c, trees));
    TRY(inputs_use(c));
    json_writer_init(&w, &text);
    TRY(draft_write(&w, c, trees, id));
    size_t len = text.len;
    buf_append_byte(&text, '}');
    if (buf_failed(&text)) {
        return error_set(c->err, STATUS_TOO_LARGE, "", "the bundle is larger than %d bytes",
                         MODEL_LEN_MAX);
    }
    TRY(model_check(&model, buf_str(&text), true, c->err));
    text.len = len;
    vectors_write(&w, model);
    model_destroy(model);
    json_object_end(&w);
    buf_append_byte(&text, '\n');
    if (buf_failed(&text)) {
        return error_set(c->err, STATUS_TOO_LARGE, "", "the bundle is larger than %d bytes",
                         MODEL_LEN_MAX);
    }
    TRY(model_check(&model, buf_str(&text), false, c->err));
    model_destroy(model);
    buf_append(out, buf_str(&text));
    return STATUS_OK;
}

enum status foreign_bundle(struct buf *out, struct str trees, struct str frame, struct str id,
                           struct error *err)
{
    struct arena arena;
    arena_init(&arena, FOREIGN_ARENA_MAX);
    struct conversion *c = arena_new(&arena, struct conversion);
    enum status status = STATUS_TOO_LARGE;
    if (c != NULL) {
        c->arena = &arena;
        c->err = err;
        status = convert(out, c, trees, frame, id);
    }
    arena_finish(&arena);
    return status;
}
