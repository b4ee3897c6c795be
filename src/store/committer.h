/* committer.h - many units, one durable transaction: group commit without a timer.
 *
 * One thread owns the writing connection and the head of one audit stream.  It takes whatever
 * waits, runs the conditions of all, drops the refused, numbers and chains the rest in memory,
 * writes all rows, commits, and only then calls `done` of each: nothing is acknowledged before it
 * is durable.  The commit in flight is the window.  An engine error rolls the batch back and its
 * units run once more one by one.  A failed commit stops all further writing until restart.
 *
 * Each start opens an epoch whose first entry names the head it follows.  Each commit has a Merkle
 * root over its entries; roots are signed at checkpoints, at most CHECKPOINT_ENTRIES entries or
 * CHECKPOINT_MS apart. docs/AUDIT.md writes the format byte for byte. */
#ifndef STORE_COMMITTER_H
#define STORE_COMMITTER_H

#include "base/histogram.h"
#include "base/wallclock.h"
#include "store/unit.h"

enum {
    COMMIT_QUEUE_MAX = 8192,
    COMMIT_BATCH_MAX = 1024,
    CHECKPOINT_ENTRIES = 1000,
    CHECKPOINT_MS = 60000
};

struct committer;

struct committer_config {
    const char *where; /* as db_open */
    /* "main" for a server, "operator" for the command line.  One process at a time holds a stream
     * (a lock beside the file); the operator waits its turn up to 10 s. */
    const char *stream;
    struct wallclock clock;
    unsigned queue_max; /* units that may wait; 0: COMMIT_QUEUE_MAX */
};

enum status committer_start(struct committer **out, const struct committer_config *config,
                            struct error *err) MUST_USE;
/* Commit what waits, sign a last checkpoint, join, close. */
void committer_stop(struct committer *committer);
/* Queue a unit; any thread.  BUSY: the queue is full or writing has stopped; `done` will not be
 * called. */
enum status committer_submit(struct committer *committer, struct unit *unit) MUST_USE;
/* Submit and wait: for the command line and for start-up, never for a serving thread. */
enum status committer_run(struct committer *committer, struct unit *unit,
                          struct error *err) MUST_USE;
bool committer_is_healthy(const struct committer *committer); /* false once writing has stopped */
/* Has it stopped for good: a commit or a sync ended unknown?  Otherwise it goes on by itself. */
bool committer_is_dead(const struct committer *committer);
/* What it counts about itself, for whoever watches it. */
struct committer_figures {
    uint64_t commits, units, queued;
    unsigned queue_max;
    uint64_t oldest_us;    /* how long the unit that waits longest has waited; 0: none waits */
    uint64_t epoch, seq;   /* of the last entry of the audit stream */
    int64_t checkpoint_ms; /* when the last checkpoint was signed; 0: never */
    uint64_t unsigned_entries;
    /* These borrow from the committer, which goes on counting. */
    const struct histogram *batch_units;
    const struct histogram *commit_us; /* of a batch, from its first statement to the disk */
} committer_figures(struct committer *committer);
/* Sign a checkpoint now if entries wait for one (the jobs' timer calls this). */
void committer_checkpoint(struct committer *committer);

#endif
