/* test_admission.c - places: each limit at its last one and one past it, and how long they are
 * held. */
#include "service/admission.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { SECOND_US = 1000000, PLACES_MOST = 64 };

static struct digest key_of(uint32_t number)
{
    struct digest key = {{0}};
    memcpy(key.bytes, &number, sizeof number);
    return key;
}

/* One request of `kind` with this key, as the API takes it in. */
static enum admission take(struct admissions *a, struct admission_place *place,
                           enum admission_kind kind, uint32_t key)
{
    struct digest digest = key_of(key);
    enum admission result = admission_enter(a, place, 0);
    if (result == ADMISSION_GRANTED) {
        result = admission_assign(a, place, kind, kind == ADMISSION_STRANGER ? NULL : &digest);
    }
    if (result != ADMISSION_GRANTED) {
        admission_leave(a, place, 0);
    }
    return result;
}

/* Places, and how many a kind and a key get of them. */
static void shares_of_the_places(void **state)
{
    static const struct {
        unsigned places, kind, key;
    } rows[] = {
        {1,    1,    1   },
        {2,    2,    1   },
        {3,    3,    1   },
        {4,    3,    2   },
        {5,    4,    2   },
        {8,    6,    4   },
        {2048, 1536, 1024},
        {0,    1536, 1024}, /* unless said otherwise */
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct admissions *a = admissions_create(rows[i].places);
        struct admission_figures figures = admission_figures(a);
        assert_int_equal(figures.places, rows[i].places == 0 ? ADMISSION_PLACES : rows[i].places);
        assert_int_equal(figures.kind_places, rows[i].kind);
        assert_int_equal(figures.key_places, rows[i].key);
        admissions_destroy(a);
    }
}

/* Requests that come one after the other; each says what it gets.  8 places: 6 a kind, 4 a key. */
static void refuses_one_past_each_limit(void **state)
{
    static const struct {
        const char *what;
        struct {
            unsigned count;
            enum admission_kind kind;
            uint32_t key;
            enum admission result;
        } steps[5];
    } rows[] = {
        {"it takes a key's share and no more",
         {{4, ADMISSION_DECIDING, 1, ADMISSION_GRANTED},
          {2, ADMISSION_DECIDING, 1, ADMISSION_KEY_FULL},
          {1, ADMISSION_READING, 1, ADMISSION_KEY_FULL},
          {1, ADMISSION_READING, 2, ADMISSION_GRANTED}}                   },
        {"it takes a kind's share and no more",
         {{3, ADMISSION_READING, 1, ADMISSION_GRANTED},
          {3, ADMISSION_READING, 2, ADMISSION_GRANTED},
          {2, ADMISSION_READING, 3, ADMISSION_KIND_FULL},
          {2, ADMISSION_DECIDING, 3, ADMISSION_GRANTED},
          {1, ADMISSION_DECIDING, 3, ADMISSION_FULL}}                     },
        {"it leaves room for reads when all decide",
         {{4, ADMISSION_DECIDING, 1, ADMISSION_GRANTED},
          {2, ADMISSION_DECIDING, 2, ADMISSION_GRANTED},
          {1, ADMISSION_DECIDING, 3, ADMISSION_KIND_FULL},
          {2, ADMISSION_READING, 3, ADMISSION_GRANTED},
          {1, ADMISSION_READING, 3, ADMISSION_FULL}}                      },
        {"it leaves room for known keys when all guess",
         {{6, ADMISSION_STRANGER, 0, ADMISSION_GRANTED},
          {3, ADMISSION_STRANGER, 0, ADMISSION_KIND_FULL},
          {1, ADMISSION_DECIDING, 1, ADMISSION_GRANTED},
          {1, ADMISSION_READING, 2, ADMISSION_GRANTED},
          {1, ADMISSION_STRANGER, 0, ADMISSION_FULL}}                     },
        {"it gives two keys that look alike one share",
         {{3, ADMISSION_DECIDING, 7, ADMISSION_GRANTED},
          {1, ADMISSION_DECIDING, 7 + ADMISSION_KEYS, ADMISSION_GRANTED},
          {1, ADMISSION_DECIDING, 7 + ADMISSION_KEYS, ADMISSION_KEY_FULL}}},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct admissions *a = admissions_create(8);
        struct admission_place places[PLACES_MOST] = {{0}};
        uint64_t refused[ADMISSION_RESULT_COUNT] = {0};
        size_t used = 0, granted = 0;
        for (size_t j = 0; j < ARRAY_LEN(rows[i].steps); j++) {
            for (unsigned k = 0; k < rows[i].steps[j].count; k++) {
                enum admission_kind kind = rows[i].steps[j].kind;
                struct digest key = key_of(rows[i].steps[j].key);
                enum admission foreseen =
                    admission_foresee(a, kind, kind == ADMISSION_STRANGER ? NULL : &key);
                enum admission result = take(a, &places[used++], kind, rows[i].steps[j].key);
                assert_int_equal(foreseen, result);
                /* Whoever finds no crowd need not ask further. */
                assert_true(result == ADMISSION_GRANTED || admission_is_crowded(a));
                if (result != rows[i].steps[j].result) {
                    fail_msg("%s: step %zu, request %u: %d", rows[i].what, j, k, (int)result);
                }
                granted += result == ADMISSION_GRANTED ? 1 : 0;
                refused[result] += result == ADMISSION_GRANTED ? 0 : 1;
            }
        }
        struct admission_figures figures = admission_figures(a);
        assert_int_equal(figures.in_flight, granted);
        assert_memory_equal(figures.refused, refused, sizeof refused);
        for (size_t j = 0; j < used; j++) {
            admission_leave(a, &places[j], 1);
            admission_leave(a, &places[j], 1); /* the second time it is none to give back */
        }
        figures = admission_figures(a);
        assert_int_equal(figures.in_flight, 0);
        assert_int_equal(figures.kinds[0] + figures.kinds[1] + figures.kinds[2], 0);
        admissions_destroy(a);
    }
}

