/* arena.c - chunks that double, aligned for anything, zeroed when handed out. */
#include "base/arena.h"

#include "base/defect.h"
#include "base/memory.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_CHUNK_FIRST = 16 * 1024, ARENA_CHUNK_MAX = 1024 * 1024, ARENA_KEEP_MAX = 256 * 1024 };

struct arena_chunk {
    struct arena_chunk *older;
    size_t size;
    size_t used;
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
    if (a->chunk != NULL) {
        a->chunk->used = 0;
    }
    a->used = 0;
}

void arena_finish(struct arena *a)
{
    arena_reset(a);
    free(a->chunk);
    *a = (struct arena){0};
}

static struct arena_chunk *chunk_create(struct arena *a, size_t need)
{
    size_t size = a->chunk == NULL ? ARENA_CHUNK_FIRST : a->chunk->size * 2;
    size = size > ARENA_CHUNK_MAX ? ARENA_CHUNK_MAX : size;
    size = size < need ? need : size;
    struct arena_chunk *chunk = malloc(sizeof *chunk + size);
    if (chunk != NULL) {
        *chunk = (struct arena_chunk){.older = a->chunk, .size = size};
        a->chunk = chunk;
    }
    return chunk;
}

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size != 0 && count > (SIZE_MAX - align) / size) {
        return NULL;
    }
    size_t len = (count * size + align - 1) / align * align;
    if (len > a->limit || a->used > a->limit - len) {
        return NULL;
    }
    struct arena_chunk *chunk = a->chunk;
    if (chunk == NULL || chunk->size - chunk->used < len) {
        chunk = chunk_create(a, len);
        if (chunk == NULL) {
            memory_refused();
            return NULL;
        }
    }
    void *bytes = chunk->bytes + chunk->used;
    chunk->used += len;
    a->used += len;
    memset(bytes, 0, len);
    return bytes;
}

struct str arena_copy(struct arena *a, struct str s)
{
    char *bytes = arena_alloc(a, s.len + 1, 1);
    if (bytes == NULL) {
        return (struct str){NULL, 0};
    }
    if (s.len > 0) {
        memcpy(bytes, s.ptr, s.len);
    }
    return (struct str){bytes, s.len};
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    CHECK(len >= 0);
    char *bytes = arena_alloc(a, (size_t)len + 1, 1);
    if (bytes == NULL) {
        return (struct str){NULL, 0};
    }
    va_start(args, format);
    (void)vsnprintf(bytes, (size_t)len + 1, format, args);
    va_end(args);
    return (struct str){bytes, (size_t)len};
}
