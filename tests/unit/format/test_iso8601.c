/* test_iso8601.c - dates of the Gregorian calendar and instants. */
#include "format/iso8601.h"

#include "../expect.h"

static struct buf out;

static int set_up(void **state)
{
    (void)state;
    buf_init(&out, 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_finish(&out);
    return 0;
}

static struct date day(const char *text)
{
    struct date date = {0};
    assert_true(date_read(&date, str_from(text)));
    return date;
}

static void assert_date(struct date date, const char *want)
{
    buf_clear(&out);
    if (date_is_set(date)) {
        date_write(&out, date);
    }
    assert_text(buf_str(&out), want);
}

static void reads_days_that_exist(void **state)
{
    (void)state;
    static const char *const rows[] = {"2026-11-22", "1800-01-01", "2199-12-31", "2024-02-29",
                                       "2000-02-29", "1970-01-01", "2026-04-30"};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_date(day(rows[i]), rows[i]);
    }
}

static void refuses_days_that_do_not(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",           "2026-11-2",   "2026-11-222", "2026-1-22",  "26-11-22",   "2026/11/22",
        "2026-11/22", "20261122",    "2026-00-10",  "2026-13-10", "2026-11-00", "2026-11-31",
        "2026-02-29", "1900-02-29",  "2100-02-29",  "2026-04-31", "1799-12-31", "2200-01-01",
        "0000-01-01", "2026-11-2x",  "x026-11-22",  " 2026-11-2", "2026-11-2 ", "-026-11-22",
        "2026-+1-22", "2026-11-22Z", "2026-11- 2",  "2026-W47-7", "22-11-2026",
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct date date = {1, 2, 3};
        assert_false(date_read(&date, str_from(rows[i])));
        assert_int_equal(date.year, 1);
    }
    struct date date;
    assert_false(date_read(&date, STR("2026-11-2\0")));
    assert_false(date_read(&date, (struct str){NULL, 0}));
}

/* Each day of four centuries follows the one before, by rules written down a second time. */
static void counts_every_day_of_its_calendar(void **state)
{
    (void)state;
    static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t days = date_to_days(day("1800-01-01"));
    assert_int_equal(days, -62091);
    for (int year = 1800; year <= 2199; year++) {
        for (int month = 1; month <= 12; month++) {
            bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            int length = lengths[month - 1] + (month == 2 && is_leap ? 1 : 0);
            for (int d = 1; d <= length; d++, days++) {
                struct date date = {(int16_t)year, (uint8_t)month, (uint8_t)d};
                assert_int_equal(date_to_days(date), days);
                assert_int_equal(date_compare(date_from_days(days), date), 0);
            }
        }
    }
    assert_int_equal(date_to_days(day("1970-01-01")), 0);
    assert_int_equal(date_to_days(day("2000-03-01")), 11017);
    assert_false(date_is_set(date_from_days(days)));
    assert_false(date_is_set(date_from_days(-62092)));
    assert_false(date_is_set(date_from_days(INT32_MAX)));
    assert_false(date_is_set(date_from_days(INT32_MIN)));
}

static void adds_days_and_months(void **state)
{
    (void)state;
    static const struct {
        const char *date;
        int months;
        int days;
        const char *want;
    } rows[] = {
        {"2026-11-22", 0,         30,        "2026-12-22"},
        {"2026-01-31", 1,         0,         "2026-02-28"},
        {"2024-01-31", 1,         0,         "2024-02-29"},
        {"2024-02-29", 12,        0,         "2025-02-28"},
        {"2024-02-29", 48,        0,         "2028-02-29"},
        {"2026-03-31", -1,        0,         "2026-02-28"},
        {"2026-01-15", -1,        0,         "2025-12-15"},
        {"2026-01-15", -13,       0,         "2024-12-15"},
        {"2026-12-31", 1,         -31,       "2026-12-31"},
        {"2026-11-22", -12,       0,         "2025-11-22"},
        {"2199-12-31", 0,         1,         ""          },
        {"1800-01-01", 0,         -1,        ""          },
        {"2199-12-31", 1,         0,         ""          },
        {"1800-01-31", -1,        0,         ""          },
        {"2026-11-22", INT32_MAX, 0,         ""          },
        {"2026-11-22", INT32_MIN, 0,         ""          },
        {"2026-11-22", 0,         INT32_MAX, ""          },
        {"2026-11-22", 0,         INT32_MIN, ""          },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct date date = date_add_months(day(rows[i].date), rows[i].months);
        assert_date(date_is_set(date) ? date_add_days(date, rows[i].days) : date, rows[i].want);
    }
}

