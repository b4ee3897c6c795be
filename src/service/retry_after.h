/* retry_after.h - how long whoever is turned away shall wait: one rule for every reason. */
#ifndef SERVICE_RETRY_AFTER_H
#define SERVICE_RETRY_AFTER_H

#include <stdint.h>

enum retry_after {
#define RETRY_AFTER(name, least_s, most_s) RETRY_AFTER_##name,
#include "service/retry_after.def"
#undef RETRY_AFTER
    RETRY_AFTER_COUNT
};

/* Whole seconds, at least one; `wait_us` is how long places are held just now. */
unsigned retry_after_s(enum retry_after why, uint64_t wait_us);

#endif
