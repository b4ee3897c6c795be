/* test_columns.c - cells to requests, and heads that are refused. */
#include "batch/columns.h"

#include "../expect.h"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 16 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static uint32_t split(struct str *cells, const char *text)
{
    struct csv_reader reader;
    uint32_t count;
    csv_reader_init(&reader, str_from(text), '|');
    assert_int_equal(csv_read_row(&reader, cells, &count, &arena, NULL), STATUS_OK);
    return count;
}

static enum status read_head(struct columns *out, const char *head, const char *mapping,
                             bool is_european, struct error *err)
{
    static struct str cells[CSV_FIELDS_MAX];
    const struct json *node = mapping == NULL ? NULL : json_read(str_from(mapping), &arena, NULL);
    assert_true((mapping == NULL) == (node == NULL));
    return columns_read(out, cells, split(cells, head), node, is_european, &arena, err);
}

static void assert_request(const char *head, const char *mapping, bool is_european, const char *row,
                           const char *want)
{
    static struct str cells[CSV_FIELDS_MAX];
    struct columns columns;
    struct error err = {{0}, {0}};
    struct buf out;
    if (read_head(&columns, head, mapping, is_european, &err) != STATUS_OK) {
        fail_msg("%s: %s", err.field, err.message);
    }
    assert_int_equal(split(cells, row), columns.count);
    buf_init(&out, 64 * 1024);
    columns_write(&out, &columns, cells);
    assert_text(buf_str(&out), want);
    assert_non_null(json_read(buf_str(&out), &arena, NULL));
    buf_finish(&out);
}

static void it_follows_the_paths_of_its_columns(void **state)
{
    (void)state;
    assert_request("company.name|company.identifiers.0.scheme|company.identifiers.0.value|"
                   "company.employees|request.amount.amount|file",
                   NULL, false, "Lemoine \"SAS\"|siren|812345676|14|12000.00|true",
                   "{\"company\":{\"name\":\"Lemoine \\\"SAS\\\"\",\"identifiers\":[{\"scheme\":"
                   "\"siren\",\"value\":\"812345676\"}],\"employees\":14},"
                   "\"request\":{\"amount\":{\"amount\":\"12000.00\"}},\"file\":true}");
}

static void it_leaves_out_what_is_empty(void **state)
{
    (void)state;
    static const char head[] = "company.name|financial_statements.0.period_end|"
                               "financial_statements.0.items.equity|"
                               "financial_statements.1.period_end|"
                               "financial_statements.1.items.equity";
    assert_request(head, NULL, false, "A||||", "{\"company\":{\"name\":\"A\"}}");
    assert_request(head, NULL, false, "A|||2024-12-31|5",
                   "{\"company\":{\"name\":\"A\"},\"financial_statements\":[{\"period_end\":"
                   "\"2024-12-31\",\"items\":{\"equity\":\"5\"}}]}");
    assert_request(head, NULL, false, "||||", "{}");
}

static void it_orders_elements_by_their_index(void **state)
{
    (void)state;
    assert_request("legal_events.10.type|legal_events.2.type", NULL, false, "b|a",
                   "{\"legal_events\":[{\"type\":\"a\"},{\"type\":\"b\"}]}");
}

static void it_adds_constants_beside_cells_alone(void **state)
{
    (void)state;
    static const char mapping[] =
        "{\"columns\":{\"SIREN\":\"company.identifiers.0.value\",\"Nom\":\"company.name\"},"
        "\"constants\":{\"company.identifiers.0.scheme\":\"siren\",\"policy\":\"mine\","
        "\"financial_statements.0.months\":12}}";
    assert_request("SIREN|left aside|Nom", mapping, false, "812345676|x|A",
                   "{\"company\":{\"identifiers\":[{\"value\":\"812345676\",\"scheme\":\"siren\"}],"
                   "\"name\":\"A\"},\"policy\":\"mine\"}");
    assert_request("SIREN|left aside|Nom", mapping, false, "|x|A",
                   "{\"company\":{\"name\":\"A\"},\"policy\":\"mine\"}");
}

static void it_reads_numbers_and_days_as_europe_writes_them(void **state)
{
    (void)state;
    static const struct {
        const char *path, *cell, *want;
    } rows[] = {
        {"x.items.equity", "1.234.567,89", "{\"x\":{\"items\":{\"equity\":\"1234567.89\"}}}"},
        {"x.items.equity", "-1 234,5",     "{\"x\":{\"items\":{\"equity\":\"-1234.5\"}}}"   },
        {"x.items.equity",
         "1\xC2\xA0"
         "234",                            "{\"x\":{\"items\":{\"equity\":\"1234\"}}}"      },
        {"x.items.equity", "12,3,4",       "{\"x\":{\"items\":{\"equity\":\"12,3,4\"}}}"    },
        {"x.items.equity", "n.d.",         "{\"x\":{\"items\":{\"equity\":\"n.d.\"}}}"      },
        {"a.pd",           "0,02",         "{\"a\":{\"pd\":0.02}}"                          },
        {"as_of",          "31/12/2025",   "{\"as_of\":\"2025-12-31\"}"                     },
        {"as_of",          "31.12.2025",   "{\"as_of\":\"2025-12-31\"}"                     },
        {"as_of",          "2025-12-31",   "{\"as_of\":\"2025-12-31\"}"                     },
        {"as_of",          "31/12-2025",   "{\"as_of\":\"31/12-2025\"}"                     },
        {"name",           "1.234,5",      "{\"name\":\"1.234,5\"}"                         },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_request(rows[i].path, NULL, true, rows[i].cell, rows[i].want);
    }
}

