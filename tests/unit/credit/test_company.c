/* test_company.c - activities and legal forms. */
#include "credit/company.h"

#include "../expect.h"

static void knows_each_nomenclature_by_its_name(void **state)
{
    (void)state;
    for (size_t i = NOMENCLATURE_NONE + 1; i < NOMENCLATURE_COUNT; i++) {
        enum nomenclature nomenclature = NOMENCLATURE_NONE;
        assert_true(
            nomenclature_read(&nomenclature, str_from(nomenclature_wire((enum nomenclature)i))));
        assert_int_equal(nomenclature, i);
    }
    enum nomenclature nomenclature = NOMENCLATURE_NAF_2025;
    assert_false(nomenclature_read(&nomenclature, STR("")));
    assert_false(nomenclature_read(&nomenclature, STR("NAF_REV2")));
    assert_false(nomenclature_read(&nomenclature, STR("sic")));
    assert_int_equal(nomenclature, NOMENCLATURE_NAF_2025);
    assert_null(nomenclature_wire(NOMENCLATURE_NONE));
}

static void holds_codes_to_their_nomenclature(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        enum nomenclature nomenclature;
        const char *code;
        bool want;
    } rows[] = {
        {NOMENCLATURE_NAF_REV2, "4669B", true},
        {NOMENCLATURE_NAF_REV2, "0111Z", true},
        {NOMENCLATURE_NAF_REV2, "4511Z", true},
        {NOMENCLATURE_NAF_2025, "4669Y", true},
        {NOMENCLATURE_NACE_REV2, "4669", true},
        {NOMENCLATURE_NACE_REV2, "466", true},
        {NOMENCLATURE_NACE_REV21, "46", true},
        {NOMENCLATURE_NAF_REV2, "4669", false},
        {NOMENCLATURE_NAF_REV2, "46.69B", false},
        {NOMENCLATURE_NAF_REV2, "4669b", false},
        {NOMENCLATURE_NAF_REV2, "466AB", false},
        {NOMENCLATURE_NAF_REV2, "46691", false},
        {NOMENCLATURE_NAF_REV2, "0011Z", false},
        {NOMENCLATURE_NAF_REV2, "0411Z", false},
        {NOMENCLATURE_NAF_REV2, "4411Z", false},
        {NOMENCLATURE_NAF_REV2, "", false},
        {NOMENCLATURE_NAF_2025, "4511Z", false},
        {NOMENCLATURE_NACE_REV21, "45", false},
        {NOMENCLATURE_NACE_REV2, "4", false},
        {NOMENCLATURE_NACE_REV2, "4669B", false},
        {NOMENCLATURE_NACE_REV2, "46690", false},
        {NOMENCLATURE_NACE_REV2, "4x", false},
        {NOMENCLATURE_NONE, "4669B", false},
    };
    /* clang-format on */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(activity_code_is_valid(rows[i].nomenclature, str_from(rows[i].code)),
                         rows[i].want);
    }
}

/* First and last division of each section of NACE rev. 2, and the gaps between. */
static void knows_the_section_of_each_division(void **state)
{
    (void)state;
    static const char want[] =
        "\0AAA\0BBBBBCCCCCCCCCCCCCCCCCCCCCCCC\0DEEEE\0FFF\0GGG\0HHHHH\0II\0JJJJJJ"
        "KKK\0LMMMMMMM\0NNNNNN\0OPQQQ\0RRRRSSSTTU";
    assert_int_equal(sizeof(want) - 1, 100);
    for (unsigned division = 0; division < 100; division++) {
        char code[] = {
            (char)('0' + division / 10), (char)('0' + division % 10), '1', '1', 'Z', '\0'};
        assert_int_equal(activity_section(NOMENCLATURE_NAF_REV2, code), want[division]);
        assert_int_equal(activity_division(code), division);
    }
}

static void keeps_the_letters_of_rev_2_for_rev_2_1(void **state)
{
    (void)state;
    assert_int_equal(activity_section(NOMENCLATURE_NACE_REV21, "62"), 'J');  /* K there */
    assert_int_equal(activity_section(NOMENCLATURE_NAF_2025, "6419Z"), 'K'); /* L there */
    assert_int_equal(activity_section(NOMENCLATURE_NONE, "6419Z"), '\0');
    assert_int_equal(activity_section(NOMENCLATURE_NAF_REV2, ""), '\0');
    assert_int_equal(activity_division(""), 0);
    assert_int_equal(activity_division("4"), 0);
    assert_int_equal(activity_division("x4"), 0);
}