static void counts_days_and_whole_months_between(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        const char *to;
        int days;
        int months;
    } rows[] = {
        {"2025-12-31", "2026-11-22", 326,  10 },
        {"2025-12-31", "2026-11-30", 334,  11 },
        {"2026-11-22", "2026-11-22", 0,    0  },
        {"2026-11-22", "2026-12-21", 29,   0  },
        {"2026-11-22", "2026-12-22", 30,   1  },
        {"2026-12-22", "2026-11-22", -30,  -1 },
        {"2026-12-21", "2026-11-22", -29,  0  },
        {"2026-01-31", "2026-02-28", 28,   1  },
        {"2024-01-31", "2024-02-28", 28,   0  },
        {"2024-02-29", "2025-02-28", 365,  12 },
        {"2025-02-28", "2024-02-29", -365, -12},
        {"1999-12-31", "2000-01-01", 1,    0  },
        {"2015-06-01", "2026-06-01", 4018, 132},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(date_days_between(day(rows[i].from), day(rows[i].to)), rows[i].days);
        assert_int_equal(date_months_between(day(rows[i].from), day(rows[i].to)), rows[i].months);
    }
}

static void months_between_are_those_that_can_be_added(void **state)
{
    (void)state;
    struct date from = day("2023-11-28");
    for (int i = 0; i < 40; i++, from = date_add_days(from, 1)) {
        for (int n = 0; n < 900; n++) {
            struct date to = date_add_days(from, n);
            int months = date_months_between(from, to);
            assert_true(date_compare(date_add_months(from, months), to) <= 0);
            assert_true(date_compare(date_add_months(from, months + 1), to) > 0);
        }
    }
}

static void compares_dates(void **state)
{
    (void)state;
    assert_true(date_compare(day("2026-01-31"), day("2026-02-01")) < 0);
    assert_true(date_compare(day("2026-12-31"), day("2027-01-01")) < 0);
    assert_true(date_compare(day("2026-02-02"), day("2026-02-01")) > 0);
    assert_true(date_compare((struct date){0}, day("1800-01-01")) < 0);
    assert_false(date_is_set((struct date){0}));
}

static void finds_the_day_of_an_instant(void **state)
{
    (void)state;
    assert_date(date_of_ms(0), "1970-01-01");
    assert_date(date_of_ms(-1), "1969-12-31");
    assert_date(date_of_ms(86399999), "1970-01-01");
    assert_date(date_of_ms(86400000), "1970-01-02");
    assert_date(date_of_ms(1795342530123), "2026-11-22");
    assert_date(date_of_ms(INT64_MAX), "");
    assert_date(date_of_ms(INT64_MIN), "");
}

