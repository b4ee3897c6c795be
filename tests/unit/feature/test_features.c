/* test_features.c - the catalogue is complete and unique; what the case files cannot say of it.
 *
 * The values of the features stand in tests/cases/features. */
#include "feature/features.h"

#include "../score/tiny.h"

#include <math.h>
#include <string.h>

static void has_no_row_twice(void **state)
{
    (void)state;
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        const struct feature_info *a = feature_info((enum feature)i);
        assert_true(strlen(a->wire) > 0);
        assert_int_equal(strlen(a->code), 5);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(a->wire, feature_info((enum feature)k)->wire);
            assert_string_not_equal(a->code, feature_info((enum feature)k)->code);
        }
    }
}

static void has_sound_rows(void **state)
{
    (void)state;
    unsigned core_count = 0;
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        const struct feature_info *info = feature_info((enum feature)i);
        assert_true(info->clip_low < info->clip_high);
        assert_in_range(info->direction + 1, 0, 2);
        assert_true(info->edge_min == NO_EDGE_MIN || info->edge_min >= info->clip_low);
        assert_true(feature_find(str_from(info->wire)) == (enum feature)i);
        core_count += info->is_core ? 1 : 0;
    }
    assert_int_equal(core_count, 17);
}

static void finds_nothing_that_is_not_there(void **state)
{
    (void)state;
    static const char *const names[] = {"", "equity", "equity_ratio ", "EQUITY_RATIO", "x1"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        assert_true(feature_find(str_from(names[i])) == FEATURE_NONE);
    }
}

static void names_every_theme_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < THEME_COUNT; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(theme_wire((enum theme)i), theme_wire((enum theme)k));
        }
    }
}

static void clips_to_the_range_of_the_feature(void **state)
{
    (void)state;
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        enum feature feature = (enum feature)i;
        const struct feature_info *info = feature_info(feature);
        assert_true(feature_clip(feature, info->clip_low - 1.0) == info->clip_low);
        assert_true(feature_clip(feature, info->clip_high + 1.0) == info->clip_high);
        double middle = (info->clip_low + info->clip_high) / 2.0;
        assert_true(feature_clip(feature, middle) == middle);
    }
}

/* A company of which nothing is known has no feature, not a zero. */
static void invents_nothing(void **state)
{
    (void)state;
    const struct statement empty = {
        .period_end = {2025, 12, 31},
          .months = 12, .currency = CURRENCY_EUR
    };
    struct facts facts = sound_facts(&empty, 1);
    facts.company.incorporated_on = (struct date){0};
    facts.company.employees = -1;
    struct features features;
    features_extract(&features, &facts, (struct tendency){0});
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        assert_true(features.values[i].is_known == (i == FEATURE_STATEMENT_AGE));
    }
    struct formula_context context = formulas_of(&features);
    assert_false(context.altman_z_services.is_known);
    assert_false(context.zmijewski.is_known);
    assert_false(context.conan_holder.is_known);
}

static void knows_a_company_without_accounts_by_its_profile_alone(void **state)
{
    (void)state;
    struct facts facts = sound_facts(NULL, 0);
    struct features features;
    features_extract(&features, &facts,
                     (struct tendency){
                         .sector_lo = {0.2, true}
    });
    assert_null(features.statement);
    assert_null(features.previous);
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        bool is_profile =
            i == FEATURE_AGE_YEARS || i == FEATURE_HEADCOUNT || i == FEATURE_SECTOR_LO;
        assert_true(features.values[i].is_known == is_profile);
    }
}

