/* h2_load.c - decisions over HTTP/2, each with a key and a company of its own.
 *
 * usage: h2_load https://HOST:PORT CONNECTIONS STREAMS SECONDS [COUNT [RATE]]
 *
 * h2load cannot vary headers, and a decision without its own Idempotency-Key would be a replay.
 * One thread, closed loop: a stream that has its answer makes room for the next.  Environment and
 * last line are those of decision.lua; with COUNT it ends when so many were acknowledged.
 *
 * With RATE the loop is open: so many requests a second by the clock, whatever the server does.
 * Each goes to a stream that is free, of the next connection that has one; where none is, it is
 * counted as unsent.  429 and 503 with Retry-After are refusals then.  AVAL_BENCH_KEY may hold
 * several keys with a space between; connections take them in turn. */
#include "base/check.h"
#include "base/wallclock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <nghttp2/nghttp2.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 256,
    STREAMS_MAX = 128,
    BODY_SIZE = 16 * 1024,
    NAME_SIZE = 64,
    ANSWER_HEAD_SIZE = 128, /* the id stands in these first bytes of an answer */
    ID_TEXT_LEN = 30,
    SIREN_LEN = 9,
    COMPANIES = 4096,
    READ_SIZE = 64 * 1024,
    FRAME_MAX = 9 + 16 * 1024,
    OUT_SIZE = 2 * FRAME_MAX,
    SAMPLES_MAX = 8 * 1000 * 1000,
    WINDOW = 1 << 30,
    TIMEOUT_US = 10 * 1000 * 1000,
    KEYS_MAX = 16,
    KEY_SIZE = 256,
    RAMP_US = 1000 * 1000, /* of an open loop: not measured */
    PATIENCE_US = 5 * 1000 * 1000
};

/* One request and its answer. */
struct stream {
    char body[BODY_SIZE];
    size_t body_len, sent;
    char answer[ANSWER_HEAD_SIZE + 1];
    size_t answer_len;
    int status;
    uint64_t from_us;
    unsigned retry_s; /* Retry-After, 0: none */
    bool is_open;
};

struct connection {
    SSL *tls;
    nghttp2_session *session;
    struct stream streams[STREAMS_MAX];
    unsigned number, open_count;
    bool is_dead, has_more; /* to write */
    uint8_t out[OUT_SIZE];  /* what nghttp2 wants sent, and was not yet */
    size_t out_at, out_len;
    uint32_t events;
};

static struct {
    const char *before, *middle, *after; /* the body around its company and its reference */
    size_t before_len, middle_len, after_len;
    char authorizations[KEYS_MAX][KEY_SIZE], authority[64], tag[NAME_SIZE / 2];
    unsigned keys;
    char sirens[COMPANIES][SIREN_LEN + 1];
    FILE *ids; /* NULL: nobody asks what was acknowledged */
    unsigned streams;
    uint64_t until_us, most;
    uint64_t sent, answers, acknowledged, errors, wrong;
    uint32_t *samples_us;

    /* The open loop. */
    uint64_t rate; /* a second; 0: closed */
    uint64_t seconds, measure_us, due, unsent, open_count, most_open;
    uint64_t decided, turned; /* all */
    uint64_t refused, good;   /* of what is measured */
    unsigned next, retry_least_s, retry_most_s;
    uint32_t *refused_us, *lag_us;
} load;

_Noreturn static void die(const char *what)
{
    (void)fprintf(stderr, "h2_load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL) {
        (void)fprintf(stderr, "h2_load: %s is not set\n", name);
        exit(64);
    }
    return value;
}

/* Eight digits and the one that makes the Luhn sum a multiple of ten: as decision.lua. */
static void siren_write(char out[SIREN_LEN + 1], unsigned i)
{
    unsigned sum = 0;
    (void)snprintf(out, SIREN_LEN + 1, "8%07u0", (i * 7919) % 10000000);
    for (unsigned at = 0; at < SIREN_LEN - 1; at++) {
        unsigned digit = (unsigned)(out[at] - '0') << (at % 2);
        sum += digit > 9 ? digit - 9 : digit;
    }
    out[SIREN_LEN - 1] = (char)('0' + (10 - sum % 10) % 10);
}

