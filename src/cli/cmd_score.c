/* cmd_score.c - aval score FILE|-: one company, offline, the same body as the server's for the same
 * request. */
#include "cli/cmd.h"

#include "base/file.h"
#include "base/wallclock.h"
#include "cli/cli.h"
#include "service/assess.h"

#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#define USAGE "FILE|- [--as-of DATE] [--model BUNDLE] [--policy FILE] [--json]"

enum { SCORE_ARENA_MAX = 64 * 1024 * 1024 };

struct score_options {
    const char *file, *as_of, *model, *policy;
    bool is_json;
};

static bool options_read(struct score_options *o, int argc, char **argv)
{
    static const struct option options[] = {
        {"as-of",  required_argument, NULL, 'a'},
        {"model",  required_argument, NULL, 'm'},
        {"policy", required_argument, NULL, 'p'},
        {"json",   no_argument,       NULL, 'j'},
        {NULL,     0,                 NULL, 0  }
    };
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'a': o->as_of = optarg; break;
        case 'm': o->model = optarg; break;
        case 'p': o->policy = optarg; break;
        case 'j': o->is_json = true; break;
        default: return false;
        }
    }
    o->file = argv[optind];
    return optind + 1 == argc;
}

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

/* For people: the paragraph, then the figures it rests on. */
static void write_for_people(struct buf *out, const struct assessment *a,
                             const struct in_force *in_force)
{
    const struct decision *d = &a->decision;
    struct decision_input in = {.facts = &a->request.facts,
                                .asked = &a->request.asked,
                                .policy = a->policy,
                                .model = in_force->model};
    words_justification(out, d, &in, a->request.language, a->request.audience);
    buf_append(out, STR("\n\n"));
    buf_printf(out, "%-16s%s\n", "recommendation", recommendation_wire(d->recommendation));
    if (d->status == DECISION_SCORED || d->status == DECISION_THIN) {
        buf_printf(out, "%-16s%d of 1000, grade %s\n", "score", d->score.points,
                   grade_wire(d->grade));
        buf_printf(out, "%-16s%.2f %% over 12 months (90 %% interval %.2f %% to %.2f %%)\n", "PD",
                   (double)d->score.pd_ppm / 1e4, (double)d->score.pd_ppm_low / 1e4,
                   (double)d->score.pd_ppm_high / 1e4);
        buf_printf(out, "%-16s", "limit");
        money_write(out, d->limit.recommended);
        buf_printf(out, " %s\n", currency_code(d->limit.currency));
    }
}

static int answer(const struct assessment *a, const struct in_force *in_force, bool is_json)
{
    struct buf out;
    buf_init(&out, 4 * 1024 * 1024);
    if (is_json) {
        buf_append(&out, STR("{\"body\":"));
        buf_append(&out, buf_str(&a->body));
        buf_append(&out, STR(",\"words\":"));
        buf_append(&out, buf_str(&a->words));
        buf_append(&out, STR("}\n"));
    } else {
        write_for_people(&out, a, in_force);
    }
    int code = cli_print(buf_str(&out));
    buf_finish(&out);
    return code;
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

static int score(const struct score_options *o, const struct in_force *in_force, struct str text,
                 struct arena *arena)
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
        return cli_fail("score", STATUS_INVALID, &err);
    }
    enum status status = request_parse(&root, text, arena, &json_err, &err);
    if (status == STATUS_OK) {
        status = assess(&assessment, root, today, in_force, arena, violations, &err);
    }
    int code = status == STATUS_OK ? answer(&assessment, in_force, o->is_json)
                                   : cli_fail("score", status, &err);
    print_violations(violations);
    assessment_finish(&assessment);
    return code;
}

int cmd_score(int argc, char **argv)
{
    struct score_options o = {0};
    struct in_force in_force = {0};
    struct error err = {{0}, {0}};
    struct buf text = {0};
    struct arena arena;
    if (!options_read(&o, argc, argv)) {
        return cli_usage("score", USAGE);
    }
    enum status status =
        in_force_load(&in_force, o.model, &o.policy, o.policy == NULL ? 0 : 1, &err);
    if (status == STATUS_OK) {
        status = file_read(&text, o.file, DECISION_REQUEST_LEN_MAX, &err);
    }
    arena_init(&arena, SCORE_ARENA_MAX);
    int code = status == STATUS_OK ? score(&o, &in_force, buf_str(&text), &arena)
                                   : cli_fail("score", status, &err);
    arena_finish(&arena);
    buf_finish(&text);
    in_force_finish(&in_force);
    return code;
}
