/* idempotency_store.h - one key, one effect: claims that outlive crashes.
 *
 * A claim is unique per (environment, route, key), holds the fingerprint of the request and names
 * the object that came of it; it counts for IDEMPOTENCY_MS, after which the key may be claimed
 * anew. */
#ifndef STORE_IDEMPOTENCY_STORE_H
#define STORE_IDEMPOTENCY_STORE_H

#include "store/unit.h"

#define IDEMPOTENCY_MS (INT64_C(7) * 24 * 3600 * 1000)
enum { IDEMPOTENCY_KEY_MAX = 255 };

struct claim {
    int64_t environment;
    struct str route; /* "POST /v1/decisions" */
    struct str key;
    struct digest fingerprint; /* of the canonical request */
    struct id object;          /* what the unit creates */
    int64_t now_ms;
};
struct claim_values {
    struct db_value values[DB_PARAMETERS_MAX];
};

/* Add the condition that this claim is free. */
void idempotency_claim(struct unit *unit, const struct claim *claim, struct claim_values *values);
/* The claim as it stands, still valid at now_ms; NOT_FOUND if free.  Fills fingerprint and object.
 */
enum status idempotency_find(struct db *db, struct claim *claim, struct error *err) MUST_USE;
/* Delete claims that no longer count. */
void idempotency_sweep(struct unit *unit, int64_t now_ms, struct claim_values *values);

#endif
