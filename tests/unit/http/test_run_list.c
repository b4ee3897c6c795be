/* test_run_list.c - each connection in its turn, each in its own order. */
#include "http/run_list.h"

#include "http/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What is done, a letter each: A to D put a request of that connection on the list, '.' takes one.
 * `taken`: of which connection they were. */
static void goes_round_the_connections(void **state)
{
    static const struct {
        const char *steps, *taken;
    } rows[] = {
        {".",                 "-"        },
        {"A.",                "A"        },
        {"A..",               "A-"       },
        {"AAA...",            "AAA"      },
        {"ABC...",            "ABC"      },
        {"AAAAB.....",        "ABAAA"    },
        {"AAAABBC.......",    "ABCABAA"  },
        {"AAA.B.C...",        "AABAC"    }, /* who comes later waits for one of each before it */
        {"AB.A.A.C....",      "ABAAC--"  },
        {"A.A.A..",           "AAA-"     },
        {"ABAB..CD..AB.....", "ABABCDAB-"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        static struct exchange exchanges[32];
        struct run_queue queues[4] = {{0}};
        struct run_list list = {0};
        char taken[32] = "";
        size_t added = 0, len = 0, last[4] = {0};
        memset(exchanges, 0, sizeof exchanges);
        for (const char *step = rows[i].steps; *step != '\0'; step++) {
            if (*step != '.') {
                struct exchange *e = &exchanges[added++];
                e->held = (size_t)(*step - 'A');
                e->x.started_us = added; /* in the order in which they were put there */
                run_list_add(&list, &queues[e->held], e);
                continue;
            }
            size_t before = list.count;
            const struct exchange *e = run_list_take(&list);
            taken[len++] = e == NULL ? '-' : (char)('A' + e->held);
            assert_int_equal(list.count, e == NULL ? 0 : before - 1);
            if (e != NULL) {
                assert_true(e->x.started_us > last[e->held]);
                last[e->held] = e->x.started_us;
            }
        }
        assert_string_equal(taken, rows[i].taken);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_round_the_connections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
