/* cmd_train.c - aval train scorecard, boost: from labelled tables to a bundle. */
#include "cli/cmd.h"

#include "base/file.h"
#include "cli/cli.h"
#include "format/decimal.h"
#include "train/bundle_model.h"
#include "train/card_write.h"
#include "train/train.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define USAGE                                                                                      \
    "scorecard|boost --data CSV[.gz] ... --label COLUMN --seed N --out BUNDLE\n"                   \
    "  [--mapping FILE]            how columns become inputs; serves the --data before it, and "   \
    "several sets\n"                                                                               \
    "                              (--data A --mapping M --data B --mapping N) are pooled\n"       \
    "  [--test CSV[.gz]]           scored once at the end, for the card; of the set named last\n"  \
    "  [--group COLUMN]            rows of one company: never on both sides of a fold\n"           \
    "  [--weight COLUMN] [--where EXPR] [--exclude a,b] [--features all|core] [--rank "            \
    "on|off|auto]\n"                                                                               \
    "  [--central-tendency FILE] [--card FILE] [--id ID] [--version VERSION] [--definition NAME] " \
    "[--json]\n"                                                                                   \
    "  [--held-out FILE]           scores of the rows held out in cross-validation\n"              \
    "  [--against FILE]            compare with the --held-out of another run, the same rows\n"    \
    "of boost:\n"                                                                                  \
    "  [--free]                    no directions: a challenger, which may not decide\n"            \
    "  [--depth N] [--folds N]     splits above a leaf, 1 to 8; folds of the cross-validation\n"   \
    "  [--bags N]                  the mean of so many forests, 1 to 16; usually 1\n"              \
    "  [--blend FILE]              how much the trees should count beside the card of that "       \
    "--held-out\n"                                                                                 \
    "  [--xgboost FILE]            the trees as XGBoost saves them, a line a bag\n"                \
    "or: assemble RECIPE --out BUNDLE"

enum { LIBRARY_JSON_MAX = 256 * 1024 * 1024, HELD_OUT_MAX = 1 << 30 };

struct arguments {
    struct train_options train;
    bool is_set_closed; /* the last set has its mapping behind its data: the next --data opens
                           another */
    bool has_seed, has_id, is_json;
    bool is_boost;
    const char *boost_only; /* an option given that a scorecard does not have */
    const char *out;
    const char *library_out; /* NULL: the library's trees are not wanted */
    const char *held_out;    /* NULL: the scores of rows held out are not wanted */
    const char *wrong;       /* what is wrong with the arguments; NULL: nothing */
};

static struct train_set *set_last(struct arguments *a)
{
    if (a->train.set_count == 0) {
        a->train.set_count = 1;
    }
    return &a->train.sets[a->train.set_count - 1];
}

static struct train_set *set_new(struct arguments *a)
{
    if (a->train.set_count == SAMPLE_SETS_MAX) {
        a->wrong = "at most 16 sets can be pooled";
        return set_last(a);
    }
    a->train.set_count++;
    a->is_set_closed = false;
    return set_last(a);
}

static void path_add(struct arguments *a, const char **paths, uint32_t *count, const char *path)
{
    if (*count == TABLE_FILES_MAX) {
        a->wrong = "a set has at most 16 files";
        return;
    }
    paths[(*count)++] = path;
}

static void data_add(struct arguments *a, const char *path)
{
    struct train_set *set = a->is_set_closed ? set_new(a) : set_last(a);
    path_add(a, set->data, &set->data_count, path);
}

static void test_add(struct arguments *a, const char *path)
{
    struct train_set *set = set_last(a);
    path_add(a, set->test, &set->test_count, path);
}

static void mapping_add(struct arguments *a, const char *path)
{
    struct train_set *set = set_last(a);
    set = set->mapping == NULL ? set : set_new(a);
    set->mapping = path;
    a->is_set_closed = set->data_count > 0;
}

static void excluded_add(struct arguments *a, struct str list)
{
    for (size_t from = 0; from <= list.len;) {
        size_t to = str_find(list, from, ',');
        struct str name = str_trim(str_slice(list, from, to));
        if (a->train.excluded_count == TRAIN_EXCLUDED_MAX) {
            a->wrong = "--exclude names at most 256 columns";
            return;
        }
        if (name.len > 0) {
            a->train.excluded[a->train.excluded_count++] = name;
        }
        from = to + 1;
    }
}

static void seed_read(struct arguments *a, const char *text)
{
    struct decimal value;
    int64_t seed;
    if (!decimal_read(&value, str_from(text)) || !decimal_to_scaled(&seed, value, 0) || seed < 0) {
        a->wrong = "--seed is a whole number from 0 on";
        return;
    }
    a->train.seed = (uint64_t)seed;
    a->has_seed = true;
}

