/* doctor_edge.c - the certificate, the address, and a server that runs. */
#include "main/doctor.h"

#include "format/json.h"
#include "http/listener.h"
#include "http/pair.h"
#include "http/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_MS = 86400000, DAYS_LEFT_FEW = 21, SKEW_WARN_MS = 3000, SKEW_FAIL_MS = 60000 };

/* ---- the certificate ---- */

static void certificate_judge(struct finding *out, const struct pair_report *pair, int64_t now_ms)
{
    int64_t days = (pair->expires_ms - now_ms) / DAY_MS;
    if (!pair->is_matching) {
        finding_set(out, VERDICT_FAIL, "Give the key that the certificate was made for.",
                    "the key is not that of the certificate (%s)", pair->subject);
    } else if ((pair->key_mode & 077U) != 0) {
        finding_set(out, VERDICT_FAIL, "Close the key to others: chmod 600.",
                    "the key has mode %04o: others may read it", pair->key_mode);
    } else if (now_ms >= pair->expires_ms) {
        finding_set(out, VERDICT_FAIL, "Get a new certificate: callers refuse this one.",
                    "expired %lld days ago (%s)", (long long)-days, pair->subject);
    } else if (now_ms < pair->starts_ms) {
        finding_set(out, VERDICT_FAIL, "Check the clock of this machine, then the certificate.",
                    "not valid yet (%s)", pair->subject);
    } else if (pair->out_of_order != 0) {
        finding_set(out, VERDICT_FAIL,
                    "Put the server's certificate first, then the one that issued it, and so on.",
                    "certificate %u of the file did not issue the one before it",
                    pair->out_of_order);
    } else if (days < DAYS_LEFT_FEW) {
        finding_set(out, VERDICT_WARN, "Renew it now.", "%lld days left (%s)", (long long)days,
                    pair->subject);
    } else {
        finding_set(out, VERDICT_OK, NULL, "%s, %lld days left, %u behind it in the chain%s",
                    pair->subject, (long long)days, pair->chain_count,
                    pair->is_self_signed ? ", self-signed: callers must be given it" : "");
    }
}

void doctor_certificate(struct finding *out, struct doctor *d)
{
    struct pair_report pair;
    struct error err = {{0}, {0}};
    if (d->tls_cert_file == NULL && d->tls_key_file == NULL) {
        return;
    }
    if (d->tls_cert_file == NULL || d->tls_key_file == NULL) {
        finding_set(out, VERDICT_FAIL, "Give both --tls-cert FILE and --tls-key FILE.",
                    "there is one of certificate and key");
    } else if (pair_examine(&pair, d->tls_cert_file, d->tls_key_file, &err) != STATUS_OK) {
        finding_error(out, "Give a PEM file that the user who runs the server can read.", &err);
    } else {
        certificate_judge(out, &pair, wallclock_now_ms(&d->clock));
    }
}

/* ---- the address ---- */

void doctor_listen(struct finding *out, struct doctor *d)
{
    struct listen_address address;
    struct error err = {{0}, {0}};
    if (d->listen == NULL) {
        return;
    }
    enum status status = listen_address_read(&address, d->listen, &err);
    if (status == STATUS_OK) {
        status = listen_address_probe(&address, d->listen, &err);
    }
    if (status != STATUS_OK) {
        finding_error(
            out,
            "Choose a free address of this machine, or stop what listens there; if that is "
            "this server, give --url instead.",
            &err);
    } else {
        finding_set(out, VERDICT_OK, NULL, "%s is free", d->listen);
    }
}

/* ---- a server that runs ---- */

struct target {
    char host[256];
    struct probe probe;
};

