/* prometheus.h - writes metrics in the Prometheus text format, version 0.0.4.
 *
 * A family is its HELP and TYPE and then its samples, all together.  Values are whole numbers; a
 * scale says how many make one of the unit the name ends in, so that 1500 microseconds are written
 * as 0.0015 seconds, exactly.  Names of families and labels are ours and are not checked; values of
 * labels and help texts may hold anything. */
#ifndef FORMAT_PROMETHEUS_H
#define FORMAT_PROMETHEUS_H

#include "base/buf.h"
#include "base/histogram.h"

#define PROMETHEUS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

enum prometheus_type { PROMETHEUS_COUNTER, PROMETHEUS_GAUGE, PROMETHEUS_HISTOGRAM };

enum prometheus_scale {
    PROMETHEUS_ONES,
    PROMETHEUS_MILLIS = 3, /* a thousand make one */
    PROMETHEUS_MICROS = 6, /* a million */
};

struct prometheus_label {
    const char *name;
    struct str value;
};

struct prometheus_labels {
    const struct prometheus_label *items;
    size_t count;
};

/* clang-format off */
#define PROMETHEUS_LABELS(...)                                                                     \
    ((struct prometheus_labels){(const struct prometheus_label[]){__VA_ARGS__},                    \
        sizeof((const struct prometheus_label[]){__VA_ARGS__}) / sizeof(struct prometheus_label)})
#define PROMETHEUS_UNLABELLED ((struct prometheus_labels){NULL, 0})
/* clang-format on */

/* Begin a family; its samples follow. */
void prometheus_family(struct buf *out, const char *name, enum prometheus_type type,
                       const char *help);
void prometheus_sample(struct buf *out, const char *name, struct prometheus_labels labels,
                       uint64_t value, enum prometheus_scale scale);
/* All of a histogram: its ranges added up, the one without an end, sum and count. */
void prometheus_histogram(struct buf *out, const char *name, struct prometheus_labels labels,
                          const struct histogram *h, enum prometheus_scale scale);

#endif
