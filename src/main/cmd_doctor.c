/* cmd_doctor.c - aval doctor: look an installation over, and say what to mend. */
#include "main/cmd_main.h"

#include "cli/cli.h"
#include "format/json.h"
#include "main/doctor.h"
#include "service/examine.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <sysexits.h>

#define USAGE                                                                                      \
    "[--db FILE] [--listen ADDR:PORT] [--tls-cert FILE --tls-key FILE]\n"                          \
    "       [--model BUNDLE] [--policy FILE]... [--url URL] [--deep] [--json]"

static const struct {
    const char *name;
    void (*run)(struct finding *out, struct doctor *d);
    const char *about;
} checks[] = {
#define DOCTOR_CHECK(name, function, about) {name, function, about},
#include "main/doctor.def"
#undef DOCTOR_CHECK
};

static const char *const verdict_words[] = {
    [VERDICT_NONE] = "", [VERDICT_OK] = "ok", [VERDICT_WARN] = "warn", [VERDICT_FAIL] = "fail"};

/* Names of files come from outside: what is not UTF-8, or was cut in the middle, must not spoil the
 * report. */
static void make_printable(char *text)
{
    bool is_utf8 = str_is_utf8(str_from(text));
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        *text = c < 0x20 || c == 0x7F || (c >= 0x80 && !is_utf8) ? '?' : *text;
    }
}

void finding_set(struct finding *out, enum verdict verdict, const char *remedy, const char *format,
                 ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(out->found, sizeof out->found, format, args);
    va_end(args);
    make_printable(out->found);
    (void)snprintf(out->remedy, sizeof out->remedy, "%s", remedy == NULL ? "" : remedy);
    out->verdict = verdict;
}

void finding_error(struct finding *out, const char *remedy, const struct error *err)
{
    finding_set(out, VERDICT_FAIL, remedy, "%s%s%s", err->field, err->field[0] == '\0' ? "" : ": ",
                err->message);
}

static bool options_read(struct doctor *d, bool *is_json, int argc, char **argv)
{
    static const struct option options[] = {
        {"db",       required_argument, NULL, 'd'},
        {"listen",   required_argument, NULL, 'l'},
        {"tls-cert", required_argument, NULL, 'c'},
        {"tls-key",  required_argument, NULL, 'k'},
        {"model",    required_argument, NULL, 'm'},
        {"policy",   required_argument, NULL, 'p'},
        {"url",      required_argument, NULL, 'u'},
        {"deep",     no_argument,       NULL, 'D'},
        {"json",     no_argument,       NULL, 'j'},
        {NULL,       0,                 NULL, 0  }
    };
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'd': d->db = optarg; break;
        case 'l': d->listen = optarg; break;
        case 'c': d->tls_cert_file = optarg; break;
        case 'k': d->tls_key_file = optarg; break;
        case 'm': d->model_file = optarg; break;
        case 'p':
            if (d->policy_file_count == POLICIES_MAX) {
                return false;
            }
            d->policy_files[d->policy_file_count++] = optarg;
            break;
        case 'u': d->url = optarg; break;
        case 'D': d->is_deep = true; break;
        case 'j': *is_json = true; break;
        default: return false;
        }
    }
    return optind == argc;
}

static void write_json(struct buf *out, const struct finding *findings,
                       const unsigned counts[VERDICT_FAIL + 1])
{
    struct json_writer w;
    json_writer_init(&w, out);
    json_object_begin(&w);
    json_name(&w, STR("healthy"));
    json_bool(&w, counts[VERDICT_FAIL] == 0);
    for (int v = VERDICT_OK; v <= VERDICT_FAIL; v++) {
        json_name(&w, str_from(verdict_words[v]));
        json_int(&w, counts[v]);
    }
    json_name(&w, STR("checks"));
    json_array_begin(&w);
    for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
        if (findings[i].verdict != VERDICT_NONE) {
            json_object_begin(&w);
            json_text_member(&w, STR("name"), str_from(checks[i].name));
            json_text_member(&w, STR("verdict"), str_from(verdict_words[findings[i].verdict]));
            json_text_member(&w, STR("about"), str_from(checks[i].about));
            json_text_member(&w, STR("found"), str_from(findings[i].found));
            json_text_member(&w, STR("remedy"), str_from(findings[i].remedy));
            json_object_end(&w);
        }
    }
    json_array_end(&w);
    json_object_end(&w);
    buf_append_byte(out, '\n');
}

static void write_for_people(struct buf *out, const struct finding *findings,
                             const unsigned counts[VERDICT_FAIL + 1])
{
    for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
        if (findings[i].verdict != VERDICT_NONE) {
            buf_printf(out, "%-5s %-12s %s\n", verdict_words[findings[i].verdict], checks[i].name,
                       findings[i].found);
        }
        if (findings[i].remedy[0] != '\0') {
            buf_printf(out, "%18s   -> %s\n", "", findings[i].remedy);
        }
    }
    buf_printf(out, "%u ok, %u to look at, %u failed\n", counts[VERDICT_OK], counts[VERDICT_WARN],
               counts[VERDICT_FAIL]);
}

int cmd_doctor(int argc, char **argv)
{
    struct finding findings[ARRAY_LEN(checks)] = {0};
    struct doctor d = {.clock = wallclock_system()};
    unsigned counts[VERDICT_FAIL + 1] = {0};
    bool is_json = false;
    struct buf out;
    if (!options_read(&d, &is_json, argc, argv)) {
        return cli_usage("doctor", USAGE);
    }
    for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
        checks[i].run(&findings[i], &d);
        counts[findings[i].verdict]++;
    }
    examine_close(d.reader);
    buf_init(&out, 64 * 1024);
    if (is_json) {
        write_json(&out, findings, counts);
    } else {
        write_for_people(&out, findings, counts);
    }
    int code = cli_print(buf_str(&out));
    buf_finish(&out);
    return code != EX_OK ? code : counts[VERDICT_FAIL] == 0 ? EX_OK : EXIT_MISMATCH;
}
