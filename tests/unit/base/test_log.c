/* test_log.c - a line is JSON whatever it quotes, and never waits for its reader.
 *
 * Each test runs in a process of its own: standard error is what it is about. */
#include "base/log.h"

#include "../expect.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { PATIENCE_MS = 60000 };

/* Run `work` with standard error going into `fd`; its exit code, or -1 if it did not end in time.
 */
static int run_with(int fd, int (*work)(int reader), int reader)
{
    int result = 0;
    int ended[2];
    assert_int_equal(pipe(ended), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(ended[0]);
        (void)dup2(fd, STDERR_FILENO);
        _exit(work(reader));
    }
    (void)close(ended[1]);
    struct pollfd wait = {.fd = ended[0], .events = POLLIN};
    bool is_over = poll(&wait, 1, PATIENCE_MS) == 1;
    if (!is_over) {
        (void)kill(child, SIGKILL);
    }
    (void)close(ended[0]);
    assert_int_equal(waitpid(child, &result, 0), child);
    return is_over && WIFEXITED(result) ? WEXITSTATUS(result) : -1;
}

static size_t read_all(int fd, char *to, size_t size)
{
    size_t len = 0;
    ssize_t got = read(fd, to, size);
    while (got > 0) {
        len += (size_t)got;
        got = read(fd, to + len, size - len);
    }
    return len;
}

static int write_nasty(int reader)
{
    char all[256];
    (void)reader;
    for (size_t i = 0; i < sizeof all; i++) {
        all[i] = (char)i;
    }
    LOG(LOG_DEBUG, "unseen", LOG_NUMBER("n", 1));
    LOG(LOG_WARN, "event", LOG_TEXT("text", str_of(all, sizeof all)), LOG_NUMBER("n", -7),
        LOG_TEXT("none", STR("")));
    return 0;
}

static void a_line_is_one_object_whatever_it_quotes(void **state)
{
    (void)state;
    static char text[8192];
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(run_with(ends[1], write_nasty, ends[0]), 0);
    (void)close(ends[1]);
    struct str line = str_of(text, read_all(ends[0], text, sizeof text));
    (void)close(ends[0]);
    assert_true(str_starts_with(line, STR("{\"time\":\"2")));
    assert_true(str_ends_with(line, STR(",\"n\":-7,\"none\":\"\"}\n")));
    assert_int_equal(str_find(line, 0, '\n'), line.len - 1);
    for (size_t i = 0; i < line.len - 1; i++) {
        assert_true(line.ptr[i] >= 0x20 && line.ptr[i] < 0x7F);
    }
}

static int write_long(int reader)
{
    static char text[100000];
    (void)reader;
    memset(text, 0x01, sizeof text); /* six bytes each, escaped */
    struct str much = str_of(text, sizeof text);
    LOG(LOG_WARN, "event", LOG_TEXT("a", much), LOG_TEXT("b", much), LOG_TEXT("c", much),
        LOG_TEXT("d", much), LOG_TEXT("e", much), LOG_TEXT("f", much));
    return log_dropped() == 0 ? 0 : 1;
}

static void long_texts_are_cut_and_the_line_is_whole(void **state)
{
    (void)state;
    static char text[8192];
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(run_with(ends[1], write_long, ends[0]), 0);
    (void)close(ends[1]);
    struct str line = str_of(text, read_all(ends[0], text, sizeof text));
    (void)close(ends[0]);
    assert_true(line.len <= LOG_LINE_MAX);
    assert_true(str_ends_with(line, STR("\\u0001\"}\n")));
}

enum { LINES = 150000, READ_FIRST = 4 * 1024 * 1024, READ_MAX = 32 * 1024 * 1024 };

/* A reader that comes late. */
struct late {
    int fd;
    char *text;
    atomic_size_t len;
};

static void *read_late(void *context)
{
    struct late *late = context;
    ssize_t got = 1;
    while (got > 0) {
        got = read(late->fd, late->text + late->len, READ_MAX - late->len);
        late->len += got > 0 ? (size_t)got : 0;
        /* Only what came last can hold it. */
        size_t from = late->len > 70000 ? late->len - 70000 : 0;
        if (memmem(late->text + from, late->len - from, "\"behind\"", 8) != NULL) {
            return NULL;
        }
    }
    return NULL;
}

static int lines_are_whole(struct str got, uint64_t wanted)
{
    uint64_t lines = 0;
    for (size_t at = 0; at < got.len; lines++) {
        size_t end = str_find(got, at, '\n');
        if (end == got.len || got.ptr[at] != '{' || got.ptr[end - 1] != '}') {
            return 2;
        }
        at = end + 1;
    }
    return lines == wanted ? 0 : 3;
}

