/* workers.c - a bounded queue and its threads. */
#include "service/workers.h"

#include "base/wallclock.h"

#include <pthread.h>
#include <stdlib.h>

struct worker {
    pthread_t thread;
    struct db *db;
    struct workers *pool;
};

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t has_work;
    struct worker_task *first, **last;
    unsigned waiting;
    bool stopping;
    unsigned count;
    struct worker workers[WORKERS_MAX];
};

/* The next task, or NULL when there will be none. */
static struct worker_task *next_task(struct workers *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    while (pool->first == NULL && !pool->stopping) {
        (void)pthread_cond_wait(&pool->has_work, &pool->lock);
    }
    struct worker_task *task = pool->first;
    if (task != NULL) {
        pool->first = task->next;
        pool->waiting--;
        if (pool->first == NULL) {
            pool->last = &pool->first;
        }
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return task;
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct worker_task *task;
    while ((task = next_task(worker->pool)) != NULL) {
        task->run(task, worker->db);
    }
    return NULL;
}

enum status workers_start(struct workers **out, const char *where, unsigned count,
                          struct error *err)
{
    CHECK(count > 0);
    CHECK(count <= WORKERS_MAX);
    struct workers *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        return error_set(err, STATUS_IO, "", "no memory for the workers");
    }
    pool->last = &pool->first;
    (void)pthread_mutex_init(&pool->lock, NULL);
    (void)pthread_cond_init(&pool->has_work, NULL);
    for (unsigned i = 0; i < count; i++) {
        struct worker *worker = &pool->workers[i];
        worker->pool = pool;
        enum status status = db_open(&worker->db, where, DB_READER, err);
        if (status == STATUS_OK && pthread_create(&worker->thread, NULL, work, worker) != 0) {
            db_close(worker->db);
            status = error_set(err, STATUS_IO, "", "a worker thread could not be started");
        }
        if (status != STATUS_OK) {
            workers_stop(pool);
            return status;
        }
        pool->count++;
    }
    *out = pool;
    return STATUS_OK;
}

enum status workers_submit(struct workers *pool, struct worker_task *task)
{
    enum status status = STATUS_BUSY;
    task->queued_us = steady_now_us();
    (void)pthread_mutex_lock(&pool->lock);
    if (pool->waiting < WORKER_QUEUE_MAX && !pool->stopping) {
        task->next = NULL;
        *pool->last = task;
        pool->last = &task->next;
        pool->waiting++;
        status = STATUS_OK;
        (void)pthread_cond_signal(&pool->has_work);
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return status;
}

struct workers_figures workers_figures(struct workers *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    struct workers_figures figures = {.threads = pool->count, .waiting = pool->waiting};
    uint64_t from_us = pool->first == NULL ? 0 : pool->first->queued_us;
    (void)pthread_mutex_unlock(&pool->lock);
    uint64_t now_us = steady_now_us();
    figures.oldest_us = from_us == 0 || now_us < from_us ? 0 : now_us - from_us;
    return figures;
}

void workers_stop(struct workers *pool)
{
    if (pool == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    (void)pthread_cond_broadcast(&pool->has_work);
    (void)pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; i < pool->count; i++) {
        (void)pthread_join(pool->workers[i].thread, NULL);
        db_close(pool->workers[i].db);
    }
    (void)pthread_cond_destroy(&pool->has_work);
    (void)pthread_mutex_destroy(&pool->lock);
    free(pool);
}
