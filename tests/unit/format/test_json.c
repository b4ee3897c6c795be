/* test_json.c - the strict reader: what it takes, what it refuses, and where it says the fault is.
 */
#include "format/json.h"

#include "../expect.h"

#include <stdio.h>
#include <stdlib.h>

enum { ARENA_LIMIT = 256 * 1024 * 1024 };

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_LIMIT);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static const struct json *read_ok(struct str text)
{
    struct json_error err = {0};
    const struct json *top = json_read(text, &arena, &err);
    if (top == NULL) {
        fail_msg("refused at %zu: %s: %.*s", err.offset, err.message, STR_ARGS(text));
    }
    return top;
}

/* Read a copy that ends where its memory ends, so that a sanitizer sees a byte read too many. */
static bool accepts(struct str text, struct json_error *err)
{
    char *copy = malloc(text.len == 0 ? 1 : text.len);
    assert_non_null(copy);
    memcpy(copy, text.ptr, text.len);
    bool is_read = json_read(str_of(copy, text.len), &arena, err) != NULL;
    free(copy);
    return is_read;
}

static void reads_every_kind_of_value(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum json_type type;
        const char *want;
    } rows[] = {
        {"null",                                           JSON_NULL,   ""                                },
        {" true\r\n",                                      JSON_TRUE,   ""                                },
        {"\tfalse ",                                       JSON_FALSE,  ""                                },
        {"0",                                              JSON_NUMBER, "0"                               },
        {"-0.50E+003",                                     JSON_NUMBER, "-0.50E+003"                      },
        {"1e000000000000000000",                           JSON_NUMBER, "1e000000000000000000"            },
        {"\"\"",                                           JSON_STRING, ""                                },
        {"\"plain, long enough for two words\"",           JSON_STRING, "plain, long enough for two words"},
        {"\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"",       JSON_STRING,
         "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"                                                           },
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",                 JSON_STRING, "\"\\/\b\f\n\r\t"                 },
        {"\"a\\u00e9\\u20AC\\ud83D\\uDe00z\"",             JSON_STRING,
         "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z"                                                         },
        {"\"\\ud800\\udc00\\ud83d\\udfff\\udbff\\udffd\"", JSON_STRING,
         "\xF0\x90\x80\x80\xF0\x9F\x9F\xBF\xF4\x8F\xBF\xBD"                                               },
        {"\"\\u0001\\u007f\\u0080\\u07ff\\u0800\\uffFD\"", JSON_STRING,
         "\x01\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBD"                                               },
        {"\"\x7F\"",                                       JSON_STRING, "\x7F"                            },
        {"[ ]",                                            JSON_ARRAY,  ""                                },
        {"{\n}",                                           JSON_OBJECT, ""                                },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct json *top = read_ok(str_from(rows[i].text));
        assert_int_equal(top->type, rows[i].type);
        assert_text(top->text, rows[i].want);
        assert_int_equal(top->count, 0);
        assert_null(top->parent);
        assert_null(top->first);
    }
}

static void builds_a_tree_in_the_order_of_the_text(void **state)
{
    (void)state;
    const struct json *top = read_ok(STR(" {\"b\": [1, \"two\", {}], \"\\u0061\": null}"));
    assert_int_equal(top->count, 2);
    assert_int_equal(top->offset, 1);
    const struct json *b = top->first;
    assert_text(b->name, "b");
    assert_int_equal(b->count, 3);
    assert_int_equal(b->offset, 7);
    assert_ptr_equal(b->parent, top);
    const struct json *two = b->first->next;
    assert_text(two->text, "two");
    assert_int_equal(two->index, 1);
    assert_int_equal(two->offset, 11);
    assert_int_equal(two->name.len, 0);
    assert_int_equal(two->next->type, JSON_OBJECT);
    assert_null(two->next->next);
    assert_text(b->next->name, "a");
    assert_int_equal(b->next->index, 1);
    assert_null(b->next->next);
}

static void borrows_strings_without_escapes(void **state)
{
    (void)state;
    struct str text = STR("[\"as it stands\",\"with \\n one\"]");
    const struct json *top = read_ok(text);
    assert_ptr_equal(top->first->text.ptr, text.ptr + 2);
    const char *decoded = top->first->next->text.ptr;
    assert_true(decoded < text.ptr || decoded > text.ptr + text.len);
}

