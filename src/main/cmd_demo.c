/* cmd_demo.c - aval demo: from nothing to a decision, and a server to try it on.
 *
 * Keeps its database, certificate and audit key in one folder; a second run finds them and goes on.
 * Every run makes a test key of its own, since a key is shown once and stored as a digest. */
#include "main/cmd_main.h"

#include "api/asset.h"
#include "base/file.h"
#include "base/log.h"
#include "cli/cli.h"
#include "format/json.h"
#include "http/certificate.h"
#include "http/probe.h"
#include "main/serve.h"
#include "main_assets.h"
#include "service/operator.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#define USAGE       "[--dir FOLDER] [--listen 127.0.0.1:PORT]"
#define DEMO_TENANT "demo"

enum { DEMO_PATH_MAX = 512, DEMO_ARENA_MAX = 4 * 1024 * 1024 };

struct demo {
    const char *dir, *listen;
    char db[DEMO_PATH_MAX], cert[DEMO_PATH_MAX], key[DEMO_PATH_MAX];
    struct key_created api_key;
};

static bool options_read(struct demo *demo, int argc, char **argv)
{
    static const struct option options[] = {
        {"dir",    required_argument, NULL, 'd'},
        {"listen", required_argument, NULL, 'l'},
        {NULL,     0,                 NULL, 0  }
    };
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'd': demo->dir = optarg; break;
        case 'l': demo->listen = optarg; break;
        default: return false;
        }
    }
    return optind == argc;
}

static bool path_write(char out[DEMO_PATH_MAX], const char *dir, const char *name)
{
    int len = snprintf(out, DEMO_PATH_MAX, "%s/%s", dir, name);
    return len > 0 && len < DEMO_PATH_MAX;
}

/* Folder, certificate, tenant and key. */
static enum status prepare(struct demo *demo, struct error *err)
{
    struct tenant_created tenant;
    struct wallclock clock = wallclock_system();
    if (!path_write(demo->db, demo->dir, "aval.db") ||
        !path_write(demo->cert, demo->dir, "cert.pem") ||
        !path_write(demo->key, demo->dir, "key.pem")) {
        return error_set(err, STATUS_INVALID, "--dir", "the path is too long");
    }
    if (mkdir(demo->dir, 0700) != 0 && errno != EEXIST) {
        return error_set(err, STATUS_IO, demo->dir, "%s", strerror(errno));
    }
    if (!certificate_is_usable(demo->cert, demo->key, wallclock_now_ms(&clock))) {
        TRY(certificate_make(demo->cert, demo->key, wallclock_now_ms(&clock), err));
    }
    enum status status = tenant_create(&tenant, demo->db, STR(DEMO_TENANT), err);
    if (status != STATUS_OK && status != STATUS_CONFLICT) {
        return status;
    }
    return key_create(&demo->api_key, demo->db,
                      &(struct key_request){.tenant = STR(DEMO_TENANT), .scopes = STR("")}, err);
}

static enum status ask(const struct demo *demo, uint16_t port, struct buf *reply, struct error *err)
{
    struct buf head;
    int http_status = 0;
    buf_init(&head, 4096);
    buf_printf(&head, "Authorization: Bearer %s\r\nContent-Type: application/json\r\n",
               demo->api_key.key);
    enum status status = probe_send(&(struct probe){.address = "127.0.0.1",
                                                    .port = port,
                                                    .ca_file = demo->cert,
                                                    .method = "POST",
                                                    .path = "/v1/decisions",
                                                    .head = buf_str(&head),
                                                    .body = str_of(demo_request, demo_request_len)},
                                    &http_status, reply, err);
    buf_finish(&head);
    if (status == STATUS_OK && http_status != 201) {
        (void)error_set(err, STATUS_INTERNAL, "POST /v1/decisions", "answered %d: %.*s",
                        http_status, reply->len > 200 ? 200 : (int)reply->len, reply->ptr);
        buf_finish(reply);
        return STATUS_INTERNAL;
    }
    return status;
}

/* The value at a path of member names, as text; "" if it is not there. */
static struct str value_at(const struct json *node, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count && node != NULL; i++) {
        node = node->type == JSON_OBJECT ? json_find(node, str_from(names[i])) : NULL;
    }
    return node == NULL ? STR("") : node->text;
}

