/* wallclock.h - the time, as an argument.
 *
 * Only main, jobs and connections read a clock; everything below takes `now_ms` or one of these.
 * Wall time for what is recorded, steady time for what is measured and limited. */
#ifndef BASE_WALLCLOCK_H
#define BASE_WALLCLOCK_H

#include <stdint.h>

struct wallclock {
    int64_t (*now_ms)(void *context); /* UTC milliseconds since 1970 */
    void *context;
};

struct wallclock wallclock_system(void);
struct wallclock wallclock_fixed(const int64_t *now_ms); /* tests move *now_ms */
int64_t wallclock_now_ms(const struct wallclock *clock);
uint64_t steady_now_us(void); /* CLOCK_MONOTONIC */

#endif
