/* test_problem.c - what is turned away gets the document that any problem gets. */
#include "api/problem.h"

#include "expect.h"

enum { SOON_S = 1 /* what problem_reply() says */, REPLY_LEN_MAX = 4096 };

static void exchange_init(struct http_exchange *x)
{
    *x = (struct http_exchange){.method = HTTP_POST};
    buf_init(&x->head, HTTP_HEAD_LEN_MAX);
    buf_init(&x->reply, REPLY_LEN_MAX);
}

static void exchange_finish(struct http_exchange *x)
{
    buf_finish(&x->head);
    buf_finish(&x->reply);
}

/* One is written by the member, one stands there already: no word of the table may need escapes. */
static void waits_are_told_in_the_same_document(void **state)
{
    static const char id[] = "req_0123456789abcdefghjkmnpqrs";
    (void)state;
    for (size_t i = 0; i < PROBLEM_COUNT; i++) {
        enum problem problem = (enum problem)i;
        struct http_exchange written, ready;
        exchange_init(&written);
        exchange_init(&ready);
        buf_append(&ready.reply, STR("thrown away"));
        problem_reply(&written, problem, id, NULL, "%s Retry-After says %d s.",
                      problem_info(problem)->remedy, SOON_S);
        problem_reply_wait(&ready, problem, id, SOON_S);
        assert_int_equal(ready.status, written.status);
        assert_true(str_eq(buf_str(&ready.reply), buf_str(&written.reply)));
        assert_true(str_eq(buf_str(&ready.head), buf_str(&written.head)));
        exchange_finish(&written);
        exchange_finish(&ready);
    }
}

static void says_how_long_in_header_and_text(void **state)
{
    struct http_exchange x;
    (void)state;
    exchange_init(&x);
    problem_reply_wait(&x, PROBLEM_TOO_MANY_REQUESTS, "req_1", 30);
    assert_int_equal(x.status, 429);
    assert_true(str_ends_with(buf_str(&x.head), STR("\r\nRetry-After: 30\r\n")));
    assert_true(str_ends_with(buf_str(&x.reply),
                              STR(" Retry-After says 30 s.\",\"request_id\":\"req_1\"}")));
    exchange_finish(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_are_told_in_the_same_document),
        cmocka_unit_test(says_how_long_in_header_and_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
