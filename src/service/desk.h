/* desk.h - the store, open on both sides for one act of the command line.
 *
 * Writes on the audit stream of the operator, beside a running server or without one. */
#ifndef SERVICE_DESK_H
#define SERVICE_DESK_H

#include "base/arena.h"
#include "store/committer.h"

struct desk {
    struct committer *committer;
    struct db *db; /* reads */
    struct arena arena;
    int64_t now_ms;
};

/* Whatever comes, the caller closes it. */
enum status desk_open(struct desk *desk, const char *where, struct error *err) MUST_USE;
void desk_close(struct desk *desk);

#endif
