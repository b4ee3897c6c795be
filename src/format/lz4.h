/* lz4.h - the LZ4 block format: text that repeats itself, or a text known to both sides, made
 * short.
 *
 * Chosen for its speed: packing costs about as much as hashing, unpacking less.  The format is that
 * of LZ4's own description ("LZ4 Block Format"), so any LZ4 library reads what is written here,
 * given the dictionary; which matches are found is our affair.
 *
 * Memory: nothing is allocated.  A dictionary borrows its bytes. */
#ifndef FORMAT_LZ4_H
#define FORMAT_LZ4_H

#include "base/str.h"

#include <stdint.h>

enum { LZ4_DICTIONARY_MAX = 48 * 1024, LZ4_SLOT_BITS = 14 };

struct lz4_dictionary {
    struct str bytes;
    uint16_t places[1 << LZ4_SLOT_BITS]; /* behind where some bytes stand; 0: nowhere */
};

/* Requires: bytes.len <= LZ4_DICTIONARY_MAX. */
void lz4_dictionary_init(struct lz4_dictionary *dictionary, struct str bytes);

/* Most bytes that `len` bytes can become. */
size_t lz4_bound(size_t len);
/* Pack `text` into `out`, which has lz4_bound(text.len) bytes; returns how many it took. */
size_t lz4_pack(char *out, struct str text, const struct lz4_dictionary *dictionary);
/* Unpack to exactly `len` bytes.  False if `packed` is not the whole of a text of that length. */
bool lz4_unpack(char *out, size_t len, struct str packed, struct str dictionary) MUST_USE;

#endif
