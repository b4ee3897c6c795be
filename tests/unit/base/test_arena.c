/* test_arena.c - memory that dies together: zeroed, aligned, bounded, never a crash. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void is_full_at_its_limit_and_says_so(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, 64);
    assert_non_null(arena_alloc(&a, 64, 1));
    assert_null(arena_alloc(&a, 1, 1));
    arena_reset(&a);
    assert_non_null(arena_alloc(&a, 64, 1));
    arena_finish(&a);
}

static void refuses_sizes_that_wrap(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, SIZE_MAX);
    assert_null(arena_alloc(&a, SIZE_MAX, 2));
    assert_null(arena_alloc(&a, SIZE_MAX / 8, 8));
    assert_null(arena_alloc(&a, SIZE_MAX, 1));
    arena_finish(&a);
}

static void hands_out_zeroed_aligned_memory_again_after_a_reset(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, 1024 * 1024);
    for (int round = 0; round < 3; round++) {
        for (size_t size = 1; size < 20000; size = size * 3 + 1) {
            unsigned char *p = arena_alloc(&a, 1, size);
            assert_non_null(p);
            assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
            for (size_t i = 0; i < size; i++) {
                assert_int_equal(p[i], 0);
            }
            memset(p, 0xA5, size);
        }
        arena_reset(&a);
    }
    arena_finish(&a);
}

static void nothing_is_a_place_too(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, 64);
    assert_non_null(arena_alloc(&a, 0, 8));
    assert_non_null(arena_alloc(&a, 8, 0));
    arena_finish(&a);
}

/* What is taken raw stands beside what is zeroed, and never over it. */
static void takes_raw_memory_beside_zeroed(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, 1024 * 1024);
    for (size_t len = 1; len < 30000; len = len * 2 + 1) {
        unsigned char *raw = arena_take(&a, len), *zeroed = arena_alloc(&a, len, 1);
        assert_non_null(raw);
        assert_non_null(zeroed);
        assert_int_equal((uintptr_t)raw % _Alignof(max_align_t), 0);
        memset(raw, 0xA5, len);
        for (size_t i = 0; i < len; i++) {
            assert_int_equal(zeroed[i], 0);
        }
    }
    assert_null(arena_take(&a, 1024 * 1024));
    assert_null(arena_take(&a, SIZE_MAX));
    arena_finish(&a);
}

static void copies_with_a_nul_behind(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, 1024);
    struct str copy = arena_copy(&a, STR("abc"));
    assert_string_equal(copy.ptr, "abc");
    assert_int_equal(copy.len, 3);
    struct str printed = arena_printf(&a, "%s-%d", "dec", 7);
    assert_string_equal(printed.ptr, "dec-7");
    assert_null(arena_copy(&a, (struct str){copy.ptr, 2000}).ptr);
    arena_finish(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_full_at_its_limit_and_says_so),
        cmocka_unit_test(refuses_sizes_that_wrap),
        cmocka_unit_test(hands_out_zeroed_aligned_memory_again_after_a_reset),
        cmocka_unit_test(nothing_is_a_place_too),
        cmocka_unit_test(takes_raw_memory_beside_zeroed),
        cmocka_unit_test(copies_with_a_nul_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
