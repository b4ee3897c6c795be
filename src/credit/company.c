/* company.c - activities, and what a legal form means for credit. */
#include "credit/company.h"

static const char *const nomenclatures[NOMENCLATURE_COUNT] = {
    [NOMENCLATURE_NONE] = NULL,
    [NOMENCLATURE_NAF_REV2] = "naf_rev2",
    [NOMENCLATURE_NAF_2025] = "naf_2025",
    [NOMENCLATURE_NACE_REV2] = "nace_rev2",
    [NOMENCLATURE_NACE_REV21] = "nace_rev21",
};

bool nomenclature_read(enum nomenclature *out, struct str wire)
{
    for (size_t i = NOMENCLATURE_NONE + 1; i < NOMENCLATURE_COUNT; i++) {
        if (str_eq(wire, str_from(nomenclatures[i]))) {
            *out = (enum nomenclature)i;
            return true;
        }
    }
    return false;
}

const char *nomenclature_wire(enum nomenclature nomenclature)
{
    CHECK((unsigned)nomenclature < NOMENCLATURE_COUNT);
    return nomenclatures[nomenclature];
}

/* NACE rev. 2 (Regulation 1893/2006).  Rev. 2.1 (2023/137) keeps the divisions, drops 45, and
 * re-letters from J on, having split J in two (58 to 60, 61 to 63). */
static const struct {
    unsigned first;
    unsigned last;
    char section;
} sections[] = {
    {1,  3,  'A'},
    {5,  9,  'B'},
    {10, 33, 'C'},
    {35, 35, 'D'},
    {36, 39, 'E'},
    {41, 43, 'F'},
    {45, 47, 'G'},
    {49, 53, 'H'},
    {55, 56, 'I'},
    {58, 63, 'J'},
    {64, 66, 'K'},
    {68, 68, 'L'},
    {69, 75, 'M'},
    {77, 82, 'N'},
    {84, 84, 'O'},
    {85, 85, 'P'},
    {86, 88, 'Q'},
    {90, 93, 'R'},
    {94, 96, 'S'},
    {97, 98, 'T'},
    {99, 99, 'U'},
};

