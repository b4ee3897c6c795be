/* offline.h - one company from a file, decided on without a server: what `score` and `explain` have
 * in common. */
#ifndef CLI_OFFLINE_H
#define CLI_OFFLINE_H

#include "service/assess.h"

struct offline {
    const char *command;
    const char *file;                   /* "-" is standard input */
    const char *as_of, *model, *policy; /* NULL: today, and what comes with the program */
};

/* Decide, and hand the assessment to `answer`, whose exit code is returned; what is wrong with the
 * request goes to standard error. */
typedef int offline_answer(const struct assessment *assessment, const struct in_force *in_force,
                           struct arena *arena, const void *context);
int offline_assess(const struct offline *offline, offline_answer *answer, const void *context);

#endif
