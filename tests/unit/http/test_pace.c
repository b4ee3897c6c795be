/* test_pace.c - who may begin, and when, on a clock that the test turns. */
#include "../expect.h"
#include "http/pace.h"
#include "http/waiting.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>

#define SECOND_US UINT64_C(1000000)

enum { NOW_US = 50000000 };

static struct pace_address address_of(const char *text)
{
    struct sockaddr_storage peer = {0};
    struct sockaddr_in *ip4 = (struct sockaddr_in *)&peer;
    struct sockaddr_in6 *ip6 = (struct sockaddr_in6 *)&peer;
    if (inet_pton(AF_INET, text, &ip4->sin_addr) == 1) {
        peer.ss_family = AF_INET;
    } else {
        assert_int_equal(inet_pton(AF_INET6, text, &ip6->sin6_addr), 1);
        peer.ss_family = AF_INET6;
    }
    return pace_address_of(&peer);
}

static void goes_by_what_one_subscriber_holds(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        bool is_same;
    } rows[] = {
        {"192.0.2.1",       "192.0.2.1",          true },
        {"192.0.2.1",       "192.0.2.2",          false},
        {"192.0.2.1",       "193.0.2.1",          false},
        {"192.0.2.1",       "::ffff:192.0.2.1",   true },
        {"::ffff:10.0.0.1", "::ffff:10.0.0.2",    false},
        {"2001:db8::1",     "2001:db8::2",        true },
        {"2001:db8::1",     "2001:db8::ffff:1:2", true },
        {"2001:db8::1",     "2001:db8:0:1::1",    false},
        {"2001:db8::1",     "2001:db9::1",        false},
        {"192.0.2.1",       "::192.0.2.1",        false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct pace_address a = address_of(rows[i].a);
        struct pace_address b = address_of(rows[i].b);
        if ((memcmp(&a, &b, sizeof a) == 0) != rows[i].is_same) {
            fail_msg("%s and %s", rows[i].a, rows[i].b);
        }
    }
}

static void lets_a_burst_in_and_then_paces(void **state)
{
    (void)state;
    enum { RATE = 100, BURST = 20 };
    struct pace *pace = pace_create(RATE, BURST);
    struct pace_address one = address_of("192.0.2.1");
    struct pace_address two = address_of("192.0.2.2");
    for (unsigned i = 0; i < BURST; i++) {
        assert_int_equal(pace_take(pace, &one, NOW_US), NOW_US);
    }
    for (unsigned i = 1; i <= RATE * PACE_WAIT_MAX_S; i++) {
        assert_int_equal(pace_take(pace, &one, NOW_US), NOW_US + i * SECOND_US / RATE);
    }
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(pace_take(pace, &one, NOW_US), PACE_NEVER);
    }
    assert_int_equal(pace_take(pace, &two, NOW_US), NOW_US);
    /* Who was turned away took nothing: one interval later there is one place more. */
    uint64_t later_us = NOW_US + SECOND_US / RATE;
    assert_int_equal(pace_take(pace, &one, later_us), later_us + PACE_WAIT_MAX_S * SECOND_US);
    assert_int_equal(pace_take(pace, &one, later_us), PACE_NEVER);
    pace_destroy(pace);
}

static void fills_up_again_and_no_further(void **state)
{
    (void)state;
    enum { RATE = 10, BURST = 5 };
    static const struct {
        uint64_t rest_us; /* after the burst */
        unsigned want;    /* may begin at once */
    } rows[] = {
        {0,                0},
        {99999,            0},
        {100000,           1},
        {250000,           2},
        {500000,           5},
        {3600 * SECOND_US, 5},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct pace *pace = pace_create(RATE, BURST);
        struct pace_address one = address_of("2001:db8::1");
        for (unsigned n = 0; n < BURST; n++) {
            assert_int_equal(pace_take(pace, &one, NOW_US), NOW_US);
        }
        uint64_t now_us = NOW_US + rows[i].rest_us;
        unsigned begun = 0;
        while (pace_take(pace, &one, now_us) == now_us) {
            begun++;
        }
        assert_int_equal(begun, rows[i].want);
        pace_destroy(pace);
    }
}

