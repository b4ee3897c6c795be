/* cmd_serve.c - aval serve: the API, until SIGTERM. */
#include "main/cmd_main.h"

#include "base/log.h"
#include "cli/cli.h"
#include "main/serve.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define USAGE                                                                                      \
    "--db FILE [--listen ADDR:PORT]... {--tls-cert FILE --tls-key FILE | --no-tls}\n"              \
    "       [--listen-mtls ADDR:PORT]... [--tls-client-ca FILE [--tls-client-crl FILE]]\n"         \
    "       [--handshakes N]\n"                                                                    \
    "       [--model BUNDLE] [--policy FILE]... [--loops N] [--workers N] [--queue N]\n"           \
    "       [--in-flight N] [--metrics-allow CIDR]... [--log debug|info|warn|error]"

enum { HANDSHAKES_MAX = 100000 };

/* A whole number from 1 to `most`. */
static bool count_read(unsigned *out, const char *text, unsigned most)
{
    unsigned number = 0;
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || len > 6) {
            return false;
        }
        number = number * 10 + (unsigned)(text[i] - '0');
    }
    *out = number;
    return number >= 1 && number <= most;
}

static bool log_level_read(const char *text)
{
    static const char *const names[] = {
        [LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(names[i], text) == 0) {
            log_set_level((enum log_level)i);
            return true;
        }
    }
    return false;
}

static bool listen_add(struct http_config *http, const char *address, bool is_mutual)
{
    for (unsigned i = 0; i < HTTP_LISTENS_MAX; i++) {
        if (http->listens[i].address == NULL) {
            http->listens[i] = (struct http_listen){address, is_mutual};
            return true;
        }
    }
    return false;
}

static bool range_add(struct serve_config *o, const char *text)
{
    return o->metrics_range_count < SERVE_RANGES_MAX &&
           address_range_read(&o->metrics_ranges[o->metrics_range_count++], str_from(text));
}

static bool options_read(struct serve_config *o, int argc, char **argv)
{
    static const struct option options[] = {
        {"db",             required_argument, NULL, 'd'},
        {"listen",         required_argument, NULL, 'l'},
        {"listen-mtls",    required_argument, NULL, 'M'},
        {"tls-cert",       required_argument, NULL, 'c'},
        {"tls-key",        required_argument, NULL, 'k'},
        {"tls-client-ca",  required_argument, NULL, 'C'},
        {"tls-client-crl", required_argument, NULL, 'R'},
        {"handshakes",     required_argument, NULL, 'H'},
        {"no-tls",         no_argument,       NULL, 'n'},
        {"model",          required_argument, NULL, 'm'},
        {"policy",         required_argument, NULL, 'p'},
        {"loops",          required_argument, NULL, 'L'},
        {"workers",        required_argument, NULL, 'w'},
        {"queue",          required_argument, NULL, 'q'},
        {"in-flight",      required_argument, NULL, 'i'},
        {"metrics-allow",  required_argument, NULL, 'a'},
        {"log",            required_argument, NULL, 'g'},
        {NULL,             0,                 NULL, 0  }
    };
    struct http_config *http = &o->http;
    bool is_good = true;
    int c;
    while (is_good && (c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'd': o->db = optarg; break;
        case 'l': is_good = listen_add(http, optarg, false); break;
        case 'M': is_good = listen_add(http, optarg, true); break;
        case 'c': http->tls_cert_file = optarg; break;
        case 'k': http->tls_key_file = optarg; break;
        case 'C': http->tls_client_ca_file = optarg; break;
        case 'R': http->tls_client_crl_file = optarg; break;
        case 'H': is_good = count_read(&http->handshakes, optarg, HANDSHAKES_MAX); break;
        case 'n': o->is_plain = true; break;
        case 'm': o->model_file = optarg; break;
        case 'p':
            is_good = o->policy_file_count < SERVE_POLICIES_MAX;
            o->policy_files[is_good ? o->policy_file_count++ : 0] = optarg;
            break;
        case 'L': is_good = count_read(&http->loops, optarg, WORKERS_MAX); break;
        case 'w': is_good = count_read(&o->workers, optarg, WORKERS_MAX); break;
        case 'q': is_good = count_read(&o->queue_max, optarg, COMMIT_QUEUE_MAX); break;
        case 'i': is_good = count_read(&o->in_flight, optarg, ADMISSION_PLACES_MAX); break;
        case 'a': is_good = range_add(o, optarg); break;
        case 'g': is_good = log_level_read(optarg); break;
        default: is_good = false; break;
        }
    }
    if (http->listens[0].address == NULL) {
        (void)listen_add(http, "127.0.0.1:8443", false);
    }
    return is_good && optind == argc && o->db != NULL;
}

/* One line that says where we are. */
static int print_ready(const struct serving *serving)
{
    struct buf line;
    buf_init(&line, 4096);
    buf_printf(&line, "{\"ready\":true,\"url\":\"%s\",\"urls\":[", serving->urls[0]);
    for (unsigned i = 0; i < serving->url_count; i++) {
        buf_printf(&line, "%s\"%s\"", i > 0 ? "," : "", serving->urls[i]);
    }
    buf_append(&line, STR("]}\n"));
    int code = cli_print(buf_str(&line));
    buf_finish(&line);
    return code;
}

int cmd_serve(int argc, char **argv)
{
    struct serve_config config = {.db = NULL};
    static struct serving serving;
    struct error err = {{0}, {0}};
    if (!options_read(&config, argc, argv)) {
        return cli_usage("serve", USAGE);
    }
    serve_block_signals();
    enum status status = serve_start(&serving, &config, &err);
    if (status != STATUS_OK) {
        return cli_fail("serve", status, &err);
    }
    int code = print_ready(&serving);
    if (code == EX_OK) {
        serve_wait(&serving, &config.http);
    }
    return serve_stop(&serving) ? code : EX_TEMPFAIL;
}
