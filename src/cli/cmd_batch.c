/* cmd_batch.c - aval batch: many companies from a file, offline. */
#include "cli/cmd.h"

#include "base/wallclock.h"
#include "batch/batch.h"
#include "cli/cli.h"
#include "format/decimal.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define USAGE                                                                                      \
    "[FILE|-] [--out FILE|-] [--format ndjson|csv] [--mapping FILE] [--european]\n"                \
    "  [--resume] [--no-reasons] [--jobs N] [--as-of DATE] [--model BUNDLE] [--policy FILE]"

struct arguments {
    struct batch_options batch;
    const char *model, *policy;
    const char *wrong; /* what is wrong with the arguments; NULL: nothing */
    bool has_format;
};

/* ---- arguments ---- */

static void jobs_read(struct arguments *a, const char *text)
{
    struct decimal value;
    int64_t jobs;
    bool is_sound = decimal_read(&value, str_from(text)) && decimal_to_scaled(&jobs, value, 0) &&
                    jobs >= 1 && jobs <= PIPELINE_JOBS_MAX;
    a->batch.jobs = is_sound ? (unsigned)jobs : 1;
    a->wrong = is_sound ? a->wrong : "--jobs is from 1 to 64";
}

static void format_read(struct arguments *a, const char *text)
{
    bool is_csv = strcmp(text, "csv") == 0;
    a->batch.format = is_csv ? BATCH_CSV : BATCH_NDJSON;
    a->has_format = true;
    if (!is_csv && strcmp(text, "ndjson") != 0) {
        a->wrong = "--format is ndjson or csv";
    }
}

static bool option_read(struct arguments *a, int option)
{
    switch (option) {
    case 'o': a->batch.out = optarg; return true;
    case 'f': format_read(a, optarg); return true;
    case 'M': a->batch.mapping = optarg; return true;
    case 'e': a->batch.is_european = true; return true;
    case 'r': a->batch.is_resumed = true; return true;
    case 'n': a->batch.has_reasons = false; return true;
    case 'j': jobs_read(a, optarg); return true;
    case 'a':
        if (!date_read(&a->batch.today, str_from(optarg))) {
            a->wrong = "--as-of is a date: 2026-11-22";
        }
        a->batch.is_today_given = true;
        return true;
    case 'm': a->model = optarg; return true;
    case 'p': a->policy = optarg; return true;
    default: return false;
    }
}

/* What does not go together. */
static void check(struct arguments *a)
{
    const struct batch_options *o = &a->batch;
    bool is_standard = strcmp(o->in, "-") == 0 || strcmp(o->out, "-") == 0;
    if (a->wrong == NULL && o->is_resumed && is_standard) {
        a->wrong = "--resume needs a file to read and a file to write";
    }
    if (a->wrong == NULL && o->format != BATCH_CSV && (o->mapping != NULL || o->is_european)) {
        a->wrong = "--mapping and --european are for tables: --format csv";
    }
}

static unsigned processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > PIPELINE_JOBS_MAX ? PIPELINE_JOBS_MAX : (unsigned)count;
}

static bool arguments_read(struct arguments *a, int argc, char **argv)
{
    static const struct option options[] = {
        {"out",        required_argument, NULL, 'o'},
        {"format",     required_argument, NULL, 'f'},
        {"mapping",    required_argument, NULL, 'M'},
        {"european",   no_argument,       NULL, 'e'},
        {"resume",     no_argument,       NULL, 'r'},
        {"no-reasons", no_argument,       NULL, 'n'},
        {"jobs",       required_argument, NULL, 'j'},
        {"as-of",      required_argument, NULL, 'a'},
        {"model",      required_argument, NULL, 'm'},
        {"policy",     required_argument, NULL, 'p'},
        {NULL,         0,                 NULL, 0  }
    };
    struct wallclock clock = wallclock_system();
    int c;
    *a = (struct arguments){
        .batch = {.in = "-", .out = "-", .has_reasons = true, .jobs = processors()}
    };
    a->batch.today = date_of_ms(wallclock_now_ms(&clock));
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (!option_read(a, c)) {
            return false;
        }
    }
    if (optind < argc) {
        a->batch.in = argv[optind++];
    }
    if (!a->has_format && str_ends_with(str_from(a->batch.in), STR(".csv"))) {
        a->batch.format = BATCH_CSV;
    }
    check(a);
    return optind == argc;
}

