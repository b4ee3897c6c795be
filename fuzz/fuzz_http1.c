/* fuzz_http1.c - the requests in a stream of bytes are the same however the network cuts it. */
#include "fuzz_target.h"

#include "http/exchange.h"
#include "http/http1.h"

#include <string.h>

enum { BODY_MAX = 300, SUMMARY_MAX = 1024 * 1024 };

static size_t body_max(void *context, const struct http_exchange *x)
{
    (void)context;
    CHECK(x->header_count <= HTTP_HEADERS_MAX);
    CHECK(x->path.len > 0 && x->path.len <= HTTP_TARGET_LEN_MAX);
    return BODY_MAX;
}

static void append_part(struct buf *out, struct str part)
{
    buf_append_int(out, (int64_t)part.len);
    buf_append_byte(out, ' ');
    buf_append(out, part);
}

static void append_request(struct buf *out, const struct http_exchange *x, bool keep_alive)
{
    CHECK(x->body.len <= BODY_MAX);
    append_part(out, x->method_text);
    append_part(out, x->path);
    append_part(out, x->query);
    for (uint32_t i = 0; i < x->header_count; i++) {
        append_part(out, x->headers[i].name);
        append_part(out, x->headers[i].value);
    }
    append_part(out, x->body);
    buf_append_byte(out, keep_alive ? '+' : '-');
}

/* Every request until the first refusal, or the one after which the connection closes. */
static void read_all(struct buf *out, struct str bytes, size_t piece)
{
    const struct http_handler handler = {.body_max = body_max};
    struct exchange *e = exchange_create(NULL, POOL_HTTP1);
    CHECK(e != NULL);
    http1_begin(e->http1, &handler, &e->x, &e->body);
    enum http1_step step = HTTP1_MORE;
    while (step != HTTP1_REFUSED) {
        if (step == HTTP1_WHOLE) {
            append_request(out, &e->x, e->http1->keep_alive);
            if (!e->http1->keep_alive) {
                break;
            }
            step = http1_next(e->http1) ? http1_advance(e->http1, 0) : HTTP1_MORE;
            continue;
        }
        char *to = NULL;
        size_t len = 0;
        http1_space(e->http1, &to, &len);
        len = len < piece ? len : piece;
        len = len < bytes.len ? len : bytes.len;
        if (len == 0) {
            break;
        }
        memcpy(to, bytes.ptr, len);
        bytes = str_slice(bytes, len, bytes.len);
        step = http1_advance(e->http1, len);
    }
    buf_append_int(out, step == HTTP1_CONTINUE ? HTTP1_MORE : step);
    buf_append_int(out, step == HTTP1_REFUSED ? http1_refusal_status(e->http1->refusal) : 0);
    exchange_destroy(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Longer ones may pass the allowance for framing in one cut and not in another. */
    if (size < 1 || size > HTTP1_FRAMING_LEN_MAX) {
        return 0;
    }
    struct str bytes = str_of(data + 1, size - 1);
    struct buf whole, pieces;
    buf_init(&whole, SUMMARY_MAX);
    buf_init(&pieces, SUMMARY_MAX);
    read_all(&whole, bytes, SIZE_MAX);
    read_all(&pieces, bytes, 1 + (size_t)data[0]);
    CHECK(!buf_failed(&whole) && str_eq(buf_str(&whole), buf_str(&pieces)));
    buf_finish(&pieces);
    buf_finish(&whole);
    return 0;
}
