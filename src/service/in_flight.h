/* in_flight.h - the idempotency keys whose first request is still being answered, on this node.
 *
 * A courtesy: it turns the second caller away (409) before the work is done twice.  What decides is
 * the claim in the store, which is unique. */
#ifndef SERVICE_IN_FLIGHT_H
#define SERVICE_IN_FLIGHT_H

#include "crypto/digest.h"

struct in_flight;

struct in_flight *in_flight_create(void); /* NULL: no memory */
void in_flight_destroy(struct in_flight *in_flight);
/* False if the key is in flight already. */
bool in_flight_enter(struct in_flight *in_flight, const struct digest *key) MUST_USE;
void in_flight_leave(struct in_flight *in_flight, const struct digest *key);

#endif
