/* cmd_explain.c - aval explain DECISION|FILE: why a decision came out as it did, recorded or made
 * from a file. */
#include "cli/cmd.h"

#include "cli/cli.h"
#include "cli/offline.h"
#include "service/auditor.h"

#include <getopt.h>

#define USAGE                                                                                      \
    "{DECISION --db DB | FILE|- [--as-of DATE] [--model BUNDLE] [--policy FILE]} "                 \
    "[--lang en|es|fr] [--audience analyst|applicant|regulator] [--json]"

struct explain_options {
    struct offline offline; /* its file is the DECISION when `db` is given */
    const char *db, *lang, *audience;
    bool is_json;
    struct telling telling;
};

static bool options_read(struct explain_options *o, int argc, char **argv)
{
    static const struct option options[] = {
        {"db",       required_argument, NULL, 'd'},
        {"as-of",    required_argument, NULL, 'a'},
        {"model",    required_argument, NULL, 'm'},
        {"policy",   required_argument, NULL, 'p'},
        {"lang",     required_argument, NULL, 'l'},
        {"audience", required_argument, NULL, 'u'},
        {"json",     no_argument,       NULL, 'j'},
        {NULL,       0,                 NULL, 0  }
    };
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'd': o->db = optarg; break;
        case 'a': o->offline.as_of = optarg; break;
        case 'm': o->offline.model = optarg; break;
        case 'p': o->offline.policy = optarg; break;
        case 'l': o->lang = optarg; break;
        case 'u': o->audience = optarg; break;
        case 'j': o->is_json = true; break;
        default: return false;
        }
    }
    o->offline.file = argv[optind];
    bool is_offline =
        o->offline.as_of != NULL || o->offline.model != NULL || o->offline.policy != NULL;
    return optind + 1 == argc && !(o->db != NULL && is_offline);
}

static enum status telling_read(struct explain_options *o, struct error *err)
{
    o->telling.has_language = o->lang != NULL;
    o->telling.has_audience = o->audience != NULL;
    if (o->lang != NULL && !language_read(&o->telling.language, str_from(o->lang))) {
        return error_set(err, STATUS_INVALID, "--lang", "expected en, es or fr");
    }
    if (o->audience != NULL && !audience_read(&o->telling.audience, str_from(o->audience))) {
        return error_set(err, STATUS_INVALID, "--audience",
                         "expected analyst, applicant or regulator");
    }
    return STATUS_OK;
}

/* Print whichever was asked for, or say what failed. */
static int print(const struct explain_options *o, enum status status, struct buf *json,
                 const struct buf *text, const struct error *err)
{
    if (status == STATUS_OK && (buf_failed(json) || buf_failed(text))) {
        return cli_fail("explain", STATUS_TOO_LARGE, err);
    }
    if (status != STATUS_OK) {
        return cli_fail("explain", status, err);
    }
    buf_append_byte(json, '\n');
    return cli_print(buf_str(o->is_json ? json : text));
}

static int answer(const struct assessment *a, const struct in_force *in_force, struct arena *arena,
                  const void *context)
{
    const struct explain_options *o = context;
    struct buf json, text;
    struct error err = {{0}, {0}};
    buf_init(&json, EXPLANATION_LEN_MAX);
    buf_init(&text, EXPLANATION_LEN_MAX);
    enum status status =
        explain_assessment(&json, &text, a, in_force->model, &o->telling, arena, &err);
    int code = print(o, status, &json, &text, &err);
    buf_finish(&json);
    buf_finish(&text);
    return code;
}

static int explain_recorded(const struct explain_options *o)
{
    struct buf json, text;
    struct error err = {{0}, {0}};
    buf_init(&json, EXPLANATION_LEN_MAX);
    buf_init(&text, EXPLANATION_LEN_MAX);
    enum status status =
        auditor_explain(&json, &text, o->db, str_from(o->offline.file), &o->telling, &err);
    int code = print(o, status, &json, &text, &err);
    buf_finish(&json);
    buf_finish(&text);
    return code;
}

int cmd_explain(int argc, char **argv)
{
    struct explain_options o = {.offline = {.command = "explain"}};
    struct error err = {{0}, {0}};
    if (!options_read(&o, argc, argv)) {
        return cli_usage("explain", USAGE);
    }
    enum status status = telling_read(&o, &err);
    if (status != STATUS_OK) {
        return cli_fail("explain", status, &err);
    }
    return o.db != NULL ? explain_recorded(&o) : offline_assess(&o.offline, answer, &o);
}
