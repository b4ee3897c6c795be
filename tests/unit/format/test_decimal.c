/* test_decimal.c - exact decimals and nearest doubles. */
#include "format/decimal.h"

#include "../expect.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct buf out;

static int set_up(void **state)
{
    (void)state;
    buf_init(&out, 16 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_finish(&out);
    return 0;
}

/* What is not a number in JSON's grammar, whoever reads it. */
static const char *const not_numbers[] = {
    "",    "-",    "+1",       "01",    "-01",      "1.",   ".5",  "1.e1",  "1e",    "1e+",
    "1e-", "1E+x", " 1",       "1 ",    "1,5",      "1_0",  "0x1", "1e1.5", "1.5.5", "--1",
    "nan", "inf",  "Infinity", "1e5e5", "\xC2\xB2", "1e 5", "-e5", "e5",    "1\n",   "\xD9\xA1",
};

static void reads_decimals_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t mantissa;
        int32_t scale;
    } rows[] = {
        {"0",                                        0,                   0  },
        {"-0",                                       0,                   0  },
        {"0.000",                                    0,                   0  },
        {"0e999999999999",                           0,                   0  },
        {"12",                                       12,                  0  },
        {"-12.50",                                   -125,                1  },
        {"1e3",                                      1,                   -3 },
        {"1000",                                     1,                   -3 },
        {"1.000E0",                                  1,                   0  },
        {"0.1",                                      1,                   1  },
        {"120e-1",                                   12,                  0  },
        {"1e18",                                     1,                   -18},
        {"9.99999999999999999e18",                   999999999999999999,  -1 },
        {"1e-30",                                    1,                   30 },
        {"0.000000000000000000000000000001",         1,                   30 },
        {"999999999999999999",                       999999999999999999,  0  },
        {"-999999999999999999",                      -999999999999999999, 0  },
        {"0.123456789012345678",                     123456789012345678,  18 },
        {"100000000000000000000e-20",                1,                   0  },
        {"0.00000000000000000000000000000000001e20", 1,                   15 },
        {"1e+0000000000000000000000000000000003",    1,                   -3 },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct decimal d = {7, 7};
        assert_true(decimal_read(&d, str_from(rows[i].text)));
        assert_int_equal(d.mantissa, rows[i].mantissa);
        assert_int_equal(d.scale, rows[i].scale);
    }
}

static void refuses_decimals_that_do_not_fit(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "1e19",
        "1e-31",
        "1000000000000000001e0000",
        "1234567890123456789",
        "0.1234567890123456789",
        "1e999999999",
        "1e-999999999",
        "1e999999999999999999999999",
        "1e-99999999999999999999999",
        "10000000000000000000",
        "-1e19",
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct decimal d = {7, 7};
        assert_false(decimal_read(&d, str_from(rows[i])));
        assert_int_equal(d.mantissa, 7);
        assert_int_equal(d.scale, 7);
    }
}

static void refuses_what_is_not_a_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(not_numbers); i++) {
        struct decimal d = {7, 7};
        double value = 7;
        assert_false(decimal_read(&d, str_from(not_numbers[i])));
        assert_false(double_read(&value, str_from(not_numbers[i])));
        assert_int_equal(d.mantissa, 7);
        assert_true(value == 7);
    }
    struct decimal d;
    assert_false(decimal_read(&d, STR("1\0")));
    assert_false(decimal_read(&d, (struct str){NULL, 0}));
}

static void never_looks_behind_the_end_of_its_text(void **state)
{
    (void)state;
    struct decimal d;
    double value;
    assert_true(decimal_read(&d, str_slice(STR("1234"), 0, 2)));
    assert_int_equal(d.mantissa, 12);
    assert_true(double_read(&value, str_slice(STR("1.2345e7"), 0, 3)));
    assert_true(value == 1.2);
    assert_false(double_read(&value, str_slice(STR("1.2345e7"), 0, 2)));
    assert_false(double_read(&value, str_slice(STR("1.2345e7"), 0, 7)));
}

