/* test_formulas.c - what the case files cannot say: every input counts, and every bound of a
 * rating.
 *
 * The values of the formulas stand in tests/cases/formulas. */
#include "feature/formulas.h"

#include "../expect.h"

#include <math.h>

static struct known is(double value)
{
    return (struct known){value, true};
}

static struct formula_inputs sound_company(void)
{
    return (struct formula_inputs){
        .current_assets = is(620),
        .current_liabilities = is(430),
        .total_assets = is(1000),
        .retained_earnings = is(150),
        .ebit = is(70),
        .profit_before_tax = is(50),
        .net_income = is(37.5),
        .total_liabilities = is(680),
        .equity = is(320),
        .market_equity = is(400),
        .revenue = is(1400),
    };
}

/* Which inputs a formula reads, in the order of struct formula_inputs. */
static const struct {
    struct known (*formula)(const struct formula_inputs *in);
    const char *reads;
} formulas[] = {
    {altman_z,          "xxxxx..x.xx"},
    {altman_z_private,  "xxxxx..xx.x"},
    {altman_z_services, "xxxxx..xx.."},
    {altman_em_score,   "xxxxx..xx.."},
    {springate,         "xxx.xx....x"},
    {zmijewski,         "xxx...xx..."},
};

enum { INPUT_COUNT = sizeof(struct formula_inputs) / sizeof(struct known) };

static struct known *input_at(struct formula_inputs *in, size_t i)
{
    return &((struct known *)in)[i];
}

static void is_unknown_when_any_input_is(void **state)
{
    (void)state;
    for (size_t k = 0; k < ARRAY_LEN(formulas); k++) {
        struct formula_inputs all = sound_company();
        assert_true(formulas[k].formula(&all).is_known);
        for (size_t i = 0; i < INPUT_COUNT; i++) {
            struct formula_inputs without = sound_company();
            *input_at(&without, i) = (struct known){0};
            bool want = formulas[k].reads[i] == '.';
            assert_true(formulas[k].formula(&without).is_known == want);
        }
    }
}

static void is_unknown_when_there_is_nothing_to_divide_by(void **state)
{
    (void)state;
    for (size_t k = 0; k < ARRAY_LEN(formulas); k++) {
        struct formula_inputs in = sound_company();
        in.total_assets.value = 0.0;
        assert_false(formulas[k].formula(&in).is_known);
    }
    struct formula_inputs no_debts = sound_company();
    no_debts.total_liabilities.value = 1e-10;
    assert_false(altman_z_services(&no_debts).is_known);
    struct formula_inputs no_short_debts = sound_company();
    no_short_debts.current_liabilities.value = 0.0;
    assert_false(springate(&no_short_debts).is_known);
    assert_false(zmijewski(&no_short_debts).is_known);
}

static void rates_the_em_score_by_lower_bounds(void **state)
{
    (void)state;
    static const struct {
        double score;
        const char *rating;
    } rows[] = {
        {9.0,  "AAA" },
        {8.15, "AA+" },
        {7.61, "AA+" },
        {7.6,  "AA"  },
        {7.0,  "A+"  },
        {6.86, "A+"  },
        {6.85, "A"   },
        {6.65, "A-"  },
        {6.4,  "BBB+"},
        {6.25, "BBB" },
        {5.86, "BBB" },
        {5.85, "BBB-"},
        {5.65, "BB+" },
        {5.25, "BB"  },
        {4.95, "BB-" },
        {4.75, "B+"  },
        {4.5,  "B"   },
        {4.15, "B-"  },
        {3.75, "CCC+"},
        {3.2,  "CCC" },
        {2.5,  "CCC-"},
        {1.75, "D"   },
        {-3.0, "D"   },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_string_equal(altman_em_rating(rows[i].score), rows[i].rating);
    }
}

static struct ohlson_inputs sound_ohlson(void)
{
    return (struct ohlson_inputs){is(1000), is(1),    is(680), is(620),
                                  is(430),  is(37.5), is(20),  is(72.5)};
}

static void ohlson_needs_every_input(void **state)
{
    (void)state;
    struct ohlson_inputs all = sound_ohlson();
    assert_true(ohlson(&all).is_known);
    for (size_t i = 0; i < sizeof all / sizeof(struct known); i++) {
        struct ohlson_inputs without = sound_ohlson();
        ((struct known *)&without)[i] = (struct known){0};
        assert_false(ohlson(&without).is_known);
    }
    struct ohlson_inputs no_assets = sound_ohlson();
    no_assets.total_assets.value = -5.0;
    assert_false(ohlson(&no_assets).is_known);
    struct ohlson_inputs no_result = sound_ohlson();
    no_result.net_income.value = 0.0;
    no_result.net_income_before.value = 0.0;
    assert_false(ohlson(&no_result).is_known);
}

static void conan_holder_needs_every_input(void **state)
{
    (void)state;
    const struct conan_holder_inputs sound = {is(105), is(680),  is(570), is(1000), is(420),
                                              is(20),  is(1400), is(330), is(470)};
    assert_true(conan_holder(&sound).is_known);
    for (size_t i = 0; i < sizeof sound / sizeof(struct known); i++) {
        struct conan_holder_inputs without = sound;
        ((struct known *)&without)[i] = (struct known){0};
        assert_false(conan_holder(&without).is_known);
    }
}

static void beneish_is_unknown_for_a_year_without_sales(void **state)
{
    (void)state;
    const struct beneish_year sound = {290, 1400, 900, 620, 300, 1000, 35, 390, 430, 250, 37.5, 20};
    struct beneish_year idle = sound;
    idle.sales = 0.0;
    assert_true(beneish_m(&sound, &sound).is_known);
    assert_false(beneish_m(&sound, &idle).is_known);
    assert_false(beneish_m(&idle, &sound).is_known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_unknown_when_any_input_is),
        cmocka_unit_test(is_unknown_when_there_is_nothing_to_divide_by),
        cmocka_unit_test(rates_the_em_score_by_lower_bounds),
        cmocka_unit_test(ohlson_needs_every_input),
        cmocka_unit_test(conan_holder_needs_every_input),
        cmocka_unit_test(beneish_is_unknown_for_a_year_without_sales),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
