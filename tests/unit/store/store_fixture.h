/* store_fixture.h - a database in a directory of its own, and units made by hand. */
#ifndef TESTS_UNIT_STORE_STORE_FIXTURE_H
#define TESTS_UNIT_STORE_STORE_FIXTURE_H

#include "base/wallclock.h"
#include "crypto/secret.h"
#include "format/iso8601.h"
#include "store/artifact_store.h"
#include "store/audit_log.h"
#include "store/committer.h"
#include "store/decision_store.h"
#include "store/idempotency_store.h"
#include "store/tenant_store.h"

enum { FIXTURE_PATH_SIZE = 512, FIXTURE_TEXT_SIZE = 1024 };

#define FIXTURE_NOW_MS INT64_C(1763800000000)

struct fixture {
    char dir[FIXTURE_PATH_SIZE];
    char path[FIXTURE_PATH_SIZE + 16];
    int64_t now_ms;
    uint64_t chance;
    struct id_source ids;
    struct committer *committer;
    struct arena arena;
};

void fixture_begin(struct fixture *f); /* a directory, no database yet */
void fixture_end(
    struct fixture *f); /* stops the committer if there is one, removes the directory */
void fixture_start(struct fixture *f); /* a committer on the stream "main" */
void fixture_stop(struct fixture *f);
struct db *fixture_reader(struct fixture *f);

/* A decision as a unit, with everything it borrows. */
struct decision_unit {
    struct unit unit;
    struct decision_row row;
    struct decision_values values;
    struct claim claim;
    struct claim_values claim_values;
    char payload[FIXTURE_TEXT_SIZE];
    char company[64], reference[64];
};

struct decision_want {
    int64_t environment;
    const char *company, *reference, *recommendation, *key;
};

/* Fill the unit; key NULL: no claim. */
void decision_unit_make(struct decision_unit *d, struct fixture *f,
                        const struct decision_want *want);
/* Make and commit decision number `number` of environment 7. */
void fixture_decide(struct fixture *f, struct decision_unit *d, const struct decision_want *want);
struct tenant_row fixture_tenant(struct fixture *f, const char *name);
struct key_row fixture_key(struct fixture *f, int64_t environment, const char *scopes);

/* A log with something of everything.  Stream "main", epoch 1: opened, a model (2), a policy (3),
 * six decisions of environment 7 (4..9), two entries of one unit (10, 11); epoch 2: opened, four
 * decisions of environment 9 (2..5).  Stream "operator", epoch 1: opened, a tenant (2), its key
 * (3), the key revoked (4), another tenant (5), its key (6). Stops the committer. */
void fixture_log(struct fixture *f);
/* `count` entries in two epochs, in commits of one and two entries. */
void fixture_long_log(struct fixture *f, uint32_t count);

/* Run SQL on the database file, as a tamperer would; returns the rows it changed. */
int fixture_tamper(struct fixture *f, const char *sql);
/* The whole export as text of malloc. */
struct str fixture_export(struct fixture *f);
void fixture_verify(struct fixture *f, struct verify_report *report);

#endif
