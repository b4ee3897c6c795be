/* test_score.c - one company scored by hand, and what must hold for every company.
 *
 * The properties run over seeded random companies: a seed that fails is printed and fails again. */
#include "score/score.h"

#include "feature/neighbourhood.h"

#include "tiny.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { RANDOM_COMPANIES = 1500 };

/* splitmix64: small, seeded, the same everywhere. */
static uint64_t random_next(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* A number from low to high, both included. */
static int64_t random_between(uint64_t *seed, int64_t low, int64_t high)
{
    CHECK(low <= high);
    return low + (int64_t)(random_next(seed) % (uint64_t)(high - low + 1));
}

/* Accounts that add up. */
static struct statement random_statement(uint64_t *seed, int16_t year)
{
    struct statement s = {
        .period_end = {year, 12, 31},
          .currency = CURRENCY_EUR
    };
    s.months = (uint8_t)random_between(seed, 6, 18);
    int64_t assets = random_between(seed, 100000, 5000000000);
    int64_t current = random_between(seed, 0, assets);
    int64_t inventories = random_between(seed, 0, current);
    int64_t cash = random_between(seed, 0, current - inventories);
    int64_t liabilities = random_between(seed, assets / 10, assets + assets / 2);
    int64_t short_term = random_between(seed, 0, liabilities);
    int64_t revenue = random_between(seed, assets / 10, 3 * assets);
    int64_t depreciation = random_between(seed, 0, assets / 10);
    int64_t ebit = random_between(seed, -assets / 4, assets / 4);
    int64_t interest = random_between(seed, 0, assets / 20);
    int64_t tax = random_between(seed, 0, assets / 50);
    statement_state(&s, ITEM_TOTAL_ASSETS, assets);
    statement_state(&s, ITEM_CURRENT_ASSETS, current);
    statement_state(&s, ITEM_INVENTORIES, inventories);
    statement_state(&s, ITEM_CASH, cash);
    statement_state(&s, ITEM_SECURITIES, random_between(seed, 0, current - inventories - cash));
    statement_state(&s, ITEM_TRADE_RECEIVABLES, random_between(seed, 0, current - inventories));
    statement_state(&s, ITEM_EQUITY, assets - liabilities);
    statement_state(&s, ITEM_TOTAL_LIABILITIES, liabilities);
    statement_state(&s, ITEM_CURRENT_LIABILITIES, short_term);
    statement_state(&s, ITEM_FINANCIAL_DEBT, random_between(seed, 0, liabilities));
    statement_state(&s, ITEM_REVENUE, revenue);
    statement_state(&s, ITEM_EBITDA, ebit + depreciation);
    statement_state(&s, ITEM_DEPRECIATION_AND_AMORTIZATION, depreciation);
    statement_state(&s, ITEM_EBIT, ebit);
    statement_state(&s, ITEM_INTEREST_EXPENSE, interest);
    statement_state(&s, ITEM_FINANCIAL_CHARGES, interest);
    statement_state(&s, ITEM_PROFIT_BEFORE_TAX, ebit - interest);
    statement_state(&s, ITEM_INCOME_TAX, tax);
    statement_state(&s, ITEM_NET_INCOME, ebit - interest - tax);
    return s;
}

struct random_company {
    struct statement statements[2];
    struct facts facts;
};

static void random_company_make(struct random_company *out, uint64_t *seed)
{
    static const char *const countries[] = {"FR", "ES", "DE", "PL"};
    static const char *const activities[] = {"4669B", "4120A", "5610A", "0111Z", "6201Z"};
    out->statements[0] = random_statement(seed, (int16_t)random_between(seed, 2023, 2025));
    out->statements[1] = random_statement(seed, (int16_t)(out->statements[0].period_end.year - 1));
    out->facts = sound_facts(out->statements, (uint32_t)random_between(seed, 1, 2));
    struct company *company = &out->facts.company;
    memcpy(company->country, countries[random_between(seed, 0, 3)], 3);
    memcpy(company->activity_code, activities[random_between(seed, 0, 4)], 6);
    company->incorporated_on.year = (int16_t)random_between(seed, 1950, 2026);
    company->incorporated_on.month = 6;
    company->employees = (int32_t)random_between(seed, 0, 500);
}

static struct score score_of(const struct model *model, const struct facts *facts)
{
    struct score score;
    memset(&score, 0xa5, sizeof score); /* whatever was there before must not show */
    score_compute(&score, model, facts);
    return score;
}

static const struct contribution *contribution_of(const struct score *score, const char *name)
{
    for (uint32_t i = 0; i < score->contribution_count; i++) {
        if (strcmp(score->contributions[i].name, name) == 0) {
            return &score->contributions[i];
        }
    }
    fail_msg("no contribution %s", name);
    return NULL;
}

static void assert_adds_up(const struct score *score)
{
    int64_t sum = score->base_deci;
    for (uint32_t i = 0; i < score->contribution_count; i++) {
        sum += score->contributions[i].deci_points;
    }
    assert_true(sum == (int64_t)score->points * 10);
    int32_t rounding = contribution_of(score, "rounding")->deci_points;
    assert_in_range(rounding + 15, 0, 30); /* what rounding may cost, no more */
}

/* ---- one company by hand ---- */

static void scores_a_sound_company_as_computed_by_hand(void **state)
{
    (void)state;
    struct model *model = tiny_model();
    const struct statement s[2] = {sound_statement(2025), sound_statement(2024)};
    struct facts facts = sound_facts(s, 2);
    struct score score = score_of(model, &facts);
    /* Weights by hand: equity 0.9, quick (rank 0.49) -0.2, cash 0.6, roa (rank 0.475) 0.1, cf 0.3,
     * cover 0.5, debt 0.4, stl days 0, dso 0.2, equity sign 0.1, d_roa 0.2, ten months -0.1, years
     * 0.1, sector ln(0.021 / 0.018) 0. */
    double log_odds = -3.2 - 0.8 * 0.9 + 0.7 * 0.2 - 0.4 * 0.6 - 0.6 * 0.1 - 0.5 * 0.3 -
                      0.45 * 0.5 - 0.3 * 0.4 - 0.2 * 0.2 - 0.3 * 0.1 - 0.25 * 0.2 + 0.3 * 0.1 -
                      0.4 * 0.1;
    double final = 0.95 * log_odds + 0.05 + log(0.021 / 0.979) - log(0.03 / 0.97);
    double pd = 1.0 / (1.0 + exp(-final));
    double sigma = sqrt(0.04 + 10 * 0.005 + 0.07);
    double low = 1.0 / (1.0 + exp(-(final - 1.645 * sigma)));
    double high = 1.0 / (1.0 + exp(-(final + 1.645 * sigma)));
    assert_false(score.is_thin);
    assert_int_equal(score.statement_age_months, 10);
    assert_int_equal(score.coverage_ppm, 1000000);
    assert_true(fabs(score.pd_ppm - 1e6 * pd) <= 0.5);
    assert_true(fabs(score.pd_ppm_low - 1e6 * low) <= 0.5);
    assert_true(fabs(score.pd_ppm_high - 1e6 * high) <= 0.5);
    assert_int_equal(score.statistical_pd_ppm, score.pd_ppm);
    assert_int_equal(score.machine_learned_pd_ppm, 0);
    /* No bank, payment or legal block in this model; links may lift a PD to its double. */
    double sure = 1.645 * sqrt(0.04 + 10 * 0.005 + 0.06); /* of what no company moves */
    assert_true(fabs(score.pd_ppm_bound - 2e6 / (1.0 + exp(-final - sure))) <= 1.0);
    assert_int_equal(score.points, score_of_pd(score.pd_ppm));
    assert_int_equal(score.grade, grade_of_pd(score.pd_ppm));
    assert_true(score.context.altman_z_services.is_known);
    assert_adds_up(&score);
    double factor = 60.0 / log(2.0);
    double solvency = 0.95 * factor * (0.8 * 0.9 + 0.3 * 0.1);
    assert_true(fabs(contribution_of(&score, "solvency")->deci_points - 10.0 * solvency) <= 0.5);
    double base = 600.0 - factor * log(50.0) + factor * 3.2;
    assert_true(fabs(score.base_deci - 10.0 * base) <= 0.5);
    assert_int_equal(contribution_of(&score, "bounds")->deci_points, 0);
    model_destroy(model);
}

static void names_themes_in_order_then_the_rest(void **state)
{
    (void)state;
    static const char *const names[] = {
        "solvency",  "liquidity", "profitability", "debt_service",     "activity", "trend",
        "freshness", "profile",   "calibration",   "central_tendency", "bounds",   "rounding",
    };
    struct model *model = tiny_model();
    const struct statement s = sound_statement(2025);
    struct facts facts = sound_facts(&s, 1);
    struct score score = score_of(model, &facts);
    assert_int_equal(score.contribution_count, ARRAY_LEN(names));
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        assert_string_equal(score.contributions[i].name, names[i]);
    }
    model_destroy(model);
}

