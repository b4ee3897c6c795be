/* test_decision_body.c - the members of an answer: which stand when, and what is never there.
 *
 * Requests are written with ' for ", so that they can be read. */
#include "wire/decision_body.h"

#include "../expect.h"

#include <stdio.h>

enum { TEXT_MAX = 16 * 1024 * 1024 };

static struct model *model;
static struct policy *policy;

/* One request, decided and written. */
struct answer {
    struct arena arena;
    struct decision_request *request;
    struct decision decision;
    struct buf body, words;
    const struct json *top;
};

static struct buf read_file(const char *path)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (int c = fgetc(file); c != EOF; c = fgetc(file)) {
        buf_append_byte(&text, (char)c);
    }
    assert_int_equal(fclose(file), 0);
    return text;
}

static int set_up(void **state)
{
    struct error err = {{0}, {0}};
    struct arena arena;
    struct buf model_text = read_file(TINY_MODEL), policy_text = read_file(DEFAULT_POLICY);
    (void)state;
    arena_init(&arena, TEXT_MAX);
    struct violations *v = arena_new(&arena, struct violations);
    assert_non_null(v);
    violations_init(v, &arena);
    assert_int_equal(model_read(&model, buf_str(&model_text), &err), STATUS_OK);
    assert_int_equal(policy_read(&policy, buf_str(&policy_text), v, &err), STATUS_OK);
    memset(model->sha256, 'a', 64);
    memset(policy->sha256, 'b', 64);
    arena_finish(&arena);
    buf_finish(&model_text);
    buf_finish(&policy_text);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    model_destroy(model);
    policy_destroy(policy);
    return 0;
}

static struct str double_quoted(struct arena *arena, const char *text)
{
    struct str copy = arena_copy(arena, str_from(text));
    for (char *c = (char *)(uintptr_t)copy.ptr; *c != '\0'; c++) {
        *c = *c == '\'' ? '"' : *c;
    }
    return copy;
}

static void answer(struct answer *a, const char *text)
{
    struct json_error bad = {0};
    arena_init(&a->arena, TEXT_MAX);
    struct violations *v = arena_new(&a->arena, struct violations);
    a->request = arena_new(&a->arena, struct decision_request);
    violations_init(v, &a->arena);
    const struct json *root = json_read(double_quoted(&a->arena, text), &a->arena, &bad);
    if (root == NULL || decision_request_read(a->request, root, (struct date){2026, 11, 22},
                                              &a->arena, v) != STATUS_OK) {
        fail_msg("%s %.*s: %.*s", bad.message, STR_ARGS(v->items[0].pointer),
                 STR_ARGS(v->items[0].detail));
    }
    struct decision_input in = {&a->request->facts, &a->request->asked, policy, model};
    decision_make(&a->decision, &in);
    buf_init(&a->body, TEXT_MAX);
    buf_init(&a->words, TEXT_MAX);
    decision_body_write(&a->body, a->request, &a->decision, model, policy, "c0ffee");
    decision_words_write(&a->words, a->request, &a->decision, model, policy);
    a->top = json_read(buf_str(&a->body), &a->arena, &bad);
    assert_non_null(a->top);
}

static void finish(struct answer *a)
{
    buf_finish(&a->body);
    buf_finish(&a->words);
    arena_finish(&a->arena);
}

/* The value at a pointer, as JSON text; "" if there is nothing. */
static struct str at(struct answer *a, const char *pointer)
{
    const struct json *node = a->top;
    struct str path = str_from(pointer);
    for (size_t from = 1; from <= path.len && node != NULL;) {
        size_t end = str_find(path, from, '/');
        struct str name = str_slice(path, from, end);
        if (node->type == JSON_ARRAY) {
            unsigned index = 0;
            for (size_t i = 0; i < name.len; i++) {
                index = index * 10 + (unsigned)(name.ptr[i] - '0');
            }
            for (node = node->first; node != NULL && node->index != index; node = node->next) {
            }
        } else {
            node = node->type == JSON_OBJECT ? json_find(node, name) : NULL;
        }
        from = end + 1;
    }
    if (node == NULL) {
        return STR("");
    }
    struct buf text;
    buf_init(&text, TEXT_MAX);
    json_write_canonical(&text, node);
    struct str copy = arena_copy(&a->arena, buf_str(&text));
    buf_finish(&text);
    return copy;
}

