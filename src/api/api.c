/* api.c - from a whole request to its handler, and from the answer to the log. */
#include "api/api.h"

#include "api/auth.h"
#include "api/call.h"
#include "api/decisions.h"
#include "api/echo.h"
#include "api/metrics.h"
#include "api/models.h"
#include "api/ops.h"
#include "api/outcomes.h"
#include "api/pages.h"
#include "api/query.h"
#include "api/reports.h"
#include "api/tally.h"
#include "base/log.h"
#include "base/memory.h"
#include "crypto/secret.h"
#include "format/decimal.h"
#include "wire/decision_request.h"
#include "wire/outcome_request.h"

#include <stdio.h>
#include <string.h>

static const struct route routes[] = {
#define ROUTE(method, path, handler, scope, body_max, place, summary)                              \
    {HTTP_##method, path, sizeof(path) - 1, handler, scope, body_max, PLACE_##place},
#include "api/routes.def"
#ifdef AVAL_TEST_ROUTES
#include "api/test_routes.def"
#endif
#undef ROUTE
};

_Static_assert(ARRAY_LEN(routes) <= TALLY_NO_ROUTE, "every route has a place in the tally");

const char *api_route_path(size_t route)
{
    return route < ARRAY_LEN(routes) ? routes[route].path
           : route == TALLY_NO_ROUTE ? "unknown"
                                     : "";
}

/* ---- finding the route ---- */

/* Does `path` fit `pattern`?  A segment in braces takes any one segment, which *parameter gets. */
static bool path_fits(struct str pattern, struct str path, struct str *parameter)
{
    struct str found = STR("");
    for (;;) {
        size_t pattern_end = str_find(pattern, pattern.len > 0 ? 1 : 0, '/');
        size_t path_end = str_find(path, path.len > 0 ? 1 : 0, '/');
        struct str want = str_slice(pattern, 0, pattern_end);
        struct str have = str_slice(path, 0, path_end);
        bool is_parameter = want.len > 1 && want.ptr[1] == '{';
        if (is_parameter && have.len > 1 && have.ptr[0] == '/') {
            found = str_slice(have, 1, have.len);
        } else if (!str_eq(want, have)) {
            return false;
        }
        if (pattern_end == pattern.len || path_end == path.len) {
            *parameter = found;
            return pattern_end == pattern.len && path_end == path.len;
        }
        pattern = str_slice(pattern, pattern_end, pattern.len);
        path = str_slice(path, path_end, path.len);
    }
}

/* The path with its percent-encoding undone; empty, and so no route, if that is broken or hides a
 * slash. */
static struct str path_of(const struct http_exchange *x)
{
    struct str path;
    if (str_find(x->path, 0, '%') == x->path.len) {
        return x->path;
    }
    for (size_t at = str_find(x->path, 0, '%'); at + 2 < x->path.len;
         at = str_find(x->path, at + 1, '%')) {
        if (str_eq_ignore_case(str_slice(x->path, at, at + 3), STR("%2f"))) {
            return STR("");
        }
    }
    return percent_decode(&path, x->path, false, x->arena) ? path : STR("");
}

static enum http_method effective_method(const struct http_exchange *x)
{
    return x->method == HTTP_HEAD ? HTTP_GET : x->method;
}

static bool has_parameter(const struct route *route)
{
    return memchr(route->path, '{', route->path_len) != NULL;
}

/* The route of a path that stands in the table as it is: most have no parameter, and their length
 * tells most of them apart. */
static const struct route *route_find_plain(struct str path, enum http_method method)
{
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        const struct route *route = &routes[i];
        if (str_eq(str_of(route->path, route->path_len), path) && route->method == method &&
            !has_parameter(route)) {
            return route;
        }
    }
    return NULL;
}

/* The route of a request, or NULL; *path_exists: some method would have been taken. */
static const struct route *route_find(const struct http_exchange *x, struct str *parameter,
                                      bool *path_exists)
{
    struct str path = path_of(x);
    enum http_method method = effective_method(x);
    const struct route *plain = route_find_plain(path, method);
    *path_exists = plain != NULL;
    *parameter = STR("");
    for (size_t i = 0; plain == NULL && i < ARRAY_LEN(routes); i++) {
        if (path_fits(str_of(routes[i].path, routes[i].path_len), path, parameter)) {
            *path_exists = true;
            if (routes[i].method == method) {
                return &routes[i];
            }
        }
    }
    return plain;
}

