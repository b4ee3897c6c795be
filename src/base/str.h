/* str.h - bytes that belong to somebody else.
 *
 * A `struct str` borrows: it never owns, never ends in NUL, may hold any byte.  Whoever keeps bytes
 * copies them.  Lengths come from STR("..."), never from counting. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/check.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
    const char *ptr;
    size_t len;
};

/* A literal as a str, and the two arguments that "%.*s" takes. */
#define STR(literal)     ((struct str){"" literal, sizeof("" literal) - 1})
#define STR_ARGS(string) (int)(string).len, (string).ptr

/* The four that every line of a decision passes through stand here, to be compiled into it. */

/* A NUL-terminated string; NULL is empty. */
static inline struct str str_from(const char *text)
{
    return (struct str){text == NULL ? "" : text, text == NULL ? 0 : strlen(text)};
}

static inline struct str str_of(const void *bytes, size_t len)
{
    CHECK(bytes != NULL || len == 0);
    return (struct str){bytes == NULL ? "" : bytes, len};
}

/* Requires: from <= to <= s.len. */
static inline struct str str_slice(struct str s, size_t from, size_t to)
{
    CHECK(from <= to);
    CHECK(to <= s.len);
    return (struct str){s.ptr + from, to - from};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool str_eq_ignore_case(struct str a, struct str b); /* ASCII letters only */
bool str_starts_with(struct str s, struct str prefix);
bool str_ends_with(struct str s, struct str suffix);
int str_compare(struct str a, struct str b); /* bytewise, shorter first: <0, 0, >0 */
/* Index of the first `byte` at or after `from`, or s.len. */
size_t str_find(struct str s, size_t from, char byte);
struct str str_trim(struct str s); /* blanks and tabs at both ends */
bool str_is_utf8(struct str s);
/* Edit distance (insert, delete, replace, swap of neighbours), for "did you mean"; at most
 * `most + 1`. */
unsigned str_distance(struct str a, struct str b, unsigned most);

#endif