static void tells_each_factor_as_it_stood(void **state)
{
    (void)state;
    struct model *model = tiny_model();
    struct statement s = sound_statement(2025);
    statement_forget(&s, ITEM_INVENTORIES);
    struct facts facts = sound_facts(&s, 1);
    struct score score = score_of(model, &facts);
    assert_int_equal(score.factor_count, 14);
    const struct factor *equity = &score.factors[0];
    assert_int_equal(equity->feature, FEATURE_EQUITY_RATIO);
    assert_true(equity->is_known);
    assert_true(equity->value_micro == 350000);
    assert_int_equal(equity->family, FAMILY_STATISTICAL);
    assert_int_equal(equity->family_deci[FAMILY_STATISTICAL], equity->deci_points);
    assert_int_equal(equity->deci_points, 592); /* 0.95 * 86.56 * 0.8 * 0.9 = 59.2 points */
    assert_int_equal(equity->shortfall_deci, 0);
    const struct factor *quick = &score.factors[1];
    assert_int_equal(quick->feature, FEATURE_QUICK_RATIO);
    assert_false(quick->is_known);
    assert_true(quick->value_micro == 0);
    assert_int_equal(quick->deci_points, 0);
    assert_int_equal(quick->shortfall_deci, 461); /* 0.95 * 86.56 * 0.7 * 0.8 = 46.05 */
    /* quick ratio, and the change of ROA, of the twelve that accounts give */
    assert_int_equal(score.coverage_ppm, 1000000ULL * 10 / 12);
    model_destroy(model);
}

