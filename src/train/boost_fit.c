/* boost_fit.c - folds side by side, the grid in two steps, then all rows. */
#include "train/boost_fit.h"

#include "base/elementary.h"
#include "forest/forest.h"
#include "score/trees.h"
#include "train/fold.h"
#include "train/metrics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    TREES_MAX = 600,
    TREES_STEP = 5,      /* how often the folds are asked */
    TREES_PATIENCE = 50, /* so many trees without a better answer end it */
    PARAMETERS_MAX = 16,
    PARAMETER_LEN = 32,
    PARTS = 2,
    SEED_STEP = 1000003, /* from one bag's chance to the next one's */
};

enum { LEARN, ASK }; /* the parts of a fold's rows */

struct job {
    const struct xgboost *xgboost;
    const struct sample *sample;
    const struct boost_rules *rules;
    struct boost_fit *fit;
    struct arena *arena;
    struct error *err;
    uint8_t *fold; /* of each row */
    float *values; /* row by row, as the trees will see them */
    const char **names;
    char *directions;                /* "(1,0,-1)" */
    double rate;                     /* share of bads, by the weights */
    uint32_t *rows[BOOST_FOLDS_MAX]; /* of the rows held out, their places in the sample */
    struct xgboost_matrix parts[BOOST_FOLDS_MAX][PARTS];
    struct xgboost_matrix all;
    struct xgboost_booster boosters[BOOST_FOLDS_MAX];
    double *margins; /* room for all rows */
    struct arena scratch;
};

static enum status out_of_memory(struct error *err)
{
    return error_set(err, STATUS_TOO_LARGE, "", "the trees do not fit into memory");
}

/* ---- what the trees learn from ---- */

static enum status values_make(struct job *j)
{
    const struct sample *s = j->sample;
    j->values = arena_array(j->arena, float, (size_t)s->row_count * s->input_count);
    j->names = arena_array(j->arena, const char *, s->input_count);
    if (j->values == NULL || j->names == NULL) {
        return out_of_memory(j->err);
    }
    for (uint32_t input = 0; input < s->input_count; input++) {
        struct str name = arena_copy(j->arena, s->inputs[input].name);
        if (name.ptr == NULL) {
            return out_of_memory(j->err);
        }
        j->names[input] = name.ptr;
        for (uint32_t row = 0; row < s->row_count; row++) {
            double value = s->values[input][row];
            j->values[(size_t)row * s->input_count + input] =
                isnan(value) ? NAN : forest_float(trees_value(s->inputs[input].feature, value));
        }
    }
    return STATUS_OK;
}

static enum status directions_make(struct job *j)
{
    struct buf text;
    buf_init(&text, 1 << 16);
    for (uint32_t i = 0; i < j->sample->input_count; i++) {
        buf_append_byte(&text, i == 0 ? '(' : ',');
        buf_append_int(&text, j->rules->is_free ? 0 : j->sample->inputs[i].direction);
    }
    buf_append_byte(&text, ')');
    struct str copy = arena_copy(j->arena, buf_str(&text));
    buf_finish(&text);
    j->directions = (char *)copy.ptr;
    return copy.ptr == NULL ? out_of_memory(j->err) : STATUS_OK;
}

static enum status folds_assign(struct job *j)
{
    const struct sample *s = j->sample;
    const struct fold_request request = {.row_count = s->row_count,
                                         .group = s->group,
                                         .group_count = s->group_count,
                                         .is_bad = s->is_bad,
                                         .set = s->set,
                                         .fold_count = j->rules->fold_count,
                                         .seed = j->rules->seed};
    j->fold = arena_array(j->arena, uint8_t, s->row_count);
    if (j->fold == NULL) {
        return out_of_memory(j->err);
    }
    return fold_assign(j->fold, &request, j->arena, j->err);
}

