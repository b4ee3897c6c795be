/* words_format.h - numbers, amounts and dates as each language writes them.
 *
 * English EUR 25,000.00 and 2.1%; Spanish 25.000,00 EUR and 2,1 %; French as Spanish with a narrow
 * no-break space between thousands.  Blanks within a number, and before its unit, never break a
 * line. */
#ifndef DECIDE_WORDS_FORMAT_H
#define DECIDE_WORDS_FORMAT_H

#include "credit/money.h"
#include "credit/purpose.h"
#include "format/iso8601.h"

#define NO_BREAK_SPACE "\xC2\xA0"

/* mantissa / 10^places, all places shown. */
void words_number(struct buf *out, int64_t mantissa, unsigned places, enum language language);
void words_money(struct buf *out, struct money amount, enum language language);
/* `micro` millionths as a percentage of `places` decimals, halves away from zero. */
void words_percent(struct buf *out, int64_t micro, unsigned places, enum language language);
/* One decimal, and two below one per cent. */
void words_probability(struct buf *out, uint32_t ppm, enum language language);
void words_date(struct buf *out, struct date date, enum language language); /* 31 December 2025 */

#endif
