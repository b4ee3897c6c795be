/* test_in_flight.c - the courtesy list of idempotency keys under way. */
#include "service/in_flight.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct digest key_of(uint32_t number, uint32_t home)
{
    struct digest key = {{0}};
    memcpy(key.bytes, &home, sizeof home);
    memcpy(key.bytes + 8, &number, sizeof number);
    return key;
}

static void takes_a_key_once_until_it_leaves(void **state)
{
    struct in_flight *in_flight = in_flight_create();
    struct digest key = key_of(1, 7);
    (void)state;
    assert_true(in_flight_enter(in_flight, &key));
    assert_false(in_flight_enter(in_flight, &key));
    in_flight_leave(in_flight, &key);
    assert_true(in_flight_enter(in_flight, &key));
    in_flight_destroy(in_flight);
}

static void leaving_twice_or_unknown_changes_nothing(void **state)
{
    struct in_flight *in_flight = in_flight_create();
    struct digest key = key_of(1, 7), other = key_of(2, 7);
    (void)state;
    in_flight_leave(in_flight, &key);
    assert_true(in_flight_enter(in_flight, &key));
    in_flight_leave(in_flight, &other);
    assert_false(in_flight_enter(in_flight, &key));
    in_flight_destroy(in_flight);
}

/* Keys that share a home, across the end of the table, leaving from the middle: whoever stays is
 * still found. */
static void keeps_neighbours_found_when_one_leaves(void **state)
{
    static const uint32_t homes[] = {65533, 65533, 65534, 65533, 65535, 0, 65534, 1};
    (void)state;
    for (size_t gone = 0; gone < ARRAY_LEN(homes); gone++) {
        struct in_flight *in_flight = in_flight_create();
        for (uint32_t i = 0; i < ARRAY_LEN(homes); i++) {
            struct digest key = key_of(i, homes[i]);
            assert_true(in_flight_enter(in_flight, &key));
        }
        struct digest leaver = key_of((uint32_t)gone, homes[gone]);
        in_flight_leave(in_flight, &leaver);
        for (uint32_t i = 0; i < ARRAY_LEN(homes); i++) {
            struct digest key = key_of(i, homes[i]);
            assert_int_equal(in_flight_enter(in_flight, &key), i == gone);
        }
        in_flight_destroy(in_flight);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_a_key_once_until_it_leaves),
        cmocka_unit_test(leaving_twice_or_unknown_changes_nothing),
        cmocka_unit_test(keeps_neighbours_found_when_one_leaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
