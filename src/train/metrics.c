/* metrics.c - one sort, then sums over runs of equal probabilities. */
#include "train/metrics.h"

#include "base/elementary.h"

#include <math.h>
#include <stdlib.h>

enum { ECE_BINS = 10 };

#define NORMAL_95 1.959964 /* standard deviations either way that hold 95 % */

struct ranked_row {
    double pd;
    double weight;
    uint32_t row;
    uint8_t is_bad;
};

/* Ascending by probability; equal ones by row, so that the order is the same everywhere. */
static int ranked_row_compare(const void *left, const void *right)
{
    const struct ranked_row *a = left;
    const struct ranked_row *b = right;
    if (a->pd != b->pd) {
        return a->pd < b->pd ? -1 : 1;
    }
    return a->row < b->row ? -1 : a->row > b->row;
}

static struct ranked_row *ranked_rows(const struct scored *in, struct arena *scratch)
{
    struct ranked_row *rows = arena_array(scratch, struct ranked_row, in->count);
    if (rows == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < in->count; i++) {
        rows[i] = (struct ranked_row){
            .pd = in->pd[i],
            .weight = in->weight == NULL ? 1.0 : in->weight[i],
            .row = i,
            .is_bad = in->is_bad[i],
        };
    }
    qsort(rows, in->count, sizeof *rows, ranked_row_compare);
    return rows;
}

static uint32_t run_end(const struct ranked_row *rows, uint32_t count, uint32_t from)
{
    uint32_t to = from + 1;
    while (to < count && rows[to].pd == rows[from].pd) {
        to++;
    }
    return to;
}

struct class_weights {
    double good, bad;
};

static struct class_weights weights_of(const struct ranked_row *rows, uint32_t from, uint32_t to)
{
    struct class_weights sum = {0};
    for (uint32_t i = from; i < to; i++) {
        if (rows[i].is_bad) {
            sum.bad += rows[i].weight;
        } else {
            sum.good += rows[i].weight;
        }
    }
    return sum;
}

static void rank_metrics(struct metrics *out, const struct ranked_row *rows, uint32_t count,
                         struct class_weights total)
{
    struct class_weights below = {0};
    double pairs = 0;
    double precision_sum = 0;
    for (uint32_t from = 0; from < count;) {
        uint32_t to = run_end(rows, count, from);
        struct class_weights run = weights_of(rows, from, to);
        pairs += run.bad * (below.good + 0.5 * run.good);
        /* Everything from here up is called bad at this threshold. */
        double called_bad = total.bad - below.bad;
        double called = called_bad + (total.good - below.good);
        precision_sum += called > 0 ? run.bad * (called_bad / called) : 0;
        below.good += run.good;
        below.bad += run.bad;
        double distance = fabs(below.good / total.good - below.bad / total.bad);
        out->ks = distance > out->ks ? distance : out->ks;
        from = to;
    }
    out->auc = pairs / (total.bad * total.good);
    out->gini = 2 * out->auc - 1;
    out->average_precision = precision_sum / total.bad;
}

/* Hanley and McNeil 1982, equation 1, with their approximations of Q1 and Q2. */
static double auc_standard_error(double auc, uint32_t bads, uint32_t goods)
{
    double q1 = auc / (2 - auc);
    double q2 = 2 * auc * auc / (1 + auc);
    double variance =
        (auc * (1 - auc) + (bads - 1.0) * (q1 - auc * auc) + (goods - 1.0) * (q2 - auc * auc)) /
        ((double)bads * goods);
    return variance > 0 ? elementary_sqrt(variance) : 0;
}

static void level_metrics(struct metrics *out, const struct ranked_row *rows, uint32_t count,
                          double total_weight)
{
    double pd_sum[ECE_BINS] = {0};
    double bad_sum[ECE_BINS] = {0};
    double before = 0;
    double brier = 0;
    double loss = 0;
    for (uint32_t i = 0; i < count; i++) {
        double w = rows[i].weight;
        double pd = rows[i].pd;
        double y = rows[i].is_bad;
        double bounded = pd < 1e-15 ? 1e-15 : pd > 1 - 1e-15 ? 1 - 1e-15 : pd;
        brier += w * (pd - y) * (pd - y);
        loss -= w * elementary_log(rows[i].is_bad ? bounded : 1 - bounded);
        uint32_t bin = (uint32_t)(ECE_BINS * (before + w / 2) / total_weight);
        bin = bin >= ECE_BINS ? ECE_BINS - 1 : bin;
        pd_sum[bin] += w * pd;
        bad_sum[bin] += w * y;
        before += w;
    }
    out->brier = brier / total_weight;
    out->log_loss = loss / total_weight;
    for (uint32_t bin = 0; bin < ECE_BINS; bin++) {
        out->ece += fabs(pd_sum[bin] - bad_sum[bin]) / total_weight;
    }
}

static enum status classes_check(uint32_t bads, uint32_t count, struct error *err)
{
    if (bads == 0 || bads == count) {
        return error_set(err, STATUS_INVALID, "", "%u rows with %u bad ones: %s", count, bads,
                         "figures need at least one good and one bad row");
    }
    return STATUS_OK;
}

