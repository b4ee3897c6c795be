/* models_change.c - check on a worker, park until it is durable, answer when it holds.
 *
 * A change of roles is answered only when this server decides by it: whoever promotes a model and
 * then asks for a decision gets it from that model.  Where another change came in between, the
 * roles are read and the wish judged anew. */
#include "api/accept.h"
#include "api/decision_reply.h"
#include "api/models.h"
#include "api/query.h"

#include <stdio.h>

enum { ATTEMPTS_MAX = 8 };

struct changing {
    struct call *call;
    enum model_action action;
    struct str reason;
    char by[ID_TEXT_MAX + 1];
    unsigned attempts;
    struct model_import import;
    struct model_act act;
};

/* ---- refusing ---- */

static enum problem problem_of(enum status status)
{
    switch (status) {
    case STATUS_CONFLICT: return PROBLEM_MODEL_CONFLICT;
    case STATUS_DENIED: return PROBLEM_TWO_PERSONS_REQUIRED;
    case STATUS_INVALID: return PROBLEM_MODEL_UNFIT;
    case STATUS_CORRUPT: return PROBLEM_MODEL_UNAVAILABLE;
    case STATUS_OK:
    case STATUS_NOT_FOUND:
    case STATUS_TOO_LARGE:
    case STATUS_BUSY:
    case STATUS_IO:
    case STATUS_INTERNAL:
    case STATUS_COUNT: return PROBLEM_COUNT;
    }
    return PROBLEM_COUNT;
}

static void refuse(struct call *call, enum status status, const struct error *err)
{
    enum problem problem = problem_of(status);
    if (problem == PROBLEM_COUNT) {
        problem_reply_status(call->x, status, err, call->request_id);
    } else {
        problem_reply(call->x, problem, call->request_id, NULL, "%s",
                      problem == PROBLEM_MODEL_UNAVAILABLE ? problem_info(problem)->remedy
                                                           : err->message);
    }
}

/* A bundle is refused with its first fault, which err->field points at. */
static void refuse_bundle(struct call *call, const struct error *err)
{
    struct violations *violations = arena_new(call->x->arena, struct violations);
    if (violations == NULL) {
        problem_reply_status(call->x, STATUS_BUSY, err, call->request_id);
        return;
    }
    violations_init(violations, call->x->arena);
    violations->items[0] = (struct violation){.pointer = str_from(err->field),
                                              .code = "bad_bundle",
                                              .detail = str_from(err->message),
                                              .expected = STR("as docs/MODEL.md tells it"),
                                              .received = STR("")};
    violations->count = violations->total = 1;
    problem_reply(call->x, PROBLEM_VALIDATION_FAILED, call->request_id, violations,
                  "The bundle is not one that can be used.");
}

/* ---- answering ---- */

static void reply_model(struct call *call, const struct models_view *view,
                        const struct model_row *row, int status)
{
    struct json_writer w;
    json_writer_init(&w, &call->x->reply);
    json_object_begin(&w);
    models_view_write(&w, view, row);
    json_object_end(&w);
    call_reply_json(call, status);
    http_reply_header(call->x, "ETag", str_from(view->etag));
    if (status == 201) {
        char location[sizeof "/v1/models/" + ID_TEXT_MAX] = "/v1/models/";
        id_write(location + strlen(location), "mdl", &row->id);
        http_reply_header(call->x, "Location", str_from(location));
    }
}

/* On a worker, the unit committed. */
static void answer_recorded(struct call *call)
{
    struct changing *changing = call->state;
    struct models_view view;
    struct model_row row;
    struct error err = {{0}, {0}};
    bool is_import = changing->action == MODEL_ACTION_COUNT;
    enum status status = models_view_fill(&view, call, &err);
    if (status == STATUS_OK && !is_import) {
        status = models_view_find(&row, &view, call, &err);
    }
    if (status != STATUS_OK) {
        call_turn_away(call, PROBLEM_OUTCOME_UNKNOWN, RETRY_AFTER_UNCERTAIN);
    } else if (is_import) {
        reply_model(call, &view, &changing->import.row, 201);
    } else {
        bool is_proposal = changing->act.change.action == MODEL_PROPOSED;
        reply_model(call, &view, &row, is_proposal ? 202 : 200);
    }
    models_view_finish(&view);
    call_finish(call);
}

