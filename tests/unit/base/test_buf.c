/* test_buf.c - growth up to a named limit, one sticky failure. */
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void holds_its_limit_and_not_one_byte_more(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b, 5);
    buf_append(&b, STR("12345"));
    assert_false(buf_failed(&b));
    buf_append_byte(&b, '6');
    assert_true(buf_failed(&b));
    assert_int_equal(b.len, 5);
    buf_append(&b, STR("")); /* a failure stays */
    assert_true(buf_failed(&b));
    buf_clear(&b);
    buf_append(&b, STR("12345"));
    assert_false(buf_failed(&b));
    buf_finish(&b);
}

static void stays_within_memory_of_the_caller(void **state)
{
    char memory[6] = "....!";
    (void)state;
    struct buf b = buf_over(memory, 4);
    buf_append(&b, STR("123"));
    buf_append_byte(&b, '4');
    assert_false(buf_failed(&b));
    buf_append_byte(&b, '5');
    assert_true(buf_failed(&b));
    assert_string_equal(memory, "1234!");
}

static void never_takes_a_length_that_wraps(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b, SIZE_MAX);
    buf_append(&b, STR("x"));
    assert_null(buf_reserve(&b, SIZE_MAX));
    assert_true(buf_failed(&b));
    assert_int_equal(b.len, 1);
    buf_finish(&b);
}

static void writes_every_integer(void **state)
{
    static const struct {
        int64_t value;
        const char *text;
    } rows[] = {
        {0,         "0"                   },
        {-1,        "-1"                  },
        {INT64_MAX, "9223372036854775807" },
        {INT64_MIN, "-9223372036854775808"}
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf b;
        buf_init(&b, 64);
        buf_append_int(&b, rows[i].value);
        assert_true(str_eq(buf_str(&b), str_from(rows[i].text)));
        buf_finish(&b);
    }
}

static void a_zeroed_one_may_be_finished_and_reads_empty(void **state)
{
    struct buf b = {0};
    (void)state;
    assert_int_equal(buf_str(&b).len, 0);
    buf_finish(&b);
    buf_finish(&b);
}

static void prints_long_text_whole(void **state)
{
    struct buf b;
    (void)state;
    buf_init(&b, 4096);
    buf_printf(&b, "%0500d|", 7);
    assert_false(buf_failed(&b));
    assert_int_equal(b.len, 501);
    assert_int_equal(b.ptr[500], '|');
    buf_finish(&b);
}

/* Every length, from memory that ends where the bytes end; what stands around them stays. */
static void puts_bytes_of_every_length(void **state)
{
    enum { LEN_MAX = 70 };
    (void)state;
    for (size_t len = 0; len <= LEN_MAX; len++) {
        char *from = malloc(len == 0 ? 1 : len), to[LEN_MAX + 2];
        assert_non_null(from);
        memset(to, '.', sizeof to);
        for (size_t i = 0; i < len; i++) {
            from[i] = (char)('0' + i);
        }
        assert_ptr_equal(bytes_put(to + 1, str_of(from, len)), to + 1 + len);
        assert_int_equal(to[0], '.');
        assert_memory_equal(to + 1, from, len);
        assert_int_equal(to[1 + len], '.');
        free(from);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_bytes_of_every_length),
        cmocka_unit_test(holds_its_limit_and_not_one_byte_more),
        cmocka_unit_test(stays_within_memory_of_the_caller),
        cmocka_unit_test(never_takes_a_length_that_wraps),
        cmocka_unit_test(writes_every_integer),
        cmocka_unit_test(a_zeroed_one_may_be_finished_and_reads_empty),
        cmocka_unit_test(prints_long_text_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
