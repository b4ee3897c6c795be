/* company_id.h - identifiers of companies, with the check digits that catch a typing error.
 *
 * ASCII digits and letters only; nothing is normalised silently: "732 829 320" is refused, and the
 * error says what was expected.  Key of a company = country + scheme + value. */
#ifndef CREDIT_COMPANY_ID_H
#define CREDIT_COMPANY_ID_H

#include "base/str.h"

#include <stdint.h>

enum id_scheme {
    SCHEME_NONE,
    SCHEME_SIREN, /* FR, 9 digits, Luhn */
    SCHEME_SIRET, /* FR, 14 digits, Luhn; La Poste (SIREN 356000000): digit sum a multiple of 5, or
                     Luhn for its head office */
    SCHEME_VAT,   /* country prefix + key; FR, DE, ES, IT, BE, NL, LU, PT, GB, PL, AT ... checked
                     where the rule is public */
    SCHEME_LEI,   /* ISO 17442, 20 characters, ISO 7064 mod 97-10 */
    SCHEME_NIF,   /* ES, CIF/NIF with its control character */
    SCHEME_CRN,   /* GB company number: 8 characters, no check digit */
    SCHEME_DUNS,  /* 9 digits, form only */
    SCHEME_EUID,  /* EU identifier: country + register + '.' + number, form only */
    SCHEME_SANDBOX, /* a fictitious company: 9 digits that fail Luhn, so never a SIREN */
    SCHEME_EXT,     /* the caller's own number: 1 to 64 printable characters without blanks */
    SCHEME_COUNT
};

enum { COMPANY_ID_VALUE_MAX = 64, COUNTRY_LEN = 2 };

enum company_id_fault {
    COMPANY_ID_OK,
    COMPANY_ID_BAD_FORM,     /* wrong length or characters */
    COMPANY_ID_BAD_CHECKSUM, /* right form, wrong check digit */
    COMPANY_ID_BAD_COUNTRY,  /* this scheme belongs to another country */
};

struct company_id {
    enum id_scheme scheme;
    char country[COUNTRY_LEN +
                 1]; /* ISO 3166-1 alpha-2, "" if the scheme has none (LEI, DUNS, ext) */
    char value[COMPANY_ID_VALUE_MAX + 1];
};

bool id_scheme_read(enum id_scheme *out, struct str wire) MUST_USE; /* "siren", "vat", ... */
const char *id_scheme_wire(enum id_scheme scheme);
const char *id_scheme_expected(enum id_scheme scheme); /* "9 digits with a valid Luhn key" */
/* Check `value`, and fill *out when it holds.  `country` may be empty: the scheme's own is taken.
 */
enum company_id_fault company_id_read(struct company_id *out, enum id_scheme scheme,
                                      struct str country, struct str value) MUST_USE;
/* The same from the text of a key, "siren:732829320" or "FR:siren:732829320"; *scheme is NONE, and
 * the fault BAD_FORM, when it names no scheme. */
enum company_id_fault company_id_read_key(struct company_id *out, enum id_scheme *scheme,
                                          struct str text) MUST_USE;
bool country_is_known(struct str alpha2); /* ISO 3166-1, upper case */
bool iban_is_valid(struct str iban);      /* ISO 13616: form, country length, mod 97 */
/* Does the identifier itself say that it is a person's?  A Spanish NIF that starts with a digit or
 * one of K, L, M, X, Y, Z is a DNI or NIE, whatever the request says of a legal form. */
bool company_id_is_of_person(const struct company_id *id);
/* The SIREN an identifier has inside, or "".  A French VAT number of Monaco (key, then 000) has
 * none. */
struct str company_id_siren(const struct company_id *id);
/* The one of a company's identifiers that all with the same SIREN share; others stand for
 * themselves.
 */
struct company_id company_id_principal(const struct company_id *id);
/* <0, 0, >0: an order of identifiers in which those of one company by their SIREN are equal. */
int company_id_order(const struct company_id *a, const struct company_id *b);

#endif
