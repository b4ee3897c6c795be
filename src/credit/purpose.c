/* purpose.c - four small vocabularies of a request. */
#include "credit/purpose.h"

static const char *const languages[LANGUAGE_COUNT] = {
    [LANGUAGE_EN] = "en",
    [LANGUAGE_ES] = "es",
    [LANGUAGE_FR] = "fr",
};

static const char *const audiences[AUDIENCE_COUNT] = {
    [AUDIENCE_ANALYST] = "analyst",
    [AUDIENCE_APPLICANT] = "applicant",
    [AUDIENCE_REGULATOR] = "regulator",
};

static const char *const purposes[PURPOSE_COUNT] = {
    [PURPOSE_NONE] = NULL,
    [PURPOSE_CREDIT_GRANTING] = "credit_granting",
    [PURPOSE_CREDIT_REVIEW] = "credit_review",
    [PURPOSE_PORTFOLIO_MONITORING] = "portfolio_monitoring",
    [PURPOSE_DEBT_COLLECTION] = "debt_collection",
};

static const char *const bases[LEGAL_BASIS_COUNT] = {
    [LEGAL_BASIS_NONE] = NULL,
    [LEGAL_BASIS_CONSENT] = "consent",
    [LEGAL_BASIS_CONTRACT] = "contract",
    [LEGAL_BASIS_LEGAL_OBLIGATION] = "legal_obligation",
    [LEGAL_BASIS_LEGITIMATE_INTEREST] = "legitimate_interest",
};

/* The place of `wire` in a table, or `count`.  NULL names nothing. */
static size_t place_of(const char *const *wires, size_t count, struct str wire)
{
    size_t i = 0;
    while (i < count && (wires[i] == NULL || !str_eq(wire, str_from(wires[i])))) {
        i++;
    }
    return i;
}

bool language_read(enum language *out, struct str wire)
{
    size_t place = place_of(languages, LANGUAGE_COUNT, wire);
    if (place == LANGUAGE_COUNT) {
        return false;
    }
    *out = (enum language)place;
    return true;
}

const char *language_wire(enum language language)
{
    CHECK((unsigned)language < LANGUAGE_COUNT);
    return languages[language];
}

bool audience_read(enum audience *out, struct str wire)
{
    size_t place = place_of(audiences, AUDIENCE_COUNT, wire);
    if (place == AUDIENCE_COUNT) {
        return false;
    }
    *out = (enum audience)place;
    return true;
}

const char *audience_wire(enum audience audience)
{
    CHECK((unsigned)audience < AUDIENCE_COUNT);
    return audiences[audience];
}

bool purpose_read(enum purpose *out, struct str wire)
{
    size_t place = place_of(purposes, PURPOSE_COUNT, wire);
    if (place == PURPOSE_COUNT) {
        return false;
    }
    *out = (enum purpose)place;
    return true;
}

const char *purpose_wire(enum purpose purpose)
{
    CHECK((unsigned)purpose < PURPOSE_COUNT);
    return purposes[purpose];
}

bool legal_basis_read(enum legal_basis *out, struct str wire)
{
    size_t place = place_of(bases, LEGAL_BASIS_COUNT, wire);
    if (place == LEGAL_BASIS_COUNT) {
        return false;
    }
    *out = (enum legal_basis)place;
    return true;
}

const char *legal_basis_wire(enum legal_basis basis)
{
    CHECK((unsigned)basis < LEGAL_BASIS_COUNT);
    return bases[basis];
}
