/* scan.c - fixed layouts, byte by byte. */
#include "store/scan.h"

#include "format/base64.h"

#include <string.h>

#define SCAN_NUMBER_LIMIT (UINT64_C(1) << 53)

static void skip(struct scan *s, size_t len)
{
    s->rest = str_slice(s->rest, len, s->rest.len);
}

bool scan_text(struct scan *s, struct str expected)
{
    bool is_there = str_starts_with(s->rest, expected);
    if (is_there) {
        skip(s, expected.len);
    }
    return is_there;
}

bool scan_number(struct scan *s, uint64_t *out)
{
    uint64_t value = 0;
    size_t len = 0;
    while (len < s->rest.len && s->rest.ptr[len] >= '0' && s->rest.ptr[len] <= '9') {
        value = value * 10 + (uint64_t)(s->rest.ptr[len] - '0');
        len++;
        if (value >= SCAN_NUMBER_LIMIT) {
            return false;
        }
    }
    if (len == 0 || (len > 1 && s->rest.ptr[0] == '0')) {
        return false;
    }
    skip(s, len);
    *out = value;
    return true;
}

bool scan_hex(struct scan *s, void *out, size_t out_len)
{
    size_t len = 2 * out_len;
    if (s->rest.len < len + 2 || s->rest.ptr[0] != '"' || s->rest.ptr[len + 1] != '"' ||
        !hex_read(out, out_len, str_slice(s->rest, 1, len + 1))) {
        return false;
    }
    skip(s, len + 2);
    return true;
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool scan_word(struct scan *s, struct str *out, size_t len_max)
{
    size_t end = 1;
    while (end < s->rest.len && end <= len_max && is_word_byte(s->rest.ptr[end])) {
        end++;
    }
    if (end < 2 || end >= s->rest.len || s->rest.ptr[0] != '"' || s->rest.ptr[end] != '"') {
        return false;
    }
    *out = str_slice(s->rest, 1, end);
    skip(s, end + 1);
    return true;
}

/* The byte that the escape at `text` stands for, and its length; 0 if RFC 8785 would not write it
 * so. */
static size_t escape_read(struct str text, char *byte)
{
    static const char letters[] = "\"\\bfnrt", bytes[] = "\"\\\b\f\n\r\t";
    if (text.len < 2 || text.ptr[0] != '\\') { /* else a bare control character */
        return 0;
    }
    const char *letter = text.ptr[1] == '\0' ? NULL : strchr(letters, text.ptr[1]);
    if (letter != NULL) {
        *byte = bytes[letter - letters];
        return 2;
    }
    unsigned char code;
    if (text.len < 6 || memcmp(text.ptr, "\\u00", 4) != 0 ||
        !hex_read(&code, 1, str_slice(text, 4, 6)) || code >= 0x20 || code == 0 ||
        memchr(bytes, code, sizeof bytes - 1) != NULL) {
        return 0;
    }
    *byte = (char)code;
    return 6;
}

bool scan_string(struct scan *s, struct buf *out)
{
    if (s->rest.len == 0 || s->rest.ptr[0] != '"') {
        return false;
    }
    size_t at = 1, start = out->len;
    while (at < s->rest.len && s->rest.ptr[at] != '"') {
        size_t from = at;
        while (at < s->rest.len && s->rest.ptr[at] != '"' && s->rest.ptr[at] != '\\' &&
               (unsigned char)s->rest.ptr[at] >= 0x20) {
            at++;
        }
        buf_append(out, str_slice(s->rest, from, at));
        if (at < s->rest.len && s->rest.ptr[at] != '"') {
            char byte;
            size_t len = escape_read(str_slice(s->rest, at, s->rest.len), &byte);
            if (len == 0) {
                return false;
            }
            buf_append_byte(out, byte);
            at += len;
        }
    }
    if (at == s->rest.len || buf_failed(out) ||
        !str_is_utf8(str_of(out->ptr + start, out->len - start))) {
        return false;
    }
    skip(s, at + 1);
    return true;
}

bool scan_is_at_end(const struct scan *s)
{
    return s->rest.len == 0;
}
