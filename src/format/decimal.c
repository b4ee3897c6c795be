/* decimal.c - decimal text, exact decimals and doubles.
 *
 * All reading goes through one look at the text (struct number): where its significant digits are
 * and where the point stands.  Doubles come from the division of two exact doubles where that is
 * enough, else from strtod in the C locale, which rounds correctly; it never sees more than
 * DOUBLE_DIGITS digits, because no more can matter. */
#include "format/decimal.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The point half way between two doubles has at most 767 significant digits: what lies behind
 * DOUBLE_DIGITS only matters by being zero or not. */
enum { DOUBLE_DIGITS = 800, FIXED_LAYOUT_MAX = 21, FIXED_LAYOUT_MIN = -6 };

static const int64_t exponent_clamp = INT64_C(1000000000000); /* far above any length of a text */

/* 0.d1 d2 ... dn * 10^point, where d1 .. dn are digits `first` to `last` (not included) of the
 * digits before and behind the point of the text taken together.  Zero has first == last. */
struct number {
    bool is_negative;
    struct str whole;
    struct str fraction;
    size_t first;
    size_t last;
    int64_t point;
};

/* ---- looking at text ---- */

static size_t skip_digits(struct str text, size_t at)
{
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9') {
        at++;
    }
    return at;
}

static char digit_at(const struct number *n, size_t i)
{
    return i < n->whole.len ? n->whole.ptr[i] : n->fraction.ptr[i - n->whole.len];
}

/* Read "e+12" at the end of the text, clamped far outside of what anybody can use. */
static bool scan_exponent(int64_t *exponent, struct str text, size_t at)
{
    bool is_negative = false;
    *exponent = 0;
    if (at == text.len) {
        return true;
    }
    if (text.ptr[at] != 'e' && text.ptr[at] != 'E') {
        return false;
    }
    at++;
    if (at < text.len && (text.ptr[at] == '+' || text.ptr[at] == '-')) {
        is_negative = text.ptr[at] == '-';
        at++;
    }
    if (at == text.len || skip_digits(text, at) != text.len) {
        return false;
    }
    for (; at < text.len; at++) {
        *exponent = *exponent * 10 + (text.ptr[at] - '0');
        *exponent = *exponent > exponent_clamp ? exponent_clamp : *exponent;
    }
    *exponent = is_negative ? -*exponent : *exponent;
    return true;
}

/* Take a number of JSON's grammar apart. */
static bool number_scan(struct number *n, struct str text)
{
    int64_t exponent;
    *n = (struct number){.is_negative = text.len > 0 && text.ptr[0] == '-', .fraction = STR("")};
    size_t from = n->is_negative ? 1 : 0;
    size_t at = skip_digits(text, from);
    if (at == from || (at - from > 1 && text.ptr[from] == '0')) {
        return false;
    }
    n->whole = str_slice(text, from, at);
    if (at < text.len && text.ptr[at] == '.') {
        from = at + 1;
        at = skip_digits(text, from);
        if (at == from) {
            return false;
        }
        n->fraction = str_slice(text, from, at);
    }
    if (!scan_exponent(&exponent, text, at)) {
        return false;
    }
    n->last = n->whole.len + n->fraction.len;
    while (n->last > 0 && digit_at(n, n->last - 1) == '0') {
        n->last--;
    }
    while (n->first < n->last && digit_at(n, n->first) == '0') {
        n->first++;
    }
    n->point = (int64_t)n->whole.len - (int64_t)n->first + exponent;
    return true;
}

static bool number_is_zero(const struct number *n)
{
    return n->first == n->last;
}

/* ---- exact decimals ---- */

static int64_t digits_value(const struct number *n)
{
    int64_t value = 0;
    CHECK(n->last - n->first <= DECIMAL_DIGITS_MAX);
    for (size_t i = n->first; i < n->last; i++) {
        value = value * 10 + (digit_at(n, i) - '0');
    }
    return n->is_negative ? -value : value;
}

bool decimal_read(struct decimal *out, struct str text)
{
    struct number n;
    if (!number_scan(&n, text)) {
        return false;
    }
    if (number_is_zero(&n)) {
        *out = (struct decimal){0, 0};
        return true;
    }
    size_t count = n.last - n.first;
    int64_t scale = (int64_t)count - n.point;
    if (count > DECIMAL_DIGITS_MAX || scale < -DECIMAL_DIGITS_MAX || scale > DECIMAL_SCALE_MAX) {
        return false;
    }
    *out = (struct decimal){digits_value(&n), (int32_t)scale};
    return true;
}

