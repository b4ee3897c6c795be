/* server.c - the loops of a server, from start to stop. */
#include "http/server.h"

#include "base/wallclock.h"
#include "http/listener.h"
#include "http/loop.h"
#include "http/ticket.h"
#include "http/tuning.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum {
    CONNECTIONS_MAX_DEFAULT = 10000,
    LOOPS_MAX = 256,
    FILES_RESERVED = 16, /* descriptors that clients leave to the database and the log */
    WAIT_MAX = 16384,    /* for a handshake; less where descriptors are few */
};

struct http_server {
    struct loop_shared shared;
    struct ticket_keys *tickets; /* NULL: plain */
    uint16_t ports[HTTP_LISTENS_MAX];
    unsigned listen_count;
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
        .run_us = 8000,
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
    tls_identity_finish(&server->shared.identity);
    ticket_keys_destroy(server->tickets);
    pace_destroy(server->shared.pace);
    CHECK(pthread_mutex_destroy(&server->shared.tls_lock) == 0);
    free(server);
}

static struct tls_files files_of(const struct http_config *config)
{
    return (struct tls_files){config->tls_cert_file, config->tls_key_file,
                              config->tls_client_ca_file, config->tls_client_crl_file};
}

static int64_t now_ms(void)
{
    struct wallclock clock = wallclock_system();
    return wallclock_now_ms(&clock);
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
    unsigned rate = config->handshakes == 0 ? PACE_PER_SECOND_DEFAULT : config->handshakes;
    struct tls_files files = files_of(config);
    server->tickets = ticket_keys_create(steady_now_us());
    server->shared.pace = pace_create(rate, rate);
    if (server->tickets == NULL || server->shared.pace == NULL) {
        return error_set(err, STATUS_IO, "", "No memory for TLS.");
    }
    return tls_identity_read(&server->shared.identity, &files, server->tickets, now_ms(), err);
}

/* As many sockets as there are descriptors, less some for files. */
static void descriptors_share(struct loop_shared *shared)
{
    struct rlimit files;
    rlim_t count = getrlimit(RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur : 1024;
    count = count > INT32_MAX ? INT32_MAX : count;
    shared->fd_end = count > FILES_RESERVED ? (int)count - FILES_RESERVED : 0;
    shared->wait_max = count / 2 > WAIT_MAX ? WAIT_MAX : (unsigned)count / 2;
}

static enum status loops_create(struct http_server *server, unsigned count, struct error *err)
{
    for (unsigned i = 0; i < count; i++) {
        struct loop *loop = loop_create(&server->shared);
        if (loop == NULL) {
            return error_set(err, STATUS_IO, "", "No memory or descriptors for a loop.");
        }
        server->loops[server->loop_count++] = loop;
    }
    return STATUS_OK;
}

/* Each loop listens for itself; the first one finds the port. */
static enum status listen_open(struct http_server *server, const struct http_listen *listen,
                               struct error *err)
{
    struct listen_address address;
    uint16_t *port = &server->ports[server->listen_count++];
    const struct ssl_ctx_st *mutual = server->shared.identity.contexts[TLS_MUTUAL];
    if (listen->is_mutual && mutual == NULL) {
        return error_set(err, STATUS_INVALID, listen->address,
                         "Mutual TLS needs a certificate, a key and a client authority.");
    }
    TRY(listen_address_read(&address, listen->address, err));
    TRY(listen_address_probe(&address, listen->address, err));
    for (unsigned i = 0; i < server->loop_count; i++) {
        struct loop *loop = server->loops[i];
        struct listener *l = &loop->listeners[loop->listener_count++];
        l->is_mutual = listen->is_mutual;
        TRY(listener_open(l, &address, listen->address, port, err));
        listen_address_set_port(&address, *port);
    }
    return STATUS_OK;
}

static enum status listens_open(struct http_server *server, const struct http_config *config,
                                struct error *err)
{
    for (unsigned i = 0; i < HTTP_LISTENS_MAX && config->listens[i].address != NULL; i++) {
        TRY(listen_open(server, &config->listens[i], err));
    }
    return server->listen_count > 0
               ? STATUS_OK
               : error_set(err, STATUS_INVALID, "", "There is no address to listen at.");
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
    for (unsigned i = 0; i < started; i++) {
        loop_leave(server->loops[i]);
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
    descriptors_share(&server->shared);
    sigpipe_ignore();
    unsigned started = 0;
    enum status status = tls_open(server, config, err);
    if (status == STATUS_OK) {
        status = loops_create(server, count, err);
    }
    if (status == STATUS_OK) {
        status = listens_open(server, config, err);
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
    return server->ports[0];
}

uint16_t http_server_port_of(const struct http_server *server, unsigned listener)
{
    CHECK(listener < server->listen_count);
    return server->ports[listener];
}

uint64_t http_server_figure(const struct http_server *server, enum http_figure which)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < server->loop_count; i++) {
        sum += atomic_load_explicit(&server->loops[i]->figures[which], memory_order_relaxed);
    }
    return sum;
}

void http_server_turns(const struct http_server *server, struct histogram *out)
{
    turn_time_sum_init(out);
    for (unsigned i = 0; i < server->loop_count; i++) {
        histogram_add_all(out, &server->loops[i]->turn_time.us);
    }
}

enum status http_server_renew(struct http_server *server, const struct http_config *config,
                              struct error *err)
{
    struct tls_identity fresh;
    struct tls_files files = files_of(config);
    if (server->tickets == NULL) {
        return error_set(err, STATUS_INVALID, "", "This server has no TLS.");
    }
    if (server->shared.identity.contexts[TLS_MUTUAL] != NULL && files.client_ca == NULL) {
        return error_set(err, STATUS_INVALID, "", "Mutual TLS needs a client authority.");
    }
    TRY(tls_identity_read(&fresh, &files, server->tickets, now_ms(), err));
    CHECK(pthread_mutex_lock(&server->shared.tls_lock) == 0);
    struct tls_identity old = server->shared.identity;
    server->shared.identity = fresh;
    CHECK(pthread_mutex_unlock(&server->shared.tls_lock) == 0);
    tls_identity_finish(&old);
    return STATUS_OK;
}

int64_t http_server_certificate_expires_ms(struct http_server *server)
{
    CHECK(pthread_mutex_lock(&server->shared.tls_lock) == 0);
    int64_t expires_ms = server->shared.identity.expires_ms;
    CHECK(pthread_mutex_unlock(&server->shared.tls_lock) == 0);
    return expires_ms;
}

void http_server_certificate_sha256(struct http_server *server, char hex[65])
{
    CHECK(pthread_mutex_lock(&server->shared.tls_lock) == 0);
    memcpy(hex, server->shared.identity.sha256, sizeof server->shared.identity.sha256);
    CHECK(pthread_mutex_unlock(&server->shared.tls_lock) == 0);
}

void http_server_tend(struct http_server *server)
{
    if (server->tickets != NULL) {
        ticket_keys_turn(server->tickets, steady_now_us());
    }
}

bool http_server_stop(struct http_server *server, unsigned grace_ms)
{
    bool is_clean = loops_stop(server, server->loop_count, grace_ms);
    server_destroy(server);
    return is_clean;
}
