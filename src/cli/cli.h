/* cli.h - what all commands have in common: exit codes, errors on standard error, files.
 *
 * A command is one file, one function with the signature of main, and a row of
 * commands.def.  Standard output is for the answer; what went wrong, and what to do, goes to
 * standard error; exit codes are those of sysexits.h. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/status.h"
#include "base/str.h"

enum { EXIT_MISMATCH = 1 }; /* verified or replayed, and not as recorded */

int exit_of_status(enum status status);
/* Say what failed, and return the exit code for it. */
int cli_fail(const char *command, enum status status, const struct error *err);
/* Somebody asks how a command is used: saying so is the answer, and no failure. */
void cli_ask_usage(void);
/* Say how the command is used; EX_USAGE, unless that was asked. */
int cli_usage(const char *command, const char *usage);
/* Write to standard output; EX_IOERR if it cannot be written. */
int cli_print(struct str text);

#endif
