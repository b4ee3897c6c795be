/* test_rules.c - each rule fires on its own fact, at its own edge, and on nothing that is missing.
 */
#include "decide/rules.h"
#include "trial.h"

#include "../expect.h"
#include "feature/neighbourhood.h"

static bool fires(const struct trial *t, enum rule rule)
{
    struct rule_input in = {.facts = &t->facts,
                            .statement = t->facts.statement_count > 0 ? &t->statements[0] : NULL,
                            .policy = t->policy,
                            .coverage_ppm = 1000000};
    return rule_fires(rule, &in);
}

static void rules_are_read_as_written(void **state)
{
    enum rule read;
    (void)state;
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        assert_true(rule_read(&read, str_from(rule_wire((enum rule)i))));
        assert_int_equal(read, i);
        for (unsigned k = 0; k < i; k++) {
            assert_int_not_equal(rule_reason((enum rule)i), rule_reason((enum rule)k));
        }
        assert_int_not_equal(rule_may_decide((enum rule)i), rule_reads_accounts((enum rule)i));
    }
    assert_false(rule_read(&read, STR("")));
    assert_false(rule_read(&read, STR("liquidation")));
    assert_false(rule_read(&read, STR("STRUCK_OFF")));
}

static void nothing_fires_on_a_sound_company(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        assert_false(fires(&t, (enum rule)i));
    }
    trial_end(&t);
}

static void nothing_that_reads_accounts_fires_without_them(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    trial_without_accounts(&t);
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        assert_false(fires(&t, (enum rule)i));
    }
    trial_end(&t);
}

static void events_fire_their_rule_and_no_other(void **state)
{
    static const struct {
        enum legal_event_type event;
        enum rule want; /* RULE_COUNT: none */
    } rows[] = {
        {LEGAL_SAFEGUARD_OPENED,      RULE_SAFEGUARD_OPEN     },
        {LEGAL_REORGANISATION_OPENED, RULE_REORGANISATION_OPEN},
        {LEGAL_LIQUIDATION_OPENED,    RULE_LIQUIDATION_OPEN   },
        {LEGAL_PLAN_ADOPTED,          RULE_PLAN_RUNNING       },
        {LEGAL_STRUCK_OFF,            RULE_STRUCK_OFF         },
        {LEGAL_INSOLVENCY_CLOSED,     RULE_COUNT              },
        {LEGAL_LIEN_REGISTERED,       RULE_COUNT              },
        {LEGAL_JUDGMENT_AGAINST,      RULE_COUNT              },
        {LEGAL_PAYMENT_INCIDENT,      RULE_COUNT              },
        {LEGAL_ACCOUNTS_LATE,         RULE_COUNT              },
        {LEGAL_DIRECTOR_CHANGED,      RULE_COUNT              },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trial t;
        trial_begin(&t);
        trial_event(&t, rows[i].event, (struct date){2026, 6, 30});
        for (unsigned k = 0; k < RULE_COUNT; k++) {
            assert_int_equal(fires(&t, (enum rule)k), k == rows[i].want);
        }
        t.events[0].date = (struct date){2026, 7, 1}; /* not yet */
        for (unsigned k = 0; k < RULE_COUNT; k++) {
            assert_false(fires(&t, (enum rule)k));
        }
        trial_end(&t);
    }
}

