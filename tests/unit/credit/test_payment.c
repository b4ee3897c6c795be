/* test_payment.c - one invoice, seen from a day. */
#include "credit/payment.h"

#include "../expect.h"

static const struct date as_of = {2026, 6, 30};

static void is_open_until_the_day_it_is_paid(void **state)
{
    (void)state;
    static const struct {
        struct date paid_on;
        bool want;
    } rows[] = {
        {{0, 0, 0},     true },
        {{2026, 6, 29}, false},
        {{2026, 6, 30}, false},
        {{2026, 7, 1},  true },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct payment p = {
            .due_on = {2026, 6, 1},
              .paid_on = rows[i].paid_on
        };
        assert_true(payment_is_open(&p, as_of) == rows[i].want);
    }
}

static void is_late_from_the_day_after_it_is_due(void **state)
{
    (void)state;
    static const struct {
        struct date due_on, paid_on;
        int32_t want;
    } rows[] = {
        {{2026, 6, 1},  {2026, 6, 1},  0  },
        {{2026, 6, 1},  {2026, 6, 2},  1  },
        {{2026, 6, 1},  {2026, 5, 22}, -10},
        {{2026, 7, 31}, {2026, 6, 30}, -31}, /* paid before it is due, after as_of */
        {{2026, 6, 1},  {0, 0, 0},     29 },
        {{2026, 6, 30}, {0, 0, 0},     0  },
        {{2026, 6, 1},  {2026, 7, 9},  29 }, /* nobody knows yet that it will be paid */
        {{2024, 2, 29}, {2024, 3, 31}, 31 },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct payment p = {.due_on = rows[i].due_on, .paid_on = rows[i].paid_on};
        assert_int_equal(payment_days_late(&p, as_of), rows[i].want);
    }
}

static void lateness_of_what_is_not_due(void)
{
    struct payment p = {
        .due_on = {2026, 7, 1}
    };
    (void)payment_days_late(&p, as_of);
}

static void stops_at_what_is_neither_paid_nor_due(void **state)
{
    (void)state;
    assert_dies(lateness_of_what_is_not_due);
}

static void sums_in_the_currency_of_most(void **state)
{
    (void)state;
    static const enum currency rows[][4] = {
        {CURRENCY_EUR, CURRENCY_USD, CURRENCY_USD, CURRENCY_USD},
        {CURRENCY_USD, CURRENCY_USD, CURRENCY_EUR, CURRENCY_EUR},
        {CURRENCY_EUR, CURRENCY_USD, CURRENCY_EUR, CURRENCY_PLN},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct payment payments[4] = {0};
        for (size_t k = 0; k < 4; k++) {
            payments[k].amount.currency = rows[i][k];
        }
        assert_int_equal(payments_currency(payments, 4), i < 2 ? CURRENCY_USD : CURRENCY_EUR);
    }
    assert_int_equal(payments_currency(NULL, 0), CURRENCY_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_open_until_the_day_it_is_paid),
        cmocka_unit_test(is_late_from_the_day_after_it_is_due),
        cmocka_unit_test(stops_at_what_is_neither_paid_nor_due),
        cmocka_unit_test(sums_in_the_currency_of_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