static bool knows_its_sector(const struct score *score)
{
    for (uint32_t i = 0; i < score->factor_count; i++) {
        if (score->factors[i].feature == FEATURE_SECTOR_LO) {
            return score->factors[i].is_known;
        }
    }
    fail_msg("the card has no sector");
    return false;
}

static void knows_a_sector_only_within_a_country(void **state)
{
    (void)state;
    struct model *model = tiny_model();
    const struct statement s = sound_statement(2025);
    struct facts facts = sound_facts(&s, 1);
    struct score score = score_of(model, &facts);
    assert_true(knows_its_sector(&score));
    facts.company.country[0] = '\0';
    score = score_of(model, &facts);
    assert_false(knows_its_sector(&score));
    memcpy(facts.company.country, "FR", 3);
    facts.company.activity_code[0] = '\0';
    score = score_of(model, &facts);
    assert_false(knows_its_sector(&score));
    model_destroy(model);
}

/* ---- a company without accounts ---- */

static void scores_a_thin_file_by_sector_and_age(void **state)
{
    (void)state;
    struct model *model = tiny_model();
    struct facts facts = sound_facts(NULL, 0);
    struct score old = score_of(model, &facts);
    assert_true(old.is_thin);
    assert_int_equal(old.pd_ppm, 21000);
    assert_int_equal(old.statement_age_months, -1);
    assert_int_equal(old.coverage_ppm, 0);
    assert_int_equal(old.factor_count, 0);
    assert_int_equal(old.contribution_count, 3);
    assert_adds_up(&old);
    double final = log(0.021 / 0.979) + 1.645 * sqrt(1.07);
    assert_true(fabs(old.pd_ppm_high - 1e6 / (1.0 + exp(-final))) <= 0.5);
    facts.company.incorporated_on = (struct date){2025, 3, 1};
    assert_int_equal(score_of(model, &facts).pd_ppm, 33600);
    facts.company.incorporated_on = (struct date){2023, 3, 1};
    assert_int_equal(score_of(model, &facts).pd_ppm, 25200);
    facts.company.incorporated_on = (struct date){0};
    assert_int_equal(score_of(model, &facts).pd_ppm, 33600);
    model_destroy(model);
}

static void takes_accounts_it_cannot_use_for_none(void **state)
{
    (void)state;
    struct model *model = tiny_model();
    struct statement s = sound_statement(2025);
    struct facts facts = sound_facts(&s, 1);
    s.months = 5;
    assert_true(score_of(model, &facts).is_thin);
    s.months = 19;
    assert_true(score_of(model, &facts).is_thin);
    s.months = 12;
    s.period_end.year = 2027;
    assert_true(score_of(model, &facts).is_thin);
    model_destroy(model);
}

static void keeps_a_certain_failure_below_one(void **state)
{
    (void)state;
    struct model *model = tiny_model();
    model->tendencies[0].rate = 0.9;
    struct facts facts = sound_facts(NULL, 0);
    memcpy(facts.company.country, "DE", 3);
    facts.company.activity_code[0] = '\0';
    facts.company.incorporated_on = facts.as_of;
    struct score score = score_of(model, &facts);
    assert_int_equal(score.pd_ppm, 999999);
    assert_int_equal(score.points, 0);
    assert_adds_up(&score);
    model_destroy(model);
}

