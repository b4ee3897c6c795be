/* binning.c - pool adjacent violators, then merge what is small. */
#include "train/binning.h"

#include "base/elementary.h"
#include "format/decimal.h"

#include <math.h>
#include <stdlib.h>

enum { WOE_DIGITS = 12 };

struct value_row {
    double x, weight;
    uint32_t row;
    uint8_t is_bad;
};

struct bin {
    double edge; /* lower bound; unused in the first */
    double good, bad;
    uint32_t goods, bads;
};

struct totals {
    double good, bad;
};

struct cutting {
    uint32_t count;
    struct bin bins[BINS_MAX];
};

static int value_row_compare(const void *left, const void *right)
{
    const struct value_row *a = left;
    const struct value_row *b = right;
    if (a->x != b->x) {
        return a->x < b->x ? -1 : 1;
    }
    return a->row < b->row ? -1 : a->row > b->row;
}

static struct value_row *known_rows_sort(uint32_t *count, const struct binning_input *in,
                                         struct arena *scratch)
{
    struct value_row *rows = arena_array(scratch, struct value_row, in->count);
    *count = 0;
    for (uint32_t i = 0; rows != NULL && i < in->count; i++) {
        if (!isnan(in->x[i])) {
            rows[(*count)++] = (struct value_row){in->x[i], in->weight[i], i, in->is_bad[i]};
        }
    }
    if (rows != NULL) {
        qsort(rows, *count, sizeof *rows, value_row_compare);
    }
    return rows;
}

/* The shortest decimal e with below < e <= above. */
static double edge_between(double below, double above)
{
    double middle = below / 2 + above / 2;
    for (int digits = 3; digits <= 12; digits++) {
        double edge = double_round_digits(middle, digits);
        if (edge > below && edge <= above) {
            return edge;
        }
    }
    return double_round_digits(above, 15);
}

static void bin_add(struct bin *bin, const struct value_row *row)
{
    if (row->is_bad) {
        bin->bad += row->weight;
        bin->bads++;
    } else {
        bin->good += row->weight;
        bin->goods++;
    }
}

/* Quantile pre-bins: cut where the running weight passes the next quantile, between distinct
 * values. */
static void prebins_cut(struct cutting *c, const struct value_row *rows, uint32_t count,
                        double edge_min, uint32_t prebin_count)
{
    double total = 0;
    for (uint32_t i = 0; i < count; i++) {
        total += rows[i].weight;
    }
    *c = (struct cutting){.count = 1};
    double before = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool is_due = before >= total * c->count / prebin_count;
        if (i > 0 && is_due && rows[i].x > rows[i - 1].x && c->count < prebin_count) {
            double edge = edge_between(rows[i - 1].x, rows[i].x);
            if (edge >= edge_min && edge > rows[i - 1].x && edge <= rows[i].x) {
                c->bins[c->count++].edge = edge;
            }
        }
        bin_add(&c->bins[c->count - 1], &rows[i]);
        before += rows[i].weight;
    }
}

static uint32_t distinct_count(const struct value_row *rows, uint32_t count)
{
    uint32_t distinct = count > 0;
    for (uint32_t i = 1; i < count; i++) {
        distinct += rows[i].x > rows[i - 1].x;
    }
    return distinct;
}

/* Few distinct values (a flag, a count): each is a pre-bin. */
static void prebins_of_values(struct cutting *c, const struct value_row *rows, uint32_t count,
                              double edge_min)
{
    *c = (struct cutting){.count = 1};
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0 && rows[i].x > rows[i - 1].x) {
            double edge = edge_between(rows[i - 1].x, rows[i].x);
            if (edge >= edge_min) {
                c->bins[c->count++].edge = edge;
            }
        }
        bin_add(&c->bins[c->count - 1], &rows[i]);
    }
}

/* Make bins `at` and `at + 1` one. */
static void bins_merge(struct cutting *c, uint32_t at)
{
    CHECK(at + 1 < c->count);
    struct bin *left = &c->bins[at];
    const struct bin *right = &c->bins[at + 1];
    left->good += right->good;
    left->bad += right->bad;
    left->goods += right->goods;
    left->bads += right->bads;
    for (uint32_t i = at + 1; i + 1 < c->count; i++) {
        c->bins[i] = c->bins[i + 1];
    }
    c->count--;
}

static double woe_of(const struct bin *bin, const struct totals *total)
{
    return elementary_log((bin->good + 0.5) / total->good / ((bin->bad + 0.5) / total->bad));
}

static double rate_of(const struct bin *bin)
{
    double sum = bin->good + bin->bad;
    return sum > 0 ? bin->bad / sum : 0;
}

/* Merge neighbours until the evidence runs one way. */
static void monotone_merge(struct cutting *c, const struct totals *total, int direction)
{
    for (uint32_t i = 0; i + 1 < c->count;) {
        double step = woe_of(&c->bins[i + 1], total) - woe_of(&c->bins[i], total);
        if (step * direction >= 0) { /* risk rising with x means evidence falling */
            bins_merge(c, i);
            i = i > 0 ? i - 1 : 0;
        } else {
            i++;
        }
    }
}

