/* company_id.c - identifiers and their check digits, a function a rule.
 *
 * Sources: Luhn ISO/IEC 7812; LEI ISO 17442 and ISO 7064 mod 97-10; IBAN ISO 13616; VAT rules as
 * the Commission and the member states publish them for VIES; SIREN and SIRET by INSEE. */
#include "credit/company_id.h"

#include "credit/vat.h"

#include <string.h>

static const struct {
    const char *wire;
    const char *country; /* the only one a scheme belongs to, or NULL */
    const char *expected;
} schemes[SCHEME_COUNT] = {
    [SCHEME_NONE] = {NULL,      NULL, NULL                                                   },
    [SCHEME_SIREN] = {"siren",   "FR", "9 digits with a valid Luhn key"                       },
    [SCHEME_SIRET] = {"siret",   "FR", "14 digits with a valid Luhn key"                      },
    [SCHEME_VAT] = {"vat",     NULL, "a VAT number with its country prefix and a valid key" },
    [SCHEME_LEI] = {"lei",     NULL, "20 capitals and digits with a valid key (ISO 17442)"  },
    [SCHEME_NIF] = {"nif",     "ES", "a Spanish NIF of 9 characters with a valid control"   },
    [SCHEME_CRN] = {"crn",     "GB", "a company number: 8 digits, or 2 letters and 6 digits"},
    [SCHEME_DUNS] = {"duns",    NULL, "9 digits"                                             },
    [SCHEME_EUID] = {"euid",    NULL, "country, register, a point and the number"            },
    [SCHEME_SANDBOX] = {"sandbox", NULL,
                     "9 digits whose Luhn key does not fit, as no SIREN has them"            },
    [SCHEME_EXT] = {"ext",     NULL, "1 to 64 printable ASCII characters without blanks"    },
};

bool id_scheme_read(enum id_scheme *out, struct str wire)
{
    for (size_t i = SCHEME_NONE + 1; i < SCHEME_COUNT; i++) {
        if (str_eq(wire, str_from(schemes[i].wire))) {
            *out = (enum id_scheme)i;
            return true;
        }
    }
    return false;
}

const char *id_scheme_wire(enum id_scheme scheme)
{
    CHECK(scheme > SCHEME_NONE);
    CHECK(scheme < SCHEME_COUNT);
    return schemes[scheme].wire;
}

