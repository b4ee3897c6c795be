/* test_request.c - Host, the one rule with a grammar of its own; the rest stands in requests.h. */
#include "../expect.h"
#include "http/request.h"

static void knows_a_host_from_anything_else(void **state)
{
    (void)state;
    static const struct {
        const char *host;
        bool want;
    } rows[] = {
        {"a",                       true },
        {"api.example.com",         true },
        {"127.0.0.1",               true },
        {"127.0.0.1:0",             true },
        {"a-b_c.d",                 true },
        {"a:1",                     true },
        {"a:65535",                 true },
        {"[::1]",                   true },
        {"[2001:DB8::1.2.3.4]:443", true },
        {"",                        false},
        {":",                       false},
        {":80",                     false},
        {"a:",                      true },
        {"a::",                     false},
        {"[::1]:",                  true },
        {"[]:",                     false},
        {"a:65536",                 false},
        {"a:000080",                false},
        {"a:-1",                    false},
        {"a:80:80",                 false},
        {"a b",                     false},
        {"a,b",                     false},
        {"a/b",                     false},
        {"a\\b",                    false},
        {"u@a",                     false},
        {"a?",                      false},
        {"a#",                      false},
        {"a%41",                    false},
        {"\xC3\xA9",                false},
        {"[",                       false},
        {"[]",                      false},
        {"[::1",                    false},
        {"[::1]x",                  false},
        {"[::g]",                   false},
        {"::1",                     false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (request_host_is_valid(str_from(rows[i].host)) != rows[i].want) {
            fail_msg("\"%s\" is taken for %s", rows[i].host, rows[i].want ? "junk" : "a host");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(knows_a_host_from_anything_else)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