/* Over any stretch of time an address gets its burst and its rate, whatever it tries. */
static void never_lets_through_more_than_the_rate(void **state)
{
    (void)state;
    enum { RATE = 50, BURST = 50, SECONDS = 8 };
    struct pace *pace = pace_create(RATE, BURST);
    struct pace_address one = address_of("198.51.100.7");
    unsigned begun = 0;
    uint64_t last_us = 0;
    for (uint64_t us = 0; us < SECONDS * SECOND_US; us += 1000) {
        uint64_t at_us = pace_take(pace, &one, NOW_US + us);
        if (at_us != PACE_NEVER) {
            assert_true(at_us >= last_us && at_us >= NOW_US + us);
            last_us = at_us;
            begun += at_us < NOW_US + SECONDS * SECOND_US;
        }
    }
    assert_int_equal(begun, BURST + RATE * SECONDS - 1);
    pace_destroy(pace);
}

static void forgets_the_quiet_when_the_table_is_full(void **state)
{
    (void)state;
    enum { RATE = 1, BURST = 1, CROWD = 20 * PACE_ADDRESSES_MAX };
    struct pace *pace = pace_create(RATE, BURST);
    struct pace_address loud = address_of("203.0.113.1");
    struct sockaddr_storage peer = {.ss_family = AF_INET};
    struct sockaddr_in *ip4 = (struct sockaddr_in *)&peer;
    assert_int_equal(pace_take(pace, &loud, NOW_US), NOW_US);
    for (uint32_t i = 0; i < CROWD; i++) {
        ip4->sin_addr.s_addr = htonl(0x0A000000 + i);
        struct pace_address one = pace_address_of(&peer);
        uint64_t now_us = NOW_US + i;
        assert_int_equal(pace_take(pace, &one, now_us), now_us); /* a newcomer has its burst */
        if (i % 64 == 0) {
            /* Whoever goes on asking stays in the table, and is not let through again. */
            assert_int_not_equal(pace_take(pace, &loud, now_us), now_us);
        }
    }
    pace_destroy(pace);
    pace_destroy(NULL);
}

static void keeps_the_waiting_in_the_order_of_their_turns(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    struct waiting_room room = {0};
    struct waiting one = {.fd = 0};
    uint64_t last_us = 0;
    assert_int_equal(waiting_next_us(&room), UINT64_MAX);
    assert_false(waiting_take(&room, UINT64_MAX, &one));
    for (unsigned i = 0; i < COUNT; i++) {
        one = (struct waiting){.at_us = i * 7919 % COUNT, .fd = (int)i};
        assert_true(waiting_add(&room, &one));
    }
    assert_int_equal(waiting_next_us(&room), 0);
    for (unsigned i = 0; i < COUNT; i++) {
        if (i > 0) {
            assert_false(waiting_take(&room, i - 1, &one)); /* not before its time */
        }
        assert_true(waiting_take(&room, i, &one));
        assert_int_equal(one.at_us, i);
        assert_int_equal((unsigned)one.fd * 7919 % COUNT, i);
        assert_true(one.at_us >= last_us);
        last_us = one.at_us;
    }
    assert_int_equal(room.count, 0);
    waiting_finish(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_by_what_one_subscriber_holds),
        cmocka_unit_test(lets_a_burst_in_and_then_paces),
        cmocka_unit_test(fills_up_again_and_no_further),
        cmocka_unit_test(never_lets_through_more_than_the_rate),
        cmocka_unit_test(forgets_the_quiet_when_the_table_is_full),
        cmocka_unit_test(keeps_the_waiting_in_the_order_of_their_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