static void body_split(void)
{
    static const char company[] = "812345676", reference[] = "\"client_reference\":\"bench\"";
    const char *body = environment("AVAL_BENCH_BODY");
    const char *at = strstr(body, company), *then = strstr(body, reference);
    if (at == NULL || then == NULL || then < at || strlen(body) + NAME_SIZE > BODY_SIZE) {
        (void)fprintf(stderr, "h2_load: the body is not that of the bench\n");
        exit(64);
    }
    load.before = body;
    load.before_len = (size_t)(at - body);
    load.middle = at + SIREN_LEN;
    load.middle_len = (size_t)(then - load.middle) + strlen("\"client_reference\":\"");
    load.after = then + strlen(reference) - 1;
    load.after_len = strlen(load.after);
}

static size_t append(char *to, size_t at, const char *from, size_t len)
{
    memcpy(to + at, from, len);
    return at + len;
}

/* ---- one request ---- */

static ssize_t body_read(nghttp2_session *session, int32_t id, uint8_t *to, size_t size,
                         uint32_t *flags, nghttp2_data_source *source, void *user)
{
    struct stream *stream = source->ptr;
    size_t left = stream->body_len - stream->sent, len = left < size ? left : size;
    (void)session, (void)id, (void)user;
    memcpy(to, stream->body + stream->sent, len);
    stream->sent += len;
    if (stream->sent == stream->body_len) {
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    }
    return (ssize_t)len;
}

static nghttp2_nv header(const char *name, const char *value)
{
    union {
        const char *text;
        uint8_t *bytes; /* nghttp2 does not write there */
    } n = {.text = name}, v = {.text = value};
    return (nghttp2_nv){n.bytes, v.bytes, strlen(name), strlen(value), NGHTTP2_NV_FLAG_NONE};
}

static void request_send(struct connection *connection, struct stream *stream)
{
    char name[NAME_SIZE], length[16];
    const char *siren = load.sirens[load.sent++ % COMPANIES];
    int name_len =
        snprintf(name, sizeof name, "%s-1-%09llu", load.tag, (unsigned long long)load.sent);
    size_t at = append(stream->body, 0, load.before, load.before_len);
    at = append(stream->body, at, siren, SIREN_LEN);
    at = append(stream->body, at, load.middle, load.middle_len);
    at = append(stream->body, at, name, (size_t)name_len);
    stream->body_len = append(stream->body, at, load.after, load.after_len);
    stream->sent = stream->answer_len = 0;
    stream->status = 0;
    stream->retry_s = 0;
    stream->is_open = true;
    connection->open_count++;
    load.open_count++;
    stream->from_us = steady_now_us();
    (void)snprintf(length, sizeof length, "%zu", stream->body_len);
    nghttp2_nv headers[] = {
        header(":method", "POST"),
        header(":scheme", "https"),
        header(":authority", load.authority),
        header(":path", "/v1/decisions"),
        header("authorization", load.authorizations[connection->number % load.keys]),
        header("content-type", "application/json"),
        header("content-length", length),
        header("idempotency-key", name)};
    nghttp2_data_provider body = {.source = {.ptr = stream}, .read_callback = body_read};
    int32_t id = nghttp2_submit_request(connection->session, NULL, headers, ARRAY_LEN(headers),
                                        &body, stream);
    if (id < 0) {
        load.errors++;
        stream->is_open = false;
        connection->open_count--;
        load.open_count--;
    }
}

static bool is_over(void)
{
    return steady_now_us() >= load.until_us || (load.most > 0 && load.acknowledged >= load.most);
}

/* ---- the answers ---- */

static int header_got(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
                      size_t name_len, const uint8_t *value, size_t value_len, uint8_t flags,
                      void *user)
{
    struct stream *stream = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    (void)flags, (void)user;
    if (stream != NULL && name_len == 7 && memcmp(name, ":status", 7) == 0 && value_len == 3) {
        stream->status = (value[0] - '0') * 100 + (value[1] - '0') * 10 + (value[2] - '0');
    }
    if (stream != NULL && name_len == 11 && memcmp(name, "retry-after", 11) == 0) {
        for (size_t i = 0; i < value_len && i < 4; i++) {
            stream->retry_s = stream->retry_s * 10 + (unsigned)(value[i] - '0');
        }
    }
    return 0;
}

