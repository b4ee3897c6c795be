/* wallclock.c - the one place that asks the kernel what time it is. */
#include "base/wallclock.h"

#include "base/check.h"

#include <time.h>

static int64_t system_now_ms(void *context)
{
    (void)context;
    struct timespec now;
    CHECK(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t fixed_now_ms(void *context)
{
    return *(const int64_t *)context;
}

struct wallclock wallclock_system(void)
{
    return (struct wallclock){system_now_ms, NULL};
}

struct wallclock wallclock_fixed(const int64_t *now_ms)
{
    return (struct wallclock){fixed_now_ms, (void *)now_ms};
}

int64_t wallclock_now_ms(const struct wallclock *clock)
{
    return clock->now_ms(clock->context);
}

uint64_t steady_now_us(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}
