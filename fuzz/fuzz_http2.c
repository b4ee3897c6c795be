/* fuzz_http2.c - whatever a client sends, the requests in it obey the limits, every exchange comes
 * back, and what the server says is frames. */
#include "fuzz_target.h"

#include "http/http1.h"
#include "http/http2.h"

enum { BODY_MAX = 300, OUT_MAX = 1024 * 1024, START_US = 1000000, INPUT_MAX = 64 * 1024 };

static bool wants_body(void *context, struct http_exchange *x)
{
    (void)context;
    return x->path.len % 2 == 0;
}

static size_t body_max(void *context, const struct http_exchange *x)
{
    (void)context;
    CHECK(x->header_count <= HTTP_HEADERS_MAX);
    CHECK(x->path.len > 0 && x->path.len <= HTTP_TARGET_LEN_MAX);
    CHECK(http_header_find(x, STR("host"), NULL).len > 0);
    return BODY_MAX;
}

static void frames_check(struct str bytes)
{
    while (bytes.len > 0) {
        CHECK(bytes.len >= FLOOD_FRAME_HEAD_LEN);
        const unsigned char *head = (const unsigned char *)bytes.ptr;
        size_t len = (size_t)head[0] << 16 | (size_t)head[1] << 8 | head[2];
        CHECK(bytes.len >= FLOOD_FRAME_HEAD_LEN + len);
        bytes = str_slice(bytes, FLOOD_FRAME_HEAD_LEN + len, bytes.len);
    }
}

static void finished_give(struct http2 *h)
{
    for (struct exchange *e = http2_take_finished(h, true); e != NULL;
         e = http2_take_finished(h, true)) {
        http2_give(h, e);
    }
}

/* Every other request is answered at once, the rest when the client has said all. */
struct desk {
    struct exchange *parked[HTTP2_EXCHANGES_MAX];
    unsigned parked_count;
    unsigned seen;
};

static void answer(struct http2 *h, struct exchange *e, uint64_t now_us)
{
    e->x.status =
        e->stream.is_refused ? http1_refusal_status((enum http_refusal)e->stream.refusal) : 200;
    http_reply_header(&e->x, "Content-Type", e->x.path);
    buf_append(&e->x.reply, e->x.body);
    buf_append(&e->x.reply, e->x.method_text);
    http2_answer(h, e, "Sun, 06 Nov 1994 08:49:37 GMT", now_us);
}

static void requests_take(struct http2 *h, struct desk *desk, uint64_t now_us)
{
    for (struct exchange *e = http2_take(h); e != NULL; e = http2_take(h)) {
        CHECK(e->x.body.len <= BODY_MAX);
        if (!e->stream.is_refused && desk->seen++ % 2 == 1) {
            CHECK(desk->parked_count < HTTP2_EXCHANGES_MAX);
            desk->parked[desk->parked_count++] = e;
        } else {
            answer(h, e, now_us);
        }
    }
}

static void turn(struct http2 *h, struct desk *desk, struct buf *out, uint64_t now_us)
{
    requests_take(h, desk, now_us);
    buf_clear(out);
    http2_render(h, out, OUT_MAX / 2);
    CHECK(!buf_failed(out));
    frames_check(buf_str(out));
    finished_give(h);
}

static void deadlines_run(struct http2 *h, struct deadlines *all, uint64_t now_us)
{
    for (struct deadline *d = deadline_expired(all, now_us); d != NULL;
         d = deadline_expired(all, now_us)) {
        (void)http2_on_deadline(h, d->owner, d->kind, now_us);
    }
}

/* The first byte says how the network cuts the rest, the second how long each read takes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > INPUT_MAX) {
        return 0;
    }
    const struct http_handler handler = {.body_max = body_max, .wants_body = wants_body};
    size_t piece = data[0] == 0 ? SIZE_MAX : data[0];
    uint64_t now_us = START_US;
    struct deadlines deadlines = {0};
    for (size_t kind = 0; kind < DEADLINE_COUNT; kind++) {
        deadlines.kinds[kind].wait_us = 1000000;
    }
    static struct desk desk;
    desk = (struct desk){0};
    struct pool pool;
    struct http2 h;
    struct buf out;
    pool_init(&pool, NULL);
    buf_init(&out, OUT_MAX);
    CHECK(http2_init(&h, &handler, &pool, &deadlines, now_us));
    struct str preface = STR("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    http2_receive(&h, preface, now_us);
    for (struct str rest = str_of(data + 2, size - 2); rest.len > 0 && !http2_is_over(&h);) {
        size_t len = rest.len < piece ? rest.len : piece;
        now_us += (uint64_t)data[1] * 1000;
        deadlines_run(&h, &deadlines, now_us);
        http2_receive(&h, str_slice(rest, 0, len), now_us);
        rest = str_slice(rest, len, rest.len);
        turn(&h, &desk, &out, now_us);
    }
    for (unsigned i = 0; i < desk.parked_count; i++) {
        answer(&h, desk.parked[i], now_us);
    }
    desk.parked_count = 0;
    turn(&h, &desk, &out, now_us);
    deadlines_run(&h, &deadlines, now_us + 1000000);
    turn(&h, &desk, &out, now_us + 1000000);
    http2_abandon(&h);
    finished_give(&h);
    while (desk.parked_count > 0) {
        answer(&h, desk.parked[--desk.parked_count], now_us);
    }
    finished_give(&h);
    CHECK(h.stream_count == 0 && h.unsent == 0 && pool.held == 0);
    http2_finish(&h);
    pool_finish(&pool);
    buf_finish(&out);
    return 0;
}