const char *id_scheme_expected(enum id_scheme scheme)
{
    CHECK(scheme > SCHEME_NONE);
    CHECK(scheme < SCHEME_COUNT);
    return schemes[scheme].expected;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_alnum(char c)
{
    return is_digit(c) || is_upper(c);
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit(s.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* The value of digits and letters read as one number in base ten (A = 10 ... Z = 35), modulo 97. */
static unsigned mod97(unsigned rest, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        rest = is_digit(s.ptr[i]) ? rest * 10 + (unsigned)(s.ptr[i] - '0')
                                  : rest * 100 + (unsigned)(s.ptr[i] - 'A') + 10;
        rest %= 97;
    }
    return rest;
}

static enum company_id_fault siren_check(struct str value)
{
    if (value.len != 9 || !all_digits(value)) {
        return COMPANY_ID_BAD_FORM;
    }
    return luhn_holds(value) ? COMPANY_ID_OK : COMPANY_ID_BAD_CHECKSUM;
}

static enum company_id_fault siret_check(struct str value)
{
    if (value.len != 14 || !all_digits(value)) {
        return COMPANY_ID_BAD_FORM;
    }
    if (luhn_holds(value)) {
        return COMPANY_ID_OK;
    }
    /* La Poste has more post offices than five digits with a Luhn key can number. */
    unsigned sum = 0;
    for (size_t i = 0; i < value.len; i++) {
        sum += (unsigned)(value.ptr[i] - '0');
    }
    bool is_post_office = str_starts_with(value, STR("356000000")) && sum % 5 == 0;
    return is_post_office ? COMPANY_ID_OK : COMPANY_ID_BAD_CHECKSUM;
}

static enum company_id_fault lei_check(struct str value)
{
    if (value.len != 20 || !all_digits(str_slice(value, 18, 20))) {
        return COMPANY_ID_BAD_FORM;
    }
    for (size_t i = 0; i < 18; i++) {
        if (!is_alnum(value.ptr[i])) {
            return COMPANY_ID_BAD_FORM;
        }
    }
    return mod97(0, value) == 1 ? COMPANY_ID_OK : COMPANY_ID_BAD_CHECKSUM;
}

static enum company_id_fault nif_check(struct str value)
{
    switch (vat_key_check("ES", value)) {
    case VAT_KEY_OK: return COMPANY_ID_OK;
    case VAT_KEY_BAD_CHECKSUM: return COMPANY_ID_BAD_CHECKSUM;
    case VAT_KEY_BAD_FORM: break;
    }
    return COMPANY_ID_BAD_FORM;
}

/* "01234567", "SC123456", "R0001234", "IP12345R". */
static enum company_id_fault crn_check(struct str value)
{
    bool holds = value.len == 8 && is_alnum(value.ptr[0]) && is_alnum(value.ptr[1]) &&
                 all_digits(str_slice(value, 2, 7)) && is_alnum(value.ptr[7]) &&
                 (is_upper(value.ptr[0]) || all_digits(value));
    return holds ? COMPANY_ID_OK : COMPANY_ID_BAD_FORM;
}

static enum company_id_fault duns_check(struct str value)
{
    return value.len == 9 && all_digits(value) ? COMPANY_ID_OK : COMPANY_ID_BAD_FORM;
}

static bool is_register_byte(char c)
{
    return is_alnum(c) || (c >= 'a' && c <= 'z');
}

/* "FR7501.732829320": country, register, point, number. */
static enum company_id_fault euid_check(struct str value)
{
    size_t point = str_find(value, 0, '.');
    if (value.len < 5 || value.len > COMPANY_ID_VALUE_MAX || point < 3 || point + 1 >= value.len) {
        return COMPANY_ID_BAD_FORM;
    }
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        bool is_mark = i > point && (c == '.' || c == '-' || c == '_' || c == '/');
        if (i != point && !is_register_byte(c) && !is_mark) {
            return COMPANY_ID_BAD_FORM;
        }
    }
    return COMPANY_ID_OK;
}

/* A company that exists could not be meant, even if somebody took the number for a SIREN. */
static enum company_id_fault sandbox_check(struct str value)
{
    if (value.len != 9 || !all_digits(value)) {
        return COMPANY_ID_BAD_FORM;
    }
    return luhn_holds(value) ? COMPANY_ID_BAD_CHECKSUM : COMPANY_ID_OK;
}

static enum company_id_fault ext_check(struct str value)
{
    if (value.len < 1 || value.len > COMPANY_ID_VALUE_MAX) {
        return COMPANY_ID_BAD_FORM;
    }
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] <= ' ' || value.ptr[i] > '~') {
            return COMPANY_ID_BAD_FORM;
        }
    }
    return COMPANY_ID_OK;
}

static enum company_id_fault vat_check(struct str value)
{
    if (value.len < 4) {
        return COMPANY_ID_BAD_FORM;
    }
    char prefix[] = {value.ptr[0], value.ptr[1], '\0'};
    switch (vat_key_check(prefix, str_slice(value, 2, value.len))) {
    case VAT_KEY_OK: return COMPANY_ID_OK;
    case VAT_KEY_BAD_CHECKSUM: return COMPANY_ID_BAD_CHECKSUM;
    case VAT_KEY_BAD_FORM: break;
    }
    return COMPANY_ID_BAD_FORM;
}

static enum company_id_fault value_check(enum id_scheme scheme, struct str value)
{
    switch (scheme) {
    case SCHEME_SIREN: return siren_check(value);
    case SCHEME_SIRET: return siret_check(value);
    case SCHEME_VAT: return vat_check(value);
    case SCHEME_LEI: return lei_check(value);
    case SCHEME_NIF: return nif_check(value);
    case SCHEME_CRN: return crn_check(value);
    case SCHEME_DUNS: return duns_check(value);
    case SCHEME_EUID: return euid_check(value);
    case SCHEME_SANDBOX: return sandbox_check(value);
    case SCHEME_EXT: return ext_check(value);
    case SCHEME_NONE:
    case SCHEME_COUNT: break;
    }
    return COMPANY_ID_BAD_FORM;
}

/* Two prefixes of the Commission are not ISO codes: Greece is EL, Northern Ireland XI. */
static struct str country_of_prefix(struct str prefix)
{
    if (str_eq(prefix, STR("EL"))) {
        return STR("GR");
    }
    return str_eq(prefix, STR("XI")) ? STR("GB") : prefix;
}