/* Strings are looked at in pieces: what is special is found at every place of one, and behind every
 * number of bytes that are not. */
static void finds_what_is_special_at_every_place_of_a_string(void **state)
{
    enum { LEN_MAX = 40 };
    static const struct {
        const char *special;
        bool is_taken;
        size_t len; /* of what it stands for */
    } rows[] = {
        {"\\\"",         true,  1},
        {"\\u0021",      true,  1},
        {"\xC3\xA9",     true,  2},
        {"\xED\x9F\xBF", true,  3},
        {"\x7F",         true,  1},
        {"!",            true,  1},
        {"[",            true,  1},
        {"]",            true,  1},
        {"#",            true,  1},
        {"\x1F",         false, 0},
        {"\x01",         false, 0},
        {"\x80",         false, 0},
        {"\xA0\x21",     false, 0},
        {"\xFF",         false, 0},
        {"\\x",          false, 0},
        {"\"x",          false, 0},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows) * LEN_MAX * LEN_MAX; i++) {
        char text[2 * LEN_MAX + 16];
        const char *special = rows[i / LEN_MAX / LEN_MAX].special;
        int before = (int)(i / LEN_MAX % LEN_MAX), after = (int)(i % LEN_MAX);
        int len = snprintf(text, sizeof text, "\"%.*s%s%.*s\"", before,
                           "abcdefghijklmnopqrstuvwxyzabcdefghijklmn", special, after,
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMN");
        arena_reset(&arena);
        const struct json *node = json_read(str_of(text, (size_t)len), &arena, NULL);
        if ((node != NULL) != rows[i / LEN_MAX / LEN_MAX].is_taken) {
            fail_msg("%s: %s", node != NULL ? "taken" : "refused", text);
        }
        if (node != NULL) {
            assert_int_equal(node->text.len,
                             (size_t)(before + after) + rows[i / LEN_MAX / LEN_MAX].len);
        }
        assert_int_equal(accepts(str_of(text, (size_t)len), NULL), node != NULL);
        assert_false(accepts(str_of(text, (size_t)len - 1), NULL));
    }
}

static void takes_numbers_of_any_size_that_has_a_canonical_form(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "1e999999999",     "0.01e1000000001", "1e-999999999",
        "100e-1000000001", "0e9999999999",    "0.000e-99999999999999999999",
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf once, twice;
        buf_init(&once, 64);
        buf_init(&twice, 64);
        json_write_canonical(&once, read_ok(str_from(rows[i])));
        json_write_canonical(&twice, read_ok(buf_str(&once)));
        assert_true(str_eq(buf_str(&once), buf_str(&twice)));
        buf_finish(&once);
        buf_finish(&twice);
    }
}

