/* json_writer.c - JSON out: calls into text, and a tree into its canonical text (RFC 8785). */
#include "format/decimal.h"
#include "format/json.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

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

/* The high bit of each byte that may need an escape.  A borrow may mark a byte too many, never one
 * too few. */
static uint64_t specials(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
    uint64_t quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');
    return (((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) |
            ((slash - ones) & ~slash)) &
           highs;
}

/* Does every byte stand for itself?  Eight at a time; the last eight overlap those before. */
static bool is_plain(struct str text)
{
    uint64_t word = UINT64_C(0x2020202020202020);
    if (text.len < sizeof word) {
        memcpy(&word, text.ptr, text.len);
        return specials(word) == 0;
    }
    for (size_t i = 0; i + sizeof word < text.len; i += sizeof word) {
        memcpy(&word, text.ptr + i, sizeof word);
        if (specials(word) != 0) {
            return false;
        }
    }
    memcpy(&word, text.ptr + text.len - sizeof word, sizeof word);
    return specials(word) == 0;
}

static void append_escaped(struct buf *out, struct str value)
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

void json_append_string(struct buf *out, struct str value)
{
    if (value.len == 0 || !buf_has_room(out, value.len + 2) || !is_plain(value)) {
        append_escaped(out, value);
        return;
    }
    char *to = out->ptr + out->len;
    *to++ = '"';
    to = bytes_put(to, value);
    *to++ = '"';
    out->len = (size_t)(to - out->ptr);
}

/* A name known to be plain, with its quotes and what stands around it: `comma` or nothing. */
static inline char *name_put(char *to, bool has_comma, struct str name)
{
    *to = ',';
    to += has_comma ? 1 : 0;
    *to++ = '"';
    to = bytes_put(to, name);
    *to++ = '"';
    *to++ = ':';
    return to;
}

/* The bytes around a name, and those around a string. */
enum { NAME_AROUND = 4, STRING_AROUND = 2 };

static inline void append_name(struct buf *out, bool has_comma, struct str name)
{
    char *to = buf_reserve(out, NAME_AROUND + name.len);
    if (to != NULL) {
        out->len += (size_t)(name_put(to, has_comma, name) - to);
    }
}

/* A member whose name and text are known to be plain: one piece. */
static inline void append_plain_member(struct buf *out, bool has_comma, struct str name,
                                       struct str text)
{
    char *to = buf_reserve(out, NAME_AROUND + name.len + STRING_AROUND + text.len);
    if (to != NULL) {
        to = name_put(to, has_comma, name);
        *to++ = '"';
        to = bytes_put(to, text);
        *to++ = '"';
        out->len = (size_t)(to - out->ptr);
    }
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

/* The first eight bytes of a name, the first most significant, zeros behind its end.  Short ones
 * are put together from pieces that overlap. */
static uint64_t first_bytes(struct str name)
{
    uint64_t word;
    uint32_t first, last;
    if (name.len >= sizeof word) {
        memcpy(&word, name.ptr, sizeof word);
        return be64toh(word);
    }
    if (name.len >= sizeof first) {
        memcpy(&first, name.ptr, sizeof first);
        memcpy(&last, name.ptr + name.len - sizeof last, sizeof last);
        return (uint64_t)be32toh(first) << 32 | (uint64_t)be32toh(last) << (64 - 8 * name.len);
    }
    word = 0;
    for (size_t i = 0; i < name.len; i++) {
        word |= (uint64_t)(unsigned char)name.ptr[i] << (56 - 8 * i);
    }
    return word;
}

/* What orders nearly all names of an object: their beginning, by the rank of its bytes.  Names have
 * no U+0000, so shorter sorts first. */
static inline uint64_t prefix_of(struct str name)
{
    uint64_t prefix = first_bytes(name);
    if ((prefix & UINT64_C(0x8080808080808080)) == 0) { /* ASCII: the rank of a byte is the byte */
        return prefix;
    }
    prefix = 0;
    for (size_t i = 0; i < sizeof prefix; i++) {
        prefix = prefix << 8 | (i < name.len ? (uint64_t)utf16_rank(name.ptr[i]) & 0xFF : 0);
    }
    return prefix;
}

/* A member and the beginning of its name, so that most comparisons are of two numbers. */
struct sorted {
    uint64_t prefix;
    const struct json *member;
};

static inline bool sorts_before(const struct sorted *a, const struct sorted *b)
{
    return a->prefix != b->prefix ? a->prefix < b->prefix
                                  : utf16_compare(a->member->name, b->member->name) < 0;
}

static int sorted_compare(const void *left, const void *right)
{
    return sorts_before(left, right) ? -1 : sorts_before(right, left) ? 1 : 0;
}

/* Few are put in their places one by one; many are left to qsort, whose cost is bounded. */
static void sort(struct sorted *members, size_t count)
{
    if (count > MEMBERS_ON_STACK) {
        qsort(members, count, sizeof *members, sorted_compare);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct sorted one = members[i];
        size_t at = i;
        for (; at > 0 && sorts_before(&one, &members[at - 1]); at--) {
            members[at] = members[at - 1];
        }
        members[at] = one;
    }
}

static void write_member(struct buf *out, bool has_comma, const struct json *member)
{
    if (!member->name_is_plain) {
        if (has_comma) {
            buf_append_byte(out, ',');
        }
        append_escaped(out, member->name);
        buf_append_byte(out, ':');
        json_write_canonical(out, member);
    } else if (member->type == JSON_STRING && member->text_is_plain) { /* as nearly all */
        append_plain_member(out, has_comma, member->name, member->text);
    } else {
        append_name(out, has_comma, member->name);
        json_write_canonical(out, member);
    }
}

static void write_sorted(struct buf *out, const struct json *object, struct sorted *members)
{
    size_t count = 0;
    for (const struct json *m = object->first; m != NULL; m = m->next) {
        members[count++] = (struct sorted){prefix_of(m->name), m};
    }
    CHECK(count == object->count);
    sort(members, count);
    buf_append_byte(out, '{');
    for (size_t i = 0; i < count; i++) {
        write_member(out, i > 0, members[i].member);
    }
    buf_append_byte(out, '}');
}

static void write_object(struct buf *out, const struct json *object)
{
    struct sorted few[MEMBERS_ON_STACK];
    if (object->count <= MEMBERS_ON_STACK) {
        write_sorted(out, object, few);
        return;
    }
    struct sorted *many = calloc(object->count, sizeof *many);
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
    w->out = out;
    w->canonical = false;
    w->has_name = false;
    w->depth = 0; /* a level is filled when it begins */
}

void json_writer_init_canonical(struct json_writer *w, struct buf *out)
{
    json_writer_init(w, out);
    w->canonical = true;
}

/* What stands before a value: nothing behind a name or at the top, a comma between elements. */
static inline void before_value(struct json_writer *w)
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

/* The level that a member of this name goes to, behind those there are. */
static inline struct json_level *member_level(struct json_writer *w, struct str name)
{
    CHECK(w->depth > 0);
    CHECK(!w->has_name);
    struct json_level *level = &w->levels[w->depth - 1];
    CHECK(level->is_object);
    if (w->canonical) {
        uint64_t prefix = prefix_of(name);
        if (level->has_members && prefix <= level->last_prefix) {
            CHECK(prefix == level->last_prefix);
            CHECK(utf16_compare(level->last, name) < 0);
        }
        level->last = name;
        level->last_prefix = prefix;
    }
    return level;
}

void json_name(struct json_writer *w, struct str name)
{
    const struct json_level *level = member_level(w, name);
    append_name(w->out, level->has_members, name);
    w->has_name = true;
}

void json_string(struct json_writer *w, struct str value)
{
    before_value(w);
    json_append_string(w->out, value);
}

struct buf *json_quoted_begin(struct json_writer *w)
{
    before_value(w);
    buf_append_byte(w->out, '"');
    return w->out;
}

void json_quoted_end(struct json_writer *w)
{
    buf_append_byte(w->out, '"');
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
    if (value.len == 0 || !is_plain(value)) {
        json_name(w, name);
        json_string(w, value);
        return;
    }
    struct json_level *level = member_level(w, name);
    append_plain_member(w->out, level->has_members, name, value);
    level->has_members = true;
}