static void reads_amounts_of_a_fixed_form(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned places;
        int64_t value;
    } rows[] = {
        {"0",                 0, 0               },
        {"0",                 2, 0               },
        {"0.00",              2, 0               },
        {"-0.00",             2, 0               },
        {"0.05",              2, 5               },
        {"-12.50",            2, -1250           },
        {"12",                2, 1200            },
        {"1242000.00",        2, 124200000       },
        {"1.234",             3, 1234            },
        {"1.000001",          6, 1000001         },
        {"9999999999999.99",  2, 999999999999999 },
        {"9999999999999",     2, 999999999999900 },
        {"999999999999999",   0, 999999999999999 },
        {"-9999999999999.99", 2, -999999999999999},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t value = -1;
        if (!decimal_read_fixed(&value, str_from(rows[i].text), rows[i].places)) {
            fail_msg("refused: %s", rows[i].text);
        }
        assert_int_equal(value, rows[i].value);
    }
}

/* All of them may be decimals, or no numbers at all: others decide. */
static void leaves_any_other_form_to_others(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned places;
    } rows[] = {
        {"-",                 2},
        {".50",               2},
        {"-.50",              2},
        {"1.",                0},
        {"1.5",               2},
        {"1.500",             2},
        {"1.50",              0},
        {"01.50",             2},
        {"00",                0},
        {"-01",               2},
        {"1e3",               2},
        {"1.5e",              2},
        {"1.e5",              2},
        {"1 .50",             2},
        {"1.50 ",             2},
        {"+1.50",             2},
        {"1,50",              2},
        {"1.-1",              2},
        {"10000000000000.00", 2}, /* 16 digits */
        {"10000000000000",    2}, /* and two more to come */
        {"1000000000000000",  0},
        {"\xD9\xA1.50",       2},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows) + ARRAY_LEN(not_numbers); i++) {
        size_t other = i - ARRAY_LEN(rows);
        const char *text = i < ARRAY_LEN(rows) ? rows[i].text : not_numbers[other];
        int64_t value = -1;
        if (decimal_read_fixed(&value, str_from(text), i < ARRAY_LEN(rows) ? rows[i].places : 2)) {
            fail_msg("taken: %s", text);
        }
        assert_int_equal(value, -1);
    }
}

/* It says what decimal_read says, or nothing. */
static void a_fixed_form_is_the_same_decimal(void **state)
{
    (void)state;
    for (int64_t minor = -20000; minor <= 20000; minor += 7) {
        struct decimal value;
        int64_t fixed, scaled;
        for (unsigned places = 0; places <= DECIMAL_FIXED_MAX; places++) {
            buf_clear(&out);
            decimal_write_fixed(&out, minor, places);
            assert_true(decimal_read_fixed(&fixed, buf_str(&out), places));
            assert_true(decimal_read(&value, buf_str(&out)));
            assert_true(decimal_to_scaled(&scaled, value, places));
            assert_int_equal(fixed, scaled);
            assert_int_equal(fixed, minor);
        }
    }
}

static void scales_only_when_exact(void **state)
{
    (void)state;
    static const struct {
        struct decimal value;
        unsigned scale;
        bool fits;
        int64_t want;
    } rows[] = {
        {{125, 1},                2,  true,  1250                },
        {{-125, 1},               1,  true,  -125                },
        {{125, 1},                0,  false, 0                   },
        {{1, 3},                  2,  false, 0                   },
        {{1, -3},                 2,  true,  100000              },
        {{1, -18},                0,  true,  1000000000000000000 },
        {{1, -18},                1,  false, 0                   },
        {{9, -18},                0,  true,  9000000000000000000 },
        {{-9, -18},               0,  true,  -9000000000000000000},
        {{10, -18},               0,  false, 0                   },
        {{0, 30},                 0,  true,  0                   },
        {{0, -18},                99, true,  0                   },
        {{1, 30},                 30, true,  1                   },
        {{1200, 2},               0,  true,  12                  }, /* a caller's own zeros */
        {{999999999999999999, 0}, 2,  false, 0                   },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t got = 7;
        assert_int_equal(decimal_to_scaled(&got, rows[i].value, rows[i].scale), rows[i].fits);
        assert_int_equal(got, rows[i].fits ? rows[i].want : 7);
    }
}

