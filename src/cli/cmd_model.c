/* cmd_model.c - aval model: which models an installation has, which decide, and which score beside.
 *
 * Answers are JSON inside; a person gets them as lines. */
#include "cli/cmd.h"

#include "base/file.h"
#include "cli/cli.h"
#include "cli/lines.h"
#include "format/iso8601.h"
#include "service/model_desk.h"
#include "service/simulate.h"
#include "train/foreign.h"

#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define USAGE                                                                                      \
    "show [MODEL|FILE] [--db DB]\n"                                                                \
    "       aval model list --db DB\n"                                                             \
    "       aval model import FILE [--mapping FILE] [--as ID] {--db DB | --out BUNDLE}\n"          \
    "       aval model promote|withdraw|challenge|unchallenge MODEL --db DB\n"                     \
    "       aval model two-persons on|off --db DB\n"                                               \
    "       aval model compare MODEL --tenant NAME --mode test|live [--from DATE] [--before DATE]" \
    " --db DB\n"                                                                                   \
    "       aval model metrics|recalibrate ...: each says how it is used\n"                        \
    "  for one environment: --tenant NAME --mode test|live; for the record: --by NAME\n"           \
    "  --approved-by NAME --reason TEXT; for programs: --json.  MODEL is a digest or its first\n"  \
    "  8 digits, an id (mdl_...), a name, name@version, or a version"

enum { ANSWER_LEN_MAX = 64 * 1024 * 1024 };

struct model_options {
    const char *db, *tenant, *mode, *as, *by, *approved_by, *reason, *from, *before, *mapping, *out;
    bool is_json;
};

static bool options_read(struct model_options *o, int argc, char **argv)
{
    static const struct option options[] = {
        {"db",          required_argument, NULL, 'd'},
        {"tenant",      required_argument, NULL, 't'},
        {"mode",        required_argument, NULL, 'm'},
        {"as",          required_argument, NULL, 'a'},
        {"by",          required_argument, NULL, 'b'},
        {"approved-by", required_argument, NULL, 'A'},
        {"reason",      required_argument, NULL, 'r'},
        {"from",        required_argument, NULL, 'f'},
        {"before",      required_argument, NULL, 'u'},
        {"mapping",     required_argument, NULL, 'M'},
        {"out",         required_argument, NULL, 'o'},
        {"json",        no_argument,       NULL, 'j'},
        {NULL,          0,                 NULL, 0  }
    };
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'd': o->db = optarg; break;
        case 't': o->tenant = optarg; break;
        case 'm': o->mode = optarg; break;
        case 'a': o->as = optarg; break;
        case 'b': o->by = optarg; break;
        case 'A': o->approved_by = optarg; break;
        case 'r': o->reason = optarg; break;
        case 'f': o->from = optarg; break;
        case 'u': o->before = optarg; break;
        case 'M': o->mapping = optarg; break;
        case 'o': o->out = optarg; break;
        case 'j': o->is_json = true; break;
        default: return false;
        }
    }
    return true;
}

/* A tenant and its mode go together; without, it is about the installation. */
static bool scope_read(struct model_scope *out, const struct model_options *o)
{
    bool is_live = o->mode != NULL && strcmp(o->mode, "live") == 0;
    bool is_mode = is_live || (o->mode != NULL && strcmp(o->mode, "test") == 0);
    *out = (struct model_scope){str_from(o->tenant), is_live};
    return o->tenant == NULL ? o->mode == NULL : is_mode && o->tenant[0] != '\0';
}

/* Who acts, if he does not say: the user of the system. */
static struct str actor_of(const struct model_options *o)
{
    const struct passwd *user = o->by == NULL ? getpwuid(getuid()) : NULL;
    return str_from(o->by != NULL ? o->by : user != NULL ? user->pw_name : "operator");
}

static int fail(enum status status, const struct error *err)
{
    return cli_fail("model", status, err);
}

/* The answer as it is, or as lines. */
static int answer(const struct model_options *o, const struct buf *json)
{
    CLEANUP(buf_finish) struct buf out;
    buf_init(&out, ANSWER_LEN_MAX);
    if (o->is_json || isatty(STDOUT_FILENO) == 0) {
        buf_append(&out, buf_str(json));
        buf_append_byte(&out, '\n');
    } else {
        lines_write(&out, buf_str(json));
    }
    if (buf_failed(&out) || buf_failed(json)) {
        struct error err;
        return fail(error_set(&err, STATUS_TOO_LARGE, "", "the answer does not fit in memory"),
                    &err);
    }
    return cli_print(buf_str(&out));
}

