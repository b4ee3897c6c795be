/* cli.c - endings of commands. */
#include "cli/cli.h"

#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

int exit_of_status(enum status status)
{
    switch (status) {
    case STATUS_OK: return EX_OK;
    case STATUS_INVALID: return EX_DATAERR;
    case STATUS_NOT_FOUND: return EX_NOINPUT;
    case STATUS_DENIED: return EX_NOPERM;
    case STATUS_CONFLICT: return EX_CONFIG;
    case STATUS_TOO_LARGE: return EX_DATAERR;
    case STATUS_BUSY: return EX_TEMPFAIL;
    case STATUS_CORRUPT: return EX_DATAERR;
    case STATUS_IO: return EX_IOERR;
    case STATUS_INTERNAL:
    case STATUS_COUNT: return EX_SOFTWARE;
    }
    return EX_SOFTWARE;
}

int cli_fail(const char *command, enum status status, const struct error *err)
{
    (void)fprintf(stderr, "aval %s: %s%s%s\n", command, err->field,
                  err->field[0] == '\0' ? "" : ": ",
                  err->message[0] == '\0' ? status_text(status) : err->message);
    return exit_of_status(status);
}

/* Set once, before the command runs. */
static bool is_usage_asked;

void cli_ask_usage(void)
{
    is_usage_asked = true;
    opterr = 0;
}

int cli_usage(const char *command, const char *usage)
{
    if (is_usage_asked) {
        (void)printf("usage: aval %s %s\n", command, usage);
        return cli_print(STR(""));
    }
    (void)fprintf(stderr, "aval %s: usage: aval %s %s\n", command, command, usage);
    return EX_USAGE;
}

int cli_print(struct str text)
{
    bool is_written = fwrite(text.ptr, 1, text.len, stdout) == text.len && fflush(stdout) == 0;
    if (!is_written) {
        (void)fprintf(stderr, "aval: standard output cannot be written\n");
    }
    return is_written ? EX_OK : EX_IOERR;
}
