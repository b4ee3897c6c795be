/* test_words.c - no text is missing in any language, all say the same things, and applicants are
 * told no secrets. */
#include "decide/words.h"
#include "decide/words_format.h"
#include "trial.h"

#include "../expect.h"

enum kind {
    KIND_TEXT,
    KIND_REASON,
    KIND_ADVERSE,
    KIND_FAVOURABLE,
    KIND_GUARANTEE,
    KIND_CONSTRAINT,
    KIND_COUNT
};

/* clang-format off */
static const struct {
    enum kind kind;
    const char *name;
    const char *texts[LANGUAGE_COUNT];
} rows[] = {
#define TEXT(name, en, es, fr) {KIND_TEXT, #name, {en, es, fr}},
#define REASON_TEXT(name, en, es, fr) {KIND_REASON, #name, {en, es, fr}},
#define ADVERSE_TEXT(name, en, es, fr) {KIND_ADVERSE, #name, {en, es, fr}},
#define FAVOURABLE_TEXT(name, en, es, fr) {KIND_FAVOURABLE, #name, {en, es, fr}},
#define GUARANTEE_TEXT(name, en, es, fr) {KIND_GUARANTEE, #name, {en, es, fr}},
#define CONSTRAINT_TEXT(name, en, es, fr) {KIND_CONSTRAINT, #name, {en, es, fr}},
#include "decide/words.def"
};
/* clang-format on */

static void every_list_is_complete(void **state)
{
    static const size_t wants[KIND_COUNT] = {[KIND_REASON] = REASON_COUNT,
                                             [KIND_ADVERSE] = FEATURE_COUNT,
                                             [KIND_FAVOURABLE] = FEATURE_COUNT,
                                             [KIND_GUARANTEE] = GUARANTEE_TYPE_COUNT,
                                             [KIND_CONSTRAINT] = LIMIT_CONSTRAINT_COUNT};
    size_t counts[KIND_COUNT] = {0};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        counts[rows[i].kind]++;
        for (size_t k = 0; k < i; k++) {
            assert_false(rows[i].kind == rows[k].kind && strcmp(rows[i].name, rows[k].name) == 0);
        }
    }
    for (unsigned i = KIND_TEXT + 1; i < KIND_COUNT; i++) {
        assert_int_equal(counts[i], wants[i]);
    }
}

/* How often {name} stands in a text. */
static unsigned count_of(const char *text, struct str name)
{
    unsigned count = 0;
    struct str s = str_from(text);
    for (size_t at = str_find(s, 0, '{'); at < s.len; at = str_find(s, at + 1, '{')) {
        count += str_eq(str_slice(s, at, str_find(s, at, '}')), name) ? 1 : 0;
    }
    return count;
}

static void every_language_says_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (unsigned k = 0; k < LANGUAGE_COUNT; k++) {
            struct str text = str_from(rows[i].texts[k]);
            assert_true(text.len > 0);
            assert_true(str_is_utf8(text));
            for (size_t at = str_find(text, 0, '{'); at < text.len;
                 at = str_find(text, at + 1, '{')) {
                struct str name = str_slice(text, at, str_find(text, at, '}'));
                for (unsigned other = 0; other < LANGUAGE_COUNT; other++) {
                    if (count_of(rows[i].texts[other], name) != count_of(rows[i].texts[k], name)) {
                        fail_msg("%s: %.*s} is not in every language", rows[i].name,
                                 STR_ARGS(name));
                    }
                }
            }
        }
    }
}

static void sentences_end_and_phrases_do_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (unsigned k = 0; k < LANGUAGE_COUNT; k++) {
            struct str text = str_from(rows[i].texts[k]);
            unsigned char first = (unsigned char)text.ptr[0];
            bool is_phrase = rows[i].kind != KIND_REASON &&
                             (rows[i].kind != KIND_TEXT || (first >= 'a' && first <= 'z') ||
                              str_starts_with(text, STR("\xC3\xA0 ")));
            if (str_ends_with(text, STR(".")) == is_phrase) {
                fail_msg("%s: \"%.*s\"", rows[i].name, STR_ARGS(text));
            }
            assert_int_equal(str_find(text, 0, '\n'), text.len);
            assert_false(str_ends_with(text, STR(" ")));
        }
    }
}

static struct str reason_text(struct buf *out, const struct decision *d,
                              const struct stated_reason *reason, enum language language)
{
    buf_clear(out);
    words_reason(out, d, reason, language, AUDIENCE_ANALYST);
    return buf_str(out);
}

