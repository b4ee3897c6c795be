/* test_company_id.c - identifiers: what is taken, what is refused, and why.
 *
 * Numbers of real bodies are those the rules are published with, or of public registers. */
#include "credit/company_id.h"

#include "../expect.h"

static enum company_id_fault fault_of(enum id_scheme scheme, const char *country, const char *value)
{
    struct company_id id;
    return company_id_read(&id, scheme, str_from(country), str_from(value));
}

struct row {
    enum id_scheme scheme;
    const char *value;
    enum company_id_fault want;
};

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        enum company_id_fault got = fault_of(rows[i].scheme, "", rows[i].value);
        if (got != rows[i].want) {
            fail_msg("%s \"%s\": fault %d, not %d", id_scheme_wire(rows[i].scheme), rows[i].value,
                     (int)got, (int)rows[i].want);
        }
    }
}

static void takes_no_siren_for_a_sandbox_number(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {SCHEME_SANDBOX, "104073839",  COMPANY_ID_OK          },
        {SCHEME_SANDBOX, "732829321",  COMPANY_ID_OK          },
        {SCHEME_SANDBOX, "732829320",  COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_SANDBOX, "000000000",  COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_SANDBOX, "73282932",   COMPANY_ID_BAD_FORM    },
        {SCHEME_SANDBOX, "7328293211", COMPANY_ID_BAD_FORM    },
        {SCHEME_SANDBOX, "73282932A",  COMPANY_ID_BAD_FORM    },
        {SCHEME_SANDBOX, "",           COMPANY_ID_BAD_FORM    },
    };
    check_rows(rows, ARRAY_LEN(rows));
}

static void holds_siren_and_siret_to_luhn(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct row rows[] = {
        {SCHEME_SIREN, "732829320", COMPANY_ID_OK},
        {SCHEME_SIREN, "356000000", COMPANY_ID_OK},
        {SCHEME_SIREN, "732829321", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_SIREN, "723829320", COMPANY_ID_BAD_CHECKSUM}, /* neighbours swapped */
        {SCHEME_SIREN, "732 829 320", COMPANY_ID_BAD_FORM},
        {SCHEME_SIREN, " 732829320", COMPANY_ID_BAD_FORM},
        {SCHEME_SIREN, "732829320 ", COMPANY_ID_BAD_FORM},
        {SCHEME_SIREN, "732829320\n", COMPANY_ID_BAD_FORM},
        {SCHEME_SIREN, "73282932", COMPANY_ID_BAD_FORM},
        {SCHEME_SIREN, "7328293200", COMPANY_ID_BAD_FORM},
        {SCHEME_SIREN, "", COMPANY_ID_BAD_FORM},
        {SCHEME_SIREN, "73282932O", COMPANY_ID_BAD_FORM},
        {SCHEME_SIREN, "-32829320", COMPANY_ID_BAD_FORM},
        {SCHEME_SIREN, "\xEF\xBC\x97\xEF\xBC\x93\xEF\xBC\x92",
         COMPANY_ID_BAD_FORM}, /* full width */
        {SCHEME_SIREN, "\xD9\xA7\xD9\xA3\xD9\xA2\xD9\xA8\x32", COMPANY_ID_BAD_FORM}, /* Arabic */
        {SCHEME_SIRET, "73282932000074", COMPANY_ID_OK},
        {SCHEME_SIRET, "73282932000075", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_SIRET, "7328293200007", COMPANY_ID_BAD_FORM},
        {SCHEME_SIRET, "732829320 0074", COMPANY_ID_BAD_FORM},
        /* La Poste: the head office by Luhn, post offices by the sum of digits */
        {SCHEME_SIRET, "35600000000048", COMPANY_ID_OK},
        {SCHEME_SIRET, "35600000000001", COMPANY_ID_OK},
        {SCHEME_SIRET, "35600000000006", COMPANY_ID_OK},
        {SCHEME_SIRET, "35600000000002", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_SIRET, "35600000100002", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_SIRET, "73282932000004",
         COMPANY_ID_BAD_CHECKSUM}, /* a sum of 5 helps nobody else */
    };
    /* clang-format on */
    check_rows(rows, ARRAY_LEN(rows));
}

