/* roles.c - a fold over the changes, and the rules a new one must keep. */
#include "service/roles.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- the book ---- */

static enum status no_memory(struct error *err)
{
    return error_set(err, STATUS_BUSY, "", "no memory for the roles of models");
}

enum status role_book_init(struct role_book *book, struct error *err)
{
    enum { FIRST_SIZE = 16 };
    struct roles *roles = calloc(FIRST_SIZE, sizeof *roles);
    if (roles == NULL) {
        return no_memory(err);
    }
    *book = (struct role_book){.count = 1, .size = FIRST_SIZE, .roles = roles};
    return STATUS_OK;
}

enum status role_book_copy(struct role_book *out, const struct role_book *book, struct error *err)
{
    struct roles *roles = calloc(book->size, sizeof *roles);
    if (roles == NULL) {
        return no_memory(err);
    }
    memcpy(roles, book->roles, book->count * sizeof *roles);
    *out = *book;
    out->roles = roles;
    return STATUS_OK;
}

void role_book_finish(struct role_book *book)
{
    free(book->roles);
    *book = (struct role_book){0};
}

/* Where the environment stands, or would. */
static uint32_t place_of(const struct role_book *book, int64_t environment)
{
    uint32_t low = 0, high = book->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (book->roles[middle].environment < environment) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct roles *role_book_find(const struct role_book *book, int64_t environment)
{
    static const struct roles nothing;
    uint32_t at = place_of(book, environment);
    return at < book->count && book->roles[at].environment == environment ? &book->roles[at]
                                                                          : &nothing;
}

static struct roles *roles_make(struct role_book *book, int64_t environment)
{
    uint32_t at = place_of(book, environment);
    if (at < book->count && book->roles[at].environment == environment) {
        return &book->roles[at];
    }
    if (book->count == book->size) {
        struct roles *roles = realloc(book->roles, 2 * (size_t)book->size * sizeof *roles);
        if (roles == NULL) {
            return NULL;
        }
        book->roles = roles;
        book->size *= 2;
    }
    memmove(&book->roles[at + 1], &book->roles[at], (book->count - at) * sizeof *book->roles);
    book->roles[at] = (struct roles){.environment = environment};
    book->count++;
    return &book->roles[at];
}

bool roles_have_challenger(const struct roles *roles, const struct digest *sha256)
{
    for (uint32_t i = 0; i < roles->challenger_count; i++) {
        if (digest_eq(&roles->challengers[i], sha256)) {
            return true;
        }
    }
    return false;
}

static bool is_champion(const struct roles *roles, const struct digest *sha256)
{
    return roles->has_champion && digest_eq(&roles->champion, sha256);
}

static void challenger_remove(struct roles *roles, const struct digest *sha256)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < roles->challenger_count; i++) {
        if (!digest_eq(&roles->challengers[i], sha256)) {
            roles->challengers[kept++] = roles->challengers[i];
        }
    }
    roles->challenger_count = kept;
}

static void promote(struct roles *roles, const struct model_change *change)
{
    roles->has_champion = true;
    roles->champion = change->sha256;
    roles->champion_since_ms = change->created_ms;
    roles->has_proposal = false;
    challenger_remove(roles, &change->sha256);
}

static void propose(struct roles *roles, const struct model_change *change)
{
    roles->has_proposal = true;
    roles->proposed = change->sha256;
    (void)snprintf(roles->proposed_by, sizeof roles->proposed_by, "%.*s",
                   STR_ARGS(change->acted_by));
}

/* False: more challengers than were ever let in. */
static bool apply(struct roles *roles, const struct model_change *change)
{
    switch (change->action) {
    case MODEL_PROPOSED: propose(roles, change); return true;
    case MODEL_PROMOTED: promote(roles, change); return true;
    case MODEL_WITHDRAWN: roles->has_champion = roles->has_proposal = false; return true;
    case MODEL_CHALLENGED:
        if (roles->challenger_count == CHALLENGERS_MAX) {
            return false;
        }
        roles->challengers[roles->challenger_count++] = change->sha256;
        return true;
    case MODEL_UNCHALLENGED: challenger_remove(roles, &change->sha256); return true;
    case MODEL_TWO_PERSONS_REQUIRED: roles->needs_two_persons = true; return true;
    case MODEL_TWO_PERSONS_WAIVED:
        roles->needs_two_persons = roles->has_proposal = false;
        return true;
    case MODEL_ACTION_COUNT: break;
    }
    return false;
}

enum status role_book_apply(struct role_book *book, const struct model_change *change,
                            struct error *err)
{
    if (change->revision != book->revision + 1) {
        return error_set(err, STATUS_CORRUPT, "",
                         "change %lld of the models in force is missing: `aval verify` says more",
                         (long long)book->revision + 1);
    }
    struct roles *roles = roles_make(book, change->environment);
    if (roles == NULL) {
        return no_memory(err);
    }
    bool is_applied = change->is_proved && apply(roles, change);
    roles->is_unproved = roles->is_unproved || !is_applied;
    roles->revision = book->revision = change->revision;
    return STATUS_OK;
}

