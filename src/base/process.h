/* process.h - what the system says of this process: memory, time and descriptors. */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stdint.h>

struct process_usage {
    uint64_t resident_bytes;
    uint64_t cpu_us; /* user and system, all threads */
    uint64_t descriptors;
    uint64_t descriptors_max;
};

/* A figure the system does not tell is 0. */
struct process_usage process_usage(void);

#endif