static int data_got(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *data,
                    size_t len, void *user)
{
    struct stream *stream = nghttp2_session_get_stream_user_data(session, id);
    (void)flags, (void)user;
    if (stream != NULL && stream->answer_len < ANSWER_HEAD_SIZE) {
        size_t room = ANSWER_HEAD_SIZE - stream->answer_len, part = len < room ? len : room;
        memcpy(stream->answer + stream->answer_len, data, part);
        stream->answer_len += part;
    }
    return 0;
}

/* In an open loop: a decision, or a refusal that says when to come again. */
static void answer_judge_open(const struct stream *stream, uint32_t error)
{
    uint64_t now_us = steady_now_us(), took_us = now_us - stream->from_us;
    bool is_measured = stream->from_us >= load.measure_us;
    bool is_refused = (stream->status == 503 || stream->status == 429) && stream->retry_s > 0;
    if (error != NGHTTP2_NO_ERROR) {
        load.errors++;
    } else if (stream->status == 201) {
        load.decided++;
        load.good += now_us >= load.measure_us && now_us < load.until_us ? 1 : 0;
        if (is_measured && load.answers < SAMPLES_MAX) {
            load.samples_us[load.answers++] = (uint32_t)took_us;
        }
    } else if (is_refused) {
        load.turned++;
        load.retry_most_s =
            stream->retry_s > load.retry_most_s ? stream->retry_s : load.retry_most_s;
        load.retry_least_s = load.retry_least_s == 0 || stream->retry_s < load.retry_least_s
                                 ? stream->retry_s
                                 : load.retry_least_s;
        if (is_measured && load.refused < SAMPLES_MAX) {
            load.refused_us[load.refused++] = (uint32_t)took_us;
        }
    } else {
        load.wrong++;
    }
}

/* Only a 201 with an id is a decision. */
static void answer_judge(struct stream *stream, uint32_t error)
{
    stream->answer[stream->answer_len] = '\0';
    const char *id = strstr(stream->answer, "\"id\":\"dec_");
    if (error != NGHTTP2_NO_ERROR) {
        load.errors++;
        return;
    }
    uint64_t took_us = steady_now_us() - stream->from_us;
    if (load.answers < SAMPLES_MAX) {
        load.samples_us[load.answers] = (uint32_t)took_us;
    }
    load.answers++;
    load.errors += took_us > TIMEOUT_US ? 1 : 0;
    if (stream->status != 201) {
        load.wrong++;
    } else if (load.ids != NULL && id == NULL) {
        load.wrong++;
    } else if (load.ids != NULL) {
        load.acknowledged++;
        (void)fprintf(load.ids, "%.*s\n", ID_TEXT_LEN, id + strlen("\"id\":\""));
    }
}

static int stream_closed(nghttp2_session *session, int32_t id, uint32_t error, void *user)
{
    struct connection *connection = user;
    struct stream *stream = nghttp2_session_get_stream_user_data(session, id);
    if (stream != NULL) {
        stream->is_open = false;
        connection->open_count--;
        load.open_count--;
        if (load.rate > 0) {
            answer_judge_open(stream, error);
        } else {
            answer_judge(stream, error);
        }
        if (load.rate == 0 && !is_over()) {
            request_send(connection, stream);
        }
    }
    return 0;
}

/* ---- one connection ---- */

