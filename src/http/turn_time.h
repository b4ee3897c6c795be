/* turn_time.h - how long the turns of a loop take.
 *
 * While a turn runs, every other connection of its loop waits: a long one is a fault of ours, and
 * is logged, at most once a second a loop. */
#ifndef HTTP_TURN_TIME_H
#define HTTP_TURN_TIME_H

#include "base/histogram.h"

enum { TURN_LONG_US = 10000, TURN_LOG_PAUSE_US = 1000000 };

struct turn_time {
    struct histogram us;
    uint64_t logged_us; /* steady time of the last line; 0: never */
};

void turn_time_init(struct turn_time *time);
/* A histogram that takes what turns have counted. */
void turn_time_sum_init(struct histogram *sum);
/* A turn has ended.  It waited for events before from_us. */
void turn_time_note(struct turn_time *time, uint64_t from_us, uint64_t now_us);

#endif