static void count_read(struct arguments *a, uint32_t *out, const char *text, int64_t low,
                       int64_t high, const char *wrong)
{
    struct decimal value;
    int64_t count;
    if (!decimal_read(&value, str_from(text)) || !decimal_to_scaled(&count, value, 0) ||
        count < low || count > high) {
        a->wrong = wrong;
        return;
    }
    *out = (uint32_t)count;
}

static bool boost_option_take(struct arguments *a, int option, const char *value)
{
    a->boost_only = "--free, --depth, --folds, --bags, --blend and --xgboost are options of boost";
    switch (option) {
    case 'F': a->train.is_free = true; return true;
    case 'p':
        count_read(a, &a->train.depth_max, value, 1, BOOST_DEPTH_MAX, "--depth is 1 to 8");
        return true;
    case 'k':
        count_read(a, &a->train.fold_count, value, BOOST_FOLDS_MIN, BOOST_FOLDS_MAX,
                   "--folds is 2 to 20");
        return true;
    case 'b':
        count_read(a, &a->train.bag_count, value, 1, BOOST_BAGS_MAX, "--bags is 1 to 16");
        return true;
    case 'B': a->train.blend = value; return true;
    case 'X': a->library_out = value; return true;
    default: return false;
    }
}

static void features_read(struct arguments *a, const char *word)
{
    a->train.core_only = strcmp(word, "core") == 0;
    if (!a->train.core_only && strcmp(word, "all") != 0) {
        a->wrong = "--features is all or core";
    }
}

static void rank_read(struct arguments *a, const char *word)
{
    static const char *const words[] = {
        [TRAIN_RANK_AUTO] = "auto", [TRAIN_RANK_ON] = "on", [TRAIN_RANK_OFF] = "off"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (strcmp(word, words[i]) == 0) {
            a->train.rank = (enum train_rank)i;
            return;
        }
    }
    a->wrong = "--rank is on, off or auto";
}

static bool option_take(struct arguments *a, int option, const char *value)
{
    switch (option) {
    case 'd': data_add(a, value); return true;
    case 't': test_add(a, value); return true;
    case 'm': mapping_add(a, value); return true;
    case 'x': excluded_add(a, str_from(value)); return true;
    case 's': seed_read(a, value); return true;
    case 'f': features_read(a, value); return true;
    case 'r': rank_read(a, value); return true;
    case 'l': a->train.label = str_from(value); return true;
    case 'g': a->train.group = str_from(value); return true;
    case 'w': a->train.weight = str_from(value); return true;
    case 'W': a->train.where = str_from(value); return true;
    case 'c': a->train.central_tendency = value; return true;
    case 'C': a->train.card = value; return true;
    case 'i':
        a->train.id = str_from(value);
        a->has_id = true;
        return true;
    case 'v': a->train.version = str_from(value); return true;
    case 'D': a->train.definition = str_from(value); return true;
    case 'H': a->held_out = value; return true;
    case 'A': a->train.against = value; return true;
    case 'o': a->out = value; return true;
    case 'j': a->is_json = true; return true;
    default: return boost_option_take(a, option, value);
    }
}

static bool arguments_read(struct arguments *a, int argc, char **argv)
{
    static const struct option options[] = {
        {"data",             required_argument, NULL, 'd'},
        {"test",             required_argument, NULL, 't'},
        {"mapping",          required_argument, NULL, 'm'},
        {"exclude",          required_argument, NULL, 'x'},
        {"seed",             required_argument, NULL, 's'},
        {"features",         required_argument, NULL, 'f'},
        {"rank",             required_argument, NULL, 'r'},
        {"label",            required_argument, NULL, 'l'},
        {"group",            required_argument, NULL, 'g'},
        {"weight",           required_argument, NULL, 'w'},
        {"where",            required_argument, NULL, 'W'},
        {"central-tendency", required_argument, NULL, 'c'},
        {"card",             required_argument, NULL, 'C'},
        {"id",               required_argument, NULL, 'i'},
        {"version",          required_argument, NULL, 'v'},
        {"definition",       required_argument, NULL, 'D'},
        {"out",              required_argument, NULL, 'o'},
        {"json",             no_argument,       NULL, 'j'},
        {"free",             no_argument,       NULL, 'F'},
        {"depth",            required_argument, NULL, 'p'},
        {"folds",            required_argument, NULL, 'k'},
        {"bags",             required_argument, NULL, 'b'},
        {"held-out",         required_argument, NULL, 'H'},
        {"against",          required_argument, NULL, 'A'},
        {"blend",            required_argument, NULL, 'B'},
        {"xgboost",          required_argument, NULL, 'X'},
        {NULL,               0,                 NULL, 0  },
    };
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (!option_take(a, option, optarg)) {
            return false;
        }
    }
    if (optind + 1 != argc) {
        return false;
    }
    a->is_boost = strcmp(argv[optind], "boost") == 0;
    return a->is_boost || strcmp(argv[optind], "scorecard") == 0;
}

