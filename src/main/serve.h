/* serve.h - the running program: everything wired, until a signal ends it. */
#ifndef MAIN_SERVE_H
#define MAIN_SERVE_H

#include "api/api.h"
#include "base/status.h"
#include "jobs/scheduler.h"

enum {
    SERVE_POLICIES_MAX = POLICIES_MAX,
    STOP_GRACE_MS = 9000,
    SERVE_URL_MAX = 128,
    LOG_PATIENCE_MS = 1000,
    SERVE_RANGES_MAX = 16
};

struct serve_config {
    struct http_config http; /* its loops 0: by the number of processors */
    const char *db, *model_file;
    const char *policy_files[SERVE_POLICIES_MAX];
    unsigned policy_file_count;
    unsigned workers;   /* 0: by the number of processors */
    unsigned queue_max; /* decisions that may wait to be recorded; 0: as the store has it */
    unsigned in_flight; /* requests with a key at a time; 0: as the service has it */
    struct address_range metrics_ranges[SERVE_RANGES_MAX]; /* --metrics-allow */
    uint32_t metrics_range_count;
    bool is_plain; /* --no-tls: loopback only */
};

struct serving {
    struct service service;
    struct api api;
    struct scheduler *scheduler;
    struct http_server *server;
    char urls[HTTP_LISTENS_MAX][SERVE_URL_MAX]; /* one a listener */
    unsigned url_count;
    uint64_t expiry_due_us; /* look again then whether the certificate is about to end */
};

/* Block the signals that end us, in this thread and all it starts.  Before any thread. */
void serve_block_signals(void);
enum status serve_start(struct serving *out, const struct serve_config *config,
                        struct error *err) MUST_USE;
/* Until SIGTERM or SIGINT, seeing to what is due meanwhile.  SIGHUP reads the TLS files of `config`
 * again; where it is NULL, it ends us as well. */
void serve_wait(struct serving *serving, const struct http_config *config);
/* Answer what is in flight, then take everything down in reverse.  True if nothing was cut. */
bool serve_stop(struct serving *serving);

#endif