static void writes_the_shortest_decimal(void **state)
{
    (void)state;
    static const struct {
        int64_t mantissa;
        unsigned scale;
        const char *shortest;
        const char *fixed;
    } rows[] = {
        {0,         0,  "0",                                 "0"                                },
        {0,         2,  "0",                                 "0.00"                             },
        {-5,        1,  "-0.5",                              "-0.5"                             },
        {12,        0,  "12",                                "12"                               },
        {120,       1,  "12",                                "12.0"                             },
        {1530000,   0,  "1530000",                           "1530000"                          },
        {1250000,   2,  "12500",                             "12500.00"                         },
        {-1,        6,  "-0.000001",                         "-0.000001"                        },
        {-100,      3,  "-0.1",                              "-0.100"                           },
        {INT64_MAX, 0,  "9223372036854775807",               "9223372036854775807"              },
        {INT64_MIN, 0,  "-9223372036854775808",              "-9223372036854775808"             },
        {INT64_MIN, 19, "-0.9223372036854775808",            "-0.9223372036854775808"           },
        {INT64_MIN, 30, "-0.000000000009223372036854775808", "-0.000000000009223372036854775808"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        buf_clear(&out);
        decimal_write(&out, rows[i].mantissa, rows[i].scale);
        assert_text(buf_str(&out), rows[i].shortest);
        buf_clear(&out);
        decimal_write_fixed(&out, rows[i].mantissa, rows[i].scale);
        assert_text(buf_str(&out), rows[i].fixed);
    }
}

static void write_31_places(void)
{
    decimal_write_fixed(&out, 1, DECIMAL_SCALE_MAX + 1);
}

static void more_places_than_a_decimal_has_is_our_bug(void **state)
{
    (void)state;
    assert_dies(write_31_places);
}

static void writes_numbers_canonically(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *want;
    } rows[] = {
        {"0",                      "0"                          },
        {"-0.00e5",                "0"                          },
        {"1",                      "1"                          },
        {"-1.50",                  "-1.5"                       },
        {"100",                    "100"                        },
        {"1e2",                    "100"                        },
        {"1e20",                   "100000000000000000000"      },
        {"1e21",                   "1e+21"                      },
        {"123456789012345678901",  "123456789012345678901"      },
        {"1234567890123456789012", "1.234567890123456789012e+21"},
        {"-1.5e300",               "-1.5e+300"                  },
        {"0.000001",               "0.000001"                   },
        {"0.0000001",              "1e-7"                       },
        {"1.5e-7",                 "1.5e-7"                     },
        {"-12.5e-5",               "-0.000125"                  },
        {"123.456e1",              "1234.56"                    },
        {"123.456e3",              "123456"                     },
        {"123.456e5",              "12345600"                   },
        {"0.00123e2",              "0.123"                      },
        {"0.00123e3",              "1.23"                       },
        {"1000.0001000",           "1000.0001"                  },
        {"333333333.33333329",     "333333333.33333329"         }, /* exact, where RFC 8785 rounds */
        {"9007199254740993",       "9007199254740993"           },
        {"1e999999999",            "1e+999999999"               },
        {"0.1e-999999999",         "1e-1000000000"              },
        {"1E400",                  "1e+400"                     },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        buf_clear(&out);
        decimal_write_canonical(&out, str_from(rows[i].text));
        assert_text(buf_str(&out), rows[i].want);
        if (strlen(rows[i].want) < 20) {
            char again[32];
            (void)snprintf(again, sizeof again, "%s", rows[i].want);
            buf_clear(&out);
            decimal_write_canonical(&out, str_from(again));
            assert_text(buf_str(&out), again);
        }
    }
}

