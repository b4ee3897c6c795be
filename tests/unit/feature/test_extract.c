/* test_extract.c - what holds for the features of bank, payment, legal and graph, whatever the
 * data: worse data never looks better, leaving out never pays, and what is to come is not seen.
 *
 * The values themselves stand in tests/cases/features. */
#include "feature/neighbourhood.h"

#include "../score/tiny.h"

#include <math.h>

enum {
    CASES = 500,
    ACCOUNTS = 2,
    TRANSACTIONS = 240,
    BALANCES = 6,
    PAYMENTS = 30,
    EVENTS = 8,
    PARTIES = 8,
    LINKS = 14,
    SPARE = 4, /* what a case may add to a list */
};

static const struct date as_of = {2026, 11, 22};

/* A company and all that was sent of it, drawn by nobody. */
struct world {
    uint64_t state;
    struct statement statement;
    struct bank_account accounts[ACCOUNTS];
    struct bank_balance balances[ACCOUNTS][BALANCES + SPARE];
    struct bank_transaction transactions[ACCOUNTS][TRANSACTIONS + SPARE];
    struct payment payments[PAYMENTS + SPARE];
    struct legal_event events[EVENTS + SPARE];
    struct link links[LINKS + SPARE];
    uint32_t payment_count, event_count, link_count, blocks_sent;
};

static struct arena arena;

static uint64_t draw(struct world *w)
{
    w->state ^= w->state << 13;
    w->state ^= w->state >> 7;
    w->state ^= w->state << 17;
    return w->state;
}

static int32_t between(struct world *w, int32_t least, int32_t most)
{
    return least + (int32_t)(draw(w) % (uint64_t)(most - least + 1));
}

static struct date day_ago(int32_t days)
{
    return date_add_days(as_of, -days);
}

static struct bank_transaction draw_transaction(struct world *w)
{
    static const char *const labels[] = {"VIR", "PRLV EDF", "REJET PRLV", "Frais de rejet", ""};
    static const char *const payers[] = {"Alpha", "BETA", "", "Gamma", "alpha"};
    return (struct bank_transaction){
        .date = day_ago(between(w, 0, 480)),
        .minor = between(w, -200000, 200000),
        .label = str_from(labels[draw(w) % (between(w, 0, 9) == 0 ? 5 : 2)]),
        .counterparty = str_from(payers[draw(w) % ARRAY_LEN(payers)]),
    };
}

static void draw_bank(struct world *w)
{
    for (size_t i = 0; i < ACCOUNTS; i++) {
        struct bank_account *a = &w->accounts[i];
        *a = (struct bank_account){
            .currency = between(w, 0, 9) == 0 ? CURRENCY_USD : CURRENCY_EUR,
            .balance_count = (uint32_t)between(w, 0, 5) == 0 ? 0 : BALANCES,
            .transaction_count = (uint32_t)between(w, TRANSACTIONS / 3, TRANSACTIONS),
            .balances = w->balances[i],
            .transactions = w->transactions[i],
        };
        for (uint32_t k = 0; k < a->transaction_count; k++) {
            w->transactions[i][k] = draw_transaction(w);
        }
        for (int32_t k = 0; k < BALANCES; k++) {
            w->balances[i][k] = (struct bank_balance){day_ago(between(w, 0, 60) + 61 * k),
                                                      between(w, -500000, 2000000)};
        }
    }
}

static struct payment draw_payment(struct world *w)
{
    struct payment p = {
        .due_on = day_ago(between(w, -40, 420)),
        .amount = {between(w, 1000, 900000), between(w, 0, 9) == 0 ? CURRENCY_USD : CURRENCY_EUR},
        .is_disputed = between(w, 0, 9) == 0,
    };
    p.issued_on = date_add_days(p.due_on, -30);
    p.issued_on = date_compare(p.issued_on, as_of) > 0 ? as_of : p.issued_on;
    if (between(w, 0, 3) > 0) {
        p.paid_on = date_add_days(p.due_on, between(w, -20, 140));
        p.paid_on = date_compare(p.paid_on, as_of) > 0 ? (struct date){0} : p.paid_on;
    }
    return p;
}

