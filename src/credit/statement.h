/* statement.h - one set of annual accounts: what was filed, what follows from it, what does not add
 * up.
 *
 * Items stay missing when nobody stated them and nothing implies them: missing is not zero.  What
 * follows by identity (liabilities from assets and equity, and so on) is derived once, and marked.
 */
#ifndef CREDIT_STATEMENT_H
#define CREDIT_STATEMENT_H

#include "credit/money.h"
#include "format/iso8601.h"

enum item {
#define ITEM(name, wire, may_be_negative) ITEM_##name,
#include "credit/items.def"
#undef ITEM
    ITEM_COUNT
};

enum basis { BASIS_INDIVIDUAL, BASIS_CONSOLIDATED };

enum {
    STATEMENT_MONTHS_MIN = 6, /* a shorter or longer exercise says too little of a year: not used */
    STATEMENT_MONTHS_MAX = 18,
};

struct statement {
    struct date period_end;
    uint8_t months; /* length of the exercise */
    uint8_t place;  /* in the request, from 0: warnings point there */
    enum currency currency;
    enum basis basis;
    uint64_t stated;  /* bit i: item i was in the request (as an item or through boxes) */
    uint64_t derived; /* bit i: item i follows from others by identity */
    int64_t minor[ITEM_COUNT];
};

bool item_read(enum item *out, struct str wire) MUST_USE;
/* The same, by a search that begins at `likely`: whoever writes accounts writes them in an order,
 * and mostly in ours. */
bool item_read_near(enum item *out, struct str wire, enum item likely) MUST_USE;
const char *item_wire(enum item item);
bool item_may_be_negative(enum item item);

bool statement_has(const struct statement *s, enum item item); /* stated or derived */
/* Requires: statement_has(s, item). */
int64_t statement_minor(const struct statement *s, enum item item);
void statement_state(struct statement *s, enum item item, int64_t minor);

/* Fill what follows by identity from what is stated: total liabilities = assets - equity, equity,
 * gross profit, EBITDA = EBIT + depreciation, profit before tax ... never overwriting a stated
 * item. */
void statement_derive(struct statement *s);

/* The identities a statement can be held to; each says whether it can be checked and by how much it
 * is off.  EBITDA is held to none: the French one stops before provisions and other operating
 * income, so sound accounts differ from EBIT plus depreciation. */
enum statement_check {
    CHECK_ASSETS_EQUAL_EQUITY_AND_LIABILITIES,
    CHECK_CURRENT_ASSETS_WITHIN_TOTAL,
    CHECK_CURRENT_ASSETS_COVER_THEIR_PARTS,
    CHECK_CURRENT_LIABILITIES_WITHIN_TOTAL,
    CHECK_CURRENT_LIABILITIES_COVER_THEIR_PARTS,
    CHECK_GROSS_PROFIT_IS_REVENUE_MINUS_COST,
    CHECK_NET_INCOME_IS_PROFIT_MINUS_TAX,
    STATEMENT_CHECK_COUNT
};

struct check_result {
    bool is_checkable; /* the items it needs were all stated */
    bool is_ok; /* off by no more than one unit of the currency or 0.1 % of the larger side */
    int64_t gap_minor; /* left side minus right side; for a bound, by how much it is passed */
};

const char *statement_check_code(enum statement_check check); /* "assets_equal_liabilities", ... */
struct check_result statement_check(const struct statement *s, enum statement_check check);

#endif
