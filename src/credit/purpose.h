/* purpose.h - why somebody is scored, on which legal ground, for whom and in which language it is
 * said.
 *
 * Frozen with every decision and answered with it; required when the applicant is a natural person
 * (GDPR articles 5, 6, 13 to 15). */
#ifndef CREDIT_PURPOSE_H
#define CREDIT_PURPOSE_H

#include "base/str.h"

enum language { LANGUAGE_EN, LANGUAGE_ES, LANGUAGE_FR, LANGUAGE_COUNT };
enum audience { AUDIENCE_ANALYST, AUDIENCE_APPLICANT, AUDIENCE_REGULATOR, AUDIENCE_COUNT };

enum purpose {
    PURPOSE_NONE, /* not said */
    PURPOSE_CREDIT_GRANTING,
    PURPOSE_CREDIT_REVIEW,
    PURPOSE_PORTFOLIO_MONITORING,
    PURPOSE_DEBT_COLLECTION,
    PURPOSE_COUNT
};

enum legal_basis {                   /* GDPR article 6(1) */
                   LEGAL_BASIS_NONE, /* not said */
                   LEGAL_BASIS_CONSENT,
                   LEGAL_BASIS_CONTRACT,
                   LEGAL_BASIS_LEGAL_OBLIGATION,
                   LEGAL_BASIS_LEGITIMATE_INTEREST,
                   LEGAL_BASIS_COUNT
};

bool language_read(enum language *out, struct str wire) MUST_USE; /* "en" "es" "fr" */
const char *language_wire(enum language language);
bool audience_read(enum audience *out, struct str wire) MUST_USE;
const char *audience_wire(enum audience audience);
bool purpose_read(enum purpose *out, struct str wire) MUST_USE; /* "credit_granting", ... */
const char *purpose_wire(enum purpose purpose);                 /* NULL for NONE */
bool legal_basis_read(enum legal_basis *out, struct str wire) MUST_USE;
const char *legal_basis_wire(enum legal_basis basis); /* NULL for NONE */

#endif
