/* model_desk.h - what an operator does with models from the command line.
 *
 * For the installation, or for one environment of a tenant.  Each act opens the store, writes on
 * the audit stream of the operator beside a running server, and closes; the server takes it up by
 * itself.  Answers are JSON, as the API has it. */
#ifndef SERVICE_MODEL_DESK_H
#define SERVICE_MODEL_DESK_H

#include "base/buf.h"
#include "store/model_store.h"

struct model_scope {
    struct str tenant; /* its name; "": the installation */
    bool is_live;
};

/* {"id","name","version","sha256","is_new",...}.  INVALID: err->field points into the bundle. */
enum status model_desk_import(struct buf *out, const char *db, const struct model_scope *scope,
                              struct str text, struct str by, struct error *err) MUST_USE;

struct model_desk_wish {
    struct model_scope scope;
    enum model_action action; /* not PROPOSED */
    struct str model;         /* as model_named(); "" where the action is about none */
    struct str by, approved_by, reason;
};

/* {"action","is_new",...}.  Errors as role_judge(), and NOT_FOUND. */
enum status model_desk_act(struct buf *out, const char *db, const struct model_desk_wish *wish,
                           struct error *err) MUST_USE;

/* {"object":"list","data":[...],"two_persons_required"} */
enum status model_desk_list(struct buf *out, const char *db, const struct model_scope *scope,
                            struct error *err) MUST_USE;
/* One model with its card and history; `model` "": the one that decides. */
enum status model_desk_show(struct buf *out, const char *db, const struct model_scope *scope,
                            struct str model, struct error *err) MUST_USE;
/* A bundle that no store has: what it is, if it is one. */
enum status model_desk_show_bundle(struct buf *out, struct str text, struct error *err) MUST_USE;
/* The bundle that comes with the program. */
struct str model_desk_own_bundle(void);

/* How a challenger compares with what was decided, in a span of time (0: open). */
enum status model_desk_compare(struct buf *out, const char *db, const struct model_scope *scope,
                               struct str model, int64_t from_ms, int64_t before_ms,
                               struct error *err) MUST_USE;

#endif
