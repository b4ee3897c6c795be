/* test_bank.c - pooling accounts by day, and reading what banks print. */
#include "credit/bank.h"

#include "../expect.h"

static const struct date as_of = {2026, 6, 30};
static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static struct bank_transaction move(uint8_t month, uint8_t day, int64_t minor)
{
    return (struct bank_transaction){
        .date = {2026, month, day},
          .minor = minor, .label = STR(""), .counterparty = STR("")
    };
}

static struct bank_balance balance(uint8_t month, uint8_t day, int64_t minor)
{
    return (struct bank_balance){
        .date = {2026, month, day},
          .minor = minor
    };
}

static const struct bank_ledger *pool(const struct bank_account *accounts, uint32_t count,
                                      enum currency currency)
{
    const struct bank_ledger *ledger = NULL;
    assert_true(bank_ledger_make(&ledger, accounts, count, currency, as_of, &arena));
    return ledger;
}

static void knows_a_rejection_in_five_languages(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        bool want;
    } rows[] = {
        {"",                            false},
        {"VIR SEPA CLIENT",             false},
        {"REJE",                        false},
        {"PROJET 12",                   false},
        {"DEVOLUCION AEAT",             false}, /* a tax refund */
        {"RETURNED GOODS",              false},
        {"\xC3",                        false},
        {"REJET PRLV",                  true },
        {"Frais sur rejet de cheque",   true },
        {"Ch\xC3\xA8que impay\xC3\xA9", true },
        {"Recibo devuelto",             true },
        {"Devoluci\xC3\xB3n de recibo", true },
        {"R\xC3\xBC"
         "cklastschrift",      true },
        {"COMMISSIONI INSOLUTO",        true },
        {"Unpaid direct debit",         true },
        {"returned direct debit",       true },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (bank_is_rejection(str_from(rows[i].label)) != rows[i].want) {
            fail_msg("\"%s\"", rows[i].label);
        }
    }
}

static void looks_no_farther_than_it_must_into_a_label(void **state)
{
    (void)state;
    char label[600];
    memset(label, 'A', sizeof label);
    assert_false(bank_is_rejection((struct str){label, sizeof label}));
    memcpy(label + 300, "REJET", 5);
    assert_false(bank_is_rejection((struct str){label, sizeof label}));
    memcpy(label + 251, "REJET", 5);
    assert_true(bank_is_rejection((struct str){label, sizeof label}));
}

/* Stated on the 20th, after that day's movements; taken back before, carried on after. */
static void reckons_a_balance_in_both_directions(void **state)
{
    (void)state;
    const struct bank_transaction moves[] = {move(6, 25, 30), move(6, 10, 1), move(6, 20, -200),
                                             move(6, 30, 4)};
    const struct bank_balance stated[] = {balance(6, 20, 1000)};
    const struct bank_account account = {CURRENCY_EUR, 1, 4, stated, moves};
    const struct bank_ledger *ledger = pool(&account, 1, CURRENCY_NONE);
    assert_non_null(ledger);
    assert_int_equal(ledger->currency, CURRENCY_EUR);
    assert_int_equal(ledger->oldest, 20);
    assert_int_equal(ledger->newest, 0);
    assert_int_equal(ledger->day_count, 21);
    assert_true(ledger->has_balance);
    static const struct {
        int32_t age;
        int64_t want;
    } rows[] = {
        {20, 1200},
        {11, 1200},
        {10, 1000},
        {6,  1000},
        {5,  1030},
        {1,  1030},
        {0,  1034}
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(ledger->days[rows[i].age].balance_minor, rows[i].want);
    }
}

static void believes_the_latest_balance_stated(void **state)
{
    (void)state;
    const struct bank_transaction moves[] = {move(6, 12, 50)};
    const struct bank_balance stated[] = {balance(6, 20, 7), balance(6, 10, 100),
                                          balance(6, 20, 900)};
    const struct bank_account account = {CURRENCY_EUR, 3, 1, stated, moves};
    const struct bank_ledger *ledger = pool(&account, 1, CURRENCY_NONE);
    assert_int_equal(ledger->days[20].balance_minor, 100);
    assert_int_equal(ledger->days[18].balance_minor, 150);
    assert_int_equal(ledger->days[11].balance_minor, 150);
    assert_int_equal(ledger->days[10].balance_minor, 900);
}

