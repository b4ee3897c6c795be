/* payload.c - a head of five bytes in front of a block. */
#include "store/payload.h"

#include "format/lz4.h"
#include "store_assets.h"

#include <pthread.h>

enum { DICTIONARY = 1, HEAD_LEN = 5, EXPANSION_MAX = 256 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct lz4_dictionary known;

static void known_init(void)
{
    lz4_dictionary_init(&known, str_of(payload_1, payload_1_len));
}

struct str payload_pack(struct str payload, struct arena *arena)
{
    CHECK(pthread_once(&once, known_init) == 0);
    CHECK(payload.len <= UINT32_MAX / 2);
    char *packed = arena_alloc(arena, HEAD_LEN + lz4_bound(payload.len), 1);
    if (packed == NULL) {
        return (struct str){NULL, 0};
    }
    packed[0] = DICTIONARY;
    for (int i = 0; i < 4; i++) {
        packed[1 + i] = (char)(payload.len >> (24 - 8 * i) & 0xFF);
    }
    return str_of(packed, HEAD_LEN + lz4_pack(packed + HEAD_LEN, payload, &known));
}

bool payload_len(size_t *len, struct str packed)
{
    if (packed.len <= HEAD_LEN || packed.ptr[0] != DICTIONARY) {
        return false;
    }
    *len = 0;
    for (int i = 0; i < 4; i++) {
        *len = *len << 8 | (unsigned char)packed.ptr[1 + i];
    }
    /* No byte of a block stands for more than 255: a length beyond is a lie, not a need for memory.
     */
    return *len / EXPANSION_MAX <= packed.len;
}

bool payload_unpack(char *out, size_t len, struct str packed)
{
    return packed.len > HEAD_LEN && lz4_unpack(out, len, str_slice(packed, HEAD_LEN, packed.len),
                                               str_of(payload_1, payload_1_len));
}
