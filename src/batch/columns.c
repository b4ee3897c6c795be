/* columns.c - paths become a tree once; each row is written along it. */
#include "batch/columns.h"

#include "format/decimal.h"
#include "format/iso8601.h"

#include <stdlib.h>
#include <string.h>

/* What a cell turns into.  Amounts and all else are strings, as in a request. */
enum cell_kind { CELL_TEXT, CELL_AMOUNT, CELL_DATE, CELL_NUMBER, CELL_BOOLEAN };

enum { COLUMN_NONE = -1, CELL_AMOUNT_MAX = 64 };

struct column_node {
    struct str name; /* of a member */
    uint32_t index;  /* of an element */
    bool is_array;   /* its children are elements */
    int32_t column;  /* COLUMN_NONE: none */
    enum cell_kind kind;
    const struct json *constant; /* NULL: none */
    struct column_node *first, *next;
};

static enum cell_kind kind_of(struct str name, struct str parent)
{
    static const struct {
        const char *name;
        enum cell_kind kind;
    } kinds[] = {
        {"amount",          CELL_AMOUNT },
        {"as_of",           CELL_DATE   },
        {"date",            CELL_DATE   },
        {"disputed",        CELL_BOOLEAN},
        {"due_on",          CELL_DATE   },
        {"employees",       CELL_NUMBER },
        {"file",            CELL_BOOLEAN},
        {"incorporated_on", CELL_DATE   },
        {"issued_on",       CELL_DATE   },
        {"months",          CELL_NUMBER },
        {"paid_on",         CELL_DATE   },
        {"pd",              CELL_NUMBER },
        {"period_end",      CELL_DATE   },
        {"share_ratio",     CELL_NUMBER },
        {"terms_days",      CELL_NUMBER },
    };
    if (str_eq(parent, STR("items")) || str_eq(parent, STR("boxes"))) {
        return CELL_AMOUNT;
    }
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (str_eq(name, str_from(kinds[i].name))) {
            return kinds[i].kind;
        }
    }
    return CELL_TEXT;
}

/* ---- the tree ---- */

static bool index_read(uint32_t *out, struct str part)
{
    struct decimal value;
    int64_t index;
    bool is_index = part.len > 0 && part.ptr[0] >= '0' && part.ptr[0] <= '9' &&
                    decimal_read(&value, part) && decimal_to_scaled(&index, value, 0) &&
                    index <= COLUMN_INDEX_MAX;
    *out = is_index ? (uint32_t)index : 0;
    return is_index;
}

static int order(const struct column_node *node, bool is_array, struct str name, uint32_t index)
{
    return is_array ? (node->index > index) - (node->index < index) : !str_eq(node->name, name);
}

/* The child, made where there is none; elements stand by their index.  NULL: no memory. */
static struct column_node *child_of(struct column_node *parent, struct str name, uint32_t index,
                                    struct arena *arena)
{
    struct column_node **at = &parent->first;
    while (*at != NULL && order(*at, parent->is_array, name, index) != 0 &&
           !(parent->is_array && (*at)->index > index)) {
        at = &(*at)->next;
    }
    if (*at != NULL && order(*at, parent->is_array, name, index) == 0) {
        return *at;
    }
    struct column_node *child = arena_new(arena, struct column_node);
    if (child != NULL) {
        *child =
            (struct column_node){.name = name, .index = index, .column = COLUMN_NONE, .next = *at};
        *at = child;
    }
    return child;
}

static enum status refuse_path(struct str path, const char *what, struct error *err)
{
    char field[COLUMN_PATH_MAX + 1];
    size_t len = path.len < COLUMN_PATH_MAX ? path.len : COLUMN_PATH_MAX;
    memcpy(field, path.ptr, len);
    field[len] = '\0';
    return error_set(err, STATUS_INVALID, field, "%s", what);
}

/* A name goes into JSON as it stands. */
static bool is_plain(struct str path)
{
    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        if ((unsigned char)c < ' ' || c == '"' || c == '\\') {
            return false;
        }
    }
    return path.len > 0 && path.len <= COLUMN_PATH_MAX && str_is_utf8(path);
}

