/* payment.h - payment experiences: one invoice to the company, and whether and when it was paid.
 *
 * Seen from a day: an invoice paid after it is open on it. */
#ifndef CREDIT_PAYMENT_H
#define CREDIT_PAYMENT_H

#include "credit/money.h"
#include "format/iso8601.h"

struct payment {
    struct date issued_on, due_on;
    struct date paid_on; /* not set: open */
    struct money amount; /* above zero */
    bool is_disputed;
};

bool payment_is_open(const struct payment *payment, struct date as_of);
/* Days from the due date to the payment, or to as_of while open; negative: paid early.  Requires:
 * paid, or due by as_of. */
int32_t payment_days_late(const struct payment *payment, struct date as_of);
/* The currency of most invoices, the earlier in the list on a tie; NONE if there are none.  Amounts
 * of others are not mixed in. */
enum currency payments_currency(const struct payment *payments, uint32_t count);

#endif
