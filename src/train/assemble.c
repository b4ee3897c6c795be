/* assemble.c - collect the parts, write all but the vectors, read that, then write what it says. */
#include "train/assemble.h"

#include "format/decimal.h"
#include "train/bundle_model.h"
#include "train/table.h"
#include "train/vector_write.h"

#include <string.h>

static const size_t ASSEMBLE_ARENA_MAX = (size_t)1 << 30;

enum {
    PARTS_MAX = 2 * MODEL_BLOCKS, /* a card and a forest a block */
    MAPPINGS_MAX = 64,
    VECTOR_COUNT = 48,
};

struct assembly {
    struct arena *arena;
    struct error *err;
    struct str folder; /* of the recipe, with its slash; empty: here */
    const struct json *recipe;
    const struct json *parts[PARTS_MAX]; /* bundles */
    uint32_t part_count;
    const struct json *models[MODEL_BLOCKS][2]; /* scorecard, forest; NULL: none */
    struct str inputs[MODEL_INPUTS_MAX];
    uint32_t input_count;
};

static const char *const kinds[2] = {"scorecard", "forest"};

static enum status refuse(struct assembly *a, const struct json *node, const char *why)
{
    CLEANUP(buf_finish) struct buf pointer;
    buf_init(&pointer, 64 * 1024);
    json_pointer(&pointer, node);
    buf_append_byte(&pointer, '\0');
    return error_set(a->err, STATUS_INVALID, buf_failed(&pointer) ? "" : pointer.ptr,
                     "the recipe %s", why);
}

static enum status out_of_memory(struct assembly *a)
{
    return error_set(a->err, STATUS_TOO_LARGE, "", "the parts do not fit into memory");
}

static enum status json_load(const struct json **out, struct assembly *a, const char *path)
{
    struct str text;
    struct json_error wrong;
    TRY(file_load(&text, path, a->arena, a->err));
    *out = json_read(text, a->arena, &wrong);
    if (*out == NULL) {
        return error_set(a->err, STATUS_INVALID, "", "%.100s: line %u, column %u: %s", path,
                         wrong.line, wrong.column, wrong.message);
    }
    if ((*out)->type != JSON_OBJECT) {
        return error_set(a->err, STATUS_INVALID, "", "%.100s: a JSON object is expected", path);
    }
    return STATUS_OK;
}

/* The file that the recipe names in `node`. */
static enum status named_load(const struct json **out, struct assembly *a, const struct json *node)
{
    bool is_absolute = node->text.len > 0 && node->text.ptr[0] == '/';
    struct str path = arena_printf(a->arena, "%.*s%.*s", is_absolute ? 0 : (int)a->folder.len,
                                   a->folder.len > 0 ? a->folder.ptr : "", STR_ARGS(node->text));
    return path.ptr == NULL ? out_of_memory(a) : json_load(out, a, path.ptr);
}

/* ---- parts ---- */

static const struct json *find_within(const struct json *node, const char *const *names,
                                      size_t count)
{
    for (size_t i = 0; i < count && node != NULL; i++) {
        node = node->type == JSON_OBJECT ? json_find(node, str_from(names[i])) : NULL;
    }
    return node;
}

static enum status part_take(const struct json **out, struct assembly *a, const struct json *node,
                             const char *kind)
{
    const struct json *bundle = NULL;
    const char *const way[] = {"blocks", "financial", kind};
    TRY(named_load(&bundle, a, node));
    *out = find_within(bundle, way, ARRAY_LEN(way));
    if (*out == NULL) {
        return refuse(a, node, "names a bundle without such a model in its financial block");
    }
    CHECK(a->part_count < PARTS_MAX);
    a->parts[a->part_count++] = bundle;
    return STATUS_OK;
}

static enum status input_note(struct assembly *a, const struct json *name)
{
    if (name == NULL || name->type != JSON_STRING) {
        return STATUS_OK; /* refused with its place when the bundle is read */
    }
    for (uint32_t i = 0; i < a->input_count; i++) {
        if (str_eq(a->inputs[i], name->text)) {
            return STATUS_OK;
        }
    }
    if (a->input_count == MODEL_INPUTS_MAX) {
        return refuse(a, a->recipe, "has models of too many inputs together");
    }
    a->inputs[a->input_count++] = name->text;
    return STATUS_OK;
}