static void counts_a_day(void **state)
{
    (void)state;
    struct bank_transaction moves[] = {move(6, 30, 100), move(6, 30, -30), move(6, 30, -20),
                                       move(6, 30, 20),  move(6, 30, -9),  move(6, 30, 0)};
    moves[3].label = STR("REJET PRLV");
    moves[4].label = STR("FRAIS REJET");
    const struct bank_account account = {CURRENCY_EUR, 0, 6, NULL, moves};
    const struct bank_ledger *ledger = pool(&account, 1, CURRENCY_NONE);
    assert_false(ledger->has_balance);
    const struct bank_day *day = &ledger->days[0];
    assert_int_equal(day->income_minor, 100);
    assert_int_equal(day->outgo_minor, 59);
    assert_int_equal(day->debit_count, 2);
    assert_int_equal(day->returned_count, 1);
    assert_int_equal(day->rejected_count, 1);
}

static void pools_one_currency_over_the_days_all_speak_of(void **state)
{
    (void)state;
    const struct bank_balance first[] = {balance(1, 1, 100), balance(6, 28, 100)};
    const struct bank_balance second[] = {balance(3, 1, -30), balance(6, 30, -30)};
    const struct bank_balance dollars[] = {balance(6, 1, 5000), balance(6, 2, 5000)};
    const struct bank_account accounts[] = {
        {CURRENCY_EUR, 2, 0, first,   NULL},
        {CURRENCY_USD, 2, 0, dollars, NULL},
        {CURRENCY_EUR, 2, 0, second,  NULL},
        {CURRENCY_EUR, 0, 0, NULL,    NULL}, /* says nothing, and shortens nothing */
    };
    const struct bank_ledger *ledger = pool(accounts, 4, CURRENCY_EUR);
    assert_int_equal(ledger->oldest, 121);
    assert_int_equal(ledger->newest, 2);
    assert_int_equal(ledger->days[2].balance_minor, 70);
    assert_int_equal(ledger->days[121].balance_minor, 70);
    ledger = pool(accounts, 4, CURRENCY_USD);
    assert_int_equal(ledger->days[28].balance_minor, 5000);
    const struct bank_account turned[] = {accounts[2], accounts[0]};
    ledger = pool(turned, 2, CURRENCY_EUR);
    assert_int_equal(ledger->oldest, 121);
    assert_int_equal(ledger->newest, 2);
    assert_null(pool(accounts, 4, CURRENCY_GBP));
}

/* What one account says of days of which another is silent would be half of the truth. */
static void counts_no_flow_of_a_day_that_one_is_silent_of(void **state)
{
    (void)state;
    const struct bank_transaction moves[] = {move(6, 1, 5), move(6, 20, 7), move(6, 30, 11)};
    const struct bank_balance stated[] = {balance(5, 1, 0), balance(6, 20, 0)};
    const struct bank_account accounts[] = {
        {CURRENCY_EUR, 0, 3, NULL,   moves},
        {CURRENCY_EUR, 2, 0, stated, NULL }
    };
    const struct bank_ledger *ledger = pool(accounts, 2, CURRENCY_EUR);
    assert_int_equal(ledger->newest, 10);
    assert_int_equal(ledger->days[29].income_minor, 5);
    assert_int_equal(ledger->days[10].income_minor, 7);
    assert_int_equal(ledger->days[0].income_minor, 0);
}

static void has_no_ledger_where_no_day_is_known(void **state)
{
    (void)state;
    const struct bank_balance early[] = {balance(1, 1, 100), balance(1, 20, 100)};
    const struct bank_balance late[] = {balance(6, 1, 100), balance(6, 30, 100)};
    const struct bank_balance to_come[] = {balance(7, 1, 100)};
    const struct bank_balance ancient[] = {
        {{1800, 1, 1}, 100}
    };
    const struct bank_account apart[] = {
        {CURRENCY_EUR, 2, 0, early, NULL},
        {CURRENCY_EUR, 2, 0, late,  NULL}
    };
    const struct bank_account future = {CURRENCY_EUR, 1, 0, to_come, NULL};
    const struct bank_account old = {CURRENCY_EUR, 1, 0, ancient, NULL};
    assert_null(pool(NULL, 0, CURRENCY_NONE));
    assert_null(pool(apart, 2, CURRENCY_NONE));
    assert_null(pool(&future, 1, CURRENCY_NONE));
    assert_null(pool(&old, 1, CURRENCY_NONE));
}

/* A balance of a day to come is none: it would carry back what nobody can know. */
static void knows_no_balance_from_one_to_come(void **state)
{
    (void)state;
    const struct bank_transaction moves[] = {move(6, 25, 30), move(7, 1, 5000)};
    const struct bank_balance stated[] = {balance(7, 2, 9000)};
    const struct bank_account account = {CURRENCY_EUR, 1, 2, stated, moves};
    const struct bank_ledger *ledger = pool(&account, 1, CURRENCY_NONE);
    assert_non_null(ledger);
    assert_false(ledger->has_balance);
    assert_int_equal(ledger->newest, 5);
    assert_int_equal(ledger->days[5].balance_minor, 0);
}

