/* test_mapping.c - mapping files, read strictly; and the mapping of a table that has none. */
#include "train/mapping.h"

#include "../expect.h"

static struct arena arena;
static struct buf out;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 16 * 1024 * 1024);
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

static enum status read_text(struct mapping *m, const char *text, struct error *err)
{
    const struct json *node = json_read(str_from(text), &arena, NULL);
    assert_non_null(node);
    return mapping_read(m, node, &arena, err);
}

static const char *written(const struct mapping *m)
{
    struct json_writer w;
    buf_clear(&out);
    json_writer_init(&w, &out);
    mapping_write(&w, m);
    buf_append_byte(&out, '\0');
    return out.ptr;
}

static void it_writes_what_it_read(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"name\":\"data\",\"country\":\"*\",\"features\":{\"roa\":\"a / b\"}}",
        "{\"name\":\"us\",\"country\":\"US\",\"label\":\"bad\",\"group\":\"firm\",\"order\":"
        "\"year\",\"where\":\"a > 0\","
        "\"test_where\":\"year >= 2015\",\"features\":{\"roa\":\"a / b\",\"x_1\":\"a\"}}",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct mapping m;
        assert_int_equal(read_text(&m, texts[i], NULL), STATUS_OK);
        assert_string_equal(written(&m), texts[i]);
        assert_true(m.weight == 1);
    }
}

static void it_refuses_what_it_does_not_know(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *pointer;
    } rows[] = {
        {"[]",                                                 ""             },
        {"{}",                                                 ""             },
        {"{\"features\":{}}",                                  "/features"    },
        {"{\"features\":[\"a\"]}",                             "/features"    },
        {"{\"features\":{\"roa\":1}}",                         "/features/roa"},
        {"{\"features\":{\"ROA\":\"a\"}}",                     "/features/ROA"},
        {"{\"features\":{\"\":\"a\"}}",                        "/features/"   },
        {"{\"features\":{\"a b\":\"a\"}}",                     "/features/a b"},
        {"{\"features\":{\"roa\":\"a\"},\"labels\":\"bad\"}",  "/labels"      },
        {"{\"features\":{\"roa\":\"a\"},\"label\":1}",         "/label"       },
        {"{\"features\":{\"roa\":\"a\"},\"weight\":0}",        "/weight"      },
        {"{\"features\":{\"roa\":\"a\"},\"weight\":-1}",       "/weight"      },
        {"{\"features\":{\"roa\":\"a\"},\"weight\":\"1\"}",    "/weight"      },
        {"{\"features\":{\"roa\":\"a\"},\"country\":\"usa\"}", ""             },
        {"{\"features\":{\"roa\":\"a\"},\"country\":\"us\"}",  ""             },
        {"{\"features\":{\"roa\":\"a\"},\"country\":\"\"}",    ""             },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct mapping m;
        struct error err = {0};
        assert_int_equal(read_text(&m, rows[i].text, &err), STATUS_INVALID);
        assert_string_equal(err.field, rows[i].pointer);
    }
}

static void it_takes_every_column_of_numbers_under_its_own_name(void **state)
{
    (void)state;
    struct table t;
    struct mapping m;
    const struct str text = STR("firm,Attr1,attr1,ROA(C) %,and,bad\nx,1,2,3,4,0\ny,1,2,3,4,1\n");
    const struct str excluded[] = {STR("bad")};
    assert_int_equal(table_read(&t, NULL, &text, 1, &arena, NULL), STATUS_OK);
    assert_int_equal(mapping_of_columns(&m, &t, excluded, 1, &arena, NULL), STATUS_OK);
    assert_string_equal(written(&m), "{\"name\":\"columns\",\"country\":\"*\",\"features\":{"
                                     "\"attr1\":\"Attr1\",\"attr1_3\":\"attr1\","
                                     "\"roa_c___\":\"`ROA(C) %`\",\"and\":\"`and`\"}}");
}

static void it_needs_one_column_at_least(void **state)
{
    (void)state;
    struct table t;
    struct mapping m;
    const struct str text = STR("firm,bad\nx,0\ny,1\n");
    const struct str excluded[] = {STR("bad")};
    assert_int_equal(table_read(&t, NULL, &text, 1, &arena, NULL), STATUS_OK);
    assert_int_equal(mapping_of_columns(&m, &t, excluded, 1, &arena, NULL), STATUS_INVALID);
}

static bool name_is_short(struct str name, const void *context)
{
    return name.len <= *(const size_t *)context;
}

static void it_keeps_what_is_wanted_in_order(void **state)
{
    (void)state;
    struct mapping m;
    size_t most = 2;
    assert_int_equal(read_text(&m, "{\"features\":{\"aa\":\"1\",\"bbb\":\"2\",\"c\":\"3\"}}", NULL),
                     STATUS_OK);
    mapping_keep(&m, name_is_short, &most);
    assert_int_equal(m.feature_count, 2);
    assert_text(m.features[1].name, "c");
}

static void it_names_the_file_that_is_wrong(void **state)
{
    (void)state;
    struct mapping m;
    struct error err = {0};
    assert_int_not_equal(mapping_load(&m, "/nowhere/mapping.json", &arena, &err), STATUS_OK);
    assert_non_null(strstr(err.field, "mapping.json"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_writes_what_it_read),
        cmocka_unit_test(it_refuses_what_it_does_not_know),
        cmocka_unit_test(it_takes_every_column_of_numbers_under_its_own_name),
        cmocka_unit_test(it_needs_one_column_at_least),
        cmocka_unit_test(it_keeps_what_is_wanted_in_order),
        cmocka_unit_test(it_names_the_file_that_is_wrong),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
