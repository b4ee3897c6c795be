/* test_table.c - CSV and gzip into columns; what is damaged is refused with its place. */
#include "train/table.h"

#include "../expect.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

static struct arena arena;
static char directory[] = "/tmp/test_table_XXXXXX";

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 64 * 1024 * 1024);
    return mkdtemp(directory) == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return rmdir(directory);
}

static const char *path_of(const char *name)
{
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static void file_put(const char *path, const void *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static enum status read_text(struct table *t, struct str text, struct error *err)
{
    return table_read(t, NULL, &text, 1, &arena, err);
}

static void it_tells_numbers_words_and_what_is_missing_apart(void **state)
{
    (void)state;
    struct table t;
    assert_int_equal(
        read_text(
            &t, STR("\xef\xbb\xbfid, x ,y,none\r\n007,1.5,a,\r\n8,NA,,nan\r\n\r\n9,-2e-3,3,?\r\n"),
            NULL),
        STATUS_OK);
    assert_int_equal(t.row_count, 3);
    assert_int_equal(t.column_count, 4);
    const struct table_column *x = table_find(&t, STR("x"));
    const struct table_column *id = table_find(&t, STR("id"));
    const struct table_column *y = table_find(&t, STR("y"));
    const struct table_column *none = table_find(&t, STR("none"));
    assert_true(x->numbers[0] == 1.5 && isnan(x->numbers[1]) && x->numbers[2] == -0.002);
    assert_null(id->numbers); /* 007 is a name */
    assert_text(id->texts[0], "007");
    assert_null(y->numbers);
    assert_true(isnan(none->numbers[0]) && isnan(none->numbers[2]));
    assert_null(table_find(&t, STR("z")));
    assert_null(table_find(&t, STR("X")));
}

static void it_reads_files_one_below_the_other(void **state)
{
    (void)state;
    struct table t;
    uint32_t ends[2];
    const struct str texts[] = {STR("a,b\n1,2\n3,4\n"), STR("a,b\n5,6")};
    assert_int_equal(table_read(&t, ends, texts, 2, &arena, NULL), STATUS_OK);
    assert_int_equal(ends[0], 2);
    assert_int_equal(ends[1], 3);
    assert_true(t.columns[1].numbers[2] == 6);
}

static void it_refuses_broken_tables(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *where;
    } rows[] = {
        {"",                  "line 1"},
        {"a,a\n1,2\n",        "line 1"},
        {"a;b\n1;2\n",        "line 1"},
        {"a\tb\n1\t2\n",      "line 1"},
        {"a,b\n1\n",          "line 2"},
        {"a,b\n1,2\n1,2,3\n", "line 3"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct table t;
        struct error err = {0};
        assert_int_equal(read_text(&t, str_from(rows[i].text), &err), STATUS_INVALID);
        assert_string_equal(err.field, rows[i].where);
    }
    struct table t;
    const struct str other[] = {STR("a,b\n1,2\n"), STR("b,a\n1,2\n")};
    assert_int_equal(table_read(&t, NULL, other, 2, &arena, NULL), STATUS_INVALID);
    assert_int_equal(read_text(&t, STR("a,b\n1,\"2\n"), NULL), STATUS_INVALID);
}

static void it_unpacks_gzip_and_names_the_file_and_its_digest(void **state)
{
    (void)state;
    const char *path = path_of("t.csv.gz");
    gzFile gz = gzopen(path, "wb");
    assert_non_null(gz);
    assert_true(gzputs(gz, "a,b\n1,2\n") > 0);
    assert_int_equal(gzclose(gz), Z_OK);
    gz = gzopen(path, "ab"); /* a second member behind the first */
    assert_true(gzputs(gz, "3,4\n") > 0);
    assert_int_equal(gzclose(gz), Z_OK);
    struct table t;
    struct table_file file = {0};
    assert_int_equal(table_load(&t, &file, &path, 1, &arena, NULL), STATUS_OK);
    assert_int_equal(t.row_count, 2);
    assert_true(t.columns[0].numbers[1] == 3);
    assert_text(file.name, "t.csv.gz");
    assert_int_equal(strlen(file.sha256), 64);
    assert_int_equal(file.row_end, 2);
    assert_int_equal(unlink(path), 0);
}

static void it_refuses_damaged_gzip(void **state)
{
    (void)state;
    const char *path = path_of("bad.csv.gz");
    gzFile gz = gzopen(path, "wb");
    assert_true(gzputs(gz, "a,b\n1,2\n") > 0);
    assert_int_equal(gzclose(gz), Z_OK);
    struct str whole;
    assert_int_equal(file_load(&whole, path, &arena, NULL), STATUS_OK);
    for (size_t len = 2; len < whole.len; len++) { /* cut off anywhere */
        struct table t;
        struct table_file file;
        struct error err = {0};
        file_put(path, whole.ptr, len);
        assert_int_equal(table_load(&t, &file, &path, 1, &arena, &err), STATUS_INVALID);
        assert_non_null(strstr(err.message, "bad.csv.gz"));
    }
    assert_int_equal(unlink(path), 0);
}

static void it_says_which_file_is_not_there(void **state)
{
    (void)state;
    struct table t;
    struct table_file file;
    struct error err = {0};
    const char *path = "/nowhere/at/all.csv";
    assert_int_not_equal(table_load(&t, &file, &path, 1, &arena, &err), STATUS_OK);
    assert_non_null(strstr(err.field, "all.csv"));
}

static void it_says_when_memory_is_short(void **state)
{
    (void)state;
    for (size_t limit = 0; limit < 1000; limit += 16) {
        struct arena small;
        struct table t;
        const struct str text = STR("a,b\n1,2\n3,4\n");
        arena_init(&small, limit);
        enum status status = table_read(&t, NULL, &text, 1, &small, NULL);
        assert_true(status == STATUS_OK || status == STATUS_TOO_LARGE);
        arena_finish(&small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_tells_numbers_words_and_what_is_missing_apart),
        cmocka_unit_test(it_reads_files_one_below_the_other),
        cmocka_unit_test(it_refuses_broken_tables),
        cmocka_unit_test(it_unpacks_gzip_and_names_the_file_and_its_digest),
        cmocka_unit_test(it_refuses_damaged_gzip),
        cmocka_unit_test(it_says_which_file_is_not_there),
        cmocka_unit_test(it_says_when_memory_is_short),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