static void says_what_was_wrong_and_where(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t offset;
        unsigned line;
        unsigned column;
        const char *pointer;
        const char *message;
    } rows[] = {
        {"",                             0,  1, 1,  "",             "expected a value, found the end of the text"                         },
        {" \n ",                         3,  2, 2,  "",             "expected a value, found the end of the text"                         },
        {"nul",                          3,  1, 4,  "",             "expected null, true or false, found the end of the text"             },
        {"tru\x01",                      3,  1, 4,  "",             "expected null, true or false, found byte 0x01"                       },
        {"nan",                          1,  1, 2,  "",             "expected null, true or false, found 'a'"                             },
        {"-",                            1,  1, 2,  "",             "expected a digit, found the end of the text"                         },
        {"+1",                           0,  1, 1,  "",             "expected a value, found '+'"                                         },
        {".5",                           0,  1, 1,  "",             "expected a value, found '.'"                                         },
        {"01",                           1,  1, 2,  "",             "a number has no leading zeros"                                       },
        {"-00",                          2,  1, 3,  "",             "a number has no leading zeros"                                       },
        {"1.",                           2,  1, 3,  "",             "expected a digit behind the decimal point, found the end of the text"},
        {"1.e5",                         2,  1, 3,  "",             "expected a digit behind the decimal point, found 'e'"                },
        {"1e",                           2,  1, 3,  "",             "expected a digit in the exponent, found the end of the text"         },
        {"1e+x",                         3,  1, 4,  "",             "expected a digit in the exponent, found 'x'"                         },
        {"1e1000000000",                 0,  1, 1,  "",             "a number has an exponent of at most 999999999"                       },
        {"[-0.01e-999999998]",           1,  1, 2,  "/0",           "a number has an exponent of at most 999999999"                       },
        {"10e999999999",                 0,  1, 1,  "",             "a number has an exponent of at most 999999999"                       },
        {"1e99999999999999999999999999", 0,  1, 1,  "",
         "a number has an exponent of at most 999999999"                                                                                  },
        {"0x10",                         1,  1, 2,  "",             "expected nothing behind the value, found 'x'"                        },
        {"1 2",                          2,  1, 3,  "",             "expected nothing behind the value, found '2'"                        },
        {"{}}",                          2,  1, 3,  "",             "expected nothing behind the value, found '}'"                        },
        {"[1,]",                         3,  1, 4,  "/1",           "expected a value, found ']'"                                         },
        {"[,1]",                         1,  1, 2,  "/0",           "expected a value, found ','"                                         },
        {"[1 2]",                        3,  1, 4,  "",             "expected ',' or ']', found '2'"                                      },
        {"[1}",                          2,  1, 3,  "",             "expected ',' or ']', found '}'"                                      },
        {"[[1,\n  [2,\n  x]]]",          13, 3, 3,  "/0/1/1",       "expected a value, found 'x'"                                         },
        {"{\"a\":1]",                    6,  1, 7,  "",             "expected ',' or '}', found ']'"                                      },
        {"{\"a\"}",                      4,  1, 5,  "/a",           "expected ':' behind a member name, found '}'"                        },
        {"{\"a\":}",                     5,  1, 6,  "/a",           "expected a value, found '}'"                                         },
        {"{a:1}",                        1,  1, 2,  "",             "expected a member name in quotes, found 'a'"                         },
        {"{'a':1}",                      1,  1, 2,  "",             "expected a member name in quotes, found '''"                         },
        {"{\"a\":1,}",                   7,  1, 8,  "",             "expected a member name in quotes, found '}'"                         },
        {"{\"a\":1 \"b\":2}",            7,  1, 8,  "",             "expected ',' or '}', found '\"'"                                     },
        {"{\"x/y~z\":{\"b\":[0,tru]}}",  20, 1, 21, "/x~1y~0z/b/1",
         "expected null, true or false, found ']'"                                                                                        },
        {"\"abc",                        4,  1, 5,  "",             "expected '\"' at the end of a string, found the end of the text"     },
        {"\"a\nb\"",                     2,  1, 3,  "",             "control character 0x0A in a string must be escaped"                  },
        {"\"12345678\x1F\"",             9,  1, 10, "",             "control character 0x1F in a string must be escaped"                  },
        {"\"\\",                         2,  1, 3,  "",
         "expected one of \" \\ / b f n r t u behind a backslash, found the end of the text"                                              },
        {"\"\\x41\"",                    2,  1, 3,  "",
         "expected one of \" \\ / b f n r t u behind a backslash, found 'x'"                                                              },
        {"\"\\u12",                      5,  1, 6,  "",             "expected four hexadecimal digits, found the end of the text"         },
        {"\"\\u12G4\"",                  5,  1, 6,  "",             "expected four hexadecimal digits, found 'G'"                         },
        {"\"\\u:234\"",                  3,  1, 4,  "",             "expected four hexadecimal digits, found ':'"                         },
        {"\"\\u`234\"",                  3,  1, 4,  "",             "expected four hexadecimal digits, found '`'"                         },
        {"\"\\u\xC3\xA9"
         "34\"",                3,  1, 4,  "",             "expected four hexadecimal digits, found byte 0xC3"                   },
        {"\"a\\u0000\"",                 2,  1, 3,  "",             "U+0000 is not allowed"                                               },
        {"\"\\uD800\"",                  1,  1, 2,  "",             "half of a surrogate pair is not a character"                         },
        {"\"\\uDC00\"",                  1,  1, 2,  "",             "half of a surrogate pair is not a character"                         },
        {"\"\\uD83Dx\"",                 1,  1, 2,  "",             "half of a surrogate pair is not a character"                         },
        {"\"\\uD83D\\n\"",               1,  1, 2,  "",             "half of a surrogate pair is not a character"                         },
        {"\"\\uD83D\\uD83D\"",           1,  1, 2,  "",             "half of a surrogate pair is not a character"                         },
        {"\"\\uDE00\\uD83D\"",           1,  1, 2,  "",             "half of a surrogate pair is not a character"                         },
        {"\"\\uD83D\\u12\"",             11, 1, 12, "",             "expected four hexadecimal digits, found '\"'"                        },
        {"\"\\uFFFF\"",                  1,  1, 2,  "",             "U+FFFF is not a character"                                           },
        {"\"\\uFDD0\"",                  1,  1, 2,  "",             "U+FDD0 is not a character"                                           },
        {"\"\\uD83F\\uDFFE\"",           1,  1, 2,  "",             "U+1FFFE is not a character"                                          },
        {"\"\xEF\xBF\xBE\"",             1,  1, 2,  "",             "U+FFFE is not a character"                                           },
        {"\xEF\xBB\xBF"
         "1",                   0,  1, 1,  "",             "a document does not start with a byte order mark"                    },
        {"\xC2\xA0"
         "1",                   0,  1, 1,  "",             "expected a value, found byte 0xC2"                                   },
        {"{\"a\":1,\"a\":2}",            7,  1, 8,  "/a",           "an object has each name once"                                        },
        {"[{\"a\":1,\"\\u0061\":2}]",    8,  1, 9,  "/0/a",         "an object has each name once"                                        },
        {"{\"\":1,\"\":2}",              6,  1, 7,  "/",            "an object has each name once"                                        },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct json_error err = {0};
        assert_false(accepts(str_from(rows[i].text), &err));
        assert_text(str_from(err.message), rows[i].message);
        assert_text(str_from(err.pointer), rows[i].pointer);
        assert_int_equal(err.offset, rows[i].offset);
        assert_int_equal(err.line, rows[i].line);
        assert_int_equal(err.column, rows[i].column);
    }
}

