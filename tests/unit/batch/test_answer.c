/* test_answer.c - a line a row, whatever the row is; and what a line says when it is read back. */
#include "batch/answer.h"

#include "../expect.h"

static struct in_force in_force;
static struct answer_scratch scratch;

static int set_up(void **state)
{
    (void)state;
    struct error err = {{0}, {0}};
    answer_scratch_init(&scratch);
    return in_force_load(&in_force, NULL, NULL, 0, &err) == STATUS_OK ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    answer_scratch_finish(&scratch);
    in_force_finish(&in_force);
    return 0;
}

static bool answer(struct buf *out, const char *text, enum row_fault fault, bool has_reasons)
{
    struct answer_rules rules = {
        .in_force = &in_force,
        .today = {2026, 11, 22},
        .separator = ',',
        .has_reasons = has_reasons
    };
    struct row row = {.text = str_from(text), .number = 7, .line = 9, .fault = fault};
    buf_init(out, 4 * 1024 * 1024);
    bool is_decided = answer_write(out, &row, &rules, &scratch);
    assert_false(buf_failed(out));
    assert_int_equal(out->ptr[out->len - 1], '\n');
    return is_decided;
}

static const char sound[] =
    "{\"company\":{\"name\":\"A\",\"country\":\"FR\"},\"client_reference\":\"a-7\"}";

static void it_has_the_body_and_the_words_of_the_server(void **state)
{
    (void)state;
    struct arena arena;
    struct json_error json_err;
    struct error err = {{0}, {0}};
    struct assessment a;
    struct violations violations;
    const struct json *root;
    struct buf out, want;
    arena_init(&arena, 16 * 1024 * 1024);
    violations_init(&violations, &arena);
    assert_int_equal(request_parse(&root, str_from(sound), &arena, &json_err, &err), STATUS_OK);
    assert_int_equal(
        assess(&a, root, (struct date){2026, 11, 22}, &in_force, &arena, &violations, &err),
        STATUS_OK);
    buf_init(&want, 4 * 1024 * 1024);
    buf_printf(&want,
               "{\"row\":7,\"line\":9,\"client_reference\":\"a-7\",\"body\":%.*s,\"words\":%.*s}\n",
               STR_ARGS(buf_str(&a.body)), STR_ARGS(buf_str(&a.words)));
    buf_append_byte(&want, '\0');
    assert_true(answer(&out, sound, ROW_SOUND, true));
    assert_text(buf_str(&out), want.ptr);
    assessment_finish(&a);
    buf_finish(&out);
    buf_finish(&want);
    arena_finish(&arena);
}

static const struct json *parsed(struct arena *arena, const struct buf *out)
{
    const struct json *root = json_read(buf_str(out), arena, NULL);
    assert_non_null(root);
    return root;
}

/* Each member of `part` is in `whole` with the same text or, an object, a part of it. */
static void assert_part(const struct json *part, const struct json *whole)
{
    for (const struct json *m = part->first; m != NULL; m = m->next) {
        const struct json *of = json_find(whole, m->name);
        assert_non_null(of);
        assert_int_equal(m->type, of->type);
        if (m->type == JSON_OBJECT) {
            assert_part(m, of);
        } else {
            assert_true(str_eq(m->text, of->text));
        }
    }
}

static void it_has_a_part_of_the_body_without_reasons(void **state)
{
    (void)state;
    struct arena arena;
    struct buf with, without;
    arena_init(&arena, 16 * 1024 * 1024);
    assert_true(answer(&with, sound, ROW_SOUND, true));
    assert_true(answer(&without, sound, ROW_SOUND, false));
    const struct json *whole = parsed(&arena, &with), *part = parsed(&arena, &without);
    assert_null(json_find(part, STR("words")));
    assert_part(json_find(part, STR("body")), json_find(whole, STR("body")));
    assert_non_null(json_find(json_find(part, STR("body")), STR("score")));
    buf_finish(&with);
    buf_finish(&without);
    arena_finish(&arena);
}

static void it_says_what_is_wrong_with_a_bad_row(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum row_fault fault;
        const char *in_it;
    } rows[] = {
        {"{",                                                                   ROW_SOUND,    "not valid JSON"          },
        {"[]",                                                                  ROW_SOUND,    "\"pointer\":\"\""        },
        {"null",                                                                ROW_SOUND,    "\"pointer\":\"\""        },
        {"{}",                                                                  ROW_SOUND,    "\"pointer\":\"/company\""},
        {"{\"company\":{\"nam\":\"A\"}}",                                       ROW_SOUND,    "/company/nam"            },
        {"{\"company\":{\"name\":\"A\",\"country\":\"FR\"},\"policy\":\"no\"}", ROW_SOUND,
         "unknown_policy"                                                                                               },
        {"\xFF",                                                                ROW_SOUND,    "not valid JSON"          },
        {"",                                                                    ROW_TOO_LONG, "longer than 262144 bytes"},
        {"",                                                                    ROW_UNCLOSED, "not closed"              },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena arena;
        struct buf out;
        arena_init(&arena, 1024 * 1024);
        assert_false(answer(&out, rows[i].text, rows[i].fault, true));
        (void)parsed(&arena, &out);
        buf_append_byte(&out, '\0');
        if (strstr(out.ptr, rows[i].in_it) == NULL) {
            fail_msg("no %s in %s", rows[i].in_it, out.ptr);
        }
        buf_finish(&out);
        arena_finish(&arena);
    }
}

static void it_reads_its_own_lines_and_no_others(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool is_ours, is_decided;
    } rows[] = {
        {"{\"row\":12,\"line\":13,\"body\":{}}",                            true,  true },
        {"{\"row\":12,\"line\":13,\"error\":{}}",                           true,  false},
        {"{\"row\":12,\"line\":13,\"client_reference\":\"x\",\"body\":{}}", true,  true },
        {"{\"row\":12,\"line\":13,\"body\":{",                              false, false},
        {"{\"row\":,\"line\":13,\"body\":{}}",                              false, false},
        {"{\"row\":12}",                                                    false, false},
        {"{\"row\":12,\"line\":",                                           false, false},
        {"",                                                                false, false},
        {"row,line,body}",                                                  false, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint64_t row = 0;
        bool is_decided = false;
        assert_int_equal(answer_read(&row, &is_decided, str_from(rows[i].line)), rows[i].is_ours);
        assert_true(!rows[i].is_ours || (row == 12 && is_decided == rows[i].is_decided));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_has_the_body_and_the_words_of_the_server),
        cmocka_unit_test(it_has_a_part_of_the_body_without_reasons),
        cmocka_unit_test(it_says_what_is_wrong_with_a_bad_row),
        cmocka_unit_test(it_reads_its_own_lines_and_no_others),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