/* Nobody reads meanwhile; then a reader comes, and is told. */
static int flood(int reader)
{
    struct late late = {.fd = reader, .text = malloc(READ_MAX)};
    pthread_t thread;
    char told[64];
    log_never_wait();
    for (int i = 0; i < LINES; i++) {
        LOG(LOG_WARN, "flood", LOG_NUMBER("n", i),
            LOG_TEXT("text", STR("some text that makes a line as long as those of requests are")));
    }
    uint64_t dropped = log_dropped();
    if (dropped == 0 || dropped >= LINES || late.text == NULL ||
        pthread_create(&thread, NULL, read_late, &late) != 0) {
        return 1;
    }
    while (late.len < READ_FIRST) {
        (void)sched_yield();
    }
    LOG(LOG_WARN, "behind", LOG_NUMBER("n", 1));
    log_finish(PATIENCE_MS);
    (void)pthread_join(thread, NULL);
    (void)snprintf(told, sizeof told, "\"log_lines_dropped\",\"lines\":%llu}",
                   (unsigned long long)dropped);
    if (memmem(late.text, late.len, told, strlen(told)) == NULL || log_dropped() != dropped) {
        return 4;
    }
    return lines_are_whole(str_of(late.text, late.len), LINES - dropped + 2);
}

/* A reader that only stumbles loses nothing. */
static int stumble(int reader)
{
    struct late late = {.fd = reader, .text = malloc(READ_MAX)};
    pthread_t thread;
    log_never_wait();
    for (int i = 0; i < LINES / 10; i++) {
        LOG(LOG_WARN, "flood", LOG_NUMBER("n", i));
    }
    LOG(LOG_WARN, "behind", LOG_NUMBER("n", 1));
    if (late.text == NULL || pthread_create(&thread, NULL, read_late, &late) != 0) {
        return 1;
    }
    log_finish(PATIENCE_MS);
    (void)pthread_join(thread, NULL);
    return log_dropped() != 0 ? 5 : lines_are_whole(str_of(late.text, late.len), LINES / 10 + 1);
}

/* Whoever ends does not wait for ever either. */
static int end_unread(int reader)
{
    (void)reader;
    log_never_wait();
    for (int i = 0; i < LINES; i++) {
        LOG(LOG_WARN, "flood", LOG_NUMBER("n", i));
    }
    log_finish(100);
    return 0;
}

static void a_reader_that_stumbles_loses_nothing(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(run_with(ends[1], stumble, ends[0]), 0);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void the_end_waits_for_no_reader(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(run_with(ends[1], end_unread, ends[0]), 0);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void a_reader_that_sleeps_costs_lines_and_no_time(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(run_with(ends[1], flood, ends[0]), 0);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

/* A socket cannot be opened anew: it is asked for room. */
static void the_same_with_a_socket(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_int_equal(run_with(ends[1], flood, ends[0]), 0);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

/* The flag is ours alone: who shares the pipe with us goes on as before. */
static int look_at_the_flags(int reader)
{
    (void)reader;
    log_never_wait();
    return (fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK) == 0 ? 0 : 1;
}

static void whoever_shares_standard_error_is_not_touched(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(run_with(ends[1], look_at_the_flags, ends[0]), 0);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static int write_to_nobody(int reader)
{
    (void)reader;
    (void)signal(SIGPIPE, SIG_IGN);
    log_never_wait();
    LOG(LOG_WARN, "event", LOG_NUMBER("n", 1));
    return log_dropped() == 1 ? 0 : 1;
}

static void a_reader_that_is_gone_is_no_reason_to_die(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    (void)close(ends[0]);
    assert_int_equal(run_with(ends[1], write_to_nobody, -1), 0);
    (void)close(ends[1]);
}

static void a_full_disk_neither(void **state)
{
    (void)state;
    int nowhere = open("/dev/full", O_WRONLY);
    assert_true(nowhere >= 0);
    assert_int_equal(run_with(nowhere, write_to_nobody, -1), 0);
    (void)close(nowhere);
}

static void a_level_is_taken_or_left_out(void **state)
{
    (void)state;
    assert_false(log_takes(LOG_DEBUG)); /* unless said otherwise */
    assert_true(log_takes(LOG_INFO));
    log_set_level(LOG_WARN);
    assert_false(log_takes(LOG_INFO));
    assert_true(log_takes(LOG_WARN));
    assert_true(log_takes(LOG_ERROR));
    log_set_level(LOG_INFO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_one_object_whatever_it_quotes),
        cmocka_unit_test(long_texts_are_cut_and_the_line_is_whole),
        cmocka_unit_test(a_reader_that_sleeps_costs_lines_and_no_time),
        cmocka_unit_test(the_same_with_a_socket),
        cmocka_unit_test(a_reader_that_stumbles_loses_nothing),
        cmocka_unit_test(the_end_waits_for_no_reader),
        cmocka_unit_test(whoever_shares_standard_error_is_not_touched),
        cmocka_unit_test(a_reader_that_is_gone_is_no_reason_to_die),
        cmocka_unit_test(a_full_disk_neither),
        cmocka_unit_test(a_level_is_taken_or_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
