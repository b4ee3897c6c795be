/* json.c - the strict reader: one pass, no recursion, linear time.
 *
 * The containers being read stand on a stack of fixed depth.  Strings without escapes borrow the
 * text; others are decoded into the arena.  A double member name is found at once in a small object
 * (a 64-bit sieve says "surely new" for nearly all names, a scan of at most NAMES_SCANNED decides
 * the rest) and by sorting at the end of a large one, so no choice of names makes the reader slow.
 */
#include "format/json.h"

#include "format/decimal.h"

#include <endian.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAMES_SCANNED = 32,
    EXPONENT_MAX = 999999999,
    NUMBER_LEN_SAFE = 100000000, /* bytes of digits that cannot pass EXPONENT_MAX */
    EXPONENTIAL_LEN_SAFE = 9,    /* bytes of a number with an exponent that cannot */
};

struct level {
    struct json *node; /* the container */
    struct json *last; /* its newest child */
    uint64_t sieve;    /* a bit for each kind of name seen */
};

struct reader {
    const unsigned char *start;
    const unsigned char *at;
    const unsigned char *end;
    struct arena *arena;
    struct json_error *err;
    struct json *top;
    struct str name; /* of the member being read */
    bool name_is_plain;
    bool in_value; /* inside a child of the innermost container, not between two */
    unsigned depth;
    struct level levels[JSON_DEPTH_MAX];
};

/* ---- errors ---- */

/* Append one reference token to a pointer of fixed size, if it fits whole. */
static bool pointer_append(char *pointer, size_t size, struct str token)
{
    size_t len = strlen(pointer);
    size_t at = len;
    if (at + 1 >= size) {
        return false;
    }
    pointer[at++] = '/';
    for (size_t i = 0; i < token.len; i++) {
        bool is_escaped = token.ptr[i] == '~' || token.ptr[i] == '/';
        if (at + (is_escaped ? 2 : 1) >= size) {
            pointer[len] = '\0';
            return false;
        }
        pointer[at++] = is_escaped ? '~' : token.ptr[i];
        if (is_escaped) {
            pointer[at++] = token.ptr[i] == '~' ? '0' : '1';
        }
    }
    pointer[at] = '\0';
    return true;
}

static bool pointer_append_child(struct json_error *err, const struct json *parent, struct str name,
                                 uint32_t index)
{
    char digits[16];
    if (parent->type == JSON_ARRAY) {
        (void)snprintf(digits, sizeof digits, "%u", (unsigned)index);
        name = str_from(digits);
    }
    return pointer_append(err->pointer, sizeof err->pointer, name);
}

/* Nothing follows a token that did not fit: a cut pointer names a container of the fault. */
static void error_pointer(struct json_error *err, const struct reader *r)
{
    err->pointer[0] = '\0';
    for (unsigned i = 1; i < r->depth; i++) {
        const struct json *child = r->levels[i].node;
        if (!pointer_append_child(err, child->parent, child->name, child->index)) {
            return;
        }
    }
    if (r->depth > 0 && r->in_value) {
        const struct json *parent = r->levels[r->depth - 1].node;
        (void)pointer_append_child(err, parent, r->name, parent->count);
    }
}

static bool fail(const struct reader *r, const unsigned char *at, const char *format, ...)
    PRINTF(3, 4);

/* Note what was wrong at `at`, and return false for the caller to hand on. */
static bool fail(const struct reader *r, const unsigned char *at, const char *format, ...)
{
    struct json_error *err = r->err;
    if (err == NULL) {
        return false;
    }
    *err = (struct json_error){.offset = (size_t)(at - r->start), .line = 1};
    const unsigned char *line = r->start, *newline;
    while ((newline = memchr(line, '\n', (size_t)(at - line))) != NULL) {
        line = newline + 1;
        err->line++;
    }
    err->column = (unsigned)(at - line) + 1;
    error_pointer(err, r);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    return false;
}