static uint32_t bads_of(const uint8_t *is_bad, uint32_t count)
{
    uint32_t bads = 0;
    for (uint32_t i = 0; i < count; i++) {
        bads += is_bad[i];
    }
    return bads;
}

enum status metrics_compute(struct metrics *out, const struct scored *in, struct arena *scratch,
                            struct error *err)
{
    uint32_t bads = bads_of(in->is_bad, in->count);
    TRY(classes_check(bads, in->count, err));
    struct ranked_row *rows = ranked_rows(in, scratch);
    if (rows == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory to sort %u rows", in->count);
    }
    struct metrics m = {.n = in->count, .bads = bads};
    struct class_weights total = weights_of(rows, 0, in->count);
    if (!(total.good > 0) || !(total.bad > 0)) {
        return error_set(err, STATUS_INVALID, "", "the rows of one class have no weight");
    }
    rank_metrics(&m, rows, in->count, total);
    level_metrics(&m, rows, in->count, total.good + total.bad);
    m.auc_se = auc_standard_error(m.auc, bads, in->count - bads);
    *out = m;
    return STATUS_OK;
}

/* For each row the share of the other class it beats, ties one half: the structural components of
 * DeLong et al.  Writes placements[row]. */
static void placements_compute(double *placements, const struct ranked_row *rows, uint32_t count,
                               uint32_t bads)
{
    double goods = (double)(count - bads);
    struct class_weights below = {0};
    for (uint32_t from = 0; from < count;) {
        uint32_t to = run_end(rows, count, from);
        struct class_weights run = weights_of(rows, from, to);
        for (uint32_t i = from; i < to; i++) {
            placements[rows[i].row] = rows[i].is_bad ? (below.good + 0.5 * run.good) / goods
                                                     : (bads - below.bad - 0.5 * run.bad) / bads;
        }
        below.good += run.good;
        below.bad += run.bad;
        from = to;
    }
}

static double class_mean(const double *values, const uint8_t *is_bad, uint32_t count, uint8_t class)
{
    double sum = 0;
    uint32_t n = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (is_bad[i] == class) {
            sum += values[i];
            n++;
        }
    }
    return sum / n;
}

/* Variance of the mean of `values` over the rows of one class. */
static double class_mean_variance(const double *values, const uint8_t *is_bad, uint32_t count,
                                  uint8_t class)
{
    double mean = class_mean(values, is_bad, count, class);
    double squares = 0;
    uint32_t n = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (is_bad[i] == class) {
            squares += (values[i] - mean) * (values[i] - mean);
            n++;
        }
    }
    return n < 2 ? 0 : squares / (n - 1.0) / n;
}

enum status auc_delong(double *auc, double *se, const double *pd, const uint8_t *is_bad,
                       uint32_t count, struct arena *scratch, struct error *err)
{
    uint32_t bads = bads_of(is_bad, count);
    TRY(classes_check(bads, count, err));
    struct ranked_row *rows = ranked_rows(&(struct scored){count, pd, is_bad, NULL}, scratch);
    double *places = arena_array(scratch, double, count);
    if (rows == NULL || places == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory to sort %u rows", count);
    }
    placements_compute(places, rows, count, bads);
    *auc = class_mean(places, is_bad, count, 1);
    *se = elementary_sqrt(class_mean_variance(places, is_bad, count, 1) +
                          class_mean_variance(places, is_bad, count, 0));
    return STATUS_OK;
}

enum status auc_compare(struct auc_difference *out, const double *a, const double *b,
                        const uint8_t *is_bad, uint32_t count, struct arena *scratch,
                        struct error *err)
{
    uint32_t bads = bads_of(is_bad, count);
    TRY(classes_check(bads, count, err));
    struct ranked_row *rows_a = ranked_rows(&(struct scored){count, a, is_bad, NULL}, scratch);
    struct ranked_row *rows_b = ranked_rows(&(struct scored){count, b, is_bad, NULL}, scratch);
    double *places_a = arena_array(scratch, double, count);
    double *places_b = arena_array(scratch, double, count);
    if (rows_a == NULL || rows_b == NULL || places_a == NULL || places_b == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory to compare %u rows", count);
    }
    placements_compute(places_a, rows_a, count, bads);
    placements_compute(places_b, rows_b, count, bads);
    struct auc_difference d = {
        .auc_a = class_mean(places_a, is_bad, count, 1),
        .auc_b = class_mean(places_b, is_bad, count, 1),
    };
    for (uint32_t i = 0; i < count; i++) {
        places_a[i] -= places_b[i];
    }
    d.difference = d.auc_a - d.auc_b;
    d.se = elementary_sqrt(class_mean_variance(places_a, is_bad, count, 1) +
                           class_mean_variance(places_a, is_bad, count, 0));
    d.low = d.difference - NORMAL_95 * d.se;
    d.high = d.difference + NORMAL_95 * d.se;
    *out = d;
    return STATUS_OK;
}
