/* test_http2.c - HTTP/2 from frames alone: what becomes of a request, and what of a connection. */
#include "http/http2.h"

#include "../expect.h"
#include "frames.h"
#include "http/http1.h"

#include <nghttp2/nghttp2.h>
#include <stdio.h>

enum { BODY_MAX = 100, START_US = 7000000, OUT_MAX = 8 * 1024 * 1024, STREAMS_SEEN = 64 };

/* A session, its client, and what the client has seen of streams with odd ids below 128. */
struct talk {
    struct http2 h;
    struct pool pool;
    struct deadlines deadlines;
    struct http_handler handler;
    uint64_t now_us;
    const char *date;
    struct buf in;  /* what the client says next */
    struct buf out; /* what the server said, and nobody looked at */
    nghttp2_hd_inflater *inflater;
    struct exchange *parked[STREAMS_SEEN];
    unsigned parked_count;
    bool parks;          /* requests wait for parked_answer() */
    bool names_requests; /* each answer has a Request-Id */
    size_t reply_len;    /* 0: "METHOD path?query host body" */
    unsigned handled, refused, sent, cut;
    /* What came. */
    int status[STREAMS_SEEN]; /* the last one of each stream */
    int informed[STREAMS_SEEN];
    int reset[STREAMS_SEEN]; /* -1: not */
    bool has_ended[STREAMS_SEEN];
    size_t data_len[STREAMS_SEEN];
    char data[4096]; /* of the stream that came last */
    size_t data_text_len;
    int goaway; /* -1: none */
    uint32_t goaway_last;
    unsigned goaways, pongs, acks;
};

static size_t body_max(void *context, const struct http_exchange *x)
{
    (void)context;
    assert_true(x->path.len > 0);
    return str_eq(x->path, STR("/large")) ? 1024 * 1024 : BODY_MAX;
}

static bool wants_body(void *context, struct http_exchange *x)
{
    (void)context;
    assert_true(x->header_count > 0);
    return !str_eq(x->path, STR("/crowded"));
}

static void talk_begin_raw(struct talk *t)
{
    *t = (struct talk){.now_us = START_US, .date = "Sun, 06 Nov 1994 08:49:37 GMT", .goaway = -1};
    for (size_t i = 0; i < STREAMS_SEEN; i++) {
        t->reset[i] = -1;
    }
    for (size_t kind = 0; kind < DEADLINE_COUNT; kind++) {
        t->deadlines.kinds[kind].wait_us = 1000000;
    }
    t->handler =
        (struct http_handler){.context = t, .body_max = body_max, .wants_body = wants_body};
    pool_init(&t->pool, NULL);
    buf_init(&t->in, OUT_MAX);
    buf_init(&t->out, OUT_MAX);
    assert_int_equal(nghttp2_hd_inflate_new(&t->inflater), 0);
    assert_true(http2_init(&t->h, &t->handler, &t->pool, &t->deadlines, t->now_us));
}

static void finished_give(struct talk *t)
{
    for (struct exchange *e = http2_take_finished(&t->h, true); e != NULL;
         e = http2_take_finished(&t->h, true)) {
        t->sent += !e->stream.is_cut && e->x.status != 0;
        t->cut += e->stream.is_cut;
        http2_give(&t->h, e);
    }
}

static void reply_fill(struct talk *t, struct http_exchange *x)
{
    x->status = 200;
    http_reply_header(x, "Content-Type", STR("text/plain"));
    if (t->names_requests) {
        char id[16];
        (void)snprintf(id, sizeof id, "req_%08u", t->handled);
        http_reply_header(x, "Request-Id", str_from(id));
    }
    if (t->reply_len > 0) {
        char *to = buf_reserve(&x->reply, t->reply_len);
        assert_non_null(to);
        memset(to, 'r', t->reply_len);
        x->reply.len = t->reply_len;
        return;
    }
    buf_append(&x->reply, x->method_text);
    buf_append_byte(&x->reply, ' ');
    buf_append(&x->reply, x->path);
    buf_append_byte(&x->reply, '?');
    buf_append(&x->reply, x->query);
    buf_append_byte(&x->reply, ' ');
    buf_append(&x->reply, http_header_find(x, STR("Host"), NULL));
    buf_append_byte(&x->reply, ' ');
    buf_append(&x->reply, x->body);
}

static void answer(struct talk *t, struct exchange *e)
{
    http2_answer(&t->h, e, t->date, t->now_us);
}

static void requests_take(struct talk *t)
{
    for (struct exchange *e = http2_take(&t->h); e != NULL; e = http2_take(&t->h)) {
        if (e->stream.is_refused) {
            t->refused++;
            e->x.status = http1_refusal_status((enum http_refusal)e->stream.refusal);
            buf_append_text(&e->x.reply, "no");
            answer(t, e);
            continue;
        }
        t->handled++;
        if (t->parks) {
            t->parked[t->parked_count++] = e;
            continue;
        }
        reply_fill(t, &e->x);
        answer(t, e);
    }
}

static uint32_t number_of(const char *bytes, size_t len)
{
    uint32_t number = 0;
    for (size_t i = 0; i < len; i++) {
        number = number << 8 | (unsigned char)bytes[i];
    }
    return number;
}

static void headers_see(struct talk *t, size_t slot, struct str block)
{
    for (size_t at = 0; at < block.len;) {
        nghttp2_nv field;
        int flags = 0;
        ssize_t used = nghttp2_hd_inflate_hd2(t->inflater, &field, &flags,
                                              (const uint8_t *)block.ptr + at, block.len - at, 1);
        assert_true(used >= 0);
        at += (size_t)used;
        bool is_field = (flags & NGHTTP2_HD_INFLATE_EMIT) != 0;
        if (is_field && str_eq(str_of(field.name, field.namelen), STR(":status"))) {
            t->status[slot] = 0;
            for (size_t i = 0; i < field.valuelen; i++) {
                t->status[slot] = t->status[slot] * 10 + (field.value[i] - '0');
            }
            t->informed[slot] += t->status[slot] == 100;
        }
        for (size_t i = 0; is_field && i < field.namelen; i++) {
            assert_false(field.name[i] >= 'A' && field.name[i] <= 'Z');
        }
        if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) {
            assert_int_equal(nghttp2_hd_inflate_end_headers(t->inflater), 0);
            break;
        }
    }
}

