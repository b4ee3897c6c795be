/* test_http1.c - HTTP/1.1 from bytes alone, whole and in every pair of pieces. */
#include "../expect.h"
#include "http/exchange.h"
#include "http/http1.h"
#include "requests.h"

#include <stdio.h>
#include <stdlib.h>

enum { BODY_MAX = 40000 };

static size_t body_max(void *context, const struct http_exchange *x)
{
    unsigned *asked = context;
    (*asked)++;
    assert_true(x->path.len > 0 || x->method_text.len > 0);
    return BODY_MAX;
}

/* An exchange, and how often its handler was asked for a limit. */
struct feed {
    struct exchange *e;
    struct http_handler handler;
    unsigned asked;
    unsigned continues;
};

static void feed_begin(struct feed *f)
{
    *f = (struct feed){.e = exchange_create(NULL, POOL_HTTP1)};
    assert_non_null(f->e);
    f->handler = (struct http_handler){.context = &f->asked, .body_max = body_max};
    http1_begin(f->e->http1, &f->handler, &f->e->x, &f->e->body);
}

static void feed_end(struct feed *f)
{
    exchange_destroy(f->e);
}

/* Push bytes in as reads of at most `step`, until the request ends; *rest is what was not read. */
static enum http1_step feed_bytes(struct feed *f, struct str bytes, size_t step, struct str *rest)
{
    enum http1_step result = HTTP1_MORE;
    while (bytes.len > 0 && (result == HTTP1_MORE || result == HTTP1_CONTINUE)) {
        char *to = NULL;
        size_t len = 0;
        http1_space(f->e->http1, &to, &len);
        len = len < step ? len : step;
        len = len < bytes.len ? len : bytes.len;
        memcpy(to, bytes.ptr, len);
        bytes = str_slice(bytes, len, bytes.len);
        result = http1_advance(f->e->http1, len);
        f->continues += result == HTTP1_CONTINUE;
    }
    *rest = bytes;
    return result;
}

static enum http1_step feed_once(struct feed *f, struct str bytes, size_t step)
{
    struct str rest;
    feed_begin(f);
    return feed_bytes(f, bytes, step, &rest);
}

static int status_of(const struct feed *f, enum http1_step step)
{
    return step == HTTP1_REFUSED ? http1_refusal_status(f->e->http1->refusal) : 0;
}

static void refuses_what_must_not_pass(void **state)
{
    (void)state;
    assert_true(ARRAY_LEN(requests_refused) >= 60);
    for (size_t i = 0; i < ARRAY_LEN(requests_refused); i++) {
        const struct request_row *row = &requests_refused[i];
        for (size_t step = 1; step <= row->bytes.len; step++) {
            struct feed f;
            enum http1_step result = feed_once(&f, row->bytes, step);
            if (result != HTTP1_REFUSED || status_of(&f, result) != row->status) {
                fail_msg("%s, %zu bytes a read: step %d, status %d, wanted %d", row->name, step,
                         (int)result, status_of(&f, result), row->status);
            }
            assert_false(f.e->http1->keep_alive);
            feed_end(&f);
        }
    }
}

static void takes_what_must_pass(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(requests_whole); i++) {
        const struct request_row *row = &requests_whole[i];
        for (size_t step = 1; step <= row->bytes.len; step++) {
            struct feed f;
            enum http1_step result = feed_once(&f, row->bytes, step);
            if (result != HTTP1_WHOLE) {
                fail_msg("%s, %zu bytes a read: step %d, status %d", row->name, step, (int)result,
                         status_of(&f, result));
            }
            assert_int_equal(f.asked, 1);
            assert_true(f.e->x.body.len == 0 || str_eq(f.e->x.body, STR("hello")));
            feed_end(&f);
        }
    }
}

static void waits_for_every_byte_of_a_request(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(requests_whole); i++) {
        struct feed f;
        struct str bytes = requests_whole[i].bytes;
        enum http1_step result = feed_once(&f, str_slice(bytes, 0, bytes.len - 1), SIZE_MAX);
        assert_true(result == HTTP1_MORE || result == HTTP1_CONTINUE);
        feed_end(&f);
    }
}

static void tells_the_parts_of_a_request(void **state)
{
    (void)state;
    struct feed f;
    enum http1_step step = feed_once(&f,
                                     STR("POST http://h:1/a%20b?c=d&e?f HTTP/1.1\r\nhOST: h:1\r\n"
                                         "X-One:  1 2 \r\nX-Two:\r\nContent-Length: 3\r\n\r\nxyz"),
                                     SIZE_MAX);
    const struct http_exchange *x = &f.e->x;
    assert_int_equal(step, HTTP1_WHOLE);
    assert_int_equal(x->method, HTTP_POST);
    assert_text(x->method_text, "POST");
    assert_text(x->path, "/a%20b");
    assert_text(x->query, "c=d&e?f");
    assert_text(x->body, "xyz");
    assert_int_equal(x->header_count, 4);
    assert_text(x->headers[0].name, "hOST");
    assert_text(x->headers[1].value, "1 2");
    assert_text(x->headers[2].name, "X-Two");
    assert_text(x->headers[2].value, "");
    assert_text(http_header_find(x, STR("HOST"), NULL), "h:1");
    feed_end(&f);
}