/* What is missing or contradictory, or NULL. */
static const char *arguments_fault(const struct arguments *a)
{
    if (a->wrong != NULL) {
        return a->wrong;
    }
    if (!a->is_boost && a->boost_only != NULL) {
        return a->boost_only;
    }
    if (a->is_boost && a->train.rank == TRAIN_RANK_ON) {
        return "--rank on is an option of scorecard: trees read values";
    }
    for (uint32_t i = 0; i < a->train.set_count; i++) {
        if (a->train.sets[i].data_count == 0) {
            return "a --mapping or --test has no --data";
        }
    }
    if (a->train.set_count == 0) {
        return "--data is missing: a CSV file with a header";
    }
    if (!a->has_seed) {
        return "--seed is missing: a whole number that makes the run repeatable";
    }
    return a->out == NULL ? "--out is missing: where the bundle goes" : NULL;
}

static void differences_write_json(struct json_writer *w, struct str name,
                                   const struct auc_difference *by_set, uint32_t count)
{
    json_name(w, name);
    json_array_begin(w);
    for (uint32_t i = 0; i < count; i++) {
        json_object_begin(w);
        json_name(w, STR("auc"));
        number_write(w, by_set[i].auc_a, 6);
        auc_difference_write(w, &by_set[i], 6);
        json_object_end(w);
    }
    json_array_end(w);
}

static void number_member(struct json_writer *w, struct str name, double value)
{
    json_name(w, name);
    number_write(w, value, BUNDLE_DIGITS);
}

/* "calibration" is as a bundle has it. */
static void blend_write_json(struct json_writer *w, const struct blend *b, uint32_t set_count)
{
    json_name(w, STR("blend"));
    json_object_begin(w);
    number_member(w, STR("weight"), b->points[b->chosen].weight);
    json_name(w, STR("calibration"));
    json_object_begin(w);
    number_member(w, STR("slope"), b->calibration.slope);
    number_member(w, STR("intercept"), b->calibration.intercept);
    number_member(w, STR("train_rate"), b->calibration.train_rate);
    json_name(w, STR("covariance"));
    json_array_begin(w);
    for (uint32_t j = 0; j < 2; j++) {
        json_array_begin(w);
        for (uint32_t k = 0; k < 2; k++) {
            number_write(w, b->covariance[j][k], 6);
        }
        json_array_end(w);
    }
    json_array_end(w);
    json_object_end(w);
    json_name(w, STR("points"));
    json_array_begin(w);
    for (uint32_t i = 0; i < BLEND_POINTS; i++) {
        json_object_begin(w);
        number_member(w, STR("weight"), b->points[i].weight);
        json_name(w, STR("auc"));
        number_write(w, b->points[i].auc, 6);
        json_name(w, STR("log_loss"));
        number_write(w, b->points[i].log_loss, 6);
        json_object_end(w);
    }
    json_array_end(w);
    differences_write_json(w, STR("less_trees"), b->less_trees, set_count);
    differences_write_json(w, STR("less_card"), b->less_card, set_count);
    json_object_end(w);
}

static void against_write_json(struct json_writer *w, const struct train_summary *s)
{
    if (s->against_count == 0) {
        return;
    }
    differences_write_json(w, STR("against"), s->against, s->against_count);
}

static void summary_write_json(struct buf *out, const struct arguments *a,
                               const struct train_summary *s)
{
    struct json_writer w;
    json_writer_init(&w, out);
    json_object_begin(&w);
    json_text_member(&w, STR("id"), a->train.id);
    json_text_member(&w, STR("version"), a->train.version);
    json_text_member(&w, STR("sha256"), str_from(s->sha256));
    json_name(&w, STR("rows"));
    json_int(&w, s->row_count);
    json_name(&w, STR("bads"));
    json_int(&w, s->bad_count);
    if (a->is_boost) {
        json_name(&w, STR("trees"));
        json_int(&w, s->tree_count);
    } else {
        json_name(&w, STR("characteristics"));
        json_int(&w, s->characteristic_count);
        json_name(&w, STR("is_ranked"));
        json_bool(&w, s->is_ranked);
    }
    json_name(&w, STR("cross_validated_auc"));
    number_write(&w, s->cross_validated_auc, 6);
    if (a->is_boost) {
        json_name(&w, STR("cross_validated_auc_se"));
        number_write(&w, s->cross_validated_auc_se, 6);
    }
    against_write_json(&w, s);
    if (s->has_blend) {
        blend_write_json(&w, &s->blend, a->train.set_count);
    }
    json_object_end(&w);
    buf_append_byte(out, '\n');
}

