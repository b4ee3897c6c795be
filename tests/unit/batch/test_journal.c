/* test_journal.c - what is there is counted, what was not finished is cut off, what is another
 * batch's is refused. */
#include "batch/journal.h"

#include "base/file.h"

#include "../expect.h"

#include <stdio.h>
#include <stdlib.h>

static char folder[] = "/tmp/aval-journal-XXXXXX";
static char path[64], sidecar[80];

static const char first[] = "{\"row\":1,\"line\":1,\"body\":{}}\n";
static const char second[] = "{\"row\":2,\"line\":2,\"error\":{}}\n";

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? 1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    return rmdir(folder);
}

static int begin(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof path, "%s/out", folder);
    (void)snprintf(sidecar, sizeof sidecar, "%s.batch", path);
    return 0;
}

static int end(void **state)
{
    (void)state;
    (void)unlink(path);
    (void)unlink(sidecar);
    return 0;
}

static enum status reopened(struct journal *out, const char *identity, bool is_resumed)
{
    struct error err = {{0}, {0}};
    return journal_open(out, path, str_from(identity), is_resumed, &err);
}

static void leave(const char *text)
{
    struct journal journal;
    struct error err = {{0}, {0}};
    assert_int_equal(reopened(&journal, "one\n", false), STATUS_OK);
    assert_int_equal(journal_append(&journal, str_from(text), &err), STATUS_OK);
    assert_int_equal(journal_close(&journal, &err), STATUS_OK);
}

static void assert_left(const char *want)
{
    struct buf text = {0};
    struct error err = {{0}, {0}};
    assert_int_equal(file_read(&text, path, 4096, &err), STATUS_OK);
    assert_text(buf_str(&text), want);
    buf_finish(&text);
}

static void it_counts_what_is_there_and_cuts_off_the_rest(void **state)
{
    (void)state;
    struct error err = {{0}, {0}};
    struct journal journal;
    char text[256], want[256];
    (void)snprintf(text, sizeof text, "%s%s{\"row\":3,\"li", first, second);
    (void)snprintf(want, sizeof want, "%s%s", first, second);
    leave(text);
    assert_int_equal(reopened(&journal, "one\n", true), STATUS_OK);
    assert_int_equal(journal.rows, 2);
    assert_int_equal(journal.refused, 1);
    assert_int_equal(journal_close(&journal, &err), STATUS_OK);
    assert_left(want);
}

static void it_goes_on_at_the_end(void **state)
{
    (void)state;
    struct error err = {{0}, {0}};
    struct journal journal;
    char want[256];
    leave(first);
    assert_int_equal(reopened(&journal, "one\n", true), STATUS_OK);
    assert_int_equal(journal_append(&journal, str_from(second), &err), STATUS_OK);
    assert_int_equal(journal_close(&journal, &err), STATUS_OK);
    (void)snprintf(want, sizeof want, "%s%s", first, second);
    assert_left(want);
}

static void it_begins_where_nothing_was_begun(void **state)
{
    (void)state;
    struct error err = {{0}, {0}};
    struct journal journal;
    assert_int_equal(reopened(&journal, "one\n", true), STATUS_OK);
    assert_int_equal(journal.rows, 0);
    assert_int_equal(journal_close(&journal, &err), STATUS_OK);
}

static void it_overwrites_nothing(void **state)
{
    (void)state;
    struct journal journal;
    leave(first);
    assert_int_equal(reopened(&journal, "one\n", false), STATUS_CONFLICT);
    assert_left(first);
}

static void it_refuses_another_batch(void **state)
{
    (void)state;
    struct journal journal;
    leave(first);
    assert_int_equal(reopened(&journal, "two\n", true), STATUS_CONFLICT);
    assert_left(first);
}

static void it_refuses_answers_that_nothing_is_known_of(void **state)
{
    (void)state;
    struct journal journal;
    leave(first);
    assert_int_equal(unlink(sidecar), 0);
    assert_int_equal(reopened(&journal, "one\n", true), STATUS_CONFLICT);
    assert_left(first);
}

static void it_refuses_lines_that_are_not_in_their_place(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"row\":2,\"line\":2,\"body\":{}}\n",
        "{\"row\":1,\"line\":1,\"body\":{}}\n{\"row\":1,\"line\":1,\"body\":{}}\n",
        "{\"row\":1,\"line\":1,\"body\":{}}\n{\"row\":3,\"line\":3,\"body\":{}}\n",
        "hello\n",
        "\n",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct journal journal;
        leave(texts[i]);
        assert_int_equal(reopened(&journal, "one\n", true), STATUS_CONFLICT);
        assert_left(texts[i]);
        (void)end(state);
    }
}

static void it_is_one_process_at_a_time(void **state)
{
    (void)state;
    struct error err = {{0}, {0}};
    struct journal one, two;
    assert_int_equal(reopened(&one, "one\n", false), STATUS_OK);
    assert_int_equal(reopened(&two, "one\n", true), STATUS_CONFLICT);
    assert_int_equal(journal_close(&one, &err), STATUS_OK);
    assert_int_equal(reopened(&two, "one\n", true), STATUS_OK);
    assert_int_equal(journal_close(&two, &err), STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_counts_what_is_there_and_cuts_off_the_rest, begin, end),
        cmocka_unit_test_setup_teardown(it_goes_on_at_the_end, begin, end),
        cmocka_unit_test_setup_teardown(it_begins_where_nothing_was_begun, begin, end),
        cmocka_unit_test_setup_teardown(it_overwrites_nothing, begin, end),
        cmocka_unit_test_setup_teardown(it_refuses_another_batch, begin, end),
        cmocka_unit_test_setup_teardown(it_refuses_answers_that_nothing_is_known_of, begin, end),
        cmocka_unit_test_setup_teardown(it_refuses_lines_that_are_not_in_their_place, begin, end),
        cmocka_unit_test_setup_teardown(it_is_one_process_at_a_time, begin, end),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