static void refuses_a_nul_byte_anywhere(void **state)
{
    (void)state;
    assert_false(accepts(STR("\"a\0b\""), NULL));
    assert_false(accepts(STR("1\0"), NULL));
    assert_false(accepts(STR("\0"), NULL));
    assert_false(accepts(STR("\"\\\0\""), NULL));
    assert_false(accepts(STR("\"\\u00\0"
                             "1\""),
                         NULL));
    assert_false(accepts(STR("[1,\0"
                             "2]"),
                         NULL));
    assert_false(accepts(STR("{\"a\0\":1}"), NULL));
}

static void refuses_what_is_not_utf8(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "\x80",
        "\xBF",
        "\xC0\x80",
        "\xC1\xBF",
        "\xC2",
        "\xC2\x41",
        "\xC2\xC2",
        "\xE0\x80\x80",
        "\xE0\x9F\xBF",
        "\xE1\x80",
        "\xE1\x80\x41",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xF0\x80\x80\x80",
        "\xF0\x8F\xBF\xBF",
        "\xF1\x80\x80",
        "\xF1\x80\x41\x80",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xF8\x88\x80\x80\x80",
        "\xFE",
        "\xFF",
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct json_error err = {0};
        struct str in_value = arena_printf(&arena, "[\"x%s\"]", rows[i]);
        struct str in_name = arena_printf(&arena, "{\"12345678%s\":1}", rows[i]);
        struct str at_end = arena_printf(&arena, "\"%s", rows[i]);
        assert_false(accepts(in_value, &err));
        assert_text(str_from(err.message), "the text is not UTF-8");
        assert_int_equal(err.offset, 3);
        assert_text(str_from(err.pointer), "/0");
        assert_false(accepts(in_name, &err));
        assert_text(str_from(err.message), "the text is not UTF-8");
        assert_int_equal(err.offset, 10);
        assert_false(accepts(at_end, &err));
    }
}

static void accepts_the_ends_of_each_length_of_utf8(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "\xC2\x80",     "\xDF\xBF",     "\xE0\xA0\x80",     "\xED\x9F\xBF",
        "\xEE\x80\x80", "\xEF\xBF\xBD", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBD",
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct json *top = read_ok(arena_printf(&arena, "\"%s\"", rows[i]));
        assert_text(top->text, rows[i]);
    }
}

static struct str nested(size_t depth, bool is_object)
{
    struct buf text;
    buf_init(&text, 1024 * 1024);
    for (size_t i = 0; i < depth; i++) {
        buf_append(&text, is_object ? STR("{\"a\":") : STR("["));
    }
    buf_append_byte(&text, '1');
    for (size_t i = 0; i < depth; i++) {
        buf_append_byte(&text, is_object ? '}' : ']');
    }
    struct str copy = arena_copy(&arena, buf_str(&text));
    buf_finish(&text);
    return copy;
}

