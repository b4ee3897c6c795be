/* server.c - the loops of a server, from start to stop. */
#include "http/server.h"

#include "base/wallclock.h"
#include "http/listener.h"
#include "http/loop.h"
#include "http/tls.h"
#include "http/tuning.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>

enum { CONNECTIONS_MAX_DEFAULT = 10000, LOOPS_MAX = 256 };

struct http_server {
    struct loop_shared shared;
    uint16_t port;
    unsigned loop_count;
    struct loop *loops[LOOPS_MAX];
};

struct http_tuning http_tuning_default(void)
{
    return (struct http_tuning){
        .head_ms = HTTP_HEAD_TIMEOUT_MS,
        .body_ms = HTTP_BODY_TIMEOUT_MS,
        .idle_ms = HTTP_IDLE_TIMEOUT_MS,
        .write_ms = HTTP_WRITE_TIMEOUT_MS,
        .linger_ms = 1000,
        .silent_ms = 500,
    };
}

static unsigned processor_count(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) {
        return 1;
    }
    return (unsigned)CPU_COUNT(&set);
}

static void server_destroy(struct http_server *server)
{
    tls_context_destroy(server->shared.tls);
    CHECK(pthread_mutex_destroy(&server->shared.tls_lock) == 0);
    free(server);
}

static enum status tls_open(struct http_server *server, const struct http_config *config,
                            struct error *err)
{
    if (config->tls_cert_file == NULL && config->tls_key_file == NULL) {
        return STATUS_OK;
    }
    if (config->tls_cert_file == NULL || config->tls_key_file == NULL) {
        return error_set(err, STATUS_INVALID, "", "TLS needs a certificate and a key.");
    }
    return tls_context_create(&server->shared.tls, config->tls_cert_file, config->tls_key_file,
                              err);
}

/* Loops that listen already are in server->loops even when a later one fails. */
static enum status loops_open(struct http_server *server, const char *listen, unsigned count,
                              struct error *err)
{
    struct listen_address address;
    TRY(listen_address_read(&address, listen, err));
    TRY(listen_address_probe(&address, listen, err));
    for (unsigned i = 0; i < count; i++) {
        struct loop *loop = loop_create(&server->shared);
        if (loop == NULL) {
            return error_set(err, STATUS_IO, listen, "No memory or descriptors for a loop.");
        }
        server->loops[server->loop_count++] = loop;
        TRY(listener_open(&loop->listener, &address, listen, &server->port, err));
        listen_address_set_port(&address, server->port);
    }
    return STATUS_OK;
}

static bool loops_stop(struct http_server *server, unsigned started, unsigned grace_ms)
{
    uint64_t at_us = steady_now_us() + (uint64_t)grace_ms * 1000;
    for (unsigned i = 0; i < started; i++) {
        loop_stop(server->loops[i], at_us);
    }
    bool is_clean = true;
    for (unsigned i = 0; i < started; i++) {
        is_clean = loop_join(server->loops[i]) && is_clean;
    }
    for (unsigned i = started; i < server->loop_count; i++) {
        loop_destroy(server->loops[i]);
    }
    return is_clean;
}

static enum status loops_start(struct http_server *server, unsigned *started, struct error *err)
{
    for (*started = 0; *started < server->loop_count; (*started)++) {
        if (!loop_start(server->loops[*started])) {
            return error_set(err, STATUS_IO, "", "Cannot start a thread.");
        }
    }
    return STATUS_OK;
}

/* A peer that has gone is an error of send(), not the end of the process. */
static void sigpipe_ignore(void)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    CHECK(sigaction(SIGPIPE, &ignore, NULL) == 0);
}

enum status http_server_start_tuned(struct http_server **out, const struct http_config *config,
                                    const struct http_handler *handler,
                                    const struct http_tuning *tuning, struct error *err)
{
    struct http_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        return error_set(err, STATUS_IO, "", "No memory for a server.");
    }
    CHECK(pthread_mutex_init(&server->shared.tls_lock, NULL) == 0);
    server->shared.handler = *handler;
    server->shared.tuning = *tuning;
    server->shared.connections_max =
        config->connections_max == 0 ? CONNECTIONS_MAX_DEFAULT : config->connections_max;
    unsigned count = config->loops == 0 ? processor_count() : config->loops;
    count = count > LOOPS_MAX ? LOOPS_MAX : count;
    sigpipe_ignore();
    unsigned started = 0;
    enum status status = tls_open(server, config, err);
    if (status == STATUS_OK) {
        status = loops_open(server, config->listen, count, err);
    }
    if (status == STATUS_OK) {
        status = loops_start(server, &started, err);
    }
    if (status != STATUS_OK) {
        (void)loops_stop(server, started, 0);
        server_destroy(server);
        return status;
    }
    *out = server;
    return STATUS_OK;
}

enum status http_server_start(struct http_server **out, const struct http_config *config,
                              const struct http_handler *handler, struct error *err)
{
    struct http_tuning tuning = http_tuning_default();
    return http_server_start_tuned(out, config, handler, &tuning, err);
}

uint16_t http_server_port(const struct http_server *server)
{
    return server->port;
}

uint64_t http_server_figure(const struct http_server *server, enum http_figure which)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < server->loop_count; i++) {
        sum += atomic_load_explicit(&server->loops[i]->figures[which], memory_order_relaxed);
    }
    return sum;
}

enum status http_server_renew(struct http_server *server, const char *cert_file,
                              const char *key_file, struct error *err)
{
    struct ssl_ctx_st *fresh = NULL;
    TRY(tls_context_create(&fresh, cert_file, key_file, err));
    CHECK(pthread_mutex_lock(&server->shared.tls_lock) == 0);
    struct ssl_ctx_st *old = server->shared.tls;
    bool is_tls = old != NULL;
    server->shared.tls = is_tls ? fresh : NULL;
    CHECK(pthread_mutex_unlock(&server->shared.tls_lock) == 0);
    tls_context_destroy(is_tls ? old : fresh);
    return is_tls ? STATUS_OK : error_set(err, STATUS_INVALID, "", "This server has no TLS.");
}

bool http_server_stop(struct http_server *server, unsigned grace_ms)
{
    bool is_clean = loops_stop(server, server->loop_count, grace_ms);
    server_destroy(server);
    return is_clean;
}