static void against_write_people(struct buf *out, const struct train_summary *s)
{
    for (uint32_t i = 0; i < s->against_count; i++) {
        const struct auc_difference *d = &s->against[i];
        buf_printf(out, "%-20s%.4f - %.4f = %+.4f +- %.4f, 95 %%: %+.4f to %+.4f\n",
                   i == 0 ? "held out, against" : "", d->auc_a, d->auc_b, d->difference, d->se,
                   d->low, d->high);
    }
}

static void summary_write_people(struct buf *out, const struct arguments *a,
                                 const struct train_summary *s)
{
    buf_printf(out, "%-20s%s\n", "bundle", a->out);
    buf_printf(out, "%-20s%s\n", "sha256", s->sha256);
    buf_printf(out, "%-20s%u, of which %u bad\n", "rows", s->row_count, s->bad_count);
    if (a->is_boost) {
        buf_printf(out, "%-20s%u\n", "trees", s->tree_count);
        buf_printf(out, "%-20s%.4f +- %.4f (cross-validated on the training rows, by fold)\n",
                   "AUC", s->cross_validated_auc, s->cross_validated_auc_se);
        against_write_people(out, s);
        for (uint32_t i = 0; s->has_blend && i < BLEND_POINTS; i++) {
            buf_printf(out, "%-20s%.1f: AUC %.4f, log loss %.5f%s\n", i == 0 ? "blend" : "",
                       s->blend.points[i].weight, s->blend.points[i].auc,
                       s->blend.points[i].log_loss, i == s->blend.chosen ? "  <- lowest" : "");
        }
        return;
    }
    buf_printf(out, "%-20s%u%s\n", "characteristics", s->characteristic_count,
               s->is_ranked ? ", of values ranked by country" : "");
    buf_printf(out, "%-20s%.4f (cross-validated on the training rows; see the card for the rest)\n",
               "AUC", s->cross_validated_auc);
    against_write_people(out, s);
}

static int train(const struct arguments *a)
{
    struct error err = {{0}, {0}};
    struct train_summary summary;
    CLEANUP(buf_finish) struct buf bundle;
    buf_init(&bundle, MODEL_LEN_MAX);
    CLEANUP(buf_finish) struct buf library_json;
    buf_init(&library_json, LIBRARY_JSON_MAX);
    CLEANUP(buf_finish) struct buf held_out;
    buf_init(&held_out, HELD_OUT_MAX);
    struct train_options options = a->train;
    options.held_out = a->held_out == NULL ? NULL : &held_out;
    enum status status = a->is_boost
                             ? train_boost(&bundle, a->library_out == NULL ? NULL : &library_json,
                                           &summary, &options, &err)
                             : train_scorecard(&bundle, &summary, &options, &err);
    if (status == STATUS_OK) {
        status = file_write(a->out, buf_str(&bundle), 0644, &err);
    }
    if (status == STATUS_OK && a->library_out != NULL) {
        status = file_write(a->library_out, buf_str(&library_json), 0644, &err);
    }
    if (status == STATUS_OK && a->held_out != NULL) {
        status = file_write(a->held_out, buf_str(&held_out), 0644, &err);
    }
    if (status != STATUS_OK) {
        return cli_fail("train", status, &err);
    }
    for (uint32_t i = 0; i < summary.unknown_excluded_count; i++) {
        (void)fprintf(
            stderr,
            "aval train: warning: --exclude %.*s names no column and no input of the data; "
            "check its spelling\n",
            STR_ARGS(summary.unknown_excluded[i]));
    }
    CLEANUP(buf_finish) struct buf answer;
    buf_init(&answer, 1 << 16);
    if (a->is_json || isatty(STDOUT_FILENO) == 0) {
        summary_write_json(&answer, a, &summary);
    } else {
        summary_write_people(&answer, a, &summary);
    }
    return cli_print(buf_str(&answer));
}

int cmd_train(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "assemble") == 0) {
        return cmd_assemble(argc - 1, argv + 1);
    }
    struct arguments *a = calloc(1, sizeof *a);
    if (a == NULL) {
        return cli_fail("train", STATUS_TOO_LARGE, NULL);
    }
    a->train = train_options_default();
    bool is_understood = arguments_read(a, argc, argv);
    if (a->is_boost && !a->has_id) {
        a->train.id = STR("forest");
    }
    const char *fault = is_understood ? arguments_fault(a) : NULL;
    int code;
    if (fault != NULL) {
        (void)fprintf(stderr, "aval train: %s\n", fault);
    }
    code = is_understood && fault == NULL ? train(a) : cli_usage("train", USAGE);
    free(a);
    return code;
}