static struct legal_event draw_event(struct world *w)
{
    static const enum legal_event_type types[] = {LEGAL_LIEN_REGISTERED, LEGAL_JUDGMENT_AGAINST,
                                                  LEGAL_ACCOUNTS_LATE, LEGAL_DIRECTOR_CHANGED};
    return (struct legal_event){
        .type = types[draw(w) % ARRAY_LEN(types)],
        .date = day_ago(between(w, 0, 1000)),
        .amount = {between(w, 0, 5000000), CURRENCY_EUR},
    };
}

/* Most of them touch the company, which is 0. */
static struct link draw_link(struct world *w)
{
    uint32_t a = (uint32_t)between(w, 1, PARTIES - 1), b = (uint32_t)between(w, 0, PARTIES - 1);
    b = between(w, 0, 2) > 0 ? 0 : b;
    bool is_turned = between(w, 0, 1) == 1;
    return (struct link){
        .type = (enum link_type)(draw(w) % LINK_TYPE_COUNT),
        .from = is_turned ? b : a,
        .to = is_turned ? a : b,
        .share_ppm = between(w, 0, 3) == 0 ? LINK_UNSTATED : between(w, 0, 1000000),
        .pd_ppm = between(w, 0, 3) == 0 ? LINK_UNSTATED : between(w, 0, 400000),
        .exposure = {between(w, 0, 9000000), between(w, 0, 4) == 0 ? CURRENCY_NONE : CURRENCY_EUR},
    };
}

static void draw_world(struct world *w, uint64_t seed)
{
    *w = (struct world){.state = seed * 0x9E3779B97F4A7C15u + 1u,
                        .statement = sound_statement(2025),
                        .blocks_sent = (1U << BLOCK_COUNT) - 1};
    draw_bank(w);
    w->payment_count = (uint32_t)between(w, 0, PAYMENTS);
    w->event_count = (uint32_t)between(w, 0, EVENTS);
    w->link_count = (uint32_t)between(w, 0, LINKS);
    for (uint32_t i = 0; i < w->payment_count; i++) {
        w->payments[i] = draw_payment(w);
    }
    for (uint32_t i = 0; i < w->event_count; i++) {
        w->events[i] = draw_event(w);
    }
    for (uint32_t i = 0; i < w->link_count; i++) {
        w->links[i] = draw_link(w);
    }
}

static struct features features_of(const struct world *w)
{
    struct features features;
    struct facts facts = sound_facts(&w->statement, 1);
    facts.as_of = as_of;
    facts.blocks_sent = w->blocks_sent;
    facts.bank_accounts = w->accounts;
    facts.bank_account_count = ACCOUNTS;
    facts.payments = w->payments;
    facts.payment_count = w->payment_count;
    facts.legal_events = w->events;
    facts.legal_event_count = w->event_count;
    facts.links = w->links;
    facts.link_count = w->link_count;
    facts.party_count = PARTIES;
    assert_true(facts_derive(&facts, &arena));
    assert_true(neighbourhood_make(&facts, neighbourhood_recovery, &arena));
    features_extract(&features, &facts,
                     (struct tendency){
                         .rate = {0.02, true}
    });
    arena_reset(&arena);
    return features;
}

/* ---- what is held ---- */

static unsigned seen; /* comparisons of two known values in this test */

/* The risk by this feature has not fallen; becoming unknown is allowed where `may_vanish`. */
static void expect_no_better(const struct features *before, const struct features *after,
                             enum feature feature, bool may_vanish)
{
    struct known x = before->values[feature], y = after->values[feature];
    double sign = feature_info(feature)->direction;
    if (!x.is_known || (may_vanish && !y.is_known)) {
        return;
    }
    if (!y.is_known || sign * y.value < sign * x.value - 1e-9) {
        fail_msg("%s: %.12g, then %s %.12g", feature_info(feature)->wire, x.value,
                 y.is_known ? "" : "unknown", y.value);
    }
    seen++;
}

static void expect_same(const struct features *before, const struct features *after)
{
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        struct known x = before->values[i], y = after->values[i];
        if (x.is_known != y.is_known || !(fabs(x.value - y.value) < 1e-9)) {
            fail_msg("%s: %.12g, then %.12g", feature_info((enum feature)i)->wire, x.value,
                     y.value);
        }
        seen += x.is_known ? 1 : 0;
    }
}

static void for_all(void (*check)(struct world *w, struct features before))
{
    static struct world w;
    arena_init(&arena, 4 * 1024 * 1024);
    seen = 0;
    for (uint64_t seed = 1; seed <= CASES; seed++) {
        draw_world(&w, seed);
        struct features before = features_of(&w);
        check(&w, before);
    }
    arena_finish(&arena);
    assert_true(seen > CASES / 4);
}

