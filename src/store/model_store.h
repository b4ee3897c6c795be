/* model_store.h - models that were imported, and every change of their roles.
 *
 * The bytes of a model are an artifact (store/artifact_store.h); a row here says who brought it and
 * who sees it.  Roles are not stored: they are what the changes come to, in the order of their
 * revisions, so the history cannot differ from what holds. */
#ifndef STORE_MODEL_STORE_H
#define STORE_MODEL_STORE_H

#include "base/buf.h"
#include "store/artifact_store.h"

enum {
    MODELS_PER_ENVIRONMENT_MAX = 100,
    MODELS_OF_PROGRAM_MAX = 100, /* more for the installation: each release brings one */
    MODELS_SEEN_MAX = 2 * MODELS_PER_ENVIRONMENT_MAX + MODELS_OF_PROGRAM_MAX,
    MODEL_NAME_MAX = 64,
    MODEL_VERSION_MAX = 32,
    MODEL_ACTOR_MAX = 64,                            /* who acts: a person, or the id of a key */
    MODEL_REASON_MAX = 500,                          /* bytes */
    MODEL_PAYLOAD_MAX = 6 * MODEL_REASON_MAX + 2048, /* a byte may become six when it is escaped */
};

/* Who sees it, or whom it is about, when it is the installation and not a tenant. */
enum { INSTALLATION = 0 };

enum model_action {
#define MODEL_ACTION(name, wire) MODEL_##name,
#include "store/model_actions.def"
#undef MODEL_ACTION
    MODEL_ACTION_COUNT
};

const char *model_action_wire(enum model_action action);
enum audit_kind model_action_kind(enum model_action action);

struct model_row {
    int64_t environment; /* that sees it; INSTALLATION: all do */
    struct id id;
    struct digest sha256;
    struct str name, version; /* as the bundle has them */
    bool can_decide, can_score;
    struct str acted_by;
    int64_t created_ms;
};

struct model_change {
    int64_t environment;
    int64_t revision; /* counts the changes of the installation, from 1 */
    enum model_action action;
    struct id object;     /* the model's; of an action about no model, one of its own */
    struct digest sha256; /* the model's; zeros where the action is about no model */
    struct str acted_by, approved_by, reason;
    int64_t created_ms;
    bool is_proved; /* when read: its entry in the audit chain says the same */
};

bool model_action_has_model(enum model_action action);

struct model_values {
    struct db_value values[2][DB_PARAMETERS_MAX];
    struct artifact_values artifact;
    char payload[MODEL_PAYLOAD_MAX];
};

/* Each adds its rows, its condition and its audit entry, and counts on being alone with them in the
 * unit; row and values live as long as the unit.
 *
 * The condition refuses a model that the environment has, and one more than `most`. */
void model_insert(struct unit *unit, const struct model_row *row, struct str bytes, uint32_t most,
                  struct model_values *values);
/* The condition refuses a revision that is not the next. */
void model_change_insert(struct unit *unit, const struct model_change *change,
                         struct model_values *values);

/* The models an environment sees, newest first: its own, and the installation's that it has not
 * itself. */
enum status model_list(struct db *db, int64_t environment, struct model_row **rows, uint32_t *count,
                       struct arena *arena, struct error *err) MUST_USE;

/* Every change behind a revision, in order, until `each` returns false.  A change borrows until
 * then.  CORRUPT: a row has not the form of one. */
enum status model_changes_read(struct db *db, int64_t behind,
                               bool (*each)(void *context, const struct model_change *change),
                               void *context, struct error *err) MUST_USE;

/* What the audit entries say: canonical JSON, and the same from the row at any time after. */
void model_payload(struct buf *out, const struct model_row *row);
void model_change_payload(struct buf *out, const struct model_change *change);
/* A change from columns in the order of MODEL_CHANGES, environment to created_ms. */
bool model_change_of_row(struct model_change *out, const struct db_value columns[9]) MUST_USE;

#endif
