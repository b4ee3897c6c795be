/* id.c - UUIDv7 with a counter where RFC 9562 has rand_a (its section 6.2, method 1).
 *
 * 48 bits of milliseconds, version, 12 bits of counter, variant, 62 random bits.  The counter
 * starts at random in its lower half each millisecond; should it run over, or the clock step back,
 * the source goes on from the latest time it has used. */
#include "crypto/id.h"

#include "base/splitmix.h"
#include "crypto/secret.h"
#include "format/base64.h"

#include <string.h>

enum { SEQUENCE_MAX = 0xFFF, SEQUENCE_START_MASK = 0x7FF, PREFIX_LEN_MAX = 3 };

static void random_system(void *context, void *bytes, size_t len)
{
    (void)context;
    secret_random(bytes, len);
}

static void random_seeded(void *context, void *bytes, size_t len)
{
    uint8_t *to = bytes;
    uint64_t word = 0;
    for (size_t i = 0; i < len; i++) {
        word = i % 8 == 0 ? splitmix64(context) : word >> 8;
        to[i] = (uint8_t)(word & 0xFF);
    }
}

struct id_source id_source_system(void)
{
    return (struct id_source){.random = random_system, .last_ms = -1};
}

struct id_source id_source_seeded(uint64_t *state)
{
    return (struct id_source){.random = random_seeded, .context = state, .last_ms = -1};
}

struct id id_make(struct id_source *source, int64_t now_ms)
{
    struct id id;
    uint8_t start[2];
    CHECK(now_ms >= 0);
    source->random(source->context, id.bytes, ID_LEN);
    memcpy(start, id.bytes, sizeof start);
    if (now_ms <= source->last_ms && source->sequence < SEQUENCE_MAX) {
        source->sequence++;
    } else {
        source->last_ms = now_ms > source->last_ms ? now_ms : source->last_ms + 1;
        source->sequence = (uint16_t)((start[0] << 8 | start[1]) & SEQUENCE_START_MASK);
    }
    uint64_t ms = (uint64_t)source->last_ms;
    CHECK(ms >> 48 == 0);
    for (size_t i = 0; i < 6; i++) {
        id.bytes[i] = (uint8_t)(ms >> (40 - 8 * i) & 0xFF);
    }
    id.bytes[6] = (uint8_t)(0x70 | source->sequence >> 8);
    id.bytes[7] = (uint8_t)(source->sequence & 0xFF);
    id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3F));
    return id;
}

int64_t id_ms(const struct id *id)
{
    uint64_t ms = 0;
    for (size_t i = 0; i < 6; i++) {
        ms = ms << 8 | id->bytes[i];
    }
    return (int64_t)ms;
}

void id_write(char text[ID_TEXT_MAX + 1], const char *prefix, const struct id *id)
{
    size_t len = strlen(prefix);
    CHECK(len <= PREFIX_LEN_MAX);
    memcpy(text, prefix, len);
    text[len] = '_';
    base32_write_id(text + len + 1, id->bytes);
    text[len + 1 + 26] = '\0';
}

bool id_read(struct id *id, const char *prefix, struct str text)
{
    struct str name = str_from(prefix);
    if (text.len <= name.len || !str_starts_with(text, name) || text.ptr[name.len] != '_') {
        return false;
    }
    return base32_read_id(id->bytes, str_slice(text, name.len + 1, text.len));
}