static void knows_the_power_of_ten_of_the_first_digit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t want;
    } rows[] = {
        {"0",              0          },
        {"-0.0e7",         0          },
        {"7",              0          },
        {"123",            2          },
        {"-0.5",           -1         },
        {"0.00123e2",      -1         },
        {"100e-5",         -3         },
        {"1e999999999",    999999999  },
        {"0.1e-999999999", -1000000000},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(decimal_exponent(str_from(rows[i].text)), rows[i].want);
    }
    assert_true(decimal_exponent(STR("1e99999999999999999999999999")) > 999999999);
    assert_true(decimal_exponent(STR("1e-99999999999999999999999999")) < -999999999);
}

static void write_letters(void)
{
    decimal_write_canonical(&out, STR("12a"));
}

static void a_canonical_number_of_letters_is_our_bug(void **state)
{
    (void)state;
    assert_dies(write_letters);
}

static void reads_doubles_to_the_nearest(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double want;
    } rows[] = {
        {"0.1",                                                      0x1.999999999999ap-4   },
        {"0.3",                                                      0x1.3333333333333p-2   },
        {"9007199254740992",                                         0x1p53                 },
        {"9007199254740993",                                         0x1p53                 }, /* half way: to even */
        {"9007199254740993.0000000000000000000000000000000001",      0x1.0000000000001p53   },
        {"9007199254740995",                                         0x1.0000000000002p53   },
        {"1e22",                                                     0x1.0f0cf064dd592p73   },
        {"1e23",                                                     0x1.52d02c7e14af6p76   },
        {"-1.5e+00002",                                              -150.0                 },
        {"2.2250738585072011e-308",                                  0x0.fffffffffffffp-1022},
        {"2.2250738585072014e-308",                                  0x1p-1022              },
        {"4.9e-324",                                                 0x0.0000000000001p-1022},
        {"2.4703282292062327e-324",                                  0.0                    },
        {"2.4703282292062328e-324",                                  0x0.0000000000001p-1022},
        {"1.7976931348623157e308",                                   DBL_MAX                },
        {"1.7976931348623158e308",                                   DBL_MAX                },
        {"1e-400",                                                   0.0                    },
        {"1e-999999999999999999999",                                 0.0                    },
        {"0e999999999999999999999",                                  0.0                    },
        {"0.000000000000000000000000000000000000000000000000001e51", 1.0                    },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        double got = 7;
        assert_true(double_read(&got, str_from(rows[i].text)));
        assert_memory_equal(&got, &rows[i].want, sizeof got);
    }
    double zero = 7;
    assert_true(double_read(&zero, STR("-0.0")));
    assert_true(zero == 0 && signbit(zero));
    assert_true(double_read(&zero, STR("-1e-999")));
    assert_true(zero == 0 && signbit(zero));
}

static void refuses_doubles_that_overflow(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "1.7976931348623159e308",
        "1e309",
        "-1e309",
        "1e400",
        "1e999999999999999999999999999",
        "0.0001e400",
        "17976931348623159e292",
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        double got = 7;
        assert_false(double_read(&got, str_from(rows[i])));
        assert_true(got == 7);
    }
}

