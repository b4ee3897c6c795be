/* pipeline.c - a ring of parcels under one lock. */
#include "batch/pipeline.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    PARCEL_ROWS_MAX = 64,
    PARCEL_LEN_MAX = 2 * BATCH_ROW_LEN_MAX, /* the text of its rows */
    PARCEL_ANSWER_MAX = 256 * 1024 * 1024,
    PARCELS_A_JOB = 4,
};

enum parcel_state { PARCEL_EMPTY, PARCEL_FILLED, PARCEL_TAKEN, PARCEL_DONE };

struct parcel {
    enum parcel_state state;
    struct buf texts, answers;
    uint32_t count;
    size_t starts[PARCEL_ROWS_MAX]; /* in texts: it may move while it is filled */
    struct row rows[PARCEL_ROWS_MAX];
    uint64_t refused;
};

struct pipeline {
    const struct answer_rules *rules;
    unsigned jobs, started;
    pthread_t threads[PIPELINE_JOBS_MAX];
    pthread_mutex_t lock;
    pthread_cond_t has_work, has_answers;
    uint64_t filled, taken, written; /* parcels ever */
    bool is_over;
    uint32_t parcel_count;
    struct parcel *parcels;
};

/* ---- threads that decide ---- */

static struct parcel *take(struct pipeline *p)
{
    struct parcel *parcel = NULL;
    (void)pthread_mutex_lock(&p->lock);
    while (p->taken == p->filled && !p->is_over) {
        (void)pthread_cond_wait(&p->has_work, &p->lock);
    }
    if (p->taken < p->filled) {
        parcel = &p->parcels[p->taken++ % p->parcel_count];
        parcel->state = PARCEL_TAKEN;
    }
    (void)pthread_mutex_unlock(&p->lock);
    return parcel;
}

static void hand_back(struct pipeline *p, struct parcel *parcel)
{
    (void)pthread_mutex_lock(&p->lock);
    parcel->state = PARCEL_DONE;
    (void)pthread_cond_signal(&p->has_answers);
    (void)pthread_mutex_unlock(&p->lock);
}

static void *work(void *context)
{
    struct pipeline *p = context;
    struct answer_scratch scratch;
    struct parcel *parcel;
    answer_scratch_init(&scratch);
    while ((parcel = take(p)) != NULL) {
        parcel->refused = 0;
        buf_clear(&parcel->answers);
        for (uint32_t i = 0; i < parcel->count; i++) {
            bool is_decided = answer_write(&parcel->answers, &parcel->rows[i], p->rules, &scratch);
            parcel->refused += is_decided ? 0 : 1;
        }
        hand_back(p, parcel);
    }
    answer_scratch_finish(&scratch);
    return NULL;
}

/* ---- the thread that reads and writes ---- */

static enum status fill(struct parcel *parcel, bool *is_end, struct source *source,
                        struct error *err)
{
    parcel->count = 0;
    buf_clear(&parcel->texts);
    while (parcel->count < PARCEL_ROWS_MAX && parcel->texts.len < BATCH_ROW_LEN_MAX) {
        struct row *row = &parcel->rows[parcel->count];
        bool has_row;
        TRY(source_next(row, &has_row, source, err));
        if (!has_row) {
            *is_end = true;
            break;
        }
        parcel->starts[parcel->count++] = parcel->texts.len;
        buf_append(&parcel->texts, row->text);
    }
    if (buf_failed(&parcel->texts)) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for the rows");
    }
    for (uint32_t i = 0; i < parcel->count; i++) {
        parcel->rows[i].text =
            str_of(parcel->texts.ptr + parcel->starts[i], parcel->rows[i].text.len);
    }
    return STATUS_OK;
}

static void send_out(struct pipeline *p)
{
    (void)pthread_mutex_lock(&p->lock);
    p->parcels[p->filled++ % p->parcel_count].state = PARCEL_FILLED;
    (void)pthread_cond_signal(&p->has_work);
    (void)pthread_mutex_unlock(&p->lock);
}