struct reading {
    struct role_book *book;
    enum status status;
    struct error *err;
};

static bool each_change(void *context, const struct model_change *change)
{
    struct reading *reading = context;
    reading->status = role_book_apply(reading->book, change, reading->err);
    return reading->status == STATUS_OK;
}

enum status role_book_read(struct role_book *book, struct db *db, struct error *err)
{
    struct reading reading = {.book = book, .err = err};
    TRY(model_changes_read(db, book->revision, each_change, &reading, err));
    return reading.status;
}

struct counting {
    const struct digest *seen[MODELS_IN_ROLES_MAX + 1];
    uint32_t count;
};

static void count(struct counting *counting, const struct digest *sha256)
{
    for (uint32_t i = 0; i < counting->count; i++) {
        if (digest_eq(counting->seen[i], sha256)) {
            return;
        }
    }
    if (counting->count < ARRAY_LEN(counting->seen)) {
        counting->seen[counting->count++] = sha256;
    }
}

uint32_t role_book_models(const struct role_book *book, const struct digest *also)
{
    struct counting counting = {.count = 0};
    for (uint32_t i = 0; i < book->count; i++) {
        const struct roles *roles = &book->roles[i];
        if (roles->has_champion) {
            count(&counting, &roles->champion);
        }
        for (uint32_t k = 0; k < roles->challenger_count; k++) {
            count(&counting, &roles->challengers[k]);
        }
    }
    if (also != NULL) {
        count(&counting, also);
    }
    return counting.count;
}

/* ---- wishes ---- */

static enum status check_texts(const struct role_wish *wish, struct error *err)
{
    if (wish->by.len < 1 || wish->by.len > MODEL_ACTOR_MAX || !str_is_utf8(wish->by)) {
        return error_set(err, STATUS_INVALID, "by", "who acts has 1 to %d bytes", MODEL_ACTOR_MAX);
    }
    if (wish->approved_by.len > MODEL_ACTOR_MAX || !str_is_utf8(wish->approved_by)) {
        return error_set(err, STATUS_INVALID, "approved_by", "who approves has at most %d bytes",
                         MODEL_ACTOR_MAX);
    }
    if (wish->reason.len > MODEL_REASON_MAX || !str_is_utf8(wish->reason)) {
        return error_set(err, STATUS_INVALID, "reason", "a reason has at most %d bytes of text",
                         MODEL_REASON_MAX);
    }
    if (wish->approved_by.len > 0 && str_eq(wish->approved_by, wish->by)) {
        return error_set(err, STATUS_INVALID, "approved_by",
                         "who approves must be another person than who acts");
    }
    return STATUS_OK;
}

static enum status check_room(const struct role_book *book, const struct digest *sha256,
                              struct error *err)
{
    return role_book_models(book, sha256) <= MODELS_IN_ROLES_MAX
               ? STATUS_OK
               : error_set(err, STATUS_CONFLICT, "",
                           "%d different models have a role in this installation already: withdraw "
                           "one, or let a challenger go",
                           MODELS_IN_ROLES_MAX);
}

static enum status second_is_missing(struct error *err)
{
    return error_set(err, STATUS_DENIED, "approved_by",
                     "two persons are required here: name a second one who approves");
}

/* A promotion where two persons are required, asked for with keys: the second key to ask does it.
 */
static void promote_by_keys(struct model_change *change, bool *is_so_already,
                            const struct roles *own)
{
    bool is_proposed = own->has_proposal && digest_eq(&own->proposed, &change->sha256);
    bool is_same_key = str_eq(str_from(own->proposed_by), change->acted_by);
    if (!is_proposed) {
        change->action = MODEL_PROPOSED;
    } else if (is_same_key) {
        change->action = MODEL_PROPOSED;
        *is_so_already = true;
    } else {
        change->approved_by = change->acted_by;
        change->acted_by = str_from(own->proposed_by);
    }
}

/* The roles that a wish is about. */
struct stand {
    const struct role_book *book;
    const struct roles *own, *installation;
    bool needs_two_persons;
};

static enum status judge_promotion(struct model_change *change, bool *is_so_already,
                                   const struct stand *stand, const struct role_wish *wish,
                                   struct error *err)
{
    if (!wish->model->can_decide) {
        return error_set(err, STATUS_INVALID, "",
                         "this model cannot decide: some of its inputs are not in the feature "
                         "catalogue, or its trees do not follow the directions there, or it is not "
                         "about 12 months");
    }
    TRY(check_room(stand->book, &wish->model->sha256, err));
    if (is_champion(stand->own, &wish->model->sha256)) {
        *is_so_already = true;
    } else if (stand->needs_two_persons && wish->is_by_key) {
        promote_by_keys(change, is_so_already, stand->own);
    } else if (stand->needs_two_persons && wish->approved_by.len == 0) {
        return second_is_missing(err);
    }
    return STATUS_OK;
}

