/* test_properties.c - what holds for every company, tried on thousands that nobody chose.
 *
 * Left out on purpose: a legal event that opens proceedings, the newest of several accounts, and
 * accounts that contradict themselves.  What nobody reports cannot be seen, and the answer says
 * that registers were not checked. */
#include "decide/words.h"
#include "trial.h"

#include "../expect.h"

#include <stdio.h>

enum { CASES = 4000 };

/* ---- companies nobody chose ---- */

struct source {
    uint64_t state;
};

static uint64_t draw(struct source *s)
{
    s->state ^= s->state << 13;
    s->state ^= s->state >> 7;
    s->state ^= s->state << 17;
    return s->state;
}

static int64_t between(struct source *s, int64_t least, int64_t most)
{
    return least + (int64_t)(draw(s) % (uint64_t)(most - least + 1));
}

static bool happens(struct source *s, int percent)
{
    return between(s, 0, 99) < percent;
}

/* A part of `whole`, in per mille from `least` to `most`. */
static int64_t part(struct source *s, int64_t whole, int64_t least, int64_t most)
{
    return whole / 1000 * between(s, least, most);
}

/* Accounts that add up, with gaps. */
static void draw_accounts(struct statement *a, struct source *s, int completeness)
{
    int64_t minor[ITEM_COUNT];
    int64_t assets = between(s, 1, 999) * 100000;
    for (int64_t i = between(s, 0, 3); i > 0; i--) {
        assets *= 10;
    }
    int64_t revenue = part(s, assets, 100, 4000), result = part(s, assets, -300, 300);
    for (unsigned i = 0; i < ITEM_COUNT; i++) {
        minor[i] = part(s, assets, 0, 50);
    }
    minor[ITEM_TOTAL_ASSETS] = assets;
    minor[ITEM_CURRENT_ASSETS] = part(s, assets, 100, 950);
    minor[ITEM_FIXED_ASSETS] = assets - minor[ITEM_CURRENT_ASSETS];
    minor[ITEM_INVENTORIES] = part(s, minor[ITEM_CURRENT_ASSETS], 0, 300);
    minor[ITEM_TRADE_RECEIVABLES] = part(s, minor[ITEM_CURRENT_ASSETS], 0, 400);
    minor[ITEM_CASH] = part(s, minor[ITEM_CURRENT_ASSETS], 0, 250);
    minor[ITEM_SECURITIES] = 0;
    minor[ITEM_EQUITY] = part(s, assets, -200, 800);
    minor[ITEM_TOTAL_LIABILITIES] = assets - minor[ITEM_EQUITY];
    minor[ITEM_PROVISIONS] = 0;
    minor[ITEM_CURRENT_LIABILITIES] = part(s, minor[ITEM_TOTAL_LIABILITIES], 300, 1000);
    minor[ITEM_LONG_TERM_DEBT] = minor[ITEM_TOTAL_LIABILITIES] - minor[ITEM_CURRENT_LIABILITIES];
    minor[ITEM_TRADE_PAYABLES] = part(s, minor[ITEM_CURRENT_LIABILITIES], 0, 500);
    minor[ITEM_TAX_AND_SOCIAL_PAYABLES] = part(s, minor[ITEM_CURRENT_LIABILITIES], 0, 300);
    minor[ITEM_OVERDRAFTS] = part(s, minor[ITEM_CURRENT_LIABILITIES], 0, 200);
    minor[ITEM_REVENUE] = revenue;
    minor[ITEM_COST_OF_GOODS_SOLD] = part(s, revenue, 200, 900);
    minor[ITEM_GROSS_PROFIT] = revenue - minor[ITEM_COST_OF_GOODS_SOLD];
    minor[ITEM_EBIT] = result;
    minor[ITEM_EBITDA] = result + minor[ITEM_DEPRECIATION_AND_AMORTIZATION];
    minor[ITEM_PROFIT_BEFORE_TAX] = result - minor[ITEM_FINANCIAL_CHARGES];
    minor[ITEM_EXCEPTIONAL_RESULT] = 0;
    minor[ITEM_NET_INCOME] = minor[ITEM_PROFIT_BEFORE_TAX] - minor[ITEM_INCOME_TAX];
    for (unsigned i = 0; i < ITEM_COUNT; i++) {
        if (happens(s, completeness)) {
            statement_state(a, (enum item)i, minor[i]);
        }
    }
}

