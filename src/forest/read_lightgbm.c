/* read_lightgbm.c - lines of name=value: a header, then a block a tree. */
#include "forest/file.h"

#include "format/decimal.h"

#include <string.h>

/* Bits of decision_type. */
enum { DECISION_CATEGORICAL = 1, DECISION_DEFAULT_LEFT = 2, DECISION_MISSING_SHIFT = 2 };

enum missing { MISSING_NONE, MISSING_ZERO, MISSING_NAN };

enum { RULE_UNKNOWN = 0xFF };

struct reader {
    struct arena *arena;
    struct error *err;
    struct str rest; /* of the text */
    unsigned line;
    struct forest_file *file;
    uint8_t *rules;
    bool is_binary;
};

static enum status refuse(struct reader *r, const char *why)
{
    return error_set(r->err, STATUS_INVALID, "", "Line %u: %s.", r->line, why);
}

static enum status no_memory(struct reader *r)
{
    return error_set(r->err, STATUS_TOO_LARGE, "", "The model file does not fit in memory.");
}

static bool line_next(struct str *line, struct reader *r)
{
    if (r->rest.len == 0) {
        return false;
    }
    size_t end = str_find(r->rest, 0, '\n');
    *line = str_slice(r->rest, 0, end);
    r->rest = str_slice(r->rest, end < r->rest.len ? end + 1 : end, r->rest.len);
    r->line++;
    if (line->len > 0 && line->ptr[line->len - 1] == '\r') {
        *line = str_slice(*line, 0, line->len - 1);
    }
    return true;
}

/* "name=value" apart; false: no such line. */
static bool pair_split(struct str line, struct str *name, struct str *value)
{
    size_t at = str_find(line, 0, '=');
    *name = str_slice(line, 0, at);
    *value = str_slice(line, at < line.len ? at + 1 : at, line.len);
    return at < line.len;
}

/* The next word of a list parted by blanks; false: there is none. */
static bool word_next(struct str *word, struct str *list)
{
    size_t from = 0;
    while (from < list->len && list->ptr[from] == ' ') {
        from++;
    }
    size_t to = str_find(*list, from, ' ');
    *word = str_slice(*list, from, to);
    *list = str_slice(*list, to, list->len);
    return word->len > 0;
}

static enum status numbers_read(double *out, uint32_t count, struct reader *r, struct str list)
{
    struct str word;
    for (uint32_t i = 0; i < count; i++) {
        if (!word_next(&word, &list) || !double_read(&out[i], word)) {
            return refuse(r, "a number for each node is expected here");
        }
    }
    return word_next(&word, &list) ? refuse(r, "there are more numbers than nodes") : STATUS_OK;
}

static enum status count_read(uint32_t *out, struct reader *r, struct str value, double most)
{
    double number;
    if (!double_read(&number, value) || !(number >= 0 && number <= most) ||
        number != (double)(uint32_t)number) {
        return refuse(r, "a count is expected, within what can be read");
    }
    *out = (uint32_t)number;
    return STATUS_OK;
}

/* ---- a tree ---- */

enum column {
    COLUMN_INPUT,
    COLUMN_THRESHOLD,
    COLUMN_DECISION,
    COLUMN_LEFT,
    COLUMN_RIGHT,
    COLUMN_SPLIT_COVER,
    COLUMN_VALUE,
    COLUMN_LEAF_COVER,
    COLUMN_COUNT
};

static const struct {
    const char *name;
    bool is_of_leaves;
} columns[COLUMN_COUNT] = {
    [COLUMN_INPUT] = {"split_feature",  false},
      [COLUMN_THRESHOLD] = {"threshold",      false},
    [COLUMN_DECISION] = {"decision_type",  false},
      [COLUMN_LEFT] = {"left_child",     false},
    [COLUMN_RIGHT] = {"right_child",    false},
      [COLUMN_SPLIT_COVER] = {"internal_count", false},
    [COLUMN_VALUE] = {"leaf_value",     true },
      [COLUMN_LEAF_COVER] = {"leaf_count",     true },
};

struct block {
    unsigned line; /* of its "Tree=" */
    uint32_t leaf_count;
    double *cells[COLUMN_COUNT];
};

static enum status column_read(struct block *b, struct reader *r, enum column column,
                               struct str value)
{
    uint32_t count = columns[column].is_of_leaves ? b->leaf_count : b->leaf_count - 1;
    double *cells = arena_array(r->arena, double, (size_t)count + 1);
    if (cells == NULL) {
        return no_memory(r);
    }
    TRY(numbers_read(cells, count, r, value));
    b->cells[column] = cells;
    return STATUS_OK;
}

