/* serve.c - start as a checklist, stop in reverse. */
#include "main/serve.h"

#include "base/log.h"
#include "format/iso8601.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { TEND_S = 60, EXPIRY_LOOK_S = 86400, EXPIRY_WARN_DAYS = 30, DAY_MS = 86400000 };

static void our_signals(sigset_t *signals)
{
    (void)sigemptyset(signals);
    (void)sigaddset(signals, SIGTERM);
    (void)sigaddset(signals, SIGINT);
    (void)sigaddset(signals, SIGHUP);
}

void serve_block_signals(void)
{
    sigset_t signals;
    our_signals(&signals);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

/* Once a day: a certificate that ends soon, while there is time to renew it. */
static void expiry_look(struct serving *serving)
{
    struct wallclock clock = wallclock_system();
    int64_t expires_ms = http_server_certificate_expires_ms(serving->server);
    int64_t left_ms = expires_ms - wallclock_now_ms(&clock);
    serving->expiry_due_us = steady_now_us() + EXPIRY_LOOK_S * UINT64_C(1000000);
    if (expires_ms == 0 || left_ms > (int64_t)EXPIRY_WARN_DAYS * DAY_MS) {
        return;
    }
    struct buf expires;
    buf_init(&expires, 64);
    timestamp_write(&expires, expires_ms);
    LOG(left_ms > 0 ? LOG_WARN : LOG_ERROR, "certificate_expires",
        LOG_TEXT("expires", buf_str(&expires)), LOG_NUMBER("days", left_ms / DAY_MS));
    buf_finish(&expires);
}

static void renew(struct serving *serving, const struct http_config *config)
{
    struct error err = {{0}, {0}};
    struct buf expires;
    char sha256[65];
    if (http_server_renew(serving->server, config, &err) != STATUS_OK) {
        LOG(LOG_ERROR, "certificate_refused", LOG_TEXT("file", str_from(err.field)),
            LOG_TEXT("reason", str_from(err.message)));
        return;
    }
    http_server_certificate_sha256(serving->server, sha256);
    buf_init(&expires, 64);
    timestamp_write(&expires, http_server_certificate_expires_ms(serving->server));
    LOG(LOG_INFO, "certificate_renewed", LOG_TEXT("expires", buf_str(&expires)),
        LOG_TEXT("sha256", str_from(sha256)));
    buf_finish(&expires);
    expiry_look(serving);
}

static void tend(struct serving *serving)
{
    http_server_tend(serving->server);
    if (steady_now_us() >= serving->expiry_due_us) {
        expiry_look(serving);
    }
}

void serve_wait(struct serving *serving, const struct http_config *config)
{
    const struct timespec patience = {.tv_sec = TEND_S};
    sigset_t signals;
    our_signals(&signals);
    for (;;) {
        int caught = sigtimedwait(&signals, NULL, &patience);
        if (caught == SIGHUP && config != NULL) {
            renew(serving, config);
        } else if (caught > 0) {
            LOG(LOG_INFO, "stopping", LOG_NUMBER("signal", caught));
            return;
        }
        tend(serving);
    }
}

/* No core dump carries keys away; as many descriptors as the system gives. */
static void harden(void)
{
    struct rlimit files;
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
}

/* Memory that a commit gives back is wanted again by the next: returning it to the system in
 * between cost a page fault a decision. */
static void keep_memory(void)
{
    enum { KEPT_MAX = 64 * 1024 * 1024 };
    (void)mallopt(M_TRIM_THRESHOLD, KEPT_MAX);
}

static bool is_loopback(const char *listen)
{
    struct str address = str_from(listen);
    return str_starts_with(address, STR("127.")) || str_starts_with(address, STR("[::1]:")) ||
           str_starts_with(address, STR("localhost:"));
}

/* Nothing that speaks of TLS may be given in vain. */
static enum status check_plain(const struct http_config *http, struct error *err)
{
    if (http->tls_cert_file != NULL || http->tls_key_file != NULL ||
        http->tls_client_ca_file != NULL || http->tls_client_crl_file != NULL) {
        return error_set(err, STATUS_CONFLICT, "--no-tls",
                         "--no-tls contradicts the --tls options; leave one of them out");
    }
    for (unsigned i = 0; i < HTTP_LISTENS_MAX && http->listens[i].address != NULL; i++) {
        const struct http_listen *listen = &http->listens[i];
        if (listen->is_mutual) {
            return error_set(err, STATUS_CONFLICT, "--listen-mtls",
                             "--no-tls contradicts --listen-mtls; leave one of them out");
        }
        if (!is_loopback(listen->address)) {
            return error_set(
                err, STATUS_CONFLICT, "--no-tls",
                "plain HTTP is for loopback only; give --tls-cert and --tls-key to listen on %s",
                listen->address);
        }
    }
    return STATUS_OK;
}

static enum status check_mutual(const struct http_config *http, struct error *err)
{
    bool is_mutual = false;
    for (unsigned i = 0; i < HTTP_LISTENS_MAX; i++) {
        is_mutual = is_mutual || http->listens[i].is_mutual;
    }
    if (is_mutual != (http->tls_client_ca_file != NULL)) {
        return error_set(err, STATUS_CONFLICT, "--tls-client-ca",
                         "--listen-mtls ADDR:PORT and --tls-client-ca FILE go together");
    }
    if (http->tls_client_crl_file != NULL && !is_mutual) {
        return error_set(err, STATUS_CONFLICT, "--tls-client-crl",
                         "--tls-client-crl FILE is for --listen-mtls ADDR:PORT");
    }
    return STATUS_OK;
}

static enum status check_config(const struct serve_config *config, struct error *err)
{
    const struct http_config *http = &config->http;
    bool has_certificate = http->tls_cert_file != NULL && http->tls_key_file != NULL;
    if (config->is_plain) {
        return check_plain(http, err);
    }
    if (!has_certificate) {
        return error_set(err, STATUS_CONFLICT, "--tls-cert",
                         "give --tls-cert FILE and --tls-key FILE, or --no-tls on loopback");
    }
    return check_mutual(http, err);
}

static unsigned processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > WORKERS_MAX ? WORKERS_MAX : (unsigned)count;
}