static void draw_company(struct trial *t, struct source *s)
{
    static const char *const activities[] = {"4669B", "4120A", "5610A", "6201Z",
                                             "0111Z", "6420Z", "",      "9602A"};
    static const char *const countries[] = {"FR", "ES", "PL", "DE", "", "US"};
    struct company *company = &t->facts.company;
    (void)snprintf(company->activity_code, sizeof company->activity_code, "%s",
                   activities[draw(s) % ARRAY_LEN(activities)]);
    company->nomenclature =
        company->activity_code[0] == '\0' ? NOMENCLATURE_NONE : NOMENCLATURE_NAF_REV2;
    (void)snprintf(company->country, sizeof company->country, "%s",
                   countries[draw(s) % ARRAY_LEN(countries)]);
    company->incorporated_on = happens(s, 80)
                                   ? date_add_days(t->facts.as_of, (int32_t)between(s, -20000, 0))
                                   : (struct date){0, 0, 0};
    company->employees = happens(s, 70) ? (int32_t)between(s, 0, 300) : -1;
    company->nature = happens(s, 20) ? LEGAL_NATURE_NATURAL_PERSON : LEGAL_NATURE_COMPANY;
}

static void draw_case(struct trial *t, struct source *s)
{
    static const enum legal_event_type types[] = {LEGAL_PAYMENT_INCIDENT, LEGAL_JUDGMENT_AGAINST,
                                                  LEGAL_PLAN_ADOPTED, LEGAL_LIQUIDATION_OPENED,
                                                  LEGAL_INSOLVENCY_CLOSED};
    draw_company(t, s);
    t->facts.legal_event_count = 0;
    if (happens(s, 20)) {
        trial_event(t, types[draw(s) % ARRAY_LEN(types)], (struct date){2025, 5, 5});
    }
    t->facts.statement_count = happens(s, 93) ? (uint32_t)between(s, 1, 2) : 0;
    struct date end = date_add_days(t->facts.as_of, (int32_t)between(s, -800, 0));
    int completeness = happens(s, 50) ? 100 : (int)between(s, 40, 100);
    for (uint32_t i = 0; i < t->facts.statement_count; i++) {
        t->statements[i] =
            (struct statement){.period_end = date_add_months(end, -12 * (int)i),
                               .months = happens(s, 85) ? 12 : (uint8_t)between(s, 6, 18),
                               .currency = happens(s, 96) ? CURRENCY_EUR : CURRENCY_USD};
        draw_accounts(&t->statements[i], s, completeness);
    }
    t->asked.amount =
        (struct money){between(s, 1, 9999) * (happens(s, 30) ? 10 : 1000), CURRENCY_EUR};
    if (happens(s, 10)) {
        t->asked.amount = (struct money){0, CURRENCY_NONE};
    }
    t->asked.terms_days = happens(s, 20) ? -1 : (int32_t)between(s, 0, 120);
}

/* ---- what must hold ---- */

static unsigned rank(enum recommendation r)
{
    static const unsigned ranks[RECOMMENDATION_COUNT] = {[RECOMMEND_ACCEPT] = 0,
                                                         [RECOMMEND_ACCEPT_WITH_GUARANTEES] = 1,
                                                         [RECOMMEND_REFER] = 2,
                                                         [RECOMMEND_DECLINE] = 3};
    return ranks[r];
}

/* A refusal may become a look, for lack of data; nothing else gets better, and no limit rises. */
static bool is_no_better(const struct decision *after, const struct decision *before)
{
    unsigned was = rank(before->recommendation), is = rank(after->recommendation);
    return (is >= was || (was == 3 && is == 2)) &&
           after->limit.recommended.minor <= before->limit.recommended.minor &&
           after->limit.capacity.minor <= before->limit.capacity.minor;
}

static void expect_no_better(struct trial *t, const struct decision *before, const char *what,
                             unsigned n)
{
    const struct decision *after = trial_decide(t);
    if (before->status == DECISION_NOT_SCORABLE || after->status == DECISION_NOT_SCORABLE) {
        return;
    }
    if (!is_no_better(after, before)) {
        print_error("case %u, without %s: %s %lld (pd %u..%u) became %s %lld (pd %u..%u)\n", n,
                    what, recommendation_wire(before->recommendation),
                    (long long)before->limit.recommended.minor, before->score.pd_ppm,
                    before->score.pd_ppm_bound, recommendation_wire(after->recommendation),
                    (long long)after->limit.recommended.minor, after->score.pd_ppm,
                    after->score.pd_ppm_bound);
        fail();
    }
}

static void use_default_model(struct trial *t)
{
    struct error err = {{0}, {0}};
    struct buf text = trial_file(DEFAULT_MODEL);
    model_destroy(t->model);
    if (model_read(&t->model, buf_str(&text), &err) != STATUS_OK) {
        fail_msg("%s: %s", err.field, err.message);
    }
    buf_finish(&text);
}

