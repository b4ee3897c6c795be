/* test_fold.c - groups stay whole, strata are shared out, the seed decides. */
#include "train/fold.h"

#include "../expect.h"

enum { GROUPS = 1000, ROWS = 3 * GROUPS, FOLDS = 5 };

static struct arena arena;
static uint32_t group[ROWS];
static uint8_t is_bad[ROWS], set[ROWS], fold[ROWS];

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1024 * 1024);
    for (uint32_t row = 0; row < ROWS; row++) {
        group[row] = row / 3;
        set[row] = row / 3 % 2;
        is_bad[row] =
            row % 3 == 2 && group[row] % 20 == 0; /* the last year of every twentieth company */
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static struct fold_request request_of(uint64_t seed)
{
    return (struct fold_request){.row_count = ROWS,
                                 .group = group,
                                 .group_count = GROUPS,
                                 .is_bad = is_bad,
                                 .set = set,
                                 .fold_count = FOLDS,
                                 .seed = seed};
}

static void it_never_splits_a_group(void **state)
{
    (void)state;
    struct fold_request rq = request_of(1);
    assert_int_equal(fold_assign(fold, &rq, &arena, NULL), STATUS_OK);
    for (uint32_t row = 1; row < ROWS; row++) {
        assert_true(fold[row] < FOLDS);
        assert_true(group[row] != group[row - 1] || fold[row] == fold[row - 1]);
    }
}

static void it_gives_each_fold_its_share_of_every_stratum(void **state)
{
    (void)state;
    struct fold_request rq = request_of(2);
    assert_int_equal(fold_assign(fold, &rq, &arena, NULL), STATUS_OK);
    uint32_t rows[FOLDS] = {0};
    uint32_t bads[FOLDS] = {0};
    uint32_t firsts[FOLDS] = {0};
    for (uint32_t row = 0; row < ROWS; row++) {
        rows[fold[row]]++;
        bads[fold[row]] += is_bad[row];
        firsts[fold[row]] += set[row] == 0;
    }
    for (int k = 0; k < FOLDS; k++) {
        assert_int_equal(rows[k], ROWS / FOLDS);
        assert_int_equal(bads[k], GROUPS / 20 / FOLDS);
        assert_in_range(firsts[k], ROWS / 2 / FOLDS - 6, ROWS / 2 / FOLDS + 6);
    }
}

static void it_depends_on_the_seed_and_on_nothing_else(void **state)
{
    (void)state;
    static uint8_t again[ROWS];
    struct fold_request rq = request_of(3);
    assert_int_equal(fold_assign(fold, &rq, &arena, NULL), STATUS_OK);
    assert_int_equal(fold_assign(again, &rq, &arena, NULL), STATUS_OK);
    assert_memory_equal(fold, again, ROWS);
    rq.seed = 4;
    assert_int_equal(fold_assign(again, &rq, &arena, NULL), STATUS_OK);
    assert_memory_not_equal(fold, again, ROWS);
}

/* First outputs of splitmix64 from 1234567, as its author published them. */
static void it_draws_the_published_numbers(void **state)
{
    (void)state;
    uint64_t seed = 1234567;
    assert_true(splitmix64(&seed) == 6457827717110365317u);
    assert_true(splitmix64(&seed) == 3203168211198807973u);
    assert_true(splitmix64(&seed) == 9817491932198370423u);
}

static void one_fold(void)
{
    struct fold_request rq = request_of(1);
    rq.fold_count = 1;
    enum status status = fold_assign(fold, &rq, &arena, NULL);
    (void)status;
}

static void one_fold_is_our_bug(void **state)
{
    (void)state;
    assert_dies(one_fold);
}

static void it_says_when_memory_is_short(void **state)
{
    (void)state;
    struct arena small;
    struct fold_request rq = request_of(1);
    arena_init(&small, 512);
    assert_int_equal(fold_assign(fold, &rq, &small, NULL), STATUS_TOO_LARGE);
    arena_finish(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_never_splits_a_group),
        cmocka_unit_test(it_gives_each_fold_its_share_of_every_stratum),
        cmocka_unit_test(it_depends_on_the_seed_and_on_nothing_else),
        cmocka_unit_test(it_draws_the_published_numbers),
        cmocka_unit_test(one_fold_is_our_bug),
        cmocka_unit_test(it_says_when_memory_is_short),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
