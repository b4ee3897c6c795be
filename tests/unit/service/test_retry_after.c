/* test_retry_after.c - when to come again, for each reason. */
#include "service/retry_after.h"

#include "base/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void it_is_what_is_waited_within_the_bounds_of_the_reason(void **state)
{
    static const struct {
        enum retry_after why;
        uint64_t wait_us;
        unsigned seconds;
    } rows[] = {
        {RETRY_AFTER_CROWDED,     0,          1 },
        {RETRY_AFTER_CROWDED,     1,          1 },
        {RETRY_AFTER_CROWDED,     1000000,    1 },
        {RETRY_AFTER_CROWDED,     1000001,    2 },
        {RETRY_AFTER_CROWDED,     29000001,   30},
        {RETRY_AFTER_CROWDED,     30000001,   30},
        {RETRY_AFTER_CROWDED,     UINT64_MAX, 30},
        {RETRY_AFTER_IN_FLIGHT,   0,          1 },
        {RETRY_AFTER_IN_FLIGHT,   9000000,    1 },
        {RETRY_AFTER_MEMORY,      9000000,    1 },
        {RETRY_AFTER_DISK_FULL,   0,          1 },
        {RETRY_AFTER_DISK_FULL,   12500000,   13},
        {RETRY_AFTER_DISK_FAILED, 0,          60},
        {RETRY_AFTER_DISK_FAILED, UINT64_MAX, 60},
        {RETRY_AFTER_UNCERTAIN,   2000000,    2 },
        {RETRY_AFTER_UNCERTAIN,   UINT64_MAX, 30},
        {RETRY_AFTER_DRAINING,    9000000,    1 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(retry_after_s(rows[i].why, rows[i].wait_us), rows[i].seconds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_what_is_waited_within_the_bounds_of_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