static void refuse_method(struct call *call)
{
    static const char *const names[] = {[HTTP_GET] = "GET, HEAD",
                                        [HTTP_POST] = "POST",
                                        [HTTP_PUT] = "PUT",
                                        [HTTP_PATCH] = "PATCH",
                                        [HTTP_DELETE] = "DELETE"};
    char allow[64] = "";
    struct str parameter;
    struct str path = path_of(call->x);
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        if (path_fits(str_from(routes[i].path), path, &parameter)) {
            size_t len = strlen(allow);
            (void)snprintf(allow + len, sizeof allow - len, "%s%s", len > 0 ? ", " : "",
                           names[routes[i].method]);
        }
    }
    problem_reply(call->x, PROBLEM_METHOD_NOT_ALLOWED, call->request_id, NULL,
                  "This path takes %s.", allow);
    http_reply_header(call->x, "Allow", str_from(allow));
}

/* ---- the way of a call ---- */

/* Chance for ids, by the page: each request needs a little, and asking the system costs more than
 * refusing a request may.  None of it is a secret. */
struct chance {
    uint8_t bytes[1024];
    size_t left;
};

static void chance_take(void *context, void *bytes, size_t len)
{
    struct chance *chance = context;
    CHECK(len <= sizeof chance->bytes);
    if (chance->left < len) {
        secret_random(chance->bytes, sizeof chance->bytes);
        chance->left = sizeof chance->bytes;
    }
    chance->left -= len;
    memcpy(bytes, chance->bytes + chance->left, len);
}

static struct id_source *id_source_of_thread(void)
{
    static _Thread_local struct chance chance;
    static _Thread_local struct id_source source;
    if (source.random == NULL) {
        source = id_source_system();
        source.random = chance_take;
        source.context = &chance;
    }
    return &source;
}

struct id_source *call_ids(void)
{
    return id_source_of_thread();
}

struct id call_new_id(const struct call *call)
{
    return id_make(call_ids(), call->now_ms);
}

static struct trace_context new_trace(void)
{
    uint8_t chance[TRACE_CHANCE_LEN];
    struct id_source *source = id_source_of_thread();
    source->random(source->context, chance, sizeof chance);
    return trace_restart(chance);
}

/* Whoever has shown a good key goes on with its own trace; nobody else may choose what stands in
 * our log. */
static void trace_join(struct call *call)
{
    struct trace_context caller;
    if (trace_parent_read(&caller, http_header_find(call->x, STR("traceparent"), NULL))) {
        call->trace = trace_continue(&call->trace, &caller);
    }
}

void call_reply_json(struct call *call, int status)
{
    call->x->status = status;
    http_reply_header(call->x, "Content-Type", STR("application/json"));
    http_reply_header(call->x, "Cache-Control", STR("no-store"));
}

static void add_timing(struct call *call)
{
    enum { MS_PLACES = 3 };
    struct buf timing;
    uint64_t now_us = steady_now_us();
    uint64_t decided_us = call->decided_us == 0 ? now_us : call->decided_us;
    buf_init(&timing, 96);
    buf_append(&timing, STR("compute;dur="));
    decimal_write_fixed(&timing, (int64_t)(decided_us - call->x->received_us), MS_PLACES);
    if (call->decided_us != 0) {
        buf_append(&timing, STR(", commit;dur="));
        decimal_write_fixed(&timing, (int64_t)(now_us - decided_us), MS_PLACES);
    }
    http_reply_header(call->x, "Server-Timing", buf_str(&timing));
    buf_finish(&timing);
}

/* What every answer carries. */
static void add_headers(struct call *call)
{
    char parent[TRACE_PARENT_LEN + 1];
    trace_parent_write(parent, &call->trace);
    buf_append(&call->x->head, STR("Request-Id: "));
    buf_append_text(&call->x->head, call->request_id);
    buf_append(&call->x->head, STR("\r\ntraceparent: "));
    buf_append(&call->x->head, str_of(parent, TRACE_PARENT_LEN));
    buf_append(&call->x->head, STR("\r\nAPI-Version: " API_VERSION "\r\n"));
    if (!call->is_turned_away) {
        add_timing(call); /* else nothing was computed */
    }
}

