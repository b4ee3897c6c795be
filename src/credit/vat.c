/* vat.c - VAT keys: a form a country, and a function where the rule is public.
 *
 * In a form, 9 stands for a digit, A for a letter, X for either, any other character for itself;
 * several forms of a country are separated by blanks. */
#include "credit/vat.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static unsigned digit(struct str s, size_t i)
{
    CHECK(i < s.len);
    CHECK(is_digit(s.ptr[i]));
    return (unsigned)(s.ptr[i] - '0');
}

/* Digits from..to as one number; at most nine of them. */
static unsigned number(struct str s, size_t from, size_t to)
{
    CHECK(to - from <= 9);
    unsigned value = 0;
    for (size_t i = from; i < to; i++) {
        value = value * 10 + digit(s, i);
    }
    return value;
}

static unsigned weighted(struct str s, const unsigned *weights, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += digit(s, i) * weights[i];
    }
    return sum;
}

bool luhn_holds(struct str digits)
{
    unsigned sum = 0;
    for (size_t i = 0; i < digits.len; i++) {
        unsigned twice = digit(digits, i) * ((digits.len - i) % 2 == 0 ? 2 : 1);
        sum += twice > 9 ? twice - 9 : twice;
    }
    return sum % 10 == 0;
}

/* France: the key of two digits, or the newer one with a letter (neither I nor O), then a SIREN.
 * Monaco writes 000 where the SIREN would start, and has no Luhn. */
static bool fr_holds(struct str key)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    unsigned siren = number(key, 2, 11);
    if (!str_eq(str_slice(key, 2, 5), STR("000")) && !luhn_holds(str_slice(key, 2, 11))) {
        return false;
    }
    if (is_digit(key.ptr[0]) && is_digit(key.ptr[1])) {
        return (12 + 3 * (siren % 97)) % 97 == number(key, 0, 2);
    }
    const char *first = strchr(alphabet, key.ptr[0]), *second = strchr(alphabet, key.ptr[1]);
    if (first == NULL || second == NULL) {
        return false;
    }
    unsigned a = (unsigned)(first - alphabet), b = (unsigned)(second - alphabet);
    /* A letter first: pairs count from 100; a digit first: from 10. */
    unsigned pair = is_digit(key.ptr[0]) ? a * 24 + b - 10 : a * 34 + b - 100;
    return (siren + 1 + pair / 11) % 11 == pair % 11;
}

