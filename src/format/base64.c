/* base64.c - bytes as text, strictly both ways: each byte string has one text and each text at most
 * one byte string. */
#include "format/base64.h"

#include <string.h>

enum { ID_DIGITS = 26 };

static const char standard_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char hex_digits[] = "0123456789abcdef";
static const char crockford_digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* The value of a digit, or -1. */
static int digit_value(const char *digits, char c)
{
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

static int base64_value(const char *digits, char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == digits[62] ? 62 : c == digits[63] ? 63 : -1;
}

/* ---- base64 ---- */

static void write_groups(struct buf *out, struct str bytes, const char *digits, bool is_padded)
{
    const unsigned char *p = (const unsigned char *)bytes.ptr;
    if (bytes.len > SIZE_MAX / 2) {
        out->failed = true;
        return;
    }
    size_t whole = bytes.len / 3, rest = bytes.len % 3;
    size_t tail = rest == 0 ? 0 : is_padded ? 4 : rest + 1;
    char *to = buf_reserve(out, whole * 4 + tail);
    if (to == NULL) {
        return;
    }
    for (size_t i = 0; i < whole; i++, p += 3, to += 4) {
        uint32_t group = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
        to[0] = digits[group >> 18];
        to[1] = digits[group >> 12 & 63];
        to[2] = digits[group >> 6 & 63];
        to[3] = digits[group & 63];
    }
    if (rest > 0) {
        uint32_t group = (uint32_t)p[0] << 16 | (rest == 2 ? (uint32_t)p[1] << 8 : 0);
        char last[4] = {digits[group >> 18], digits[group >> 12 & 63],
                        rest == 2 ? digits[group >> 6 & 63] : '=', '='};
        memcpy(to, last, tail);
    }
    out->len += whole * 4 + tail;
}

/* Read `text`, its padding gone. */
static bool read_groups(struct buf *out, struct str text, const char *digits)
{
    size_t rest = text.len % 4, len = text.len / 4 * 3 + (rest > 0 ? rest - 1 : 0);
    char *to = rest == 1 ? NULL : buf_reserve(out, len);
    if (to == NULL) {
        return false;
    }
    uint32_t bits = 0;
    unsigned count = 0; /* bits that wait */
    for (size_t i = 0; i < text.len; i++) {
        int value = base64_value(digits, text.ptr[i]);
        if (value < 0) {
            return false;
        }
        bits = bits << 6 | (uint32_t)value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            *to++ = (char)(bits >> count & 0xFF);
        }
    }
    if ((bits & ((1u << count) - 1)) != 0) {
        return false;
    }
    out->len += len;
    return true;
}

void base64_write(struct buf *out, struct str bytes)
{
    write_groups(out, bytes, standard_digits, true);
}

void base64url_write(struct buf *out, struct str bytes)
{
    write_groups(out, bytes, url_digits, false);
}

bool base64_read(struct buf *out, struct str text)
{
    if (text.len % 4 != 0) {
        return false;
    }
    for (int i = 0; i < 2 && str_ends_with(text, STR("=")); i++) {
        text = str_slice(text, 0, text.len - 1);
    }
    return read_groups(out, text, standard_digits);
}

bool base64url_read(struct buf *out, struct str text)
{
    return read_groups(out, text, url_digits);
}

/* ---- hex ---- */

void hex_write(struct buf *out, struct str bytes)
{
    char *to = bytes.len > SIZE_MAX / 2 ? NULL : buf_reserve(out, bytes.len * 2);
    if (to == NULL) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        *to++ = hex_digits[c >> 4];
        *to++ = hex_digits[c & 15];
    }
    out->len += bytes.len * 2;
}

bool hex_read(void *out, size_t out_len, struct str text)
{
    uint8_t *to = out;
    if (text.len % 2 != 0 || text.len / 2 != out_len) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (digit_value(hex_digits, text.ptr[i]) < 0) {
            return false;
        }
    }
    for (size_t i = 0; i < out_len; i++) {
        int high = digit_value(hex_digits, text.ptr[2 * i]);
        int low = digit_value(hex_digits, text.ptr[2 * i + 1]);
        to[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* ---- base32 ---- */

void base32_write_id(char text[26], const uint8_t id[16])
{
    uint32_t bits = 0;
    unsigned count = 2; /* 26 digits hold 130 bits: two zero bits come first */
    size_t at = 0;
    for (size_t i = 0; i < 16; i++) {
        bits = bits << 8 | id[i];
        count += 8;
        while (count >= 5) {
            count -= 5;
            text[at++] = crockford_digits[bits >> count & 31];
        }
    }
    CHECK(count == 0);
    CHECK(at == ID_DIGITS);
}

bool base32_read_id(uint8_t id[16], struct str text)
{
    uint8_t bytes[16];
    uint32_t bits = 0;
    unsigned count = 0;
    size_t at = 0;
    if (text.len != ID_DIGITS) {
        return false;
    }
    for (size_t i = 0; i < ID_DIGITS; i++) {
        int value = digit_value(crockford_digits, text.ptr[i]);
        if (value < 0 || (i == 0 && value > 7)) {
            return false;
        }
        bits = bits << 5 | (uint32_t)value;
        count += i == 0 ? 3 : 5;
        if (count >= 8) {
            count -= 8;
            bytes[at++] = (uint8_t)(bits >> count & 0xFF);
        }
    }
    CHECK(at == sizeof bytes);
    memcpy(id, bytes, sizeof bytes);
    return true;
}
