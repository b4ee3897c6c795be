/* housekeeping.c - checkpoints and old claims. */
#include "service/housekeeping.h"

#include "base/log.h"
#include "store/idempotency_store.h"

void housekeeping_checkpoint(struct service *service)
{
    committer_checkpoint(service->committer);
}

void housekeeping_sweep_idempotency(struct service *service)
{
    struct unit unit = {0};
    struct claim_values values;
    struct error err = {{0}, {0}};
    idempotency_sweep(&unit, wallclock_now_ms(&service->clock), &values);
    if (committer_run(service->committer, &unit, &err) != STATUS_OK) {
        LOG(LOG_WARN, "sweep_failed", LOG_TEXT("message", str_from(err.message)));
    }
}
