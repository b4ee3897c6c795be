/* decision_body.h - a decision as the canonical JSON that is answered, digested, stored and
 * replayed.
 *
 * `body` is RFC 8785 canonical by construction: members are written in order, numbers are decimals
 * of known scale.  It depends on facts, model and policy alone: not on language, not on the clock.
 * `words` is its sibling, outside the digest. */
#ifndef WIRE_DECISION_BODY_H
#define WIRE_DECISION_BODY_H

#include "decide/words.h"
#include "wire/decision_request.h"

/* Append the body.  input_sha256: hex digest of the frozen request. */
void decision_body_write(struct buf *out, const struct decision_request *request,
                         const struct decision *decision, const struct model *model,
                         const struct policy *policy, const char *input_sha256);

/* Append the canonical `words` object. */
void decision_words_write(struct buf *out, const struct decision_request *request,
                          const struct decision *decision, const struct model *model,
                          const struct policy *policy);

#endif
