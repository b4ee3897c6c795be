/* reports.c - a report is made page by page, and between two pages the worker is anybody's.
 *
 * So a report over a large book keeps no other reader waiting, though it takes its time itself. */
#include "api/reports.h"

#include "api/api.h"
#include "api/query.h"
#include "watch/consistency_report.h"
#include "watch/model_watch.h"

#include <stdlib.h>

enum { REPORT_LEN_MAX = 8 * 1024 * 1024 };

/* One kind of report, on its way. */
struct report {
    struct call *call;
    void *state;
    enum status (*step)(void *state, struct db *db, struct error *err);
    bool (*is_done)(const void *state);
    enum status (*write)(struct buf *out, void *state, struct error *err);
    void (*finish)(void *state);
};

static void refuse(struct call *call, enum status status, const struct error *err)
{
    if (status == STATUS_NOT_FOUND) {
        problem_reply(call->x, PROBLEM_NOT_FOUND, call->request_id, NULL, "%s",
                      problem_info(PROBLEM_NOT_FOUND)->remedy);
    } else {
        problem_reply_status(call->x, status, err, call->request_id);
    }
}

static void report_end(struct report *report, enum status status, const struct error *err)
{
    struct call *call = report->call;
    if (status != STATUS_OK) {
        refuse(call, status, err);
    }
    report->finish(report->state);
    free(report->state);
    call_finish(call);
}

static void report_answer(struct report *report)
{
    struct call *call = report->call;
    struct error err = {{0}, {0}};
    struct buf text;
    buf_init(&text, REPORT_LEN_MAX);
    enum status status = report->write(&text, report->state, &err);
    if (status == STATUS_OK) {
        buf_append(&call->x->reply, buf_str(&text));
        call_reply_json(call, 200);
    }
    bool is_whole = !buf_failed(&text);
    buf_finish(&text);
    report_end(report, is_whole ? status : STATUS_BUSY, &err);
}

/* One page, then to the end of the queue.  Parked already. */
static void report_go_on(struct call *call)
{
    struct report *report = call->state;
    struct error err = {{0}, {0}};
    enum status status = report->step(report->state, call->db, &err);
    if (status != STATUS_OK) {
        report_end(report, status, &err);
    } else if (report->is_done(report->state)) {
        report_answer(report);
    } else {
        call->resume = report_go_on;
        /* A server that stops waits for no report: it may take longer than a stop may. */
        bool is_draining = atomic_load_explicit(&call->api->is_draining, memory_order_relaxed);
        if (is_draining || !call_try_worker(call)) {
            call_turn_away(call, PROBLEM_TEMPORARY_REDUCED_CAPACITY, RETRY_AFTER_CROWDED);
            report->finish(report->state);
            free(report->state);
            call_finish(call);
        }
    }
}

static void report_begin(struct call *call, const struct report *report)
{
    struct error err = {{0}, {0}};
    struct report *kept = arena_new(call->x->arena, struct report);
    if (kept == NULL) {
        report->finish(report->state);
        free(report->state);
        problem_reply_status(call->x, STATUS_BUSY, &err, call->request_id);
        return;
    }
    *kept = *report;
    call->state = kept;
    *call->is_parked = true;
    report_go_on(call);
}

/* ---- a model's metrics ---- */

static enum status watch_step(void *state, struct db *db, struct error *err)
{
    return model_watch_step(state, db, err);
}

static bool watch_is_done(const void *state)
{
    return model_watch_is_done(state);
}

static enum status watch_write(struct buf *out, void *state, struct error *err)
{
    return model_watch_write(out, state, err);
}

static void watch_finish(void *state)
{
    model_watch_finish(state);
}

enum {
    METRICS_FROM,
    METRICS_TO,
    METRICS_BASELINE_FROM,
    METRICS_BASELINE_TO,
    METRICS_DEFINITION,
    METRICS_UNREPORTED,
    METRICS_PARAMETER_COUNT
};

static bool unreported_read(struct call *call, const struct query_parameter *parameter, bool *out)
{
    *out = !parameter->is_set || str_eq(parameter->value, STR("good"));
    if (*out || str_eq(parameter->value, STR("left_out"))) {
        return true;
    }
    problem_reply(call->x, PROBLEM_INVALID_PARAMETER, call->request_id, NULL,
                  "%s: expected good or left_out", parameter->name);
    return false;
}

static bool definition_is_valid(struct call *call, const struct query_parameter *parameter)
{
    if (!parameter->is_set ||
        (parameter->value.len >= 1 && parameter->value.len <= OUTCOME_DEFINITION_MAX)) {
        return true;
    }
    problem_reply(call->x, PROBLEM_INVALID_PARAMETER, call->request_id, NULL,
                  "%s: expected 1 to %d characters", parameter->name, OUTCOME_DEFINITION_MAX);
    return false;
}

