/* json.h - a strict JSON reader into the arena, and a writer.
 *
 * Reading (RFC 8259 and RFC 7493): UTF-8 only, no BOM, duplicate member names refused; U+0000, lone
 * surrogates and noncharacters refused; depth and nodes limited.  Numbers stay as they were written
 * (of at most 10^999999999): whoever needs one asks format/decimal.h.  A tree borrows from
 * the text it was read from and lives in the arena.
 *
 * Every node knows its parent, so any node can say its JSON Pointer: errors point at what is wrong.
 *
 * Writing: compact, in the order of the calls, straight into a buf.  A canonical writer CHECKs that
 * the members of each object come in the order of RFC 8785, so canonical text costs no sorting. */
#ifndef FORMAT_JSON_H
#define FORMAT_JSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

#include <stdint.h>

enum { JSON_DEPTH_MAX = 32, JSON_POINTER_LEN_MAX = 512 };

enum json_type {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
};

struct json {
    enum json_type type;
    uint32_t offset;           /* of its first byte in the text */
    uint32_t count;            /* members of an object, elements of an array */
    uint32_t index;            /* place among its parent's children */
    bool name_is_plain;        /* written without a backslash: every byte stands for itself */
    bool text_is_plain;        /* the same of a string */
    struct str name;           /* as a member: its decoded name; else empty */
    struct str text;           /* string: decoded; number: as written */
    const struct json *parent; /* NULL at the top */
    const struct json *first;  /* first child, in the order of the text */
    const struct json *next;   /* next sibling */
};

struct json_error {
    size_t offset;     /* of the byte that could not be taken */
    unsigned line;     /* from 1 */
    unsigned column;   /* in bytes, from 1 */
    char pointer[160]; /* of the value being read, cut to fit */
    char message[160]; /* what was expected there */
};

/* Read one JSON text.  Returns the top node, or NULL with `err` filled (err may be NULL).
 * Limits passed (depth, arena) are errors like any other and say so. */
const struct json *json_read(struct str text, struct arena *arena, struct json_error *err) MUST_USE;

/* Member `name` of an object, or NULL.  Requires: object->type == JSON_OBJECT. */
static inline const struct json *json_find(const struct json *object, struct str name)
{
    CHECK(object->type == JSON_OBJECT);
    const struct json *member = object->first;
    while (member != NULL && !str_eq(member->name, name)) {
        member = member->next;
    }
    return member;
}

/* The raw text of member `name` of the object `text`, found by skipping, without building a tree:
 * for reading back what we wrote ourselves.  Empty if it is not there or the text is no object.
 * Requires: name needs no escapes. */
struct str json_slice(struct str text, struct str name);
/* "null" "boolean" "number" "string" "array" "object" */
const char *json_type_name(enum json_type type);

/* Append the JSON Pointer (RFC 6901) of `node`: "" for the top, "/a/0/b~1c" below. */
void json_pointer(struct buf *out, const struct json *node);

/* Append the canonical form of a tree: members sorted by UTF-16 code units, strings escaped as in
 * RFC 8785, numbers as decimal_write_canonical (exact; equal to RFC 8785 up to 15 digits). */
void json_write_canonical(struct buf *out, const struct json *node);

/* ---- writing ---- */
struct json_level {
    bool is_object;
    bool has_members;
    struct str last;      /* canonical: the last name written here; borrows the caller's name */
    uint64_t last_prefix; /* the beginning of it, as it is compared */
};

struct json_writer {
    struct buf *out;
    bool canonical;
    bool has_name; /* a name was written and waits for its value */
    unsigned depth;
    struct json_level levels[JSON_DEPTH_MAX];
};

void json_writer_init(struct json_writer *w, struct buf *out);
void json_writer_init_canonical(struct json_writer *w, struct buf *out);
void json_object_begin(struct json_writer *w);
void json_object_end(struct json_writer *w);
void json_array_begin(struct json_writer *w);
void json_array_end(struct json_writer *w);
/* Name the next member.  Requires: plain, no quote, backslash or control character in it;
 * canonical: it sorts after the one before, and the bytes live until the object ends. */
void json_name(struct json_writer *w, struct str name);
void json_string(struct json_writer *w, struct str value); /* value is valid UTF-8 */
/* A string made where it goes: append its bytes, which need no escapes, to what begin returns. */
struct buf *json_quoted_begin(struct json_writer *w);
void json_quoted_end(struct json_writer *w);
void json_int(struct json_writer *w, int64_t value);
/* mantissa / 10^scale without trailing zeros: the canonical form.  Requires: scale <= 6. */
void json_decimal(struct json_writer *w, int64_t mantissa, unsigned scale);
void json_bool(struct json_writer *w, bool value);
void json_null(struct json_writer *w);
void json_raw(struct json_writer *w, struct str json); /* a value that is JSON already */
/* name + string, the commonest pair. */
void json_text_member(struct json_writer *w, struct str name, struct str value);

/* Append one escaped string with its quotes. */
void json_append_string(struct buf *out, struct str value);

#endif
