/* histogram.c - one relaxed addition to a range and one to the sum. */
#include "base/histogram.h"

#include "base/check.h"

void histogram_init(struct histogram *h, const uint64_t *bounds, size_t bound_count)
{
    CHECK(bound_count <= HISTOGRAM_BOUNDS_MAX);
    h->bounds = bounds;
    h->bound_count = bound_count;
    for (size_t i = 0; i <= bound_count; i++) {
        atomic_init(&h->counts[i], 0);
    }
    atomic_init(&h->sum, 0);
}

void histogram_add(struct histogram *h, uint64_t value)
{
    size_t range = 0;
    while (range < h->bound_count && value > h->bounds[range]) {
        range++;
    }
    (void)atomic_fetch_add_explicit(&h->counts[range], 1, memory_order_relaxed);
    (void)atomic_fetch_add_explicit(&h->sum, value, memory_order_relaxed);
}

void histogram_add_all(struct histogram *into, const struct histogram *from)
{
    CHECK(into->bounds == from->bounds);
    for (size_t i = 0; i <= from->bound_count; i++) {
        uint64_t count = atomic_load_explicit(&from->counts[i], memory_order_relaxed);
        (void)atomic_fetch_add_explicit(&into->counts[i], count, memory_order_relaxed);
    }
    uint64_t sum = atomic_load_explicit(&from->sum, memory_order_relaxed);
    (void)atomic_fetch_add_explicit(&into->sum, sum, memory_order_relaxed);
}
