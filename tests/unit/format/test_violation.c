/* test_violation.c - the list of everything that is wrong with a document. */
#include "format/violation.h"

#include "../expect.h"

static struct arena arena;
static struct buf out;
static struct violations list;

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

static const struct json *read_text(struct str text)
{
    const struct json *top = json_read(text, &arena, NULL);
    assert_non_null(top);
    return top;
}

static void assert_list(const char *want)
{
    struct json_writer w;
    buf_clear(&out);
    json_writer_init(&w, &out);
    violations_write(&w, &list);
    assert_text(buf_str(&out), want);
}

static void says_where_what_and_what_came(void **state)
{
    (void)state;
    const struct json *top =
        read_text(STR("{\"a/b\":[1,\"x\\u00e9\"],\"t\":true,\"f\":false,\"n\":null,\"o\":{}}"));
    violations_init(&list, &arena);
    assert_list("[]");
    violation_at(&list, top->first->first->next, "not_a_date", "YYYY-MM-DD", "It is no %s.",
                 "date");
    violation_at(&list, top->first->first, "too_small", "2 or more", "It is too small.");
    violation_at(&list, top->first, "wrong_type", "object", "It is an array.");
    violation_at(&list, json_find(top, STR("t")), "c", "", "d");
    violation_at(&list, json_find(top, STR("f")), "c", NULL, "d");
    violation_at(&list, json_find(top, STR("n")), "c", "", "d");
    violation_at(&list, json_find(top, STR("o")), "c", "", "d");
    violation_at(&list, top, "c", "", "d");
    assert_int_equal(list.count, 8);
    assert_int_equal(list.total, 8);
    assert_list("[{\"pointer\":\"/a~1b/1\",\"code\":\"not_a_date\",\"detail\":\"It is no date.\","
                "\"expected\":\"YYYY-MM-DD\",\"received\":\"x\xC3\xA9\"},"
                "{\"pointer\":\"/a~1b/0\",\"code\":\"too_small\",\"detail\":\"It is too small.\","
                "\"expected\":\"2 or more\",\"received\":\"1\"},"
                "{\"pointer\":\"/a~1b\",\"code\":\"wrong_type\",\"detail\":\"It is an array.\","
                "\"expected\":\"object\",\"received\":\"array\"},"
                "{\"pointer\":\"/t\",\"code\":\"c\",\"detail\":\"d\",\"received\":\"true\"},"
                "{\"pointer\":\"/f\",\"code\":\"c\",\"detail\":\"d\",\"received\":\"false\"},"
                "{\"pointer\":\"/n\",\"code\":\"c\",\"detail\":\"d\",\"received\":\"null\"},"
                "{\"pointer\":\"/o\",\"code\":\"c\",\"detail\":\"d\",\"received\":\"object\"},"
                "{\"pointer\":\"\",\"code\":\"c\",\"detail\":\"d\",\"received\":\"object\"}]");
}

static void names_a_missing_member(void **state)
{
    (void)state;
    const struct json *top = read_text(STR("{\"company\":{}}"));
    violations_init(&list, &arena);
    violation_missing(&list, top->first, "country/~", "ISO 3166 code");
    violation_missing(&list, top, "amount", "");
    assert_list(
        "[{\"pointer\":\"/company/country~1~0\",\"code\":\"required\","
        "\"detail\":\"The member \\\"country/~\\\" is required.\",\"expected\":\"ISO 3166 code\"},"
        "{\"pointer\":\"/amount\",\"code\":\"required\","
        "\"detail\":\"The member \\\"amount\\\" is required.\"}]");
}

