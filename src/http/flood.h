/* flood.h - cheap frames, counted as they arrive, before anything is done about them.
 *
 * In HTTP/2 a client of a few bytes can cause work without bound: open and reset, ping, begin a
 * head that never ends.  Each such kind of frame is a drop into a bucket that leaks at an honest
 * rate (flood.def); a bucket that runs over is an attack.  The watch reads frame headers only, nine
 * bytes each, and so sees even those frames that the protocol says to ignore. */
#ifndef HTTP_FLOOD_H
#define HTTP_FLOOD_H

#include "base/str.h"

#include <stdint.h>

enum flood_kind {
#define FLOOD(name, burst, per_second, what) FLOOD_##name,
#include "http/flood.def"
#undef FLOOD
    FLOOD_COUNT
};

enum {
    FLOOD_FRAME_HEAD_LEN = 9,
    FLOOD_DEPENDENCY_LEN = 4, /* the stream that a PRIORITY frame names first */
    FLOOD_PREFACE_LEN = 24,
    /* Each answer explains so many PINGs and WINDOW_UPDATEs, each of its DATA frames as many again.
     */
    FLOOD_CREDIT = 2,
};

struct flood {
    uint64_t now_us;
    struct {
        uint64_t at_us; /* the bucket had `level` then */
        uint32_t level;
    } buckets[FLOOD_COUNT];
    uint32_t skip; /* payload, or preface, still to pass by */
    uint8_t head[FLOOD_FRAME_HEAD_LEN + FLOOD_DEPENDENCY_LEN];
    uint8_t head_len;
    uint8_t head_wanted;
    bool is_in_block;     /* a block of header fields has begun and not ended */
    bool block_ends;      /* with the payload that is passing by */
    uint64_t block_count; /* blocks that ended */
    int32_t data_id;
    bool is_self_dependent; /* a PRIORITY frame puts a stream beneath itself: an error */
    bool is_over;           /* a bucket ran over, ever */
};

void flood_init(struct flood *f, uint64_t now_us);
/* The next bytes the client sent.  Returns how many were looked at: up to the end of the head of a
 * DATA frame, whose stream is data_id then, or all, and data_id is 0. */
size_t flood_watch(struct flood *f, struct str bytes, uint64_t now_us) MUST_USE;
/* One drop, seen elsewhere. */
bool flood_add(struct flood *f, enum flood_kind kind);
/* An answer, or a part of one, was sent. */
void flood_credit(struct flood *f);
uint32_t flood_burst(enum flood_kind kind);
uint32_t flood_per_second(enum flood_kind kind);

#endif
