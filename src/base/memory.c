/* memory.c - one number a thread. */
#include "base/memory.h"

static _Thread_local uint64_t refusals;

uint64_t memory_refusals(void)
{
    return refusals;
}

void memory_refused(void)
{
    refusals++;
}
