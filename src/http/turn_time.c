/* turn_time.c - one histogram a loop. */
#include "http/turn_time.h"

#include "base/log.h"
#include "base/str.h"

static const uint64_t bounds_us[] = {10,   25,    50,    100,   250,    500,    1000,   2500,
                                     5000, 10000, 25000, 50000, 100000, 250000, 1000000};

void turn_time_sum_init(struct histogram *sum)
{
    histogram_init(sum, bounds_us, ARRAY_LEN(bounds_us));
}

void turn_time_init(struct turn_time *time)
{
    turn_time_sum_init(&time->us);
    time->logged_us = 0;
}

void turn_time_note(struct turn_time *time, uint64_t from_us, uint64_t now_us)
{
    uint64_t took_us = now_us - from_us;
    histogram_add(&time->us, took_us);
    if (took_us > TURN_LONG_US &&
        (time->logged_us == 0 || now_us - time->logged_us >= TURN_LOG_PAUSE_US)) {
        time->logged_us = now_us;
        LOG(LOG_WARN, "http_long_turn", LOG_NUMBER("duration_us", (int64_t)took_us));
    }
}
