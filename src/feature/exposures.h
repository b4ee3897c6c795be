/* exposures.h - what the company stands to lose if others fail, and whether it would outlast it.
 *
 * Indicators beside the score: they decide nothing.  Only amounts count that were stated in the
 * currency of the equity that would bear them; what nobody stated is in the PD (neighbourhood.h),
 * where it counts in full.  A party of unknown equity passes its own distress on, and no other's.
 */
#ifndef FEATURE_EXPOSURES_H
#define FEATURE_EXPOSURES_H

#include "credit/facts.h"
#include "feature/formulas.h"

enum {
    EXPOSURES_FATAL_MAX = 8,  /* told */
    EXPOSURES_TRIED_MAX = 32, /* looked at one by one where losses travel through others */
};

struct exposures {
    /* The share of its equity that goes when every party is in distress as far as its PD says:
     * unknown without accounts or amounts. */
    struct known debt_rank, debt_rank_linear;
    bool has_cascade;           /* some party is distressed, and the amounts are known */
    bool fails_with_distressed; /* all of those defaulting at once bring it down */
    uint32_t fatal_count; /* whose default alone does; the largest stake first, then by number */
    uint32_t fatal[EXPOSURES_FATAL_MAX];
};

/* What is the company's own: `equity` in minor units of `currency`. */
struct exposures_input {
    const struct facts *facts;
    const struct known *pds; /* by party */
    double equity;
    enum currency currency; /* NONE: no accounts */
    double recovery;
};

/* False: no memory. */
bool exposures_make(struct exposures *out, const struct exposures_input *in,
                    struct arena *arena) MUST_USE;

#endif
