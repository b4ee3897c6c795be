/* run_list.h - the requests of a loop that wait for their computing, each connection in its turn.
 *
 * A connection of a hundred streams waits behind its own requests, not before those of others: the
 * list goes round the connections and takes one request of each.  What may be in it is bounded by
 * whoever puts it there. */
#ifndef HTTP_RUN_LIST_H
#define HTTP_RUN_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct exchange;

/* What waits of one connection, in the order in which it came. */
struct run_queue {
    struct exchange *first, *last;
    struct run_queue *next;
};

struct run_list {
    struct run_queue *first, *last; /* those that have something, the next one first */
    size_t count;
};

/* `queue` stays where it is until all of it was taken. */
void run_list_add(struct run_list *list, struct run_queue *queue, struct exchange *e);
/* NULL when nothing waits. */
struct exchange *run_list_take(struct run_list *list);

#endif
