/* binning.h - cut one input into bins whose risk only rises or only falls.
 *
 * Quantile pre-bins are merged until the share of bads is monotone in the wanted direction, every
 * bin has enough rows and enough bads.  Each bin then gets its weight of evidence, ln((goods + 1/2)
 * / all goods / ((bads + 1/2) / all bads)): positive is good.  Missing values have a bin of their
 * own, whose weight of evidence is never above zero: nobody gains by leaving out.
 *
 * A bin is the number of edges <= x.  Edges are written with as few digits as separate the rows. */
#ifndef TRAIN_BINNING_H
#define TRAIN_BINNING_H

#include "base/arena.h"
#include "base/status.h"

#include <stdint.h>

enum { BINS_MAX = 20, BIN_MISSING = -1 };

struct binning_input {
    uint32_t count;
    const double *x; /* NaN: missing */
    const uint8_t *is_bad;
    const double *weight;
    int direction;   /* -1: risk falls as x rises; +1: it rises; 0: as the data say */
    double edge_min; /* no edge below */
};

struct bins {
    uint32_t edge_count;
    double edges[BINS_MAX - 1];
    double woe[BINS_MAX];
    double missing_woe;
    uint32_t goods[BINS_MAX], bads[BINS_MAX]; /* rows, without weights */
    uint32_t missing_goods, missing_bads;
    double
        iv; /* information value: 0.02 is nothing, 0.3 strong, above 0.5 suspicious or very good */
    int direction;
};

struct binning_rules {
    uint32_t prebin_count; /* at most BINS_MAX */
    double share_min;      /* of the weight of the rows judged: all, or only those known */
    uint32_t bads_min;
};

/* Requires: both classes are there, with weight.  Errors: TOO_LARGE. */
enum status binning_compute(struct bins *out, const struct binning_input *in,
                            const struct binning_rules *rules, struct arena *scratch,
                            struct error *err) MUST_USE;

/* The bin of `x`: 0 .. edge_count, or BIN_MISSING. */
int bins_find(const struct bins *bins, double x);
double bins_woe(const struct bins *bins, double x);

#endif
