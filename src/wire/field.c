/* field.c - one JSON value at a time. */
#include "wire/field.h"

#include <inttypes.h>
#include <stdio.h>

enum { EXPECTED_SIZE = 64 };

bool field_has_type(struct reading *r, const struct json *node, enum json_type type)
{
    if (node->type != type) {
        violation_at(r->v, node, "wrong_type", json_type_name(type), "This must be a JSON %s.",
                     json_type_name(type));
        return false;
    }
    return true;
}

bool field_object(struct reading *r, const struct json *node, const char *const *names,
                  size_t name_count)
{
    if (!field_has_type(r, node, JSON_OBJECT)) {
        return false;
    }
    violation_unknown_members(r->v, node, names, name_count);
    return true;
}

bool field_array(struct reading *r, const struct json *node, uint32_t count_max)
{
    if (!field_has_type(r, node, JSON_ARRAY)) {
        return false;
    }
    if (node->count > count_max) {
        char expected[EXPECTED_SIZE];
        (void)snprintf(expected, sizeof expected, "at most %u elements", count_max);
        violation_at(r->v, node, "too_many", expected, "There may be at most %u elements, not %u.",
                     count_max, node->count);
        return false;
    }
    return true;
}

/* Characters of UTF-8: the bytes that do not continue one. */
static size_t chars_of(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        count += ((unsigned char)text.ptr[i] & 0xC0) != 0x80 ? 1 : 0;
    }
    return count;
}

/* C0, DEL and C1 (U+0080 to U+009F, C2 80 to C2 9F in UTF-8). */
static bool has_control(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool is_c1 = c >= 0x80 && c < 0xA0 && i > 0 && (unsigned char)text.ptr[i - 1] == 0xC2;
        if (c < 0x20 || c == 0x7F || is_c1) {
            return true;
        }
    }
    return false;
}

bool field_text(struct str *out, struct reading *r, const struct json *node, size_t chars_min,
                size_t chars_max)
{
    if (!field_has_type(r, node, JSON_STRING)) {
        return false;
    }
    size_t chars = chars_of(node->text);
    if (chars < chars_min) {
        violation_at(r->v, node, "empty", "a text that is not empty",
                     "This text must not be empty.");
        return false;
    }
    if (chars > chars_max) {
        char expected[EXPECTED_SIZE];
        (void)snprintf(expected, sizeof expected, "at most %zu characters", chars_max);
        violation_at(r->v, node, "too_long", expected,
                     "This text has %zu characters; %zu is the most.", chars, chars_max);
        return false;
    }
    if (has_control(node->text)) {
        violation_at(r->v, node, "bad_characters", "printable characters",
                     "This text must not have control characters.");
        return false;
    }
    *out = node->text;
    return true;
}

bool field_name(struct str *out, struct reading *r, const struct json *node, char mark,
                size_t len_max)
{
    struct str name;
    if (!field_text(&name, r, node, 1, len_max)) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == mark)) {
            char expected[EXPECTED_SIZE];
            (void)snprintf(expected, sizeof expected, "a-z, 0-9 and %c", mark);
            violation_at(r->v, node, "bad_characters", expected,
                         "Only lower-case letters, digits and \"%c\" are allowed here.", mark);
            return false;
        }
    }
    *out = name;
    return true;
}

bool field_word(struct str *out, struct reading *r, const struct json *node)
{
    if (!field_has_type(r, node, JSON_STRING)) {
        return false;
    }
    *out = node->text;
    return true;
}

void field_not_one_of(struct reading *r, const struct json *node, const char *expected)
{
    violation_at(r->v, node, "not_one_of", expected, "This is not one of the values known here.");
}

bool field_bool(struct reading *r, const struct json *node)
{
    if (node->type != JSON_TRUE && node->type != JSON_FALSE) {
        violation_at(r->v, node, "wrong_type", "boolean", "This must be true or false.");
        return false;
    }
    return true;
}

bool field_int(int32_t *out, struct reading *r, const struct json *node, int32_t least,
               int32_t most)
{
    struct decimal value;
    int64_t whole;
    if (!field_has_type(r, node, JSON_NUMBER)) {
        return false;
    }
    if (!decimal_read(&value, node->text) || !decimal_to_scaled(&whole, value, 0) ||
        whole < least || whole > most) {
        char expected[EXPECTED_SIZE];
        (void)snprintf(expected, sizeof expected, "an integer from %d to %d", least, most);
        violation_at(r->v, node, "out_of_range", expected, "This must be an integer from %d to %d.",
                     least, most);
        return false;
    }
    *out = (int32_t)whole;
    return true;
}

bool field_date(struct date *out, struct reading *r, const struct json *node)
{
    if (!field_has_type(r, node, JSON_STRING)) {
        return false;
    }
    struct date date;
    if (!date_read(&date, node->text)) {
        violation_at(r->v, node, "not_a_date", "YYYY-MM-DD",
                     "This is not a date of the calendar, written like 2026-11-22.");
        return false;
    }
    *out = date;
    return true;
}

bool field_past_date(struct date *out, struct reading *r, const struct json *node)
{
    struct date date;
    if (!field_date(&date, r, node)) {
        return false;
    }
    if (date_compare(date, r->as_of) > 0) {
        violation_at(r->v, node, "in_future", "a date not after as_of",
                     "This lies after the day as of which the decision is made.");
        return false;
    }
    *out = date;
    return true;
}

