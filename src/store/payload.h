/* payload.h - the record of a decision as its row keeps it: packed, since it is mostly words we
 * know.
 *
 * A byte that names the dictionary (1: payload_1.dictionary), four bytes of length, most
 * significant first, and a block of LZ4.  Rows live for years: a dictionary is never changed, a
 * better one gets the next number.
 *
 * What is read may have been tampered with: unpacking tells, it never trusts. */
#ifndef STORE_PAYLOAD_H
#define STORE_PAYLOAD_H

#include "base/arena.h"

/* Pack into the arena.  ptr is NULL when the arena is full. */
struct str payload_pack(struct str payload, struct arena *arena) MUST_USE;
/* How long the payload says it is; false if it cannot be a payload. */
bool payload_len(size_t *len, struct str packed) MUST_USE;
/* Unpack the `len` bytes that payload_len told. */
bool payload_unpack(char *out, size_t len, struct str packed) MUST_USE;

#endif
