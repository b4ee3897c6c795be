/* path_bench.c - the way of a decision without network and threads: request bytes to committed
 * unit.
 *
 * usage: path_bench DIRECTORY [COUNT [CHALLENGERS]] - makes a database there and removes it.
 * Challengers are the model itself under other names.  What is in the database is
 * the same each time: ids, salts and times are counted, not drawn.  tools/instructions runs it
 * under callgrind, which counts what stands inside path_run(), and holds the number against the
 * tree. */
#include "bench_assets.h"
#include "service/decide.h"
#include "service/models.h"
#include "store/chain.h"
#include "store/writer.h"
#include "wire/decision_answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 32, BATCHES_DEFAULT = 8, ARENA_MAX = 4 * 1024 * 1024, PATH_SIZE = 4096 };

static const int64_t start_ms = INT64_C(1795305600000);

/* One request under way, as the API keeps it. */
struct request {
    struct arena arena;
    struct buf text;
    struct buf reply;
    struct decide_unit decide;
    char key[48];
};

struct path {
    struct service service; /* only what is in force */
    struct writer *writer;
    struct id_source ids;
    uint64_t chance;
    struct buf body; /* of the bench, up to its client_reference */
    uint64_t count;
    struct request requests[BATCH];
};

static void die(const char *what, const struct error *err)
{
    (void)fprintf(stderr, "path_bench: %s: %s\n", what, err->message);
    exit(1);
}

/* Another reference each time, as callers send it. */
static void request_fill(struct path *path, struct request *r, uint64_t number)
{
    buf_clear(&r->text);
    buf_append(&r->text, buf_str(&path->body));
    buf_printf(&r->text, "\"order-%06llu\"}", (unsigned long long)number);
    (void)snprintf(r->key, sizeof r->key, "%016llx-%06llu",
                   (unsigned long long)(number * UINT64_C(0x9E3779B97F4A7C15)),
                   (unsigned long long)number);
}

/* The request of the bench up to the value of its reference, without blanks: as the bench sends it.
 * Its strings have no escapes. */
static void body_begin(struct buf *body)
{
    struct str text = str_of(bench_request, bench_request_len);
    bool is_inside = false;
    buf_init(body, ARENA_MAX);
    for (size_t at = 0; at < text.len; at++) {
        char byte = text.ptr[at];
        if (str_starts_with(str_slice(text, at, text.len), STR("\"bench\""))) {
            return;
        }
        is_inside = byte == '"' ? !is_inside : is_inside;
        if (is_inside || (byte != ' ' && byte != '\n')) {
            buf_append_byte(body, byte);
        }
    }
    die("no reference in the request", &(struct error){.message = ""});
}

static void request_decide(struct path *path, struct request *r)
{
    struct error err = {.message = ""};
    struct json_error json_err;
    struct violations *violations = arena_new(&r->arena, struct violations);
    const struct json *root;
    struct decide_request rq = {.environment = 7,
                                .route = STR("POST /v1/decisions"),
                                .idempotency_key = str_from(r->key),
                                .now_ms = start_ms + (int64_t)path->count / 10};
    CHECK(violations != NULL);
    violations_init(violations, &r->arena);
    rq.id = id_make(&path->ids, rq.now_ms);
    path->ids.random(path->ids.context, rq.salt, sizeof rq.salt);
    if (request_parse(&root, buf_str(&r->text), &r->arena, &json_err, &err) != STATUS_OK) {
        die("the request is no JSON", &err);
    }
    rq.root = root;
    if (decide(&r->decide, &path->service, &rq, &r->arena, violations, &err) != STATUS_OK) {
        die("no decision", &err);
    }
    for (uint32_t i = 0; i < r->decide.unit.entry_count; i++) {
        struct audit_draft *draft = &r->decide.unit.entries[i];
        draft->digest = chain_payload_digest(draft->salt, draft->payload);
    }
    const struct assessment *assessment = &r->decide.assessment;
    decision_answer_begin(&r->reply, &(struct decision_envelope){
                                         .id = str_from(r->decide.id_text),
                                         .created_ms = rq.now_ms,
                                         .client_reference = assessment->request.client_reference,
                                         .body = buf_str(&assessment->body),
                                         .words = buf_str(&assessment->words)});
    path->count++;
}

static void request_end(struct request *r)
{
    const struct unit *unit = &r->decide.unit;
    CHECK(unit->outcome == UNIT_COMMITTED);
    decision_answer_end(&r->reply, str_from(r->decide.id_text), unit->stream, unit->epoch,
                        unit->seq);
    CHECK(!buf_failed(&r->reply));
    buf_clear(&r->reply);
    decide_finish(&r->decide);
    arena_reset(&r->arena);
}

/* What is counted: one batch of decisions, as the loop and the committer share them. */
__attribute__((noinline)) void path_run(struct path *path);

void path_run(struct path *path)
{
    struct error err = {.message = ""};
    struct unit *units[BATCH];
    for (size_t i = 0; i < BATCH; i++) {
        request_decide(path, &path->requests[i]);
        units[i] = &path->requests[i].decide.unit;
    }
    if (writer_takes(path->writer, units, BATCH) < BATCH &&
        writer_checkpoint(path->writer, start_ms, &err) != STATUS_OK) {
        die("no checkpoint", &err);
    }
    if (writer_run(path->writer, units, BATCH, start_ms, &err) != STATUS_OK) {
        die("no commit", &err);
    }
    for (size_t i = 0; i < BATCH; i++) {
        request_end(&path->requests[i]);
    }
}