static bool metrics_query_read(struct call *call, struct watch_order *out)
{
    struct query_parameter p[METRICS_PARAMETER_COUNT] = {
        [METRICS_FROM] = {.name = "from"},
        [METRICS_TO] = {.name = "to"},
        [METRICS_BASELINE_FROM] = {.name = "baseline_from"},
        [METRICS_BASELINE_TO] = {.name = "baseline_to"},
        [METRICS_DEFINITION] = {.name = "definition"},
        [METRICS_UNREPORTED] = {.name = "unreported"},
    };
    *out = (struct watch_order){.environment = call->key.environment,
                                .is_live = call->key.is_live,
                                .model = call->parameter,
                                .known_ms = call->now_ms};
    if (!query_read(call, p, METRICS_PARAMETER_COUNT) ||
        !query_date(call, &p[METRICS_FROM], &out->from) ||
        !query_date(call, &p[METRICS_TO], &out->to) ||
        !query_date(call, &p[METRICS_BASELINE_FROM], &out->baseline_from) ||
        !query_date(call, &p[METRICS_BASELINE_TO], &out->baseline_to) ||
        !definition_is_valid(call, &p[METRICS_DEFINITION]) ||
        !unreported_read(call, &p[METRICS_UNREPORTED], &out->unreported_is_good)) {
        return false;
    }
    out->definition = p[METRICS_DEFINITION].value;
    return true;
}

void reports_metrics(struct call *call)
{
    struct watch_order order;
    struct error err = {{0}, {0}};
    if (!metrics_query_read(call, &order)) {
        return;
    }
    struct model_watch *watch = calloc(1, sizeof *watch);
    enum status status =
        watch == NULL ? STATUS_BUSY : watch_order_resolve(&order, call->db, call->x->arena, &err);
    if (status == STATUS_OK) {
        status = model_watch_begin(watch, &order, &err);
    }
    if (status == STATUS_OK) {
        report_begin(call, &(struct report){.call = call,
                                            .state = watch,
                                            .step = watch_step,
                                            .is_done = watch_is_done,
                                            .write = watch_write,
                                            .finish = watch_finish});
        return;
    }
    if (watch != NULL) {
        model_watch_finish(watch);
    }
    free(watch);
    refuse(call, status, &err);
}

/* ---- consistency ---- */

static enum status consistency_step(void *state, struct db *db, struct error *err)
{
    return consistency_report_step(state, db, err);
}

static bool consistency_is_done(const void *state)
{
    return consistency_report_is_done(state);
}

static enum status consistency_tell(struct buf *out, void *state, struct error *err)
{
    return consistency_report_write(out, state, err);
}

static void consistency_end(void *state)
{
    consistency_report_finish(state);
}

enum { CONSISTENCY_FROM, CONSISTENCY_TO, CONSISTENCY_UNREPORTED, CONSISTENCY_PARAMETER_COUNT };

void reports_consistency(struct call *call)
{
    struct query_parameter p[CONSISTENCY_PARAMETER_COUNT] = {
        [CONSISTENCY_FROM] = {.name = "from"},
        [CONSISTENCY_TO] = {.name = "to"},
        [CONSISTENCY_UNREPORTED] = {.name = "unreported"},
    };
    struct consistency_order order = {.environment = call->key.environment,
                                      .is_live = call->key.is_live,
                                      .known_ms = call->now_ms};
    struct error err = {{0}, {0}};
    if (!query_read(call, p, CONSISTENCY_PARAMETER_COUNT) ||
        !query_date(call, &p[CONSISTENCY_FROM], &order.from) ||
        !query_date(call, &p[CONSISTENCY_TO], &order.to) ||
        !unreported_read(call, &p[CONSISTENCY_UNREPORTED], &order.unreported_is_good)) {
        return;
    }
    struct consistency_report *report = calloc(1, sizeof *report);
    enum status status =
        report == NULL ? STATUS_BUSY : consistency_report_begin(report, &order, &err);
    if (status == STATUS_OK) {
        report_begin(call, &(struct report){.call = call,
                                            .state = report,
                                            .step = consistency_step,
                                            .is_done = consistency_is_done,
                                            .write = consistency_tell,
                                            .finish = consistency_end});
        return;
    }
    if (report != NULL) {
        consistency_report_finish(report);
    }
    free(report);
    problem_reply_status(call->x, status, &err, call->request_id);
}