/* The country an identifier says by itself, or "". */
static struct str country_of(enum id_scheme scheme, struct str value)
{
    if (schemes[scheme].country != NULL) {
        return str_from(schemes[scheme].country);
    }
    bool has_prefix = scheme == SCHEME_VAT || scheme == SCHEME_EUID;
    return has_prefix ? country_of_prefix(str_slice(value, 0, 2)) : STR("");
}

enum company_id_fault company_id_read(struct company_id *out, enum id_scheme scheme,
                                      struct str country, struct str value)
{
    CHECK(scheme > SCHEME_NONE);
    CHECK(scheme < SCHEME_COUNT);
    enum company_id_fault fault = value_check(scheme, value);
    if (fault != COMPANY_ID_OK) {
        return fault;
    }
    struct str own = country_of(scheme, value);
    if (scheme == SCHEME_EUID && !country_is_known(own)) {
        return COMPANY_ID_BAD_FORM;
    }
    bool is_foreign = own.len > 0 ? !str_eq(country, own) : !country_is_known(country);
    if (country.len > 0 && is_foreign) {
        return COMPANY_ID_BAD_COUNTRY;
    }
    CHECK(value.len <= COMPANY_ID_VALUE_MAX);
    CHECK(own.len <= COUNTRY_LEN);
    *out = (struct company_id){.scheme = scheme};
    memcpy(out->country, own.ptr, own.len);
    memcpy(out->value, value.ptr, value.len);
    return COMPANY_ID_OK;
}

enum company_id_fault company_id_read_key(struct company_id *out, enum id_scheme *scheme,
                                          struct str text)
{
    struct str country = STR(""), rest = text;
    size_t colon = str_find(rest, 0, ':');
    *scheme = SCHEME_NONE;
    if (colon < rest.len && !id_scheme_read(scheme, str_slice(rest, 0, colon))) {
        country = str_slice(rest, 0, colon);
        rest = str_slice(rest, colon + 1, rest.len);
        colon = str_find(rest, 0, ':');
        if (!id_scheme_read(scheme, str_slice(rest, 0, colon))) {
            *scheme = SCHEME_NONE;
        }
    }
    if (*scheme == SCHEME_NONE || colon == rest.len) {
        *scheme = SCHEME_NONE;
        return COMPANY_ID_BAD_FORM;
    }
    return company_id_read(out, *scheme, country, str_slice(rest, colon + 1, rest.len));
}

bool country_is_known(struct str alpha2)
{
    /* ISO 3166-1, two letters each. */
    static const char codes[] = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBT"
                                "BVBWBYBZCACCCDCFCGCHCICKCLCM"
                                "CNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGF"
                                "GGGHGIGLGMGNGPGQGRGSGTGUGWGY"
                                "HKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALB"
                                "LCLILKLRLSLTLULVLYMAMCMDMEMF"
                                "MGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPE"
                                "PFPGPHPKPLPMPNPRPSPTPWPYQARE"
                                "RORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTL"
                                "TMTNTOTRTTTVTWTZUAUGUMUSUYUZ"
                                "VAVCVEVGVIVNVUWFWSYEYTZAZMZW";
    if (alpha2.len != COUNTRY_LEN) {
        return false;
    }
    for (size_t i = 0; i + COUNTRY_LEN < sizeof(codes); i += COUNTRY_LEN) {
        if (memcmp(codes + i, alpha2.ptr, COUNTRY_LEN) == 0) {
            return true;
        }
    }
    return false;
}

