/* commit_bench.c - durable units a second: 64 threads through the committer, against one commit
 * each.
 *
 * usage: commit_bench DIRECTORY [SECONDS] - makes a database there and removes it.  A unit is what
 * a decision is: a claim, a row with a payload of 5 KB, an audit entry.  Prints name, unit and
 * value, one line a figure. */
#include "crypto/secret.h"
#include "store/decision_store.h"
#include "store/idempotency_store.h"
#include "store/writer.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    THREADS = 64,
    PAYLOAD_LEN = 5000,
    SAMPLES_MAX = 4 * 1000 * 1000,
    PATH_SIZE = 4096,
    ARENA_MAX = 64 * 1024
};

static char payload[PAYLOAD_LEN];
static atomic_bool is_over;
static atomic_uint_fast32_t sample_count;
static uint32_t *samples_us;

struct client {
    pthread_t thread;
    struct committer *committer;
    sem_t is_done;
    struct id_source ids;
    struct arena arena; /* of the unit under way */
    uint64_t units;
};

/* Everything a unit borrows. */
struct work {
    struct unit unit;
    struct decision_row row;
    struct decision_values values;
    struct claim claim;
    struct claim_values claim_values;
    char key[ID_TEXT_MAX + 1];
};

static void work_make(struct work *work, struct id_source *ids, struct arena *arena)
{
    struct wallclock clock = wallclock_system();
    *work = (struct work){
        .row = {.environment = 7,
                .created_ms = wallclock_now_ms(&clock),
                .company_key = STR("FR:siren:732829320"),
                .client_reference = STR("ERP-7781"),
                .recommendation = STR("accept_with_guarantees"),
                .payload = str_of(payload, sizeof payload)}
    };
    work->row.id = id_make(ids, work->row.created_ms);
    secret_random(work->row.salt, sizeof work->row.salt);
    id_write(work->key, "key", &work->row.id);
    work->claim = (struct claim){.environment = 7,
                                 .route = STR("POST /v1/decisions"),
                                 .key = str_from(work->key),
                                 .object = work->row.id,
                                 .now_ms = work->row.created_ms};
    idempotency_claim(&work->unit, &work->claim, &work->claim_values);
    arena_reset(arena);
    decision_insert(&work->unit, &work->row, &work->values, arena);
}

static void done(struct unit *unit)
{
    struct client *client = unit->user;
    (void)sem_post(&client->is_done);
}

static void *run(void *argument)
{
    struct client *client = argument;
    while (!atomic_load(&is_over)) {
        struct work work;
        work_make(&work, &client->ids, &client->arena);
        work.unit.done = done;
        work.unit.user = client;
        uint64_t from_us = steady_now_us();
        if (committer_submit(client->committer, &work.unit) != STATUS_OK) {
            continue;
        }
        (void)sem_wait(&client->is_done);
        CHECK(work.unit.outcome == UNIT_COMMITTED);
        client->units++;
        uint32_t at = (uint32_t)atomic_fetch_add(&sample_count, 1);
        if (at < SAMPLES_MAX) {
            samples_us[at] = (uint32_t)(steady_now_us() - from_us);
        }
    }
    return NULL;
}

static int sample_compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

static double group(const char *path, unsigned seconds, double *units_per_commit)
{
    static struct client clients[THREADS];
    struct error err = {.message = ""};
    struct committer *committer;
    struct committer_config config = {.where = path, .stream = "main", .clock = wallclock_system()};
    if (committer_start(&committer, &config, &err) != STATUS_OK) {
        (void)fprintf(stderr, "commit_bench: %s\n", err.message);
        exit(1);
    }
    uint64_t from_us = steady_now_us(), units = 0;
    for (size_t i = 0; i < THREADS; i++) {
        clients[i].committer = committer;
        clients[i].ids = id_source_system();
        arena_init(&clients[i].arena, ARENA_MAX);
        CHECK(sem_init(&clients[i].is_done, 0, 0) == 0);
        CHECK(pthread_create(&clients[i].thread, NULL, run, &clients[i]) == 0);
    }
    (void)sleep(seconds);
    atomic_store(&is_over, true);
    for (size_t i = 0; i < THREADS; i++) {
        (void)pthread_join(clients[i].thread, NULL);
        units += clients[i].units;
        arena_finish(&clients[i].arena);
    }
    double elapsed_us = (double)(steady_now_us() - from_us);
    *units_per_commit = (double)units / (double)committer_figures(committer).commits;
    committer_stop(committer);
    return (double)units * 1e6 / elapsed_us;
}

static double each(const char *path, unsigned seconds)
{
    struct error err = {.message = ""};
    struct writer *writer;
    struct wallclock clock = wallclock_system();
    struct id_source ids = id_source_system();
    struct arena arena;
    arena_init(&arena, ARENA_MAX);
    if (writer_open(&writer, path, "main", wallclock_now_ms(&clock), &err) != STATUS_OK) {
        (void)fprintf(stderr, "commit_bench: %s\n", err.message);
        exit(1);
    }
    uint64_t from_us = steady_now_us(), units = 0, until_us = from_us + seconds * UINT64_C(1000000);
    for (; steady_now_us() < until_us; units++) {
        struct work work;
        struct unit *unit = &work.unit;
        work_make(&work, &ids, &arena);
        CHECK(writer_run(writer, &unit, 1, wallclock_now_ms(&clock), &err) == STATUS_OK);
        CHECK(unit->outcome == UNIT_COMMITTED);
    }
    double elapsed_us = (double)(steady_now_us() - from_us);
    arena_finish(&arena);
    writer_close(writer);
    return (double)units * 1e6 / elapsed_us;
}

static void database_remove(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".audit-key", ".main.lock"};
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        char name[PATH_SIZE];
        (void)snprintf(name, sizeof name, "%s%s", path, ends[i]);
        (void)unlink(name);
    }
}

int main(int argc, char **argv)
{
    char path[PATH_SIZE - 16];
    unsigned long asked = argc > 2 ? strtoul(argv[2], NULL, 10) : 3;
    unsigned seconds = asked >= 1 && asked <= 3600 ? (unsigned)asked : 3;
    if (argc < 2) {
        (void)fprintf(stderr, "usage: commit_bench DIRECTORY [SECONDS]\n");
        return 64;
    }
    (void)snprintf(path, sizeof path, "%s/commit_bench.db", argv[1]);
    memset(payload, 'x', sizeof payload);
    samples_us = calloc(SAMPLES_MAX, sizeof *samples_us);
    CHECK(samples_us != NULL);
    database_remove(path);
    double each_rate = each(path, seconds), units_per_commit;
    database_remove(path);
    double group_rate = group(path, seconds, &units_per_commit);
    database_remove(path);
    size_t count =
        atomic_load(&sample_count) < SAMPLES_MAX ? atomic_load(&sample_count) : SAMPLES_MAX;
    qsort(samples_us, count, sizeof *samples_us, sample_compare);
    (void)printf("commit.each units/s %.0f\n", each_rate);
    (void)printf("commit.group_64 units/s %.0f\n", group_rate);
    (void)printf("commit.group_gain ratio %.1f\n", group_rate / each_rate);
    (void)printf("commit.units_per_commit units %.1f\n", units_per_commit);
    (void)printf("commit.latency_p50 us %u\n", count == 0 ? 0 : samples_us[count / 2]);
    (void)printf("commit.latency_p99 us %u\n", count == 0 ? 0 : samples_us[count * 99 / 100]);
    free(samples_us);
    return 0;
}