static void says_what_a_legal_form_means(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *form, *country;
        enum legal_nature want;
    } rows[] = {
        {"SAS", "FR", LEGAL_NATURE_COMPANY},
        {"S.A.S.", "FR", LEGAL_NATURE_COMPANY},
        {"sarl", "", LEGAL_NATURE_COMPANY},
        {"EURL", "FR", LEGAL_NATURE_COMPANY},
        {"SASU", "FR", LEGAL_NATURE_COMPANY},
        {"SCI", "FR", LEGAL_NATURE_COMPANY},
        {"5710", "FR", LEGAL_NATURE_COMPANY},
        {"6540", "", LEGAL_NATURE_COMPANY},
        {"3120", "FR", LEGAL_NATURE_COMPANY},
        {"EI", "FR", LEGAL_NATURE_NATURAL_PERSON},
        {"Entrepreneur individuel", "FR", LEGAL_NATURE_NATURAL_PERSON},
        {"micro-entrepreneur", "FR", LEGAL_NATURE_NATURAL_PERSON},
        {"Auto-entrepreneur", "", LEGAL_NATURE_NATURAL_PERSON},
        {"1000", "FR", LEGAL_NATURE_NATURAL_PERSON},
        {"1", "FR", LEGAL_NATURE_NATURAL_PERSON},
        {"11", "", LEGAL_NATURE_NATURAL_PERSON},
        {"Commer\xC3\xA7"
         "ant", "FR", LEGAL_NATURE_NATURAL_PERSON},
        {"COMMER\xC3\x87"
         "ANT", "FR", LEGAL_NATURE_NATURAL_PERSON},
        {"Profession lib\xC3\xA9rale", "FR", LEGAL_NATURE_NATURAL_PERSON},
        {"7210", "FR", LEGAL_NATURE_PUBLIC_BODY},
        {"4110", "FR", LEGAL_NATURE_PUBLIC_BODY},
        {"9220", "FR", LEGAL_NATURE_ASSOCIATION},
        {"Association", "FR", LEGAL_NATURE_ASSOCIATION},
        {"SL", "ES", LEGAL_NATURE_COMPANY},
        {"S.L.U.", "ES", LEGAL_NATURE_COMPANY},
        {"Aut\xC3\xB3nomo", "ES", LEGAL_NATURE_NATURAL_PERSON},
        {"AUT\xC3\x93NOMO", "ES", LEGAL_NATURE_NATURAL_PERSON},
        {"autonomo", "ES", LEGAL_NATURE_NATURAL_PERSON},
        {"Ltd.", "GB", LEGAL_NATURE_COMPANY},
        {"PLC", "GB", LEGAL_NATURE_COMPANY},
        {"Sole trader", "GB", LEGAL_NATURE_NATURAL_PERSON},
        {"GmbH & Co. KG", "DE", LEGAL_NATURE_COMPANY},
        {"e.K.", "DE", LEGAL_NATURE_NATURAL_PERSON},
        {"e.V.", "DE", LEGAL_NATURE_ASSOCIATION},
        {"S.r.l.", "IT", LEGAL_NATURE_COMPANY},
        {"Ditta individuale", "IT", LEGAL_NATURE_NATURAL_PERSON},
        {"BV", "NL", LEGAL_NATURE_COMPANY},
        {"Eenmanszaak", "NL", LEGAL_NATURE_NATURAL_PERSON},
        /* unknown, or known elsewhere only */
        {"", "FR", LEGAL_NATURE_UNKNOWN},
        {"...", "FR", LEGAL_NATURE_UNKNOWN},
        {"SASX", "FR", LEGAL_NATURE_UNKNOWN},
        {"EI", "SE", LEGAL_NATURE_UNKNOWN},
        {"e.V.", "FR", LEGAL_NATURE_UNKNOWN},
        {"1000", "ES", LEGAL_NATURE_UNKNOWN},
        {"100", "FR", LEGAL_NATURE_UNKNOWN},
        {"10000", "FR", LEGAL_NATURE_UNKNOWN},
        {"2110", "FR", LEGAL_NATURE_UNKNOWN},
        {"9110", "FR", LEGAL_NATURE_UNKNOWN},
        {"9", "FR", LEGAL_NATURE_UNKNOWN},
        {"soci\xC3\xA9t\xC3\xA9 dont le nom de forme est beaucoup plus long que toute forme", "FR",
         LEGAL_NATURE_UNKNOWN},
    };
    /* clang-format on */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (legal_nature_of(str_from(rows[i].form), str_from(rows[i].country)) != rows[i].want) {
            fail_msg("\"%s\" (%s) is not %s", rows[i].form, rows[i].country,
                     legal_nature_wire(rows[i].want));
        }
    }
}

static void names_each_nature_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEGAL_NATURE_COUNT; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(legal_nature_wire((enum legal_nature)i),
                                    legal_nature_wire((enum legal_nature)j));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_each_nomenclature_by_its_name),
        cmocka_unit_test(holds_codes_to_their_nomenclature),
        cmocka_unit_test(knows_the_section_of_each_division),
        cmocka_unit_test(keeps_the_letters_of_rev_2_for_rev_2_1),
        cmocka_unit_test(says_what_a_legal_form_means),
        cmocka_unit_test(names_each_nature_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
