/* statement.c - accounts: what follows by identity, and what does not add up. */
#include "credit/statement.h"

static const struct {
    const char *wire;
    size_t len; /* of wire */
    bool may_be_negative;
} items[ITEM_COUNT] = {
#define ITEM(name, wire, may_be_negative) [ITEM_##name] = {wire, sizeof(wire) - 1, may_be_negative},
#include "credit/items.def"
#undef ITEM
};

_Static_assert(ITEM_COUNT <= 64, "the items stated are a 64-bit set");

static uint64_t bit_of(enum item item)
{
    CHECK((unsigned)item < ITEM_COUNT);
    return UINT64_C(1) << item;
}

bool item_read_near(enum item *out, struct str wire, enum item likely)
{
    size_t at = likely;
    for (size_t tried = 0; tried < ITEM_COUNT; tried++, at++) {
        at = at < ITEM_COUNT ? at : 0;
        if (str_eq(wire, (struct str){items[at].wire, items[at].len})) {
            *out = (enum item)at;
            return true;
        }
    }
    return false;
}

bool item_read(enum item *out, struct str wire)
{
    return item_read_near(out, wire, (enum item)0);
}

const char *item_wire(enum item item)
{
    CHECK((unsigned)item < ITEM_COUNT);
    return items[item].wire;
}

bool item_may_be_negative(enum item item)
{
    CHECK((unsigned)item < ITEM_COUNT);
    return items[item].may_be_negative;
}

bool statement_has(const struct statement *s, enum item item)
{
    return ((s->stated | s->derived) & bit_of(item)) != 0;
}

int64_t statement_minor(const struct statement *s, enum item item)
{
    CHECK(statement_has(s, item));
    return s->minor[item];
}

void statement_state(struct statement *s, enum item item, int64_t minor)
{
    CHECK(minor >= -MONEY_MINOR_MAX);
    CHECK(minor <= MONEY_MINOR_MAX);
    s->stated |= bit_of(item);
    s->derived &= ~bit_of(item);
    s->minor[item] = minor;
}

/* Identities only: `target` = `left` + sign * `right`.  Sums that hold for some charts of accounts
 * and not for others (total assets = fixed + current) are not here: a French balance sheet has
 * other headings. */
static const struct {
    enum item target;
    enum item left;
    int sign;
    enum item right;
} identities[] = {
    {ITEM_TOTAL_LIABILITIES,  ITEM_TOTAL_ASSETS,      -1, ITEM_EQUITY                       },
    {ITEM_EQUITY,             ITEM_TOTAL_ASSETS,      -1, ITEM_TOTAL_LIABILITIES            },
    {ITEM_GROSS_PROFIT,       ITEM_REVENUE,           -1, ITEM_COST_OF_GOODS_SOLD           },
    {ITEM_COST_OF_GOODS_SOLD, ITEM_REVENUE,           -1, ITEM_GROSS_PROFIT                 },
    {ITEM_EBITDA,             ITEM_EBIT,              +1, ITEM_DEPRECIATION_AND_AMORTIZATION},
    {ITEM_EBIT,               ITEM_EBITDA,            -1, ITEM_DEPRECIATION_AND_AMORTIZATION},
    {ITEM_PROFIT_BEFORE_TAX,  ITEM_NET_INCOME,        +1, ITEM_INCOME_TAX                   },
    {ITEM_NET_INCOME,         ITEM_PROFIT_BEFORE_TAX, -1, ITEM_INCOME_TAX                   },
};

void statement_derive(struct statement *s)
{
    /* From stated items only: nothing derived feeds another, so the order of the table is without
     * effect. */
    for (size_t i = 0; i < ARRAY_LEN(identities); i++) {
        enum item target = identities[i].target;
        uint64_t needs = bit_of(identities[i].left) | bit_of(identities[i].right);
        if ((s->stated & bit_of(target)) != 0 || (s->stated & needs) != needs) {
            continue;
        }
        int64_t value =
            s->minor[identities[i].left] + identities[i].sign * s->minor[identities[i].right];
        bool is_possible = value >= 0 || items[target].may_be_negative;
        if (is_possible && value >= -MONEY_MINOR_MAX && value <= MONEY_MINOR_MAX) {
            s->derived |= bit_of(target);
            s->minor[target] = value;
        }
    }
}

enum { PARTS_MAX = 4 };

/* The sum of `left` is held against the sum of `right`: equal, or no larger. */
struct check_row {
    const char *code;
    bool is_bound; /* left <= right; else left = right */
    bool any_left; /* the left side holds whichever of its parts are stated, at least one */
    enum item left[PARTS_MAX];
    unsigned left_count;
    enum item right[PARTS_MAX];
    int right_signs[PARTS_MAX];
    unsigned right_count;
};

