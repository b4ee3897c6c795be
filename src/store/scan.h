/* scan.h - reading text whose layout is fixed to the byte.
 *
 * The audit formats leave no choice: one order of members, no blanks, one spelling of every value.
 * So reading is a row of expectations; any deviation, however harmless, ends it.
 *
 * Memory: borrows the text. */
#ifndef STORE_SCAN_H
#define STORE_SCAN_H

#include "base/buf.h"
#include "base/str.h"

#include <stdint.h>

struct scan {
    struct str rest;
};

bool scan_text(struct scan *s, struct str expected) MUST_USE;
/* A number without sign, leading zeros or exponent, below 2^53. */
bool scan_number(struct scan *s, uint64_t *out) MUST_USE;
/* `"` hexadecimal digits, lower case, `"`. */
bool scan_hex(struct scan *s, void *out, size_t out_len) MUST_USE;
/* `"` [a-z0-9._-]{1,len_max} `"`; borrows. */
bool scan_word(struct scan *s, struct str *out, size_t len_max) MUST_USE;
/* A JSON string in the one spelling of RFC 8785; appends its bytes to `out`. */
bool scan_string(struct scan *s, struct buf *out) MUST_USE;
bool scan_is_at_end(const struct scan *s);

#endif