/* Go on with `value` through `count` digits at `text`; false if one is none. */
static bool take_digits(int64_t *value, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned digit = (unsigned)(unsigned char)text[i] - '0';
        if (digit > 9) {
            return false;
        }
        *value = *value * 10 + digit;
    }
    return true;
}

bool decimal_read_fixed(int64_t *out, struct str text, unsigned places)
{
    enum { DIGITS_MAX = 15 }; /* a JSON number carries no more safely */
    static const int64_t powers[DECIMAL_FIXED_MAX + 1] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    CHECK(places <= DECIMAL_FIXED_MAX);
    bool is_negative = text.len > 0 && text.ptr[0] == '-';
    const char *whole = text.ptr + (is_negative ? 1 : 0);
    size_t whole_len = text.len - (is_negative ? 1 : 0);
    bool has_point = places > 0 && whole_len > places && whole[whole_len - places - 1] == '.';
    int64_t value = 0;
    whole_len -= has_point ? places + 1 : 0;
    if (whole_len == 0 || whole_len + places > DIGITS_MAX || (whole_len > 1 && *whole == '0') ||
        !take_digits(&value, whole, whole_len)) {
        return false;
    }
    if (!has_point) {
        value *= powers[places];
    } else if (!take_digits(&value, whole + whole_len + 1, places)) {
        return false;
    }
    *out = is_negative ? -value : value;
    return true;
}

bool decimal_to_scaled(int64_t *out, struct decimal value, unsigned scale)
{
    int64_t scaled = value.mantissa;
    int64_t shift = (int64_t)scale - value.scale;
    for (; shift < 0 && scaled != 0; shift++) {
        if (scaled % 10 != 0) {
            return false;
        }
        scaled /= 10;
    }
    for (; shift > 0 && scaled != 0; shift--) {
        if (__builtin_mul_overflow(scaled, 10, &scaled)) {
            return false;
        }
    }
    *out = scaled;
    return true;
}

/* ---- doubles ---- */

static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;
static locale_t c_locale;

static void c_locale_create(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    CHECK(c_locale != (locale_t)0);
}

static locale_t c_locale_get(void)
{
    CHECK(pthread_once(&c_locale_once, c_locale_create) == 0);
    return c_locale;
}

/* mantissa * 10^exponent where both are exact doubles, so that one rounding is all there is. */
static bool double_exact(double *out, int64_t mantissa, int64_t exponent)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const int64_t most = (int64_t)ARRAY_LEN(powers) - 1, bound = INT64_C(1) << DBL_MANT_DIG;
    if (mantissa > bound || mantissa < -bound || exponent > most || exponent < -most) {
        return false;
    }
    *out =
        exponent < 0 ? (double)mantissa / powers[-exponent] : (double)mantissa * powers[exponent];
    return true;
}

/* The digits that can matter, as "0.ddd" and an exponent, to strtod. */
static double double_slow(const struct number *n)
{
    char text[DOUBLE_DIGITS + 32] = "0.";
    size_t at = 2, last = n->last;
    bool has_rest = last - n->first > DOUBLE_DIGITS;
    last = has_rest ? n->first + DOUBLE_DIGITS : last;
    for (size_t i = n->first; i < last; i++) {
        text[at++] = digit_at(n, i);
    }
    if (has_rest) {
        text[at++] = '1'; /* the last digit of a number is not zero */
    }
    (void)snprintf(text + at, sizeof text - at, "e%d", (int)n->point);
    return strtod_l(text, NULL, c_locale_get());
}

bool double_read(double *out, struct str text)
{
    struct number n;
    double value = 0;
    if (!number_scan(&n, text)) {
        return false;
    }
    size_t count = n.last - n.first;
    if (n.point > DBL_MAX_10_EXP + 1 && count > 0) {
        return false;
    }
    /* Below DBL_MIN_10_EXP - 20 there is nothing but zero. */
    if (count > 0 && n.point > DBL_MIN_10_EXP - 20) {
        bool is_exact = count <= DECIMAL_DIGITS_MAX &&
                        double_exact(&value, digits_value(&n), n.point - (int64_t)count);
        if (!is_exact) {
            value = n.is_negative ? -double_slow(&n) : double_slow(&n);
        }
    } else if (n.is_negative) {
        value = -0.0;
    }
    if (isinf(value)) {
        return false;
    }
    *out = value;
    return true;
}

double decimal_to_double(struct decimal value)
{
    double nearest = 0;
    if (!double_exact(&nearest, value.mantissa, -(int64_t)value.scale)) {
        char text[48];
        int len = snprintf(text, sizeof text, "%lldE%d", (long long)value.mantissa, -value.scale);
        CHECK(len > 0);
        CHECK(double_read(&nearest, str_of(text, (size_t)len)));
    }
    return nearest;
}

