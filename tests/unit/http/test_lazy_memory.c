/* test_lazy_memory.c - blocks of both kinds, and what becomes of them when they grow or shrink. */
#include "http/lazy_memory.h"

#include "../expect.h"

#include <stdint.h>

enum { EDGE = LAZY_MEMORY_MAPPED_MIN };

static const size_t sizes[] = {1, 100, EDGE - 1, EDGE, EDGE + 1, 3 * EDGE};

static void gives_zeroed_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        unsigned char *block = lazy_memory_calloc(1, sizes[i], NULL);
        for (size_t n = 0; n < sizes[i]; n++) {
            assert_int_equal(block[n], 0);
        }
        memset(block, 1, sizes[i]);
        lazy_memory_free(block, NULL);
    }
}

static void keeps_what_a_block_holds_when_its_size_changes(void **state)
{
    (void)state;
    for (size_t from = 0; from < ARRAY_LEN(sizes); from++) {
        for (size_t to = 0; to < ARRAY_LEN(sizes); to++) {
            unsigned char *block = lazy_memory_malloc(sizes[from], NULL);
            assert_non_null(block);
            assert_int_equal((uintptr_t)block % 16, 0);
            memset(block, 7, sizes[from]);
            block = lazy_memory_realloc(block, sizes[to], NULL);
            assert_non_null(block);
            size_t kept = sizes[from] < sizes[to] ? sizes[from] : sizes[to];
            for (size_t n = 0; n < kept; n++) {
                assert_int_equal(block[n], 7);
            }
            memset(block, 8, sizes[to]);
            lazy_memory_free(block, NULL);
        }
    }
}

static void begins_with_nothing_and_frees_nothing(void **state)
{
    (void)state;
    unsigned char *block = lazy_memory_realloc(NULL, 10, NULL);
    assert_non_null(block);
    memset(block, 1, 10);
    lazy_memory_free(block, NULL);
    lazy_memory_free(NULL, NULL);
}

static void refuses_what_no_memory_holds(void **state)
{
    (void)state;
    assert_null(lazy_memory_malloc(SIZE_MAX, NULL));
    assert_null(lazy_memory_calloc(SIZE_MAX / 2, 3, NULL));
    assert_null(lazy_memory_calloc(SIZE_MAX, 1, NULL));
    unsigned char *block = lazy_memory_malloc(10, NULL);
    assert_null(lazy_memory_realloc(block, SIZE_MAX, NULL));
    memset(block, 1, 10); /* still there */
    lazy_memory_free(block, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_zeroed_memory),
        cmocka_unit_test(keeps_what_a_block_holds_when_its_size_changes),
        cmocka_unit_test(begins_with_nothing_and_frees_nothing),
        cmocka_unit_test(refuses_what_no_memory_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