static bool fail_expected(const struct reader *r, const unsigned char *at, const char *expected)
{
    if (at == r->end) {
        return fail(r, at, "expected %s, found the end of the text", expected);
    }
    if (*at < 0x20 || *at >= 0x7F) {
        return fail(r, at, "expected %s, found byte 0x%02X", expected, *at);
    }
    return fail(r, at, "expected %s, found '%c'", expected, *at);
}

static bool fail_full(const struct reader *r)
{
    return fail(r, r->at, "the document needs more memory than one request may use");
}

/* ---- strings ---- */

/* Skip bytes that stand for themselves: ASCII but controls, quote and backslash; eight at a time
 * where eight are left. */
static inline const unsigned char *skip_plain(const unsigned char *at, const unsigned char *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
    while (end - at >= 8) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        word = le64toh(word);
        uint64_t quote = word ^ (ones * '"');
        uint64_t slash = word ^ (ones * '\\');
        /* The high bit of a byte is set where it is special.  A borrow may mark one too many, but
         * only behind one that is: the first that is marked is the first there is. */
        uint64_t special = (word | (word - ones * 0x20) | (quote - ones) | (slash - ones)) & highs;
        if (special != 0) {
            return at + __builtin_ctzll(special) / 8;
        }
        at += 8;
    }
    while (at < end && *at >= 0x20 && *at < 0x80 && *at != '"' && *at != '\\') {
        at++;
    }
    return at;
}

/* RFC 7493 forbids what Unicode calls noncharacters. */
static bool is_noncharacter(uint32_t code)
{
    return (code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF);
}

/* Take one UTF-8 sequence of two to four bytes (RFC 3629: shortest form, no surrogates). */
static bool take_utf8(struct reader *r)
{
    const unsigned char *p = r->at;
    size_t len = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || len > (size_t)(r->end - p)) {
        return fail(r, p, "the text is not UTF-8");
    }
    uint32_t code = p[0] & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return fail(r, p, "the text is not UTF-8");
        }
        code = code << 6 | (p[i] & 0x3Fu);
    }
    bool is_overlong = (len == 3 && code < 0x800) || (len == 4 && code < 0x10000);
    if (is_overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        return fail(r, p, "the text is not UTF-8");
    }
    if (is_noncharacter(code)) {
        return fail(r, p, "U+%04X is not a character", (unsigned)code);
    }
    r->at = p + len;
    return true;
}

/* The value of a hexadecimal digit, or 16. */
static unsigned hex_value(unsigned char c)
{
    if (c >= '0' && c <= '9') {
        return (unsigned)(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return (unsigned)(c - 'a') + 10;
    }
    return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10 : 16;
}

static bool take_hex4(struct reader *r, uint32_t *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        unsigned digit = r->at == r->end ? 16 : hex_value(*r->at);
        if (digit == 16) {
            return fail_expected(r, r->at, "four hexadecimal digits");
        }
        *unit = *unit << 4 | digit;
    }
    return true;
}

/* Take what follows "\u": one unit, or two that make a pair. */
static bool take_unicode_escape(struct reader *r, uint32_t *code)
{
    const unsigned char *from = r->at - 2;
    uint32_t low = 0;
    if (!take_hex4(r, code)) {
        return false;
    }
    if (*code >= 0xD800 && *code <= 0xDBFF && r->end - r->at >= 2 && memcmp(r->at, "\\u", 2) == 0) {
        r->at += 2;
        if (!take_hex4(r, &low)) {
            return false;
        }
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
        }
    }
    if (*code >= 0xD800 && *code <= 0xDFFF) {
        return fail(r, from, "half of a surrogate pair is not a character");
    }
    if (*code == 0) {
        return fail(r, from, "U+0000 is not allowed");
    }
    return !is_noncharacter(*code) || fail(r, from, "U+%04X is not a character", (unsigned)*code);
}

