/* test_low_default.c - the tables of Pluto and Tasche 2005 (800 companies in grades of 100, 400 and
 * 300, nobody defaulted), closed forms, and scipy's quadrature for the correlated ones. */
#include "monitor/low_default.h"

#include "../expect.h"

static void agrees(void **state)
{
    (void)state;
    static const struct {
        uint32_t n, d;
        double confidence, correlation, pd;
    } rows[] = {
        {100, 0, 0.5,   0,    0.0069075046 },
        {100, 0, 0.9,   0,    0.022762779  },
        {400, 1, 0.75,  0,    0.0067173584 },
        {800, 3, 0.9,   0,    0.0083317822 },
        {800, 0, 0.5,   0,    0.00086605873},
        {800, 0, 0.999, 0,    0.0085975222 },
        {700, 0, 0.9,   0,    0.0032840031 },
        {300, 0, 0.5,   0,    0.0023078235 },
        {300, 0, 0.999, 0,    0.022762779  },
        {100, 0, 0.9,   0.12, 0.0452057778 },
        {800, 3, 0.75,  0.12, 0.0141487374 },
        {400, 1, 0.5,   0.24, 0.0103492590 },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_close(pluto_tasche(rows[i].n, rows[i].d, rows[i].confidence, rows[i].correlation),
                     rows[i].pd, 1e-8);
    }
    assert_close(pluto_tasche(5, 5, 0.9, 0), 1, 0);
}

static void shrinks_towards_the_model(void **state)
{
    (void)state;
    assert_close(bayes_shrunk(0, 0, 0.02, 100), 0.02, 1e-15);
    assert_close(bayes_shrunk(100, 0, 0.02, 100), 0.01, 1e-15);
    assert_close(bayes_shrunk(100, 4, 0.02, 100), 0.03, 1e-15);
    assert_close(bayes_shrunk(100, 4, 0.02, 0), 0.04, 1e-15);
}

static void nobody(void)
{
    (void)pluto_tasche(0, 0, 0.9, 0);
}
static void more_than_all(void)
{
    (void)pluto_tasche(5, 6, 0.9, 0);
}
static void certainty(void)
{
    (void)pluto_tasche(5, 0, 1, 0);
}
static void lockstep(void)
{
    (void)pluto_tasche(5, 0, 0.9, 1);
}

static void refuses_what_is_no_book(void **state)
{
    (void)state;
    assert_dies(nobody);
    assert_dies(more_than_all);
    assert_dies(certainty);
    assert_dies(lockstep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees),
        cmocka_unit_test(shrinks_towards_the_model),
        cmocka_unit_test(refuses_what_is_no_book),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
