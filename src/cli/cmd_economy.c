/* cmd_economy.c - aval economy: fictitious companies as decision requests, and what became of them.
 */
#include "cli/cmd.h"

#include "cli/cli.h"
#include "economy/request.h"
#include "economy/truth.h"
#include "format/csv.h"
#include "service/assess.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define USAGE                                                                                      \
    "--seed N --companies N [--out FILE|-] [--years N] [--as-of DATE]\n"                           \
    "  [--truth CSV]               what no request says: quality, PD, failed within 12 months\n"   \
    "  [--features CSV]            the features of each request and its outcome, for `aval "       \
    "train`\n"                                                                                     \
    "  [--blocks a,b]              financial, firmographic, bank, payment, legal, graph: all of "  \
    "them\n"                                                                                       \
    "  [--missing RATE]            the share of blocks left out, 0 to 1\n"                         \
    "  [--dirty]                   with what is wrong in data as they come\n"                      \
    "  [--group-weight RATIO] [--contagion X]"

enum {
    ECONOMY_ARENA_SPARE = 64 * 1024 * 1024,
    REQUEST_ARENA_MAX = 16 * 1024 * 1024,
    FLUSH_LEN = 1024 * 1024,
    RATIO_SCALE = 6
};

struct arguments {
    struct economy_options economy;
    struct showing_options showing;
    const char *out, *truth, *features;
    bool has_seed, has_companies;
    const char *wrong; /* what is wrong with the arguments; NULL: nothing */
};

/* ---- arguments ---- */

static int64_t whole_read(struct arguments *a, const char *text, int64_t least, int64_t most,
                          const char *wrong)
{
    struct decimal value;
    int64_t number = 0;
    if (!decimal_read(&value, str_from(text)) || !decimal_to_scaled(&number, value, 0) ||
        number < least || number > most) {
        a->wrong = wrong;
        return least;
    }
    return number;
}

static double ratio_read(struct arguments *a, const char *text, double most, const char *wrong)
{
    struct decimal value;
    int64_t micro = 0;
    if (!decimal_read(&value, str_from(text)) || !decimal_to_scaled(&micro, value, RATIO_SCALE) ||
        micro < 0 || (double)micro > most * 1e6) {
        a->wrong = wrong;
        return 0.0;
    }
    return (double)micro / 1e6;
}

static void blocks_read(struct arguments *a, struct str list)
{
    a->showing.blocks = 0;
    for (size_t from = 0; from <= list.len;) {
        size_t to = str_find(list, from, ',');
        struct str name = str_slice(list, from, to);
        size_t i = 0;
        while (i < BLOCK_COUNT && !str_eq(name, str_from(block_wire((enum block)i)))) {
            i++;
        }
        if (i == BLOCK_COUNT) {
            a->wrong = "--blocks names financial, firmographic, bank, payment, legal or graph";
            return;
        }
        a->showing.blocks |= 1U << i;
        from = to + 1;
    }
}

static void as_of_read(struct arguments *a, const char *text)
{
    if (!date_read(&a->economy.as_of, str_from(text)) || a->economy.as_of.year < 2015 ||
        a->economy.as_of.year > 2100) {
        a->wrong = "--as-of is a day from 2015-01-01 to 2100-12-31";
    }
}

static bool option_read(struct arguments *a, int option)
{
    switch (option) {
    case 's':
        a->economy.seed = (uint64_t)whole_read(a, optarg, 0, INT64_C(999999999999999999),
                                               "--seed is a whole number from 0 on");
        a->has_seed = true;
        return true;
    case 'c':
        a->economy.companies = (uint32_t)whole_read(a, optarg, 1, ECONOMY_COMPANIES_MAX,
                                                    "--companies is from 1 to 1000000");
        a->has_companies = true;
        return true;
    case 'y':
        a->economy.years =
            (uint32_t)whole_read(a, optarg, 1, ECONOMY_YEARS_MAX, "--years is from 1 to 20");
        return true;
    case 'd': as_of_read(a, optarg); return true;
    case 'o': a->out = optarg; return true;
    case 't': a->truth = optarg; return true;
    case 'f': a->features = optarg; return true;
    case 'b': blocks_read(a, str_from(optarg)); return true;
    case 'm':
        a->showing.missing = ratio_read(a, optarg, 1.0, "--missing is from 0 to 1");
        return true;
    case 'D': a->showing.is_dirty = true; return true;
    case 'g':
        a->economy.group_weight =
            ratio_read(a, optarg, ECONOMY_GROUP_WEIGHT_MAX, "--group-weight is from 0 to 0.85");
        return true;
    case 'k':
        a->economy.contagion =
            ratio_read(a, optarg, ECONOMY_CONTAGION_MAX, "--contagion is from 0 to 5");
        return true;
    default: return false;
    }
}