/* ---- bank ---- */

/* A day of which the first account speaks already: another record makes its time no longer. */
static struct date a_known_day(struct world *w)
{
    return w->transactions[0][draw(w) % w->accounts[0].transaction_count].date;
}

static void check_rejected_debit(struct world *w, struct features before)
{
    struct bank_account *a = &w->accounts[0];
    struct date date = a_known_day(w);
    int32_t minor = between(w, 1, 90000);
    w->transactions[0][a->transaction_count++] =
        (struct bank_transaction){date, -minor, STR("PRLV"), STR("")};
    w->transactions[0][a->transaction_count++] =
        (struct bank_transaction){date, minor, STR("REJET PRLV"), STR("Alpha")};
    struct features after = features_of(w);
    for (unsigned i = FEATURE_B_OD_SHARE; i <= FEATURE_B_TOP1_INFLOW; i++) {
        expect_no_better(&before, &after, (enum feature)i, false);
    }
}

static void another_rejected_debit_never_helps(void **state)
{
    (void)state;
    for_all(check_rejected_debit);
}

static void check_lower_balances(struct world *w, struct features before)
{
    int32_t by = between(w, 1, 900000);
    for (size_t i = 0; i < BALANCES; i++) {
        w->balances[0][i].minor -= by;
    }
    struct features after = features_of(w);
    expect_no_better(&before, &after, FEATURE_B_OD_SHARE, false);
    expect_no_better(&before, &after, FEATURE_B_MIN_BAL, false);
    expect_no_better(&before, &after, FEATURE_B_RUNWAY, false);
}

static void lower_balances_never_help(void **state)
{
    (void)state;
    for_all(check_lower_balances);
}

static void check_more_spent(struct world *w, struct features before)
{
    struct bank_account *a = &w->accounts[0];
    struct date date = a_known_day(w);
    w->transactions[0][a->transaction_count++] =
        (struct bank_transaction){date, -between(w, 1, 900000), STR("PRLV"), STR("")};
    struct features after = features_of(w);
    expect_no_better(&before, &after, FEATURE_B_NET_BURN, false);
    expect_no_better(&before, &after, FEATURE_B_INFLOW_TREND, false);
    expect_no_better(&before, &after, FEATURE_B_INFLOW_CV, false);
    expect_no_better(&before, &after, FEATURE_B_TOP1_INFLOW, false);
}

static void more_spent_never_helps(void **state)
{
    (void)state;
    for_all(check_more_spent);
}

/* Names, the balances of an account, the records of the last months. */
static void check_bank_omissions(struct world *w, struct features before)
{
    for (size_t i = 0; i < ACCOUNTS; i++) {
        for (uint32_t k = 0; k < w->accounts[i].transaction_count; k++) {
            if (between(w, 0, 3) == 0) {
                w->transactions[i][k].counterparty = STR("");
            }
        }
    }
    struct features after = features_of(w);
    expect_no_better(&before, &after, FEATURE_B_TOP1_INFLOW, true);
    w->accounts[0].balance_count = 0;
    after = features_of(w);
    if (w->accounts[0].currency == CURRENCY_EUR) {
        assert_false(after.values[FEATURE_B_OD_SHARE].is_known);
        assert_false(after.values[FEATURE_B_MIN_BAL].is_known);
        assert_false(after.values[FEATURE_B_RUNWAY].is_known);
    }
    for (uint32_t k = 0; k < w->accounts[0].transaction_count; k++) {
        w->transactions[0][k].date = date_add_days(w->transactions[0][k].date, -32);
    }
    after = features_of(w);
    for (unsigned i = FEATURE_B_OD_SHARE; i <= FEATURE_B_TOP1_INFLOW; i++) {
        assert_false(w->accounts[0].currency == CURRENCY_EUR && after.values[i].is_known);
    }
}

static void leaving_bank_data_out_never_pays(void **state)
{
    (void)state;
    for_all(check_bank_omissions);
}

/* ---- payment ---- */

