/* disparity.c - Katz's interval of a ratio, Wilson's of a rate, Mantel and Haenszel's difference.
 */
#include "monitor/disparity.h"

#include "base/elementary.h"

static const double z95 = 1.959963984540054;

void rate_ratio(struct rate_ratio *out, struct tally_rate group, struct tally_rate reference)
{
    *out = (struct rate_ratio){0};
    if (group.hits == 0 || reference.hits == 0) {
        return;
    }
    double ratio = ((double)group.hits / group.n) / ((double)reference.hits / reference.n);
    double variance = 1.0 / group.hits - 1.0 / group.n + 1.0 / reference.hits - 1.0 / reference.n;
    double width = elementary_exp(z95 * elementary_sqrt(variance > 0 ? variance : 0));
    *out = (struct rate_ratio){true, ratio, ratio / width, ratio * width};
}

struct rate_interval rate_interval(struct tally_rate rate)
{
    if (rate.n == 0) {
        return (struct rate_interval){0, 1};
    }
    double n = rate.n, p = rate.hits / n, z2 = z95 * z95;
    double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
    double half = z95 / (1 + z2 / n) * elementary_sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    double low = middle - half, high = middle + half;
    return (struct rate_interval){rate.hits == 0 || low < 0 ? 0 : low,
                                  rate.hits == rate.n || high > 1 ? 1 : high};
}

void equal_risk_difference(struct equal_risk *out, const struct tally_rate *group,
                           const struct tally_rate *reference, uint32_t strata)
{
    double sum = 0, weights = 0, variance = 0;
    *out = (struct equal_risk){0};
    for (uint32_t i = 0; i < strata; i++) {
        double n1 = group[i].n, n0 = reference[i].n, all = n1 + n0;
        if (n1 == 0 || n0 == 0) {
            continue;
        }
        double a = group[i].hits, b = reference[i].hits;
        sum += (a * n0 - b * n1) / all;
        weights += n1 * n0 / all;
        variance +=
            (a * (n1 - a) * n0 * n0 * n0 + b * (n0 - b) * n1 * n1 * n1) / (n1 * n0 * all * all);
        out->strata++;
    }
    if (out->strata == 0) {
        return;
    }
    out->is_known = true;
    out->difference = sum / weights;
    out->se = elementary_sqrt(variance) / weights;
    out->low = out->difference - z95 * out->se;
    out->high = out->difference + z95 * out->se;
}
