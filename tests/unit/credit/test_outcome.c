/* test_outcome.c - what a report makes of a decision, by its type, its definition and its day. */
#include "credit/outcome.h"

#include "../expect.h"

static void reads_what_it_writes(void **state)
{
    (void)state;
    for (size_t i = 0; i < OUTCOME_COUNT; i++) {
        enum outcome_type type = OUTCOME_COUNT;
        assert_true(outcome_type_read(&type, str_from(outcome_type_wire((enum outcome_type)i))));
        assert_int_equal(type, i);
    }
}

static void refuses_every_other_word(void **state)
{
    (void)state;
    static const char *const rows[] = {"", "Default", "defaulted", "default ", "none", "cured"};
    enum outcome_type type = OUTCOME_REPAID;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_false(outcome_type_read(&type, str_from(rows[i])));
    }
    assert_int_equal(type, OUTCOME_REPAID);
}

static void labels_by_type_and_definition(void **state)
{
    (void)state;
    static const struct {
        enum outcome_type type;
        const char *own, *asked;
        enum outcome_label label;
    } rows[] = {
        {OUTCOME_DEFAULT,    "dpd90",          "dpd90",          OUTCOME_LABEL_BAD },
        {OUTCOME_DEFAULT,    "dpd90",          "insolvency_12m", OUTCOME_LABEL_NONE},
        {OUTCOME_DEFAULT,    "insolvency_12",  "insolvency_12m", OUTCOME_LABEL_NONE},
        {OUTCOME_BANKRUPTCY, "",               "dpd90",          OUTCOME_LABEL_BAD },
        {OUTCOME_BANKRUPTCY, "insolvency_12m", "dpd90",          OUTCOME_LABEL_BAD },
        {OUTCOME_WRITE_OFF,  "",               "insolvency_12m", OUTCOME_LABEL_BAD },
        {OUTCOME_REPAID,     "",               "dpd90",          OUTCOME_LABEL_GOOD},
        {OUTCOME_REPAID,     "dpd90",          "dpd90",          OUTCOME_LABEL_GOOD},
        {OUTCOME_REPAID,     "dpd90",          "insolvency_12m", OUTCOME_LABEL_NONE},
        {OUTCOME_PARTIAL,    "",               "dpd90",          OUTCOME_LABEL_NONE},
        {OUTCOME_RETRACTED,  "dpd90",          "dpd90",          OUTCOME_LABEL_NONE},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(
            outcome_label(rows[i].type, str_from(rows[i].own), str_from(rows[i].asked)),
            rows[i].label);
    }
}

/* A decision of 2025-03-31, 12 months. */
static enum outcome_verdict verdict(const char *known_on, enum outcome_label label,
                                    const char *observed_on)
{
    struct outcome_window window = {
        .as_of = {2025, 3, 31},
          .horizon_months = 12
    };
    struct outcome_tally tally = {0};
    struct date observed;
    assert_true(date_read(&window.known_on, str_from(known_on)));
    if (observed_on != NULL) {
        assert_true(date_read(&observed, str_from(observed_on)));
        outcome_tally_add(&tally, &window, label, observed);
    }
    return outcome_verdict(&tally, &window);
}

static void counts_days_to_the_last_of_the_horizon(void **state)
{
    (void)state;
    static const struct {
        const char *known_on, *observed_on;
        enum outcome_label label;
        enum outcome_verdict verdict;
    } rows[] = {
        {"2026-03-30", NULL,         OUTCOME_LABEL_NONE, VERDICT_IMMATURE    },
        {"2026-03-31", NULL,         OUTCOME_LABEL_NONE, VERDICT_UNREPORTED  },
        {"2026-03-31", "2025-04-01", OUTCOME_LABEL_BAD,  VERDICT_BAD         },
        {"2026-03-31", "2026-03-31", OUTCOME_LABEL_BAD,  VERDICT_BAD         },
        {"2026-05-01", "2026-04-01", OUTCOME_LABEL_BAD,  VERDICT_UNREPORTED  },
        {"2026-03-30", "2025-04-01", OUTCOME_LABEL_BAD,  VERDICT_IMMATURE_BAD},
        {"2026-03-31", "2025-03-31", OUTCOME_LABEL_BAD,  VERDICT_WAS_BAD     },
        {"2025-06-01", "2025-03-31", OUTCOME_LABEL_BAD,  VERDICT_WAS_BAD     },
        {"2026-03-31", "2024-04-01", OUTCOME_LABEL_BAD,  VERDICT_WAS_BAD     },
        {"2026-03-31", "2024-03-31", OUTCOME_LABEL_BAD,  VERDICT_UNREPORTED  },
        {"2026-03-31", "2025-06-01", OUTCOME_LABEL_GOOD, VERDICT_GOOD        },
        {"2026-04-30", "2026-04-15", OUTCOME_LABEL_GOOD, VERDICT_GOOD        },
        {"2026-03-30", "2025-06-01", OUTCOME_LABEL_GOOD, VERDICT_IMMATURE    },
        {"2026-03-31", "2025-03-31", OUTCOME_LABEL_GOOD, VERDICT_UNREPORTED  },
        {"2026-03-31", "2025-06-01", OUTCOME_LABEL_NONE, VERDICT_UNREPORTED  },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(verdict(rows[i].known_on, rows[i].label, rows[i].observed_on),
                         rows[i].verdict);
    }
}

static void a_default_outweighs_what_was_repaid(void **state)
{
    (void)state;
    struct outcome_window window = {
        .as_of = {2025, 3,  31},
          .horizon_months = 12, .known_on = {2026, 11, 22}
    };
    struct outcome_tally tally = {0};
    outcome_tally_add(&tally, &window, OUTCOME_LABEL_BAD, (struct date){2025, 7, 1});
    outcome_tally_add(&tally, &window, OUTCOME_LABEL_GOOD, (struct date){2025, 9, 1});
    assert_int_equal(outcome_verdict(&tally, &window), VERDICT_BAD);
}

static void stays_inside_the_calendar(void **state)
{
    (void)state;
    struct outcome_window late = {
        .as_of = {2199, 6, 30},
          .horizon_months = 12
    };
    struct outcome_window early = {
        .as_of = {1800, 6, 30},
          .horizon_months = 12
    };
    assert_int_equal(date_compare(outcome_window_end(&late), (struct date){2199, 12, 31}), 0);
    assert_int_equal(date_compare(outcome_window_start(&early), (struct date){1800, 1, 1}), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_writes),
        cmocka_unit_test(refuses_every_other_word),
        cmocka_unit_test(labels_by_type_and_definition),
        cmocka_unit_test(counts_days_to_the_last_of_the_horizon),
        cmocka_unit_test(a_default_outweighs_what_was_repaid),
        cmocka_unit_test(stays_inside_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
