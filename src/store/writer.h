/* writer.h - the writing side of the store, without threads: a batch of units in, outcomes out.
 *
 * Owns the writing connection, the stream's lock, the signing key and the head of the chain.
 * Conditions of all units run first; the refused are dropped, the rest numbered and chained in
 * memory; then all rows go out and the commit is made.  The head moves only when it was.
 *
 * A unit that was refused after one of its conditions had taken effect, and every unit of a batch
 * the engine would not take, is run once more in a transaction of its own: then rolling back undoes
 * that unit alone. */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "store/committer.h"

struct writer;

/* Open the store and an epoch of the stream.  CONFLICT: another process holds the stream, or the
 * key does not fit. */
enum status writer_open(struct writer **out, const char *where, const char *stream, int64_t now_ms,
                        struct error *err) MUST_USE;
void writer_close(struct writer *writer); /* accepts NULL */

/* How many of `units` fit into one transaction and one checkpoint; at least one of one. */
size_t writer_takes(const struct writer *writer, struct unit *const *units, size_t count);
/* Run a batch and set every unit's outcome.  Requires: 0 < count <= writer_takes(units).
 * Returns OK; BUSY: nothing can be written for now; IO: a commit ended unknown, nothing will be
 * written any more. */
enum status writer_run(struct writer *writer, struct unit **units, size_t count, int64_t now_ms,
                       struct error *err) MUST_USE;
/* Where the audit stream stands. */
struct writer_figures {
    uint64_t epoch, seq; /* of the last entry */
    int64_t checkpoint_ms;
    size_t unsigned_entries;
} writer_figures(const struct writer *writer);
bool writer_has_unsigned(const struct writer *writer); /* commits that no checkpoint covers */
/* Sign what is not signed yet, if anything; else touch the disk.  Returns as writer_run. */
enum status writer_checkpoint(struct writer *writer, int64_t now_ms, struct error *err) MUST_USE;

#endif
