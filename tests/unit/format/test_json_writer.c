/* test_json_writer.c - JSON out, and the canonical form of RFC 8785. */
#include "format/json.h"

#include "../expect.h"

#include <stdio.h>

static struct arena arena;
static struct buf out;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 64 * 1024 * 1024);
    buf_init(&out, 64 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    buf_finish(&out);
    return 0;
}

static struct str canonical(struct str text)
{
    const struct json *top = json_read(text, &arena, NULL);
    assert_non_null(top);
    buf_clear(&out);
    json_write_canonical(&out, top);
    assert_false(buf_failed(&out));
    return buf_str(&out);
}

static void writes_what_it_is_told_in_that_order(void **state)
{
    (void)state;
    struct json_writer w;
    buf_clear(&out);
    json_writer_init(&w, &out);
    json_object_begin(&w);
    json_name(&w, STR("z"));
    json_array_begin(&w);
    json_int(&w, INT64_MIN);
    json_decimal(&w, -1250, 2);
    json_bool(&w, true);
    json_bool(&w, false);
    json_null(&w);
    json_raw(&w, STR("{\"raw\":1}"));
    json_array_begin(&w);
    json_array_end(&w);
    json_object_begin(&w);
    json_object_end(&w);
    json_array_end(&w);
    json_text_member(&w, STR("a"), STR("t\"\\/"));
    json_name(&w, STR("o"));
    json_object_begin(&w);
    json_name(&w, STR(""));
    json_string(&w, STR(""));
    json_object_end(&w);
    json_object_end(&w);
    assert_int_equal(w.depth, 0);
    assert_text(buf_str(&out),
                "{\"z\":[-9223372036854775808,-12.5,true,false,null,{\"raw\":1},[],{}],"
                "\"a\":\"t\\\"\\\\/\",\"o\":{\"\":\"\"}}");
    assert_non_null(json_read(buf_str(&out), &arena, NULL));
}

static void escapes_as_ecmascript_does(void **state)
{
    (void)state;
    char bytes[0x23];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)i;
    }
    buf_clear(&out);
    json_append_string(&out, str_of(bytes, sizeof bytes));
    json_append_string(&out, STR("\\\x7F\xC3\xA9\xE2\x80\xA8</script>"));
    assert_text(
        buf_str(&out),
        "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e"
        "\\u000f\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a"
        "\\u001b\\u001c\\u001d\\u001e\\u001f !\\\"\"\"\\\\\x7F\xC3\xA9\xE2\x80\xA8</script>\"");
}

static void canonical_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *want;
    } rows[] = {
        {" null ",                                                                                "null"                                },
        {"[ 1 , true , false , \"\" ]",                                                           "[1,true,false,\"\"]"                 },
        {"{\"b\":1,\"a\":{\"d\":[],\"c\":{}}}",                                                   "{\"a\":{\"c\":{},\"d\":[]},\"b\":1}" },
        {"{\"aa\":1,\"a\":2,\"\":3,\"B\":4}",                                                     "{\"\":3,\"B\":4,\"a\":2,\"aa\":1}"   },
        {"[-0,-0.0,0e9,1.50,10,1E30,4.50,2e-3,1e-27]",                                            "[0,0,0,1.5,10,1e+30,4.5,0.002,1e-27]"},
        {"\"\\u0041\\/\\u000F\\u007f\"",                                                          "\"A/\\u000f\x7F\""                   },
 /* RFC 8785, section 3.2.2 (its number of 17 digits is kept exactly here). */
        {"{\"numbers\":[1E30],\"string\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/"
         "\","
         "\"literals\":[null,true,false]}",                                              "{\"literals\":[null,true,false],\"numbers\":[1e+30],"
         "\"string\":\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"              },
 /* RFC 8785, section 3.2.3: by UTF-16 code units, the emoji before U+FB33. */
        {"{\"\\u20ac\":5,\"\\r\":1,\"\\ufb33\":7,\"1\":2,\"\\ud83d\\ude00\":6,\"\\u0080\":3,"
         "\"\\u00f6\":4}",                                                               "{\"\\r\":1,\"1\":2,\"\xC2\x80\":3,\"\xC3\xB6\":4,\"\xE2\x82\xAC\":5,\"\xF0\x9F\x98\x80\":"
         "6,"
         "\"\xEF\xAC\xB3\":7}"                                                                       },
        {"{\"\xEE\x80\x80\":4,\"\xF4\x8F\xBF\xBD\":3,\"\xF0\x90\x80\x80\":2,\"\xED\x9F\xBF\":1}",
         "{\"\xED\x9F\xBF\":1,\"\xF0\x90\x80\x80\":2,\"\xF4\x8F\xBF\xBD\":3,\"\xEE\x80\x80\":4}"                                        },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_text(canonical(str_from(rows[i].text)), rows[i].want);
        assert_text(canonical(str_from(rows[i].want)), rows[i].want);
    }
}

static void sorts_objects_of_any_size(void **state)
{
    (void)state;
    static const int sizes[] = {31, 32, 33, 1000};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct buf text, want;
        buf_init(&text, 1024 * 1024);
        buf_init(&want, 1024 * 1024);
        for (int n = 0; n < sizes[i]; n++) {
            buf_printf(&text, "%c\"%04d\":%d", n == 0 ? '{' : ',', sizes[i] - n, n);
            buf_printf(&want, "%c\"%04d\":%d", n == 0 ? '{' : ',', n + 1, sizes[i] - 1 - n);
        }
        buf_append_byte(&text, '}');
        buf_append(&want, STR("}\0"));
        assert_text(canonical(buf_str(&text)), want.ptr);
        buf_finish(&text);
        buf_finish(&want);
    }
}