static void reads_an_absolute_target_as_its_path(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *path, *query;
    } rows[] = {
        {"GET http://a HTTP/1.1\r\nHost: a\r\n\r\n",           "/",  ""    },
        {"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",          "/",  ""    },
        {"GET https://A?b=/c HTTP/1.1\r\nHost: a\r\n\r\n",     "/",  "b=/c"},
        {"GET http://a/x?y HTTP/1.1\r\nHost: a\r\n\r\n",       "/x", "y"   },
        {"GET http://a:1/x?y HTTP/1.0\r\n\r\n",                "/x", "y"   },
        {"GET http://a? HTTP/1.0\r\n\r\n",                     "/",  ""    },
        {"OPTIONS http://a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", "/",  ""    },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct feed f;
        assert_int_equal(feed_once(&f, str_from(rows[i].bytes), SIZE_MAX), HTTP1_WHOLE);
        assert_text(f.e->x.path, rows[i].path);
        assert_text(f.e->x.query, rows[i].query);
        feed_end(&f);
    }
}

static void keeps_a_connection_as_the_version_says(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool want;
    } rows[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n",                           true },
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",      false},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n\r\n",   false},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", true },
        {"GET / HTTP/1.0\r\n\r\n",                                      false},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",            true },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct feed f;
        assert_int_equal(feed_once(&f, str_from(rows[i].bytes), SIZE_MAX), HTTP1_WHOLE);
        assert_int_equal(f.e->http1->keep_alive, rows[i].want);
        feed_end(&f);
    }
}

/* "GET /ttt… HTTP/1.1", `headers` headers, and a last one that fills the head up to head_len. */
static struct str head_make(struct buf *b, size_t target_len, unsigned headers, size_t head_len)
{
    buf_init(b, 1024 * 1024);
    buf_append(b, STR("GET /"));
    for (size_t i = 1; i < target_len; i++) {
        buf_append_byte(b, 't');
    }
    buf_append(b, STR(" HTTP/1.1\r\nHost: a\r\n"));
    for (unsigned i = 2; i < headers; i++) {
        buf_append(b, STR("X: y\r\n"));
    }
    buf_append(b, STR("F: "));
    while (b->len + 4 < head_len) {
        buf_append_byte(b, 'f');
    }
    buf_append(b, STR("\r\n\r\n"));
    return buf_str(b);
}

static void holds_each_limit_of_a_head(void **state)
{
    (void)state;
    static const struct {
        size_t target_len;
        unsigned headers;
        size_t head_len;
        int status;
    } rows[] = {
        {HTTP_TARGET_LEN_MAX,     2,                    0,                     0  },
        {HTTP_TARGET_LEN_MAX + 1, 2,                    0,                     414},
        {1,                       HTTP_HEADERS_MAX,     0,                     0  },
        {1,                       HTTP_HEADERS_MAX + 1, 0,                     431},
        {1,                       2,                    HTTP_HEAD_LEN_MAX,     0  },
        {1,                       2,                    HTTP_HEAD_LEN_MAX + 1, 431},
        {HTTP_TARGET_LEN_MAX,     HTTP_HEADERS_MAX,     HTTP_HEAD_LEN_MAX,     0  },
        {1,                       2,                    100000,                431},
        {100000,                  2,                    0,                     414},
    };
    static const size_t steps[] = {1, 7, 1000, SIZE_MAX};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf b;
        struct str head = head_make(&b, rows[i].target_len, rows[i].headers, rows[i].head_len);
        for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
            struct feed f;
            enum http1_step step = feed_once(&f, head, steps[s]);
            assert_int_equal(step, rows[i].status == 0 ? HTTP1_WHOLE : HTTP1_REFUSED);
            assert_int_equal(status_of(&f, step), rows[i].status);
            feed_end(&f);
        }
        buf_finish(&b);
    }
}

