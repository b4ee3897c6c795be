/* test_decision.c - the order of a decision: perimeter, knock-outs, thin files, risk, limit,
 * guarantees. */
#include "trial.h"

#include "../expect.h"

#include <stdio.h>

/* Let the policy take exactly this much risk, whatever the terms. */
static void set_threshold(struct trial *t, uint32_t ppm)
{
    t->policy->margin_ppm = 1000000;
    t->policy->cost_ppm = 0;
    t->policy->decline_pd_ppm = ppm;
}

static void a_sound_company_gets_what_it_asks(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    const struct decision *d = trial_decide(&t);
    assert_int_equal(d->status, DECISION_SCORED);
    assert_int_equal(d->recommendation, RECOMMEND_ACCEPT);
    assert_int_equal(d->limit.recommended.minor, 1000000);
    assert_int_equal(d->limit.binding, LIMIT_REQUESTED_AMOUNT);
    assert_int_equal(d->guarantee_count, 0);
    assert_int_equal(d->rule_reason_count, 0);
    assert_true(d->favourable_count > 0);
    assert_int_equal(d->threshold_ppm, 73672);
    assert_false(d->terms_above_legal);
    assert_false(d->offers_human_review);
    trial_end(&t);
}

static void without_an_amount_the_capacity_stands_alone(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    t.asked.amount = (struct money){0, CURRENCY_NONE};
    const struct decision *d = trial_decide(&t);
    assert_int_equal(d->recommendation, RECOMMEND_ACCEPT);
    assert_true(d->limit.capacity.minor > 0);
    assert_int_equal(d->limit.recommended.minor, d->limit.capacity.minor);
    trial_end(&t);
}

static void outside_the_perimeter_nothing_is_scored(void **state)
{
    static const struct {
        const char *activity;
        enum legal_nature nature;
        enum currency currency;
        bool has_accounts;
        int32_t employees;
        int want; /* -1: scored */
    } rows[] = {
        {"6419Z", LEGAL_NATURE_COMPANY,        CURRENCY_EUR,  true,  12, REASON_EXCLUDED_FINANCIAL   },
        {"6512Z", LEGAL_NATURE_COMPANY,        CURRENCY_EUR,  true,  12, REASON_EXCLUDED_FINANCIAL   },
        {"66",    LEGAL_NATURE_COMPANY,        CURRENCY_EUR,  true,  12, REASON_EXCLUDED_FINANCIAL   },
        {"6420Z", LEGAL_NATURE_COMPANY,        CURRENCY_EUR,  true,  12, -1                          },
        {"6420Z", LEGAL_NATURE_COMPANY,        CURRENCY_EUR,  true,  -1, -1                          },
        {"6420Z", LEGAL_NATURE_COMPANY,        CURRENCY_EUR,  false, 3,  -1                          },
        {"6420Z", LEGAL_NATURE_COMPANY,        CURRENCY_EUR,  false, 0,  REASON_EXCLUDED_IDLE_HOLDING},
        {"6421Y", LEGAL_NATURE_COMPANY,        CURRENCY_EUR,  false, -1, REASON_EXCLUDED_IDLE_HOLDING},
        {"4669B", LEGAL_NATURE_PUBLIC_BODY,    CURRENCY_EUR,  true,  12, REASON_EXCLUDED_PUBLIC_BODY },
        {"8411Z", LEGAL_NATURE_UNKNOWN,        CURRENCY_EUR,  true,  12, REASON_EXCLUDED_PUBLIC_BODY },
        {"9499Z", LEGAL_NATURE_ASSOCIATION,    CURRENCY_EUR,  true,  12, REASON_EXCLUDED_ASSOCIATION },
        {"4669B", LEGAL_NATURE_COMPANY,        CURRENCY_USD,  true,  12, REASON_UNUSABLE_CURRENCY    },
        {"4669B", LEGAL_NATURE_COMPANY,        CURRENCY_NONE, true,  12, -1                          },
        {"",      LEGAL_NATURE_UNKNOWN,        CURRENCY_EUR,  false, -1, -1                          },
        {"4669B", LEGAL_NATURE_NATURAL_PERSON, CURRENCY_EUR,  true,  -1, -1                          },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trial t;
        trial_begin(&t);
        (void)snprintf(t.facts.company.activity_code, sizeof t.facts.company.activity_code, "%s",
                       rows[i].activity);
        t.facts.company.nature = rows[i].nature;
        t.facts.company.employees = rows[i].employees;
        t.facts.statement_count = rows[i].has_accounts ? 2 : 0;
        t.asked.amount.currency = rows[i].currency;
        trial_event(&t, LEGAL_DIRECTOR_CHANGED, (struct date){2026, 1, 1});
        const struct decision *d = trial_decide(&t);
        if (rows[i].want < 0) {
            assert_int_not_equal(d->status, DECISION_NOT_SCORABLE);
        } else {
            assert_int_equal(d->status, DECISION_NOT_SCORABLE);
            assert_int_equal(d->recommendation, RECOMMEND_REFER);
            assert_int_equal(d->rule_reasons[0], rows[i].want);
            assert_int_equal(d->adverse_count, 1);
            assert_int_equal(d->limit.recommended.minor, 0);
            assert_int_equal(d->limit.present, 0);
        }
        trial_end(&t);
    }
}

