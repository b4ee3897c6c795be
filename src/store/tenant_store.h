/* tenant_store.h - tenants, their two environments, and API keys (hashed). */
#ifndef STORE_TENANT_STORE_H
#define STORE_TENANT_STORE_H

#include "base/buf.h"
#include "store/unit.h"

enum { TENANT_NAME_MAX = 64, KEY_SCOPES_MAX = 512, KEYS_PER_ENVIRONMENT_MAX = 1000 };

struct tenant_row {
    struct id id;
    struct str name; /* unique */
    int64_t created_ms;
    int64_t test_environment, live_environment; /* numbers, > 0; filled when read */
};

struct key_row {
    struct id id;
    int64_t environment;
    bool is_live;
    struct digest hash; /* SHA-256 of the whole key */
    char last4[5];
    struct str scopes; /* space-separated */
    int64_t created_ms;
    int64_t expires_ms; /* 0: never */
    int64_t revoked_ms; /* 0: not */
    struct id tenant;   /* filled when read */
    struct str tenant_name;
};

struct tenant_values {
    struct db_value values[3][DB_PARAMETERS_MAX];
    char payload[KEY_SCOPES_MAX + 512];
};

/* Each of these adds its rows, its condition and its audit entry, and counts on being alone with
 * them in the unit; row, id and values live as long as the unit.
 *
 * A tenant with its test and live environment; the condition refuses a name that is taken.  The
 * environments' numbers come from the tenant's id, so they are known, and proved, before anything
 * is written. */
void tenant_insert(struct unit *unit, const struct tenant_row *row, struct tenant_values *values);
enum status tenant_find(struct db *db, struct str name, struct tenant_row *out, struct arena *arena,
                        struct error *err) MUST_USE;
/* The condition refuses one key too many. */
void key_insert(struct unit *unit, const struct key_row *row, struct tenant_values *values);
/* The condition refuses a key that is unknown or revoked already. */
void key_revoke(struct unit *unit, const struct id *id, int64_t now_ms,
                struct tenant_values *values);
/* By hash, whatever its state: the caller judges expiry and revocation. */
enum status key_find(struct db *db, const struct digest *hash, struct key_row *out,
                     struct arena *arena, struct error *err) MUST_USE;
enum status key_find_by_id(struct db *db, const struct id *id, struct key_row *out,
                           struct arena *arena, struct error *err) MUST_USE;

/* What the audit entries of tenants and keys say: canonical JSON, and the same from the row at any
 * time after. */
void tenant_payload(struct buf *out, const struct tenant_row *row);
void key_payload(struct buf *out, const struct key_row *row);
void key_revoked_payload(struct buf *out, const struct id *id, int64_t revoked_ms);

#endif
