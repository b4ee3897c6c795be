/* waiting.c - a binary heap. */
#include "http/waiting.h"

#include "base/check.h"

#include <stdlib.h>

enum { ROOM_FIRST = 64 };

static void swap(struct waiting *a, struct waiting *b)
{
    struct waiting kept = *a;
    *a = *b;
    *b = kept;
}

static bool room_grow(struct waiting_room *room)
{
    if (room->count < room->size) {
        return true;
    }
    size_t size = room->size == 0 ? ROOM_FIRST : room->size * 2;
    struct waiting *heap = realloc(room->heap, size * sizeof *heap);
    if (heap == NULL) {
        return false;
    }
    room->heap = heap;
    room->size = size;
    return true;
}

bool waiting_add(struct waiting_room *room, const struct waiting *one)
{
    if (!room_grow(room)) {
        return false;
    }
    size_t i = room->count++;
    room->heap[i] = *one;
    for (size_t above = (i - 1) / 2; i > 0 && room->heap[i].at_us < room->heap[above].at_us;
         above = (i - 1) / 2) {
        swap(&room->heap[i], &room->heap[above]);
        i = above;
    }
    return true;
}

static void sink(struct waiting_room *room)
{
    size_t i = 0;
    for (;;) {
        size_t least = i;
        for (size_t below = 2 * i + 1; below <= 2 * i + 2 && below < room->count; below++) {
            if (room->heap[below].at_us < room->heap[least].at_us) {
                least = below;
            }
        }
        if (least == i) {
            return;
        }
        swap(&room->heap[i], &room->heap[least]);
        i = least;
    }
}

bool waiting_take(struct waiting_room *room, uint64_t now_us, struct waiting *out)
{
    if (room->count == 0 || room->heap[0].at_us > now_us) {
        return false;
    }
    *out = room->heap[0];
    room->heap[0] = room->heap[--room->count];
    sink(room);
    if (room->count == 0) {
        free(room->heap); /* a rush is over: its memory goes, too */
        *room = (struct waiting_room){0};
    }
    return true;
}

uint64_t waiting_next_us(const struct waiting_room *room)
{
    return room->count == 0 ? UINT64_MAX : room->heap[0].at_us;
}

void waiting_finish(struct waiting_room *room)
{
    CHECK(room->count == 0);
    free(room->heap);
    *room = (struct waiting_room){0};
}
