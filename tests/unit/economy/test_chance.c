/* test_chance.c - moments of the distributions, and streams that know nothing of each other. */
#include "economy/chance.h"

#include "../expect.h"

enum { DRAWS = 20000 };

static void assert_near(double got, double want, double most)
{
    double gap = got > want ? got - want : want - got;
    if (!(gap <= most)) {
        fail_msg("%g is not %g within %g", got, want, most);
    }
}

struct moments {
    double mean, variance;
};

static struct moments moments_of(double (*draw)(struct chance *c))
{
    struct chance c = chance_of(7, TOPIC_OWN, 0);
    double sum = 0.0, squares = 0.0;
    for (int i = 0; i < DRAWS; i++) {
        double x = draw(&c);
        sum += x;
        squares += x * x;
    }
    double mean = sum / DRAWS;
    return (struct moments){mean, squares / DRAWS - mean * mean};
}

static double gamma_small(struct chance *c)
{
    return chance_gamma(c, 0.8);
}

static double gamma_large(struct chance *c)
{
    return chance_gamma(c, 4.0);
}

static double beta_6_2(struct chance *c)
{
    return chance_beta(c, 6.0, 2.0);
}

static double poisson_4(struct chance *c)
{
    return chance_poisson(c, 4.0);
}

static void it_has_the_moments_of_each_distribution(void **state)
{
    (void)state;
    static const struct {
        double (*draw)(struct chance *c);
        double mean, variance;
    } rows[] = {
        {chance_uniform,     0.5,  1.0 / 12.0       },
        {chance_normal,      0.0,  1.0              },
        {chance_exponential, 1.0,  1.0              },
        {gamma_small,        0.8,  0.8              },
        {gamma_large,        4.0,  4.0              },
        {beta_6_2,           0.75, 0.75 * 0.25 / 9.0},
        {poisson_4,          4.0,  4.0              },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct moments got = moments_of(rows[i].draw);
        assert_near(got.mean, rows[i].mean, 0.05);
        assert_near(got.variance, rows[i].variance, 0.05 * rows[i].variance + 0.02);
    }
}

static void it_stays_inside_of_its_range(void **state)
{
    (void)state;
    struct chance c = chance_of(3, TOPIC_OWN, 0);
    for (int i = 0; i < DRAWS; i++) {
        double u = chance_uniform(&c);
        assert_true(u > 0.0 && u < 1.0);
        assert_true(chance_below(&c, 3) < 3);
        assert_true(chance_poisson(&c, 59.0) <= 60);
    }
    assert_false(chance_happens(&c, 0.0));
    assert_true(chance_happens(&c, 1.0));
}

static void it_gives_each_topic_and_number_a_stream_of_its_own(void **state)
{
    (void)state;
    struct chance same = chance_of(1, TOPIC_BANK, 5), again = chance_of(1, TOPIC_BANK, 5);
    struct chance topic = chance_of(1, TOPIC_BOOKS, 5), number = chance_of(1, TOPIC_BANK, 6);
    struct chance key = chance_of(2, TOPIC_BANK, 5);
    uint64_t first = chance_key(&same);
    assert_true(first == chance_key(&again));
    assert_true(first != chance_key(&topic));
    assert_true(first != chance_key(&number));
    assert_true(first != chance_key(&key));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_has_the_moments_of_each_distribution),
        cmocka_unit_test(it_stays_inside_of_its_range),
        cmocka_unit_test(it_gives_each_topic_and_number_a_stream_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
