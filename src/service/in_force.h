/* in_force.h - the model and the policies that decide today.
 *
 * Loaded before the first request, checked whole, then never changed: shared by all threads.  A
 * past decision is replayed with what was in force then, which the store keeps by digest. */
#ifndef SERVICE_IN_FORCE_H
#define SERVICE_IN_FORCE_H

#include "base/buf.h"
#include "decide/policy.h"
#include "score/model.h"

enum { POLICIES_MAX = 16 };

struct in_force {
    struct model *model; /* NULL in a line-up whose model is not available */
    struct buf model_text;
    uint32_t policy_count;
    struct policy *policies[POLICIES_MAX];
    struct buf policy_texts[POLICIES_MAX];
};

/* Read a bundle or a policy from its bytes and stamp its digest. */
enum status model_of_text(struct model **out, struct str text, struct error *err) MUST_USE;
enum status policy_of_text(struct policy **out, struct str text, struct error *err) MUST_USE;

/* `model_file` NULL: the model that comes with the program; no policy files: the default policy.
 * Two policies of one id are refused. */
enum status in_force_load(struct in_force *out, const char *model_file,
                          const char *const *policy_files, uint32_t policy_file_count,
                          struct error *err) MUST_USE;
void in_force_finish(struct in_force *in_force);
const struct policy *in_force_policy(const struct in_force *in_force, struct str id); /* or NULL */

#endif
