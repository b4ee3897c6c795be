/* arena.h - memory that dies together.
 *
 * One request, one arena.  Whatever a request needs comes from its arena and is never freed one by
 * one.  What must outlive the request is copied, by whoever keeps it, into memory of its own.  A
 * full arena answers NULL, and its user answers STATUS_TOO_LARGE: never a crash.  Memory comes
 * zeroed. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

#include <stdalign.h>
#include <stdint.h>

enum { ARENA_ALIGN = alignof(max_align_t) };

struct arena_chunk;

struct arena {
    struct arena_chunk *chunk; /* the one being filled; older ones hang behind it */
    unsigned char *next;       /* its free bytes */
    size_t left;               /* how many */
    size_t used;               /* bytes handed out */
    size_t limit;              /* most bytes it may hand out */
};

void arena_init(struct arena *a, size_t limit);
void arena_reset(struct arena *a);  /* forget all, keep one chunk for the next request */
void arena_finish(struct arena *a); /* accepts a zeroed arena */

/* What the chunk being filled has no room for.  `len` is a multiple of ARENA_ALIGN. */
void *arena_take_grown(struct arena *a, size_t len) MUST_USE;

/* Memory for something of `len` bytes that is filled at once, or NULL: not zeroed. */
static inline void *arena_take(struct arena *a, size_t len)
{
    if (len > SIZE_MAX / 2) {
        return NULL;
    }
    len = (len + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    if (len > a->left || len > a->limit - a->used) {
        return arena_take_grown(a, len);
    }
    void *bytes = a->next;
    a->next += len;
    a->left -= len;
    a->used += len;
    return bytes;
}

/* Zeroed memory for `count` things of `size` bytes, or NULL. */
static inline void *arena_alloc(struct arena *a, size_t count, size_t size)
{
    size_t len;
    if (__builtin_mul_overflow(count, size, &len)) {
        return NULL;
    }
    void *bytes = arena_take(a, len > 0 ? len : 1); /* none of them is a place, too */
    return bytes == NULL ? NULL : memset(bytes, 0, len);
}

#define arena_new(a, type)          ((type *)arena_alloc((a), 1, sizeof(type)))
#define arena_array(a, type, count) ((type *)arena_alloc((a), (count), sizeof(type)))

/* A copy with a NUL behind it (not counted in len); ptr is NULL when the arena is full. */
struct str arena_copy(struct arena *a, struct str s) MUST_USE;
struct str arena_printf(struct arena *a, const char *format, ...) PRINTF(2, 3) MUST_USE;

#endif
