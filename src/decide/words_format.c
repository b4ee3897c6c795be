/* words_format.c - three ways to write the same number. */
#include "decide/words_format.h"

static const struct {
    const char *thousands;
    char decimal;
    bool currency_first;
    const char *percent;
} styles[LANGUAGE_COUNT] = {
    [LANGUAGE_EN] = {",",            '.', true,  "%"               },
    [LANGUAGE_ES] = {".",            ',', false, NO_BREAK_SPACE "%"},
    [LANGUAGE_FR] = {"\xE2\x80\xAF", ',', false, NO_BREAK_SPACE "%"},
};

/* `count` digits, with zeros in front. */
static void append_digits(struct buf *out, uint64_t value, unsigned count)
{
    char digits[20];
    CHECK(count <= sizeof digits);
    for (unsigned i = count; i > 0; i--) {
        digits[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    buf_append(out, str_of(digits, count));
}

static void append_grouped(struct buf *out, uint64_t whole, const char *separator)
{
    enum { GROUP = 1000 };
    if (whole < GROUP) {
        buf_append_int(out, (int64_t)whole);
        return;
    }
    append_grouped(out, whole / GROUP, separator);
    buf_append_text(out, separator);
    append_digits(out, whole % GROUP, 3);
}

void words_number(struct buf *out, int64_t mantissa, unsigned places, enum language language)
{
    uint64_t size = mantissa < 0 ? 0 - (uint64_t)mantissa : (uint64_t)mantissa;
    uint64_t one = 1;
    CHECK((unsigned)language < LANGUAGE_COUNT);
    for (unsigned i = 0; i < places; i++) {
        one *= 10;
    }
    if (mantissa < 0) {
        buf_append_text(out, "\xE2\x88\x92"); /* the minus sign, which never breaks a line */
    }
    append_grouped(out, size / one, styles[language].thousands);
    if (places > 0) {
        buf_append_byte(out, styles[language].decimal);
        append_digits(out, size % one, places);
    }
}

void words_money(struct buf *out, struct money amount, enum language language)
{
    const char *code = currency_code(amount.currency);
    if (styles[language].currency_first) {
        buf_append_text(out, code);
        buf_append_text(out, NO_BREAK_SPACE);
    }
    words_number(out, amount.minor, currency_exponent(amount.currency), language);
    if (!styles[language].currency_first) {
        buf_append_text(out, NO_BREAK_SPACE);
        buf_append_text(out, code);
    }
}

void words_percent(struct buf *out, int64_t micro, unsigned places, enum language language)
{
    enum { MICRO_PER_PERCENT = 10000 };
    int64_t unit = MICRO_PER_PERCENT;
    for (unsigned i = 0; i < places; i++) {
        unit /= 10;
    }
    CHECK(unit > 1);
    int64_t half = micro < 0 ? -unit / 2 : unit / 2;
    words_number(out, (micro + half) / unit, places, language);
    buf_append_text(out, styles[language].percent);
}

void words_probability(struct buf *out, uint32_t ppm, enum language language)
{
    enum { ONE_PERCENT_PPM = 10000 };
    words_percent(out, ppm, ppm < ONE_PERCENT_PPM ? 2 : 1, language);
}

void words_date(struct buf *out, struct date date, enum language language)
{
    /* clang-format off */
    static const char *const months[LANGUAGE_COUNT][12] = {
        [LANGUAGE_EN] = {"January", "February", "March", "April", "May", "June", "July", "August",
                         "September", "October", "November", "December"},
        [LANGUAGE_ES] = {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
                         "septiembre", "octubre", "noviembre", "diciembre"},
        [LANGUAGE_FR] = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
                         "septembre", "octobre", "novembre", "décembre"},
    };
    /* clang-format on */
    CHECK(date_is_set(date));
    CHECK(date.month >= 1);
    CHECK(date.month <= 12);
    bool is_first = language == LANGUAGE_FR && date.day == 1;
    const char *of = language == LANGUAGE_ES ? "de" NO_BREAK_SPACE : "";
    buf_append_int(out, date.day);
    buf_append_text(out, is_first ? "er" NO_BREAK_SPACE : NO_BREAK_SPACE);
    buf_append_text(out, of);
    buf_append_text(out, months[language][date.month - 1]);
    buf_append_text(out, NO_BREAK_SPACE);
    buf_append_text(out, of);
    buf_append_int(out, date.year);
}
