/* test_bound_cost.c - the way from score to bound adds up, and what is told takes its part of it.
 */
#include "score/bound_cost.h"

#include "tiny.h"

static struct model *model;

static int set_up(void **state)
{
    (void)state;
    model = model_of(TINY_BLOCKS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    model_destroy(model);
    return 0;
}

static struct bound_cost cost_of(const struct facts *facts, struct score *score)
{
    score_compute(score, model, facts);
    return bound_cost_of(model, score, facts);
}

static int32_t sum_of(const struct bound_cost *cost)
{
    int32_t sum = cost->place + cost->uncertainty;
    for (size_t i = 0; i < BLOCK_COUNT; i++) {
        sum += cost->blocks[i];
    }
    return sum;
}

static void the_parts_sum_to_the_total(void **state)
{
    struct statement statements[2] = {sound_statement(2025), sound_statement(2024)};
    struct score score;
    (void)state;
    for (uint32_t count = 0; count <= 2; count++) {
        struct facts facts = sound_facts(statements, count);
        struct bound_cost cost = cost_of(&facts, &score);
        assert_int_equal(sum_of(&cost), cost.total);
        assert_true(cost.total < 0);
        assert_true(cost.uncertainty < 0);
    }
}

/* 60 points double the odds: the total is the distance of the two PDs. */
static void the_total_is_the_distance_of_the_pds(void **state)
{
    struct statement statement = sound_statement(2025);
    struct facts facts = sound_facts(&statement, 1);
    struct score score;
    (void)state;
    struct bound_cost cost = cost_of(&facts, &score);
    int32_t distance = score_of_pd(score.pd_ppm_bound) - score_of_pd(score.pd_ppm);
    assert_true(cost.total >= 10 * distance - 10);
    assert_true(cost.total <= 10 * distance + 10);
}

static void an_item_left_out_costs_in_its_block(void **state)
{
    struct statement statement = sound_statement(2025);
    struct facts facts = sound_facts(&statement, 1);
    struct score score;
    (void)state;
    struct bound_cost all = cost_of(&facts, &score);
    statement_forget(&statement, ITEM_CASH);
    statement_forget(&statement, ITEM_SECURITIES);
    statement_forget(&statement, ITEM_INVENTORIES);
    statement_forget(&statement, ITEM_TRADE_RECEIVABLES);
    struct bound_cost some = cost_of(&facts, &score);
    assert_true(some.blocks[BLOCK_FINANCIAL] < all.blocks[BLOCK_FINANCIAL]);
    assert_int_equal(some.blocks[BLOCK_BANK], all.blocks[BLOCK_BANK]);
}

static void a_block_that_was_sent_costs_less_than_one_left_out(void **state)
{
    struct statement statement = sound_statement(2025);
    struct facts facts = sound_facts(&statement, 1);
    struct score score;
    (void)state;
    struct bound_cost without = cost_of(&facts, &score);
    facts.blocks_sent |= 1U << BLOCK_LEGAL; /* and there are no events */
    struct bound_cost with = cost_of(&facts, &score);
    assert_true(without.blocks[BLOCK_LEGAL] < 0);
    assert_true(with.blocks[BLOCK_LEGAL] > without.blocks[BLOCK_LEGAL]);
}

static void an_unstated_place_costs(void **state)
{
    struct statement statement = sound_statement(2025);
    struct facts facts = sound_facts(&statement, 1);
    struct score score;
    (void)state;
    assert_int_equal(cost_of(&facts, &score).place, 0);
    facts.company.activity_code[0] = '\0';
    facts.company.nomenclature = NOMENCLATURE_NONE;
    facts.company.country[0] = '\0';
    struct bound_cost cost = cost_of(&facts, &score);
    assert_true(cost.place <= 0);
    assert_int_equal(sum_of(&cost), cost.total);
}

static void links_left_out_cost_up_to_the_cap(void **state)
{
    struct statement statement = sound_statement(2025);
    struct facts facts = sound_facts(&statement, 1);
    struct score score;
    (void)state;
    struct bound_cost without = cost_of(&facts, &score);
    facts.blocks_sent |= 1U << BLOCK_GRAPH; /* and there are none */
    struct bound_cost with = cost_of(&facts, &score);
    assert_true(without.blocks[BLOCK_GRAPH] < -10);
    assert_in_range(with.blocks[BLOCK_GRAPH] + 10, 0, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parts_sum_to_the_total),
        cmocka_unit_test(the_total_is_the_distance_of_the_pds),
        cmocka_unit_test(an_item_left_out_costs_in_its_block),
        cmocka_unit_test(a_block_that_was_sent_costs_less_than_one_left_out),
        cmocka_unit_test(an_unstated_place_costs),
        cmocka_unit_test(links_left_out_cost_up_to_the_cap),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
