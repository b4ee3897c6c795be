/* test_words_format.c - the same number in three languages.  In what is wanted, ~ is a no-break
 * space and _ a narrow one. */
#include "decide/words_format.h"

#include "../expect.h"

static void expect_text(struct buf *got, const char *want)
{
    struct buf spelled;
    buf_init(&spelled, 256);
    for (const char *c = want; *c != '\0'; c++) {
        if (*c == '~') {
            buf_append_text(&spelled, NO_BREAK_SPACE);
        } else if (*c == '_') {
            buf_append_text(&spelled, "\xE2\x80\xAF");
        } else if (*c == '-') {
            buf_append_text(&spelled, "\xE2\x88\x92");
        } else {
            buf_append_byte(&spelled, *c);
        }
    }
    buf_append_byte(&spelled, '\0');
    assert_text(buf_str(got), spelled.ptr);
    buf_finish(&spelled);
    buf_finish(got);
}

static void amounts_follow_the_language(void **state)
{
    static const struct {
        int64_t minor;
        enum currency currency;
        const char *en, *es, *fr;
    } rows[] = {
        {2500000,         CURRENCY_EUR, "EUR~25,000.00",             "25.000,00~EUR",             "25_000,00~EUR"    },
        {0,               CURRENCY_EUR, "EUR~0.00",                  "0,00~EUR",                  "0,00~EUR"         },
        {5,               CURRENCY_EUR, "EUR~0.05",                  "0,05~EUR",                  "0,05~EUR"         },
        {99999,           CURRENCY_EUR, "EUR~999.99",                "999,99~EUR",                "999,99~EUR"       },
        {100000,          CURRENCY_EUR, "EUR~1,000.00",              "1.000,00~EUR",              "1_000,00~EUR"     },
        {-123456789,      CURRENCY_USD, "USD~-1,234,567.89",         "-1.234.567,89~USD",         "-1_234_567,89~USD"},
        {1000005,         CURRENCY_JPY, "JPY~1,000,005",             "1.000.005~JPY",             "1_000_005~JPY"    },
        {1000005,         CURRENCY_KWD, "KWD~1,000.005",             "1.000,005~KWD",             "1_000,005~KWD"    },
        {MONEY_MINOR_MAX, CURRENCY_EUR, "EUR~10,000,000,000,000.00", "10.000.000.000.000,00~EUR",
         "10_000_000_000_000,00~EUR"                                                                                 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *const wants[LANGUAGE_COUNT] = {
            [LANGUAGE_EN] = rows[i].en, [LANGUAGE_ES] = rows[i].es, [LANGUAGE_FR] = rows[i].fr};
        for (unsigned k = 0; k < LANGUAGE_COUNT; k++) {
            struct buf text;
            buf_init(&text, 256);
            words_money(&text, (struct money){rows[i].minor, rows[i].currency}, (enum language)k);
            expect_text(&text, wants[k]);
        }
    }
}

static void percentages_are_rounded_away_from_zero(void **state)
{
    static const struct {
        int64_t micro;
        unsigned places;
        const char *en, *fr;
    } rows[] = {
        {0,        1, "0.0%",     "0,0~%"    },
        {21300,    1, "2.1%",     "2,1~%"    },
        {21500,    1, "2.2%",     "2,2~%"    },
        {-21500,   1, "-2.2%",    "-2,2~%"   },
        {499,      1, "0.0%",     "0,0~%"    },
        {500,      1, "0.1%",     "0,1~%"    },
        {900000,   0, "90%",      "90~%"     },
        {785714,   0, "79%",      "79~%"     },
        {9949,     2, "0.99%",    "0,99~%"   },
        {12345678, 1, "1,234.6%", "1_234,6~%"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf text;
        buf_init(&text, 256);
        words_percent(&text, rows[i].micro, rows[i].places, LANGUAGE_EN);
        expect_text(&text, rows[i].en);
        buf_init(&text, 256);
        words_percent(&text, rows[i].micro, rows[i].places, LANGUAGE_FR);
        expect_text(&text, rows[i].fr);
    }
}

static void small_probabilities_keep_two_decimals(void **state)
{
    static const struct {
        uint32_t ppm;
        const char *want;
    } rows[] = {
        {300,    "0,03~%" },
        {9999,   "1,00~%" },
        {10000,  "1,0~%"  },
        {21300,  "2,1~%"  },
        {999999, "100,0~%"}
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf text;
        buf_init(&text, 256);
        words_probability(&text, rows[i].ppm, LANGUAGE_ES);
        expect_text(&text, rows[i].want);
    }
}

static void dates_are_in_words(void **state)
{
    static const struct {
        struct date date;
        const char *en, *es, *fr;
    } rows[] = {
        {{2025, 12, 31},
         "31~December~2025",                "31~de~diciembre~de~2025",
         "31~d\xC3\xA9"
         "cembre~2025"                                                                        },
        {{2026, 1, 1},   "1~January~2026",  "1~de~enero~de~2026",      "1er~janvier~2026"     },
        {{2026, 2, 2},   "2~February~2026", "2~de~febrero~de~2026",    "2~f\xC3\xA9vrier~2026"},
        {{2024, 8, 21},  "21~August~2024",  "21~de~agosto~de~2024",    "21~ao\xC3\xBBt~2024"  },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *const wants[LANGUAGE_COUNT] = {
            [LANGUAGE_EN] = rows[i].en, [LANGUAGE_ES] = rows[i].es, [LANGUAGE_FR] = rows[i].fr};
        for (unsigned k = 0; k < LANGUAGE_COUNT; k++) {
            struct buf text;
            buf_init(&text, 256);
            words_date(&text, rows[i].date, (enum language)k);
            expect_text(&text, wants[k]);
        }
    }
}

static void write_no_date(void)
{
    struct buf text;
    buf_init(&text, 256);
    words_date(&text, (struct date){0, 0, 0}, LANGUAGE_EN);
}

static void no_date_is_our_own_bug(void **state)
{
    (void)state;
    assert_dies(write_no_date);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_follow_the_language),
        cmocka_unit_test(percentages_are_rounded_away_from_zero),
        cmocka_unit_test(small_probabilities_keep_two_decimals),
        cmocka_unit_test(dates_are_in_words),
        cmocka_unit_test(no_date_is_our_own_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
