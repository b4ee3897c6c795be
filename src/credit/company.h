/* company.h - who the applicant is. */
#ifndef CREDIT_COMPANY_H
#define CREDIT_COMPANY_H

#include "credit/company_id.h"
#include "format/iso8601.h"

#include <stdint.h>

enum { COMPANY_IDENTIFIERS_MAX = 16, COMPANY_NAME_MAX = 256 };

enum nomenclature {
    NOMENCLATURE_NONE,
    NOMENCLATURE_NAF_REV2, /* until 2027-01-01 in France */
    NOMENCLATURE_NAF_2025,
    NOMENCLATURE_NACE_REV2,
    NOMENCLATURE_NACE_REV21,
    NOMENCLATURE_COUNT
};

/* What the legal form means for credit; the form itself is kept as it was sent. */
enum legal_nature {
    LEGAL_NATURE_UNKNOWN,
    LEGAL_NATURE_COMPANY,
    LEGAL_NATURE_NATURAL_PERSON, /* sole trader: privacy law applies */
    LEGAL_NATURE_PUBLIC_BODY,
    LEGAL_NATURE_ASSOCIATION,
    LEGAL_NATURE_COUNT
};

struct company {
    uint32_t identifier_count;
    struct company_id identifiers[COMPANY_IDENTIFIERS_MAX];
    struct str name;               /* UTF-8, may be empty */
    char country[COUNTRY_LEN + 1]; /* "" if nobody said */
    struct str legal_form;         /* as sent: "SAS", "5710", ... */
    enum legal_nature nature;
    enum nomenclature nomenclature;
    char activity_code[8]; /* "4669B", "" if unknown */
    struct date incorporated_on;
    int32_t employees; /* -1: unknown */
};

bool nomenclature_read(enum nomenclature *out, struct str wire) MUST_USE; /* "naf_rev2", ... */
const char *nomenclature_wire(enum nomenclature nomenclature);
bool activity_code_is_valid(enum nomenclature nomenclature, struct str code);
/* The section letter of an activity in NACE rev. 2 ('A' to 'U'), '\0' if unknown.  Rev. 2.1 split J
 * in two and shifted the letters behind it; divisions kept their numbers, so J and K of rev. 2.1
 * are J here, L is K, and so on. */
char activity_section(enum nomenclature nomenclature, const char *code);
/* The two-digit division as a number, 0 if unknown. */
unsigned activity_division(const char *code);
/* What a legal form is: French abbreviations and INSEE level codes, and the usual European forms;
 * UNKNOWN otherwise. */
enum legal_nature legal_nature_of(struct str legal_form, struct str country);
const char *legal_nature_wire(enum legal_nature nature);

#endif