static void frame_see(struct talk *t, unsigned type, unsigned flags, uint32_t stream,
                      struct str payload)
{
    size_t slot = stream / 2 < STREAMS_SEEN ? stream / 2 : STREAMS_SEEN - 1;
    switch (type) {
    case F_HEADERS: headers_see(t, slot, payload); break;
    case F_DATA:
        t->data_text_len = t->data_len[slot] == 0 ? 0 : t->data_text_len;
        if (t->data_text_len + payload.len < sizeof t->data) {
            memcpy(t->data + t->data_text_len, payload.ptr, payload.len);
            t->data_text_len += payload.len;
        }
        t->data_len[slot] += payload.len;
        break;
    case F_RST_STREAM: t->reset[slot] = (int)number_of(payload.ptr, 4); break;
    case F_GOAWAY:
        t->goaway_last = number_of(payload.ptr, 4);
        t->goaway = (int)number_of(payload.ptr + 4, 4);
        t->goaways++;
        break;
    case F_PING: t->pongs += flags == ACK; break;
    case F_SETTINGS: t->acks += flags == ACK; break;
    default: break;
    }
    if ((type == F_HEADERS || type == F_DATA) && (flags & END_STREAM) != 0) {
        t->has_ended[slot] = true;
    }
}

static void output_see(struct talk *t)
{
    struct str bytes = buf_str(&t->out);
    while (bytes.len > 0) {
        assert_true(bytes.len >= 9);
        size_t len = number_of(bytes.ptr, 3);
        assert_true(bytes.len >= 9 + len);
        frame_see(t, number_of(bytes.ptr + 3, 1), number_of(bytes.ptr + 4, 1),
                  number_of(bytes.ptr + 5, 4), str_slice(bytes, 9, 9 + len));
        bytes = str_slice(bytes, 9 + len, bytes.len);
    }
    buf_clear(&t->out);
}

static void server_turn(struct talk *t)
{
    requests_take(t);
    finished_give(t);
    if (t->h.session != NULL) {
        http2_render(&t->h, &t->out, OUT_MAX / 2);
        output_see(t);
    }
    finished_give(t);
}

/* The client says what is in t->in, in reads of at most `step`. */
static void say_in(struct talk *t, size_t step)
{
    struct str bytes = buf_str(&t->in);
    while (bytes.len > 0) {
        size_t len = bytes.len < step ? bytes.len : step;
        http2_receive(&t->h, str_slice(bytes, 0, len), t->now_us);
        bytes = str_slice(bytes, len, bytes.len);
        requests_take(t);
    }
    buf_clear(&t->in);
    server_turn(t);
}

static void say(struct talk *t)
{
    say_in(t, SIZE_MAX);
}

static void talk_begin(struct talk *t)
{
    talk_begin_raw(t);
    buf_append(&t->in, PREFACE);
    put_frame(&t->in, F_SETTINGS, 0, 0, STR(""));
    put_frame(&t->in, F_SETTINGS, ACK, 0, STR(""));
    say(t);
    assert_true(t->h.has_begun);
    assert_int_equal(t->acks, 1);
}

static void parked_answer(struct talk *t)
{
    for (unsigned i = 0; i < t->parked_count; i++) {
        reply_fill(t, &t->parked[i]->x);
        answer(t, t->parked[i]);
    }
    t->parked_count = 0;
    server_turn(t);
}

static void talk_end(struct talk *t)
{
    t->reply_len = 0;
    parked_answer(t);
    http2_abandon(&t->h);
    finished_give(t);
    assert_int_equal(t->h.stream_count, 0);
    assert_int_equal(t->h.unsent, 0);
    http2_finish(&t->h);
    assert_int_equal(t->pool.held, 0);
    for (size_t kind = 0; kind < DEADLINE_COUNT; kind++) {
        assert_null(t->deadlines.kinds[kind].first);
    }
    pool_finish(&t->pool);
    nghttp2_hd_inflate_del(t->inflater);
    buf_finish(&t->in);
    buf_finish(&t->out);
}

static void deadline_pass(struct talk *t, uint64_t us)
{
    t->now_us += us;
    for (struct deadline *d = deadline_expired(&t->deadlines, t->now_us); d != NULL;
         d = deadline_expired(&t->deadlines, t->now_us)) {
        t->cut += http2_on_deadline(&t->h, d->owner, d->kind, t->now_us) ? 100 : 0;
    }
    server_turn(t);
}

#define GET_AS(method, path)                                                                       \
    ":method: " method "\n:scheme: https\n:path: " path "\n:authority: a.example:8443\n"
#define GET  GET_AS("GET", "/x")
#define POST GET_AS("POST", "/x")

/* ---- requests ---- */

/* clang-format off */
#define REST ":scheme: https\n:path: /\n:authority: a\n"
#define AT(authority) ":method: GET\n:scheme: https\n:path: /\n:authority: " authority "\n"

