/* test_loop.c - many clients, other threads, the end. */
#include "../expect.h"
#include "rig.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define PARK STR("GET /park HTTP/1.1\r\nHost: a\r\n\r\n")

enum { CROWD = 100 };

static void takes_answers_from_any_thread_in_any_order(void **state)
{
    (void)state;
    struct rig r;
    static struct client crowd[CROWD];
    rig_start(&r, &(struct http_config){.listens = {{"127.0.0.1:0", false}}, .loops = 2}, NULL);
    for (unsigned i = 0; i < CROWD; i++) {
        client_open(&crowd[i], r.port);
    }
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < CROWD; i++) {
            client_send(&crowd[i], PARK);
        }
        rig_wait(&r, &r.parked_count, CROWD);
        for (unsigned i = 0; i < CROWD; i++) {
            rig_answer(&r);
        }
        for (unsigned i = 0; i < CROWD; i++) {
            assert_true(client_read(&crowd[i], true));
            assert_text(crowd[i].body, "GET /park? ");
        }
    }
    rig_wait(&r, &r.sent, 3 * CROWD);
    for (unsigned i = 0; i < CROWD; i++) {
        client_close(&crowd[i]);
    }
    assert_true(rig_stop(&r, 5000));
    assert_int_equal(r.unsent, 0);
}

struct answerer {
    struct rig *rig;
    unsigned count;
};

static void *answerer_run(void *context)
{
    const struct answerer *a = context;
    for (unsigned i = 0; i < a->count; i++) {
        rig_answer(a->rig);
    }
    return NULL;
}

/* Clients come, ask and go, by FIN and by RST, while another thread answers what they asked. */
static void does_not_mind_clients_that_leave_while_parked(void **state)
{
    (void)state;
    struct rig r;
    rig_start(&r, &(struct http_config){.listens = {{"127.0.0.1:0", false}}, .loops = 2}, NULL);
    pthread_t thread;
    struct answerer answerer = {&r, 5 * CROWD};
    assert_int_equal(pthread_create(&thread, NULL, answerer_run, &answerer), 0);
    for (unsigned i = 0; i < 5 * CROWD; i++) {
        struct client c;
        client_open(&c, r.port);
        client_send(&c, PARK);
        if (i % 3 == 0) {
            assert_true(client_read(&c, true));
            client_close(&c);
        } else if (i % 3 == 1) {
            rig_wait(&r, &r.handled, i + 1); /* a reset may overtake the request */
            client_reset(&c);
        } else {
            client_close(&c);
        }
    }
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(rig_stop(&r, 5000));
    assert_int_equal(r.sent + r.unsent, 5 * CROWD);
    assert_true(r.sent >= (5 * CROWD + 2) / 3);
}

static void says_unsent_when_the_client_went_first(void **state)
{
    (void)state;
    struct rig r;
    struct client c;
    rig_start(&r,
              &(struct http_config){
                  .listens = {{"127.0.0.1:0", false}}, .loops = 1, .connections_max = 1},
              NULL);
    client_open(&c, r.port);
    client_send(&c, PARK);
    rig_wait(&r, &r.parked_count, 1);
    client_reset(&c);
    /* The one place is taken until the answer comes: whoever is let in now proves nothing yet. */
    client_open(&c, r.port);
    assert_int_not_equal(client_read_end(&c), CLIENT_TIMEOUT);
    client_close(&c);
    rig_answer(&r);
    rig_wait(&r, &r.unsent, 1);
    assert_true(rig_stop(&r, 5000));
    assert_int_equal(r.sent, 0);
}