static void holds_vat_numbers_to_the_key_of_their_country(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct row rows[] = {
        {SCHEME_VAT, "FR44732829320", COMPANY_ID_OK},
        {SCHEME_VAT, "FR40303265045", COMPANY_ID_OK},
        {SCHEME_VAT, "FRK7399859412", COMPANY_ID_OK}, /* newer keys, with a letter */
        {SCHEME_VAT, "FR4Z123456782", COMPANY_ID_OK},
        {SCHEME_VAT, "FR45732829320", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "FR44732829321", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "FRK8399859412", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "FRI7399859412",
         COMPANY_ID_BAD_CHECKSUM}, /* I and O are not letters of keys */
        {SCHEME_VAT, "FR7O399859412", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "FR 44732829320", COMPANY_ID_BAD_FORM},
        {SCHEME_VAT, "fr44732829320", COMPANY_ID_BAD_FORM},
        {SCHEME_VAT, "FR4473282932", COMPANY_ID_BAD_FORM},
        {SCHEME_VAT, "44732829320", COMPANY_ID_BAD_FORM},
        {SCHEME_VAT, "FR", COMPANY_ID_BAD_FORM},
        {SCHEME_VAT, "", COMPANY_ID_BAD_FORM},
        {SCHEME_VAT, "ZZ44732829320", COMPANY_ID_BAD_FORM},
        {SCHEME_VAT, "DE136695976", COMPANY_ID_OK},
        {SCHEME_VAT, "DE136695978", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "DE13669597", COMPANY_ID_BAD_FORM},
        {SCHEME_VAT, "ESA13585625", COMPANY_ID_OK},
        {SCHEME_VAT, "ES54362315K", COMPANY_ID_OK},
        {SCHEME_VAT, "ESX2482300W", COMPANY_ID_OK},
        {SCHEME_VAT, "ESA13585626", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "ES54362315Z", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "IT00743110157", COMPANY_ID_OK},
        {SCHEME_VAT, "IT00743110158", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "BE0428759497", COMPANY_ID_OK},
        {SCHEME_VAT, "BE0431150351", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "BE428759497", COMPANY_ID_BAD_FORM},
        {SCHEME_VAT, "BE2428759497", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "NL004495445B01", COMPANY_ID_OK},
        {SCHEME_VAT, "NL000099998B57", COMPANY_ID_OK}, /* the newer key, mod 97 */
        {SCHEME_VAT, "NL123456789B90", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "NL004495445C01", COMPANY_ID_BAD_FORM},
        {SCHEME_VAT, "LU15027442", COMPANY_ID_OK},
        {SCHEME_VAT, "LU15027443", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "PT501964843", COMPANY_ID_OK},
        {SCHEME_VAT, "PT501964842", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "GB980780684", COMPANY_ID_OK},
        {SCHEME_VAT, "GB123456727", COMPANY_ID_OK}, /* shifted by 55 */
        {SCHEME_VAT, "GB123456728", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "GB802311781", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "GBGD001", COMPANY_ID_OK},
        {SCHEME_VAT, "GBGD500", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "GBHA599", COMPANY_ID_OK},
        {SCHEME_VAT, "GBHA499", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "PL8567346215", COMPANY_ID_OK},
        {SCHEME_VAT, "PL8567346216", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "ATU13585627", COMPANY_ID_OK},
        {SCHEME_VAT, "ATU13585626", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "AT13585627", COMPANY_ID_BAD_FORM},
        {SCHEME_VAT, "DK13585628", COMPANY_ID_OK},
        {SCHEME_VAT, "DK13585627", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "FI20774740", COMPANY_ID_OK},
        {SCHEME_VAT, "FI20774741", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "SE556188840401", COMPANY_ID_OK},
        {SCHEME_VAT, "SE556188840301", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_VAT, "SE556188840402", COMPANY_ID_BAD_FORM},
        /* elsewhere the form alone */
        {SCHEME_VAT, "EL094259216", COMPANY_ID_OK},
        {SCHEME_VAT, "IE6433435F", COMPANY_ID_OK},
        {SCHEME_VAT, "RO18547290", COMPANY_ID_OK},
        {SCHEME_VAT, "RO1", COMPANY_ID_BAD_FORM},
        {SCHEME_VAT, "GR094259216", COMPANY_ID_BAD_FORM},
        {SCHEME_VAT, "CZ1234567", COMPANY_ID_BAD_FORM},
    };
    /* clang-format on */
    check_rows(rows, ARRAY_LEN(rows));
}

