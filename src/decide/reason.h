/* reason.h - the principal reasons of a decision: at most four against, the favourable ones apart.
 *
 * Rules come first, then the factors of the score by what they cost.  What is not known is never
 * held against a company as a fact, and a factor whose points contradict its own meaning is counted
 * but never stated. */
#ifndef DECIDE_REASON_H
#define DECIDE_REASON_H

#include "decide/decision.h"

/* Note a reason that a rule, the threshold or the limit gave; once. */
void reason_note(struct decision *decision, enum reason reason);
/* Fill adverse and favourable.  Requires: the rule reasons are complete. */
void reasons_state(struct decision *decision, const struct decision_input *in);
/* Which factors move points enough to be a reason, but against their own meaning: counted, never
 * stated.  `out` has one a factor. */
void reasons_against_meaning(bool *out, const struct decision *decision,
                             const struct decision_input *in);

#endif