static void merge_with_nearer(struct cutting *c, uint32_t at)
{
    if (at == 0) {
        bins_merge(c, 0);
        return;
    }
    bool left_is_nearer =
        at + 1 == c->count || fabs(rate_of(&c->bins[at - 1]) - rate_of(&c->bins[at])) <=
                                  fabs(rate_of(&c->bins[at + 1]) - rate_of(&c->bins[at]));
    bins_merge(c, left_is_nearer ? at - 1 : at);
}

static void small_merge(struct cutting *c, const struct totals *total,
                        const struct binning_rules *rules)
{
    for (uint32_t i = 0; i < c->count && c->count > 1;) {
        const struct bin *bin = &c->bins[i];
        bool is_small = bin->good + bin->bad < rules->share_min * (total->good + total->bad);
        if (is_small || bin->bads < rules->bads_min || bin->goods < rules->bads_min) {
            merge_with_nearer(c, i);
            i = 0;
        } else {
            i++;
        }
    }
}

static double information_of(const struct bin *bin, const struct totals *total)
{
    return (bin->good / total->good - bin->bad / total->bad) * woe_of(bin, total);
}

/* Merge a copy of the pre-bins in one direction. */
static struct cutting cutting_merge(const struct cutting *prebins, const struct totals *total,
                                    int direction, const struct binning_rules *rules)
{
    struct cutting c = *prebins;
    monotone_merge(&c, total, direction);
    small_merge(&c, total, rules);
    monotone_merge(&c, total, direction);
    return c;
}

static double cutting_information(const struct cutting *c, const struct totals *total)
{
    double sum = 0;
    for (uint32_t i = 0; i < c->count; i++) {
        sum += information_of(&c->bins[i], total);
    }
    return sum;
}

static struct bins bins_write(const struct cutting *c, const struct totals *total)
{
    struct bins out = {.edge_count = c->count - 1, .iv = cutting_information(c, total)};
    for (uint32_t i = 0; i < c->count; i++) {
        if (i > 0) {
            out.edges[i - 1] = c->bins[i].edge;
        }
        out.woe[i] = double_round_digits(woe_of(&c->bins[i], total), WOE_DIGITS);
        out.goods[i] = c->bins[i].goods;
        out.bads[i] = c->bins[i].bads;
    }
    return out;
}

/* True when being missing is bad news on enough rows to be believed.  When it is good news (often
 * an accident of how the data were gathered), or no news, it counts for nothing and the bins are
 * judged among the rows that are known. */
static bool missing_is_bad_news(const struct bin *missing, const struct totals *total,
                                const struct binning_rules *rules)
{
    double share = (missing->good + missing->bad) / (total->good + total->bad);
    bool is_enough = missing->bads >= rules->bads_min || share >= rules->share_min;
    return is_enough && woe_of(missing, total) < 0;
}

enum status binning_compute(struct bins *out, const struct binning_input *in,
                            const struct binning_rules *rules, struct arena *scratch,
                            struct error *err)
{
    CHECK(rules->prebin_count >= 2 && rules->prebin_count <= BINS_MAX);
    uint32_t known_count;
    struct value_row *rows = known_rows_sort(&known_count, in, scratch);
    if (rows == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory to sort %u rows", in->count);
    }
    struct totals total = {0};
    struct bin missing = {0};
    for (uint32_t i = 0; i < in->count; i++) {
        total.good += in->is_bad[i] ? 0 : in->weight[i];
        total.bad += in->is_bad[i] ? in->weight[i] : 0;
        if (isnan(in->x[i])) {
            bin_add(&missing,
                    &(struct value_row){.weight = in->weight[i], .is_bad = in->is_bad[i]});
        }
    }
    CHECK(total.good > 0 && total.bad > 0);
    bool counts_missing = missing_is_bad_news(&missing, &total, rules);
    if (!counts_missing) {
        total.good -= missing.good;
        total.bad -= missing.bad;
    }
    struct cutting prebins;
    if (distinct_count(rows, known_count) <= rules->prebin_count) {
        prebins_of_values(&prebins, rows, known_count, in->edge_min);
    } else {
        prebins_cut(&prebins, rows, known_count, in->edge_min, rules->prebin_count);
    }
    int direction = in->direction;
    if (direction == 0) {
        struct cutting falls = cutting_merge(&prebins, &total, -1, rules);
        struct cutting rises = cutting_merge(&prebins, &total, 1, rules);
        direction =
            cutting_information(&rises, &total) > cutting_information(&falls, &total) ? 1 : -1;
    }
    struct cutting merged = cutting_merge(&prebins, &total, direction, rules);
    *out = bins_write(&merged, &total);
    out->missing_goods = missing.goods;
    out->missing_bads = missing.bads;
    if (counts_missing) {
        out->missing_woe = double_round_digits(woe_of(&missing, &total), WOE_DIGITS);
        out->iv += information_of(&missing, &total);
    }
    out->direction = direction;
    return STATUS_OK;
}

int bins_find(const struct bins *bins, double x)
{
    if (isnan(x)) {
        return BIN_MISSING;
    }
    int bin = 0;
    while ((uint32_t)bin < bins->edge_count && bins->edges[bin] <= x) {
        bin++;
    }
    return bin;
}

double bins_woe(const struct bins *bins, double x)
{
    int bin = bins_find(bins, x);
    return bin == BIN_MISSING ? bins->missing_woe : bins->woe[bin];
}