static void a_policy_may_take_everybody(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    t.policy->excluded_division_count = 0;
    t.policy->excludes_public_bodies = t.policy->excludes_associations =
        t.policy->excludes_idle_holdings = false;
    (void)snprintf(t.facts.company.activity_code, sizeof t.facts.company.activity_code, "6419Z");
    t.facts.company.nature = LEGAL_NATURE_PUBLIC_BODY;
    assert_int_equal(trial_decide(&t)->status, DECISION_SCORED);
    t.facts.company.nature = LEGAL_NATURE_ASSOCIATION;
    assert_int_equal(trial_decide(&t)->status, DECISION_SCORED);
    trial_end(&t);
}

static void knock_outs_decide_alone(void **state)
{
    static const struct {
        enum legal_event_type event;
        enum reason want;
    } rows[] = {
        {LEGAL_STRUCK_OFF,            REASON_STRUCK_OFF         },
        {LEGAL_LIQUIDATION_OPENED,    REASON_LIQUIDATION_OPEN   },
        {LEGAL_REORGANISATION_OPENED, REASON_REORGANISATION_OPEN},
        {LEGAL_SAFEGUARD_OPENED,      REASON_SAFEGUARD_OPEN     },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (int64_t euros = 500; euros <= 10000;
             euros += 9500) { /* a small ticket changes nothing */
            struct trial t;
            trial_begin(&t);
            t.asked.amount = EUROS(euros);
            trial_event(&t, rows[i].event, (struct date){2026, 2, 10});
            const struct decision *d = trial_decide(&t);
            assert_int_equal(d->status, DECISION_DECIDED_BY_RULE);
            assert_int_equal(d->recommendation, RECOMMEND_DECLINE);
            assert_int_equal(d->grade, GRADE_P);
            assert_int_equal(d->rule_reasons[0], rows[i].want);
            assert_int_equal(d->limit.recommended.minor, 0);
            assert_int_equal(d->guarantee_count, 0);
            assert_int_equal(d->score.pd_ppm, 0);
            trial_end(&t);
        }
    }
}

static void all_knock_outs_are_told(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    trial_event(&t, LEGAL_LIQUIDATION_OPENED, (struct date){2026, 2, 10});
    trial_event(&t, LEGAL_STRUCK_OFF, (struct date){2026, 3, 10});
    assert_int_equal(trial_decide(&t)->rule_reason_count, 2);
    assert_int_equal(t.decision.rule_reasons[0], REASON_STRUCK_OFF);
    trial_end(&t);
}

static void closed_proceedings_are_scored(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    trial_event(&t, LEGAL_SAFEGUARD_OPENED, (struct date){2020, 2, 10});
    trial_event(&t, LEGAL_INSOLVENCY_CLOSED, (struct date){2022, 2, 10});
    assert_int_equal(trial_decide(&t)->status, DECISION_SCORED);
    assert_int_equal(t.decision.recommendation, RECOMMEND_ACCEPT);
    trial_end(&t);
}