static void lets_in_as_many_as_it_may(void **state)
{
    (void)state;
    enum { MOST = 3 };
    struct rig r;
    struct client in[MOST];
    struct client out;
    rig_start(&r,
              &(struct http_config){
                  .listens = {{"127.0.0.1:0", false}}, .loops = 2, .connections_max = MOST},
              NULL);
    for (unsigned i = 0; i < MOST; i++) {
        client_open(&in[i], r.port);
        client_send(&in[i], STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert_true(client_read(&in[i], true));
    }
    client_open(&out, r.port);
    assert_int_not_equal(client_read_end(&out), CLIENT_TIMEOUT);
    assert_int_equal(out.in.len, 0);
    client_close(&out);
    client_close(&in[0]);
    bool is_in = false;
    for (unsigned i = 0; i < 1000000 && !is_in; i++) { /* until the loop has seen the FIN */
        client_open(&in[0], r.port);
        is_in = client_try_send(&in[0], STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n")) &&
                client_read(&in[0], true);
        if (!is_in) {
            client_close(&in[0]);
        }
    }
    assert_true(is_in);
    for (unsigned i = 0; i < MOST; i++) {
        client_close(&in[i]);
    }
    assert_true(rig_stop(&r, 5000));
}

static double cpu_seconds(void)
{
    struct rusage used;
    assert_int_equal(getrusage(RUSAGE_SELF, &used), 0);
    return (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6 +
           (double)used.ru_stime.tv_sec + (double)used.ru_stime.tv_usec / 1e6;
}

/* Room for every client, and for ROOM of them on the server's side. */
static void survives_running_out_of_descriptors(void **state)
{
    (void)state;
    enum { COUNT = 20, ROOM = 5 };
    struct rig r;
    struct client crowd[COUNT];
    struct rlimit limit;
    rig_start(&r, NULL, NULL);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    int highest = dup(0);
    assert_true(highest >= 0);
    assert_int_equal(close(highest), 0);
    struct rlimit low = limit;
    low.rlim_cur = (rlim_t)highest + COUNT + ROOM;
    for (unsigned i = 0; i < COUNT; i++) {
        client_prepare(&crowd[i]);
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    unsigned in = 0;
    double cpu = cpu_seconds();
    for (unsigned i = 0; i < COUNT; i++) {
        client_connect(&crowd[i], r.port);
        bool is_in = client_try_send(&crowd[i], STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n")) &&
                     client_read(&crowd[i], true);
        in += is_in;
    }
    assert_true(in > 0 && in <= ROOM);
    assert_true(cpu_seconds() - cpu < 2.0);
    for (unsigned i = 0; i < COUNT; i++) {
        client_close(&crowd[i]);
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    struct client c;
    client_open(&c, r.port);
    client_send(&c, STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(client_read(&c, true));
    client_close(&c);
    assert_true(rig_stop(&r, 5000));
}

struct stopper {
    struct rig *rig;
    unsigned grace_ms;
    unsigned has_begun; /* under the rig's lock */
    bool is_clean;
};

static void *stopper_run(void *context)
{
    struct stopper *s = context;
    assert_int_equal(pthread_mutex_lock(&s->rig->lock), 0);
    s->has_begun = 1;
    assert_int_equal(pthread_cond_broadcast(&s->rig->changed), 0);
    assert_int_equal(pthread_mutex_unlock(&s->rig->lock), 0);
    s->is_clean = rig_stop(s->rig, s->grace_ms);
    return NULL;
}

static void answers_what_is_in_flight_before_it_stops(void **state)
{
    (void)state;
    enum { PARKED = 20 };
    struct rig r;
    struct client parked[PARKED];
    struct client idle;
    struct client silent;
    struct client half;
    struct client reading;
    rig_start(&r, &(struct http_config){.listens = {{"127.0.0.1:0", false}}, .loops = 2}, NULL);
    client_open(&idle, r.port);
    client_send(&idle, STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(client_read(&idle, true));
    client_open(&silent, r.port);
    client_open(&half, r.port);
    client_send(&half, STR("GET /half HTTP/1.1\r\n"));
    client_open(&reading, r.port);
    client_send(&reading, STR("GET /large HTTP/1.1\r\nHost: a\r\n\r\n"));
    rig_wait(&r, &r.handled, 2);
    for (unsigned i = 0; i < PARKED; i++) {
        client_open(&parked[i], r.port);
        client_send(&parked[i], PARK);
    }
    rig_wait(&r, &r.parked_count, PARKED);
    struct stopper stopper = {.rig = &r, .grace_ms = RIG_PATIENCE_S * 1000};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, stopper_run, &stopper), 0);
    /* Idle ones go first, without a reset; that also proves that stopping has begun. */
    assert_int_equal(client_read_end(&idle), CLIENT_EOF);
    client_close(&idle);
    assert_int_equal(client_read_end(&silent), CLIENT_EOF);
    client_close(&silent);
    client_send(&half, STR("Host: a\r\n\r\n"));
    assert_true(client_read(&half, true));
    assert_text(half.body, "GET /half? ");
    assert_text(client_header(&half, "Connection"), "close");
    assert_int_equal(client_read_end(&half), CLIENT_EOF);
    client_close(&half);
    assert_true(client_read(&reading, true));
    client_close(&reading);
    for (unsigned i = 0; i < PARKED; i++) {
        rig_answer(&r);
    }
    for (unsigned i = 0; i < PARKED; i++) {
        assert_true(client_read(&parked[i], true));
        assert_int_equal(parked[i].status, 200);
        assert_text(client_header(&parked[i], "Connection"), "close");
        assert_int_equal(client_read_end(&parked[i]), CLIENT_EOF);
        client_close(&parked[i]);
    }
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(stopper.is_clean);
    assert_int_equal(r.unsent, 0);
}

/* More clients than a loop accepts in a turn wait in the kernel when the stop comes. */
static void answers_those_the_kernel_has_let_in_before_it_stops(void **state)
{
    (void)state;
    struct rig r;
    struct client blocker;
    static struct client crowd[2 * CROWD];
    rig_start(&r, NULL, NULL);
    client_open(&blocker, r.port);
    client_send(&blocker, STR("GET /block HTTP/1.1\r\nHost: a\r\n\r\n"));
    rig_wait(&r, &r.handled, 1);
    for (unsigned i = 0; i < 2 * CROWD; i++) {
        client_open(&crowd[i], r.port);
        client_send(&crowd[i], STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    struct stopper stopper = {.rig = &r, .grace_ms = RIG_PATIENCE_S * 1000};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, stopper_run, &stopper), 0);
    rig_wait(&r, &stopper.has_begun, 1);
    rig_release(&r);
    for (unsigned i = 0; i < 2 * CROWD; i++) {
        assert_true(client_read(&crowd[i], true));
        client_close(&crowd[i]);
    }
    client_close(&blocker);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(stopper.is_clean);
}

static void says_so_when_it_had_to_cut(void **state)
{
    (void)state;
    struct rig r;
    struct client c;
    struct client other;
    rig_start(&r, NULL, NULL);
    client_open(&c, r.port);
    client_open(&other, r.port);
    client_send(&c, PARK);
    client_send(&other, PARK);
    rig_wait(&r, &r.parked_count, 2);
    assert_false(rig_stop(&r, 10));
    assert_int_not_equal(client_read_end(&c), CLIENT_TIMEOUT);
    assert_int_equal(c.in.len, 0);
    /* The handlers still hold their exchanges, and may answer them to nobody. */
    rig_answer(&r);
    rig_answer(&r);
    client_close(&c);
    client_close(&other);
}

static void stops_at_once_when_nobody_is_there(void **state)
{
    (void)state;
    struct rig r;
    for (unsigned i = 0; i < 20; i++) {
        rig_start(&r, &(struct http_config){.listens = {{"127.0.0.1:0", false}}, .loops = 3}, NULL);
        assert_true(rig_stop(&r, 60000));
    }
}

static void listens_where_nobody_else_does(void **state)
{
    (void)state;
    struct rig r;
    rig_start(&r, NULL, NULL);
    char listen[32];
    (void)snprintf(listen, sizeof listen, "127.0.0.1:%u", (unsigned)r.port);
    static const struct {
        const char *listen;
        enum status want;
        const char *says;
    } rows[] = {
        {NULL,              STATUS_IO,      "Address already in use"         },
        {"127.0.0.1",       STATUS_INVALID, "not an address and a port"      },
        {"127.0.0.1:",      STATUS_INVALID, "not an address and a port"      },
        {":80",             STATUS_INVALID, "not an address and a port"      },
        {"",                STATUS_INVALID, "not an address and a port"      },
        {"::1:80",          STATUS_INVALID, "not an address and a port"      },
        {"127.0.0.1:http",  STATUS_INVALID, "not an address and a port"      },
        {"127.0.0.1:65536", STATUS_INVALID, "not an address and a port"      },
        {"127.0.0.1:99999", STATUS_INVALID, "not an address and a port"      },
        {"300.0.0.1:80",    STATUS_INVALID, "Cannot listen at"               },
        {"192.0.2.1:0",     STATUS_IO,      "Cannot assign requested address"},
    };
    const struct http_handler handler = {0};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct http_config config = {
            .listens = {{rows[i].listen == NULL ? listen : rows[i].listen, false}}, .loops = 2};
        struct http_server *server = NULL;
        struct error err = {0};
        assert_int_equal(http_server_start(&server, &config, &handler, &err), rows[i].want);
        assert_null(server);
        assert_string_equal(err.field, config.listens[0].address);
        if (strstr(err.message, rows[i].says) == NULL) {
            fail_msg("\"%s\" does not say \"%s\"", err.message, rows[i].says);
        }
    }
    assert_true(rig_stop(&r, 5000));
    rig_start(&r, &(struct http_config){.listens = {{listen, false}}, .loops = 2},
              NULL); /* free again */
    assert_true(rig_stop(&r, 5000));
}

#define LATER STR("GET /later HTTP/1.1\r\nHost: a\r\n\r\n")

/* One request blocks the loop while it is computed; others ask meanwhile.  Then the loop reads all
 * of them, and answers what needs no computing, before it computes the next. */
static void reads_and_answers_before_it_computes_for_others(void **state)
{
    (void)state;
    enum { FEW = 5 };
    struct rig r;
    static struct client computed[FEW], direct[FEW];
    struct client first;
    rig_start(&r, NULL, NULL);
    client_open(&first, r.port);
    for (unsigned i = 0; i < FEW; i++) {
        client_open(&computed[i], r.port);
        client_open(&direct[i], r.port);
        client_send(&direct[i],
                    STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n")); /* they are known to it */
        assert_true(client_read(&direct[i], true));
        client_send(&computed[i], STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert_true(client_read(&computed[i], true));
    }
    client_send(&first, STR("GET /later-block HTTP/1.1\r\nHost: a\r\n\r\n"));
    rig_wait(&r, &r.began, 1);
    size_t from = r.order_len; /* the loop is blocked: nobody writes it */
    for (unsigned i = 0; i < FEW; i++) {
        client_send(&computed[i], LATER);
        client_send(&direct[i], STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    rig_release(&r);
    for (unsigned i = 0; i < FEW; i++) {
        assert_true(client_read(&computed[i], true));
        assert_text(computed[i].body, "GET /later? ");
        assert_true(client_read(&direct[i], true));
    }
    assert_true(client_read(&first, true));
    assert_int_equal(r.order_len, from + 3 * FEW);
    assert_memory_equal(r.order + from, "hhhhhhhhhhrrrrr", 3 * FEW);
    client_close(&first);
    for (unsigned i = 0; i < FEW; i++) {
        client_close(&computed[i]);
        client_close(&direct[i]);
    }
    assert_true(rig_stop(&r, 5000));
    assert_int_equal(r.unsent, 0);
}

/* Told to stop with most of them still waiting for their turn, one a turn: all are answered. */
static void computes_what_waits_before_it_stops(void **state)
{
    (void)state;
    static const unsigned graces_ms[] = {5000, 0};
    for (size_t row = 0; row < ARRAY_LEN(graces_ms); row++) {
        struct rig r;
        static struct client crowd[CROWD];
        struct http_tuning tuning = rig_quick();
        tuning.run_us = 0;
        rig_start(&r, NULL, &tuning);
        for (unsigned i = 0; i < CROWD; i++) {
            client_open(&crowd[i], r.port);
            client_send(&crowd[i], LATER);
        }
        rig_wait(&r, &r.began, 1);
        bool is_clean = rig_stop(&r, graces_ms[row]);
        assert_int_equal(r.done_count, r.handled);
        assert_int_equal(r.began, r.handled);
        if (graces_ms[row] > 0) {
            assert_true(is_clean);
            assert_int_equal(r.sent, CROWD);
        }
        for (unsigned i = 0; i < CROWD; i++) {
            client_close(&crowd[i]);
        }
    }
}

/* Who asks and goes before his turn has come is computed for nobody, and nothing is lost. */
static void does_not_mind_clients_that_leave_before_their_turn(void **state)
{
    (void)state;
    struct rig r;
    static struct client crowd[CROWD];
    struct client first;
    rig_start(&r, NULL, NULL);
    client_open(&first, r.port);
    client_send(&first, STR("GET /later-block HTTP/1.1\r\nHost: a\r\n\r\n"));
    rig_wait(&r, &r.began, 1);
    for (unsigned i = 0; i < CROWD; i++) {
        client_open(&crowd[i], r.port);
        client_send(&crowd[i], LATER);
        if (i % 2 == 0) {
            client_close(&crowd[i]);
        } else {
            client_reset(&crowd[i]);
        }
    }
    rig_release(&r);
    assert_true(client_read(&first, true));
    client_close(&first);
    assert_true(rig_stop(&r, 5000));
    assert_int_equal(r.done_count, r.handled);
    assert_int_equal(r.began, r.handled);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_answers_from_any_thread_in_any_order),
        cmocka_unit_test(reads_and_answers_before_it_computes_for_others),
        cmocka_unit_test(computes_what_waits_before_it_stops),
        cmocka_unit_test(does_not_mind_clients_that_leave_before_their_turn),
        cmocka_unit_test(does_not_mind_clients_that_leave_while_parked),
        cmocka_unit_test(says_unsent_when_the_client_went_first),
        cmocka_unit_test(lets_in_as_many_as_it_may),
        cmocka_unit_test(survives_running_out_of_descriptors),
        cmocka_unit_test(answers_what_is_in_flight_before_it_stops),
        cmocka_unit_test(answers_those_the_kernel_has_let_in_before_it_stops),
        cmocka_unit_test(says_so_when_it_had_to_cut),
        cmocka_unit_test(stops_at_once_when_nobody_is_there),
        cmocka_unit_test(listens_where_nobody_else_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