static void urls_write(struct serving *serving, const struct serve_config *config)
{
    const struct http_listen *listens = config->http.listens;
    for (unsigned i = 0; i < HTTP_LISTENS_MAX && listens[i].address != NULL; i++) {
        const char *address = listens[i].address;
        const char *colon = strrchr(address, ':');
        int host_len = colon == NULL ? (int)strlen(address) : (int)(colon - address);
        (void)snprintf(serving->urls[i], SERVE_URL_MAX, "%s://%.*s:%u",
                       config->is_plain ? "http" : "https", host_len, address,
                       http_server_port_of(serving->server, i));
        serving->url_count = i + 1;
    }
}

static enum status start(struct serving *out, const struct serve_config *config, struct error *err)
{
    TRY(check_config(config, err));
    log_never_wait();
    harden();
    keep_memory();
    TRY(service_start(
        &out->service,
        &(struct service_config){.db = config->db,
                                 .model_file = config->model_file,
                                 .policy_files = config->policy_files,
                                 .policy_file_count = config->policy_file_count,
                                 .queue_max = config->queue_max,
                                 .in_flight = config->in_flight,
                                 .workers = config->workers == 0 ? processors() : config->workers},
        err));
    TRY(scheduler_start(&out->scheduler, &out->service, err));
    TRY(api_start(&out->api,
                  &(struct api_config){.service = &out->service,
                                       .version = AVAL_VERSION,
                                       .metrics_ranges = config->metrics_ranges,
                                       .metrics_range_count = config->metrics_range_count},
                  err));
    struct http_handler handler = api_handler(&out->api);
    TRY(http_server_start(&out->server, &config->http, &handler, err));
    api_watch(&out->api, out->server);
    urls_write(out, config);
    expiry_look(out);
    return STATUS_OK;
}

enum status serve_start(struct serving *out, const struct serve_config *config, struct error *err)
{
    *out = (struct serving){0};
    enum status status = start(out, config, err);
    if (status != STATUS_OK) {
        (void)serve_stop(out);
    }
    return status;
}

bool serve_stop(struct serving *serving)
{
    api_drain(&serving->api);
    bool is_clean = serving->server == NULL || http_server_stop(serving->server, STOP_GRACE_MS);
    api_finish(&serving->api);
    scheduler_stop(serving->scheduler);
    service_stop(&serving->service);
    *serving = (struct serving){0};
    log_finish(LOG_PATIENCE_MS);
    return is_clean;
}
