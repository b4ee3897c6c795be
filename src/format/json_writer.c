/* json_writer.c - JSON out: calls into text, and a tree into its canonical text (RFC 8785). */
#include "format/decimal.h"
#include "format/json.h"

#include <stdlib.h>

enum { MEMBERS_ON_STACK = 32 };

/* ---- strings ---- */

/* The escapes of ECMAScript: short where there is a short one, lower-case hexadecimal digits else.
 */
static void append_escape(struct buf *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char letters[0x20] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    if (c == '"' || c == '\\' || letters[c & 0x1F] != 0) {
        char pair[2] = {'\\', c < 0x20 ? letters[c] : (char)c};
        buf_append(out, str_of(pair, sizeof pair));
        return;
    }
    char code[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    buf_append(out, str_of(code, sizeof code));
}

void json_append_string(struct buf *out, struct str value)
{
    size_t from = 0;
    buf_append_byte(out, '"');
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        if (c < 0x20 || c == '"' || c == '\\') {
            buf_append(out, str_slice(value, from, i));
            append_escape(out, c);
            from = i + 1;
        }
    }
    buf_append(out, str_slice(value, from, value.len));
    buf_append_byte(out, '"');
}

/* ---- canonical trees ---- */

/* UTF-8 sorts by code point.  UTF-16 differs in one thing: what is above U+FFFF (lead bytes F0 and
 * up) comes before U+E000..U+FFFF (lead bytes EE and EF). */
static int utf16_rank(char byte)
{
    int c = (unsigned char)byte;
    return c == 0xEE || c == 0xEF ? c + 0x10 : c;
}

static int utf16_compare(struct str a, struct str b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    for (size_t i = 0; i < shared; i++) {
        if (a.ptr[i] != b.ptr[i]) {
            return utf16_rank(a.ptr[i]) - utf16_rank(b.ptr[i]);
        }
    }
    return (a.len > b.len) - (a.len < b.len);
}

static int member_compare(const void *left, const void *right)
{
    const struct json *a = *(const struct json *const *)left;
    const struct json *b = *(const struct json *const *)right;
    return utf16_compare(a->name, b->name);
}

static void write_sorted(struct buf *out, const struct json *object, const struct json **members)
{
    size_t count = 0;
    for (const struct json *m = object->first; m != NULL; m = m->next) {
        members[count++] = m;
    }
    CHECK(count == object->count);
    qsort(members, count, sizeof(const struct json *), member_compare);
    buf_append_byte(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            buf_append_byte(out, ',');
        }
        json_append_string(out, members[i]->name);
        buf_append_byte(out, ':');
        json_write_canonical(out, members[i]);
    }
    buf_append_byte(out, '}');
}

static void write_object(struct buf *out, const struct json *object)
{
    const struct json *few[MEMBERS_ON_STACK];
    if (object->count <= MEMBERS_ON_STACK) {
        write_sorted(out, object, few);
        return;
    }
    const struct json **many = calloc(object->count, sizeof(const struct json *));
    if (many == NULL) {
        out->failed = true;
        return;
    }
    write_sorted(out, object, many);
    free(many);
}

static void write_array(struct buf *out, const struct json *array)
{
    buf_append_byte(out, '[');
    for (const struct json *e = array->first; e != NULL; e = e->next) {
        if (e != array->first) {
            buf_append_byte(out, ',');
        }
        json_write_canonical(out, e);
    }
    buf_append_byte(out, ']');
}

/* Recursion is as deep as the tree, which json_read bounds. */
void json_write_canonical(struct buf *out, const struct json *node)
{
    switch (node->type) {
    case JSON_NULL: buf_append(out, STR("null")); break;
    case JSON_FALSE: buf_append(out, STR("false")); break;
    case JSON_TRUE: buf_append(out, STR("true")); break;
    case JSON_NUMBER: decimal_write_canonical(out, node->text); break;
    case JSON_STRING: json_append_string(out, node->text); break;
    case JSON_ARRAY: write_array(out, node); break;
    case JSON_OBJECT: write_object(out, node); break;
    }
}

/* ---- the writer ---- */

void json_writer_init(struct json_writer *w, struct buf *out)
{
    *w = (struct json_writer){.out = out};
}

void json_writer_init_canonical(struct json_writer *w, struct buf *out)
{
    *w = (struct json_writer){.out = out, .canonical = true};
}

/* What stands before a value: nothing behind a name or at the top, a comma between elements. */
static void before_value(struct json_writer *w)
{
    if (w->depth == 0) {
        return;
    }
    struct json_level *level = &w->levels[w->depth - 1];
    CHECK(level->is_object == w->has_name);
    if (!level->is_object && level->has_members) {
        buf_append_byte(w->out, ',');
    }
    level->has_members = true;
    w->has_name = false;
}

static void begin(struct json_writer *w, bool is_object)
{
    before_value(w);
    CHECK(w->depth < JSON_DEPTH_MAX);
    w->levels[w->depth++] = (struct json_level){.is_object = is_object};
    buf_append_byte(w->out, is_object ? '{' : '[');
}

static void end(struct json_writer *w, bool is_object)
{
    CHECK(w->depth > 0);
    CHECK(!w->has_name);
    CHECK(w->levels[w->depth - 1].is_object == is_object);
    w->depth--;
    buf_append_byte(w->out, is_object ? '}' : ']');
}

void json_object_begin(struct json_writer *w)
{
    begin(w, true);
}

void json_object_end(struct json_writer *w)
{
    end(w, true);
}

void json_array_begin(struct json_writer *w)
{
    begin(w, false);
}

void json_array_end(struct json_writer *w)
{
    end(w, false);
}

void json_name(struct json_writer *w, struct str name)
{
    CHECK(w->depth > 0);
    CHECK(!w->has_name);
    struct json_level *level = &w->levels[w->depth - 1];
    CHECK(level->is_object);
    if (level->has_members) {
        CHECK(!w->canonical || utf16_compare(level->last, name) < 0);
        buf_append_byte(w->out, ',');
    }
    level->last = name;
    w->has_name = true;
    json_append_string(w->out, name);
    buf_append_byte(w->out, ':');
}

void json_string(struct json_writer *w, struct str value)
{
    before_value(w);
    json_append_string(w->out, value);
}

void json_int(struct json_writer *w, int64_t value)
{
    before_value(w);
    buf_append_int(w->out, value);
}

void json_decimal(struct json_writer *w, int64_t mantissa, unsigned scale)
{
    /* One digit more would need an exponent in the canonical form. */
    CHECK(scale <= 6);
    before_value(w);
    decimal_write(w->out, mantissa, scale);
}

void json_bool(struct json_writer *w, bool value)
{
    before_value(w);
    buf_append(w->out, value ? STR("true") : STR("false"));
}

void json_null(struct json_writer *w)
{
    before_value(w);
    buf_append(w->out, STR("null"));
}

void json_raw(struct json_writer *w, struct str json)
{
    before_value(w);
    buf_append(w->out, json);
}

void json_text_member(struct json_writer *w, struct str name, struct str value)
{
    json_name(w, name);
    json_string(w, value);
}
