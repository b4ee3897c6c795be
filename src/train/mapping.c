/* mapping.c - the mapping file, read strictly: an unknown member is a spelling mistake. */
#include "train/mapping.h"

#include "format/decimal.h"

#include <stdio.h>

static enum status fail_at(const struct json *node, struct error *err, const char *what)
{
    char bytes[sizeof err->field];
    CLEANUP(buf_finish) struct buf pointer;
    buf_init(&pointer, JSON_POINTER_LEN_MAX);
    json_pointer(&pointer, node);
    (void)snprintf(bytes, sizeof bytes, "%.*s", (int)pointer.len,
                   pointer.ptr == NULL ? "" : pointer.ptr);
    return error_set(err, STATUS_INVALID, bytes, "%s", what);
}

static bool country_is_valid(struct str country)
{
    if (str_eq(country, STR("*"))) {
        return true;
    }
    return country.len == 2 && country.ptr[0] >= 'A' && country.ptr[0] <= 'Z' &&
           country.ptr[1] >= 'A' && country.ptr[1] <= 'Z';
}

static bool input_name_is_valid(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_') {
            return false;
        }
    }
    return name.len >= 1 && name.len <= 64;
}

static enum status features_read(struct mapping *m, const struct json *node, struct arena *arena,
                                 struct error *err)
{
    if (node->type != JSON_OBJECT || node->count == 0 || node->count > MAPPING_FEATURES_MAX) {
        return fail_at(node, err, "an object of 1 to 512 expressions is expected");
    }
    m->features = arena_array(arena, struct mapping_feature, node->count);
    if (m->features == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "the mapping does not fit into memory");
    }
    for (const struct json *f = node->first; f != NULL; f = f->next) {
        if (!input_name_is_valid(f->name)) {
            return fail_at(f, err, "the name of an input is 1 to 64 of a-z, 0-9 and _");
        }
        if (f->type != JSON_STRING) {
            return fail_at(f, err, "an expression in a string is expected");
        }
        m->features[m->feature_count++] = (struct mapping_feature){f->name, f->text};
    }
    return STATUS_OK;
}

static enum status weight_read(struct mapping *m, const struct json *node, struct error *err)
{
    if (node->type != JSON_NUMBER || !double_read(&m->weight, node->text) || !(m->weight > 0) ||
        m->weight > 1e6) {
        return fail_at(node, err, "a number above 0 and at most 1000000 is expected");
    }
    return STATUS_OK;
}

static enum status member_read(struct mapping *m, const struct json *node, struct arena *arena,
                               struct error *err)
{
    const struct {
        struct str name;
        struct str *text;
    } texts[] = {
        {STR("name"),       &m->name      },
        {STR("country"),    &m->country   },
        {STR("label"),      &m->label     },
        {STR("group"),      &m->group     },
        {STR("order"),      &m->order     },
        {STR("where"),      &m->where     },
        {STR("test_where"), &m->test_where},
    };
    if (str_eq(node->name, STR("features"))) {
        return features_read(m, node, arena, err);
    }
    if (str_eq(node->name, STR("weight"))) {
        return weight_read(m, node, err);
    }
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (str_eq(node->name, texts[i].name)) {
            *texts[i].text = node->text;
            return node->type == JSON_STRING ? STATUS_OK
                                             : fail_at(node, err, "a string is expected");
        }
    }
    return fail_at(
        node, err,
        "unknown member: name, country, label, group, order, where, test_where, weight and "
        "features are known");
}

enum status mapping_read(struct mapping *out, const struct json *node, struct arena *arena,
                         struct error *err)
{
    struct mapping m = {.name = STR("data"), .country = STR("*"), .weight = 1};
    if (node->type != JSON_OBJECT) {
        return fail_at(node, err, "a mapping is an object");
    }
    for (const struct json *member = node->first; member != NULL; member = member->next) {
        TRY(member_read(&m, member, arena, err));
    }
    if (m.feature_count == 0) {
        return fail_at(node, err, "\"features\" is missing");
    }
    if (!country_is_valid(m.country)) {
        return fail_at(node, err, "\"country\" must be two capital letters or \"*\"");
    }
    *out = m;
    return STATUS_OK;
}

enum status mapping_load(struct mapping *out, const char *path, struct arena *arena,
                         struct error *err)
{
    struct str text;
    TRY(file_load(&text, path, arena, err));
    struct json_error wrong;
    const struct json *node = json_read(text, arena, &wrong);
    if (node == NULL) {
        return error_set(err, STATUS_INVALID, "", "%.100s: line %u, column %u: %s", path,
                         wrong.line, wrong.column, wrong.message);
    }
    struct error detail = {0};
    enum status status = mapping_read(out, node, arena, &detail);
    if (status != STATUS_OK) {
        return error_set(err, status, detail.field, "%.100s: %.200s", path, detail.message);
    }
    return STATUS_OK;
}

