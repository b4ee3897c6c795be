/* journal.h - where the answers of a batch go, and where it stands.
 *
 * The file of answers is the state: a row is done when its whole line is there.  Beside it,
 * FILE.batch says what the batch is made of (input, model, policy, options), so that going on with
 * anything else is refused.  Going on cuts off a line that was not finished, checks that the others
 * are those of rows 1, 2, 3 ..., and leaves out as many.
 *
 * Both files are one process's at a time. */
#ifndef BATCH_JOURNAL_H
#define BATCH_JOURNAL_H

#include "base/buf.h"
#include "base/status.h"

#include <stdint.h>

struct journal {
    int fd;
    const char *path;
    uint64_t rows, refused; /* that are there */
};

/* `identity` says what the batch is, in one line of JSON.  `is_resumed`: go on with what is there;
 * else the file must not be there.  "-" is standard output, of which nothing is kept.  Errors:
 * CONFLICT where it is there already, is another batch's, or another process writes it. */
enum status journal_open(struct journal *out, const char *path, struct str identity,
                         bool is_resumed, struct error *err) MUST_USE;
/* What the batch of `path` is made of, as it was said; empty if there is none.  The caller finishes
 * it. */
enum status journal_identity(struct buf *out, const char *path, struct error *err) MUST_USE;
enum status journal_append(struct journal *journal, struct str lines, struct error *err) MUST_USE;
/* Everything is on the disk, or it says why not.  Accepts a zeroed one. */
enum status journal_close(struct journal *journal, struct error *err) MUST_USE;

#endif