static bool arguments_read(struct arguments *a, int argc, char **argv)
{
    static const struct option options[] = {
        {"seed",         required_argument, NULL, 's'},
        {"companies",    required_argument, NULL, 'c'},
        {"years",        required_argument, NULL, 'y'},
        {"as-of",        required_argument, NULL, 'd'},
        {"out",          required_argument, NULL, 'o'},
        {"truth",        required_argument, NULL, 't'},
        {"features",     required_argument, NULL, 'f'},
        {"blocks",       required_argument, NULL, 'b'},
        {"missing",      required_argument, NULL, 'm'},
        {"dirty",        no_argument,       NULL, 'D'},
        {"group-weight", required_argument, NULL, 'g'},
        {"contagion",    required_argument, NULL, 'k'},
        {NULL,           0,                 NULL, 0  }
    };
    int c;
    *a = (struct arguments){.economy = economy_options_default,
                            .out = "-",
                            .showing = {.blocks = (1U << BLOCK_COUNT) - 1}};
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (!option_read(a, c)) {
            return false;
        }
    }
    bool is_too_much = (uint64_t)a->economy.companies * a->economy.years > ECONOMY_ROWS_MAX;
    if (a->wrong == NULL && is_too_much) {
        a->wrong = "--companies times --years is at most 5000000";
    }
    return optind == argc && a->has_seed && a->has_companies;
}

/* ---- writing ---- */

/* A file that grows; "-" is standard output. */
struct sink {
    const char *path;
    FILE *file; /* NULL: not wanted */
    struct buf text;
};

static enum status sink_open(struct sink *s, const char *path, struct error *err)
{
    *s = (struct sink){.path = path};
    buf_init(&s->text, 2 * FLUSH_LEN);
    if (path == NULL) {
        return STATUS_OK;
    }
    s->file = strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
    if (s->file == NULL) {
        return error_set(err, STATUS_IO, path, "cannot be written: %s", strerror(errno));
    }
    return STATUS_OK;
}

static enum status sink_flush(struct sink *s, size_t least, struct error *err)
{
    if (buf_failed(&s->text)) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory");
    }
    if (s->file == NULL || s->text.len < least || s->text.len == 0) {
        return STATUS_OK;
    }
    if (fwrite(s->text.ptr, 1, s->text.len, s->file) != s->text.len) {
        return error_set(err, STATUS_IO, s->path, "cannot be written: %s", strerror(errno));
    }
    buf_clear(&s->text);
    return STATUS_OK;
}

static enum status sink_close(struct sink *s, struct error *err)
{
    enum status status = sink_flush(s, 0, err);
    bool is_ours = s->file != NULL && s->file != stdout;
    if (s->file != NULL && fflush(s->file) != 0 && status == STATUS_OK) {
        status = error_set(err, STATUS_IO, s->path, "cannot be written: %s", strerror(errno));
    }
    if (is_ours && fclose(s->file) != 0 && status == STATUS_OK) {
        status = error_set(err, STATUS_IO, s->path, "cannot be written: %s", strerror(errno));
    }
    buf_finish(&s->text);
    return status;
}

struct writing {
    const struct arguments *arguments;
    const struct in_force *in_force;
    struct economy economy;
    struct sink requests, truth, features;
    struct arena arena; /* of one request */
    uint64_t row;
};

/* ---- features ---- */

static void write_features_head(struct buf *out)
{
    buf_append(out, STR("row,year,group,default_12m"));
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        buf_append_byte(out, ',');
        buf_append_text(out, feature_info((enum feature)i)->wire);
    }
    buf_append_byte(out, '\n');
}

static void write_features(struct writing *w, uint32_t place, const struct features *features)
{
    struct buf *out = &w->features.text;
    const struct firm *firm = &w->economy.firms[place];
    buf_printf(out, "%llu,%d,%u,%d", (unsigned long long)w->row, w->economy.as_of.year,
               economy_kin(&w->economy, place), firm->fails ? 1 : 0);
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        buf_append_byte(out, ',');
        if (features->values[i].is_known) {
            double_write(out, double_round_digits(features->values[i].value, 15));
        }
    }
    buf_append_byte(out, '\n');
}

