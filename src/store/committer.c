/* committer.c - a queue of many producers, and the thread that empties it.
 *
 * The thread takes what waits while the commit before was on its way to the disk: that is the whole
 * window.  It is woken only when it sleeps.  Units count as queued while the disk is at work on
 * them, so the bound holds for everything that waits. */
#include "store/committer.h"

#include "base/defect.h"
#include "base/log.h"
#include "store/chain.h"
#include "store/writer.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { PROBE_MS = 500 };

static const uint64_t batch_bounds[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, COMMIT_BATCH_MAX};
static const uint64_t commit_bounds_us[] = {100,    250,    500,     1000,    2500,
                                            5000,   10000,  25000,   50000,   100000,
                                            250000, 500000, 1000000, 2500000, 5000000};

struct committer {
    struct writer *writer;
    struct wallclock clock;
    pthread_t thread;
    unsigned queue_max;
    atomic_bool is_healthy;

    pthread_mutex_t lock;
    pthread_cond_t has_work;
    struct unit *first, **last;
    atomic_uint_fast64_t queued; /* submitted and not yet answered; changed under the lock */
    uint64_t flying_us;          /* when the first unit of the batch at the disk was queued, or 0 */
    struct writer_figures audit; /* the writer is the thread's alone: a copy for others to read */
    atomic_uint_fast64_t commits, units;
    struct histogram batch_units, commit_us;
    bool wants_checkpoint;
    bool is_stopping;
    bool is_asleep;
    atomic_bool is_dead; /* a commit ended unknown: nothing is written any more */
};

/* ---- the thread ---- */

static void wait_for_work(struct committer *c, bool is_probing)
{
    struct timespec until;
    c->is_asleep = true;
    if (is_probing) {
        (void)clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += PROBE_MS * 1000L * 1000;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        (void)pthread_cond_timedwait(&c->has_work, &c->lock, &until);
    } else {
        (void)pthread_cond_wait(&c->has_work, &c->lock);
    }
    c->is_asleep = false;
}

/* What the thread is to do next. */
struct turn {
    struct unit *units[COMMIT_BATCH_MAX];
    size_t count;
    bool wants_checkpoint;
    bool is_last; /* stopping, and nothing waits */
};

/* Take the longest batch that fits.  Requires: the lock is held. */
static void turn_take(struct turn *turn, struct committer *c)
{
    turn->count = 0;
    for (struct unit *unit = c->first; unit != NULL && turn->count < COMMIT_BATCH_MAX;
         unit = unit->next) {
        turn->units[turn->count++] = unit;
    }
    if (turn->count > 0 && !c->is_dead) {
        turn->count = writer_takes(c->writer, turn->units, turn->count);
    }
    c->flying_us = turn->count > 0 ? turn->units[0]->queued_us : 0;
    if (turn->count > 0) {
        c->first = turn->units[turn->count - 1]->next;
        if (c->first == NULL) {
            c->last = &c->first;
        }
    }
    turn->wants_checkpoint = c->wants_checkpoint;
    c->wants_checkpoint = false;
    turn->is_last = c->is_stopping && c->first == NULL;
}

/* Wait for work.  While the disk takes no writes, wake up to ask it again. */
static void turn_begin(struct turn *turn, struct committer *c)
{
    (void)pthread_mutex_lock(&c->lock);
    bool is_probing = !atomic_load(&c->is_healthy) && !c->is_dead;
    if (c->first == NULL && !c->is_stopping && !c->wants_checkpoint) {
        wait_for_work(c, is_probing);
    }
    turn_take(turn, c);
    (void)pthread_mutex_unlock(&c->lock);
}

/* An operator must hear of it once, when it happens: the callers only see 503. */
static void health_log(bool was_healthy, enum status status, const struct error *err)
{
    if (was_healthy && status != STATUS_OK) {
        LOG(LOG_ERROR, "writing_stopped", LOG_TEXT("reason", str_from(err->message)),
            LOG_NUMBER("until_restart", status == STATUS_IO ? 1 : 0));
    } else if (!was_healthy && status == STATUS_OK) {
        LOG(LOG_WARN, "writing_resumed", LOG_NUMBER("healthy", 1));
    }
}

static void outcome_note(struct committer *c, enum status status, const struct error *err)
{
    health_log(atomic_exchange(&c->is_healthy, status == STATUS_OK), status, err);
    if (status == STATUS_IO || (status == STATUS_BUSY && DEFECT(NO_RECOVERY))) {
        (void)pthread_mutex_lock(&c->lock);
        c->is_dead = true;
        (void)pthread_mutex_unlock(&c->lock);
    }
}