/* Take one escape, from its backslash on. */
static bool take_escape(struct reader *r, uint32_t *code)
{
    static const char letters[] = "\"\\/bfnrt", codes[] = "\"\\/\b\f\n\r\t";
    r->at++;
    if (r->at < r->end && *r->at == 'u') {
        r->at++;
        return take_unicode_escape(r, code);
    }
    const char *letter = r->at == r->end || *r->at == 0 ? NULL : strchr(letters, *r->at);
    if (letter == NULL) {
        return fail_expected(r, r->at, "one of \" \\ / b f n r t u behind a backslash");
    }
    *code = (unsigned char)codes[letter - letters];
    r->at++;
    return true;
}

static char *write_utf8(char *to, uint32_t code)
{
    if (code < 0x80) {
        *to++ = (char)code;
    } else if (code < 0x800) {
        *to++ = (char)(0xC0 | code >> 6);
        *to++ = (char)(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        *to++ = (char)(0xE0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 0x3F));
        *to++ = (char)(0x80 | (code & 0x3F));
    } else {
        *to++ = (char)(0xF0 | code >> 18);
        *to++ = (char)(0x80 | (code >> 12 & 0x3F));
        *to++ = (char)(0x80 | (code >> 6 & 0x3F));
        *to++ = (char)(0x80 | (code & 0x3F));
    }
    return to;
}

/* Decode [from, r->at), which was found valid, into the arena.  No escape is shorter than what it
 * stands for. */
static bool decode_string(struct reader *r, const unsigned char *from, struct str *out)
{
    const unsigned char *end = r->at;
    char *to = arena_alloc(r->arena, (size_t)(end - from), 1);
    if (to == NULL) {
        return fail_full(r);
    }
    out->ptr = to;
    r->at = from;
    while (r->at < end) {
        const unsigned char *slash = memchr(r->at, '\\', (size_t)(end - r->at));
        size_t len = (size_t)((slash == NULL ? end : slash) - r->at);
        memcpy(to, r->at, len);
        to += len;
        r->at += len;
        if (slash != NULL) {
            uint32_t code = 0;
            CHECK(take_escape(r, &code));
            to = write_utf8(to, code);
        }
    }
    CHECK(r->at == end);
    out->len = (size_t)(to - out->ptr);
    return true;
}

/* Take the rest of a string, from the first byte that does not stand for itself to behind its
 * quote; `from` is its first. */
static bool take_string_rest(struct reader *r, const unsigned char *from, struct str *out,
                             bool *is_plain)
{
    bool has_escapes = false;
    uint32_t code;
    for (;;) {
        r->at = skip_plain(r->at, r->end);
        if (r->at == r->end) {
            return fail_expected(r, r->at, "'\"' at the end of a string");
        }
        if (*r->at == '"') {
            break;
        }
        if (*r->at == '\\') {
            has_escapes = true;
            if (!take_escape(r, &code)) {
                return false;
            }
        } else if (*r->at < 0x20) {
            return fail(r, r->at, "control character 0x%02X in a string must be escaped", *r->at);
        }
        while (r->at < r->end && *r->at >= 0x80) {
            if (!take_utf8(r)) {
                return false;
            }
        }
    }
    *out = str_of(from, (size_t)(r->at - from));
    *is_plain = !has_escapes;
    if (has_escapes && !decode_string(r, from, out)) {
        return false;
    }
    r->at++;
    return true;
}

/* Take a string, from its quote to behind its quote.  Nearly every one is plain ASCII. */
static inline bool take_string(struct reader *r, struct str *out, bool *is_plain)
{
    const unsigned char *from = r->at + 1, *at = skip_plain(from, r->end);
    if (at < r->end && *at == '"') {
        *out = str_of(from, (size_t)(at - from));
        *is_plain = true;
        r->at = at + 1;
        return true;
    }
    r->at = at;
    return take_string_rest(r, from, out, is_plain);
}

/* ---- numbers and words ---- */

