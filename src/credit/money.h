/* money.h - amounts in integer minor units, with a currency and named rounding.
 *
 * There is no default: whoever divides or scales says which way the odd cent goes.  Adding checks
 * overflow and currency.  A struct money may be copied with `=`. */
#ifndef CREDIT_MONEY_H
#define CREDIT_MONEY_H

#include "base/str.h"
#include "format/decimal.h"

#include <stdint.h>

enum currency {
    CURRENCY_NONE, /* zero: no amount was given */
#define CURRENCY(code, exponent) CURRENCY_##code,
#include "credit/currencies.def"
#undef CURRENCY
    CURRENCY_COUNT
};

enum rounding { ROUND_DOWN, ROUND_UP, ROUND_HALF_EVEN };

/* Most minor units of any amount, either sign: 10^15 leaves room to add and scale without overflow.
 */
#define MONEY_MINOR_MAX INT64_C(1000000000000000)

struct money {
    int64_t minor;
    enum currency currency;
};

bool currency_read(enum currency *out, struct str code) MUST_USE; /* "EUR" exactly */
const char *currency_code(enum currency currency);
unsigned currency_exponent(enum currency currency);

/* The amount of `value` whole units: exact, within +-MONEY_MINOR_MAX, or false. */
bool money_from_decimal(struct money *out, struct decimal value, enum currency currency) MUST_USE;
/* "12500.00": always all decimals of the currency. */
void money_write(struct buf *out, struct money amount);
/* Requires: one currency; the sum within +-2 * MONEY_MINOR_MAX. */
struct money money_add(struct money a, struct money b);
int money_compare(struct money a, struct money b); /* Requires: one currency */
struct money money_min(struct money a, struct money b);
/* amount * ppm / 1,000,000.  Requires: ppm <= 1,000,000,000 and |amount| <= MONEY_MINOR_MAX. */
struct money money_scale_ppm(struct money amount, uint32_t ppm, enum rounding rounding);
/* The largest multiple of `step` that is not above `amount` (toward zero).  Requires: step.minor >
 * 0. */
struct money money_round_down_to(struct money amount, struct money step);

#endif