static enum status block_line(struct block *b, struct reader *r, struct str name, struct str value)
{
    if (str_eq(name, STR("num_leaves"))) {
        TRY(count_read(&b->leaf_count, r, value, FOREST_NODES_MAX / 2));
        return b->leaf_count == 0 ? refuse(r, "a tree has a leaf") : STATUS_OK;
    }
    uint32_t number = 0;
    if (str_eq(name, STR("num_cat")) || str_eq(name, STR("is_linear"))) {
        TRY(count_read(&number, r, value, 1e9));
        return number == 0 ? STATUS_OK
                           : refuse(r, "splits by category and linear leaves cannot be read");
    }
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        if (str_eq(name, str_from(columns[i].name))) {
            return b->leaf_count == 0 ? refuse(r, "num_leaves must come first")
                                      : column_read(b, r, (enum column)i, value);
        }
    }
    return STATUS_OK; /* gains, weights, shrinkage: told, not needed */
}

/* One input is missing in one way in all trees. */
static enum status rule_note(struct reader *r, uint32_t input, unsigned missing)
{
    static const uint8_t rules[] = {[MISSING_NONE] = FOREST_MISSING_IS_ZERO,
                                    [MISSING_ZERO] = FOREST_ZERO_IS_MISSING,
                                    [MISSING_NAN] = FOREST_AS_DOUBLE};
    if (missing > MISSING_NAN) {
        return refuse(r, "decision_type has a value that LightGBM does not write");
    }
    if (r->rules[input] != RULE_UNKNOWN && r->rules[input] != rules[missing]) {
        return refuse(r, "an input is missing in two ways");
    }
    r->rules[input] = rules[missing];
    return STATUS_OK;
}

static bool is_whole(double value, double low, double high)
{
    return value >= low && value <= high && value == (double)(int32_t)value;
}

/* LightGBM numbers splits from 0 and leaves from -1 down; here splits come first, leaves behind. */
static bool child_index(uint32_t *out, double child, uint32_t split_count, uint32_t leaf_count)
{
    if (!is_whole(child, -(double)leaf_count, (double)split_count - 1)) {
        return false;
    }
    *out = child >= 0 ? (uint32_t)child : split_count + (uint32_t)(-child) - 1;
    return true;
}

static enum status split_make(struct forest_raw_node *out, struct reader *r, const struct block *b,
                              uint32_t i)
{
    double decision = b->cells[COLUMN_DECISION][i];
    double input = b->cells[COLUMN_INPUT][i];
    uint32_t split_count = b->leaf_count - 1;
    if (!is_whole(input, 0, (double)r->file->raw.input_count - 1) || !is_whole(decision, 0, 255)) {
        return refuse(r, "a split of the tree has no such input or decision_type");
    }
    unsigned bits = (unsigned)decision;
    if ((bits & DECISION_CATEGORICAL) != 0) {
        return refuse(r, "splits by category cannot be read: give the input as numbers");
    }
    *out = (struct forest_raw_node){.cover = b->cells[COLUMN_SPLIT_COVER][i],
                                    .input = (uint32_t)input,
                                    .threshold = b->cells[COLUMN_THRESHOLD][i],
                                    .includes = true,
                                    .missing_left = (bits & DECISION_DEFAULT_LEFT) != 0};
    if (!child_index(&out->left, b->cells[COLUMN_LEFT][i], split_count, b->leaf_count) ||
        !child_index(&out->right, b->cells[COLUMN_RIGHT][i], split_count, b->leaf_count)) {
        return refuse(r, "a split of the tree has no such child");
    }
    return rule_note(r, out->input, bits >> DECISION_MISSING_SHIFT);
}

static enum status block_end(struct forest_raw_tree *out, struct reader *r, const struct block *b)
{
    uint32_t split_count = b->leaf_count - 1;
    bool is_lone_leaf = b->leaf_count == 1;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        bool may_lack = is_lone_leaf && i != COLUMN_VALUE;
        if (b->leaf_count == 0 || (b->cells[i] == NULL && !may_lack)) {
            r->line = b->line;
            return refuse(r, "this tree lacks a line that LightGBM writes");
        }
    }
    struct forest_raw_node *nodes =
        arena_array(r->arena, struct forest_raw_node, (size_t)split_count + b->leaf_count);
    if (nodes == NULL) {
        return no_memory(r);
    }
    for (uint32_t i = 0; i < split_count; i++) {
        TRY(split_make(&nodes[i], r, b, i));
    }
    for (uint32_t i = 0; i < b->leaf_count; i++) {
        double cover = is_lone_leaf ? 1 : b->cells[COLUMN_LEAF_COVER][i];
        nodes[split_count + i] = (struct forest_raw_node){
            .is_leaf = true, .value = b->cells[COLUMN_VALUE][i], .cover = cover};
    }
    *out = (struct forest_raw_tree){nodes, split_count + b->leaf_count};
    return STATUS_OK;
}