static const struct {
    const char *name;
    const char *fields;
    int reset;  /* the code of RST_STREAM, */
    int status; /* or the status of the answer */
} heads[] = {
    /* RFC 9113, 8.2: fields. */
    {"upper-case name",       GET "X-a: b\n",                                      E_PROTOCOL, 0},
    {"blank in a name",       GET "x a: b\n",                                      E_PROTOCOL, 0},
    {"tab before a value",    GET "x: \tb\n",                                      E_PROTOCOL, 0},
    {"blank behind a value",  GET "x: b \n",                                       E_PROTOCOL, 0},
    {"carriage return",       GET "x: b\rc\n",                                     E_PROTOCOL, 0},
    {"DEL in a value",        GET "x: b\x7F\n",                                    E_PROTOCOL, 0},
    {"connection",            GET "connection: close\n",                           E_PROTOCOL, 0},
    {"keep-alive",            GET "keep-alive: 1\n",                               E_PROTOCOL, 0},
    {"proxy-connection",      GET "proxy-connection: close\n",                     E_PROTOCOL, 0},
    {"transfer-encoding",     GET "transfer-encoding: chunked\n",                  E_PROTOCOL, 0},
    {"upgrade",               GET "upgrade: h2c\n",                                E_PROTOCOL, 0},
    {"te of gzip",            GET "te: gzip\n",                                    E_PROTOCOL, 0},
    {"two te",                GET "te: trailers, gzip\n",                          E_PROTOCOL, 0},
    /* RFC 9113, 8.3: pseudo header fields. */
    {"unknown pseudo",        GET ":x: y\n",                                       E_PROTOCOL, 0},
    {"a pseudo of an answer", GET ":status: 200\n",                                E_PROTOCOL, 0},
    {"pseudo behind a field", ":method: GET\nx: y\n" REST,                         E_PROTOCOL, 0},
    {"no method",             REST,                                                E_PROTOCOL, 0},
    {"no scheme",             ":method: GET\n:path: /\n:authority: a\n",           E_PROTOCOL, 0},
    {"no path",               ":method: GET\n:scheme: https\n:authority: a\n",     E_PROTOCOL, 0},
    {"no authority, no host", ":method: GET\n:scheme: https\n:path: /\n",          E_PROTOCOL, 0},
    {"empty path",            GET_AS("GET", ""),                                   E_PROTOCOL, 0},
    {"path without slash",    GET_AS("GET", "x"),                                  E_PROTOCOL, 0},
    {"asterisk of GET",       GET_AS("GET", "*"),                                  E_PROTOCOL, 0},
    {"blank in the path",     GET_AS("GET", "/a b"),                               E_PROTOCOL, 0},
    {"blank in the method",   GET_AS("GE T", "/"),                                 E_PROTOCOL, 0},
    {"two methods",           GET ":method: GET\n",                                E_PROTOCOL, 0},
    {"two paths",             ":method: GET\n:path: /\n" REST,                     E_PROTOCOL, 0},
    {"extended CONNECT",      GET_AS("CONNECT", "/") ":protocol: websocket\n",     E_PROTOCOL, 0},
    {"authority with a path", AT("a/b"),                                           E_PROTOCOL, 0},
    /* RFC 9110, 8.6: lengths. */
    {"length of letters",     POST "content-length: 0x5\n",                        E_PROTOCOL, 0},
    {"length with a plus",    POST "content-length: +5\n",                         E_PROTOCOL, 0},
    {"length below nothing",  POST "content-length: -1\n",                         E_PROTOCOL, 0},
    {"length past 64 bits",   POST "content-length: 99999999999999999999\n",       E_PROTOCOL, 0},
    {"two lengths",           POST "content-length: 0\ncontent-length: 0\n",       E_PROTOCOL, 0},
    {"a list of lengths",     POST "content-length: 0, 0\n",                       E_PROTOCOL, 0},
    {"a length and no body",  POST "content-length: 5\n",                          E_PROTOCOL, 0},
    {"length past the limit", POST "content-length: 101\n",                        E_PROTOCOL, 0},
    /* What is well-formed and still refused, as in HTTP/1.1. */
    {"CONNECT",               ":method: CONNECT\n:authority: a:1\n",               -1, 501},
    {"no method of anybody",  GET_AS("BREW", "/x"),                                -1, 501},
    {"method in lower case",  GET_AS("get", "/x"),                                 -1, 501},
    {"another scheme",        ":method: GET\n:scheme: ftp\n:path: /\n:authority: a\n", -1, 400},
    {"fragment",              GET_AS("GET", "/a#b"),                               -1, 400},
    {"Latin-1 in the path",   GET_AS("GET", "/\xE9"),                              -1, 400},
    {"authority with a user", AT("u@a"),                                           -1, 400},
    {"port past 65535",       AT("a:65536"),                                       -1, 400},
    {"another host",          GET "host: b.example\n",                             -1, 400},
    {"another port",          GET "host: a.example:8444\n",                        -1, 400},
    {"two hosts",             GET "host: a.example:8443\nhost: a.example:8443\n",  E_PROTOCOL, 0},
    {"unknown expectation",   POST "expect: tea\n",                                -1, 417},
    /* And what must pass. */
    {"GET",                   GET,                                                 -1, 200},
    {"te of trailers",        GET "te: trailers\n",                                -1, 200},
    {"the same host",         GET "host: A.example:8443\n",                        -1, 200},
    {"host alone",            ":method: GET\n:scheme: http\n:path: /\nhost: a\n",  -1, 200},
    {"asterisk of OPTIONS",   GET_AS("OPTIONS", "*"),                              -1, 200},
    {"a method of WebDAV",    GET_AS("PROPFIND", "/"),                             -1, 200},
    {"Latin-1 in a value",    GET "x: \xE9\n",                                     -1, 200},
    {"empty value",           GET "x: \n",                                         -1, 200},
    {"length 0",              POST "content-length: 0\n",                          -1, 200},
    {"priority",              GET "priority: u=1, i\n",                            -1, 200},
};
/* clang-format on */

static void treats_each_head_as_it_should(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        for (size_t step = 1; step < 70; step = step * 4 + 1) {
            struct talk t;
            talk_begin(&t);
            put_headers(&t.in, WHOLE, 1, heads[i].fields);
            put_headers(&t.in, WHOLE, 3, GET);
            say_in(&t, step);
            if (t.reset[0] != heads[i].reset || t.status[0] != heads[i].status) {
                fail_msg("%s: reset %d, status %d", heads[i].name, t.reset[0], t.status[0]);
            }
            if (t.status[1] != 200 || t.goaway != -1) {
                fail_msg("%s: the stream beside it is hurt", heads[i].name);
            }
            assert_int_equal(t.handled, 1 + (heads[i].status == 200));
            assert_int_equal(t.h.stream_count, 0);
            talk_end(&t);
        }
    }
}

static void tells_the_parts_of_a_request(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    put_headers(&t.in, END_HEADERS, 1,
                GET_AS("POST", "/a%20b?c=d&e?f") "cookie: a=1\nx: y\ncookie: b=2\ncookie: c=3\n");
    put_frame(&t.in, F_DATA, 0, 1, STR("bo"));
    put_frame(&t.in, F_DATA, END_STREAM, 1, STR("dy"));
    t.parks = true;
    say(&t);
    assert_int_equal(t.handled, 1);
    const struct http_exchange *x = &t.parked[0]->x;
    assert_int_equal(x->method, HTTP_POST);
    assert_text(x->path, "/a%20b");
    assert_text(x->query, "c=d&e?f");
    assert_text(x->body, "body");
    assert_string_equal(x->protocol, "HTTP/2");
    assert_text(http_header_find(x, STR("Cookie"), NULL), "a=1; b=2; c=3");
    assert_text(http_header_find(x, STR("Host"), NULL), "a.example:8443");
    assert_int_equal(x->header_count, 3);
    parked_answer(&t);
    assert_text(str_of(t.data, t.data_text_len), "POST /a%20b?c=d&e?f a.example:8443 body");
    assert_int_equal(t.sent, 1);
    talk_end(&t);
}

