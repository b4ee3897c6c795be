/* decimal.h - numbers as people write them, exactly.
 *
 * A decimal is mantissa / 10^scale.  Nothing here depends on a locale, and text turns into a double
 * in one way only: the nearest one.  That is why the same input always gives the same bytes. */
#ifndef FORMAT_DECIMAL_H
#define FORMAT_DECIMAL_H

#include "base/buf.h"
#include "base/str.h"

#include <stdint.h>

enum { DECIMAL_DIGITS_MAX = 18, DECIMAL_SCALE_MAX = 30, DECIMAL_FIXED_MAX = 6 };

struct decimal {
    int64_t mantissa; /* |mantissa| < 10^18; no trailing zero unless it is 0 */
    int32_t scale;    /* -18..30: value = mantissa / 10^scale */
};

/* Read a number of JSON's grammar ("-12.50", "1e3"); no blanks, no plus, no commas.
 * Returns false if it is not one, or does not fit exactly. */
bool decimal_read(struct decimal *out, struct str text) MUST_USE;

/* The way nearly every amount is written: at most 15 digits, and behind the point exactly `places`
 * or no point at all; as an integer in units of 10^-places.  False for all else, which may be a
 * decimal nevertheless.  Requires: places <= DECIMAL_FIXED_MAX. */
bool decimal_read_fixed(int64_t *out, struct str text, unsigned places) MUST_USE;

/* value * 10^scale as an integer, if that is exact and fits. */
bool decimal_to_scaled(int64_t *out, struct decimal value, unsigned scale) MUST_USE;
double decimal_to_double(struct decimal value); /* the nearest double */

/* Shortest decimal text, no trailing zeros, never an exponent: -0.5, 12, 1530000. */
void decimal_write(struct buf *out, int64_t mantissa, unsigned scale);
/* Always `places` digits behind the point: 12500.00.  mantissa is in units of 10^-places. */
void decimal_write_fixed(struct buf *out, int64_t mantissa, unsigned places);
/* The power of ten of the first digit of a number: 2 for 123, -1 for 0.5, 0 for 0.
 * Requires: text has JSON's number grammar. */
int64_t decimal_exponent(struct str text);
/* The number `text` (any length) as RFC 8785 writes a number: exact digits, ECMAScript's layout
 * (exponent at 1e21 and above, and below 1e-6).
 * Requires: a number that json_read lets pass: JSON's grammar, an exponent within 10^9. */
void decimal_write_canonical(struct buf *out, struct str text);

/* Any number of JSON's grammar (a plus sign before the exponent included) as the nearest double;
 * false if it is not one or overflows. */
bool double_read(double *out, struct str text) MUST_USE;
/* Shortest text that reads back as the same double, in ECMAScript's layout.  Requires: finite. */
void double_write(struct buf *out, double value);
/* The nearest double that is written with at most `digits` significant digits (1..15). */
double double_round_digits(double value, int digits);

#endif