/* ---- the header ---- */

static enum status names_read(struct reader *r, struct str list)
{
    struct forest_file *file = r->file;
    struct str *names = arena_array(r->arena, struct str, FOREST_INPUTS_MAX);
    struct str word;
    if (names == NULL) {
        return no_memory(r);
    }
    while (word_next(&word, &list)) {
        if (file->raw.input_count == FOREST_INPUTS_MAX) {
            return refuse(r, "a model has 1 to 256 inputs");
        }
        names[file->raw.input_count++] = word;
    }
    file->names = names;
    return STATUS_OK;
}

static enum status header_line(struct reader *r, struct str name, struct str value)
{
    uint32_t number = 0;
    if (str_eq(name, STR("num_class")) || str_eq(name, STR("num_tree_per_iteration"))) {
        TRY(count_read(&number, r, value, 1e6));
        return number == 1 ? STATUS_OK : refuse(r, "a model of several classes cannot be read");
    }
    if (str_eq(name, STR("feature_names"))) {
        return names_read(r, value);
    }
    if (str_eq(name, STR("objective"))) {
        /* with another sigmoid the sum is not in log-odds */
        r->is_binary = str_eq(value, STR("binary sigmoid:1")) ||
                       str_eq(value, STR("cross_entropy")) || str_eq(value, STR("xentropy"));
        return r->is_binary
                   ? STATUS_OK
                   : refuse(r, "the objective must be binary with sigmoid:1, or cross_entropy");
    }
    return STATUS_OK;
}

static enum status header_read(struct reader *r, struct str *line)
{
    struct str name;
    struct str value;
    if (!line_next(line, r) || !str_eq(*line, STR("tree"))) {
        return refuse(r, "a model of LightGBM begins with \"tree\"");
    }
    while (line_next(line, r) && !str_starts_with(*line, STR("Tree="))) {
        if (str_eq(*line, STR("average_output"))) {
            return refuse(r, "a random forest cannot be read: its trees are averaged, not summed");
        }
        if (pair_split(*line, &name, &value)) {
            TRY(header_line(r, name, value));
        }
    }
    if (!r->is_binary || r->file->raw.input_count == 0) {
        return refuse(r, "objective and feature_names are expected before the first tree");
    }
    return STATUS_OK;
}

static enum status trees_read(struct reader *r, struct str line)
{
    struct forest_raw_tree *trees = arena_array(r->arena, struct forest_raw_tree, FOREST_TREES_MAX);
    uint32_t count = 0;
    if (trees == NULL) {
        return no_memory(r);
    }
    while (str_starts_with(line, STR("Tree="))) {
        struct block b = {.line = r->line};
        struct str name;
        struct str value;
        if (count == FOREST_TREES_MAX) {
            return refuse(r, "these are more trees than can be read");
        }
        while (line_next(&line, r) && !str_starts_with(line, STR("Tree=")) &&
               !str_eq(line, STR("end of trees"))) {
            if (pair_split(line, &name, &value)) {
                TRY(block_line(&b, r, name, value));
            }
        }
        TRY(block_end(&trees[count++], r, &b));
    }
    if (!str_eq(line, STR("end of trees"))) {
        return refuse(r, "the file ends before \"end of trees\"");
    }
    r->file->raw.trees = trees;
    r->file->raw.tree_count = count;
    return STATUS_OK;
}

enum status forest_read_lightgbm(struct forest_file *out, struct str text, struct arena *arena,
                                 struct error *err)
{
    struct forest_file file = {.base_probability = 0.5};
    struct reader r = {.arena = arena, .err = err, .rest = text, .file = &file};
    struct str line = STR("");
    r.rules = arena_array(arena, uint8_t, FOREST_INPUTS_MAX);
    if (r.rules == NULL) {
        return no_memory(&r);
    }
    memset(r.rules, RULE_UNKNOWN, FOREST_INPUTS_MAX);
    TRY(header_read(&r, &line));
    TRY(trees_read(&r, line));
    for (uint32_t i = 0; i < file.raw.input_count; i++) {
        r.rules[i] = r.rules[i] == RULE_UNKNOWN ? FOREST_AS_DOUBLE : r.rules[i];
    }
    file.raw.input_rules = r.rules;
    *out = file;
    return STATUS_OK;
}
