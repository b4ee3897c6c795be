/* trial.c - the sound wholesaler. */
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct buf trial_file(const char *path)
{
    enum { FILE_LEN_MAX = 16 * 1024 * 1024 };
    struct buf text;
    buf_init(&text, FILE_LEN_MAX);
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    for (int c = fgetc(file); c != EOF; c = fgetc(file)) {
        buf_append_byte(&text, (char)c);
    }
    CHECK(fclose(file) == 0);
    CHECK(!buf_failed(&text));
    return text;
}

static const struct {
    enum item item;
    int64_t now, before;
} accounts[] = {
    {ITEM_TOTAL_ASSETS,                  1200000, 1150000},
    {ITEM_FIXED_ASSETS,                  300000,  300000 },
    {ITEM_CURRENT_ASSETS,                900000,  850000 },
    {ITEM_INVENTORIES,                   200000,  200000 },
    {ITEM_TRADE_RECEIVABLES,             350000,  340000 },
    {ITEM_CASH,                          300000,  260000 },
    {ITEM_EQUITY,                        600000,  540000 },
    {ITEM_SHARE_CAPITAL,                 100000,  100000 },
    {ITEM_RETAINED_EARNINGS,             420000,  380000 },
    {ITEM_TOTAL_LIABILITIES,             600000,  610000 },
    {ITEM_CURRENT_LIABILITIES,           400000,  400000 },
    {ITEM_FINANCIAL_DEBT,                150000,  170000 },
    {ITEM_TRADE_PAYABLES,                180000,  180000 },
    {ITEM_TAX_AND_SOCIAL_PAYABLES,       60000,   60000  },
    {ITEM_REVENUE,                       2400000, 2300000},
    {ITEM_PURCHASES,                     1500000, 1450000},
    {ITEM_VALUE_ADDED,                   600000,  560000 },
    {ITEM_PERSONNEL_EXPENSES,            400000,  380000 },
    {ITEM_EBITDA,                        170000,  150000 },
    {ITEM_DEPRECIATION_AND_AMORTIZATION, 50000,   50000  },
    {ITEM_EBIT,                          120000,  100000 },
    {ITEM_INTEREST_EXPENSE,              6000,    7000   },
    {ITEM_FINANCIAL_CHARGES,             6000,    7000   },
    {ITEM_PROFIT_BEFORE_TAX,             114000,  93000  },
    {ITEM_INCOME_TAX,                    28000,   23000  },
    {ITEM_NET_INCOME,                    86000,   70000  },
};

static void read_artifacts(struct trial *t)
{
    struct error err = {{0}, {0}};
    struct buf model = trial_file(TINY_MODEL), policy = trial_file(DEFAULT_POLICY);
    struct arena arena;
    arena_init(&arena, 1024 * 1024);
    struct violations *v = arena_new(&arena, struct violations);
    CHECK(v != NULL);
    violations_init(v, &arena);
    CHECK(model_read(&t->model, buf_str(&model), &err) == STATUS_OK);
    CHECK(policy_read(&t->policy, buf_str(&policy), v, &err) == STATUS_OK);
    arena_finish(&arena);
    buf_finish(&model);
    buf_finish(&policy);
}

void trial_begin(struct trial *t)
{
    *t = (struct trial){0};
    read_artifacts(t);
    t->facts.as_of = (struct date){2026, 6, 30};
    t->facts.statements = t->statements;
    t->facts.legal_events = t->events;
    t->facts.statement_count = ARRAY_LEN(t->statements);
    t->facts.blocks_sent = 1U << BLOCK_FINANCIAL | 1U << BLOCK_FIRMOGRAPHIC | 1U << BLOCK_LEGAL;
    for (size_t i = 0; i < ARRAY_LEN(t->statements); i++) {
        t->statements[i] = (struct statement){
            .period_end = {(int16_t)(2025 - (int)i), 12, 31},
            .months = 12,
            .place = (uint8_t)i,
            .currency = CURRENCY_EUR
        };
        for (size_t k = 0; k < ARRAY_LEN(accounts); k++) {
            statement_state(&t->statements[i], accounts[k].item,
                            100 * (i == 0 ? accounts[k].now : accounts[k].before));
        }
    }
    struct company *company = &t->facts.company;
    *company = (struct company){
        .name = STR("Comptoir des Roulements"),
        .country = "FR",
        .legal_form = STR("SAS"),
        .nature = LEGAL_NATURE_COMPANY,
        .nomenclature = NOMENCLATURE_NAF_REV2,
        .activity_code = "4669B",
        .incorporated_on = {2001, 3, 1},
        .employees = 12,
        .identifier_count = 1
    };
    CHECK(company_id_read(&company->identifiers[0], SCHEME_SIREN, STR("FR"), STR("732829320")) ==
          COMPANY_ID_OK);
    t->asked = (struct credit_request){
        .product = STR("trade_credit"), .amount = EUROS(10000), .terms_days = 60};
}

void trial_end(struct trial *t)
{
    model_destroy(t->model);
    policy_destroy(t->policy);
}

void trial_state(struct trial *t, enum item item, int64_t euros)
{
    statement_state(&t->statements[0], item, 100 * euros);
}

void trial_forget(struct trial *t, enum item item)
{
    t->statements[0].stated &= ~(UINT64_C(1) << item);
    t->statements[0].derived = 0;
}

void trial_event(struct trial *t, enum legal_event_type type, struct date date)
{
    CHECK(t->facts.legal_event_count < ARRAY_LEN(t->events));
    t->events[t->facts.legal_event_count++] = (struct legal_event){.type = type, .date = date};
}

void trial_without_accounts(struct trial *t)
{
    t->facts.statement_count = 0;
}

struct decision_input trial_input(const struct trial *t)
{
    return (struct decision_input){
        .facts = &t->facts, .asked = &t->asked, .policy = t->policy, .model = t->model};
}

const struct decision *trial_decide(struct trial *t)
{
    struct decision_input in = trial_input(t);
    for (uint32_t i = 0; i < t->facts.statement_count; i++) {
        t->statements[i].derived = 0;
        statement_derive(&t->statements[i]);
    }
    decision_make(&t->decision, &in);
    return &t->decision;
}

bool trial_has_reason(const struct trial *t, enum reason reason)
{
    for (uint32_t i = 0; i < t->decision.rule_reason_count; i++) {
        if (t->decision.rule_reasons[i] == reason) {
            return true;
        }
    }
    return false;
}
