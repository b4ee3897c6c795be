/* commit_crash.c - kill -9 at random points: what was acknowledged is there, once, and the chain
 * holds.
 *
 * usage: commit_crash [CYCLES [SEED]].  The parent starts a child, which submits units from THREADS
 * threads and reports each answer over a pipe; after a random while the child is killed, and the
 * parent compares what it was told with what is stored.  Every unit carries an idempotency key; an
 * answer that never came is asked for again, with the same key, by the next child.  Built with the
 * defect lost-ack the test must fail. */
#include "crypto/secret.h"
#include "format/iso8601.h"
#include "store/audit_log.h"
#include "store/committer.h"
#include "store/decision_store.h"
#include "store/idempotency_store.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 8, CYCLES = 50, PATH_SIZE = 512, TEXT_SIZE = 512, KEYS_MAX = 200 * 1000 };
enum { FIRST_KILL_US = 2 * 1000, LAST_KILL_US = 60 * 1000 };

#define ENVIRONMENT 7

/* What the child tells: one write each, so that no two mix. */
struct answer {
    uint32_t thread, number; /* of the key */
    struct id id;
    bool is_refused; /* the key was claimed before, by a unit whose answer was lost */
};

/* Everything a unit borrows. */
struct work {
    struct unit unit;
    struct decision_row row;
    struct decision_values values;
    struct claim claim;
    struct claim_values claim_values;
    char payload[TEXT_SIZE], key[32];
    sem_t is_done;
};

static void key_write(char key[32], uint32_t thread, uint32_t number)
{
    (void)snprintf(key, 32, "thread-%u-%u", thread, number);
}

/* ---- the child ---- */

struct client {
    pthread_t thread;
    uint32_t index, number;
    struct committer *committer;
    struct id_source ids;
    struct arena arena; /* of the unit under way */
    int out;
};

static void done(struct unit *unit)
{
    (void)sem_post(unit->user);
}

static void payload_write(struct work *work)
{
    char id[ID_TEXT_MAX + 1];
    struct buf created;
    buf_init(&created, 64);
    timestamp_write(&created, work->row.created_ms);
    id_write(id, "dec", &work->row.id);
    int len = snprintf(work->payload, sizeof work->payload,
                       "{\"body\":{\"recommendation\":\"accept\"},\"client_reference\":\"\","
                       "\"company_key\":\"\",\"created_at\":\"%.*s\",\"engine\":1,"
                       "\"environment\":%d,\"id\":\"%s\",\"input\":{},\"object\":\"decision\","
                       "\"words\":{}}",
                       STR_ARGS(buf_str(&created)), ENVIRONMENT, id);
    buf_finish(&created);
    work->row.payload = str_of(work->payload, (size_t)len);
}

static void work_make(struct work *work, struct client *client)
{
    struct wallclock clock = wallclock_system();
    memset(work, 0, sizeof *work);
    work->row = (struct decision_row){.environment = ENVIRONMENT,
                                      .created_ms = wallclock_now_ms(&clock),
                                      .recommendation = STR("accept")};
    work->row.id = id_make(&client->ids, work->row.created_ms);
    secret_random(work->row.salt, sizeof work->row.salt);
    payload_write(work);
    key_write(work->key, client->index, client->number);
    work->claim = (struct claim){.environment = ENVIRONMENT,
                                 .route = STR("POST /v1/decisions"),
                                 .key = str_from(work->key),
                                 .object = work->row.id,
                                 .now_ms = work->row.created_ms};
    idempotency_claim(&work->unit, &work->claim, &work->claim_values);
    arena_reset(&client->arena);
    decision_insert(&work->unit, &work->row, &work->values, &client->arena);
    CHECK(sem_init(&work->is_done, 0, 0) == 0);
    work->unit.done = done;
    work->unit.user = &work->is_done;
}

