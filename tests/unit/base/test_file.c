/* test_file.c - whole files: a limit in, all or nothing out. */
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/aval-file-XXXXXX";
static char path[64];

static int make_dir(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof path, "%s/f", mkdtemp(dir));
    return 0;
}

static int remove_dir(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(dir);
}

static void reads_its_limit_and_refuses_one_byte_more(void **state)
{
    struct error err;
    struct buf out;
    (void)state;
    assert_int_equal(file_write(path, STR("12345"), 0600, &err), STATUS_OK);
    assert_int_equal(file_read(&out, path, 5, &err), STATUS_OK);
    assert_true(str_eq(buf_str(&out), STR("12345")));
    buf_finish(&out);
    assert_int_equal(file_read(&out, path, 4, &err), STATUS_TOO_LARGE);
    assert_non_null(strstr(err.message, "4 bytes"));
}

static void replaces_whole_and_keeps_the_mode(void **state)
{
    struct error err;
    struct buf out;
    struct stat st;
    (void)state;
    assert_int_equal(file_write(path, STR("a longer text"), 0600, &err), STATUS_OK);
    assert_int_equal(file_write(path, STR("short"), 0600, &err), STATUS_OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(file_read(&out, path, 100, &err), STATUS_OK);
    assert_true(str_eq(buf_str(&out), STR("short")));
    buf_finish(&out);
}

static void says_which_file_is_not_there(void **state)
{
    struct error err;
    struct buf out;
    (void)state;
    assert_int_equal(file_read(&out, "/nonexistent/file", 10, &err), STATUS_NOT_FOUND);
    assert_string_equal(err.field, "/nonexistent/file");
    assert_int_equal(file_write("/nonexistent/file", STR("x"), 0600, &err), STATUS_NOT_FOUND);
    assert_int_equal(file_read(&out, "/", 10, &err), STATUS_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_its_limit_and_refuses_one_byte_more),
        cmocka_unit_test(replaces_whole_and_keeps_the_mode),
        cmocka_unit_test(says_which_file_is_not_there),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
