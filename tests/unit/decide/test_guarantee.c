/* test_guarantee.c - the softest step that is enough, and none where none is. */
#include "decide/guarantee.h"
#include "trial.h"

#include "../expect.h"

static void ladder_is_walked_from_soft_to_hard(void **state)
{
    static const struct {
        uint32_t pd_ppm_bound;
        int32_t terms;
        int64_t euros;
        bool by_others;
        int want; /* -1: none */
    } rows[] = {
        {50000,  60,   10000,  false, GUARANTEE_RETENTION_OF_TITLE},
        {90000,  60,   10000,  false, GUARANTEE_RETENTION_OF_TITLE},
 /* above the step's own bound, and where others must pay */
        {90001,  60,   10000,  false, GUARANTEE_CREDIT_INSURANCE  },
        {90000,  60,   10000,  true,  GUARANTEE_CREDIT_INSURANCE  },
 /* the budget: 5,000 / (9 % * 65 %), rounded down */
        {90000,  60,   85400,  false, GUARANTEE_RETENTION_OF_TITLE},
        {90000,  60,   85401,  false, GUARANTEE_CREDIT_INSURANCE  },
 /* long terms: the threshold sinks */
        {90000,  180,  10000,  false, GUARANTEE_CREDIT_INSURANCE  },
        {120000, 60,   10000,  false, GUARANTEE_CREDIT_INSURANCE  },
        {120001, 60,   10000,  false, GUARANTEE_BANK_GUARANTEE    },
        {200000, 60,   10000,  false, GUARANTEE_BANK_GUARANTEE    },
        {200000, 270,  10000,  false, GUARANTEE_CASH_DEPOSIT      },
        {200000, 60,   300000, false, GUARANTEE_CASH_DEPOSIT      },
        {200001, 60,   10000,  false, -1                          },
 /* at the appetite and above it, and terms at which nothing earns its keep */
        {50000,  60,   500000, false, GUARANTEE_BANK_GUARANTEE    },
        {50000,  60,   500001, false, -1                          },
        {50000,  3650, 10000,  false, -1                          },
    };
    struct trial t;
    (void)state;
    trial_begin(&t);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct policy_guarantee *step = guarantee_find(
            t.policy, &(struct guarantee_need){.pd_ppm_bound = rows[i].pd_ppm_bound,
                                               .terms_days = rows[i].terms,
                                               .amount = EUROS(rows[i].euros),
                                               .must_be_paid_by_others = rows[i].by_others});
        int got = step == NULL ? -1 : (int)step->type;
        if (got != rows[i].want) {
            print_error("row %zu: got %d, want %d\n", i, got, rows[i].want);
            fail();
        }
    }
    trial_end(&t);
}

static void more_risk_or_more_money_never_finds_more(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    for (int64_t euros = 1000; euros <= 600000; euros += 49900) {
        bool was_found = true;
        for (uint32_t pd = 300; pd < 300000; pd += 997) {
            bool is_found = guarantee_find(t.policy, &(struct guarantee_need){pd, 60, EUROS(euros),
                                                                              false}) != NULL;
            assert_true(was_found || !is_found);
            was_found = is_found;
        }
    }
    trial_end(&t);
}

static void deposit_is_found_where_the_policy_takes_one(void **state)
{
    struct trial t;
    (void)state;
    trial_begin(&t);
    assert_int_equal(guarantee_find_deposit(t.policy)->type, GUARANTEE_CASH_DEPOSIT);
    t.policy->guarantee_count = 3;
    assert_null(guarantee_find_deposit(t.policy));
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ladder_is_walked_from_soft_to_hard),
        cmocka_unit_test(more_risk_or_more_money_never_finds_more),
        cmocka_unit_test(deposit_is_found_where_the_policy_takes_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