static void nests_to_its_depth_and_no_deeper(void **state)
{
    (void)state;
    struct json_error err = {0};
    assert_true(accepts(nested(JSON_DEPTH_MAX, false), NULL));
    assert_true(accepts(nested(JSON_DEPTH_MAX, true), NULL));
    assert_false(accepts(nested(JSON_DEPTH_MAX + 1, false), &err));
    assert_text(str_from(err.message), "objects and arrays may nest 32 deep");
    assert_int_equal(err.offset, JSON_DEPTH_MAX);
    assert_false(accepts(nested(JSON_DEPTH_MAX + 1, true), &err));
    assert_text(str_from(err.message), "objects and arrays may nest 32 deep");
    assert_false(accepts(nested(100000, false), &err));
}

/* An object of `count` members named k0, k1, ..., with one more at the end. */
static struct str large_object(size_t count, const char *last)
{
    struct buf text;
    buf_init(&text, 64 * 1024 * 1024);
    buf_append_byte(&text, '{');
    for (size_t i = 0; i < count; i++) {
        buf_printf(&text, "\"k%zu\":%zu,\n", i, i);
    }
    buf_printf(&text, "%s : true}", last);
    struct str copy = arena_copy(&arena, buf_str(&text));
    buf_finish(&text);
    return copy;
}

static void finds_a_double_name_in_objects_of_any_size(void **state)
{
    (void)state;
    /* Around the size where scanning ends and sorting begins, and far above. */
    static const size_t sizes[] = {1, 2, 14, 15, 16, 17, 18, 31, 32, 33, 34, 100, 200000};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct json_error err = {0};
        assert_true(accepts(large_object(sizes[i], "\"other\""), &err));
        struct str twin = large_object(sizes[i], "\"\\u006b0\"");
        assert_false(accepts(twin, &err));
        assert_text(str_from(err.message), "an object has each name once");
        assert_text(str_from(err.pointer), "/k0");
        assert_int_equal(err.offset, twin.len - STR("\"\\u006b0\" : true}").len);
        assert_int_equal(err.line, sizes[i] + 1);
        assert_int_equal(err.column, 1);
    }
}

static void names_the_first_double_name_of_a_large_object(void **state)
{
    (void)state;
    struct json_error err = {0};
    struct str text =
        large_object(40, "\"q\\\"z\\\\\":1,\"a\":1, \"q\\\"z\\\\\" : 2, \"k3\":1,\"a\"");
    assert_false(accepts(text, &err));
    assert_text(str_from(err.pointer), "/q\"z\\");
    assert_memory_equal(text.ptr + err.offset, "\"q\\\"z\\\\\" : 2", 12);
}

static void same_names_in_different_objects_are_no_double_names(void **state)
{
    (void)state;
    assert_true(accepts(STR("{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":2}]}"), NULL));
    assert_true(accepts(STR("{\"a\":1,\"A\":2,\"aa\":3,\"\":4,\" a\":5}"), NULL));
}

static void every_prefix_of_a_document_is_refused(void **state)
{
    (void)state;
    struct str text = STR(
        "{\"a\":[1.5e+3,true,null,\"x\\u00e9\\ud83d\\ude00\xE2\x82\xAC\"],\"b\":{\"c\":false}}");
    assert_true(accepts(text, NULL));
    for (size_t len = 0; len < text.len; len++) {
        assert_false(accepts(str_slice(text, 0, len), NULL));
    }
}

static void survives_every_change_of_one_byte(void **state)
{
    (void)state;
    struct str text = STR(
        "{\"a\":[1.5e+3,true,null,\"x\\u00e9\\ud83d\\ude00\xE2\x82\xAC\"],\"b\":{\"c\":false}}");
    char copy[128];
    assert_true(text.len < sizeof copy);
    for (size_t i = 0; i < text.len * 256; i++) {
        struct json_error err = {0};
        memcpy(copy, text.ptr, text.len);
        copy[i / 256] = (char)(i % 256);
        if (!accepts(str_of(copy, text.len), &err)) {
            assert_true(err.offset <= text.len);
            assert_true(err.message[0] != '\0');
            assert_true(str_is_utf8(str_from(err.pointer)));
        }
        arena_reset(&arena);
    }
}