/* Walk down `path`, making what is not there; *out is its leaf. */
static enum status leaf_of(struct column_node **out, struct column_node *root, struct str path,
                           struct arena *arena, struct error *err)
{
    struct column_node *node = root;
    struct str parent = STR(""), part = STR("");
    unsigned depth = 0;
    if (!is_plain(path)) {
        return refuse_path(path, "a path has 1 to 128 bytes of UTF-8, no quotes or backslashes",
                           err);
    }
    for (size_t from = 0; from <= path.len;) {
        size_t to = str_find(path, from, '.');
        uint32_t index;
        parent = part;
        part = str_slice(path, from, to);
        bool is_index = index_read(&index, part);
        if (part.len == 0 || ++depth > COLUMN_DEPTH_MAX || (is_index && node == root)) {
            return refuse_path(path, "not the path of a member, such as company.name", err);
        }
        bool is_new = node->first == NULL && node->column == COLUMN_NONE && node->constant == NULL;
        if (node->column != COLUMN_NONE || node->constant != NULL ||
            (!is_new && node->is_array != is_index)) {
            return refuse_path(path,
                               "contradicts another column: one path goes on where another "
                               "ends, or a list has a name",
                               err);
        }
        node->is_array = is_index;
        node = child_of(node, part, index, arena);
        if (node == NULL) {
            return error_set(err, STATUS_TOO_LARGE, "", "no memory for the columns");
        }
        from = to + 1;
    }
    if (node->first != NULL || node->column != COLUMN_NONE || node->constant != NULL) {
        return refuse_path(path, "two columns have this path, or one goes on from it", err);
    }
    node->kind = kind_of(part, parent);
    *out = node;
    return STATUS_OK;
}

static enum status add_constants(struct columns *c, const struct json *mapping, struct arena *arena,
                                 struct error *err)
{
    const struct json *constants = json_find(mapping, STR("constants"));
    for (const struct json *node = constants == NULL ? NULL : constants->first; node != NULL;
         node = node->next) {
        struct column_node *leaf;
        if (node->type == JSON_OBJECT || node->type == JSON_ARRAY || node->type == JSON_NULL) {
            return refuse_path(node->name, "a constant is a string, a number, true or false", err);
        }
        TRY(leaf_of(&leaf, c->root, node->name, arena, err));
        leaf->constant = node;
    }
    return STATUS_OK;
}

static enum status check_mapping(const struct json *mapping, struct error *err)
{
    bool is_object = mapping->type == JSON_OBJECT;
    for (const struct json *m = is_object ? mapping->first : NULL; m != NULL; m = m->next) {
        bool is_known = str_eq(m->name, STR("columns")) || str_eq(m->name, STR("constants"));
        if (!is_known || m->type != JSON_OBJECT) {
            return refuse_path(m->name, "a mapping has the objects columns and constants", err);
        }
    }
    if (!is_object || json_find(mapping, STR("columns")) == NULL) {
        return error_set(err, STATUS_INVALID, "/columns", "required: column names and paths");
    }
    for (const struct json *m = json_find(mapping, STR("columns"))->first; m != NULL; m = m->next) {
        if (m->type != JSON_STRING) {
            return refuse_path(m->name, "the path of a member is a string", err);
        }
    }
    return STATUS_OK;
}

static enum status check_named(const struct str *head, uint32_t count, const struct json *mapping,
                               struct error *err)
{
    for (const struct json *m = json_find(mapping, STR("columns"))->first; m != NULL; m = m->next) {
        uint32_t found = 0;
        for (uint32_t i = 0; i < count; i++) {
            found += str_eq(str_trim(head[i]), m->name) ? 1 : 0;
        }
        if (found != 1) {
            return refuse_path(m->name,
                               found == 0 ? "the table has no column of this name"
                                          : "the table has two columns of this name",
                               err);
        }
    }
    return STATUS_OK;
}

enum status columns_read(struct columns *out, const struct str *head, uint32_t count,
                         const struct json *mapping, bool is_european, struct arena *arena,
                         struct error *err)
{
    struct columns c = {.count = count, .is_european = is_european};
    c.root = arena_new(arena, struct column_node);
    if (c.root == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for the columns");
    }
    c.root->column = COLUMN_NONE;
    if (mapping != NULL) {
        TRY(check_mapping(mapping, err));
        TRY(check_named(head, count, mapping, err));
    }
    for (uint32_t i = 0; i < count; i++) {
        struct column_node *leaf;
        struct str path = arena_copy(arena, str_trim(head[i]));
        if (path.ptr == NULL) {
            return error_set(err, STATUS_TOO_LARGE, "", "no memory for the columns");
        }
        if (mapping != NULL) {
            const struct json *to = json_find(json_find(mapping, STR("columns")), path);
            if (to == NULL) {
                continue;
            }
            path = to->text;
        }
        TRY(leaf_of(&leaf, c.root, path, arena, err));
        leaf->column = (int32_t)i;
    }
    if (mapping != NULL) {
        TRY(add_constants(&c, mapping, arena, err));
    }
    *out = c;
    return STATUS_OK;
}

