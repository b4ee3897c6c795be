/* test_paired.c - scores kept, read back and compared, and what must not be compared. */
#include "train/paired.h"

#include "../expect.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/test_paired_XXXXXX";
static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 4 * 1024 * 1024);
    int file = mkstemp(path);
    return file < 0 || close(file) != 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return unlink(path);
}

static void file_put(struct str bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
}

/* Two sets: four rows, then three. */
static uint8_t is_bad[] = {1, 0, 1, 0, 0, 1, 0};
static uint8_t set_of[] = {0, 0, 0, 0, 1, 1, 1};
static struct sample_set sets[] = {
    {.row_begin = 0, .row_end = 4},
    {.row_begin = 4, .row_end = 7},
};
static const struct sample sample = {
    .row_count = 7, .set_count = 2, .sets = sets, .is_bad = is_bad, .set = set_of};
static const double theirs[] = {-1, -2, -3.25, -2.5, 0, 1, 0.5};
static const double ours[] = {-1, -2, -1.5, -2.5, 0, 0.25, 0.5};

static void it_keeps_every_row_and_compares_set_by_set(void **state)
{
    (void)state;
    struct auc_difference by_set[2];
    struct error err = {0};
    CLEANUP(buf_finish) struct buf kept;
    buf_init(&kept, 1 << 16);
    paired_write(&kept, &sample, theirs);
    assert_text(buf_str(&kept), "set,row,bad,log_odds\n1,1,1,-1\n1,2,0,-2\n1,3,1,-3.25\n"
                                "1,4,0,-2.5\n2,1,0,0\n2,2,1,1\n2,3,0,0.5\n");
    file_put(buf_str(&kept));
    assert_int_equal(paired_compare(by_set, &sample, ours, path, &arena, &err), STATUS_OK);
    /* The first set's second bad goes from below both goods to above them; the second set's bad
     * falls below one of two. */
    assert_true(fabs(by_set[0].auc_a - 1) < 1e-12 && fabs(by_set[0].auc_b - 0.5) < 1e-12);
    assert_true(fabs(by_set[0].difference - 0.5) < 1e-12);
    assert_true(fabs(by_set[1].difference + 0.5) < 1e-12);
    /* Differences of the bads are 0 and 1, of the goods 1/2 each: variance 1/2 over two bads. */
    assert_true(fabs(by_set[0].se - 0.5) < 1e-12);
    assert_true(fabs(by_set[0].low - (0.5 - 1.959964 * 0.5)) < 1e-9);
    assert_true(fabs(by_set[0].high - (0.5 + 1.959964 * 0.5)) < 1e-9);
    assert_int_equal(paired_compare(by_set, &sample, theirs, path, &arena, &err), STATUS_OK);
    assert_true(by_set[0].difference == 0 && by_set[0].se == 0 && by_set[1].difference == 0);
}

static void it_refuses_what_is_not_the_same_rows(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } refused[] = {
        {"set,row,bad,log_odds\n1,1,1,-1\n",                                                         "has 1 rows, this run has 7"},
        {"set,row,bad,log_odds\n1,1,1,-1\n1,2,0,-2\n1,3,1,-3\n1,4,0,-2\n1,5,0,0\n2,1,1,1\n2,2,0,"
         "0\n",                                                                             "row 5 is of other data"    },
        {"set,row,bad,log_odds\n1,1,1,-1\n1,2,0,-2\n1,4,1,-3\n1,3,0,-2\n2,1,0,0\n2,2,1,1\n2,3,0,"
         "0\n",                                                                             "row 3 is of other data"    },
        {"set,row,bad,log_odds\n1,1,0,-1\n1,2,0,-2\n1,3,1,-3\n1,4,0,-2\n2,1,0,0\n2,2,1,1\n2,3,0,"
         "0\n",                                                                             "row 1 is of other data"    },
        {"set,row,bad,log_odds\n1,1,1,-1\n1,2,0,-2\n1,3,1,-3\n1,4,0,\n2,1,0,0\n2,2,1,1\n2,3,0,0\n",
         "row 4 has no \"log_odds\""                                                                                             },
        {"set,row,bad,log_odds\n1,1,1,-1\n1,2,0,-2\n1,3,1,-3\n1,4,0,x\n2,1,0,0\n2,2,1,1\n2,3,0,0\n",
         "no column \"log_odds\" of numbers"                                                                                     },
        {"set,row,bad,pd\n1,1,1,-1\n1,2,0,-2\n1,3,1,-3\n1,4,0,-2\n2,1,0,0\n2,2,1,1\n2,3,0,0\n",
         "no column \"log_odds\" of numbers"                                                                                     },
    };
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct auc_difference by_set[2];
        struct error err = {0};
        file_put(str_from(refused[i].text));
        if (paired_compare(by_set, &sample, ours, path, &arena, &err) != STATUS_INVALID ||
            strstr(err.message, refused[i].message) == NULL) {
            fail_msg("%s: %s", refused[i].message, err.message);
        }
    }
    struct auc_difference by_set[2];
    struct error err = {0};
    assert_int_not_equal(paired_compare(by_set, &sample, ours, "/nowhere/at/all.csv", &arena, &err),
                         STATUS_OK);
}

static void it_compares_predictions_of_one_table_row_by_row(void **state)
{
    (void)state;
    static const uint32_t table_row[] = {2, 5, 6};
    static const double pd[] = {0.1, 0.4, 0.2};
    static const uint8_t bad[] = {0, 1, 0};
    const struct paired_rows rows = {3, table_row, pd, bad};
    struct auc_difference d;
    struct error err = {0};
    file_put(STR("row,pd,score\n3,0.1,700\n6,0.15,650\n7,0.2,600\n"));
    assert_int_equal(paired_compare_rows(&d, &rows, path, &arena, &err), STATUS_OK);
    assert_true(fabs(d.auc_a - 1) < 1e-12 && fabs(d.auc_b - 0.5) < 1e-12);
    file_put(STR("row,pd,score\n3,0.1,700\n5,0.15,650\n7,0.2,600\n"));
    assert_int_equal(paired_compare_rows(&d, &rows, path, &arena, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "row 2 is of other data"));
    file_put(STR("row,score\n3,700\n6,650\n7,600\n"));
    assert_int_equal(paired_compare_rows(&d, &rows, path, &arena, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "no column \"pd\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_keeps_every_row_and_compares_set_by_set),
        cmocka_unit_test(it_refuses_what_is_not_the_same_rows),
        cmocka_unit_test(it_compares_predictions_of_one_table_row_by_row),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
