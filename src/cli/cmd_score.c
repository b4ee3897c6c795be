/* cmd_score.c - aval score FILE|-: one company, offline, the same body as the server's for the same
 * request. */
#include "cli/cmd.h"

#include "cli/cli.h"
#include "cli/offline.h"

#include <getopt.h>

#define USAGE "FILE|- [--as-of DATE] [--model BUNDLE] [--policy FILE] [--json]"

struct score_options {
    struct offline offline;
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
        case 'a': o->offline.as_of = optarg; break;
        case 'm': o->offline.model = optarg; break;
        case 'p': o->offline.policy = optarg; break;
        case 'j': o->is_json = true; break;
        default: return false;
        }
    }
    o->offline.file = argv[optind];
    return optind + 1 == argc;
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
        buf_printf(out, "%-16s%.2f %%, which policy decides on\n", "bound",
                   (double)d->score.pd_ppm_bound / 1e4);
        buf_printf(out, "%-16s", "limit");
        money_write(out, d->limit.recommended);
        buf_printf(out, " %s\n", currency_code(d->limit.currency));
    }
}

static int answer(const struct assessment *a, const struct in_force *in_force, struct arena *arena,
                  const void *context)
{
    const struct score_options *o = context;
    struct buf out;
    (void)arena;
    buf_init(&out, 4 * 1024 * 1024);
    if (o->is_json) {
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

int cmd_score(int argc, char **argv)
{
    struct score_options o = {.offline = {.command = "score"}};
    if (!options_read(&o, argc, argv)) {
        return cli_usage("score", USAGE);
    }
    return offline_assess(&o.offline, answer, &o);
}
