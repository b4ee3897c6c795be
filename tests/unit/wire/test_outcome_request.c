/* test_outcome_request.c - each way a report of outcomes can be wrong, told at its place. */
#include "wire/outcome_request.h"

#include "../expect.h"

#include <stdio.h>
#include <stdlib.h>

enum { COUNT_MAX = 3, TEXT_MAX = 4096 };

static struct arena arena;
static struct violations violations;
static const struct date today = {2026, 11, 22};

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 4 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

/* Written with ' for ". */
static enum status read_text(struct outcome_request **out, uint32_t *count, const char *text)
{
    struct str copy = arena_copy(&arena, str_from(text));
    for (size_t i = 0; i < copy.len; i++) {
        if (copy.ptr[i] == '\'') {
            ((char *)(uintptr_t)copy.ptr)[i] = '"';
        }
    }
    const struct json *root = json_read(copy, &arena, NULL);
    assert_non_null(root);
    violations_init(&violations, &arena);
    return outcome_request_read(out, count, root, COUNT_MAX, today, &arena, &violations);
}

/* "pointer code, pointer code" in the order in which they were found. */
static void expect_faults(const char *text, const char *want)
{
    struct outcome_request *requests = NULL;
    uint32_t count = 0;
    struct buf got;
    enum status status = read_text(&requests, &count, text);
    buf_init(&got, TEXT_MAX);
    for (uint32_t i = 0; i < violations.count; i++) {
        buf_printf(&got, "%s%.*s %s", i > 0 ? ", " : "", STR_ARGS(violations.items[i].pointer),
                   violations.items[i].code);
    }
    if (!str_eq(buf_str(&got), str_from(want))) {
        print_error("of %s\n", text);
    }
    assert_text(buf_str(&got), want);
    assert_int_equal(status, STATUS_INVALID);
    assert_null(requests);
    buf_finish(&got);
}

