/* outcome.c - a vocabulary, and days against a window. */
#include "credit/outcome.h"

#include "base/check.h"

enum rule { RULE_BAD, RULE_BAD_AS, RULE_GOOD, RULE_NONE };

static const struct {
    const char *wire;
    enum rule rule;
} types[OUTCOME_COUNT] = {
#define OUTCOME(name, wire, label) [OUTCOME_##name] = {wire, RULE_##label},
#include "credit/outcomes.def"
#undef OUTCOME
};

bool outcome_type_read(enum outcome_type *out, struct str wire)
{
    for (size_t i = 0; i < OUTCOME_COUNT; i++) {
        if (str_eq(wire, str_from(types[i].wire))) {
            *out = (enum outcome_type)i;
            return true;
        }
    }
    return false;
}

const char *outcome_type_wire(enum outcome_type type)
{
    CHECK(type < OUTCOME_COUNT);
    return types[type].wire;
}

enum outcome_label outcome_label(enum outcome_type type, struct str own_definition,
                                 struct str definition)
{
    CHECK(type < OUTCOME_COUNT);
    bool is_named = own_definition.len > 0;
    bool fits = str_eq(own_definition, definition);
    switch (types[type].rule) {
    case RULE_BAD: return OUTCOME_LABEL_BAD;
    case RULE_BAD_AS: return fits ? OUTCOME_LABEL_BAD : OUTCOME_LABEL_NONE;
    case RULE_GOOD: return fits || !is_named ? OUTCOME_LABEL_GOOD : OUTCOME_LABEL_NONE;
    case RULE_NONE: break;
    }
    return OUTCOME_LABEL_NONE;
}

/* The calendar ends in 2199: what would lie behind it is its last day. */
static struct date months_from(struct date date, int months)
{
    struct date moved = date_add_months(date, months);
    static const struct date last = {2199, 12, 31}, first = {1800, 1, 1};
    return date_is_set(moved) ? moved : months > 0 ? last : first;
}

struct date outcome_window_end(const struct outcome_window *window)
{
    return months_from(window->as_of, (int)window->horizon_months);
}

struct date outcome_window_start(const struct outcome_window *window)
{
    return months_from(window->as_of, -(int)window->horizon_months);
}

void outcome_tally_add(struct outcome_tally *tally, const struct outcome_window *window,
                       enum outcome_label label, struct date observed_on)
{
    bool is_after = date_compare(observed_on, window->as_of) > 0;
    bool is_inside = is_after && date_compare(observed_on, outcome_window_end(window)) <= 0;
    bool is_before = !is_after && date_compare(observed_on, outcome_window_start(window)) > 0;
    tally->has_bad = tally->has_bad || (label == OUTCOME_LABEL_BAD && is_inside);
    tally->was_bad = tally->was_bad || (label == OUTCOME_LABEL_BAD && is_before);
    tally->has_good = tally->has_good || (label == OUTCOME_LABEL_GOOD && is_after);
}

enum outcome_verdict outcome_verdict(const struct outcome_tally *tally,
                                     const struct outcome_window *window)
{
    bool is_mature = date_compare(window->known_on, outcome_window_end(window)) >= 0;
    if (tally->was_bad) {
        return VERDICT_WAS_BAD;
    }
    if (!is_mature) {
        return tally->has_bad ? VERDICT_IMMATURE_BAD : VERDICT_IMMATURE;
    }
    if (tally->has_bad) {
        return VERDICT_BAD;
    }
    return tally->has_good ? VERDICT_GOOD : VERDICT_UNREPORTED;
}