static void it_leaves_a_wrong_cell_for_the_request_to_refuse(void **state)
{
    (void)state;
    assert_request("company.employees", NULL, false, "many",
                   "{\"company\":{\"employees\":\"many\"}}");
    assert_request("company.employees", NULL, false, "1,5",
                   "{\"company\":{\"employees\":\"1,5\"}}");
    assert_request("company.employees", NULL, false, "012",
                   "{\"company\":{\"employees\":\"012\"}}");
    assert_request("file", NULL, false, "yes", "{\"file\":\"yes\"}");
}

static void it_refuses_heads_that_are_no_request(void **state)
{
    (void)state;
    static const struct {
        const char *head, *mapping, *field;
    } rows[] = {
        {"company.name|company.name", NULL,                                                     "company.name"     },
        {"company|company.name",      NULL,                                                     "company.name"     },
        {"company.name|company",      NULL,                                                     "company"          },
        {"a.0|a.b",                   NULL,                                                     "a.b"              },
        {"a.b|a.0",                   NULL,                                                     "a.0"              },
        {"a..b",                      NULL,                                                     "a..b"             },
        {".a",                        NULL,                                                     ".a"               },
        {"a.",                        NULL,                                                     "a."               },
        {"0.a",                       NULL,                                                     "0.a"              },
        {"a.10000|a.1",               NULL,                                                     "a.1"              },
        {"a.b.c.d.e.f.g.h.i",         NULL,                                                     "a.b.c.d.e.f.g.h.i"},
        {"a\\b",                      NULL,                                                     "a\\b"             },
        {"a|",                        NULL,                                                     ""                 },
        {"A",                         "{\"columns\":{\"B\":\"x\"}}",                            "B"                },
        {"A|A",                       "{\"columns\":{\"A\":\"x\"}}",                            "A"                },
        {"A|B",                       "{\"columns\":{\"A\":\"x\",\"B\":\"x\"}}",                "x"                },
        {"A",                         "{\"columns\":{\"A\":\"x\"},\"constants\":{\"x\":1}}",    "x"                },
        {"A",                         "{\"columns\":{\"A\":\"x\"},\"constants\":{\"y\":null}}", "y"                },
        {"A",                         "{\"columns\":{\"A\":1}}",                                "A"                },
        {"A",                         "{\"columns\":[]}",                                       "columns"          },
        {"A",                         "{\"column\":{}}",                                        "column"           },
        {"A",                         "{}",                                                     "/columns"         },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct columns columns;
        struct error err = {{0}, {0}};
        if (read_head(&columns, rows[i].head, rows[i].mapping, false, &err) != STATUS_INVALID) {
            fail_msg("%s was taken", rows[i].head);
        }
        assert_string_equal(err.field, rows[i].field);
    }
}

static void it_takes_a_path_at_its_limits(void **state)
{
    (void)state;
    char path[COLUMN_PATH_MAX + 2];
    struct columns columns;
    struct error err = {{0}, {0}};
    memset(path, 'a', sizeof path);
    path[COLUMN_PATH_MAX] = '\0';
    assert_int_equal(read_head(&columns, path, NULL, false, &err), STATUS_OK);
    path[COLUMN_PATH_MAX] = 'a';
    path[COLUMN_PATH_MAX + 1] = '\0';
    assert_int_equal(read_head(&columns, path, NULL, false, &err), STATUS_INVALID);
    assert_int_equal(read_head(&columns, "a.b.c.d.e.f.g.h", NULL, false, &err), STATUS_OK);
}

static void it_finds_the_separator_of_a_head(void **state)
{
    (void)state;
    assert_int_equal(columns_separator(STR("a,b;c,d")), ',');
    assert_int_equal(columns_separator(STR("a;b;\"c,d,e,f\"")), ';');
    assert_int_equal(columns_separator(STR("a\tb\tc,d")), '\t');
    assert_int_equal(columns_separator(STR("alone")), ',');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_follows_the_paths_of_its_columns),
        cmocka_unit_test(it_leaves_out_what_is_empty),
        cmocka_unit_test(it_orders_elements_by_their_index),
        cmocka_unit_test(it_adds_constants_beside_cells_alone),
        cmocka_unit_test(it_reads_numbers_and_days_as_europe_writes_them),
        cmocka_unit_test(it_leaves_a_wrong_cell_for_the_request_to_refuse),
        cmocka_unit_test(it_refuses_heads_that_are_no_request),
        cmocka_unit_test(it_takes_a_path_at_its_limits),
        cmocka_unit_test(it_finds_the_separator_of_a_head),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
