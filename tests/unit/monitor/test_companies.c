/* test_companies.c - a company is one, however many there are. */
#include "monitor/companies.h"

#include "../expect.h"

#include <stdio.h>

static void finds_each_again(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    struct companies c = {0};
    char key[32];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < COUNT; i++) {
            (void)snprintf(key, sizeof key, "FR:siren:%09d", i);
            struct company_state *s = companies_find(&c, company_hash(str_from(key)));
            assert_non_null(s);
            assert_int_equal(s->newest_grade, round == 0 ? 0 : i % 7);
            s->newest_grade = (uint8_t)(i % 7);
        }
        assert_int_equal(c.count, COUNT);
    }
    companies_finish(&c);
    companies_finish(&c);
}

static void a_key_of_nothing(void)
{
    struct companies c = {0};
    (void)companies_find(&c, 0);
}

static void nobody_has_no_place(void **state)
{
    (void)state;
    assert_true(company_hash(STR("")) != 0);
    assert_true(company_hash(STR("a")) != company_hash(STR("b")));
    assert_dies(a_key_of_nothing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_each_again),
        cmocka_unit_test(nobody_has_no_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
