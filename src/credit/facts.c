/* facts.c - choosing the accounts that speak for the company. */
#include "credit/facts.h"

static const char *const block_wires[BLOCK_COUNT] = {
    [BLOCK_FINANCIAL] = "financial", [BLOCK_FIRMOGRAPHIC] = "firmographic",
    [BLOCK_BANK] = "bank",           [BLOCK_PAYMENT] = "payment",
    [BLOCK_LEGAL] = "legal",         [BLOCK_GRAPH] = "graph",
};

const char *block_wire(enum block block)
{
    CHECK((unsigned)block < BLOCK_COUNT);
    return block_wires[block];
}

static bool is_usable(const struct statement *s, struct date as_of)
{
    return s->months >= STATEMENT_MONTHS_MIN && s->months <= STATEMENT_MONTHS_MAX &&
           date_compare(s->period_end, as_of) <= 0;
}

static bool is_previous(const struct statement *before, const struct statement *s)
{
    enum { APART_MONTHS_MIN = 9, APART_MONTHS_MAX = 15 };
    int months = date_months_between(before->period_end, s->period_end);
    return months >= APART_MONTHS_MIN && months <= APART_MONTHS_MAX &&
           before->currency == s->currency && before->basis == s->basis;
}

const struct statement *facts_statement(const struct facts *facts,
                                        const struct statement **previous)
{
    const struct statement *chosen = NULL, *before = NULL;
    for (uint32_t i = 0; i < facts->statement_count && before == NULL; i++) {
        const struct statement *s = &facts->statements[i];
        if (!is_usable(s, facts->as_of)) {
            continue;
        }
        if (chosen == NULL) {
            chosen = s;
        } else if (is_previous(s, chosen)) {
            before = s;
        }
    }
    if (previous != NULL) {
        *previous = before;
    }
    return chosen;
}

bool facts_derive(struct facts *facts, struct arena *arena)
{
    const struct statement *statement = facts_statement(facts, NULL);
    enum currency currency = statement == NULL ? CURRENCY_NONE : statement->currency;
    facts->payment_currency = payments_currency(facts->payments, facts->payment_count);
    return bank_ledger_make(&facts->bank, facts->bank_accounts, facts->bank_account_count, currency,
                            facts->as_of, arena);
}
