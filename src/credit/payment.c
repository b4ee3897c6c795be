/* payment.c - lateness of one invoice. */
#include "credit/payment.h"

bool payment_is_open(const struct payment *payment, struct date as_of)
{
    return !date_is_set(payment->paid_on) || date_compare(payment->paid_on, as_of) > 0;
}

int32_t payment_days_late(const struct payment *payment, struct date as_of)
{
    bool is_open = payment_is_open(payment, as_of);
    CHECK(!is_open || date_compare(payment->due_on, as_of) <= 0);
    return date_days_between(payment->due_on, is_open ? as_of : payment->paid_on);
}

enum currency payments_currency(const struct payment *payments, uint32_t count)
{
    uint32_t counts[CURRENCY_COUNT] = {0};
    enum currency most = CURRENCY_NONE;
    for (uint32_t i = 0; i < count; i++) {
        counts[payments[i].amount.currency]++;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (counts[payments[i].amount.currency] > counts[most]) {
            most = payments[i].amount.currency;
        }
    }
    return most;
}
