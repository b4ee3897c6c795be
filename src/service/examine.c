/* examine.c - one reading connection, and the questions that are asked of it. */
#include "service/examine.h"

#include "service/line_up.h"
#include "store/audit_key.h"

#include <stdio.h>
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

enum status examine_models(struct model_glance *out, struct db *db, const struct in_force *start,
                           struct error *err)
{
    struct line_ups *line_ups = NULL;
    *out = (struct model_glance){.source = ""};
    TRY(line_ups_create(&line_ups, start, false, err));
    enum status status = line_ups_refresh(line_ups, db, err);
    if (status == STATUS_OK) {
        const struct line_up *line_up = line_up_take(line_ups, INSTALLATION);
        const struct model *model = line_up->in_force.model;
        struct line_ups_figures figures = line_ups_figures(line_ups);
        digest_hex(out->sha256, &line_up->champion);
        out->source = champion_source_wire(line_up->source);
        out->environments = figures.environments;
        out->unavailable = figures.unavailable;
        if (model != NULL) {
            (void)snprintf(out->name, sizeof out->name, "%.*s", STR_ARGS(model->id));
            (void)snprintf(out->version, sizeof out->version, "%.*s", STR_ARGS(model->version));
        }
        line_up_release(line_up);
    }
    line_ups_destroy(line_ups);
    return status;
}