static void connection_open(struct connection *connection, SSL_CTX *context,
                            const struct sockaddr_in *address)
{
    static const uint8_t protocols[] = "\x02h2";
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof *address) != 0) {
        die("connect");
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    connection->tls = SSL_new(context);
    CHECK(connection->tls != NULL && SSL_set_fd(connection->tls, fd) == 1);
    CHECK(SSL_set_alpn_protos(connection->tls, protocols, sizeof protocols - 1) == 0);
    const unsigned char *chosen = NULL;
    unsigned chosen_len = 0;
    if (SSL_connect(connection->tls) != 1) {
        ERR_print_errors_fp(stderr);
        die("TLS handshake");
    }
    SSL_get0_alpn_selected(connection->tls, &chosen, &chosen_len);
    if (chosen_len != 2 || memcmp(chosen, "h2", 2) != 0) {
        (void)fprintf(stderr, "h2_load: the server does not speak HTTP/2\n");
        exit(1);
    }
    if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
        die("fcntl");
    }

    nghttp2_session_callbacks *callbacks;
    CHECK(nghttp2_session_callbacks_new(&callbacks) == 0);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, header_got);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, data_got);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, stream_closed);
    CHECK(nghttp2_session_client_new(&connection->session, callbacks, connection) == 0);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_ENABLE_PUSH,         0      },
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 1 << 20},
    };
    CHECK(nghttp2_submit_settings(connection->session, NGHTTP2_FLAG_NONE, settings,
                                  ARRAY_LEN(settings)) == 0);
    CHECK(nghttp2_session_set_local_window_size(connection->session, NGHTTP2_FLAG_NONE, 0,
                                                WINDOW) == 0);
    for (unsigned i = 0; load.rate == 0 && i < load.streams; i++) {
        request_send(connection, &connection->streams[i]);
    }
}

/* False once the connection is of no more use. */
static bool is_waiting(struct connection *connection, int result, uint32_t *events)
{
    switch (SSL_get_error(connection->tls, result)) {
    case SSL_ERROR_WANT_READ: return true;
    case SSL_ERROR_WANT_WRITE: *events |= EPOLLOUT; return true;
    default: return false;
    }
}

/* Frames are gathered, as most clients do: a record of TLS for each would be paid by both sides. */
static bool connection_write(struct connection *connection, uint32_t *events)
{
    for (;;) {
        const uint8_t *frame;
        ssize_t len = 1;
        while (connection->out_at == 0 && connection->out_len + FRAME_MAX <= OUT_SIZE && len > 0) {
            len = nghttp2_session_mem_send(connection->session, &frame);
            if (len < 0 || len > FRAME_MAX) {
                return false;
            }
            memcpy(connection->out + connection->out_len, frame, (size_t)len);
            connection->out_len += (size_t)len;
        }
        if (connection->out_at == connection->out_len) {
            return true;
        }
        int done = SSL_write(connection->tls, connection->out + connection->out_at,
                             (int)(connection->out_len - connection->out_at));
        if (done <= 0) {
            return is_waiting(connection, done, events);
        }
        connection->out_at += (size_t)done;
        if (connection->out_at == connection->out_len) {
            connection->out_at = connection->out_len = 0;
        }
    }
}

static bool connection_read(struct connection *connection, uint32_t *events)
{
    static uint8_t bytes[READ_SIZE];
    for (;;) {
        int len = SSL_read(connection->tls, bytes, sizeof bytes);
        if (len <= 0) {
            return is_waiting(connection, len, events);
        }
        if (nghttp2_session_mem_recv(connection->session, bytes, (size_t)len) != len) {
            return false;
        }
    }
}

static void connection_turn(struct connection *connection, int poll)
{
    uint32_t events = EPOLLIN;
    bool is_good = connection_read(connection, &events) && connection_write(connection, &events);
    if (!is_good) {
        /* What was on its way is lost: each is an error, and the figure is void. */
        for (unsigned i = 0; i < load.streams; i++) {
            load.errors += connection->streams[i].is_open ? 1 : 0;
            connection->streams[i].is_open = false;
        }
        load.open_count -= connection->open_count;
        connection->open_count = load.streams; /* nothing is sent there any more */
        connection->is_dead = true;
        (void)epoll_ctl(poll, EPOLL_CTL_DEL, SSL_get_fd(connection->tls), NULL);
        return;
    }
    if (events != connection->events) {
        struct epoll_event event = {.events = events, .data = {.ptr = connection}};
        (void)epoll_ctl(poll, EPOLL_CTL_MOD, SSL_get_fd(connection->tls), &event);
        connection->events = events;
    }
}

static int sample_compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* ---- the open loop ---- */

