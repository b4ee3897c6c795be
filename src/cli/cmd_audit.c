/* cmd_audit.c - aval audit export: the whole log as lines that anyone can verify. */
#include "cli/cmd.h"

#include "cli/cli.h"
#include "service/auditor.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define USAGE "export --db DB [--out FILE]"

int cmd_audit(int argc, char **argv)
{
    static const struct option options[] = {
        {"db",  required_argument, NULL, 'd'},
        {"out", required_argument, NULL, 'o'},
        {NULL,  0,                 NULL, 0  }
    };
    const char *db = NULL, *file = NULL;
    struct error err = {{0}, {0}};
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'd': db = optarg; break;
        case 'o': file = optarg; break;
        default: return cli_usage("audit", USAGE);
        }
    }
    if (optind + 1 != argc || strcmp(argv[optind], "export") != 0 || db == NULL) {
        return cli_usage("audit", USAGE);
    }
    if (access(db, R_OK) != 0) {
        /* Before the file is emptied for nothing. */
        (void)error_set(&err, STATUS_NOT_FOUND, db, "there is no such database");
        return cli_fail("audit", STATUS_NOT_FOUND, &err);
    }
    FILE *out = file == NULL ? stdout : fopen(file, "we");
    if (out == NULL) {
        (void)error_set(&err, STATUS_IO, file, "%s", strerror(errno));
        return cli_fail("audit", STATUS_IO, &err);
    }
    enum status status = auditor_export(db, out, &err);
    if (status == STATUS_OK && (fflush(out) != 0 || ferror(out) != 0)) {
        status = error_set(&err, STATUS_IO, file == NULL ? "standard output" : file,
                           "cannot be written");
    }
    if (file != NULL) {
        (void)fclose(out);
    }
    return status == STATUS_OK ? EX_OK : cli_fail("audit", status, &err);
}