static void a_running_plan_is_for_a_person(void **state)
{
    for (int64_t euros = 500; euros <= 10000; euros += 9500) {
        struct trial t;
        (void)state;
        trial_begin(&t);
        t.asked.amount = EUROS(euros);
        trial_event(&t, LEGAL_PLAN_ADOPTED, (struct date){2025, 2, 10});
        const struct decision *d = trial_decide(&t);
        assert_int_equal(d->recommendation, RECOMMEND_REFER);
        assert_int_equal(d->rule_reasons[0], REASON_PLAN_RUNNING);
        assert_int_equal(d->grade, GRADE_E1);
        assert_int_equal(d->limit.recommended.minor, 0);
        assert_true(d->limit.capacity.minor > 0);
        trial_end(&t);
    }
}

static void the_upper_bound_decides(void **state)
{
    /* With pd < pd_high: accepted at pd_high, uncertain below it, refused below pd. */
    struct trial t;
    (void)state;
    trial_begin(&t);
    t.policy->guarantee_count = 0;
    uint32_t pd = trial_decide(&t)->score.pd_ppm, high = t.decision.score.pd_ppm_bound;
    assert_true(pd < high);
    const struct {
        uint32_t threshold;
        enum recommendation want;
        int reason; /* -1: none */
    } rows[] = {
        {high + 1, RECOMMEND_ACCEPT,  -1                       },
        {high,     RECOMMEND_ACCEPT,  -1                       },
        {high - 1, RECOMMEND_REFER,   REASON_PD_UNCERTAIN      },
        {pd,       RECOMMEND_REFER,   REASON_PD_UNCERTAIN      },
        {pd - 1,   RECOMMEND_DECLINE, REASON_PD_ABOVE_THRESHOLD},
        {1,        RECOMMEND_DECLINE, REASON_PD_ABOVE_THRESHOLD},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        set_threshold(&t, rows[i].threshold);
        const struct decision *d = trial_decide(&t);
        assert_int_equal(d->threshold_ppm, rows[i].threshold);
        assert_int_equal(d->recommendation, rows[i].want);
        assert_int_equal(d->rule_reason_count, rows[i].reason >= 0 ? 1 : 0);
        if (rows[i].reason >= 0) {
            assert_int_equal(d->rule_reasons[0], rows[i].reason);
            assert_int_equal(d->limit.recommended.minor, 0);
        }
    }
    trial_end(&t);
}

static void a_guarantee_turns_a_refusal(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    t.policy->margin_ppm = 3000; /* PD* is below the PD of a sound company */
    const struct decision *d = trial_decide(&t);
    assert_true(d->score.pd_ppm_bound > d->threshold_ppm);
    assert_int_equal(d->recommendation, RECOMMEND_ACCEPT_WITH_GUARANTEES);
    assert_int_equal(d->guarantee_count, 1);
    assert_int_equal(d->guarantees[0].amount.minor, 1000000);
    assert_int_equal(d->guarantees[0].limit_if_met.minor, 1000000);
    assert_int_equal(d->guarantees[0].if_met, RECOMMEND_ACCEPT);
    assert_int_equal(d->guarantees[0].tenor_months, 12);
    assert_int_equal(d->limit.recommended.minor, 0);
    assert_true(policy_threshold_ppm(t.policy, 100000, 60) >= d->score.pd_ppm_bound);
    trial_end(&t);
}

static void what_goes_beyond_the_capacity_is_secured(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    t.asked.amount = (struct money){0, CURRENCY_NONE};
    struct money capacity = trial_decide(&t)->limit.capacity;
    const struct {
        struct money asked;
        enum recommendation want;
        int type; /* -1: none */
    } rows[] = {
        {{capacity.minor, CURRENCY_EUR},         RECOMMEND_ACCEPT, -1                          },
        {{capacity.minor + 1, CURRENCY_EUR},
         RECOMMEND_ACCEPT_WITH_GUARANTEES,                         GUARANTEE_RETENTION_OF_TITLE},
        {{3 * capacity.minor, CURRENCY_EUR},
         RECOMMEND_ACCEPT_WITH_GUARANTEES,                         GUARANTEE_RETENTION_OF_TITLE},
        {{3 * capacity.minor + 3, CURRENCY_EUR},
         RECOMMEND_ACCEPT_WITH_GUARANTEES,                         GUARANTEE_CREDIT_INSURANCE  },
        {EUROS(5000000),                         RECOMMEND_REFER,  -1                          },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        t.asked.amount = rows[i].asked;
        const struct decision *d = trial_decide(&t);
        assert_int_equal(d->recommendation, rows[i].want);
        assert_int_equal(d->guarantee_count, rows[i].type >= 0 ? 1 : 0);
        if (rows[i].type >= 0) {
            assert_int_equal(d->guarantees[0].type, rows[i].type);
            assert_int_equal(d->guarantees[0].amount.minor, rows[i].asked.minor - capacity.minor);
            assert_int_equal(d->guarantees[0].limit_if_met.minor, rows[i].asked.minor);
            assert_int_equal(d->limit.recommended.minor, capacity.minor);
        }
        assert_int_equal(trial_has_reason(&t, REASON_LIMIT_BELOW_REQUEST), i > 0);
    }
    assert_int_equal(t.decision.limit.recommended.minor, 0);
    assert_int_equal(t.decision.limit.capacity.minor, capacity.minor);
    trial_end(&t);
}

