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
    "--db FILE --listen ADDR:PORT --tls-cert FILE --tls-key FILE | --no-tls\n"                     \
    "       [--model BUNDLE] [--policy FILE]... [--loops N] [--workers N] [--queue N]\n"           \
    "       [--log debug|info|warn|error]"

/* A whole number from 1 to `most`. */
static bool count_read(unsigned *out, const char *text, unsigned most)
{
    unsigned number = 0;
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || len > 4) {
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

static bool options_read(struct serve_config *o, int argc, char **argv)
{
    static const struct option options[] = {
        {"db",       required_argument, NULL, 'd'},
        {"listen",   required_argument, NULL, 'l'},
        {"tls-cert", required_argument, NULL, 'c'},
        {"tls-key",  required_argument, NULL, 'k'},
        {"no-tls",   no_argument,       NULL, 'n'},
        {"model",    required_argument, NULL, 'm'},
        {"policy",   required_argument, NULL, 'p'},
        {"loops",    required_argument, NULL, 'L'},
        {"workers",  required_argument, NULL, 'w'},
        {"queue",    required_argument, NULL, 'q'},
        {"log",      required_argument, NULL, 'g'},
        {NULL,       0,                 NULL, 0  }
    };
    bool is_good = true;
    int c;
    while (is_good && (c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'd': o->db = optarg; break;
        case 'l': o->listen = optarg; break;
        case 'c': o->tls_cert_file = optarg; break;
        case 'k': o->tls_key_file = optarg; break;
        case 'n': o->is_plain = true; break;
        case 'm': o->model_file = optarg; break;
        case 'p':
            is_good = o->policy_file_count < SERVE_POLICIES_MAX;
            o->policy_files[is_good ? o->policy_file_count++ : 0] = optarg;
            break;
        case 'L': is_good = count_read(&o->loops, optarg, WORKERS_MAX); break;
        case 'w': is_good = count_read(&o->workers, optarg, WORKERS_MAX); break;
        case 'q': is_good = count_read(&o->queue_max, optarg, COMMIT_QUEUE_MAX); break;
        case 'g': is_good = log_level_read(optarg); break;
        default: is_good = false; break;
        }
    }
    return is_good && optind == argc && o->db != NULL;
}

int cmd_serve(int argc, char **argv)
{
    struct serve_config config = {.listen = "127.0.0.1:8443"};
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
    char line[192];
    int len = snprintf(line, sizeof line, "{\"ready\":true,\"url\":\"%s\"}\n", serving.url);
    int code = cli_print(str_of(line, (size_t)len));
    if (code == EX_OK) {
        serve_wait();
    }
    return serve_stop(&serving) ? code : EX_TEMPFAIL;
}
