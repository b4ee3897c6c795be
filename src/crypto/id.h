/* id.h - opaque, prefixed, sortable identifiers: "dec_" + 26 base32 digits of a UUIDv7 (RFC 9562).
 *
 * Time and chance come in; two ids of one millisecond made by one id_source keep their order. */
#ifndef CRYPTO_ID_H
#define CRYPTO_ID_H

#include "base/str.h"

#include <stdint.h>

enum { ID_LEN = 16, ID_TEXT_MAX = 4 + 26 };

struct id {
    uint8_t bytes[ID_LEN];
};

/* Makes ids.  One a thread, or behind a lock. */
struct id_source {
    void (*random)(void *context, void *bytes, size_t len);
    void *context;
    int64_t last_ms;
    uint16_t sequence;
};

struct id_source id_source_system(void);            /* the kernel's random numbers */
struct id_source id_source_seeded(uint64_t *state); /* tests: splitmix64 over *state */
struct id id_make(struct id_source *source, int64_t now_ms);
int64_t id_ms(const struct id *id); /* when it was made */
/* "dec" + id -> "dec_01j...", NUL-terminated. */
void id_write(char text[ID_TEXT_MAX + 1], const char *prefix, const struct id *id);
/* The id behind exactly this prefix, or false. */
bool id_read(struct id *id, const char *prefix, struct str text) MUST_USE;

#endif
