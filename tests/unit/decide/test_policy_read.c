/* test_policy_read.c - the policy we ship is read as it stands, and each way to break it is told by
 * its place. */
#include "trial.h"

#include "../expect.h"

#include <stdlib.h>

struct reading {
    struct buf text;
    struct arena arena;
    struct violations *v;
    struct policy *policy;
    struct error err;
    enum status status;
};

/* Read the policy we ship with the first `from` turned into `to`; `from` NULL: `to` is the whole
 * text. */
static void read_changed(struct reading *r, const char *from, const char *to)
{
    struct buf whole = trial_file(DEFAULT_POLICY);
    struct str text = buf_str(&whole);
    *r = (struct reading){.policy = NULL};
    buf_init(&r->text, 4 * 1024 * 1024);
    if (from == NULL) {
        buf_append_text(&r->text, to);
    } else {
        size_t at = 0;
        while (at < text.len && !str_starts_with(str_slice(text, at, text.len), str_from(from))) {
            at++;
        }
        assert_true(at < text.len); /* the row names what is there */
        buf_append(&r->text, str_slice(text, 0, at));
        buf_append_text(&r->text, to);
        buf_append(&r->text, str_slice(text, at + strlen(from), text.len));
    }
    arena_init(&r->arena, 16 * 1024 * 1024);
    r->v = arena_new(&r->arena, struct violations);
    assert_non_null(r->v);
    violations_init(r->v, &r->arena);
    r->status = policy_read(&r->policy, buf_str(&r->text), r->v, &r->err);
    buf_finish(&whole);
}

static void finish(struct reading *r)
{
    policy_destroy(r->policy);
    arena_finish(&r->arena);
    buf_finish(&r->text);
}

static void the_default_policy_is_sound(void **state)
{
    struct reading r;
    (void)state;
    read_changed(&r, "EUR", "EUR");
    assert_int_equal(r.status, STATUS_OK);
    const struct policy *p = r.policy;
    assert_text(p->id, "trade-credit");
    assert_text(p->version, "2026.11.0");
    assert_int_equal(p->currency, CURRENCY_EUR);
    assert_int_equal(p->excluded_division_count, 3);
    assert_int_equal(p->excluded_divisions[2], 66);
    assert_true(p->excludes_public_bodies);
    assert_int_equal(p->rule_count, RULE_COUNT);
    assert_int_equal(p->rules[1].rule, RULE_LIQUIDATION_OPEN);
    assert_true(p->rules[1].decides);
    assert_int_equal(p->rules[7].at_best, RECOMMEND_ACCEPT_WITH_GUARANTEES);
    assert_int_equal(p->rules[7].grade_at_best, GRADE_D3);
    assert_int_equal(p->rules[9].grade_at_best, GRADE_A1);
    assert_int_equal(p->margin_ppm, 30000);
    assert_int_equal(p->decline_pd_ppm, 200000);
    assert_int_equal(p->guarantee_count, 4);
    assert_int_equal(p->guarantees[1].type, GUARANTEE_CREDIT_INSURANCE);
    assert_int_equal(p->guarantees[1].lgd_ppm, 250000);
    assert_int_equal(p->equity_share_ppm[3], 80000);
    assert_int_equal(p->turnover_share_ppm[4], 5000);
    assert_int_equal(p->multiplier_ppm[6], 0);
    assert_int_equal(p->appetite.minor, 50000000);
    assert_int_equal(p->smallest_limit.minor, 50000);
    assert_int_equal(p->outdated_months, 24);
    assert_int_equal(p->small_ticket.minor, 100000);
    finish(&r);
}

static void amounts_may_be_numbers_and_other_currencies(void **state)
{
    struct reading r;
    (void)state;
    read_changed(&r, "\"500000.00\"", "5e5");
    assert_int_equal(r.status, STATUS_OK);
    assert_int_equal(r.policy->appetite.minor, 50000000);
    finish(&r);
    read_changed(&r, "\"EUR\"", "\"GBP\"");
    assert_int_equal(r.status, STATUS_OK);
    assert_int_equal(r.policy->appetite.currency, CURRENCY_GBP);
    finish(&r);
}

static void description_is_for_people_and_may_be_missing(void **state)
{
    struct reading r;
    (void)state;
    read_changed(&r,
                 "\"description\": \"Trade credit to European companies: open account at 60 days, "
                 "decided on the upper bound of the PD.\",",
                 "");
    assert_int_equal(r.status, STATUS_OK);
    finish(&r);
}

