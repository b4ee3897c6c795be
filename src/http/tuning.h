/* tuning.h - the waits of a server, so that a test need not wait as long as a client may. */
#ifndef HTTP_TUNING_H
#define HTTP_TUNING_H

#include "http/server.h"

struct http_tuning {
    unsigned head_ms;
    unsigned body_ms;
    unsigned idle_ms;
    unsigned write_ms;
    unsigned linger_ms; /* after the last answer, until the client closes */
    unsigned silent_ms; /* when stopping: for what a connection may still be about to ask */
    unsigned run_us;    /* of computing a turn, or as long as reading took; 0: one request */
};

/* The values of server.h. */
struct http_tuning http_tuning_default(void);

enum status http_server_start_tuned(struct http_server **out, const struct http_config *config,
                                    const struct http_handler *handler,
                                    const struct http_tuning *tuning, struct error *err) MUST_USE;

#endif