char columns_separator(struct str head)
{
    static const char separators[] = {',', ';', '\t'};
    size_t counts[sizeof separators] = {0};
    bool is_quoted = false;
    size_t best = 0;
    for (size_t i = 0; i < head.len; i++) {
        is_quoted = head.ptr[i] == '"' ? !is_quoted : is_quoted;
        for (size_t k = 0; k < sizeof separators && !is_quoted; k++) {
            counts[k] += head.ptr[i] == separators[k] ? 1 : 0;
        }
    }
    for (size_t k = 1; k < sizeof separators; k++) {
        best = counts[k] > counts[best] ? k : best;
    }
    return separators[best];
}

/* ---- rows ---- */

/* "1.234.567,89" and "1 234,5" as JSON writes numbers; what fits no such form stays as it is. */
static struct str number_of(struct str cell, bool is_european, char text[CELL_AMOUNT_MAX])
{
    size_t len = 0;
    for (size_t i = 0; is_european && i < cell.len; i++) {
        bool is_nbsp = cell.ptr[i] == '\xC2' && i + 1 < cell.len && cell.ptr[i + 1] == '\xA0';
        i += is_nbsp ? 1 : 0;
        if (is_nbsp || cell.ptr[i] == '.' || cell.ptr[i] == ' ') {
            continue;
        }
        if (len == CELL_AMOUNT_MAX) {
            return cell;
        }
        text[len++] = cell.ptr[i] == ',' ? '.' : cell.ptr[i];
    }
    struct decimal value;
    struct str number = is_european ? str_of(text, len) : cell;
    return decimal_read(&value, number) ? number : cell;
}

/* "31/12/2025" and "31.12.2025". */
static struct str date_of(struct str cell, bool is_european, char text[CELL_AMOUNT_MAX])
{
    bool is_turned = is_european && cell.len == 10 && cell.ptr[2] == cell.ptr[5] &&
                     (cell.ptr[2] == '/' || cell.ptr[2] == '.' || cell.ptr[2] == '-');
    if (!is_turned) {
        return cell;
    }
    memcpy(text, cell.ptr + 6, 4);
    text[4] = text[7] = '-';
    memcpy(text + 5, cell.ptr + 3, 2);
    memcpy(text + 8, cell.ptr, 2);
    return str_of(text, 10);
}

/* A cell that is no number or no truth is written as a string: the request is refused for it, with
 * the member named. */
static void write_cell(struct json_writer *w, const struct column_node *leaf, struct str cell,
                       bool is_european)
{
    char text[CELL_AMOUNT_MAX];
    struct decimal value;
    struct str number = number_of(cell, is_european, text);
    switch (leaf->kind) {
    case CELL_NUMBER:
        if (decimal_read(&value, number)) {
            json_raw(w, number);
            return;
        }
        break;
    case CELL_BOOLEAN:
        if (str_eq(cell, STR("true")) || str_eq(cell, STR("1"))) {
            json_bool(w, true);
            return;
        }
        if (str_eq(cell, STR("false")) || str_eq(cell, STR("0"))) {
            json_bool(w, false);
            return;
        }
        break;
    case CELL_AMOUNT: json_string(w, number); return;
    case CELL_DATE: json_string(w, date_of(cell, is_european, text)); return;
    case CELL_TEXT: break;
    }
    json_string(w, cell);
}

/* Is there a cell below, beside constants? */
static bool is_filled(const struct column_node *node, const struct str *cells)
{
    if (node->column != COLUMN_NONE) {
        return cells[node->column].len > 0;
    }
    for (const struct column_node *child = node->first; child != NULL; child = child->next) {
        if (is_filled(child, cells)) {
            return true;
        }
    }
    return false;
}

static void write_constant(struct json_writer *w, const struct json *constant)
{
    switch (constant->type) {
    case JSON_STRING: json_string(w, constant->text); break;
    case JSON_NUMBER: json_raw(w, constant->text); break;
    case JSON_TRUE: json_bool(w, true); break;
    case JSON_FALSE: json_bool(w, false); break;
    case JSON_NULL:
    case JSON_ARRAY:
    case JSON_OBJECT: break;
    }
}

static void write_node(struct json_writer *w, const struct column_node *node,
                       const struct columns *c, const struct str *cells)
{
    if (node->constant != NULL) {
        write_constant(w, node->constant);
        return;
    }
    if (node->column != COLUMN_NONE) {
        write_cell(w, node, cells[node->column], c->is_european);
        return;
    }
    (node->is_array ? json_array_begin : json_object_begin)(w);
    for (const struct column_node *child = node->first; child != NULL; child = child->next) {
        if (child->constant == NULL && !is_filled(child, cells)) {
            continue;
        }
        if (!node->is_array) {
            json_name(w, child->name);
        }
        write_node(w, child, c, cells);
    }
    (node->is_array ? json_array_end : json_object_end)(w);
}

void columns_write(struct buf *out, const struct columns *columns, const struct str *cells)
{
    struct json_writer w;
    json_writer_init(&w, out);
    write_node(&w, columns->root, columns, cells);
}