struct expectation {
    const char *pointer, *want; /* "" wants nothing to be there */
};

static void expect(struct answer *a, const struct expectation *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str got = at(a, rows[i].pointer);
        struct str want = double_quoted(&a->arena, rows[i].want);
        if (!str_eq(got, want)) {
            print_error("%s is %.*s, not %.*s\n", rows[i].pointer, STR_ARGS(got), STR_ARGS(want));
            fail();
        }
    }
}

#define SOUND_ACCOUNTS                                                                             \
    "{'period_end':'2025-12-31','currency':'EUR','items':{'total_assets':1200000,'current_assets'" \
    ":900000,"                                                                                     \
    "'inventories':200000,'cash':300000,'equity':600000,'total_liabilities':600000,"               \
    "'current_liabilities':400000,'revenue':2400000,'ebit':120000,'net_income':86000,"             \
    "'depreciation_and_amortization':50000,'profit_before_tax':114000,'income_tax':28000}}"
#define COMPANY                                                                                    \
    "'company':{'identifiers':[{'scheme':'siren','value':'732829320','country':'FR'}],'name':'"    \
    "Comptoir',"                                                                                   \
    "'country':'FR','legal_form':'SAS','activity':{'nomenclature':'naf_rev2','code':'4669B'},"     \
    "'incorporated_on':'2001-03-01','employees':12}"
#define ASKED                                                                                      \
    "'request':{'product':'trade_credit','amount':{'amount':'10000.00','currency':'EUR'},'terms_"  \
    "days':60}"

static void a_scored_decision_has_every_member(void **state)
{
    static const struct expectation rows[] = {
        {"/status",                       "'scored'"                                                                           },
        {"/recommendation",               "'accept'"                                                                           },
        {"/as_of",                        "'2026-11-22'"                                                                       },
        {"/engine",                       "1"                                                                                  },
        {"/score/min",                    "0"                                                                                  },
        {"/score/max",                    "1000"                                                                               },
        {"/score/direction",              "'higher_is_better'"                                                                 },
        {"/pd/horizon_months",            "12"                                                                                 },
        {"/pd/default_definition",        "'insolvency_12m'"                                                                   },
        {"/pd/philosophy",                "'point_in_time'"                                                                    },
        {"/pd/interval/level",            "0.9"                                                                                },
        {"/pd/term_structure/0/months",   "3"                                                                                  },
        {"/pd/term_structure/3/months",   "36"                                                                                 },
        {"/guarantees",                   "[]"                                                                                 },
        {"/human_review",                 ""                                                                                   },
        {"/not_scorable_reason",          ""                                                                                   },
        {"/limit/currency",               "'EUR'"                                                                              },
        {"/limit/requested",              "'10000.00'"                                                                         },
        {"/limit/recommended",            "'10000.00'"                                                                         },
        {"/limit/exposure",               "'0.00'"                                                                             },
        {"/limit/available",              "'10000.00'"                                                                         },
        {"/limit/binding_constraint",     "'requested_amount'"                                                                 },
        {"/limit/constraints/0/name",     "'equity_capacity'"                                                                  },
        {"/limit/constraints/0/assumed",  ""                                                                                   },
        {"/limit/constraints/5/name",     "'requested_amount'"                                                                 },
        {"/limit/constraints/6",          ""                                                                                   },
        {"/limit/valid_until",            "'2027-02-20'"                                                                       },
        {"/limit/review_at",              "'2027-01-21'"                                                                       },
        {"/expected_loss/currency",       "'EUR'"                                                                              },
        {"/expected_loss/lgd_ratio",      "0.85"                                                                               },
        {"/threshold",                    "{'pd':0.073672,'terms_days':60}"                                                    },
        {"/rules",                        "[]"                                                                                 },
        {"/families/statistical/version", "'2026.11.0'"                                                                        },
        {"/model/id",                     "'tiny'"                                                                             },
        {"/model/sha256",                 "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'"                 },
        {"/policy/id",                    "'trade-credit'"                                                                     },
        {"/policy/sha256",                "'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'"                 },
        {"/input_sha256",                 "'c0ffee'"                                                                           },
        {"/company/identifiers/0",        "{'country':'FR','scheme':'siren','value':'732829320'}"                              },
        {"/company/activity",             "{'code':'4669B','nomenclature':'naf_rev2'}"                                         },
        {"/company/name",                 "'Comptoir'"                                                                         },
        {"/company/employees",            "12"                                                                                 },
        {"/company/incorporated_on",      "'2001-03-01'"                                                                       },
        {"/company/legal_form",           "'SAS'"                                                                              },
        {"/request",                      "{'amount':{'amount':'10000.00','currency':'EUR'},'product':'trade_credit','"
                     "terms_days':60}"                                                                     },
        {"/purpose",                      "null"                                                                               },
        {"/legal_basis",                  "null"                                                                               },
        {"/consent",                      "null"                                                                               },
        {"/data_quality/sanctions",       "'not_checked'"                                                                      },
        {"/data_quality/registers",       "'not_checked'"                                                                      },
        {"/data_quality/blocks",          "{'bank':'missing','financial':'used','firmographic':'used','"
                                 "graph':'missing','legal':'missing','payment':'missing'}"     },
        {"/data_quality/statement",       "{'basis':'individual','currency':'EUR','months':12,'period_"
                                    "end':'2025-12-31','pointer':'/financial_statements/0'}"},
        {"/reasons/0/direction",          "'positive'"                                                                         },
        {"/reasons/0/family",             "'statistical'"                                                                      },
    };
    struct answer a;
    (void)state;
    answer(&a, "{" COMPANY "," ASKED ",'financial_statements':[" SOUND_ACCOUNTS "]}");
    expect(&a, rows, ARRAY_LEN(rows));
    assert_true(at(&a, "/score/value").len > 0);
    assert_true(at(&a, "/data_quality/coverage").len > 0);
    finish(&a);
}

