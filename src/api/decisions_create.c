/* decisions_create.c - POST /v1/decisions: compute, park until it is durable, answer.
 *
 * The call is parked while its unit is with the committer.  What a retry with the same
 * Idempotency-Key gets is read back from the store, so it is the same bytes before and after a
 * crash. */
#include "api/decisions.h"

#include "api/api.h"
#include "api/decision_reply.h"
#include "api/query.h"
#include "api/tally.h"
#include "base/defect.h"
#include "crypto/secret.h"
#include "service/decide.h"
#include "wire/decision_answer.h"

#include <stdio.h>
#include <string.h>

#define ROUTE_NAME "POST /v1/decisions"

struct creation {
    struct call *call;
    struct decide_unit decide;
    struct str idempotency_key;
    struct digest in_flight; /* when there is a key */
    bool is_dry_run;
    struct violations *violations;
    const struct json *root; /* with what the store has added, once it has */
    const struct json *sent; /* as it came then, else NULL */
    struct searched_parties searched;
    struct arena stored_arena; /* of what it added */
};

/* ---- the Idempotency-Key ---- */

/* A structured-field string ("po-42") or the bare text; printable ASCII. */
static bool key_text(struct str *out, struct str value)
{
    if (value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"') {
        value = str_slice(value, 1, value.len - 1);
    }
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] < 0x20 || value.ptr[i] > 0x7E || value.ptr[i] == '"' ||
            value.ptr[i] == '\\') {
            return false;
        }
    }
    *out = value;
    return value.len >= 1 && value.len <= IDEMPOTENCY_KEY_MAX;
}

static bool idempotency_key_read(struct call *call, bool is_needed, struct str *out)
{
    unsigned count;
    struct str value = http_header_find(call->x, STR("Idempotency-Key"), &count);
    *out = STR("");
    if (count == 0) {
        if (is_needed) {
            problem_reply(call->x, PROBLEM_IDEMPOTENCY_KEY_REQUIRED, call->request_id, NULL, "%s",
                          problem_info(PROBLEM_IDEMPOTENCY_KEY_REQUIRED)->remedy);
        }
        return !is_needed;
    }
    if (count > 1 || !key_text(out, value)) {
        problem_reply(call->x, PROBLEM_INVALID_IDEMPOTENCY_KEY, call->request_id, NULL, "%s",
                      problem_info(PROBLEM_INVALID_IDEMPOTENCY_KEY)->remedy);
        return false;
    }
    return true;
}

/* Enter the courtesy list.  False: the first request with this key is still under way, and that was
 * answered. */
static bool enter_in_flight(struct creation *creation)
{
    struct call *call = creation->call;
    if (creation->idempotency_key.len == 0) {
        return true;
    }
    char scope[32];
    int len = snprintf(scope, sizeof scope, "%lld ", (long long)call->key.environment);
    creation->in_flight = digest_of_2(str_of(scope, (size_t)len), creation->idempotency_key);
    if (in_flight_enter(call->service->in_flight, &creation->in_flight)) {
        return true;
    }
    call_turn_away(call, PROBLEM_IDEMPOTENCY_IN_FLIGHT, RETRY_AFTER_IN_FLIGHT);
    return false;
}

static void leave_in_flight(struct creation *creation)
{
    if (creation->idempotency_key.len > 0) {
        in_flight_leave(creation->call->service->in_flight, &creation->in_flight);
    }
}

/* ---- after the commit ---- */

static void finish(struct creation *creation)
{
    struct call *call = creation->call;
    leave_in_flight(creation);
    decide_finish(&creation->decide);
    arena_finish(&creation->stored_arena);
    call_finish(call);
}

static void reply_created(struct call *call, const char *id)
{
    (void)snprintf(call->decision_id, sizeof call->decision_id, "%s", id);
    static const char path[] = "/v1/decisions/";
    char location[sizeof path + ID_TEXT_MAX];
    size_t id_len = strlen(id);
    CHECK(id_len <= ID_TEXT_MAX);
    memcpy(location, path, sizeof path - 1);
    memcpy(location + sizeof path - 1, id, id_len);
    call_reply_json(call, 201);
    http_reply_header(call->x, "Location", str_of(location, sizeof path - 1 + id_len));
}