static void refuses_a_head_one_past_its_limits(void **state)
{
    (void)state;
    static const struct {
        unsigned fields, value_len, path_len;
        int status;
    } rows[] = {
        {HTTP_HEADERS_MAX - 1, 1,                        2,                       200},
        {HTTP_HEADERS_MAX,     1,                        2,                       431},
        {HTTP_HEADERS_MAX + 1, 1,                        2,                       431},
        {1,                    HTTP_HEAD_LEN_MAX - 1000, 2,                       200},
        {1,                    HTTP_HEAD_LEN_MAX,        2,                       431},
        {500,                  100,                      2,                       431},
        {0,                    0,                        HTTP_TARGET_LEN_MAX,     200},
        {0,                    0,                        HTTP_TARGET_LEN_MAX + 1, 414},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        static char value[2 * HTTP_HEAD_LEN_MAX];
        struct talk t;
        struct buf block;
        talk_begin(&t);
        buf_init(&block, OUT_MAX);
        memset(value, 'v', sizeof value);
        value[0] = '/';
        put_fields(&block, ":method: GET\n:scheme: https\n:authority: a\n");
        put_field(&block, STR(":path"), str_of(value, rows[i].path_len));
        for (unsigned n = 0; n < rows[i].fields; n++) {
            put_field(&block, STR("x"), str_of(value, rows[i].value_len));
        }
        struct str all = buf_str(&block);
        size_t first = all.len < 16000 ? all.len : 16000;
        put_frame(&t.in, F_HEADERS, END_STREAM | (first == all.len ? END_HEADERS : 0), 1,
                  str_slice(all, 0, first));
        for (size_t at = first; at < all.len; at += 16000) {
            size_t end = at + 16000 < all.len ? at + 16000 : all.len;
            put_frame(&t.in, F_CONTINUATION, end == all.len ? END_HEADERS : 0, 1,
                      str_slice(all, at, end));
        }
        put_headers(&t.in, WHOLE, 3, GET);
        say(&t);
        if (t.status[0] != rows[i].status || t.status[1] != 200) {
            fail_msg("row %zu: status %d, then %d", i, t.status[0], t.status[1]);
        }
        buf_finish(&block);
        talk_end(&t);
    }
}

/* One entry of 4,000 bytes in the table, named again and again by a byte each. */
static void ends_a_connection_whose_head_unpacks_to_a_bomb(void **state)
{
    (void)state;
    static char value[4000];
    for (unsigned times = 50; times <= 100; times += 50) {
        struct talk t;
        struct buf block;
        talk_begin(&t);
        buf_init(&block, OUT_MAX);
        memset(value, 'v', sizeof value);
        put_fields(&block, GET);
        buf_append_byte(&block, 0x40);
        put_text(&block, STR("x"));
        put_text(&block, str_of(value, sizeof value));
        for (unsigned n = 0; n < times; n++) {
            buf_append_byte(&block, (char)0xBE);
        }
        put_frame(&t.in, F_HEADERS, WHOLE, 1, buf_str(&block));
        say(&t);
        assert_int_equal(t.goaway, times == 50 ? -1 : E_CALM);
        assert_int_equal(t.status[0], times == 50 ? 431 : 0);
        assert_int_equal(http2_is_over(&t.h), times == 100);
        buf_finish(&block);
        talk_end(&t);
    }
}

/* ---- bodies ---- */

static void takes_a_body_as_long_as_it_may_be(void **state)
{
    (void)state;
    static const struct {
        const char *length; /* a further line */
        size_t len;         /* of the body */
        int status, reset;
    } rows[] = {
        {"",                      0,            200, -1        },
        {"",                      BODY_MAX,     200, -1        },
        {"content-length: 100\n", BODY_MAX,     200, -1        },
        {"",                      BODY_MAX + 1, 413, -1        },
        {"content-length: 101\n", BODY_MAX + 1, 413, -1        },
        {"content-length: 99\n",  BODY_MAX,     0,   E_PROTOCOL},
        {"content-length: 100\n", BODY_MAX - 1, 0,   E_PROTOCOL},
        {"content-length: 100\n", 0,            0,   E_PROTOCOL},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (size_t piece = 1; piece < 300; piece *= 7) {
            static char body[BODY_MAX + 1];
            struct talk t;
            struct buf fields;
            talk_begin(&t);
            buf_init(&fields, 1000);
            buf_append_text(&fields, POST);
            buf_append_text(&fields, rows[i].length);
            buf_append_byte(&fields, '\0');
            put_headers(&t.in, END_HEADERS, 1, fields.ptr);
            memset(body, 'b', sizeof body);
            for (size_t at = 0; at < rows[i].len; at += piece) {
                size_t end = at + piece < rows[i].len ? at + piece : rows[i].len;
                put_frame(&t.in, F_DATA, 0, 1, str_of(body + at, end - at));
            }
            put_frame(&t.in, F_DATA, END_STREAM, 1, STR(""));
            say(&t);
            if (t.status[0] != rows[i].status || t.reset[0] != rows[i].reset) {
                fail_msg("row %zu: status %d, reset %d", i, t.status[0], t.reset[0]);
            }
            assert_int_equal(t.handled, rows[i].status == 200);
            assert_int_equal(t.goaway, -1);
            buf_finish(&fields);
            talk_end(&t);
        }
    }
}

static void asks_for_a_body_that_waits(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    put_headers(&t.in, END_HEADERS, 1, POST "expect: 100-continue\n");
    say(&t);
    assert_int_equal(t.informed[0], 1);
    put_frame(&t.in, F_DATA, END_STREAM, 1, STR("x"));
    put_headers(&t.in, WHOLE, 3, POST "expect: 100-continue\n");
    put_headers(&t.in, END_HEADERS, 5, POST "expect: 100-continue\ncontent-length: 101\n");
    say(&t);
    assert_int_equal(t.status[0], 200);
    assert_int_equal(t.informed[0], 1);
    assert_int_equal(t.informed[1], 0); /* there is none */
    assert_int_equal(t.status[2], 413);
    assert_int_equal(t.informed[2], 0);
    talk_end(&t);
}

