/* extract_firmographic.c - what a company is, apart from its accounts. */
#include "feature/extract.h"

static const struct known UNKNOWN = {0.0, false};

struct known feature_age_years(const struct extract_input *in)
{
    struct date from = in->facts->company.incorporated_on;
    if (!date_is_set(from)) {
        return UNKNOWN;
    }
    return (struct known){date_months_between(from, in->facts->as_of) / 12.0, true};
}

struct known feature_headcount(const struct extract_input *in)
{
    int32_t employees = in->facts->company.employees;
    if (employees < 0) {
        return UNKNOWN;
    }
    return (struct known){employees, true};
}

struct known feature_sector_lo(const struct extract_input *in)
{
    return in->tendency.sector_lo;
}

struct known feature_legal_nature(const struct extract_input *in)
{
    enum legal_nature nature = in->facts->company.nature;
    return (struct known){nature, nature != LEGAL_NATURE_UNKNOWN};
}
