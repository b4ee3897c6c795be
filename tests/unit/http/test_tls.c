/* test_tls.c - a server behind TLS, and clients that try to talk it down. */
#include "../expect.h"
#include "http/certificate.h"
#include "rig.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

static char folder[] = "tls_XXXXXX";
static const struct http_config config = {.listens = {{"127.0.0.1:0", false}},
                                          .loops = 1,
                                          .tls_cert_file = "cert.pem",
                                          .tls_key_file = "key.pem"};

static int folder_make(void **state)
{
    (void)state;
    int64_t now_ms = (int64_t)time(NULL) * 1000;
    return mkdtemp(folder) == NULL || chdir(folder) != 0 ||
           certificate_make("cert.pem", "key.pem", now_ms, NULL) != STATUS_OK ||
           certificate_make("cert2.pem", "key2.pem", now_ms, NULL) != STATUS_OK;
}

static int folder_remove(void **state)
{
    (void)state;
    static const char *const files[] = {"cert.pem", "key.pem", "cert2.pem", "key2.pem", "junk.pem"};
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        (void)unlink(files[i]);
    }
    return chdir("..") != 0 || rmdir(folder) != 0;
}

/* What a client insists on. */
struct wish {
    int version_min; /* 0: what OpenSSL likes */
    int version_max;
    const char *ciphers;
    struct str alpn; /* as on the wire */
    const char *ca_file;
    const char *host;
};

static SSL_CTX *client_context(const struct wish *wish)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    assert_non_null(context);
    SSL_CTX_set_security_level(context, 0);
    assert_int_equal(SSL_CTX_set_min_proto_version(context, wish->version_min), 1);
    assert_int_equal(SSL_CTX_set_max_proto_version(context, wish->version_max), 1);
    if (wish->ciphers != NULL) {
        assert_int_equal(SSL_CTX_set_cipher_list(context, wish->ciphers), 1);
    }
    if (wish->ca_file != NULL) {
        assert_int_equal(SSL_CTX_load_verify_file(context, wish->ca_file), 1);
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    }
    return context;
}

/* Connect and shake hands.  False: the server (or the client) would not. */
static bool tls_open(struct client *c, uint16_t port, const struct wish *wish)
{
    SSL_CTX *context = client_context(wish);
    client_open(c, port);
    c->ssl = SSL_new(context);
    assert_non_null(c->ssl);
    SSL_CTX_free(context);
    if (wish->alpn.len > 0) {
        assert_int_equal(SSL_set_alpn_protos(c->ssl, (const unsigned char *)wish->alpn.ptr,
                                             (unsigned)wish->alpn.len),
                         0);
    }
    if (wish->host != NULL) {
        assert_int_equal(SSL_set1_host(c->ssl, wish->host), 1);
    }
    assert_int_equal(SSL_set_fd(c->ssl, c->fd), 1);
    ERR_clear_error();
    return SSL_connect(c->ssl) == 1;
}

#define GET_A STR("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")

static void answers_over_tls(void **state)
{
    (void)state;
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
    struct rig r;
    rig_start(&r, &config, NULL);
    for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
        struct client c;
        const struct wish wish = {versions[i], versions[i],           NULL,
                                  {0},         .ca_file = "cert.pem", .host = "localhost"};
        assert_true(tls_open(&c, r.port, &wish));
        assert_int_equal(SSL_version(c.ssl), versions[i]);
        for (unsigned n = 0; n < 3; n++) {
            client_send(&c, GET_A);
            assert_true(client_read(&c, true));
            assert_text(c.body, "GET /a? ");
            assert_text(client_header(&c, "Strict-Transport-Security"), "max-age=31536000");
        }
        client_close(&c);
    }
    assert_true(rig_stop(&r, 5000));
}

