/* assess.h - from a request to a decision's bytes: the pure part of deciding.
 *
 * The same function serves the API, the command line, replay and simulation; that is why a decision
 * made offline equals the server's byte for byte.  No clock, no chance, no store.
 *
 * Memory: an assessment owns three bufs (finish it); everything else is of the arena. */
#ifndef SERVICE_ASSESS_H
#define SERVICE_ASSESS_H

#include "crypto/digest.h"
#include "service/in_force.h"
#include "wire/decision_body.h"

struct assessment {
    struct decision_request request;
    struct decision decision;
    const struct policy *policy;
    struct digest input_sha256;
    struct buf frozen; /* the canonical request, as_of in place */
    struct buf body;   /* canonical */
    struct buf words;  /* canonical */
};

/* Read the JSON text of a request.  INVALID with err->field empty and the offset told: not JSON. */
enum status request_parse(const struct json **root, struct str text, struct arena *arena,
                          struct json_error *json_err, struct error *err) MUST_USE;

/* Decide, without writing anything: request, decision and policy of *out are set, its bufs stay
 * empty.  Errors as of assess. */
enum status assess_decision(struct assessment *out, const struct json *root, struct date today,
                            const struct in_force *in_force, struct arena *arena,
                            struct violations *violations, struct error *err) MUST_USE;

/* Decide.  INVALID: `violations` says all that is wrong.  CORRUPT: no model is in force.  `out` is
 * finished by the caller whatever comes. */
enum status assess(struct assessment *out, const struct json *root, struct date today,
                   const struct in_force *in_force, struct arena *arena,
                   struct violations *violations, struct error *err) MUST_USE;
void assessment_finish(struct assessment *assessment); /* accepts a zeroed one */

/* "FR:siren:732829320"; ptr is NULL when the arena is full. */
struct str company_id_key(const struct company_id *id, struct arena *arena);
/* "FR:siren:732829320" of the first identifier, "" if there is none. */
struct str company_key(const struct company *company, struct arena *arena);

#endif
