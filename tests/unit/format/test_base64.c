/* test_base64.c - base64, base64url, hex and the base32 of ids. */
#include "format/base64.h"

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

static const struct {
    struct str bytes;
    const char *standard;
    const char *url;
    const char *hex;
} texts[] = {
  /* RFC 4648, section 10. */
    {{"", 0},                 "",         "",         ""            },
    {{"f", 1},                "Zg==",     "Zg",       "66"          },
    {{"fo", 2},               "Zm8=",     "Zm8",      "666f"        },
    {{"foo", 3},              "Zm9v",     "Zm9v",     "666f6f"      },
    {{"foob", 4},             "Zm9vYg==", "Zm9vYg",   "666f6f62"    },
    {{"fooba", 5},            "Zm9vYmE=", "Zm9vYmE",  "666f6f6261"  },
    {{"foobar", 6},           "Zm9vYmFy", "Zm9vYmFy", "666f6f626172"},
    {{"\xFB\xFF\xFE", 3},     "+//+",     "-__-",     "fbfffe"      },
    {{"\x00\x10\x83\x10", 4}, "ABCDEA==", "ABCDEA",   "00108310"    },
};

static void writes_and_reads_the_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        char bytes[8];
        buf_clear(&out);
        base64_write(&out, texts[i].bytes);
        assert_text(buf_str(&out), texts[i].standard);
        buf_clear(&out);
        base64url_write(&out, texts[i].bytes);
        assert_text(buf_str(&out), texts[i].url);
        buf_clear(&out);
        hex_write(&out, texts[i].bytes);
        assert_text(buf_str(&out), texts[i].hex);
        buf_clear(&out);
        assert_true(base64_read(&out, str_from(texts[i].standard)));
        assert_true(str_eq(buf_str(&out), texts[i].bytes));
        buf_clear(&out);
        assert_true(base64url_read(&out, str_from(texts[i].url)));
        assert_true(str_eq(buf_str(&out), texts[i].bytes));
        assert_true(hex_read(bytes, texts[i].bytes.len, str_from(texts[i].hex)));
        assert_memory_equal(bytes, texts[i].bytes.ptr, texts[i].bytes.len);
    }
}

static void every_byte_comes_back(void **state)
{
    (void)state;
    char bytes[256], back[256];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)i;
    }
    for (size_t len = 0; len <= sizeof bytes; len++) {
        struct buf read;
        buf_init(&read, 1024);
        buf_clear(&out);
        base64_write(&out, str_of(bytes + sizeof bytes - len, len));
        assert_true(base64_read(&read, buf_str(&out)));
        assert_true(str_eq(buf_str(&read), str_of(bytes + sizeof bytes - len, len)));
        buf_clear(&out);
        hex_write(&out, str_of(bytes, len));
        assert_true(hex_read(back, len, buf_str(&out)));
        assert_memory_equal(back, bytes, len);
        buf_finish(&read);
    }
}

static void refuses_texts_that_are_not_the_one_of_any_bytes(void **state)
{
    (void)state;
    static const char *const standard[] = {
        "Z",        "Zg",    "Zg=",  "Zm8",      "=",      "==",         "===",    "====",
        "Z===",     "Zh==",  "Zm9=", "Zg==Zg==", "Zg==\n", "Zm 9v",      "Zm9v\n", "-__-",
        "Zm9v====", "Zm9v=", "Z=9v", "Zm=v",     "Zg=A",   "\xC3\xA9zz", "Zm9*",   "Zm9vYg=",
    };
    static const char *const url[] = {"Z",    "Zg==",  "Zm8=", "Zh",     "Zm9",
                                      "+//+", "Zm9vY", "Zm 9", "Zm9v\n", "Zm9v="};
    for (size_t i = 0; i < ARRAY_LEN(standard); i++) {
        buf_clear(&out);
        buf_append_byte(&out, 'x');
        assert_false(base64_read(&out, str_from(standard[i])));
        assert_text(buf_str(&out), "x");
        assert_false(buf_failed(&out));
    }
    for (size_t i = 0; i < ARRAY_LEN(url); i++) {
        buf_clear(&out);
        buf_append_byte(&out, 'x');
        assert_false(base64url_read(&out, str_from(url[i])));
        assert_text(buf_str(&out), "x");
    }
    assert_false(base64_read(&out, STR("Zm9\0")));
}

static void what_does_not_fit_is_not_read(void **state)
{
    (void)state;
    struct buf small;
    buf_init(&small, 5);
    assert_false(base64_read(&small, STR("Zm9vYmFy")));
    assert_true(buf_failed(&small));
    buf_clear(&small);
    base64_write(&small, STR("foobar"));
    assert_true(buf_failed(&small));
    buf_clear(&small);
    hex_write(&small, STR("foo"));
    assert_true(buf_failed(&small));
    buf_finish(&small);
}

static void hex_is_strict(void **state)
{
    (void)state;
    static const char *const rows[] = {"",   "0",  "000", "0g", "0G",  "AB",  "aB",
                                       "0x", " a", "a ",  "+1", "ab0", "abcd"};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char byte = 7;
        assert_false(hex_read(&byte, 1, str_from(rows[i])));
        assert_int_equal(byte, 7);
    }
    char byte;
    assert_false(hex_read(&byte, 1, STR("a\0")));
}

static void ids_have_26_digits_that_sort_as_they_do(void **state)
{
    (void)state;
    static const struct {
        uint8_t id[16];
        const char *text;
    } rows[] = {
        {{0},                                                                              "00000000000000000000000000"},
        {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},                                 "00000000000000000000000001"},
        {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32},                                "00000000000000000000000010"},
        {{0x01, 0x8F, 0x3E, 0x70, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0},
         "01hwz70000e008000000000000"                                                                                  },
        {{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255},
         "7zzzzzzzzzzzzzzzzzzzzzzzzz"                                                                                  },
    };
    char before[26] = "00000000000000000000000000";
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char text[26];
        uint8_t back[16];
        base32_write_id(text, rows[i].id);
        assert_text(str_of(text, sizeof text), rows[i].text);
        assert_true(memcmp(before, text, sizeof text) <= 0);
        memcpy(before, text, sizeof text);
        assert_true(base32_read_id(back, str_of(text, sizeof text)));
        assert_memory_equal(back, rows[i].id, sizeof back);
    }
}

static void refuses_ids_that_were_not_written_so(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "0000000000000000000000000",
        "000000000000000000000000000",
        "8zzzzzzzzzzzzzzzzzzzzzzzzz",
        "0000000000000000000000000i",
        "0000000000000000000000000l",
        "0000000000000000000000000o",
        "0000000000000000000000000u",
        "0000000000000000000000000A",
        "0000000000000000000000000-",
        " 000000000000000000000000",
        "z0000000000000000000000000",
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint8_t id[16] = {7};
        assert_false(base32_read_id(id, str_from(rows[i])));
        assert_int_equal(id[0], 7);
    }
    uint8_t id[16];
    assert_false(base32_read_id(id, STR("0000000000000000000000000\0")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_and_reads_the_vectors),
        cmocka_unit_test(every_byte_comes_back),
        cmocka_unit_test(refuses_texts_that_are_not_the_one_of_any_bytes),
        cmocka_unit_test(what_does_not_fit_is_not_read),
        cmocka_unit_test(hex_is_strict),
        cmocka_unit_test(ids_have_26_digits_that_sort_as_they_do),
        cmocka_unit_test(refuses_ids_that_were_not_written_so),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