static enum status inputs_note(struct assembly *a, const struct json *model, const char *list)
{
    const struct json *array = model->type == JSON_OBJECT ? json_find(model, str_from(list)) : NULL;
    if (array == NULL || array->type != JSON_ARRAY) {
        return STATUS_OK;
    }
    for (const struct json *node = array->first; node != NULL; node = node->next) {
        TRY(input_note(a, node->type == JSON_OBJECT ? json_find(node, STR("input")) : node));
    }
    return STATUS_OK;
}

static enum status models_collect(struct assembly *a, const struct json *block, size_t place)
{
    static const char *const lists[] = {"characteristics", "inputs"};
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        const struct json *node = json_find(block, str_from(kinds[k]));
        if (node != NULL && node->type == JSON_STRING) {
            TRY(part_take(&node, a, node, kinds[k]));
        }
        a->models[place][k] = node;
        if (node != NULL) {
            TRY(inputs_note(a, node, lists[k]));
        }
    }
    return STATUS_OK;
}

static enum status parts_collect(struct assembly *a)
{
    const struct json *blocks = json_find(a->recipe, STR("blocks"));
    if (blocks == NULL || blocks->type != JSON_OBJECT) {
        return refuse(a, a->recipe, "must have an object \"blocks\"");
    }
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        const struct json *block = json_find(blocks, str_from(block_wire((enum block)i)));
        if (block != NULL && block->type != JSON_OBJECT) {
            return refuse(a, block, "must have an object here");
        }
        if (block != NULL) {
            TRY(models_collect(a, block, i));
        }
    }
    return STATUS_OK;
}

/* ---- writing ---- */

static void tree_write(struct json_writer *w, const struct json *node)
{
    CLEANUP(buf_finish) struct buf text;
    buf_init(&text, MODEL_LEN_MAX);
    json_write_canonical(&text, node);
    json_raw(w, buf_failed(&text) ? STR("null") : buf_str(&text));
}

static void member_write(struct json_writer *w, struct str name, const struct json *node)
{
    json_name(w, name);
    tree_write(w, node);
}

/* A member that may stand in a file of its own. */
static enum status content_write(struct json_writer *w, struct assembly *a, const struct json *node)
{
    const struct json *content = node;
    if (node->type == JSON_STRING &&
        (str_eq(node->name, STR("card")) || str_eq(node->name, STR("central_tendency")) ||
         str_eq(node->name, STR("thin")))) {
        TRY(named_load(&content, a, node));
        if (!str_eq(node->name, STR("card"))) {
            content = json_find(content, node->name);
        }
        if (content == NULL) {
            return refuse(a, node, "names a file without such a member");
        }
    }
    member_write(w, node->name, content);
    return STATUS_OK;
}

static void blocks_write(struct json_writer *w, const struct assembly *a, const struct json *blocks)
{
    json_name(w, STR("blocks"));
    json_object_begin(w);
    for (const struct json *block = blocks->first; block != NULL; block = block->next) {
        size_t place = 0;
        while (place < MODEL_BLOCKS &&
               !str_eq(block->name, str_from(block_wire((enum block)place)))) {
            place++;
        }
        json_name(w, block->name);
        json_object_begin(w);
        for (const struct json *m = block->first; m != NULL; m = m->next) {
            const struct json *content = m;
            for (size_t k = 0; k < ARRAY_LEN(kinds) && place < MODEL_BLOCKS; k++) {
                content = str_eq(m->name, str_from(kinds[k])) ? a->models[place][k] : content;
            }
            member_write(w, m->name, content);
        }
        json_object_end(w);
    }
    json_object_end(w);
}

static void inputs_write(struct json_writer *w, const struct assembly *a)
{
    json_name(w, STR("inputs"));
    json_array_begin(w);
    for (uint32_t i = 0; i < a->input_count; i++) {
        json_string(w, a->inputs[i]);
    }
    json_array_end(w);
}

/* Two bundles may rank by the same tables, but not by different ones. */
static enum status references_write(struct json_writer *w, struct assembly *a)
{
    const struct json *found = NULL;
    for (uint32_t i = 0; i < a->part_count; i++) {
        const struct json *reference = json_find(a->parts[i], STR("reference"));
        if (reference != NULL && found != NULL) {
            return refuse(a, a->recipe, "takes models from two bundles that rank their inputs");
        }
        found = reference == NULL ? found : reference;
    }
    if (found != NULL) {
        member_write(w, STR("reference"), found);
    }
    return STATUS_OK;
}

/* Mappings of one name, one in each part, are one: their features together. */
struct mapping_set {
    const struct json *nodes[PARTS_MAX];
    uint32_t count;
};