static void meets_floor_and_cap_and_still_adds_up(void **state)
{
    (void)state;
    struct model *model = tiny_model();
    const struct statement s = sound_statement(2025);
    struct facts facts = sound_facts(&s, 1);
    static const struct {
        double intercept;
        uint32_t pd_ppm;
        int32_t points;
    } rows[] = {
        {-50.0, 300,    964},
        {50.0,  999999, 0  }
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        model->blocks[BLOCK_FINANCIAL].intercept = rows[i].intercept;
        struct score score = score_of(model, &facts);
        assert_int_equal(score.pd_ppm, rows[i].pd_ppm);
        assert_int_equal(score.points, rows[i].points);
        assert_adds_up(&score);
        assert_true(contribution_of(&score, "bounds")->deci_points != 0);
    }
    model_destroy(model);
}

static void is_no_narrower_for_blocks_that_no_model_reads(void **state)
{
    (void)state;
    struct model *model = tiny_model();
    const struct statement s = sound_statement(2025);
    struct facts facts = sound_facts(&s, 1);
    struct score before = score_of(model, &facts);
    facts.blocks_sent |= 1u << BLOCK_BANK | 1u << BLOCK_PAYMENT | 1u << BLOCK_LEGAL;
    struct score after = score_of(model, &facts);
    assert_int_equal(after.pd_ppm_bound, before.pd_ppm_bound);
    assert_int_equal(after.pd_ppm_high, before.pd_ppm_high);
    assert_int_equal(after.pd_ppm_low, before.pd_ppm_low);
    model_destroy(model);
}

/* ---- a company scored by trees ---- */

/* equity 0.35, quick 0.98, roa 0.0375, cash flow to debts 0.11, dso 65, days of credit 112: the
 * trees say -0.4, 0.1, -0.05, -0.2 and 0. */
static void scores_a_sound_company_by_trees_as_computed_by_hand(void **state)
{
    (void)state;
    struct model *model = model_of(TINY_FOREST);
    const struct statement s = sound_statement(2025);
    struct facts facts = sound_facts(&s, 1);
    struct score score = score_of(model, &facts);
    double final = 0.95 * -3.75 + 0.05 + log(0.021 / 0.979) - log(0.03 / 0.97);
    double half_width = 1.645 * sqrt(0.04 + 10 * 0.005 + 0.07);
    assert_true(fabs(score.pd_ppm - 1e6 / (1.0 + exp(-final))) <= 0.5);
    assert_true(fabs(score.pd_ppm_low - 1e6 / (1.0 + exp(half_width - final))) <= 0.5);
    assert_true(fabs(score.pd_ppm_high - 1e6 / (1.0 + exp(-final - half_width))) <= 0.5);
    assert_adds_up(&score);
    /* The trees' mean over their training data is 0.0175 above their base. */
    double base = 600.0 - 60.0 / log(2.0) * (log(50.0) - 3.1825);
    assert_true(fabs(score.base_deci - 10.0 * base) <= 0.5);
    int32_t themes = contribution_of(&score, "solvency")->deci_points +
                     contribution_of(&score, "liquidity")->deci_points +
                     contribution_of(&score, "profitability")->deci_points +
                     contribution_of(&score, "debt_service")->deci_points +
                     contribution_of(&score, "activity")->deci_points;
    double of_trees = 600.0 / log(2.0) * 0.95 * (3.75 - 3.1825);
    assert_true(fabs(themes - of_trees) <= 2.5);
    assert_int_equal(score.contribution_count, 5 + 4);
    assert_int_equal(score.factor_count, 6);
    assert_int_equal(score.factors[0].feature, FEATURE_EQUITY_RATIO);
    assert_true(score.factors[0].deci_points > 0);
    assert_int_equal(score.factors[0].shortfall_deci, 0);
    assert_int_equal(score.factors[5].feature, FEATURE_STL_DAYS);
    assert_true(score.factors[5].deci_points < 0);
    assert_int_equal(score.factors[5].shortfall_deci, -score.factors[5].deci_points);
    model_destroy(model);
}

/* Without net income neither roa nor cash flow is known: by default the trees say 0.1, 0.1, -0.05,
 * 0.4 and 0; at worst 0.1, 0.5, -0.05, 0.4 and 0. */
