/* test_model.c - rates by place, multipliers by age. */
#include "tiny.h"

static void finds_the_most_exact_rate(void **state)
{
    (void)state;
    struct model *model = tiny_model();
    static const struct {
        const char *country;
        char section;
        double rate;
    } rows[] = {
        {"FR", 'F',  0.031}, /* the pair */
        {"FR", 'G',  0.021},
        {"FR", 'I',  0.018}, /* the country before the section */
        {"FR", '\0', 0.018},
        {"FR", '*',  0.018},
        {"DE", 'F',  0.028}, /* the section */
        {"DE", 'I',  0.035},
        {"DE", 'A',  0.02 }, /* anybody */
        {"",   'F',  0.028},
        {"",   '\0', 0.02 },
        {"*",  '*',  0.02 },
        {"F",  'F',  0.028}, /* no prefix of a country is a country */
        {"ES", 'F',  0.022},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_true(model_central_tendency(model, rows[i].country, rows[i].section) ==
                    rows[i].rate);
    }
    model_destroy(model);
}

static void takes_the_worst_rate_for_what_was_not_said(void **state)
{
    (void)state;
    struct model *model = tiny_model();
    static const struct {
        const char *country;
        char section;
        double rate;
    } rows[] = {
        {"FR", 'G',  0.021}, /* nothing is open */
        {"FR", '\0', 0.031}, /* the worst section of France */
        {"ES", '\0', 0.022}, /* Spain has one rate for all */
        {"DE", '\0', 0.035},
        {"",   'G',  0.022}, /* Spain's is the highest that could be meant */
        {"",   '\0', 0.035},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_true(model_worst_tendency(model, rows[i].country, rows[i].section) == rows[i].rate);
    }
    for (char section = 'A'; section <= MODEL_SECTION_LAST; section++) {
        assert_true(model_worst_tendency(model, "FR", '\0') >=
                    model_central_tendency(model, "FR", section));
        assert_true(model_worst_tendency(model, "", section) >=
                    model_central_tendency(model, "ES", section));
    }
    model_destroy(model);
}

static void charges_the_young_and_the_ageless(void **state)
{
    (void)state;
    struct model *model = tiny_model();
    static const struct {
        struct known age;
        double multiplier;
    } rows[] = {
        {{0.0, true},  1.6},
        {{1.99, true}, 1.6},
        {{2.0, true},  1.2},
        {{4.99, true}, 1.2},
        {{5.0, true},  1.0},
        {{60.0, true}, 1.0},
        {{9.0, false}, 1.6},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_true(model_age_multiplier(model, rows[i].age) == rows[i].multiplier);
    }
    model->age_multiplier_count = 0;
    assert_true(model_age_multiplier(model, (struct known){0}) == 1.0);
    model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_most_exact_rate),
        cmocka_unit_test(takes_the_worst_rate_for_what_was_not_said),
        cmocka_unit_test(charges_the_young_and_the_ageless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
