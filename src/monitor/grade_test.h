/* grade_test.h - did as many default as the PDs said?  Grade by grade, and over all.
 *
 * Two tests that do not rest on large numbers: the binomial (how likely are so many defaults or
 * more, if the PD is right) and Jeffreys' (given the defaults, how likely is the PD at least as
 * high as the grade says; ECB 2019, "Instructions for reporting the validation results of internal
 * models").  Both assume that defaults do not depend on one another; in a recession they do, and
 * the tests are then too strict. */
#ifndef MONITOR_GRADE_TEST_H
#define MONITOR_GRADE_TEST_H

#include "credit/grade.h"
#include "monitor/drift.h"

#define GRADE_TEST_AMBER 0.05
#define GRADE_TEST_RED   0.01

struct grade_count {
    uint32_t n, bads;
    double pd_sum;
};

struct grade_test {
    double mean_pd, default_rate;
    double binomial_p;                  /* P(X >= bads) at the mean PD */
    double jeffreys_low, jeffreys_high; /* 95 %, equal tails */
    double jeffreys_p;                  /* P(true PD <= mean PD): small when the PD is too low */
    enum light light;                   /* by jeffreys_p; NONE when nobody is in the grade */
};

void grade_test(struct grade_test *out, const struct grade_count *count);

/* Hosmer and Lemeshow's statistic over the grades that are not empty. */
struct hosmer_lemeshow {
    double statistic;
    uint32_t degrees; /* grades: the PDs were not fitted on these outcomes; 0: nothing to say */
    double p;
};
void hosmer_lemeshow(struct hosmer_lemeshow *out, const struct grade_count *counts, uint32_t count);

/* Sum of squared shares: 1 when all are in one grade. */
double herfindahl(const uint32_t *counts, uint32_t count);

#endif
