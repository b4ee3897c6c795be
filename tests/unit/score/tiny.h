/* tiny.h - the hand-made bundle of the tests, and a sound company to score with it. */
#ifndef TESTS_UNIT_SCORE_TINY_H
#define TESTS_UNIT_SCORE_TINY_H

#include "score/score.h"

#include "../expect.h"

#include <stdio.h>
#include <stdlib.h>

/* The whole file; the caller frees. */
static inline char *text_of(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = calloc(1, MODEL_LEN_MAX);
    assert_non_null(text);
    size_t len = fread(text, 1, MODEL_LEN_MAX - 1, file);
    assert_true(len > 0);
    (void)fclose(file);
    return text;
}

static inline struct model *model_of(const char *path)
{
    char *text = text_of(path);
    struct model *model = NULL;
    struct error err = {0};
    if (model_read(&model, str_from(text), &err) != STATUS_OK) {
        print_error("%s: %s\n", err.field, err.message);
    }
    free(text);
    assert_non_null(model);
    return model;
}

static inline char *tiny_text(void)
{
    return text_of(TINY_MODEL);
}

static inline struct model *tiny_model(void)
{
    return model_of(TINY_MODEL);
}

struct amount {
    enum item item;
    int64_t minor;
};

static const struct amount sound_year[] = {
    {ITEM_TOTAL_ASSETS,                  100000000},
    {ITEM_CURRENT_ASSETS,                62000000 },
    {ITEM_INVENTORIES,                   20000000 },
    {ITEM_TRADE_RECEIVABLES,             25000000 },
    {ITEM_CASH,                          9000000  },
    {ITEM_SECURITIES,                    1000000  },
    {ITEM_EQUITY,                        35000000 },
    {ITEM_RETAINED_EARNINGS,             15000000 },
    {ITEM_TOTAL_LIABILITIES,             65000000 },
    {ITEM_CURRENT_LIABILITIES,           43000000 },
    {ITEM_FINANCIAL_DEBT,                22000000 },
    {ITEM_TRADE_PAYABLES,                18000000 },
    {ITEM_TAX_AND_SOCIAL_PAYABLES,       6000000  },
    {ITEM_REVENUE,                       140000000},
    {ITEM_PURCHASES,                     90000000 },
    {ITEM_VALUE_ADDED,                   47000000 },
    {ITEM_PERSONNEL_EXPENSES,            33000000 },
    {ITEM_EBITDA,                        10500000 },
    {ITEM_DEPRECIATION_AND_AMORTIZATION, 3500000  },
    {ITEM_EBIT,                          7000000  },
    {ITEM_INTEREST_EXPENSE,              1500000  },
    {ITEM_FINANCIAL_CHARGES,             2000000  },
    {ITEM_PROFIT_BEFORE_TAX,             5000000  },
    {ITEM_INCOME_TAX,                    1250000  },
    {ITEM_NET_INCOME,                    3750000  },
};

static inline struct statement sound_statement(int16_t year)
{
    struct statement s = {
        .period_end = {year, 12, 31},
          .months = 12, .currency = CURRENCY_EUR
    };
    for (size_t i = 0; i < ARRAY_LEN(sound_year); i++) {
        statement_state(&s, sound_year[i].item, sound_year[i].minor);
    }
    return s;
}

/* Nobody says this item any more; nor does anything imply it. */
static inline void statement_forget(struct statement *s, enum item item)
{
    s->stated &= ~(UINT64_C(1) << item);
    s->derived = 0;
    s->minor[item] = 0;
}

/* A French wholesaler of nine years; `statements` is newest first. */
static inline struct facts sound_facts(const struct statement *statements, uint32_t count)
{
    return (struct facts){
        .company = {.country = "FR",
                    .nomenclature = NOMENCLATURE_NAF_REV2,
                    .activity_code = "4669B",
                    .incorporated_on = {2017, 3, 1},
                    .employees = 12},
        .as_of = {2026, 11,                     22  },
        .statement_count = count,
        .statements = statements,
        .blocks_sent = (1u << BLOCK_FINANCIAL) | (1u << BLOCK_FIRMOGRAPHIC),
    };
}

#endif