/* Where trees give the PD, it is theirs, and so is each reason. */
static void a_decision_by_trees_says_so(void **state)
{
    struct answer a;
    struct model *card = model;
    struct buf forest = read_file(TINY_FOREST);
    (void)state;
    model = NULL;
    assert_int_equal(model_read(&model, buf_str(&forest), NULL), STATUS_OK);
    memset(model->sha256, 'a', 64);
    answer(&a, "{" COMPANY "," ASKED ",'financial_statements':[" SOUND_ACCOUNTS "]}");
    assert_true(str_eq(at(&a, "/families/machine_learned/pd"), at(&a, "/pd/value")));
    assert_true(at(&a, "/families/statistical/context").len > 0);
    assert_int_equal(at(&a, "/families/statistical/pd").len, 0);
    assert_true(at(&a, "/reasons/0").len > 0);
    struct str family = at(&a, "/reasons/0/family");
    assert_true(str_eq(family, STR("\"machine_learned\"")));
    struct buf canonical;
    buf_init(&canonical, TEXT_MAX);
    json_write_canonical(&canonical, a.top);
    assert_true(str_eq(buf_str(&a.body), buf_str(&canonical)));
    buf_finish(&canonical);
    finish(&a);
    model_destroy(model);
    buf_finish(&forest);
    model = card;
}

static void the_body_is_canonical_and_the_same_twice(void **state)
{
    struct answer a, b;
    struct buf canonical;
    (void)state;
    const char *text = "{" COMPANY "," ASKED ",'financial_statements':[" SOUND_ACCOUNTS "]}";
    answer(&a, text);
    answer(&b, text);
    assert_true(str_eq(buf_str(&a.body), buf_str(&b.body)));
    buf_init(&canonical, TEXT_MAX);
    json_write_canonical(&canonical, a.top);
    assert_true(str_eq(buf_str(&a.body), buf_str(&canonical)));
    buf_clear(&canonical);
    struct json_error bad;
    json_write_canonical(&canonical, json_read(buf_str(&a.words), &a.arena, &bad));
    assert_true(str_eq(buf_str(&a.words), buf_str(&canonical)));
    buf_finish(&canonical);
    finish(&a);
    finish(&b);
}

static void language_and_audience_do_not_touch_the_body(void **state)
{
    struct answer a, b;
    (void)state;
    answer(&a,
           "{" COMPANY "," ASKED ",'language':'fr','financial_statements':[" SOUND_ACCOUNTS "]}");
    answer(&b,
           "{" COMPANY "," ASKED
           ",'language':'es','audience':'applicant','financial_statements':[" SOUND_ACCOUNTS "]}");
    assert_true(str_eq(buf_str(&a.body), buf_str(&b.body)));
    assert_false(str_eq(buf_str(&a.words), buf_str(&b.words)));
    finish(&a);
    finish(&b);
}

