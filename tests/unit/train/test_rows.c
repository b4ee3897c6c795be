/* test_rows.c - a mapping over a table: rows chosen, years ordered, labels held to 0 and 1. */
#include "train/rows.h"

#include "../expect.h"

#include <math.h>

static struct arena arena;
static struct table table;

/* Years of two firms, out of order; b has a gap in its years and a row without a year. */
static const char text[] = "firm,year,x,bad,w,half,word\n"
                           "b,2003,30,1,1,0,u\n"
                           "a,2002,2,0,1,0.5,v\n"
                           "a,2001,1,0,2,0,w\n"
                           "b,2001,10,0,1,0,x\n"
                           "b,,99,0,0,0,y\n";

static int set_up(void **state)
{
    (void)state;
    const struct str csv = str_from(text);
    arena_init(&arena, 16 * 1024 * 1024);
    return table_read(&table, NULL, &csv, 1, &arena, NULL) != STATUS_OK;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static struct mapping mapping_of(const char *json)
{
    struct mapping m;
    const struct json *node = json_read(str_from(json), &arena, NULL);
    assert_non_null(node);
    assert_int_equal(mapping_read(&m, node, &arena, NULL), STATUS_OK);
    return m;
}

static void it_looks_one_year_back_in_the_same_firm(void **state)
{
    (void)state;
    struct rows rows;
    struct mapping m = mapping_of("{\"label\":\"bad\",\"group\":\"firm\",\"order\":\"year\","
                                  "\"features\":{\"now\":\"x\",\"before\":\"prev(x)\"}}");
    const struct rows_request rq = {.table = &table, .mapping = &m};
    assert_int_equal(rows_compute(&rows, &rq, &arena, NULL), STATUS_OK);
    assert_int_equal(rows.row_count, 5);
    assert_int_equal(rows.bad_count, 1);
    assert_int_equal(rows.group_count, 2);
    assert_int_equal(rows.group[0], rows.group[3]);
    assert_int_not_equal(rows.group[0], rows.group[1]);
    assert_true(rows.values[1][0] == 10); /* b 2003 after b 2001 */
    assert_true(rows.values[1][1] == 1);
    assert_true(isnan(rows.values[1][2]) && isnan(rows.values[1][3]) && isnan(rows.values[1][4]));
}

static void it_chooses_rows_after_looking_back(void **state)
{
    (void)state;
    struct rows rows;
    struct mapping m = mapping_of("{\"label\":\"bad\",\"group\":\"firm\",\"order\":\"year\","
                                  "\"features\":{\"before\":\"prev(x)\"}}");
    const struct rows_request rq = {.table = &table, .mapping = &m, .where = STR("year >= 2002")};
    assert_int_equal(rows_compute(&rows, &rq, &arena, NULL), STATUS_OK);
    assert_int_equal(rows.row_count, 2); /* the row without a year is not chosen */
    assert_int_equal(rows.table_row[1], 1);
    assert_true(rows.values[0][0] == 10 && rows.values[0][1] == 1);
}

static void it_cuts_ratios_of_the_catalogue_to_their_range(void **state)
{
    (void)state;
    struct rows rows;
    struct mapping m =
        mapping_of("{\"label\":\"bad\",\"features\":{\"current_ratio\":\"x\",\"foreign\":\"x\"}}");
    const struct rows_request rq = {.table = &table, .mapping = &m};
    assert_int_equal(rows_compute(&rows, &rq, &arena, NULL), STATUS_OK);
    assert_true(rows.values[0][0] == 10 && rows.values[1][0] == 30);
    assert_int_equal(rows.group_count, 5); /* no group: each row its own */
}

static void it_takes_the_label_of_another_table_only_when_pooling(void **state)
{
    (void)state;
    struct rows rows;
    struct mapping m = mapping_of("{\"label\":\"bad\",\"features\":{\"x\":\"x\"}}");
    struct rows_request rq = {
        .table = &table, .mapping = &m, .label = STR("elsewhere"), .is_pooled = true};
    assert_int_equal(rows_compute(&rows, &rq, &arena, NULL), STATUS_OK);
    assert_text(rows.label, "bad");
    rq.is_pooled = false;
    assert_int_equal(rows_compute(&rows, &rq, &arena, NULL), STATUS_NOT_FOUND);
}

#define ORDER_BY_NOTHING "{\"group\":\"firm\",\"order\":\"nope\",\"features\":{\"x\":\"x\"}}"
#define ORDER_BY_WORDS   "{\"group\":\"firm\",\"order\":\"word\",\"features\":{\"x\":\"x\"}}"

static void it_refuses_tables_that_do_not_fit(void **state)
{
    (void)state;
    static const struct {
        const char *mapping;
        const char *label, *group, *weight, *where;
        enum status status;
    } rows[] = {
        {"{\"features\":{\"x\":\"x\"}}",                    "",     "",     "",     "",            STATUS_INVALID  },
        {"{\"features\":{\"x\":\"x\"}}",                    "nope", "",     "",     "",            STATUS_NOT_FOUND},
        {"{\"label\":\"nope\",\"features\":{\"x\":\"x\"}}", "",     "",     "",     "",            STATUS_NOT_FOUND},
        {"{\"features\":{\"x\":\"x\"}}",                    "half", "",     "",     "",            STATUS_INVALID  },
        {"{\"features\":{\"x\":\"x\"}}",                    "word", "",     "",     "",            STATUS_INVALID  },
        {"{\"features\":{\"x\":\"x\"}}",                    "year", "",     "",     "",            STATUS_INVALID  },
        {"{\"features\":{\"x\":\"x\"}}",                    "bad",  "nope", "",     "",            STATUS_NOT_FOUND},
        {"{\"features\":{\"x\":\"x\"}}",                    "bad",  "",     "nope", "",            STATUS_NOT_FOUND},
        {"{\"features\":{\"x\":\"x\"}}",                    "bad",  "",     "w",    "",            STATUS_INVALID  },
        {"{\"features\":{\"x\":\"x\"}}",                    "bad",  "",     "word", "",            STATUS_INVALID  },
        {"{\"features\":{\"x\":\"x\"}}",                    "bad",  "",     "",     "year >",      STATUS_INVALID  },
        {"{\"features\":{\"x\":\"x\"}}",                    "bad",  "",     "",     "year > 3000", STATUS_INVALID  },
        {"{\"features\":{\"x\":\"x\"}}",                    "bad",  "",     "",     "nope > 1",    STATUS_NOT_FOUND},
        {"{\"features\":{\"x\":\"nope\"}}",                 "bad",  "",     "",     "",            STATUS_NOT_FOUND},
        {"{\"features\":{\"x\":\"x +\"}}",                  "bad",  "",     "",     "",            STATUS_INVALID  },
        {"{\"features\":{\"x\":\"word\"}}",                 "bad",  "",     "",     "",            STATUS_INVALID  },
        {ORDER_BY_NOTHING,                                  "bad",  "",     "",     "",            STATUS_NOT_FOUND},
        {ORDER_BY_WORDS,                                    "bad",  "",     "",     "",            STATUS_NOT_FOUND},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct rows out;
        struct error err = {0};
        struct mapping m = mapping_of(rows[i].mapping);
        const struct rows_request rq = {.table = &table,
                                        .mapping = &m,
                                        .label = str_from(rows[i].label),
                                        .group = str_from(rows[i].group),
                                        .weight = str_from(rows[i].weight),
                                        .where = str_from(rows[i].where)};
        if (rows_compute(&out, &rq, &arena, &err) != rows[i].status) {
            fail_msg("row %zu: %s", i, err.message);
        }
        assert_true(err.message[0] != '\0');
    }
}

static void it_tells_whether_a_mapping_fits(void **state)
{
    (void)state;
    struct mapping fits = mapping_of("{\"features\":{\"x\":\"x + year\"}}");
    struct mapping lacks = mapping_of("{\"features\":{\"x\":\"x\",\"y\":\"nope\"}}");
    assert_true(mapping_fits(&fits, &table, &arena));
    assert_false(mapping_fits(&lacks, &table, &arena));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_looks_one_year_back_in_the_same_firm),
        cmocka_unit_test(it_chooses_rows_after_looking_back),
        cmocka_unit_test(it_cuts_ratios_of_the_catalogue_to_their_range),
        cmocka_unit_test(it_takes_the_label_of_another_table_only_when_pooling),
        cmocka_unit_test(it_refuses_tables_that_do_not_fit),
        cmocka_unit_test(it_tells_whether_a_mapping_fits),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
