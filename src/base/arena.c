/* arena.c - chunks that double, aligned for anything, zeroed when handed out. */
#include "base/arena.h"

#include "base/defect.h"
#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARENA_CHUNK_FIRST = 16 * 1024, ARENA_CHUNK_MAX = 1024 * 1024, ARENA_KEEP_MAX = 256 * 1024 };

struct arena_chunk {
    struct arena_chunk *older;
    size_t size;
    alignas(max_align_t) unsigned char bytes[];
};

void arena_init(struct arena *a, size_t limit)
{
    *a = (struct arena){.limit = limit};
}

static void chunk_drop(struct arena_chunk **at)
{
    struct arena_chunk *chunk = *at;
    *at = chunk->older;
    free(chunk);
}

/* Fill this chunk, which may be NULL, from its start. */
static void chunk_use(struct arena *a, struct arena_chunk *chunk)
{
    a->chunk = chunk;
    a->next = chunk == NULL ? NULL : chunk->bytes;
    a->left = chunk == NULL ? 0 : chunk->size;
}

/* The newest chunk is the largest: with it the next request of the kind needs no other. */
void arena_reset(struct arena *a)
{
    if (DEFECT(ARENA_KEPT)) {
        a->chunk = NULL;
    }
    while (a->chunk != NULL && a->chunk->older != NULL && a->chunk->size > ARENA_KEEP_MAX) {
        chunk_drop(&a->chunk);
    }
    while (a->chunk != NULL && a->chunk->older != NULL) {
        chunk_drop(&a->chunk->older);
    }
    chunk_use(a, a->chunk);
    a->used = 0;
}

void arena_finish(struct arena *a)
{
    arena_reset(a);
    free(a->chunk);
    *a = (struct arena){0};
}

static struct arena_chunk *chunk_create(const struct arena *a, size_t need)
{
    size_t size = a->chunk == NULL ? ARENA_CHUNK_FIRST : a->chunk->size * 2;
    size = size > ARENA_CHUNK_MAX ? ARENA_CHUNK_MAX : size;
    size = size < need ? need : size;
    struct arena_chunk *chunk = malloc(sizeof *chunk + size);
    if (chunk != NULL) {
        *chunk = (struct arena_chunk){.older = a->chunk, .size = size};
    }
    return chunk;
}

void *arena_take_grown(struct arena *a, size_t len)
{
    if (len > a->limit - a->used) {
        return NULL;
    }
    struct arena_chunk *chunk = chunk_create(a, len);
    if (chunk == NULL) {
        memory_refused();
        return NULL;
    }
    chunk_use(a, chunk);
    return arena_take(a, len);
}

struct str arena_copy(struct arena *a, struct str s)
{
    char *bytes = s.len == SIZE_MAX ? NULL : arena_take(a, s.len + 1);
    if (bytes == NULL) {
        return (struct str){NULL, 0};
    }
    if (s.len > 0) {
        memcpy(bytes, s.ptr, s.len);
    }
    bytes[s.len] = '\0';
    return (struct str){bytes, s.len};
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    CHECK(len >= 0);
    char *bytes = arena_take(a, (size_t)len + 1);
    if (bytes == NULL) {
        return (struct str){NULL, 0};
    }
    va_start(args, format);
    (void)vsnprintf(bytes, (size_t)len + 1, format, args);
    va_end(args);
    return (struct str){bytes, (size_t)len};
}