static void equity_rules_have_their_edges(void **state)
{
    static const struct {
        int64_t equity, capital;
        bool is_negative, is_below_half;
    } rows[] = {
        {1,      0,      false, false},
        {0,      0,      false, false},
        {-1,     0,      true,  false},
        {-1,     100000, true,  false}, /* one reason is enough */
        {0,      100000, false, true },
        {49999,  100000, false, true },
        {50000,  100000, false, false},
        {600000, 100000, false, false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trial t;
        trial_begin(&t);
        trial_state(&t, ITEM_EQUITY, rows[i].equity);
        trial_state(&t, ITEM_SHARE_CAPITAL, rows[i].capital);
        assert_int_equal(fires(&t, RULE_NEGATIVE_EQUITY), rows[i].is_negative);
        assert_int_equal(fires(&t, RULE_EQUITY_BELOW_HALF_CAPITAL), rows[i].is_below_half);
        trial_forget(&t, ITEM_EQUITY);
        assert_false(fires(&t, RULE_NEGATIVE_EQUITY));
        assert_false(fires(&t, RULE_EQUITY_BELOW_HALF_CAPITAL));
        trial_end(&t);
    }
}

static void accounts_age_by_the_calendar(void **state)
{
    /* Closed on 31 December 2024: 18 months later is 30 June 2026, 24 months later 31 December. */
    static const struct {
        struct date as_of;
        bool is_stale, is_outdated;
    } rows[] = {
        {{2026, 6, 29},  false, false},
        {{2026, 6, 30},  false, false},
        {{2026, 7, 1},   true,  false},
        {{2026, 12, 31}, true,  false},
        {{2027, 1, 1},   false, true },
        {{2035, 1, 1},   false, true },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trial t;
        trial_begin(&t);
        t.statements[0].period_end = (struct date){2024, 12, 31};
        t.facts.as_of = rows[i].as_of;
        assert_int_equal(fires(&t, RULE_ACCOUNTS_STALE), rows[i].is_stale);
        assert_int_equal(fires(&t, RULE_ACCOUNTS_OUTDATED), rows[i].is_outdated);
        trial_end(&t);
    }
}

static void coverage_counts_from_the_minimum(void **state)
{
    static const struct {
        uint32_t coverage;
        bool want;
    } rows[] = {
        {0,       true },
        {499999,  true },
        {500000,  false},
        {1000000, false}
    };
    struct trial t;
    (void)state;
    trial_begin(&t);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct rule_input in = {&t.facts, &t.statements[0], t.policy, rows[i].coverage};
        assert_int_equal(rule_fires(RULE_TOO_LITTLE_DATA, &in), rows[i].want);
    }
    trial_end(&t);
}

static void accounts_must_add_up_within_their_tolerance(void **state)
{
    static const struct {
        int64_t liabilities;
        bool want;
    } rows[] = {
        {600000, false},
        {600001, false},
        {601000, false},
        {602000, true },
        {500000, true }
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trial t;
        trial_begin(&t);
        trial_state(&t, ITEM_TOTAL_LIABILITIES, rows[i].liabilities);
        assert_int_equal(fires(&t, RULE_ACCOUNTS_DO_NOT_ADD_UP), rows[i].want);
        trial_end(&t);
    }
}

static void whoever_controls_fires_by_its_state(void **state)
{
    static const struct {
        enum connection connection;
        enum rule want; /* RULE_COUNT: none */
    } rows[] = {
        {CONNECTION_NONE,       RULE_COUNT                },
        {CONNECTION_DISTRESSED, RULE_CONTROLLER_DISTRESSED},
        {CONNECTION_INSOLVENT,  RULE_CONTROLLER_INSOLVENT },
    };
    struct trial t;
    (void)state;
    trial_begin(&t);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct neighbourhood around = {.group = {.connection = rows[i].connection}};
        t.facts.neighbourhood = &around;
        for (unsigned k = 0; k < RULE_COUNT; k++) {
            assert_int_equal(fires(&t, (enum rule)k), k == rows[i].want);
        }
        t.facts.neighbourhood = NULL;
    }
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_read_as_written),
        cmocka_unit_test(nothing_fires_on_a_sound_company),
        cmocka_unit_test(nothing_that_reads_accounts_fires_without_them),
        cmocka_unit_test(events_fire_their_rule_and_no_other),
        cmocka_unit_test(whoever_controls_fires_by_its_state),
        cmocka_unit_test(equity_rules_have_their_edges),
        cmocka_unit_test(accounts_age_by_the_calendar),
        cmocka_unit_test(coverage_counts_from_the_minimum),
        cmocka_unit_test(accounts_must_add_up_within_their_tolerance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
