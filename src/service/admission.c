/* admission.c - three counters a place, each taken only below its limit. */
#include "service/admission.h"

#include <stdlib.h>
#include <string.h>

struct admissions {
    unsigned places, kind_places, key_places;
    atomic_uint taken;
    atomic_uint kinds[ADMISSION_KIND_COUNT];
    atomic_uint_fast64_t refused[ADMISSION_RESULT_COUNT];
    atomic_uint_fast64_t held_us;     /* mean of those given back of late */
    atomic_uint_fast64_t answered_us; /* when the last was */
    atomic_uint_fast64_t begun_us;    /* when the first place was taken since all were free */
    atomic_uint keys[ADMISSION_KEYS];
};

static unsigned at_least_one(unsigned places)
{
    return places == 0 ? 1 : places;
}

struct admissions *admissions_create(unsigned places)
{
    struct admissions *a = calloc(1, sizeof *a);
    if (a != NULL) {
        a->places = places == 0 ? ADMISSION_PLACES : places;
        a->kind_places = at_least_one(a->places - a->places / 4);
        a->key_places = at_least_one(a->places / 2);
    }
    return a;
}

void admissions_destroy(struct admissions *a)
{
    free(a);
}

/* One more, unless that would be one too many: exact, whatever other threads do. */
static bool count_up(atomic_uint *count, unsigned most)
{
    unsigned now = atomic_load_explicit(count, memory_order_relaxed);
    while (now < most) {
        if (atomic_compare_exchange_weak_explicit(count, &now, now + 1, memory_order_acq_rel,
                                                  memory_order_relaxed)) {
            return true;
        }
    }
    return false;
}

static void count_down(atomic_uint *count)
{
    unsigned before = atomic_fetch_sub_explicit(count, 1, memory_order_acq_rel);
    CHECK(before > 0);
}

enum admission admission_refuse(struct admissions *a, enum admission why)
{
    CHECK(why != ADMISSION_GRANTED);
    CHECK(why < ADMISSION_RESULT_COUNT);
    (void)atomic_fetch_add_explicit(&a->refused[why], 1, memory_order_relaxed);
    return why;
}

enum admission admission_enter(struct admissions *a, struct admission_place *place, uint64_t now_us)
{
    CHECK(!place->is_taken);
    if (atomic_load_explicit(&a->taken, memory_order_relaxed) == 0) {
        atomic_store_explicit(&a->begun_us, now_us, memory_order_relaxed);
    }
    if (!count_up(&a->taken, a->places)) {
        return admission_refuse(a, ADMISSION_FULL);
    }
    place->is_taken = true;
    place->since_us = now_us;
    return ADMISSION_GRANTED;
}

static void unassign(struct admissions *a, struct admission_place *place)
{
    if (place->has_kind) {
        count_down(&a->kinds[place->kind]);
        place->has_kind = false;
    }
    if (place->has_key) {
        count_down(&a->keys[place->key]);
        place->has_key = false;
    }
}

static uint32_t key_place(const struct digest *key)
{
    uint32_t place;
    memcpy(&place, key->bytes, sizeof place);
    return place % ADMISSION_KEYS;
}

enum admission admission_assign(struct admissions *a, struct admission_place *place,
                                enum admission_kind kind, const struct digest *key)
{
    CHECK(place->is_taken);
    CHECK(kind < ADMISSION_KIND_COUNT);
    unassign(a, place);
    if (key != NULL) {
        place->key = key_place(key);
        place->has_key = count_up(&a->keys[place->key], a->key_places);
        if (!place->has_key) {
            return admission_refuse(a, ADMISSION_KEY_FULL);
        }
    }
    place->kind = kind;
    place->has_kind = count_up(&a->kinds[kind], a->kind_places);
    if (!place->has_kind) {
        unassign(a, place);
        return admission_refuse(a, ADMISSION_KIND_FULL);
    }
    return ADMISSION_GRANTED;
}

static bool is_at_least(const atomic_uint *count, unsigned most)
{
    return atomic_load_explicit(count, memory_order_relaxed) >= most;
}

bool admission_is_crowded(const struct admissions *a)
{
    return is_at_least(&a->taken, a->key_places);
}

enum admission admission_foresee_share(const struct admissions *a, enum admission_kind kind,
                                       const struct digest *key)
{
    CHECK(kind < ADMISSION_KIND_COUNT);
    if (key != NULL && is_at_least(&a->keys[key_place(key)], a->key_places)) {
        return ADMISSION_KEY_FULL;
    }
    return is_at_least(&a->kinds[kind], a->kind_places) ? ADMISSION_KIND_FULL : ADMISSION_GRANTED;
}

enum admission admission_foresee(const struct admissions *a, enum admission_kind kind,
                                 const struct digest *key)
{
    return is_at_least(&a->taken, a->places) ? ADMISSION_FULL
                                             : admission_foresee_share(a, kind, key);
}

/* An eighth of the newest, seven of what was.  Threads that meet here may lose one of the two. */
static void held_note(struct admissions *a, uint64_t held_us)
{
    uint64_t mean_us = atomic_load_explicit(&a->held_us, memory_order_relaxed);
    mean_us = mean_us - mean_us / 8 + held_us / 8;
    atomic_store_explicit(&a->held_us, mean_us, memory_order_relaxed);
}

void admission_leave(struct admissions *a, struct admission_place *place, uint64_t now_us)
{
    if (!place->is_taken) {
        return;
    }
    /* What was turned away before it had a kind says nothing of how long work takes. */
    if (place->has_kind) {
        held_note(a, now_us - place->since_us);
        atomic_store_explicit(&a->answered_us, now_us, memory_order_relaxed);
    }
    unassign(a, place);
    place->is_taken = false;
    count_down(&a->taken);
}

static uint64_t time_since(uint64_t then_us, uint64_t now_us)
{
    return now_us < then_us ? 0 : now_us - then_us;
}

uint64_t admission_wait_us(const struct admissions *a, uint64_t now_us)
{
    enum { SECOND_US = 1000000, FORGOTTEN_S = 32 };
    uint64_t held_us = atomic_load_explicit(&a->held_us, memory_order_relaxed);
    uint64_t silent_us =
        time_since(atomic_load_explicit(&a->answered_us, memory_order_relaxed), now_us);
    uint64_t busy_us = time_since(atomic_load_explicit(&a->begun_us, memory_order_relaxed), now_us);
    /* What was long ago tells little of now. */
    uint64_t seconds = silent_us / SECOND_US;
    held_us = seconds < FORGOTTEN_S ? held_us >> seconds : 0;
    if (atomic_load_explicit(&a->taken, memory_order_relaxed) == 0) {
        return held_us;
    }
    uint64_t still_us = silent_us < busy_us ? silent_us : busy_us;
    return held_us > still_us ? held_us : still_us;
}

struct admission_figures admission_figures(const struct admissions *a)
{
    struct admission_figures figures = {.places = a->places,
                                        .kind_places = a->kind_places,
                                        .key_places = a->key_places,
                                        .in_flight = atomic_load(&a->taken)};
    for (size_t i = 0; i < ADMISSION_KIND_COUNT; i++) {
        figures.kinds[i] = atomic_load(&a->kinds[i]);
    }
    for (size_t i = 0; i < ADMISSION_RESULT_COUNT; i++) {
        figures.refused[i] = atomic_load(&a->refused[i]);
    }
    return figures;
}
