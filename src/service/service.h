/* service.h - what the use cases share while the program serves.
 *
 * Built by main before the first connection, taken down in reverse.  Everything in it is immutable
 * or guards itself. */
#ifndef SERVICE_SERVICE_H
#define SERVICE_SERVICE_H

#include "base/wallclock.h"
#include "service/admission.h"
#include "service/in_flight.h"
#include "service/in_force.h"
#include "service/key_ring.h"
#include "service/line_up.h"
#include "service/workers.h"
#include "store/committer.h"

#include <stdatomic.h>

struct service {
    struct in_force in_force; /* what it was started with: the policies, and a model for whoever
                                 has promoted none */
    struct line_ups *line_ups;
    struct committer *committer;
    struct workers *workers;
    struct key_ring *key_ring;
    struct in_flight *in_flight;
    struct admissions *admissions;
    atomic_bool *has_graph; /* has any decision filed a link? */
    struct wallclock clock;
    struct worker_task refresh; /* of the line-ups, by the clock */
    atomic_bool is_refreshing;  /* it waits or runs */
};

struct service_config {
    const char *db;
    /* NULL: what the installation has promoted, else the one that comes with the program */
    const char *model_file;
    const char *const *policy_files;
    uint32_t policy_file_count;
    unsigned workers;
    unsigned queue_max; /* decisions that may wait to be recorded; 0: as the store has it */
    unsigned in_flight; /* requests at a time; 0: ADMISSION_PLACES */
};

/* Load what is in force, open the store, start committer and workers, and record model and policies
 * with their digests: what decides is kept before it decides.  CORRUPT: the model that the
 * installation has promoted is not what was recorded. */
enum status service_start(struct service *service, const struct service_config *config,
                          struct error *err) MUST_USE;
void service_stop(struct service *service);

#endif