/* What is due by the clock, each on the next connection with a free stream. */
static void due_send(struct connection *connections, unsigned count)
{
    uint64_t now_us = steady_now_us(), begin_us = load.measure_us - RAMP_US;
    if (now_us >= load.until_us) {
        return;
    }
    for (; load.due < (now_us - begin_us) * load.rate / 1000000; load.due++) {
        unsigned tried = 0;
        while (tried < count && connections[load.next].open_count >= load.streams) {
            load.next = (load.next + 1) % count;
            tried++;
        }
        if (tried == count) {
            load.unsent++;
            continue;
        }
        struct connection *connection = &connections[load.next];
        struct stream *stream = connection->streams;
        while (stream->is_open) {
            stream++;
        }
        request_send(connection, stream);
        connection->has_more = true;
        uint64_t due_us = begin_us + load.due * 1000000 / load.rate;
        if (load.due < SAMPLES_MAX) {
            load.lag_us[load.due] = (uint32_t)(now_us - due_us);
        }
        load.next = (load.next + 1) % count;
    }
    load.most_open = load.open_count > load.most_open ? load.open_count : load.most_open;
}

static void run_open(struct connection *connections, unsigned count, int poll)
{
    load.measure_us = steady_now_us() + RAMP_US;
    load.until_us = load.measure_us + load.seconds * 1000000;
    uint64_t end_us = load.until_us + PATIENCE_US;
    while (steady_now_us() < load.until_us || (load.open_count > 0 && steady_now_us() < end_us)) {
        struct epoll_event ready[CONNECTIONS_MAX];
        int n = epoll_wait(poll, ready, CONNECTIONS_MAX, 1);
        for (int i = 0; i < n; i++) {
            connection_turn(ready[i].data.ptr, poll);
            due_send(connections, count);
        }
        due_send(connections, count);
        for (unsigned i = 0; i < count; i++) {
            if (connections[i].has_more && !connections[i].is_dead) {
                connections[i].has_more = false;
                connection_turn(&connections[i], poll);
            }
        }
    }
}

static uint32_t percentile(uint32_t *samples, uint64_t count, unsigned per_thousand)
{
    qsort(samples, count, sizeof *samples, sample_compare);
    return count == 0 ? 0 : samples[count * per_thousand / 1000];
}

/* overload: due, unsent, decided in what is measured, its length in us, refused, errors, wrong,
 * unanswered; p50 and p99 of decisions, of refusals, and of the lag behind the clock, in us;
 * Retry-After from and to; most in flight; all that was decided, and turned away. */
static void report_open(void)
{
    uint64_t lags = load.due < SAMPLES_MAX ? load.due : SAMPLES_MAX;
    uint64_t numbers[] = {load.due,
                          load.unsent,
                          load.good,
                          load.until_us - load.measure_us,
                          load.refused,
                          load.errors,
                          load.wrong,
                          load.open_count,
                          percentile(load.samples_us, load.answers, 500),
                          percentile(load.samples_us, load.answers, 990),
                          percentile(load.refused_us, load.refused, 500),
                          percentile(load.refused_us, load.refused, 990),
                          percentile(load.lag_us, lags, 500),
                          percentile(load.lag_us, lags, 990),
                          load.retry_least_s,
                          load.retry_most_s,
                          load.most_open,
                          load.decided,
                          load.turned};
    (void)printf("overload");
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        (void)printf(" %llu", (unsigned long long)numbers[i]);
    }
    (void)printf("\n");
}

static void run(struct connection *connections, unsigned count, SSL_CTX *context,
                const struct sockaddr_in *address)
{
    int poll = epoll_create1(EPOLL_CLOEXEC);
    CHECK(poll >= 0);
    for (unsigned i = 0; i < count; i++) {
        connections[i].number = i;
        connection_open(&connections[i], context, address);
        struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = &connections[i]}};
        CHECK(epoll_ctl(poll, EPOLL_CTL_ADD, SSL_get_fd(connections[i].tls), &event) == 0);
        connections[i].events = EPOLLIN;
        connection_turn(&connections[i], poll);
    }
    if (load.rate > 0) {
        run_open(connections, count, poll);
    }
    while (load.rate == 0 && !is_over()) {
        struct epoll_event ready[CONNECTIONS_MAX];
        int n = epoll_wait(poll, ready, CONNECTIONS_MAX, 100);
        for (int i = 0; i < n; i++) {
            connection_turn(ready[i].data.ptr, poll);
        }
    }
    (void)close(poll);
}

