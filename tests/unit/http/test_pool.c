/* test_pool.c - exchanges come back, and what they hold is counted. */
#include "http/pool.h"

#include "../expect.h"
#include "http/exchange.h"

static void body_fill(struct exchange *e, size_t len)
{
    e->body.limit = len;
    assert_non_null(buf_reserve(&e->body, len));
}

static void gives_the_same_exchange_again(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < POOL_KIND_COUNT; kind++) {
        struct pool pool;
        pool_init(&pool, NULL);
        struct exchange *e = pool_take(&pool, (enum pool_kind)kind);
        assert_int_equal(e->http1 != NULL, kind == POOL_HTTP1);
        e->x.status = 200;
        e->x.user = &pool;
        pool_give(&pool, e);
        assert_ptr_equal(pool_take(&pool, (enum pool_kind)kind), e);
        assert_int_equal(e->x.status, 0);
        assert_null(e->x.user);
        pool_give(&pool, e);
        pool_finish(&pool);
    }
}

static void keeps_the_protocols_apart(void **state)
{
    (void)state;
    struct pool pool;
    pool_init(&pool, NULL);
    struct exchange *e = pool_take(&pool, POOL_HTTP1);
    assert_string_equal(e->x.protocol, "HTTP/1.1");
    pool_give(&pool, e);
    struct exchange *other = pool_take(&pool, POOL_HTTP2);
    assert_ptr_not_equal(other, e);
    assert_string_equal(other->x.protocol, "HTTP/2");
    pool_give(&pool, other);
    pool_finish(&pool);
}

static void counts_what_is_held_and_given_back(void **state)
{
    (void)state;
    struct pool pool;
    pool_init(&pool, NULL);
    struct exchange *e = pool_take(&pool, POOL_HTTP2);
    assert_true(pool_count(&pool, e));
    assert_int_equal(pool.held, POOL_STREAM_COST);
    body_fill(e, 100000);
    e->stream.head_len = 500;
    assert_true(pool_count(&pool, e));
    assert_int_equal(pool.held, POOL_STREAM_COST + 500 + e->body.size);
    pool_give(&pool, e);
    assert_int_equal(pool.held, 0);
    struct exchange *one = pool_take(&pool, POOL_HTTP1);
    assert_true(pool_count(&pool, one));
    assert_int_equal(pool.held, 0); /* without a body it costs its connection */
    body_fill(one, 100000);
    assert_true(pool_count(&pool, one));
    assert_int_equal(pool.held, one->body.size);
    pool_give(&pool, one);
    assert_int_equal(pool.held, 0);
    pool_finish(&pool);
}

static void refuses_one_byte_past_what_it_may_hold(void **state)
{
    (void)state;
    struct pool pool;
    pool_init(&pool, NULL);
    struct exchange *e = pool_take(&pool, POOL_HTTP2);
    e->stream.head_len = 100;
    pool.held_max = POOL_STREAM_COST + 100;
    assert_true(pool_count(&pool, e));
    assert_false(pool_has_room(&pool));
    e->stream.head_len = 101;
    assert_false(pool_count(&pool, e));
    pool_give(&pool, e);
    assert_true(pool_has_room(&pool));
    pool.held_max = POOL_STREAM_COST;
    assert_true(pool_has_room(&pool));
    pool.held_max--;
    assert_false(pool_has_room(&pool));
    pool_finish(&pool);
}

static void keeps_no_more_spare_memory_than_it_may(void **state)
{
    (void)state;
    enum { MANY = 1000 };
    static struct exchange *all[MANY];
    struct pool pool;
    pool_init(&pool, NULL);
    for (size_t i = 0; i < MANY; i++) {
        all[i] = pool_take(&pool, POOL_HTTP1);
        assert_non_null(all[i]);
    }
    for (size_t i = 0; i < MANY; i++) {
        pool_give(&pool, all[i]);
        assert_true(pool.spare_size <= POOL_SPARE_MAX);
    }
    assert_true(pool.spare_size > POOL_SPARE_MAX / 2);
    pool_finish(&pool);
    assert_int_equal(pool.spare_size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_same_exchange_again),
        cmocka_unit_test(keeps_the_protocols_apart),
        cmocka_unit_test(counts_what_is_held_and_given_back),
        cmocka_unit_test(refuses_one_byte_past_what_it_may_hold),
        cmocka_unit_test(keeps_no_more_spare_memory_than_it_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
