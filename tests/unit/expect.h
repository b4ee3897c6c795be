/* expect.h - cmocka as it wants to be included, and the assertions it lacks. */
#ifndef TESTS_UNIT_EXPECT_H
#define TESTS_UNIT_EXPECT_H

#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The bytes are exactly this text. */
#define assert_text(got, want) assert_text_at((got), (want), __FILE__, __LINE__)

static inline void assert_text_at(struct str got, const char *want, const char *file, int line)
{
    if (!str_eq(got, str_from(want))) {
        print_error("got  \"%.*s\"\nwant \"%s\"\n", STR_ARGS(got), want);
        _fail(file, line);
    }
}

/* Two doubles are at most `apart` from each other. */
#define assert_close(got, want, apart) assert_close_at((got), (want), (apart), __FILE__, __LINE__)

static inline void assert_close_at(double got, double want, double apart, const char *file,
                                   int line)
{
    if (!(got - want <= apart && want - got <= apart)) {
        print_error("got  %.17g\nwant %.17g\n", got, want);
        _fail(file, line);
    }
}

/* A CHECK stops the call, run in a process of its own. */
#define assert_dies(call) assert_dies_at((call), __FILE__, __LINE__)

static inline void assert_dies_at(void (*call)(void), const char *file, int line)
{
    int result = 0;
    pid_t child = fork();
    if (child == 0) {
        (void)close(STDERR_FILENO);
        (void)signal(SIGABRT, SIG_DFL);
        call();
        _exit(0);
    }
    if (child < 0 || waitpid(child, &result, 0) != child || !WIFSIGNALED(result) ||
        WTERMSIG(result) != SIGABRT) {
        print_error("the call was not stopped by a CHECK\n");
        _fail(file, line);
    }
}

#endif
