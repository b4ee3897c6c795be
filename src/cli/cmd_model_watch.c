/* cmd_model_watch.c - aval model metrics and recalibrate: how a model does on a tenant's book, and
 * a bundle at that book's level. */
#include "cli/cmd.h"

#include "base/file.h"
#include "cli/cli.h"
#include "watch/watcher.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#define USAGE_METRICS                                                                              \
    "metrics [MODEL] --tenant NAME --db DB [--mode live|test] [--from DATE] [--to DATE]\n"         \
    "  [--baseline-from DATE --baseline-to DATE] [--definition NAME]\n"                            \
    "  [--unreported good|left_out]"
#define USAGE_RECALIBRATE                                                                          \
    "recalibrate [MODEL] --tenant NAME --db DB --out BUNDLE [--mode live|test]\n"                  \
    "  [--method auto|platt|bayes|pluto_tasche] [--kappa N] [--confidence P] [--correlation R]\n"  \
    "  [--from DATE] [--to DATE] [--definition NAME] [--unreported good|left_out]\n"               \
    "  [--version VERSION] [--json]"

enum { REPORT_LEN_MAX = 8 * 1024 * 1024 };

struct arguments {
    struct watcher_book book;
    struct recalibration_order order;
    const char *out;
    bool is_json;
};

static bool date_take(struct date *out, const char *text)
{
    return date_read(out, str_from(text));
}

static bool number_take(double *out, const char *text)
{
    return double_read(out, str_from(text));
}

static bool word_take(bool *out, const char *text, const char *yes, const char *no)
{
    *out = strcmp(text, yes) == 0;
    return *out || strcmp(text, no) == 0;
}

static bool option_take(struct arguments *a, int option, const char *value)
{
    struct watch_order *watch = &a->order.watch;
    struct recalibration_setting *setting = &a->order.setting;
    switch (option) {
    case 'd': a->book.db = value; return true;
    case 't': a->book.tenant = str_from(value); return true;
    case 'm': return word_take(&a->book.is_live, value, "live", "test");
    case 'f': return date_take(&watch->from, value);
    case 'u': return date_take(&watch->to, value);
    case 'F': return date_take(&watch->baseline_from, value);
    case 'U': return date_take(&watch->baseline_to, value);
    case 'D': watch->definition = str_from(value); return true;
    case 'r': return word_take(&watch->unreported_is_good, value, "good", "left_out");
    case 'M': return recalibration_method_read(&setting->method, str_from(value));
    case 'k': return number_take(&setting->kappa, value);
    case 'c': return number_take(&setting->confidence, value);
    case 'R': return number_take(&setting->correlation, value);
    case 'v': a->order.version = str_from(value); return true;
    case 'o': a->out = value; return true;
    case 'j': a->is_json = true; return true;
    default: return false;
    }
}

/* argv[0] is the verb. */
static bool arguments_read(struct arguments *a, int argc, char **argv)
{
    static const struct option options[] = {
        {"db",            required_argument, NULL, 'd'},
        {"tenant",        required_argument, NULL, 't'},
        {"mode",          required_argument, NULL, 'm'},
        {"from",          required_argument, NULL, 'f'},
        {"to",            required_argument, NULL, 'u'},
        {"baseline-from", required_argument, NULL, 'F'},
        {"baseline-to",   required_argument, NULL, 'U'},
        {"definition",    required_argument, NULL, 'D'},
        {"unreported",    required_argument, NULL, 'r'},
        {"method",        required_argument, NULL, 'M'},
        {"kappa",         required_argument, NULL, 'k'},
        {"confidence",    required_argument, NULL, 'c'},
        {"correlation",   required_argument, NULL, 'R'},
        {"version",       required_argument, NULL, 'v'},
        {"out",           required_argument, NULL, 'o'},
        {"json",          no_argument,       NULL, 'j'},
        {NULL,            0,                 NULL, 0  },
    };
    int option;
    *a = (struct arguments){
        .book = {.is_live = true                  },
        .order = { .watch = {.unreported_is_good = true}, .setting = recalibration_usual()}
    };
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (!option_take(a, option, optarg)) {
            return false;
        }
    }
    if (optind < argc) {
        a->order.watch.model = str_from(argv[optind]);
    }
    return optind + 1 >= argc && a->book.db != NULL && a->book.tenant.len > 0;
}

static int metrics(const struct arguments *a)
{
    struct error err = {{0}, {0}};
    CLEANUP(buf_finish) struct buf out;
    buf_init(&out, REPORT_LEN_MAX);
    enum status status = watcher_metrics(&out, &a->book, &a->order.watch, &err);
    buf_append_byte(&out, '\n');
    return status == STATUS_OK ? cli_print(buf_str(&out)) : cli_fail("model", status, &err);
}

static int recalibrated(const struct arguments *a)
{
    struct error err = {{0}, {0}};
    CLEANUP(buf_finish) struct buf bundle;
    CLEANUP(buf_finish) struct buf summary;
    buf_init(&bundle, MODEL_LEN_MAX);
    buf_init(&summary, REPORT_LEN_MAX);
    enum status status = watcher_recalibrate(&bundle, &summary, &a->book, &a->order, &err);
    if (status == STATUS_OK) {
        status = file_write(a->out, buf_str(&bundle), 0644, &err);
    }
    buf_append_byte(&summary, '\n');
    return status == STATUS_OK ? cli_print(buf_str(&summary)) : cli_fail("model", status, &err);
}

bool cmd_model_watches(const char *verb)
{
    return strcmp(verb, "metrics") == 0 || strcmp(verb, "recalibrate") == 0;
}

int cmd_model_watch(int argc, char **argv)
{
    struct arguments a;
    bool is_metrics = strcmp(argv[1], "metrics") == 0;
    bool is_sound = arguments_read(&a, argc - 1, argv + 1);
    if (!is_sound || (is_metrics ? a.out != NULL || a.order.version.len > 0 : a.out == NULL)) {
        return cli_usage("model", is_metrics ? USAGE_METRICS : USAGE_RECALIBRATE);
    }
    return is_metrics ? metrics(&a) : recalibrated(&a);
}
