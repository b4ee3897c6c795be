/* perimeter.c - the exclusions, as a table. */
#include "decide/perimeter.h"

enum { DIVISION_PUBLIC_ADMINISTRATION = 84 };

/* NACE 64.20 in revision 2, 64.21 in revision 2.1: holding companies, which are no lenders. */
static bool is_holding(const struct company *company)
{
    struct str code = str_from(company->activity_code);
    return str_starts_with(code, STR("6420")) || str_starts_with(code, STR("6421"));
}

/* Neither sales nor staff: its accounts are those of its participations. */
static bool is_idle_holding(const struct decision_input *in)
{
    const struct statement *statement = facts_statement(in->facts, NULL);
    bool has_sales = statement != NULL && statement_has(statement, ITEM_REVENUE) &&
                     statement_minor(statement, ITEM_REVENUE) != 0;
    return in->policy->excludes_idle_holdings && is_holding(&in->facts->company) && !has_sales &&
           in->facts->company.employees <= 0;
}

static bool has_excluded_activity(const struct decision_input *in)
{
    unsigned division = activity_division(in->facts->company.activity_code);
    for (uint32_t i = 0; i < in->policy->excluded_division_count; i++) {
        if (division == in->policy->excluded_divisions[i]) {
            return !is_holding(&in->facts->company);
        }
    }
    return false;
}

static bool is_public_body(const struct decision_input *in)
{
    const struct company *company = &in->facts->company;
    return in->policy->excludes_public_bodies &&
           (company->nature == LEGAL_NATURE_PUBLIC_BODY ||
            activity_division(company->activity_code) == DIVISION_PUBLIC_ADMINISTRATION);
}

static bool is_association(const struct decision_input *in)
{
    return in->policy->excludes_associations &&
           in->facts->company.nature == LEGAL_NATURE_ASSOCIATION;
}

static bool has_unusable_currency(const struct decision_input *in)
{
    enum currency currency = in->asked->amount.currency;
    return currency != CURRENCY_NONE && currency != in->policy->currency;
}

static const struct {
    bool (*excludes)(const struct decision_input *in);
    enum reason reason;
} exclusions[] = {
    {is_public_body,        REASON_EXCLUDED_PUBLIC_BODY },
    {is_association,        REASON_EXCLUDED_ASSOCIATION },
    {is_idle_holding,       REASON_EXCLUDED_IDLE_HOLDING},
    {has_excluded_activity, REASON_EXCLUDED_FINANCIAL   },
    {has_unusable_currency, REASON_UNUSABLE_CURRENCY    },
};

bool perimeter_excludes(enum reason *reason, const struct decision_input *in)
{
    for (size_t i = 0; i < ARRAY_LEN(exclusions); i++) {
        if (exclusions[i].excludes(in)) {
            *reason = exclusions[i].reason;
            return true;
        }
    }
    return false;
}