/* Half a year of the same business has the same ratios: flows are doubled, balances are not. */
static void takes_flows_to_twelve_months(void **state)
{
    (void)state;
    static const enum item flows[] = {
        ITEM_REVENUE,
        ITEM_PURCHASES,
        ITEM_VALUE_ADDED,
        ITEM_PERSONNEL_EXPENSES,
        ITEM_EBITDA,
        ITEM_DEPRECIATION_AND_AMORTIZATION,
        ITEM_EBIT,
        ITEM_INTEREST_EXPENSE,
        ITEM_FINANCIAL_CHARGES,
        ITEM_PROFIT_BEFORE_TAX,
        ITEM_INCOME_TAX,
        ITEM_NET_INCOME,
    };
    struct statement year[2] = {sound_statement(2025), sound_statement(2024)};
    struct statement half[2] = {sound_statement(2025), sound_statement(2024)};
    half[0].months = 6;
    for (size_t i = 0; i < ARRAY_LEN(flows); i++) {
        half[0].minor[flows[i]] /= 2;
    }
    struct facts of_year = sound_facts(year, 2);
    struct facts of_half = sound_facts(half, 2);
    struct features a, b;
    features_extract(&a, &of_year, (struct tendency){0});
    features_extract(&b, &of_half, (struct tendency){0});
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        assert_true(a.values[i].is_known == b.values[i].is_known);
        assert_true(fabs(a.values[i].value - b.values[i].value) < 1e-12);
    }
    struct formula_context x = formulas_of(&a), y = formulas_of(&b);
    assert_true(x.conan_holder.is_known && y.conan_holder.is_known);
    assert_true(fabs(x.conan_holder.value - y.conan_holder.value) < 1e-12);
    assert_true(fabs(x.altman_z_services.value - y.altman_z_services.value) < 1e-12);
    assert_true(fabs(x.zmijewski.value - y.zmijewski.value) < 1e-12);
}

static void gives_the_classic_formulas_their_inputs(void **state)
{
    (void)state;
    const struct statement s = sound_statement(2025);
    struct facts facts = sound_facts(&s, 1);
    struct features features;
    features_extract(&features, &facts, (struct tendency){0});
    struct formula_context context = formulas_of(&features);
    double z = 6.56 * 0.19 + 3.26 * 0.15 + 6.72 * 0.07 + 1.05 * 35.0 / 65.0;
    double x = -4.336 - 4.513 * 0.0375 + 5.679 * 0.65 + 0.004 * 62.0 / 43.0;
    double conan_holder =
        0.24 * 10.5 / 65.0 + 0.22 * 0.57 + 0.16 * 0.42 - 0.87 * 2.0 / 140.0 - 0.1 * 33.0 / 47.0;
    assert_true(fabs(context.altman_z_services.value - z) < 1e-12);
    assert_true(fabs(context.zmijewski.value - x) < 1e-12);
    assert_true(fabs(context.conan_holder.value - conan_holder) < 1e-12);
}

/* Provisions are liabilities, but no debts. */
static void keeps_provisions_out_of_debts(void **state)
{
    (void)state;
    struct statement s = sound_statement(2025);
    statement_state(&s, ITEM_PROVISIONS, 5000000);
    struct facts facts = sound_facts(&s, 1);
    struct features features;
    features_extract(&features, &facts, (struct tendency){0});
    double conan_holder =
        0.24 * 10.5 / 60.0 + 0.22 * 0.57 + 0.16 * 0.42 - 0.87 * 2.0 / 140.0 - 0.1 * 33.0 / 47.0;
    assert_true(fabs(formulas_of(&features).conan_holder.value - conan_holder) < 1e-12);
}

static void info_of_no_feature(void)
{
    (void)feature_info(FEATURE_NONE);
}

static void name_of_no_theme(void)
{
    (void)theme_wire(THEME_COUNT);
}

static void stops_at_what_is_no_feature(void **state)
{
    (void)state;
    assert_dies(info_of_no_feature);
    assert_dies(name_of_no_theme);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_no_row_twice),
        cmocka_unit_test(has_sound_rows),
        cmocka_unit_test(finds_nothing_that_is_not_there),
        cmocka_unit_test(names_every_theme_once),
        cmocka_unit_test(clips_to_the_range_of_the_feature),
        cmocka_unit_test(invents_nothing),
        cmocka_unit_test(knows_a_company_without_accounts_by_its_profile_alone),
        cmocka_unit_test(takes_flows_to_twelve_months),
        cmocka_unit_test(gives_the_classic_formulas_their_inputs),
        cmocka_unit_test(keeps_provisions_out_of_debts),
        cmocka_unit_test(stops_at_what_is_no_feature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
