/* model_bench.c - one company through boosted trees: the answer, the answer with exact reasons, and
 * the same trees asked through XGBoost's own C interface, for both.
 *
 * usage: model_bench COMPANIES DIRECTORY
 *
 * The trees are grown here, on made-up companies, the same each time.  Each call is timed by
 * itself. The figures are void, and the exit code 1, if any answer differs from XGBoost's by more
 * than 1e-5 in log-odds, a contribution by more than 1e-4, or contributions do not add up to their
 * answer.  DIRECTORY gets the trees, the companies and the answers, for bench/peers/onnx_trees.mjs
 * to ask another engine. */
#include "base/elementary.h"
#include "base/file.h"
#include "forest/explain.h"
#include "forest/file.h"
#include "format/decimal.h"
#include "train/fold.h"
#include "train/xgboost.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { INPUTS = 40, ROWS = 10000, TREES = 250, ARENA_MAX = 1 << 30 };

struct bench {
    const struct xgboost *xgboost;
    struct arena arena;
    float *values, *labels, *weights; /* of ROWS made-up companies */
    struct xgboost_booster booster;
    struct forest forest;
    struct explainer explainer;
    double library_base; /* log-odds that XGBoost adds by itself */
    uint32_t count;
    const char *directory;
    double *times; /* nanoseconds, of one way */
    double *parts; /* our contributions, of every company */
};

static double chance(uint64_t *state)
{
    return (double)(splitmix64(state) >> 11) * 0x1p-53;
}

static double now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Two inputs and a pair of them tell something, the others nothing; one in twenty is missing. */
static void companies_make(struct bench *b)
{
    uint64_t seed = 7;
    b->values = arena_array(&b->arena, float, (size_t)ROWS *INPUTS);
    b->labels = arena_array(&b->arena, float, ROWS);
    b->weights = arena_array(&b->arena, float, ROWS);
    CHECK(b->values != NULL && b->labels != NULL && b->weights != NULL);
    for (size_t row = 0; row < ROWS; row++) {
        float *v = &b->values[row * INPUTS];
        for (size_t i = 0; i < INPUTS; i++) {
            v[i] = (float)(chance(&seed) + chance(&seed) + chance(&seed) - 1.5);
        }
        double log_odds = 3 * (double)v[0] - 2 * (double)v[1] + 4 * (double)(v[2] * v[3]) - 2;
        b->labels[row] = chance(&seed) < logistic(log_odds) ? 1 : 0;
        b->weights[row] = 1;
        for (size_t i = 0; i < INPUTS; i++) {
            v[i] = chance(&seed) < 0.05 ? NAN : v[i];
        }
    }
}

static enum status trees_grow(struct bench *b, const char *depth, struct error *err)
{
    const struct xgboost_parameter parameters[] = {
        {"objective",   "binary:logistic"},
        {"max_depth",   depth            },
        {"eta",         "0.1"            },
        {"tree_method", "hist"           },
        {"nthread",     "1"              },
        {"verbosity",   "0"              },
        {"base_score",  "0.3"            },
    };
    const struct xgboost_rows rows = {ROWS, INPUTS, b->values, b->labels, b->weights};
    struct xgboost_matrix matrix = {0};
    TRY(xgboost_matrix_make(&matrix, b->xgboost, &rows, err));
    enum status status = xgboost_booster_make(&b->booster, b->xgboost, &matrix, 1, parameters,
                                              ARRAY_LEN(parameters), err);
    for (uint32_t round = 0; status == STATUS_OK && round < TREES; round++) {
        status = xgboost_grow(&b->booster, &matrix, round, err);
    }
    xgboost_matrix_free(&matrix);
    return status;
}

static enum status leave(const struct bench *b, const char *name, const char *depth,
                         struct str bytes, struct error *err)
{
    char path[4096];
    int len = snprintf(path, sizeof path, "%s/%s%s", b->directory, name, depth);
    CHECK(len > 0 && (size_t)len < sizeof path);
    return file_write(path, bytes, 0644, err);
}

static enum status trees_read(struct bench *b, const char *depth, struct error *err)
{
    CLEANUP(buf_finish) struct buf json;
    struct forest_file file;
    char texts[INPUTS][8];
    const char *names[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "x%d", i);
        names[i] = texts[i];
    }
    buf_init(&json, ARENA_MAX);
    TRY(xgboost_save(&json, &b->booster, names, INPUTS, err));
    TRY(leave(b, "trees_", depth, buf_str(&json), err));
    TRY(forest_read_xgboost(&file, buf_str(&json), &b->arena, err));
    b->library_base = logit(file.base_probability);
    TRY(forest_make(&b->forest, &file.raw, &b->arena, err));
    return explainer_make(&b->explainer, &b->forest, &b->arena, err);
}

