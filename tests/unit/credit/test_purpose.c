/* test_purpose.c - four vocabularies, each read as it is written. */
#include "credit/purpose.h"

#include "../expect.h"

static void reads_what_it_writes(void **state)
{
    (void)state;
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        enum language language = LANGUAGE_COUNT;
        assert_true(language_read(&language, str_from(language_wire((enum language)i))));
        assert_int_equal(language, i);
    }
    for (size_t i = 0; i < AUDIENCE_COUNT; i++) {
        enum audience audience = AUDIENCE_COUNT;
        assert_true(audience_read(&audience, str_from(audience_wire((enum audience)i))));
        assert_int_equal(audience, i);
    }
    for (size_t i = PURPOSE_NONE + 1; i < PURPOSE_COUNT; i++) {
        enum purpose purpose = PURPOSE_NONE;
        assert_true(purpose_read(&purpose, str_from(purpose_wire((enum purpose)i))));
        assert_int_equal(purpose, i);
    }
    for (size_t i = LEGAL_BASIS_NONE + 1; i < LEGAL_BASIS_COUNT; i++) {
        enum legal_basis basis = LEGAL_BASIS_NONE;
        assert_true(legal_basis_read(&basis, str_from(legal_basis_wire((enum legal_basis)i))));
        assert_int_equal(basis, i);
    }
}

static void refuses_every_other_word(void **state)
{
    (void)state;
    static const char *const rows[] = {"",     "EN",   "en ",     "eng", "fr-FR",
                                       "none", "NONE", "Analyst", "null"};
    enum language language = LANGUAGE_FR;
    enum audience audience = AUDIENCE_REGULATOR;
    enum purpose purpose = PURPOSE_DEBT_COLLECTION;
    enum legal_basis basis = LEGAL_BASIS_CONTRACT;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_false(language_read(&language, str_from(rows[i])));
        assert_false(audience_read(&audience, str_from(rows[i])));
        assert_false(purpose_read(&purpose, str_from(rows[i])));
        assert_false(legal_basis_read(&basis, str_from(rows[i])));
    }
    assert_int_equal(language, LANGUAGE_FR);
    assert_int_equal(audience, AUDIENCE_REGULATOR);
    assert_int_equal(purpose, PURPOSE_DEBT_COLLECTION);
    assert_int_equal(basis, LEGAL_BASIS_CONTRACT);
}

static void has_no_word_for_what_was_not_said(void **state)
{
    (void)state;
    assert_null(purpose_wire(PURPOSE_NONE));
    assert_null(legal_basis_wire(LEGAL_BASIS_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_writes),
        cmocka_unit_test(refuses_every_other_word),
        cmocka_unit_test(has_no_word_for_what_was_not_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
