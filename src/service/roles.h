/* roles.h - which model decides for whom, and which score beside: what the recorded changes come
 * to.
 *
 * An environment decides with the model it promoted itself, else with the installation's, else with
 * the one the server was started with.  Its challengers are its own and the installation's.  So one
 * tenant never changes what another decides with.
 *
 * Where two persons are required, a first one proposes and a second one promotes; with keys, the
 * second is another key.  Pure: changes in, roles out, and a wish is judged against them. */
#ifndef SERVICE_ROLES_H
#define SERVICE_ROLES_H

#include "base/arena.h"
#include "store/model_store.h"

enum {
    CHALLENGERS_MAX = 2,       /* of an environment, and of the installation */
    MODELS_IN_ROLES_MAX = 256, /* different ones, over all environments: they are kept in memory */
};

/* Of one environment, or of the installation. */
struct roles {
    int64_t environment;
    int64_t revision; /* of its newest change, 0: there is none */
    bool is_unproved; /* a change of its rows that the audit chain does not prove */
    bool needs_two_persons;
    bool has_champion;
    struct digest champion;
    int64_t champion_since_ms;
    uint32_t challenger_count;
    struct digest challengers[CHALLENGERS_MAX];
    bool has_proposal; /* waits for a second person */
    struct digest proposed;
    char proposed_by[MODEL_ACTOR_MAX + 1];
};

/* All of them; environments in order, the installation always first. */
struct role_book {
    int64_t revision; /* of the newest change of all */
    uint32_t count, size;
    struct roles *roles;
};

enum status role_book_init(struct role_book *book, struct error *err) MUST_USE;
enum status role_book_copy(struct role_book *out, const struct role_book *book,
                           struct error *err) MUST_USE;
void role_book_finish(struct role_book *book); /* accepts a zeroed one */
/* Take the next change.  CORRUPT: one before it is missing. */
enum status role_book_apply(struct role_book *book, const struct model_change *change,
                            struct error *err) MUST_USE;
/* Read what the store has behind the book's revision. */
enum status role_book_read(struct role_book *book, struct db *db, struct error *err) MUST_USE;
/* Of an environment, in the book; zeros where it has made no change.  Never NULL. */
const struct roles *role_book_find(const struct role_book *book, int64_t environment);
/* How many different models have a role; with `also`, if it had one too. */
uint32_t role_book_models(const struct role_book *book, const struct digest *also);

bool roles_have_challenger(const struct roles *roles, const struct digest *sha256);

/* What somebody wants. */
struct role_wish {
    int64_t environment;
    enum model_action action;      /* never PROPOSED: that is what a promotion may come to */
    const struct model_row *model; /* NULL where the action is about none */
    struct id object;              /* for the entry, where there is no model */
    struct str by, approved_by, reason;
    bool is_by_key; /* the actor is an API key: a second person is another key, not a name */
    int64_t now_ms;
};

/* What a wish comes to: a change to be recorded, which borrows from wish and book, or nothing
 * because it is so already.
 * CONFLICT: the roles do not allow it; INVALID: the model cannot; DENIED: two persons are needed.
 * All say in *err what would help. */
enum status role_judge(struct model_change *out, bool *is_so_already, const struct role_book *book,
                       const struct role_wish *wish, struct error *err) MUST_USE;

#endif