static void without_capacity_only_others_money_helps(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    t.statements[0].currency = t.statements[1].currency = CURRENCY_GBP;
    const struct decision *d = trial_decide(&t);
    assert_int_equal(d->limit.capacity.minor, 0);
    assert_true(trial_has_reason(&t, REASON_LIMIT_EXHAUSTED));
    assert_int_equal(d->recommendation, RECOMMEND_ACCEPT_WITH_GUARANTEES);
    assert_int_equal(d->guarantees[0].type, GUARANTEE_CREDIT_INSURANCE);
    t.asked.amount = (struct money){0, CURRENCY_NONE};
    assert_int_equal(trial_decide(&t)->recommendation, RECOMMEND_REFER);
    trial_end(&t);
}

static void caps_hold_whatever_the_score(void **state)
{
    static const struct {
        const char *what;
        enum item item;
        int64_t euros;
        struct date as_of;
        enum reason reason;
        enum recommendation want;
    } rows[] = {
        {"stale",     ITEM_CASH, 300000,  {2027, 7, 1}, REASON_ACCOUNTS_STALE,    RECOMMEND_REFER },
        {"outdated",  ITEM_CASH, 300000,  {2028, 1, 1}, REASON_ACCOUNTS_OUTDATED, RECOMMEND_REFER },
        {"adds up",
         ITEM_TOTAL_LIABILITIES, 100000,
         {2026, 6, 30},
         REASON_ACCOUNTS_DO_NOT_ADD_UP,                                           RECOMMEND_REFER },
        {"half lost",
         ITEM_SHARE_CAPITAL,     1500000,
         {2026, 6, 30},
         REASON_EQUITY_BELOW_HALF_CAPITAL,                                        RECOMMEND_ACCEPT},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trial t;
        trial_begin(&t);
        t.facts.as_of = rows[i].as_of;
        trial_state(&t, rows[i].item, rows[i].euros);
        const struct decision *d = trial_decide(&t);
        if (d->recommendation != rows[i].want || !trial_has_reason(&t, rows[i].reason)) {
            fail_msg("%s", rows[i].what);
        }
        assert_true(d->adverse[0].is_rule);
        assert_true(d->grade >= d->score.grade);
        trial_end(&t);
    }
}

static void negative_equity_is_accepted_with_guarantees_at_best(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    set_threshold(&t, 999999);
    for (uint32_t i = 0; i < t.policy->guarantee_count; i++) {
        t.policy->guarantees[i].pd_ppm_max = 999999;
    }
    t.policy->expected_loss_budget = EUROS(100000);
    trial_state(&t, ITEM_EQUITY, -10000);
    trial_state(&t, ITEM_TOTAL_LIABILITIES, 1210000);
    const struct decision *d = trial_decide(&t);
    assert_int_equal(d->rule_reasons[0], REASON_NEGATIVE_EQUITY);
    assert_int_equal(d->recommendation, RECOMMEND_ACCEPT_WITH_GUARANTEES);
    assert_int_equal(d->guarantees[0].amount.minor, 1000000);
    assert_int_equal(d->limit.recommended.minor, 0);
    assert_true(d->grade >= GRADE_D3);
    trial_end(&t);
}

static void a_rule_that_refers_takes_the_guarantee_away(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    t.policy->margin_ppm = 3000;
    t.facts.as_of = (struct date){2027, 7, 1};
    const struct decision *d = trial_decide(&t);
    assert_int_equal(d->recommendation, RECOMMEND_REFER);
    assert_int_equal(d->guarantee_count, 0);
    trial_end(&t);
}