static void passes_by_trailers(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    put_headers(&t.in, END_HEADERS, 1, POST);
    put_frame(&t.in, F_DATA, 0, 1, STR("x"));
    put_headers(&t.in, WHOLE, 1, "host: b\nx: y\n");
    put_headers(&t.in, END_HEADERS, 3, POST);
    put_headers(&t.in, WHOLE, 3, ":path: /y\n");
    put_headers(&t.in, END_HEADERS, 5, POST);
    put_headers(&t.in, END_HEADERS, 5, "x: y\n");
    say(&t);
    assert_int_equal(t.status[0], 200);
    assert_int_equal(t.reset[1], E_PROTOCOL);
    assert_int_equal(t.reset[2], E_PROTOCOL);
    assert_int_equal(t.handled, 1);
    talk_end(&t);
}

static void tells_a_refused_client_to_stop_after_a_while(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    put_headers(&t.in, END_HEADERS, 1, POST "content-length: 5000\n");
    say(&t);
    assert_int_equal(t.status[0], 413);
    assert_true(t.has_ended[0]);
    assert_int_equal(t.reset[0], -1); /* it shall read the answer first */
    assert_int_equal(t.sent, 1);
    put_frame(&t.in, F_DATA, 0, 1, STR("still going on"));
    say(&t);
    deadline_pass(&t, 1000000);
    assert_int_equal(t.reset[0], E_NO_ERROR);
    assert_int_equal(t.cut, 0);
    assert_int_equal(t.h.stream_count, 0);
    talk_end(&t);
}

#define CROWDED ":method: POST\n:scheme: https\n:path: /crowded\n:authority: localhost\n"

/* Its handler has it as soon as the head is there; the answer waits for nothing, either. */
static void hands_over_at_once_what_has_no_use_for_its_body(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    put_headers(&t.in, END_HEADERS, 1, CROWDED "content-length: 5\nexpect: 100-continue\n");
    say(&t);
    assert_int_equal(t.informed[0], 0);
    assert_int_equal(t.status[0], 200);
    assert_true(t.has_ended[0]);
    assert_int_equal(t.sent, 1);
    assert_int_equal(t.h.stream_count, 1); /* its body may come yet */
    put_frame(&t.in, F_DATA, END_STREAM, 1, STR("12345"));
    say(&t);
    assert_int_equal(t.h.stream_count, 0);
    assert_int_equal(t.reset[0], -1);
    assert_int_equal(t.goaway, -1);
    /* Both in one breath, and one whose body never comes. */
    put_headers(&t.in, END_HEADERS, 3, CROWDED "content-length: 5\n");
    put_frame(&t.in, F_DATA, END_STREAM, 3, STR("12345"));
    put_headers(&t.in, END_HEADERS, 5, CROWDED "content-length: 5\n");
    say(&t);
    assert_int_equal(t.handled, 3);
    assert_memory_equal(t.data, "POST /crowded? localhost ", t.data_text_len);
    assert_int_equal(t.h.stream_count, 1);
    deadline_pass(&t, 1000000);
    assert_int_equal(t.reset[2], E_NO_ERROR);
    assert_int_equal(t.h.stream_count, 0);
    assert_int_equal(t.cut, 0);
    talk_end(&t);
}

/* What is at its handler meanwhile keeps nothing of the body. */
static void passes_over_a_body_while_its_handler_has_the_head(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    t.parks = true;
    put_headers(&t.in, END_HEADERS, 1, CROWDED "content-length: 5\n");
    put_frame(&t.in, F_DATA, END_STREAM, 1, STR("12345"));
    say(&t);
    assert_int_equal(t.parked_count, 1);
    assert_true(t.parked[0]->x.is_unread);
    assert_int_equal(t.parked[0]->x.body.len, 0);
    assert_int_equal(t.parked[0]->body.len, 0);
    parked_answer(&t);
    assert_int_equal(t.status[0], 200);
    /* The same exchange is taken again, for a request that is read. */
    t.parks = false;
    put_headers(&t.in, END_HEADERS, 3, POST "content-length: 5\n");
    put_frame(&t.in, F_DATA, END_STREAM, 3, STR("12345"));
    say(&t);
    assert_memory_equal(t.data + t.data_text_len - 5, "12345", 5);
    talk_end(&t);
}

/* What never comes again pushes nothing out of the table of header fields, but for once a second.
 */
static void keeps_no_field_that_varies(void **state)
{
    (void)state;
    struct talk t;
    uint32_t stream = 1;
    talk_begin(&t);
    t.names_requests = true;
    put_headers(&t.in, WHOLE, stream, GET);
    say(&t);
    size_t first = nghttp2_hd_inflate_get_dynamic_table_size(t.inflater);
    assert_true(first > 0);
    for (stream = 3; stream < 41; stream += 2) {
        put_headers(&t.in, WHOLE, stream, GET);
        say(&t);
        assert_int_equal(t.status[stream / 2], 200);
        assert_int_equal(nghttp2_hd_inflate_get_dynamic_table_size(t.inflater), first);
    }
    t.date = "Sun, 06 Nov 1994 08:49:38 GMT";
    put_headers(&t.in, WHOLE, stream, GET);
    say(&t);
    enum { DATE_COST = 32 + 4 + 29, ID_COST = 32 + 10 + 12 };
    assert_int_equal(nghttp2_hd_inflate_get_dynamic_table_size(t.inflater),
                     first + DATE_COST + ID_COST);
    talk_end(&t);
}

static void answers_408_to_a_body_that_drips(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    put_headers(&t.in, END_HEADERS, 1, POST);
    put_headers(&t.in, WHOLE, 3, GET);
    t.parks = true;
    say(&t);
    put_frame(&t.in, F_DATA, 0, 1, STR("x"));
    say(&t);
    deadline_pass(&t, 999999);
    assert_int_equal(t.status[0], 0);
    deadline_pass(&t, 1);
    assert_int_equal(t.status[0], 408);
    assert_int_equal(t.cut, 100);
    assert_int_equal(t.status[1], 0); /* that one is with its handler, however long */
    parked_answer(&t);
    assert_int_equal(t.status[1], 200);
    talk_end(&t);
}

/* ---- many streams ---- */

