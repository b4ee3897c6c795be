/* chunks.c - a byte at a time, except data. */
#include "http/chunks.h"

#include <string.h>

void chunks_begin(struct chunks *c)
{
    *c = (struct chunks){0};
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* RFC 9110, section 5.6.2. */
static bool byte_is_token(char c)
{
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool is_digit = c >= '0' && c <= '9';
    return is_letter || is_digit || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool size_byte(struct chunks *c, char byte)
{
    int value = hex_value(byte);
    if (value < 0 || c->left > UINT64_MAX >> 4) {
        return false;
    }
    c->left = c->left << 4 | (unsigned)value;
    c->place = CHUNKS_SIZE;
    return true;
}

static bool byte_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* What may stand in quotes, or behind a backslash there: no control, so no line end. */
static bool byte_is_quotable(char c)
{
    return byte_is_blank(c) || ((unsigned char)c > ' ' && c != 0x7F);
}

/* Behind a size, a name or a value: what begins next. */
static bool part_end(struct chunks *c, char byte)
{
    bool is_name = c->place == CHUNKS_NAME || c->place == CHUNKS_NAME_BLANK;
    bool is_blank = c->place == CHUNKS_BLANK || c->place == CHUNKS_NAME_BLANK;
    if (byte == '\r' && !is_blank) {
        c->place = CHUNKS_LINE_LF;
    } else if (byte == ';') {
        c->place = CHUNKS_NAME_FIRST;
    } else if (byte == '=' && is_name) {
        c->place = CHUNKS_VALUE_FIRST;
    } else if (byte_is_blank(byte)) {
        c->place = is_name ? CHUNKS_NAME_BLANK : CHUNKS_BLANK;
    } else {
        return false;
    }
    return true;
}

static bool token_byte(struct chunks *c, char byte, enum chunks_place next)
{
    c->place = byte_is_token(byte) ? next : c->place;
    return byte_is_token(byte);
}

static bool value_first_byte(struct chunks *c, char byte)
{
    if (byte == '"') {
        c->place = CHUNKS_QUOTED;
        return true;
    }
    return byte_is_blank(byte) || token_byte(c, byte, CHUNKS_VALUE);
}

static bool quoted_byte(struct chunks *c, char byte)
{
    if (c->place == CHUNKS_QUOTED_PAIR) {
        c->place = CHUNKS_QUOTED;
    } else if (byte == '"') {
        c->place = CHUNKS_QUOTED_END;
    } else if (byte == '\\') {
        c->place = CHUNKS_QUOTED_PAIR;
    }
    return byte_is_quotable(byte);
}

static bool expected_byte(struct chunks *c, char byte, char expected, enum chunks_place next)
{
    c->place = next;
    return byte == expected;
}

/* Any byte but data.  False: it may not stand here. */
static bool framing_byte(struct chunks *c, char byte)
{
    switch (c->place) {
    case CHUNKS_SIZE_FIRST: return size_byte(c, byte);
    case CHUNKS_SIZE: return size_byte(c, byte) || part_end(c, byte);
    case CHUNKS_NAME_FIRST: return byte_is_blank(byte) || token_byte(c, byte, CHUNKS_NAME);
    case CHUNKS_NAME: return token_byte(c, byte, CHUNKS_NAME) || part_end(c, byte);
    case CHUNKS_VALUE_FIRST: return value_first_byte(c, byte);
    case CHUNKS_VALUE: return token_byte(c, byte, CHUNKS_VALUE) || part_end(c, byte);
    case CHUNKS_QUOTED:
    case CHUNKS_QUOTED_PAIR: return quoted_byte(c, byte);
    case CHUNKS_QUOTED_END:
    case CHUNKS_NAME_BLANK:
    case CHUNKS_BLANK: return part_end(c, byte);
    case CHUNKS_LINE_LF: return expected_byte(c, byte, '\n', CHUNKS_DATA);
    case CHUNKS_DATA_CR: return expected_byte(c, byte, '\r', CHUNKS_DATA_LF);
    case CHUNKS_DATA_LF: return expected_byte(c, byte, '\n', CHUNKS_SIZE_FIRST);
    case CHUNKS_DATA: break;
    }
    return false;
}

static size_t data_read(struct chunks *c, struct buf *body, struct str bytes)
{
    size_t len = bytes.len < c->left ? bytes.len : (size_t)c->left;
    buf_append(body, str_slice(bytes, 0, len));
    c->left -= len;
    c->place = c->left == 0 ? CHUNKS_DATA_CR : CHUNKS_DATA;
    return len;
}

enum chunks_result chunks_read(struct chunks *c, struct buf *body, struct str bytes, size_t *used)
{
    for (size_t at = 0; at < bytes.len;) {
        if (c->place == CHUNKS_DATA) {
            at += data_read(c, body, str_slice(bytes, at, bytes.len));
            if (buf_failed(body)) {
                return CHUNKS_FULL;
            }
            continue;
        }
        if (!framing_byte(c, bytes.ptr[at])) {
            return CHUNKS_MALFORMED;
        }
        at++;
        if (c->place == CHUNKS_DATA && c->left == 0) {
            *used = at;
            return CHUNKS_END;
        }
    }
    *used = bytes.len;
    return CHUNKS_MORE;
}