static bool is_of_name(const struct json *mapping, const struct json *other)
{
    const struct json *a = json_find(mapping, STR("name"));
    const struct json *b = json_find(other, STR("name"));
    return a != NULL && b != NULL && str_eq(a->text, b->text);
}

static uint32_t mappings_collect(struct mapping_set *sets, const struct assembly *a)
{
    uint32_t count = 0;
    for (uint32_t p = 0; p < a->part_count; p++) {
        const struct json *list = json_find(a->parts[p], STR("mapping"));
        for (const struct json *m = list == NULL ? NULL : list->first; m != NULL; m = m->next) {
            uint32_t i = 0;
            while (i < count && !is_of_name(sets[i].nodes[0], m)) {
                i++;
            }
            if (i < count && sets[i].count < PARTS_MAX) {
                sets[i].nodes[sets[i].count++] = m;
            } else if (i < MAPPINGS_MAX) {
                sets[i] = (struct mapping_set){{m}, 1};
                count = i + 1;
            }
        }
    }
    return count;
}

static void features_write(struct json_writer *w, const struct mapping_set *set)
{
    struct str names[MODEL_INPUTS_MAX];
    uint32_t count = 0;
    json_name(w, STR("features"));
    json_object_begin(w);
    for (uint32_t i = 0; i < set->count; i++) {
        const struct json *features = json_find(set->nodes[i], STR("features"));
        for (const struct json *f = features == NULL ? NULL : features->first; f != NULL;
             f = f->next) {
            uint32_t k = 0;
            while (k < count && !str_eq(names[k], f->name)) {
                k++;
            }
            if (k == count && count < MODEL_INPUTS_MAX) {
                names[count++] = f->name;
                member_write(w, f->name, f);
            }
        }
    }
    json_object_end(w);
}

static enum status mappings_write(struct json_writer *w, struct assembly *a)
{
    struct mapping_set *sets = arena_array(a->arena, struct mapping_set, MAPPINGS_MAX);
    if (sets == NULL) {
        return out_of_memory(a);
    }
    uint32_t count = mappings_collect(sets, a);
    json_name(w, STR("mapping"));
    json_array_begin(w);
    for (uint32_t i = 0; i < count; i++) {
        json_object_begin(w);
        for (const struct json *m = sets[i].nodes[0]->first; m != NULL; m = m->next) {
            if (!str_eq(m->name, STR("features"))) {
                member_write(w, m->name, m);
            }
        }
        features_write(w, &sets[i]);
        json_object_end(w);
    }
    json_array_end(w);
    return STATUS_OK;
}

/* Everything but the vectors and the last brace. */
static enum status draft_write(struct json_writer *w, struct assembly *a)
{
    json_object_begin(w);
    json_text_member(w, STR("format"), STR("aval-model"));
    json_name(w, STR("format_version"));
    json_int(w, MODEL_FORMAT);
    for (const struct json *m = a->recipe->first; m != NULL; m = m->next) {
        if (str_eq(m->name, STR("blocks"))) {
            inputs_write(w, a);
            TRY(mappings_write(w, a));
            TRY(references_write(w, a));
            blocks_write(w, a, m);
        } else {
            TRY(content_write(w, a, m));
        }
    }
    return STATUS_OK;
}

/* ---- vectors ---- */

/* The vector of this index of one part, as far as its inputs are ours. */
static void vector_take(struct vector *v, const struct model *model, const struct json *part,
                        uint32_t index)
{
    const struct json *list = json_find(part, STR("vectors"));
    if (list == NULL || list->count == 0) {
        return;
    }
    const struct json *node = list->first;
    for (uint32_t i = 0; i < index % list->count; i++) {
        node = node->next;
    }
    const struct json *country = json_find(node, STR("country"));
    const struct json *section = json_find(node, STR("section"));
    if (country != NULL && country->text.len < sizeof v->country && section != NULL &&
        section->text.len == 1) {
        memset(v->country, 0, sizeof v->country);
        memcpy(v->country, country->text.ptr, country->text.len);
        v->section = section->text.ptr[0];
    }
    const struct json *inputs = json_find(node, STR("inputs"));
    for (uint32_t i = 0; inputs != NULL && i < model->input_count; i++) {
        const struct json *value = json_find(inputs, model->inputs[i].name);
        if (value != NULL && value->type == JSON_NUMBER) {
            v->inputs[i].is_known = double_read(&v->inputs[i].value, value->text);
        }
    }
}

