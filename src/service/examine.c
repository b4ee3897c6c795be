/* examine.c - one reading connection, and the questions that are asked of it. */
#include "service/examine.h"

#include "store/audit_key.h"

#include <unistd.h>

enum status examine_open(struct db **out, const char *db, struct error *err)
{
    *out = NULL;
    if (access(db, F_OK) != 0) {
        return error_set(err, STATUS_NOT_FOUND, "", "there is no such database");
    }
    return db_open(out, db, DB_READER, err);
}

void examine_close(struct db *db)
{
    db_close(db);
}

enum status examine_key(struct signing_key *out, const char *db, struct error *err)
{
    return audit_key_load(out, db, false, err);
}

enum status examine_pages(struct db *db, struct error *err)
{
    return glance_pages(db, err);
}

enum status examine_chain(struct chain_glance *out, struct db *db, const struct signing_key *key,
                          struct error *err)
{
    return glance_chain(out, db, key->public_key, err);
}

enum status examine_chain_whole(struct verify_report *out, struct db *db, struct error *err)
{
    return audit_verify_db(db, NULL, NULL, out, err);
}
