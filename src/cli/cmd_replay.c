/* cmd_replay.c - aval replay DECISION: make a stored decision again and compare the bytes. */
#include "cli/cmd.h"

#include "cli/cli.h"
#include "service/auditor.h"

#include <getopt.h>
#include <sysexits.h>

#define USAGE "DECISION --db DB [--json]"

int cmd_replay(int argc, char **argv)
{
    static const struct option options[] = {
        {"db",   required_argument, NULL, 'd'},
        {"json", no_argument,       NULL, 'j'},
        {NULL,   0,                 NULL, 0  }
    };
    const char *db = NULL;
    bool is_json = false, matches = false;
    struct error err = {{0}, {0}};
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'd': db = optarg; break;
        case 'j': is_json = true; break;
        default: return cli_usage("replay", USAGE);
        }
    }
    if (optind + 1 != argc || db == NULL) {
        return cli_usage("replay", USAGE);
    }
    struct buf out;
    buf_init(&out, 8 * 1024 * 1024);
    enum status status = auditor_replay(&out, &matches, db, str_from(argv[optind]), &err);
    int code;
    if (status != STATUS_OK) {
        code = cli_fail("replay", status, &err);
    } else {
        buf_append_byte(&out, '\n');
        code = cli_print(is_json   ? buf_str(&out)
                         : matches ? STR("matches: the same bytes\n")
                                   : STR("DIFFERS: run with --json to see where\n"));
        code = code == EX_OK && !matches ? EXIT_MISMATCH : code;
    }
    buf_finish(&out);
    return code;
}