static void answers_streams_in_any_order(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    t.parks = true;
    for (uint32_t id = 1; id < 20; id += 2) {
        put_headers(&t.in, WHOLE, id, GET);
    }
    say(&t);
    assert_int_equal(t.parked_count, 10);
    struct exchange *last = t.parked[9];
    t.parked_count = 9;
    reply_fill(&t, &last->x);
    answer(&t, last);
    server_turn(&t);
    assert_int_equal(t.status[9], 200);
    assert_int_equal(t.status[0], 0);
    parked_answer(&t);
    assert_int_equal(t.status[0], 200);
    assert_int_equal(t.sent, 10);
    talk_end(&t);
}

static void keeps_an_exchange_whose_stream_is_reset_until_it_is_answered(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    t.parks = true;
    put_headers(&t.in, WHOLE, 1, GET);
    say(&t);
    put_number(&t.in, F_RST_STREAM, 1, E_CANCEL);
    say(&t);
    assert_int_equal(t.h.stream_count, 1);
    assert_int_equal(t.h.reset_count, 1);
    parked_answer(&t);
    assert_int_equal(t.status[0], 0);
    assert_int_equal(t.cut, 1);
    assert_int_equal(t.h.stream_count, 0);
    talk_end(&t);
}

static void hands_over_nothing_that_was_reset_in_the_same_breath(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    put_headers(&t.in, WHOLE, 1, GET);
    put_number(&t.in, F_RST_STREAM, 1, E_CANCEL);
    put_headers(&t.in, END_HEADERS, 3, POST);
    put_number(&t.in, F_RST_STREAM, 3, E_CANCEL);
    say(&t);
    assert_int_equal(t.handled, 0);
    assert_int_equal(t.cut, 2);
    talk_end(&t);
}

static void outlives_its_client_with_exchanges_at_their_handler(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    t.parks = true;
    put_headers(&t.in, WHOLE, 1, GET);
    put_headers(&t.in, END_HEADERS, 3, POST);
    say(&t);
    put_headers(&t.in, WHOLE, 5, GET);
    http2_receive(&t.h, buf_str(&t.in), t.now_us);
    http2_abandon(&t.h);
    finished_give(&t);
    assert_int_equal(t.cut, 2); /* one was half there, one was not taken */
    assert_int_equal(t.h.stream_count, 1);
    talk_end(&t);
}

static void refuses_one_stream_past_the_limit(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    for (uint32_t id = 1; id <= 2 * HTTP2_STREAMS_MAX; id += 2) {
        put_headers(&t.in, END_HEADERS, id, POST);
    }
    say(&t);
    assert_int_equal(t.h.stream_count, HTTP2_STREAMS_MAX);
    assert_int_equal(t.goaway, -1);
    put_headers(&t.in, END_HEADERS, 2 * HTTP2_STREAMS_MAX + 1, POST);
    say(&t);
    assert_int_equal(t.goaway, E_PROTOCOL); /* it has acknowledged the limit */
    assert_true(http2_is_over(&t.h));
    talk_end(&t);
}

static void refuses_streams_when_requests_hold_too_much(void **state)
{
    (void)state;
    static char body[5000];
    struct talk t;
    talk_begin(&t);
    t.pool.held_max = 3 * (POOL_STREAM_COST + 500);
    put_headers(&t.in, END_HEADERS, 1, GET_AS("POST", "/large"));
    put_headers(&t.in, END_HEADERS, 3, GET_AS("POST", "/large"));
    say(&t);
    assert_int_equal(t.reset[1], -1);
    for (unsigned n = 0; n < 3; n++) {
        put_frame(&t.in, F_DATA, 0, 1, str_of(body, sizeof body));
    }
    say(&t);
    assert_int_equal(t.reset[0], E_REFUSED_STREAM); /* what it has sent is too much by now */
    put_frame(&t.in, F_DATA, END_STREAM, 3, STR("x"));
    put_headers(&t.in, END_HEADERS, 5, POST);
    put_headers(&t.in, END_HEADERS, 7, POST);
    put_headers(&t.in, END_HEADERS, 9, POST);
    put_headers(&t.in, END_HEADERS, 11, POST);
    say(&t);
    assert_int_equal(t.status[1], 200);
    assert_int_equal(t.reset[2], -1);
    assert_int_equal(t.reset[5], E_REFUSED_STREAM);
    assert_int_equal(t.goaway, -1);
    talk_end(&t);
}

/* ---- answers ---- */

static void sends_as_much_as_the_windows_allow(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    t.reply_len = 100000;
    put_headers(&t.in, WHOLE, 1, GET);
    say(&t);
    assert_int_equal(t.data_len[0], 65535);
    assert_false(t.has_ended[0]);
    put_number(&t.in, F_WINDOW_UPDATE, 1, 100000);
    say(&t);
    assert_int_equal(t.data_len[0], 65535);
    put_number(&t.in, F_WINDOW_UPDATE, 0, 10);
    say(&t);
    assert_int_equal(t.data_len[0], 65545);
    put_number(&t.in, F_WINDOW_UPDATE, 0, 100000);
    say(&t);
    assert_int_equal(t.data_len[0], 100000);
    assert_true(t.has_ended[0]);
    assert_int_equal(t.sent, 1);
    talk_end(&t);
}

static void lets_requests_wait_while_their_client_takes_no_answers(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    t.reply_len = 50000;
    put_frame(&t.in, F_SETTINGS, 0, 0, STR("\0\4\0\0\0\0")); /* no window */
    for (uint32_t id = 1; id < 80; id += 2) {
        put_headers(&t.in, WHOLE, id, GET);
    }
    say(&t);
    assert_int_equal(t.handled, HTTP2_UNSENT_MAX / 50000 + 1);
    put_number(&t.in, F_WINDOW_UPDATE, 1, 50000);
    say(&t);
    requests_take(&t);
    assert_int_equal(t.handled, HTTP2_UNSENT_MAX / 50000 + 2);
    talk_end(&t);
}