static void contributions_add_up_as_written(void **state)
{
    struct answer a;
    int64_t sum, points;
    struct decimal value;
    (void)state;
    answer(&a, "{" COMPANY "," ASKED ",'financial_statements':[" SOUND_ACCOUNTS "]}");
    assert_true(decimal_read(&value, at(&a, "/contributions/base")) &&
                decimal_to_scaled(&sum, value, 1));
    const struct json *items = json_find(json_find(a.top, STR("contributions")), STR("items"));
    for (const struct json *item = items->first; item != NULL; item = item->next) {
        assert_true(decimal_read(&value, json_find(item, STR("points"))->text));
        assert_true(decimal_to_scaled(&points, value, 1));
        sum += points;
    }
    assert_true(decimal_read(&value, at(&a, "/contributions/total")) &&
                decimal_to_scaled(&points, value, 1));
    assert_int_equal(sum, points);
    assert_true(str_eq(at(&a, "/contributions/total"), at(&a, "/score/value")));
    finish(&a);
}

static void a_rule_gives_no_score(void **state)
{
    static const struct expectation rows[] = {
        {"/status",                        "'decided_by_rule'"                                                         },
        {"/recommendation",                "'decline'"                                                                 },
        {"/grade",                         "'P'"                                                                       },
        {"/score",                         ""                                                                          },
        {"/pd",                            ""                                                                          },
        {"/contributions",                 ""                                                                          },
        {"/families",                      ""                                                                          },
        {"/expected_loss",                 ""                                                                          },
        {"/threshold",                     ""                                                                          },
        {"/reasons",                       "[{'code':'R002','direction':'negative','family':'policy','theme':'legal'}]"},
        {"/rules",                         "['R002']"                                                                  },
        {"/limit/recommended",             "'0.00'"                                                                    },
        {"/limit/constraints",             "[]"                                                                        },
        {"/limit/binding_constraint",      ""                                                                          },
        {"/data_quality/blocks/financial", "'not_used'"                                                                },
        {"/data_quality/blocks/legal",     "'used'"                                                                    },
        {"/data_quality/coverage",         ""                                                                          },
    };
    struct answer a;
    (void)state;
    answer(&a, "{" COMPANY "," ASKED ",'financial_statements':[" SOUND_ACCOUNTS "],"
               "'legal_events':[{'type':'insolvency.liquidation_opened','date':'2026-01-05','"
               "source':'bodacc','reference':'x'}]}");
    expect(&a, rows, ARRAY_LEN(rows));
    finish(&a);
}

static void outside_the_perimeter_there_is_a_reason_and_no_limit(void **state)
{
    static const struct {
        const char *activity, *form, *currency, *want;
    } cases[] = {
        {"6419Z", "SA",          "EUR", "'financial_institution'"},
        {"6420Z", "SAS",         "EUR", "'idle_holding'"         },
        {"4669B", "Association", "EUR", "'association'"          },
        {"8411Z", "SAS",         "EUR", "'public_body'"          },
        {"4669B", "SAS",         "USD", "'unusable_currency'"    },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct expectation rows[] = {
            {"/status",              "'not_scorable'"},
            {"/not_scorable_reason", cases[i].want   },
            {"/recommendation",      "'refer'"       },
            {"/score",               ""              },
            {"/pd",                  ""              },
            {"/limit",               ""              },
            {"/grade",               ""              },
            {"/expected_loss",       ""              },
            {"/threshold",           ""              },
            {"/reasons/0/theme",     "'perimeter'"   },
            {"/reasons/1",           ""              },
            {"/guarantees",          "[]"            },
        };
        char text[1024];
        struct answer a;
        (void)snprintf(text, sizeof text,
                       "{'company':{'identifiers':[{'scheme':'siren','value':'732829320'}],'legal_"
                       "form':'%s','country':'FR',"
                       "'activity':{'nomenclature':'naf_rev2','code':'%s'}},"
                       "'request':{'amount':{'amount':'10000.00','currency':'%s'}}}",
                       cases[i].form, cases[i].activity, cases[i].currency);
        answer(&a, text);
        expect(&a, rows, ARRAY_LEN(rows));
        finish(&a);
    }
}