static void looks_back_no_farther_than_its_days(void **state)
{
    (void)state;
    const struct bank_balance stated[] = {
        {{1800, 1, 1},  100},
        {{2026, 6, 30}, 100}
    };
    const struct bank_account account = {CURRENCY_EUR, 2, 0, stated, NULL};
    const struct bank_ledger *ledger = pool(&account, 1, CURRENCY_NONE);
    assert_int_equal(ledger->day_count, BANK_DAYS_MAX);
    assert_true(ledger->oldest > 80000);
    assert_int_equal(ledger->days[BANK_DAYS_MAX - 1].balance_minor, 100);
}

static void ranks_payers_by_what_they_paid_in_a_year(void **state)
{
    (void)state;
    struct bank_transaction moves[] = {move(6, 1, 40),  move(6, 2, 70),  move(6, 3, 40),
                                       move(6, 4, 25),  move(6, 5, -90), move(6, 6, 500),
                                       move(6, 7, 999), move(7, 1, 888)};
    moves[0].counterparty = STR("  Caf\xC3\xA9 Bleu ");
    moves[1].counterparty = STR("Beta");
    moves[2].counterparty = STR("CAFE BLEU");
    moves[5].label = STR("REJET"); /* came back: no income */
    moves[6].date = (struct date){2025, 6, 30};
    moves[6].counterparty = STR("Beta");
    moves[7].counterparty = STR("Beta");
    const struct bank_account account = {CURRENCY_EUR, 0, 8, NULL, moves};
    const struct bank_ledger *ledger = pool(&account, 1, CURRENCY_NONE);
    assert_int_equal(ledger->top_payer_minor, 80);
    assert_int_equal(ledger->unnamed_minor, 25);
    assert_int_equal(ledger->income_minor, 175);
}

static void bounds_sums_that_no_account_can_have(void **state)
{
    (void)state;
    enum { MANY = 10000 };
    static struct bank_transaction moves[MANY];
    for (size_t i = 0; i < MANY; i++) {
        moves[i] = move(6, 30, MONEY_MINOR_MAX);
    }
    const struct bank_balance stated[] = {balance(6, 29, MONEY_MINOR_MAX)};
    struct bank_account account = {CURRENCY_EUR, 1, MANY, stated, moves};
    arena_finish(&arena);
    arena_init(&arena, 16 * 1024 * 1024);
    const struct bank_ledger *ledger = pool(&account, 1, CURRENCY_NONE);
    assert_int_equal(ledger->days[0].balance_minor, INT64_MAX);
    assert_int_equal(ledger->days[0].income_minor, INT64_MAX);
    for (size_t i = 0; i < MANY; i++) {
        moves[i].minor = -MONEY_MINOR_MAX;
    }
    ledger = pool(&account, 1, CURRENCY_NONE);
    assert_int_equal(ledger->days[0].balance_minor, INT64_MIN + MONEY_MINOR_MAX);
    assert_int_equal(ledger->days[0].outgo_minor, INT64_MAX);
}

static void says_when_the_arena_is_full(void **state)
{
    (void)state;
    const struct bank_transaction moves[] = {move(6, 25, 30)};
    const struct bank_balance stated[] = {balance(6, 20, 1000)};
    const struct bank_account account = {CURRENCY_EUR, 1, 1, stated, moves};
    const struct bank_ledger *ledger = NULL;
    size_t refused = 0;
    for (size_t limit = 0; limit < 4096; limit += 16) {
        struct arena small;
        arena_init(&small, limit);
        bool is_made = bank_ledger_make(&ledger, &account, 1, CURRENCY_NONE, as_of, &small);
        assert_true(is_made || ledger == NULL);
        refused += is_made ? 0 : 1;
        arena_finish(&small);
    }
    assert_in_range(refused, 5, 250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_a_rejection_in_five_languages),
        cmocka_unit_test(looks_no_farther_than_it_must_into_a_label),
        cmocka_unit_test_setup_teardown(reckons_a_balance_in_both_directions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(believes_the_latest_balance_stated, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_a_day, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pools_one_currency_over_the_days_all_speak_of, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(counts_no_flow_of_a_day_that_one_is_silent_of, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(has_no_ledger_where_no_day_is_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(knows_no_balance_from_one_to_come, set_up, tear_down),
        cmocka_unit_test_setup_teardown(looks_back_no_farther_than_its_days, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ranks_payers_by_what_they_paid_in_a_year, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(bounds_sums_that_no_account_can_have, set_up, tear_down),
        cmocka_unit_test(says_when_the_arena_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
