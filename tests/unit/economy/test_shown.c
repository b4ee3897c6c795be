/* test_shown.c - what is left out and what is spoiled leaves the rest alone. */
#include "founded.h"

enum { FIRMS = 3000 };

static uint32_t shown_blocks(const struct economy *e, const struct showing_options *options)
{
    uint32_t count = 0;
    struct shown shown;
    for (uint32_t i = 0; i < e->firm_count; i++) {
        shown_make(&shown, options, e, i);
        count += (uint32_t)__builtin_popcount(shown.blocks & ~(1U << BLOCK_FINANCIAL));
    }
    return count;
}

static void it_leaves_out_the_share_that_is_told(void **state)
{
    (void)state;
    struct economy e = economy_founded(1, FIRMS, 1);
    static const struct {
        double missing;
        uint32_t least, most;
    } rows[] = {
        {0.0,  5 * FIRMS, 5 * FIRMS},
        {0.25, 5 * 2150,  5 * 2350 },
        {1.0,  0,         0        },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct showing_options options = {.blocks = (1U << BLOCK_COUNT) - 1,
                                          .missing = rows[i].missing};
        uint32_t count = shown_blocks(&e, &options);
        assert_in_range(count, rows[i].least, rows[i].most);
    }
}

static void it_shows_no_block_that_was_not_asked_for(void **state)
{
    (void)state;
    struct economy e = economy_founded(1, 200, 1);
    struct showing_options options = {.blocks = 1U << BLOCK_BANK, .is_dirty = true};
    struct shown shown;
    for (uint32_t i = 0; i < e.firm_count; i++) {
        shown_make(&shown, &options, &e, i);
        assert_int_equal(shown.blocks, 1U << BLOCK_BANK);
        assert_int_equal(shown.dirt & ~(1U << DIRT_FOREIGN_ACCOUNT), 0);
    }
}

static void it_has_no_accounts_of_who_closed_none(void **state)
{
    (void)state;
    struct economy e = economy_founded(1, FIRMS, 1);
    struct shown shown;
    uint32_t without = 0;
    for (uint32_t i = 0; i < e.firm_count; i++) {
        shown_make(&shown, &everything, &e, i);
        assert_int_equal(shown_has(&shown, BLOCK_FINANCIAL), date_is_set(shown.closing));
        without += date_is_set(shown.closing) ? 0 : 1;
    }
    assert_in_range(without, 50, FIRMS / 4);
}

static void it_spoils_each_in_its_share(void **state)
{
    (void)state;
    struct economy e = economy_founded(1, FIRMS, 1);
    struct showing_options options = everything;
    uint32_t count[DIRT_COUNT] = {0};
    options.is_dirty = true;
    for (uint32_t i = 0; i < e.firm_count; i++) {
        struct shown shown, clean;
        shown_make(&shown, &options, &e, i);
        shown_make(&clean, &everything, &e, i);
        assert_int_equal(clean.dirt, 0);
        assert_int_equal(shown.blocks, clean.blocks);
        assert_false(shown_is(&shown, DIRT_SHORT_EXERCISE) && shown_is(&shown, DIRT_LONG_EXERCISE));
        for (size_t d = 0; d < DIRT_COUNT; d++) {
            count[d] += shown_is(&shown, (enum dirt)d) ? 1 : 0;
        }
    }
    for (size_t d = 0; d < DIRT_COUNT; d++) {
        if (count[d] < FIRMS / 100 || count[d] > FIRMS / 10) {
            fail_msg("%s: %u of %d", dirt_wire((enum dirt)d), count[d], FIRMS);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_leaves_out_the_share_that_is_told),
        cmocka_unit_test(it_shows_no_block_that_was_not_asked_for),
        cmocka_unit_test(it_has_no_accounts_of_who_closed_none),
        cmocka_unit_test(it_spoils_each_in_its_share),
    };
    return cmocka_run_group_tests(tests, NULL, economy_tear_down);
}
