/* fuzz_json.c - a canonical text reads back and is its own canonical text; an error lies inside. */
#include "fuzz_target.h"

#include "format/json.h"

enum { ARENA_MAX = 64 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct buf once, twice;
    struct json_error err;
    arena_init(&arena, ARENA_MAX);
    buf_init(&once, ARENA_MAX);
    buf_init(&twice, ARENA_MAX);
    const struct json *top = json_read(str_of(data, size), &arena, &err);
    if (top == NULL) {
        CHECK(err.offset <= size);
        CHECK(err.line >= 1 && err.column >= 1);
        CHECK(err.message[0] != '\0' && str_is_utf8(str_from(err.pointer)));
    } else {
        json_write_canonical(&once, top);
        const struct json *again = json_read(buf_str(&once), &arena, &err);
        CHECK(again != NULL && again->type == top->type && again->count == top->count);
        json_write_canonical(&twice, again);
        CHECK(!buf_failed(&once) && str_eq(buf_str(&once), buf_str(&twice)));
        CHECK(str_is_utf8(str_of(data, size)));
    }
    buf_finish(&twice);
    buf_finish(&once);
    arena_finish(&arena);
    return 0;
}
