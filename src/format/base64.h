/* base64.h - base64 (RFC 4648, standard and URL alphabets), Crockford base32 and hex. */
#ifndef FORMAT_BASE64_H
#define FORMAT_BASE64_H

#include "base/buf.h"
#include "base/str.h"

#include <stdint.h>

void base64_write(struct buf *out, struct str bytes);    /* standard, padded */
void base64url_write(struct buf *out, struct str bytes); /* URL alphabet, no padding */
/* Strict: right alphabet, right padding, no stray bits.  Appends the bytes; false on bad text (then
 * nothing was appended). */
bool base64_read(struct buf *out, struct str text) MUST_USE;
bool base64url_read(struct buf *out, struct str text) MUST_USE;
void hex_write(struct buf *out, struct str bytes); /* lower case */
/* Exactly 2 * out_len digits, lower case. */
bool hex_read(void *out, size_t out_len, struct str text) MUST_USE;
/* 26 lower-case Crockford base32 digits of a 16-byte id; sorts as the bytes do. */
void base32_write_id(char text[26], const uint8_t id[16]);
bool base32_read_id(uint8_t id[16], struct str text) MUST_USE;

#endif
