/* test_source.c - where rows begin and end, and that a bad one costs nothing but itself. */
#include "batch/source.h"

#include "base/buf.h"

#include "../expect.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROWS_MOST = 16 };

struct seen {
    struct buf text;
    uint64_t line;
    enum row_fault fault;
};

static struct seen seen[ROWS_MOST];
static size_t seen_count;

static void forget(void)
{
    for (size_t i = 0; i < seen_count; i++) {
        buf_finish(&seen[i].text);
    }
    seen_count = 0;
}

static void read_all(enum batch_format format, char separator, struct str text)
{
    char path[] = "/tmp/aval-source-XXXXXX";
    int fd = mkstemp(path);
    struct error err = {{0}, {0}};
    struct source source;
    struct row row;
    bool has_row = true;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text.ptr, text.len), text.len);
    (void)close(fd);
    forget();
    assert_int_equal(source_open(&source, path, format, &err), STATUS_OK);
    source.separator = separator;
    for (;;) {
        assert_int_equal(source_next(&row, &has_row, &source, &err), STATUS_OK);
        if (!has_row) {
            break;
        }
        assert_true(seen_count < ROWS_MOST);
        assert_int_equal(row.number, seen_count + 1);
        struct seen *s = &seen[seen_count++];
        *s = (struct seen){.line = row.line, .fault = row.fault};
        buf_init(&s->text, 2 * BATCH_ROW_LEN_MAX);
        buf_append(&s->text, row.text);
    }
    assert_int_equal(source.consumed, text.len);
    source_close(&source);
    (void)unlink(path);
}

static void assert_row(size_t i, uint64_t line, enum row_fault fault, const char *text)
{
    assert_true(i < seen_count);
    assert_int_equal(seen[i].line, line);
    assert_int_equal(seen[i].fault, fault);
    if (text != NULL) {
        assert_text(buf_str(&seen[i].text), text);
    }
}

static void it_ends_rows_at_line_ends(void **state)
{
    (void)state;
    read_all(BATCH_NDJSON, ',', STR("{\"a\":1}\r\n\n  \t\n{\"b\":2}\n{\"c\":3}"));
    assert_int_equal(seen_count, 3);
    assert_row(0, 1, ROW_SOUND, "{\"a\":1}");
    assert_row(1, 4, ROW_SOUND, "{\"b\":2}");
    assert_row(2, 5, ROW_SOUND, "{\"c\":3}");
}

static void it_has_no_rows_in_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n", "\r\n\r\n", "   "};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        read_all(BATCH_NDJSON, ',', str_from(texts[i]));
        assert_int_equal(seen_count, 0);
    }
}

static void it_keeps_line_ends_in_quoted_fields(void **state)
{
    (void)state;
    read_all(BATCH_CSV, ';', STR("a;\"two\nlines\";c\n1;\"a \"\"b\"\"\n;\";2\nx\"y;z\n"));
    assert_int_equal(seen_count, 3);
    assert_row(0, 1, ROW_SOUND, "a;\"two\nlines\";c");
    assert_row(1, 3, ROW_SOUND, "1;\"a \"\"b\"\"\n;\";2");
    assert_row(2, 5, ROW_SOUND, "x\"y;z");
}

static void it_gives_the_first_line_of_what_is_never_closed(void **state)
{
    (void)state;
    read_all(BATCH_CSV, ',', STR("a,b\n1,\"open\n2,two\n3,three\n"));
    assert_int_equal(seen_count, 4);
    assert_row(1, 2, ROW_UNCLOSED, "1,\"open");
    assert_row(2, 3, ROW_SOUND, "2,two");
    assert_row(3, 4, ROW_SOUND, "3,three");
}

static void append_run(struct buf *text, char byte, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_append_byte(text, byte);
    }
}

static void it_takes_the_longest_row_and_refuses_one_byte_more(void **state)
{
    (void)state;
    static const char *const ends[] = {"\n", "\r\n", ""};
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        for (size_t more = 0; more <= 1; more++) {
            struct buf text;
            buf_init(&text, 4 * BATCH_ROW_LEN_MAX);
            buf_append_text(&text, "first\n");
            append_run(&text, 'x', BATCH_ROW_LEN_MAX + more);
            buf_append_text(&text, ends[i]);
            read_all(BATCH_NDJSON, ',', buf_str(&text));
            assert_int_equal(seen_count, 2);
            assert_row(1, 2, more == 0 ? ROW_SOUND : ROW_TOO_LONG, NULL);
            assert_int_equal(seen[1].text.len, more == 0 ? BATCH_ROW_LEN_MAX : 0);
            buf_finish(&text);
        }
    }
}

static void it_goes_on_behind_a_row_of_any_length(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 16 * BATCH_ROW_LEN_MAX);
    append_run(&text, 'x', 5 * BATCH_ROW_LEN_MAX);
    buf_append_text(&text, "\nnext\n");
    read_all(BATCH_NDJSON, ',', buf_str(&text));
    assert_int_equal(seen_count, 2);
    assert_row(0, 1, ROW_TOO_LONG, "");
    assert_row(1, 2, ROW_SOUND, "next");
    buf_finish(&text);
}

static void it_loses_no_row_to_a_quote_that_runs_past_the_limit(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 4 * BATCH_ROW_LEN_MAX);
    buf_append_text(&text, "1,\"open\n2,two\n");
    append_run(&text, 'x', BATCH_ROW_LEN_MAX);
    buf_append_text(&text, "\n4,four\n");
    read_all(BATCH_CSV, ',', buf_str(&text));
    assert_int_equal(seen_count, 4);
    assert_row(0, 1, ROW_UNCLOSED, "1,\"open");
    assert_row(1, 2, ROW_SOUND, "2,two");
    assert_row(2, 3, ROW_SOUND, NULL);
    assert_row(3, 4, ROW_SOUND, "4,four");
    buf_finish(&text);
}

static void it_says_that_a_file_is_not_there(void **state)
{
    (void)state;
    struct source source;
    struct error err = {{0}, {0}};
    assert_int_equal(source_open(&source, "/nonexistent/rows", BATCH_NDJSON, &err),
                     STATUS_NOT_FOUND);
    assert_string_equal(err.field, "/nonexistent/rows");
}

static int tear_down(void **state)
{
    (void)state;
    forget();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_ends_rows_at_line_ends),
        cmocka_unit_test(it_has_no_rows_in_nothing),
        cmocka_unit_test(it_keeps_line_ends_in_quoted_fields),
        cmocka_unit_test(it_gives_the_first_line_of_what_is_never_closed),
        cmocka_unit_test(it_takes_the_longest_row_and_refuses_one_byte_more),
        cmocka_unit_test(it_goes_on_behind_a_row_of_any_length),
        cmocka_unit_test(it_loses_no_row_to_a_quote_that_runs_past_the_limit),
        cmocka_unit_test(it_says_that_a_file_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