/* The rows listed, with their weights balanced over the sets, as a matrix of the library. */
static enum status matrix_make(struct xgboost_matrix *out, struct job *j, const uint32_t *chosen,
                               uint32_t count)
{
    const struct sample *s = j->sample;
    struct arena *scratch = &j->scratch;
    arena_reset(scratch);
    float *values = arena_array(scratch, float, (size_t)count * s->input_count + 1);
    float *labels = arena_array(scratch, float, (size_t)count + 1);
    float *weights = arena_array(scratch, float, (size_t)count + 1);
    double *balanced = arena_array(scratch, double, (size_t)count + 1);
    if (values == NULL || labels == NULL || weights == NULL || balanced == NULL) {
        return out_of_memory(j->err);
    }
    double rate = 0;
    TRY(sample_weigh(balanced, &rate, s, chosen, count, j->err));
    for (uint32_t i = 0; i < count; i++) {
        labels[i] = s->is_bad[chosen[i]];
        weights[i] = (float)balanced[i];
        for (uint32_t k = 0; k < s->input_count; k++) {
            values[(size_t)i * s->input_count + k] =
                j->values[(size_t)chosen[i] * s->input_count + k];
        }
    }
    const struct xgboost_rows rows = {count, s->input_count, values, labels, weights};
    return xgboost_matrix_make(out, j->xgboost, &rows, j->err);
}

static enum status fold_split(struct job *j, uint32_t fold)
{
    const struct sample *s = j->sample;
    uint32_t *learn = arena_array(j->arena, uint32_t, s->row_count);
    uint32_t *ask = arena_array(j->arena, uint32_t, s->row_count);
    if (learn == NULL || ask == NULL) {
        return out_of_memory(j->err);
    }
    uint32_t counts[PARTS] = {0, 0};
    for (uint32_t row = 0; row < s->row_count; row++) {
        if (j->fold[row] == fold) {
            ask[counts[ASK]++] = row;
        } else {
            learn[counts[LEARN]++] = row;
        }
    }
    j->rows[fold] = ask;
    TRY(matrix_make(&j->parts[fold][LEARN], j, learn, counts[LEARN]));
    return matrix_make(&j->parts[fold][ASK], j, ask, counts[ASK]);
}

static enum status matrices_make(struct job *j)
{
    uint32_t *every = arena_array(j->arena, uint32_t, j->sample->row_count);
    if (every == NULL) {
        return out_of_memory(j->err);
    }
    for (uint32_t row = 0; row < j->sample->row_count; row++) {
        every[row] = row;
    }
    TRY(sample_weigh(j->fit->weight, &j->rate, j->sample, every, j->sample->row_count, j->err));
    TRY(matrix_make(&j->all, j, every, j->sample->row_count));
    for (uint32_t k = 0; k < j->rules->fold_count; k++) {
        TRY(fold_split(j, k));
    }
    return STATUS_OK;
}

/* ---- growing ---- */

/* Boosters that grow side by side share one source of chance: it is set anew for each tree. */
static enum status booster_make(struct xgboost_booster *out, struct job *j,
                                const struct boost_trial *t, uint32_t bag,
                                const struct xgboost_matrix *matrices, uint32_t matrix_count)
{
    uint64_t seed = j->rules->seed % 1000000007 + (uint64_t)SEED_STEP * bag;
    const struct {
        const char *name;
        double value;
    } numbers[] = {
        {"max_depth",        t->depth           },
        {"eta",              t->eta             },
        {"min_child_weight", t->child_weight_min},
        {"subsample",        t->row_share       },
        {"colsample_bytree", t->input_share     },
        {"lambda",           t->lambda          },
        {"base_score",       j->rate            },
        {"seed",             (double)seed       },
    };
    char texts[ARRAY_LEN(numbers)][PARAMETER_LEN];
    struct xgboost_parameter parameters[PARAMETERS_MAX] = {
        {"objective",            "binary:logistic"},
        {"tree_method",          "hist"           },
        {"nthread",              "1"              },
        {"verbosity",            "0"              },
        {"seed_per_iteration",   "1"              },
        {"monotone_constraints", j->directions    },
    };
    uint32_t count = 6;
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        (void)snprintf(texts[i], PARAMETER_LEN, "%.10g", numbers[i].value);
        parameters[count++] = (struct xgboost_parameter){numbers[i].name, texts[i]};
    }
    return xgboost_booster_make(out, j->xgboost, matrices, matrix_count, parameters, count, j->err);
}

