/* test_legal.c - where proceedings stand on a day. */
#include "credit/legal.h"

#include "../expect.h"

static const struct date as_of = {2026, 6, 30};

static struct legal_event event(enum legal_event_type type, int16_t year, uint8_t month,
                                uint8_t day)
{
    return (struct legal_event){
        .type = type, .date = {year, month, day}
    };
}

static void knows_each_event_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEGAL_EVENT_COUNT; i++) {
        enum legal_event_type type = LEGAL_EVENT_COUNT;
        assert_true(
            legal_event_type_read(&type, str_from(legal_event_wire((enum legal_event_type)i))));
        assert_int_equal(type, i);
    }
    enum legal_event_type type = LEGAL_STRUCK_OFF;
    static const char *const rows[] = {"",           "insolvency", "insolvency.",
                                       "Struck_off", "lien",       "closed"};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_false(legal_event_type_read(&type, str_from(rows[i])));
    }
    assert_int_equal(type, LEGAL_STRUCK_OFF);
}

static void follows_proceedings_to_their_last_event(void **state)
{
    (void)state;
    /* clang-format off */
    struct {
        struct legal_event events[3];
        size_t count;
        enum proceedings want;
    } rows[] = {
        {{{0}}, 0, PROCEEDINGS_NONE},
        {{event(LEGAL_SAFEGUARD_OPENED, 2025, 1, 1)}, 1, PROCEEDINGS_SAFEGUARD},
        {{event(LEGAL_REORGANISATION_OPENED, 2025, 1, 1)}, 1, PROCEEDINGS_REORGANISATION},
        {{event(LEGAL_LIQUIDATION_OPENED, 2025, 1, 1)}, 1, PROCEEDINGS_LIQUIDATION},
        {{event(LEGAL_PLAN_ADOPTED, 2025, 1, 1)}, 1, PROCEEDINGS_PLAN},
        {{event(LEGAL_INSOLVENCY_CLOSED, 2025, 1, 1)}, 1, PROCEEDINGS_CLOSED},
        {{event(LEGAL_SAFEGUARD_OPENED, 2025, 1, 1), event(LEGAL_LIQUIDATION_OPENED, 2025, 6, 1)},
         2, PROCEEDINGS_LIQUIDATION},
        {{event(LEGAL_SAFEGUARD_OPENED, 2025, 1, 1), event(LEGAL_PLAN_ADOPTED, 2025, 6, 1)},
         2, PROCEEDINGS_PLAN},
        {{event(LEGAL_LIQUIDATION_OPENED, 2020, 1, 1), event(LEGAL_INSOLVENCY_CLOSED, 2021, 1, 1)},
         2, PROCEEDINGS_CLOSED},
        {{event(LEGAL_LIQUIDATION_OPENED, 2020, 1, 1), event(LEGAL_INSOLVENCY_CLOSED, 2021, 1, 1),
          event(LEGAL_REORGANISATION_OPENED, 2026, 1, 1)},
         3, PROCEEDINGS_REORGANISATION},
        /* in any order */
        {{event(LEGAL_INSOLVENCY_CLOSED, 2021, 1, 1), event(LEGAL_LIQUIDATION_OPENED, 2020, 1, 1)},
         2, PROCEEDINGS_CLOSED},
        {{event(LEGAL_LIQUIDATION_OPENED, 2025, 6, 1), event(LEGAL_SAFEGUARD_OPENED, 2025, 1, 1)},
         2, PROCEEDINGS_LIQUIDATION},
        /* of one day the later in the list */
        {{event(LEGAL_INSOLVENCY_CLOSED, 2025, 1, 1), event(LEGAL_LIQUIDATION_OPENED, 2025, 1, 1)},
         2, PROCEEDINGS_LIQUIDATION},
        {{event(LEGAL_LIQUIDATION_OPENED, 2025, 1, 1), event(LEGAL_INSOLVENCY_CLOSED, 2025, 1, 1)},
         2, PROCEEDINGS_CLOSED},
        /* the day itself counts, the day after does not */
        {{event(LEGAL_LIQUIDATION_OPENED, 2026, 6, 30)}, 1, PROCEEDINGS_LIQUIDATION},
        {{event(LEGAL_LIQUIDATION_OPENED, 2026, 7, 1)}, 1, PROCEEDINGS_NONE},
        {{event(LEGAL_SAFEGUARD_OPENED, 2025, 1, 1), event(LEGAL_INSOLVENCY_CLOSED, 2026, 7, 1)},
         2, PROCEEDINGS_SAFEGUARD},
        /* what is not of proceedings does not move them */
        {{event(LEGAL_SAFEGUARD_OPENED, 2025, 1, 1), event(LEGAL_DIRECTOR_CHANGED, 2026, 1, 1),
          event(LEGAL_ACCOUNTS_LATE, 2026, 2, 1)},
         3, PROCEEDINGS_SAFEGUARD},
        {{event(LEGAL_LIEN_REGISTERED, 2025, 1, 1), event(LEGAL_JUDGMENT_AGAINST, 2026, 1, 1),
          event(LEGAL_PAYMENT_INCIDENT, 2026, 2, 1)},
         3, PROCEEDINGS_NONE},
        {{event(LEGAL_STRUCK_OFF, 2025, 1, 1)}, 1, PROCEEDINGS_NONE},
    };
    /* clang-format on */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(legal_proceedings(rows[i].events, rows[i].count, as_of), rows[i].want);
    }
}

static void says_when_a_company_was_struck_off(void **state)
{
    (void)state;
    struct legal_event events[] = {event(LEGAL_DIRECTOR_CHANGED, 2020, 1, 1),
                                   event(LEGAL_STRUCK_OFF, 2026, 6, 30)};
    assert_true(legal_is_struck_off(events, 2, as_of));
    assert_false(legal_is_struck_off(events, 1, as_of));
    assert_false(legal_is_struck_off(events, 2, (struct date){2026, 6, 29}));
    assert_false(legal_is_struck_off(NULL, 0, as_of));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_each_event_by_its_name),
        cmocka_unit_test(follows_proceedings_to_their_last_event),
        cmocka_unit_test(says_when_a_company_was_struck_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
