/* test_json_slice.c - one member of what we wrote ourselves, without a tree. */
#include "format/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void finds_a_member_of_its_own_depth_whole(void **state)
{
    const struct {
        struct str text, name, want;
    } rows[] = {
        {STR("{\"a\":1,\"b\":2}"),                     STR("b"), STR("2")            },
        {STR("{\"a\":{\"b\":7},\"b\":[1,{\"b\":3}]}"), STR("b"), STR("[1,{\"b\":3}]")},
        {STR("{\"a\":\"}\\\"{,\",\"b\":\"x\"}"),       STR("b"), STR("\"x\"")        },
        {STR("{\"a\":\"b\",\"c\":{}}"),                STR("b"), STR("")             },
        {STR("{\"ab\":1}"),                            STR("a"), STR("")             },
        {STR("{\"a\":\"\\\\\",\"b\":null}"),           STR("b"), STR("null")         },
        {STR("{}"),                                    STR("a"), STR("")             },
        {STR("[\"a\",1]"),                             STR("a"), STR("")             },
        {STR(""),                                      STR("a"), STR("")             },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str got = json_slice(rows[i].text, rows[i].name);
        assert_int_equal(got.len, rows[i].want.len);
        assert_memory_equal(got.ptr, rows[i].want.ptr, got.len);
    }
}

/* What is cut anywhere gives something inside it, and never reads past its end. */
static void stays_inside_a_text_that_was_cut(void **state)
{
    struct str whole = STR("{\"a\":{\"x\":\"\\\"\"},\"b\":[1,2]}");
    (void)state;
    for (size_t len = 0; len < whole.len; len++) {
        struct str got = json_slice(str_slice(whole, 0, len), STR("b"));
        assert_true(got.len == 0 || (got.ptr >= whole.ptr && got.ptr + got.len <= whole.ptr + len));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_member_of_its_own_depth_whole),
        cmocka_unit_test(stays_inside_a_text_that_was_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
