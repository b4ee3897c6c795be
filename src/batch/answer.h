/* answer.h - one row in, one line out.
 *
 *     {"row":1,"line":2,"client_reference":"a-7","body":{...},"words":{...}}
 *     {"row":2,"line":3,"error":{"detail":"...","errors":[{"pointer":"/company", ...}]}}
 *
 * `body` and `words` are the server's, byte for byte; without reasons, `body` has the score part
 * alone and there are no words. */
#ifndef BATCH_ANSWER_H
#define BATCH_ANSWER_H

#include "batch/columns.h"
#include "batch/source.h"
#include "service/assess.h"

/* The same for all rows. */
struct answer_rules {
    const struct in_force *in_force;
    struct date today;             /* for rows without as_of */
    const struct columns *columns; /* NULL: rows are JSON */
    char separator;
    bool has_reasons;
};

/* What a thread needs for one row after the other. */
struct answer_scratch {
    struct arena arena;
    struct buf json; /* of a row of cells */
};

void answer_scratch_init(struct answer_scratch *scratch);
void answer_scratch_finish(struct answer_scratch *scratch);

/* Append the line, with its end.  Returns whether the row was decided; out->failed: no memory. */
bool answer_write(struct buf *out, const struct row *row, const struct answer_rules *rules,
                  struct answer_scratch *scratch);

/* What a line of ours begins with: its row, and whether it was decided.  False: no such line. */
bool answer_read(uint64_t *row, bool *is_decided, struct str line) MUST_USE;

#endif