void call_take(struct call *call)
{
    call->refusals = memory_refusals();
}

bool call_is_starved(const struct call *call)
{
    return call->refusals != memory_refusals();
}

/* An answer that could not be made whole is replaced by what is known all the same. */
static void replace_answer(struct call *call)
{
    struct http_exchange *x = call->x;
    enum problem problem = call->commit_us != 0    ? PROBLEM_OUTCOME_UNKNOWN
                           : call_is_starved(call) ? PROBLEM_TEMPORARY_REDUCED_CAPACITY
                                                   : PROBLEM_INTERNAL;
    buf_clear(&x->head);
    problem_reply(x, problem, call->request_id, NULL, "%s", problem_info(problem)->remedy);
    add_headers(call);
}

void call_turn_away(struct call *call, enum problem problem, enum retry_after why)
{
    bool is_draining = atomic_load_explicit(&call->api->is_draining, memory_order_relaxed);
    call->is_turned_away = true;
    enum retry_after reason =
        is_draining && why == RETRY_AFTER_CROWDED ? RETRY_AFTER_DRAINING : why;
    uint64_t wait_us = admission_wait_us(call->service->admissions, steady_now_us());
    problem_reply_wait(call->x, problem, call->request_id, retry_after_s(reason, wait_us));
}

/* Why a commit failed says when to come again. */
enum retry_after call_commit_trouble(const struct call *call)
{
    const struct committer *committer = call->service->committer;
    return committer_is_dead(committer)      ? RETRY_AFTER_DISK_FAILED
           : committer_is_healthy(committer) ? RETRY_AFTER_UNCERTAIN
                                             : RETRY_AFTER_DISK_FULL;
}

void call_refuse_unrecorded(struct call *call)
{
    if (committer_is_dead(call->service->committer)) {
        call_turn_away(call, PROBLEM_RECORDING_STOPPED, RETRY_AFTER_DISK_FAILED);
    } else {
        call_turn_away(call, PROBLEM_TEMPORARY_REDUCED_CAPACITY, RETRY_AFTER_CROWDED);
    }
}

void call_finish(struct call *call)
{
    struct http_exchange *x = call->x;
    admission_leave(call->service->admissions, &call->place, steady_now_us());
    bool is_recorded = call->commit_us != 0;
    add_headers(call);
    if (buf_failed(&x->reply) || buf_failed(&x->head) || (call_is_starved(call) && !is_recorded)) {
        replace_answer(call);
    }
    http_answer(x);
}

static void run_on_worker(struct worker_task *task, struct db *db)
{
    struct call *call = (struct call *)(void *)((char *)task - offsetof(struct call, task));
    call->db = db;
    call_take(call);
    call->resume(call);
}

bool call_try_worker(struct call *call)
{
    call->task.run = run_on_worker;
    return workers_submit(call->service->workers, &call->task) == STATUS_OK;
}

void call_resume_on_worker(struct call *call, void (*resume)(struct call *call))
{
    call->resume = resume;
    if (!call_try_worker(call)) {
        call_turn_away(call, PROBLEM_TEMPORARY_REDUCED_CAPACITY, RETRY_AFTER_CROWDED);
        call_finish(call);
    }
}

/* Runs the handler; on the loop or on a worker.  The call may be gone afterwards. */
static void run_handler(struct call *call)
{
    bool is_parked = false;
    call->is_parked = &is_parked;
    call->route->handler(call);
    if (!is_parked) {
        call_finish(call);
    }
}

/* ---- how much at a time ---- */