static int time_order(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

static void times_print(struct bench *b, const char *what)
{
    qsort(b->times, b->count, sizeof *b->times, time_order);
    printf("  %-44s %8.2f %8.2f\n", what, b->times[b->count / 2] / 1e3,
           b->times[b->count - 1 - b->count / 100] / 1e3);
}

static void company_of(double *out, const struct bench *b, uint32_t company)
{
    for (size_t i = 0; i < INPUTS; i++) {
        out[i] = (double)b->values[(size_t)(company % ROWS) * INPUTS + i];
    }
}

/* Ranks and sum. */
static void measure_answer(struct bench *b, double *answers)
{
    for (uint32_t k = 0; k < b->count; k++) {
        double inputs[INPUTS];
        uint16_t ranks[INPUTS];
        company_of(inputs, b, k);
        double began = now_ns();
        forest_rank(ranks, &b->forest, inputs);
        answers[k] = forest_margin(&b->forest, ranks);
        b->times[k] = now_ns() - began;
    }
    times_print(b, "ours, log-odds");
}

static bool measure_reasons(struct bench *b, const double *answers)
{
    bool is_sound = true;
    for (uint32_t k = 0; k < b->count; k++) {
        double inputs[INPUTS];
        double *contributions = &b->parts[(size_t)k * INPUTS];
        uint16_t ranks[INPUTS];
        company_of(inputs, b, k);
        double began = now_ns();
        forest_rank(ranks, &b->forest, inputs);
        double answer = forest_margin(&b->forest, ranks);
        explainer_run(contributions, &b->explainer, ranks);
        b->times[k] = now_ns() - began;
        double sum = b->explainer.base;
        for (size_t i = 0; i < INPUTS; i++) {
            sum += contributions[i];
        }
        is_sound = is_sound && fabs(sum - answer) < 1e-9 && answer == answers[k];
    }
    times_print(b, "ours, log-odds and exact reasons");
    return is_sound;
}

/* A matrix of one row, made and asked: there is no other way to ask about one company. */
static enum status ask_library(double *out, struct bench *b, uint32_t company, bool has_reasons,
                               struct error *err)
{
    const float *row = &b->values[(size_t)(company % ROWS) * INPUTS];
    const struct xgboost_rows one = {1, INPUTS, row, b->labels, b->weights};
    struct xgboost_matrix matrix = {0};
    double began = now_ns();
    TRY(xgboost_matrix_make(&matrix, b->xgboost, &one, err));
    enum status status = has_reasons ? xgboost_contributions(out, &b->booster, &matrix, INPUTS, err)
                                     : xgboost_margins(out, &b->booster, &matrix, err);
    xgboost_matrix_free(&matrix);
    b->times[company] = now_ns() - began;
    return status;
}

static enum status measure_library(bool *is_sound, struct bench *b, const double *answers,
                                   struct error *err)
{
    for (uint32_t k = 0; k < b->count; k++) {
        double margin = 0;
        TRY(ask_library(&margin, b, k, false, err));
        *is_sound = *is_sound && fabs(margin - b->library_base - answers[k]) < 1e-5;
    }
    times_print(b, "XGBoost's C interface, log-odds");
    for (uint32_t k = 0; k < b->count; k++) {
        double theirs[INPUTS + 1];
        TRY(ask_library(theirs, b, k, true, err));
        for (size_t i = 0; i < INPUTS; i++) {
            double gap = theirs[i] - b->parts[(size_t)k * INPUTS + i];
            *is_sound = *is_sound && fabs(gap) < 1e-4;
        }
    }
    times_print(b, "XGBoost's C interface, exact reasons");
    return STATUS_OK;
}

static enum status depth_run(bool *is_sound, struct bench *b, const char *depth, struct error *err)
{
    double *answers = arena_array(&b->arena, double, b->count);
    CHECK(answers != NULL);
    TRY(trees_grow(b, depth, err));
    enum status status = trees_read(b, depth, err);
    if (status == STATUS_OK) {
        printf("%d trees of depth %s, %d inputs, %u leaves; microseconds a company: %8s %8s\n",
               TREES, depth, INPUTS, b->forest.leaf_count, "p50", "p99");
        measure_answer(b, answers);
        *is_sound = measure_reasons(b, answers) && *is_sound;
        status = measure_library(is_sound, b, answers, err);
        for (uint32_t k = 0; k < b->count; k++) {
            answers[k] += b->library_base;
        }
    }
    if (status == STATUS_OK) {
        status = leave(b, "answers_", depth, str_of(answers, b->count * sizeof *answers), err);
    }
    xgboost_booster_free(&b->booster);
    return status;
}

int main(int argc, char **argv)
{
    static const char *const depths[] = {"3", "4"};
    struct bench b = {0};
    struct error err = {0};
    bool is_sound = true;
    struct decimal wanted;
    int64_t count = 0;
    if (argc != 3 || !decimal_read(&wanted, str_from(argv[1])) ||
        !decimal_to_scaled(&count, wanted, 0) || count < 100 || count > 1000000) {
        (void)fprintf(stderr, "usage: model_bench COMPANIES DIRECTORY (100 to 1000000)\n");
        return 64;
    }
    b.count = (uint32_t)count;
    b.directory = argv[2];
    arena_init(&b.arena, ARENA_MAX);
    b.times = arena_array(&b.arena, double, b.count);
    b.parts = arena_array(&b.arena, double, (size_t)b.count *INPUTS);
    CHECK(b.times != NULL && b.parts != NULL);
    enum status status = xgboost_open(&b.xgboost, &err);
    if (status == STATUS_OK) {
        companies_make(&b);
        status = leave(&b, "companies", "",
                       str_of(b.values, (size_t)ROWS * INPUTS * sizeof *b.values), &err);
    }
    for (size_t i = 0; status == STATUS_OK && i < ARRAY_LEN(depths); i++) {
        status = depth_run(&is_sound, &b, depths[i], &err);
    }
    arena_finish(&b.arena);
    if (status != STATUS_OK) {
        (void)fprintf(stderr, "model_bench: %s\n", err.message);
        return 1;
    }
    if (!is_sound) {
        printf("VOID: an answer differs from XGBoost's, or its reasons do not add up\n");
    }
    return is_sound ? 0 : 1;
}
