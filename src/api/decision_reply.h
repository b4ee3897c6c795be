/* decision_reply.h - what the handlers of decisions have in common: reading a body, answering one,
 * refusing one. */
#ifndef API_DECISION_REPLY_H
#define API_DECISION_REPLY_H

#include "api/call.h"
#include "service/assess.h"
#include "service/records.h"

/* Does the request say that its body is JSON, as it is?  False: a problem was answered. */
bool call_body_is_json(struct call *call);
/* The body as a JSON tree; NULL: a problem was answered. */
const struct json *call_read_json(struct call *call);
/* Append a recorded decision: the same bytes for the caller who created it and for every retry and
 * reader. */
void decision_reply(struct call *call, const struct decision_record *record);
/* Append an assessment that is not recorded: {object, body, words}. */
void assessment_reply(struct call *call, const char *object, const struct assessment *assessment);
/* Answer why an assessment was not made. */
void assessment_refuse(struct call *call, enum status status, const struct error *err,
                       const struct violations *violations);

#endif
