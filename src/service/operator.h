/* operator.h - what an operator does to an installation from the command line: tenants and keys.
 *
 * Each call opens the store, writes on the audit stream of the operator beside a running server,
 * and closes.  Every change is an entry of the audit chain. */
#ifndef SERVICE_OPERATOR_H
#define SERVICE_OPERATOR_H

#include "base/status.h"
#include "base/str.h"
#include "crypto/id.h"
#include "crypto/secret.h"

#include <stdint.h>

struct tenant_created {
    char id[ID_TEXT_MAX + 1];
};
/* CONFLICT: the name is taken.  INVALID: not 1 to 64 of a-z 0-9 - _ and the like. */
enum status tenant_create(struct tenant_created *out, const char *db, struct str name,
                          struct error *err) MUST_USE;

struct key_request {
    struct str tenant; /* its name */
    bool is_live;
    struct str scopes;  /* comma- or space-separated; "" for all there are */
    int64_t expires_ms; /* 0: never */
};
struct key_created {
    char id[ID_TEXT_MAX + 1];
    char key[API_KEY_LEN_MAX]; /* shown once; stored is its digest */
};
enum status key_create(struct key_created *out, const char *db, const struct key_request *request,
                       struct error *err) MUST_USE;
/* Refused from then on, everywhere within a second. */
enum status key_revoke_by_id(const char *db, struct str id, struct error *err) MUST_USE;

#endif
