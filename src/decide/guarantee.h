/* guarantee.h - what would turn a refusal: the softest security of the policy's ladder that is
 * enough.
 *
 * A step is enough when the upper PD earns its keep with the step's loss given default, is within
 * the step's own bound, and the policy lends that much against it.  Far beyond a company's own
 * capacity only somebody else's money is enough: a title that was retained, or a promise from the
 * group, is not. */
#ifndef DECIDE_GUARANTEE_H
#define DECIDE_GUARANTEE_H

#include "decide/decision.h"

struct guarantee_need {
    uint32_t pd_ppm_bound;
    int32_t terms_days;
    struct money amount;         /* to be secured */
    bool must_be_paid_by_others; /* see above */
};

/* The softest step that is enough, or NULL. */
const struct policy_guarantee *guarantee_find(const struct policy *policy,
                                              const struct guarantee_need *need);
/* The full deposit that makes a small ticket safe whatever the accounts say, or NULL if the policy
 * takes none. */
const struct policy_guarantee *guarantee_find_deposit(const struct policy *policy);

#endif