/* Names are compared by pieces of up to eight bytes: so many "n" against so many "n" and an "m". */
static void sorts_names_of_every_length(void **state)
{
    enum { LEN_MAX = 20, SIZE = LEN_MAX + 2 };
    static const char letters[LEN_MAX + 1] = "nnnnnnnnnnnnnnnnnnnn";
    (void)state;
    for (int i = 0; i < (LEN_MAX + 1) * (LEN_MAX + 1); i++) {
        int a_len = i / (LEN_MAX + 1), b_len = i % (LEN_MAX + 1);
        char a[SIZE], b[SIZE], text[4 * SIZE], want[4 * SIZE];
        (void)snprintf(a, sizeof a, "%.*s", a_len, letters);
        (void)snprintf(b, sizeof b, "%.*sm", b_len, letters);
        bool is_sorted = a_len <= b_len;
        (void)snprintf(want, sizeof want, "{\"%s\":1,\"%s\":1}", is_sorted ? a : b,
                       is_sorted ? b : a);
        (void)snprintf(text, sizeof text, "{\"%s\":1,\"%s\":1}", a, b);
        assert_text(canonical(str_from(text)), want);
        (void)snprintf(text, sizeof text, "{\"%s\":1,\"%s\":1}", b, a);
        assert_text(canonical(str_from(text)), want);
    }
}

static void a_text_that_does_not_fit_turns_the_buf_failed(void **state)
{
    (void)state;
    struct buf small;
    const struct json *top = json_read(STR("{\"a\":[1,2,3]}"), &arena, NULL);
    buf_init(&small, 12);
    json_write_canonical(&small, top);
    assert_true(buf_failed(&small));
    buf_finish(&small);
}

static void the_canonical_writer_takes_sorted_names(void **state)
{
    (void)state;
    struct json_writer w;
    buf_clear(&out);
    json_writer_init_canonical(&w, &out);
    json_object_begin(&w);
    json_text_member(&w, STR("a"), STR("1"));
    json_name(&w, STR("b"));
    json_object_begin(&w);
    json_text_member(&w, STR("a"), STR("2"));
    json_object_end(&w);
    json_text_member(&w, STR("\xF0\x90\x80\x80"), STR("3"));
    json_text_member(&w, STR("\xEE\x80\x80"), STR("4"));
    json_object_end(&w);
    struct str written = arena_copy(&arena, buf_str(&out));
    assert_true(str_eq(canonical(written), written));
}

static struct json_writer begun(bool is_canonical, bool is_object)
{
    struct json_writer w;
    if (is_canonical) {
        json_writer_init_canonical(&w, &out);
    } else {
        json_writer_init(&w, &out);
    }
    if (is_object) {
        json_object_begin(&w);
    } else {
        json_array_begin(&w);
    }
    return w;
}

static void unsorted_names(void)
{
    struct json_writer w = begun(true, true);
    json_text_member(&w, STR("b"), STR(""));
    json_text_member(&w, STR("a"), STR(""));
}

static void same_name_twice(void)
{
    struct json_writer w = begun(true, true);
    json_text_member(&w, STR("a"), STR(""));
    json_text_member(&w, STR("a"), STR(""));
}

static void value_without_name(void)
{
    struct json_writer w = begun(false, true);
    json_int(&w, 1);
}

static void name_in_array(void)
{
    struct json_writer w = begun(false, false);
    json_name(&w, STR("a"));
}

static void two_names(void)
{
    struct json_writer w = begun(false, true);
    json_name(&w, STR("a"));
    json_name(&w, STR("b"));
}

static void name_without_value(void)
{
    struct json_writer w = begun(false, true);
    json_name(&w, STR("a"));
    json_object_end(&w);
}

static void wrong_end(void)
{
    struct json_writer w = begun(false, true);
    json_array_end(&w);
}

static void one_end_too_many(void)
{
    struct json_writer w = begun(false, true);
    json_object_end(&w);
    json_object_end(&w);
}

static void too_deep(void)
{
    struct json_writer w = begun(false, false);
    for (int i = 0; i < JSON_DEPTH_MAX; i++) {
        json_array_begin(&w);
    }
}

static void too_many_places(void)
{
    struct json_writer w = begun(false, false);
    json_decimal(&w, 1, 7);
}

static void a_wrong_order_of_calls_is_our_bug(void **state)
{
    (void)state;
    assert_dies(unsorted_names);
    assert_dies(same_name_twice);
    assert_dies(value_without_name);
    assert_dies(name_in_array);
    assert_dies(two_names);
    assert_dies(name_without_value);
    assert_dies(wrong_end);
    assert_dies(one_end_too_many);
    assert_dies(too_deep);
    assert_dies(too_many_places);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_what_it_is_told_in_that_order),
        cmocka_unit_test(escapes_as_ecmascript_does),
        cmocka_unit_test(canonical_texts),
        cmocka_unit_test(sorts_objects_of_any_size),
        cmocka_unit_test(sorts_names_of_every_length),
        cmocka_unit_test(a_text_that_does_not_fit_turns_the_buf_failed),
        cmocka_unit_test(the_canonical_writer_takes_sorted_names),
        cmocka_unit_test(a_wrong_order_of_calls_is_our_bug),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