/* Call `check` on many cases, with both models. */
static void for_all(void (*check)(struct trial *t, struct source *s, unsigned n))
{
    for (int shipped = 0; shipped < 2; shipped++) {
        struct trial t;
        struct source s = {UINT64_C(0x9E3779B97F4A7C15)};
        trial_begin(&t);
        if (shipped == 1) {
            use_default_model(&t);
        }
        for (unsigned n = 0; n < CASES; n++) {
            draw_case(&t, &s);
            check(&t, &s, n);
        }
        trial_end(&t);
    }
}

static void check_omissions(struct trial *t, struct source *s, unsigned n)
{
    struct decision before = *trial_decide(t);
    (void)s;
    for (uint32_t k = 0; k < t->facts.statement_count; k++) {
        struct statement whole = t->statements[k];
        for (unsigned i = 0; i < ITEM_COUNT; i++) {
            t->statements[k].stated = whole.stated & ~(UINT64_C(1) << i);
            expect_no_better(t, &before, item_wire((enum item)i), n);
        }
        t->statements[k] = whole;
    }
    uint32_t count = t->facts.statement_count;
    if (count == 2) {
        t->facts.statement_count = 1;
        expect_no_better(t, &before, "the year before", n);
    }
    t->facts.statement_count = 0;
    expect_no_better(t, &before, "any accounts", n);
    t->facts.statement_count = count;

    struct company whole = t->facts.company;
    t->facts.company.employees = -1;
    expect_no_better(t, &before, "employees", n);
    t->facts.company = whole;
    t->facts.company.incorporated_on = (struct date){0, 0, 0};
    expect_no_better(t, &before, "date of incorporation", n);
    t->facts.company = whole;
    t->facts.company.activity_code[0] = '\0';
    t->facts.company.nomenclature = NOMENCLATURE_NONE;
    expect_no_better(t, &before, "activity", n);
    t->facts.company.incorporated_on = (struct date){0, 0, 0};
    t->facts.company.employees = -1;
    expect_no_better(t, &before, "the firmographic block", n);
    t->facts.company.country[0] = '\0';
    expect_no_better(t, &before, "the firmographic block and the country", n);
    t->facts.statement_count = 0;
    expect_no_better(t, &before, "anything", n);
}

static void leaving_out_never_pays(void **state)
{
    (void)state;
    for_all(check_omissions);
}

static void check_less_equity(struct trial *t, struct source *s, unsigned n)
{
    struct decision before = *trial_decide(t);
    if (before.score.features.statement != &t->statements[0] ||
        !statement_has(&t->statements[0], ITEM_EQUITY)) {
        return;
    }
    struct statement *a = &t->statements[0];
    int64_t loss = part(
        s, 1000 + (statement_has(a, ITEM_TOTAL_ASSETS) ? a->minor[ITEM_TOTAL_ASSETS] : 0), 1, 900);
    statement_state(a, ITEM_EQUITY, a->minor[ITEM_EQUITY] - loss);
    if ((a->stated & UINT64_C(1) << ITEM_TOTAL_LIABILITIES) != 0) {
        statement_state(a, ITEM_TOTAL_LIABILITIES, a->minor[ITEM_TOTAL_LIABILITIES] + loss);
    }
    expect_no_better(t, &before, "some equity", n);
    assert_true(t->decision.score.points <= before.score.points);
    assert_true(rank(t->decision.recommendation) >= rank(before.recommendation));
}

static void less_equity_never_helps(void **state)
{
    (void)state;
    for_all(check_less_equity);
}

static void check_more(struct trial *t, struct source *s, unsigned n)
{
    if (t->asked.amount.currency == CURRENCY_NONE || t->asked.terms_days < 0) {
        return;
    }
    struct decision before = *trial_decide(t);
    t->asked.terms_days += (int32_t)between(s, 1, 300);
    expect_no_better(t, &before, "short terms", n);
    before = *trial_decide(t);
    t->asked.amount.minor += between(s, 1, 10000000);
    const struct decision *after = trial_decide(t);
    assert_true(rank(after->recommendation) >= rank(before.recommendation));
}

static void asking_more_or_for_longer_never_helps(void **state)
{
    (void)state;
    for_all(check_more);
}

