/* cmd_report.c - aval report consistency: are like cases decided alike? */
#include "cli/cmd.h"

#include "cli/cli.h"
#include "watch/watcher.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#define USAGE                                                                                      \
    "consistency --tenant NAME --db DB [--mode live|test] [--from DATE] [--to DATE]\n"             \
    "  [--unreported good|left_out] [--json]"

enum { REPORT_LEN_MAX = 8 * 1024 * 1024 };

struct arguments {
    struct watcher_book book;
    struct consistency_order order;
};

static bool option_take(struct arguments *a, int option, const char *value)
{
    switch (option) {
    case 'd': a->book.db = value; return true;
    case 't': a->book.tenant = str_from(value); return true;
    case 'm':
        a->book.is_live = strcmp(value, "live") == 0;
        return a->book.is_live || strcmp(value, "test") == 0;
    case 'f': return date_read(&a->order.from, str_from(value));
    case 'u': return date_read(&a->order.to, str_from(value));
    case 'r':
        a->order.unreported_is_good = strcmp(value, "good") == 0;
        return a->order.unreported_is_good || strcmp(value, "left_out") == 0;
    case 'j': return true; /* it is always JSON */
    default: return false;
    }
}

static bool arguments_read(struct arguments *a, int argc, char **argv)
{
    static const struct option options[] = {
        {"db",         required_argument, NULL, 'd'},
        {"tenant",     required_argument, NULL, 't'},
        {"mode",       required_argument, NULL, 'm'},
        {"from",       required_argument, NULL, 'f'},
        {"to",         required_argument, NULL, 'u'},
        {"unreported", required_argument, NULL, 'r'},
        {"json",       no_argument,       NULL, 'j'},
        {NULL,         0,                 NULL, 0  },
    };
    int option;
    *a = (struct arguments){.book = {.is_live = true}, .order = {.unreported_is_good = true}};
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (!option_take(a, option, optarg)) {
            return false;
        }
    }
    return optind + 1 == argc && strcmp(argv[optind], "consistency") == 0 && a->book.db != NULL &&
           a->book.tenant.len > 0;
}

int cmd_report(int argc, char **argv)
{
    struct arguments a;
    struct error err = {{0}, {0}};
    if (!arguments_read(&a, argc, argv)) {
        return cli_usage("report", USAGE);
    }
    CLEANUP(buf_finish) struct buf out;
    buf_init(&out, REPORT_LEN_MAX);
    enum status status = watcher_consistency(&out, &a.book, &a.order, &err);
    buf_append_byte(&out, '\n');
    return status == STATUS_OK ? cli_print(buf_str(&out)) : cli_fail("report", status, &err);
}