/* Read our own request as the server would.  A refused one (dirt) has no features. */
static enum status features_of(struct writing *w, uint32_t place, struct str text,
                               struct error *err)
{
    struct json_error json_err;
    struct violations violations;
    struct decision_request request;
    const struct json *root;
    arena_reset(&w->arena);
    violations_init(&violations, &w->arena);
    TRY(request_parse(&root, text, &w->arena, &json_err, err));
    enum status status =
        decision_request_read(&request, root, w->economy.as_of, &w->arena, &violations);
    if (status == STATUS_INVALID && w->arguments->showing.is_dirty) {
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return error_set(err, status, "", "row %llu is no request", (unsigned long long)w->row);
    }
    struct score score;
    score_compute(&score, w->in_force->model, &request.facts);
    write_features(w, place, &score.features);
    return STATUS_OK;
}

/* ---- rows ---- */

static enum status write_row(struct writing *w, uint32_t place, struct error *err)
{
    struct shown shown;
    struct buf *out = &w->requests.text;
    size_t start = out->len;
    w->row++;
    shown_make(&shown, &w->arguments->showing, &w->economy, place);
    request_write(out, &w->economy, place, &shown, w->row);
    struct str text = str_slice(buf_str(out), start, out->len);
    if (w->truth.file != NULL) {
        truth_write(&w->truth.text, &w->economy, place, &shown, w->row);
    }
    if (w->features.file != NULL) {
        TRY(features_of(w, place, text, err));
    }
    buf_append_byte(out, '\n');
    TRY(sink_flush(&w->requests, FLUSH_LEN, err));
    TRY(sink_flush(&w->truth, FLUSH_LEN, err));
    return sink_flush(&w->features, FLUSH_LEN, err);
}

static enum status write_rows(struct writing *w, struct error *err)
{
    truth_write_head(&w->truth.text);
    write_features_head(&w->features.text);
    for (;;) {
        for (uint32_t place = 0; place < w->economy.firm_count; place++) {
            TRY(write_row(w, place, err));
        }
        if (w->economy.year + 1 == w->arguments->economy.years) {
            return STATUS_OK;
        }
        economy_advance(&w->economy);
    }
}

static enum status write_all(const struct arguments *a, const struct in_force *in_force,
                             struct error *err)
{
    struct writing w = {.arguments = a, .in_force = in_force};
    struct arena arena;
    arena_init(&arena, (size_t)a->economy.companies * ECONOMY_BYTES + ECONOMY_ARENA_SPARE);
    arena_init(&w.arena, REQUEST_ARENA_MAX);
    enum status status = economy_make(&w.economy, &a->economy, &arena)
                             ? STATUS_OK
                             : error_set(err, STATUS_TOO_LARGE, "", "no memory");
    status = status == STATUS_OK ? sink_open(&w.requests, a->out, err) : status;
    status = status == STATUS_OK ? sink_open(&w.truth, a->truth, err) : status;
    status = status == STATUS_OK ? sink_open(&w.features, a->features, err) : status;
    status = status == STATUS_OK ? write_rows(&w, err) : status;
    struct sink *const sinks[] = {&w.requests, &w.truth, &w.features};
    for (size_t i = 0; i < ARRAY_LEN(sinks); i++) {
        struct error later = {{0}, {0}};
        enum status closed = sink_close(sinks[i], &later);
        if (status == STATUS_OK && closed != STATUS_OK) {
            status = closed;
            *err = later;
        }
    }
    arena_finish(&w.arena);
    arena_finish(&arena);
    return status;
}

int cmd_economy(int argc, char **argv)
{
    struct arguments a;
    struct in_force in_force = {0};
    struct error err = {{0}, {0}};
    if (!arguments_read(&a, argc, argv)) {
        return cli_usage("economy", USAGE);
    }
    if (a.wrong != NULL) {
        (void)fprintf(stderr, "aval economy: %s\n", a.wrong);
        return EX_USAGE;
    }
    enum status status = in_force_load(&in_force, NULL, NULL, 0, &err);
    status = status == STATUS_OK ? write_all(&a, &in_force, &err) : status;
    in_force_finish(&in_force);
    return status == STATUS_OK ? EX_OK : cli_fail("economy", status, &err);
}
