/* outcomes.c - check on a worker, park until it is durable, answer.
 *
 * Two reports of one outcome at the same time: the second finds its row taken when it is written.
 * It is checked once more, then, and finds the first. */
#include "api/outcomes.h"

#include "api/decision_reply.h"
#include "api/query.h"
#include "service/outcomes.h"

#include <string.h>

struct reporting {
    struct call *call;
    const struct json *root;
    struct violations *violations;
    struct outcomes_report report;
    bool is_second; /* checked once more */
};

/* ---- answering ---- */

enum { OUTCOME_ROOM = 2048, HEAD_ROOM = 1024 };

static void list_end(struct call *call, const struct outcome_row *rows, uint32_t count,
                     bool has_more)
{
    struct buf *out = &call->x->reply;
    buf_append(out, has_more ? STR("],\"has_more\":true,\"next_cursor\":")
                             : STR("],\"has_more\":false,\"next_cursor\":"));
    if (has_more) {
        char cursor[ID_TEXT_MAX + 1];
        id_write(cursor, "out", &rows[count - 1].id);
        json_append_string(out, str_from(cursor));
        query_link_next(call, "/v1/outcomes", cursor);
    } else {
        buf_append(out, STR("null"));
    }
    buf_append_byte(out, '}');
}

static void outcome_append(struct call *call, const struct outcome_row *row)
{
    struct json_writer w;
    json_writer_init(&w, &call->x->reply);
    outcome_write(&w, row);
}

static void list_reply(struct call *call, const struct outcome_row *rows, uint32_t count,
                       bool has_more)
{
    struct buf *out = &call->x->reply;
    buf_append(out, STR("{\"object\":\"list\",\"data\":["));
    for (uint32_t i = 0; i < count; i++) {
        buf_append(out, i > 0 ? STR(",") : STR(""));
        outcome_append(call, &rows[i]);
    }
    list_end(call, rows, count, has_more);
}

/* As it came: one outcome, or a list. */
static void reply_reported(struct reporting *reporting)
{
    struct call *call = reporting->call;
    const struct outcomes_report *report = &reporting->report;
    bool is_list = json_find(reporting->root, STR("outcomes")) != NULL;
    if (is_list) {
        list_reply(call, report->rows, report->count, false);
    } else {
        outcome_append(call, &report->rows[0]);
    }
    call_reply_json(call, report->new_count > 0 ? 201 : 200);
    if (!is_list && report->new_count > 0) {
        char location[sizeof "/v1/outcomes/" + ID_TEXT_MAX] = "/v1/outcomes/";
        id_write(location + strlen(location), "out", &report->rows[0].id);
        http_reply_header(call->x, "Location", str_from(location));
    }
}

/* ---- reporting ---- */

static void check_and_write(struct call *call);

static void finish(struct reporting *reporting)
{
    struct call *call = reporting->call;
    outcomes_report_finish(&reporting->report);
    call_finish(call);
}

/* On the committer's thread: must not wait. */
static void on_done(struct unit *unit)
{
    struct reporting *reporting = unit->user;
    struct call *call = reporting->call;
    call_take(call);
    switch (unit->outcome) {
    case UNIT_COMMITTED:
        call->commit_us = steady_now_us() - call->decided_us;
        outcomes_report_place(&reporting->report);
        reply_reported(reporting);
        break;
    case UNIT_POISONED:
        if (!reporting->is_second) {
            reporting->is_second = true;
            outcomes_report_finish(&reporting->report);
            reporting->report = (struct outcomes_report){0};
            call->resume = check_and_write;
            if (call_try_worker(call)) {
                return;
            }
            call_turn_away(call, PROBLEM_TEMPORARY_REDUCED_CAPACITY, RETRY_AFTER_CROWDED);
            break;
        }
        problem_reply_status(call->x, STATUS_INTERNAL, &unit->error, call->request_id);
        break;
    case UNIT_UNKNOWN:
        call_turn_away(call, PROBLEM_OUTCOME_UNKNOWN, call_commit_trouble(call));
        break;
    case UNIT_REFUSED: /* it has no condition */
    case UNIT_PENDING:
        problem_reply_status(call->x, STATUS_INTERNAL, &unit->error, call->request_id);
        break;
    }
    finish(reporting);
}

/* Once the outcomes are recorded nothing may be missing to say so. */
static bool has_room(struct reporting *reporting)
{
    struct call *call = reporting->call;
    char *room = buf_reserve(&call->x->reply, (size_t)reporting->report.count * OUTCOME_ROOM);
    char *head = buf_reserve(&call->x->head, HEAD_ROOM);
    return room != NULL && head != NULL && !call_is_starved(call);
}

/* Parked already. */
static void check_and_write(struct call *call)
{
    struct reporting *reporting = call->state;
    struct outcomes_report *report = &reporting->report;
    struct error err = {{0}, {0}};
    struct outcomes_order order = {.environment = call->key.environment,
                                   .now_ms = call->now_ms,
                                   .root = reporting->root,
                                   .ids = call_ids()};
    enum status status =
        outcomes_report_make(report, call->db, &order, call->x->arena, reporting->violations, &err);
    call->decided_us = steady_now_us();
    if (status != STATUS_OK) {
        assessment_refuse(call, status, &err, reporting->violations);
    } else if (report->new_count == 0) {
        reply_reported(reporting);
    } else if (!has_room(reporting)) {
        problem_reply_status(call->x, STATUS_BUSY, &err, call->request_id);
    } else {
        report->unit.done = on_done;
        report->unit.user = reporting;
        if (committer_submit(call->service->committer, &report->unit) == STATUS_OK) {
            return;
        }
        call_refuse_unrecorded(call);
    }
    finish(reporting);
}

