/* test_csv.c - tables of RFC 4180, and fields that no spreadsheet runs. */
#include "format/csv.h"

#include "../expect.h"

#include <stdlib.h>

static struct arena arena;
static struct buf out;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1024 * 1024);
    buf_init(&out, 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    buf_finish(&out);
    return 0;
}

/* Read a whole table and show it: fields as <...>, rows as "line:...;". */
static enum status show(struct str text, char separator, struct error *err)
{
    struct csv_reader r;
    struct str fields[CSV_FIELDS_MAX];
    uint32_t count = 0;
    char *copy = malloc(text.len == 0 ? 1 : text.len);
    assert_non_null(copy);
    memcpy(copy, text.ptr, text.len);
    csv_reader_init(&r, str_of(copy, text.len), separator);
    buf_clear(&out);
    enum status status;
    while ((status = csv_read_row(&r, fields, &count, &arena, err)) == STATUS_OK && count > 0) {
        buf_printf(&out, "%u:", (unsigned)r.line);
        for (uint32_t i = 0; i < count; i++) {
            buf_printf(&out, "<%.*s>", STR_ARGS(fields[i]));
        }
        buf_append_byte(&out, ';');
    }
    free(copy);
    return status;
}

static void reads_tables(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char separator;
        const char *want;
    } rows[] = {
        {"",                         ',',  ""                           },
        {"a,b\r\n1,2\r\n",           ',',  "1:<a><b>;2:<1><2>;"         },
        {"a,b\n1,2",                 ',',  "1:<a><b>;2:<1><2>;"         },
        {"a;b,c\n",                  ';',  "1:<a><b,c>;"                },
        {"a\tb\n",                   '\t', "1:<a><b>;"                  },
        {"a|\"b|c\"|d\n",            '|',  "1:<a><b|c><d>;"             },
        {"\xEF\xBB\xBF"
         "a,b\n",           ',',  "1:<a><b>;"                  },
        {"\xEF\xBB\xBF",             ',',  ""                           },
        {"\xEF\xBB\xBF\"a\"\n",      ',',  "1:<a>;"                     },
        {"\n",                       ',',  "1:<>;"                      },
        {"\r\n\r\na\n",              ',',  "1:<>;2:<>;3:<a>;"           },
        {",",                        ',',  "1:<><>;"                    },
        {"a,\n,b\n",                 ',',  "1:<a><>;2:<><b>;"           },
        {"\"\"",                     ',',  "1:<>;"                      },
        {"\"\",\"\"\n",              ',',  "1:<><>;"                    },
        {"\"a\"\"b\"\"\"\n",         ',',  "1:<a\"b\">;"                },
        {"\"\"\"\"",                 ',',  "1:<\">;"                    },
        {"\"a,b\",c\n",              ',',  "1:<a,b><c>;"                },
        {"\"two\nlines\",x\nnext\n", ',',  "1:<two\nlines><x>;3:<next>;"},
        {"\"two\r\nlines\"\r\nnext", ',',  "1:<two\r\nlines>;3:<next>;" },
        {" a , \"b\" \n",            ',',  "1:< a >< \"b\" >;"          },
        {"a\"b,c\"\n",               ',',  "1:<a\"b><c\">;"             },
        {"a\rb,c\r",                 ',',  "1:<a\rb><c\r>;"             },
        {"\xE9,\xFF\n",              ',',  "1:<\xE9><\xFF>;"            },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(show(str_from(rows[i].text), rows[i].separator, NULL), STATUS_OK);
        assert_text(buf_str(&out), rows[i].want);
    }
}

static void refuses_broken_rows_with_their_line(void **state)
{
    (void)state;
    static const struct {
        struct str text;
        const char *field;
        const char *message;
    } rows[] = {
        {{"\"", 1},                   "line 1", "Line 1: a quoted field is not closed."             },
        {{"\"a", 2},                  "line 1", "Line 1: a quoted field is not closed."             },
        {{"\"a\"\"", 4},              "line 1", "Line 1: a quoted field is not closed."             },
        {{"a\nb,\"c\nd\ne", 10},      "line 2", "Line 2: a quoted field is not closed."             },
        {{"\"a\nb\"\nc\n\"d\"x", 13},
         "line 4",                              "Line 4: text follows the closing quote of a field."},
        {{"\"a\"b", 4},               "line 1", "Line 1: text follows the closing quote of a field."},
        {{"\"a\" ,b", 6},             "line 1", "Line 1: text follows the closing quote of a field."},
        {{"\"a\"\r", 4},              "line 1", "Line 1: text follows the closing quote of a field."},
        {{"a,\0", 3},                 "line 1", "Line 1: a NUL byte is not text."                   },
        {{"x\n\"a\0b\"", 7},          "line 2", "Line 2: a NUL byte is not text."                   },
        {{"x\n\0", 3},                "line 2", "Line 2: a NUL byte is not text."                   },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct error err = {0};
        assert_int_equal(show(rows[i].text, ',', &err), STATUS_INVALID);
        assert_text(str_from(err.message), rows[i].message);
        assert_text(str_from(err.field), rows[i].field);
    }
}