static enum status first_answer(struct creation *creation, struct error *err)
{
    struct call *call = creation->call;
    struct claim claim = creation->decide.claim;
    struct decision_record record;
    TRY(idempotency_find(call->db, &claim, err));
    bool is_same = digest_eq(&claim.fingerprint, &creation->decide.claim.fingerprint);
    if (!is_same && !DEFECT(FINGERPRINT_IGNORED)) {
        problem_reply(call->x, PROBLEM_IDEMPOTENCY_KEY_REUSED, call->request_id, NULL, "%s",
                      problem_info(PROBLEM_IDEMPOTENCY_KEY_REUSED)->remedy);
        return STATUS_OK;
    }
    TRY(decision_record_find(&record, call->db, call->key.environment, &claim.object,
                             call->x->arena, err));
    buf_clear(&call->x->reply);
    decision_reply(call, &record);
    reply_created(call, record.id_text);
    http_reply_header(call->x, "Idempotent-Replayed", STR("true"));
    tally_replay(call->api->tally);
    return STATUS_OK;
}

/* On a worker: the key was claimed before; answer as the first request was answered. */
static void answer_as_first(struct call *call)
{
    struct creation *creation = call->state;
    struct error err = {{0}, {0}};
    enum status status = first_answer(creation, &err);
    if (status == STATUS_NOT_FOUND) {
        /* The claim lapsed between the refusal and now: a retry will claim it anew. */
        status = STATUS_BUSY;
    }
    if (status != STATUS_OK) {
        problem_reply_status(call->x, status, &err, call->request_id);
    }
    finish(creation);
}

/* On the committer's thread: must not wait. */
static void on_done(struct unit *unit)
{
    struct creation *creation = unit->user;
    struct call *call = creation->call;
    call_take(call);
    switch (unit->outcome) {
    case UNIT_COMMITTED:
        call->commit_us = steady_now_us() - call->decided_us;
        tally_decision(call->api->tally, &creation->decide.assessment.decision, call->key.is_live);
        decision_answer_end(&call->x->reply, str_from(creation->decide.id_text), unit->stream,
                            unit->epoch, unit->seq);
        reply_created(call, creation->decide.id_text);
        break;
    case UNIT_REFUSED:
        call->resume = answer_as_first;
        if (call_try_worker(call)) {
            return;
        }
        call_turn_away(call, PROBLEM_TEMPORARY_REDUCED_CAPACITY, RETRY_AFTER_CROWDED);
        break;
    case UNIT_UNKNOWN:
        call_turn_away(call, PROBLEM_OUTCOME_UNKNOWN, call_commit_trouble(call));
        break;
    case UNIT_POISONED:
    case UNIT_PENDING:
        problem_reply_status(call->x, STATUS_INTERNAL, &unit->error, call->request_id);
        break;
    }
    finish(creation);
}

/* ---- before the commit ---- */

/* All of the answer but its place in the chain, and room for that: once the decision is recorded
 * nothing may be missing to say so. */
static void answer_begin(struct creation *creation)
{
    enum { END_ROOM = 1024, HEAD_ROOM = 1024 };
    struct call *call = creation->call;
    struct decide_unit *decided = &creation->decide;
    decision_answer_begin(&call->x->reply,
                          &(struct decision_envelope){
                              .id = str_from(decided->id_text),
                              .created_ms = call->now_ms,
                              .is_live = call->key.is_live,
                              .client_reference = decided->assessment.request.client_reference,
                              .body = buf_str(&decided->assessment.body),
                              .words = buf_str(&decided->assessment.words)});
    char *end = buf_reserve(&call->x->reply, END_ROOM);
    char *head = buf_reserve(&call->x->head, HEAD_ROOM);
    (void)end; /* without room the buffer has failed, and is asked below */
    (void)head;
}

static void submit(struct creation *creation)
{
    struct call *call = creation->call;
    struct decide_unit *decided = &creation->decide;
    decided->unit.done = on_done;
    decided->unit.user = creation;
    *call->is_parked = true;
    enum status status = committer_submit(call->service->committer, &decided->unit);
    if (status != STATUS_OK) {
        call_refuse_unrecorded(call);
        finish(creation);
    }
}

