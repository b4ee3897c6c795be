/* test_key_ring.c - keys of late, for a second; and what a scope allows. */
#include "service/key_ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void forgets_after_its_time(void **state)
{
    struct key_ring *ring = key_ring_create();
    struct digest hash = digest_of(STR("key"));
    struct api_key key = {.environment = 3}, out;
    (void)state;
    assert_false(key_ring_find(ring, &hash, 0, &out));
    key_ring_keep(ring, &hash, 1000, &key);
    assert_true(key_ring_find(ring, &hash, 1000 + KEY_RING_MS - 1, &out));
    assert_int_equal(out.environment, 3);
    assert_false(key_ring_find(ring, &hash, 1000 + KEY_RING_MS, &out));
    key_ring_destroy(ring);
}

static void does_not_take_one_key_for_another_of_the_same_slot(void **state)
{
    struct key_ring *ring = key_ring_create();
    struct digest hash = digest_of(STR("key")), other = hash;
    struct api_key key = {.environment = 3}, out;
    (void)state;
    other.bytes[DIGEST_LEN - 1] ^= 1;
    key_ring_keep(ring, &hash, 0, &key);
    assert_false(key_ring_find(ring, &other, 0, &out));
    key_ring_keep(ring, &other, 0, &key);
    assert_false(key_ring_find(ring, &hash, 0, &out));
    key_ring_destroy(ring);
}

static void allows_what_a_scope_says_and_no_more(void **state)
{
    static const struct {
        const char *scopes, *wanted;
        bool allowed;
    } rows[] = {
        {"decisions:read",                 "decisions:read",  true },
        {"decisions:read",                 "decisions:write", false},
        {"decisions:write decisions:read", "decisions:read",  true },
        {"decisions:*",                    "decisions:write", true },
        {"decisions:*",                    "decision:write",  false},
        {"decision:*",                     "decisions:write", false},
        {"admin",                          "decisions:write", true },
        {"administrator",                  "decisions:write", false},
        {"",                               "decisions:read",  false},
        {"decisions:readx",                "decisions:read",  false},
        {"*",                              "decisions:read",  false},
        {":*",                             "decisions:read",  false},
        {"decisions",                      "decisions:read",  false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(scopes_allow(rows[i].scopes, rows[i].wanted), rows[i].allowed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forgets_after_its_time),
        cmocka_unit_test(does_not_take_one_key_for_another_of_the_same_slot),
        cmocka_unit_test(allows_what_a_scope_says_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
