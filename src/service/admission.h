/* admission.h - how much work the process takes on at a time; whoever comes too many is told at
 * once, before anything dear is done for him.
 *
 * A request with a key takes a place when it is whole and gives it back when its answer is made.
 * There are --in-flight N places in all.  No kind of work may hold more than three quarters of
 * them, so that a storm of reads leaves room for decisions, and decisions for reads, and guesses of
 * keys for both; no key may hold more than half.  Keys are told apart by their digest, a few bits
 * of it: two that look alike share a share.
 *
 * Counters only: no lock, no queue.  A place belongs to one request and to one thread at a time. */
#ifndef SERVICE_ADMISSION_H
#define SERVICE_ADMISSION_H

#include "crypto/digest.h"

#include <stdatomic.h>

enum {
    ADMISSION_PLACES = 2048, /* unless said otherwise */
    ADMISSION_PLACES_MAX = 65536,
    ADMISSION_KEYS = 4096,
};

enum admission_kind {
    ADMISSION_STRANGER, /* the store is asked for its key */
    ADMISSION_DECIDING,
    ADMISSION_READING, /* all that works on the store with a worker */
    ADMISSION_KIND_COUNT
};

enum admission {
    ADMISSION_GRANTED,
    ADMISSION_FULL,      /* all places are taken */
    ADMISSION_KIND_FULL, /* those for this kind are */
    ADMISSION_KEY_FULL,  /* the key has its share */
    ADMISSION_RESULT_COUNT
};

struct admission_place {
    bool is_taken, has_kind, has_key;
    enum admission_kind kind;
    uint32_t key;
    uint64_t since_us;
};

struct admissions;

struct admissions *admissions_create(unsigned places); /* 0: ADMISSION_PLACES.  NULL: no memory */
void admissions_destroy(struct admissions *admissions);

/* Take one of all places.  Requires: `place` is zero. */
enum admission admission_enter(struct admissions *admissions, struct admission_place *place,
                               uint64_t now_us) MUST_USE;
/* Say what the place is for, and whose it is if that is known; what it was for before is forgotten.
 * Refused, it keeps the place among all, and nothing else. */
enum admission admission_assign(struct admissions *admissions, struct admission_place *place,
                                enum admission_kind kind, const struct digest *key) MUST_USE;
/* Would it be refused just now, and why?  For who can say so before it costs anything: a place that
 * becomes free in the next moment is somebody else's.  `key` may be NULL. */
enum admission admission_foresee(const struct admissions *admissions, enum admission_kind kind,
                                 const struct digest *key);
/* The same for who has a place among all. */
enum admission admission_foresee_share(const struct admissions *admissions,
                                       enum admission_kind kind, const struct digest *key);
/* Are so many places taken that a key or a kind may have its share? */
bool admission_is_crowded(const struct admissions *admissions);
/* Count a refusal that was foreseen, and return it. */
enum admission admission_refuse(struct admissions *admissions, enum admission why);
/* Give it back; a place that was never taken is none to give back. */
void admission_leave(struct admissions *admissions, struct admission_place *place, uint64_t now_us);

/* How long places were held of late, and so when the next will be free: by Little's law the same as
 * what is in flight by the rate at which it is answered.  While nothing at all is answered, the
 * time since that began. */
uint64_t admission_wait_us(const struct admissions *admissions, uint64_t now_us);

struct admission_figures {
    unsigned places, kind_places, key_places;
    uint64_t in_flight;
    uint64_t kinds[ADMISSION_KIND_COUNT];
    uint64_t refused[ADMISSION_RESULT_COUNT]; /* by reason; GRANTED is not counted */
} admission_figures(const struct admissions *admissions);

#endif
