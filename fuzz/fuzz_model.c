/* fuzz_model.c - a bundle that is taken scores any company, its points add up, and its bound is an
 * upper bound.
 *
 * The input is a bundle; what follows a NUL is a company, byte by byte. */
#include "fuzz_target.h"

#include "feature/neighbourhood.h"
#include "score/score.h"

enum { LIST_MAX = 8, PARTIES = 4, COMPANY_ARENA_MAX = 8 * 1024 * 1024 };

struct bytes {
    const uint8_t *at, *end;
};

static uint64_t take(struct bytes *in, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count && in->at < in->end; i++) {
        value = value << 8 | *in->at++;
    }
    return value;
}

static struct date take_date(struct bytes *in)
{
    return date_from_days((int32_t)(take(in, 2) % 60000) - 20000); /* 1915 to 2079 */
}

static struct statement take_statement(struct bytes *in)
{
    struct statement s = {.period_end = take_date(in), .currency = CURRENCY_EUR};
    s.months = (uint8_t)take(in, 1);
    uint64_t items = take(in, 5);
    for (size_t i = 0; i < ITEM_COUNT; i++) {
        if ((items >> i & 1) != 0) {
            int64_t size = (int64_t)(take(in, 6) % (uint64_t)MONEY_MINOR_MAX);
            bool is_negative = item_may_be_negative((enum item)i) && size % 2 != 0;
            statement_state(&s, (enum item)i, is_negative ? -size : size);
        }
    }
    statement_derive(&s);
    return s;
}

/* What comes in lists. */
struct lists {
    struct bank_transaction transactions[LIST_MAX];
    struct bank_balance balance;
    struct bank_account account;
    struct payment payments[LIST_MAX];
    struct legal_event events[LIST_MAX];
    struct link links[LIST_MAX];
};

static uint32_t take_count(struct bytes *in)
{
    return (uint32_t)take(in, 1) % (LIST_MAX + 1);
}

static struct date take_date_before(struct bytes *in, struct date as_of)
{
    return date_add_days(as_of, -(int32_t)(take(in, 2) % 800));
}

static void take_lists(struct facts *facts, struct lists *lists, struct bytes *in)
{
    *lists = (struct lists){0};
    uint32_t count = take_count(in);
    for (uint32_t i = 0; i < count; i++) {
        lists->transactions[i] =
            (struct bank_transaction){.date = take_date_before(in, facts->as_of),
                                      .minor = (int64_t)take(in, 4) - (INT64_C(1) << 31)};
    }
    lists->balance = (struct bank_balance){facts->as_of, (int64_t)take(in, 4) - (INT64_C(1) << 30)};
    lists->account = (struct bank_account){.currency = CURRENCY_EUR,
                                           .balance_count = 1,
                                           .transaction_count = count,
                                           .balances = &lists->balance,
                                           .transactions = lists->transactions};
    facts->bank_accounts = &lists->account;
    facts->bank_account_count = count > 0 ? 1 : 0;
    facts->payments = lists->payments;
    facts->payment_count = take_count(in);
    for (uint32_t i = 0; i < facts->payment_count; i++) {
        struct date due = take_date_before(in, facts->as_of);
        lists->payments[i] = (struct payment){
            .issued_on = date_add_days(due, -30),
            .due_on = due,
            .paid_on = date_add_days(due, (int32_t)take(in, 1) - 20),
            .amount = {1 + (int64_t)take(in, 4), CURRENCY_EUR}
        };
    }
    facts->legal_events = lists->events;
    facts->legal_event_count = take_count(in);
    for (uint32_t i = 0; i < facts->legal_event_count; i++) {
        lists->events[i] = (struct legal_event){
            .type = (enum legal_event_type)(take(in, 1) % LEGAL_EVENT_COUNT),
            .date = take_date_before(in, facts->as_of),
            .amount = {(int64_t)take(in, 4), CURRENCY_EUR}
        };
    }
    facts->links = lists->links;
    facts->link_count = take_count(in);
    facts->party_count = PARTIES;
    for (uint32_t i = 0; i < facts->link_count; i++) {
        uint64_t bits = take(in, 4);
        lists->links[i] = (struct link){
            .type = (enum link_type)(bits % LINK_TYPE_COUNT),
            .from = (uint32_t)(bits >> 8 & 3),
            .to = (uint32_t)(bits >> 10 & 3),
            .share_ppm = (int32_t)(bits >> 12) % 1000001,
            .pd_ppm = (int32_t)(take(in, 3) % 1000002) - 1,
            .exposure = {(int64_t)take(in, 4), CURRENCY_EUR}
        };
    }
}

static void score_company(const struct model *model, struct bytes in)
{
    static const char *const countries[] = {"", "FR", "ES", "DE"};
    static const char *const activities[] = {"", "4669B", "4120A", "zz"};
    static struct score score;
    struct facts facts = {.as_of = take_date(&in), .blocks_sent = (uint32_t)take(&in, 1)};
    struct company *company = &facts.company;
    company->nomenclature = (enum nomenclature)(take(&in, 1) % NOMENCLATURE_COUNT);
    company->incorporated_on = take_date(&in);
    company->employees = (int32_t)take(&in, 3) - 1;
    for (size_t i = 0, k = take(&in, 1) % 4; countries[k][i] != '\0'; i++) {
        company->country[i] = countries[k][i];
    }
    for (size_t i = 0, k = take(&in, 1) % 4; activities[k][i] != '\0'; i++) {
        company->activity_code[i] = activities[k][i];
    }
    const struct statement statements[2] = {take_statement(&in), take_statement(&in)};
    facts.statements = statements;
    facts.statement_count = (uint32_t)take(&in, 1) % 3;
    struct lists lists;
    struct arena arena;
    arena_init(&arena, COMPANY_ARENA_MAX);
    take_lists(&facts, &lists, &in);
    CHECK(facts_derive(&facts, &arena));
    CHECK(neighbourhood_make(&facts, neighbourhood_recovery, &arena));

    score_compute(&score, model, &facts);
    int64_t sum = score.base_deci;
    for (uint32_t i = 0; i < score.contribution_count; i++) {
        sum += score.contributions[i].deci_points;
    }
    CHECK(sum == (int64_t)score.points * 10);
    CHECK(score.pd_ppm_low <= score.pd_ppm && score.pd_ppm <= score.pd_ppm_high);
    CHECK(score.pd_ppm_high <= score.pd_ppm_bound);
    CHECK(score.pd_ppm >= PD_PPM_FLOOR && score.pd_ppm_bound < PD_PPM_ONE);
    CHECK(score.pd_ppm_before <= score.pd_ppm);
    arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_of(data, size);
    struct model *model = NULL;
    struct error err = {0};
    size_t end = str_find(text, 0, '\0');
    enum status status = model_read(&model, str_slice(text, 0, end), &err);
    if (status != STATUS_OK) {
        CHECK(model == NULL && err.message[0] != '\0');
        return 0;
    }
    if (model->can_score) {
        score_company(model, (struct bytes){data + end, data + size});
    }
    model_destroy(model);
    return 0;
}