static void a_thin_file_says_what_it_lacked(void **state)
{
    static const struct expectation rows[] = {
        {"/status",                           "'thin'"                                                },
        {"/recommendation",                   "'refer'"                                               },
        {"/data_quality/coverage",            "0"                                                     },
        {"/data_quality/blocks/financial",    "'missing'"                                             },
        {"/data_quality/blocks/firmographic", "'missing'"                                             },
        {"/data_quality/statement",           ""                                                      },
        {"/data_quality/checks",              "[]"                                                    },
        {"/data_quality/warnings",            "[]"                                                    },
        {"/reasons/0/code",                   "'R022'"                                                },
        {"/limit/recommended",                "'0.00'"                                                },
        {"/limit/capacity",                   "'0.00'"                                                },
        {"/limit/constraints/0",              "{'assumed':true,'cap':'0.00','name':'equity_capacity'}"},
        {"/limit/requested",                  ""                                                      },
        {"/request",                          "{'product':'trade_credit'}"                            },
        {"/threshold/terms_days",             "60"                                                    },
        {"/expected_loss/amount",             "'0.00'"                                                },
        {"/families/statistical/context",     "{}"                                                    },
    };
    struct answer a;
    (void)state;
    answer(&a, "{'company':{'identifiers':[{'scheme':'siren','value':'732829320'}]}}");
    expect(&a, rows, ARRAY_LEN(rows));
    finish(&a);
}

static void warnings_point_into_the_request(void **state)
{
    static const struct expectation rows[] = {
        {"/data_quality/statement/pointer", "'/financial_statements/2'"                                                },
        {"/data_quality/warnings/0",
         "{'code':'statement_not_usable','pointer':'/financial_statements/0/months'}"                                  },
        {"/data_quality/warnings/1",        "{'code':'statement_older_than_12_months','pointer':'/"
                                     "financial_statements/2/period_end'}"         },
        {"/data_quality/warnings/2",
         "{'code':'exercise_not_12_months','pointer':'/financial_statements/2/months'}"                                },
        {"/data_quality/warnings/3",
         "{'code':'currency_differs','pointer':'/financial_statements/2/currency'}"                                    },
        {"/data_quality/warnings/4",
         "{'code':'items_derived','pointer':'/financial_statements/2/items'}"                                          },
        {"/data_quality/warnings/5",
         "{'code':'terms_above_legal_maximum','pointer':'/request/terms_days'}"                                        },
        {"/data_quality/warnings/6",        ""                                                                         },
        {"/data_quality/checks/0",          "{'code':'current_assets_within_total','gap':'100.00','ok':"
                                   "false,'pointer':'/financial_statements/2/items'}"},
        {"/limit/constraints/1/assumed",    "true"                                                                     },
    };
    struct answer a;
    (void)state;
    answer(&a, "{" COMPANY ",'request':{'terms_days':75},'financial_statements':["
               "{'period_end':'2026-06-30','months':3,'currency':'EUR','items':{'revenue':1}},"
               "{'period_end':'2024-09-30','months':12,'currency':'USD','items':{'revenue':1}},"
               "{'period_end':'2025-09-30','months':15,'currency':'USD','items':{'total_assets':"
               "1000,'current_assets':1100,'equity':400}}]}");
    expect(&a, rows, ARRAY_LEN(rows));
    finish(&a);
}

static void only_unusable_accounts_are_said_to_be_so(void **state)
{
    static const struct expectation rows[] = {
        {"/status",                        "'thin'"                },
        {"/data_quality/blocks/financial", "'not_usable'"          },
        {"/data_quality/blocks/bank",      "'not_used'"            },
        {"/data_quality/warnings/0/code",  "'statement_not_usable'"},
    };
    struct answer a;
    (void)state;
    answer(&a, "{" COMPANY ",'financial_statements':[{'period_end':'2026-06-30','months':20,'"
               "currency':'EUR','items':{'revenue':1}}],"
               "'bank_accounts':[]}");
    expect(&a, rows, ARRAY_LEN(rows));
    finish(&a);
}

