/* run_list.c - a queue of queues. */
#include "http/run_list.h"

#include "http/exchange.h"

static void queue_put(struct run_list *list, struct run_queue *queue)
{
    queue->next = NULL;
    if (list->last == NULL) {
        list->first = queue;
    } else {
        list->last->next = queue;
    }
    list->last = queue;
}

void run_list_add(struct run_list *list, struct run_queue *queue, struct exchange *e)
{
    e->next = NULL;
    if (queue->first == NULL) {
        queue->first = e;
        queue_put(list, queue);
    } else {
        queue->last->next = e;
    }
    queue->last = e;
    list->count++;
}

struct exchange *run_list_take(struct run_list *list)
{
    struct run_queue *queue = list->first;
    if (queue == NULL) {
        return NULL;
    }
    struct exchange *e = queue->first;
    list->first = queue->next;
    if (list->first == NULL) {
        list->last = NULL;
    }
    queue->first = e->next;
    if (queue->first != NULL) {
        queue_put(list, queue);
    }
    e->next = NULL;
    list->count--;
    return e;
}