static void units_refuse(struct turn *turn)
{
    for (size_t i = 0; i < turn->count; i++) {
        turn->units[i]->outcome = UNIT_UNKNOWN;
        (void)error_set(&turn->units[i]->error, STATUS_BUSY, "",
                        "writing has stopped: a commit before this one failed");
    }
}

/* Tell everybody.  A unit belongs to its owner again once `done` was called. */
static void turn_end(struct turn *turn, struct committer *c)
{
    (void)pthread_mutex_lock(&c->lock);
    atomic_fetch_sub(&c->queued, turn->count);
    c->flying_us = 0;
    c->audit = writer_figures(c->writer);
    (void)pthread_mutex_unlock(&c->lock);
    atomic_fetch_add(&c->units, turn->count);
    atomic_fetch_add(&c->commits, 1);
    for (size_t i = 0; i < turn->count; i++) {
        turn->units[i]->done(turn->units[i]);
    }
}

static void turn_run(struct turn *turn, struct committer *c)
{
    struct error err = {.message = ""};
    bool is_probing = !atomic_load(&c->is_healthy);
    if (turn->count > 0 && c->is_dead) {
        units_refuse(turn);
    } else if (turn->count > 0) {
        uint64_t from_us = steady_now_us();
        enum status status =
            writer_run(c->writer, turn->units, turn->count, wallclock_now_ms(&c->clock), &err);
        histogram_add(&c->batch_units, turn->count);
        histogram_add(&c->commit_us, steady_now_us() - from_us);
        outcome_note(c, status, &err);
    }
    if (turn->count > 0) {
        turn_end(turn, c);
    }
    bool wants_checkpoint =
        writer_has_unsigned(c->writer) && (turn->wants_checkpoint || turn->is_last);
    if (!c->is_dead && (wants_checkpoint || (is_probing && turn->count == 0))) {
        enum status status = writer_checkpoint(c->writer, wallclock_now_ms(&c->clock), &err);
        outcome_note(c, status, &err);
        (void)pthread_mutex_lock(&c->lock);
        c->audit = writer_figures(c->writer);
        (void)pthread_mutex_unlock(&c->lock);
    }
}

static void *run(void *argument)
{
    struct committer *c = argument;
    struct turn turn;
    do {
        turn_begin(&turn, c);
        turn_run(&turn, c);
    } while (!turn.is_last);
    return NULL;
}

/* ---- start and stop ---- */

static enum status condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    bool is_ready = pthread_condattr_init(&attributes) == 0 &&
                    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
                    pthread_cond_init(condition, &attributes) == 0;
    (void)pthread_condattr_destroy(&attributes);
    return is_ready ? STATUS_OK : STATUS_IO;
}

enum status committer_start(struct committer **out, const struct committer_config *config,
                            struct error *err)
{
    struct committer *c = calloc(1, sizeof *c);
    if (c == NULL || condition_init(&c->has_work) != STATUS_OK) {
        free(c);
        return error_set(err, STATUS_IO, "", "no memory for the committer");
    }
    c->clock = config->clock;
    histogram_init(&c->batch_units, batch_bounds, ARRAY_LEN(batch_bounds));
    histogram_init(&c->commit_us, commit_bounds_us, ARRAY_LEN(commit_bounds_us));
    c->last = &c->first;
    atomic_init(&c->is_healthy, true);
    c->queue_max = config->queue_max == 0 ? COMMIT_QUEUE_MAX : config->queue_max;
    (void)pthread_mutex_init(&c->lock, NULL);
    enum status status =
        writer_open(&c->writer, config->where, config->stream, wallclock_now_ms(&c->clock), err);
    if (status == STATUS_OK) {
        c->audit = writer_figures(c->writer);
    }
    if (status == STATUS_OK && pthread_create(&c->thread, NULL, run, c) != 0) {
        status = error_set(err, STATUS_IO, "", "the committer's thread could not be started");
    }
    if (status != STATUS_OK) {
        writer_close(c->writer);
        (void)pthread_cond_destroy(&c->has_work);
        (void)pthread_mutex_destroy(&c->lock);
        free(c);
        return status;
    }
    *out = c;
    return STATUS_OK;
}

void committer_stop(struct committer *c)
{
    (void)pthread_mutex_lock(&c->lock);
    c->is_stopping = true;
    (void)pthread_cond_signal(&c->has_work);
    (void)pthread_mutex_unlock(&c->lock);
    (void)pthread_join(c->thread, NULL);
    CHECK(atomic_load(&c->queued) == 0);
    writer_close(c->writer);
    (void)pthread_cond_destroy(&c->has_work);
    (void)pthread_mutex_destroy(&c->lock);
    free(c);
}