static void *client_run(void *argument)
{
    struct client *client = argument;
    for (;; client->number++) {
        struct work work;
        work_make(&work, client);
        CHECK(committer_submit(client->committer, &work.unit) == STATUS_OK);
        while (sem_wait(&work.is_done) != 0) {
            CHECK(errno == EINTR);
        }
        CHECK(work.unit.outcome == UNIT_COMMITTED || work.unit.outcome == UNIT_REFUSED);
        struct answer answer = {.thread = client->index,
                                .number = client->number,
                                .id = work.row.id,
                                .is_refused = work.unit.outcome == UNIT_REFUSED};
        if (write(client->out, &answer, sizeof answer) != (ssize_t)sizeof answer) {
            return NULL; /* the parent is gone */
        }
    }
}

static void child_run(const char *path, const uint32_t numbers[THREADS], int out)
{
    static struct client clients[THREADS];
    struct error err = {.message = ""};
    struct committer *committer;
    struct committer_config config = {.where = path, .stream = "main", .clock = wallclock_system()};
    if (committer_start(&committer, &config, &err) != STATUS_OK) {
        (void)fprintf(stderr, "commit_crash: %s\n", err.message);
        _exit(1);
    }
    for (uint32_t i = 0; i < THREADS; i++) {
        clients[i] = (struct client){.index = i,
                                     .number = numbers[i],
                                     .committer = committer,
                                     .ids = id_source_system(),
                                     .out = out};
        arena_init(&clients[i].arena, 1024 * 1024);
        CHECK(pthread_create(&clients[i].thread, NULL, client_run, &clients[i]) == 0);
    }
    for (uint32_t i = 0; i < THREADS; i++) {
        (void)pthread_join(clients[i].thread, NULL);
    }
    _exit(0);
}

/* ---- the parent ---- */

struct ledger {
    struct answer answers[KEYS_MAX]; /* of this cycle */
    size_t count;
    uint32_t next[THREADS]; /* the key each thread has no answer for yet */
    uint64_t acknowledged, repeated, lost, doubled;
};

static void ledger_take(struct ledger *ledger, int in)
{
    struct answer answer;
    while (read(in, &answer, sizeof answer) == (ssize_t)sizeof answer) {
        CHECK(ledger->count < KEYS_MAX);
        ledger->answers[ledger->count++] = answer;
        ledger->next[answer.thread] = answer.number + 1;
    }
}

/* Run a child and kill it after `life_us` from its first answer on. */
static void cycle_run(struct ledger *ledger, const char *path, unsigned life_us)
{
    int ends[2], status;
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        (void)close(ends[0]);
        child_run(path, ledger->next, ends[1]);
    }
    (void)close(ends[1]);
    ledger->count = 0;
    struct pollfd first = {.fd = ends[0], .events = POLLIN};
    CHECK(poll(&first, 1, 30 * 1000) == 1);
    /* A pipe holds some two thousand answers: it is emptied while the child lives. */
    uint64_t until_us = steady_now_us() + life_us;
    for (uint64_t now_us = steady_now_us(); now_us < until_us; now_us = steady_now_us()) {
        struct answer answer;
        struct pollfd more = {.fd = ends[0], .events = POLLIN};
        if (poll(&more, 1, 0) == 1) {
            CHECK(read(ends[0], &answer, sizeof answer) == (ssize_t)sizeof answer);
            CHECK(ledger->count < KEYS_MAX);
            ledger->answers[ledger->count++] = answer;
            ledger->next[answer.thread] = answer.number + 1;
        }
    }
    CHECK(kill(child, SIGKILL) == 0);
    ledger_take(ledger, ends[0]);
    (void)close(ends[0]);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
}

/* The claim of an answered key names the one decision that is there. */
static void answer_check(struct ledger *ledger, struct db *db, const struct answer *answer,
                         int64_t now_ms)
{
    char key[32];
    struct error err;
    struct arena arena;
    struct decision_row row;
    key_write(key, answer->thread, answer->number);
    struct claim claim = {.environment = ENVIRONMENT,
                          .route = STR("POST /v1/decisions"),
                          .key = str_from(key),
                          .now_ms = now_ms};
    arena_init(&arena, 64 * 1024);
    bool has_claim = idempotency_find(db, &claim, &err) == STATUS_OK;
    bool is_other = has_claim && !answer->is_refused &&
                    memcmp(claim.object.bytes, answer->id.bytes, ID_LEN) != 0;
    bool has_row =
        has_claim && decision_find(db, ENVIRONMENT, &claim.object, &row, &arena, &err) == STATUS_OK;
    ledger->acknowledged++;
    ledger->repeated += answer->is_refused ? 1 : 0;
    ledger->lost += has_row ? 0 : 1;
    ledger->doubled += is_other ? 1 : 0;
    arena_finish(&arena);
}

