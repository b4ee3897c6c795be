/* models.h - the resource `models`: list, read, compare; import; give a role and take it away. */
#ifndef API_MODELS_H
#define API_MODELS_H

#include "api/call.h"
#include "service/models.h"

enum {
    MODEL_UPLOAD_LEN_MAX = 4 * 1024 * 1024, /* larger ones by the command line */
    MODEL_ACT_LEN_MAX = 8 * 1024,           /* of a body that says why */
    MODEL_ETAG_LEN = 18,                    /* with its quotes */
};

void models_list(struct call *call);
void models_read(struct call *call);
void models_comparison(struct call *call);
void decisions_shadow(struct call *call);
/* In models_change.c. */
void models_create(struct call *call);
void models_promote(struct call *call);
void models_withdraw(struct call *call);
void models_challenge(struct call *call);
void models_unchallenge(struct call *call);

/* The models as the caller's environment sees them, at one moment. */
struct models_view {
    int64_t environment;
    struct role_book book;
    struct incumbent incumbent;
    struct model_row *rows;
    uint32_t count;
    struct former former;
    char etag[MODEL_ETAG_LEN + 1]; /* of the roles */
};

/* On a worker; finished by the caller whatever comes.  The line-ups are brought up to date first.
 */
enum status models_view_fill(struct models_view *view, struct call *call,
                             struct error *err) MUST_USE;
void models_view_finish(struct models_view *view); /* accepts a zeroed one */
/* The model that the path names.  NOT_FOUND: this environment sees none of that name. */
enum status models_view_find(struct model_row *out, const struct models_view *view,
                             struct call *call, struct error *err) MUST_USE;
/* Append one model, as lists show it. */
void models_view_write(struct json_writer *w, const struct models_view *view,
                       const struct model_row *row);

#endif
