/* serve.c - start as a checklist, stop in reverse. */
#include "main/serve.h"

#include "base/log.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static void ending_signals(sigset_t *signals)
{
    (void)sigemptyset(signals);
    (void)sigaddset(signals, SIGTERM);
    (void)sigaddset(signals, SIGINT);
}

void serve_block_signals(void)
{
    sigset_t signals;
    ending_signals(&signals);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

void serve_wait(void)
{
    sigset_t signals;
    int caught = 0;
    ending_signals(&signals);
    while (sigwait(&signals, &caught) != 0) {
    }
    LOG(LOG_INFO, "stopping", LOG_NUMBER("signal", caught));
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

static bool is_loopback(const char *listen)
{
    struct str address = str_from(listen);
    return str_starts_with(address, STR("127.")) || str_starts_with(address, STR("[::1]:")) ||
           str_starts_with(address, STR("localhost:"));
}

static enum status check_config(const struct serve_config *config, struct error *err)
{
    bool has_certificate = config->tls_cert_file != NULL && config->tls_key_file != NULL;
    if (config->is_plain && !is_loopback(config->listen)) {
        return error_set(
            err, STATUS_CONFLICT, "--no-tls",
            "plain HTTP is for loopback only; give --tls-cert and --tls-key to listen on %s",
            config->listen);
    }
    if (!config->is_plain && !has_certificate) {
        return error_set(err, STATUS_CONFLICT, "--tls-cert",
                         "give --tls-cert FILE and --tls-key FILE, or --no-tls on loopback");
    }
    return STATUS_OK;
}

static unsigned processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > WORKERS_MAX ? WORKERS_MAX : (unsigned)count;
}

static void url_write(struct serving *serving, const struct serve_config *config)
{
    const char *colon = strrchr(config->listen, ':');
    int host_len = colon == NULL ? (int)strlen(config->listen) : (int)(colon - config->listen);
    (void)snprintf(serving->url, sizeof serving->url, "%s://%.*s:%u",
                   config->is_plain ? "http" : "https", host_len, config->listen,
                   http_server_port(serving->server));
}

static enum status start(struct serving *out, const struct serve_config *config, struct error *err)
{
    TRY(check_config(config, err));
    harden();
    TRY(service_start(
        &out->service,
        &(struct service_config){.db = config->db,
                                 .model_file = config->model_file,
                                 .policy_files = config->policy_files,
                                 .policy_file_count = config->policy_file_count,
                                 .queue_max = config->queue_max,
                                 .workers = config->workers == 0 ? processors() : config->workers},
        err));
    TRY(scheduler_start(&out->scheduler, &out->service, err));
    out->api.service = &out->service;
    struct http_handler handler = api_handler(&out->api);
    TRY(http_server_start(
        &out->server,
        &(struct http_config){.listen = config->listen,
                              .tls_cert_file = config->is_plain ? NULL : config->tls_cert_file,
                              .tls_key_file = config->is_plain ? NULL : config->tls_key_file,
                              .loops = config->loops},
        &handler, err));
    url_write(out, config);
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
    bool is_clean = serving->server == NULL || http_server_stop(serving->server, STOP_GRACE_MS);
    scheduler_stop(serving->scheduler);
    service_stop(&serving->service);
    *serving = (struct serving){0};
    return is_clean;
}
