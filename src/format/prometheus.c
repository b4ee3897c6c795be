/* prometheus.c - the exposition format's page, line by line. */
#include "format/prometheus.h"

#include <inttypes.h>

static void help_append(struct buf *out, const char *help)
{
    for (const char *c = help; *c != '\0'; c++) {
        if (*c == '\\') {
            buf_append(out, STR("\\\\"));
        } else if (*c == '\n') {
            buf_append(out, STR("\\n"));
        } else {
            buf_append_byte(out, *c);
        }
    }
}

void prometheus_family(struct buf *out, const char *name, enum prometheus_type type,
                       const char *help)
{
    static const char *const types[] = {[PROMETHEUS_COUNTER] = "counter",
                                        [PROMETHEUS_GAUGE] = "gauge",
                                        [PROMETHEUS_HISTOGRAM] = "histogram"};
    buf_printf(out, "# HELP %s ", name);
    help_append(out, help);
    buf_printf(out, "\n# TYPE %s %s\n", name, types[type]);
}

static void label_value_append(struct buf *out, struct str value)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (c == '\\' || c == '"') {
            buf_append_byte(out, '\\');
            buf_append_byte(out, c);
        } else if (c == '\n') {
            buf_append(out, STR("\\n"));
        } else {
            buf_append_byte(out, c);
        }
    }
}

static void value_append(struct buf *out, uint64_t value, enum prometheus_scale scale)
{
    uint64_t unit = 1;
    for (int digit = 0; digit < (int)scale; digit++) {
        unit *= 10;
    }
    buf_printf(out, "%" PRIu64, value / unit);
    uint64_t rest = value % unit;
    if (rest > 0) {
        int digits = (int)scale;
        for (; rest % 10 == 0; digits--) {
            rest /= 10;
        }
        buf_printf(out, ".%0*" PRIu64, digits, rest);
    }
}

/* name + suffix, the labels, and `le` behind them: its bound, or +Inf if `bound` is NULL. */
struct series {
    const char *name, *suffix;
    struct prometheus_labels labels;
    bool has_le;
    const uint64_t *bound;
    enum prometheus_scale scale;
};

static void series_append(struct buf *out, const struct series *series)
{
    char before = '{';
    buf_append_text(out, series->name);
    buf_append_text(out, series->suffix);
    for (size_t i = 0; i < series->labels.count; i++) {
        buf_printf(out, "%c%s=\"", before, series->labels.items[i].name);
        label_value_append(out, series->labels.items[i].value);
        buf_append_byte(out, '"');
        before = ',';
    }
    if (series->has_le) {
        buf_printf(out, "%cle=\"", before);
        if (series->bound == NULL) {
            buf_append(out, STR("+Inf"));
        } else {
            value_append(out, *series->bound, series->scale);
        }
        buf_append_byte(out, '"');
        before = ',';
    }
    buf_append(out, before == ',' ? STR("} ") : STR(" "));
}

void prometheus_sample(struct buf *out, const char *name, struct prometheus_labels labels,
                       uint64_t value, enum prometheus_scale scale)
{
    series_append(out, &(struct series){.name = name, .suffix = "", .labels = labels});
    value_append(out, value, scale);
    buf_append_byte(out, '\n');
}

void prometheus_histogram(struct buf *out, const char *name, struct prometheus_labels labels,
                          const struct histogram *h, enum prometheus_scale scale)
{
    uint64_t count = 0;
    for (size_t i = 0; i <= h->bound_count; i++) {
        const uint64_t *bound = i < h->bound_count ? &h->bounds[i] : NULL;
        count += atomic_load_explicit(&h->counts[i], memory_order_relaxed);
        series_append(out, &(struct series){name, "_bucket", labels, true, bound, scale});
        buf_printf(out, "%" PRIu64 "\n", count);
    }
    series_append(out, &(struct series){.name = name, .suffix = "_sum", .labels = labels});
    value_append(out, atomic_load_explicit(&h->sum, memory_order_relaxed), scale);
    buf_append_byte(out, '\n');
    /* The count is what was added up, so that it agrees with +Inf whatever is added meanwhile. */
    series_append(out, &(struct series){.name = name, .suffix = "_count", .labels = labels});
    buf_printf(out, "%" PRIu64 "\n", count);
}