/* "https://host:8443" */
static bool target_read(struct target *out, const struct doctor *d, const char *path)
{
    struct str url = str_from(d->url);
    bool is_tls = str_starts_with(url, STR("https://"));
    if (!is_tls && !str_starts_with(url, STR("http://"))) {
        return false;
    }
    url = str_slice(url, is_tls ? 8 : 7, url.len);
    url = str_slice(url, 0, str_find(url, 0, '/'));
    size_t bracket = url.len > 0 && url.ptr[0] == '[' ? str_find(url, 0, ']') : 0;
    size_t colon = str_find(url, bracket, ':');
    struct str host =
        bracket > 0 && bracket < url.len ? str_slice(url, 1, bracket) : str_slice(url, 0, colon);
    unsigned port = is_tls ? 443 : 80;
    if (colon < url.len) {
        port = 0;
        for (size_t i = colon + 1; i < url.len; i++) {
            if (url.ptr[i] < '0' || url.ptr[i] > '9' || port > 65535) {
                return false;
            }
            port = port * 10 + (unsigned)(url.ptr[i] - '0');
        }
    }
    int len = snprintf(out->host, sizeof out->host, "%.*s", STR_ARGS(host));
    const char *trusted = d->tls_cert_file == NULL ? "" : d->tls_cert_file;
    out->probe = (struct probe){.address = out->host,
                                .port = (uint16_t)port,
                                .ca_file = is_tls ? trusted : NULL,
                                .method = "GET",
                                .path = path};
    return len > 0 && (size_t)len < sizeof out->host && port > 0 && port <= 65535;
}

static enum status ask(struct probe_answer *answer, struct buf *reply, const struct doctor *d,
                       const char *path, struct error *err)
{
    struct target target;
    if (!target_read(&target, d, path)) {
        return error_set(err, STATUS_INVALID, "--url", "expected https://HOST:PORT");
    }
    return probe_ask(&target.probe, answer, reply, err);
}

void doctor_server(struct finding *out, struct doctor *d)
{
    struct probe_answer answer;
    struct buf reply;
    struct error err = {{0}, {0}};
    if (d->url == NULL) {
        return;
    }
    enum status status = ask(&answer, &reply, d, "/readyz", &err);
    if (status != STATUS_OK) {
        finding_error(
            out,
            status == STATUS_DENIED
                ? "Give its certificate as --tls-cert, or one that this machine trusts and "
                  "that is for this name."
                : "Start it, or check address and port.",
            &err);
        return;
    }
    buf_finish(&reply);
    if (answer.status != 200) {
        finding_set(out, VERDICT_FAIL,
                    "Look at its log for writing_stopped, and at the disk; then start it anew.",
                    "%s answers %d to /readyz: it records nothing", d->url, answer.status);
    } else {
        finding_set(out, VERDICT_OK, NULL, "%s is ready%s", d->url,
                    d->url[4] == 's' ? ", and its certificate is trusted" : "");
    }
}

void doctor_version(struct finding *out, struct doctor *d)
{
    struct probe_answer answer;
    struct buf reply;
    struct error err = {{0}, {0}};
    if (d->url == NULL || ask(&answer, &reply, d, "/openapi.json", &err) != STATUS_OK) {
        return; /* the check of the server says so */
    }
    struct str info = json_slice(buf_str(&reply), STR("info"));
    struct str version = json_slice(info, STR("version"));
    if (str_eq(version, STR("\"" AVAL_VERSION "\""))) {
        finding_set(out, VERDICT_OK, NULL, "both are %s", AVAL_VERSION);
    } else {
        finding_set(out, VERDICT_WARN, "Start the server anew, or use its own program.",
                    "the server says %.*s, this program is %s", STR_ARGS(version), AVAL_VERSION);
    }
    buf_finish(&reply);
}

void doctor_clock_skew(struct finding *out, struct doctor *d)
{
    struct probe_answer answer;
    struct buf reply;
    struct error err = {{0}, {0}};
    if (d->url == NULL || ask(&answer, &reply, d, "/livez", &err) != STATUS_OK) {
        return;
    }
    buf_finish(&reply);
    if (answer.date_ms == 0) {
        finding_set(out, VERDICT_WARN, "Is it an aval server?", "its answers have no Date");
        return;
    }
    int64_t skew_ms = llabs(wallclock_now_ms(&d->clock) - answer.date_ms);
    finding_set(out,
                skew_ms > SKEW_FAIL_MS   ? VERDICT_FAIL
                : skew_ms > SKEW_WARN_MS ? VERDICT_WARN
                                         : VERDICT_OK,
                skew_ms > SKEW_WARN_MS ? "Let both machines keep their time by NTP." : NULL,
                "the clocks differ by %lld s", (long long)skew_ms / 1000);
}
