/* arena.h - memory that dies together.
 *
 * One request, one arena.  Whatever a request needs comes from its arena and is never freed one by
 * one.  What must outlive the request is copied, by whoever keeps it, into memory of its own.  A
 * full arena answers NULL, and its user answers STATUS_TOO_LARGE: never a crash.  Memory comes
 * zeroed. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *chunk; /* the one being filled; older ones hang behind it */
    size_t used;               /* bytes handed out */
    size_t limit;              /* most bytes it may hand out */
};

void arena_init(struct arena *a, size_t limit);
void arena_reset(struct arena *a);  /* forget all, keep one chunk for the next request */
void arena_finish(struct arena *a); /* accepts a zeroed arena */

/* Zeroed memory for `count` things of `size` bytes, or NULL. */
void *arena_alloc(struct arena *a, size_t count, size_t size) MUST_USE;
#define arena_new(a, type)          ((type *)arena_alloc((a), 1, sizeof(type)))
#define arena_array(a, type, count) ((type *)arena_alloc((a), (count), sizeof(type)))

/* A copy with a NUL behind it (not counted in len); ptr is NULL when the arena is full. */
struct str arena_copy(struct arena *a, struct str s) MUST_USE;
struct str arena_printf(struct arena *a, const char *format, ...) PRINTF(2, 3) MUST_USE;

#endif