/* True when there is room; false: that there is none was answered. */
static bool is_admitted(struct call *call, enum admission result)
{
    static const enum problem problems[] = {[ADMISSION_FULL] = PROBLEM_TEMPORARY_REDUCED_CAPACITY,
                                            [ADMISSION_KIND_FULL] =
                                                PROBLEM_TEMPORARY_REDUCED_CAPACITY,
                                            [ADMISSION_KEY_FULL] = PROBLEM_TOO_MANY_REQUESTS};
    if (result != ADMISSION_GRANTED) {
        call_turn_away(call, problems[result], RETRY_AFTER_CROWDED);
    }
    return result == ADMISSION_GRANTED;
}

static bool enter(struct call *call)
{
    return is_admitted(
        call, admission_enter(call->service->admissions, &call->place, call->x->received_us));
}

static bool enter_as_stranger(struct call *call)
{
    return is_admitted(
        call, admission_assign(call->service->admissions, &call->place, ADMISSION_STRANGER, NULL));
}

static enum admission_kind kind_of(const struct route *route)
{
    return route->place == PLACE_WORKER ? ADMISSION_READING : ADMISSION_DECIDING;
}

static bool enter_as_known(struct call *call)
{
    struct admissions *admissions = call->service->admissions;
    enum admission_kind kind = kind_of(call->route);
    if (!call->x->is_unread) {
        return is_admitted(call, admission_assign(admissions, &call->place, kind, &call->key_hash));
    }
    /* Without its body it cannot be done, even if a place has become free since. */
    enum admission why = admission_foresee_share(admissions, kind, &call->key_hash);
    return is_admitted(
        call, admission_refuse(admissions, why == ADMISSION_GRANTED ? ADMISSION_KIND_FULL : why));
}

/* ---- who asks, and what is done for him ---- */

/* Its turn has come on the loop that has read it. */
static void run_on_loop(struct http_exchange *x)
{
    struct call *call = x->user;
    call_take(call);
    run_handler(call);
}

static void run_known(struct call *call)
{
    bool is_allowed = auth_allow(call);
    if (auth_is_good(call)) {
        trace_join(call);
    }
    if (!is_allowed || !enter_as_known(call)) {
        call_finish(call);
    } else if (call->route->place == PLACE_WORKER && call->db == NULL) {
        call_resume_on_worker(call, run_handler);
    } else if (call->db == NULL) {
        http_run_later(call->x, run_on_loop);
    } else {
        run_handler(call);
    }
}

/* Many may wait for the same key: the first has looked it up for all. */
static void look_up_and_run(struct call *call)
{
    if (!auth_recall(call) && !auth_look_up(call)) {
        call_finish(call);
        return;
    }
    run_known(call);
}

static bool version_is_known(struct call *call)
{
    unsigned count;
    struct str version = http_header_find(call->x, STR("API-Version"), &count);
    if (count == 0 || (count == 1 && str_eq(version, STR(API_VERSION)))) {
        return true;
    }
    problem_reply(call->x, PROBLEM_UNSUPPORTED_API_VERSION, call->request_id, NULL,
                  "Known is " API_VERSION ".");
    return false;
}

/* True when the call may go on; false: a problem was answered. */
static bool is_routable(struct call *call)
{
    bool path_exists;
    call->route = route_find(call->x, &call->parameter, &path_exists);
    if (call->route != NULL) {
        return version_is_known(call);
    }
    if (path_exists) {
        refuse_method(call);
    } else {
        problem_reply(call->x, PROBLEM_NOT_FOUND, call->request_id, NULL, "%s",
                      problem_info(PROBLEM_NOT_FOUND)->remedy);
    }
    return false;
}

static struct call *call_create(struct api *api, struct http_exchange *x)
{
    struct call *call = arena_new(x->arena, struct call);
    if (call == NULL) {
        return NULL;
    }
    call->x = x;
    call_take(call);
    call->api = api;
    call->service = api->service;
    call->now_ms = wallclock_now_ms(&api->service->clock);
    struct id id = call_new_id(call);
    id_write(call->request_id, "req", &id);
    call->trace = new_trace();
    x->user = call;
    return call;
}

