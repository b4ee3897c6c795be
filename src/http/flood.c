/* flood.c - a walk over frame headers (RFC 9113, section 4.1), and leaky buckets. */
#include "http/flood.h"

#include <string.h>

enum frame_type {
    FRAME_DATA = 0,
    FRAME_HEADERS = 1,
    FRAME_PRIORITY = 2,
    FRAME_RST_STREAM = 3,
    FRAME_SETTINGS = 4,
    FRAME_PING = 6,
    FRAME_WINDOW_UPDATE = 8,
    FRAME_CONTINUATION = 9,
    FRAME_PRIORITY_UPDATE = 16,
};

enum {
    FLAG_END_STREAM = 0x1,
    FLAG_ACK = 0x1,
    FLAG_END_HEADERS = 0x4,
};

static const struct {
    uint32_t burst;
    uint32_t per_second;
} limits[FLOOD_COUNT] = {
#define FLOOD(name, burst, per_second, what) {burst, per_second},
#include "http/flood.def"
#undef FLOOD
};

uint32_t flood_burst(enum flood_kind kind)
{
    return limits[kind].burst;
}

uint32_t flood_per_second(enum flood_kind kind)
{
    return limits[kind].per_second;
}

void flood_init(struct flood *f, uint64_t now_us)
{
    *f = (struct flood){
        .now_us = now_us, .skip = FLOOD_PREFACE_LEN, .head_wanted = FLOOD_FRAME_HEAD_LEN};
}

static void bucket_leak(struct flood *f, enum flood_kind kind)
{
    uint64_t passed_us = f->now_us - f->buckets[kind].at_us;
    uint64_t leaked = passed_us * limits[kind].per_second / 1000000;
    if (leaked >= f->buckets[kind].level) {
        f->buckets[kind].level = 0;
        f->buckets[kind].at_us = f->now_us;
    } else if (leaked > 0) {
        f->buckets[kind].level -= (uint32_t)leaked;
        f->buckets[kind].at_us += leaked * 1000000 / limits[kind].per_second;
    }
}

bool flood_add(struct flood *f, enum flood_kind kind)
{
    bucket_leak(f, kind);
    if (f->buckets[kind].level >= limits[kind].burst) {
        f->is_over = true;
    } else {
        f->buckets[kind].level++;
    }
    return !f->is_over;
}

static void bucket_credit(struct flood *f, enum flood_kind kind)
{
    uint32_t level = f->buckets[kind].level;
    f->buckets[kind].level = level < FLOOD_CREDIT ? 0 : level - FLOOD_CREDIT;
}

void flood_credit(struct flood *f)
{
    bucket_credit(f, FLOOD_PING);
    bucket_credit(f, FLOOD_WINDOW_UPDATE);
}

static void frame_count(struct flood *f, uint8_t type, uint8_t flags, uint32_t len)
{
    switch (type) {
    case FRAME_DATA:
        if (len == 0 && (flags & FLAG_END_STREAM) == 0) {
            (void)flood_add(f, FLOOD_EMPTY_DATA);
        }
        break;
    case FRAME_HEADERS: break;
    case FRAME_PRIORITY:
    case FRAME_PRIORITY_UPDATE: (void)flood_add(f, FLOOD_PRIORITY); break;
    case FRAME_RST_STREAM: (void)flood_add(f, FLOOD_RESET); break;
    case FRAME_SETTINGS: (void)flood_add(f, FLOOD_SETTINGS); break;
    case FRAME_PING: (void)flood_add(f, FLOOD_PING); break;
    case FRAME_WINDOW_UPDATE: (void)flood_add(f, FLOOD_WINDOW_UPDATE); break;
    case FRAME_CONTINUATION: (void)flood_add(f, FLOOD_CONTINUATION); break;
    default: (void)flood_add(f, FLOOD_UNKNOWN); break;
    }
}

static void block_end(struct flood *f)
{
    if (f->skip == 0 && f->block_ends) {
        f->is_in_block = false;
        f->block_ends = false;
        f->block_count++;
    }
}

static uint32_t stream_of(const uint8_t *bytes)
{
    return (uint32_t)(bytes[0] & 0x7F) << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
           bytes[3];
}

static void dependency_read(struct flood *f)
{
    f->is_self_dependent =
        f->is_self_dependent || stream_of(f->head + FLOOD_FRAME_HEAD_LEN) == stream_of(f->head + 5);
    f->head_wanted = FLOOD_FRAME_HEAD_LEN;
    f->head_len = 0;
}

static void frame_begin(struct flood *f)
{
    const uint8_t *head = f->head;
    uint32_t len = (uint32_t)head[0] << 16 | (uint32_t)head[1] << 8 | head[2];
    uint8_t type = head[3];
    uint8_t flags = head[4];
    f->skip = len;
    if (type == FRAME_PRIORITY && len >= FLOOD_DEPENDENCY_LEN) {
        f->head_wanted += FLOOD_DEPENDENCY_LEN;
        f->skip -= FLOOD_DEPENDENCY_LEN;
    } else {
        f->head_len = 0;
    }
    f->data_id = type == FRAME_DATA ? (int32_t)stream_of(head + 5) : 0;
    frame_count(f, type, flags, len);
    if (type == FRAME_HEADERS || type == FRAME_CONTINUATION) {
        f->is_in_block = true;
        f->block_ends = (flags & FLAG_END_HEADERS) != 0;
        block_end(f);
    }
}

/* Pass payload by.  Returns how many bytes that were. */
static size_t payload_skip(struct flood *f, size_t left)
{
    size_t passed = left < f->skip ? left : f->skip;
    f->skip -= (uint32_t)passed;
    block_end(f);
    return passed;
}

/* Gather a frame head, or what a PRIORITY frame depends on. */
static size_t head_gather(struct flood *f, struct str bytes)
{
    size_t wanted = (size_t)(f->head_wanted - f->head_len);
    size_t len = bytes.len < wanted ? bytes.len : wanted;
    memcpy(f->head + f->head_len, bytes.ptr, len);
    f->head_len = (uint8_t)(f->head_len + len);
    if (f->head_len == f->head_wanted) {
        if (f->head_wanted == FLOOD_FRAME_HEAD_LEN) {
            frame_begin(f);
        } else {
            dependency_read(f);
        }
    }
    return len;
}

size_t flood_watch(struct flood *f, struct str bytes, uint64_t now_us)
{
    size_t at = 0;
    f->now_us = now_us;
    f->data_id = 0;
    while (at < bytes.len && f->data_id == 0) {
        bool is_payload = f->head_len == 0 && f->skip > 0;
        at += is_payload ? payload_skip(f, bytes.len - at)
                         : head_gather(f, str_slice(bytes, at, bytes.len));
    }
    return at;
}
