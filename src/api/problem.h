/* problem.h - refusals as RFC 9457 problem documents. */
#ifndef API_PROBLEM_H
#define API_PROBLEM_H

#include "base/status.h"
#include "format/violation.h"
#include "http/server.h"

enum problem {
#define PROBLEM(name, status, slug, title, meaning, remedy, retry, example) PROBLEM_##name,
#include "api/problems.def"
#undef PROBLEM
    PROBLEM_COUNT
};

enum retry {
    RETRY_MENDED, /* the same request would get the same answer */
    RETRY_LATER   /* the same request, after a while */
};

/* A row of problems.def. */
struct problem_info {
    int status;
    const char *slug, *title, *meaning, *remedy;
    enum retry retry;
    const char *example;
};

const struct problem_info *problem_info(enum problem problem);

/* Answer with this problem.  `violations` may be NULL.  The reply so far is thrown away. */
void problem_reply(struct http_exchange *x, enum problem problem, const char *request_id,
                   const struct violations *violations, const char *format, ...) PRINTF(5, 6);
/* Answer with this problem and when to come again: Retry-After and the text say the same. */
void problem_reply_wait(struct http_exchange *x, enum problem problem, const char *request_id,
                        unsigned seconds);
/* The problem of a status that came up from below with its error; secrets and internals stay
 * behind. */
void problem_reply_status(struct http_exchange *x, enum status status, const struct error *err,
                          const char *request_id);

#endif