static void handle(void *context, struct http_exchange *x)
{
    struct call *call = x->is_unread && x->user != NULL ? x->user : call_create(context, x);
    if (call == NULL) {
        /* Not even memory for a request id: no document, only the status and when to come back. */
        http_reply_header(x, "Retry-After", STR("1"));
        x->status = problem_info(PROBLEM_TEMPORARY_REDUCED_CAPACITY)->status;
        http_answer(x);
    } else if (!is_routable(call)) {
        call_finish(call);
    } else if (call->route->scope == NULL) {
        run_handler(call);
    } else if (!enter(call) || !auth_read(call)) {
        call_finish(call);
    } else if (auth_recall(call)) {
        run_known(call);
    } else if (!enter_as_stranger(call)) {
        call_finish(call);
    } else {
        call_resume_on_worker(call, look_up_and_run);
    }
}

static const struct route *route_of(const struct http_exchange *x)
{
    struct str parameter;
    bool path_exists;
    return route_find(x, &parameter, &path_exists);
}

static size_t body_max(void *context, const struct http_exchange *x)
{
    (void)context;
    const struct route *route = route_of(x);
    /* What is not there says so, rather than that the body is too large for it. */
    return route == NULL ? DECISION_REQUEST_LEN_MAX : route->body_max;
}

/* Where most places are taken, whoever would be refused is refused before his body is read. */
static bool wants_body(void *context, struct http_exchange *x)
{
    struct api *api = context;
    const struct admissions *admissions = api->service->admissions;
    struct digest key = {{0}};
    if (!admission_is_crowded(admissions)) {
        return true;
    }
    const struct route *route = route_of(x);
    if (route == NULL || route->scope == NULL) {
        return true;
    }
    bool has_key = auth_peek(&key, x);
    if (admission_foresee(admissions, kind_of(route), has_key ? &key : NULL) == ADMISSION_GRANTED) {
        return true;
    }
    struct call *call = call_create(api, x);
    if (call != NULL) {
        call->route = route; /* should it be cut before it is handled */
        call->key_hash = key;
        call->is_hashed = has_key; /* it is not hashed twice to be refused */
    }
    return false;
}

static enum problem problem_of_refusal(enum http_refusal why)
{
    switch (why) {
    case HTTP_REFUSED_MALFORMED: return PROBLEM_MALFORMED_REQUEST;
    case HTTP_REFUSED_TIMEOUT: return PROBLEM_REQUEST_TIMEOUT;
    case HTTP_REFUSED_BODY_TOO_LARGE: return PROBLEM_CONTENT_TOO_LARGE;
    case HTTP_REFUSED_TARGET_TOO_LONG: return PROBLEM_URI_TOO_LONG;
    case HTTP_REFUSED_EXPECTATION: return PROBLEM_EXPECTATION_FAILED;
    case HTTP_REFUSED_HEAD_TOO_LARGE: return PROBLEM_HEADERS_TOO_LARGE;
    case HTTP_REFUSED_NOT_IMPLEMENTED: return PROBLEM_NOT_IMPLEMENTED;
    case HTTP_REFUSED_BUSY: return PROBLEM_TEMPORARY_REDUCED_CAPACITY;
    case HTTP_REFUSED_VERSION: return PROBLEM_VERSION_NOT_SUPPORTED;
    }
    return PROBLEM_MALFORMED_REQUEST;
}

static void refuse(void *context, struct http_exchange *x, enum http_refusal why)
{
    struct call *call = call_create(context, x);
    enum problem problem = problem_of_refusal(why);
    size_t most = body_max(context, x);
    if (call == NULL) {
        return; /* the status is there */
    }
    call->route = route_of(x);
    if (problem == PROBLEM_CONTENT_TOO_LARGE && most == 0) {
        problem_reply(x, problem, call->request_id, NULL, "This path takes no body.");
    } else if (problem == PROBLEM_CONTENT_TOO_LARGE) {
        problem_reply(x, problem, call->request_id, NULL,
                      "This path takes bodies of at most %zu bytes.", most);
    } else {
        problem_reply(x, problem, call->request_id, NULL, "%s", problem_info(problem)->remedy);
    }
    add_headers(call);
}

