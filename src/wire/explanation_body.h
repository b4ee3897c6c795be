/* explanation_body.h - an explanation as JSON: sections of sentences, the whole as text, and what
 * programs need of it.
 *
 * What a program reads of an analyst's or a regulator's explanation is taken over from the body of
 * the decision as it stands there; the factors, which no body holds, stand beside it. */
#ifndef WIRE_EXPLANATION_BODY_H
#define WIRE_EXPLANATION_BODY_H

#include "decide/explanation.h"
#include "wire/decision_request.h"

struct explanation_envelope {
    struct str id;   /* "dec_...", or empty: offline, answered as null */
    struct str body; /* canonical, of the decision */
    const struct decision_request *request;
    const struct decision *decision;
};

/* What became of each block, as the body says it.  Requires: `body` is one that
 * decision_body_write made. */
void explanation_blocks_read(enum block_state *out, struct str body);
void explanation_body_write(struct buf *out, const struct explanation_envelope *envelope,
                            const struct explanation *explanation);

#endif