/* The oldest parcel that is on its way, once it is done. */
static struct parcel *await_oldest(struct pipeline *p)
{
    struct parcel *parcel = &p->parcels[p->written % p->parcel_count];
    (void)pthread_mutex_lock(&p->lock);
    while (parcel->state != PARCEL_DONE) {
        (void)pthread_cond_wait(&p->has_answers, &p->lock);
    }
    parcel->state = PARCEL_EMPTY;
    (void)pthread_mutex_unlock(&p->lock);
    return parcel;
}

static enum status write_oldest(struct pipeline *p, struct pipeline_count *count,
                                struct journal *journal, struct error *err)
{
    struct parcel *parcel = await_oldest(p);
    p->written++;
    if (buf_failed(&parcel->answers)) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for the answers");
    }
    TRY(journal_append(journal, buf_str(&parcel->answers), err));
    count->rows += parcel->count;
    count->refused += parcel->refused;
    return STATUS_OK;
}

static enum status go_round(struct pipeline *p, struct pipeline_count *count, struct source *source,
                            struct journal *journal, pipeline_report *report, void *context,
                            struct error *err)
{
    bool is_end = false;
    while (!is_end || p->written < p->filled) {
        bool is_full = p->filled - p->written == p->parcel_count;
        if (!is_end && !is_full) {
            struct parcel *parcel = &p->parcels[p->filled % p->parcel_count];
            TRY(fill(parcel, &is_end, source, err));
            if (parcel->count > 0) {
                send_out(p);
            }
            continue;
        }
        TRY(write_oldest(p, count, journal, err));
        report(count, source, context);
    }
    return STATUS_OK;
}

/* ---- */

static enum status start(struct pipeline *p, struct error *err)
{
    p->parcel_count = p->jobs * PARCELS_A_JOB;
    p->parcels = calloc(p->parcel_count, sizeof(*p->parcels));
    if (p->parcels == NULL) {
        return error_set(err, STATUS_TOO_LARGE, "", "no memory for the threads");
    }
    for (uint32_t i = 0; i < p->parcel_count; i++) {
        buf_init(&p->parcels[i].texts, PARCEL_LEN_MAX);
        buf_init(&p->parcels[i].answers, PARCEL_ANSWER_MAX);
    }
    while (p->started < p->jobs) {
        if (pthread_create(&p->threads[p->started], NULL, work, p) != 0) {
            return error_set(err, STATUS_IO, "", "a thread could not be started");
        }
        p->started++;
    }
    return STATUS_OK;
}

static void stop(struct pipeline *p)
{
    (void)pthread_mutex_lock(&p->lock);
    p->is_over = true;
    (void)pthread_cond_broadcast(&p->has_work);
    (void)pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->started; i++) {
        (void)pthread_join(p->threads[i], NULL);
    }
    for (uint32_t i = 0; p->parcels != NULL && i < p->parcel_count; i++) {
        buf_finish(&p->parcels[i].texts);
        buf_finish(&p->parcels[i].answers);
    }
    free(p->parcels);
    (void)pthread_cond_destroy(&p->has_work);
    (void)pthread_cond_destroy(&p->has_answers);
    (void)pthread_mutex_destroy(&p->lock);
}

enum status pipeline_run(struct pipeline_count *out, struct source *source, struct journal *journal,
                         const struct answer_rules *rules, unsigned jobs, pipeline_report *report,
                         void *context, struct error *err)
{
    CHECK(jobs > 0);
    CHECK(jobs <= PIPELINE_JOBS_MAX);
    struct pipeline p = {.rules = rules, .jobs = jobs};
    *out = (struct pipeline_count){0};
    (void)pthread_mutex_init(&p.lock, NULL);
    (void)pthread_cond_init(&p.has_work, NULL);
    (void)pthread_cond_init(&p.has_answers, NULL);
    enum status status = start(&p, err);
    status =
        status == STATUS_OK ? go_round(&p, out, source, journal, report, context, err) : status;
    stop(&p);
    return status;
}