/* The one line of a request.  Nothing that a client words freely is in it. */
static void request_log(const struct http_exchange *x, const struct call *call,
                        const struct route *route, uint64_t duration_us, size_t bytes_sent,
                        bool is_sent)
{
    static const struct call nobody;
    const struct call *by = call == NULL ? &nobody : call;
    char key_id[ID_TEXT_MAX + 1] = "";
    char trace[TRACE_PARENT_LEN + 1];
    const char *mode = "";
    trace_parent_write(trace, &by->trace);
    if (by->is_known) {
        id_write(key_id, "key", &by->key.id);
        mode = by->key.is_live ? "live" : "test";
    }
    LOG(LOG_INFO, "request", LOG_TEXT("request_id", str_from(by->request_id)),
        LOG_TEXT("trace_id", str_of(trace + TRACE_ID_AT, call == NULL ? 0 : 2 * TRACE_ID_LEN)),
        LOG_TEXT("span_id", str_of(trace + TRACE_SPAN_AT, call == NULL ? 0 : 2 * TRACE_SPAN_LEN)),
        LOG_TEXT("method", str_from(tally_method(x->method))),
        LOG_TEXT("route", str_from(route == NULL ? "" : route->path)),
        LOG_NUMBER("status", x->status), LOG_NUMBER("duration_us", (int64_t)duration_us),
        LOG_NUMBER("commit_us", (int64_t)by->commit_us),
        LOG_NUMBER("bytes_in", (int64_t)x->body.len), LOG_NUMBER("bytes", (int64_t)bytes_sent),
        LOG_TEXT("protocol", str_from(x->protocol)), LOG_TEXT("peer", str_from(x->peer)),
        LOG_TEXT("client_x5t", str_from(x->client_x5t)),
        LOG_TEXT("client_subject", str_from(x->client_subject)), LOG_TEXT("key", str_from(key_id)),
        LOG_NUMBER("environment", by->key.environment), LOG_TEXT("mode", str_from(mode)),
        LOG_TEXT("decision", str_from(by->decision_id)), LOG_NUMBER("sent", is_sent ? 1 : 0));
}

/* Routes of one path are told as one; the method is a label of its own. */
static size_t tally_place(const struct route *route)
{
    size_t place = 0;
    if (route == NULL) {
        return TALLY_NO_ROUTE;
    }
    struct str path = str_of(route->path, route->path_len);
    while (!str_eq(str_of(routes[place].path, routes[place].path_len), path)) {
        place++;
    }
    return place;
}

/* A request that was cut before it was whole has no call: it is counted and logged like any other.
 */
static void done(void *context, const struct http_exchange *x, size_t bytes_sent, bool is_sent)
{
    const struct api *api = context;
    const struct call *call = x->user;
    const struct route *route = call == NULL ? route_of(x) : call->route;
    uint64_t duration_us = steady_now_us() - x->started_us;
    tally_request(api->tally, x->method, tally_place(route), x->status, duration_us);
    if (log_takes(LOG_INFO)) {
        request_log(x, call, route, duration_us, bytes_sent, is_sent);
    }
}

enum status api_start(struct api *api, const struct api_config *config, struct error *err)
{
    *api = (struct api){.service = config->service,
                        .version = config->version,
                        .metrics_ranges = config->metrics_ranges,
                        .metrics_range_count = config->metrics_range_count,
                        .started_ms = wallclock_now_ms(&config->service->clock),
                        .tally = tally_create()};
    return api->tally != NULL ? STATUS_OK
                              : error_set(err, STATUS_IO, "", "no memory for the interface");
}

void api_finish(struct api *api)
{
    tally_destroy(api->tally);
    api->tally = NULL;
}

void api_drain(struct api *api)
{
    atomic_store(&api->is_draining, true);
}

void api_watch(struct api *api, struct http_server *server)
{
    atomic_store_explicit(&api->server, server, memory_order_release);
}

struct http_handler api_handler(struct api *api)
{
    return (struct http_handler){.context = api,
                                 .body_max = body_max,
                                 .wants_body = wants_body,
                                 .handle = handle,
                                 .refuse = refuse,
                                 .done = done};
}

void api_routes_write(struct buf *out)
{
#define ROUTE(method, path, handler, scope, body_max, place, summary)                              \
    buf_printf(out, "%s %s %s %s\n", #method, path, (scope) == NULL ? "-" : (const char *)(scope), \
               summary);
#include "api/routes.def"
#undef ROUTE
}
