/* books.h - the accounts of one exercise, which add up to the cent.
 *
 * Assets are equity and liabilities, current assets and current liabilities are more than the parts
 * that are named, and net income is what the income statement leaves. */
#ifndef ECONOMY_BOOKS_H
#define ECONOMY_BOOKS_H

#include "economy/firm.h"

/* `months_ago` is how long before now it closed, `months` the length of the exercise. */
void books_make(struct statement *out, const struct firm *firm, struct date period_end,
                int months_ago, int months);

#endif
