/* frames.h - frames of HTTP/2 as bytes, for tests: built from RFC 9113 and RFC 7541 alone, with
 * nothing of the library that reads them.  Fields are literals without indexing. */
#ifndef TESTS_UNIT_HTTP_FRAMES_H
#define TESTS_UNIT_HTTP_FRAMES_H

#include "base/buf.h"

enum {
    F_DATA = 0,
    F_HEADERS = 1,
    F_PRIORITY = 2,
    F_RST_STREAM = 3,
    F_SETTINGS = 4,
    F_PUSH_PROMISE = 5,
    F_PING = 6,
    F_GOAWAY = 7,
    F_WINDOW_UPDATE = 8,
    F_CONTINUATION = 9,
    F_PRIORITY_UPDATE = 16,
    F_GREASE = 0x2A,
};

enum { END_STREAM = 1, ACK = 1, END_HEADERS = 4, PADDED = 8, WHOLE = END_STREAM | END_HEADERS };

enum {
    E_NO_ERROR = 0,
    E_PROTOCOL = 1,
    E_FLOW_CONTROL = 3,
    E_STREAM_CLOSED = 5,
    E_FRAME_SIZE = 6,
    E_REFUSED_STREAM = 7,
    E_CANCEL = 8,
    E_COMPRESSION = 9,
    E_CALM = 11,
};

#define PREFACE STR("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

static inline void put_frame(struct buf *out, unsigned type, unsigned flags, uint32_t stream,
                             struct str payload)
{
    const unsigned char head[] = {(unsigned char)(payload.len >> 16),
                                  (unsigned char)(payload.len >> 8),
                                  (unsigned char)payload.len,
                                  (unsigned char)type,
                                  (unsigned char)flags,
                                  (unsigned char)(stream >> 24),
                                  (unsigned char)(stream >> 16),
                                  (unsigned char)(stream >> 8),
                                  (unsigned char)stream};
    buf_append(out, str_of(head, sizeof head));
    buf_append(out, payload);
}

static inline void put_number(struct buf *out, unsigned type, uint32_t stream, uint32_t number)
{
    const unsigned char payload[] = {(unsigned char)(number >> 24), (unsigned char)(number >> 16),
                                     (unsigned char)(number >> 8), (unsigned char)number};
    put_frame(out, type, 0, stream, str_of(payload, sizeof payload));
}

static inline void put_text(struct buf *out, struct str text)
{
    size_t len = text.len;
    if (len < 127) {
        buf_append_byte(out, (char)len);
    } else {
        buf_append_byte(out, 127);
        for (len -= 127; len >= 128; len /= 128) {
            buf_append_byte(out, (char)(len % 128 | 128));
        }
        buf_append_byte(out, (char)len);
    }
    buf_append(out, text);
}

static inline void put_field(struct buf *block, struct str name, struct str value)
{
    buf_append_byte(block, 0);
    put_text(block, name);
    put_text(block, value);
}

/* "name: value\n" lines; a name may begin with a colon. */
static inline void put_fields(struct buf *block, const char *lines)
{
    struct str all = str_from(lines);
    for (size_t at = 0; at < all.len;) {
        size_t end = str_find(all, at, '\n');
        struct str line = str_slice(all, at, end);
        size_t colon = str_find(line, line.len > 0 && line.ptr[0] == ':' ? 1 : 0, ':');
        put_field(block, str_slice(line, 0, colon), str_slice(line, colon + 2, line.len));
        at = end + 1;
    }
}

static inline void put_headers(struct buf *out, unsigned flags, uint32_t stream, const char *lines)
{
    struct buf block;
    buf_init(&block, 1024 * 1024);
    put_fields(&block, lines);
    put_frame(out, F_HEADERS, flags, stream, buf_str(&block));
    buf_finish(&block);
}

#endif