static void asks_what_was_meant(void **state)
{
    (void)state;
    static const char *const names[] = {"currency", "amount", "vat"};
    const struct json *top = read_text(STR("{\"currency\":1,\"curency\":1,\"amuont\":1,\"vta\":1,"
                                           "\"zzz\":1,\"vax\":1,\"Amount\":1,\"\":1}"));
    violations_init(&list, &arena);
    violation_unknown_members(&list, top, names, ARRAY_LEN(names));
    assert_list(
        "[{\"pointer\":\"/curency\",\"code\":\"unknown_member\","
        "\"detail\":\"There is no such member; did you mean \\\"currency\\\"?\","
        "\"expected\":\"currency\",\"received\":\"curency\"},"
        "{\"pointer\":\"/amuont\",\"code\":\"unknown_member\","
        "\"detail\":\"There is no such member; did you mean \\\"amount\\\"?\","
        "\"expected\":\"amount\",\"received\":\"amuont\"},"
        "{\"pointer\":\"/vta\",\"code\":\"unknown_member\","
        "\"detail\":\"There is no such member; did you mean \\\"vat\\\"?\","
        "\"expected\":\"vat\",\"received\":\"vta\"},"
        "{\"pointer\":\"/zzz\",\"code\":\"unknown_member\",\"detail\":\"There is no such member.\","
        "\"received\":\"zzz\"},"
        "{\"pointer\":\"/vax\",\"code\":\"unknown_member\","
        "\"detail\":\"There is no such member; did you mean \\\"vat\\\"?\","
        "\"expected\":\"vat\",\"received\":\"vax\"},"
        "{\"pointer\":\"/Amount\",\"code\":\"unknown_member\","
        "\"detail\":\"There is no such member; did you mean \\\"amount\\\"?\","
        "\"expected\":\"amount\",\"received\":\"Amount\"},"
        "{\"pointer\":\"/\",\"code\":\"unknown_member\",\"detail\":\"There is no such member.\"}]");
    violations_init(&list, &arena);
    violation_unknown_members(&list, read_text(STR("{\"vat\":1}")), names, ARRAY_LEN(names));
    violation_unknown_members(&list, read_text(STR("{}")), names, 0);
    assert_int_equal(list.total, 0);
}

static void keeps_a_hundred_and_counts_all(void **state)
{
    (void)state;
    const struct json *top = read_text(STR("{\"a\":1}"));
    static const char *const names[] = {"b"};
    violations_init(&list, &arena);
    for (int i = 0; i < 98; i++) {
        violation_at(&list, top, "c", "", "fault %d", i);
    }
    violation_unknown_members(&list, top, names, 1);
    violation_missing(&list, top, "b", "");
    assert_int_equal(list.count, VIOLATIONS_MAX);
    violation_missing(&list, top, "late", "");
    violation_at(&list, top, "late", "", "fault");
    violation_unknown_members(&list, top, names, 1);
    assert_int_equal(list.count, VIOLATIONS_MAX);
    assert_int_equal(list.total, 103);
    assert_text(list.items[99].pointer, "/b");
}

static void cuts_what_is_long_between_characters(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 4096);
    buf_append_text(&text, "{\"");
    for (int i = 0; i < 600; i++) {
        buf_append_byte(&text, '/');
    }
    buf_append_text(&text, "\":{\"k\":\"x");
    for (int i = 0; i < 200; i++) {
        buf_append_text(&text, "\xE2\x82\xAC");
    }
    buf_append_text(&text, "\"}}");
    const struct json *top = read_text(buf_str(&text));
    const struct json *value = top->first->first;
    violations_init(&list, &arena);
    violation_at(&list, value, "c", "", "%.*s", STR_ARGS(value->text));
    violation_missing(&list, top->first, "m", "");
    assert_int_equal(list.items[0].received.len, 64);
    assert_true(str_is_utf8(list.items[0].received));
    assert_true(list.items[0].detail.len > 300);
    assert_true(list.items[0].detail.len < 320);
    assert_true(str_is_utf8(list.items[0].detail));
    /* The pointers do not fit: the nearest node above that has one that does is the top. */
    assert_text(list.items[0].pointer, "");
    assert_text(list.items[1].pointer, "");
    buf_finish(&text);
}

static void a_full_arena_loses_words_but_not_the_count(void **state)
{
    (void)state;
    struct arena none;
    const struct json *top = read_text(STR("{\"a\":\"text\"}"));
    static const char *const names[] = {"b"};
    arena_init(&none, 0);
    violations_init(&list, &none);
    violation_at(&list, top->first, "c", "e", "d");
    violation_missing(&list, top, "m", "e");
    violation_unknown_members(&list, top, names, 1);
    assert_int_equal(list.total, 3);
    assert_list("[{\"pointer\":\"\",\"code\":\"c\",\"detail\":\"\"},"
                "{\"pointer\":\"\",\"code\":\"required\",\"detail\":\"\"},"
                "{\"pointer\":\"\",\"code\":\"unknown_member\",\"detail\":\"\"}]");
    arena_finish(&none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_where_what_and_what_came),
        cmocka_unit_test(names_a_missing_member),
        cmocka_unit_test(asks_what_was_meant),
        cmocka_unit_test(keeps_a_hundred_and_counts_all),
        cmocka_unit_test(cuts_what_is_long_between_characters),
        cmocka_unit_test(a_full_arena_loses_words_but_not_the_count),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
