/* examine.h - is the store of an installation sound?
 *
 * For `aval doctor`.  Reads only, beside a running server or without one. */
#ifndef SERVICE_EXAMINE_H
#define SERVICE_EXAMINE_H

#include "service/in_force.h"
#include "store/audit_log.h"
#include "store/glance.h"

/* Open it as a server does, which reads back what must be so: journal, durability, schema.
 * CONFLICT: one of these is not; NOT_FOUND: there is no such file. */
enum status examine_open(struct db **out, const char *db, struct error *err) MUST_USE;
void examine_close(struct db *db); /* accepts NULL */
/* The key that signs the chain, from its file. */
enum status examine_key(struct signing_key *out, const char *db, struct error *err) MUST_USE;
enum status examine_pages(struct db *db, struct error *err) MUST_USE;
enum status examine_chain(struct chain_glance *out, struct db *db, const struct signing_key *key,
                          struct error *err) MUST_USE;
enum status examine_chain_whole(struct verify_report *out, struct db *db,
                                struct error *err) MUST_USE;

/* Which model decides where no environment has its own, and whether all that have a role can be
 * used; `start` is the one for whoever has promoted none. */
struct model_glance {
    char name[65], version[33], sha256[65];
    const char *source; /* as champion_source_wire() */
    uint32_t environments, unavailable;
};
enum status examine_models(struct model_glance *out, struct db *db, const struct in_force *start,
                           struct error *err) MUST_USE;

#endif
