/* vat.h - the keys of VAT numbers, country by country.
 *
 * A number is a prefix (the ISO code of the country; EL for Greece, XI for Northern Ireland) and a
 * key.  Where the rule of the key is public it is computed; elsewhere in the European Union the
 * form alone is held to. */
#ifndef CREDIT_VAT_H
#define CREDIT_VAT_H

#include "base/str.h"

enum vat_key { VAT_KEY_OK, VAT_KEY_BAD_FORM, VAT_KEY_BAD_CHECKSUM };

/* Check the part behind the prefix.  An unknown prefix is a bad form. */
enum vat_key vat_key_check(const char *prefix, struct str key) MUST_USE;

/* Luhn's key over ASCII digits, the last of which is the check digit.  Requires: digits only. */
bool luhn_holds(struct str digits) MUST_USE;

#endif