static void takes_what_trees_do_not_know_at_its_worst_for_the_upper_bound(void **state)
{
    (void)state;
    struct model *model = model_of(TINY_FOREST);
    struct statement s = sound_statement(2025);
    statement_forget(&s, ITEM_NET_INCOME);
    struct facts facts = sound_facts(&s, 1);
    struct score score = score_of(model, &facts);
    double shift = 0.05 + log(0.021 / 0.979) - log(0.03 / 0.97);
    double worst = 0.95 * -2.25 + shift + 1.645 * sqrt(0.04 + 10 * 0.005 + 0.06);
    worst = 1.0 / (1.0 + exp(-worst));
    assert_true(fabs(score.pd_ppm - 1e6 / (1.0 + exp(-0.95 * -2.65 - shift))) <= 0.5);
    assert_true(fabs(score.pd_ppm_bound -
                     1e6 * (2.0 * worst < worst + 0.1 ? 2.0 * worst : worst + 0.1)) <= 1.0);
    assert_true(score.pd_ppm_high < score.pd_ppm_bound);
    assert_int_equal(score.coverage_ppm, 1000000 * 4 / 6);
    assert_false(score.factors[2].is_known);
    assert_adds_up(&score);
    model_destroy(model);
}

/* ---- links ---- */

/* A parent with a PD of 20 %: 0.8 of it reaches the company, but no more is believed than twice its
 * own PD. */
static void is_lifted_by_links_and_says_by_which(void **state)
{
    (void)state;
    struct model *model = tiny_model();
    struct arena arena;
    arena_init(&arena, 1024 * 1024);
    const struct statement s = sound_statement(2025);
    struct facts facts = sound_facts(&s, 1);
    struct score alone = score_of(model, &facts);
    struct link link = {
        .type = LINK_CONTROLS, .from = 1, .to = 0, .share_ppm = LINK_UNSTATED, .pd_ppm = 200000};
    facts.links = &link;
    facts.link_count = 1;
    facts.party_count = 2;
    facts.blocks_sent |= 1u << BLOCK_GRAPH;
    assert_true(neighbourhood_make(&facts, 0.1, &arena));
    struct score score = score_of(model, &facts);
    assert_true(score.has_graph);
    assert_int_equal(score.pd_ppm_before, alone.pd_ppm);
    assert_in_range(score.pd_ppm, 2 * alone.pd_ppm - 1, 2 * alone.pd_ppm + 1);
    assert_int_equal(score.strongest, RELATION_PARENT);
    const struct factor *tie = &score.factors[score.factor_count - 1];
    assert_int_equal(score.factor_count, alone.factor_count + 1);
    assert_int_equal(tie->feature, FEATURE_G_PARENT_PD);
    assert_int_equal(tie->family, FAMILY_GRAPH);
    assert_int_equal(tie->input, 1);
    assert_int_equal(tie->value_micro, 200000);
    assert_in_range(-tie->deci_points, 595, 610); /* the odds double: 60 points */
    assert_int_equal(tie->deci_points, contribution_of(&score, "contagion")->deci_points);
    assert_int_equal(tie->deci_points, score.blocks[BLOCK_GRAPH].deci_points);
    assert_adds_up(&score);
    /* All is known of the links: the bound is lifted as far as they lift it, and no variance of a
     * missing graph widens the interval. */
    assert_int_equal(score.pd_ppm_bound, alone.pd_ppm_bound);
    /* Nobody states the parent's PD: nothing is added, and at the bound all that could be. */
    link.pd_ppm = LINK_UNSTATED;
    assert_true(neighbourhood_make(&facts, 0.1, &arena));
    score = score_of(model, &facts);
    assert_int_equal(score.pd_ppm, alone.pd_ppm);
    assert_int_equal(score.pd_ppm_bound, alone.pd_ppm_bound);
    assert_int_equal(score.strongest, RELATION_NONE);
    assert_int_equal(contribution_of(&score, "contagion")->deci_points, 0);
    /* A parent that is sound lifts the bound by less. */
    link.pd_ppm = 1000;
    assert_true(neighbourhood_make(&facts, 0.1, &arena));
    score = score_of(model, &facts);
    assert_true(score.pd_ppm_bound < alone.pd_ppm_bound);
    /* No links, and said so: as sound as can be. */
    facts.link_count = 0;
    assert_true(neighbourhood_make(&facts, 0.1, &arena));
    struct score none = score_of(model, &facts);
    assert_true(none.pd_ppm_bound < score.pd_ppm_bound);
    assert_int_equal(none.pd_ppm, alone.pd_ppm);
    arena_finish(&arena);
    model_destroy(model);
}

