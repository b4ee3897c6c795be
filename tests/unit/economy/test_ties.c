/* test_ties.c - groups, boards and trade keep to the recipe. */
#include "founded.h"

static void it_has_three_firms_in_ten_in_groups_of_three_or_more(void **state)
{
    (void)state;
    struct economy e = economy_founded(2, 10000, 1);
    uint32_t members = 0;
    for (uint32_t i = 0; i < e.firm_count; i++) {
        members += e.firms[i].group != FIRM_NONE ? 1 : 0;
    }
    assert_true(members > 2700 && members < 3300);
    for (uint32_t g = 0; g < e.ties.group_count; g++) {
        const struct group *group = &e.ties.groups[g];
        assert_true(group->end - group->first >= 3);
        assert_int_equal(e.firms[group->first].parent, FIRM_NONE);
        for (uint32_t i = group->first + 1; i < group->end; i++) {
            uint32_t parent = e.firms[i].parent;
            assert_true(parent >= group->first && parent < i);
            assert_true(parent == group->first || e.firms[parent].group == g);
            assert_in_range(e.firms[i].share_ppm, 1, 1000000);
        }
    }
}

static void it_sells_to_others_and_less_than_all(void **state)
{
    (void)state;
    struct economy e = economy_founded(2, 3000, 1);
    for (uint32_t i = 0; i < e.firm_count; i++) {
        double sum = 0.0;
        for (uint32_t k = e.ties.first_sale[i]; k < e.ties.first_sale[i + 1]; k++) {
            assert_true(e.ties.sales[k].customer != i);
            assert_true(e.ties.sales[k].customer < e.firm_count);
            sum += e.ties.sales[k].share;
        }
        assert_true(sum < 1.0);
    }
    double mean = (double)e.ties.first_sale[e.firm_count] / e.firm_count;
    assert_true(mean > 3.8 && mean < 4.2);
}

static void it_seats_every_firm_once(void **state)
{
    (void)state;
    struct economy e = economy_founded(2, 3000, 3);
    for (uint32_t year = 0; year < 3; year++) {
        uint32_t shared = 0;
        assert_int_equal(e.ties.first_seat[e.firm_count], e.firm_count);
        for (uint32_t person = 0; person < e.firm_count; person++) {
            uint32_t first = e.ties.first_seat[person], end = e.ties.first_seat[person + 1];
            for (uint32_t k = first; k < end; k++) {
                assert_int_equal(e.firms[e.ties.seats[k]].director, person);
            }
            shared += end - first > 1 ? end - first : 0;
        }
        assert_true(shared > 600);
        if (year < 2) {
            economy_advance(&e);
        }
    }
}

static void it_leaves_no_child_with_a_parent_that_is_gone(void **state)
{
    (void)state;
    struct economy e = economy_founded(4, 5000, 4);
    for (uint32_t year = 1; year < 4; year++) {
        economy_advance(&e);
        for (uint32_t i = 0; i < e.firm_count; i++) {
            uint32_t parent = e.firms[i].parent;
            assert_true(parent == FIRM_NONE || e.firms[parent].group == e.firms[i].group);
        }
    }
}

static void it_stands_a_firm_alone(void **state)
{
    (void)state;
    struct economy e = economy_founded(9, 1, 2);
    assert_int_equal(e.ties.first_sale[1], 0);
    economy_advance(&e);
    assert_int_equal(e.firms[0].parent, FIRM_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_has_three_firms_in_ten_in_groups_of_three_or_more),
        cmocka_unit_test(it_sells_to_others_and_less_than_all),
        cmocka_unit_test(it_seats_every_firm_once),
        cmocka_unit_test(it_leaves_no_child_with_a_parent_that_is_gone),
        cmocka_unit_test(it_stands_a_firm_alone),
    };
    return cmocka_run_group_tests(tests, NULL, economy_tear_down);
}