/* ---- the commit ---- */

static void resume(struct call *call, void (*next)(struct call *call))
{
    call->resume = next;
    if (!call_try_worker(call)) {
        call_turn_away(call, PROBLEM_OUTCOME_UNKNOWN, RETRY_AFTER_UNCERTAIN);
        call_finish(call);
    }
}

static void try_again(struct call *call);

/* On the committer's thread: must not wait. */
static void on_done(struct unit *unit)
{
    struct changing *changing = unit->user;
    struct call *call = changing->call;
    call_take(call);
    switch (unit->outcome) {
    case UNIT_COMMITTED:
        call->commit_us = steady_now_us() - call->decided_us;
        resume(call, answer_recorded);
        return;
    case UNIT_REFUSED: resume(call, try_again); return;
    case UNIT_UNKNOWN:
        call_turn_away(call, PROBLEM_OUTCOME_UNKNOWN, call_commit_trouble(call));
        break;
    case UNIT_POISONED:
    case UNIT_PENDING:
        problem_reply_status(call->x, STATUS_INTERNAL, &unit->error, call->request_id);
        break;
    }
    call_finish(call);
}

/* The call is parked from here on. */
static void submit(struct changing *changing, struct unit *unit)
{
    struct call *call = changing->call;
    unit->done = on_done;
    unit->user = changing;
    call->decided_us = steady_now_us();
    if (committer_submit(call->service->committer, unit) != STATUS_OK) {
        call_refuse_unrecorded(call);
        call_finish(call);
    }
}

/* ---- what is wanted ---- */

/* Bring the bundle in.  True: answered; false: the unit is to be submitted. */
static bool import_is_answered(struct changing *changing)
{
    struct call *call = changing->call;
    struct error err = {{0}, {0}};
    struct models_view view = {.environment = 0};
    enum status status = models_view_fill(&view, call, &err);
    if (status == STATUS_OK) {
        status =
            model_import_declare(&changing->import, call->db,
                                 &(struct model_import_wish){.environment = call->key.environment,
                                                             .text = call->x->body,
                                                             .by = str_from(changing->by),
                                                             .id = call_new_id(call),
                                                             .now_ms = call->now_ms},
                                 call->x->arena, &err);
    }
    bool is_there = status == STATUS_OK && changing->import.is_there;
    if (is_there) {
        reply_model(call, &view, &changing->import.row, 200);
    } else if (status == STATUS_OK && changing->attempts > 1) {
        /* Refused, and not because another has brought the same: there is no room. */
        problem_reply(call->x, PROBLEM_MODEL_CONFLICT, call->request_id, NULL,
                      "There are %d models already: no more than that are kept.",
                      MODELS_PER_ENVIRONMENT_MAX);
    } else if (status == STATUS_INVALID) {
        refuse_bundle(call, &err);
    } else if (status != STATUS_OK) {
        refuse(call, status, &err);
    }
    models_view_finish(&view);
    return is_there || status != STATUS_OK || changing->attempts > 1;
}

static bool if_match_holds(struct call *call, const struct models_view *view)
{
    unsigned count;
    struct str known = http_header_find(call->x, STR("If-Match"), &count);
    if (count == 0 || etag_is_known(known, str_from(view->etag))) {
        return true;
    }
    problem_reply(call->x, PROBLEM_PRECONDITION_FAILED, call->request_id, NULL, "%s",
                  problem_info(PROBLEM_PRECONDITION_FAILED)->remedy);
    return false;
}

/* Judge the wish.  True: answered. */
static bool act_is_answered(struct changing *changing, struct models_view *view)
{
    struct call *call = changing->call;
    struct model_row row;
    struct error err = {{0}, {0}};
    enum status status = models_view_fill(view, call, &err);
    if (status == STATUS_OK) {
        status = models_view_find(&row, view, call, &err);
    }
    if (status == STATUS_OK) {
        status = model_act_declare(&changing->act, &view->book,
                                   &(struct role_wish){.environment = view->environment,
                                                       .action = changing->action,
                                                       .model = &row,
                                                       .by = str_from(changing->by),
                                                       .reason = changing->reason,
                                                       .is_by_key = true,
                                                       .now_ms = call->now_ms},
                                   &err);
    }
    if (status != STATUS_OK) {
        refuse(call, status, &err);
        return true;
    }
    if (changing->act.is_so_already) {
        reply_model(call, view, &row, changing->act.change.action == MODEL_PROPOSED ? 202 : 200);
        return true;
    }
    return !if_match_holds(call, view);
}