static void holds_spanish_numbers_to_their_control_character(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct row rows[] = {
        {SCHEME_NIF, "A13585625", COMPANY_ID_OK},
        {SCHEME_NIF, "B58378431", COMPANY_ID_OK},
        {SCHEME_NIF, "54362315K", COMPANY_ID_OK},
        {SCHEME_NIF, "X5253868R", COMPANY_ID_OK},
        {SCHEME_NIF, "P1838302E", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_NIF, "A1358562E", COMPANY_ID_BAD_CHECKSUM}, /* a company's key is a digit */
        {SCHEME_NIF, "Q2826000H", COMPANY_ID_OK}, /* a public body's is a letter */
        {SCHEME_NIF, "Q28260008", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_NIF, "I13585625", COMPANY_ID_BAD_CHECKSUM}, /* no such kind */
        {SCHEME_NIF, "b58378431", COMPANY_ID_BAD_FORM},
        {SCHEME_NIF, "B5837843", COMPANY_ID_BAD_FORM},
        {SCHEME_NIF, "B-8378431", COMPANY_ID_BAD_FORM},
        {SCHEME_NIF, "ESB58378431", COMPANY_ID_BAD_FORM},
        {SCHEME_NIF, "123456789", COMPANY_ID_BAD_FORM},
    };
    /* clang-format on */
    check_rows(rows, ARRAY_LEN(rows));
}

static void holds_the_other_schemes_to_their_form(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct row rows[] = {
        {SCHEME_LEI, "5493001KJTIIGC8Y1R12", COMPANY_ID_OK},
        {SCHEME_LEI, "213800KUD8LAJWSQ9D15", COMPANY_ID_OK},
        {SCHEME_LEI, "5493001KJTIIGC8Y1R13", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_LEI, "5493001KJTIICG8Y1R12", COMPANY_ID_BAD_CHECKSUM},
        {SCHEME_LEI, "5493001kjtiigc8y1r12", COMPANY_ID_BAD_FORM},
        {SCHEME_LEI, "5493001KJTIIGC8Y1R1", COMPANY_ID_BAD_FORM},
        {SCHEME_LEI, "5493001KJTIIGC8Y1RAA", COMPANY_ID_BAD_FORM},
        {SCHEME_CRN, "01234567", COMPANY_ID_OK},
        {SCHEME_CRN, "SC123456", COMPANY_ID_OK},
        {SCHEME_CRN, "R0001234", COMPANY_ID_OK},
        {SCHEME_CRN, "1234567", COMPANY_ID_BAD_FORM},
        {SCHEME_CRN, "sc123456", COMPANY_ID_BAD_FORM},
        {SCHEME_CRN, "1C123456", COMPANY_ID_BAD_FORM},
        {SCHEME_CRN, "SCA23456", COMPANY_ID_BAD_FORM},
        {SCHEME_DUNS, "150483782", COMPANY_ID_OK},
        {SCHEME_DUNS, "15-048-3782", COMPANY_ID_BAD_FORM},
        {SCHEME_EUID, "FR7501.732829320", COMPANY_ID_OK},
        {SCHEME_EUID, "DEK1101R.HRB116737", COMPANY_ID_OK},
        {SCHEME_EUID, "FR7501732829320", COMPANY_ID_BAD_FORM},
        {SCHEME_EUID, "FR.732829320", COMPANY_ID_BAD_FORM},
        {SCHEME_EUID, "FR7501.", COMPANY_ID_BAD_FORM},
        {SCHEME_EUID, "QQ7501.732829320", COMPANY_ID_BAD_FORM},
        {SCHEME_EUID, "FR7501.7328 9320", COMPANY_ID_BAD_FORM},
        {SCHEME_EXT, "erp-42", COMPANY_ID_OK},
        {SCHEME_EXT, "x", COMPANY_ID_OK},
        {SCHEME_EXT, "", COMPANY_ID_BAD_FORM},
        {SCHEME_EXT, "erp 42", COMPANY_ID_BAD_FORM},
        {SCHEME_EXT, "caf\xC3\xA9", COMPANY_ID_BAD_FORM},
        {SCHEME_EXT, "a\x7F", COMPANY_ID_BAD_FORM},
        {SCHEME_EXT, "1234567890123456789012345678901234567890123456789012345678901234",
         COMPANY_ID_OK},
        {SCHEME_EXT, "12345678901234567890123456789012345678901234567890123456789012345",
         COMPANY_ID_BAD_FORM},
    };
    /* clang-format on */
    check_rows(rows, ARRAY_LEN(rows));
}

