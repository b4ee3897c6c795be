/* metrics.c - one function a family or two, in the order of metrics.def. */
#include "api/metrics.h"

#include "api/api.h"
#include "api/call.h"
#include "api/tally.h"
#include "base/log.h"
#include "base/process.h"
#include "format/prometheus.h"
#include "http/libraries.h"

#include <stdio.h>
#include <stdlib.h>

enum metric {
#define METRIC(name, text, type, scale, help) METRIC_##name,
#include "api/metrics.def"
#undef METRIC
};

static const struct {
    const char *name;
    enum prometheus_type type;
    enum prometheus_scale scale;
    const char *help;
} metrics[] = {
#define METRIC(name, text, type, scale, help)                                                      \
    [METRIC_##name] = {text, PROMETHEUS_##type, PROMETHEUS_##scale, help},
#include "api/metrics.def"
#undef METRIC
};

static void begin(struct buf *out, enum metric m)
{
    prometheus_family(out, metrics[m].name, metrics[m].type, metrics[m].help);
}

static void sample(struct buf *out, enum metric m, struct prometheus_labels labels, uint64_t value)
{
    prometheus_sample(out, metrics[m].name, labels, value, metrics[m].scale);
}

/* A family of one sample. */
static void single(struct buf *out, enum metric m, uint64_t value)
{
    begin(out, m);
    sample(out, m, PROMETHEUS_UNLABELLED, value);
}

static void histogram(struct buf *out, enum metric m, struct prometheus_labels labels,
                      const struct histogram *h)
{
    prometheus_histogram(out, metrics[m].name, labels, h, metrics[m].scale);
}

/* ---- what runs ---- */

static void build_write(struct buf *out, const struct api *api)
{
    char engine[12];
    int len = snprintf(engine, sizeof engine, "%d", SCORE_ENGINE);
    begin(out, METRIC_BUILD);
    sample(out, METRIC_BUILD,
           PROMETHEUS_LABELS({"version", str_from(api->version)},
                             {"engine", str_of(engine, (size_t)len)},
                             {"sqlite", str_from(db_library_version())},
                             {"openssl", str_from(http_library_version(HTTP_LIBRARY_OPENSSL))},
                             {"nghttp2", str_from(http_library_version(HTTP_LIBRARY_NGHTTP2))},
                             {"llhttp", str_from(http_library_version(HTTP_LIBRARY_LLHTTP))}),
           1);
    const struct line_up *line_up = line_up_take(api->service->line_ups, INSTALLATION);
    const struct in_force *in_force = &line_up->in_force;
    char champion[DIGEST_HEX_LEN + 1];
    digest_hex(champion, &line_up->champion);
    begin(out, METRIC_MODEL);
    sample(
        out, METRIC_MODEL,
        PROMETHEUS_LABELS({"id", in_force->model == NULL ? STR("") : in_force->model->id},
                          {"version", in_force->model == NULL ? STR("") : in_force->model->version},
                          {"sha256", str_from(champion)}),
        in_force->model == NULL ? 0 : 1);
    begin(out, METRIC_POLICY);
    for (uint32_t i = 0; i < in_force->policy_count; i++) {
        const struct policy *policy = in_force->policies[i];
        sample(out, METRIC_POLICY,
               PROMETHEUS_LABELS({"id", policy->id}, {"version", policy->version},
                                 {"sha256", str_from(policy->sha256)}),
               1);
    }
    line_up_release(line_up);
}

/* ---- requests ---- */

static bool is_used(const struct histogram *h)
{
    for (size_t i = 0; i <= h->bound_count; i++) {
        if (atomic_load_explicit(&h->counts[i], memory_order_relaxed) > 0) {
            return true;
        }
    }
    return false;
}

static void requests_write(struct buf *out, const struct tally_sum *sum)
{
    begin(out, METRIC_REQUESTS);
    for (size_t route = 0; route < TALLY_ROUTES_MAX; route++) {
        for (size_t method = 0; method < TALLY_METHODS; method++) {
            for (size_t code = 0; tally_code(code) != NULL; code++) {
                uint64_t count = sum->requests[route][method][code];
                if (count > 0) {
                    sample(out, METRIC_REQUESTS,
                           PROMETHEUS_LABELS(
                               {"method", str_from(tally_method((enum http_method)method))},
                               {"route", str_from(api_route_path(route))},
                               {"code", str_from(tally_code(code))}),
                           count);
                }
            }
        }
    }
    begin(out, METRIC_REQUEST_DURATION);
    for (size_t route = 0; route < TALLY_ROUTES_MAX; route++) {
        if (is_used(&sum->durations_us[route])) {
            histogram(out, METRIC_REQUEST_DURATION,
                      PROMETHEUS_LABELS({"route", str_from(api_route_path(route))}),
                      &sum->durations_us[route]);
        }
    }
}

static void http_figures_write(struct buf *out, const struct http_server *server)
{
    static const struct {
        const char *name;
        enum prometheus_type type;
        const char *help;
    } figures[] = {
#define FIGURE_COUNTER(text)           "aval_http_" #text "_total", PROMETHEUS_COUNTER
#define FIGURE_GAUGE(text)             "aval_http_" #text, PROMETHEUS_GAUGE
#define FIGURE(name, text, kind, help) [HTTP_FIGURE_##name] = {FIGURE_##kind(text), help},
#include "http/figures.def"
#undef FIGURE
#undef FIGURE_GAUGE
#undef FIGURE_COUNTER
    };
    for (size_t i = 0; i < ARRAY_LEN(figures); i++) {
        prometheus_family(out, figures[i].name, figures[i].type, figures[i].help);
        prometheus_sample(out, figures[i].name, PROMETHEUS_UNLABELLED,
                          http_server_figure(server, (enum http_figure)i), PROMETHEUS_ONES);
    }
}

static void http_write(struct buf *out, struct http_server *server)
{
    if (server == NULL) {
        return; /* asked in the moment between its start and ours */
    }
    struct histogram turns_us;
    http_server_turns(server, &turns_us);
    begin(out, METRIC_TURN);
    histogram(out, METRIC_TURN, PROMETHEUS_UNLABELLED, &turns_us);
    int64_t expires_ms = http_server_certificate_expires_ms(server);
    if (expires_ms > 0) {
        single(out, METRIC_CERTIFICATE, (uint64_t)expires_ms);
    }
    http_figures_write(out, server);
}

/* ---- decisions and keys ---- */

static void decisions_write(struct buf *out, const struct tally_sum *sum)
{
    begin(out, METRIC_DECISIONS);
    for (size_t i = 0; i < TALLY_RECOMMENDATIONS; i++) {
        for (size_t j = 0; j < TALLY_STATUSES; j++) {
            for (size_t k = 0; k < TALLY_MODES; k++) {
                sample(
                    out, METRIC_DECISIONS,
                    PROMETHEUS_LABELS(
                        {"recommendation", str_from(recommendation_wire((enum recommendation)i))},
                        {"status", str_from(decision_status_wire((enum decision_status)j))},
                        {"mode", k == 1 ? STR("live") : STR("test")}),
                    sum->decisions[i][j][k]);
            }
        }
    }
    begin(out, METRIC_SCORES);
    histogram(out, METRIC_SCORES, PROMETHEUS_UNLABELLED, &sum->scores);
    single(out, METRIC_REPLAYS, sum->replays);
}

static void keys_write(struct buf *out, struct key_ring *ring)
{
    struct key_ring_figures figures = key_ring_figures(ring);
    begin(out, METRIC_KEYS);
    sample(out, METRIC_KEYS, PROMETHEUS_LABELS({"result", STR("remembered")}), figures.remembered);
    sample(out, METRIC_KEYS, PROMETHEUS_LABELS({"result", STR("fetched")}), figures.fetched);
    sample(out, METRIC_KEYS, PROMETHEUS_LABELS({"result", STR("unknown")}), figures.unknown);
}

/* ---- how much at a time ---- */

static void admission_write(struct buf *out, const struct admissions *admissions)
{
    static const char *const kinds[] = {[ADMISSION_STRANGER] = "unknown_key",
                                        [ADMISSION_DECIDING] = "decision",
                                        [ADMISSION_READING] = "read"};
    static const char *const limits[] = {
        [ADMISSION_FULL] = "all", [ADMISSION_KIND_FULL] = "kind", [ADMISSION_KEY_FULL] = "key"};
    struct admission_figures figures = admission_figures(admissions);
    begin(out, METRIC_IN_FLIGHT);
    for (size_t i = 0; i < ADMISSION_KIND_COUNT; i++) {
        sample(out, METRIC_IN_FLIGHT, PROMETHEUS_LABELS({"kind", str_from(kinds[i])}),
               figures.kinds[i]);
    }
    single(out, METRIC_IN_FLIGHT_MAX, figures.places);
    begin(out, METRIC_TURNED_AWAY);
    for (size_t i = ADMISSION_FULL; i < ADMISSION_RESULT_COUNT; i++) {
        sample(out, METRIC_TURNED_AWAY, PROMETHEUS_LABELS({"limit", str_from(limits[i])}),
               figures.refused[i]);
    }
}

/* ---- the store ---- */

static void committer_write(struct buf *out, struct committer *committer, int64_t now_ms)
{
    struct committer_figures figures = committer_figures(committer);
    single(out, METRIC_WRITING, committer_is_healthy(committer) ? 1 : 0);
    single(out, METRIC_QUEUE, figures.queued);
    single(out, METRIC_QUEUE_MAX, figures.queue_max);
    single(out, METRIC_QUEUE_AGE, figures.oldest_us);
    begin(out, METRIC_BATCH);
    histogram(out, METRIC_BATCH, PROMETHEUS_UNLABELLED, figures.batch_units);
    begin(out, METRIC_COMMIT);
    histogram(out, METRIC_COMMIT, PROMETHEUS_UNLABELLED, figures.commit_us);
    single(out, METRIC_EPOCH, figures.epoch);
    single(out, METRIC_SEQUENCE, figures.seq);
    single(out, METRIC_UNSIGNED, figures.unsigned_entries);
    if (figures.checkpoint_ms > 0) {
        int64_t age_ms = now_ms - figures.checkpoint_ms;
        single(out, METRIC_CHECKPOINT_AGE, age_ms < 0 ? 0 : (uint64_t)age_ms);
    }
}

static void workers_write(struct buf *out, struct workers *workers)
{
    struct workers_figures figures = workers_figures(workers);
    single(out, METRIC_WORKERS, figures.threads);
    single(out, METRIC_TASKS, figures.waiting);
    single(out, METRIC_TASKS_MAX, WORKER_QUEUE_MAX);
    single(out, METRIC_TASKS_AGE, figures.oldest_us);
}

/* ---- the process ---- */

static void process_write(struct buf *out, const struct api *api)
{
    struct process_usage usage = process_usage();
    single(out, METRIC_LOG_DROPPED, log_dropped());
    single(out, METRIC_RESIDENT, usage.resident_bytes);
    single(out, METRIC_CPU, usage.cpu_us);
    single(out, METRIC_DESCRIPTORS, usage.descriptors);
    single(out, METRIC_DESCRIPTORS_MAX, usage.descriptors_max);
    single(out, METRIC_STARTED, (uint64_t)api->started_ms);
}

/* ---- who may read it ---- */

static bool is_forwarded(const struct http_exchange *x)
{
    static const char *const names[] = {"Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        unsigned count;
        (void)http_header_find(x, str_from(names[i]), &count);
        if (count > 0) {
            return true;
        }
    }
    return false;
}

static bool may_read(const struct call *call)
{
    struct address peer;
    if (!address_read(&peer, str_from(call->x->peer))) {
        return false;
    }
    for (uint32_t i = 0; i < call->api->metrics_range_count; i++) {
        if (address_range_holds(&call->api->metrics_ranges[i], &peer)) {
            return true;
        }
    }
    return address_is_loopback(&peer) && !is_forwarded(call->x);
}

void metrics_read(struct call *call)
{
    const struct api *api = call->api;
    struct http_exchange *x = call->x;
    struct buf *out = &x->reply;
    if (!may_read(call)) {
        problem_reply(x, PROBLEM_ADDRESS_NOT_ALLOWED, call->request_id, NULL, "%s",
                      problem_info(PROBLEM_ADDRESS_NOT_ALLOWED)->remedy);
        return;
    }
    struct tally_sum *sum = malloc(sizeof *sum);
    if (sum == NULL) {
        struct error err = {{0}, {0}};
        problem_reply_status(x, STATUS_BUSY, &err, call->request_id);
        return;
    }
    tally_read(sum, api->tally);
    build_write(out, api);
    requests_write(out, sum);
    http_write(out, atomic_load_explicit(&api->server, memory_order_acquire));
    decisions_write(out, sum);
    free(sum);
    keys_write(out, api->service->key_ring);
    admission_write(out, api->service->admissions);
    committer_write(out, api->service->committer, call->now_ms);
    workers_write(out, api->service->workers);
    process_write(out, api);
    x->status = 200;
    http_reply_header(x, "Content-Type", STR(PROMETHEUS_CONTENT_TYPE));
    http_reply_header(x, "Cache-Control", STR("no-store"));
}