/* ---- verbs ---- */

static int show(const struct model_options *o, const struct model_scope *scope, const char *what)
{
    struct error err = {{0}, {0}};
    CLEANUP(buf_finish) struct buf json;
    CLEANUP(buf_finish) struct buf text;
    buf_init(&json, ANSWER_LEN_MAX);
    buf_init(&text, MODEL_LEN_MAX);
    bool is_file = what != NULL && access(what, R_OK) == 0;
    enum status status = STATUS_OK;
    if (is_file) {
        status = file_read(&text, what, MODEL_LEN_MAX, &err);
        if (status == STATUS_OK) {
            status = model_desk_show_bundle(&json, buf_str(&text), &err);
        }
    } else if (o->db != NULL) {
        status = model_desk_show(&json, o->db, scope, str_from(what), &err);
    } else if (what == NULL) {
        status = model_desk_show_bundle(&json, model_desk_own_bundle(), &err);
    } else {
        status = error_set(&err, STATUS_NOT_FOUND, what,
                           "there is no such file; give --db to look for a model of that name");
    }
    return status == STATUS_OK ? answer(o, &json) : fail(status, &err);
}

/* The bundle under another name: other bytes, so another digest. */
static enum status rename_bundle(struct buf *text, const char *id, struct error *err)
{
    enum { TREE_ARENA_MAX = 256 * 1024 * 1024 };
    struct arena arena;
    struct json_error at = {.message = ""};
    CLEANUP(buf_finish) struct buf patch;
    struct buf renamed;
    buf_init(&patch, 4096);
    buf_append(&patch, STR("{\"id\":"));
    json_append_string(&patch, str_from(id));
    buf_append_byte(&patch, '}');
    arena_init(&arena, TREE_ARENA_MAX);
    const struct json *root = json_read(buf_str(text), &arena, &at);
    const struct json *change = json_read(buf_str(&patch), &arena, NULL);
    enum status status = STATUS_OK;
    if (root == NULL || root->type != JSON_OBJECT || change == NULL) {
        status = error_set(err, STATUS_INVALID, at.pointer,
                           "a bundle is a JSON object, and --as "
                           "the id it shall have");
    } else {
        buf_init(&renamed, MODEL_LEN_MAX);
        json_merge_patch(&renamed, root, change);
        buf_append_byte(&renamed, '\n');
        buf_finish(text);
        *text = renamed;
    }
    arena_finish(&arena);
    return status;
}

/* The file as a bundle: as it is, under another name, or made of another library's trees. */
static enum status bundle_take(struct buf *text, const struct model_options *o, struct error *err)
{
    CLEANUP(buf_finish) struct buf frame;
    struct buf bundle;
    buf_init(&frame, MODEL_LEN_MAX);
    if (o->mapping == NULL) {
        return o->as == NULL ? STATUS_OK : rename_bundle(text, o->as, err);
    }
    TRY(file_read(&frame, o->mapping, MODEL_LEN_MAX, err));
    buf_init(&bundle, MODEL_LEN_MAX);
    enum status status =
        foreign_bundle(&bundle, buf_str(text), buf_str(&frame), str_from(o->as), err);
    buf_finish(text);
    *text = bundle;
    return status;
}

static int import(const struct model_options *o, const struct model_scope *scope, const char *file)
{
    enum { FOREIGN_LEN_MAX = 256 * 1024 * 1024 };
    struct error err = {{0}, {0}};
    CLEANUP(buf_finish) struct buf json;
    CLEANUP(buf_finish) struct buf text;
    buf_init(&json, ANSWER_LEN_MAX);
    enum status status =
        file_read(&text, file, o->mapping == NULL ? MODEL_LEN_MAX : FOREIGN_LEN_MAX, &err);
    if (status == STATUS_OK) {
        status = bundle_take(&text, o, &err);
    }
    if (status == STATUS_OK && o->out != NULL) {
        status = model_desk_show_bundle(&json, buf_str(&text), &err);
    }
    if (status == STATUS_OK && o->out != NULL) {
        status = file_write(o->out, buf_str(&text), 0644, &err);
    } else if (status == STATUS_OK) {
        status = model_desk_import(&json, o->db, scope, buf_str(&text), actor_of(o), &err);
    }
    return status == STATUS_OK ? answer(o, &json) : fail(status, &err);
}