static void reads_numbers_of_a_megabyte(void **state)
{
    (void)state;
    enum { LEN = 1024 * 1024 };
    char *text = malloc(LEN);
    double got = 0;
    struct decimal d;
    assert_non_null(text);
    memset(text, '3', LEN);
    memcpy(text, "0.", 2);
    assert_true(double_read(&got, str_of(text, LEN)));
    assert_true(got == 1.0 / 3);
    assert_false(decimal_read(&d, str_of(text, LEN)));
    /* Half way between two doubles but for the very last digit. */
    memset(text, '0', LEN);
    memcpy(text, "9007199254740993.", 17);
    assert_true(double_read(&got, str_of(text, LEN)));
    assert_true(got == 0x1p53);
    assert_true(decimal_read(&d, str_of(text, LEN)));
    assert_int_equal(d.mantissa, 9007199254740993);
    text[LEN - 1] = '1';
    assert_true(double_read(&got, str_of(text, LEN)));
    assert_true(got == 0x1.0000000000001p53);
    /* A million digits before the point, taken back by the exponent. */
    memset(text, '0', LEN);
    text[0] = '1';
    memcpy(text + LEN - 9, "e-1048566", 9);
    assert_true(double_read(&got, str_of(text, LEN)));
    assert_true(got == 1.0);
    buf_clear(&out);
    decimal_write_canonical(&out, str_of(text, LEN));
    assert_text(buf_str(&out), "1");
    memset(text, '1', LEN);
    assert_false(double_read(&got, str_of(text, LEN)));
    buf_clear(&out);
    decimal_write_canonical(&out, str_of(text, LEN));
    assert_int_equal(out.len, LEN + 1 + 9);
    free(text);
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void doubles_come_back_from_their_text(void **state)
{
    (void)state;
    uint64_t seed = 20261122;
    for (int i = 0; i < 20000; i++) {
        double value, back = 0;
        uint64_t bits = next_random(&seed);
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) {
            continue;
        }
        buf_clear(&out);
        double_write(&out, value);
        assert_true(double_read(&back, buf_str(&out)));
        assert_memory_equal(&back, &value, sizeof value);
    }
}

/* Against strtod, in the C locale this process runs in: random digits, points and exponents. */
static void reads_as_the_library_does(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int i = 0; i < 50000; i++) {
        char text[96];
        uint64_t a = next_random(&seed), b = next_random(&seed);
        int exponent = (int)(next_random(&seed) % 680) - 350;
        (void)snprintf(text, sizeof text, "%s%llu.%0*llue%d", a & 1 ? "-" : "",
                       (unsigned long long)(a >> (b % 64)), (int)(a % 40) + 1,
                       (unsigned long long)(b >> (a % 64)), exponent);
        double got = 7, want = strtod(text, NULL);
        assert_int_equal(double_read(&got, str_from(text)), isfinite(want) != 0);
        if (isfinite(want)) {
            assert_memory_equal(&got, &want, sizeof got);
        }
    }
}

static void writes_doubles_as_ecmascript_does(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *want;
    } rows[] = {
        {0.0,                "0"                      },
        {-0.0,               "-0"                     },
        {0.1,                "0.1"                    },
        {0.1 + 0.2,          "0.30000000000000004"    },
        {1.0 / 3,            "0.3333333333333333"     },
        {2.0 / 3,            "0.6666666666666666"     },
        {123456789.125,      "123456789.125"          },
        {1e15,               "1000000000000000"       },
        {1e21,               "1e+21"                  },
        {-1e-7,              "-1e-7"                  },
        {0.000001,           "0.000001"               },
        {5e-324,             "5e-324"                 },
        {DBL_MIN,            "2.2250738585072014e-308"},
        {DBL_MAX,            "1.7976931348623157e+308"},
        {9007199254740993.0, "9007199254740992"       },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        buf_clear(&out);
        double_write(&out, rows[i].value);
        assert_text(buf_str(&out), rows[i].want);
    }
}

static void write_infinity(void)
{
    double_write(&out, (double)INFINITY);
}

static void write_nan(void)
{
    double_write(&out, (double)NAN);
}

static void writing_what_is_not_finite_is_our_bug(void **state)
{
    (void)state;
    assert_dies(write_infinity);
    assert_dies(write_nan);
}

static void decimals_become_the_nearest_double(void **state)
{
    (void)state;
    static const struct {
        struct decimal value;
        double want;
    } rows[] = {
        {{1, 1},                   0.1                   },
        {{-125, 1},                -12.5                 },
        {{0, 30},                  0.0                   },
        {{1, -18},                 1e18                  },
        {{1, 30},                  1e-30                 },
        {{999999999999999999, 0},  1e18                  },
        {{999999999999999999, 30}, 999999999999999999e-30},
        {{123456789012345678, 18}, 0.123456789012345678  },
        {{9007199254740993, 0},    0x1p53                },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        double got = decimal_to_double(rows[i].value);
        assert_memory_equal(&got, &rows[i].want, sizeof got);
    }
}

