/* fuzz_payload.c - a row that was tampered with, its check made to fit: it is refused, or unpacks
 * to the length it tells.  And whatever is packed comes back. */
#include "fuzz_target.h"

#include "store/payload.h"

#include <zlib.h>

enum { CHECK_AT = 5, HEAD_LEN = 9 };

static void check_renew(char *row, size_t len)
{
    uLong sum = crc32(0, (const Bytef *)row, CHECK_AT);
    sum = crc32(sum, (const Bytef *)row + HEAD_LEN, (uInt)(len - HEAD_LEN));
    for (int i = 0; i < 4; i++) {
        row[CHECK_AT + i] = (char)(sum >> (24 - 8 * i) & 0xFF);
    }
}

static bool unpack(struct str *out, struct str row, struct arena *arena)
{
    size_t len;
    if (!payload_len(&len, row)) {
        return false;
    }
    char *bytes = arena_alloc(arena, len + 1, 1);
    CHECK(bytes != NULL);
    *out = str_of(bytes, len);
    return payload_unpack(bytes, len, row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct str text;
    if (size > PAYLOAD_LEN_MAX) {
        return 0;
    }
    arena_init(&arena, 4 * (size_t)PAYLOAD_LEN_MAX + 4096);
    struct str packed = payload_pack(str_of(data, size), &arena);
    CHECK(packed.ptr != NULL);
    CHECK(unpack(&text, packed, &arena) && str_eq(text, str_of(data, size)));
    char *row = arena_alloc(&arena, size + 1, 1);
    CHECK(row != NULL);
    if (size > 0) {
        memcpy(row, data, size);
    }
    (void)unpack(&text, str_of(row, size), &arena);
    if (size > HEAD_LEN) {
        check_renew(row, size);
        (void)unpack(&text, str_of(row, size), &arena);
    }
    arena_finish(&arena);
    return 0;
}