static void a_row_has_at_most_512_fields(void **state)
{
    (void)state;
    char text[CSV_FIELDS_MAX];
    struct error err = {0};
    memset(text, ',', sizeof text);
    assert_int_equal(show(str_of(text, CSV_FIELDS_MAX - 1), ',', &err), STATUS_OK);
    assert_int_equal(show(str_of(text, CSV_FIELDS_MAX), ',', &err), STATUS_INVALID);
    assert_text(str_from(err.message), "Line 1: a row has too many fields.");
}

static void borrows_what_needs_no_change(void **state)
{
    (void)state;
    struct csv_reader r;
    struct str fields[CSV_FIELDS_MAX];
    uint32_t count = 0;
    struct arena none;
    struct str text = STR("plain,\"quoted\"\n\"dou\"\"bled\"\n");
    arena_init(&none, 0);
    csv_reader_init(&r, text, ',');
    assert_int_equal(csv_read_row(&r, fields, &count, &none, NULL), STATUS_OK);
    assert_ptr_equal(fields[0].ptr, text.ptr);
    assert_ptr_equal(fields[1].ptr, text.ptr + 7);
    assert_int_equal(csv_read_row(&r, fields, &count, &none, NULL), STATUS_TOO_LARGE);
    arena_finish(&none);
}

static void writes_fields_that_read_back(void **state)
{
    (void)state;
    static const struct {
        const char *field;
        const char *want;
    } rows[] = {
        {"",                   ""                   },
        {"plain",              "plain"              },
        {"a b",                "a b"                },
        {"a,b",                "\"a,b\""            },
        {"a\"b",               "\"a\"\"b\""         },
        {"\"",                 "\"\"\"\""           },
        {"a\nb",               "\"a\nb\""           },
        {"a\r\nb",             "\"a\r\nb\""         },
        {"-12.5",              "-12.5"              },
        {"-0.5e-3",            "-0.5e-3"            },
        {"+5",                 "+5"                 },
        {"12",                 "12"                 },
        {"a=b",                "a=b"                },
        {"=1+1",               "'=1+1"              },
        {"=\"a\",b",           "\"'=\"\"a\"\",b\""  },
        {"+1+1",               "'+1+1"              },
        {"-1-1",               "'-1-1"              },
        {"-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"},
        {"@SUM(A1)",           "'@SUM(A1)"          },
        {"\t=1",               "'\t=1"              },
        {"\r=1",               "\"'\r=1\""          },
        {"-",                  "'-"                 },
        {"+",                  "'+"                 },
        {"--5",                "'--5"               },
        {"+-5",                "'+-5"               },
        {"-05",                "'-05"               },
        {"-5 ",                "'-5 "               },
        {"=5",                 "'=5"                },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        buf_clear(&out);
        csv_write_field(&out, str_from(rows[i].field), true);
        assert_text(buf_str(&out), rows[i].want);
    }
    buf_clear(&out);
    csv_write_field(&out, STR("a"), true);
    csv_write_field(&out, STR(""), false);
    csv_write_field(&out, STR("c,d"), false);
    csv_write_end(&out);
    assert_text(buf_str(&out), "a,,\"c,d\"\r\n");
}

static void quote_as_separator(void)
{
    struct csv_reader r;
    csv_reader_init(&r, STR(""), '"');
}

static void newline_as_separator(void)
{
    struct csv_reader r;
    csv_reader_init(&r, STR(""), '\n');
}

static void a_quote_or_newline_as_separator_is_our_bug(void **state)
{
    (void)state;
    assert_dies(quote_as_separator);
    assert_dies(newline_as_separator);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_tables),
        cmocka_unit_test(refuses_broken_rows_with_their_line),
        cmocka_unit_test(a_row_has_at_most_512_fields),
        cmocka_unit_test(borrows_what_needs_no_change),
        cmocka_unit_test(writes_fields_that_read_back),
        cmocka_unit_test(a_quote_or_newline_as_separator_is_our_bug),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
