/* test_histogram.c - ranges, sums, and many threads. */
#include "base/histogram.h"

#include "../expect.h"

#include <pthread.h>

static const uint64_t bounds[] = {10, 20, 40};
static const uint64_t others[] = {10, 20, 40};

static uint64_t count_of(const struct histogram *h, size_t range)
{
    return atomic_load(&h->counts[range]);
}

static void a_bound_belongs_to_the_range_it_ends(void **state)
{
    static const struct {
        uint64_t value;
        size_t range;
    } rows[] = {
        {0,          0},
        {9,          0},
        {10,         0},
        {11,         1},
        {20,         1},
        {21,         2},
        {40,         2},
        {41,         3},
        {UINT64_MAX, 3}
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct histogram h;
        histogram_init(&h, bounds, ARRAY_LEN(bounds));
        histogram_add(&h, rows[i].value);
        for (size_t range = 0; range <= ARRAY_LEN(bounds); range++) {
            assert_int_equal(count_of(&h, range), range == rows[i].range ? 1 : 0);
        }
        assert_int_equal(atomic_load(&h.sum), rows[i].value);
    }
}

static void without_bounds_there_is_one_range(void **state)
{
    (void)state;
    struct histogram h;
    histogram_init(&h, NULL, 0);
    histogram_add(&h, 5);
    assert_int_equal(count_of(&h, 0), 1);
}

static void two_are_added_range_by_range(void **state)
{
    (void)state;
    struct histogram a;
    struct histogram b;
    histogram_init(&a, bounds, ARRAY_LEN(bounds));
    histogram_init(&b, bounds, ARRAY_LEN(bounds));
    histogram_add(&a, 5);
    histogram_add(&b, 5);
    histogram_add(&b, 99);
    histogram_add_all(&a, &b);
    assert_int_equal(count_of(&a, 0), 2);
    assert_int_equal(count_of(&a, 3), 1);
    assert_int_equal(atomic_load(&a.sum), 109);
    assert_int_equal(count_of(&b, 0), 1);
}

static void add_what_has_other_ranges(void)
{
    struct histogram a;
    struct histogram b;
    histogram_init(&a, bounds, ARRAY_LEN(bounds));
    histogram_init(&b, others, ARRAY_LEN(others));
    histogram_add_all(&a, &b);
}

static void take_too_many_bounds(void)
{
    static const uint64_t many[HISTOGRAM_BOUNDS_MAX + 1];
    struct histogram h;
    histogram_init(&h, many, ARRAY_LEN(many));
}

static void what_cannot_fit_is_a_bug(void **state)
{
    (void)state;
    assert_dies(add_what_has_other_ranges);
    assert_dies(take_too_many_bounds);
}

enum { THREADS = 4, ADDITIONS = 20000 };

static void *add_many(void *context)
{
    for (uint64_t i = 0; i < ADDITIONS; i++) {
        histogram_add(context, i % 50);
    }
    return NULL;
}

static void no_addition_is_lost_between_threads(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    struct histogram h;
    uint64_t count = 0;
    histogram_init(&h, bounds, ARRAY_LEN(bounds));
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, add_many, &h), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    for (size_t range = 0; range <= ARRAY_LEN(bounds); range++) {
        count += count_of(&h, range);
    }
    assert_int_equal(count, THREADS * ADDITIONS);
    assert_int_equal(atomic_load(&h.sum), THREADS * ADDITIONS / 50 * (49 * 50 / 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bound_belongs_to_the_range_it_ends),
        cmocka_unit_test(without_bounds_there_is_one_range),
        cmocka_unit_test(two_are_added_range_by_range),
        cmocka_unit_test(what_cannot_fit_is_a_bug),
        cmocka_unit_test(no_addition_is_lost_between_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