static void keeps_the_country_of_the_scheme(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        enum id_scheme scheme;
        const char *country, *value;
        enum company_id_fault want;
        const char *kept;
    } rows[] = {
        {SCHEME_SIREN, "FR", "732829320", COMPANY_ID_OK, "FR"},
        {SCHEME_SIREN, "", "732829320", COMPANY_ID_OK, "FR"},
        {SCHEME_SIREN, "ES", "732829320", COMPANY_ID_BAD_COUNTRY, NULL},
        {SCHEME_SIREN, "fr", "732829320", COMPANY_ID_BAD_COUNTRY, NULL},
        {SCHEME_NIF, "", "B58378431", COMPANY_ID_OK, "ES"},
        {SCHEME_CRN, "FR", "01234567", COMPANY_ID_BAD_COUNTRY, NULL},
        {SCHEME_VAT, "DE", "DE136695976", COMPANY_ID_OK, "DE"},
        {SCHEME_VAT, "FR", "DE136695976", COMPANY_ID_BAD_COUNTRY, NULL},
        {SCHEME_VAT, "GR", "EL094259216", COMPANY_ID_OK, "GR"},
        {SCHEME_VAT, "EL", "EL094259216", COMPANY_ID_BAD_COUNTRY, NULL},
        {SCHEME_VAT, "", "XI980780684", COMPANY_ID_OK, "GB"},
        {SCHEME_EUID, "", "FR7501.732829320", COMPANY_ID_OK, "FR"},
        {SCHEME_LEI, "FR", "5493001KJTIIGC8Y1R12", COMPANY_ID_OK, ""},
        {SCHEME_LEI, "ZZ", "5493001KJTIIGC8Y1R12", COMPANY_ID_BAD_COUNTRY, NULL},
        {SCHEME_EXT, "", "erp-42", COMPANY_ID_OK, ""},
    };
    /* clang-format on */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct company_id id = {.scheme = SCHEME_NONE};
        assert_int_equal(company_id_read(&id, rows[i].scheme, str_from(rows[i].country),
                                         str_from(rows[i].value)),
                         rows[i].want);
        if (rows[i].want == COMPANY_ID_OK) {
            assert_string_equal(id.country, rows[i].kept);
            assert_string_equal(id.value, rows[i].value);
            assert_int_equal(id.scheme, rows[i].scheme);
        } else {
            assert_int_equal(id.scheme, SCHEME_NONE);
        }
    }
}

