/* test_deadline.c - queues of those who wait equally long. */
#include "../expect.h"
#include "http/deadline.h"

static struct deadlines fresh(void)
{
    struct deadlines all = {0};
    all.kinds[DEADLINE_HEAD].wait_us = 10;
    all.kinds[DEADLINE_BODY].wait_us = 30;
    return all;
}

static void knows_the_next_one_of_all_kinds(void **state)
{
    (void)state;
    struct deadlines all = fresh();
    struct deadline a = {0};
    struct deadline b = {0};
    struct deadline c = {0};
    assert_true(deadline_next_us(&all) == UINT64_MAX);
    deadline_set(&all, &a, DEADLINE_BODY, 100);
    assert_true(deadline_next_us(&all) == 130);
    deadline_set(&all, &b, DEADLINE_HEAD, 105);
    deadline_set(&all, &c, DEADLINE_HEAD, 106);
    assert_true(deadline_next_us(&all) == 115);
    assert_null(deadline_expired(&all, 114));
    assert_ptr_equal(deadline_expired(&all, 115), &b);
    assert_null(deadline_expired(&all, 115));
    assert_ptr_equal(deadline_expired(&all, 1000), &c);
    assert_ptr_equal(deadline_expired(&all, 1000), &a);
    assert_null(deadline_expired(&all, 1000));
    assert_false(a.is_set || b.is_set || c.is_set);
}

static void forgets_one_from_any_place(void **state)
{
    (void)state;
    for (size_t out = 0; out < 3; out++) {
        struct deadlines all = fresh();
        struct deadline d[3] = {{0}};
        for (size_t i = 0; i < 3; i++) {
            deadline_set(&all, &d[i], DEADLINE_HEAD, i);
        }
        deadline_clear(&all, &d[out]);
        deadline_clear(&all, &d[out]); /* twice is once */
        for (size_t i = 0; i < 3; i++) {
            if (i != out) {
                assert_ptr_equal(deadline_expired(&all, 100), &d[i]);
            }
        }
        assert_null(deadline_expired(&all, 100));
    }
}

static void starts_anew_when_set_again(void **state)
{
    (void)state;
    struct deadlines all = fresh();
    struct deadline a = {0};
    struct deadline b = {0};
    deadline_set(&all, &a, DEADLINE_HEAD, 0);
    deadline_set(&all, &b, DEADLINE_HEAD, 1);
    deadline_set(&all, &a, DEADLINE_HEAD, 5);
    assert_ptr_equal(deadline_expired(&all, 11), &b);
    assert_null(deadline_expired(&all, 14));
    deadline_set(&all, &a, DEADLINE_BODY, 6);
    assert_null(deadline_expired(&all, 35));
    assert_ptr_equal(deadline_expired(&all, 36), &a);
    assert_int_equal(a.kind, DEADLINE_BODY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_next_one_of_all_kinds),
        cmocka_unit_test(forgets_one_from_any_place),
        cmocka_unit_test(starts_anew_when_set_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
