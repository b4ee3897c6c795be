/* bank.h - bank accounts as they were read, and the ledger of days that follows from them.
 *
 * The ledger pools the accounts of one currency day by day, so that a transfer between two of them
 * leaves the pooled balance alone; amounts of other currencies are never mixed in.  It looks back
 * from as_of and sees nothing younger.  A day counts only if every pooled account speaks of it:
 * from the latest first record to the earliest last one.
 *
 * An account with a balance has one on all its days: the last stated one, plus what came after it
 * (before the first stated one: less what came until then).  Where one of the pooled accounts
 * states no balance, none is known. */
#ifndef CREDIT_BANK_H
#define CREDIT_BANK_H

#include "base/arena.h"
#include "credit/money.h"
#include "format/iso8601.h"

enum {
    BANK_DAYS_MAX = 470, /* fifteen months: three, and the same three a year before */
    BANK_MONTHS_MAX = 15,
};

struct bank_balance {
    struct date date; /* at the end of the day */
    int64_t minor;
};

struct bank_transaction {
    struct date date;
    int64_t minor; /* above 0: money that came in */
    struct str label, counterparty;
};

struct bank_account {
    enum currency currency;
    uint32_t balance_count, transaction_count;
    const struct bank_balance *balances; /* in any order; on one day the later in the list wins */
    const struct bank_transaction *transactions;
};

struct bank_day {
    int64_t balance_minor; /* at its end */
    int64_t income_minor;  /* without rejected debits that came back */
    int64_t outgo_minor;   /* as a positive number */
    uint32_t debit_count;
    uint32_t returned_count; /* rejected debits: the money that came back ... */
    uint32_t rejected_count; /* ... and what was booked out as rejected: fees, cheques */
};

struct bank_ledger {
    enum currency currency;
    int32_t oldest, newest; /* ages in days of the days known; newest <= oldest */
    uint32_t day_count;     /* of `days`, by age in days: 0 is as_of */
    const struct bank_day *days;
    bool has_balance;
    /* Of the last twelve months: what came in from the largest payer, and from nobody named. */
    int64_t top_payer_minor, unnamed_minor, income_minor;
};

/* Does the text of a transaction say that a debit or cheque was rejected? */
bool bank_is_rejection(struct str label);
/* Pool the accounts in `currency` (NONE: that of the first account with a record).  *out is NULL
 * when no day is known of all of them.  False: no memory.  Memory: of the arena. */
bool bank_ledger_make(const struct bank_ledger **out, const struct bank_account *accounts,
                      uint32_t count, enum currency currency, struct date as_of,
                      struct arena *arena) MUST_USE;

#endif
