/* artifact_store.h - models and policies by digest: what a decision was made with is kept as long
 * as it is.
 *
 * An artifact is written once and never changed; its key is the SHA-256 of its bytes. */
#ifndef STORE_ARTIFACT_STORE_H
#define STORE_ARTIFACT_STORE_H

#include "store/unit.h"

struct artifact_values {
    struct db_value values[DB_PARAMETERS_MAX];
};

/* Add the artifact unless it is there; `kind` is "model" or "policy". */
void artifact_insert(struct unit *unit, struct str kind, const struct digest *sha256,
                     struct str bytes, int64_t now_ms, struct artifact_values *values);
enum status artifact_find(struct db *db, const struct digest *sha256, struct str *bytes,
                          struct arena *arena, struct error *err) MUST_USE;

#endif
