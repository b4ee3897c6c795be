/* rules.h - what a rule of a policy can look at: a name, a reason and a predicate each.
 *
 * A predicate is pure and answers for what is known: an item that nobody stated fires nothing.
 * Rules that `read the accounts` say nothing of a thin file; rules that `may decide` look at the
 * register alone, so they can stop a file before it is scored. */
#ifndef DECIDE_RULES_H
#define DECIDE_RULES_H

#include "decide/policy.h"

struct rule_input {
    const struct facts *facts;
    const struct statement *statement; /* the one that is scored, or NULL */
    const struct policy *policy;
    uint32_t coverage_ppm; /* of the model's inputs */
};

bool rule_read(enum rule *out, struct str wire) MUST_USE; /* "liquidation_open", ... */
const char *rule_wire(enum rule rule);
enum reason rule_reason(enum rule rule);
bool rule_reads_accounts(enum rule rule);
bool rule_may_decide(enum rule rule);
bool rule_fires(enum rule rule, const struct rule_input *in);

#endif