static void every_reason_can_be_told_alone(void **state)
{
    struct trial t;
    struct buf text;
    (void)state;
    trial_begin(&t);
    buf_init(&text, 65536);
    struct decision d = *trial_decide(&t);
    for (unsigned k = 0; k < LANGUAGE_COUNT; k++) {
        for (unsigned i = 0; i < REASON_COUNT; i++) {
            struct stated_reason reason = {.is_rule = true, .reason = (enum reason)i};
            assert_true(str_ends_with(reason_text(&text, &d, &reason, (enum language)k), STR(".")));
            assert_string_equal(stated_reason_code(&d, &reason), reason_code((enum reason)i));
        }
        for (unsigned i = 0; i < FEATURE_COUNT; i++) {
            for (int32_t points = -100; points <= 100; points += 200) {
                struct stated_reason reason = {.factor = 0, .deci_points = points};
                d.score.factors[0] = (struct factor){.feature = (enum feature)i,
                                                     .is_known = true,
                                                     .value_micro = 1234567,
                                                     .deci_points = points,
                                                     .shortfall_deci = 100};
                struct str told = reason_text(&text, &d, &reason, (enum language)k);
                assert_true(str_ends_with(told, STR(".")));
                assert_in_range(told.ptr[0], 'A', 'Z');
                assert_string_equal(stated_reason_code(&d, &reason),
                                    feature_info((enum feature)i)->code);
            }
        }
    }
    buf_finish(&text);
    trial_end(&t);
}

static void values_stand_in_their_units(void **state)
{
    static const struct {
        enum feature feature;
        int64_t micro;
        int32_t points;
        enum language language;
        const char *want;
    } cases[] = {
        {FEATURE_CURRENT_RATIO, 844999,     -310, LANGUAGE_EN, "Low current ratio (0.84)."             },
        {FEATURE_CURRENT_RATIO, 845000,     -310, LANGUAGE_FR,
         "Ratio de liquidité générale faible (0,85)."                                               },
        {FEATURE_EQUITY_RATIO,  123456,     -310, LANGUAGE_ES,
         "Patrimonio neto escaso frente al activo total (12,3" NO_BREAK_SPACE "%)."                    },
        {FEATURE_STL_DAYS,      120400000,  -310, LANGUAGE_EN,
         "Short-term debts worth many days of sales (120" NO_BREAK_SPACE "days)."                      },
        {FEATURE_DSO,           1000000,    310,  LANGUAGE_EN,
         "Collection period usual among sound companies (1" NO_BREAK_SPACE "day)."                     },
        {FEATURE_STATEMENT_AGE, 1000000,    310,  LANGUAGE_ES,
         "Cuentas recientes (1" NO_BREAK_SPACE "mes)."                                                 },
        {FEATURE_AGE_YEARS,     2990000,    -310, LANGUAGE_FR,
         "Ancienneté faible (2" NO_BREAK_SPACE "ans)."                                                },
        {FEATURE_AGE_YEARS,     400000,     -310, LANGUAGE_EN, "Short history (under one year)."       },
        {FEATURE_HEADCOUNT,     1234000000, 310,  LANGUAGE_EN, "Sizeable workforce (headcount: 1,234)."},
        {FEATURE_SALES_GROWTH,  52000,      310,  LANGUAGE_EN,
         "Change in sales usual among sound companies (+5.2%)."                                        },
        {FEATURE_SALES_GROWTH,  -52000,     -310, LANGUAGE_EN,
         "Change in sales usual among weaker companies (\xE2\x88\x92"
         "5.2%)."                                                                                      },
        {FEATURE_LOSS,          1000000,    -310, LANGUAGE_ES, "Pérdidas en el último ejercicio."    },
    };
    struct trial t;
    struct buf text;
    (void)state;
    trial_begin(&t);
    buf_init(&text, 65536);
    struct decision d = *trial_decide(&t);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct stated_reason reason = {.factor = 0, .deci_points = cases[i].points};
        d.score.factors[0] = (struct factor){.feature = cases[i].feature,
                                             .is_known = true,
                                             .value_micro = cases[i].micro,
                                             .deci_points = cases[i].points,
                                             .shortfall_deci = 100};
        assert_text(reason_text(&text, &d, &reason, cases[i].language), cases[i].want);
    }
    buf_finish(&text);
    trial_end(&t);
}

static bool contains(struct str text, const char *part)
{
    size_t len = strlen(part);
    for (size_t i = 0; i + len <= text.len; i++) {
        if (memcmp(text.ptr + i, part, len) == 0) {
            return true;
        }
    }
    return false;
}

/* The justification of this trial, in English; the caller finishes it. */
static struct buf justify(struct trial *t, enum audience audience)
{
    struct buf text;
    buf_init(&text, 65536);
    (void)trial_decide(t);
    struct decision_input in = trial_input(t);
    words_justification(&text, &t->decision, &in, LANGUAGE_EN, audience);
    return text;
}

static void expect_says(struct trial *t, enum audience audience, const char *part, bool want)
{
    struct buf text = justify(t, audience);
    if (contains(buf_str(&text), part) != want) {
        print_error("%s\"%s\" in: %.*s\n", want ? "no " : "", part, STR_ARGS(buf_str(&text)));
        fail();
    }
    buf_finish(&text);
}

static void applicants_are_told_no_thresholds_and_no_model(void **state)
{
    static const char *const secrets[] = {"probability",  "score",    "grade", "threshold",
                                          "policy takes", "interval", "Model", "tiny"};
    struct trial t;
    (void)state;
    trial_begin(&t);
    for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
        expect_says(&t, AUDIENCE_APPLICANT, secrets[i], false);
    }
    t.policy->decline_pd_ppm = 1; /* and none when they are declined */
    t.policy->guarantee_count = 0;
    for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
        expect_says(&t, AUDIENCE_APPLICANT, secrets[i], false);
    }
    expect_says(&t, AUDIENCE_APPLICANT, "cannot recommend", true);
    trial_end(&t);
}