static void a_guarantee_says_what_it_would_change(void **state)
{
    static const struct expectation rows[] = {
        {"/recommendation",            "'accept_with_guarantees'"                    },
        {"/guarantees/0/type",         "'cash_deposit'"                              },
        {"/guarantees/0/amount",       "{'amount':'900.00','currency':'EUR'}"        },
        {"/guarantees/0/if_met",       "{'limit':'900.00','recommendation':'accept'}"},
        {"/guarantees/0/tenor_months", "12"                                          },
        {"/limit/recommended",         "'0.00'"                                      },
    };
    struct answer a;
    (void)state;
    answer(&a, "{" COMPANY ",'request':{'amount':{'amount':'900.00','currency':'EUR'}}}");
    expect(&a, rows, ARRAY_LEN(rows));
    finish(&a);
}

static void a_natural_person_keeps_purpose_basis_and_review(void **state)
{
    static const struct expectation rows[] = {
        {"/purpose",              "'credit_granting'"                         },
        {"/legal_basis",          "'consent'"                                 },
        {"/consent",              "'cns_1'"                                   },
        {"/human_review",         "{'legal_basis':'gdpr_22_3','offered':true}"},
        {"/company/legal_nature", "'natural_person'"                          },
    };
    struct answer a;
    (void)state;
    answer(&a, "{'company':{'identifiers':[{'scheme':'siren','value':'732829320'}],'legal_form':'"
               "Entrepreneur individuel','country':'FR'},"
               "'purpose':'credit_granting','legal_basis':'consent','consent':'cns_1',"
               "'legal_events':[{'type':'struck_off','date':'2026-01-05'}]}");
    expect(&a, rows, ARRAY_LEN(rows));
    finish(&a);
}

static void a_person_told_by_the_number_has_the_review_too(void **state)
{
    static const struct expectation rows[] = {
        {"/human_review",         "{'legal_basis':'gdpr_22_3','offered':true}"},
        {"/company/legal_nature", "'natural_person'"                          },
    };
    struct answer a;
    (void)state;
    answer(&a, "{'company':{'identifiers':[{'scheme':'nif','value':'12345678Z'}]},"
               "'legal_events':[{'type':'struck_off','date':'2026-01-05'}]}");
    expect(&a, rows, ARRAY_LEN(rows));
    finish(&a);
}

static void words_have_a_text_for_each_reason(void **state)
{
    struct answer a;
    struct json_error bad;
    (void)state;
    answer(&a,
           "{" COMPANY "," ASKED ",'language':'es','financial_statements':[" SOUND_ACCOUNTS "]}");
    const struct json *words = json_read(buf_str(&a.words), &a.arena, &bad);
    assert_non_null(words);
    assert_text(json_find(words, STR("language"))->text, "es");
    assert_text(json_find(words, STR("version"))->text, WORDS_VERSION);
    assert_true(str_starts_with(json_find(words, STR("justification"))->text, STR("Recomendamos")));
    const struct json *texts = json_find(words, STR("reasons"));
    const struct json *reasons = json_find(a.top, STR("reasons"));
    assert_int_equal(texts->count, reasons->count);
    const struct json *reason = reasons->first;
    for (const struct json *text = texts->first; text != NULL;
         text = text->next, reason = reason->next) {
        assert_true(
            str_eq(json_find(text, STR("code"))->text, json_find(reason, STR("code"))->text));
        assert_true(json_find(text, STR("text"))->text.len > 0);
    }
    finish(&a);
}

#define SELF "{'scheme':'siret','value':'73282932000074'}"

static const char all_links[] =
    "'links':["
    "{'type':'owns','from':{'scheme':'ext','value':'H'},'to':" SELF ",'share_ratio':0.6},"
    "{'type':'owns','from':{'scheme':'ext','value':'T'},'to':{'scheme':'ext','value':'H'},"
    "'share_ratio':0.6,'pd':0.25},"
    "{'type':'director_of','from':{'scheme':'ext','value':'P'},'to':" SELF "},"
    "{'type':'director_of','from':{'scheme':'ext','value':'P'},'to':{'scheme':'siren','value':"
    "'356000000'},'pd':0.04},"
    "{'type':'supplies','from':" SELF ",'to':{'scheme':'ext','value':'C'},'pd':'0.3','exposure':"
    "{'amount':'200000','currency':'EUR'}}]";

