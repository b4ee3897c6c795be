/* models.h - bringing a model, giving it a role or taking one away, and saying what it is.
 *
 * As with decisions, a use case fills a unit and writes nothing; whoever calls hands it to the
 * committer.  A change is made against the roles its maker has read: if another was quicker, the
 * unit is refused, and the caller reads and asks again. */
#ifndef SERVICE_MODELS_H
#define SERVICE_MODELS_H

#include "format/json.h"
#include "service/line_up.h"

enum { MODEL_DIGEST_LEN_MIN = 8 }; /* digits that name a model */

/* ---- bringing one ---- */

struct model_import {
    struct unit unit;
    struct model_row row;
    struct model_values values;
    bool is_there; /* the environment sees this model already: row is that one's, unit is empty */
};

struct model_import_wish {
    int64_t environment;
    struct str text, by;
    struct id id; /* of the row to come */
    int64_t now_ms;
    bool is_of_program; /* the bundle comes with the program, and has a place of its own */
};

/* Check the bundle whole, and say what is to be recorded.  INVALID: err->field is a pointer into
 * the bundle.  The unit's refusal means that there are MODELS_PER_ENVIRONMENT_MAX, or that another
 * has just brought the same.  The wish's texts live as long as `out`; `arena` as well. */
enum status model_import_declare(struct model_import *out, struct db *db,
                                 const struct model_import_wish *wish, struct arena *arena,
                                 struct error *err) MUST_USE;

/* ---- roles ---- */

struct model_act {
    struct unit unit;
    struct model_change change;
    struct model_values values;
    bool is_so_already; /* nothing is to be recorded */
    char acted_by[MODEL_ACTOR_MAX + 1], approved_by[MODEL_ACTOR_MAX + 1];
};

/* As role_judge(). */
enum status model_act_declare(struct model_act *out, const struct role_book *book,
                              const struct role_wish *wish, struct error *err) MUST_USE;

/* ---- finding and showing ---- */

/* The model that `text` names among these: the id of its row (mdl_...), its digest or the first
 * digits of it, name@version, a name (then the newest of it), or a version that one of them has.
 * INVALID: several fit. */
enum status model_named(struct model_row *out, const struct model_row *rows, uint32_t count,
                        struct str text, struct error *err) MUST_USE;

/* Who decides in an environment, as far as it can be told from the roles: `start` is the model that
 * decides where nobody has promoted one. */
struct incumbent {
    struct digest sha256;
    enum champion_source source;
};
struct incumbent incumbent_of(const struct role_book *book, int64_t environment,
                              const struct digest *start);

/* What a model is in an environment. */
struct model_standing {
    const char *role; /* "champion", "challenger", "retired" or "candidate" */
    const char *from; /* whose choice that is, as champion_source_wire; NULL: it has no role */
    bool is_proposed; /* waits for a second person */
};
struct model_standing model_standing_of(const struct role_book *book, int64_t environment,
                                        const struct incumbent *incumbent,
                                        const struct digest *sha256, bool had_role);

/* Which models had a role in an environment, or the installation: digests, in no order. */
struct former {
    uint32_t count;
    struct digest sha256[MODELS_SEEN_MAX];
};
enum status models_former(struct former *out, struct db *db, int64_t environment,
                          struct error *err) MUST_USE;
bool former_has(const struct former *former, const struct digest *sha256);

/* The members of a model that lists show; the caller has opened the object. */
void model_members_write(struct json_writer *w, const struct model_row *row,
                         const struct model_standing *standing);
/* What its bundle says, for who looks at one: definition, features, card. */
void model_bundle_write(struct json_writer *w, const struct json *root);
/* What happened to its roles in an environment, and in the installation without saying who. */
enum status model_history_write(struct json_writer *w, struct db *db, int64_t environment,
                                const struct digest *sha256, struct error *err) MUST_USE;
/* The bundle of a digest, read anew.  CORRUPT: the stored bytes have another digest. */
enum status model_bundle_find(const struct json **root, struct db *db, const struct digest *sha256,
                              struct arena *arena, struct error *err) MUST_USE;

#endif