/* ---- both families, and blocks made by judgement ---- */

/* Card -3.555 (equity 0.35, quick rank 0.49, ... as above, without the profile), trees -3.75. */
static void tells_what_each_family_says(void **state)
{
    (void)state;
    struct model *model = model_of(TINY_BLOCKS);
    const struct statement s[2] = {sound_statement(2025), sound_statement(2024)};
    struct facts facts = sound_facts(s, 2);
    struct score score = score_of(model, &facts);
    double card = -3.2 - 0.8 * 0.9 + 0.7 * 0.2 - 0.4 * 0.6 - 0.6 * 0.1 - 0.5 * 0.3 - 0.45 * 0.5 -
                  0.3 * 0.4 - 0.2 * 0.2 - 0.3 * 0.1 - 0.25 * 0.2 + 0.3 * 0.1;
    double firmographic = 0.8 * (-0.1 - 0.04 + 0.1);
    double shift = 0.05 + log(0.021 / 0.979) - log(0.03 / 0.97);
    const struct {
        double financial;
        uint32_t pd_ppm;
    } rows[] = {
        {card,                     score.statistical_pd_ppm    },
        {-3.75,                    score.machine_learned_pd_ppm},
        {0.4 * card + 0.6 * -3.75, score.pd_ppm                },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        double stack = -3.1 + 0.9 * (rows[i].financial + 3.0) + firmographic;
        double pd = 1.0 / (1.0 + exp(-(0.95 * stack + shift)));
        assert_true(fabs(rows[i].pd_ppm - 1e6 * pd) <= 0.51);
    }
    assert_true(score.blocks[BLOCK_FINANCIAL].is_used && score.blocks[BLOCK_FIRMOGRAPHIC].is_used);
    assert_false(score.blocks[BLOCK_BANK].is_used);
    assert_adds_up(&score);
    /* Both read the quick ratio: one factor, with a part of each. */
    const struct factor *equity = &score.factors[0];
    assert_int_equal(equity->feature, FEATURE_EQUITY_RATIO);
    assert_true(equity->family_deci[FAMILY_STATISTICAL] > 0);
    assert_true(equity->family_deci[FAMILY_MACHINE_LEARNED] > 0);
    assert_int_equal(equity->family_deci[FAMILY_STATISTICAL] +
                         equity->family_deci[FAMILY_MACHINE_LEARNED],
                     equity->deci_points);
    model_destroy(model);
}

/* ---- what holds for every company ---- */

static void adds_up_for_every_company(void **state)
{
    struct model *model = model_of(*state);
    uint64_t seed = 1;
    for (int i = 0; i < RANDOM_COMPANIES; i++) {
        struct random_company c;
        random_company_make(&c, &seed);
        struct score score = score_of(model, &c.facts);
        assert_adds_up(&score);
        assert_true(score.pd_ppm_low <= score.pd_ppm);
        assert_true(score.pd_ppm <= score.pd_ppm_high);
        assert_true(score.pd_ppm_high <= score.pd_ppm_bound);
        assert_true(score.pd_ppm_low >= PD_PPM_FLOOR);
        assert_true(score.pd_ppm_bound < PD_PPM_ONE);
        for (uint32_t k = 0; k < score.factor_count; k++) {
            assert_true(score.factors[k].shortfall_deci >= 0);
        }
        c.facts.statement_count = 0;
        struct score thin = score_of(model, &c.facts);
        assert_adds_up(&thin);
        assert_true(thin.pd_ppm_high - thin.pd_ppm_low > 0);
    }
    model_destroy(model);
}

static void gives_the_same_answer_twice(void **state)
{
    struct model *model = model_of(*state);
    uint64_t seed = 2;
    for (int i = 0; i < 100; i++) {
        struct random_company c;
        random_company_make(&c, &seed);
        struct score a = score_of(model, &c.facts);
        struct score b = score_of(model, &c.facts);
        assert_int_equal(a.pd_ppm_high, b.pd_ppm_high);
        assert_memory_equal(a.contributions, b.contributions, sizeof a.contributions);
    }
    model_destroy(model);
}

struct worsening {
    const char *what;
    void (*worsen)(struct statement *s, struct facts *facts, int64_t by);
};

static void less_equity(struct statement *s, struct facts *facts, int64_t by)
{
    (void)facts;
    s->minor[ITEM_EQUITY] -= by;
    s->minor[ITEM_TOTAL_LIABILITIES] += by;
}

