/* test_scan.c - layouts that are fixed to the byte. */
#include "../expect.h"
#include "format/json.h"
#include "store/scan.h"

#include <stdlib.h>

static void reads_numbers_of_one_spelling(void **state)
{
    static const struct {
        const char *text;
        bool is_read;
        uint64_t value;
        size_t rest;
    } rows[] = {
        {"0",                    true,  0,                0 },
        {"7,",                   true,  7,                1 },
        {"120}",                 true,  120,              1 },
        {"9007199254740991",     true,  9007199254740991, 0 },
        {"9007199254740992",     false, 0,                16},
        {"18446744073709551617", false, 0,                20},
        {"00",                   false, 0,                2 },
        {"01",                   false, 0,                2 },
        {"",                     false, 0,                0 },
        {"-1",                   false, 0,                2 },
        {"+1",                   false, 0,                2 },
        {" 1",                   false, 0,                2 },
        {"1.5",                  true,  1,                2 }
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct scan s = {str_from(rows[i].text)};
        uint64_t value = 0;
        assert_int_equal(scan_number(&s, &value), rows[i].is_read);
        assert_int_equal(value, rows[i].value);
        assert_int_equal(s.rest.len, rows[i].rest);
        assert_int_equal(scan_is_at_end(&s), rows[i].rest == 0);
    }
}

static void reads_hex_and_words_in_quotes(void **state)
{
    static const char *const not_hex[] = {"",         "\"",       "\"ab",     "\"ab\"",
                                          "\"abcd",   "\"abcD\"", "\"abcg\"", "\"abcde\"",
                                          "abcd\"\"", "'abcd'"};
    static const char *const not_words[] = {"",      "\"",      "\"\"",          "\"a",     "a\"",
                                            "\"A\"", "\"a b\"", "\"abcdefghi\"", "\"a\\n\""};
    uint8_t bytes[2];
    struct str word;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(not_hex); i++) {
        struct scan s = {str_from(not_hex[i])};
        assert_false(scan_hex(&s, bytes, sizeof bytes));
        assert_int_equal(s.rest.len, strlen(not_hex[i]));
    }
    for (size_t i = 0; i < ARRAY_LEN(not_words); i++) {
        struct scan s = {str_from(not_words[i])};
        assert_false(scan_word(&s, &word, 8));
        assert_int_equal(s.rest.len, strlen(not_words[i]));
    }
    struct scan s = {STR("\"ab0f\"\"a.b_c-9x\"")};
    assert_true(scan_hex(&s, bytes, sizeof bytes));
    assert_int_equal(bytes[1], 0x0f);
    assert_true(scan_word(&s, &word, 8));
    assert_text(word, "a.b_c-9x");
    assert_true(scan_is_at_end(&s));
}

static void reads_the_strings_that_json_writes(void **state)
{
    struct buf text, read;
    (void)state;
    buf_init(&text, 64);
    buf_init(&read, 64);
    for (int c = 1; c < 0x80; c++) { /* U+0000 is refused */
        char bytes[3] = {'a', (char)c, 'z'};
        buf_clear(&text);
        buf_clear(&read);
        json_append_string(&text, str_of(bytes, sizeof bytes));
        struct scan s = {buf_str(&text)};
        assert_true(scan_string(&s, &read));
        assert_true(scan_is_at_end(&s));
        assert_true(str_eq(buf_str(&read), str_of(bytes, sizeof bytes)));
    }
    buf_finish(&text);
    buf_finish(&read);
}

static void reads_no_other_spelling(void **state)
{
    static const char *const texts[] = {
        "",
        "\"",
        "a",
        "\"a",
        "\"\\\"",
        "\"\\/\"",
        "\"\\a\"",
        "\"\\u0061\"",
        "\"\\u000a\"",
        "\"\\u000A\"",
        "\"\\u001F\"",
        "\"\\u0000\"",
        "\"\\u00\"",
        "\"\\U0001\"",
        "\"\\u0022\"",
        "\"\\ud83d\\ude00\"",
        "\"\n\"",
        "\"\t\"",
        "\"\x01\"",
        "\"\x01\"\"",
        "\"\x01n\"",
        "\"\xff\"",
        "\"\xc3\"",
        "\"\xed\xa0\x80\"",
        "\"\\",
    };
    struct buf read;
    (void)state;
    buf_init(&read, 64);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct scan s = {str_from(texts[i])};
        buf_clear(&read);
        if (scan_string(&s, &read)) {
            fail_msg("row %zu was taken", i);
        }
        assert_int_equal(s.rest.len, strlen(texts[i]));
    }
    buf_finish(&read);
}

static void stops_where_its_buffer_ends(void **state)
{
    struct buf small;
    struct scan s = {STR("\"abcdefgh\"")};
    (void)state;
    buf_init(&small, 4);
    assert_false(scan_string(&s, &small));
    buf_finish(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_numbers_of_one_spelling),
        cmocka_unit_test(reads_hex_and_words_in_quotes),
        cmocka_unit_test(reads_the_strings_that_json_writes),
        cmocka_unit_test(reads_no_other_spelling),
        cmocka_unit_test(stops_where_its_buffer_ends),
    };
    return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
