/* trace_context.c - fixed places, lower-case hex. */
#include "format/trace_context.h"

#include <string.h>

enum {
    VERSION_AT = 0,
    FLAGS_AT = 53,
    VERSION_NONE = 0xFF,
};

static const char digits[] = "0123456789abcdef";

static int nibble(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool bytes_read(uint8_t *out, size_t len, const char *text)
{
    for (size_t i = 0; i < len; i++) {
        int high = nibble(text[2 * i]);
        int low = nibble(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static void bytes_write(char *text, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 0xF];
    }
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

/* The length of version 00 is fixed; a later one may go on behind another dash. */
static bool length_fits(uint8_t version, struct str value)
{
    if (value.len == TRACE_PARENT_LEN) {
        return true;
    }
    return version != 0 && value.len > TRACE_PARENT_LEN && value.ptr[TRACE_PARENT_LEN] == '-';
}

bool trace_parent_read(struct trace_context *out, struct str value)
{
    struct trace_context read;
    uint8_t version;
    if (value.len < TRACE_PARENT_LEN || !bytes_read(&version, 1, value.ptr + VERSION_AT) ||
        version == VERSION_NONE || !length_fits(version, value) ||
        value.ptr[TRACE_ID_AT - 1] != '-' || value.ptr[TRACE_SPAN_AT - 1] != '-' ||
        value.ptr[FLAGS_AT - 1] != '-' ||
        !bytes_read(read.trace, TRACE_ID_LEN, value.ptr + TRACE_ID_AT) ||
        !bytes_read(read.span, TRACE_SPAN_LEN, value.ptr + TRACE_SPAN_AT) ||
        !bytes_read(&read.flags, 1, value.ptr + FLAGS_AT) || is_zero(read.trace, TRACE_ID_LEN) ||
        is_zero(read.span, TRACE_SPAN_LEN)) {
        return false;
    }
    read.flags &= TRACE_SAMPLED | TRACE_RANDOM;
    *out = read;
    return true;
}

void trace_parent_write(char text[TRACE_PARENT_LEN + 1], const struct trace_context *context)
{
    memset(text, '-', TRACE_PARENT_LEN);
    text[VERSION_AT] = '0';
    text[VERSION_AT + 1] = '0';
    bytes_write(text + TRACE_ID_AT, context->trace, TRACE_ID_LEN);
    bytes_write(text + TRACE_SPAN_AT, context->span, TRACE_SPAN_LEN);
    bytes_write(text + FLAGS_AT, &context->flags, 1);
    text[TRACE_PARENT_LEN] = '\0';
}

/* Chance that gives nothing but zeros would make an id that is none. */
static void id_fill(uint8_t *id, const uint8_t *chance, size_t len)
{
    memcpy(id, chance, len);
    if (is_zero(id, len)) {
        id[len - 1] = 1;
    }
}

struct trace_context trace_restart(const uint8_t chance[TRACE_CHANCE_LEN])
{
    struct trace_context context = {.flags = TRACE_RANDOM};
    id_fill(context.trace, chance, TRACE_ID_LEN);
    id_fill(context.span, chance + TRACE_ID_LEN, TRACE_SPAN_LEN);
    return context;
}

struct trace_context trace_continue(const struct trace_context *ours,
                                    const struct trace_context *caller)
{
    struct trace_context context = *caller;
    memcpy(context.span, ours->span, TRACE_SPAN_LEN);
    return context;
}