static void database_remove(const char *where)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".audit-key", ".main.lock"};
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        char name[PATH_SIZE];
        (void)snprintf(name, sizeof name, "%s%s", where, ends[i]);
        (void)unlink(name);
    }
}

static void requests_fill(struct path *path)
{
    for (size_t i = 0; i < BATCH; i++) {
        request_fill(path, &path->requests[i], path->count + i);
    }
}

static void path_init(struct path *path, const char *where)
{
    struct error err = {.message = ""};
    body_begin(&path->body);
    path->ids = id_source_seeded(&path->chance);
    for (size_t i = 0; i < BATCH; i++) {
        arena_init(&path->requests[i].arena, ARENA_MAX);
        buf_init(&path->requests[i].text, ARENA_MAX);
        buf_init(&path->requests[i].reply, ARENA_MAX);
    }
    if (in_force_load(&path->service.in_force, NULL, NULL, 0, &err) != STATUS_OK ||
        line_ups_create(&path->service.line_ups, &path->service.in_force, false, &err) !=
            STATUS_OK ||
        writer_open(&path->writer, where, "main", start_ms, &err) != STATUS_OK) {
        die("no start", &err);
    }
}

static void unit_commit(struct path *path, struct unit *unit)
{
    struct error err = {.message = ""};
    struct unit *units[1] = {unit};
    for (uint32_t i = 0; i < unit->entry_count; i++) {
        struct audit_draft *draft = &unit->entries[i];
        draft->digest = chain_payload_digest(draft->salt, draft->payload);
    }
    if (writer_run(path->writer, units, 1, start_ms, &err) != STATUS_OK ||
        unit->outcome != UNIT_COMMITTED) {
        die("no commit", &err);
    }
}

/* The model of the program with another last letter to its version, imported and made a challenger.
 */
static void challenger_add(struct path *path, struct db *db, struct role_book *book, char letter)
{
    static struct model_import import;
    static struct model_act act;
    struct arena arena;
    struct error err = {.message = ""};
    struct str version = path->service.in_force.model->version;
    arena_init(&arena, 2 * (size_t)ARENA_MAX);
    struct str text = arena_copy(&arena, buf_str(&path->service.in_force.model_text));
    char *at = memmem(text.ptr, text.len, version.ptr, version.len);
    CHECK(at != NULL);
    at[version.len - 1] = letter;
    const struct model_import_wish wish = {
        .text = text, .by = STR("bench"), .id = id_make(&path->ids, start_ms), .now_ms = start_ms};
    if (model_import_declare(&import, db, &wish, &arena, &err) != STATUS_OK) {
        die("no challenger", &err);
    }
    unit_commit(path, &import.unit);
    const struct role_wish role = {
        .action = MODEL_CHALLENGED, .model = &import.row, .by = STR("bench"), .now_ms = start_ms};
    if (role_book_read(book, db, &err) != STATUS_OK ||
        model_act_declare(&act, book, &role, &err) != STATUS_OK) {
        die("no challenger", &err);
    }
    unit_commit(path, &act.unit);
    arena_finish(&arena);
}

static void challengers_add(struct path *path, const char *where, unsigned long count)
{
    struct db *db = NULL;
    struct role_book book;
    struct error err = {.message = ""};
    if (db_open(&db, where, DB_READER, &err) != STATUS_OK ||
        role_book_init(&book, &err) != STATUS_OK) {
        die("no challengers", &err);
    }
    for (unsigned long i = 0; i < count; i++) {
        challenger_add(path, db, &book, (char)('a' + i));
    }
    if (line_ups_refresh(path->service.line_ups, db, &err) != STATUS_OK) {
        die("no challengers", &err);
    }
    role_book_finish(&book);
    db_close(db);
}

static void path_finish(struct path *path)
{
    writer_close(path->writer);
    line_ups_destroy(path->service.line_ups);
    in_force_finish(&path->service.in_force);
    buf_finish(&path->body);
    for (size_t i = 0; i < BATCH; i++) {
        arena_finish(&path->requests[i].arena);
        buf_finish(&path->requests[i].text);
        buf_finish(&path->requests[i].reply);
    }
}

int main(int argc, char **argv)
{
    static struct path path;
    char where[PATH_SIZE - 16];
    unsigned long batches = argc > 2 ? strtoul(argv[2], NULL, 10) / BATCH : BATCHES_DEFAULT;
    unsigned long challengers = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
    if (argc < 2 || batches == 0 || challengers > CHALLENGERS_MAX) {
        (void)fprintf(
            stderr, "usage: path_bench DIRECTORY [COUNT, at least %d [CHALLENGERS, at most %d]]\n",
            BATCH, CHALLENGERS_MAX);
        return 64;
    }
    (void)snprintf(where, sizeof where, "%s/path_bench.db", argv[1]);
    database_remove(where);
    path_init(&path, where);
    if (challengers > 0) {
        challengers_add(&path, where, challengers);
    }
    for (unsigned long i = 0; i < batches; i++) {
        requests_fill(&path);
        path_run(&path);
    }
    path_finish(&path);
    database_remove(where);
    (void)printf("%lu\n", batches * BATCH);
    return 0;
}