#define VALUE(root, ...)                                                                           \
    value_at((root), (const char *const[]){__VA_ARGS__},                                           \
             sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void print_decision(struct str reply, struct arena *arena)
{
    const struct json *root = json_read(reply, arena, NULL);
    if (root == NULL) {
        return;
    }
    (void)printf("\n  %.*s\n", STR_ARGS(VALUE(root, "body", "company", "name")));
    (void)printf("  decision         %.*s\n", STR_ARGS(VALUE(root, "id")));
    (void)printf("  recommendation   %.*s\n", STR_ARGS(VALUE(root, "body", "recommendation")));
    (void)printf("  score            %.*s of 1000, grade %.*s\n",
                 STR_ARGS(VALUE(root, "body", "score", "value")),
                 STR_ARGS(VALUE(root, "body", "grade")));
    (void)printf("  PD, 12 months    %.*s (90 %% interval %.*s to %.*s)\n",
                 STR_ARGS(VALUE(root, "body", "pd", "value")),
                 STR_ARGS(VALUE(root, "body", "pd", "interval", "low")),
                 STR_ARGS(VALUE(root, "body", "pd", "interval", "high")));
    (void)printf("  limit            %.*s %.*s (asked %.*s)\n",
                 STR_ARGS(VALUE(root, "body", "limit", "recommended")),
                 STR_ARGS(VALUE(root, "body", "limit", "currency")),
                 STR_ARGS(VALUE(root, "body", "limit", "requested")));
    (void)printf("\n  %.*s\n", STR_ARGS(VALUE(root, "words", "justification")));
}

static int present(const struct demo *demo, const struct serving *serving)
{
    struct buf reply;
    struct arena arena;
    struct error err = {{0}, {0}};
    enum status status = ask(demo, http_server_port(serving->server), &reply, &err);
    if (status != STATUS_OK) {
        return cli_fail("demo", status, &err);
    }
    arena_init(&arena, DEMO_ARENA_MAX);
    print_decision(buf_str(&reply), &arena);
    arena_finish(&arena);
    buf_finish(&reply);
    (void)printf("\n  URL   %s\n", serving->urls[0]);
    if (asset_named("docs.html") != NULL) {
        (void)printf("  docs  %s/docs   (read and try the API in a browser)\n", serving->urls[0]);
    }
    (void)printf("  key   %s   (a test key; make more with `aval key create`)\n\n"
                 "Try it:\n\n"
                 "  curl --cacert %s %s/v1/decisions \\\n"
                 "    -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' \\\n"
                 "    --data @src/main/demo_request.json\n\n"
                 "Serving until Ctrl-C.\n",
                 demo->api_key.key, demo->cert, serving->urls[0], demo->api_key.key);
    return cli_print(STR(""));
}

static enum status start(struct serving *serving, const struct demo *demo, const char *listen,
                         struct error *err)
{
    return serve_start(serving,
                       &(struct serve_config){
                           .db = demo->db,
                           .http = {.listens = {{listen, false}},
                                    .tls_cert_file = demo->cert,
                                    .tls_key_file = demo->key}
    },
                       err);
}

int cmd_demo(int argc, char **argv)
{
    static struct serving serving;
    struct demo demo = {.dir = "demo", .listen = NULL};
    struct error err = {{0}, {0}};
    if (!options_read(&demo, argc, argv)) {
        return cli_usage("demo", USAGE);
    }
    log_set_level(LOG_WARN);
    serve_block_signals();
    enum status status = prepare(&demo, &err);
    if (status == STATUS_OK) {
        status = start(&serving, &demo, demo.listen == NULL ? "127.0.0.1:8443" : demo.listen, &err);
    }
    if (status == STATUS_IO && demo.listen == NULL && serving.server == NULL) {
        /* The usual port is taken: any free one will do for a demonstration. */
        status = start(&serving, &demo, "127.0.0.1:0", &err);
    }
    if (status != STATUS_OK) {
        return cli_fail("demo", status, &err);
    }
    int code = present(&demo, &serving);
    if (code == EX_OK) {
        serve_wait(&serving, NULL);
    }
    (void)serve_stop(&serving);
    return code;
}