static void agrees_to_nothing_weak(void **state)
{
    (void)state;
    static const struct {
        struct wish wish;
        bool want;
    } rows[] = {
        {{TLS1_VERSION, TLS1_VERSION, NULL, {0}, NULL, NULL},                                false},
        {{TLS1_1_VERSION, TLS1_1_VERSION, NULL, {0}, NULL, NULL},                            false},
        {{TLS1_2_VERSION, TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA", {0}, NULL, NULL},        false},
        {{TLS1_2_VERSION, TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA256", {0}, NULL, NULL},     false},
        {{TLS1_2_VERSION, TLS1_2_VERSION, "AES128-GCM-SHA256", {0}, NULL, NULL},             false},
        {{TLS1_2_VERSION, TLS1_2_VERSION, "DHE-RSA-AES128-GCM-SHA256", {0}, NULL, NULL},     false},
        {{TLS1_2_VERSION, TLS1_2_VERSION, "ECDHE-ECDSA-AES256-CCM8", {0}, NULL, NULL},       false},
        {{TLS1_2_VERSION, TLS1_2_VERSION, "aNULL", {0}, NULL, NULL},                         false},
        {{TLS1_2_VERSION, TLS1_2_VERSION, "eNULL", {0}, NULL, NULL},                         false},
        {{TLS1_2_VERSION, TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256", {0}, NULL, NULL}, true },
        {{TLS1_2_VERSION, TLS1_2_VERSION, "ECDHE-ECDSA-CHACHA20-POLY1305", {0}, NULL, NULL}, true },
        {{TLS1_3_VERSION, TLS1_3_VERSION, NULL, {0}, NULL, NULL},                            true },
    };
    struct rig r;
    rig_start(&r, &config, NULL);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct client c;
        bool is_open = tls_open(&c, r.port, &rows[i].wish);
        if (is_open != rows[i].want) {
            fail_msg("version %x, ciphers %s: %s", (unsigned)rows[i].wish.version_max,
                     rows[i].wish.ciphers == NULL ? "any" : rows[i].wish.ciphers,
                     is_open ? "agreed" : "refused");
        }
        client_close(&c);
    }
    assert_true(rig_stop(&r, 5000));
}

static void speaks_http_2_before_1_1_or_not_at_all(void **state)
{
    (void)state;
    static const struct {
        struct str offered;
        const char *want; /* NULL: no handshake */
    } rows[] = {
        {{"", 0},                          ""        },
        {{"\x08http/1.1", 9},              "http/1.1"},
        {{"\x02h2\x08http/1.1", 12},       "h2"      },
        {{"\x08http/1.1\x02h2", 12},       "h2"      },
        {{"\x08http/1.0\x08http/1.1", 18}, "http/1.1"},
        {{"\x02h2", 3},                    "h2"      },
        {{"\x03h2c", 4},                   NULL      },
        {{"\x08http/1.0", 9},              NULL      },
        {{"\x09http/1.1x", 10},            NULL      },
    };
    struct rig r;
    rig_start(&r, &config, NULL);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct client c;
        bool is_open = tls_open(&c, r.port, &(struct wish){.alpn = rows[i].offered});
        assert_int_equal(is_open, rows[i].want != NULL);
        if (is_open) {
            const unsigned char *chosen = NULL;
            unsigned len = 0;
            SSL_get0_alpn_selected(c.ssl, &chosen, &len);
            assert_text(str_of(chosen, len), rows[i].want);
        } else {
            assert_int_equal(ERR_GET_REASON(ERR_peek_error()),
                             SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL);
        }
        client_close(&c);
    }
    assert_true(rig_stop(&r, 5000));
}

static void does_not_renegotiate(void **state)
{
    (void)state;
    struct rig r;
    struct client c;
    rig_start(&r, &config, NULL);
    assert_true(tls_open(&c, r.port,
                         &(struct wish){TLS1_2_VERSION, TLS1_2_VERSION, NULL, {0}, NULL, NULL}));
    assert_int_equal(SSL_get_secure_renegotiation_support(c.ssl), 1);
    assert_int_equal(SSL_renegotiate(c.ssl), 1);
    assert_int_not_equal(SSL_do_handshake(c.ssl), 1);
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

static void closes_on_a_client_that_speaks_no_tls(void **state)
{
    (void)state;
    struct rig r;
    struct client c;
    rig_start(&r, &config, NULL);
    client_open(&c, r.port);
    client_send(&c, GET_A);
    assert_int_equal(client_read_end(&c), CLIENT_EOF); /* behind an alert */
    assert_null(memmem(c.in.ptr, c.in.len, "HTTP", 4));
    client_close(&c);
    assert_int_equal(rig_count(&r, &r.handled), 0);
    assert_true(rig_stop(&r, 5000));
}

static void cuts_off_a_handshake_that_does_not_come(void **state)
{
    (void)state;
    struct http_tuning tuning = rig_quick();
    tuning.head_ms = 40;
    static const struct str rows[] = {
        {"",                 0},
        {"\x16\x03\x01\x02", 4}
    };
    struct rig r;
    rig_start(&r, &config, &tuning);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct client c;
        client_open(&c, r.port);
        client_send(&c, rows[i]);
        assert_int_equal(client_read_end(&c), CLIENT_EOF);
        client_close(&c);
    }
    assert_true(rig_stop(&r, 5000));
}

static void answers_a_client_that_has_said_goodbye(void **state)
{
    (void)state;
    struct rig r;
    for (unsigned i = 0; i < 2; i++) {
        struct client c;
        rig_start(&r, &config, NULL);
        assert_true(tls_open(&c, r.port, &(struct wish){0}));
        client_send(&c, STR("GET /park HTTP/1.1\r\nHost: a\r\n\r\n"));
        rig_wait(&r, &r.parked_count, 1);
        if (i == 0) {
            assert_int_equal(SSL_shutdown(c.ssl), 0); /* close_notify */
        }
        assert_int_equal(shutdown(c.fd, SHUT_WR), 0);
        rig_answer(&r);
        assert_true(client_read(&c, true));
        assert_text(c.body, "GET /park? ");
        client_close(&c);
        assert_true(rig_stop(&r, 5000));
    }
}

static void says_goodbye_itself(void **state)
{
    (void)state;
    struct rig r;
    struct client c;
    rig_start(&r, &config, NULL);
    assert_true(tls_open(&c, r.port, &(struct wish){0}));
    client_send(&c, STR("GET /close HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(client_read(&c, true));
    assert_int_equal(client_read_end(&c), CLIENT_EOF);
    assert_int_equal(SSL_get_shutdown(c.ssl) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

static void moves_large_bodies_both_ways(void **state)
{
    (void)state;
    static char body[RIG_BODY_MAX];
    memset(body, 'b', sizeof body);
    struct rig r;
    struct client c;
    rig_start(&r, &config, NULL);
    assert_true(tls_open(&c, r.port, &(struct wish){0}));
    for (unsigned i = 0; i < 2; i++) {
        client_send(&c, STR("PUT /p HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"));
        client_send(&c, str_of(body, sizeof body));
        assert_true(client_read(&c, true));
        assert_int_equal(c.body.len, sizeof body + 8);
        client_send(&c, STR("GET /large HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert_true(client_read(&c, true));
        assert_int_equal(c.body.len, RIG_LARGE_LEN);
    }
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

static void answers_a_pipeline_in_one_record(void **state)
{
    (void)state;
    enum { COUNT = 300 };
    struct rig r;
    struct client c;
    struct buf all;
    rig_start(&r, &config, NULL);
    buf_init(&all, 1024 * 1024);
    for (unsigned i = 0; i < COUNT; i++) {
        buf_append(&all, GET_A);
    }
    assert_true(tls_open(&c, r.port, &(struct wish){0}));
    client_send(&c, buf_str(&all));
    for (unsigned i = 0; i < COUNT; i++) {
        assert_true(client_read(&c, true));
    }
    buf_finish(&all);
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

static void lets_no_client_that_leaves_disturb_it(void **state)
{
    (void)state;
    struct rig r;
    struct client c;
    rig_start(&r, &config, NULL);
    for (unsigned i = 0; i < 10; i++) {
        assert_true(tls_open(&c, r.port, &(struct wish){0}));
        client_send(&c, STR("GET /park HTTP/1.1\r\nHost: a\r\n\r\n"));
        rig_wait(&r, &r.parked_count, 1);
        client_reset(&c);
        rig_answer(&r);
        rig_wait(&r, &r.done_count, i + 1);
    }
    client_open(&c, r.port);
    client_reset(&c);
    assert_true(tls_open(&c, r.port, &(struct wish){0}));
    client_send(&c, GET_A);
    assert_true(client_read(&c, true));
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

static bool certificate_is(const struct client *c, const char *file)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    assert_int_equal(SSL_CTX_use_certificate_file(context, file, SSL_FILETYPE_PEM), 1);
    X509 *shown = SSL_get1_peer_certificate(c->ssl);
    bool is_same = X509_cmp(shown, SSL_CTX_get0_certificate(context)) == 0;
    X509_free(shown);
    SSL_CTX_free(context);
    return is_same;
}

static enum status renew(struct rig *r, const char *cert_file, const char *key_file,
                         struct error *err)
{
    const struct http_config files = {.tls_cert_file = cert_file, .tls_key_file = key_file};
    return http_server_renew(r->server, &files, err);
}

static void renews_its_certificate_without_cutting_anybody(void **state)
{
    (void)state;
    struct rig r;
    struct client old;
    struct client fresh;
    struct error err = {0};
    rig_start(&r, &config, NULL);
    assert_true(tls_open(&old, r.port, &(struct wish){0}));
    assert_int_equal(renew(&r, "cert2.pem", "key.pem", &err), STATUS_INVALID);
    assert_int_equal(renew(&r, "absent.pem", "key2.pem", &err), STATUS_INVALID);
    assert_true(tls_open(&fresh, r.port, &(struct wish){0}));
    assert_true(certificate_is(&fresh, "cert.pem"));
    client_close(&fresh);
    assert_int_equal(renew(&r, "cert2.pem", "key2.pem", &err), STATUS_OK);
    assert_true(tls_open(&fresh, r.port, &(struct wish){0}));
    assert_true(certificate_is(&fresh, "cert2.pem"));
    client_send(&old, GET_A);
    assert_true(client_read(&old, true));
    client_close(&old);
    client_close(&fresh);
    assert_true(rig_stop(&r, 5000));
}

static void does_not_start_on_files_it_cannot_use(void **state)
{
    (void)state;
    static const struct {
        const char *cert_file;
        const char *key_file;
        const char *field;
    } rows[] = {
        {"absent.pem", "key.pem",    "absent.pem"},
        {"cert.pem",   "absent.pem", "absent.pem"},
        {"cert.pem",   "key2.pem",   "key2.pem"  },
        {"junk.pem",   "key.pem",    "junk.pem"  },
        {"cert.pem",   "junk.pem",   "junk.pem"  },
        {"cert.pem",   NULL,         ""          },
        {NULL,         "key.pem",    ""          },
    };
    FILE *junk = fopen("junk.pem", "w");
    assert_non_null(junk);
    assert_true(fputs("-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                      "DEK-Info: AES-128-CBC,00000000000000000000000000000000\n\nAAAA\n"
                      "-----END EC PRIVATE KEY-----\n",
                      junk) >= 0);
    assert_int_equal(fclose(junk), 0);
    const struct http_handler handler = {0};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct http_config bad = config;
        bad.tls_cert_file = rows[i].cert_file;
        bad.tls_key_file = rows[i].key_file;
        struct http_server *server = NULL;
        struct error err = {0};
        assert_int_equal(http_server_start(&server, &bad, &handler, &err), STATUS_INVALID);
        assert_null(server);
        assert_string_equal(err.field, rows[i].field);
        assert_true(err.message[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_over_tls),
        cmocka_unit_test(agrees_to_nothing_weak),
        cmocka_unit_test(speaks_http_2_before_1_1_or_not_at_all),
        cmocka_unit_test(does_not_renegotiate),
        cmocka_unit_test(closes_on_a_client_that_speaks_no_tls),
        cmocka_unit_test(cuts_off_a_handshake_that_does_not_come),
        cmocka_unit_test(answers_a_client_that_has_said_goodbye),
        cmocka_unit_test(says_goodbye_itself),
        cmocka_unit_test(moves_large_bodies_both_ways),
        cmocka_unit_test(answers_a_pipeline_in_one_record),
        cmocka_unit_test(lets_no_client_that_leaves_disturb_it),
        cmocka_unit_test(renews_its_certificate_without_cutting_anybody),
        cmocka_unit_test(does_not_start_on_files_it_cannot_use),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