static const struct {
    const char *from, *to;
    const char *pointer, *code;
} broken[] = {
  /* the head */
    {"\"aval-policy\"",                                                             "\"aval-model\"",                                                           "/format",                              "unknown_value"  },
    {"\"format\": \"aval-policy\",",                                                "",                                                                         "/format",                              "required"       },
    {"\"format_version\": 1",                                                       "\"format_version\": 2",                                                    "/format_version",                      "unknown_value"  },
    {"\"format_version\": 1",                                                       "\"format_version\": \"1\"",                                                "/format_version",                      "wrong_type"     },
    {"\"id\": \"trade-credit\",",                                                   "",                                                                         "/id",                                  "required"       },
    {"\"trade-credit\"",                                                            "\"Trade credit\"",                                                         "/id",                                  "bad_name"       },
    {"\"trade-credit\"",                                                            "\"\"",                                                                     "/id",                                  "bad_name"       },
    {"\"trade-credit\"",                                                            "\"a\\u0001b\"",                                                            "/id",                                  "bad_name"       },
    {"\"trade-credit\"",                                                            "\"a23456789a23456789a23456789a23456789a23456789a23456789a23456789a2345\"",
     "/id",                                                                                                                                                                                             "bad_name"       },
    {"\"2026.11.0\"",                                                               "2026",                                                                     "/version",                             "wrong_type"     },
    {"\"2026.11.0\"",                                                               "\"2026/11\"",                                                              "/version",                             "bad_name"       },
    {"\"EUR\"",                                                                     "\"EURO\"",                                                                 "/currency",                            "unknown_value"  },
    {"\"EUR\"",                                                                     "978",                                                                      "/currency",                            "wrong_type"     },
    {"\"perimeter\"",                                                               "\"perimetre\"",                                                            "/perimeter",                           "required"       },
    {"\"perimeter\"",                                                               "\"perimetre\"",                                                            "/perimetre",                           "unknown_member" },
    {"\"description\": \"Trade",                                                    "\"description\": 1, \"note\": \"Trade",                                    "/description",
     "wrong_type"                                                                                                                                                                                                        },
    {"\"description\": \"Trade",                                                    "\"description\": \"\", \"note\": \"Trade",                                 "/note",
     "unknown_member"                                                                                                                                                                                                    },
 /* the perimeter */
    {"\"64\"",                                                                      "64",                                                                       "/perimeter/excluded_divisions/0",      "not_a_division" },
    {"\"64\"",                                                                      "\"00\"",                                                                   "/perimeter/excluded_divisions/0",      "not_a_division" },
    {"\"64\"",                                                                      "\"6\"",                                                                    "/perimeter/excluded_divisions/0",      "not_a_division" },
    {"\"64\"",                                                                      "\"6A\"",                                                                   "/perimeter/excluded_divisions/0",      "not_a_division" },
    {"\"65\"",                                                                      "\"64\"",                                                                   "/perimeter/excluded_divisions/1",      "not_a_division" },
    {"[\"64\", \"65\", \"66\"]",                                                    "\"64\"",                                                                   "/perimeter/excluded_divisions",        "wrong_type"     },
    {"\"exclude_public_bodies\": true",                                             "\"exclude_public_bodies\": 1",
     "/perimeter/exclude_public_bodies",                                                                                                                                                                "wrong_type"     },
    {"\"exclude_associations\": true,",                                             "",                                                                         "/perimeter/exclude_associations",      "required"       },
    {"\"exclude_idle_holdings\"",                                                   "\"exclude_idle_holding\"",                                                 "/perimeter/exclude_idle_holding",
     "unknown_member"                                                                                                                                                                                                    },
 /* rules */
    {"\"rules\": [",                                                                "\"rules\": {}, \"x\": [",                                                  "/rules",                               "wrong_type"     },
    {"{ \"rule\": \"struck_off\",                \"decides\": true }",              "1",                                                                        "/rules/0",
     "wrong_type"                                                                                                                                                                                                        },
    {"{ \"rule\": \"struck_off\",                \"decides\": true },",             "",                                                                         "/rules",
     "rule_required"                                                                                                                                                                                                     },
    {"\"liquidation_open\"",                                                        "\"liquidation\"",                                                          "/rules/1/rule",                        "unknown_rule"   },
    {"\"safeguard_open\"",                                                          "\"safegard_open\"",                                                        "/rules/3/rule",                        "unknown_rule"   },
    {"\"plan_running\"",                                                            "\"struck_off\"",                                                           "/rules/4/rule",                        "duplicate"      },
    {"\"rule\": \"plan_running\",",                                                 "",                                                                         "/rules/4/rule",                        "required"       },
    {"\"rule\": \"plan_running\"",                                                  "\"rule\": null",                                                           "/rules/4/rule",                        "wrong_type"     },
    {"\"at_best\": \"refer\"",                                                      "\"at_best\": \"reffer\"",                                                  "/rules/4/at_best",                     "unknown_value"  },
    {"\"at_best\": \"refer\",  ",                                                   "",                                                                         "/rules/4/at_best",                     "required"       },
    {"\"grade_at_best\": \"E1\"",                                                   "\"grade_at_best\": \"E4\"",                                                "/rules/4/grade_at_best",
     "unknown_value"                                                                                                                                                                                                     },
    {"\"grade_at_best\": \"E1\"",                                                   "\"grade_at_best\": \"P\"",                                                 "/rules/4/grade_at_best",
     "unknown_value"                                                                                                                                                                                                     },
    {"\"grade_at_best\": \"E1\"",                                                   "\"grade\": \"E1\"",                                                        "/rules/4/grade",                       "unknown_member" },
    {"\"decides\": true",                                                           "\"decides\": \"yes\"",                                                     "/rules/0/decides",                     "wrong_type"     },
    {"\"decides\": true",                                                           "\"decides\": true, \"at_best\": \"refer\"",                                "/rules/0/at_best",
     "not_with_decides"                                                                                                                                                                                                  },
    {"\"decides\": true",                                                           "\"decides\": true, \"grade_at_best\": \"E1\"",                             "/rules/0/grade_at_best",
     "not_with_decides"                                                                                                                                                                                                  },
    {"\"rule\": \"negative_equity\",           \"at_best\": \"accept_with_guarantees\", "
     "\"grade_at_best\": \"D3\"",                                              "\"rule\": \"negative_equity\", \"decides\": true",                         "/rules/7/decides",                     "not_a_knock_out"},
 /* threshold */
    {"\"margin_ratio\": 0.03",                                                      "\"margin_ratio\": \"0.03\"",                                               "/threshold/margin_ratio",
     "wrong_type"                                                                                                                                                                                                        },
    {"\"margin_ratio\": 0.03",                                                      "\"margin_ratio\": 3",                                                      "/threshold/margin_ratio",              "out_of_range"   },
    {"\"margin_ratio\": 0.03",                                                      "\"margin_ratio\": 0",                                                      "/threshold/margin_ratio",              "out_of_range"   },
    {"\"margin_ratio\": 0.03",                                                      "\"margin_ratio\": 0.0300001",                                              "/threshold/margin_ratio",
     "too_precise"                                                                                                                                                                                                       },
    {"\"margin_ratio\": 0.03,",                                                     "",                                                                         "/threshold/margin_ratio",              "required"       },
    {"\"margin_ratio\"",                                                            "\"margin_ration\"",                                                        "/threshold/margin_ration",             "unknown_member" },
    {"\"margin_ratio\": 0.03",                                                      "\"margin_ratio\": 0.002",                                                  "/threshold/margin_ratio",
     "contradiction"                                                                                                                                                                                                     },
    {"\"cost_ratio\": 0.005",                                                       "\"cost_ratio\": -0.005",                                                   "/threshold/cost_ratio",                "out_of_range"   },
    {"\"ageing_days\": 90",                                                         "\"ageing_days\": 90.5",                                                    "/threshold/ageing_days",               "too_precise"    },
    {"\"ageing_days\": 90",                                                         "\"ageing_days\": 0",                                                       "/threshold/ageing_days",               "out_of_range"   },
    {"\"terms_days\": 60",                                                          "\"terms_days\": 3651",                                                     "/threshold/terms_days",                "out_of_range"   },
    {"\"decline_probability\": 0.2",                                                "\"decline_probability\": 1.1",
     "/threshold/decline_probability",                                                                                                                                                                  "out_of_range"   },
    {"\"decline_probability\": 0.2",                                                "\"decline_probability\": 0.15",
     "/guarantees/2/highest_probability",                                                                                                                                                               "above_decline"  },
 /* guarantees */
    {"\"type\": \"retention_of_title\",",                                           "",                                                                         "/guarantees/0/type",                   "required"       },
    {"\"retention_of_title\"",                                                      "\"retention\"",                                                            "/guarantees/0/type",                   "unknown_value"  },
    {"\"credit_insurance\"",                                                        "\"retention_of_title\"",                                                   "/guarantees/1/type",                   "duplicate"      },
    {"{ \"type\": \"cash_deposit\",       \"lgd_ratio\": 0,    \"highest_probability\": 0.2,  "
     "\"tenor_months\": 12 }",                                                 "[]",                                                                       "/guarantees/3",                        "wrong_type"     },
    {"\"lgd_ratio\": 0.65",                                                         "\"lgd_ratio\": 0.9",                                                       "/guarantees/0/lgd_ratio",              "not_monotone"   },
    {"\"lgd_ratio\": 0.25",                                                         "\"lgd_ratio\": 0.7",                                                       "/guarantees/1/lgd_ratio",              "not_monotone"   },
    {"\"highest_probability\": 0.12",                                               "\"highest_probability\": 0.08",
     "/guarantees/1/highest_probability",                                                                                                                                                               "not_monotone"   },
    {"\"tenor_months\": 12",                                                        "\"tenor_months\": 0",                                                      "/guarantees/0/tenor_months",           "out_of_range"   },
    {"\"tenor_months\": 12",                                                        "\"tenor\": 12",                                                            "/guarantees/0/tenor_months",           "required"       },
 /* limit */
    {"\"B\": {",                                                                    "\"b\": {",                                                                 "/limit/by_grade/B",                    "required"       },
    {"\"B\": {",                                                                    "\"b\": {",                                                                 "/limit/by_grade/b",                    "unknown_member" },
    {"\"equity_share_ratio\": 0.2",                                                 "\"equity_share_ratio\": 0.31",
     "/limit/by_grade/B/equity_share_ratio",                                                                                                                                                            "not_monotone"   },
    {"\"turnover_share_ratio\": 0.06",                                              "\"turnover_share_ratio\": 0.09",
     "/limit/by_grade/B/turnover_share_ratio",                                                                                                                                                          "not_monotone"   },
    {"\"multiplier_ratio\": 0.5",                                                   "\"multiplier_ratio\": 1.5",                                                "/limit/by_grade/E/multiplier_ratio",
     "out_of_range"                                                                                                                                                                                                      },
    {"\"F\": { \"equity_share_ratio\": 0,    \"turnover_share_ratio\": 0,     "
     "\"multiplier_ratio\": 0 },\n      \"P\": { \"equity_share_ratio\": 0, ", "\"F\": { \"equity_share_ratio\": 0.01, \"turnover_share_ratio\": 0, \"multiplier_ratio\": 0 "
     "},\n      \"P\": { \"equity_share_ratio\": 0.01, ",                    "/limit/by_grade/P/equity_share_ratio", "out_of_range"   },
    {"\"by_grade\": {",                                                             "\"by_grade\": 1, \"x\": {",                                                "/limit/by_grade",                      "wrong_type"     },
    {"\"500000.00\"",                                                               "\"500 000\"",                                                              "/limit/appetite",                      "not_an_amount"  },
    {"\"500000.00\"",                                                               "\"500000.001\"",                                                           "/limit/appetite",                      "not_an_amount"  },
    {"\"500000.00\"",                                                               "\"0.00\"",                                                                 "/limit/appetite",                      "out_of_range"   },
    {"\"500000.00\"",                                                               "\"10000000000.01\"",                                                       "/limit/appetite",                      "out_of_range"   },
    {"\"500000.00\"",                                                               "{\"amount\":\"1\"}",                                                       "/limit/appetite",                      "wrong_type"     },
    {"\"expected_loss_budget\": \"5000.00\",",                                      "",                                                                         "/limit/expected_loss_budget",          "required"       },
    {"\"round_down_to\": \"100.00\"",                                               "\"round_down_to\": \"0.00\"",                                              "/limit/round_down_to",
     "out_of_range"                                                                                                                                                                                                      },
    {"\"round_down_to\": \"100.00\"",                                               "\"round_down_to\": \"600000.00\"",                                         "/limit/round_down_to",
     "contradiction"                                                                                                                                                                                                     },
    {"\"smallest_limit\": \"500.00\"",                                              "\"smallest_limit\": \"-1.00\"",                                            "/limit/smallest_limit",
     "out_of_range"                                                                                                                                                                                                      },
    {"\"smallest_limit\": \"500.00\"",                                              "\"smallest_limit\": \"600000.00\"",                                        "/limit/smallest_limit",
     "contradiction"                                                                                                                                                                                                     },
    {"\"review_days\": 60",                                                         "\"review_days\": 91",                                                      "/limit/review_days",                   "contradiction"  },
    {"\"valid_days\": 90",                                                          "\"valid_days\": 0",                                                        "/limit/valid_days",                    "out_of_range"   },
    {"\"per_order_ratio\": 0.5",                                                    "\"per_order_ratio\": 0",                                                   "/limit/per_order_ratio",
     "out_of_range"                                                                                                                                                                                                      },
 /* accounts and thin files */
    {"\"outdated_months\": 24",                                                     "\"outdated_months\": 18",                                                  "/accounts/outdated_months",
     "contradiction"                                                                                                                                                                                                     },
    {"\"stale_months\": 18",                                                        "\"stale_months\": 121",                                                    "/accounts/stale_months",               "out_of_range"   },
    {"\"minimum_coverage_ratio\": 0.5",                                             "\"minimum_coverage_ratio\": true",
     "/accounts/minimum_coverage_ratio",                                                                                                                                                                "wrong_type"     },
    {"\"small_ticket\": \"1000.00\"",                                               "\"small_ticket\": \"1000000.00\"",                                         "/thin/small_ticket",
     "contradiction"                                                                                                                                                                                                     },
    {"\"thin\": {",                                                                 "\"thin\": null, \"y\": {",                                                 "/thin",                                "wrong_type"     },
    {NULL,                                                                          "[]",                                                                       "",                                     "wrong_type"     },
    {NULL,                                                                          "{",                                                                        "",                                     "malformed_json" },
    {NULL,                                                                          "",                                                                         "",                                     "malformed_json" },
    {NULL,                                                                          "{\"id\":\"a\",\"id\":\"b\"}",                                              "",                                     "malformed_json" },
};

