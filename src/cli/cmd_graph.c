/* cmd_graph.c - aval graph show COMPANY: what the tenant's graph knows around a company. */
#include "cli/cmd.h"

#include "base/wallclock.h"
#include "cli/cli.h"
#include "service/graph_show.h"

#include <getopt.h>
#include <string.h>
#include <sysexits.h>

#define USAGE "show COMPANY --db DB --tenant NAME [--mode test|live] [--as-of DATE] [--json]"

enum { GRAPH_OUTPUT_MAX = 4 * 1024 * 1024 };

struct graph_options {
    const char *db, *tenant, *mode, *as_of;
    bool is_json;
};

static bool options_read(struct graph_options *o, int argc, char **argv)
{
    static const struct option options[] = {
        {"db",     required_argument, NULL, 'd'},
        {"tenant", required_argument, NULL, 't'},
        {"mode",   required_argument, NULL, 'm'},
        {"as-of",  required_argument, NULL, 'a'},
        {"json",   no_argument,       NULL, 'j'},
        {NULL,     0,                 NULL, 0  }
    };
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'd': o->db = optarg; break;
        case 't': o->tenant = optarg; break;
        case 'm': o->mode = optarg; break;
        case 'a': o->as_of = optarg; break;
        case 'j': o->is_json = true; break;
        default: return false;
        }
    }
    bool knows_mode = strcmp(o->mode, "live") == 0 || strcmp(o->mode, "test") == 0;
    return optind + 2 == argc && strcmp(argv[optind], "show") == 0 && o->db != NULL &&
           o->tenant != NULL && knows_mode;
}

int cmd_graph(int argc, char **argv)
{
    struct graph_options o = {.mode = "test"};
    struct error err = {{0}, {0}};
    struct buf out;
    if (!options_read(&o, argc, argv)) {
        return cli_usage("graph", USAGE);
    }
    struct wallclock clock = wallclock_system();
    struct graph_show_request request = {.db = o.db,
                                         .tenant = str_from(o.tenant),
                                         .is_live = strcmp(o.mode, "live") == 0,
                                         .company = str_from(argv[optind + 1]),
                                         .today = date_of_ms(wallclock_now_ms(&clock)),
                                         .is_json = o.is_json};
    if (o.as_of != NULL && !date_read(&request.today, str_from(o.as_of))) {
        (void)error_set(&err, STATUS_INVALID, "--as-of", "expected a date: 2026-11-22");
        return cli_fail("graph", STATUS_INVALID, &err);
    }
    buf_init(&out, GRAPH_OUTPUT_MAX);
    enum status status = graph_show(&out, &request, &err);
    int code = status == STATUS_OK ? cli_print(buf_str(&out)) : cli_fail("graph", status, &err);
    buf_finish(&out);
    return code;
}
