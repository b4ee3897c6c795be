/* boards.c - every pair of seats of a person is an edge. */
#include "graph/boards.h"

#include <stdlib.h>
#include <string.h>

static int seat_order(const void *a, const void *b)
{
    const struct seat *x = a;
    const struct seat *y = b;
    if (x->person != y->person) {
        return x->person < y->person ? -1 : 1;
    }
    return (x->company > y->company) - (x->company < y->company);
}

/* By person, then company, each seat once; *kept of them.  NULL: no memory. */
static struct seat *seats_sorted(size_t *kept, const struct seat *seats, size_t count,
                                 struct arena *arena)
{
    struct seat *sorted = arena_array(arena, struct seat, count + 1);
    *kept = 0;
    if (sorted == NULL) {
        return NULL;
    }
    if (count > 0) {
        memcpy(sorted, seats, count * sizeof *seats);
        qsort(sorted, count, sizeof *sorted, seat_order);
    }
    for (size_t i = 0; i < count; i++) {
        if (*kept == 0 || seat_order(&sorted[*kept - 1], &sorted[i]) != 0) {
            sorted[(*kept)++] = sorted[i];
        }
    }
    return sorted;
}

/* The seats behind `from` that are the same person's. */
static size_t person_end(const struct seat *seats, size_t count, size_t from)
{
    size_t end = from;
    while (end < count && seats[end].person == seats[from].person) {
        end++;
    }
    return end;
}

static size_t pair_count(const struct seat *seats, size_t count)
{
    size_t pairs = 0;
    for (size_t from = 0, end; from < count; from = end) {
        end = person_end(seats, count, from);
        if (end - from <= BOARD_SEATS_MAX) {
            pairs += (end - from) * (end - from - 1);
        }
    }
    return pairs;
}

static struct edge *person_tie(struct edge *edges, const struct seat *seats, size_t seat_count,
                               enum board_weight weight)
{
    double tie = weight == BOARD_SHARED ? 1 : 1 / (double)(seat_count - 1);
    for (size_t i = 0; i < seat_count; i++) {
        for (size_t j = 0; j < seat_count; j++) {
            if (i != j) {
                *edges++ = (struct edge){seats[i].company, seats[j].company, tie};
            }
        }
    }
    return edges;
}

bool boards_project(struct network *out, uint32_t company_count, const struct seat *seats,
                    size_t count, enum board_weight weight, struct arena *arena)
{
    size_t kept;
    struct seat *sorted = seats_sorted(&kept, seats, count, arena);
    if (sorted == NULL) {
        return false;
    }
    size_t pairs = pair_count(sorted, kept);
    struct edge *edges = arena_array(arena, struct edge, pairs + 1);
    if (edges == NULL) {
        return false;
    }
    struct edge *at = edges;
    for (size_t from = 0, end; from < kept; from = end) {
        end = person_end(sorted, kept, from);
        if (end - from > 1 && end - from <= BOARD_SEATS_MAX) {
            at = person_tie(at, &sorted[from], end - from, weight);
        }
    }
    return network_build(out, company_count, edges, (size_t)(at - edges), arena);
}

static void note_person(double *ties, uint32_t company, const struct seat *seats, size_t seat_count)
{
    bool sits_here = false;
    for (size_t i = 0; i < seat_count; i++) {
        sits_here = sits_here || seats[i].company == company;
    }
    for (size_t i = 0; i < seat_count && sits_here; i++) {
        if (seats[i].company != company) {
            ties[seats[i].company] += 1 / (double)(seat_count - 1);
        }
    }
}

bool boards_ties(double *ties, uint32_t company_count, uint32_t company, const struct seat *seats,
                 size_t count, struct arena *arena)
{
    size_t kept;
    struct seat *sorted = seats_sorted(&kept, seats, count, arena);
    if (sorted == NULL) {
        return false;
    }
    memset(ties, 0, company_count * sizeof *ties);
    for (size_t from = 0, end; from < kept; from = end) {
        end = person_end(sorted, kept, from);
        if (end - from > 1 && end - from <= BOARD_SEATS_MAX) {
            note_person(ties, company, &sorted[from], end - from);
        }
    }
    return true;
}
