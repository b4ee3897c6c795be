/* desk.c - a committer of its own, and a reading connection. */
#include "service/desk.h"

#include "base/wallclock.h"

enum { DESK_ARENA_MAX = 64 * 1024 * 1024 };

enum status desk_open(struct desk *desk, const char *where, struct error *err)
{
    struct wallclock clock = wallclock_system();
    *desk = (struct desk){.now_ms = wallclock_now_ms(&clock)};
    arena_init(&desk->arena, DESK_ARENA_MAX);
    TRY(committer_start(
        &desk->committer,
        &(struct committer_config){.where = where, .stream = "operator", .clock = clock}, err));
    return db_open(&desk->db, where, DB_READER, err);
}

void desk_close(struct desk *desk)
{
    db_close(desk->db);
    if (desk->committer != NULL) {
        committer_stop(desk->committer);
    }
    arena_finish(&desk->arena);
}
