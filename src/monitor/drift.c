/* drift.c - one sum over bins. */
#include "monitor/drift.h"

#include "base/check.h"
#include "base/elementary.h"
#include "monitor/distribution.h"

static const double share_least = 1e-4, confidence = 0.95;

const char *light_wire(enum light light)
{
    static const char *const words[] = {[LIGHT_NONE] = "none",
                                        [LIGHT_GREEN] = "green",
                                        [LIGHT_AMBER] = "amber",
                                        [LIGHT_RED] = "red"};
    return words[light];
}

static double share(double count, double total)
{
    double share = count / total;
    return share < share_least ? share_least : share;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

void drift_compute(struct drift *out, const double *reference, const double *today, uint32_t bins)
{
    CHECK(bins > 0);
    *out = (struct drift){0};
    for (uint32_t i = 0; i < bins; i++) {
        out->reference_count += reference[i];
        out->count += today[i];
    }
    if (!(out->reference_count > 0) || !(out->count > 0)) {
        return;
    }
    for (uint32_t i = 0; i < bins; i++) {
        double e = share(reference[i], out->reference_count), a = share(today[i], out->count);
        out->psi += (a - e) * elementary_log(a / e);
    }
    if (bins > 1) {
        double of_reference = out->reference_count > 1 + 1e-9 ? 1 / out->reference_count : 0;
        out->critical = chi2_quantile(confidence, bins - 1.0) * (of_reference + 1 / out->count);
    }
    out->light = out->psi < larger(DRIFT_AMBER, out->critical) ? LIGHT_GREEN
                 : out->psi < larger(DRIFT_RED, out->critical) ? LIGHT_AMBER
                                                               : LIGHT_RED;
}