/* Length of an IBAN by country: the registry of ISO 13616. */
static const struct {
    char country[COUNTRY_LEN + 1];
    uint8_t len;
} iban_lengths[] = {
    {"AD", 24},
    {"AE", 23},
    {"AL", 28},
    {"AT", 20},
    {"AZ", 28},
    {"BA", 20},
    {"BE", 16},
    {"BG", 22},
    {"BH", 22},
    {"BI", 27},
    {"BR", 29},
    {"BY", 28},
    {"CH", 21},
    {"CR", 22},
    {"CY", 28},
    {"CZ", 24},
    {"DE", 22},
    {"DJ", 27},
    {"DK", 18},
    {"DO", 28},
    {"EE", 20},
    {"EG", 29},
    {"ES", 24},
    {"FI", 18},
    {"FK", 18},
    {"FO", 18},
    {"FR", 27},
    {"GB", 22},
    {"GE", 22},
    {"GI", 23},
    {"GL", 18},
    {"GR", 27},
    {"GT", 28},
    {"HR", 21},
    {"HU", 28},
    {"IE", 22},
    {"IL", 23},
    {"IQ", 23},
    {"IS", 26},
    {"IT", 27},
    {"JO", 30},
    {"KW", 30},
    {"KZ", 20},
    {"LB", 28},
    {"LC", 32},
    {"LI", 21},
    {"LT", 20},
    {"LU", 20},
    {"LV", 21},
    {"LY", 25},
    {"MC", 27},
    {"MD", 24},
    {"ME", 22},
    {"MK", 19},
    {"MN", 20},
    {"MR", 27},
    {"MT", 31},
    {"MU", 30},
    {"NI", 28},
    {"NL", 18},
    {"NO", 15},
    {"OM", 23},
    {"PK", 24},
    {"PL", 28},
    {"PS", 29},
    {"PT", 25},
    {"QA", 29},
    {"RO", 24},
    {"RS", 22},
    {"RU", 33},
    {"SA", 24},
    {"SC", 31},
    {"SD", 18},
    {"SE", 24},
    {"SI", 19},
    {"SK", 24},
    {"SM", 27},
    {"SO", 23},
    {"ST", 25},
    {"SV", 28},
    {"TL", 23},
    {"TN", 24},
    {"TR", 26},
    {"UA", 29},
    {"VA", 22},
    {"VG", 24},
    {"XK", 20},
    {"YE", 30},
};

static size_t iban_len(struct str country)
{
    for (size_t i = 0; i < ARRAY_LEN(iban_lengths); i++) {
        if (str_eq(country, str_from(iban_lengths[i].country))) {
            return iban_lengths[i].len;
        }
    }
    return 0;
}

bool iban_is_valid(struct str iban)
{
    if (iban.len < 5 || iban.len != iban_len(str_slice(iban, 0, COUNTRY_LEN))) {
        return false;
    }
    for (size_t i = 0; i < iban.len; i++) {
        if (!is_alnum(iban.ptr[i])) {
            return false;
        }
    }
    return all_digits(str_slice(iban, 2, 4)) &&
           mod97(mod97(0, str_slice(iban, 4, iban.len)), str_slice(iban, 0, 4)) == 1;
}

bool company_id_is_of_person(const struct company_id *id)
{
    struct str value = str_from(id->value);
    if (id->scheme == SCHEME_VAT && str_starts_with(value, STR("ES"))) {
        value = str_slice(value, 2, value.len);
    } else if (id->scheme != SCHEME_NIF) {
        return false;
    }
    return value.len > 0 && (is_digit(value.ptr[0]) || strchr("KLMXYZ", value.ptr[0]) != NULL);
}

struct str company_id_siren(const struct company_id *id)
{
    struct str value = str_from(id->value);
    bool is_french_vat = id->scheme == SCHEME_VAT && str_starts_with(value, STR("FR"));
    if (id->scheme == SCHEME_SIREN || id->scheme == SCHEME_SIRET) {
        return str_slice(value, 0, 9);
    }
    return is_french_vat && !str_eq(str_slice(value, 4, 7), STR("000")) ? str_slice(value, 4, 13)
                                                                        : STR("");
}

struct company_id company_id_principal(const struct company_id *id)
{
    struct str siren = company_id_siren(id);
    if (siren.len == 0) {
        return *id;
    }
    struct company_id principal = {.scheme = SCHEME_SIREN, .country = "FR"};
    memcpy(principal.value, siren.ptr, siren.len);
    return principal;
}

int company_id_order(const struct company_id *a, const struct company_id *b)
{
    struct str siren_a = company_id_siren(a), siren_b = company_id_siren(b);
    if (siren_a.len > 0 || siren_b.len > 0) {
        return str_compare(siren_a, siren_b);
    }
    if (a->scheme != b->scheme) {
        return a->scheme < b->scheme ? -1 : 1;
    }
    int by_country = strcmp(a->country, b->country);
    return by_country != 0 ? by_country : strcmp(a->value, b->value);
}
