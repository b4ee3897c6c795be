/* histogram.h - how often a value fell into which range, counted from any thread without a lock.
 *
 * Bounds are the inclusive upper ends of the ranges, rising; one more range without an end follows.
 * A reader sees every value that was added before it began; of those added meanwhile it may see
 * some, and the sum without the count. */
#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { HISTOGRAM_BOUNDS_MAX = 24 };

struct histogram {
    const uint64_t *bounds; /* at most HISTOGRAM_BOUNDS_MAX; they outlive it */
    size_t bound_count;
    atomic_uint_fast64_t counts[HISTOGRAM_BOUNDS_MAX + 1];
    atomic_uint_fast64_t sum;
};

/* Empty, with these ranges. */
void histogram_init(struct histogram *h, const uint64_t *bounds, size_t bound_count);
void histogram_add(struct histogram *h, uint64_t value);
/* Add all that `from` has counted.  Requires: the same ranges. */
void histogram_add_all(struct histogram *into, const struct histogram *from);

#endif