static void check_limit(struct trial *t, struct source *s, unsigned n)
{
    const struct decision *d = trial_decide(t);
    (void)s;
    (void)n;
    const struct limit *limit = &d->limit;
    for (unsigned i = 0; i < LIMIT_CONSTRAINT_COUNT; i++) {
        assert_true((limit->present & 1U << i) == 0 ||
                    limit->recommended.minor <= limit->caps[i].minor);
    }
    assert_true(limit->recommended.minor >= 0);
    assert_true(limit->recommended.minor <= limit->capacity.minor);
    assert_true(limit->per_order.minor <= limit->recommended.minor);
    assert_int_equal(limit->available.minor, limit->recommended.minor - limit->exposure.minor);
    if (limit->requested.currency != CURRENCY_NONE) {
        assert_true(limit->recommended.minor <= limit->requested.minor);
    }
    if (d->recommendation == RECOMMEND_REFER || d->recommendation == RECOMMEND_DECLINE) {
        assert_int_equal(limit->recommended.minor, 0);
        assert_int_equal(d->guarantee_count, 0);
    }
    if (d->recommendation == RECOMMEND_ACCEPT) {
        assert_true(limit->recommended.minor > 0);
        assert_true(d->score.pd_ppm_bound <= d->threshold_ppm);
        assert_int_equal(d->guarantee_count, 0);
    }
    if (d->recommendation == RECOMMEND_ACCEPT_WITH_GUARANTEES) {
        assert_int_equal(d->guarantee_count, 1);
        assert_int_equal(d->guarantees[0].limit_if_met.minor - d->guarantees[0].amount.minor,
                         limit->recommended.minor);
    }
}

static void no_limit_passes_a_cap(void **state)
{
    (void)state;
    for_all(check_limit);
}

static void check_reasons(struct trial *t, struct source *s, unsigned n)
{
    const struct decision *d = trial_decide(t);
    (void)s;
    (void)n;
    assert_true(d->recommendation == RECOMMEND_ACCEPT || d->adverse_count > 0);
    assert_in_range(d->adverse_count, 0, ADVERSE_REASONS_MAX);
    assert_in_range(d->favourable_count, 0, FAVOURABLE_REASONS_MAX);
    for (uint32_t i = 0; i < d->adverse_count + d->favourable_count; i++) {
        bool is_adverse = i < d->adverse_count;
        const struct stated_reason *r =
            is_adverse ? &d->adverse[i] : &d->favourable[i - d->adverse_count];
        if (r->is_rule) {
            assert_true(is_adverse);
            continue;
        }
        assert_true(d->score.factors[r->factor].is_known);
        assert_true(is_adverse ? r->deci_points < 0 : r->deci_points > 0);
    }
    for (uint32_t i = 1; i < d->adverse_count; i++) {
        assert_true(d->adverse[i - 1].is_rule || !d->adverse[i].is_rule);
        assert_true(d->adverse[i - 1].is_rule ||
                    d->score.factors[d->adverse[i - 1].factor].shortfall_deci >=
                        d->score.factors[d->adverse[i].factor].shortfall_deci);
    }
}

static void every_answer_but_accept_has_a_reason(void **state)
{
    (void)state;
    for_all(check_reasons);
}

static void check_sum(struct trial *t, struct source *s, unsigned n)
{
    const struct decision *d = trial_decide(t);
    int64_t sum = d->score.base_deci;
    (void)s;
    (void)n;
    for (uint32_t i = 0; i < d->score.contribution_count; i++) {
        sum += d->score.contributions[i].deci_points;
    }
    assert_int_equal(sum, 10 * (int64_t)d->score.points);
}

static void contributions_add_up_to_the_score(void **state)
{
    (void)state;
    for_all(check_sum);
}

/* Every case can be told in every language to everybody, and twice the same. */
static void check_words(struct trial *t, struct source *s, unsigned n)
{
    struct decision_input in = trial_input(t);
    struct buf first, second;
    (void)s;
    buf_init(&first, 65536);
    buf_init(&second, 65536);
    (void)trial_decide(t);
    enum language language = (enum language)(n % LANGUAGE_COUNT);
    enum audience audience = (enum audience)(n / LANGUAGE_COUNT % AUDIENCE_COUNT);
    words_justification(&first, &t->decision, &in, language, audience);
    struct decision again;
    decision_make(&again, &in);
    words_justification(&second, &again, &in, language, audience);
    assert_false(buf_failed(&first));
    assert_true(str_eq(buf_str(&first), buf_str(&second)));
    assert_true(str_is_utf8(buf_str(&first)));
    assert_int_equal(str_find(buf_str(&first), 0, '{'), first.len);
    assert_int_equal(str_find(buf_str(&first), 0, '~'), first.len);
    buf_finish(&first);
    buf_finish(&second);
}

static void every_decision_can_be_told(void **state)
{
    (void)state;
    for_all(check_words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaving_out_never_pays),
        cmocka_unit_test(less_equity_never_helps),
        cmocka_unit_test(asking_more_or_for_longer_never_helps),
        cmocka_unit_test(no_limit_passes_a_cap),
        cmocka_unit_test(every_answer_but_accept_has_a_reason),
        cmocka_unit_test(contributions_add_up_to_the_score),
        cmocka_unit_test(every_decision_can_be_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