static void a_full_arena_is_an_error_like_any_other(void **state)
{
    (void)state;
    struct str text = STR("{\"a\":[1,2,3,\"\\n\"],\"b\":\"\\t\"}");
    struct arena small;
    bool was_read = false;
    for (size_t limit = 0; limit < 4096 && !was_read; limit += 16) {
        struct json_error err = {0};
        arena_init(&small, limit);
        was_read = json_read(text, &small, &err) != NULL;
        if (!was_read) {
            assert_text(str_from(err.message),
                        "the document needs more memory than one request may use");
        }
        arena_finish(&small);
    }
    assert_true(was_read);
}

static void cuts_a_long_error_pointer_between_names(void **state)
{
    (void)state;
    struct json_error err = {0};
    char name[151];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    struct str text =
        arena_printf(&arena, "{\"%s\":{\"\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\":[x]}}", name);
    assert_false(accepts(text, &err));
    assert_int_equal(strlen(err.pointer), 151);
    assert_true(str_is_utf8(str_from(err.pointer)));
}

static void finds_members_by_their_decoded_name(void **state)
{
    (void)state;
    const struct json *top = read_ok(STR("{\"a\":1,\"b\\n\":2,\"\":3}"));
    assert_text(json_find(top, STR("a"))->text, "1");
    assert_text(json_find(top, STR("b\n"))->text, "2");
    assert_text(json_find(top, STR(""))->text, "3");
    assert_null(json_find(top, STR("A")));
    assert_null(json_find(top, STR("b")));
    assert_null(json_find(read_ok(STR("{}")), STR("a")));
}

static void find_in_array(void)
{
    (void)json_find(read_ok(STR("[1]")), STR("a"));
}

static void finding_in_something_else_is_our_bug(void **state)
{
    (void)state;
    assert_dies(find_in_array);
}

static void every_node_knows_its_pointer(void **state)
{
    (void)state;
    const struct json *top = read_ok(STR("{\"a/b\":{\"m~n\":[0,[{\"\":7}]]}}"));
    struct buf out;
    buf_init(&out, 1024);
    json_pointer(&out, top);
    assert_text(buf_str(&out), "");
    const struct json *seven = top->first->first->first->next->first->first;
    assert_text(seven->text, "7");
    json_pointer(&out, seven);
    assert_text(buf_str(&out), "/a~1b/m~0n/1/0/");
    buf_finish(&out);
}

static void names_the_types_as_json_does(void **state)
{
    (void)state;
    assert_string_equal(json_type_name(JSON_NULL), "null");
    assert_string_equal(json_type_name(JSON_TRUE), "boolean");
    assert_string_equal(json_type_name(JSON_FALSE), "boolean");
    assert_string_equal(json_type_name(JSON_NUMBER), "number");
    assert_string_equal(json_type_name(JSON_STRING), "string");
    assert_string_equal(json_type_name(JSON_ARRAY), "array");
    assert_string_equal(json_type_name(JSON_OBJECT), "object");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_kind_of_value),
        cmocka_unit_test(builds_a_tree_in_the_order_of_the_text),
        cmocka_unit_test(borrows_strings_without_escapes),
        cmocka_unit_test(finds_what_is_special_at_every_place_of_a_string),
        cmocka_unit_test(takes_numbers_of_any_size_that_has_a_canonical_form),
        cmocka_unit_test(says_what_was_wrong_and_where),
        cmocka_unit_test(refuses_a_nul_byte_anywhere),
        cmocka_unit_test(refuses_what_is_not_utf8),
        cmocka_unit_test(accepts_the_ends_of_each_length_of_utf8),
        cmocka_unit_test(nests_to_its_depth_and_no_deeper),
        cmocka_unit_test(finds_a_double_name_in_objects_of_any_size),
        cmocka_unit_test(names_the_first_double_name_of_a_large_object),
        cmocka_unit_test(same_names_in_different_objects_are_no_double_names),
        cmocka_unit_test(every_prefix_of_a_document_is_refused),
        cmocka_unit_test(survives_every_change_of_one_byte),
        cmocka_unit_test(a_full_arena_is_an_error_like_any_other),
        cmocka_unit_test(cuts_a_long_error_pointer_between_names),
        cmocka_unit_test(finds_members_by_their_decoded_name),
        cmocka_unit_test(finding_in_something_else_is_our_bug),
        cmocka_unit_test(every_node_knows_its_pointer),
        cmocka_unit_test(names_the_types_as_json_does),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