static void thin_files_are_for_a_person(void **state)
{
    static const struct {
        int64_t euros;
        enum recommendation want;
    } rows[] = {
        {10000, RECOMMEND_REFER                 },
        {1001,  RECOMMEND_REFER                 },
        {1000,  RECOMMEND_ACCEPT_WITH_GUARANTEES},
        {1,     RECOMMEND_ACCEPT_WITH_GUARANTEES}
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trial t;
        trial_begin(&t);
        trial_without_accounts(&t);
        t.asked.amount = EUROS(rows[i].euros);
        const struct decision *d = trial_decide(&t);
        assert_int_equal(d->status, DECISION_THIN);
        assert_int_equal(d->recommendation, rows[i].want);
        assert_int_equal(d->rule_reasons[0], REASON_NO_ACCOUNTS);
        assert_int_equal(d->limit.recommended.minor, 0);
        assert_int_equal(d->limit.capacity.minor, 0);
        if (rows[i].want == RECOMMEND_ACCEPT_WITH_GUARANTEES) {
            assert_int_equal(d->guarantees[0].type, GUARANTEE_CASH_DEPOSIT);
            assert_int_equal(d->guarantees[0].amount.minor, 100 * rows[i].euros);
        }
        trial_end(&t);
    }
}

static void a_small_ticket_needs_a_deposit_that_the_policy_takes(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    trial_without_accounts(&t);
    t.asked.amount = EUROS(1000);
    t.policy->guarantee_count = 3; /* all but the deposit */
    assert_int_equal(trial_decide(&t)->recommendation, RECOMMEND_REFER);
    t.policy->guarantee_count = 4;
    t.policy->guarantees[3].lgd_ppm = 850000; /* a deposit that protects from nothing */
    t.policy->margin_ppm = 3000;
    assert_int_equal(trial_decide(&t)->recommendation, RECOMMEND_REFER);
    trial_end(&t);
}

static void bad_accounts_get_the_same_small_ticket_as_none(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    set_threshold(&t, 1);
    for (uint32_t i = 0; i < t.policy->guarantee_count; i++) {
        t.policy->guarantees[i].pd_ppm_max = 1;
    }
    assert_int_equal(trial_decide(&t)->recommendation, RECOMMEND_DECLINE);
    t.asked.amount = EUROS(1000);
    const struct decision *d = trial_decide(&t);
    assert_int_equal(d->recommendation, RECOMMEND_ACCEPT_WITH_GUARANTEES);
    assert_int_equal(d->guarantees[0].type, GUARANTEE_CASH_DEPOSIT);
    assert_int_equal(d->limit.recommended.minor, 0);
    assert_int_equal(d->rule_reasons[0], REASON_PD_ABOVE_THRESHOLD);
    trial_end(&t);
}

static void a_thin_file_may_be_refused(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    trial_without_accounts(&t);
    t.policy->decline_pd_ppm = 1;
    const struct decision *d = trial_decide(&t);
    assert_int_equal(d->recommendation, RECOMMEND_DECLINE);
    assert_true(trial_has_reason(&t, REASON_PD_ABOVE_THRESHOLD));
    trial_end(&t);
}

static void expected_loss_is_pd_by_lgd_by_exposure(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    for (int64_t euros = 1; euros < 2000000; euros = euros * 7 + 3) {
        t.asked.amount = EUROS(euros);
        const struct decision *d = trial_decide(&t);
        int64_t exposed = d->limit.recommended.minor > 0 ? d->limit.recommended.minor : 100 * euros;
        double exact = (double)exposed * d->score.pd_ppm * 0.85 / 1e6;
        assert_true((double)d->expected_loss.minor - exact <= 0.5 + 1e-6);
        assert_true((double)d->expected_loss.minor - exact >= -0.5 - 1e-6);
        assert_int_equal(d->lgd_ppm, 850000);
    }
    trial_end(&t);
}