static void more_short_debt(struct statement *s, struct facts *facts, int64_t by)
{
    (void)facts;
    s->minor[ITEM_CURRENT_LIABILITIES] += by;
    s->minor[ITEM_TOTAL_LIABILITIES] += by;
    s->minor[ITEM_EQUITY] -= by;
}

static void less_cash(struct statement *s, struct facts *facts, int64_t by)
{
    (void)facts;
    int64_t gone = by < s->minor[ITEM_CASH] ? by : s->minor[ITEM_CASH];
    s->minor[ITEM_CASH] -= gone;
    s->minor[ITEM_INVENTORIES] += gone;
}

static void less_earnings(struct statement *s, struct facts *facts, int64_t by)
{
    (void)facts;
    s->minor[ITEM_EBITDA] -= by;
    s->minor[ITEM_EBIT] -= by;
    s->minor[ITEM_PROFIT_BEFORE_TAX] -= by;
    s->minor[ITEM_NET_INCOME] -= by;
}

static void more_interest(struct statement *s, struct facts *facts, int64_t by)
{
    (void)facts;
    s->minor[ITEM_INTEREST_EXPENSE] += by;
    s->minor[ITEM_FINANCIAL_CHARGES] += by;
    s->minor[ITEM_PROFIT_BEFORE_TAX] -= by;
    s->minor[ITEM_NET_INCOME] -= by;
}

static void more_financial_debt(struct statement *s, struct facts *facts, int64_t by)
{
    (void)facts;
    s->minor[ITEM_FINANCIAL_DEBT] += by;
    s->minor[ITEM_TOTAL_LIABILITIES] += by;
    s->minor[ITEM_EQUITY] -= by;
}

static void younger(struct statement *s, struct facts *facts, int64_t by)
{
    (void)s;
    (void)by;
    facts->company.incorporated_on.year++;
}

static void later(struct statement *s, struct facts *facts, int64_t by)
{
    (void)s;
    (void)by;
    facts->as_of = date_add_months(facts->as_of, 2);
    facts->company.incorporated_on = date_add_months(facts->company.incorporated_on, 2);
}

static void never_improves_on_worse_data(void **state)
{
    static const struct worsening worsenings[] = {
        {"less equity",         less_equity        },
        {"more short debt",     more_short_debt    },
        {"less cash",           less_cash          },
        {"less earnings",       less_earnings      },
        {"more interest",       more_interest      },
        {"more financial debt", more_financial_debt},
        {"a younger company",   younger            },
        {"older accounts",      later              },
    };
    struct model *model = model_of(*state);
    uint64_t seed = 3;
    for (int i = 0; i < RANDOM_COMPANIES; i++) {
        uint64_t seed_before = seed;
        struct random_company c;
        random_company_make(&c, &seed);
        struct score before = score_of(model, &c.facts);
        for (size_t k = 0; k < ARRAY_LEN(worsenings); k++) {
            struct random_company worse = c;
            worse.facts.statements = worse.statements;
            int64_t by = random_between(&seed, 1, c.statements[0].minor[ITEM_TOTAL_ASSETS] / 2);
            worsenings[k].worsen(&worse.statements[0], &worse.facts, by);
            struct score after = score_of(model, &worse.facts);
            if (after.pd_ppm < before.pd_ppm || after.pd_ppm_bound < before.pd_ppm_bound) {
                print_error("%s improved company %" PRIu64 "\n", worsenings[k].what, seed_before);
            }
            assert_true(after.pd_ppm >= before.pd_ppm);
            assert_true(after.pd_ppm_bound >= before.pd_ppm_bound);
            assert_true(after.points <= before.points);
        }
    }
    model_destroy(model);
}

static void never_pays_to_leave_an_item_out(void **state)
{
    struct model *model = model_of(*state);
    uint64_t seed = 4;
    for (int i = 0; i < RANDOM_COMPANIES; i++) {
        struct random_company c;
        random_company_make(&c, &seed);
        struct score before = score_of(model, &c.facts);
        struct statement kept = c.statements[0];
        for (size_t item = 0; item < ITEM_COUNT; item++) {
            if (!statement_has(&kept, (enum item)item)) {
                continue;
            }
            c.statements[0] = kept;
            statement_forget(&c.statements[0], (enum item)item);
            assert_true(score_of(model, &c.facts).pd_ppm_bound >= before.pd_ppm_bound);
            statement_derive(&c.statements[0]); /* what the rest implies changes nothing */
            assert_true(score_of(model, &c.facts).pd_ppm_bound >= before.pd_ppm_bound);
        }
    }
    model_destroy(model);
}

