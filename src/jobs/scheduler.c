/* scheduler.c - a thread that sleeps until the next job is due. */
#include "jobs/scheduler.h"

#include "service/housekeeping.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct job {
    const char *name;
    uint64_t interval_us;
    void (*run)(struct service *service);
};

/* A checkpoint is due every 60 s at the latest; looking twice as often keeps the promise with room
 * to spare.  A model that an operator promotes decides within a second. */
static const struct job jobs[] = {
    {"checkpoint",        UINT64_C(30) * 1000 * 1000,   housekeeping_checkpoint       },
    {"refresh_models",    UINT64_C(500) * 1000,         housekeeping_refresh_models   },
    {"sweep_idempotency", UINT64_C(3600) * 1000 * 1000, housekeeping_sweep_idempotency},
};

struct scheduler {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool is_stopping;
    struct service *service;
    uint64_t due_us[ARRAY_LEN(jobs)];
};

static uint64_t next_due_us(const struct scheduler *scheduler)
{
    uint64_t next = scheduler->due_us[0];
    for (size_t i = 1; i < ARRAY_LEN(jobs); i++) {
        next = scheduler->due_us[i] < next ? scheduler->due_us[i] : next;
    }
    return next;
}

static void run_due(struct scheduler *scheduler)
{
    for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
        if (steady_now_us() >= scheduler->due_us[i]) {
            jobs[i].run(scheduler->service);
            scheduler->due_us[i] = steady_now_us() + jobs[i].interval_us;
        }
    }
}

static void *run(void *argument)
{
    struct scheduler *scheduler = argument;
    (void)pthread_mutex_lock(&scheduler->lock);
    while (!scheduler->is_stopping) {
        uint64_t due_us = next_due_us(scheduler);
        struct timespec until = {.tv_sec = (time_t)(due_us / 1000000),
                                 .tv_nsec = (long)(due_us % 1000000) * 1000};
        (void)pthread_cond_timedwait(&scheduler->wake, &scheduler->lock, &until);
        if (!scheduler->is_stopping) {
            (void)pthread_mutex_unlock(&scheduler->lock);
            run_due(scheduler);
            (void)pthread_mutex_lock(&scheduler->lock);
        }
    }
    (void)pthread_mutex_unlock(&scheduler->lock);
    return NULL;
}

enum status scheduler_start(struct scheduler **out, struct service *service, struct error *err)
{
    pthread_condattr_t attributes;
    struct scheduler *scheduler = calloc(1, sizeof *scheduler);
    if (scheduler == NULL) {
        return error_set(err, STATUS_IO, "", "no memory for the scheduler");
    }
    scheduler->service = service;
    for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
        scheduler->due_us[i] = steady_now_us() + jobs[i].interval_us;
    }
    (void)pthread_mutex_init(&scheduler->lock, NULL);
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&scheduler->wake, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    if (pthread_create(&scheduler->thread, NULL, run, scheduler) != 0) {
        free(scheduler);
        return error_set(err, STATUS_IO, "", "the scheduler's thread could not be started");
    }
    *out = scheduler;
    return STATUS_OK;
}

void scheduler_stop(struct scheduler *scheduler)
{
    if (scheduler == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&scheduler->lock);
    scheduler->is_stopping = true;
    (void)pthread_cond_signal(&scheduler->wake);
    (void)pthread_mutex_unlock(&scheduler->lock);
    (void)pthread_join(scheduler->thread, NULL);
    (void)pthread_cond_destroy(&scheduler->wake);
    (void)pthread_mutex_destroy(&scheduler->lock);
    free(scheduler);
}