static void regulators_are_told_the_versions(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    expect_says(&t, AUDIENCE_REGULATOR, "policy trade-credit version 2026.11.0", true);
    expect_says(&t, AUDIENCE_REGULATOR, "definition of default: insolvency_12m", true);
    expect_says(&t, AUDIENCE_ANALYST, "definition of default", false);
    trial_end(&t);
}

static void natural_persons_are_told_their_rights(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    expect_says(&t, AUDIENCE_APPLICANT, "GDPR", false);
    t.facts.company.nature = LEGAL_NATURE_NATURAL_PERSON;
    expect_says(&t, AUDIENCE_APPLICANT, "contest it", true);
    expect_says(&t, AUDIENCE_ANALYST, "GDPR", false);
    trial_event(&t, LEGAL_LIQUIDATION_OPENED, (struct date){2026, 1, 1});
    expect_says(&t, AUDIENCE_ANALYST, "obtain human review (GDPR, article 22)", true);
    trial_end(&t);
}

static void what_was_not_checked_is_said(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    expect_says(&t, AUDIENCE_ANALYST,
                "Legal events were taken as supplied; sanctions lists and public registers were "
                "not consulted.",
                true);
    t.facts.blocks_sent = 0;
    expect_says(&t, AUDIENCE_APPLICANT,
                "No legal events were supplied, and neither sanctions lists nor public registers "
                "were consulted.",
                true);
    trial_end(&t);
}

static void each_kind_of_answer_has_its_sentence(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    expect_says(&t, AUDIENCE_ANALYST,
                "We recommend granting Comptoir des Roulements (SIREN" NO_BREAK_SPACE
                "732829320) the EUR" NO_BREAK_SPACE
                "10,000.00 of credit requested, at 60" NO_BREAK_SPACE "days.",
                true);
    t.asked.terms_days = 0;
    expect_says(&t, AUDIENCE_ANALYST, "requested, payable on delivery.", true);
    t.asked.terms_days = 1;
    expect_says(&t, AUDIENCE_ANALYST, "at 1" NO_BREAK_SPACE "day.", true);
    t.asked.terms_days = 90;
    expect_says(&t, AUDIENCE_ANALYST, "article L441-10", true);
    t.asked.terms_days = -1;
    expect_says(&t, AUDIENCE_ANALYST, "at 60" NO_BREAK_SPACE "days.", true);
    t.facts.company.name = STR("");
    expect_says(&t, AUDIENCE_ANALYST, "granting SIREN" NO_BREAK_SPACE "732829320 the", true);
    t.facts.company.identifier_count = 0;
    t.facts.company.name = STR("{limit} ~");
    expect_says(&t, AUDIENCE_ANALYST, "granting {limit} ~ the",
                true); /* what callers send is never a text */
    t.facts.as_of = (struct date){2027, 7, 1};
    expect_says(&t, AUDIENCE_ANALYST, "are no longer recent.", true);
    expect_says(&t, AUDIENCE_ANALYST, "No limit is opened.", true);
    t.asked.amount = EUROS(50000);
    expect_says(&t, AUDIENCE_ANALYST, "on these figures the unsecured capacity would be", true);
    t.asked.amount = (struct money){0, CURRENCY_NONE};
    expect_says(&t, AUDIENCE_ANALYST, "examine the file on", true);
    t.facts.company.nature = LEGAL_NATURE_ASSOCIATION;
    expect_says(&t, AUDIENCE_ANALYST, "outside the scope of this assessment", true);
    trial_end(&t);
}

static void a_paragraph_is_appended_as_it_is(void **state)
{
    struct trial t;
    struct buf twice;
    (void)state;
    trial_begin(&t);
    struct buf once = justify(&t, AUDIENCE_ANALYST);
    struct decision_input in = trial_input(&t);
    buf_init(&twice, 65536);
    buf_append_byte(&twice, '>');
    words_justification(&twice, &t.decision, &in, LANGUAGE_EN, AUDIENCE_ANALYST);
    assert_true(str_eq(str_slice(buf_str(&twice), 1, twice.len), buf_str(&once)));
    buf_finish(&once);
    buf_finish(&twice);
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_list_is_complete),
        cmocka_unit_test(every_language_says_the_same),
        cmocka_unit_test(sentences_end_and_phrases_do_not),
        cmocka_unit_test(every_reason_can_be_told_alone),
        cmocka_unit_test(values_stand_in_their_units),
        cmocka_unit_test(applicants_are_told_no_thresholds_and_no_model),
        cmocka_unit_test(regulators_are_told_the_versions),
        cmocka_unit_test(natural_persons_are_told_their_rights),
        cmocka_unit_test(what_was_not_checked_is_said),
        cmocka_unit_test(each_kind_of_answer_has_its_sentence),
        cmocka_unit_test(a_paragraph_is_appended_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