static void each_fault_is_told_by_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
        struct reading r;
        bool is_told = false;
        read_changed(&r, broken[i].from, broken[i].to);
        for (uint32_t k = 0; k < r.v->count; k++) {
            is_told = is_told || (str_eq(r.v->items[k].pointer, str_from(broken[i].pointer)) &&
                                  strcmp(r.v->items[k].code, broken[i].code) == 0);
        }
        if (r.status != STATUS_INVALID || !is_told || r.policy != NULL) {
            print_error("row %zu: \"%s\" should tell %s at %s\n", i, broken[i].to, broken[i].code,
                        broken[i].pointer);
            for (uint32_t k = 0; k < r.v->count; k++) {
                print_error("  %s at %.*s\n", r.v->items[k].code, STR_ARGS(r.v->items[k].pointer));
            }
            fail();
        }
        finish(&r);
    }
}

static void a_near_miss_is_answered_with_what_was_meant(void **state)
{
    static const struct {
        const char *from, *to, *detail;
    } rows[] = {
        {"\"safeguard_open\"", "\"safegard_open\"",
         "There is no such rule; did you mean \"safeguard_open\"?"},
        {"\"cost_ratio\"",     "\"costs_ratio\"",
         "There is no such member; did you mean \"cost_ratio\"?"  },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct reading r;
        bool is_told = false;
        read_changed(&r, rows[i].from, rows[i].to);
        for (uint32_t k = 0; k < r.v->count; k++) {
            is_told = is_told || str_eq(r.v->items[k].detail, str_from(rows[i].detail));
        }
        assert_true(is_told);
        finish(&r);
    }
}