static void the_network_is_told_where_there_are_links(void **state)
{
    static const struct expectation rows[] = {
        {"/families/graph/cascade",              "{'fails_with':[],'fails_with_distressed':false}"                           },
        {"/families/graph/common_directors",     "{'companies':1,'expected_failures':0.04}"                                  },
        {"/families/graph/connected_insolvency",
         "{'found':true,'path':[{'scheme':'ext','value':'T'}"
         ",{'scheme':'ext','value':'H'},{'country':'FR',"
         "'scheme':'siren','value':'732829320'}],'state':"
         "'distressed'}"                                                                                                     },
        {"/families/graph/control_chain/0",      "{'scheme':'ext','value':'T'}"                                              },
        {"/families/graph/control_chain/3",      ""                                                                          },
        {"/families/graph/debt_rank",            "0.09"                                                                      },
        {"/families/graph/debt_rank_linear",     "0.09"                                                                      },
        {"/families/graph/integrated_ownership", "[{'controls':true,'owner':{'scheme':'ext','value'"
                                                 ":'T'},'share_ratio':0.36}]"},
        {"/families/graph/neighbourhood",        "{'edges':5,'parties':5}"                                                   },
        {"/rules",                               "['R007']"                                                                  },
        {"/recommendation",                      "'refer'"                                                                   },
    };
    struct answer a;
    (void)state;
    char text[4096];
    (void)snprintf(text, sizeof text, "{%s,%s,'financial_statements':[%s],%s}", COMPANY, ASKED,
                   SOUND_ACCOUNTS, all_links);
    answer(&a, text);
    expect(&a, rows, ARRAY_LEN(rows));
    assert_true(at(&a, "/families/graph/pagerank_ratio").len > 0);
    finish(&a);
}

/* What cannot be worked out is not there; nor is any of it without links. */
static void the_network_says_only_what_it_can(void **state)
{
    static const struct expectation rows[] = {
        {"/families/graph/connected_insolvency", "{'found':false}"        },
        {"/families/graph/neighbourhood",        "{'edges':1,'parties':1}"},
        {"/families/graph/uplift",               "0"                      },
        {"/families/graph/cascade",              ""                       },
        {"/families/graph/debt_rank",            ""                       },
        {"/families/graph/integrated_ownership", ""                       },
    };
    static const struct expectation none[] = {
        {"/families/graph/neighbourhood", "" },
        {"/families/graph/uplift",        "0"},
    };
    struct answer a;
    (void)state;
    answer(&a, "{" COMPANY "," ASKED ",'links':[{'type':'supplies','from':" SELF
               ",'to':{'scheme':'ext','value':'C'}}]}");
    expect(&a, rows, ARRAY_LEN(rows));
    finish(&a);
    answer(&a, "{" COMPANY "," ASKED ",'links':[]}");
    expect(&a, none, ARRAY_LEN(none));
    finish(&a);
}

static void names_are_written_as_they_came(void **state)
{
    struct answer a;
    (void)state;
    answer(&a, "{'company':{'identifiers':[{'scheme':'siren','value':'732829320'}],'name':'"
               "Caf\xC3\xA9 \\\\ {asked} ~'}}");
    assert_text(at(&a, "/company/name"), "\"Caf\xC3\xA9 \\\\ {asked} ~\"");
    finish(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scored_decision_has_every_member),
        cmocka_unit_test(a_decision_by_trees_says_so),
        cmocka_unit_test(the_body_is_canonical_and_the_same_twice),
        cmocka_unit_test(language_and_audience_do_not_touch_the_body),
        cmocka_unit_test(contributions_add_up_as_written),
        cmocka_unit_test(a_rule_gives_no_score),
        cmocka_unit_test(outside_the_perimeter_there_is_a_reason_and_no_limit),
        cmocka_unit_test(a_thin_file_says_what_it_lacked),
        cmocka_unit_test(warnings_point_into_the_request),
        cmocka_unit_test(only_unusable_accounts_are_said_to_be_so),
        cmocka_unit_test(a_guarantee_says_what_it_would_change),
        cmocka_unit_test(a_natural_person_keeps_purpose_basis_and_review),
        cmocka_unit_test(a_person_told_by_the_number_has_the_review_too),
        cmocka_unit_test(words_have_a_text_for_each_reason),
        cmocka_unit_test(the_network_is_told_where_there_are_links),
        cmocka_unit_test(the_network_says_only_what_it_can),
        cmocka_unit_test(names_are_written_as_they_came),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