static char section_of(unsigned division)
{
    for (size_t i = 0; i < ARRAY_LEN(sections); i++) {
        if (division >= sections[i].first && division <= sections[i].last) {
            return sections[i].section;
        }
    }
    return '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Four digits and a letter in the French tables; division, group or class in the European ones. */
bool activity_code_is_valid(enum nomenclature nomenclature, struct str code)
{
    bool is_naf = nomenclature == NOMENCLATURE_NAF_REV2 || nomenclature == NOMENCLATURE_NAF_2025;
    bool is_nace =
        nomenclature == NOMENCLATURE_NACE_REV2 || nomenclature == NOMENCLATURE_NACE_REV21;
    bool is_rev21 =
        nomenclature == NOMENCLATURE_NAF_2025 || nomenclature == NOMENCLATURE_NACE_REV21;
    if ((is_naf && code.len != 5) || (is_nace && (code.len < 2 || code.len > 4)) ||
        (!is_naf && !is_nace)) {
        return false;
    }
    for (size_t i = 0; i < code.len; i++) {
        char c = code.ptr[i];
        bool fits = i == 4 ? c >= 'A' && c <= 'Z' : is_digit(c);
        if (!fits) {
            return false;
        }
    }
    unsigned division = (unsigned)(code.ptr[0] - '0') * 10 + (unsigned)(code.ptr[1] - '0');
    return section_of(division) != '\0' && !(is_rev21 && division == 45);
}

unsigned activity_division(const char *code)
{
    if (!is_digit(code[0]) || !is_digit(code[1])) {
        return 0;
    }
    return (unsigned)(code[0] - '0') * 10 + (unsigned)(code[1] - '0');
}

char activity_section(enum nomenclature nomenclature, const char *code)
{
    CHECK((unsigned)nomenclature < NOMENCLATURE_COUNT);
    return nomenclature == NOMENCLATURE_NONE ? '\0' : section_of(activity_division(code));
}

/* Legal forms as people write them, without blanks, points, hyphens, slashes and apostrophes, in
 * lower case. */
/* clang-format off */
static const struct {
    const char *form;
    const char *country; /* the only one where it means this, or NULL */
    enum legal_nature nature;
} forms[] = {
    /* France, Belgium, Luxembourg, Switzerland */
    {"sas", NULL, LEGAL_NATURE_COMPANY},
    {"sasu", NULL, LEGAL_NATURE_COMPANY},
    {"sarl", NULL, LEGAL_NATURE_COMPANY},
    {"eurl", NULL, LEGAL_NATURE_COMPANY},
    {"sa", NULL, LEGAL_NATURE_COMPANY},
    {"snc", NULL, LEGAL_NATURE_COMPANY},
    {"sca", NULL, LEGAL_NATURE_COMPANY},
    {"scs", NULL, LEGAL_NATURE_COMPANY},
    {"scop", NULL, LEGAL_NATURE_COMPANY},
    {"scic", NULL, LEGAL_NATURE_COMPANY},
    {"sci", NULL, LEGAL_NATURE_COMPANY},
    {"scm", NULL, LEGAL_NATURE_COMPANY},
    {"scp", NULL, LEGAL_NATURE_COMPANY},
    {"sccv", NULL, LEGAL_NATURE_COMPANY},
    {"scea", NULL, LEGAL_NATURE_COMPANY},
    {"earl", NULL, LEGAL_NATURE_COMPANY},
    {"gaec", NULL, LEGAL_NATURE_COMPANY},
    {"gie", NULL, LEGAL_NATURE_COMPANY},
    {"selarl", NULL, LEGAL_NATURE_COMPANY},
    {"selas", NULL, LEGAL_NATURE_COMPANY},
    {"se", NULL, LEGAL_NATURE_COMPANY},
    {"sprl", NULL, LEGAL_NATURE_COMPANY},
    {"srl", NULL, LEGAL_NATURE_COMPANY},
    {"ei", "FR", LEGAL_NATURE_NATURAL_PERSON},
    {"eirl", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"entrepreneurindividuel", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"entrepriseindividuelle", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"microentrepreneur", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"microentreprise", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"autoentrepreneur", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"artisan", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"commer\xC3\xA7"
     "ant", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"professionlib\xC3\xA9rale", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"personnephysique", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"association", NULL, LEGAL_NATURE_ASSOCIATION},
    {"associationloi1901", NULL, LEGAL_NATURE_ASSOCIATION},
    {"asbl", NULL, LEGAL_NATURE_ASSOCIATION},
    {"fondation", NULL, LEGAL_NATURE_ASSOCIATION},
    {"epic", "FR", LEGAL_NATURE_PUBLIC_BODY},
    {"epa", "FR", LEGAL_NATURE_PUBLIC_BODY},
    {"commune", NULL, LEGAL_NATURE_PUBLIC_BODY},
    {"collectivit\xC3\xA9territoriale", NULL, LEGAL_NATURE_PUBLIC_BODY},
    {"\xC3\xA9tablissementpublic", NULL, LEGAL_NATURE_PUBLIC_BODY},
    {"etablissementpublic", NULL, LEGAL_NATURE_PUBLIC_BODY},
    /* Spain */
    {"sl", NULL, LEGAL_NATURE_COMPANY},
    {"slu", NULL, LEGAL_NATURE_COMPANY},
    {"sau", NULL, LEGAL_NATURE_COMPANY},
    {"slp", "ES", LEGAL_NATURE_COMPANY},
    {"sll", "ES", LEGAL_NATURE_COMPANY},
    {"slne", "ES", LEGAL_NATURE_COMPANY},
    {"scoop", "ES", LEGAL_NATURE_COMPANY},
    {"aut\xC3\xB3nomo", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"aut\xC3\xB3noma", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"autonomo", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"autonoma", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"empresarioindividual", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"personaf\xC3\xADsica", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"personafisica", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"asociaci\xC3\xB3n", NULL, LEGAL_NATURE_ASSOCIATION},
    {"asociacion", NULL, LEGAL_NATURE_ASSOCIATION},
    {"fundaci\xC3\xB3n", NULL, LEGAL_NATURE_ASSOCIATION},
    {"fundacion", NULL, LEGAL_NATURE_ASSOCIATION},
    {"ayuntamiento", NULL, LEGAL_NATURE_PUBLIC_BODY},
    /* United Kingdom, Ireland */
    {"ltd", NULL, LEGAL_NATURE_COMPANY},
    {"limited", NULL, LEGAL_NATURE_COMPANY},
    {"plc", NULL, LEGAL_NATURE_COMPANY},
    {"llp", NULL, LEGAL_NATURE_COMPANY},
    {"lp", NULL, LEGAL_NATURE_COMPANY},
    {"cic", "GB", LEGAL_NATURE_COMPANY},
    {"dac", "IE", LEGAL_NATURE_COMPANY},
    {"soletrader", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"soleproprietor", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"soleproprietorship", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"naturalperson", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"charity", NULL, LEGAL_NATURE_ASSOCIATION},
    {"publicbody", NULL, LEGAL_NATURE_PUBLIC_BODY},
    /* Germany, Austria */
    {"gmbh", NULL, LEGAL_NATURE_COMPANY},
    {"gmbh&cokg", NULL, LEGAL_NATURE_COMPANY},
    {"ag", NULL, LEGAL_NATURE_COMPANY},
    {"ug", NULL, LEGAL_NATURE_COMPANY},
    {"ug(haftungsbeschr\xC3\xA4nkt)", NULL, LEGAL_NATURE_COMPANY},
    {"kg", NULL, LEGAL_NATURE_COMPANY},
    {"kgaa", NULL, LEGAL_NATURE_COMPANY},
    {"ohg", NULL, LEGAL_NATURE_COMPANY},
    {"og", "AT", LEGAL_NATURE_COMPANY},
    {"eg", "DE", LEGAL_NATURE_COMPANY},
    {"ek", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"ekfm", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"ekfr", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"eu", "AT", LEGAL_NATURE_NATURAL_PERSON},
    {"einzelunternehmen", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"einzelunternehmer", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"einzelkaufmann", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"freiberufler", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"ev", "DE", LEGAL_NATURE_ASSOCIATION},
    {"verein", NULL, LEGAL_NATURE_ASSOCIATION},
    /* Italy */
    {"spa", NULL, LEGAL_NATURE_COMPANY},
    {"srls", NULL, LEGAL_NATURE_COMPANY},
    {"sapa", NULL, LEGAL_NATURE_COMPANY},
    {"impresaindividuale", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"dittaindividuale", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"liberoprofessionista", NULL, LEGAL_NATURE_NATURAL_PERSON},
    /* Belgium, Netherlands */
    {"bv", NULL, LEGAL_NATURE_COMPANY},
    {"bvba", NULL, LEGAL_NATURE_COMPANY},
    {"nv", NULL, LEGAL_NATURE_COMPANY},
    {"vof", NULL, LEGAL_NATURE_COMPANY},
    {"cv", NULL, LEGAL_NATURE_COMPANY},
    {"eenmanszaak", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"zzp", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"vzw", NULL, LEGAL_NATURE_ASSOCIATION},
    {"stichting", NULL, LEGAL_NATURE_ASSOCIATION},
    /* Portugal, Poland, the Nordic countries */
    {"lda", NULL, LEGAL_NATURE_COMPANY},
    {"unipessoallda", NULL, LEGAL_NATURE_COMPANY},
    {"eni", "PT", LEGAL_NATURE_NATURAL_PERSON},
    {"spzoo", NULL, LEGAL_NATURE_COMPANY},
    {"jdg", "PL", LEGAL_NATURE_NATURAL_PERSON},
    {"aps", NULL, LEGAL_NATURE_COMPANY},
    {"as", NULL, LEGAL_NATURE_COMPANY},
    {"ab", NULL, LEGAL_NATURE_COMPANY},
    {"oy", NULL, LEGAL_NATURE_COMPANY},
    {"oyj", NULL, LEGAL_NATURE_COMPANY},
    {"enkeltmandsvirksomhed", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"enskildfirma", NULL, LEGAL_NATURE_NATURAL_PERSON},
    {"toiminimi", NULL, LEGAL_NATURE_NATURAL_PERSON},
};
/* clang-format on */

enum { FORM_LEN_MAX = 48 };

/* Fold a form to the shape of the table; 0 when it is longer than any of them. */
static size_t fold(char folded[FORM_LEN_MAX], struct str form)
{
    size_t len = 0;
    for (size_t i = 0; i < form.len; i++) {
        unsigned char c = (unsigned char)form.ptr[i];
        if (c == ' ' || c == '.' || c == '-' || c == '\'' || c == '/' || c == ',') {
            continue;
        }
        if (len == FORM_LEN_MAX) {
            return 0;
        }
        bool is_latin = i > 0 && (unsigned char)form.ptr[i - 1] == 0xC3;
        bool is_upper = (c >= 'A' && c <= 'Z') || (is_latin && c >= 0x80 && c <= 0x9E);
        folded[len++] = (char)(is_upper ? c + 0x20 : c);
    }
    return len;
}

/* INSEE, "catégories juridiques": levels of one, two and four digits. */
static enum legal_nature insee_nature(struct str code)
{
    switch (code.ptr[0]) {
    case '1': return LEGAL_NATURE_NATURAL_PERSON;
    case '3':
    case '5':
    case '6': return LEGAL_NATURE_COMPANY;
    case '4': /* public law, under commercial law */
    case '7': return LEGAL_NATURE_PUBLIC_BODY;
    case '9':
        return code.len > 1 && (code.ptr[1] == '2' || code.ptr[1] == '3') ? LEGAL_NATURE_ASSOCIATION
                                                                          : LEGAL_NATURE_UNKNOWN;
    default: return LEGAL_NATURE_UNKNOWN;
    }
}

static bool is_insee_code(struct str form, struct str country)
{
    if (form.len != 1 && form.len != 2 && form.len != 4) {
        return false;
    }
    for (size_t i = 0; i < form.len; i++) {
        if (!is_digit(form.ptr[i])) {
            return false;
        }
    }
    return country.len == 0 || str_eq(country, STR("FR"));
}

enum legal_nature legal_nature_of(struct str legal_form, struct str country)
{
    if (is_insee_code(legal_form, country)) {
        return insee_nature(legal_form);
    }
    char folded[FORM_LEN_MAX];
    struct str form = str_of(folded, fold(folded, legal_form));
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        bool is_here = forms[i].country == NULL || country.len == 0 ||
                       str_eq(country, str_from(forms[i].country));
        if (is_here && str_eq(form, str_from(forms[i].form))) {
            return forms[i].nature;
        }
    }
    return LEGAL_NATURE_UNKNOWN;
}

const char *legal_nature_wire(enum legal_nature nature)
{
    static const char *const wires[LEGAL_NATURE_COUNT] = {
        [LEGAL_NATURE_UNKNOWN] = "unknown",
        [LEGAL_NATURE_COMPANY] = "company",
        [LEGAL_NATURE_NATURAL_PERSON] = "natural_person",
        [LEGAL_NATURE_PUBLIC_BODY] = "public_body",
        [LEGAL_NATURE_ASSOCIATION] = "association",
    };
    CHECK((unsigned)nature < LEGAL_NATURE_COUNT);
    return wires[nature];
}
