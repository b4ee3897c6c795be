/* housekeeping.h - what must be done from time to time, whoever keeps the time. */
#ifndef SERVICE_HOUSEKEEPING_H
#define SERVICE_HOUSEKEEPING_H

#include "service/service.h"

/* Sign a checkpoint if entries wait for one. */
void housekeeping_checkpoint(struct service *service);
/* Delete idempotency claims that no longer count. */
void housekeeping_sweep_idempotency(struct service *service);

/* Look whether an operator has changed which models decide; a worker does it, if one is free. */
void housekeeping_refresh_models(struct service *service);

#endif