static void gives_up_an_answer_that_is_not_taken(void **state)
{
    (void)state;
    static const struct {
        uint32_t window; /* given to the other stream meanwhile */
        int reset, goaway;
    } rows[] = {
        {0,     -1,       E_CALM}, /* nothing moves: the connection ends */
        {30000, E_CANCEL, -1    }, /* something does: only this stream */
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct talk t;
        talk_begin(&t);
        t.reply_len = 50000;
        put_frame(&t.in, F_SETTINGS, 0, 0, STR("\0\4\0\0\0\0"));
        put_headers(&t.in, WHOLE, 1, GET);
        say(&t);
        t.now_us += 500000;
        put_headers(&t.in, WHOLE, 3, GET);
        say(&t);
        if (rows[i].window > 0) {
            put_number(&t.in, F_WINDOW_UPDATE, 3, rows[i].window);
            say(&t);
        }
        deadline_pass(&t, 499999);
        assert_int_equal(t.reset[0], -1);
        deadline_pass(&t, 1);
        assert_int_equal(t.reset[0], rows[i].reset);
        assert_int_equal(t.goaway, rows[i].goaway);
        assert_int_equal(t.cut >= 100, 1);
        assert_int_equal(http2_is_over(&t.h), rows[i].goaway != -1);
        talk_end(&t);
    }
}

/* ---- connections ---- */

static void ends_a_connection_that_breaks_the_protocol(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned type, flags;
        uint32_t stream;
        struct str payload;
        int code;
    } rows[] = {
        {"DATA on stream 0",             F_DATA,          0, 0, {"x", 1},                E_PROTOCOL     },
        {"DATA on an idle stream",       F_DATA,          0, 9, {"x", 1},                E_PROTOCOL     },
        {"DATA on a closed stream",      F_DATA,          0, 1, {"x", 1},                E_STREAM_CLOSED},
        {"HEADERS on stream 0",          F_HEADERS,       4, 0, {"\202", 1},             E_PROTOCOL     },
        {"HEADERS on an even stream",    F_HEADERS,       4, 2, {"\202", 1},             E_PROTOCOL     },
        {"HEADERS on a closed stream",   F_HEADERS,       4, 1, {"\202", 1},             E_STREAM_CLOSED},
        {"HEADERS that cannot be read",  F_HEADERS,       5, 3, {"\377\377\377", 3},     E_COMPRESSION  },
        {"padding past the frame",       F_DATA,          8, 3, {"\11x", 2},             E_PROTOCOL     },
        {"PRIORITY on stream 0",         F_PRIORITY,      0, 0, {"\0\0\0\1\1", 5},       E_PROTOCOL     },
        {"PRIORITY on itself",           F_PRIORITY,      0, 5, {"\0\0\0\5\1", 5},       E_PROTOCOL     },
        {"RST_STREAM on stream 0",       F_RST_STREAM,    0, 0, {"\0\0\0\10", 4},        E_PROTOCOL     },
        {"RST_STREAM on an idle stream", F_RST_STREAM,    0, 9, {"\0\0\0\10", 4},        E_PROTOCOL     },
        {"RST_STREAM of 3 bytes",        F_RST_STREAM,    0, 1, {"\0\0\0", 3},           E_FRAME_SIZE   },
        {"SETTINGS on a stream",         F_SETTINGS,      0, 1, {"", 0},                 E_PROTOCOL     },
        {"SETTINGS of 5 bytes",          F_SETTINGS,      0, 0, {"\0\1\0\0\0", 5},       E_FRAME_SIZE   },
        {"SETTINGS: push of 2",          F_SETTINGS,      0, 0, {"\0\2\0\0\0\2", 6},     E_PROTOCOL     },
        {"SETTINGS: window of 2^31",     F_SETTINGS,      0, 0, {"\0\4\200\0\0\0", 6},   E_FLOW_CONTROL },
        {"PUSH_PROMISE of a client",     F_PUSH_PROMISE,  4, 1, {"\0\0\0\2\202", 5},     E_PROTOCOL     },
        {"PING on a stream",             F_PING,          0, 1, {"12345678", 8},         E_PROTOCOL     },
        {"PING of 7 bytes",              F_PING,          0, 0, {"1234567", 7},          E_FRAME_SIZE   },
        {"GOAWAY on a stream",           F_GOAWAY,        0, 1, {"\0\0\0\0\0\0\0\0", 8}, E_PROTOCOL     },
        {"a window of 0 more",           F_WINDOW_UPDATE, 0, 0, {"\0\0\0\0", 4},         E_PROTOCOL     },
        {"a window past 2^31",           F_WINDOW_UPDATE, 0, 0, {"\177\377\377\377", 4}, E_FLOW_CONTROL },
        {"CONTINUATION of nothing",      F_CONTINUATION,  4, 1, {"\202", 1},             E_PROTOCOL     },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (size_t step = 1; step < 50; step += 16) {
            struct talk t;
            talk_begin(&t);
            put_headers(&t.in, WHOLE, 1, GET);
            put_headers(&t.in, END_HEADERS, 3, POST);
            say(&t);
            put_frame(&t.in, rows[i].type, rows[i].flags, rows[i].stream, rows[i].payload);
            say_in(&t, step);
            if (t.goaway != rows[i].code || !http2_is_over(&t.h)) {
                fail_msg("%s: GOAWAY with %d", rows[i].name, t.goaway);
            }
            assert_int_equal(t.goaways, 1);
            talk_end(&t);
        }
    }
}

static void forgives_what_crosses_its_own_reset(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    put_headers(&t.in, END_HEADERS, 1, GET "connection: x\n");
    say(&t);
    assert_int_equal(t.reset[0], E_PROTOCOL);
    put_frame(&t.in, F_DATA, END_STREAM, 1, STR("on its way"));
    put_headers(&t.in, WHOLE, 3, GET);
    say(&t);
    assert_int_equal(t.status[1], 200);
    assert_int_equal(t.goaway, -1);
    talk_end(&t);
}

static void takes_no_other_preface(void **state)
{
    (void)state;
    static const struct str rows[] = {
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\rX",                    24},
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n",                  27},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\1\4\0\0\0\1", 33}, /* HEADERS first */
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct talk t;
        talk_begin_raw(&t);
        buf_append(&t.in, rows[i]);
        say(&t);
        assert_int_equal(t.goaway, E_PROTOCOL);
        assert_true(http2_is_over(&t.h));
        talk_end(&t);
    }
}

