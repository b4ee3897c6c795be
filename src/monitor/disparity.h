/* disparity.h - is one group accepted less often than another, and is it its risk that tells them
 * apart?
 *
 * The ratio of acceptance rates is the "adverse impact ratio" of the four-fifths rule (29 CFR
 * 1607.4 D): 0.8 is a sign to look, not a verdict.  Groups differ in risk, so the difference at
 * equal risk is told beside it: differences within grades, weighted (Mantel and Haenszel; variance
 * of Greenland and Robins 1985). */
#ifndef MONITOR_DISPARITY_H
#define MONITOR_DISPARITY_H

#include <stdbool.h>
#include <stdint.h>

#define DISPARITY_RATIO_LEAST 0.8

struct tally_rate {
    uint32_t n, hits;
};

/* 95 % interval; unknown when a rate is zero or a group empty. */
struct rate_ratio {
    bool is_known;
    double ratio, low, high;
};
void rate_ratio(struct rate_ratio *out, struct tally_rate group, struct tally_rate reference);

/* Wilson's 95 % interval of a rate. */
struct rate_interval {
    double low, high;
};
struct rate_interval rate_interval(struct tally_rate rate);

struct equal_risk {
    bool is_known; /* both groups are in one stratum at least */
    double difference, se, low, high;
    uint32_t strata;
};
void equal_risk_difference(struct equal_risk *out, const struct tally_rate *group,
                           const struct tally_rate *reference, uint32_t strata);

#endif