/* Dry runs answer what would have been recorded, without id or place in the chain. */
static void answer_dry_run(struct creation *creation)
{
    struct call *call = creation->call;
    const struct assessment *assessment = &creation->decide.assessment;
    call_reply_json(call, 200);
    assessment_reply(call, "dry_run", assessment);
}

static enum status add_stored_links(struct creation *creation, struct error *err)
{
    enum { STORED_ARENA_MAX = 16 * 1024 * 1024 };
    struct call *call = creation->call;
    const struct stored_links_input in = {call->db, call->key.environment,
                                          date_of_ms(call->now_ms)};
    arena_init(&creation->stored_arena, STORED_ARENA_MAX);
    creation->sent = creation->root;
    return stored_links_add(&creation->root, &creation->searched, &in, &creation->stored_arena,
                            err);
}

static void create(struct creation *creation)
{
    struct call *call = creation->call;
    struct violations *violations = creation->violations;
    bool is_dry_run = creation->is_dry_run;
    struct error err = {{0}, {0}};
    enum status status = STATUS_OK;
    if (stored_links_are_wanted(creation->root)) {
        status = add_stored_links(creation, &err);
    }
    struct decide_request rq = {
        .environment = call->key.environment,
        .is_live = call->key.is_live,
        .route = STR(ROUTE_NAME),
        .idempotency_key = creation->idempotency_key,
        .root = creation->root,
        .sent = creation->sent,
        .searched = creation->searched,
        .is_dry_run = is_dry_run,
        .now_ms = call->now_ms,
        .id = call_new_id(call),
    };
    secret_random(rq.salt, sizeof rq.salt);
    if (status == STATUS_OK) {
        status = decide(&creation->decide, call->service, &rq, call->x->arena, violations, &err);
    }
    call->decided_us = steady_now_us();
    if (status == STATUS_OK && !is_dry_run) {
        answer_begin(creation);
    }
    if (call_is_starved(call)) {
        status = error_set(&err, STATUS_BUSY, "", "no memory for a decision");
    }
    if (status == STATUS_OK && !is_dry_run) {
        submit(creation);
        return;
    }
    if (status == STATUS_OK) {
        answer_dry_run(creation);
    } else {
        assessment_refuse(call, status, &err, violations);
    }
    leave_in_flight(creation);
    if (status == STATUS_OK || !DEFECT(LEAKED_REFUSAL)) {
        decide_finish(&creation->decide);
    }
    arena_finish(&creation->stored_arena);
}

/* On a worker, which may wait for the store. */
static void resume_with_store(struct call *call)
{
    bool is_parked = false;
    call->is_parked = &is_parked;
    create(call->state);
    if (!is_parked) {
        call_finish(call);
    }
}

/* Here and now, unless the store must be asked first and this is a thread that must not wait. */
static void begin(struct creation *creation)
{
    struct call *call = creation->call;
    if (call->db != NULL || !stored_links_are_wanted(creation->root)) {
        create(creation);
        return;
    }
    call->resume = resume_with_store;
    *call->is_parked = true;
    if (!call_try_worker(call)) {
        call_turn_away(call, PROBLEM_TEMPORARY_REDUCED_CAPACITY, RETRY_AFTER_CROWDED);
        finish(creation);
    }
}

void decisions_create(struct call *call)
{
    struct query_parameter dry_run = {.name = "dry_run"};
    struct creation *creation = arena_new(call->x->arena, struct creation);
    struct violations *violations = arena_new(call->x->arena, struct violations);
    if (creation == NULL || violations == NULL) {
        struct error err = {{0}, {0}};
        problem_reply_status(call->x, STATUS_BUSY, &err, call->request_id);
        return;
    }
    creation->call = call;
    creation->violations = violations;
    call->state = creation;
    violations_init(violations, call->x->arena);
    if (!query_read(call, &dry_run, 1) || !query_flag(call, &dry_run, &creation->is_dry_run) ||
        !idempotency_key_read(call, call->key.is_live && !creation->is_dry_run,
                              &creation->idempotency_key)) {
        return;
    }
    if (!creation->is_dry_run && committer_is_dead(call->service->committer)) {
        call_refuse_unrecorded(call);
        return;
    }
    creation->root = call_read_json(call);
    if (creation->root != NULL && enter_in_flight(creation)) {
        stored_links_refuse(creation->root, violations);
        begin(creation);
    }
}