/* A later payment of what is due; until it is not paid at all. */
static void check_later_payment(struct world *w, struct features before)
{
    if (w->payment_count == 0) {
        return;
    }
    struct payment *p = &w->payments[draw(w) % w->payment_count];
    if (date_compare(p->due_on, as_of) > 0 || payment_is_open(p, as_of)) {
        return;
    }
    bool is_recent = date_compare(p->due_on, date_add_months(as_of, -3)) > 0;
    p->paid_on = date_add_days(p->paid_on, between(w, 1, 200));
    struct features after = features_of(w);
    expect_no_better(&before, &after, FEATURE_P_AVG_LATE, false);
    expect_no_better(&before, &after, FEATURE_P_SHARE30, false);
    expect_no_better(&before, &after, FEATURE_P_SHARE90, false);
    expect_no_better(&before, &after, FEATURE_P_OVERDUE_NOW, false);
    if (is_recent) {
        expect_no_better(&before, &after, FEATURE_P_TREND, false);
    }
}

static void a_later_payment_never_helps(void **state)
{
    (void)state;
    for_all(check_later_payment);
}

static void check_dispute(struct world *w, struct features before)
{
    if (w->payment_count == 0) {
        return;
    }
    w->payments[draw(w) % w->payment_count].is_disputed = true;
    struct features after = features_of(w);
    expect_no_better(&before, &after, FEATURE_P_DISPUTED, false);
    if (before.values[FEATURE_P_N].is_known) {
        assert_true(after.values[FEATURE_P_N].value <= before.values[FEATURE_P_N].value);
    }
}

static void a_dispute_is_seen(void **state)
{
    (void)state;
    for_all(check_dispute);
}

/* ---- legal ---- */

static void check_another_event(struct world *w, struct features before)
{
    w->events[w->event_count++] = draw_event(w);
    struct features after = features_of(w);
    for (unsigned i = FEATURE_L_PRIV; i <= FEATURE_L_DIR_CHANGE; i++) {
        expect_no_better(&before, &after, (enum feature)i, false);
    }
    if (w->events[0].type == LEGAL_LIEN_REGISTERED) {
        w->events[0].amount = (struct money){0, CURRENCY_NONE};
        after = features_of(w);
        expect_no_better(&before, &after, FEATURE_L_PRIV, true);
        expect_no_better(&before, &after, FEATURE_L_PRIV_COUNT, false);
    }
}

static void another_event_never_helps(void **state)
{
    (void)state;
    for_all(check_another_event);
}

/* ---- graph ---- */

static void check_riskier_neighbour(struct world *w, struct features before)
{
    for (uint32_t i = 0; i < w->link_count; i++) {
        if (w->links[i].pd_ppm != LINK_UNSTATED && between(w, 0, 1) == 0) {
            w->links[i].pd_ppm += between(w, 1, 500000);
        }
    }
    struct features after = features_of(w);
    for (unsigned i = FEATURE_G_PARENT_PD; i <= FEATURE_G_UNKNOWN_SHARE; i++) {
        if (i != FEATURE_G_TRADE_PD) { /* a mean: all of it must rise for it to rise */
            expect_no_better(&before, &after, (enum feature)i, false);
        }
    }
    for (uint32_t i = 0; i < w->link_count; i++) {
        w->links[i].pd_ppm += w->links[i].pd_ppm == LINK_UNSTATED ? 0 : 90000;
    }
    struct features worst = features_of(w);
    expect_no_better(&before, &worst, FEATURE_G_TRADE_PD, false);
}

static void a_riskier_neighbour_never_helps(void **state)
{
    (void)state;
    for_all(check_riskier_neighbour);
}

static void check_larger_exposure(struct world *w, struct features before)
{
    for (uint32_t i = 0; i < w->link_count; i++) {
        w->links[i].exposure.minor *= between(w, 1, 3);
    }
    struct features after = features_of(w);
    expect_no_better(&before, &after, FEATURE_G_UPLIFT, false);
    expect_no_better(&before, &after, FEATURE_G_TOP_CUSTOMER_SHARE, false);
    for (uint32_t i = 0; i < w->link_count; i++) {
        if (between(w, 0, 1) == 0) {
            w->links[i].exposure.currency = CURRENCY_NONE;
        }
    }
    struct features unstated = features_of(w);
    expect_no_better(&after, &unstated, FEATURE_G_UPLIFT, false);
}

static void a_larger_or_unstated_exposure_never_helps(void **state)
{
    (void)state;
    for_all(check_larger_exposure);
}

static void check_unstated_pd(struct world *w, struct features before)
{
    if (w->link_count == 0) {
        return;
    }
    w->links[draw(w) % w->link_count].pd_ppm = LINK_UNSTATED;
    struct features after = features_of(w);
    expect_no_better(&before, &after, FEATURE_G_UNKNOWN_SHARE, false);
}