/* clang-format off */
static const struct check_row checks[STATEMENT_CHECK_COUNT] = {
    [CHECK_ASSETS_EQUAL_EQUITY_AND_LIABILITIES] = {
        .code = "assets_equal_liabilities",
        .left = {ITEM_TOTAL_ASSETS},
        .left_count = 1,
        .right = {ITEM_EQUITY, ITEM_TOTAL_LIABILITIES},
        .right_signs = {+1, +1},
        .right_count = 2,
    },
    [CHECK_CURRENT_ASSETS_WITHIN_TOTAL] = {
        .code = "current_assets_within_total",
        .is_bound = true,
        .left = {ITEM_CURRENT_ASSETS},
        .left_count = 1,
        .right = {ITEM_TOTAL_ASSETS},
        .right_signs = {+1},
        .right_count = 1,
    },
    [CHECK_CURRENT_ASSETS_COVER_THEIR_PARTS] = {
        .code = "current_assets_cover_parts",
        .is_bound = true,
        .any_left = true,
        .left = {ITEM_INVENTORIES, ITEM_TRADE_RECEIVABLES, ITEM_CASH, ITEM_SECURITIES},
        .left_count = 4,
        .right = {ITEM_CURRENT_ASSETS},
        .right_signs = {+1},
        .right_count = 1,
    },
    [CHECK_CURRENT_LIABILITIES_WITHIN_TOTAL] = {
        .code = "current_liabilities_within_total",
        .is_bound = true,
        .left = {ITEM_CURRENT_LIABILITIES},
        .left_count = 1,
        .right = {ITEM_TOTAL_LIABILITIES},
        .right_signs = {+1},
        .right_count = 1,
    },
    [CHECK_CURRENT_LIABILITIES_COVER_THEIR_PARTS] = {
        .code = "current_liabilities_cover_parts",
        .is_bound = true,
        .any_left = true,
        .left = {ITEM_TRADE_PAYABLES, ITEM_TAX_AND_SOCIAL_PAYABLES, ITEM_OVERDRAFTS},
        .left_count = 3,
        .right = {ITEM_CURRENT_LIABILITIES},
        .right_signs = {+1},
        .right_count = 1,
    },
    [CHECK_GROSS_PROFIT_IS_REVENUE_MINUS_COST] = {
        .code = "gross_profit_is_revenue_minus_cost",
        .left = {ITEM_GROSS_PROFIT},
        .left_count = 1,
        .right = {ITEM_REVENUE, ITEM_COST_OF_GOODS_SOLD},
        .right_signs = {+1, -1},
        .right_count = 2,
    },
    [CHECK_NET_INCOME_IS_PROFIT_MINUS_TAX] = {
        .code = "net_income_is_profit_minus_tax",
        .left = {ITEM_NET_INCOME},
        .left_count = 1,
        .right = {ITEM_PROFIT_BEFORE_TAX, ITEM_INCOME_TAX},
        .right_signs = {+1, -1},
        .right_count = 2,
    },
};
/* clang-format on */

const char *statement_check_code(enum statement_check check)
{
    CHECK((unsigned)check < STATEMENT_CHECK_COUNT);
    return checks[check].code;
}

static bool is_stated(const struct statement *s, enum item item)
{
    return (s->stated & bit_of(item)) != 0;
}

static int64_t magnitude(int64_t value)
{
    return value < 0 ? -value : value;
}

/* One unit of the currency (statements are rounded to it), or a thousandth of the larger side. */
static int64_t tolerance_minor(const struct statement *s, int64_t left, int64_t right)
{
    int64_t unit = 1;
    for (unsigned i = 0; i < currency_exponent(s->currency); i++) {
        unit *= 10;
    }
    int64_t larger = magnitude(left) > magnitude(right) ? magnitude(left) : magnitude(right);
    return larger / 1000 > unit ? larger / 1000 : unit;
}

struct check_result statement_check(const struct statement *s, enum statement_check check)
{
    CHECK((unsigned)check < STATEMENT_CHECK_COUNT);
    const struct check_row *row = &checks[check];
    int64_t left = 0, right = 0;
    unsigned left_stated = 0, right_stated = 0;
    for (unsigned i = 0; i < row->left_count; i++) {
        if (is_stated(s, row->left[i])) {
            left += s->minor[row->left[i]];
            left_stated++;
        }
    }
    for (unsigned i = 0; i < row->right_count; i++) {
        if (is_stated(s, row->right[i])) {
            right += row->right_signs[i] * s->minor[row->right[i]];
            right_stated++;
        }
    }
    if (right_stated < row->right_count || left_stated == 0 ||
        (!row->any_left && left_stated < row->left_count)) {
        return (struct check_result){.is_checkable = false};
    }
    int64_t gap = left - right;
    if (row->is_bound && gap < 0) {
        gap = 0;
    }
    return (struct check_result){.is_checkable = true,
                                 .is_ok = magnitude(gap) <= tolerance_minor(s, left, right),
                                 .gap_minor = gap};
}
