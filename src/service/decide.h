/* decide.h - one application: compute it, and say what is to be recorded.
 *
 * Compute outside, commit inside, reply after: decide() fills a unit of work and writes nothing.
 * The caller submits the unit and answers when the committer calls it done. */
#ifndef SERVICE_DECIDE_H
#define SERVICE_DECIDE_H

#include "service/assess.h"
#include "service/records.h"
#include "service/service.h"
#include "service/shadow.h"
#include "service/stored_links.h"
#include "store/decision_store.h"
#include "store/idempotency_store.h"

struct decide_request {
    int64_t environment;
    bool is_live;
    struct str route;           /* scope of the idempotency key */
    struct str idempotency_key; /* "" none: the decision's own id is the claim */
    const struct json *root;
    bool is_dry_run;                  /* nothing will be recorded: no challenger is asked */
    const struct json *sent;          /* as it came, where the store has added to it; else NULL */
    struct searched_parties searched; /* when it has */
    int64_t now_ms;
    struct id id; /* of the decision to come */
    uint8_t salt[SALT_LEN];
};

/* Everything a decision under way needs; lives until its unit was called done.  Finish it then. */
struct decide_unit {
    struct unit unit;
    const struct line_up *line_up; /* held until it is finished */
    struct assessment assessment;
    struct claim claim;
    struct buf payload;
    struct decision_row row;
    struct decision_values row_values;
    struct claim_values claim_values;
    struct shadow shadow;
    struct arena graph_arena; /* of what it leaves in the graph; nothing for most */
    char id_text[ID_TEXT_MAX + 1];
};

/* As assess(); and CORRUPT: the model in force is not available, and the log says why. */
enum status decide(struct decide_unit *out, const struct service *service,
                   const struct decide_request *rq, struct arena *arena,
                   struct violations *violations, struct error *err) MUST_USE;
void decide_finish(struct decide_unit *unit);

/* SHA-256 of the canonical request as it came: what makes two requests the same to an idempotency
 * key.  Requires: `assessment` is of `root`. */
struct digest request_fingerprint(const struct json *root, const struct assessment *assessment);

#endif