static void reads_one(void **state)
{
    (void)state;
    struct outcome_request *r;
    uint32_t count;
    assert_int_equal(
        read_text(&r, &count,
                  "{'company':'siren:732829320','type':'default','definition':'dpd90',"
                  "'observed_on':'2026-11-22','amount':{'amount':'12.50','currency':'EUR'},"
                  "'source':'ledger','client_reference':'F-118'}"),
        STATUS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(r->outcome.company.scheme, SCHEME_SIREN);
    assert_string_equal(r->outcome.company.country, "FR");
    assert_int_equal(r->outcome.type, OUTCOME_DEFAULT);
    assert_text(r->outcome.definition, "dpd90");
    assert_int_equal(r->outcome.amount.minor, 1250);
    assert_text(r->outcome.source, "ledger");
    assert_text(r->outcome.client_reference, "F-118");
    assert_null(r->decision);
    assert_null(r->supersedes);
}

static void reads_a_list_to_its_limit(void **state)
{
    (void)state;
    struct outcome_request *r;
    uint32_t count;
    assert_int_equal(
        read_text(
            &r, &count,
            "{'outcomes':["
            "{'decision':'dec_x','type':'repaid','observed_on':'2026-01-01','source':'a'},"
            "{'supersedes':'out_x','type':'retracted','observed_on':'2026-01-01','source':'a',"
            "'amount':null},"
            "{'company':{'scheme':'lei','value':'529900T8BM49AURSDO55'},'type':'bankruptcy',"
            "'observed_on':'2026-01-01','source':'a'}]}"),
        STATUS_OK);
    assert_int_equal(count, 3);
    assert_text(r[0].decision->text, "dec_x");
    assert_text(r[1].supersedes->text, "out_x");
    assert_int_equal(r[2].outcome.company.scheme, SCHEME_LEI);
}

static void tells_all_that_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text, *faults;
    } rows[] = {
        {"[]",                                                                                       " wrong_type"                                                               },
        {"7",                                                                                        " wrong_type"                                                               },
        {"{}",                                                                                       "/type required, /observed_on required, /source required, /company required"},
        {"{'outcomes':{}}",                                                                          "/outcomes wrong_type"                                                      },
        {"{'outcomes':[]}",                                                                          "/outcomes empty"                                                           },
        {"{'outcomes':[1,2,3,4]}",                                                                   "/outcomes too_many"                                                        },
        {"{'outcomes':[7]}",                                                                         "/outcomes/0 wrong_type"                                                    },
        {"{'outcomes':[{'company':'siren:732829320','type':'repaid','observed_on':'2026-01-01',"
         "'source':'a'}],'more':1}",                                                        "/more unknown_member"                                                      },
        {"{'company':'siren:732829320','type':'repaid','observed_on':'2026-01-01','source':'a',"
         "'observed':1}",                                                                   "/observed unknown_member"                                                  },
        {"{'company':'732829320','type':'repaid','observed_on':'2026-01-01','source':'a'}",
         "/company bad_form"                                                                                                                                                     },
        {"{'company':'siren:73282932','type':'repaid','observed_on':'2026-01-01','source':'a'}",
         "/company bad_form"                                                                                                                                                     },
        {"{'company':'siren:732829321','type':'repaid','observed_on':'2026-01-01','source':'a'}",
         "/company bad_checksum"                                                                                                                                                 },
        {"{'company':'ES:siren:732829320','type':'repaid','observed_on':'2026-01-01','source':'a'}",
         "/company bad_form"                                                                                                                                                     },
        {"{'company':7,'type':'repaid','observed_on':'2026-01-01','source':'a'}",
         "/company wrong_type"                                                                                                                                                   },
        {"{'company':{'scheme':'siren','value':'1'},'type':'repaid','observed_on':'2026-01-01',"
         "'source':'a'}",                                                                   "/company/value bad_form"                                                   },
        {"{'company':'siren:732829320','decision':'dec_x','type':'repaid',"
         "'observed_on':'2026-01-01','source':'a'}",                                        "/decision contradicts"                                                     },
        {"{'decision':7,'type':'repaid','observed_on':'2026-01-01','source':'a'}",
         "/decision wrong_type"                                                                                                                                                  },
        {"{'type':'repaid','observed_on':'2026-01-01','source':'a'}",                                "/company required"                                                         },
        {"{'company':'siren:732829320','type':'default','observed_on':'2026-01-01','source':'a'}",
         "/definition required"                                                                                                                                                  },
        {"{'company':'siren:732829320','type':'default','definition':'90 dpd',"
         "'observed_on':'2026-01-01','source':'a'}",                                        "/definition bad_characters"                                                },
        {"{'company':'siren:732829320','type':'retracted','observed_on':'2026-01-01',"
         "'source':'a'}",                                                                   "/supersedes required"                                                      },
        {"{'company':'siren:732829320','type':'paid','observed_on':'2026-01-01','source':'a'}",
         "/type not_one_of"                                                                                                                                                      },
        {"{'company':'siren:732829320','type':'repaid','observed_on':'2026-11-23','source':'a'}",
         "/observed_on in_future"                                                                                                                                                },
        {"{'company':'siren:732829320','type':'repaid','observed_on':'2026-02-30','source':'a'}",
         "/observed_on not_a_date"                                                                                                                                               },
        {"{'company':'siren:732829320','type':'repaid','observed_on':'2026-01-01','source':''}",
         "/source empty"                                                                                                                                                         },
        {"{'company':'siren:732829320','type':'repaid','observed_on':'2026-01-01','source':'a',"
         "'amount':{'amount':'-1.00','currency':'EUR'}}",                                   "/amount/amount not_positive"                                               },
        {"{'company':'siren:732829320','type':'repaid','observed_on':'2026-01-01','source':'a',"
         "'amount':'1.00'}",                                                                "/amount wrong_type"                                                        },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        expect_faults(rows[i].text, rows[i].faults);
    }
}

static void texts_end_at_their_limits(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int most;
    } rows[] = {
        {"source",           OUTCOME_SOURCE_MAX    },
        {"definition",       OUTCOME_DEFINITION_MAX},
        {"client_reference", OUTCOME_REFERENCE_MAX }
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (int extra = 0; extra < 2; extra++) {
            char text[TEXT_MAX], want[64];
            struct outcome_request *r;
            uint32_t count;
            (void)snprintf(text, sizeof text,
                           "{'company':'siren:732829320','type':'repaid',"
                           "'observed_on':'2026-01-01',%s'%s':'%0*d'}",
                           i == 0 ? "" : "'source':'a',", rows[i].name, rows[i].most + extra, 7);
            if (extra == 0) {
                assert_int_equal(read_text(&r, &count, text), STATUS_OK);
            } else {
                (void)snprintf(want, sizeof want, "/%s too_long", rows[i].name);
                expect_faults(text, want);
            }
        }
    }
}

static void a_full_arena_is_too_large(void **state)
{
    (void)state;
    struct outcome_request *r = NULL;
    uint32_t count;
    struct arena small;
    const struct json *root = json_read(STR("{\"outcomes\":[1,2,3]}"), &arena, NULL);
    violations_init(&violations, &arena);
    arena_init(&small, 16);
    assert_int_equal(outcome_request_read(&r, &count, root, COUNT_MAX, today, &small, &violations),
                     STATUS_TOO_LARGE);
    arena_finish(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_a_list_to_its_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tells_all_that_is_wrong, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_end_at_their_limits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_arena_is_too_large, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