/* ---- the queue ---- */

enum status committer_submit(struct committer *c, struct unit *unit)
{
    CHECK(unit->done != NULL);
    CHECK(unit->condition_count <= UNIT_CONDITIONS_MAX);
    CHECK(unit->row_count <= UNIT_ROWS_MAX);
    CHECK(unit->more_count <= UNIT_MORE_MAX);
    CHECK(unit->entry_count <= UNIT_ENTRIES_MAX);
    for (uint32_t i = 0; i < unit->entry_count; i++) {
        struct audit_draft *draft = &unit->entries[i];
        draft->digest = chain_payload_digest(draft->salt, draft->payload);
    }
    unit->next = NULL;
    unit->queued_us = steady_now_us();
    unit->outcome = UNIT_PENDING;
    (void)pthread_mutex_lock(&c->lock);
    bool has_room = atomic_load(&c->queued) < c->queue_max;
    bool is_accepted = has_room && !c->is_dead && !c->is_stopping && !unit->has_failed;
    if (is_accepted) {
        *c->last = unit;
        c->last = &unit->next;
        atomic_fetch_add(&c->queued, 1);
        if (c->is_asleep) {
            (void)pthread_cond_signal(&c->has_work);
        }
    }
    (void)pthread_mutex_unlock(&c->lock);
    return is_accepted ? STATUS_OK : STATUS_BUSY;
}

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t is_over;
    bool is_done;
};

static void wake(struct unit *unit)
{
    struct waiter *waiter = unit->user;
    (void)pthread_mutex_lock(&waiter->lock);
    waiter->is_done = true;
    (void)pthread_cond_signal(&waiter->is_over);
    (void)pthread_mutex_unlock(&waiter->lock);
}

static enum status status_of_outcome(const struct unit *unit, struct error *err)
{
    switch (unit->outcome) {
    case UNIT_COMMITTED: return STATUS_OK;
    case UNIT_REFUSED: return error_set(err, STATUS_CONFLICT, "", "a condition did not hold");
    case UNIT_POISONED: return error_set(err, STATUS_INTERNAL, "", "%s", unit->error.message);
    case UNIT_PENDING:
    case UNIT_UNKNOWN: return error_set(err, STATUS_BUSY, "", "%s", unit->error.message);
    }
    return STATUS_INTERNAL;
}

enum status committer_run(struct committer *c, struct unit *unit, struct error *err)
{
    struct waiter waiter = {.lock = PTHREAD_MUTEX_INITIALIZER, .is_over = PTHREAD_COND_INITIALIZER};
    unit->user = &waiter;
    unit->done = wake;
    if (committer_submit(c, unit) != STATUS_OK) {
        return error_set(err, STATUS_BUSY, "", "the queue is full, or writing has stopped");
    }
    (void)pthread_mutex_lock(&waiter.lock);
    while (!waiter.is_done) {
        (void)pthread_cond_wait(&waiter.is_over, &waiter.lock);
    }
    (void)pthread_mutex_unlock(&waiter.lock);
    return status_of_outcome(unit, err);
}

bool committer_is_healthy(const struct committer *c)
{
    return atomic_load(&c->is_healthy);
}

bool committer_is_dead(const struct committer *c)
{
    return atomic_load(&c->is_dead);
}

struct committer_figures committer_figures(struct committer *c)
{
    (void)pthread_mutex_lock(&c->lock);
    struct writer_figures audit = c->audit;
    uint64_t from_us = c->flying_us != 0  ? c->flying_us
                       : c->first != NULL ? c->first->queued_us
                                          : 0;
    (void)pthread_mutex_unlock(&c->lock);
    uint64_t now_us = steady_now_us();
    return (struct committer_figures){
        .commits = atomic_load(&c->commits),
        .units = atomic_load(&c->units),
        .queued = atomic_load(&c->queued),
        .queue_max = c->queue_max,
        .oldest_us = from_us == 0 || now_us < from_us ? 0 : now_us - from_us,
        .epoch = audit.epoch,
        .seq = audit.seq,
        .checkpoint_ms = audit.checkpoint_ms,
        .unsigned_entries = audit.unsigned_entries,
        .batch_units = &c->batch_units,
        .commit_us = &c->commit_us,
    };
}

void committer_checkpoint(struct committer *c)
{
    (void)pthread_mutex_lock(&c->lock);
    c->wants_checkpoint = true;
    (void)pthread_cond_signal(&c->has_work);
    (void)pthread_mutex_unlock(&c->lock);
}