static void all_faults_are_told_at_once(void **state)
{
    struct reading r;
    (void)state;
    read_changed(&r, NULL,
                 "{\"format\":\"aval-policy\",\"format_version\":1,\"id\":\"x\",\"version\":\"1\","
                 "\"currency\":\"XXX\"}");
    assert_int_equal(r.status, STATUS_INVALID);
    assert_int_equal(r.v->total, 8); /* the currency, and seven sections */
    finish(&r);
}

static void a_policy_that_is_too_long_is_refused(void **state)
{
    struct reading r;
    char *blanks = malloc(POLICY_LEN_MAX + 1);
    (void)state;
    assert_non_null(blanks);
    memset(blanks, ' ', POLICY_LEN_MAX);
    blanks[POLICY_LEN_MAX] = '\0';
    read_changed(&r, "{", "{");
    finish(&r);
    read_changed(&r, NULL, blanks);
    assert_int_equal(r.status, STATUS_INVALID); /* at the limit it is read, and is no policy */
    finish(&r);
    read_changed(&r, "{", blanks);
    assert_int_equal(r.status, STATUS_TOO_LARGE);
    finish(&r);
    free(blanks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_policy_is_sound),
        cmocka_unit_test(amounts_may_be_numbers_and_other_currencies),
        cmocka_unit_test(description_is_for_people_and_may_be_missing),
        cmocka_unit_test(each_fault_is_told_by_its_place),
        cmocka_unit_test(a_near_miss_is_answered_with_what_was_meant),
        cmocka_unit_test(all_faults_are_told_at_once),
        cmocka_unit_test(a_policy_that_is_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