static void boosters_free(struct job *j)
{
    for (uint32_t k = 0; k < j->rules->fold_count; k++) {
        xgboost_booster_free(&j->boosters[k]);
    }
}

/* The AUC on one fold's unseen rows, whose margins stand in j->margins: the mean of the sets'. */
static enum status fold_judge(double *auc, struct job *j, uint32_t fold)
{
    const struct sample *s = j->sample;
    uint32_t count = j->parts[fold][ASK].row_count;
    double shares = 0;
    *auc = 0;
    /* The rows of a set stand together, in the sample and so in a fold. */
    for (uint32_t set = 0, begin = 0; set < s->set_count; set++) {
        uint32_t end = begin;
        arena_reset(&j->scratch);
        uint8_t *is_bad = arena_array(&j->scratch, uint8_t, count);
        double *weight = arena_array(&j->scratch, double, count);
        if (is_bad == NULL || weight == NULL) {
            return out_of_memory(j->err);
        }
        for (; end < count && s->set[j->rows[fold][end]] == set; end++) {
            is_bad[end] = s->is_bad[j->rows[fold][end]];
            weight[end] = s->weight[j->rows[fold][end]];
        }
        struct metrics metrics;
        const struct scored rows = {end - begin, j->margins + begin, is_bad + begin,
                                    weight + begin};
        TRY(metrics_compute(&metrics, &rows, &j->scratch, j->err));
        *auc += s->sets[set].mapping.weight * metrics.auc;
        shares += s->sets[set].mapping.weight;
        begin = end;
    }
    *auc /= shares;
    return STATUS_OK;
}

static void mean_and_se(double *mean, double *se, const double *values, uint32_t count)
{
    double sum = 0;
    double squares = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += values[i];
    }
    *mean = sum / count;
    for (uint32_t i = 0; i < count; i++) {
        squares += (values[i] - *mean) * (values[i] - *mean);
    }
    *se = elementary_sqrt(squares / (count - 1) / count);
}

/* Ask all folds with the trees they have; keep what they say if it is the best so far. */
static enum status trial_judge(struct job *j, struct boost_trial *trial, uint32_t tree_count)
{
    struct boost_trial now = *trial;
    now.tree_count = tree_count;
    for (uint32_t k = 0; k < j->rules->fold_count; k++) {
        TRY(xgboost_margins(j->margins, &j->boosters[k], &j->parts[k][ASK], j->err));
        TRY(fold_judge(&now.fold_auc[k], j, k));
    }
    mean_and_se(&now.auc, &now.auc_se, now.fold_auc, j->rules->fold_count);
    if (trial->tree_count == 0 || now.auc > trial->auc) {
        *trial = now;
    }
    return STATUS_OK;
}

/* All bags are one forest in the bundle, which has a limit. */
static uint32_t trees_most(const struct job *j)
{
    uint32_t share = MODEL_TREES_MAX / j->rules->bag_count;
    return share < TREES_MAX ? share : TREES_MAX;
}

static enum status trial_grow(struct job *j, struct boost_trial *trial)
{
    for (uint32_t k = 0; k < j->rules->fold_count; k++) {
        TRY(booster_make(&j->boosters[k], j, trial, 0, j->parts[k], PARTS));
    }
    for (uint32_t trees = 1; trees <= trees_most(j); trees++) {
        for (uint32_t k = 0; k < j->rules->fold_count; k++) {
            TRY(xgboost_grow(&j->boosters[k], &j->parts[k][LEARN], trees - 1, j->err));
        }
        if (trees % TREES_STEP == 0) {
            TRY(trial_judge(j, trial, trees));
            if (trees >= trial->tree_count + TREES_PATIENCE) {
                break;
            }
        }
    }
    return STATUS_OK;
}

