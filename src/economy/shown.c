/* shown.c - chance leaves out, and spoils; the firm itself stays what it is. */
#include "economy/shown.h"

#include "base/elementary.h"

enum { YEAR_MONTHS = 12, STALE_MONTHS = 24 };

static const struct {
    const char *wire;
    double percent;
    bool is_refused;
} dirts[DIRT_COUNT] = {
#define DIRT(name, wire, percent, is_refused) {wire, percent, is_refused},
#include "economy/dirt.def"
#undef DIRT
};

const char *dirt_wire(enum dirt dirt)
{
    CHECK(dirt < DIRT_COUNT);
    return dirts[dirt].wire;
}

bool shown_has(const struct shown *shown, enum block block)
{
    return (shown->blocks & 1U << block) != 0;
}

bool shown_is(const struct shown *shown, enum dirt dirt)
{
    return (shown->dirt & 1U << dirt) != 0;
}

bool shown_is_refused(const struct shown *shown)
{
    for (size_t i = 0; i < DIRT_COUNT; i++) {
        if (dirts[i].is_refused && shown_is(shown, (enum dirt)i)) {
            return true;
        }
    }
    return false;
}

/* Is there what this would spoil? */
static bool has_matter(const struct shown *shown, enum dirt dirt)
{
    switch (dirt) {
    case DIRT_STALE_ACCOUNTS:
    case DIRT_SHORT_EXERCISE:
    case DIRT_LONG_EXERCISE:
    case DIRT_NO_INCOME_STATEMENT:
    case DIRT_UNBALANCED:
    case DIRT_DUPLICATE_STATEMENT: return date_is_set(shown->closing);
    case DIRT_DUPLICATE_INVOICE:
    case DIRT_CREDIT_NOTE:
    case DIRT_OTHER_CURRENCY:
    case DIRT_FUTURE_PAYMENT: return shown_has(shown, BLOCK_PAYMENT);
    case DIRT_FUTURE_EVENT: return shown_has(shown, BLOCK_LEGAL);
    case DIRT_FOREIGN_ACCOUNT: return shown_has(shown, BLOCK_BANK);
    case DIRT_COUNT: break;
    }
    return false;
}

static void spoil(struct shown *out, const struct firm *firm, uint64_t year)
{
    struct chance c = chance_of(firm->key, TOPIC_DIRT, year);
    for (size_t i = 0; i < DIRT_COUNT; i++) {
        bool is_drawn = chance_happens(&c, dirts[i].percent / 100.0);
        out->dirt |= is_drawn && has_matter(out, (enum dirt)i) ? 1U << i : 0U;
    }
    struct date older =
        date_is_set(out->closing) ? date_add_months(out->closing, -STALE_MONTHS) : (struct date){0};
    if (shown_is(out, DIRT_SHORT_EXERCISE)) {
        out->dirt &= ~(1U << DIRT_LONG_EXERCISE);
    }
    if (shown_is(out, DIRT_STALE_ACCOUNTS) && !out->is_late && firm_has_exercise(firm, older)) {
        out->closing = older;
    } else {
        out->dirt &= ~(1U << DIRT_STALE_ACCOUNTS);
    }
}

/* The weaker a company, the later it files. */
static void withhold(struct shown *out, const struct firm *firm, uint64_t year)
{
    struct chance c = chance_of(firm->key, TOPIC_REGISTER, 2 * year);
    bool is_drawn = chance_happens(&c, logistic(-3.3 - 0.7 * firm->quality[0]));
    if (!is_drawn || !date_is_set(out->closing)) {
        return;
    }
    struct date before = date_add_months(out->closing, -YEAR_MONTHS);
    out->is_late = true;
    out->closing = firm_has_exercise(firm, before) ? before : (struct date){0};
}

void shown_make(struct shown *out, const struct showing_options *options,
                const struct economy *economy, uint32_t place)
{
    const struct firm *firm = &economy->firms[place];
    uint64_t year = (uint64_t)economy->as_of.year;
    struct chance c = chance_of(firm->key, TOPIC_MISSING, year);
    *out = (struct shown){0};
    for (size_t i = 0; i < BLOCK_COUNT; i++) {
        bool is_missing = chance_happens(&c, options->missing);
        out->blocks |= is_missing ? 0U : options->blocks & 1U << i;
    }
    if (shown_has(out, BLOCK_FINANCIAL)) {
        out->closing = firm_closing(firm, economy->as_of);
        withhold(out, firm, year);
    }
    if (!date_is_set(out->closing)) {
        out->blocks &= ~(1U << BLOCK_FINANCIAL);
    }
    if (options->is_dirty) {
        spoil(out, firm, year);
    }
}
