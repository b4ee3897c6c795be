/* buf.h - bytes that grow, up to a limit that was named.
 *
 * A `struct buf` owns its memory.  Writers do not check each append: a buffer that would pass its
 * limit (or finds no memory) turns `failed`, ignores what follows, and whoever finishes the text
 * asks buf_failed() once.
 *
 * Memory: buf_finish frees; accepts a zeroed buf.  buf_str() borrows until the next append. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

#include <stdint.h>

struct buf {
    char *ptr;
    size_t len;
    size_t size;
    size_t limit; /* most bytes it may hold */
    bool failed;
};

void buf_init(struct buf *b, size_t limit);
/* The same, with room for `size` bytes at once: for who knows how long texts of his kind are. */
void buf_init_sized(struct buf *b, size_t limit, size_t size);
/* Over memory of the caller: its size is the limit, and there is nothing to finish. */
static inline struct buf buf_over(char *memory, size_t size)
{
    return (struct buf){.ptr = memory, .size = size, .limit = size};
}
void buf_finish(struct buf *b);
void buf_clear(struct buf *b);                      /* empty and not failed; keeps the memory */
void buf_append_grown(struct buf *b, struct str s); /* where buf_append finds no room ready */

/* Can `len` bytes be written at ptr + len as things are? */
static inline bool buf_has_room(const struct buf *b, size_t len)
{
    return len <= b->size - b->len && b->len + len <= b->limit && !b->failed;
}

/* Copy `s`, which is seldom long, and return the place behind it: from 4 to 32 bytes are two pieces
 * that may overlap. */
static inline char *bytes_put(char *to, struct str s)
{
    if (s.len >= 8 && s.len <= 16) {
        memcpy(to, s.ptr, 8);
        memcpy(to + s.len - 8, s.ptr + s.len - 8, 8);
    } else if (s.len > 16 && s.len <= 32) {
        memcpy(to, s.ptr, 16);
        memcpy(to + s.len - 16, s.ptr + s.len - 16, 16);
    } else if (s.len >= 4 && s.len < 8) {
        memcpy(to, s.ptr, 4);
        memcpy(to + s.len - 4, s.ptr + s.len - 4, 4);
    } else {
        memcpy(to, s.ptr, s.len);
    }
    return to + s.len;
}

/* Appending is what a decision does most: where there is room, it is a copy and nothing else. */
static inline void buf_append(struct buf *b, struct str s)
{
    if (s.len > 0 && buf_has_room(b, s.len)) {
        memcpy(b->ptr + b->len, s.ptr, s.len);
        b->len += s.len;
    } else {
        buf_append_grown(b, s);
    }
}

static inline void buf_append_byte(struct buf *b, char byte)
{
    buf_append(b, str_of(&byte, 1));
}

static inline void buf_append_text(struct buf *b, const char *text)
{
    buf_append(b, str_from(text));
}

void buf_append_int(struct buf *b, int64_t value); /* decimal digits */
void buf_printf(struct buf *b, const char *format, ...) PRINTF(2, 3);
char *buf_reserve_grown(struct buf *b, size_t len) MUST_USE; /* the same without room ready */
/* Make room for `len` more bytes and return where they go, or NULL (then failed); the caller writes
 * them and adds what it wrote to b->len. */
static inline char *buf_reserve(struct buf *b, size_t len)
{
    return buf_has_room(b, len) && b->ptr != NULL ? b->ptr + b->len : buf_reserve_grown(b, len);
}
struct str buf_str(const struct buf *b);
bool buf_failed(const struct buf *b);

#endif