/* `digits` significant digits of a double, in the C locale whatever that of the thread is. */
static struct str double_print(char *text, size_t size, int digits, double value)
{
    locale_t before = uselocale(c_locale_get());
    int len = snprintf(text, size, "%.*e", digits - 1, value);
    (void)uselocale(before);
    CHECK(len > 0);
    CHECK((size_t)len < size);
    return str_of(text, (size_t)len);
}

void double_write(struct buf *out, double value)
{
    char text[40];
    double back = 0;
    struct str shortest;
    CHECK(isfinite(value));
    /* 15 digits always survive the way into a normal double and back, so fewer need no trial. */
    int digits = fabs(value) < DBL_MIN ? 1 : DBL_DIG;
    do {
        shortest = double_print(text, sizeof text, digits, value);
        CHECK(digits <= DBL_DECIMAL_DIG);
        digits++;
    } while (!double_read(&back, shortest) || memcmp(&back, &value, sizeof value) != 0);
    if (value == 0 && signbit(value)) {
        buf_append_byte(out, '-');
    }
    decimal_write_canonical(out, shortest);
}

double double_round_digits(double value, int digits)
{
    char text[40];
    CHECK(digits >= 1 && digits <= DBL_DIG);
    double rounded = value;
    /* Rounding up may pass the greatest double: then the value stays as it is. */
    if (!isfinite(value) ||
        !double_read(&rounded, double_print(text, sizeof text, digits, value))) {
        return value;
    }
    return rounded;
}

/* ---- writing ---- */

void decimal_write_fixed(struct buf *out, int64_t mantissa, unsigned places)
{
    char digits[24 + DECIMAL_SCALE_MAX];
    size_t at = sizeof digits;
    uint64_t rest = mantissa < 0 ? 0 - (uint64_t)mantissa : (uint64_t)mantissa;
    CHECK(places <= DECIMAL_SCALE_MAX);
    for (unsigned i = 0; i <= places || rest > 0; i++) {
        if (i > 0 && i == places) {
            digits[--at] = '.';
        }
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    }
    if (mantissa < 0) {
        digits[--at] = '-';
    }
    buf_append(out, str_of(digits + at, sizeof digits - at));
}

void decimal_write(struct buf *out, int64_t mantissa, unsigned scale)
{
    CHECK(scale <= DECIMAL_SCALE_MAX);
    while (scale > 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        scale--;
    }
    decimal_write_fixed(out, mantissa, scale);
}

/* Digits `from` to `to` (not included) of a number; zeros where it has none. */
static void append_digits(struct buf *out, const struct number *n, size_t from, size_t to)
{
    size_t whole_end = to < n->whole.len ? to : n->whole.len;
    size_t all = n->whole.len + n->fraction.len;
    if (from < whole_end) {
        buf_append(out, str_slice(n->whole, from, whole_end));
        from = whole_end;
    }
    if (from < to && from < all) {
        size_t end = (to < all ? to : all) - n->whole.len;
        buf_append(out, str_slice(n->fraction, from - n->whole.len, end));
        from = end + n->whole.len;
    }
    for (; from < to; from++) {
        buf_append_byte(out, '0');
    }
}

/* d.ddde+21 */
static void write_exponential(struct buf *out, const struct number *n)
{
    append_digits(out, n, n->first, n->first + 1);
    if (n->last - n->first > 1) {
        buf_append_byte(out, '.');
        append_digits(out, n, n->first + 1, n->last);
    }
    buf_append(out, n->point > 0 ? STR("e+") : STR("e"));
    buf_append_int(out, n->point - 1);
}

int64_t decimal_exponent(struct str text)
{
    struct number n;
    CHECK(number_scan(&n, text));
    return number_is_zero(&n) ? 0 : n.point - 1;
}

/* Number::toString of ECMAScript, on the digits as they are. */
void decimal_write_canonical(struct buf *out, struct str text)
{
    struct number n;
    CHECK(number_scan(&n, text));
    if (number_is_zero(&n)) {
        buf_append_byte(out, '0');
        return;
    }
    if (n.is_negative) {
        buf_append_byte(out, '-');
    }
    if (n.point > FIXED_LAYOUT_MAX || n.point <= FIXED_LAYOUT_MIN) {
        write_exponential(out, &n);
    } else if (n.point <= 0) {
        buf_append(out, STR("0."));
        buf_append(out, str_slice(STR("000000"), 0, (size_t)-n.point));
        append_digits(out, &n, n.first, n.last);
    } else {
        size_t point = n.first + (size_t)n.point;
        append_digits(out, &n, n.first, point);
        if (point < n.last) {
            buf_append_byte(out, '.');
            append_digits(out, &n, point, n.last);
        }
    }
}
