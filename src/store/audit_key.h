/* audit_key.h - the key that signs checkpoints, in a file beside the database.
 *
 * `<db>.audit-key` holds the seed, 64 hexadecimal digits and a newline, readable by its owner
 * alone.  It is made at the first start.  The public key is in the chain, in the first entry of
 * each epoch; a key that is lost is not replaced silently, because that is what a forger would
 * want. */
#ifndef STORE_AUDIT_KEY_H
#define STORE_AUDIT_KEY_H

#include "crypto/sign.h"

#include <stdbool.h>

/* Load the key, or make it if `may_create`.  CONFLICT: it is missing, malformed, or others may read
 * it. */
enum status audit_key_load(struct signing_key *key, const char *where, bool may_create,
                           struct error *err) MUST_USE;

#endif
