/* buf.c - doubling growth, overflow checked, one sticky failure. */
#include "base/buf.h"

#include "base/defect.h"
#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { BUF_SIZE_FIRST = 256 };

void buf_init(struct buf *b, size_t limit)
{
    *b = (struct buf){.limit = limit};
}

void buf_init_sized(struct buf *b, size_t limit, size_t size)
{
    size = size > limit ? limit : size;
    *b = (struct buf){.limit = limit, .ptr = malloc(size)};
    b->size = b->ptr == NULL ? 0 : size; /* without memory now, appending asks again */
}

void buf_finish(struct buf *b)
{
    free(b->ptr);
    *b = (struct buf){0};
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->failed = false;
}

char *buf_reserve_grown(struct buf *b, size_t len)
{
    CHECK(b->len <= b->size || b->size == 0);
    if (b->failed || len > b->limit || b->len > b->limit - len) {
        b->failed = true;
        return NULL;
    }
    if (b->ptr == NULL || b->size - b->len < len) {
        size_t size = b->size < BUF_SIZE_FIRST ? BUF_SIZE_FIRST : b->size;
        while (size < b->len + len) {
            size = size > SIZE_MAX / 2 ? b->len + len : size * 2;
        }
        char *ptr = realloc(b->ptr, size);
        if (ptr == NULL && !DEFECT(UNCHECKED_ALLOCATION)) {
            memory_refused();
            b->failed = true;
            return NULL;
        }
        b->ptr = ptr;
        b->size = size;
    }
    return b->ptr + b->len;
}

void buf_append_grown(struct buf *b, struct str s)
{
    char *to = buf_reserve(b, s.len);
    if (to != NULL && s.len > 0) {
        memcpy(to, s.ptr, s.len);
        b->len += s.len;
    }
}

void buf_append_int(struct buf *b, int64_t value)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0) {
        digits[--at] = '-';
    }
    buf_append(b, str_of(digits + at, sizeof digits - at));
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    CHECK(len >= 0);
    char *to = buf_reserve(b, (size_t)len + 1);
    if (to != NULL) {
        va_start(args, format);
        (void)vsnprintf(to, (size_t)len + 1, format, args);
        va_end(args);
        b->len += (size_t)len;
    }
}

struct str buf_str(const struct buf *b)
{
    return str_of(b->ptr, b->len);
}

bool buf_failed(const struct buf *b)
{
    return b->failed;
}
