/* test_connection.c - one client at a time, over a real socket. */
#include "../expect.h"
#include "requests.h"
#include "rig.h"

#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>

static unsigned answers_in(struct str bytes)
{
    unsigned count = 0;
    struct str line = STR("HTTP/1.1 ");
    for (size_t i = 0; i + line.len <= bytes.len; i++) {
        count += str_eq(str_slice(bytes, i, i + line.len), line);
    }
    return count;
}

static void refuses_once_and_closes_without_a_reset(void **state)
{
    (void)state;
    struct rig r;
    rig_start(&r, NULL, NULL);
    for (size_t i = 0; i < ARRAY_LEN(requests_refused); i++) {
        const struct request_row *row = &requests_refused[i];
        struct client c;
        client_open(&c, r.port);
        client_send(&c, row->bytes);
        /* What a smuggler would have us take for the next request. */
        client_send(&c, STR("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"));
        if (!client_read(&c, true) || c.status != row->status) {
            fail_msg("%s: answered %d, wanted %d", row->name, c.status, row->status);
        }
        assert_text(client_header(&c, "Connection"), "close");
        assert_true(str_starts_with(c.body, STR("refused ")));
        assert_int_equal(client_read_end(&c), CLIENT_EOF);
        assert_int_equal(answers_in(buf_str(&c.in)), 1);
        client_close(&c);
    }
    assert_int_equal(rig_count(&r, &r.handled), 0);
    rig_wait(&r, &r.sent, ARRAY_LEN(requests_refused));
    assert_true(rig_stop(&r, 5000));
}

static void takes_what_must_pass_and_what_follows(void **state)
{
    (void)state;
    struct rig r;
    rig_start(&r, NULL, NULL);
    for (size_t i = 0; i < ARRAY_LEN(requests_whole); i++) {
        const struct request_row *row = &requests_whole[i];
        struct client c;
        client_open(&c, r.port);
        client_send(&c, row->bytes);
        client_send(&c, STR("GET /next HTTP/1.1\r\nHost: a\r\n\r\n"));
        if (!client_read(&c, true) || c.status != 200) {
            fail_msg("%s: answered %d", row->name, c.status);
        }
        bool is_last = str_eq(client_header(&c, "Connection"), STR("close"));
        assert_int_equal(is_last,
                         str_find(row->bytes, 0, '\r') > 3 &&
                             memmem(row->bytes.ptr, row->bytes.len, "HTTP/1.0", 8) != NULL);
        if (!is_last) {
            assert_true(client_read(&c, true));
            assert_text(c.body, "GET /next? ");
        }
        client_close(&c);
    }
    assert_true(rig_stop(&r, 5000));
}