/* A stranger that turns out to be known takes one place, not two. */
static void a_place_changes_what_it_is_for(void **state)
{
    struct admissions *a = admissions_create(4);
    struct admission_place place = {0};
    struct digest key = key_of(9);
    (void)state;
    assert_int_equal(admission_enter(a, &place, 0), ADMISSION_GRANTED);
    assert_int_equal(admission_assign(a, &place, ADMISSION_STRANGER, NULL), ADMISSION_GRANTED);
    assert_int_equal(admission_assign(a, &place, ADMISSION_READING, &key), ADMISSION_GRANTED);
    struct admission_figures figures = admission_figures(a);
    assert_int_equal(figures.in_flight, 1);
    assert_int_equal(figures.kinds[ADMISSION_STRANGER], 0);
    assert_int_equal(figures.kinds[ADMISSION_READING], 1);
    admission_leave(a, &place, 0);
    admissions_destroy(a);
}

/* ---- how long to wait ---- */

static void hold(struct admissions *a, uint64_t from_us, uint64_t until_us)
{
    struct admission_place place = {0};
    assert_int_equal(admission_enter(a, &place, from_us), ADMISSION_GRANTED);
    assert_int_equal(admission_assign(a, &place, ADMISSION_DECIDING, NULL), ADMISSION_GRANTED);
    admission_leave(a, &place, until_us);
}

static void waits_as_long_as_places_were_held(void **state)
{
    struct admissions *a = admissions_create(4);
    (void)state;
    assert_int_equal(admission_wait_us(a, 5 * SECOND_US), 0); /* nothing was ever held */
    for (uint64_t i = 0; i < 100; i++) {
        hold(a, i * SECOND_US, i * SECOND_US + 800000);
    }
    uint64_t now_us = 99 * SECOND_US + 800000, wait_us = admission_wait_us(a, now_us);
    assert_in_range(wait_us, 799000, 800000);
    /* It halves each second in which nothing is answered, and what is long ago tells nothing. */
    assert_in_range(admission_wait_us(a, now_us + SECOND_US), 399000, 400000);
    assert_int_equal(admission_wait_us(a, now_us + 3600ULL * SECOND_US), 0);
    admissions_destroy(a);
}

static void a_standstill_lasts_as_long_as_it_has(void **state)
{
    struct admissions *a = admissions_create(4);
    struct admission_place stuck = {0};
    (void)state;
    hold(a, 0, 1000);
    /* An hour of nothing to do is no standstill. */
    uint64_t from_us = 3600ULL * SECOND_US;
    assert_int_equal(admission_enter(a, &stuck, from_us), ADMISSION_GRANTED);
    assert_int_equal(admission_assign(a, &stuck, ADMISSION_DECIDING, NULL), ADMISSION_GRANTED);
    assert_int_equal(admission_wait_us(a, from_us), 0);
    assert_int_equal(admission_wait_us(a, from_us + 7 * SECOND_US), 7 * SECOND_US);
    /* Turning others away is no progress. */
    struct admission_place other = {0};
    assert_int_equal(admission_enter(a, &other, from_us + 8 * SECOND_US), ADMISSION_GRANTED);
    admission_leave(a, &other, from_us + 9 * SECOND_US);
    assert_int_equal(admission_wait_us(a, from_us + 9 * SECOND_US), 9 * SECOND_US);
    admission_leave(a, &stuck, from_us + 10 * SECOND_US);
    assert_in_range(admission_wait_us(a, from_us + 10 * SECOND_US), 1, 10 * SECOND_US);
    admissions_destroy(a);
}

/* ---- many threads ---- */

enum { ROUNDS = 20000, THREADS = 4 };

struct crowd {
    struct admissions *admissions;
    atomic_uint inside, most;
};

static void *come_and_go(void *argument)
{
    struct crowd *crowd = argument;
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct admission_place place = {0};
        if (take(crowd->admissions, &place, ADMISSION_DECIDING, i) == ADMISSION_GRANTED) {
            unsigned now = atomic_fetch_add(&crowd->inside, 1) + 1;
            unsigned most = atomic_load(&crowd->most);
            while (now > most && !atomic_compare_exchange_weak(&crowd->most, &most, now)) {
            }
            (void)atomic_fetch_sub(&crowd->inside, 1);
            admission_leave(crowd->admissions, &place, i);
        }
    }
    return NULL;
}

static void threads_never_exceed_it_and_leave_nothing(void **state)
{
    struct crowd crowd = {.admissions = admissions_create(3)};
    pthread_t threads[THREADS];
    (void)state;
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, come_and_go, &crowd), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_in_range(atomic_load(&crowd.most), 1, 3);
    assert_int_equal(admission_figures(crowd.admissions).in_flight, 0);
    admissions_destroy(crowd.admissions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_of_the_places),
        cmocka_unit_test(refuses_one_past_each_limit),
        cmocka_unit_test(a_place_changes_what_it_is_for),
        cmocka_unit_test(waits_as_long_as_places_were_held),
        cmocka_unit_test(a_standstill_lasts_as_long_as_it_has),
        cmocka_unit_test(threads_never_exceed_it_and_leave_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
