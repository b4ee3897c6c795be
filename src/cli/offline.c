/* offline.c - file, model and policy in; an assessment out. */
#include "cli/offline.h"

#include "base/file.h"
#include "base/wallclock.h"
#include "cli/cli.h"

#include <stdio.h>

enum { OFFLINE_ARENA_MAX = 64 * 1024 * 1024 };

static void print_violations(const struct violations *violations)
{
    for (uint32_t i = 0; i < violations->count; i++) {
        const struct violation *v = &violations->items[i];
        (void)fprintf(stderr, "  %.*s: %.*s", STR_ARGS(v->pointer), STR_ARGS(v->detail));
        if (v->expected.len > 0) {
            (void)fprintf(stderr, " Expected: %.*s.", STR_ARGS(v->expected));
        }
        (void)fprintf(stderr, "\n");
    }
}

/* The day a missing as_of stands for: --as-of, or today. */
static bool today_read(struct date *out, const char *as_of)
{
    struct wallclock clock = wallclock_system();
    if (as_of != NULL) {
        return date_read(out, str_from(as_of));
    }
    *out = date_of_ms(wallclock_now_ms(&clock));
    return true;
}

static int decide(const struct offline *o, const struct in_force *in_force, struct str text,
                  struct arena *arena, offline_answer *answer, const void *context)
{
    struct error err = {{0}, {0}};
    struct json_error json_err;
    const struct json *root;
    struct assessment assessment = {0};
    struct date today;
    struct violations *violations = arena_new(arena, struct violations);
    CHECK(violations != NULL);
    violations_init(violations, arena);
    if (!today_read(&today, o->as_of)) {
        (void)error_set(&err, STATUS_INVALID, "--as-of", "expected a date: 2026-11-22");
        return cli_fail(o->command, STATUS_INVALID, &err);
    }
    enum status status = request_parse(&root, text, arena, &json_err, &err);
    if (status == STATUS_OK) {
        status = assess(&assessment, root, today, in_force, arena, violations, &err);
    }
    int code = status == STATUS_OK ? answer(&assessment, in_force, arena, context)
                                   : cli_fail(o->command, status, &err);
    print_violations(violations);
    assessment_finish(&assessment);
    return code;
}

int offline_assess(const struct offline *offline, offline_answer *answer, const void *context)
{
    struct in_force in_force = {0};
    struct error err = {{0}, {0}};
    struct buf text = {0};
    struct arena arena;
    enum status status = in_force_load(&in_force, offline->model, &offline->policy,
                                       offline->policy == NULL ? 0 : 1, &err);
    if (status == STATUS_OK) {
        status = file_read(&text, offline->file, DECISION_REQUEST_LEN_MAX, &err);
    }
    arena_init(&arena, OFFLINE_ARENA_MAX);
    int code = status == STATUS_OK
                   ? decide(offline, &in_force, buf_str(&text), &arena, answer, context)
                   : cli_fail(offline->command, status, &err);
    arena_finish(&arena);
    buf_finish(&text);
    in_force_finish(&in_force);
    return code;
}