static bool is_answered(struct changing *changing)
{
    struct models_view view = {.environment = 0};
    changing->attempts++;
    if (changing->action == MODEL_ACTION_COUNT) {
        return import_is_answered(changing);
    }
    bool is_so = act_is_answered(changing, &view);
    models_view_finish(&view);
    return is_so;
}

static struct unit *unit_of(struct changing *changing)
{
    return changing->action == MODEL_ACTION_COUNT ? &changing->import.unit : &changing->act.unit;
}

static void try_again(struct call *call)
{
    struct changing *changing = call->state;
    if (changing->attempts == ATTEMPTS_MAX) {
        call_turn_away(call, PROBLEM_TEMPORARY_REDUCED_CAPACITY, RETRY_AFTER_CROWDED);
        call_finish(call);
    } else if (is_answered(changing)) {
        call_finish(call);
    } else {
        submit(changing, unit_of(changing));
    }
}

static void change(struct call *call, enum model_action action, struct str reason)
{
    struct changing *changing = arena_new(call->x->arena, struct changing);
    if (changing == NULL) {
        struct error err = {{0}, {0}};
        problem_reply_status(call->x, STATUS_BUSY, &err, call->request_id);
        return;
    }
    *changing = (struct changing){.call = call, .action = action, .reason = reason};
    id_write(changing->by, "key", &call->key.id);
    call->state = changing;
    if (!is_answered(changing)) {
        *call->is_parked = true;
        submit(changing, unit_of(changing));
    }
}

/* ---- handlers ---- */

void models_create(struct call *call)
{
    if (query_read(call, NULL, 0) && call_body_is_json(call)) {
        change(call, MODEL_ACTION_COUNT, STR(""));
    }
}

/* {"reason":"..."}, or no body at all.  False: a problem was answered. */
static bool reason_read(struct call *call, struct str *reason)
{
    static const char *const names[] = {"reason"};
    struct violations *violations = arena_new(call->x->arena, struct violations);
    struct error err = {{0}, {0}};
    *reason = STR("");
    if (call->x->body.len == 0) {
        return true;
    }
    if (violations == NULL) {
        problem_reply_status(call->x, STATUS_BUSY, &err, call->request_id);
        return false;
    }
    violations_init(violations, call->x->arena);
    const struct json *root = call_read_json(call);
    if (root == NULL) {
        return false;
    }
    if (root->type != JSON_OBJECT) {
        violation_at(violations, root, "wrong_type", "an object", "Say why in an object.");
    } else {
        violation_unknown_members(violations, root, names, ARRAY_LEN(names));
        const struct json *why = json_find(root, STR("reason"));
        if (why != NULL && why->type != JSON_STRING && why->type != JSON_NULL) {
            violation_at(violations, why, "wrong_type", "a text", "A reason is a text.");
        } else if (why != NULL && why->text.len > MODEL_REASON_MAX) {
            violation_at(violations, why, "too_long", "at most 500 bytes",
                         "The reason is too long.");
        } else if (why != NULL && why->type == JSON_STRING) {
            *reason = why->text;
        }
    }
    if (violations->total > 0) {
        assessment_refuse(call, STATUS_INVALID, &err, violations);
    }
    return violations->total == 0;
}

static void act(struct call *call, enum model_action action)
{
    struct str reason;
    if (query_read(call, NULL, 0) && reason_read(call, &reason)) {
        change(call, action, reason);
    }
}

void models_promote(struct call *call)
{
    act(call, MODEL_PROMOTED);
}

void models_withdraw(struct call *call)
{
    act(call, MODEL_WITHDRAWN);
}

void models_challenge(struct call *call)
{
    act(call, MODEL_CHALLENGED);
}

void models_unchallenge(struct call *call)
{
    act(call, MODEL_UNCHALLENGED);
}
