/* scheduler.h - what happens by the clock while the program serves.
 *
 * One thread; each job is a row of a table with its interval.  Jobs never hold up a request. */
#ifndef JOBS_SCHEDULER_H
#define JOBS_SCHEDULER_H

#include "service/service.h"

struct scheduler;

enum status scheduler_start(struct scheduler **out, struct service *service,
                            struct error *err) MUST_USE;
void scheduler_stop(struct scheduler *scheduler); /* accepts NULL */

#endif
