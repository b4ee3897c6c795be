/* test_expression.c - values row by row, and every way to write one wrongly. */
#include "train/expression.h"

#include "../expect.h"

#include <math.h>
#include <stdlib.h>

static struct arena arena;
static struct table table;
/* Row 2 follows row 0, row 0 follows row 1. */
static const uint32_t previous[] = {1, EXPRESSION_NO_ROW, 0};

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 16 * 1024 * 1024);
    const struct str text = STR("a,b,c d,word,or_not\n6,3,1,x,1\n-2,0,2,y,0\n,4,3,z,1\n");
    assert_int_equal(table_read(&table, NULL, &text, 1, &arena, NULL), STATUS_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static void it_computes_values(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double want[3]; /* NAN: missing */
    } rows[] = {
        {"a",                             {6, -2, NAN}                                  },
        {"`c d`",                         {1, 2, 3}                                     },
        {"1.5e1",                         {15, 15, 15}                                  },
        {"a + b * 2",                     {12, -2, NAN}                                 },
        {"(a + b) * 2",                   {18, -4, NAN}                                 },
        {"a - b - 1",                     {2, -3, NAN}                                  },
        {"12 / 2 / 3",                    {2, 2, 2}                                     },
        {"--b",                           {3, 0, 4}                                     },
        {"-b * 2",                        {-6, 0, -8}                                   },
        {"a / b",                         {2, NAN, NAN}                                 },
        {"b / 0.0000000001",              {NAN, NAN, NAN}                               },
        {"b < 4",                         {1, 1, 0}                                     },
        {"b <= 4",                        {1, 1, 1}                                     },
        {"b > 3",                         {0, 0, 1}                                     },
        {"b >= 3",                        {1, 0, 1}                                     },
        {"b == 3",                        {1, 0, 0}                                     },
        {"b = 3",                         {1, 0, 0}                                     },
        {"b != 3",                        {0, 1, 1}                                     },
        {"a > 0",                         {1, 0, NAN}                                   },
        {"a > 0 or b > 0",                {1, 0, NAN}                                   },
        {"a > 0 and b > 0",               {1, 0, NAN}                                   },
        {"not b > 0",                     {0, 1, 0}                                     },
        {"not not b > 0",                 {1, 0, 1}                                     },
        {"b > 3 or b < 1 and `c d` == 1", {0, 0, 1}                                     },
        {"or_not + 1",                    {2, 1, 2}                                     },
        {"log10(b)",                      {0.47712125471966244, NAN, 0.6020599913279624}},
        {"log10(0 - 1)",                  {NAN, NAN, NAN}                               },
        {"abs(a)",                        {6, 2, NAN}                                   },
        {"min(a, b)",                     {3, -2, NAN}                                  },
        {"max(a, b)",                     {6, 0, NAN}                                   },
        {"prev(b)",                       {0, NAN, 3}                                   },
        {"prev(prev(b))",                 {NAN, NAN, 0}                                 },
        {"b - prev(b)",                   {3, NAN, 1}                                   },
        {"prev(a / b)",                   {NAN, NAN, 2}                                 },
        {"prev(1)",                       {1, NAN, 1}                                   },
        {"missing(a)",                    {0, 0, 1}                                     },
        {"missing(a) + missing(prev(b))", {0, 1, 1}                                     },
        {"not missing(a / b)",            {1, 0, 0}                                     },
        {"missing(log10(b))",             {0, 1, 0}                                     },
        {"prev(missing(a))",              {0, NAN, 0}                                   },
        {"1e308 * 10 * b",                {NAN, NAN, NAN}                               },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct expression *e = NULL;
        struct error err = {0};
        if (expression_read(&e, str_from(rows[i].text), &table, &arena, &err) != STATUS_OK) {
            fail_msg("%s: %s", rows[i].text, err.message);
        }
        for (uint32_t row = 0; row < 3; row++) {
            double got = expression_value(e, row, previous);
            double want = rows[i].want[row];
            if (isnan(got) != isnan(want) || (!isnan(want) && fabs(got - want) > 1e-12)) {
                fail_msg("%s: row %u is %.17g, not %g", rows[i].text, row, got, want);
            }
        }
    }
}

static void it_has_nothing_before_without_an_order(void **state)
{
    (void)state;
    const struct expression *e = NULL;
    assert_int_equal(expression_read(&e, STR("prev(b)"), &table, &arena, NULL), STATUS_OK);
    assert_true(isnan(expression_value(e, 2, NULL)));
}

