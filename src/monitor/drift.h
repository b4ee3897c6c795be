/* drift.h - is the population that is scored today the one the model was made on?
 *
 * PSI = sum((a - e) ln(a / e)) over bins, shares below 1e-4 counted as 1e-4.  The customary limits,
 * 0.10 and 0.25, are for large samples; from small ones a PSI of that size comes by chance.  So the
 * value that chance passes once in twenty, chi2_{B-1, 0.95} (1/N + 1/M) (Yurdakul 2018), is told
 * beside it, and counts where it is above a limit. */
#ifndef MONITOR_DRIFT_H
#define MONITOR_DRIFT_H

#include <stdint.h>

enum light { LIGHT_NONE, LIGHT_GREEN, LIGHT_AMBER, LIGHT_RED };
const char *light_wire(enum light light); /* "green", ...; "none": too little to say */

#define DRIFT_AMBER 0.10
#define DRIFT_RED   0.25

/* Counts of the reference and of today, bin by bin. */
/* `reference_count` may be told as a share of 1 when its size is not known: then chance is that of
 * today's sample alone. */
struct drift {
    double psi;
    double critical; /* what chance alone passes in one of twenty */
    double reference_count, count;
    enum light light; /* NONE when either side is empty */
};

void drift_compute(struct drift *out, const double *reference, const double *today, uint32_t bins);

#endif