static void reads_instants_of_any_zone(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
        const char *want;
    } rows[] = {
        {"1970-01-01T00:00:00Z",                 0,              "1970-01-01T00:00:00.000Z"},
        {"2026-11-22T10:15:30.123Z",             1795342530123,  "2026-11-22T10:15:30.123Z"},
        {"2026-11-22t10:15:30.123z",             1795342530123,  "2026-11-22T10:15:30.123Z"},
        {"2026-11-22T11:15:30.1239999999+01:00", 1795342530123,  "2026-11-22T10:15:30.123Z"},
        {"2026-11-22T04:45:30.1-05:30",          1795342530100,  "2026-11-22T10:15:30.100Z"},
        {"2026-11-22T10:15:30-00:00",            1795342530000,  "2026-11-22T10:15:30.000Z"},
        {"2026-11-23T00:15:30+14:00",            1795342530000,  "2026-11-22T10:15:30.000Z"},
        {"1969-12-31T23:59:59.999Z",             -1,             "1969-12-31T23:59:59.999Z"},
        {"1800-01-01T00:00:00Z",                 -5364662400000, "1800-01-01T00:00:00.000Z"},
        {"2199-12-31T23:59:59.999Z",             7258118399999,  "2199-12-31T23:59:59.999Z"},
        {"2016-12-31T23:59:60Z",                 1483228800000,  "2017-01-01T00:00:00.000Z"},
        {"2017-01-01T00:59:60.5+01:00",          1483228800500,  "2017-01-01T00:00:00.500Z"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t ms = 7;
        assert_true(timestamp_read(&ms, str_from(rows[i].text)));
        assert_int_equal(ms, rows[i].ms);
        buf_clear(&out);
        timestamp_write(&out, ms);
        assert_text(buf_str(&out), rows[i].want);
    }
}

static void refuses_what_is_no_instant(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "2026-11-22",
        "2026-11-22T10:15:30",
        "2026-11-22 10:15:30Z",
        "2026-11-22T10:15Z",
        "2026-11-22T10:15:3Z",
        "2026-11-22T10:15:30.Z",
        "2026-11-22T10:15:30,5Z",
        "2026-11-22T10:15:30.5",
        "2026-11-22T10:15:30.5ZZ",
        "2026-11-22T10:15:30Z ",
        "2026-11-22T24:00:00Z",
        "2026-11-22T10:60:00Z",
        "2026-11-22T10:15:61Z",
        "2026-11-22T10:15:60Z",
        "2026-11-22T23:59:60+01:00",
        "2026-11-22T10:15:30+0100",
        "2026-11-22T10:15:30+01",
        "2026-11-22T10:15:30+1:00",
        "2026-11-22T10:15:30+24:00",
        "2026-11-22T10:15:30+01:60",
        "2026-11-22T10:15:30*01:00",
        "2026-11-22T10:15:30+01:0x",
        "2026-02-30T10:15:30Z",
        "2026-11-22T1o:15:30Z",
        "2026-11-22T10-15-30Z",
        "20261122T101530Z",
        "1800-01-01T00:00:00+01:00",
        "2199-12-31T23:59:59-01:00",
        "1795342530123",
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t ms = 7;
        assert_false(timestamp_read(&ms, str_from(rows[i])));
        assert_int_equal(ms, 7);
    }
}

static void write_no_date(void)
{
    date_write(&out, (struct date){0});
}

static void count_days_of_no_date(void)
{
    (void)date_add_days((struct date){0}, 1);
}

static void add_months_to_no_date(void)
{
    (void)date_add_months((struct date){0}, 1);
}

static void write_far_instant(void)
{
    timestamp_write(&out, INT64_MAX);
}

static void reckoning_with_no_date_is_our_bug(void **state)
{
    (void)state;
    assert_dies(write_no_date);
    assert_dies(count_days_of_no_date);
    assert_dies(add_months_to_no_date);
    assert_dies(write_far_instant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_days_that_exist),
        cmocka_unit_test(refuses_days_that_do_not),
        cmocka_unit_test(counts_every_day_of_its_calendar),
        cmocka_unit_test(adds_days_and_months),
        cmocka_unit_test(counts_days_and_whole_months_between),
        cmocka_unit_test(months_between_are_those_that_can_be_added),
        cmocka_unit_test(compares_dates),
        cmocka_unit_test(finds_the_day_of_an_instant),
        cmocka_unit_test(reads_instants_of_any_zone),
        cmocka_unit_test(refuses_what_is_no_instant),
        cmocka_unit_test(reckoning_with_no_date_is_our_bug),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