static void it_refuses_what_is_no_expression_and_says_where(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum status status;
        const char *where;
    } rows[] = {
        {"",              STATUS_INVALID,   "column 1" },
        {"   ",           STATUS_INVALID,   "column 4" },
        {"a +",           STATUS_INVALID,   "column 4" },
        {"a b",           STATUS_INVALID,   "column 3" },
        {"(a",            STATUS_INVALID,   "column 3" },
        {"a)",            STATUS_INVALID,   "column 2" },
        {"a == b == 1",   STATUS_INVALID,   "column 8" },
        {"a < < b",       STATUS_INVALID,   "column 5" },
        {"* a",           STATUS_INVALID,   "column 1" },
        {"a ** 2",        STATUS_INVALID,   "column 4" },
        {"a % 2",         STATUS_INVALID,   "column 3" },
        {"a && b",        STATUS_INVALID,   "column 3" },
        {"1.2.3",         STATUS_INVALID,   "column 1" },
        {"1.",            STATUS_INVALID,   "column 1" },
        {"1e",            STATUS_INVALID,   "column 1" },
        {"01",            STATUS_INVALID,   "column 1" },
        {".5",            STATUS_INVALID,   "column 1" },
        {"1e999",         STATUS_INVALID,   "column 1" },
        {"and",           STATUS_INVALID,   "column 1" },
        {"a and",         STATUS_INVALID,   "column 6" },
        {"a or or b",     STATUS_INVALID,   "column 6" },
        {"not",           STATUS_INVALID,   "column 4" },
        {"nope",          STATUS_NOT_FOUND, "column 1" },
        {"a + nope",      STATUS_NOT_FOUND, "column 5" },
        {"`nope`",        STATUS_NOT_FOUND, "column 2" },
        {"`c d",          STATUS_INVALID,   "column 1" },
        {"word",          STATUS_INVALID,   "column 1" },
        {"word == 1",     STATUS_INVALID,   "column 1" },
        {"'x' == 1",      STATUS_INVALID,   "column 1" },
        {"sqrt(a)",       STATUS_INVALID,   "column 1" },
        {"min(a)",        STATUS_INVALID,   "column 6" },
        {"min(a, b, 1)",  STATUS_INVALID,   "column 9" },
        {"abs(a, b)",     STATUS_INVALID,   "column 6" },
        {"missing()",     STATUS_INVALID,   "column 9" },
        {"missing(a, b)", STATUS_INVALID,   "column 10"},
        {"missing a",     STATUS_NOT_FOUND, "column 1" },
        {"abs()",         STATUS_INVALID,   "column 5" },
        {"prev()",        STATUS_INVALID,   "column 6" },
        {"a\nb",          STATUS_INVALID,   "column 2" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct expression *e = NULL;
        struct error err = {0};
        enum status status = expression_read(&e, str_from(rows[i].text), &table, &arena, &err);
        if (status != rows[i].status || strcmp(err.field, rows[i].where) != 0) {
            fail_msg("%s: %s at %s", rows[i].text, status_text(status), err.field);
        }
        assert_null(e);
    }
}

static void it_bounds_depth_and_length(void **state)
{
    (void)state;
    static char text[EXPRESSION_LEN_MAX + 2];
    static const char *const nests[] = {"(", "-", "not "};
    for (size_t i = 0; i < ARRAY_LEN(nests); i++) {
        const struct expression *e = NULL;
        size_t len = 0;
        for (int depth = 0; depth < 200; depth++) {
            memcpy(text + len, nests[i], strlen(nests[i]));
            len += strlen(nests[i]);
        }
        text[len++] = '1';
        assert_int_equal(expression_read(&e, str_of(text, len), &table, &arena, NULL),
                         STATUS_INVALID);
    }
    const struct expression *e = NULL;
    memset(text, ' ', sizeof text);
    text[0] = '1';
    assert_int_equal(expression_read(&e, str_of(text, EXPRESSION_LEN_MAX), &table, &arena, NULL),
                     STATUS_OK);
    assert_int_equal(
        expression_read(&e, str_of(text, EXPRESSION_LEN_MAX + 1), &table, &arena, NULL),
        STATUS_INVALID);
}

static void it_says_when_memory_is_short(void **state)
{
    (void)state;
    struct arena small;
    const struct expression *e = NULL;
    arena_init(&small, 100);
    assert_int_equal(expression_read(&e, STR("1 + 2 + 3"), &table, &small, NULL), STATUS_TOO_LARGE);
    arena_finish(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_computes_values),
        cmocka_unit_test(it_has_nothing_before_without_an_order),
        cmocka_unit_test(it_refuses_what_is_no_expression_and_says_where),
        cmocka_unit_test(it_bounds_depth_and_length),
        cmocka_unit_test(it_says_when_memory_is_short),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
