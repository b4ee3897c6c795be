/* test_memory.c - who was refused memory knows it, and nobody else does. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

/* More than any machine has. */
#define TOO_MUCH ((size_t)PTRDIFF_MAX / 2)

static void it_counts_a_buffer_without_memory(void **state)
{
    struct buf b;
    uint64_t before = memory_refusals();
    (void)state;
    buf_init(&b, SIZE_MAX);
    assert_null(buf_reserve(&b, TOO_MUCH));
    assert_int_equal(memory_refusals(), before + 1);
    buf_finish(&b);
}

static void it_counts_an_arena_without_memory(void **state)
{
    struct arena a;
    uint64_t before = memory_refusals();
    (void)state;
    arena_init(&a, SIZE_MAX);
    assert_null(arena_alloc(&a, 1, TOO_MUCH));
    assert_int_equal(memory_refusals(), before + 1);
    arena_finish(&a);
}

static void it_does_not_count_a_limit(void **state)
{
    struct buf b;
    struct arena a;
    uint64_t before = memory_refusals();
    (void)state;
    buf_init(&b, 4);
    buf_append(&b, STR("12345"));
    assert_true(buf_failed(&b));
    arena_init(&a, 64);
    assert_null(arena_alloc(&a, 65, 1));
    assert_int_equal(memory_refusals(), before);
    buf_finish(&b);
    arena_finish(&a);
}

static void *refuse_elsewhere(void *out)
{
    memory_refused();
    *(uint64_t *)out = memory_refusals();
    return NULL;
}

static void it_counts_for_each_thread(void **state)
{
    pthread_t other;
    uint64_t elsewhere = 0, before = memory_refusals();
    (void)state;
    assert_int_equal(pthread_create(&other, NULL, refuse_elsewhere, &elsewhere), 0);
    assert_int_equal(pthread_join(other, NULL), 0);
    assert_int_equal(elsewhere, 1);
    assert_int_equal(memory_refusals(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_counts_a_buffer_without_memory),
        cmocka_unit_test(it_counts_an_arena_without_memory),
        cmocka_unit_test(it_does_not_count_a_limit),
        cmocka_unit_test(it_counts_for_each_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
