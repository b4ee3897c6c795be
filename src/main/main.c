/* main.c - find the command and run it. */
#include "cli/cli.h"
#include "cli/cmd.h"
#include "main/cmd_main.h"

#include "api/api.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} commands[] = {
#define COMMAND(name, function, summary) {name, function, summary},
#include "main/commands.def"
#undef COMMAND
};

static void print_help(FILE *out)
{
    (void)fprintf(out,
                  "aval - credit decisions on companies, explained, recorded and replayable\n\n"
                  "usage: aval COMMAND ...\n\n");
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        (void)fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
    }
    (void)fprintf(out,
                  "\n`aval COMMAND --help` says how one is used; `man aval` says everything.\n");
}

int cmd_routes(int argc, char **argv)
{
    struct buf out;
    (void)argv;
    if (argc != 1) {
        return cli_usage("routes", "");
    }
    buf_init(&out, 64 * 1024);
    api_routes_write(&out);
    int code = cli_print(buf_str(&out));
    buf_finish(&out);
    return code;
}

/* The command that was probably meant, or NULL. */
static const char *guess(const char *name)
{
    enum { FAR = 3 };
    unsigned nearest = FAR;
    const char *meant = NULL;
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        unsigned distance = str_distance(str_from(name), str_from(commands[i].name), FAR - 1);
        if (distance < nearest) {
            nearest = distance;
            meant = commands[i].name;
        }
    }
    return meant;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EX_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        print_help(stdout);
        return EX_OK;
    }
    if (strcmp(name, "version") == 0 || strcmp(name, "--version") == 0) {
        return cli_print(STR("aval " AVAL_VERSION "\n"));
    }
    if (argc == 3 && (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0)) {
        cli_ask_usage();
    }
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    const char *meant = guess(name);
    (void)fprintf(stderr, "aval: there is no command \"%.40s\".%s%s%s\n", name,
                  meant == NULL ? "" : " Did you mean \"", meant == NULL ? "" : meant,
                  meant == NULL ? "" : "\"?");
    return EX_USAGE;
}