static enum status judge_withdrawal(const struct stand *stand, const struct role_wish *wish,
                                    struct error *err)
{
    if (!is_champion(stand->own, &wish->model->sha256)) {
        return error_set(err, STATUS_CONFLICT, "",
                         "this model was not promoted here, so it cannot be withdrawn here");
    }
    return stand->needs_two_persons && wish->approved_by.len == 0 ? second_is_missing(err)
                                                                  : STATUS_OK;
}

static enum status judge_challenge(bool *is_so_already, const struct stand *stand,
                                   const struct role_wish *wish, struct error *err)
{
    const struct digest *sha256 = &wish->model->sha256;
    if (!wish->model->can_score) {
        return error_set(err, STATUS_INVALID, "",
                         "this model cannot score a company: some of its inputs are not in the "
                         "feature catalogue, or it is not about 12 months, or it is too large to "
                         "score beside another");
    }
    TRY(check_room(stand->book, sha256, err));
    *is_so_already = roles_have_challenger(stand->own, sha256);
    if (is_champion(stand->own->has_champion ? stand->own : stand->installation, sha256)) {
        return error_set(err, STATUS_CONFLICT, "",
                         "this model decides here: it cannot challenge "
                         "itself");
    }
    if (!*is_so_already && stand->own->challenger_count == CHALLENGERS_MAX) {
        return error_set(err, STATUS_CONFLICT, "",
                         "%d models score beside the one that decides already: let one of them go",
                         CHALLENGERS_MAX);
    }
    return STATUS_OK;
}

static enum status judge_waiver(bool *is_so_already, const struct stand *stand,
                                const struct role_wish *wish, struct error *err)
{
    *is_so_already = !stand->own->needs_two_persons;
    return !*is_so_already && wish->approved_by.len == 0 ? second_is_missing(err) : STATUS_OK;
}

static enum status judge(struct model_change *change, bool *is_so_already,
                         const struct stand *stand, const struct role_wish *wish, struct error *err)
{
    switch (wish->action) {
    case MODEL_PROMOTED: return judge_promotion(change, is_so_already, stand, wish, err);
    case MODEL_WITHDRAWN: return judge_withdrawal(stand, wish, err);
    case MODEL_CHALLENGED: return judge_challenge(is_so_already, stand, wish, err);
    case MODEL_UNCHALLENGED:
        *is_so_already = !roles_have_challenger(stand->own, &wish->model->sha256);
        return STATUS_OK;
    case MODEL_TWO_PERSONS_REQUIRED:
        *is_so_already = stand->own->needs_two_persons;
        return STATUS_OK;
    case MODEL_TWO_PERSONS_WAIVED: return judge_waiver(is_so_already, stand, wish, err);
    case MODEL_PROPOSED:
    case MODEL_ACTION_COUNT: break;
    }
    return error_set(err, STATUS_INTERNAL, "", "no wish");
}

enum status role_judge(struct model_change *out, bool *is_so_already, const struct role_book *book,
                       const struct role_wish *wish, struct error *err)
{
    struct stand stand = {.book = book,
                          .own = role_book_find(book, wish->environment),
                          .installation = role_book_find(book, INSTALLATION)};
    struct model_change change = {.environment = wish->environment,
                                  .revision = book->revision + 1,
                                  .action = wish->action,
                                  .object = wish->model == NULL ? wish->object : wish->model->id,
                                  .acted_by = wish->by,
                                  .approved_by = wish->approved_by,
                                  .reason = wish->reason,
                                  .created_ms = wish->now_ms};
    CHECK((wish->model != NULL) == model_action_has_model(wish->action));
    if (wish->model != NULL) {
        change.sha256 = wish->model->sha256;
    }
    stand.needs_two_persons = stand.own->needs_two_persons || stand.installation->needs_two_persons;
    *is_so_already = false;
    TRY(check_texts(wish, err));
    if (stand.own->is_unproved) {
        return error_set(err, STATUS_CORRUPT, "",
                         "a recorded change of the models in force is not what the audit chain "
                         "proves: `aval verify` says which");
    }
    TRY(judge(&change, is_so_already, &stand, wish, err));
    if (stand.needs_two_persons && wish->reason.len == 0 && !*is_so_already &&
        (wish->action == MODEL_PROMOTED || wish->action == MODEL_WITHDRAWN)) {
        return error_set(err, STATUS_INVALID, "reason",
                         "say why: where two persons are required, so is a reason");
    }
    *out = change;
    return STATUS_OK;
}