/* Each digit changed, each pair of neighbours swapped: Luhn misses only the swap of 0 and 9. */
static void catches_every_slip_of_one_digit(void **state)
{
    (void)state;
    static const char siren[] = "732829320";
    for (size_t i = 0; i < 9; i++) {
        for (char c = '0'; c <= '9'; c++) {
            char slip[] = "732829320";
            slip[i] = c;
            assert_int_equal(fault_of(SCHEME_SIREN, "", slip),
                             c == siren[i] ? COMPANY_ID_OK : COMPANY_ID_BAD_CHECKSUM);
        }
        char swapped[] = "732829320";
        if (i + 1 < 9 && siren[i] != siren[i + 1]) {
            swapped[i] = siren[i + 1];
            swapped[i + 1] = siren[i];
            assert_int_equal(fault_of(SCHEME_SIREN, "", swapped), COMPANY_ID_BAD_CHECKSUM);
        }
    }
}

static void knows_each_scheme_by_its_name(void **state)
{
    (void)state;
    for (size_t i = SCHEME_NONE + 1; i < SCHEME_COUNT; i++) {
        enum id_scheme scheme = SCHEME_NONE;
        assert_true(id_scheme_read(&scheme, str_from(id_scheme_wire((enum id_scheme)i))));
        assert_int_equal(scheme, i);
        assert_true(strlen(id_scheme_expected((enum id_scheme)i)) > 0);
    }
    enum id_scheme scheme = SCHEME_LEI;
    assert_false(id_scheme_read(&scheme, STR("SIREN")));
    assert_false(id_scheme_read(&scheme, STR("")));
    assert_false(id_scheme_read(&scheme, STR("none")));
    assert_int_equal(scheme, SCHEME_LEI);
}

static void knows_the_countries(void **state)
{
    (void)state;
    static const char *const known[] = {"AD", "FR", "ES", "GB", "US", "ZW", "GR", "RE"};
    static const char *const unknown[] = {"", "F", "FRA", "fr", "UK", "EL", "XX", "DA", "EA", "  "};
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        assert_true(country_is_known(str_from(known[i])));
    }
    for (size_t i = 0; i < ARRAY_LEN(unknown); i++) {
        assert_false(country_is_known(str_from(unknown[i])));
    }
    /* ISO 3166-1 has 249 of them. */
    unsigned count = 0;
    for (char a = 'A'; a <= 'Z'; a++) {
        for (char b = 'A'; b <= 'Z'; b++) {
            char code[] = {a, b};
            count += country_is_known(str_of(code, 2)) ? 1 : 0;
        }
    }
    assert_int_equal(count, 249);
}

static void holds_ibans_to_length_and_key(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *iban;
        bool want;
    } rows[] = {
        {"GB82WEST12345698765432", true},
        {"FR1420041010050500013M02606", true},
        {"DE89370400440532013000", true},
        {"ES9121000418450200051332", true},
        {"NO9386011117947", true},
        {"MT84MALT011000012345MTLCAST001S", true},
        {"GB82WEST12345698765423", false},
        {"GB82 WEST 1234 5698 7654 32", false},
        {"gb82west12345698765432", false},
        {"GB82WEST1234569876543", false},
        {"GB82WEST123456987654322", false},
        {"ZZ82WEST12345698765432", false},
        {"GBX2WEST12345698765432", false},
        {"", false},
        {"GB82", false},
        {"FR1420041010050500013M0260\xC3\xA9", false},
    };
    /* clang-format on */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(iban_is_valid(str_from(rows[i].iban)), rows[i].want);
    }
}

