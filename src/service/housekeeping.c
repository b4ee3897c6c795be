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

static void refresh(struct worker_task *task, struct db *db)
{
    struct service *service =
        (struct service *)(void *)((char *)task - offsetof(struct service, refresh));
    struct error err = {{0}, {0}};
    if (line_ups_refresh(service->line_ups, db, &err) != STATUS_OK) {
        LOG(LOG_WARN, "models_not_refreshed", LOG_TEXT("message", str_from(err.message)));
    }
    atomic_store(&service->is_refreshing, false);
}

void housekeeping_refresh_models(struct service *service)
{
    if (atomic_exchange(&service->is_refreshing, true)) {
        return;
    }
    service->refresh.run = refresh;
    if (workers_submit(service->workers, &service->refresh) != STATUS_OK) {
        atomic_store(&service->is_refreshing, false);
    }
}
