/* decisions.c - reading, listing, replaying, explaining and simulating decisions: on a worker, with
 * its connection. */
#include "api/decisions.h"

#include "api/decision_reply.h"
#include "api/query.h"
#include "service/explain.h"
#include "service/simulate.h"
#include "service/stored_links.h"

static void not_found(struct call *call)
{
    problem_reply(call->x, PROBLEM_NOT_FOUND, call->request_id, NULL, "%s",
                  problem_info(PROBLEM_NOT_FOUND)->remedy);
}

/* The decision that `text` names in the caller's environment.  False: a problem was answered. */
static bool record_find(struct call *call, struct str text, struct decision_record *out)
{
    struct id id;
    struct error err = {{0}, {0}};
    if (!id_read(&id, "dec", text)) {
        not_found(call);
        return false;
    }
    enum status status =
        decision_record_find(out, call->db, call->key.environment, &id, call->x->arena, &err);
    if (status != STATUS_OK) {
        problem_reply_status(call->x, status, &err, call->request_id);
    }
    return status == STATUS_OK;
}

void decisions_read(struct call *call)
{
    struct decision_record record;
    if (query_read(call, NULL, 0) && record_find(call, call->parameter, &record)) {
        decision_reply(call, &record);
        call_reply_json(call, 200);
    }
}

void decisions_replay(struct call *call)
{
    struct decision_record record;
    struct replay_report report;
    struct error err = {{0}, {0}};
    if (!query_read(call, NULL, 0) || !record_find(call, call->parameter, &record)) {
        return;
    }
    enum status status = replay(&report, call->db, &record, call->x->arena, &err);
    if (status != STATUS_OK) {
        problem_reply_status(call->x, status == STATUS_INVALID ? STATUS_CORRUPT : status, &err,
                             call->request_id);
        return;
    }
    replay_report_write(&call->x->reply, &record, &report);
    call_reply_json(call, 200);
}

/* ---- the explanation ---- */

enum { EXPLAIN_LANG, EXPLAIN_AUDIENCE, EXPLAIN_PARAMETER_COUNT };

/* What is not asked for is as the decision's own request had it.  False: a problem was answered. */
static bool telling_read(struct call *call, struct telling *out)
{
    struct query_parameter p[EXPLAIN_PARAMETER_COUNT] = {
        [EXPLAIN_LANG] = {.name = "lang"},
        [EXPLAIN_AUDIENCE] = {.name = "audience"},
    };
    *out = (struct telling){0};
    if (!query_read(call, p, EXPLAIN_PARAMETER_COUNT)) {
        return false;
    }
    out->has_language = p[EXPLAIN_LANG].is_set;
    out->has_audience = p[EXPLAIN_AUDIENCE].is_set;
    if (out->has_language && !language_read(&out->language, p[EXPLAIN_LANG].value)) {
        problem_reply(call->x, PROBLEM_INVALID_PARAMETER, call->request_id, NULL,
                      "lang: expected en, es or fr");
        return false;
    }
    if (out->has_audience && !audience_read(&out->audience, p[EXPLAIN_AUDIENCE].value)) {
        problem_reply(call->x, PROBLEM_INVALID_PARAMETER, call->request_id, NULL,
                      "audience: expected analyst, applicant or regulator");
        return false;
    }
    return true;
}

void decisions_explain(struct call *call)
{
    struct telling telling;
    struct decision_record record;
    struct error err = {{0}, {0}};
    if (!telling_read(call, &telling) || !record_find(call, call->parameter, &record)) {
        return;
    }
    enum status status =
        explain_record(&call->x->reply, NULL, call->db, &record, &telling, call->x->arena, &err);
    if (status == STATUS_OK) {
        call_reply_json(call, 200);
    } else if (status == STATUS_CONFLICT) {
        problem_reply(call->x, PROBLEM_NOT_REPRODUCIBLE, call->request_id, NULL,
                      "%s. Its recorded words still stand.", err.message);
    } else {
        problem_reply_status(call->x, status == STATUS_INVALID ? STATUS_CORRUPT : status, &err,
                             call->request_id);
    }
}

