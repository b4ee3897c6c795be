/* test_answer.c - heads and dates, byte for byte. */
#include "../expect.h"
#include "http/answer.h"
#include "http/server.h"

static void writes_dates_as_rfc_9110_does(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *want;
    } rows[] = {
        {0,             "Thu, 01 Jan 1970 00:00:00 GMT"},
        {784111777000,  "Sun, 06 Nov 1994 08:49:37 GMT"}, /* RFC 9110, section 5.6.7 */
        {951782400000,  "Tue, 29 Feb 2000 00:00:00 GMT"},
        {4102444799999, "Thu, 31 Dec 2099 23:59:59 GMT"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char date[ANSWER_DATE_LEN + 1];
        answer_date(date, rows[i].ms);
        assert_string_equal(date, rows[i].want);
    }
}

static const char date[] = "Sun, 06 Nov 1994 08:49:37 GMT";

static void exchange_init(struct http_exchange *x)
{
    *x = (struct http_exchange){.method = HTTP_GET, .status = 200};
    buf_init(&x->head, 1000);
    buf_init(&x->reply, 100000);
}

static void exchange_finish(struct http_exchange *x)
{
    buf_finish(&x->head);
    buf_finish(&x->reply);
}

static void puts_each_line_once(void **state)
{
    (void)state;
    struct http_exchange x;
    struct buf wire;
    exchange_init(&x);
    buf_init(&wire, 100000);
    x.status = 201;
    x.is_tls = true;
    http_reply_header(&x, "Location", STR("/v1/decisions/1"));
    buf_append(&x.reply, STR("done"));
    size_t in_wire =
        answer_render(&wire, &x, &(struct answer_options){.date = date, .close = true});
    assert_int_equal(in_wire, 4);
    assert_text(buf_str(&wire), "HTTP/1.1 201 Created\r\n"
                                "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                                "Content-Length: 4\r\n"
                                "X-Content-Type-Options: nosniff\r\n"
                                "Strict-Transport-Security: max-age=31536000\r\n"
                                "Connection: close\r\n"
                                "Location: /v1/decisions/1\r\n"
                                "\r\n"
                                "done");
    buf_finish(&wire);
    exchange_finish(&x);
}

static void lets_no_value_begin_a_line(void **state)
{
    (void)state;
    struct http_exchange x;
    exchange_init(&x);
    http_reply_header(&x, "X", STR("a\r\nSet-Cookie: b\nc\rd\0e"));
    assert_text(buf_str(&x.head), "X: aSet-Cookie: bcde\r\n");
    exchange_finish(&x);
}

static void splits_a_long_reply(void **state)
{
    (void)state;
    struct http_exchange x;
    struct buf wire;
    exchange_init(&x);
    buf_init(&wire, 100000);
    for (unsigned i = 0; i < 50000; i++) {
        buf_append_byte(&x.reply, 'r');
    }
    size_t in_wire = answer_render(&wire, &x, &(struct answer_options){.date = date});
    assert_int_equal(wire.len, ANSWER_TOGETHER_LEN_MAX);
    assert_true(in_wire > 0 && in_wire < 50000);
    buf_finish(&wire);
    exchange_finish(&x);
}

static void turns_what_it_cannot_send_into_500(void **state)
{
    (void)state;
    static const int statuses[] = {0, 100, 199, 600, 200, 200};
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        struct http_exchange x;
        struct buf wire;
        exchange_init(&x);
        buf_init(&wire, 100000);
        x.status = statuses[i];
        http_reply_header(&x, "X", STR("secret"));
        buf_append(&x.reply, STR("half a sentence"));
        x.head.failed = i == 4;
        x.reply.failed = i == 5;
        assert_int_equal(answer_render(&wire, &x, &(struct answer_options){.date = date}), 0);
        assert_int_equal(x.status, 500);
        assert_true(str_starts_with(buf_str(&wire), STR("HTTP/1.1 500 Internal Server Error\r\n")));
        assert_null(memmem(wire.ptr, wire.len, "secret", 6));
        assert_non_null(memmem(wire.ptr, wire.len, "Content-Length: 0\r\n", 19));
        buf_finish(&wire);
        exchange_finish(&x);
    }
}

static void finds_a_header_only_if_it_stands_alone(void **state)
{
    (void)state;
    struct http_exchange x;
    unsigned count = 9;
    exchange_init(&x);
    x.headers[0] = (struct http_header){STR("Accept"), STR("a")};
    x.headers[1] = (struct http_header){STR("X"), STR("b")};
    x.headers[2] = (struct http_header){STR("ACCEPT"), STR("c")};
    x.header_count = 3;
    assert_text(http_header_find(&x, STR("x"), &count), "b");
    assert_int_equal(count, 1);
    assert_text(http_header_find(&x, STR("accept"), &count), "");
    assert_int_equal(count, 2);
    assert_text(http_header_find(&x, STR("Accep"), &count), "");
    assert_int_equal(count, 0);
    exchange_finish(&x);
}

static void knows_which_fields_vary(void **state)
{
    static const struct {
        const char *name;
        bool varies;
    } rows[] = {
        {"Request-Id",    true },
        {"request-id",    true },
        {"traceparent",   true },
        {"Server-Timing", true },
        {"Request-IdX",   false},
        {"API-Version",   false},
        {"Retry-After",   false},
        {"Cache-Control", false},
        {"Content-Type",  false},
        {":status",       false},
        {"",              false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (answer_field_varies(str_from(rows[i].name)) != rows[i].varies) {
            fail_msg("%s", rows[i].name);
        }
    }
}

/* HTTP/2 sends these names as they stand. */
static void has_names_of_its_own_in_lower_case(void **state)
{
    struct http_exchange x;
    struct answer_fields out;
    (void)state;
    exchange_init(&x);
    x.is_tls = true;
    http_reply_header(&x, "Request-Id", STR("req_1"));
    answer_fields_make(&out, &x, date);
    assert_int_equal(out.own_count, 5);
    assert_int_equal(out.count, 6);
    for (size_t i = 0; i < out.own_count; i++) {
        for (size_t at = 0; at < out.fields[i].name.len; at++) {
            char c = out.fields[i].name.ptr[at];
            assert_false(c >= 'A' && c <= 'Z');
        }
    }
    exchange_finish(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_dates_as_rfc_9110_does),
        cmocka_unit_test(puts_each_line_once),
        cmocka_unit_test(lets_no_value_begin_a_line),
        cmocka_unit_test(splits_a_long_reply),
        cmocka_unit_test(turns_what_it_cannot_send_into_500),
        cmocka_unit_test(finds_a_header_only_if_it_stands_alone),
        cmocka_unit_test(knows_which_fields_vary),
        cmocka_unit_test(has_names_of_its_own_in_lower_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
