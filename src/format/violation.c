/* violation.c - collecting faults; a long list is cut, but counted to its end. */
#include "format/violation.h"

#include <stdarg.h>
#include <stdio.h>

enum { RECEIVED_LEN_MAX = 64, DETAIL_LEN_MAX = 320, SUGGESTION_DISTANCE_MAX = 2 };

/* At most `len` bytes of a text, not through the middle of a character. */
static struct str cut(struct str text, size_t len)
{
    if (text.len <= len) {
        return text;
    }
    while (len > 0 && ((unsigned char)text.ptr[len] & 0xC0) == 0x80) {
        len--;
    }
    return str_slice(text, 0, len);
}

/* The pointer of a node, or of the nearest one above it whose pointer is not too long. */
static struct str pointer_of(struct arena *arena, const struct json *node, struct str name)
{
    struct buf text;
    buf_init(&text, JSON_POINTER_LEN_MAX);
    json_pointer(&text, node);
    if (name.len > 0) {
        struct json member = {.name = name, .parent = node};
        buf_clear(&text);
        json_pointer(&text, &member);
    }
    while (buf_failed(&text)) {
        buf_clear(&text);
        json_pointer(&text, node);
        node = node->parent;
    }
    struct str copy = arena_copy(arena, buf_str(&text));
    buf_finish(&text);
    return copy;
}

/* What stands there, as it came. */
static struct str received(struct arena *arena, const struct json *node)
{
    switch (node->type) {
    case JSON_STRING:
    case JSON_NUMBER: return arena_copy(arena, cut(node->text, RECEIVED_LEN_MAX));
    case JSON_TRUE: return STR("true");
    case JSON_FALSE: return STR("false");
    case JSON_NULL: return STR("null");
    case JSON_ARRAY: return STR("array");
    case JSON_OBJECT: return STR("object");
    }
    return STR("");
}

/* Count a fault, and give it a place if there is one left. */
static struct violation *next_place(struct violations *v)
{
    CHECK(v->count <= VIOLATIONS_MAX);
    v->total++;
    return v->count < VIOLATIONS_MAX ? &v->items[v->count++] : NULL;
}

void violations_init(struct violations *v, struct arena *arena)
{
    v->arena = arena;
    v->count = 0;
    v->total = 0;
}

void violation_at(struct violations *v, const struct json *node, const char *code,
                  const char *expected, const char *format, ...)
{
    char detail[DETAIL_LEN_MAX];
    struct violation *place = next_place(v);
    if (place == NULL) {
        return;
    }
    va_list args;
    va_start(args, format);
    (void)vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    *place = (struct violation){
        .pointer = pointer_of(v->arena, node, STR("")),
        .code = code,
        .detail = arena_copy(v->arena, cut(str_from(detail), sizeof detail - 2)),
        .expected = arena_copy(v->arena, str_from(expected)),
        .received = received(v->arena, node),
    };
}

void violation_missing(struct violations *v, const struct json *parent, const char *name,
                       const char *expected)
{
    struct violation *place = next_place(v);
    if (place == NULL) {
        return;
    }
    *place = (struct violation){
        .pointer = pointer_of(v->arena, parent, str_from(name)),
        .code = "required",
        .detail = arena_printf(v->arena, "The member \"%s\" is required.", name),
        .expected = arena_copy(v->arena, str_from(expected)),
        .received = STR(""),
    };
}

static bool is_known(struct str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        /* Most differ in the first byte: only the others are compared.  No name has a U+0000. */
        if (name.len > 0 && names[i][0] == name.ptr[0] &&
            strncmp(names[i], name.ptr, name.len) == 0 && names[i][name.len] == '\0') {
            return true;
        }
    }
    return false;
}

/* The known name that was probably meant, or NULL. */
static const char *nearest(struct str name, const char *const *names, size_t count)
{
    unsigned best = name.len < 4 ? 1 : SUGGESTION_DISTANCE_MAX;
    const char *found = NULL;
    for (size_t i = 0; i < count; i++) {
        unsigned distance = str_distance(name, str_from(names[i]), best);
        if (distance < best || (distance == best && found == NULL)) {
            best = distance;
            found = names[i];
        }
    }
    return found;
}

void violation_unknown_member(struct violations *v, const struct json *member,
                              const char *const *names, size_t name_count)
{
    struct violation *place = next_place(v);
    if (place == NULL) {
        return;
    }
    const char *meant = nearest(member->name, names, name_count);
    *place = (struct violation){
        .pointer = pointer_of(v->arena, member, STR("")),
        .code = "unknown_member",
        .detail =
            meant == NULL
                ? STR("There is no such member.")
                : arena_printf(v->arena, "There is no such member; did you mean \"%s\"?", meant),
        .expected = arena_copy(v->arena, str_from(meant)),
        .received = arena_copy(v->arena, cut(member->name, RECEIVED_LEN_MAX)),
    };
}

void violation_unknown_members(struct violations *v, const struct json *object,
                               const char *const *names, size_t name_count)
{
    CHECK(object->type == JSON_OBJECT);
    for (const struct json *m = object->first; m != NULL; m = m->next) {
        if (!is_known(m->name, names, name_count)) {
            violation_unknown_member(v, m, names, name_count);
        }
    }
}

static void write_unless_empty(struct json_writer *w, struct str name, struct str value)
{
    if (value.len > 0) {
        json_text_member(w, name, value);
    }
}

void violations_write(struct json_writer *w, const struct violations *v)
{
    json_array_begin(w);
    for (uint32_t i = 0; i < v->count; i++) {
        const struct violation *item = &v->items[i];
        json_object_begin(w);
        json_text_member(w, STR("pointer"), item->pointer);
        json_text_member(w, STR("code"), str_from(item->code));
        json_text_member(w, STR("detail"), item->detail);
        write_unless_empty(w, STR("expected"), item->expected);
        write_unless_empty(w, STR("received"), item->received);
        json_object_end(w);
    }
    json_array_end(w);
}