static bool name_is_word(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool is_digit = c >= '0' && c <= '9';
        if (!(is_digit && i > 0) && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            c != '_') {
            return false;
        }
    }
    return name.len > 0 && !str_eq(name, STR("and")) && !str_eq(name, STR("or")) &&
           !str_eq(name, STR("not"));
}

/* The name of a column as the name of an input: lower case, digits and underscores, at most 64
 * bytes. */
static struct str input_name(struct str column, struct arena *arena)
{
    struct str name = arena_copy(arena, str_slice(column, 0, column.len > 64 ? 64 : column.len));
    char *bytes = (char *)(uintptr_t)name.ptr;
    for (size_t i = 0; bytes != NULL && i < name.len; i++) {
        if (bytes[i] >= 'A' && bytes[i] <= 'Z') {
            bytes[i] = (char)(bytes[i] - 'A' + 'a');
        } else if (!(bytes[i] >= 'a' && bytes[i] <= 'z') && !(bytes[i] >= '0' && bytes[i] <= '9')) {
            bytes[i] = '_';
        }
    }
    return name;
}

static bool name_is_taken(const struct mapping *m, struct str name)
{
    for (uint32_t i = 0; i < m->feature_count; i++) {
        if (str_eq(m->features[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* The name for a column; with its number behind it when another column has it already. */
static struct str input_name_new(const struct mapping *m, struct str column, uint32_t index,
                                 struct arena *arena)
{
    struct str name = input_name(column, arena);
    if (name.ptr == NULL || !name_is_taken(m, name)) {
        return name;
    }
    return arena_printf(arena, "%.*s_%u", (int)(name.len > 56 ? 56 : name.len), name.ptr,
                        index + 1);
}

static bool is_excluded(struct str name, const struct str *excluded, uint32_t excluded_count)
{
    for (uint32_t i = 0; i < excluded_count; i++) {
        if (str_eq(name, excluded[i])) {
            return true;
        }
    }
    return false;
}

enum status mapping_of_columns(struct mapping *out, const struct table *table,
                               const struct str *excluded, uint32_t excluded_count,
                               struct arena *arena, struct error *err)
{
    struct mapping m = {.name = STR("columns"), .country = STR("*"), .weight = 1};
    m.features = arena_array(arena, struct mapping_feature, table->column_count);
    if (m.features == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "the mapping does not fit into memory");
    }
    for (uint32_t i = 0; i < table->column_count; i++) {
        struct str name = table->columns[i].name;
        if (table->columns[i].numbers == NULL || is_excluded(name, excluded, excluded_count) ||
            name.len == 0 || str_find(name, 0, '`') < name.len || !str_is_utf8(name)) {
            continue;
        }
        struct str expression =
            name_is_word(name) ? name : arena_printf(arena, "`%.*s`", STR_ARGS(name));
        struct str input = input_name_new(&m, name, i, arena);
        if (expression.ptr == NULL || input.ptr == NULL) {
            return error_set(err, STATUS_TOO_LARGE, "", "the mapping does not fit into memory");
        }
        m.features[m.feature_count++] = (struct mapping_feature){input, expression};
    }
    if (m.feature_count == 0) {
        return error_set(err, STATUS_INVALID, "",
                         "no column of numbers is left to learn from; see --exclude and --mapping");
    }
    *out = m;
    return STATUS_OK;
}

void mapping_keep(struct mapping *m, bool (*keeps)(struct str name, const void *context),
                  const void *context)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < m->feature_count; i++) {
        if (keeps(m->features[i].name, context)) {
            m->features[kept++] = m->features[i];
        }
    }
    m->feature_count = kept;
}

static void text_write_if_given(struct json_writer *w, struct str name, struct str value)
{
    if (value.len > 0) {
        json_text_member(w, name, value);
    }
}

void mapping_write(struct json_writer *w, const struct mapping *m)
{
    json_object_begin(w);
    json_text_member(w, STR("name"), m->name);
    json_text_member(w, STR("country"), m->country);
    text_write_if_given(w, STR("label"), m->label);
    text_write_if_given(w, STR("group"), m->group);
    text_write_if_given(w, STR("order"), m->order);
    text_write_if_given(w, STR("where"), m->where);
    text_write_if_given(w, STR("test_where"), m->test_where);
    json_name(w, STR("features"));
    json_object_begin(w);
    for (uint32_t i = 0; i < m->feature_count; i++) {
        json_text_member(w, m->features[i].name, m->features[i].expression);
    }
    json_object_end(w);
    json_object_end(w);
}
