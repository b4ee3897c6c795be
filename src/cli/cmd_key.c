/* cmd_key.c - aval key create|revoke: API keys, shown once. */
#include "cli/cmd.h"

#include "base/wallclock.h"
#include "cli/cli.h"
#include "format/iso8601.h"
#include "service/operator.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#define USAGE                                                                                      \
    "create --tenant NAME --mode test|live [--scopes a,b] [--expires DATE] --db DB [--json]\n"     \
    "       aval key revoke KEY_ID --db DB"

struct key_options {
    const char *db, *tenant, *mode, *scopes, *expires;
    bool is_json;
};

static bool options_read(struct key_options *o, int argc, char **argv)
{
    static const struct option options[] = {
        {"db",      required_argument, NULL, 'd'},
        {"tenant",  required_argument, NULL, 't'},
        {"mode",    required_argument, NULL, 'm'},
        {"scopes",  required_argument, NULL, 's'},
        {"expires", required_argument, NULL, 'e'},
        {"json",    no_argument,       NULL, 'j'},
        {NULL,      0,                 NULL, 0  }
    };
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'd': o->db = optarg; break;
        case 't': o->tenant = optarg; break;
        case 'm': o->mode = optarg; break;
        case 's': o->scopes = optarg; break;
        case 'e': o->expires = optarg; break;
        case 'j': o->is_json = true; break;
        default: return false;
        }
    }
    return o->db != NULL;
}

/* A date stands for its first instant, in UTC. */
static bool expiry_read(int64_t *out, const char *text)
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

static int create(const struct key_options *o)
{
    struct key_created created;
    struct error err = {{0}, {0}};
    bool is_live = o->mode != NULL && strcmp(o->mode, "live") == 0;
    if (o->tenant == NULL || o->mode == NULL || (!is_live && strcmp(o->mode, "test") != 0)) {
        return cli_usage("key", USAGE);
    }
    struct key_request request = {
        .tenant = str_from(o->tenant), .is_live = is_live, .scopes = str_from(o->scopes)};
    if (!expiry_read(&request.expires_ms, o->expires)) {
        (void)error_set(&err, STATUS_INVALID, "--expires",
                        "expected a date (2027-01-31) or an instant");
        return cli_fail("key", STATUS_INVALID, &err);
    }
    struct wallclock clock = wallclock_system();
    if (o->expires != NULL && request.expires_ms <= wallclock_now_ms(&clock)) {
        (void)error_set(&err, STATUS_INVALID, "--expires",
                        "%s has passed, and the key would be refused from the start; a date counts "
                        "from its first instant, in UTC",
                        o->expires);
        return cli_fail("key", STATUS_INVALID, &err);
    }
    if (o->scopes != NULL && o->scopes[0] == '\0') {
        (void)error_set(&err, STATUS_INVALID, "--scopes",
                        "name one scope at least; left out, the key gets all there are");
        return cli_fail("key", STATUS_INVALID, &err);
    }
    enum status status = key_create(&created, o->db, &request, &err);
    if (status != STATUS_OK) {
        return cli_fail("key", status, &err);
    }
    char line[256];
    int len = snprintf(
        line, sizeof line,
        o->is_json ? "{\"id\":\"%s\",\"key\":\"%s\"}\n"
                   : "%s\n%s\nKeep the key now: it is stored as a digest and not shown again.\n",
        created.id, created.key);
    int code = cli_print(str_of(line, (size_t)len));
    secret_wipe(line, sizeof line);
    secret_wipe(&created, sizeof created);
    return code;
}

int cmd_key(int argc, char **argv)
{
    struct key_options o = {0};
    struct error err = {{0}, {0}};
    if (!options_read(&o, argc, argv) || optind >= argc) {
        return cli_usage("key", USAGE);
    }
    if (strcmp(argv[optind], "create") == 0 && optind + 1 == argc) {
        return create(&o);
    }
    if (strcmp(argv[optind], "revoke") != 0 || optind + 2 != argc) {
        return cli_usage("key", USAGE);
    }
    enum status status = key_revoke_by_id(o.db, str_from(argv[optind + 1]), &err);
    return status == STATUS_OK ? EX_OK : cli_fail("key", status, &err);
}
