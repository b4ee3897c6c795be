/* payload.h - the record of a decision as its row keeps it: packed, since it is mostly words we
 * know.
 *
 * A byte that names the dictionary (1: payload_1.dictionary), four bytes of length and four of
 * CRC-32 over all the others, most significant first, and a block of LZ4.  Rows live for years: a
 * dictionary is never changed, a better one gets the next number.
 *
 * What is read may be damaged, and may have been tampered with: the CRC tells the one, and against
 * the other unpacking never trusts a length. */
#ifndef STORE_PAYLOAD_H
#define STORE_PAYLOAD_H

#include "base/arena.h"

enum { PAYLOAD_LEN_MAX = 4 * 1024 * 1024 };

/* Pack into the arena.  ptr is NULL when the arena is full.  Requires: payload.len <=
 * PAYLOAD_LEN_MAX. */
struct str payload_pack(struct str payload, struct arena *arena) MUST_USE;
/* How long the payload says it is; false if it cannot be a payload. */
bool payload_len(size_t *len, struct str packed) MUST_USE;
/* Unpack the `len` bytes that payload_len told of the same bytes. */
bool payload_unpack(char *out, size_t len, struct str packed) MUST_USE;

#endif
