/* json_check.c - would json_read take this?  Standard input; exit 0 if taken, 1 if refused. */
#include "format/json.h"

#include <stdio.h>

enum { TEXT_MAX = 16 * 1024 * 1024, ARENA_MAX = 1024 * 1024 * 1024, PART = 64 * 1024 };

static bool read_all(struct buf *text, FILE *in)
{
    for (;;) {
        char *to = buf_reserve(text, PART);
        size_t got = to == NULL ? 0 : fread(to, 1, PART, in);
        if (got == 0) {
            return to != NULL && ferror(in) == 0;
        }
        text->len += got;
    }
}

int main(void)
{
    struct buf text;
    struct arena arena;
    struct json_error err = {0};
    buf_init(&text, TEXT_MAX);
    arena_init(&arena, ARENA_MAX);
    if (!read_all(&text, stdin)) {
        (void)fputs("json_check: cannot read standard input\n", stderr);
        return 2;
    }
    bool is_read = json_read(buf_str(&text), &arena, &err) != NULL;
    if (!is_read) {
        (void)printf("%u:%u (byte %zu) at \"%s\": %s\n", err.line, err.column, err.offset,
                     err.pointer, err.message);
    }
    arena_finish(&arena);
    buf_finish(&text);
    return is_read ? 0 : 1;
}
