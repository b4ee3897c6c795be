/* in_flight.c - linear probing over digests, with deletion by shifting back: no graves, so a probe
 * stays short. */
#include "service/in_flight.h"

#include "base/defect.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Several times what can be parked at once, so that the table is never full. */
enum { IN_FLIGHT_PLACES = 65536, IN_FLIGHT_MAX = IN_FLIGHT_PLACES / 2 };

struct in_flight {
    pthread_mutex_t lock;
    uint32_t count;
    bool is_taken[IN_FLIGHT_PLACES];
    struct digest keys[IN_FLIGHT_PLACES];
};

struct in_flight *in_flight_create(void)
{
    struct in_flight *in_flight = calloc(1, sizeof *in_flight);
    if (in_flight != NULL) {
        (void)pthread_mutex_init(&in_flight->lock, NULL);
    }
    return in_flight;
}

void in_flight_destroy(struct in_flight *in_flight)
{
    if (in_flight != NULL) {
        (void)pthread_mutex_destroy(&in_flight->lock);
        free(in_flight);
    }
}

static uint32_t home_of(const struct digest *key)
{
    uint32_t at;
    memcpy(&at, key->bytes, sizeof at);
    return at % IN_FLIGHT_PLACES;
}

/* The place of `key`, or the free place where it would go. */
static uint32_t place_of(const struct in_flight *in_flight, const struct digest *key)
{
    uint32_t place = home_of(key);
    while (in_flight->is_taken[place] && !digest_eq(&in_flight->keys[place], key)) {
        place = (place + 1) % IN_FLIGHT_PLACES;
    }
    return place;
}

bool in_flight_enter(struct in_flight *in_flight, const struct digest *key)
{
    (void)pthread_mutex_lock(&in_flight->lock);
    uint32_t place = place_of(in_flight, key);
    bool is_first = !in_flight->is_taken[place];
    if (is_first && in_flight->count < IN_FLIGHT_MAX) {
        in_flight->is_taken[place] = true;
        in_flight->keys[place] = *key;
        in_flight->count++;
    }
    (void)pthread_mutex_unlock(&in_flight->lock);
    return is_first;
}

/* Empty `hole` and move back whoever would no longer be found behind it. */
static void shift_back(struct in_flight *in_flight, uint32_t hole)
{
    uint32_t place = hole;
    for (;;) {
        place = (place + 1) % IN_FLIGHT_PLACES;
        if (!in_flight->is_taken[place]) {
            break;
        }
        uint32_t from_home = (place - home_of(&in_flight->keys[place])) % IN_FLIGHT_PLACES;
        uint32_t from_hole = (place - hole) % IN_FLIGHT_PLACES;
        if (from_home >= from_hole) {
            in_flight->keys[hole] = in_flight->keys[place];
            hole = place;
        }
    }
    in_flight->is_taken[hole] = false;
}

void in_flight_leave(struct in_flight *in_flight, const struct digest *key)
{
    (void)pthread_mutex_lock(&in_flight->lock);
    uint32_t place = place_of(in_flight, key);
    if (in_flight->is_taken[place] && !DEFECT(CLAIM_IN_MEMORY)) {
        shift_back(in_flight, place);
        in_flight->count--;
    }
    (void)pthread_mutex_unlock(&in_flight->lock);
}
