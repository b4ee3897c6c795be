/* deadline.c - a doubly linked queue a kind. */
#include "http/deadline.h"

#include <stddef.h>

void deadline_clear(struct deadlines *all, struct deadline *d)
{
    if (!d->is_set) {
        return;
    }
    if (d->previous == NULL) {
        CHECK(all->kinds[d->kind].first == d);
        all->kinds[d->kind].first = d->next;
    } else {
        d->previous->next = d->next;
    }
    if (d->next == NULL) {
        CHECK(all->kinds[d->kind].last == d);
        all->kinds[d->kind].last = d->previous;
    } else {
        d->next->previous = d->previous;
    }
    d->previous = NULL;
    d->next = NULL;
    d->is_set = false;
}

void deadline_set(struct deadlines *all, struct deadline *d, enum deadline_kind kind,
                  uint64_t now_us)
{
    deadline_clear(all, d);
    d->kind = kind;
    d->at_us = now_us + all->kinds[kind].wait_us;
    d->previous = all->kinds[kind].last;
    d->is_set = true;
    if (d->previous == NULL) {
        all->kinds[kind].first = d;
    } else {
        CHECK(d->previous->at_us <= d->at_us);
        d->previous->next = d;
    }
    all->kinds[kind].last = d;
}

uint64_t deadline_next_us(const struct deadlines *all)
{
    uint64_t next_us = UINT64_MAX;
    for (size_t kind = 0; kind < DEADLINE_COUNT; kind++) {
        const struct deadline *first = all->kinds[kind].first;
        if (first != NULL && first->at_us < next_us) {
            next_us = first->at_us;
        }
    }
    return next_us;
}

struct deadline *deadline_expired(struct deadlines *all, uint64_t now_us)
{
    for (size_t kind = 0; kind < DEADLINE_COUNT; kind++) {
        struct deadline *first = all->kinds[kind].first;
        if (first != NULL && first->at_us <= now_us) {
            deadline_clear(all, first);
            return first;
        }
    }
    return NULL;
}
