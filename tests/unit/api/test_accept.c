/* test_accept.c - what a caller takes and has, as RFC 9110 writes it and as clients get it wrong.
 */
#include "api/accept.h"

#include "expect.h"

struct row {
    const char *field, *what;
    unsigned quality;
};

static void check(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned got = accept_quality(str_from(rows[i].field), str_from(rows[i].what));
        if (got != rows[i].quality) {
            fail_msg("\"%s\" for %s: got %u, want %u", rows[i].field, rows[i].what, got,
                     rows[i].quality);
        }
    }
}

static void weighs_what_is_named(void **state)
{
    static const struct row rows[] = {
        {"gzip",                                 "gzip",             1000},
        {"GZip",                                 "gzip",             1000},
        {"br, gzip;q=0.5",                       "gzip",             500 },
        {"gzip ; q=0.25",                        "gzip",             250 },
        {"gzip;Q=0.333",                         "gzip",             333 },
        {"*",                                    "gzip",             1000},
        {"*;q=0.1",                              "gzip",             100 },
        {"text/html",                            "text/html",        1000},
        {"text/*;q=0.3",                         "text/html",        300 },
        {"*/*;q=0.2",                            "text/html",        200 },
        {"application/json;charset=utf-8;q=0.7", "application/json", 700 },
        {"text/html;level=1",                    "text/html",        1000},
    };
    (void)state;
    check(rows, ARRAY_LEN(rows));
}

static void lets_the_closest_decide(void **state)
{
    static const struct row rows[] = {
        {"*, gzip;q=0",                        "gzip",             0  },
        {"gzip;q=0, *",                        "gzip",             0  },
        {"*/*, text/*;q=0.5, text/html;q=0.1", "text/html",        100},
        {"text/html;q=0.1, text/*;q=0.5, */*", "text/html",        100},
        {"text/*;q=0.5, */*;q=0.9",            "application/json", 900},
    };
    (void)state;
    check(rows, ARRAY_LEN(rows));
}

static void wants_nothing_that_is_not_said(void **state)
{
    static const struct row rows[] = {
        {"",              "gzip",      0},
        {",,, ,",         "gzip",      0},
        {"identity",      "gzip",      0},
        {"xgzip",         "gzip",      0},
        {"gzipx",         "gzip",      0},
        {"x-gzip",        "gzip",      0},
        {"gzip;q=0",      "gzip",      0},
        {"gzip;q=0.000",  "gzip",      0},
        {"gzip;q=",       "gzip",      0},
        {"gzip;q=2",      "gzip",      0},
        {"gzip;q=1.001",  "gzip",      0},
        {"gzip;q=0.1234", "gzip",      0},
        {"gzip;q=-1",     "gzip",      0},
        {"gzip;q=0x1",    "gzip",      0},
        {"gzip;q=.5",     "gzip",      0},
        {"*/*",           "gzip",      0},
        {"*",             "text/html", 0},
        {"text/",         "text/html", 0},
        {"text",          "text/html", 0},
        {"*/html",        "text/html", 0},
        {"text/htm*",     "text/html", 0},
        {"image/*",       "text/html", 0},
    };
    (void)state;
    check(rows, ARRAY_LEN(rows));
}

static void knows_a_tag_in_a_list(void **state)
{
    static const struct {
        const char *field, *etag;
        bool is_known;
    } rows[] = {
        {"\"a\"",           "\"a\"",      true },
        {"W/\"a\"",         "\"a\"",      true },
        {"\"b\", \"a\"",    "\"a\"",      true },
        {" * ",             "\"a\"",      true },
        {"",                "\"a\"",      false},
        {"a",               "\"a\"",      false},
        {"\"A\"",           "\"a\"",      false},
        {"\"a-gzip\"",      "\"a\"",      false},
        {"\"a\"",           "\"a-gzip\"", false},
        {"w/\"a\"",         "\"a\"",      false},
        {"W/",              "\"a\"",      false},
        {"\"*\"",           "\"a\"",      false},
        {"\"b\", \"c\" ,,", "\"a\"",      false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (etag_is_known(str_from(rows[i].field), str_from(rows[i].etag)) != rows[i].is_known) {
            fail_msg("%s in %s", rows[i].etag, rows[i].field);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weighs_what_is_named),
        cmocka_unit_test(lets_the_closest_decide),
        cmocka_unit_test(wants_nothing_that_is_not_said),
        cmocka_unit_test(knows_a_tag_in_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