static bool each_count(void *context, const struct db_row *row)
{
    *(int64_t *)context = row->columns[0].number;
    return false;
}

/* Everything this cycle was told, the chain, and no decision more than there are keys. */
static bool cycle_check(struct ledger *ledger, const char *path)
{
    struct db *db;
    struct error err = {.message = ""};
    struct verify_report report;
    struct wallclock clock = wallclock_system();
    int64_t decisions = 0, keys = 0;
    if (db_open(&db, path, DB_READER, &err) != STATUS_OK) {
        (void)fprintf(stderr, "commit_crash: %s\n", err.message);
        return false;
    }
    for (size_t i = 0; i < ledger->count; i++) {
        answer_check(ledger, db, &ledger->answers[i], wallclock_now_ms(&clock));
    }
    for (size_t i = 0; i < THREADS; i++) {
        keys += ledger->next[i];
    }
    CHECK(db_query(db, STATEMENT_VERIFY_COUNTS, NULL, 0, each_count, &decisions, &err) ==
          STATUS_OK);
    enum status status = audit_verify_db(db, NULL, NULL, &report, &err);
    db_close(db);
    if (status != STATUS_OK || !report.is_valid) {
        (void)fprintf(stderr, "commit_crash: chain: %s\n",
                      status != STATUS_OK ? err.message : report.fault);
        return false;
    }
    /* Each thread may have one unit that was committed and whose answer was lost. */
    if (decisions > keys + THREADS) {
        ledger->doubled += (uint64_t)(decisions - keys - THREADS);
    }
    return true;
}

static void directory_remove(const char *path)
{
    DIR *dir = opendir(path);
    for (struct dirent *entry = dir == NULL ? NULL : readdir(dir); entry != NULL;
         entry = readdir(dir)) {
        char name[2 * PATH_SIZE];
        (void)snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        (void)unlink(name);
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    (void)rmdir(path);
}

static uint64_t number_of(const char *text)
{
    uint64_t number = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        number = number * 10 + (uint64_t)(*text - '0');
    }
    return number;
}

int main(int argc, char **argv)
{
    static struct ledger ledger;
    const char *place = getenv("TMPDIR");
    char dir[PATH_SIZE], path[PATH_SIZE + 16];
    uint64_t cycles = argc > 1 ? number_of(argv[1]) : CYCLES, seed = steady_now_us();
    seed = argc > 2 ? number_of(argv[2]) : seed;
    (void)snprintf(dir, sizeof dir, "%s/aval-crash-XXXXXX", place == NULL ? "/tmp" : place);
    CHECK(mkdtemp(dir) != NULL);
    (void)snprintf(path, sizeof path, "%s/aval.db", dir);
    (void)printf("seed %llu\n", (unsigned long long)seed);
    (void)fflush(stdout);
    struct id_source chance = id_source_seeded(&seed);
    bool is_sound = true;
    for (uint64_t i = 0; i < cycles && is_sound; i++) {
        uint32_t random;
        chance.random(chance.context, &random, sizeof random);
        cycle_run(&ledger, path, FIRST_KILL_US + random % (LAST_KILL_US - FIRST_KILL_US));
        is_sound = cycle_check(&ledger, path);
    }
    (void)printf("%llu cycles: acknowledged %llu, answered again %llu, lost %llu, doubled %llu\n",
                 (unsigned long long)cycles, (unsigned long long)ledger.acknowledged,
                 (unsigned long long)ledger.repeated, (unsigned long long)ledger.lost,
                 (unsigned long long)ledger.doubled);
    directory_remove(dir);
    return is_sound && ledger.lost == 0 && ledger.doubled == 0 && ledger.acknowledged > 0 ? 0 : 1;
}
