/* cmd_tenant.c - aval tenant create NAME: who uses this installation. */
#include "cli/cmd.h"

#include "cli/cli.h"
#include "service/operator.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#define USAGE "create NAME --db DB [--json]"

int cmd_tenant(int argc, char **argv)
{
    static const struct option options[] = {
        {"db",   required_argument, NULL, 'd'},
        {"json", no_argument,       NULL, 'j'},
        {NULL,   0,                 NULL, 0  }
    };
    const char *db = NULL;
    bool is_json = false;
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'd': db = optarg; break;
        case 'j': is_json = true; break;
        default: return cli_usage("tenant", USAGE);
        }
    }
    if (optind + 2 != argc || strcmp(argv[optind], "create") != 0 || db == NULL) {
        return cli_usage("tenant", USAGE);
    }
    struct tenant_created created;
    struct error err = {{0}, {0}};
    enum status status = tenant_create(&created, db, str_from(argv[optind + 1]), &err);
    if (status != STATUS_OK) {
        return cli_fail("tenant", status, &err);
    }
    char line[96];
    int len = snprintf(line, sizeof line, is_json ? "{\"id\":\"%s\"}\n" : "%s\n", created.id);
    return cli_print(str_of(line, (size_t)len));
}