/* Each row is said until the connection ends; it must have been told to calm down by then. */
static void ends_a_connection_that_floods(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned type, flags;
        struct str payload; /* of the frame that follows a fresh head, or that is all */
        const char *fields;
        unsigned limit;
    } rows[] = {
        {"rapid reset",     F_RST_STREAM,    0, {"\0\0\0\10", 4},        GET,                        500 },
        {"made you reset",  F_WINDOW_UPDATE, 0, {"\177\377\377\377", 4}, POST,                       100 },
        {"broken lengths",  F_DATA,          1, {"xx", 2},               POST "content-length: 1\n", 100 },
        {"malformed heads", F_HEADERS,       0, {NULL, 0},               GET "connection: x\n",      100 },
        {"padding only",    F_DATA,          8, {"\2\0\0", 3},           NULL,                       100 },
        {"PING",            F_PING,          0, {"12345678", 8},         NULL,                       1000},
        {"SETTINGS",        F_SETTINGS,      0, {"", 0},                 NULL,                       50  },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct talk t;
        unsigned said = 0;
        talk_begin(&t);
        put_headers(&t.in, END_HEADERS, 1, POST);
        say(&t);
        for (uint32_t id = 3; !http2_is_over(&t.h) && said <= 2 * rows[i].limit; id += 2) {
            bool is_of_stream = rows[i].type != F_PING && rows[i].type != F_SETTINGS;
            uint32_t on = rows[i].fields != NULL ? id : 1;
            if (rows[i].fields != NULL) {
                unsigned flags = rows[i].type == F_HEADERS ? WHOLE : END_HEADERS;
                put_headers(&t.in, flags, id, rows[i].fields);
            }
            if (rows[i].payload.ptr != NULL) {
                put_frame(&t.in, rows[i].type, rows[i].flags, is_of_stream ? on : 0,
                          rows[i].payload);
            }
            say(&t);
            said++;
        }
        if (t.goaway != E_CALM || said + 2 < rows[i].limit || said > rows[i].limit + 2) {
            fail_msg("%s: GOAWAY with %d after %u", rows[i].name, t.goaway, said);
        }
        assert_true(t.h.is_abusive);
        talk_end(&t);
    }
}

static void drains_without_losing_a_request(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    t.parks = true;
    put_headers(&t.in, WHOLE, 1, GET);
    say(&t);
    http2_warn(&t.h);
    server_turn(&t);
    assert_int_equal(t.goaway, E_NO_ERROR);
    assert_int_equal(t.goaway_last, 0x7FFFFFFF);
    put_headers(&t.in, WHOLE, 3, GET); /* had not heard of it yet */
    say(&t);
    http2_drain(&t.h);
    server_turn(&t);
    assert_int_equal(t.goaways, 2);
    assert_int_equal(t.goaway_last, 3);
    assert_false(http2_is_over(&t.h));
    put_headers(&t.in, WHOLE, 5, GET); /* too late: it will ask elsewhere */
    say(&t);
    assert_int_equal(t.handled, 2);
    parked_answer(&t);
    assert_int_equal(t.status[0], 200);
    assert_int_equal(t.status[1], 200);
    assert_int_equal(t.status[2], 0);
    assert_int_equal(t.sent, 2);
    assert_true(http2_is_over(&t.h));
    talk_end(&t);
}

static void closes_behind_an_answer_that_asks_for_it(void **state)
{
    (void)state;
    struct talk t;
    talk_begin(&t);
    t.parks = true;
    put_headers(&t.in, WHOLE, 1, GET);
    say(&t);
    t.parked[0]->x.close = true;
    parked_answer(&t);
    assert_int_equal(t.status[0], 200);
    assert_int_equal(t.goaway, E_NO_ERROR);
    assert_true(http2_is_over(&t.h));
    talk_end(&t);
}

static void answers_a_ping_and_knows_what_it_waits_for(void **state)
{
    (void)state;
    struct talk t;
    talk_begin_raw(&t);
    assert_true(http2_is_in_head(&t.h));
    buf_append(&t.in, PREFACE);
    put_frame(&t.in, F_SETTINGS, 0, 0, STR(""));
    say(&t);
    assert_false(http2_is_in_head(&t.h));
    put_frame(&t.in, F_PING, 0, 0, STR("12345678"));
    put_frame(&t.in, F_HEADERS, END_STREAM, 1, STR("\202"));
    say(&t);
    assert_int_equal(t.pongs, 1);
    assert_true(http2_is_in_head(&t.h));
    talk_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(treats_each_head_as_it_should),
        cmocka_unit_test(tells_the_parts_of_a_request),
        cmocka_unit_test(refuses_a_head_one_past_its_limits),
        cmocka_unit_test(ends_a_connection_whose_head_unpacks_to_a_bomb),
        cmocka_unit_test(takes_a_body_as_long_as_it_may_be),
        cmocka_unit_test(asks_for_a_body_that_waits),
        cmocka_unit_test(passes_by_trailers),
        cmocka_unit_test(tells_a_refused_client_to_stop_after_a_while),
        cmocka_unit_test(hands_over_at_once_what_has_no_use_for_its_body),
        cmocka_unit_test(passes_over_a_body_while_its_handler_has_the_head),
        cmocka_unit_test(keeps_no_field_that_varies),
        cmocka_unit_test(answers_408_to_a_body_that_drips),
        cmocka_unit_test(answers_streams_in_any_order),
        cmocka_unit_test(keeps_an_exchange_whose_stream_is_reset_until_it_is_answered),
        cmocka_unit_test(hands_over_nothing_that_was_reset_in_the_same_breath),
        cmocka_unit_test(outlives_its_client_with_exchanges_at_their_handler),
        cmocka_unit_test(refuses_one_stream_past_the_limit),
        cmocka_unit_test(refuses_streams_when_requests_hold_too_much),
        cmocka_unit_test(sends_as_much_as_the_windows_allow),
        cmocka_unit_test(lets_requests_wait_while_their_client_takes_no_answers),
        cmocka_unit_test(gives_up_an_answer_that_is_not_taken),
        cmocka_unit_test(ends_a_connection_that_breaks_the_protocol),
        cmocka_unit_test(forgives_what_crosses_its_own_reset),
        cmocka_unit_test(takes_no_other_preface),
        cmocka_unit_test(ends_a_connection_that_floods),
        cmocka_unit_test(drains_without_losing_a_request),
        cmocka_unit_test(closes_behind_an_answer_that_asks_for_it),
        cmocka_unit_test(answers_a_ping_and_knows_what_it_waits_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
