/* money.c - amounts: exact sums, named rounding. */
#include "credit/money.h"

static const struct {
    const char *code;
    unsigned exponent;
} currencies[CURRENCY_COUNT] = {
#define CURRENCY(code, exponent) [CURRENCY_##code] = {#code, exponent},
#include "credit/currencies.def"
#undef CURRENCY
};

bool currency_read(enum currency *out, struct str code)
{
    enum { CODE_LEN = 3 };
    for (size_t i = CURRENCY_NONE + 1; code.len == CODE_LEN && i < CURRENCY_COUNT; i++) {
        if (memcmp(code.ptr, currencies[i].code, CODE_LEN) == 0) {
            *out = (enum currency)i;
            return true;
        }
    }
    return false;
}

const char *currency_code(enum currency currency)
{
    CHECK(currency > CURRENCY_NONE);
    CHECK(currency < CURRENCY_COUNT);
    return currencies[currency].code;
}

unsigned currency_exponent(enum currency currency)
{
    CHECK(currency > CURRENCY_NONE);
    CHECK(currency < CURRENCY_COUNT);
    return currencies[currency].exponent;
}

bool money_from_decimal(struct money *out, struct decimal value, enum currency currency)
{
    int64_t minor;
    if (!decimal_to_scaled(&minor, value, currency_exponent(currency)) ||
        minor < -MONEY_MINOR_MAX || minor > MONEY_MINOR_MAX) {
        return false;
    }
    *out = (struct money){minor, currency};
    return true;
}

void money_write(struct buf *out, struct money amount)
{
    decimal_write_fixed(out, amount.minor, currency_exponent(amount.currency));
}

struct money money_add(struct money a, struct money b)
{
    int64_t sum;
    CHECK(a.currency == b.currency);
    CHECK(!__builtin_add_overflow(a.minor, b.minor, &sum));
    CHECK(sum >= -2 * MONEY_MINOR_MAX);
    CHECK(sum <= 2 * MONEY_MINOR_MAX);
    return (struct money){sum, a.currency};
}

int money_compare(struct money a, struct money b)
{
    CHECK(a.currency == b.currency);
    return (a.minor > b.minor) - (a.minor < b.minor);
}

struct money money_min(struct money a, struct money b)
{
    return money_compare(a, b) <= 0 ? a : b;
}

/* Down is toward zero and up is away from it, so that a debt and a claim round alike. */
static int64_t round_quotient(int64_t quotient, int64_t rest, int64_t divisor,
                              enum rounding rounding)
{
    bool is_up = false;
    switch (rounding) {
    case ROUND_DOWN: break;
    case ROUND_UP: is_up = rest > 0; break;
    case ROUND_HALF_EVEN:
        is_up = rest > divisor - rest || (rest == divisor - rest && quotient % 2 != 0);
        break;
    }
    return quotient + (is_up ? 1 : 0);
}

struct money money_scale_ppm(struct money amount, uint32_t ppm, enum rounding rounding)
{
    enum { ONE = 1000000 };
    CHECK(ppm <= 1000000000);
    CHECK(amount.minor >= -MONEY_MINOR_MAX);
    CHECK(amount.minor <= MONEY_MINOR_MAX);
    bool is_negative = amount.minor < 0;
    int64_t size = is_negative ? -amount.minor : amount.minor;
    /* size * ppm does not fit in 64 bits; its millions and its rest do: 10^9 * 10^9 and 10^6 *
     * 10^9. */
    int64_t rest = size % ONE * (int64_t)ppm;
    int64_t scaled = size / ONE * (int64_t)ppm + rest / ONE;
    scaled = round_quotient(scaled, rest % ONE, ONE, rounding);
    return (struct money){is_negative ? -scaled : scaled, amount.currency};
}

struct money money_round_down_to(struct money amount, struct money step)
{
    CHECK(amount.currency == step.currency);
    CHECK(step.minor > 0);
    return (struct money){amount.minor - amount.minor % step.minor, amount.currency};
}
