/* facts.h - all we know of a company at a date, and what is asked: everything a decision may depend
 * on.
 *
 * Immutable once decoded.  If it is not in here, neither model nor policy can see it; that is why
 * any decision can be replayed from its stored request.  Memory: of the arena it was decoded into.
 */
#ifndef CREDIT_FACTS_H
#define CREDIT_FACTS_H

#include "credit/bank.h"
#include "credit/company.h"
#include "credit/legal.h"
#include "credit/link.h"
#include "credit/payment.h"
#include "credit/statement.h"

struct neighbourhood;

enum { STATEMENTS_MAX = 10, LEGAL_EVENTS_MAX = 1000, TERMS_DAYS_MAX = 3650 };

/* The blocks a request may carry.  `sent` says which came, even empty. */
enum block {
    BLOCK_FINANCIAL,
    BLOCK_FIRMOGRAPHIC,
    BLOCK_BANK,
    BLOCK_PAYMENT,
    BLOCK_LEGAL,
    BLOCK_GRAPH,
    BLOCK_COUNT
};

/* What the tenant's own store has added to the links. */
struct stored_links {
    bool is_there;
    uint32_t links;                  /* the last of all links; the rest were sent */
    uint32_t cut_links, cut_parties; /* stored, and left out of a network that was too large */
    bool cut_more;                   /* and there are more than were counted */
};

struct facts {
    struct company company;
    struct date as_of; /* the only time the domain sees */
    uint32_t statement_count;
    const struct statement *statements; /* newest period first; derived */
    uint32_t legal_event_count;
    const struct legal_event *legal_events;
    uint32_t bank_account_count;
    const struct bank_account *bank_accounts;
    const struct bank_ledger *bank; /* derived; NULL: no day is known */
    uint32_t payment_count;
    const struct payment *payments;
    enum currency payment_currency; /* derived: the one that amounts of invoices are summed in */
    uint32_t link_count, party_count;
    const struct link *links;
    const struct link_party *parties; /* by number; NULL: nothing is known beside the links */
    const struct neighbourhood *neighbourhood; /* derived in score/; NULL: no links */
    struct stored_links stored;
    uint32_t blocks_sent; /* bit per enum block */
};

/* What the caller wants to sell on credit.  amount.currency NONE: no amount asked, a limit is
 * proposed all the same. */
struct credit_request {
    struct str product; /* "trade_credit" unless said otherwise */
    struct money amount;
    int32_t terms_days; /* -1: not said */
};

const char *block_wire(enum block block); /* "financial", ... */
/* The statement to score: the newest with period_end <= as_of and a usable length, or NULL.
 * *previous (may be NULL) gets the one that closed 9 to 15 months before it in the same currency
 * and basis, or NULL. */
const struct statement *facts_statement(const struct facts *facts,
                                        const struct statement **previous);
/* Fill in what follows of the bank accounts and payments.  Accounts in the currency of the
 * statement count; without a statement, those in the currency of the first account.  Requires:
 * as_of and the statements are in place.  False: no memory. */
bool facts_derive(struct facts *facts, struct arena *arena) MUST_USE;

#endif