void decisions_receipt(struct call *call)
{
    struct decision_record record;
    struct error err = {{0}, {0}};
    if (!query_read(call, NULL, 0) || !record_find(call, call->parameter, &record)) {
        return;
    }
    enum status status =
        decision_record_receipt(&call->x->reply, call->db, &record, call->x->arena, &err);
    if (status == STATUS_OK) {
        call_reply_json(call, 200);
    } else if (status == STATUS_NOT_FOUND) {
        problem_reply(call->x, PROBLEM_RECEIPT_PENDING, call->request_id, NULL, "%s",
                      problem_info(PROBLEM_RECEIPT_PENDING)->remedy);
    } else {
        problem_reply_status(call->x, status, &err, call->request_id);
    }
}

/* ---- the list ---- */

enum {
    LIST_LIMIT,
    LIST_CURSOR,
    LIST_COMPANY,
    LIST_CLIENT_REFERENCE,
    LIST_RECOMMENDATION,
    LIST_CREATED_FROM,
    LIST_CREATED_BEFORE,
    LIST_PARAMETER_COUNT
};

static bool recommendation_is_valid(struct call *call, const struct query_parameter *parameter)
{
    enum recommendation recommendation;
    if (!parameter->is_set || recommendation_read(&recommendation, parameter->value)) {
        return true;
    }
    problem_reply(call->x, PROBLEM_INVALID_PARAMETER, call->request_id, NULL,
                  "%s: expected accept, accept_with_guarantees, refer or decline", parameter->name);
    return false;
}

static bool list_query_read(struct call *call, struct records_query *out)
{
    struct query_parameter p[LIST_PARAMETER_COUNT] = {
        [LIST_LIMIT] = {.name = "limit"},
        [LIST_CURSOR] = {.name = "cursor"},
        [LIST_COMPANY] = {.name = "company"},
        [LIST_CLIENT_REFERENCE] = {.name = "client_reference"},
        [LIST_RECOMMENDATION] = {.name = "recommendation"},
        [LIST_CREATED_FROM] = {.name = "created_from"},
        [LIST_CREATED_BEFORE] = {.name = "created_before"},
    };
    *out = (struct records_query){.limit = RECORDS_LIMIT_DEFAULT};
    if (!query_read(call, p, LIST_PARAMETER_COUNT) ||
        (p[LIST_LIMIT].is_set &&
         !query_number(call, &p[LIST_LIMIT], RECORDS_LIMIT_MAX, &out->limit)) ||
        !recommendation_is_valid(call, &p[LIST_RECOMMENDATION]) ||
        !query_time(call, &p[LIST_CREATED_FROM], &out->created_from_ms) ||
        !query_time(call, &p[LIST_CREATED_BEFORE], &out->created_before_ms)) {
        return false;
    }
    out->cursor = p[LIST_CURSOR].value;
    out->company = p[LIST_COMPANY].value;
    out->client_reference = p[LIST_CLIENT_REFERENCE].value;
    out->recommendation = p[LIST_RECOMMENDATION].value;
    return true;
}

static void list_reply(struct call *call, const struct decision_record *records, uint32_t count,
                       bool has_more)
{
    struct buf *out = &call->x->reply;
    buf_append(out, STR("{\"object\":\"list\",\"data\":["));
    for (uint32_t i = 0; i < count; i++) {
        buf_append(out, i > 0 ? STR(",") : STR(""));
        decision_reply(call, &records[i]);
    }
    buf_append(out, has_more ? STR("],\"has_more\":true,\"next_cursor\":")
                             : STR("],\"has_more\":false,\"next_cursor\":"));
    if (has_more) {
        json_append_string(out, str_from(records[count - 1].id_text));
        query_link_next(call, "/v1/decisions", records[count - 1].id_text);
    } else {
        buf_append(out, STR("null"));
    }
    buf_append_byte(out, '}');
    call_reply_json(call, 200);
}

/* A page of large decisions outgrows the arena of a request: it has one of its own. */
enum { LIST_ARENA_MAX = 64 * 1024 * 1024 };

void decisions_list(struct call *call)
{
    struct records_query query;
    if (!list_query_read(call, &query)) {
        return;
    }
    struct arena arena;
    struct error err = {{0}, {0}};
    uint32_t count = 0;
    bool has_more = false;
    arena_init(&arena, LIST_ARENA_MAX);
    struct decision_record *records = arena_array(&arena, struct decision_record, query.limit + 1);
    enum status status = STATUS_BUSY;
    if (records != NULL) {
        status = decision_records_list(records, &count, &has_more, call->db, call->key.environment,
                                       &query, &arena, &err);
    }
    if (status == STATUS_OK) {
        list_reply(call, records, count, has_more);
    } else {
        problem_reply_status(call->x, status, &err, call->request_id);
    }
    arena_finish(&arena);
}

