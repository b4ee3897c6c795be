/* decision_answer.h - the envelope around a decision's body: what differs from one recording to the
 * next.
 *
 * The same bytes are answered when a decision is made, read and replayed by its idempotency key:
 * everything in it is recorded. */
#ifndef WIRE_DECISION_ANSWER_H
#define WIRE_DECISION_ANSWER_H

#include "base/buf.h"

#include <stdint.h>

struct decision_envelope {
    struct str id; /* "dec_..." */
    int64_t created_ms;
    bool is_live;
    struct str client_reference; /* "" answers null */
    struct str body, words;      /* canonical JSON */
};

/* Everything before the place in the audit chain: known before the commit. */
void decision_answer_begin(struct buf *out, const struct decision_envelope *envelope);
/* The place in the chain and the links: known after it. */
void decision_answer_end(struct buf *out, struct str id, const char *stream, uint64_t epoch,
                         uint64_t seq);

#endif