static void never_pays_to_leave_more_and_more_out(void **state)
{
    struct model *model = model_of(*state);
    uint64_t seed = 5;
    for (int i = 0; i < RANDOM_COMPANIES; i++) {
        struct random_company c;
        random_company_make(&c, &seed);
        uint32_t before = score_of(model, &c.facts).pd_ppm_bound;
        while (c.statements[0].stated != 0) {
            enum item item = (enum item)random_between(&seed, 0, ITEM_COUNT - 1);
            statement_forget(&c.statements[0], item);
            uint32_t after = score_of(model, &c.facts).pd_ppm_bound;
            assert_true(after >= before);
            before = after;
        }
    }
    model_destroy(model);
}

static void no_previous_accounts(struct facts *facts)
{
    facts->statement_count = 1;
}

static void no_date_of_birth(struct facts *facts)
{
    facts->company.incorporated_on = (struct date){0};
}

static void no_activity(struct facts *facts)
{
    facts->company.activity_code[0] = '\0';
    facts->company.nomenclature = NOMENCLATURE_NONE;
}

static void no_country(struct facts *facts)
{
    facts->company.country[0] = '\0';
}

static void no_headcount(struct facts *facts)
{
    facts->company.employees = -1;
}

static void nobody(struct facts *facts)
{
    no_date_of_birth(facts);
    no_activity(facts);
    no_country(facts);
    no_headcount(facts);
}

static void never_pays_to_leave_the_profile_out(void **state)
{
    (void)state;
    static void (*const omissions[])(struct facts * facts) = {
        no_previous_accounts, no_date_of_birth, no_activity, no_country, no_headcount, nobody,
    };
    struct model *model = tiny_model();
    uint64_t seed = 6;
    for (int i = 0; i < RANDOM_COMPANIES; i++) {
        struct random_company c;
        random_company_make(&c, &seed);
        for (size_t k = 0; k < ARRAY_LEN(omissions); k++) {
            struct facts with = c.facts;
            struct facts without = c.facts;
            omissions[k](&without);
            assert_true(score_of(model, &without).pd_ppm_bound >=
                        score_of(model, &with).pd_ppm_bound);
            with.statement_count = without.statement_count = 0; /* the same for a thin file */
            assert_true(score_of(model, &without).pd_ppm_bound >=
                        score_of(model, &with).pd_ppm_bound);
        }
    }
    model_destroy(model);
}

static void score_by_a_model_that_cannot_score(void)
{
    struct model *model = tiny_model();
    model->can_score = false;
    struct facts facts = sound_facts(NULL, 0);
    struct score score;
    score_compute(&score, model, &facts);
}

static void stops_at_a_model_that_cannot_score(void **state)
{
    (void)state;
    assert_dies(score_by_a_model_that_cannot_score);
}

#define OF_EACH_FAMILY(test)                                                                       \
    cmocka_unit_test_prestate(test, TINY_MODEL), cmocka_unit_test_prestate(test, TINY_FOREST),     \
        cmocka_unit_test_prestate(test, TINY_BLOCKS)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_a_sound_company_as_computed_by_hand),
        cmocka_unit_test(names_themes_in_order_then_the_rest),
        cmocka_unit_test(tells_each_factor_as_it_stood),
        cmocka_unit_test(knows_a_sector_only_within_a_country),
        cmocka_unit_test(scores_a_thin_file_by_sector_and_age),
        cmocka_unit_test(takes_accounts_it_cannot_use_for_none),
        cmocka_unit_test(keeps_a_certain_failure_below_one),
        cmocka_unit_test(meets_floor_and_cap_and_still_adds_up),
        cmocka_unit_test(is_no_narrower_for_blocks_that_no_model_reads),
        cmocka_unit_test(scores_a_sound_company_by_trees_as_computed_by_hand),
        cmocka_unit_test(takes_what_trees_do_not_know_at_its_worst_for_the_upper_bound),
        cmocka_unit_test(is_lifted_by_links_and_says_by_which),
        cmocka_unit_test(tells_what_each_family_says),
        OF_EACH_FAMILY(adds_up_for_every_company),
        OF_EACH_FAMILY(gives_the_same_answer_twice),
        OF_EACH_FAMILY(never_improves_on_worse_data),
        OF_EACH_FAMILY(never_pays_to_leave_an_item_out),
        OF_EACH_FAMILY(never_pays_to_leave_more_and_more_out),
        OF_EACH_FAMILY(never_pays_to_leave_the_profile_out),
        OF_EACH_FAMILY(stops_at_a_model_that_cannot_score),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