/* ---- simulation ---- */

/* A member that is null counts as absent. */
static const struct json *member_find(const struct json *object, struct str name)
{
    const struct json *member = json_find(object, name);
    return member == NULL || member->type == JSON_NULL ? NULL : member;
}

/* {"from":"dec_...","changes":{...}} or {"request":{...}}; false: a problem was answered. */
static bool simulation_read(struct call *call, const struct json *root,
                            struct violations *violations, const struct json **from,
                            const struct json **changes, const struct json **request)
{
    static const char *const names[] = {"from", "changes", "request"};
    if (root->type != JSON_OBJECT) {
        violation_at(violations, root, "wrong_type", "an object", "A simulation is an object.");
    } else {
        violation_unknown_members(violations, root, names, ARRAY_LEN(names));
        *from = member_find(root, STR("from"));
        *changes = member_find(root, STR("changes"));
        *request = member_find(root, STR("request"));
        if ((*from == NULL) == (*request == NULL)) {
            violation_missing(violations, root, "from", "either from (a decision's id) or request");
        }
        if (*from != NULL && (*from)->type != JSON_STRING) {
            violation_at(violations, *from, "wrong_type", "the id of a decision",
                         "This is not an id.");
        }
        if (*changes != NULL && ((*changes)->type != JSON_OBJECT || *from == NULL)) {
            violation_at(violations, *changes, "wrong_type", "an object, together with from",
                         "Changes are a merge patch on the request of `from`.");
        }
    }
    if (violations->total > 0) {
        struct error err = {{0}, {0}};
        assessment_refuse(call, STATUS_INVALID, &err, violations);
    }
    return violations->total == 0;
}

static enum status request_simulate(struct assessment *out, struct call *call,
                                    const struct json *request, const struct in_force *in_force,
                                    struct violations *violations, struct error *err)
{
    const struct stored_links_input in = {call->db, call->key.environment,
                                          date_of_ms(call->now_ms)};
    stored_links_refuse(request, violations);
    if (violations->total == 0 && stored_links_are_wanted(request)) {
        TRY(stored_links_add(&request, NULL, &in, call->x->arena, err));
    }
    return assess(out, request, in.today, in_force, call->x->arena, violations, err);
}

static void simulate_and_reply(struct call *call, const struct json *root,
                               struct violations *violations)
{
    const struct json *from = NULL, *changes = NULL, *request = NULL;
    struct decision_record record;
    struct assessment assessment = {0};
    struct error err = {{0}, {0}};
    struct date today = date_of_ms(call->now_ms);
    enum status status;
    if (!simulation_read(call, root, violations, &from, &changes, &request)) {
        return;
    }
    if (request != NULL && call->key.is_live) {
        problem_reply(call->x, PROBLEM_LIVEMODE_MISMATCH, call->request_id, NULL, "%s",
                      problem_info(PROBLEM_LIVEMODE_MISMATCH)->remedy);
        return;
    }
    if (request == NULL && !record_find(call, from->text, &record)) {
        return;
    }
    const struct line_up *line_up = line_up_take(call->service->line_ups, call->key.environment);
    if (request != NULL) {
        status = request_simulate(&assessment, call, request, &line_up->in_force, violations, &err);
    } else {
        status = simulate(&assessment, &record, changes, today, &line_up->in_force, call->db,
                          call->x->arena, violations, &err);
    }
    if (status == STATUS_OK) {
        call_reply_json(call, 200);
        assessment_reply(call, "simulation", &assessment);
    } else {
        assessment_refuse(call, status, &err, violations);
    }
    assessment_finish(&assessment);
    line_up_release(line_up);
}

void decisions_simulate(struct call *call)
{
    struct violations *violations = arena_new(call->x->arena, struct violations);
    struct error err = {{0}, {0}};
    if (violations == NULL) {
        problem_reply_status(call->x, STATUS_BUSY, &err, call->request_id);
        return;
    }
    violations_init(violations, call->x->arena);
    const struct json *root = query_read(call, NULL, 0) ? call_read_json(call) : NULL;
    if (root != NULL) {
        simulate_and_reply(call, root, violations);
    }
}
