/* limit.h - how much to lend to one company, unsecured.
 *
 * The capacity is the smallest cap, times the multiplier, rounded down.  An input that is missing
 * takes the least its cap could be, and is marked: leaving data out never raises a limit.  The
 * shares go by the grade of the bound of the PD, for the same reason. */
#ifndef DECIDE_LIMIT_H
#define DECIDE_LIMIT_H

#include "decide/decision.h"

/* The capacity and its caps for a company as scored.  `score` NULL: decided without a score, so
 * nothing is lent and there are no caps.  recommended, available and per_order are left at zero. */
void limit_compute(struct limit *out, const struct decision_input *in, const struct score *score);

/* Lend what was asked, or the capacity if nothing was.  Requires: recommended was zero; something
 * can be lent. */
void limit_grant(struct limit *limit, const struct policy *policy);

/* The most that policy lends against a security that leaves this loss given default: appetite and
 * the expected-loss budget, rounded down. */
struct money limit_secured_ceiling(const struct policy *policy, uint32_t pd_ppm, uint32_t lgd_ppm);

#endif