static void answers_with_the_lines_of_every_answer(void **state)
{
    (void)state;
    struct rig r;
    struct client c;
    rig_start(&r, NULL, NULL);
    client_open(&c, r.port);
    client_send(&c, STR("GET /a HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(client_read(&c, true));
    assert_true(str_starts_with(c.head, STR("HTTP/1.1 200 OK\r\n")));
    assert_int_equal(client_header(&c, "Date").len, 29);
    assert_text(client_header(&c, "Content-Length"), "8");
    assert_text(client_header(&c, "X-Content-Type-Options"), "nosniff");
    assert_text(client_header(&c, "Content-Type"), "text/plain");
    assert_text(client_header(&c, "Strict-Transport-Security"), "");
    assert_text(client_header(&c, "Connection"), "");
    rig_wait(&r, &r.sent, 1);
    assert_int_equal(r.bytes_sent, c.in.len);
    assert_string_equal(r.peer, "127.0.0.1");
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

static void sends_no_body_where_none_belongs(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        int status;
        const char *length;
    } rows[] = {
        {"HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n",     200, "9"       },
        {"GET /empty HTTP/1.1\r\nHost: a\r\n\r\n",  204, ""        },
        {"GET /same HTTP/1.1\r\nHost: a\r\n\r\n",   304, ""        },
        {"HEAD /large HTTP/1.1\r\nHost: a\r\n\r\n", 200, "16777216"},
    };
    struct rig r;
    struct client c;
    rig_start(&r, NULL, NULL);
    client_open(&c, r.port);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        client_send(&c, str_from(rows[i].bytes));
        assert_true(client_read(&c, false));
        assert_int_equal(c.status, rows[i].status);
        assert_text(client_header(&c, "Content-Length"), rows[i].length);
    }
    client_send(&c, STR("GET /b HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(client_read(&c, true)); /* directly behind the last head */
    assert_text(c.body, "GET /b? ");
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

static void answers_a_spoiled_reply_with_500(void **state)
{
    (void)state;
    struct rig r;
    struct client c;
    rig_start(&r, NULL, NULL);
    client_open(&c, r.port);
    client_send(&c, STR("GET /spoil HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(client_read(&c, true));
    assert_int_equal(c.status, 500);
    assert_int_equal(c.body.len, 0);
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

static void closes_when_either_side_asks(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /close HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
    };
    struct rig r;
    rig_start(&r, NULL, NULL);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct client c;
        client_open(&c, r.port);
        client_send(&c, str_from(rows[i]));
        client_send(&c, STR("GET /more HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert_true(client_read(&c, true));
        assert_text(client_header(&c, "Connection"), "close");
        assert_int_equal(client_read_end(&c), CLIENT_EOF);
        assert_int_equal(c.in.len, c.taken);
        client_close(&c);
    }
    assert_int_equal(rig_count(&r, &r.handled), ARRAY_LEN(rows));
    assert_true(rig_stop(&r, 5000));
}

static void keeps_an_http_1_0_connection_that_asks(void **state)
{
    (void)state;
    struct rig r;
    struct client c;
    rig_start(&r, NULL, NULL);
    client_open(&c, r.port);
    for (unsigned i = 0; i < 2; i++) {
        client_send(&c, STR("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
        assert_true(client_read(&c, true));
        assert_text(client_header(&c, "Connection"), "keep-alive");
    }
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

/* What was sent before has been read by now: both connections are of one loop. */
static void client_other_is_served(const struct rig *r)
{
    struct client other;
    client_open(&other, r->port);
    client_send(&other, STR("GET /other HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(client_read(&other, true));
    client_close(&other);
}

static void answers_a_pipeline_in_order(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    struct rig r;
    struct client c;
    struct buf all;
    rig_start(&r, NULL, NULL);
    client_open(&c, r.port);
    buf_init(&all, 4 * 1024 * 1024);
    for (unsigned i = 0; i < COUNT; i++) {
        bool has_body = i % 3 == 0;
        buf_printf(&all, "%s%s /n%u HTTP/1.1\r\nHost: a\r\n%s", i % 5 == 0 ? "\r\n" : "",
                   has_body ? "PUT" : "GET", i, has_body ? "Content-Length: 2\r\n\r\nok" : "\r\n");
    }
    client_send(&c, buf_str(&all));
    for (unsigned i = 0; i < COUNT; i++) {
        char want[64];
        (void)snprintf(want, sizeof want, i % 3 == 0 ? "PUT /n%u? ok" : "GET /n%u? ", i);
        assert_true(client_read(&c, true));
        assert_text(c.body, want);
    }
    buf_finish(&all);
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

/* The second is refused even when the first one came long before it. */
static void passes_over_one_empty_line_and_no_more(void **state)
{
    (void)state;
    struct rig r;
    struct client c;
    rig_start(&r, NULL, NULL);
    client_open(&c, r.port);
    for (unsigned i = 0; i < 3; i++) { /* each request may have one */
        client_send(&c, STR("\r\n"));
        client_other_is_served(&r);
        client_send(&c, STR("GET /a HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert_true(client_read(&c, true));
        assert_int_equal(c.status, 200);
    }
    client_send(&c, STR("\r\n"));
    client_other_is_served(&r);
    client_send(&c, STR("\r\n"));
    assert_true(client_read(&c, true));
    assert_int_equal(c.status, 400);
    assert_int_equal(client_read_end(&c), CLIENT_EOF);
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

static void reads_nothing_while_a_request_is_parked(void **state)
{
    (void)state;
    enum { MOST = 64 * 1024 * 1024 };
    struct rig r;
    struct client c;
    rig_start(&r, NULL, NULL);
    client_open(&c, r.port);
    client_send(&c, STR("GET /park HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n"));
    rig_wait(&r, &r.parked_count, 1);
    client_send(&c, STR("\r\n"));
    assert_true(client_fill(&c, MOST) < MOST);
    assert_int_equal(rig_count(&r, &r.handled), 1);
    rig_answer(&r);
    assert_true(client_read(&c, true));
    assert_text(c.body, "GET /park? ");
    assert_true(client_read(&c, true));
    assert_text(c.body, "GET /next? ");
    assert_true(client_read(&c, true)); /* and then zeros */
    assert_int_equal(c.status, 400);
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

static void asks_for_a_body_that_waits(void **state)
{
    (void)state;
    struct rig r;
    struct client c;
    rig_start(&r, NULL, NULL);
    client_open(&c, r.port);
    for (unsigned i = 0; i < 2; i++) {
        client_send(&c, STR("PUT /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                            "Content-Length: 5\r\n\r\n"));
        assert_true(client_read(&c, false));
        assert_text(c.head, "HTTP/1.1 100 Continue\r\n\r\n");
        client_send(&c, STR("hello"));
        assert_true(client_read(&c, true));
        assert_text(c.body, "PUT /a? hello");
    }
    client_send(&c, STR("PUT /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                        "Content-Length: 100001\r\n\r\n"));
    assert_true(client_read(&c, true));
    assert_int_equal(c.status, 413); /* and not one byte of it was asked for */
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

static void answers_a_client_that_has_closed_its_half(void **state)
{
    (void)state;
    struct rig r;
    struct client c;
    rig_start(&r, NULL, NULL);
    client_open(&c, r.port);
    client_send(&c, STR("GET /park HTTP/1.1\r\nHost: a\r\n\r\n"));
    rig_wait(&r, &r.parked_count, 1);
    /* The next request and the end of the stream come out of the socket together. */
    client_send(&c, STR("GET /last HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_int_equal(shutdown(c.fd, SHUT_WR), 0);
    rig_answer(&r);
    assert_true(client_read(&c, true));
    assert_text(c.body, "GET /park? ");
    assert_true(client_read(&c, true));
    assert_text(c.body, "GET /last? ");
    assert_int_equal(client_read_end(&c), CLIENT_EOF);
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

static void answers_413_to_a_client_that_goes_on_sending(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10000\r\n",
    };
    static char body[RIG_BODY_MAX + 30000];
    struct rig r;
    rig_start(&r, NULL, NULL);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct client c;
        client_open(&c, r.port);
        client_send(&c, str_from(rows[i]));
        size_t chunk = i == 0 ? 0 : 0x10000;
        client_send(&c, str_of(body, chunk));
        if (i == 1) {
            client_send(&c, STR("\r\n10000\r\n"));
            client_send(&c, str_of(body, 0xC000));
        } else {
            client_send(&c, str_of(body, 50000));
        }
        assert_true(client_read(&c, true));
        assert_int_equal(c.status, 413);
        assert_int_equal(client_read_end(&c), CLIENT_EOF);
        client_close(&c);
    }
    assert_true(rig_stop(&r, 5000));
}

static void stops_listening_to_a_refused_flood(void **state)
{
    (void)state;
    static const char junk[64 * 1024];
    struct rig r;
    struct client c;
    rig_start(&r, NULL, NULL);
    client_open(&c, r.port);
    client_send(&c, STR("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000000\r\n\r\n"));
    bool is_open = true;
    for (unsigned i = 0; i < 4096 && is_open; i++) {
        is_open = client_try_send(&c, str_of(junk, sizeof junk));
    }
    assert_false(is_open);
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

static void reads_a_body_in_pieces(void **state)
{
    (void)state;
    static char body[RIG_BODY_MAX];
    memset(body, 'b', sizeof body);
    struct rig r;
    struct client c;
    rig_start(&r, NULL, NULL);
    client_open(&c, r.port);
    client_send(&c, STR("PUT /p HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"));
    for (size_t at = 0; at < sizeof body; at += 10000) {
        client_send(&c, str_of(body + at, 10000));
    }
    assert_true(client_read(&c, true));
    assert_int_equal(c.status, 200);
    assert_int_equal(c.body.len, sizeof body + 8);
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

static void sends_what_the_client_takes_its_time_to_read(void **state)
{
    (void)state;
    struct rig r;
    struct client c;
    rig_start(&r, NULL, NULL);
    client_open(&c, r.port);
    for (unsigned i = 0; i < 2; i++) {
        client_send(&c, STR("GET /large HTTP/1.1\r\nHost: a\r\n\r\n"));
        rig_wait(&r, &r.handled, i + 1);
        assert_true(client_read(&c, true));
        assert_int_equal(c.body.len, RIG_LARGE_LEN);
        assert_int_equal(c.body.ptr[RIG_LARGE_LEN - 1], 'z');
    }
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

static void survives_a_client_that_leaves_in_the_middle(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool is_handled;
    } rows[] = {
        {"",                                                                      false},
        {"GE",                                                                    false},
        {"GET / HTTP/1.1\r\nHost: a\r\n",                                         false},
        {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx",               false},
        {"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nx", false},
        {"GET /large HTTP/1.1\r\nHost: a\r\n\r\n",                                true },
    };
    struct rig r;
    rig_start(&r, NULL, NULL);
    unsigned left = 0;
    for (size_t i = 0; i < 2 * ARRAY_LEN(rows); i++) {
        struct client c;
        client_open(&c, r.port);
        client_send(&c, str_from(rows[i / 2].bytes));
        if (rows[i / 2].is_handled) {
            left++;
            rig_wait(&r, &r.handled, left);
        }
        if (i % 2 == 0) {
            client_reset(&c);
        } else {
            client_close(&c);
        }
        rig_wait(&r, &r.unsent, left);
    }
    struct client c;
    client_open(&c, r.port);
    client_send(&c, STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(client_read(&c, true));
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
    assert_int_equal(r.unsent, left);
}

/* The kind of wait that is short, what the client does, and what it gets before the end. */
static void tells_once_of_a_request_that_is_cut(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        unsigned cut, sent;
    } rows[] = {
        {"G",                                                                         1, 0},
        {"GET /a HTTP/1.1\r\nHost: a\r\n",                                            1, 0},
        {"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n",                  1, 0},
        {"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n12345678",          1, 0},
        {"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc", 1, 0},
        {"GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\n",                     1, 1},
        {"GET /a HTTP/1.1\r\nHost: a\r\n\r\n",                                        0, 1},
        {"\r\nG",                                                                     1, 0},
        {"\r",                                                                        1, 0},
        {"\r\n",                                                                      0, 0},
        {"GET /a HTTP/1.1\r\nHost: a\r\n\r\n\r\n",                                    0, 1},
        {"",                                                                          0, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct rig r;
        struct client c;
        rig_start(&r, NULL, NULL);
        client_open(&c, r.port);
        client_send(&c, str_from(rows[i].bytes));
        rig_wait(&r, &r.sent, rows[i].sent);
        assert_int_equal(shutdown(c.fd, SHUT_WR), 0);
        (void)client_read_end(&c); /* the server has closed: it knows all that will come */
        rig_wait(&r, &r.cut, rows[i].cut);
        client_close(&c);
        assert_true(rig_stop(&r, 5000));
        assert_int_equal(r.cut, rows[i].cut);
        assert_int_equal(r.sent, rows[i].sent);
        assert_int_equal(r.unsent, 0);
    }
}

static void cuts_off_who_is_late(void **state)
{
    (void)state;
    enum { SHORT_MS = 40 };
    struct http_tuning head = rig_quick();
    struct http_tuning body = rig_quick();
    struct http_tuning idle = rig_quick();
    struct http_tuning linger = rig_quick();
    head.head_ms = SHORT_MS;
    body.body_ms = SHORT_MS;
    idle.idle_ms = SHORT_MS;
    linger.linger_ms = SHORT_MS;
    const struct {
        const struct http_tuning *tuning;
        const char *bytes;
        int status; /* 0: no answer */
    } rows[] = {
        {&head,   "",                                                                         0  },
        {&head,   "\r\n",                                                                     0  },
        {&head,   "GET / HTTP/1.1\r\nHost: a\r\n\r\n\r\n",                                    200},
        {&head,   "GET / HT",                                                                 0  },
        {&head,   "GET / HTTP/1.1\r\nHost: a\r\n",                                            0  },
        {&body,   "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n",                   408},
        {&body,   "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx",                  408},
        {&body,   "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",          408},
        {&body,   "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y", 408},
        {&idle,   "GET / HTTP/1.1\r\nHost: a\r\n\r\n",                                        200},
        {&linger, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",                   200},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct rig r;
        struct client c;
        rig_start(&r, NULL, rows[i].tuning);
        client_open(&c, r.port);
        client_send(&c, str_from(rows[i].bytes));
        if (rows[i].status != 0) {
            assert_true(client_read(&c, true));
            assert_int_equal(c.status, rows[i].status);
        }
        assert_int_equal(client_read_end(&c), CLIENT_EOF);
        assert_int_equal(c.in.len, c.taken);
        client_close(&c);
        assert_true(rig_stop(&r, 5000));
    }
}

static void cuts_off_a_head_that_drips_and_not_the_next_head(void **state)
{
    (void)state;
    struct http_tuning tuning = rig_quick();
    tuning.head_ms = 40;
    struct rig r;
    struct client c;
    rig_start(&r, NULL, &tuning);
    client_open(&c, r.port);
    /* A connection that has asked waits for its next request as long as `idle` allows. */
    client_send(&c, STR("GET /park HTTP/1.1\r\nHost: a\r\n\r\n"));
    rig_wait(&r, &r.parked_count, 1);
    struct client late;
    client_open(&late, r.port);
    assert_int_equal(client_read_end(&late), CLIENT_EOF); /* 40 ms have passed */
    client_close(&late);
    rig_answer(&r);
    assert_true(client_read(&c, true));
    client_open(&late, r.port);
    assert_int_equal(client_read_end(&late), CLIENT_EOF); /* and again */
    client_send(&c, STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(client_read(&c, true));
    assert_int_equal(c.status, 200);
    /* A byte every 5 ms is no reason to wait longer: the head was due 40 ms after its first byte.
     */
    struct pollfd end = {.fd = c.fd, .events = POLLIN};
    unsigned dripped = 0;
    while (poll(&end, 1, 5) == 0) {
        client_send(&c, STR("G"));
        assert_true(dripped++ < 2000);
    }
    /* A byte that crossed the close on its way is answered with a reset. */
    enum client_end ended = client_read_end(&c);
    assert_true(ended == CLIENT_EOF || ended == CLIENT_RESET);
    assert_int_equal(c.in.len, c.taken);
    client_close(&c);
    client_close(&late);
    assert_true(rig_stop(&r, 5000));
}

static void cuts_off_a_client_that_does_not_read(void **state)
{
    (void)state;
    struct http_tuning tuning = rig_quick();
    tuning.write_ms = 40;
    struct rig r;
    struct client c;
    rig_start(&r, NULL, &tuning);
    client_open(&c, r.port);
    client_send(&c, STR("GET /large HTTP/1.1\r\nHost: a\r\n\r\n"));
    rig_wait(&r, &r.unsent, 1);
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_once_and_closes_without_a_reset),
        cmocka_unit_test(takes_what_must_pass_and_what_follows),
        cmocka_unit_test(answers_with_the_lines_of_every_answer),
        cmocka_unit_test(sends_no_body_where_none_belongs),
        cmocka_unit_test(answers_a_spoiled_reply_with_500),
        cmocka_unit_test(closes_when_either_side_asks),
        cmocka_unit_test(keeps_an_http_1_0_connection_that_asks),
        cmocka_unit_test(answers_a_pipeline_in_order),
        cmocka_unit_test(passes_over_one_empty_line_and_no_more),
        cmocka_unit_test(reads_nothing_while_a_request_is_parked),
        cmocka_unit_test(asks_for_a_body_that_waits),
        cmocka_unit_test(answers_a_client_that_has_closed_its_half),
        cmocka_unit_test(answers_413_to_a_client_that_goes_on_sending),
        cmocka_unit_test(stops_listening_to_a_refused_flood),
        cmocka_unit_test(reads_a_body_in_pieces),
        cmocka_unit_test(sends_what_the_client_takes_its_time_to_read),
        cmocka_unit_test(survives_a_client_that_leaves_in_the_middle),
        cmocka_unit_test(tells_once_of_a_request_that_is_cut),
        cmocka_unit_test(cuts_off_who_is_late),
        cmocka_unit_test(cuts_off_a_head_that_drips_and_not_the_next_head),
        cmocka_unit_test(cuts_off_a_client_that_does_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