static struct str body_make(struct buf *b, size_t len, bool is_chunked, size_t chunk_len)
{
    buf_init(b, 1024 * 1024);
    buf_append(b, STR("POST / HTTP/1.1\r\nHost: a\r\n"));
    if (!is_chunked) {
        buf_printf(b, "Content-Length: %zu\r\n\r\n", len);
        for (size_t i = 0; i < len; i++) {
            buf_append_byte(b, (char)('a' + i % 26));
        }
        return buf_str(b);
    }
    buf_append(b, STR("Transfer-Encoding: chunked\r\n\r\n"));
    for (size_t at = 0; at < len; at += chunk_len) {
        size_t n = len - at < chunk_len ? len - at : chunk_len;
        buf_printf(b, "%zx\r\n", n);
        for (size_t i = at; i < at + n; i++) {
            buf_append_byte(b, (char)('a' + i % 26));
        }
        buf_append(b, STR("\r\n"));
    }
    buf_append(b, STR("0\r\n\r\n"));
    return buf_str(b);
}

static bool body_is_right(struct str body, size_t len)
{
    bool is_right = body.len == len;
    for (size_t i = 0; is_right && i < len; i++) {
        is_right = body.ptr[i] == (char)('a' + i % 26);
    }
    return is_right;
}

static void holds_the_limit_of_a_body(void **state)
{
    (void)state;
    static const size_t steps[] = {1, 100, 5000, SIZE_MAX};
    for (size_t i = 0; i < 2 * 3 * ARRAY_LEN(steps); i++) {
        bool is_chunked = i % 2 == 1;
        size_t len = BODY_MAX - 1 + i / 2 % 3;
        struct buf b;
        struct feed f;
        struct str bytes = body_make(&b, len, is_chunked, 1000);
        enum http1_step step = feed_once(&f, bytes, steps[i / 6]);
        if (len <= BODY_MAX) {
            assert_int_equal(step, HTTP1_WHOLE);
            assert_true(body_is_right(f.e->x.body, len));
        } else {
            assert_int_equal(step, HTTP1_REFUSED);
            assert_int_equal(status_of(&f, step), 413);
        }
        feed_end(&f);
        buf_finish(&b);
    }
}

static void reads_one_byte_chunks_while_they_are_few(void **state)
{
    (void)state;
    /* Six bytes a byte, the last chunk five: framing is 5 n + 5, allowed n + 16,384. */
    static const struct {
        size_t len;
        int status;
    } rows[] = {
        {4094,  0  },
        {4096,  413},
        {20000, 413}
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf b;
        struct feed f;
        enum http1_step step = feed_once(&f, body_make(&b, rows[i].len, true, 1), 4096);
        assert_int_equal(status_of(&f, step), rows[i].status);
        assert_true(step == HTTP1_REFUSED || body_is_right(f.e->x.body, rows[i].len));
        feed_end(&f);
        buf_finish(&b);
    }
}

/* A chunked request of no data whose framing is exactly `framing` bytes long. */
static struct str framing_make(struct buf *b, size_t framing, const char *before, const char *after)
{
    buf_init(b, 1024 * 1024);
    buf_append(b, STR(CHUNKED));
    size_t end = b->len + framing - strlen(after);
    buf_append_text(b, before);
    while (b->len < end) {
        buf_append_byte(b, '0');
    }
    buf_append_text(b, after);
    return buf_str(b);
}

static void holds_the_limit_of_framing(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *after;
    } kinds[] = {
        {"0;",       "\r\n\r\n"}, /* an extension */
        {"0",        "\r\n\r\n"}, /* leading zeros */
        {"0\r\nX: ", "\r\n\r\n"}, /* a trailer */
    };
    static const size_t steps[] = {1, 1000, SIZE_MAX};
    for (size_t i = 0; i < ARRAY_LEN(kinds) * ARRAY_LEN(steps) * 2; i++) {
        size_t kind = i / 2 % ARRAY_LEN(kinds);
        size_t past = i % 2;
        struct buf b;
        struct feed f;
        struct str bytes =
            framing_make(&b, HTTP1_FRAMING_LEN_MAX + past, kinds[kind].before, kinds[kind].after);
        enum http1_step step = feed_once(&f, bytes, steps[i / 6]);
        assert_int_equal(step, past == 0 ? HTTP1_WHOLE : HTTP1_REFUSED);
        assert_int_equal(status_of(&f, step), past == 0 ? 0 : 413);
        feed_end(&f);
        buf_finish(&b);
    }
}

