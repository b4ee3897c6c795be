/* test_process.c - figures that must be about right, since the system makes them. */
#include "base/process.h"

#include "../expect.h"

#include <fcntl.h>
#include <stdlib.h>

enum { MORE = 7, GROWN = 64 * 1024 * 1024 };

static void a_descriptor_more_is_counted(void **state)
{
    (void)state;
    int fds[MORE];
    struct process_usage before = process_usage();
    for (size_t i = 0; i < MORE; i++) {
        fds[i] = open("/dev/null", O_RDONLY);
        assert_true(fds[i] >= 0);
    }
    assert_int_equal(process_usage().descriptors, before.descriptors + MORE);
    for (size_t i = 0; i < MORE; i++) {
        (void)close(fds[i]);
    }
    assert_int_equal(process_usage().descriptors, before.descriptors);
    assert_true(before.descriptors >= 3);
    assert_true(before.descriptors_max >= before.descriptors);
}

static void memory_that_is_used_is_counted(void **state)
{
    (void)state;
    uint64_t before = process_usage().resident_bytes;
    volatile char *memory = malloc(GROWN);
    assert_non_null((void *)memory);
    for (size_t i = 0; i < GROWN; i += 4096) {
        memory[i] = 1;
    }
    assert_true(before > 0);
    assert_true(process_usage().resident_bytes >= before + GROWN / 2);
    free((void *)memory);
}

static void time_only_rises(void **state)
{
    (void)state;
    uint64_t from_us = process_usage().cpu_us;
    uint64_t now_us = from_us;
    while (now_us < from_us + 1000) {
        uint64_t next_us = process_usage().cpu_us;
        assert_true(next_us >= now_us);
        now_us = next_us;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_descriptor_more_is_counted),
        cmocka_unit_test(memory_that_is_used_is_counted),
        cmocka_unit_test(time_only_rises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