static void rounds_to_significant_digits(void **state)
{
    (void)state;
    assert_true(double_round_digits(1.0 / 3, 3) == 0.333);
    assert_true(double_round_digits(-1234567.0, 2) == -1200000.0);
    assert_true(double_round_digits(0.1 + 0.2, 15) == 0.3);
    assert_true(double_round_digits(9.96, 2) == 10.0);
    assert_true(double_round_digits(0.0, 5) == 0.0);
    assert_true(double_round_digits(DBL_MAX, 2) == DBL_MAX);
    assert_true(isinf(double_round_digits((double)INFINITY, 5)));
    assert_true(isnan(double_round_digits((double)NAN, 5)));
}

/* A locale with a decimal comma: an installed one, or one made for this test. */
static bool set_comma_locale(void)
{
    static const char *const installed[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "es_ES.UTF-8"};
    for (size_t i = 0; i < ARRAY_LEN(installed); i++) {
        if (setlocale(LC_ALL, installed[i]) != NULL) {
            return true;
        }
    }
    char folder[] = "/tmp/test_decimal.XXXXXX", command[160];
    bool is_set = false;
    if (mkdtemp(folder) != NULL && setenv("LOCPATH", folder, 1) == 0) {
        (void)snprintf(command, sizeof command,
                       "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 2>/dev/null", folder);
        is_set = system(command) == 0 && setlocale(LC_ALL, "de_DE.UTF-8") != NULL;
        (void)snprintf(command, sizeof command, "rm -r %s", folder);
        is_set = system(command) == 0 && is_set;
    }
    return is_set;
}

static void does_not_care_for_the_locale(void **state)
{
    (void)state;
    if (!set_comma_locale()) {
        skip();
    }
    char comma[8];
    double value = 0;
    (void)snprintf(comma, sizeof comma, "%.1f", 0.5);
    buf_clear(&out);
    double_write(&out, 0.1 + 0.2);
    bool is_read = double_read(&value, STR("0.12345678901234567890123"));
    bool is_comma_read = double_read(&(double){0}, STR("0,5"));
    (void)setlocale(LC_ALL, "C");
    assert_string_equal(comma, "0,5");
    assert_text(buf_str(&out), "0.30000000000000004");
    assert_true(is_read);
    assert_true(value == 0.12345678901234567890123);
    assert_false(is_comma_read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_decimals_exactly),
        cmocka_unit_test(refuses_decimals_that_do_not_fit),
        cmocka_unit_test(refuses_what_is_not_a_number),
        cmocka_unit_test(never_looks_behind_the_end_of_its_text),
        cmocka_unit_test(reads_amounts_of_a_fixed_form),
        cmocka_unit_test(leaves_any_other_form_to_others),
        cmocka_unit_test(a_fixed_form_is_the_same_decimal),
        cmocka_unit_test(scales_only_when_exact),
        cmocka_unit_test(writes_the_shortest_decimal),
        cmocka_unit_test(more_places_than_a_decimal_has_is_our_bug),
        cmocka_unit_test(writes_numbers_canonically),
        cmocka_unit_test(knows_the_power_of_ten_of_the_first_digit),
        cmocka_unit_test(a_canonical_number_of_letters_is_our_bug),
        cmocka_unit_test(reads_doubles_to_the_nearest),
        cmocka_unit_test(refuses_doubles_that_overflow),
        cmocka_unit_test(reads_numbers_of_a_megabyte),
        cmocka_unit_test(doubles_come_back_from_their_text),
        cmocka_unit_test(reads_as_the_library_does),
        cmocka_unit_test(writes_doubles_as_ecmascript_does),
        cmocka_unit_test(writing_what_is_not_finite_is_our_bug),
        cmocka_unit_test(decimals_become_the_nearest_double),
        cmocka_unit_test(rounds_to_significant_digits),
        cmocka_unit_test(does_not_care_for_the_locale),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
