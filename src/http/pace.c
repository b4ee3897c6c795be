/* pace.c - token buckets as one number each: when the bucket will be full again.
 *
 * This is the generic cell rate algorithm (ITU-T I.371): a bucket that is full at `full_us` holds
 * burst - (full_us - now) / interval tokens.  Taking one moves `full_us` on by an interval; what is
 * taken beyond the tokens there are is a place in the future.
 *
 * The table is an array of small sets; the set is chosen by a keyed hash, so that nobody can crowd
 * one on purpose. */
#include "http/pace.h"

#include "crypto/secret.h"

#include <assert.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { WAYS = 8, SETS = PACE_ADDRESSES_MAX / WAYS };

static_assert((SETS & (SETS - 1)) == 0, "a set is chosen by a mask");

struct bucket {
    struct pace_address address;
    uint64_t full_us; /* 0: never used */
};

struct pace {
    uint64_t interval_us;
    uint64_t burst_us; /* what a full bucket lets through at once */
    uint64_t key[2];
    pthread_mutex_t lock;
    struct bucket buckets[SETS][WAYS];
};

struct pace_address pace_address_of(const struct sockaddr_storage *peer)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    struct pace_address out = {{0}};
    if (peer->ss_family == AF_INET) {
        const struct sockaddr_in *ip4 = (const struct sockaddr_in *)peer;
        memcpy(out.bytes, mapped, sizeof mapped);
        memcpy(out.bytes + sizeof mapped, &ip4->sin_addr, 4);
    } else if (peer->ss_family == AF_INET6) {
        const struct sockaddr_in6 *ip6 = (const struct sockaddr_in6 *)peer;
        bool is_mapped = memcmp(&ip6->sin6_addr, mapped, sizeof mapped) == 0;
        memcpy(out.bytes, &ip6->sin6_addr, is_mapped ? PACE_ADDRESS_LEN : 8);
    }
    return out;
}

struct pace *pace_create(unsigned per_second, unsigned burst)
{
    CHECK(per_second > 0);
    CHECK(burst > 0);
    struct pace *pace = calloc(1, sizeof *pace);
    if (pace == NULL) {
        return NULL;
    }
    uint64_t interval_us = 1000000 / per_second;
    pace->interval_us = interval_us == 0 ? 1 : interval_us;
    pace->burst_us = pace->interval_us * burst;
    secret_random(pace->key, sizeof pace->key);
    CHECK(pthread_mutex_init(&pace->lock, NULL) == 0);
    return pace;
}

void pace_destroy(struct pace *pace)
{
    if (pace != NULL) {
        CHECK(pthread_mutex_destroy(&pace->lock) == 0);
        free(pace);
    }
}

/* The finish of splitmix64 under a secret key: enough for a set that an outsider cannot aim at,
 * since it never sees one. */
static uint64_t mix(uint64_t number, uint64_t key)
{
    number ^= key;
    number = (number ^ (number >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    number = (number ^ (number >> 27)) * UINT64_C(0x94D049BB133111EB);
    return number ^ (number >> 31);
}

static struct bucket *set_of(struct pace *pace, const struct pace_address *address)
{
    uint64_t halves[2];
    memcpy(halves, address->bytes, sizeof halves);
    uint64_t hash = mix(mix(halves[0], pace->key[0]) ^ halves[1], pace->key[1]);
    return pace->buckets[hash & (SETS - 1)];
}

/* The bucket of that address, or that of the one quiet the longest, emptied of its past. */
static struct bucket *bucket_find(struct pace *pace, const struct pace_address *address)
{
    struct bucket *set = set_of(pace, address);
    struct bucket *oldest = &set[0];
    for (unsigned i = 0; i < WAYS; i++) {
        if (memcmp(&set[i].address, address, sizeof *address) == 0) {
            return &set[i];
        }
        if (set[i].full_us < oldest->full_us) {
            oldest = &set[i];
        }
    }
    *oldest = (struct bucket){*address, 0};
    return oldest;
}

uint64_t pace_take(struct pace *pace, const struct pace_address *address, uint64_t now_us)
{
    CHECK(pthread_mutex_lock(&pace->lock) == 0);
    struct bucket *bucket = bucket_find(pace, address);
    uint64_t full_us = (bucket->full_us > now_us ? bucket->full_us : now_us) + pace->interval_us;
    uint64_t at_us = full_us <= now_us + pace->burst_us ? now_us : full_us - pace->burst_us;
    if (at_us - now_us > PACE_WAIT_MAX_S * UINT64_C(1000000)) {
        at_us = PACE_NEVER;
    } else {
        bucket->full_us = full_us;
    }
    CHECK(pthread_mutex_unlock(&pace->lock) == 0);
    return at_us;
}
