/* test_scan.c - the raw bytes of a head. */
#include "../expect.h"
#include "http/scan.h"

static enum scan_result scan_in_steps(struct str bytes, size_t step, size_t *total)
{
    struct scan s;
    scan_head(&s, 64, 16);
    enum scan_result result = SCAN_MORE;
    *total = 0;
    for (size_t i = 0; i < bytes.len && result == SCAN_MORE; i += step) {
        size_t end = i + step < bytes.len ? i + step : bytes.len;
        size_t used = 0;
        result = scan_bytes(&s, str_slice(bytes, i, end), &used);
        *total += used;
    }
    return result;
}

static void takes_the_same_head_however_it_is_cut(void **state)
{
    (void)state;
    struct str bytes = STR("GET / HTTP/1.1\r\nHost: a\r\n\r\nbody");
    for (size_t step = 1; step <= bytes.len; step++) {
        size_t total = 0;
        assert_int_equal(scan_in_steps(bytes, step, &total), SCAN_END);
        assert_int_equal(total, bytes.len - 4);
    }
}

static void refuses_the_same_whatever_the_cut(void **state)
{
    (void)state;
    static const struct {
        struct str bytes;
        enum scan_result want;
    } rows[] = {
        {{"\r\nGET", 5},                      SCAN_MALFORMED},
        {{"GET / HTTP/1.1\n", 15},            SCAN_MALFORMED},
        {{"GET / HTTP/1.1\r\n a", 18},        SCAN_MALFORMED},
        {{"GET / HTTP/1.1\r\n:", 17},         SCAN_MALFORMED},
        {{"GET / HTTP/1.1\r\nA: \r\r\n", 23}, SCAN_MALFORMED},
        {{"GET / HTTP/1.1\r\nA: b\0", 21},    SCAN_MALFORMED},
        {{"GET  / HTTP/1.1\r\n", 17},         SCAN_MALFORMED},
        {{"GET / HTTP/2.0\r\n", 16},          SCAN_VERSION  },
        {{"GET / HTTP/1.9\r\n", 16},          SCAN_VERSION  },
        {{"GET / HTTQ/1.1\r\n", 16},          SCAN_MALFORMED},
        {{"GET / HTTP/1.11\r\n", 17},         SCAN_MALFORMED},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (size_t step = 1; step <= rows[i].bytes.len; step++) {
            size_t total = 0;
            assert_int_equal(scan_in_steps(rows[i].bytes, step, &total), rows[i].want);
        }
    }
}

static void counts_the_target_to_its_limit(void **state)
{
    (void)state;
    size_t total = 0;
    assert_int_equal(scan_in_steps(STR("GET /bbbbbbbbbbbbbbb HTTP/1.1\r\n"), 100, &total),
                     SCAN_MORE);
    assert_int_equal(scan_in_steps(STR("GET /bbbbbbbbbbbbbbbb HTTP/1.1\r\n"), 100, &total),
                     SCAN_TARGET_TOO_LONG);
}

static void counts_the_head_to_its_limit(void **state)
{
    (void)state;
    static const char at_limit[] =
        "GET / HTTP/1.1\r\nA: 0123456789012345678901234567890123456789\r\n\r\n";
    assert_int_equal(sizeof at_limit - 1, 63);
    static const char past[] =
        "GET / HTTP/1.1\r\nA: 012345678901234567890123456789012345678901\r\n\r\n";
    for (size_t step = 1; step < 70; step++) {
        size_t total = 0;
        assert_int_equal(scan_in_steps(str_from(at_limit), step, &total), SCAN_END);
        assert_int_equal(scan_in_steps(str_from(past), step, &total), SCAN_TOO_LONG);
    }
}

static void reads_a_trailer_without_a_request_line(void **state)
{
    (void)state;
    static const struct {
        struct str bytes;
        enum scan_result want;
    } rows[] = {
        {{"\r\n", 2},                 SCAN_END      },
        {{"A: b\r\n\r\n", 8},         SCAN_END      },
        {{"A: b\r\n", 6},             SCAN_MORE     },
        {{"\n", 1},                   SCAN_MALFORMED},
        {{"A: b\r\n\n", 7},           SCAN_MALFORMED},
        {{" A: b\r\n", 7},            SCAN_MALFORMED},
        {{"A: 01234567\r\n\r\n", 15}, SCAN_TOO_LONG },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct scan s;
        size_t used = 0;
        scan_trailer(&s, 14);
        assert_int_equal(scan_bytes(&s, rows[i].bytes, &used), rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_same_head_however_it_is_cut),
        cmocka_unit_test(refuses_the_same_whatever_the_cut),
        cmocka_unit_test(counts_the_target_to_its_limit),
        cmocka_unit_test(counts_the_head_to_its_limit),
        cmocka_unit_test(reads_a_trailer_without_a_request_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