static int act(const struct model_options *o, const struct model_scope *scope,
               enum model_action action, const char *model)
{
    struct error err = {{0}, {0}};
    CLEANUP(buf_finish) struct buf json;
    buf_init(&json, ANSWER_LEN_MAX);
    enum status status = model_desk_act(&json, o->db,
                                        &(struct model_desk_wish){
                                            .scope = *scope,
                                            .action = action,
                                            .model = str_from(model),
                                            .by = actor_of(o),
                                            .approved_by = str_from(o->approved_by),
                                            .reason = str_from(o->reason),
                                        },
                                        &err);
    return status == STATUS_OK ? answer(o, &json) : fail(status, &err);
}

/* A date stands for its first instant, in UTC. */
static bool time_read(int64_t *out, const char *text)
{
    struct date date;
    *out = 0;
    if (text == NULL || timestamp_read(out, str_from(text))) {
        return true;
    }
    bool is_date = date_read(&date, str_from(text));
    *out = is_date ? (int64_t)date_to_days(date) * 24 * 3600 * 1000 : 0;
    return is_date;
}

static int compare(const struct model_options *o, const struct model_scope *scope,
                   const char *model)
{
    struct error err = {{0}, {0}};
    int64_t from_ms, before_ms;
    CLEANUP(buf_finish) struct buf json;
    buf_init(&json, ANSWER_LEN_MAX);
    if (!time_read(&from_ms, o->from) || !time_read(&before_ms, o->before)) {
        return fail(error_set(&err, STATUS_INVALID, "--from, --before",
                              "expected a date (2027-01-31) or an instant"),
                    &err);
    }
    enum status status =
        model_desk_compare(&json, o->db, scope, str_from(model), from_ms, before_ms, &err);
    return status == STATUS_OK ? answer(o, &json) : fail(status, &err);
}

/* ---- which verb ---- */

static const struct {
    const char *verb, *object; /* "": the name of a model */
    enum model_action action;
} acts[] = {
    {"promote",     "",    MODEL_PROMOTED            },
    {"withdraw",    "",    MODEL_WITHDRAWN           },
    {"challenge",   "",    MODEL_CHALLENGED          },
    {"unchallenge", "",    MODEL_UNCHALLENGED        },
    {"two-persons", "on",  MODEL_TWO_PERSONS_REQUIRED},
    {"two-persons", "off", MODEL_TWO_PERSONS_WAIVED  },
};

static int run(const struct model_options *o, const char *verb, const char *object)
{
    struct model_scope scope;
    bool is_import = strcmp(verb, "import") == 0;
    bool is_of_import = o->as != NULL || o->mapping != NULL || o->out != NULL;
    if (!scope_read(&scope, o) || (is_of_import && !is_import) ||
        (o->out != NULL && o->db != NULL)) {
        return cli_usage("model", USAGE);
    }
    if (strcmp(verb, "show") == 0) {
        return show(o, &scope, object);
    }
    if (o->db == NULL && o->out == NULL) {
        return cli_usage("model", USAGE);
    }
    if (strcmp(verb, "list") == 0 && object == NULL) {
        struct error err = {{0}, {0}};
        CLEANUP(buf_finish) struct buf json;
        buf_init(&json, ANSWER_LEN_MAX);
        enum status status = model_desk_list(&json, o->db, &scope, &err);
        return status == STATUS_OK ? answer(o, &json) : fail(status, &err);
    }
    if (object == NULL || object[0] == '\0') {
        return cli_usage("model", USAGE);
    }
    if (is_import) {
        return import(o, &scope, object);
    }
    if (strcmp(verb, "compare") == 0) {
        return compare(o, &scope, object);
    }
    for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
        if (strcmp(verb, acts[i].verb) == 0 &&
            (acts[i].object[0] == '\0' || strcmp(object, acts[i].object) == 0)) {
            return act(o, &scope, acts[i].action, acts[i].object[0] == '\0' ? object : NULL);
        }
    }
    return cli_usage("model", USAGE);
}

int cmd_model(int argc, char **argv)
{
    struct model_options o = {0};
    if (argc > 1 && cmd_model_watches(argv[1])) {
        return cmd_model_watch(argc, argv);
    }
    if (!options_read(&o, argc, argv) || optind >= argc || argc - optind > 2) {
        return cli_usage("model", USAGE);
    }
    return run(&o, argv[optind], argv[optind + 1]);
}