/* Germany: ISO 7064 mod 11,10. */
static bool de_holds(struct str key)
{
    unsigned product = 10;
    for (size_t i = 0; i < 8; i++) {
        unsigned sum = (digit(key, i) + product) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (11 - product) % 10 == digit(key, 8) && digit(key, 0) != 0;
}

static bool es_person_holds(unsigned value, char letter)
{
    return "TRWAGMYFPDXBNJZSQVHLCKE"[value % 23] == letter;
}

/* Spain: persons (DNI; NIE with X, Y, Z; K, L, M), and entities, whose key is a digit, a letter or
 * either by the kind of entity. */
static bool es_holds(struct str key)
{
    char kind = key.ptr[0], last = key.ptr[8];
    if (is_digit(kind)) {
        return es_person_holds(number(key, 0, 8), last);
    }
    if (kind >= 'X' && kind <= 'Z') {
        return es_person_holds((unsigned)(kind - 'X') * 10000000 + number(key, 1, 8), last);
    }
    if (kind == 'K' || kind == 'L' || kind == 'M') {
        return es_person_holds(number(key, 1, 8), last);
    }
    unsigned sum = 0;
    for (size_t i = 1; i < 8; i++) {
        unsigned value = digit(key, i) * (i % 2 == 1 ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    unsigned check = (10 - sum % 10) % 10;
    bool is_letter_right = last == "JABCDEFGHI"[check];
    bool is_digit_right = last == (char)('0' + check);
    if (strchr("ABEH", kind) != NULL) {
        return is_digit_right;
    }
    if (strchr("NPQRSW", kind) != NULL) {
        return is_letter_right;
    }
    return strchr("CDFGJUV", kind) != NULL && (is_letter_right || is_digit_right);
}

static bool it_holds(struct str key)
{
    return luhn_holds(key) && number(key, 0, 7) != 0;
}

static bool be_holds(struct str key)
{
    return key.ptr[0] <= '1' && 97 - number(key, 0, 8) % 97 == number(key, 8, 10);
}

/* Netherlands: the old key (nine digits, mod 11) or the one of 2020 (all of it with NL, mod 97). */
static bool nl_holds(struct str key)
{
    static const unsigned weights[] = {9, 8, 7, 6, 5, 4, 3, 2};
    if (weighted(key, weights, 8) % 11 == digit(key, 8)) {
        return true;
    }
    unsigned rest = 2321; /* N = 23, L = 21 */
    for (size_t i = 0; i < 9; i++) {
        rest = (rest * 10 + digit(key, i)) % 97;
    }
    rest = (rest * 100 + 11) % 97; /* B = 11 */
    return (rest * 100 + number(key, 10, 12)) % 97 == 1;
}

static bool lu_holds(struct str key)
{
    return number(key, 0, 6) % 89 == number(key, 6, 8);
}

static bool pt_holds(struct str key)
{
    static const unsigned weights[] = {9, 8, 7, 6, 5, 4, 3, 2};
    unsigned check = 11 - weighted(key, weights, 8) % 11;
    return (check > 9 ? 0 : check) == digit(key, 8) && digit(key, 0) != 0;
}

/* Great Britain: mod 97, and since 2010 mod 97 shifted by 55; government (GD) and health (HA) have
 * ranges. */
static bool gb_holds(struct str key)
{
    static const unsigned weights[] = {8, 7, 6, 5, 4, 3, 2};
    if (key.len == 5) {
        unsigned value = number(key, 2, 5);
        return key.ptr[0] == 'G' ? value < 500 : value >= 500;
    }
    unsigned sum = weighted(key, weights, 7) + number(key, 7, 9);
    return sum % 97 == 0 || (sum + 55) % 97 == 0;
}

static bool pl_holds(struct str key)
{
    static const unsigned weights[] = {6, 5, 7, 2, 3, 4, 5, 6, 7};
    return weighted(key, weights, 9) % 11 == digit(key, 9);
}

/* Austria: "U" and eight digits. */
static bool at_holds(struct str key)
{
    unsigned sum = 4;
    for (size_t i = 0; i < 7; i++) {
        unsigned value = digit(key, i + 1) * (i % 2 == 1 ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return (10 - sum % 10) % 10 == digit(key, 8);
}

static bool dk_holds(struct str key)
{
    static const unsigned weights[] = {2, 7, 6, 5, 4, 3, 2, 1};
    return weighted(key, weights, 8) % 11 == 0 && digit(key, 0) != 0;
}

static bool fi_holds(struct str key)
{
    static const unsigned weights[] = {7, 9, 10, 5, 8, 4, 2, 1};
    return weighted(key, weights, 8) % 11 == 0;
}

static bool se_holds(struct str key)
{
    return luhn_holds(str_slice(key, 0, 10));
}

static const struct {
    const char *prefix;
    const char *forms;
    bool (*holds)(struct str key); /* NULL: the form alone is known */
} countries[] = {
    {"FR", "XX999999999",                                                    fr_holds},
    {"DE", "999999999",                                                      de_holds},
    {"ES", "A9999999X 99999999A",                                            es_holds},
    {"IT", "99999999999",                                                    it_holds},
    {"BE", "9999999999",                                                     be_holds},
    {"NL", "999999999B99",                                                   nl_holds},
    {"LU", "99999999",                                                       lu_holds},
    {"PT", "999999999",                                                      pt_holds},
    {"GB", "999999999 999999999999 GD999 HA999",                             gb_holds},
    {"XI", "999999999 999999999999 GD999 HA999",                             gb_holds},
    {"PL", "9999999999",                                                     pl_holds},
    {"AT", "U99999999",                                                      at_holds},
    {"DK", "99999999",                                                       dk_holds},
    {"FI", "99999999",                                                       fi_holds},
    {"SE", "999999999901",                                                   se_holds},
    {"BG", "999999999 9999999999",                                           NULL    },
    {"CY", "99999999A",                                                      NULL    },
    {"CZ", "99999999 999999999 9999999999",                                  NULL    },
    {"EE", "999999999",                                                      NULL    },
    {"EL", "999999999",                                                      NULL    },
    {"HR", "99999999999",                                                    NULL    },
    {"HU", "99999999",                                                       NULL    },
    {"IE", "9X99999A 9X99999AA",                                             NULL    },
    {"LT", "999999999 999999999999",                                         NULL    },
    {"LV", "99999999999",                                                    NULL    },
    {"MT", "99999999",                                                       NULL    },
    {"RO", "99 999 9999 99999 999999 9999999 99999999 999999999 9999999999", NULL    },
    {"SI", "99999999",                                                       NULL    },
    {"SK", "9999999999",                                                     NULL    },
};

static bool matches(struct str form, struct str key)
{
    if (form.len != key.len) {
        return false;
    }
    for (size_t i = 0; i < form.len; i++) {
        char want = form.ptr[i], c = key.ptr[i];
        bool fits = want == '9'   ? is_digit(c)
                    : want == 'A' ? is_upper(c)
                    : want == 'X' ? is_digit(c) || is_upper(c)
                                  : c == want;
        if (!fits) {
            return false;
        }
    }
    return true;
}

static bool matches_any(struct str forms, struct str key)
{
    for (size_t from = 0; from < forms.len;) {
        size_t to = str_find(forms, from, ' ');
        if (matches(str_slice(forms, from, to), key)) {
            return true;
        }
        from = to + 1;
    }
    return false;
}

enum vat_key vat_key_check(const char *prefix, struct str key)
{
    for (size_t i = 0; i < ARRAY_LEN(countries); i++) {
        if (strcmp(prefix, countries[i].prefix) != 0) {
            continue;
        }
        if (!matches_any(str_from(countries[i].forms), key)) {
            return VAT_KEY_BAD_FORM;
        }
        bool holds = countries[i].holds == NULL || countries[i].holds(key);
        return holds ? VAT_KEY_OK : VAT_KEY_BAD_CHECKSUM;
    }
    return VAT_KEY_BAD_FORM;
}