static enum status trial_run(struct job *j, struct boost_trial trial)
{
    CHECK(j->fit->trial_count < BOOST_TRIALS_MAX);
    struct boost_trial *kept = &j->fit->trials[j->fit->trial_count];
    *kept = trial;
    enum status status = trial_grow(j, kept);
    boosters_free(j);
    TRY(status);
    if (kept->auc > j->fit->trials[j->fit->chosen].auc) {
        j->fit->chosen = j->fit->trial_count;
    }
    j->fit->trial_count++;
    return STATUS_OK;
}

/* Depths and how strongly the trees are held back, at a fast rate; then the best point, slower. */
static enum status grid_run(struct job *j)
{
    static const struct boost_trial restraints[] = {
        {.child_weight_min = 1, .row_share = 0.8, .input_share = 0.8, .lambda = 1},
        {.child_weight_min = 1, .row_share = 0.8, .input_share = 0.4, .lambda = 1},
        {.child_weight_min = 4, .row_share = 0.8, .input_share = 0.4, .lambda = 5},
    };
    uint32_t deepest = j->rules->depth_max;
    const uint32_t depths[] = {deepest > BOOST_CHAMPION_DEPTH ? BOOST_CHAMPION_DEPTH : deepest - 1,
                               deepest};
    for (size_t i = 0; i < ARRAY_LEN(depths) * ARRAY_LEN(restraints); i++) {
        struct boost_trial trial = restraints[i % ARRAY_LEN(restraints)];
        trial.depth = depths[i / ARRAY_LEN(restraints)];
        trial.eta = 0.1;
        trial.bag_count = 1;
        if (trial.depth > 0) {
            TRY(trial_run(j, trial));
        }
    }
    struct boost_trial slower = j->fit->trials[j->fit->chosen];
    slower.eta = 0.04;
    slower.tree_count = 0;
    return trial_run(j, slower);
}

/* ---- the chosen point ---- */

static enum status booster_grow_all(struct xgboost_booster *out, struct job *j, uint32_t bag,
                                    const struct xgboost_matrix *matrices, uint32_t matrix_count)
{
    const struct boost_trial *chosen = &j->fit->trials[j->fit->chosen];
    xgboost_booster_free(out);
    TRY(booster_make(out, j, chosen, bag, matrices, matrix_count));
    for (uint32_t round = 0; round < chosen->tree_count; round++) {
        TRY(xgboost_grow(out, &matrices[0], round, j->err));
    }
    return STATUS_OK;
}

/* What the bags of fold `fold` answer to every row, on average, in `mean`. */
static enum status fold_answer(double *mean, struct job *j, uint32_t fold)
{
    uint32_t row_count = j->sample->row_count;
    uint32_t bag_count = j->rules->bag_count;
    for (uint32_t row = 0; row < row_count; row++) {
        mean[row] = 0;
    }
    for (uint32_t bag = 0; bag < bag_count; bag++) {
        TRY(booster_grow_all(&j->boosters[fold], j, bag, j->parts[fold], PARTS));
        TRY(xgboost_margins(j->margins, &j->boosters[fold], &j->all, j->err));
        for (uint32_t row = 0; row < row_count; row++) {
            mean[row] += j->margins[row] / bag_count;
        }
    }
    return STATUS_OK;
}

/* Out-of-fold scores, and by how much the folds' trees differ on each row. */
static enum status folds_answer(struct job *j)
{
    uint32_t row_count = j->sample->row_count;
    uint32_t fold_count = j->rules->fold_count;
    double *mean = arena_array(j->arena, double, row_count);
    double *sums = arena_array(j->arena, double, row_count);
    double *squares = arena_array(j->arena, double, row_count);
    if (mean == NULL || sums == NULL || squares == NULL) {
        return out_of_memory(j->err);
    }
    boosters_free(j);
    for (uint32_t k = 0; k < fold_count; k++) {
        TRY(fold_answer(mean, j, k));
        for (uint32_t row = 0; row < row_count; row++) {
            sums[row] += mean[row];
            squares[row] += mean[row] * mean[row];
            j->fit->log_odds[row] = j->fold[row] == k ? mean[row] : j->fit->log_odds[row];
        }
    }
    for (uint32_t row = 0; row < row_count; row++) {
        double spread = squares[row] - sums[row] * sums[row] / fold_count;
        j->fit->variance[row] = (spread > 0 ? spread : 0) * (fold_count - 1) / fold_count;
    }
    return STATUS_OK;
}

