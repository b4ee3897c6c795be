/* check.c - the end of a process that found a bug of its own. */
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

void check_failed(const char *condition, const char *file, int line)
{
    (void)fprintf(
        stderr,
        "{\"level\":\"fatal\",\"event\":\"check_failed\",\"at\":\"%s:%d\",\"condition\":\"%s\"}\n",
        file, line, condition);
    abort();
}