/* A value in the middle of a bin. */
static double middle_of_bin(const struct model *model, const struct characteristic *c, uint32_t bin)
{
    enum feature feature = model->inputs[c->input].feature;
    double low = c->edges[0] - 1.0;
    double high = c->edges[c->edge_count - 1] + 1.0;
    if (feature != FEATURE_NONE) {
        low = feature_info(feature)->clip_low;
        high = feature_info(feature)->clip_high;
    }
    double from = bin == 0 ? low : c->edges[bin - 1];
    double to = bin == c->edge_count ? high : c->edges[bin];
    return double_round_digits((from + to) / 2.0, BUNDLE_DIGITS);
}

/* A block whose card stands in the recipe: bin by bin, each characteristic at its own pace, and
 * every so often not there. */
static void vector_walk(struct vector *v, const struct model *model, size_t block, uint32_t index)
{
    const struct model_block *b = &model->blocks[block];
    enum { WITHOUT_EVERY = 6, PACE = 3 };
    if (index % WITHOUT_EVERY == block % WITHOUT_EVERY) {
        return;
    }
    for (uint32_t k = 0; k < b->characteristic_count; k++) {
        const struct characteristic *c = &b->characteristics[k];
        uint32_t bin = (index + PACE * k) % (c->edge_count + 2);
        if (bin <= c->edge_count && !v->inputs[c->input].is_known) {
            v->inputs[c->input] = (struct known){middle_of_bin(model, c, bin), true};
        }
    }
}

static bool is_in_recipe(const struct assembly *a, size_t block)
{
    const struct json *card = a->models[block][0];
    const struct json *blocks = json_find(a->recipe, STR("blocks"));
    const struct json *node = json_find(blocks, str_from(block_wire((enum block)block)));
    return card != NULL && node != NULL && json_find(node, STR("scorecard")) == card;
}

static void vectors_write(struct json_writer *w, const struct assembly *a,
                          const struct model *model)
{
    json_name(w, STR("vectors"));
    json_array_begin(w);
    for (uint32_t i = 0; i < VECTOR_COUNT; i++) {
        struct vector v = {.country = "*", .section = '*'};
        for (uint32_t p = a->part_count; p-- > 0;) {
            vector_take(&v, model, a->parts[p], i);
        }
        for (size_t b = 0; b < MODEL_BLOCKS; b++) {
            if (is_in_recipe(a, b)) {
                vector_walk(&v, model, b, i);
            }
        }
        vector_write(w, model, &v);
    }
    json_array_end(w);
}

/* ---- the whole ---- */

static enum status model_of(struct model **out, struct str text, bool is_draft, struct error *err)
{
    struct error wrong = {0};
    enum status status =
        is_draft ? model_read_draft(out, text, &wrong) : model_read(out, text, &wrong);
    if (status != STATUS_OK) {
        return error_set(err, status, wrong.field, "the bundle would be refused: %.240s",
                         wrong.message);
    }
    return STATUS_OK;
}

static enum status bundle_make(struct buf *out, struct assembly *a)
{
    struct json_writer w;
    struct model *model = NULL;
    CLEANUP(buf_finish) struct buf text;
    buf_init(&text, MODEL_LEN_MAX);
    json_writer_init(&w, &text);
    TRY(draft_write(&w, a));
    size_t len = text.len;
    buf_append_byte(&text, '}');
    TRY(model_of(&model, buf_str(&text), true, a->err));
    text.len = len;
    vectors_write(&w, a, model);
    json_object_end(&w);
    buf_append_byte(&text, '\n');
    model_destroy(model);
    if (buf_failed(&text)) {
        return error_set(a->err, STATUS_TOO_LARGE, "", "the bundle is larger than %d bytes",
                         MODEL_LEN_MAX);
    }
    TRY(model_of(&model, buf_str(&text), false, a->err));
    model_destroy(model);
    buf_append(out, buf_str(&text));
    return STATUS_OK;
}

enum status assemble(struct buf *out, const char *recipe, struct error *err)
{
    struct arena arena;
    const char *slash = strrchr(recipe, '/');
    struct assembly a = {.arena = &arena,
                         .err = err,
                         .folder =
                             str_of(recipe, slash == NULL ? 0 : (size_t)(slash - recipe) + 1)};
    arena_init(&arena, ASSEMBLE_ARENA_MAX);
    enum status status = json_load(&a.recipe, &a, recipe);
    if (status == STATUS_OK) {
        status = parts_collect(&a);
    }
    if (status == STATUS_OK) {
        status = bundle_make(out, &a);
    }
    arena_finish(&arena);
    return status;
}