static void asks_for_the_body_only_if_it_is_waited_for(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        unsigned want;
    } rows[] = {
        {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",     1},
        {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n"
         "Transfer-Encoding: chunked\r\n\r\n",                                         1},
        {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nh",    0},
        {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",     0},
        {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 40001\r\n\r\n", 0},
        {"POST / HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",     0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct feed f;
        (void)feed_once(&f, str_from(rows[i].bytes), SIZE_MAX);
        assert_int_equal(f.continues, rows[i].want);
        feed_end(&f);
    }
}

/* Many requests behind each other, of all kinds and lengths, in reads of any size: each is found
 * where it begins.  The lengths move the heads across the input's end. */
static void finds_the_next_request_where_the_last_one_ends(void **state)
{
    (void)state;
    static const size_t lens[] = {0, 5, 17, 30000, 1, 16000, 33000, 40000, 12345};
    static const size_t steps[] = {1, 3, 1000, 9000, SIZE_MAX};
    struct buf all;
    buf_init(&all, 16 * 1024 * 1024);
    for (size_t i = 0; i < 2 * ARRAY_LEN(lens); i++) {
        struct buf b;
        buf_append(&all, body_make(&b, lens[i / 2], i % 2 == 1, 700));
        buf_finish(&b);
        buf_append(&all, head_make(&b, 1 + i * 200, 3, 900 * i));
        buf_finish(&b);
    }
    for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
        struct feed f;
        struct str rest = buf_str(&all);
        feed_begin(&f);
        enum http1_step step = feed_bytes(&f, rest, steps[s], &rest);
        for (size_t i = 0; i < 4 * ARRAY_LEN(lens); i++) {
            assert_int_equal(step, HTTP1_WHOLE);
            assert_true(i % 2 == 1 ? f.e->x.path.len == 1 + i / 2 * 200
                                   : body_is_right(f.e->x.body, lens[i / 4]));
            bool has_more = http1_next(f.e->http1);
            step = has_more ? http1_advance(f.e->http1, 0) : HTTP1_MORE;
            if (step != HTTP1_WHOLE) {
                step = feed_bytes(&f, rest, steps[s], &rest);
            }
        }
        assert_int_equal(step, HTTP1_MORE);
        assert_true(http1_is_idle(f.e->http1));
        feed_end(&f);
    }
    buf_finish(&all);
}

/* The head of a chunked request ends with the input: its body can only be read before it. */
static void finds_room_for_a_body_where_there_is_none_behind_its_head(void **state)
{
    (void)state;
    struct str chunked = STR(CHUNKED);
    struct buf all, head;
    struct feed f;
    struct str rest;
    buf_init(&all, 1024 * 1024);
    buf_append(&all, head_make(&head, 1, 3, HTTP_HEAD_LEN_MAX));
    buf_finish(&head);
    buf_append(&all, head_make(&head, 1, 3, HTTP1_INPUT_SIZE - HTTP_HEAD_LEN_MAX - chunked.len));
    buf_finish(&head);
    buf_append(&all, chunked);
    assert_int_equal(all.len, HTTP1_INPUT_SIZE);
    buf_append(&all, STR("5\r\nhello\r\n0\r\n\r\n"));
    feed_begin(&f);
    assert_int_equal(feed_bytes(&f, buf_str(&all), SIZE_MAX, &rest), HTTP1_WHOLE);
    assert_true(http1_next(f.e->http1));
    assert_int_equal(http1_advance(f.e->http1, 0), HTTP1_WHOLE);
    assert_true(http1_next(f.e->http1));
    assert_int_equal(http1_advance(f.e->http1, 0), HTTP1_MORE);
    assert_int_equal(feed_bytes(&f, rest, SIZE_MAX, &rest), HTTP1_WHOLE);
    assert_text(f.e->x.body, "hello");
    assert_text(f.e->x.path, "/");
    assert_text(http_header_find(&f.e->x, STR("Host"), NULL), "a");
    feed_end(&f);
    buf_finish(&all);
}

static void takes_memory_for_what_came_not_for_what_was_said(void **state)
{
    (void)state;
    struct feed f;
    assert_int_equal(feed_once(&f,
                               STR("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40000\r\n\r\nx"),
                               SIZE_MAX),
                     HTTP1_MORE);
    assert_true(f.e->body.size <= 32 * 1024);
    feed_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_must_not_pass),
        cmocka_unit_test(takes_what_must_pass),
        cmocka_unit_test(waits_for_every_byte_of_a_request),
        cmocka_unit_test(tells_the_parts_of_a_request),
        cmocka_unit_test(reads_an_absolute_target_as_its_path),
        cmocka_unit_test(keeps_a_connection_as_the_version_says),
        cmocka_unit_test(holds_each_limit_of_a_head),
        cmocka_unit_test(holds_the_limit_of_a_body),
        cmocka_unit_test(reads_one_byte_chunks_while_they_are_few),
        cmocka_unit_test(holds_the_limit_of_framing),
        cmocka_unit_test(asks_for_the_body_only_if_it_is_waited_for),
        cmocka_unit_test(finds_the_next_request_where_the_last_one_ends),
        cmocka_unit_test(finds_room_for_a_body_where_there_is_none_behind_its_head),
        cmocka_unit_test(takes_memory_for_what_came_not_for_what_was_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