bool field_currency(enum currency *out, struct reading *r, const struct json *node)
{
    struct str code;
    if (!field_word(&code, r, node)) {
        return false;
    }
    if (!currency_read(out, code)) {
        field_not_one_of(r, node, "an ISO 4217 code in capitals, such as EUR");
        return false;
    }
    return true;
}

/* Digits between the first and the last that is not zero, the exponent left out. */
static unsigned significant_digits(struct str number)
{
    unsigned digits = 0, upto_last = 0;
    for (size_t i = 0; i < number.len; i++) {
        char c = number.ptr[i];
        if (c == 'e' || c == 'E') {
            break;
        }
        if (c < '0' || c > '9' || (c == '0' && digits == 0)) {
            continue;
        }
        digits++;
        upto_last = c == '0' ? upto_last : digits;
    }
    return upto_last;
}

/* A number that went through a double on its way keeps 15 digits: more are not the sender's. */
static bool read_number(struct decimal *out, struct reading *r, const struct json *node)
{
    enum { NUMBER_DIGITS_MAX = 15 };
    if (significant_digits(node->text) > NUMBER_DIGITS_MAX) {
        violation_at(r->v, node, "too_precise", "a string",
                     "A JSON number carries at most 15 digits safely: send it as a string.");
        return false;
    }
    if (!decimal_read(out, node->text)) {
        violation_at(r->v, node, "out_of_range", "a number of at most 18 digits",
                     "This number is too large or too small.");
        return false;
    }
    return true;
}

static bool read_decimal_string(struct decimal *out, struct reading *r, const struct json *node)
{
    bool has_exponent = str_find(node->text, 0, 'e') < node->text.len ||
                        str_find(node->text, 0, 'E') < node->text.len;
    if (has_exponent || !decimal_read(out, node->text)) {
        violation_at(r->v, node, "not_a_decimal", "a decimal such as \"12500.00\"",
                     "This is not an exact decimal of at most 18 digits with a point.");
        return false;
    }
    return true;
}

static bool read_decimal(struct decimal *out, struct reading *r, const struct json *node)
{
    if (node->type == JSON_STRING) {
        return read_decimal_string(out, r, node);
    }
    if (node->type == JSON_NUMBER) {
        return read_number(out, r, node);
    }
    violation_at(r->v, node, "wrong_type", "a decimal string or a number",
                 "This must be a number, or a string with an exact decimal.");
    return false;
}

bool field_ratio(int32_t *ppm, struct reading *r, const struct json *node)
{
    struct decimal value;
    if (!read_decimal(&value, r, node)) {
        return false;
    }
    double ratio = decimal_to_double(value);
    if (ratio < 0.0 || ratio > 1.0) {
        violation_at(r->v, node, "out_of_range", "0 to 1", "This must be from 0 to 1.");
        return false;
    }
    *ppm = (int32_t)(ratio * 1e6 + 0.5);
    return true;
}

static bool check_sign(struct reading *r, const struct json *node, int64_t minor, enum sign sign)
{
    if (sign == SIGN_POSITIVE && minor <= 0) {
        violation_at(r->v, node, "not_positive", "an amount above 0",
                     "This amount must be above zero.");
        return false;
    }
    if (sign == SIGN_NOT_NEGATIVE && minor < 0) {
        violation_at(r->v, node, "negative", "0 or more", "This amount must not be negative.");
        return false;
    }
    return true;
}

bool field_minor(int64_t *out, struct reading *r, const struct json *node, enum currency currency,
                 enum sign sign)
{
    struct decimal value;
    struct money money;
    bool has_text = node->type == JSON_STRING || node->type == JSON_NUMBER;
    if (has_text && decimal_read_fixed(&money.minor, node->text, currency_exponent(currency))) {
        *out = money.minor;
        return check_sign(r, node, money.minor, sign);
    }
    if (!read_decimal(&value, r, node)) {
        return false;
    }
    if (value.scale > (int32_t)currency_exponent(currency)) {
        char expected[EXPECTED_SIZE];
        (void)snprintf(expected, sizeof expected, "at most %u decimals",
                       currency_exponent(currency));
        violation_at(r->v, node, "too_many_decimals", expected, "Amounts in %s have %u decimals.",
                     currency_code(currency), currency_exponent(currency));
        return false;
    }
    if (!money_from_decimal(&money, value, currency)) {
        char expected[EXPECTED_SIZE];
        (void)snprintf(expected, sizeof expected, "at most %" PRId64 " minor units",
                       MONEY_MINOR_MAX);
        violation_at(r->v, node, "out_of_range", expected,
                     "Amounts have at most %" PRId64 " minor units.", MONEY_MINOR_MAX);
        return false;
    }
    if (!check_sign(r, node, money.minor, sign)) {
        return false;
    }
    *out = money.minor;
    return true;
}

bool field_money(struct money *out, struct reading *r, const struct json *node, enum sign sign)
{
    static const char *const names[] = {"amount", "currency"};
    if (!field_object(r, node, names, ARRAY_LEN(names))) {
        return false;
    }
    enum currency currency = CURRENCY_NONE;
    int64_t minor = 0;
    const struct json *amount = field_required(r, node, "amount", "a decimal such as \"12500.00\"");
    const struct json *code = field_required(r, node, "currency", "an ISO 4217 code");
    bool has_currency = code != NULL && field_currency(&currency, r, code);
    if (amount == NULL || !has_currency || !field_minor(&minor, r, amount, currency, sign)) {
        return false;
    }
    *out = (struct money){minor, currency};
    return true;
}
