/* outcome_request.h - the body of POST /v1/outcomes: one outcome, or {"outcomes":[...]}.
 *
 * All that is wrong is noted at once.  Whether a decision or an outcome of that id is there is for
 * whoever has the store to say: the nodes that name them are kept for that.
 *
 * Memory: everything is of the arena, and borrows from the text the tree was read from. */
#ifndef WIRE_OUTCOME_REQUEST_H
#define WIRE_OUTCOME_REQUEST_H

#include "credit/outcome.h"
#include "format/violation.h"

enum { OUTCOME_REQUEST_LEN_MAX = 512 * 1024, OUTCOME_REFERENCE_MAX = 128 };

struct outcome_request {
    struct outcome outcome;
    const struct json *node;       /* the whole outcome */
    const struct json *decision;   /* the id of a decision, or NULL */
    const struct json *supersedes; /* the id of an outcome, or NULL */
};

/* Decode up to `count_max` outcomes.  `today`: nothing may have been observed after it.  Returns
 * OK, INVALID (see v) or TOO_LARGE (arena). */
enum status outcome_request_read(struct outcome_request **out, uint32_t *count,
                                 const struct json *root, uint32_t count_max, struct date today,
                                 struct arena *arena, struct violations *v) MUST_USE;

#endif
