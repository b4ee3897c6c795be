/* test_address.c - addresses, ranges, and what is loopback. */
#include "format/address.h"

#include "../expect.h"

#define TEXT(literal)                                                                              \
    {                                                                                              \
        "" literal, sizeof("" literal) - 1                                                         \
    }

static const struct {
    struct str range;
    struct str address;
    bool is_held;
} held[] = {
    {TEXT("10.0.0.0/8"),          TEXT("10.1.2.3"),         true },
    {TEXT("10.0.0.0/8"),          TEXT("10.255.255.255"),   true },
    {TEXT("10.0.0.0/8"),          TEXT("11.0.0.0"),         false},
    {TEXT("10.0.0.0/8"),          TEXT("9.255.255.255"),    false},
    {TEXT("10.0.0.0/8"),          TEXT("a00::1"),           false},
    {TEXT("10.0.0.0/8"),          TEXT("::ffff:10.1.2.3"),  true },
    {TEXT("192.0.2.7"),           TEXT("192.0.2.7"),        true },
    {TEXT("192.0.2.7"),           TEXT("192.0.2.6"),        false},
    {TEXT("192.0.2.7/32"),        TEXT("192.0.2.7"),        true },
    {TEXT("192.0.2.6/31"),        TEXT("192.0.2.7"),        true },
    {TEXT("192.0.2.6/31"),        TEXT("192.0.2.8"),        false},
    {TEXT("0.0.0.0/0"),           TEXT("203.0.113.9"),      true },
    {TEXT("0.0.0.0/0"),           TEXT("2001:db8::1"),      false},
    {TEXT("::/0"),                TEXT("2001:db8::1"),      true },
    {TEXT("::/0"),                TEXT("203.0.113.9"),      true },
    {TEXT("2001:db8::/32"),       TEXT("2001:db8:ffff::1"), true },
    {TEXT("2001:db8::/32"),       TEXT("2001:db9::1"),      false},
    {TEXT("::ffff:10.0.0.0/104"), TEXT("10.1.2.3"),         true },
    {TEXT("2001:db8::1"),         TEXT("2001:db8::1"),      true },
    {TEXT("2001:db8::1"),         TEXT("2001:db8::2"),      false},
};

static void a_range_holds_what_begins_with_its_bits(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(held); i++) {
        struct address_range range;
        struct address address;
        assert_true(address_range_read(&range, held[i].range));
        assert_true(address_read(&address, held[i].address));
        if (address_range_holds(&range, &address) != held[i].is_held) {
            print_error("row %zu\n", i);
            fail();
        }
    }
}

static const struct str no_ranges[] = {
    TEXT(""),
    TEXT("/"),
    TEXT("/8"),
    TEXT("10.0.0.0/"),
    TEXT("10.0.0.0/33"),
    TEXT("10.0.0.0/08"),
    TEXT("10.0.0.0/+8"),
    TEXT("10.0.0.0/-1"),
    TEXT("10.0.0.0/8 "),
    TEXT(" 10.0.0.0/8"),
    TEXT("10.0.0.0/8/8"),
    TEXT("10.0.0.0/255.0.0.0"),
    TEXT("10.0.0.0/4294967304"),
    TEXT("10.0.0/8"),
    TEXT("10.0.0.0.0/8"),
    TEXT("10.0.0.256/32"),
    TEXT("010.0.0.0/8"),
    TEXT("10.1.0.0/8"), /* bits behind the eighth */
    TEXT("192.0.2.7/31"),
    TEXT("2001:db8::1/32"),
    TEXT("2001:db8::/129"),
    TEXT("2001:db8:::/32"),
    TEXT("fe80::1%eth0"),
    TEXT("[::1]"),
    TEXT("localhost"),
    TEXT("10.0.0.0\0/8"),
    TEXT("1111111111111111111111111111111111111111111111111111111111111111111111"),
};

static void what_is_no_range_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(no_ranges); i++) {
        struct address_range range;
        if (address_range_read(&range, no_ranges[i])) {
            print_error("\"%.*s\"\n", STR_ARGS(no_ranges[i]));
            fail();
        }
    }
}

static void loopback_is_known(void **state)
{
    static const struct {
        struct str text;
        bool is_loopback;
    } rows[] = {
        {TEXT("127.0.0.1"),        true },
        {TEXT("127.255.0.9"),      true },
        {TEXT("::1"),              true },
        {TEXT("::ffff:127.0.0.1"), true },
        {TEXT("128.0.0.1"),        false},
        {TEXT("126.255.255.255"),  false},
        {TEXT("::2"),              false},
        {TEXT("::"),               false},
        {TEXT("0.0.0.0"),          false},
        {TEXT("::127.0.0.1"),      false},
        {TEXT("fe80::1"),          false},
        {TEXT("1::1"),             false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct address address;
        assert_true(address_read(&address, rows[i].text));
        assert_int_equal(address_is_loopback(&address), rows[i].is_loopback);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_range_holds_what_begins_with_its_bits),
        cmocka_unit_test(what_is_no_range_is_refused),
        cmocka_unit_test(loopback_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