static void tells_a_person_by_the_identifier(void **state)
{
    (void)state;
    static const struct {
        struct company_id id;
        bool want;
    } rows[] = {
        {{.scheme = SCHEME_NIF, .value = "12345678Z"},     true },
        {{.scheme = SCHEME_NIF, .value = "X1234567L"},     true },
        {{.scheme = SCHEME_VAT, .value = "ES12345678Z"},   true },
        {{.scheme = SCHEME_NIF, .value = "B99841231"},     false},
        {{.scheme = SCHEME_VAT, .value = "ESB99841231"},   false},
        {{.scheme = SCHEME_VAT, .value = "FR44732829320"}, false},
        {{.scheme = SCHEME_SIREN, .value = "732829320"},   false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (company_id_is_of_person(&rows[i].id) != rows[i].want) {
            fail_msg("%s", rows[i].id.value);
        }
    }
}

static struct company_id id_of(enum id_scheme scheme, const char *value)
{
    struct company_id id;
    assert_int_equal(company_id_read(&id, scheme, STR(""), str_from(value)), COMPANY_ID_OK);
    return id;
}

static void finds_the_siren_inside(void **state)
{
    (void)state;
    static const struct {
        enum id_scheme scheme;
        const char *value, *want;
    } rows[] = {
        {SCHEME_SIREN, "732829320",      "732829320"},
        {SCHEME_SIRET, "73282932000074", "732829320"},
        {SCHEME_VAT,   "FR44732829320",  "732829320"},
        {SCHEME_VAT,   "DE136695976",    ""         },
        {SCHEME_EXT,   "732829320",      ""         },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct company_id id = id_of(rows[i].scheme, rows[i].value);
        assert_text(company_id_siren(&id), rows[i].want);
    }
}

static void orders_identifiers_and_knows_one_company_by_its_siren(void **state)
{
    (void)state;
    const struct company_id ids[] = {
        id_of(SCHEME_SIREN, "356000000"), id_of(SCHEME_SIREN, "732829320"),
        id_of(SCHEME_EXT, "356000000"),   id_of(SCHEME_EXT, "a"),
        id_of(SCHEME_DUNS, "356000000"),  id_of(SCHEME_VAT, "DE136695976"),
    };
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        for (size_t k = 0; k < ARRAY_LEN(ids); k++) {
            int there = company_id_order(&ids[i], &ids[k]),
                back = company_id_order(&ids[k], &ids[i]);
            assert_true((there == 0) == (i == k));
            assert_true((there < 0) == (back > 0));
        }
    }
    struct company_id siret = id_of(SCHEME_SIRET, "73282932000074");
    assert_int_equal(company_id_order(&ids[1], &siret), 0);
    struct company_id elsewhere = ids[3];
    elsewhere.country[0] = 'E';
    assert_int_not_equal(company_id_order(&ids[3], &elsewhere), 0);
}

static void has_one_identifier_for_all_with_its_siren(void **state)
{
    static const struct {
        enum id_scheme scheme, want_scheme;
        const char *value, *want;
    } rows[] = {
        {SCHEME_SIREN, SCHEME_SIREN, "732829320",      "732829320"  },
        {SCHEME_SIRET, SCHEME_SIREN, "73282932000074", "732829320"  },
        {SCHEME_VAT,   SCHEME_SIREN, "FR44732829320",  "732829320"  },
        {SCHEME_EXT,   SCHEME_EXT,   "732829320",      "732829320"  },
        {SCHEME_VAT,   SCHEME_VAT,   "DE136695976",    "DE136695976"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct company_id id = id_of(rows[i].scheme, rows[i].value);
        struct company_id principal = company_id_principal(&id);
        assert_int_equal(principal.scheme, rows[i].want_scheme);
        assert_string_equal(principal.value, rows[i].want);
        assert_int_equal(company_id_order(&id, &principal), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_siren_inside),
        cmocka_unit_test(orders_identifiers_and_knows_one_company_by_its_siren),
        cmocka_unit_test(has_one_identifier_for_all_with_its_siren),
        cmocka_unit_test(tells_a_person_by_the_identifier),
        cmocka_unit_test(holds_siren_and_siret_to_luhn),
        cmocka_unit_test(takes_no_siren_for_a_sandbox_number),
        cmocka_unit_test(holds_vat_numbers_to_the_key_of_their_country),
        cmocka_unit_test(holds_spanish_numbers_to_their_control_character),
        cmocka_unit_test(holds_the_other_schemes_to_their_form),
        cmocka_unit_test(keeps_the_country_of_the_scheme),
        cmocka_unit_test(catches_every_slip_of_one_digit),
        cmocka_unit_test(knows_each_scheme_by_its_name),
        cmocka_unit_test(knows_the_countries),
        cmocka_unit_test(holds_ibans_to_length_and_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