static void target_read(const char *url, struct sockaddr_in *address)
{
    char host[32];
    unsigned port;
    if (sscanf(url, "https://%31[0-9.]:%5u", host, &port) != 2 || port > UINT16_MAX ||
        inet_pton(AF_INET, host, &address->sin_addr) != 1) {
        (void)fprintf(stderr, "h2_load: not https://IPV4:PORT: %s\n", url);
        exit(64);
    }
    address->sin_family = AF_INET;
    address->sin_port = htons((uint16_t)port);
    (void)snprintf(load.authority, sizeof load.authority, "%s:%u", host, port);
}

static void load_prepare(void)
{
    body_split();
    for (const char *key = environment("AVAL_BENCH_KEY"); *key != '\0' && load.keys < KEYS_MAX;) {
        size_t len = strcspn(key, " ");
        (void)snprintf(load.authorizations[load.keys++], KEY_SIZE, "Bearer %.*s", (int)len, key);
        key += len + (key[len] == ' ' ? 1 : 0);
    }
    CHECK(load.keys > 0);
    (void)snprintf(load.tag, sizeof load.tag, "%s", environment("AVAL_BENCH_RUN"));
    for (unsigned i = 0; i < COMPANIES; i++) {
        siren_write(load.sirens[i], i + 1);
    }
    const char *ids = environment("AVAL_BENCH_IDS");
    if (ids[0] != '\0') {
        char path[4096];
        (void)snprintf(path, sizeof path, "%s.1", ids);
        load.ids = fopen(path, "w");
        if (load.ids == NULL) {
            die(path);
        }
    }
    load.samples_us = calloc(SAMPLES_MAX, sizeof *load.samples_us);
    load.refused_us = calloc(SAMPLES_MAX, sizeof *load.refused_us);
    load.lag_us = calloc(SAMPLES_MAX, sizeof *load.lag_us);
    CHECK(load.samples_us != NULL && load.refused_us != NULL && load.lag_us != NULL);
}

int main(int argc, char **argv)
{
    static struct connection connections[CONNECTIONS_MAX];
    struct sockaddr_in address = {0};
    if (argc < 5) {
        (void)fprintf(
            stderr,
            "usage: h2_load https://HOST:PORT CONNECTIONS STREAMS SECONDS [COUNT [RATE]]\n");
        return 64;
    }
    unsigned long count = strtoul(argv[2], NULL, 10), streams = strtoul(argv[3], NULL, 10);
    unsigned long seconds = strtoul(argv[4], NULL, 10);
    if (count < 1 || count > CONNECTIONS_MAX || streams < 1 || streams > STREAMS_MAX ||
        seconds < 1) {
        (void)fprintf(stderr, "h2_load: 1 to %d connections, 1 to %d streams\n", CONNECTIONS_MAX,
                      STREAMS_MAX);
        return 64;
    }
    target_read(argv[1], &address);
    load_prepare();
    load.streams = (unsigned)streams;
    load.seconds = seconds;
    load.most = argc > 5 ? strtoull(argv[5], NULL, 10) : 0;
    load.rate = argc > 6 ? strtoull(argv[6], NULL, 10) : 0;
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    CHECK(context != NULL);
    (void)SSL_CTX_set_mode(context,
                           SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    uint64_t from_us = steady_now_us();
    load.until_us = from_us + seconds * 1000000;
    run(connections, (unsigned)count, context, &address);
    if (load.rate > 0) {
        report_open();
        return 0;
    }
    uint64_t took_us = steady_now_us() - from_us;
    size_t samples = load.answers < SAMPLES_MAX ? load.answers : SAMPLES_MAX;
    qsort(load.samples_us, samples, sizeof *load.samples_us, sample_compare);
    if (load.ids != NULL && fclose(load.ids) != 0) {
        die("writing the ids");
    }
    (void)printf("figures %llu %llu %u %u %llu %llu %llu\n", (unsigned long long)load.answers,
                 (unsigned long long)took_us, samples == 0 ? 0 : load.samples_us[samples / 2],
                 samples == 0 ? 0 : load.samples_us[samples * 99 / 100],
                 (unsigned long long)load.errors, (unsigned long long)load.wrong,
                 (unsigned long long)load.acknowledged);
    return 0;
}
