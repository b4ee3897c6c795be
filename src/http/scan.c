/* scan.c - one byte at a time, except inside header lines, where only three bytes mean anything. */
#include "http/scan.h"

#include <string.h>

void scan_head(struct scan *s, size_t len_max, size_t target_len_max)
{
    *s = (struct scan){
        .len_max = len_max, .target_len_max = target_len_max, .is_request_line = true};
}

void scan_trailer(struct scan *s, size_t len_max)
{
    *s = (struct scan){.len_max = len_max, .is_trailer = true};
}

static bool byte_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static enum scan_result version_check(const struct scan *s)
{
    const char *v = s->version;
    if (s->space_count != 2 || s->version_len != sizeof s->version || memcmp(v, "HTTP/", 5) != 0 ||
        !byte_is_digit(v[5]) || v[6] != '.' || !byte_is_digit(v[7])) {
        return SCAN_MALFORMED;
    }
    return v[5] == '1' && v[7] <= '1' ? SCAN_MORE : SCAN_VERSION;
}

static enum scan_result request_line_byte(struct scan *s, char c)
{
    if (c == ' ') {
        bool is_empty_word = s->line_len == 0 || (s->space_count == 1 && s->target_len == 0);
        s->space_count++;
        return is_empty_word || s->space_count > 2 ? SCAN_MALFORMED : SCAN_MORE;
    }
    if (c == '\t') {
        return SCAN_MALFORMED;
    }
    if (s->space_count == 1 && c != '\r' && ++s->target_len > s->target_len_max) {
        return SCAN_TARGET_TOO_LONG;
    }
    if (s->space_count == 2 && c != '\r') {
        if (s->version_len < sizeof s->version) {
            s->version[s->version_len] = c;
        }
        s->version_len++;
    }
    return SCAN_MORE;
}

static enum scan_result line_end(struct scan *s)
{
    if (s->previous != '\r') {
        return SCAN_MALFORMED;
    }
    if (!s->is_request_line && s->line_len == 1) {
        return SCAN_END;
    }
    if (s->is_trailer && !s->has_colon) {
        return SCAN_MALFORMED;
    }
    s->has_colon = false;
    enum scan_result result = s->is_request_line ? version_check(s) : SCAN_MORE;
    s->is_request_line = false;
    s->line_len = 0;
    s->previous = 0;
    return result;
}

static enum scan_result line_byte(struct scan *s, char c)
{
    if (s->previous == '\r' || c == 0) {
        return SCAN_MALFORMED;
    }
    enum scan_result result = SCAN_MORE;
    if (s->is_request_line) {
        result = request_line_byte(s, c);
    } else if (s->line_len == 0 && (c == ' ' || c == '\t' || c == ':')) {
        result = SCAN_MALFORMED;
    }
    s->line_len++;
    s->previous = c;
    s->has_colon = s->has_colon || c == ':';
    return result;
}

/* How many of these bytes cannot end or break a header line. */
static size_t plain_len(const char *bytes, size_t len)
{
    size_t i = 0;
    while (i < len && bytes[i] != '\r' && bytes[i] != '\n' && bytes[i] != 0) {
        i++;
    }
    return i;
}

enum scan_result scan_bytes(struct scan *s, struct str bytes, size_t *used)
{
    for (size_t i = 0; i < bytes.len; i++) {
        if (s->len == s->len_max) {
            return SCAN_TOO_LONG;
        }
        s->len++;
        char c = bytes.ptr[i];
        enum scan_result result = c == '\n' ? line_end(s) : line_byte(s, c);
        if (result != SCAN_MORE) {
            *used = i + 1;
            return result;
        }
        if (!s->is_request_line && s->line_len > 0 && s->previous != '\r') {
            size_t rest = bytes.len - i - 1;
            size_t room = s->len_max - s->len;
            size_t skip = plain_len(bytes.ptr + i + 1, rest < room ? rest : room);
            if (skip > 0) {
                s->has_colon =
                    s->has_colon || (s->is_trailer && memchr(bytes.ptr + i + 1, ':', skip) != NULL);
                i += skip;
                s->len += skip;
                s->line_len += skip;
                s->previous = bytes.ptr[i];
            }
        }
    }
    *used = bytes.len;
    return SCAN_MORE;
}