static bool is_digit_at(const struct reader *r)
{
    return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

/* Take at least one digit. */
static bool take_digits(struct reader *r, const char *where)
{
    const unsigned char *at = r->at;
    while (at < r->end && *at >= '0' && *at <= '9') {
        at++;
    }
    if (at == r->at) {
        return fail_expected(r, at, where);
    }
    r->at = at;
    return true;
}

/* Take an exponent, from its letter on, if there is one. */
static bool take_exponent(struct reader *r, bool *has_exponent)
{
    *has_exponent = r->at < r->end && (*r->at == 'e' || *r->at == 'E');
    if (!*has_exponent) {
        return true;
    }
    r->at++;
    if (r->at < r->end && (*r->at == '+' || *r->at == '-')) {
        r->at++;
    }
    return take_digits(r, "a digit in the exponent");
}

/* The size of a number is bounded so that its exact canonical form can be computed, and is itself a
 * number that can be read. */
static bool check_size(struct reader *r, struct str number, bool has_exponent)
{
    if (number.len < (has_exponent ? EXPONENTIAL_LEN_SAFE : NUMBER_LEN_SAFE)) {
        return true;
    }
    int64_t exponent = decimal_exponent(number);
    return (exponent <= EXPONENT_MAX && exponent >= -EXPONENT_MAX) ||
           fail(r, (const unsigned char *)number.ptr, "a number has an exponent of at most %d",
                EXPONENT_MAX);
}

static bool take_number(struct reader *r, struct str *out)
{
    const unsigned char *from = r->at;
    bool has_exponent = false;
    if (*r->at == '-') {
        r->at++;
    }
    if (r->at < r->end && *r->at == '0') {
        r->at++;
        if (is_digit_at(r)) {
            return fail(r, r->at, "a number has no leading zeros");
        }
    } else if (!take_digits(r, "a digit")) {
        return false;
    }
    if (r->at < r->end && *r->at == '.') {
        r->at++;
        if (!take_digits(r, "a digit behind the decimal point")) {
            return false;
        }
    }
    if (!take_exponent(r, &has_exponent)) {
        return false;
    }
    *out = str_of(from, (size_t)(r->at - from));
    return check_size(r, *out, has_exponent);
}

static bool take_word(struct reader *r, const char *word)
{
    for (; *word != '\0'; word++, r->at++) {
        if (r->at == r->end || *r->at != (unsigned char)*word) {
            return fail_expected(r, r->at, "null, true or false");
        }
    }
    return true;
}

/* ---- objects and arrays ---- */

static inline void skip_blanks(struct reader *r)
{
    const uint64_t blanks =
        UINT64_C(1) << ' ' | UINT64_C(1) << '\n' | UINT64_C(1) << '\r' | UINT64_C(1) << '\t';
    const unsigned char *at = r->at;
    while (at < r->end && *at <= ' ' && (blanks >> *at & 1) != 0) {
        at++;
    }
    r->at = at;
}

static uint64_t sieve_bit(struct str name)
{
    if (name.len == 0) {
        return 1;
    }
    unsigned first = (unsigned char)name.ptr[0];
    unsigned middle = (unsigned char)name.ptr[name.len / 2];
    unsigned last = (unsigned char)name.ptr[name.len - 1];
    return UINT64_C(1) << ((first + 3 * middle + 7 * last + 13 * (unsigned)name.len) & 63);
}

static bool fail_double_name(const struct reader *r, const unsigned char *at)
{
    return fail(r, at, "an object has each name once");
}

/* Is the name just read new among the first NAMES_SCANNED of its object? */
static bool check_name(struct reader *r, const unsigned char *at)
{
    struct level *level = &r->levels[r->depth - 1];
    uint64_t bit = sieve_bit(r->name);
    if (level->node->count < NAMES_SCANNED && (level->sieve & bit) != 0 &&
        json_find(level->node, r->name) != NULL) {
        return fail_double_name(r, at);
    }
    level->sieve |= bit;
    return true;
}

/* Take the name of a member and its colon. */
static bool take_name(struct reader *r)
{
    skip_blanks(r);
    if (r->at == r->end || *r->at != '"') {
        return fail_expected(r, r->at, "a member name in quotes");
    }
    const unsigned char *from = r->at;
    if (!take_string(r, &r->name, &r->name_is_plain)) {
        return false;
    }
    r->in_value = true;
    if (!check_name(r, from)) {
        return false;
    }
    skip_blanks(r);
    if (r->at == r->end || *r->at != ':') {
        return fail_expected(r, r->at, "':' behind a member name");
    }
    r->at++;
    return true;
}

static int name_compare(const void *left, const void *right)
{
    const struct json *a = *(const struct json *const *)left;
    const struct json *b = *(const struct json *const *)right;
    int order = str_compare(a->name, b->name);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* The quote that opens the name of a member: a quote inside a name always has a backslash before
 * it, the one that opens it never has. */
static const unsigned char *name_start(const struct reader *r, const struct json *member)
{
    const unsigned char *p = r->start + member->offset;
    do {
        p--;
    } while (*p != ':');
    do {
        p--;
    } while (*p != '"');
    do {
        p--;
    } while (*p != '"' || p[-1] == '\\');
    return p;
}

/* Are the names of a large object all different?  Sorting bounds the cost whatever the names are.
 */
static bool check_names(struct reader *r, const struct json *object)
{
    const struct json **sorted = arena_array(r->arena, const struct json *, object->count);
    const struct json *twin = NULL;
    size_t count = 0;
    if (sorted == NULL) {
        return fail_full(r);
    }
    for (const struct json *m = object->first; m != NULL; m = m->next) {
        sorted[count++] = m;
    }
    CHECK(count == object->count);
    qsort(sorted, count, sizeof(const struct json *), name_compare);
    for (size_t i = 1; i < count; i++) {
        if (str_eq(sorted[i - 1]->name, sorted[i]->name) &&
            (twin == NULL || sorted[i]->index < twin->index)) {
            twin = sorted[i];
        }
    }
    if (twin == NULL) {
        return true;
    }
    r->name = twin->name;
    r->in_value = true;
    return fail_double_name(r, name_start(r, twin));
}

/* A new child of the innermost container, or the top. */
static struct json *node_create(struct reader *r, enum json_type type)
{
    struct json *node = arena_take(r->arena, sizeof *node);
    if (node == NULL) {
        return NULL;
    }
    *node = (struct json){.type = type, .offset = (uint32_t)(r->at - r->start)};
    if (r->depth == 0) {
        r->top = node;
        return node;
    }
    const struct level *level = &r->levels[r->depth - 1];
    node->parent = level->node;
    node->index = level->node->count;
    if (level->node->type == JSON_OBJECT) {
        node->name = r->name;
        node->name_is_plain = r->name_is_plain;
    }
    return node;
}

/* Hang a child into its container.  A scalar is hung in when it is whole, so that an error inside
 * it still counts it as the next one. */
static void node_link(struct reader *r, struct json *node)
{
    r->in_value = false;
    if (r->depth == 0) {
        return;
    }
    struct level *level = &r->levels[r->depth - 1];
    if (level->last == NULL) {
        level->node->first = node;
    } else {
        level->last->next = node;
    }
    level->last = node;
    level->node->count++;
}

static bool take_scalar(struct reader *r, struct json *node)
{
    switch (node->type) {
    case JSON_STRING: return take_string(r, &node->text, &node->text_is_plain);
    case JSON_NUMBER: return take_number(r, &node->text);
    case JSON_TRUE: return take_word(r, "true");
    case JSON_FALSE: return take_word(r, "false");
    case JSON_NULL: return take_word(r, "null");
    case JSON_ARRAY:
    case JSON_OBJECT: break;
    }
    return false;
}

static bool type_of_byte(enum json_type *type, unsigned char byte)
{
    switch (byte) {
    case '"': *type = JSON_STRING; return true;
    case '{': *type = JSON_OBJECT; return true;
    case '[': *type = JSON_ARRAY; return true;
    case 't': *type = JSON_TRUE; return true;
    case 'f': *type = JSON_FALSE; return true;
    case 'n': *type = JSON_NULL; return true;
    default: *type = JSON_NUMBER; return byte == '-' || (byte >= '0' && byte <= '9');
    }
}

/* Take a whole scalar, or the opening bracket of a container, which goes onto the stack. */
static bool take_value(struct reader *r)
{
    enum json_type type;
    skip_blanks(r);
    r->in_value = true;
    if (r->at == r->end || !type_of_byte(&type, *r->at)) {
        return fail_expected(r, r->at, "a value");
    }
    bool is_container = type == JSON_OBJECT || type == JSON_ARRAY;
    if (is_container && r->depth == JSON_DEPTH_MAX) {
        return fail(r, r->at, "objects and arrays may nest %d deep", JSON_DEPTH_MAX);
    }
    struct json *node = node_create(r, type);
    if (node == NULL) {
        return fail_full(r);
    }
    if (!is_container) {
        if (!take_scalar(r, node)) {
            return false;
        }
        node_link(r, node);
        return true;
    }
    node_link(r, node);
    r->levels[r->depth++] = (struct level){.node = node};
    r->at++;
    return true;
}

/* Go on behind a value or an opening bracket: close what ends here and stop before the next value,
 * its name taken, or with nothing left open. */
static bool take_separators(struct reader *r)
{
    while (r->depth > 0) {
        struct json *node = r->levels[r->depth - 1].node;
        bool is_object = node->type == JSON_OBJECT;
        skip_blanks(r);
        if (r->at < r->end && *r->at == (is_object ? '}' : ']')) {
            if (is_object && node->count > NAMES_SCANNED && !check_names(r, node)) {
                return false;
            }
            r->at++;
            r->depth--;
            continue;
        }
        if (node->count > 0) {
            if (r->at == r->end || *r->at != ',') {
                return fail_expected(r, r->at, is_object ? "',' or '}'" : "',' or ']'");
            }
            r->at++;
        }
        return !is_object || take_name(r);
    }
    return true;
}

const struct json *json_read(struct str text, struct arena *arena, struct json_error *err)
{
    struct reader r = {.arena = arena, .err = err, .name = STR("")};
    r.start = r.at = (const unsigned char *)str_of(text.ptr, text.len).ptr;
    r.end = r.start + text.len;
    if (text.len > UINT32_MAX) {
        (void)fail(&r, r.start, "a document is shorter than 4 GiB");
        return NULL;
    }
    if (str_starts_with(text, STR("\xEF\xBB\xBF"))) {
        (void)fail(&r, r.start, "a document does not start with a byte order mark");
        return NULL;
    }
    do {
        if (!take_value(&r) || !take_separators(&r)) {
            return NULL;
        }
    } while (r.depth > 0);
    skip_blanks(&r);
    if (r.at != r.end) {
        (void)fail_expected(&r, r.at, "nothing behind the value");
        return NULL;
    }
    return r.top;
}

/* ---- the tree ---- */

const char *json_type_name(enum json_type type)
{
    static const char *const names[] = {
        [JSON_NULL] = "null",     [JSON_FALSE] = "boolean", [JSON_TRUE] = "boolean",
        [JSON_NUMBER] = "number", [JSON_STRING] = "string", [JSON_ARRAY] = "array",
        [JSON_OBJECT] = "object",
    };
    CHECK(type <= JSON_OBJECT);
    return names[type];
}

static void append_token(struct buf *out, struct str token)
{
    buf_append_byte(out, '/');
    for (size_t i = 0; i < token.len; i++) {
        if (token.ptr[i] == '~') {
            buf_append(out, STR("~0"));
        } else if (token.ptr[i] == '/') {
            buf_append(out, STR("~1"));
        } else {
            buf_append_byte(out, token.ptr[i]);
        }
    }
}

void json_pointer(struct buf *out, const struct json *node)
{
    const struct json *path[JSON_DEPTH_MAX];
    size_t len = 0;
    for (; node->parent != NULL; node = node->parent) {
        CHECK(len < JSON_DEPTH_MAX);
        path[len++] = node;
    }
    while (len > 0) {
        const struct json *step = path[--len];
        if (step->parent->type == JSON_OBJECT) {
            append_token(out, step->name);
        } else {
            buf_append_byte(out, '/');
            buf_append_int(out, step->index);
        }
    }
}