/* The chosen point once more, judged by the mean of its bags. */
static enum status bags_judge(struct job *j)
{
    struct boost_fit *fit = j->fit;
    if (j->rules->bag_count == 1) {
        return STATUS_OK;
    }
    CHECK(fit->trial_count < BOOST_TRIALS_MAX);
    struct boost_trial *bagged = &fit->trials[fit->trial_count];
    *bagged = fit->trials[fit->chosen];
    bagged->bag_count = j->rules->bag_count;
    for (uint32_t k = 0; k < j->rules->fold_count; k++) {
        for (uint32_t i = 0; i < j->parts[k][ASK].row_count; i++) {
            j->margins[i] = fit->log_odds[j->rows[k][i]];
        }
        TRY(fold_judge(&bagged->fold_auc[k], j, k));
    }
    mean_and_se(&bagged->auc, &bagged->auc_se, bagged->fold_auc, j->rules->fold_count);
    fit->chosen = fit->trial_count++;
    return STATUS_OK;
}

static enum status all_answer(struct job *j, struct buf *json)
{
    boosters_free(j);
    for (uint32_t bag = 0; bag < j->rules->bag_count; bag++) {
        TRY(booster_grow_all(&j->boosters[0], j, bag, &j->all, 1));
        TRY(xgboost_save(&json[bag], &j->boosters[0], j->names, j->sample->input_count, j->err));
    }
    return STATUS_OK;
}

static enum status job_run(struct job *j, struct buf *json)
{
    TRY(values_make(j));
    TRY(directions_make(j));
    TRY(folds_assign(j));
    TRY(matrices_make(j));
    TRY(grid_run(j));
    TRY(folds_answer(j));
    TRY(bags_judge(j));
    return all_answer(j, json);
}

static void job_finish(struct job *j)
{
    boosters_free(j);
    for (uint32_t k = 0; k < j->rules->fold_count; k++) {
        xgboost_matrix_free(&j->parts[k][LEARN]);
        xgboost_matrix_free(&j->parts[k][ASK]);
    }
    xgboost_matrix_free(&j->all);
    arena_finish(&j->scratch);
}

enum status boost_fit_compute(struct boost_fit *out, struct buf *json, const struct sample *sample,
                              const struct boost_rules *rules, struct arena *arena,
                              struct error *err)
{
    CHECK(rules->fold_count >= BOOST_FOLDS_MIN && rules->fold_count <= BOOST_FOLDS_MAX);
    CHECK(rules->bag_count >= 1 && rules->bag_count <= BOOST_BAGS_MAX);
    CHECK(rules->depth_max >= 1 && rules->depth_max <= BOOST_DEPTH_MAX);
    struct job *j = arena_new(arena, struct job);
    *out = (struct boost_fit){.rules = rules,
                              .log_odds = arena_array(arena, double, sample->row_count),
                              .variance = arena_array(arena, double, sample->row_count),
                              .weight = arena_array(arena, double, sample->row_count)};
    double *margins = arena_array(arena, double, sample->row_count);
    if (j == NULL || out->log_odds == NULL || out->variance == NULL || out->weight == NULL ||
        margins == NULL) {
        return out_of_memory(err);
    }
    *j = (struct job){.sample = sample,
                      .rules = rules,
                      .fit = out,
                      .arena = arena,
                      .err = err,
                      .margins = margins};
    TRY(xgboost_open(&j->xgboost, err));
    xgboost_version(out->library, j->xgboost);
    arena_init(&j->scratch, arena->limit);
    enum status status = job_run(j, json);
    job_finish(j);
    return status;
}