void outcomes_create(struct call *call)
{
    struct error err = {{0}, {0}};
    struct reporting *reporting = arena_new(call->x->arena, struct reporting);
    struct violations *violations = arena_new(call->x->arena, struct violations);
    if (reporting == NULL || violations == NULL) {
        problem_reply_status(call->x, STATUS_BUSY, &err, call->request_id);
        return;
    }
    violations_init(violations, call->x->arena);
    if (!query_read(call, NULL, 0)) {
        return;
    }
    if (committer_is_dead(call->service->committer)) {
        call_refuse_unrecorded(call);
        return;
    }
    const struct json *root = call_read_json(call);
    if (root == NULL) {
        return;
    }
    *reporting = (struct reporting){.call = call, .root = root, .violations = violations};
    call->state = reporting;
    *call->is_parked = true;
    check_and_write(call);
}

/* ---- reading ---- */

enum {
    LIST_LIMIT,
    LIST_CURSOR,
    LIST_COMPANY,
    LIST_DECISION,
    LIST_TYPE,
    LIST_CURRENT,
    LIST_PARAMETER_COUNT
};

static bool list_query_read(struct call *call, struct outcomes_query *out)
{
    struct query_parameter p[LIST_PARAMETER_COUNT] = {
        [LIST_LIMIT] = {.name = "limit"},     [LIST_CURSOR] = {.name = "cursor"},
        [LIST_COMPANY] = {.name = "company"}, [LIST_DECISION] = {.name = "decision"},
        [LIST_TYPE] = {.name = "type"},       [LIST_CURRENT] = {.name = "current"},
    };
    *out = (struct outcomes_query){.limit = RECORDS_LIMIT_DEFAULT};
    if (!query_read(call, p, LIST_PARAMETER_COUNT) ||
        (p[LIST_LIMIT].is_set &&
         !query_number(call, &p[LIST_LIMIT], RECORDS_LIMIT_MAX, &out->limit)) ||
        !query_flag(call, &p[LIST_CURRENT], &out->is_current)) {
        return false;
    }
    out->cursor = p[LIST_CURSOR].value;
    out->company = p[LIST_COMPANY].value;
    out->decision = p[LIST_DECISION].value;
    out->type = p[LIST_TYPE].value;
    return true;
}

void outcomes_list_read(struct call *call)
{
    struct outcomes_query query;
    struct error err = {{0}, {0}};
    uint32_t count;
    bool has_more;
    if (!list_query_read(call, &query)) {
        return;
    }
    struct outcome_row *rows = arena_array(call->x->arena, struct outcome_row, query.limit + 1);
    enum status status = STATUS_BUSY;
    if (rows != NULL) {
        status = outcomes_list(rows, &count, &has_more, call->db, call->key.environment, &query,
                               call->x->arena, &err);
    }
    if (status != STATUS_OK) {
        problem_reply_status(call->x, status, &err, call->request_id);
        return;
    }
    list_reply(call, rows, count, has_more);
    call_reply_json(call, 200);
}

/* The outcome that the path names, in the caller's environment.  False: a problem was answered. */
static bool row_find(struct call *call, struct outcome_row *out)
{
    struct id id;
    struct error err = {{0}, {0}};
    enum status status = STATUS_NOT_FOUND;
    if (id_read(&id, "out", call->parameter)) {
        status = outcome_find(call->db, call->key.environment, &id, out, call->x->arena, &err);
    }
    if (status == STATUS_NOT_FOUND) {
        problem_reply(call->x, PROBLEM_NOT_FOUND, call->request_id, NULL, "%s",
                      problem_info(PROBLEM_NOT_FOUND)->remedy);
    } else if (status != STATUS_OK) {
        problem_reply_status(call->x, status, &err, call->request_id);
    }
    return status == STATUS_OK;
}

void outcomes_read(struct call *call)
{
    struct outcome_row row;
    if (query_read(call, NULL, 0) && row_find(call, &row)) {
        outcome_append(call, &row);
        call_reply_json(call, 200);
    }
}

/* The decisions of a company outgrow the arena of a request: they have one of their own. */
enum { LABELS_ARENA_MAX = 64 * 1024 * 1024 };

void outcomes_labels(struct call *call)
{
    struct outcome_row row;
    struct arena arena;
    struct error err = {{0}, {0}};
    if (!query_read(call, NULL, 0) || !row_find(call, &row)) {
        return;
    }
    arena_init(&arena, LABELS_ARENA_MAX);
    enum status status = outcome_labels_write(&call->x->reply, call->db, &row, &arena, &err);
    if (status == STATUS_OK) {
        call_reply_json(call, 200);
    } else {
        problem_reply_status(call->x, status, &err, call->request_id);
    }
    arena_finish(&arena);
}