static void an_unstated_pd_is_counted(void **state)
{
    (void)state;
    for_all(check_unstated_pd);
}

/* ---- all ---- */

static void check_future(struct world *w, struct features before)
{
    struct date tomorrow = date_add_days(as_of, between(w, 1, 400));
    struct bank_account *a = &w->accounts[0];
    w->transactions[0][a->transaction_count++] =
        (struct bank_transaction){tomorrow, 99999999, STR("VIR"), STR("Alpha")};
    if (a->balance_count > 0) {
        w->balances[0][a->balance_count++] = (struct bank_balance){tomorrow, -99999999};
    }
    for (uint32_t i = 0; i < w->payment_count; i++) {
        if (!date_is_set(w->payments[i].paid_on)) {
            w->payments[i].paid_on = tomorrow;
        }
    }
    w->events[w->event_count] = draw_event(w);
    w->events[w->event_count++].date = tomorrow;
    struct features after = features_of(w);
    expect_same(&before, &after);
}

static void what_is_to_come_is_not_seen(void **state)
{
    (void)state;
    for_all(check_future);
}

#define TURN(array, count)                                                                         \
    for (size_t i_ = 0; i_ < (count) / 2; i_++) {                                                  \
        memcpy(&spare, &(array)[i_], sizeof(array)[0]);                                            \
        memcpy(&(array)[i_], &(array)[(count)-1 - i_], sizeof(array)[0]);                          \
        memcpy(&(array)[(count)-1 - i_], &spare, sizeof(array)[0]);                                \
    }

static void check_order(struct world *w, struct features before)
{
    union {
        struct bank_balance balance;
        struct bank_transaction transaction;
        struct payment payment;
        struct legal_event event;
        struct link link;
    } spare;
    for (size_t i = 0; i < ACCOUNTS; i++) {
        TURN(w->transactions[i], w->accounts[i].transaction_count)
        TURN(w->balances[i], w->accounts[i].balance_count)
    }
    TURN(w->events, w->event_count)
    TURN(w->links, w->link_count)
    struct features after = features_of(w);
    expect_same(&before, &after);
}

static void the_order_of_lists_says_nothing(void **state)
{
    (void)state;
    for_all(check_order);
}

/* A block that was not sent leaves nothing known of it. */
static void check_blocks(struct world *w, struct features before)
{
    for (size_t i = 0; i < ACCOUNTS; i++) {
        w->accounts[i].balance_count = 0;
        w->accounts[i].transaction_count = 0;
    }
    w->payment_count = 0;
    w->event_count = 0;
    w->link_count = 0;
    w->blocks_sent = 0;
    struct features after = features_of(w);
    for (unsigned i = FEATURE_B_OD_SHARE; i <= FEATURE_G_UNKNOWN_SHARE; i++) {
        assert_false(after.values[i].is_known);
        seen += before.values[i].is_known ? 1 : 0;
    }
}

static void a_block_left_out_is_unknown(void **state)
{
    (void)state;
    for_all(check_blocks);
}

static void check_range(struct world *w, struct features before)
{
    (void)w;
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        const struct feature_info *info = feature_info((enum feature)i);
        struct known value = before.values[i];
        assert_true(!value.is_known ||
                    (value.value >= info->clip_low && value.value <= info->clip_high));
        seen += value.is_known ? 1 : 0;
    }
}

static void every_value_is_in_its_range(void **state)
{
    (void)state;
    for_all(check_range);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_rejected_debit_never_helps),
        cmocka_unit_test(lower_balances_never_help),
        cmocka_unit_test(more_spent_never_helps),
        cmocka_unit_test(leaving_bank_data_out_never_pays),
        cmocka_unit_test(a_later_payment_never_helps),
        cmocka_unit_test(a_dispute_is_seen),
        cmocka_unit_test(another_event_never_helps),
        cmocka_unit_test(a_riskier_neighbour_never_helps),
        cmocka_unit_test(a_larger_or_unstated_exposure_never_helps),
        cmocka_unit_test(an_unstated_pd_is_counted),
        cmocka_unit_test(what_is_to_come_is_not_seen),
        cmocka_unit_test(the_order_of_lists_says_nothing),
        cmocka_unit_test(a_block_left_out_is_unknown),
        cmocka_unit_test(every_value_is_in_its_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
