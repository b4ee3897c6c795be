/* serve.h - the running program: everything wired, until a signal ends it. */
#ifndef MAIN_SERVE_H
#define MAIN_SERVE_H

#include "api/api.h"
#include "base/status.h"
#include "jobs/scheduler.h"

enum { SERVE_POLICIES_MAX = POLICIES_MAX, STOP_GRACE_MS = 9000 };

struct serve_config {
    const char *db, *listen, *tls_cert_file, *tls_key_file, *model_file;
    const char *policy_files[SERVE_POLICIES_MAX];
    unsigned policy_file_count;
    unsigned loops, workers; /* 0: by the number of processors */
    unsigned queue_max;      /* decisions that may wait to be recorded; 0: as the store has it */
    bool is_plain;           /* --no-tls: loopback only */
};

struct serving {
    struct service service;
    struct api api;
    struct scheduler *scheduler;
    struct http_server *server;
    char url[128];
};

/* Block the signals that end us, in this thread and all it starts.  Before any thread. */
void serve_block_signals(void);
enum status serve_start(struct serving *out, const struct serve_config *config,
                        struct error *err) MUST_USE;
void serve_wait(void); /* until SIGTERM or SIGINT */
/* Answer what is in flight, then take everything down in reverse.  True if nothing was cut. */
bool serve_stop(struct serving *serving);

#endif
