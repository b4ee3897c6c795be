/* test_simulate.c - JSON merge patch: the examples of RFC 7396, appendix A. */
#include "service/simulate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void merges_as_in_rfc_7396(void **state)
{
    static const struct {
        const char *target, *patch, *want;
    } rows[] = {
        {"{\"a\":\"b\"}",             "{\"a\":\"c\"}",                    "{\"a\":\"c\"}"            },
        {"{\"a\":\"b\"}",             "{\"b\":\"c\"}",                    "{\"a\":\"b\",\"b\":\"c\"}"},
        {"{\"a\":\"b\"}",             "{\"a\":null}",                     "{}"                       },
        {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}",                     "{\"b\":\"c\"}"            },
        {"{\"a\":[\"b\"]}",           "{\"a\":\"c\"}",                    "{\"a\":\"c\"}"            },
        {"{\"a\":\"c\"}",             "{\"a\":[\"b\"]}",                  "{\"a\":[\"b\"]}"          },
        {"{\"a\":{\"b\":\"c\"}}",     "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"    },
        {"{\"a\":[{\"b\":\"c\"}]}",   "{\"a\":[1]}",                      "{\"a\":[1]}"              },
        {"[\"a\",\"b\"]",             "[\"c\",\"d\"]",                    "[\"c\",\"d\"]"            },
        {"{\"a\":\"b\"}",             "[\"c\"]",                          "[\"c\"]"                  },
        {"{\"a\":\"foo\"}",           "null",                             "null"                     },
        {"{\"a\":\"foo\"}",           "\"bar\"",                          "\"bar\""                  },
        {"{\"e\":null}",              "{\"a\":1}",                        "{\"e\":null,\"a\":1}"     },
        {"[1,2]",                     "{\"a\":\"b\",\"c\":null}",         "{\"a\":\"b\"}"            },
        {"{}",                        "{\"a\":{\"bb\":{\"ccc\":null}}}",  "{\"a\":{\"bb\":{}}}"      },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena arena;
        struct buf out;
        arena_init(&arena, 64 * 1024);
        buf_init(&out, 4096);
        const struct json *target = json_read(str_from(rows[i].target), &arena, NULL);
        const struct json *patch = json_read(str_from(rows[i].patch), &arena, NULL);
        json_merge_patch(&out, target, patch);
        buf_append_byte(&out, '\0');
        assert_string_equal(out.ptr, rows[i].want);
        buf_finish(&out);
        arena_finish(&arena);
    }
}

static void without_a_patch_the_target_stays(void **state)
{
    struct arena arena;
    struct buf out;
    (void)state;
    arena_init(&arena, 64 * 1024);
    buf_init(&out, 4096);
    json_merge_patch(&out, json_read(STR("{\"a\":1}"), &arena, NULL), NULL);
    buf_append_byte(&out, '\0');
    assert_string_equal(out.ptr, "{\"a\":1}");
    buf_finish(&out);
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merges_as_in_rfc_7396),
        cmocka_unit_test(without_a_patch_the_target_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