static void terms_over_sixty_days_are_marked_in_france(void **state)
{
    static const struct {
        const char *country;
        int32_t terms;
        bool want;
    } rows[] = {
        {"FR", 60, false},
        {"FR", 61, true },
        {"FR", -1, false},
        {"",   61, true },
        {"DE", 90, true }
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trial t;
        trial_begin(&t);
        (void)snprintf(t.facts.company.country, sizeof t.facts.company.country, "%s",
                       rows[i].country);
        t.asked.terms_days = rows[i].terms;
        assert_int_equal(trial_decide(&t)->terms_above_legal,
                         rows[i].want); /* its SIREN is French */
        t.facts.company.identifier_count = 0;
        assert_int_equal(trial_decide(&t)->terms_above_legal, rows[i].want && i == 1);
        trial_end(&t);
    }
}

static void a_person_who_is_declined_may_have_a_person_look(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    t.facts.company.nature = LEGAL_NATURE_NATURAL_PERSON;
    assert_false(trial_decide(&t)->offers_human_review);
    trial_event(&t, LEGAL_LIQUIDATION_OPENED, (struct date){2026, 2, 10});
    assert_true(trial_decide(&t)->offers_human_review);
    t.facts.company.nature = LEGAL_NATURE_COMPANY;
    assert_false(trial_decide(&t)->offers_human_review);
    trial_end(&t);
}

/* Member by member: what lies between members is nobody's. */
static void the_same_input_gives_the_same_decision(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    t.asked.amount = EUROS(200000);
    struct decision first = *trial_decide(&t);
    const struct decision *again = trial_decide(&t);
    assert_int_equal(first.score.pd_ppm_bound, again->score.pd_ppm_bound);
    assert_int_equal(first.recommendation, again->recommendation);
    assert_int_equal(first.expected_loss.minor, again->expected_loss.minor);
    assert_int_equal(first.limit.binding, again->limit.binding);
    for (unsigned i = 0; i < LIMIT_CONSTRAINT_COUNT; i++) {
        assert_int_equal(first.limit.caps[i].minor, again->limit.caps[i].minor);
    }
    assert_int_equal(first.guarantees[0].amount.minor, again->guarantees[0].amount.minor);
    assert_int_equal(first.favourable_count, again->favourable_count);
    for (uint32_t i = 0; i < first.favourable_count; i++) {
        assert_int_equal(first.favourable[i].factor, again->favourable[i].factor);
    }
    trial_end(&t);
}

static void words_of_a_decision_are_all_there(void **state)
{
    (void)state;
    assert_string_equal(decision_status_wire(DECISION_SCORED), "scored");
    assert_string_equal(decision_status_wire(DECISION_NOT_SCORABLE), "not_scorable");
    for (unsigned i = 0; i < LIMIT_CONSTRAINT_COUNT; i++) {
        assert_non_null(limit_constraint_wire((enum limit_constraint)i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_company_gets_what_it_asks),
        cmocka_unit_test(without_an_amount_the_capacity_stands_alone),
        cmocka_unit_test(outside_the_perimeter_nothing_is_scored),
        cmocka_unit_test(a_policy_may_take_everybody),
        cmocka_unit_test(knock_outs_decide_alone),
        cmocka_unit_test(all_knock_outs_are_told),
        cmocka_unit_test(closed_proceedings_are_scored),
        cmocka_unit_test(a_running_plan_is_for_a_person),
        cmocka_unit_test(the_upper_bound_decides),
        cmocka_unit_test(a_guarantee_turns_a_refusal),
        cmocka_unit_test(what_goes_beyond_the_capacity_is_secured),
        cmocka_unit_test(without_capacity_only_others_money_helps),
        cmocka_unit_test(caps_hold_whatever_the_score),
        cmocka_unit_test(negative_equity_is_accepted_with_guarantees_at_best),
        cmocka_unit_test(a_rule_that_refers_takes_the_guarantee_away),
        cmocka_unit_test(thin_files_are_for_a_person),
        cmocka_unit_test(a_small_ticket_needs_a_deposit_that_the_policy_takes),
        cmocka_unit_test(bad_accounts_get_the_same_small_ticket_as_none),
        cmocka_unit_test(a_thin_file_may_be_refused),
        cmocka_unit_test(expected_loss_is_pd_by_lgd_by_exposure),
        cmocka_unit_test(terms_over_sixty_days_are_marked_in_france),
        cmocka_unit_test(a_person_who_is_declined_may_have_a_person_look),
        cmocka_unit_test(the_same_input_gives_the_same_decision),
        cmocka_unit_test(words_of_a_decision_are_all_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