/* ---- progress ---- */

enum { REPORT_EVERY_US = 200 * 1000 };

struct progress {
    bool is_shown;
    uint64_t began_us, shown_us;
    uint64_t input_len; /* 0: not known */
};

static void show_bar(struct progress *p, const struct pipeline_count *count,
                     const struct source *source)
{
    enum { BAR_WIDTH = 30 };
    static const char full[] = "##############################";
    double seconds = (double)(p->shown_us - p->began_us) / 1e6;
    double rate = seconds > 0.0 ? (double)count->rows / seconds : 0.0;
    if (p->input_len == 0) {
        (void)fprintf(stderr, "\r%llu rows, %.0f a second", (unsigned long long)count->rows, rate);
        return;
    }
    double share = (double)source->consumed / (double)p->input_len;
    share = share > 1.0 ? 1.0 : share;
    (void)fprintf(stderr, "\r[%-*.*s] %3.0f %%  %llu rows, %.0f a second", BAR_WIDTH,
                  (int)(share * BAR_WIDTH), full, share * 100.0, (unsigned long long)count->rows,
                  rate);
}

static void report(const struct pipeline_count *count, const struct source *source, void *context)
{
    struct progress *p = context;
    uint64_t now_us = p->is_shown ? steady_now_us() : 0;
    if (p->is_shown && now_us - p->shown_us >= REPORT_EVERY_US) {
        p->shown_us = now_us;
        show_bar(p, count, source);
    }
}

static void progress_begin(struct progress *p, const char *in)
{
    struct stat about;
    bool is_file = strcmp(in, "-") != 0 && stat(in, &about) == 0 && S_ISREG(about.st_mode);
    *p = (struct progress){.is_shown = isatty(STDERR_FILENO) == 1, .began_us = steady_now_us()};
    p->input_len = is_file ? (uint64_t)about.st_size : 0;
}

static void summarise(const struct progress *p, const struct batch_result *result)
{
    double seconds = (double)(steady_now_us() - p->began_us) / 1e6;
    uint64_t rows = result->before.rows + result->now.rows;
    uint64_t refused = result->before.refused + result->now.refused;
    (void)fprintf(stderr, "%s%llu rows: %llu decided, %llu refused", p->is_shown ? "\r\033[K" : "",
                  (unsigned long long)rows, (unsigned long long)(rows - refused),
                  (unsigned long long)refused);
    if (result->before.rows > 0) {
        (void)fprintf(stderr, "; %llu were there already", (unsigned long long)result->before.rows);
    }
    (void)fprintf(stderr, "; %.1f s, %.0f rows a second\n", seconds,
                  seconds > 0.0 ? (double)result->now.rows / seconds : 0.0);
}

int cmd_batch(int argc, char **argv)
{
    struct arguments a;
    struct in_force in_force = {0};
    struct batch_result result;
    struct progress progress;
    struct error err = {{0}, {0}};
    if (!arguments_read(&a, argc, argv)) {
        return cli_usage("batch", USAGE);
    }
    if (a.wrong != NULL) {
        (void)fprintf(stderr, "aval batch: %s\n", a.wrong);
        return EX_USAGE;
    }
    enum status status =
        in_force_load(&in_force, a.model, &a.policy, a.policy == NULL ? 0 : 1, &err);
    progress_begin(&progress, a.batch.in);
    if (status == STATUS_OK) {
        status = batch_run(&result, &a.batch, &in_force, report, &progress, &err);
    }
    in_force_finish(&in_force);
    if (status != STATUS_OK) {
        return cli_fail("batch", status, &err);
    }
    summarise(&progress, &result);
    return result.before.refused + result.now.refused == 0 ? EX_OK : EX_DATAERR;
}
