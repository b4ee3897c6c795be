/* workers.h - threads that may read the store, each with a connection of its own.
 *
 * A task is plain sequential code.  The queue is bounded: BUSY is the answer to one too many. */
#ifndef SERVICE_WORKERS_H
#define SERVICE_WORKERS_H

#include "store/db.h"

enum { WORKERS_MAX = 32, WORKER_QUEUE_MAX = 4096 };

struct worker_task {
    void (*run)(struct worker_task *task,
                struct db *db); /* the task is gone for the pool when called */
    struct worker_task *next;
    uint64_t queued_us; /* the pool's: steady time of its submission */
};

struct workers;

enum status workers_start(struct workers **out, const char *where, unsigned count,
                          struct error *err) MUST_USE;
enum status workers_submit(struct workers *workers, struct worker_task *task) MUST_USE;
struct workers_figures {
    unsigned threads, waiting;
    uint64_t oldest_us; /* how long the first in the queue has waited; 0: nobody waits */
} workers_figures(struct workers *workers);
void workers_stop(struct workers *workers); /* runs what waits, then joins; accepts NULL */

#endif
