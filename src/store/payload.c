/* payload.c - a head of nine bytes in front of a block of LZ4.
 *
 * The library is asked for a block that continues the dictionary.  What it learns from the
 * dictionary is learned once and copied for each payload. */
#include "store/payload.h"

#include "store_assets.h"

#include <lz4.h>
#include <pthread.h>
#include <zlib.h>

enum { DICTIONARY = 1, LEN_AT = 1, CHECK_AT = 5, HEAD_LEN = 9, WORD_LEN = 4 };
enum { EXPANSION_MAX = 256, ACCELERATION = 1 };
enum { PACKED_LEN_MAX = HEAD_LEN + LZ4_COMPRESSBOUND(PAYLOAD_LEN_MAX) };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static LZ4_stream_t known; /* the dictionary */

static void known_init(void)
{
    CHECK(LZ4_initStream(&known, sizeof known) != NULL);
    CHECK(LZ4_loadDict(&known, (const char *)payload_1, (int)payload_1_len) == (int)payload_1_len);
}

static void word_write(char to[WORD_LEN], size_t word)
{
    for (int i = 0; i < WORD_LEN; i++) {
        to[i] = (char)(word >> (24 - 8 * i) & 0xFF);
    }
}

static size_t word_read(const char from[WORD_LEN])
{
    size_t word = 0;
    for (int i = 0; i < WORD_LEN; i++) {
        word = word << 8 | (unsigned char)from[i];
    }
    return word;
}

/* Of all bytes but the check itself. */
static size_t check_of(struct str packed)
{
    uLong head = crc32(0, (const Bytef *)packed.ptr, CHECK_AT);
    return crc32(head, (const Bytef *)packed.ptr + HEAD_LEN, (uInt)(packed.len - HEAD_LEN));
}

struct str payload_pack(struct str payload, struct arena *arena)
{
    CHECK(pthread_once(&once, known_init) == 0);
    CHECK(payload.len <= PAYLOAD_LEN_MAX);
    int bound = LZ4_compressBound((int)payload.len);
    char *packed = arena_take(arena, HEAD_LEN + (size_t)bound);
    if (packed == NULL) {
        return (struct str){NULL, 0};
    }
    packed[0] = DICTIONARY;
    word_write(packed + LEN_AT, payload.len);
    LZ4_stream_t stream = known;
    int len = LZ4_compress_fast_continue(&stream, payload.ptr, packed + HEAD_LEN, (int)payload.len,
                                         bound, ACCELERATION);
    CHECK(len > 0);
    struct str whole = str_of(packed, HEAD_LEN + (size_t)len);
    word_write(packed + CHECK_AT, check_of(whole));
    return whole;
}

bool payload_len(size_t *len, struct str packed)
{
    if (packed.len <= HEAD_LEN || packed.len > PACKED_LEN_MAX || packed.ptr[0] != DICTIONARY ||
        word_read(packed.ptr + CHECK_AT) != check_of(packed)) {
        return false;
    }
    *len = word_read(packed.ptr + LEN_AT);
    /* No byte of a block stands for more than 255: a length beyond is a lie, not a need for memory.
     */
    return *len <= PAYLOAD_LEN_MAX && *len / EXPANSION_MAX <= packed.len;
}

bool payload_unpack(char *out, size_t len, struct str packed)
{
    CHECK(packed.len > HEAD_LEN);
    CHECK(packed.len <= PACKED_LEN_MAX);
    CHECK(len <= PAYLOAD_LEN_MAX);
    return LZ4_decompress_safe_usingDict(packed.ptr + HEAD_LEN, out, (int)(packed.len - HEAD_LEN),
                                         (int)len, (const char *)payload_1,
                                         (int)payload_1_len) == (int)len;
}
